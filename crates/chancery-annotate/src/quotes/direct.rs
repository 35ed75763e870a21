//! Direct speech: which marked words are speech, and the cue that each is attached to.
//!
//! The order of words around the marks is looked at first, since news keeps to few patterns there; the parse then names the
//! subject. Windows are bounded, so that the work is linear in the number of marks.

use std::ops::Range;

use chancery_lexicon::cues::{CueKind, Frame, WordClass};
use chancery_model::{Deprel, QuoteKind, Upos, Xpos};

use super::draft::{Draft, Role, Who};
use super::marks::{Close, Marked};
use super::speaker::Phrase;
use super::view::{Hit, View};

/// Tokens between marks and their cue at most.
const WINDOW: u32 = 40;

/// A cue with whoever is its subject.
#[derive(Debug, Clone)]
pub(super) struct Attach<'a> {
    pub hit: Option<Hit<'a>>,
    pub who: Option<Phrase>,
}

/// Direct speech and the role of each marked text.
pub(super) struct Direct {
    pub drafts: Vec<Draft>,
    pub roles: Vec<Role>,
    /// For each token the number of the innermost marks around it, plus one.
    pub inside: Vec<u32>,
}

/// Finds direct speech.
pub(super) fn find(view: View<'_>, marks: &[Marked]) -> Direct {
    let inside = innermost(view, marks);
    let finder = Finder { view, marks, inside: &inside };
    let mut roles = vec![Role::Nothing; marks.len()];
    let mut attached: Vec<Option<Attach<'_>>> = vec![None; marks.len()];
    // The end and the number of the last speech at the same depth, as tokens.
    let mut before: Option<usize> = None;
    for at in 0..marks.len() {
        let previous = before.filter(|last| marks[*last].paragraph == marks[at].paragraph);
        let (role, attach) = finder.judge(at, previous, previous.and_then(|last| attached[last].clone()));
        roles[at] = role;
        attached[at] = attach;
        if role == Role::Speech && marks[at].depth == 0 {
            before = Some(at);
        }
    }
    hand_on(marks, &roles, &mut attached);
    let drafts =
        (0..marks.len()).filter(|at| roles[*at] == Role::Speech).map(|at| finder.draft(at, attached[at].as_ref())).collect();
    Direct { drafts, roles, inside }
}

/// A quotation over several paragraphs has its cue in one of them.
fn hand_on<'a>(marks: &[Marked], roles: &[Role], attached: &mut [Option<Attach<'a>>]) {
    let mut at = 0;
    while at < marks.len() {
        if marks[at].depth > 0 || marks[at].close != Close::Continues || roles[at] != Role::Speech {
            at += 1;
            continue;
        }
        let mut chain = vec![at];
        let mut next = at + 1;
        let mut paragraph = marks[at].paragraph;
        while let Some(mark) = marks.get(next) {
            if mark.depth == 0 {
                if mark.paragraph != paragraph + 1 {
                    break;
                }
                chain.push(next);
                paragraph = mark.paragraph;
                if mark.close != Close::Continues {
                    break;
                }
            }
            next += 1;
        }
        if let Some(known) = chain.iter().find_map(|link| attached[*link].clone()) {
            for link in &chain {
                attached[*link].get_or_insert_with(|| known.clone());
            }
        }
        at = chain.last().map_or(next, |last| last + 1).max(at + 1);
    }
}

/// For each token the innermost marks around it, plus one.
fn innermost(view: View<'_>, marks: &[Marked]) -> Vec<u32> {
    let mut inside = vec![0; view.len() as usize];
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for (token, slot) in inside.iter_mut().enumerate() {
        let span = view.span(token as u32);
        while next < marks.len() && marks[next].outer.start <= span.start {
            open.push(next);
            next += 1;
        }
        while open.last().is_some_and(|mark| marks[*mark].outer.end <= span.start) {
            open.pop();
        }
        if let Some(mark) = open.last() {
            *slot = *mark as u32 + 1;
        }
    }
    inside
}

