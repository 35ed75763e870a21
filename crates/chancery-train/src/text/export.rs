//! From what was learned in full precision to the model file.

use super::data::Classes;
use super::net::{Net, Param, SHIFTED};
use super::train::Trained;
use anyhow::{Result, ensure};
use chancery_model::{Upos, Xpos};
use chancery_text::conllu::Treebank;
use chancery_text::model::Model;
use chancery_text::model::lemma::{LemmaParts, Lemmatizer, exact_key, known_key, lower_into, lower_key};
use chancery_text::model::linear::Weights;
use chancery_text::model::network::Parts;
use std::collections::BTreeMap;

/// The model file's bytes, compressed.
///
/// # Errors
/// Where the model is larger than it may be.
pub fn export(trained: &Trained, train: &[(String, Treebank)]) -> Result<Vec<u8>> {
    let parts = parts(&trained.net, &trained.vocabulary.keys, &trained.classes);
    let plain = Model::encode(&parts, &lemmas(train));
    let compressed = zstd::bulk::compress(&plain, 19)?;
    ensure!(compressed.len() <= 12 << 20, "the model is {} bytes long, more than 12 MiB", compressed.len());
    Ok(compressed)
}

fn parts(net: &Net, keys: &[u64], classes: &Classes) -> Parts {
    let width = net.config.width;
    let mut embeddings = Vec::with_capacity(net.embeddings.value.len());
    let mut embedding_scales = Vec::with_capacity(keys.len());
    for row in net.embeddings.value.chunks_exact(width) {
        let scale = row.iter().fold(1e-12f32, |most, value| most.max(value.abs())) / 127.0;
        embeddings.extend(row.iter().map(|value| (value / scale).round().clamp(-127.0, 127.0) as i8));
        embedding_scales.push(scale);
    }
    let rounded = |weights: &Param, bias: &Param| Weights::round(&weights.value, &bias.value, weights.rows, weights.columns);
    let no_bias = |param: &Param| vec![0.0; param.columns];
    let top = beside(&[
        (&net.dependent, net.dependent_bias.value.clone()),
        (&net.head, net.head_bias.value.clone()),
        (&net.label_dependent, net.label_bias.value.clone()),
        (&net.label_head, no_bias(&net.label_head)),
    ]);
    let pair = beside(&[(&net.pair, net.prior.value.clone()), (&net.distance, net.distance_bias.value.clone())]);
    Parts {
        width,
        arc: net.config.arc,
        label: net.config.label,
        shifted: width / SHIFTED,
        keys: keys.to_vec(),
        embeddings,
        embedding_scales,
        layers: net.layers.iter().map(|layer| rounded(&layer.weights, &layer.bias)).collect(),
        tags: rounded(&net.tags, &net.tags_bias),
        feats: rounded(&net.feats, &net.feats_bias),
        top,
        pair,
        root: net.root.value.clone(),
        label_root: net.label_root.value.clone(),
        labels: rounded(&net.labels, &net.labels_bias),
        tag_classes: classes.tags.clone(),
        feat_classes: classes.feats.clone(),
        feats_of_tag: classes.feats_of_tag.clone(),
    }
}

/// Matrices with the same inputs, side by side.
fn beside(parts: &[(&Param, Vec<f32>)]) -> Weights {
    let rows = parts[0].0.rows;
    let columns = parts.iter().map(|(param, _)| param.columns).sum();
    let mut values = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        for (param, _) in parts {
            values.extend_from_slice(&param.value[row * param.columns..(row + 1) * param.columns]);
        }
    }
    let bias: Vec<f32> = parts.iter().flat_map(|(_, bias)| bias.iter().copied()).collect();
    Weights::round(&values, &bias, rows, columns)
}

/// Which lemmas exist, and which forms the rules get wrong.
fn lemmas(train: &[(String, Treebank)]) -> LemmaParts {
    let mut counts: BTreeMap<(String, Upos, Xpos), BTreeMap<(String, String), usize>> = BTreeMap::new();
    let mut known: BTreeMap<u64, usize> = BTreeMap::new();
    let mut lower = String::new();
    for (_, bank) in train {
        let tokens = &bank.analysis.tokens;
        for at in 0..tokens.len() {
            let form = tokens.span[at].slice(&bank.text);
            let lemma = tokens.lemmas.get(tokens.lemma[at]);
            if lemma.is_empty() || lemma == "_" || tokens.xpos[at] == Xpos::Gw || form.contains(char::is_whitespace) {
                continue;
            }
            lower.clear();
            lower_into(form, &mut lower);
            *counts
                .entry((lower.clone(), tokens.upos[at], tokens.xpos[at]))
                .or_default()
                .entry((form.to_owned(), lemma.to_owned()))
                .or_default() += 1;
            if matches!(tokens.upos[at], Upos::Noun | Upos::Verb | Upos::Aux | Upos::Adj | Upos::Adv) {
                *known.entry(known_key(lemma, tokens.upos[at])).or_default() += 1;
            }
        }
    }
    let mut parts = LemmaParts { exceptions: Vec::new(), known: known.keys().copied().collect() };
    let rules = Lemmatizer::new(&parts);
    let mut found = String::new();
    for ((lower, upos, xpos), forms) in &counts {
        // The lemma that most tokens have, whatever their capitals.
        let mut of_lower: BTreeMap<&str, usize> = BTreeMap::new();
        for ((_, lemma), count) in forms {
            *of_lower.entry(lemma).or_default() += count;
        }
        let total: usize = of_lower.values().sum();
        let common = most(&of_lower);
        let mut as_ruled = 0;
        for ((form, lemma), count) in forms {
            rules.lemma(form, *upos, *xpos, &mut found);
            as_ruled += if found == *lemma { *count } else { 0 };
        }
        let listed = as_ruled < of_lower[common] && !(total == 1 && matches!(upos, Upos::Propn | Upos::X));
        if listed {
            parts.exceptions.push((lower_key(lower, *upos, *xpos), common.to_owned()));
        }
        // Forms that have a lemma of their own.
        let mut of_form: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for ((form, lemma), count) in forms {
            *of_form.entry(form).or_default().entry(lemma).or_default() += count;
        }
        for (form, lemmas) in of_form {
            let best = most(&lemmas);
            rules.lemma(form, *upos, *xpos, &mut found);
            let given = if listed { common } else { found.as_str() };
            if given != best && lemmas[best] >= 2 {
                parts.exceptions.push((exact_key(form, *upos, *xpos), best.to_owned()));
            }
        }
    }
    parts.exceptions.sort();
    parts.exceptions.dedup_by_key(|(key, _)| *key);
    parts
}

/// The commonest, the first of equals.
fn most<'a>(counts: &BTreeMap<&'a str, usize>) -> &'a str {
    let mut best = ("", 0);
    for (lemma, count) in counts {
        if *count > best.1 {
            best = (lemma, *count);
        }
    }
    best.0
}
