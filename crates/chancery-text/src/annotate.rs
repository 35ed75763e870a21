//! From sentences and tokens to tags, lemmas and trees: batches of sentences through the model, answers into columns.

use crate::boundaries::dateline;
use crate::model::Model;
use crate::model::features::hash;
use crate::model::network::{NetworkScratch, PIECE_TOKENS_MAX};
use crate::{Analysis, Level};
use chancery_model::{Deprel, LemmaIx, SentenceIx, Tokens, Upos, Xpos};
use rustc_hash::FxHashMap;

/// Tokens that make a batch: enough for the products to run full, few enough to stay in the cache.
const BATCH_TOKENS: usize = 192;

/// Buffers of [`annotate`].
#[derive(Debug, Default)]
pub struct AnnotateScratch {
    network: NetworkScratch,
    /// Where the batch's pieces begin, the last one ending the batch.
    starts: Vec<usize>,
    /// For each piece of the batch its sentence and its first token in the document.
    pieces: Vec<(u32, u32)>,
    /// Sentences of more than one piece, and the first token of the piece that their root is in.
    joints: Vec<(u32, usize)>,
    lemma: String,
    /// For a form and its pair of tags the lemma: its hash, and where it stands in `lemma_texts`.
    lemma_texts_of: FxHashMap<u64, (u64, u32, u32)>,
    lemma_texts: String,
    /// For a form and its pair of tags the lemma's number in this document.
    lemma_of: FxHashMap<u64, LemmaIx>,
    /// For a lemma's hash its number in this document.
    lemma_numbers: FxHashMap<u64, LemmaIx>,
}

/// Fills the columns up to a level.
pub fn annotate(model: &Model, text: &str, level: Level, scratch: &mut AnnotateScratch, analysis: &mut Analysis) {
    let tokens = &mut analysis.tokens;
    analysis.in_pieces.clear();
    tokens.lemmas.clear();
    tokens.lemma.fill(LemmaIx(0));
    tokens.head.fill(Tokens::ROOT);
    tokens.deprel.fill(Deprel::Unknown);
    if level == Level::Tokens {
        return;
    }
    scratch.lemma_of.clear();
    scratch.lemma_numbers.clear();
    scratch.joints.clear();
    begin(model, scratch);
    for (number, sentence) in analysis.sentences.iter().enumerate() {
        let range = sentence.tokens.range();
        // A dateline is read by itself: it says nothing about the sentence's grammar, and treebanks have none to learn from.
        let main = dateline::end(text, &tokens.span[range.clone()]).map_or(range.start, |length| range.start + length);
        if range.len() > PIECE_TOKENS_MAX {
            analysis.in_pieces.push(SentenceIx(number as u32));
        }
        if range.len() > PIECE_TOKENS_MAX || main > range.start {
            scratch.joints.push((number as u32, main));
        }
        let mut from = range.start;
        while from < range.end {
            let to = if from < main { main } else { piece_end(text, tokens, from, range.end) };
            for at in from..to {
                model.network.push(tokens.span[at].slice(text), &mut scratch.network);
            }
            scratch.pieces.push((number as u32, from as u32));
            scratch.starts.push(scratch.network.ids.len());
            from = to;
            if scratch.network.ids.len() >= BATCH_TOKENS {
                finish(model, text, level, scratch, tokens);
                begin(model, scratch);
            }
        }
    }
    finish(model, text, level, scratch, tokens);
    for (sentence, main) in &scratch.joints {
        join_pieces(tokens, analysis.sentences[*sentence as usize].tokens.range(), *main);
    }
}

/// The end of the piece that begins at `from`: the sentence's, or past a mark that parts clauses, or as far as a piece can go.
fn piece_end(text: &str, tokens: &Tokens, from: usize, end: usize) -> usize {
    if end - from <= PIECE_TOKENS_MAX {
        return end;
    }
    let limit = from + PIECE_TOKENS_MAX;
    for marks in [&[";", ".", "!", "?", "\u{2026}"][..], &[",", ":", "—", "–"]] {
        let found = (from + PIECE_TOKENS_MAX / 2..limit).rev().find(|at| marks.contains(&tokens.span[*at].slice(text)));
        if let Some(at) = found {
            return at + 1;
        }
    }
    limit
}

fn begin(model: &Model, scratch: &mut AnnotateScratch) {
    if model.network.begin(&mut scratch.network) {
        // Forms have new numbers.
        scratch.lemma_of.clear();
        scratch.lemma_texts_of.clear();
        scratch.lemma_texts.clear();
    }
    scratch.starts.clear();
    scratch.starts.push(0);
    scratch.pieces.clear();
}