struct Finder<'a> {
    view: View<'a>,
    marks: &'a [Marked],
    inside: &'a [u32],
}

impl<'a> Finder<'a> {
    fn level(&self, token: u32) -> u32 {
        self.inside.get(token as usize).copied().unwrap_or(0)
    }

    /// The tokens around the marks at the same level: the paragraph, or what the outer marks hold.
    fn around(&self, at: usize) -> Range<u32> {
        let marked = self.marks[at];
        let outer =
            self.marks[..at].iter().rev().take(64).find(|outer| outer.depth < marked.depth && outer.outer.contains(marked.outer));
        match outer {
            Some(outer) => self.view.tokens_in(outer.inner),
            None => self.view.tokens_in(self.view.doc.paragraphs[marked.paragraph as usize]),
        }
    }

    fn judge(&self, at: usize, previous: Option<usize>, previous_attach: Option<Attach<'a>>) -> (Role, Option<Attach<'a>>) {
        let view = self.view;
        let marked = self.marks[at];
        let around = self.around(at);
        let own = view.tokens_in(marked.outer);
        if own.is_empty() || around.is_empty() {
            return (Role::Nothing, None);
        }
        let spoken = self.is_spoken(at);
        if self.is_title(own.start, around.start, spoken) {
            return (Role::Nothing, None);
        }
        if let Some(attach) = self.after(at, own.end, around.end) {
            return (Role::Speech, Some(attach));
        }
        let floor = match previous {
            Some(last) if marked.depth == 0 => view.tokens_in(self.marks[last].outer).end.max(around.start),
            _ => around.start,
        };
        if let Some(mut attach) = self.before(own.clone(), floor, spoken) {
            // One cue for two quotations: the first has settled its subject.
            if let Some(known) =
                previous_attach.as_ref().filter(|known| known.hit.map(|hit| hit.first) == attach.hit.map(|hit| hit.first))
            {
                attach.who.clone_from(&known.who);
            }
            return (Role::Speech, Some(attach));
        }
        let set_off = own.start > floor && {
            let mark = own.start - 1;
            view.is_comma(mark) || view.is_dash(mark) || view.is(mark, ":") || view.is(mark, ";")
        };
        // "…," he said, "…": the second part has the cue of the first.
        if let (Some(last), true) = (previous, set_off)
            && marked.depth == 0
            && self.same_sentence(view.tokens_in(self.marks[last].outer).end, own.start)
            && previous_attach.is_some()
        {
            return (Role::Speech, previous_attach);
        }
        let begins = self.begins_sentence(own.start, around.start);
        let alone = marked.depth == 0 && begins && (spoken || marked.close != Close::Mark);
        if alone && !self.is_subject(own.clone(), around.end) {
            return (Role::Speech, None);
        }
        if marked.depth > 0 {
            return (Role::Nothing, None);
        }
        (Role::Fragment, None)
    }

    /// Whether the words end as an utterance does.
    fn is_spoken(&self, at: usize) -> bool {
        let inner = self.marks[at].inner.slice(&self.view.doc.text);
        inner.ends_with([',', '.', '?', '!', '…', '—', '–', '-', '”', '’', '"', '\''])
    }

    fn is_capitalised(&self, at: Range<u32>) -> bool {
        at.clone()
            .find(|token| !self.view.is_punct(*token))
            .is_some_and(|token| self.view.form(token).starts_with(char::is_uppercase))
    }

    fn same_sentence(&self, from: u32, to: u32) -> bool {
        let starts = &self.view.doc.sentences;
        let next = starts.partition_point(|sentence| sentence.tokens.start.0 < from);
        let begins = starts.get(next).is_some_and(|sentence| sentence.tokens.start.0 <= to);
        !begins && (from..to).all(|token| !(self.view.is_stop(token) && self.level(token) == 0))
    }

