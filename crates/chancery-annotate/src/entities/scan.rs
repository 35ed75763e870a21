//! The document's atoms, and what the lexicons say of them: names and role nouns, leftmost and longest.

use chancery_lexicon::World;
use chancery_lexicon::atoms::{Atom, Atoms, Shape};
use chancery_lexicon::names::{Found, Sense, SenseKind, may_begin};
use chancery_lexicon::words::NameWord;
use chancery_model::{Document, Span, TokenIx, TokenRange, Upos};

/// A name or role of a lexicon, where the text has it.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'w> {
    /// First atom.
    pub atom: u32,
    /// One past the last atom.
    pub atom_end: u32,
    /// The tokens that it covers, wholly or in part.
    pub tokens: TokenRange,
    /// Its bytes.
    pub span: Span,
    /// What it may be.
    pub found: Found<'w>,
}

impl Hit<'_> {
    /// The first sense of a kind.
    pub fn sense(&self, kind: SenseKind) -> Option<Sense> {
        self.found.senses().find(|sense| sense.kind == kind)
    }
}

/// What the lexicons say of a document.
pub struct Scan<'w> {
    /// All atoms, in order.
    pub atoms: Vec<Atom>,
    /// The token that each atom lies in.
    pub token_of: Vec<u32>,
    /// The first atom of each token, and the number of atoms at the end.
    pub first: Vec<u32>,
    /// Names.
    pub names: Vec<Hit<'w>>,
    /// Role nouns.
    pub roles: Vec<Hit<'w>>,
    /// What is known of each token as a word of a name.
    pub words: Vec<NameWord>,
}

impl<'w> Scan<'w> {
    /// Reads a document.
    pub fn of(doc: &Document, world: &'w World) -> Self {
        let tokens = doc.tokens.len();
        let mut scan = Scan {
            atoms: Vec::with_capacity(tokens + tokens / 8),
            token_of: Vec::with_capacity(tokens + tokens / 8),
            first: Vec::with_capacity(tokens + 1),
            names: Vec::with_capacity(tokens / 8),
            roles: Vec::with_capacity(tokens / 16),
            words: Vec::with_capacity(tokens),
        };
        scan.cut(doc);
        for token in 0..tokens {
            let atoms = &scan.atoms[scan.first[token] as usize..scan.first[token + 1] as usize];
            let word = match atoms {
                [atom] if atom.shape.is_capital() => world.words.get(atom.hash),
                // "al-Assad", "Jean-Claude": what the last (or first) piece says.
                [first, .., last] if first.shape.is_capital() || last.shape.is_capital() => {
                    let (first, last) = (world.words.get(first.hash), world.words.get(last.hash));
                    if first.is(NameWord::GIVEN) { first } else { last }
                }
                _ => NameWord::default(),
            };
            scan.words.push(word);
        }
        for sentence in &doc.sentences {
            let range = sentence.tokens.range();
            let (from, to) = (scan.first[range.start] as usize, scan.first[range.end] as usize);
            scan.find_names(doc, world, from, to);
            scan.find_roles(doc, world, from, to);
        }
        scan
    }

    fn cut(&mut self, doc: &Document) {
        for (token, span) in doc.tokens.span.iter().enumerate() {
            self.first.push(self.atoms.len() as u32);
            let text = span.slice(&doc.text);
            // A clitic's or hyphen's own token has no letter before it: its apostrophe must link to the atom that follows.
            for mut atom in Atoms::of(text) {
                atom.start += span.start;
                atom.end += span.start;
                self.atoms.push(atom);
                self.token_of.push(token as u32);
            }
        }
        self.first.push(self.atoms.len() as u32);
    }