/// Runs the batch and writes its answers.
fn finish(model: &Model, text: &str, level: Level, scratch: &mut AnnotateScratch, tokens: &mut Tokens) {
    if scratch.pieces.is_empty() {
        return;
    }
    model.network.tag(&scratch.starts, &mut scratch.network);
    for (piece, (_, first)) in scratch.pieces.iter().enumerate() {
        for at in scratch.starts[piece]..scratch.starts[piece + 1] {
            let token = *first as usize + at - scratch.starts[piece];
            let tag = scratch.network.tags[at];
            let (upos, xpos) = model.network.tag_class(tag);
            tokens.upos[token] = upos;
            tokens.xpos[token] = xpos;
            tokens.feats[token] = scratch.network.feats[at];
            let key = (u64::from(scratch.network.ids[at]) << 16) | u64::from(tag);
            tokens.lemma[token] = match scratch.lemma_of.get(&key) {
                Some(lemma) => *lemma,
                None => {
                    let (name, start, end) = *scratch.lemma_texts_of.entry(key).or_insert_with(|| {
                        model.lemmatizer.lemma(tokens.span[token].slice(text), upos, xpos, &mut scratch.lemma);
                        let start = scratch.lemma_texts.len() as u32;
                        scratch.lemma_texts.push_str(&scratch.lemma);
                        (hash(0xfe, scratch.lemma.as_bytes()), start, scratch.lemma_texts.len() as u32)
                    });
                    let lemmas = &mut tokens.lemmas;
                    let lemma = *scratch
                        .lemma_numbers
                        .entry(name)
                        .or_insert_with(|| lemmas.push(&scratch.lemma_texts[start as usize..end as usize]));
                    scratch.lemma_of.insert(key, lemma);
                    lemma
                }
            };
        }
    }
    if level < Level::Parse {
        return;
    }
    model.network.parse(&scratch.starts, &mut scratch.network);
    for (piece, (_, first)) in scratch.pieces.iter().enumerate() {
        for at in scratch.starts[piece]..scratch.starts[piece + 1] {
            let token = *first as usize + at - scratch.starts[piece];
            tokens.head[token] = match scratch.network.heads[at] {
                0 => Tokens::ROOT,
                head => first + u32::from(head) - 1,
            };
            tokens.deprel[token] = scratch.network.relations[at];
            tokens.upos[token] = agreed(tokens.upos[token], tokens.xpos[token], tokens.deprel[token]);
        }
        // `Black Sea`: a word with a capital that is compounded with a name is part of the name.
        let range = *first as usize..*first as usize + scratch.starts[piece + 1] - scratch.starts[piece];
        for token in range.skip(1) {
            if tokens.upos[token] == Upos::Noun
                && tokens.xpos[token] == Xpos::Nn
                && tokens.deprel[token] == Deprel::Compound
                && tokens.upos.get(tokens.head[token] as usize) == Some(&Upos::Propn)
            {
                let form = tokens.span[token].slice(text);
                if matches!(form.as_bytes(), [b'A'..=b'Z', b'a'..=b'z', ..]) {
                    tokens.upos[token] = Upos::Propn;
                    tokens.xpos[token] = Xpos::Nnp;
                    let lemmas = &mut tokens.lemmas;
                    let name = hash(0xfe, form.as_bytes());
                    tokens.lemma[token] = *scratch.lemma_numbers.entry(name).or_insert_with(|| lemmas.push(form));
                }
            }
        }
    }
}

/// The universal tag once the relation is known: where the treebank's tag leaves two open, the relation decides, and it was found with
/// more of the sentence in view.
fn agreed(upos: Upos, xpos: Xpos, relation: Deprel) -> Upos {
    use Deprel as D;
    match (upos, xpos) {
        (Upos::Adp | Upos::Sconj, Xpos::In) => match relation {
            D::Mark => Upos::Sconj,
            D::Case => Upos::Adp,
            _ => upos,
        },
        (Upos::Verb | Upos::Aux, Xpos::Vb | Xpos::Vbd | Xpos::Vbg | Xpos::Vbn | Xpos::Vbp | Xpos::Vbz) => match relation {
            D::Aux | D::AuxPass | D::Cop => Upos::Aux,
            _ => upos,
        },
        (Upos::Det | Upos::Pron, Xpos::Dt | Xpos::Wdt) if relation == D::Det => Upos::Det,
        _ => upos,
    }
}

/// Hangs the other pieces' roots from the root of the piece that begins at `main`.
fn join_pieces(tokens: &mut Tokens, range: std::ops::Range<usize>, main: usize) {
    let Some(root) = (main..range.end).find(|at| tokens.deprel[*at] == Deprel::Root) else { return };
    for at in range.filter(|at| *at != root) {
        if tokens.deprel[at] == Deprel::Root {
            tokens.head[at] = root as u32;
            tokens.deprel[at] = Deprel::Parataxis;
        }
    }
}