    fn begins_sentence(&self, token: u32, floor: u32) -> bool {
        if token <= floor {
            return true;
        }
        let view = self.view;
        let last = token - 1;
        view.is_stop(last)
            || self.level(last) != 0 && view.is_punct(last)
            || view.doc.sentences.binary_search_by_key(&token, |sentence| sentence.tokens.start.0).is_ok()
    }

    /// Whether what is in marks is part of its sentence's own syntax: "“Quality” is a word".
    fn is_subject(&self, own: Range<u32>, ceiling: u32) -> bool {
        let view = self.view;
        let next = own.end;
        next < ceiling
            && !view.is_punct(next)
            && view.form(next).starts_with(char::is_lowercase)
            && !view.is_stop(own.end.saturating_sub(2).max(own.start))
    }

    /// Whether a title, a name or a word is in marks rather than speech.
    fn is_title(&self, start: u32, floor: u32, spoken: bool) -> bool {
        let view = self.view;
        let Some(last) = (floor..start).rev().take(2).find(|token| !view.is_punct(*token) || view.is(*token, ":")) else {
            return false;
        };
        if view.is(last, ":") || view.is(last, "words") {
            return false;
        }
        // A verb names only where nobody is its subject: "a song called".
        let active = view.upos(last) == Upos::Verb
            && (view.xpos(last) != Xpos::Vbn
                || view.children(last).any(|child| matches!(view.rel(child), Deprel::Nsubj | Deprel::Aux)));
        if active {
            return false;
        }
        let beside = last + 1 == start || view.is_comma(last + 1);
        let titled = view.class(last, WordClass::WORDY) && !spoken || view.class(last, WordClass::TITLED);
        let capital = self.is_capitalised(start..view.len().min(start + 4));
        beside
            && titled
            && (capital || view.class(last, WordClass::WORDY))
            && view.upos(last) != Upos::Aux
            && !(spoken && view.verb_hit(last).is_some_and(|hit| hit.cue.frame.is(Frame::QUOTE) && view.upos(last) == Upos::Verb))
    }