    fn find_names(&mut self, doc: &Document, world: &'w World, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            if may_begin(&self.atoms[..to], at)
                && let Some(found) = world.names.longest(&doc.text, &self.atoms[at..to])
            {
                let hit = self.hit(at, found);
                if self.is_name(doc, &hit) {
                    self.names.push(hit);
                    at = hit.atom_end as usize;
                    continue;
                }
            } else if let Some(hit) = self.small_place(doc, world, at, to) {
                self.names.push(hit);
                at = hit.atom_end as usize;
                continue;
            }
            at += 1;
        }
    }

    /// A place in small letters ("from delaware"), where the tagger has it for a name.
    fn small_place(&self, doc: &Document, world: &'w World, at: usize, to: usize) -> Option<Hit<'w>> {
        let atom = self.atoms[at];
        let token = self.token_of[at] as usize;
        if atom.shape.is_capital()
            || !atom.shape.any(Shape::SMALL)
            || atom.end - atom.start < 4
            || doc.tokens.upos[token] != Upos::Propn
            || self.first[token] as usize != at
        {
            return None;
        }
        let found = world.names.longest_any_case(&self.atoms[at..to])?;
        let place = |kind| matches!(kind, SenseKind::Country | SenseKind::Capital | SenseKind::Region | SenseKind::Place);
        let hit = self.hit(at, found);
        (found.senses().all(|sense| place(sense.kind)) && whole_tokens(self, &hit)).then_some(hit)
    }

    fn find_roles(&mut self, doc: &Document, world: &'w World, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            if !self.atoms[at].shape.any(Shape::MARK)
                && let Some(found) = world.role_names.longest(&doc.text, &self.atoms[at..to])
            {
                let hit = self.hit(at, found);
                if whole_tokens(self, &hit) {
                    self.roles.push(hit);
                    at = hit.atom_end as usize;
                    continue;
                }
            }
            at += 1;
        }
    }

    fn hit(&self, at: usize, found: Found<'w>) -> Hit<'w> {
        let end = at + found.atoms;
        let tokens = TokenRange::new(self.token_of[at], self.token_of[end - 1] + 1);
        Hit {
            atom: at as u32,
            atom_end: end as u32,
            tokens,
            span: Span::new(self.atoms[at].start, self.atoms[end - 1].end),
            found,
        }
    }

    /// Whether what the index found may be a name here.
    fn is_name(&self, doc: &Document, hit: &Hit) -> bool {
        let token = hit.tokens.start.ix();
        if hit.tokens.len() == 1 && hit.found.atoms == 1 {
            let upos = doc.tokens.upos[token];
            // A word that begins its sentence is a name only if the tagger thinks so too ("Mali said", "Turkey is a bird").
            if matches!(upos, Upos::Det | Upos::Adp | Upos::Aux | Upos::Pron | Upos::Cconj | Upos::Sconj) {
                // US, IT, WHO in capitals are taken for pronouns by taggers; a text in small letters shows which they are.
                return self.atoms[hit.atom as usize].shape.is_acronym() && !self.shouts(doc, token);
            }
        }
        true
    }

    /// Whether the words beside a token are in capitals too, so that its own say nothing.
    pub fn shouts(&self, doc: &Document, token: usize) -> bool {
        let Some(sentence) = doc.sentence_of(TokenIx::at(token)) else { return false };
        let range = doc.sentences[sentence.ix()].tokens.range();
        let (mut upper, mut other) = (0, 0);
        for at in range.start.max(token.saturating_sub(8))..range.end.min(token + 9) {
            for atom in &self.atoms[self.first[at] as usize..self.first[at + 1] as usize] {
                if atom.shape.is_acronym() && atom.end - atom.start > 3 {
                    upper += 1;
                } else if atom.shape.any(Shape::SMALL) {
                    other += 1;
                }
            }
        }
        upper > other
    }

    /// The shape of a token: that of its first atom; a mark's for a token without any.
    pub fn shape(&self, token: usize) -> Shape {
        match self.token_atoms(token).first() {
            Some(atom) => atom.shape,
            None => Shape::default(),
        }
    }

    /// The atoms of a token.
    pub fn token_atoms(&self, token: usize) -> &[Atom] {
        &self.atoms[self.first[token] as usize..self.first[token + 1] as usize]
    }
}

fn whole_tokens(scan: &Scan, hit: &Hit) -> bool {
    scan.first[hit.tokens.start.ix()] == hit.atom && scan.first[hit.tokens.end.ix()] == hit.atom_end
}
