//! A document's parse as children lists, and the questions about it that do not depend on any pattern.

use chancery_model::{Deprel, Document, Feature, MentionKind, TokenIx, Tokens, Upos, Xpos};

use super::MentionIndex;

/// No token.
const NONE: u32 = u32::MAX;
/// Chains of heads longer than this are a broken parse; nothing is looked for beyond.
const LONGEST_CHAIN: usize = 24;

/// The parse of a document with the children of every token, in text order. Buffers are reused from document to document.
///
/// It is a copy, so that plain mistakes of the parse can be mended without changing what the dataset `tokens` shows.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    head: Vec<u32>,
    relation: Vec<Deprel>,
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Tree {
    /// Copies a document's parse, mends it and builds the lists.
    pub(crate) fn build(&mut self, doc: &Document, mentions: &MentionIndex) {
        let tokens = &doc.tokens;
        self.head.clone_from(&tokens.head);
        self.relation.clone_from(&tokens.deprel);
        self.mend(doc, mentions);
        self.first.clear();
        self.first.resize(tokens.len(), NONE);
        self.next.clear();
        self.next.resize(tokens.len(), NONE);
        for token in (0..tokens.len()).rev() {
            let head = self.head[token];
            if head != Tokens::ROOT && (head as usize) < tokens.len() {
                self.next[token] = self.first[head as usize];
                self.first[head as usize] = token as u32;
            }
        }
    }

    /// "Poland sent tanks" is no noun phrase: a past form right after a name and before a noun without article is the verb
    /// of both, where the parse takes it for a participle before the noun.
    fn mend(&mut self, doc: &Document, mentions: &MentionIndex) {
        let tokens = &doc.tokens;
        self.mend_subjects(doc, mentions);
        self.mend_names(doc);
        self.mend_verbs(doc, mentions);
        for verb in 1..tokens.len() {
            if self.relation[verb] != Deprel::Amod || !matches!(tokens.xpos[verb], Xpos::Vbn | Xpos::Vbd) {
                continue;
            }
            let (noun, name) = (self.head[verb] as usize, verb - 1);
            if self.head[verb] == Tokens::ROOT || noun <= verb || noun > verb + 6 || noun >= tokens.len() {
                continue;
            }
            if mentions.covering(name as u32).is_none() || tokens.upos[name] != Upos::Propn {
                continue;
            }
            // The top of the name: it hangs on the noun or the verb, or the noun hangs on it.
            let mut top = name;
            for _ in 0..6 {
                let head = self.head[top];
                if head == Tokens::ROOT || head as usize == noun || head as usize == verb || head as usize > verb {
                    break;
                }
                top = head as usize;
            }
            if top > name || !matches!(tokens.upos[top], Upos::Propn | Upos::Noun) {
                continue;
            }
            let above = if self.head[noun] as usize == top { top } else { noun };
            (self.head[verb], self.relation[verb]) = (self.head[above], self.relation[above]);
            (self.head[noun], self.relation[noun]) = (verb as u32, Deprel::Obj);
            (self.head[top], self.relation[top]) = (verb as u32, Deprel::Nsubj);
        }
    }

    /// A name at the root of a sentence with a finite verb right after it is that verb's subject, whatever the parse made of its words.
    fn mend_names(&mut self, doc: &Document) {
        let tokens = &doc.tokens;
        for mention in doc.mentions.iter().filter(|mention| mention.kind == MentionKind::Name) {
            let (first, end) = (mention.tokens.start.ix(), mention.tokens.end.ix());
            if end >= tokens.len() || first >= end {
                continue;
            }
            let Some(root) = (first..end).find(|token| self.head[*token] == Tokens::ROOT) else { continue };
            let mut verb = end;
            while verb < tokens.len() && verb < end + 3 && matches!(tokens.upos[verb], Upos::Adv | Upos::Aux | Upos::Part) {
                verb += 1;
            }
            let sentence_end = doc.sentences.get(mention.sentence.ix()).map_or(end, |sentence| sentence.tokens.end.ix());
            // A participle right after the name is the sentence's verb where the sentence has no other.
            let only = || {
                tokens.xpos[verb] == Xpos::Vbn
                    && !(verb + 1..sentence_end).any(|at| matches!(tokens.xpos[at], Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md))
            };
            let finite = verb < sentence_end
                && tokens.upos[verb] == Upos::Verb
                && (matches!(tokens.xpos[verb], Xpos::Vbd | Xpos::Vbz | Xpos::Vbp) || verb > end || only())
                && (first..end).contains(&(self.head[verb] as usize));
            if !finite {
                continue;
            }
            (self.head[verb], self.relation[verb]) = (Tokens::ROOT, Deprel::Root);
            for token in first..end {
                if token != root {
                    (self.head[token], self.relation[token]) = (root as u32, Deprel::Flat);
                }
            }
            (self.head[root], self.relation[root]) = (verb as u32, Deprel::Nsubj);
        }
    }

    /// What a verb cannot have or be: a name compounded with it is its subject; a second subject after "and" belongs to the first; an
    /// infinitive before a noun ("agreed to lift sanctions") is no compound of that noun.
    fn mend_verbs(&mut self, doc: &Document, mentions: &MentionIndex) {
        let tokens = &doc.tokens;
        for token in 0..tokens.len() {
            let above = self.head[token];
            if above == Tokens::ROOT || above as usize >= tokens.len() {
                continue;
            }
            let head = above as usize;
            let is_verb = |at: usize| tokens.upos[at] == Upos::Verb;
            match self.relation[token] {
                Deprel::Compound | Deprel::Nmod | Deprel::Dep
                    if token < head && is_verb(head) && mentions.at_head(token as u32).is_some() =>
                {
                    let taken = (token.saturating_sub(12)..head).any(|at| {
                        self.head[at] == above && matches!(self.relation[at], Deprel::Nsubj | Deprel::NsubjPass)
                            || self.head[at] == token as u32 && self.relation[at] == Deprel::Case
                    });
                    if !taken && !matches!(self.relation[head], Deprel::Amod | Deprel::Compound) {
                        self.relation[token] = Deprel::Nsubj;
                    }
                }
                Deprel::Nsubj if token > 1 && token < head && tokens.upos[token - 1] == Upos::Cconj => {
                    let first = (token.saturating_sub(8)..token - 1)
                        .rev()
                        .find(|at| self.head[*at] == above && self.relation[*at] == Deprel::Nsubj);
                    if let Some(first) = first {
                        (self.head[token], self.relation[token]) = (first as u32, Deprel::Conj);
                    }
                }
                Deprel::Compound | Deprel::Amod
                    if is_verb(token) && token < head && token > 0 && tokens.span[token - 1].slice(&doc.text) == "to" =>
                {
                    let governor = self.head[head];
                    let governed = governor != Tokens::ROOT && (governor as usize) < token && is_verb(governor as usize);
                    if governed && matches!(self.relation[head], Deprel::Obj | Deprel::Obl) {
                        (self.head[token], self.relation[token]) = (governor, Deprel::Xcomp);
                        (self.head[head], self.relation[head]) = (token as u32, Deprel::Obj);
                    }
                }
                _ => {}
            }
        }
    }

    /// "During the visit, Canada and Japan announced": a name after the comma that the parse co-ordinates with the noun before it is the
    /// subject of the verb that has none. And "if anything" is no condition.
    fn mend_subjects(&mut self, doc: &Document, mentions: &MentionIndex) {
        let tokens = &doc.tokens;
        let form = |token: usize| tokens.span[token].slice(&doc.text);
        for token in 1..tokens.len() {
            if self.relation[token] == Deprel::Nsubj && form(token) == "anything" && form(token - 1).eq_ignore_ascii_case("if") {
                self.relation[token] = Deprel::Discourse;
                self.relation[token - 1] = Deprel::Discourse;
                continue;
            }
            if !matches!(self.relation[token], Deprel::Conj | Deprel::Appos) || mentions.at_head(token as u32).is_none() {
                continue;
            }
            let noun = self.head[token] as usize;
            if noun >= token || !matches!(self.relation[noun], Deprel::Obl | Deprel::OblTmod | Deprel::OblUnmarked) {
                continue;
            }
            let verb = self.head[noun] as usize;
            if verb <= token || verb >= tokens.len() || !matches!(tokens.upos[verb], Upos::Verb | Upos::Aux) {
                continue;
            }
            let after_comma = (noun + 1..token).any(|between| form(between) == ",")
                && !(noun + 1..token).any(|between| tokens.upos[between] == Upos::Cconj);
            let has_subject = (noun..verb).any(|child| {
                self.head[child] as usize == verb
                    && matches!(self.relation[child], Deprel::Nsubj | Deprel::NsubjPass | Deprel::Expl)
            });
            if after_comma && !has_subject {
                let passive =
                    (token..verb).any(|child| self.head[child] as usize == verb && self.relation[child] == Deprel::AuxPass);
                self.head[token] = verb as u32;
                self.relation[token] = if passive { Deprel::NsubjPass } else { Deprel::Nsubj };
            }
        }
    }
}