    /// The cue after the marks: "…," the minister said; "…", said the minister; "…", according to the minister.
    fn after(&self, at: usize, start: u32, ceiling: u32) -> Option<Attach<'a>> {
        let view = self.view;
        let inner = self.marks[at].inner.slice(&view.doc.text);
        let mut from = start;
        let mut separated = inner.ends_with([',', '?', '!', '—', '–', '…', ';'])
            || inner.ends_with(['”', '’', '"', '\'']) && inner.trim_end_matches(['”', '’', '"', '\'']).ends_with([',', '?', '!']);
        while from < ceiling && (view.is_comma(from) || view.is_dash(from)) {
            separated = true;
            from += 1;
        }
        if from >= ceiling || !self.same_sentence_after(start, from) {
            return None;
        }
        let end = self.window_end(from, ceiling);
        if let Some(hit) = view.hit(from).filter(|hit| hit.cue.kind == CueKind::Phrase) {
            return self.phrase_speaker(hit, end);
        }
        if !separated {
            return None;
        }
        if view.is(from, "as") || view.is(from, "so") {
            from += 1;
        }
        // said X
        if let Some(hit) = view.verb_hit(from).filter(|hit| hit.cue.frame.is(Frame::QUOTE) && self.is_verb_form(hit.first)) {
            let mut first = hit.last + 1;
            while first < end && view.upos(first) == Upos::Adv {
                first += 1;
            }
            // "told reporters X" is no order of words in English; "said in a statement X" is none either.
            if first < end && !view.is_punct(first) && !matches!(view.upos(first), Upos::Adp | Upos::Sconj) {
                let head = view.head_from(first, end)?;
                return Some(Attach { hit: Some(hit), who: Some(view.phrase(head, first..end)) });
            }
        }
        // X said
        if matches!(view.upos(from), Upos::Cconj | Upos::Sconj) && !view.is_one_of(from, &["that", "as"]) {
            return None;
        }
        let mut at = from;
        let mut relative = false;
        while at < end {
            relative |= matches!(view.xpos(at), Xpos::Wp | Xpos::Wdt) && at > from;
            if self.level(at) != self.level(start) && !view.is_punct(at) {
                break;
            }
            if let Some(hit) = view.verb_hit(at)
                && hit.cue.frame.any(Frame::QUOTE.and(Frame::MARK))
                && at > from
                && self.is_verb_form(at)
                && let Some(who) = self.subject_in(at, from)
            {
                return Some(Attach { hit: Some(hit), who: Some(who) });
            }
            // Another verb than the cue: the marks are part of its sentence.
            if !relative
                && view.upos(at) == Upos::Verb
                && (view.is_finite(at) || view.is_passive(at))
                && at + 1 < end
                && !view.is(at + 1, "and")
            {
                break;
            }
            at += 1;
        }
        None
    }

    fn same_sentence_after(&self, start: u32, from: u32) -> bool {
        let view = self.view;
        // The sentence that begins right here is another one.
        let begins = view.doc.sentences.binary_search_by_key(&from, |sentence| sentence.tokens.start.0).is_ok();
        !begins || start < from
    }

    /// A verb by its form: the tagger is unsure beside marks.
    fn is_verb_form(&self, token: u32) -> bool {
        let view = self.view;
        matches!(view.xpos(token), Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbn)
            || matches!(view.upos(token), Upos::Verb) && view.xpos(token) != Xpos::Vbg
            || matches!(view.xpos(token), Xpos::Nns) && view.form(token).ends_with('s')
    }

    fn window_end(&self, from: u32, ceiling: u32) -> u32 {
        let view = self.view;
        let limit = ceiling.min(from + WINDOW);
        let level = self.level(from);
        (from..limit).find(|token| view.is_stop(*token) || self.level(*token) != level).unwrap_or(limit)
    }

    fn phrase_speaker(&self, hit: Hit<'a>, end: u32) -> Option<Attach<'a>> {
        let view = self.view;
        let head = if hit.cue.frame.is(Frame::BY) {
            view.head_from(hit.last + 1, end)?
        } else {
            (hit.first..hit.last)
                .find(|token| view.xpos(*token) == Xpos::PrpPoss)
                .or_else(|| view.child(hit.last, Deprel::NmodPoss))?
        };
        let range = if hit.cue.frame.is(Frame::BY) { hit.last + 1..end } else { hit.first + 1..hit.last };
        Some(Attach { hit: Some(hit), who: Some(view.phrase(head, range)) })
    }

    /// The subject of a verb, if it stands in the window.
    fn subject_in(&self, verb: u32, from: u32) -> Option<Phrase> {
        let view = self.view;
        let head = view.subject(verb).filter(|head| (from..verb).contains(head)).or_else(|| view.subject_before(verb, from))?;
        // "X, who grows onions, said": what stands before the relative clause.
        let relative = (from + 1..head).any(|at| view.xpos(at) == Xpos::Wp && view.is_comma(at - 1));
        let head = if relative { view.head_from(from, verb).unwrap_or(head) } else { head };
        Some(view.phrase(head, from..verb))
    }

    /// The cue before the marks: he said, "…"; X put it so: "…".
    fn before(&self, own: Range<u32>, floor: u32, spoken: bool) -> Option<Attach<'a>> {
        let view = self.view;
        let start = own.start;
        if start <= floor {
            return None;
        }
        let last = start - 1;
        let floor = self.sentence_floor(start, floor);
        if last < floor {
            return None;
        }
        let capital = self.is_capitalised(own.clone());
        let colon = view.is(last, ":") || (view.is_dash(last) && capital);
        let comma = view.is_comma(last);
        if view.is(last, "words") && capital {
            let hit = view.hit(last).or_else(|| self.nearest_verb(floor, last))?;
            let who = self.subject_of(hit, floor, last).or_else(|| {
                let subject = view.child(hit.first, Deprel::NsubjPass)?;
                Some(view.phrase(subject, floor..hit.first))
            });
            return Some(Attach { hit: Some(hit), who });
        }
        let mut noun = None;
        for at in (floor..start).rev() {
            if self.level(at) != self.level(last) && self.level(at) != 0 {
                continue;
            }
            let Some(hit) = view.hit(at) else { continue };
            match hit.cue.kind {
                CueKind::Verb if hit.cue.frame.any(Frame::QUOTE.and(Frame::THAT)) && hit.last < start => {
                    let between = hit.last + 1..last;
                    let close = if colon {
                        hit.cue.frame.is(Frame::QUOTE) || spoken
                    } else if comma {
                        hit.cue.frame.is(Frame::QUOTE)
                            && self.is_light(hit, between)
                            && (capital || spoken || hit.last + 1 == last)
                    } else {
                        hit.cue.frame.is(Frame::QUOTE) && hit.last == last && capital && spoken
                    };
                    if close && !self.is_bare_passive(at) {
                        return Some(Attach { hit: Some(hit), who: self.subject_of(hit, floor, start) });
                    }
                    if !colon {
                        return None;
                    }
                }
                CueKind::Noun if colon && noun.is_none() && hit.cue.frame.is(Frame::COLON) => noun = Some(hit),
                CueKind::Phrase if comma && hit.first == floor => return self.phrase_speaker(hit, last),
                _ => {}
            }
        }
        if !colon || own.len() < 4 {
            return None;
        }
        if let Some(hit) = noun {
            return Some(Attach { hit: Some(hit), who: self.possessor(hit.first, floor, last) });
        }
        // "Her colleague was blunter: “…”": the subject of what stands before the colon.
        if !(capital && spoken && view.is(last, ":")) {
            return None;
        }
        let verb = (floor..last).find(|at| view.is_finite(*at))?;
        let subject = view.subject_before(verb, floor)?;
        (!view.class(subject, WordClass::TITLED)).then(|| Attach { hit: None, who: Some(view.phrase(subject, floor..last)) })
    }

    fn nearest_verb(&self, floor: u32, end: u32) -> Option<Hit<'a>> {
        (floor..end).rev().find_map(|at| self.view.hit(at).filter(|hit| hit.cue.kind == CueKind::Verb))
    }

    /// Whose verdict, answer or message it is.
    fn possessor(&self, noun: u32, floor: u32, end: u32) -> Option<Phrase> {
        let view = self.view;
        let of = view.children(noun).find(|child| {
            matches!(view.rel(*child), Deprel::NmodPoss)
                || view.rel(*child) == Deprel::Nmod
                    && view.children(*child).any(|case| view.is_one_of(case, &["of", "from", "by"]))
        });
        let head = of.or_else(|| view.head(noun).and_then(|verb| view.subject(verb)).filter(|head| *head != noun))?;
        Some(view.phrase(head, floor..end))
    }

    fn sentence_floor(&self, start: u32, floor: u32) -> u32 {
        let view = self.view;
        let level = self.level(start.saturating_sub(1));
        let lowest = floor.max(start.saturating_sub(WINDOW));
        (lowest..start).rev().find(|token| view.is_stop(*token) && self.level(*token) == level).map_or(lowest, |stop| stop + 1)
    }

    /// Whether only what can stand between a verb of speech and its marks stands there.
    fn is_light(&self, hit: Hit<'a>, between: Range<u32>) -> bool {
        let view = self.view;
        if between.is_empty() {
            return true;
        }
        let first = between.start;
        let opens = matches!(view.upos(first), Upos::Adp | Upos::Adv | Upos::Part | Upos::Punct | Upos::Sconj)
            || view.is_comma(first)
            || hit.cue.frame.is(Frame::WHOM)
            || matches!(view.rel(first), Deprel::OblTmod | Deprel::OblUnmarked | Deprel::OblNpmod)
            || view.children(hit.first).any(|child| view.rel(child) == Deprel::Nsubj && between.contains(&child));
        opens
            && !view.has_finite(between.clone())
            && !between.into_iter().any(|token| view.is(token, "that") && view.upos(token) == Upos::Sconj)
    }

    /// "a song called", "known as": somebody is named so, nobody speaks.
    fn is_bare_passive(&self, verb: u32) -> bool {
        let view = self.view;
        view.xpos(verb) == Xpos::Vbn
            && matches!(view.rel(verb), Deprel::Acl | Deprel::Amod)
            && !view.children(verb).any(|child| view.rel(child) == Deprel::OblAgent)
    }

    fn subject_of(&self, hit: Hit<'a>, floor: u32, end: u32) -> Option<Phrase> {
        subject_of(self.view, hit, floor..end)
    }

    fn draft(&self, at: usize, attach: Option<&Attach<'a>>) -> Draft {
        let view = self.view;
        let marked = self.marks[at];
        let own = view.tokens_in(marked.outer);
        let (cue, who, addressee) = match attach {
            Some(Attach { hit, who }) => {
                let who = who.clone().map_or(Who::Nobody, Who::Phrase);
                (hit.map(|hit| cue_span(view, hit)), who, hit.and_then(|hit| view.addressee(hit)))
            }
            None => (None, Who::Last(own.start), None),
        };
        Draft { span: marked.inner, kind: QuoteKind::Direct, cue, who, addressee, thought: false }
    }
}