/// A document with its tree and mentions: what the matcher's rules look at.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub doc: &'a Document,
    pub tree: &'a Tree,
    pub mentions: &'a MentionIndex,
}

impl<'a> View<'a> {
    pub(crate) fn children(self, token: u32) -> impl Iterator<Item = u32> + 'a {
        let tree = self.tree;
        let mut here = tree.first[token as usize];
        std::iter::from_fn(move || {
            let now = here;
            (now != NONE).then(|| {
                here = tree.next[now as usize];
                now
            })
        })
    }

    pub(crate) fn rel(self, token: u32) -> Deprel {
        self.tree.relation[token as usize]
    }

    pub(crate) fn upos(self, token: u32) -> Upos {
        self.doc.tokens.upos[token as usize]
    }

    pub(crate) fn xpos(self, token: u32) -> Xpos {
        self.doc.tokens.xpos[token as usize]
    }

    pub(crate) fn lemma(self, token: u32) -> &'a str {
        self.doc.tokens.lemma_of(TokenIx(token))
    }

    pub(crate) fn form(self, token: u32) -> &'a str {
        self.doc.tokens.span[token as usize].slice(&self.doc.text)
    }

    pub(crate) fn head(self, token: u32) -> Option<u32> {
        match self.tree.head[token as usize] {
            Tokens::ROOT => None,
            head => Some(head),
        }
    }

    /// The first child with one of the relations.
    pub(crate) fn child(self, token: u32, relations: &[Deprel]) -> Option<u32> {
        self.children(token).find(|child| relations.contains(&self.rel(*child)))
    }

    pub(crate) fn is_verb(self, token: u32) -> bool {
        matches!(self.upos(token), Upos::Verb | Upos::Aux)
    }

    /// A verb that stands in an infinitive with `to`.
    pub(crate) fn is_infinitive(self, verb: u32) -> bool {
        self.children(verb).any(|child| self.rel(child) == Deprel::Mark && self.lemma(child) == "to")
    }

    /// The word that opens the clause: `if`, `that`, `without`.
    pub(crate) fn marks(self, verb: u32) -> impl Iterator<Item = &'a str> {
        self.children(verb)
            .filter(move |child| matches!(self.rel(*child), Deprel::Mark | Deprel::Case))
            .map(move |child| self.lemma(child))
    }

    /// A verb in the passive, or a past participle that modifies what is done to.
    pub(crate) fn is_passive(self, verb: u32) -> bool {
        if !self.is_verb(verb) || self.xpos(verb) == Xpos::Vbg && self.child(verb, &[Deprel::AuxPass]).is_none() {
            return false;
        }
        let (mut perfect, mut passive, mut subject) = (false, false, false);
        for child in self.children(verb) {
            match self.rel(child) {
                Deprel::AuxPass => passive = true,
                Deprel::Aux | Deprel::Cop if matches!(self.lemma(child), "be" | "get") && self.xpos(verb) == Xpos::Vbn => {
                    passive = true
                }
                Deprel::Aux if self.lemma(child) == "have" => perfect = true,
                Deprel::NsubjPass | Deprel::CsubjPass => subject = true,
                _ => {}
            }
        }
        if passive || perfect {
            return passive;
        }
        if self.xpos(verb) != Xpos::Vbn && !self.doc.tokens.feats[verb as usize].is(Feature::Voice, "Pass") {
            return false;
        }
        // "Congo called on Rwanda" has no passive's verb before it: with a name as subject the parse took a past form for a participle.
        if subject {
            let named = self.children(verb).any(|child| {
                self.rel(child) == Deprel::NsubjPass
                    && self
                        .mentions
                        .at_head(child)
                        .is_some_and(|mention| self.doc.mentions[mention as usize].kind == MentionKind::Name)
            });
            let clausal = matches!(self.rel(verb), Deprel::Acl | Deprel::Advcl);
            return clausal || !named || self.child(verb, &[Deprel::OblAgent]).is_some();
        }
        match self.rel(verb) {
            Deprel::Acl | Deprel::Amod => true,
            // "Russia, backed by Iran, …"; but "withdrawn its troops" has an object of its own.
            Deprel::Advcl | Deprel::AclRelcl | Deprel::Xcomp => self.child(verb, &[Deprel::Obj, Deprel::Nsubj]).is_none(),
            Deprel::Conj => {
                let has_own = self.child(verb, &[Deprel::Obj, Deprel::Nsubj, Deprel::Aux]).is_some();
                !has_own && self.head(verb).is_some_and(|head| self.is_verb(head) && self.is_passive_once(head))
            }
            _ => false,
        }
    }

    /// As [`View::is_passive`] for the first of co-ordinated verbs: no further look along the chain.
    fn is_passive_once(self, verb: u32) -> bool {
        self.child(verb, &[Deprel::NsubjPass, Deprel::AuxPass]).is_some() || matches!(self.rel(verb), Deprel::Acl)
    }

    /// The subject as the sentence has it, also where control, raising, a participle or co-ordination leaves it to another verb.
    pub(crate) fn surface_subject(self, verb: u32) -> Option<u32> {
        let mut here = verb;
        for _ in 0..8 {
            if let Some(subject) = self.child(here, &[Deprel::Nsubj, Deprel::NsubjPass, Deprel::NsubjOuter]) {
                return Some(self.antecedent(subject));
            }
            let head = self.head(here)?;
            match self.rel(here) {
                Deprel::Conj if self.is_predicate(head) => here = head,
                Deprel::Xcomp => {
                    // Object control ("urged Seoul to send"), unless the verb above is in the passive or promises.
                    if !self.is_passive(head)
                        && self.lemma(head) != "promise"
                        && let Some(object) = self.child(head, &[Deprel::Iobj, Deprel::Obj])
                    {
                        return Some(self.antecedent(object));
                    }
                    here = head;
                }
                Deprel::Advcl => {
                    // "was criticised for detaining", "accused China of attacking": the one blamed did it.
                    if self.marks(here).any(|mark| matches!(mark, "of" | "for" | "from"))
                        && let Some(object) = self.object(head)
                    {
                        return Some(self.antecedent(object));
                    }
                    // "ordered them to leave, accusing Tehran": after a comma the participle is the main clause's.
                    let apart = !self.is_infinitive(here) && self.child(here, &[Deprel::Punct]).is_some_and(|comma| comma < here);
                    if apart && self.rel(head) == Deprel::Xcomp {
                        let mut main = head;
                        for _ in 0..4 {
                            match self.head(main) {
                                Some(above) if self.rel(main) == Deprel::Xcomp => main = above,
                                _ => break,
                            }
                        }
                        here = main;
                        continue;
                    }
                    if self.is_infinitive(here)
                        && !self.is_passive(head)
                        && let Some(object) = self.child(head, &[Deprel::Obj])
                        && self.child(here, &[Deprel::Obj, Deprel::Obl]).is_some()
                        && self.mentions.at_head(object).is_some()
                    {
                        return Some(object);
                    }
                    here = head;
                }
                Deprel::Acl | Deprel::AclRelcl => {
                    if self.is_infinitive(here) {
                        // "Japan's plan to visit", "has pledged its readiness to send".
                        return if self.is_actor_noun(head) { Some(head) } else { self.holder(head) };
                    }
                    if self.rel(here) == Deprel::AclRelcl && self.xpos(here) != Xpos::Vbg && self.xpos(here) != Xpos::Vbn {
                        // "the pact that replaced it": a relative clause whose pronoun the parse has lost.
                        return Some(head);
                    }
                    return Some(head);
                }
                // "told … that …, and encouraged": a second main verb that the parse took for a complement.
                Deprel::Ccomp if self.child(here, &[Deprel::Cc]).is_some() && self.is_verb(head) => here = head,
                Deprel::Parataxis | Deprel::Ccomp | Deprel::Root => return None,
                Deprel::Cop | Deprel::Aux => here = head,
                // "ending a dispute … and improving ties": a participle that hangs on some noun of the clause before.
                Deprel::Conj if self.xpos(verb) == Xpos::Vbg => here = head,
                Deprel::Nmod | Deprel::Obl | Deprel::Obj if self.xpos(verb) == Xpos::Vbg && here != verb => here = head,
                _ => return None,
            }
        }
        None
    }

    fn is_predicate(self, token: u32) -> bool {
        self.is_verb(token) || self.child(token, &[Deprel::Nsubj, Deprel::NsubjPass, Deprel::Cop, Deprel::Aux]).is_some()
    }

    fn is_actor_noun(self, noun: u32) -> bool {
        self.mentions.at_head(noun).is_some()
    }

    /// Who holds a plan, a right, a wish: the possessor, else the subject of the verb that the noun belongs to.
    fn holder(self, noun: u32) -> Option<u32> {
        if let Some(owner) = self.child(noun, &[Deprel::NmodPoss]) {
            return Some(self.antecedent(owner));
        }
        let head = self.head(noun)?;
        match self.rel(noun) {
            Deprel::Obj | Deprel::Obl | Deprel::Xcomp if self.is_verb(head) => {
                self.child(head, &[Deprel::Nsubj, Deprel::NsubjPass]).map(|subject| self.antecedent(subject))
            }
            _ => Some(noun),
        }
    }

    /// What a relative pronoun stands for; any other token itself.
    pub(crate) fn antecedent(self, token: u32) -> u32 {
        if !matches!(self.xpos(token), Xpos::Wp | Xpos::Wdt | Xpos::WpPoss) {
            return token;
        }
        let mut here = token;
        for _ in 0..LONGEST_CHAIN {
            let Some(head) = self.head(here) else { return token };
            if self.rel(here) == Deprel::AclRelcl {
                return head;
            }
            here = head;
        }
        token
    }

    /// The object as the sentence has it: its own, or the noun that a relative or participle clause hangs on.
    pub(crate) fn object(self, verb: u32) -> Option<u32> {
        if let Some(object) = self.child(verb, &[Deprel::Obj]) {
            return Some(self.antecedent(object));
        }
        if let Some(object) = self.child(verb, &[Deprel::Iobj]) {
            return Some(self.antecedent(object));
        }
        if let Some(object) = self.stray_object(verb) {
            return Some(object);
        }
        let head = self.head(verb)?;
        // "the talks Japan held", "sanctions to impose": the gap is the noun.
        if self.rel(verb) == Deprel::AclRelcl
            && self.child(verb, &[Deprel::Nsubj]).is_some_and(|subject| self.antecedent(subject) == subject)
            && !self.children(verb).any(|child| self.rel(child) == Deprel::Obl && self.child(child, &[Deprel::Case]).is_none())
        {
            return Some(head);
        }
        // "arrested and deported two men": the object after the last of co-ordinated verbs.
        if let Some(last) = self.children(verb).find(|child| self.rel(*child) == Deprel::Conj && self.is_verb(*child))
            && self.child(last, &[Deprel::Nsubj]).is_none()
            && self.child(last, &[Deprel::Obj]).is_some_and(|object| object > last)
            && last - verb <= 3
        {
            return self.child(last, &[Deprel::Obj]);
        }
        None
    }

    /// An object that the parse hung elsewhere: on the verb above, or on nothing of the clause though it stands right after the verb.
    fn stray_object(self, verb: u32) -> Option<u32> {
        if self.child(verb, &[Deprel::Ccomp, Deprel::Xcomp]).is_some() || !self.is_verb(verb) {
            return None;
        }
        if let Some(above) = self.head(verb)
            && matches!(self.rel(verb), Deprel::Ccomp | Deprel::Xcomp)
            && let Some(object) = self.child(above, &[Deprel::Obj])
            && object > verb
            && above < verb
        {
            return Some(object);
        }
        const LONGEST: u32 = 6;
        let end = self.doc.tokens.len() as u32;
        let mut noun = None;
        for next in (verb + 1..end).take(LONGEST as usize) {
            match self.upos(next) {
                Upos::Noun | Upos::Propn => noun = Some(next),
                Upos::Det | Upos::Adj | Upos::Num if noun.is_none() => {}
                Upos::Pron if noun.is_none() && self.xpos(next) == Xpos::PrpPoss => {}
                Upos::Part if self.xpos(next) == Xpos::Pos => noun = None,
                _ => break,
            }
        }
        let noun = noun?;
        let elsewhere = self.head(noun).is_some_and(|head| head > noun || head == verb)
            || matches!(self.rel(noun), Deprel::Nsubj | Deprel::NsubjPass | Deprel::OblUnmarked | Deprel::OblTmod | Deprel::Obl);
        (!elsewhere).then_some(noun)
    }

    /// Who does it.
    pub(crate) fn logical_subject(self, verb: u32) -> Option<u32> {
        if self.is_passive(verb) { self.agent(verb) } else { self.surface_subject(verb) }
    }

    /// To whom it is done.
    pub(crate) fn logical_object(self, verb: u32) -> Option<u32> {
        if self.is_passive(verb) {
            // "Kyiv was given tanks": the tanks are the object.
            if let Some(object) = self.child(verb, &[Deprel::Obj]) {
                return Some(object);
            }
            return self.surface_subject(verb);
        }
        self.object(verb)
    }

    /// The indirect object, also as the subject of a passive.
    pub(crate) fn indirect_object(self, verb: u32) -> Option<u32> {
        if let Some(object) = self.child(verb, &[Deprel::Iobj]) {
            return Some(self.antecedent(object));
        }
        (self.is_passive(verb) && self.child(verb, &[Deprel::Obj]).is_some()).then(|| self.surface_subject(verb)).flatten()
    }

    /// The agent of a passive.
    fn agent(self, verb: u32) -> Option<u32> {
        if let Some(agent) = self.child(verb, &[Deprel::OblAgent]) {
            return Some(self.antecedent(agent));
        }
        let own = self.with_preposition(verb, "by").find(|token| self.mentions.near(self, *token));
        own.or_else(|| {
            // "was arrested and deported by police": the agent after the last of co-ordinated verbs.
            let last = self.children(verb).find(|child| self.rel(*child) == Deprel::Conj && self.is_verb(*child))?;
            self.child(last, &[Deprel::OblAgent])
        })
    }

    /// Phrases with the preposition that depend on the token.
    pub(crate) fn with_preposition(self, token: u32, preposition: &'a str) -> impl Iterator<Item = u32> + 'a {
        self.children(token).filter(move |child| {
            matches!(
                self.rel(*child),
                Deprel::Obl | Deprel::Nmod | Deprel::OblAgent | Deprel::Advcl | Deprel::Acl | Deprel::Xcomp
            ) && !self.is_verb(*child)
                && self.has_case(*child, preposition)
        })
    }

    /// Whether a preposition stands before the phrase; the parse may hang it on another word of a name.
    fn has_case(self, token: u32, preposition: &str) -> bool {
        let has = |token: u32| {
            self.children(token)
                .any(|case| matches!(self.rel(case), Deprel::Case | Deprel::Mark) && self.lemma(case) == preposition)
        };
        let in_name = |child: &u32| matches!(self.rel(*child), Deprel::Flat | Deprel::Compound);
        has(token) || self.children(token).filter(in_name).any(has)
    }

    /// The token and what is co-ordinated with it.
    pub(crate) fn coordinated(self, token: u32) -> impl Iterator<Item = u32> + 'a {
        std::iter::once(token).chain(self.children(token).filter(move |child| self.rel(*child) == Deprel::Conj))
    }

    /// The first and last token of what depends on a token, co-ordinated clauses, relative clauses at the end and asides left out.
    pub(crate) fn extent(self, top: u32) -> (u32, u32) {
        let (mut first, mut last) = (top, top);
        let mut stack = vec![top];
        let mut steps = 0;
        while let Some(here) = stack.pop() {
            steps += 1;
            if steps > 400 {
                break;
            }
            first = first.min(here);
            last = last.max(here);
            for child in self.children(here) {
                let relation = self.rel(child);
                let apart = match relation {
                    Deprel::Parataxis => true,
                    Deprel::Conj => self.is_verb(child) && self.is_verb(here),
                    Deprel::Advcl => {
                        here == top && child < top && self.child(top, &[Deprel::Nsubj]).is_some_and(|subject| child < subject)
                    }
                    Deprel::Punct | Deprel::Cc => true,
                    _ => false,
                };
                if !apart {
                    stack.push(child);
                }
            }
        }
        (first, last)
    }
}