/// The words of a cue.
pub(super) fn cue_span(view: View<'_>, hit: Hit<'_>) -> chancery_model::Span {
    // "told the court that": a verb of several words may have others between; its first and last are what is shown then.
    if hit.cue.kind == CueKind::Verb && hit.last > hit.first + hit.cue.words.len() as u32 {
        return view.span(hit.first);
    }
    view.span_of(hit.first..hit.last + 1)
}

/// The subject of a cue: from the parse, else from the order of words, within a range.
pub(super) fn subject_of(view: View<'_>, hit: Hit<'_>, within: Range<u32>) -> Option<Phrase> {
    let verb = hit.first;
    let passive = view.is_passive(verb);
    if passive && hit.cue.words.len() < 3 {
        let agent = view.children(verb).find(|child| {
            view.rel(*child) == Deprel::OblAgent
                || view.rel(*child) == Deprel::Obl && view.children(*child).any(|case| view.is(case, "by"))
        })?;
        return Some(view.phrase(agent, within));
    }
    let named = match (passive, hit.cue.words.len() > 2) {
        (true, _) => view.child(verb, Deprel::NsubjPass),
        // "quoted an aide as saying"
        (false, true) => view.head_from(verb + 1, hit.last).or_else(|| view.subject(verb)),
        _ => view.subject(verb),
    };
    let head = named.or_else(|| if passive { None } else { view.subject_before(verb, within.start) })?;
    let head = view.before_apposition(head, verb, within.start);
    // "…, and France demanded": the noun between the conjunction and the verb is nearer than the first verb's subject.
    let lowest = verb.saturating_sub(8).max(within.start);
    let joined = (lowest..verb)
        .rev()
        .take_while(|at| !view.is_punct(*at) && !view.is_finite(*at))
        .find(|at| view.upos(*at) == Upos::Cconj);
    let head = match joined.filter(|and| head < *and && view.right(head) < *and) {
        Some(and) if (and + 1..verb).any(|at| view.is_nominal(at)) => view.subject_before(verb, and + 1).unwrap_or(head),
        _ => head,
    };
    let range = if within.contains(&head) { within } else { 0..view.len() };
    let range = if head < verb { range.start..range.end.min(verb) } else { range };
    Some(view.phrase(head, range))
}
