//! The network in use: bytes in, tags and trees out.
//!
//! A form's keys are summed into a vector, and that vector's products with the first layer's weights are kept for the next time the form
//! comes up; the first layer then costs additions alone. All other products run over a batch of whole sentences.
//!
//! # Invariants
//! - The same sentence gives the same answers whatever else is in its batch, whatever was seen before it, on every machine: products
//!   are of whole numbers, all else is single additions, multiplications and divisions in a fixed order.

use super::bytes::{Reader, Writer};
use super::features::{hash, keys};
use super::linear::{Linear, Weights, byte};
use super::maths::{saturate, sigmoid};
use super::tree::{TreeScratch, into_tree};
use crate::ModelError;
use chancery_model::{Deprel, Feats, Upos, Xpos};
use rustc_hash::FxHashMap;

/// Buckets of distances between a token and its head.
pub const BUCKETS: usize = 32;
/// The longest piece of a sentence that is parsed at once.
pub const PIECE_TOKENS_MAX: usize = 256;
/// Forms whose products are kept before all are forgotten.
const FORMS_KEPT_MAX: usize = 8192;
/// Products are kept without their last bits.
const PRODUCT_SHIFT: u32 = 5;
/// Bundles of features that are compared for a token, the commonest of its tag.
const FEATS_COMPARED_MAX: usize = 32;
/// Heads are scored in blocks of so many.
const BLOCK: usize = 16;

/// The bucket of a head that stands `offset` tokens after its dependent (before it where negative).
#[must_use]
pub fn bucket(offset: isize) -> usize {
    let near = match offset.unsigned_abs() {
        distance @ 0..=6 => distance.saturating_sub(1),
        7..=8 => 6,
        9..=11 => 7,
        12..=15 => 8,
        16..=22 => 9,
        23..=35 => 10,
        _ => 11,
    };
    if offset < 0 { near } else { 12 + near }
}

/// All that the trainer hands over.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Width of the layers.
    pub width: usize,
    /// Width of the vectors that heads are scored with, and of the hidden layer for relations.
    pub arc: usize,
    /// See `arc`.
    pub label: usize,
    /// How many channels of each half of an upper layer's input are the token's before, and as many the one's after.
    pub shifted: usize,
    /// Hashes of the keys, in the order of their rows.
    pub keys: Vec<u64>,
    /// A row a key, each with its scale.
    pub embeddings: Vec<i8>,
    /// See `embeddings`.
    pub embedding_scales: Vec<f32>,
    /// Layers' gates; a layer with three times `width` rows sees its neighbours (the first one must).
    pub layers: Vec<Weights>,
    /// Scores of tags and of bundles of features, from the first layer.
    pub tags: Weights,
    /// See `tags`.
    pub feats: Weights,
    /// Dependent, head, dependent for relations, head for relations, side by side, from the last layer.
    pub top: Weights,
    /// From a dependent: its query, and what it thinks of distances.
    pub pair: Weights,
    /// The root as a head.
    pub root: Vec<f32>,
    /// The root as a head for relations.
    pub label_root: Vec<f32>,
    /// Relations from the hidden layer.
    pub labels: Weights,
    /// Pairs of tags.
    pub tag_classes: Vec<(Upos, Xpos)>,
    /// Bundles of features.
    pub feat_classes: Vec<Feats>,
    /// The bundles that go with each pair of tags.
    pub feats_of_tag: Vec<Vec<u16>>,
}

impl Parts {
    /// Writes them.
    pub fn write(&self, out: &mut Writer) {
        out.u32(self.width as u32);
        out.u32(self.arc as u32);
        out.u32(self.label as u32);
        out.u32(self.shifted as u32);
        out.u64s(&self.keys);
        out.i8s(&self.embeddings);
        out.f32s(&self.embedding_scales);
        out.u32(self.layers.len() as u32);
        for weights in self.layers.iter().chain([&self.tags, &self.feats, &self.top, &self.pair, &self.labels]) {
            weights.write(out);
        }
        out.f32s(&self.root);
        out.f32s(&self.label_root);
        out.u32(self.tag_classes.len() as u32);
        for (upos, xpos) in &self.tag_classes {
            out.u8(*upos as u8);
            out.u8(*xpos as u8);
        }
        out.u64s(&self.feat_classes.iter().map(|feats| feats.0).collect::<Vec<_>>());
        for list in &self.feats_of_tag {
            out.u16s(list);
        }
    }

    /// Reads them.
    ///
    /// # Errors
    /// Where the bytes end or sizes do not fit each other.
    pub fn read(from: &mut Reader<'_>) -> Result<Parts, ModelError> {
        let mut parts = Parts {
            width: from.u32()? as usize,
            arc: from.u32()? as usize,
            label: from.u32()? as usize,
            shifted: from.u32()? as usize,
            keys: from.u64s()?,
            embeddings: from.i8s()?,
            embedding_scales: from.f32s()?,
            ..Parts::default()
        };
        let layers = from.u32()? as usize;
        if !(1..=16).contains(&layers) {
            return Err(ModelError::Damaged("number of layers"));
        }
        for _ in 0..layers {
            parts.layers.push(Weights::read(from)?);
        }
        for place in [&mut parts.tags, &mut parts.feats, &mut parts.top, &mut parts.pair, &mut parts.labels] {
            *place = Weights::read(from)?;
        }
        parts.root = from.f32s()?;
        parts.label_root = from.f32s()?;
        for _ in 0..from.u32()? {
            let (upos, xpos) = (from.u8()?, from.u8()?);
            parts.tag_classes.push((Upos::from_index(upos), Xpos::from_index(xpos)));
        }
        parts.feat_classes = from.u64s()?.into_iter().map(Feats).collect();
        for _ in 0..parts.tag_classes.len() {
            parts.feats_of_tag.push(from.u16s()?);
        }
        parts.fits().then_some(parts).ok_or(ModelError::Damaged("sizes do not fit each other"))
    }

    fn fits(&self) -> bool {
        let (width, arc, label) = (self.width, self.arc, self.label);
        let shape = |weights: &Weights, rows: usize, columns: usize| weights.rows == rows && weights.columns == columns;
        width.is_multiple_of(32)
            && width > 0
            && self.shifted <= width / 4
            && self.embedding_scales.len() == self.keys.len()
            && self.embeddings.len() == self.keys.len() * width
            && self.layers[0].rows == 3 * width
            && self.layers.iter().all(|layer| (layer.rows == width || layer.rows == 3 * width) && layer.columns == 3 * width)
            && self.tags.rows == width
            && self.feats.rows == width
            && !self.tag_classes.is_empty()
            && self.tag_classes.len() <= self.tags.columns
            && self.feat_classes.len() <= self.feats.columns
            && self.feats_of_tag.iter().flatten().all(|feat| (*feat as usize) < self.feat_classes.len())
            && shape(&self.top, width, 2 * (arc + label))
            && shape(&self.pair, arc, arc + BUCKETS)
            && self.root.len() == arc
            && self.label_root.len() == label
            && self.labels.rows == label
            && self.labels.columns > Deprel::ALL.len()
    }
}

struct Upper {
    gates: Linear,
    window: bool,
}

/// The network, laid out for use.
pub struct Network {
    width: usize,
    arc: usize,
    label: usize,
    shifted: usize,
    row_of: FxHashMap<u64, u32>,
    embeddings: Vec<i8>,
    embedding_scales: Vec<f32>,
    /// The first layer's weights for the token before, the token itself and the one after.
    first: [Linear; 3],
    first_scales: Vec<f32>,
    first_bias: Vec<f32>,
    upper: Vec<Upper>,
    tags: Linear,
    /// A row a bundle, for the few that are compared.
    feats: Vec<i8>,
    feat_scales: Vec<f32>,
    feat_bias: Vec<f32>,
    top: Linear,
    pair: Linear,
    root: Vec<f32>,
    label_root: Vec<f32>,
    labels: Linear,
    tag_classes: Vec<(Upos, Xpos)>,
    feat_classes: Vec<Feats>,
    feats_of_tag: Vec<Vec<u16>>,
    /// Buckets of offsets from minus to plus [`PIECE_TOKENS_MAX`].
    buckets: Vec<u8>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("width", &self.width).field("keys", &self.embedding_scales.len()).finish_non_exhaustive()
    }
}

/// Buffers of a batch, and the forms' kept products.
#[derive(Debug, Default)]
pub struct NetworkScratch {
    forms: FxHashMap<u64, u32>,
    /// For each kept form its key, and whether it came up again since it was kept.
    form_keys: Vec<u64>,
    came_again: Vec<bool>,
    /// Forms kept since the batch began, whose products are still to be computed.
    pending: usize,
    /// For each kept form its vector, in bytes.
    vectors: Vec<u8>,
    /// For each kept form its products with the first layer's three parts.
    products: Vec<i16>,
    product_sums: Vec<f32>,
    form_sums: Vec<f32>,
    gates: Vec<f32>,
    values: Vec<f32>,
    below: Vec<f32>,
    bytes: Vec<u8>,
    wide: Vec<u8>,
    scores: Vec<f32>,
    top: Vec<f32>,
    pair_bytes: Vec<u8>,
    query: Vec<f32>,
    heads_turned: Vec<f32>,
    arcs: Vec<f32>,
    hidden: Vec<u8>,
    places: Vec<u16>,
    tree: TreeScratch,
    /// For each token of the batch its form among those kept.
    pub ids: Vec<u32>,
    /// For each token its pair of tags.
    pub tags: Vec<u16>,
    /// For each token its bundle of features.
    pub feats: Vec<Feats>,
    /// For each token its head within its piece: 0 is the root.
    pub heads: Vec<u16>,
    /// For each token its relation.
    pub relations: Vec<Deprel>,
}

/// Runs a function's body as compiled for the widest vectors that the machine has. The bits that come out do not depend on it.
macro_rules! widest {
    ($(fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block)+) => { $(
        fn $name($($argument: $type),*) {
            #[inline(always)]
            fn body($($argument: $type),*) $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
                fn wide($($argument: $type),*) { body($($argument),*) }
                #[target_feature(enable = "avx2")]
                fn middle($($argument: $type),*) { body($($argument),*) }
                if std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                    && std::arch::is_x86_feature_detected!("avx512vl")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                {
                    // SAFETY: the instructions are there.
                    return unsafe { wide($($argument),*) };
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the instructions are there.
                    return unsafe { middle($($argument),*) };
                }
            }
            body($($argument),*)
        }
    )+ };
}

widest! {
    // Gates of the first layer over one piece, three kept products each, scaled; and the vectors below.
    fn first_layer(
        ids: &[u32],
        products: &[i16],
        vectors: &[u8],
        scales: &[f32],
        bias: &[f32],
        gates: &mut [f32],
        below: &mut [f32],
    ) {
        let size = scales.len();
        let width = size / 3;
        let bias = &bias[..size];
        for token in 0..ids.len() {
            let id = ids[token] as usize;
            let before = if token > 0 { ids[token - 1] as usize } else { 0 };
            let after = if token + 1 < ids.len() { ids[token + 1] as usize } else { 0 };
            let before = &products[before * 3 * size..][..size];
            let own = &products[id * 3 * size + size..][..size];
            let after = &products[after * 3 * size + 2 * size..][..size];
            let gates = &mut gates[token * size..][..size];
            for at in 0..size {
                let sum = before[at].saturating_add(own[at]).saturating_add(after[at]);
                gates[at] = f32::from(sum) * scales[at] + bias[at];
            }
            let below = &mut below[token * width..][..width];
            for (value, byte) in below.iter_mut().zip(&vectors[id * width..][..width]) {
                *value = (f32::from(*byte) - 128.0) * (1.0 / 127.0);
            }
        }
    }

    // Adds a row of the embedding table.
    fn add_row(sums: &mut [f32], row: &[i8], scale: f32) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += f32::from(*value) * scale;
        }
    }

    // Products as they are kept.
    fn shift_products(sums: &[f32], kept: &mut [i16]) {
        for (sum, kept) in sums.iter().zip(kept) {
            // Adding a large number rounds to a whole one, whose last bits are then the sum's.
            let share = (*sum * (1.0 / (1 << PRODUCT_SHIFT) as f32)).clamp(-32767.0, 32767.0);
            *kept = (share + 12_582_912.0).to_bits() as i16;
        }
    }

    // The place of the greatest score in each row, the first of equals.
    fn best_of_rows(scores: &[f32], columns: usize, out: &mut [u16]) {
        for (row, out) in scores.chunks_exact(columns).zip(out) {
            let mut most = [f32::NEG_INFINITY; BLOCK];
            let mut place = [0u32; BLOCK];
            for (block, scores) in row.chunks_exact(BLOCK).enumerate() {
                for lane in 0..BLOCK {
                    let better = scores[lane] > most[lane];
                    most[lane] = if better { scores[lane] } else { most[lane] };
                    place[lane] = if better { block as u32 } else { place[lane] };
                }
            }
            // The greatest first, then the first place that has it.
            let mut top = most;
            for half in [8, 4, 2, 1] {
                for lane in 0..half {
                    top[lane] = if top[lane + half] > top[lane] { top[lane + half] } else { top[lane] };
                }
            }
            let mut first = [u32::MAX; BLOCK];
            for lane in 0..BLOCK {
                let at = place[lane] * BLOCK as u32 + lane as u32;
                first[lane] = if most[lane] == top[0] { at } else { u32::MAX };
            }
            for half in [8, 4, 2, 1] {
                for lane in 0..half {
                    first[lane] = first[lane].min(first[lane + half]);
                }
            }
            *out = first[0].min(columns as u32 - 1) as u16;
        }
    }

    // Scores of a few rows of seven-bit weights against a token's bytes.
    fn dot(rows: &[i8], bytes: &[u8], among: &[u16], out: &mut [i32]) {
        let width = bytes.len();
        for (feat, out) in among.iter().zip(out) {
            let row = &rows[*feat as usize * width..][..width];
            let mut sum = 0i32;
            for (weight, input) in row.iter().zip(bytes) {
                sum += i32::from(*weight) * (i32::from(*input) - 128);
            }
            *out = sum;
        }
    }

    // One direction of a layer over one piece: the running averages and what they let through.
    fn scan(gates: &[f32], below: &[f32], values: &mut [f32], bytes: &mut [u8], width: usize, backward: bool) {
        const UNITS_MAX: usize = 256;
        let half = width / 2;
        let count = values.len() / width;
        let side = usize::from(backward) * half;
        let mut cells = [0.0f32; UNITS_MAX];
        let cells = &mut cells[..half];
        for step in 0..count {
            let token = if backward { count - 1 - step } else { step };
            let gates = &gates[token * 3 * width + 3 * side..][..3 * half];
            let (fresh, rest) = gates.split_at(half);
            let (forget, high) = rest.split_at(half);
            let at = token * width + side;
            let below = &below[at..at + half];
            let values = &mut values[at..at + half];
            let bytes = &mut bytes[at..at + half];
            let (forget, high) = (&forget[..half], &high[..half]);
            for unit in 0..half {
                let f = sigmoid(forget[unit]);
                let r = sigmoid(high[unit]);
                let cell = f * cells[unit] + (1.0 - f) * saturate(fresh[unit]);
                let value = r * cell + (1.0 - r) * below[unit];
                cells[unit] = cell;
                values[unit] = value;
                bytes[unit] = byte(value);
            }
        }
    }

    // Bytes of the saturated first values of each row.
    fn saturate_rows(values: &[f32], columns: usize, bytes: &mut [u8], kept: usize) {
        for (bytes, values) in bytes.chunks_exact_mut(kept).zip(values.chunks_exact(columns)) {
            for (byte_out, value) in bytes.iter_mut().zip(values) {
                *byte_out = byte(saturate(*value));
            }
        }
    }

    // All tokens' scores of all heads: each query against each head, and what it thinks of their distance.
    fn score_heads(queries: &[f32], across: usize, heads: &[f32], buckets: &[u8], columns: usize, out: &mut [f32]) {
        let arc = across - BUCKETS;
        let count = queries.len() / across;
        for token in 0..count {
            let (query, near) = queries[token * across..(token + 1) * across].split_at(arc);
            let near: &[f32; BUCKETS] = near.try_into().expect("what is left of the row");
            let out = &mut out[token * columns..(token + 1) * columns];
            let mut block = 0;
            while block + 2 * BLOCK <= columns {
                let mut sums = [0.0f32; 2 * BLOCK];
                for (unit, factor) in query.iter().enumerate() {
                    let from = &heads[unit * columns + block..][..2 * BLOCK];
                    for (sum, value) in sums.iter_mut().zip(from) {
                        *sum += factor * value;
                    }
                }
                out[block..block + 2 * BLOCK].copy_from_slice(&sums);
                block += 2 * BLOCK;
            }
            while block < columns {
                let mut sums = [0.0f32; BLOCK];
                for (unit, factor) in query.iter().enumerate() {
                    let from = &heads[unit * columns + block..][..BLOCK];
                    for (sum, value) in sums.iter_mut().zip(from) {
                        *sum += factor * value;
                    }
                }
                out[block..block + BLOCK].copy_from_slice(&sums);
                block += BLOCK;
            }
            let buckets = &buckets[PIECE_TOKENS_MAX - token..][..count];
            for (score, bucket) in out[1..].iter_mut().zip(buckets) {
                *score += near[*bucket as usize & (BUCKETS - 1)];
            }
            // Nobody heads himself, and there is nobody beyond the end.
            out[token + 1] = f32::NEG_INFINITY;
            out[count + 1..].fill(f32::NEG_INFINITY);
        }
    }

    // Heads as columns, the root first; what is beyond the end is zero.
    fn turn_heads(top: &[f32], side: usize, arc: usize, root: &[f32], columns: usize, out: &mut [f32]) {
        let count = top.len() / side;
        for unit in 0..arc {
            out[unit * columns] = root[unit];
            out[unit * columns + count + 1..(unit + 1) * columns].fill(0.0);
        }
        for token in 0..count {
            let head = &top[token * side + arc..][..arc];
            for (unit, value) in head.iter().enumerate() {
                out[unit * columns + 1 + token] = saturate(*value);
            }
        }
    }

    // The hidden layer for relations: each token's half and its head's.
    fn join_halves(top: &[f32], side: usize, label: usize, root: &[f32], heads: &[u16], bytes: &mut [u8]) {
        let own = side - 2 * label;
        for (token, (head, bytes)) in heads.iter().zip(bytes.chunks_exact_mut(label)).enumerate() {
            let dependent = &top[token * side + own..][..label];
            let head = match *head {
                0 => root,
                head => &top[(head as usize - 1) * side + own + label..][..label],
            };
            for ((byte_out, dependent), head) in bytes.iter_mut().zip(dependent).zip(head) {
                *byte_out = byte(saturate(*dependent + *head));
            }
        }
    }
}

impl Network {
    /// Lays out what was read.
    #[must_use]
    pub fn new(parts: &Parts) -> Network {
        let width = parts.width;
        let first = &parts.layers[0];
        let part = |at: usize| {
            let rows = &first.values[at * width * first.columns..(at + 1) * width * first.columns];
            Linear::new(&Weights {
                rows: width,
                columns: first.columns,
                values: rows.to_vec(),
                scales: vec![1.0; first.columns],
                bias: vec![0.0; first.columns],
            })
        };
        let mut feats = vec![0i8; parts.feats.columns * width];
        for row in 0..width {
            for column in 0..parts.feats.columns {
                feats[column * width + row] = parts.feats.values[row * parts.feats.columns + column];
            }
        }
        let span = PIECE_TOKENS_MAX as isize;
        Network {
            width,
            arc: parts.arc,
            label: parts.label,
            shifted: parts.shifted,
            row_of: parts.keys.iter().enumerate().map(|(row, key)| (*key, row as u32)).collect(),
            embeddings: parts.embeddings.clone(),
            embedding_scales: parts.embedding_scales.clone(),
            first: [part(0), part(1), part(2)],
            first_scales: first.scales.iter().map(|scale| scale / 127.0 * (1 << PRODUCT_SHIFT) as f32).collect(),
            first_bias: first.bias.clone(),
            upper: parts.layers[1..]
                .iter()
                .map(|weights| Upper { gates: Linear::new(&per_byte(weights)), window: weights.rows != width })
                .collect(),
            tags: Linear::new(&per_byte(&barred(&parts.tags, |column| column >= parts.tag_classes.len()))),
            feats,
            feat_scales: parts.feats.scales.iter().map(|scale| scale / 127.0).collect(),
            feat_bias: parts.feats.bias.clone(),
            top: Linear::new(&per_byte(&parts.top)),
            pair: Linear::new(&per_byte(&parts.pair)),
            root: parts.root.clone(),
            label_root: parts.label_root.clone(),
            labels: Linear::new(&per_byte(&barred(&parts.labels, |column| {
                column == 0 || column == Deprel::Root as usize || column > Deprel::ALL.len()
            }))),
            tag_classes: parts.tag_classes.clone(),
            feat_classes: parts.feat_classes.clone(),
            feats_of_tag: parts.feats_of_tag.clone(),
            buckets: (-span..=span).map(|offset| bucket(offset) as u8).collect(),
        }
    }

    /// The tags of a pair's number.
    #[must_use]
    pub fn tag_class(&self, tag: u16) -> (Upos, Xpos) {
        self.tag_classes.get(tag as usize).copied().unwrap_or_default()
    }

    /// Makes room for a batch: forgets the kept forms where there are too many. Call it before a batch's first form.
    pub fn begin(&self, scratch: &mut NetworkScratch) -> bool {
        scratch.ids.clear();
        let full = scratch.forms.len() >= FORMS_KEPT_MAX;
        if full {
            self.forget(scratch);
        }
        if scratch.products.is_empty() {
            // Number 0 stands beyond a sentence's ends: nothing.
            scratch.vectors.resize(self.width, 128);
            scratch.products.resize(9 * self.width, 0);
            scratch.form_keys.push(0);
            scratch.came_again.push(false);
        }
        full
    }

    /// Forgets the forms that came up once only, or all where too many came up again.
    fn forget(&self, scratch: &mut NetworkScratch) {
        let (width, size) = (self.width, 9 * self.width);
        let again = scratch.came_again.iter().filter(|again| **again).count();
        let keep_any = again <= FORMS_KEPT_MAX * 3 / 4;
        scratch.forms.clear();
        let mut to = 1;
        for from in 1..scratch.form_keys.len() {
            if keep_any && scratch.came_again[from] {
                scratch.vectors.copy_within(from * width..(from + 1) * width, to * width);
                scratch.products.copy_within(from * size..(from + 1) * size, to * size);
                scratch.form_keys[to] = scratch.form_keys[from];
                scratch.came_again[to] = false;
                scratch.forms.insert(scratch.form_keys[to], to as u32);
                to += 1;
            }
        }
        scratch.vectors.truncate(to * width);
        scratch.products.truncate(to * size);
        scratch.form_keys.truncate(to);
        scratch.came_again.truncate(to);
    }

    /// Appends a token to the batch.
    #[inline]
    pub fn push(&self, form: &str, scratch: &mut NetworkScratch) {
        let key = hash(0xff, form.as_bytes());
        let id = match scratch.forms.get(&key) {
            Some(id) => {
                let id = *id;
                scratch.came_again[id as usize] = true;
                self.fetch(id, scratch);
                id
            }
            None => self.keep(form, key, scratch),
        };
        scratch.ids.push(id);
    }

    /// Has the processor fetch a kept form's products, which are needed once the batch is full.
    #[inline]
    fn fetch(&self, id: u32, scratch: &NetworkScratch) {
        #[cfg(target_arch = "x86_64")]
        {
            let size = 9 * self.width;
            let Some(products) = scratch.products.get(id as usize * size..(id as usize + 1) * size) else { return };
            for line in products.chunks(32) {
                // SAFETY: fetching reads nothing, and the address lies within the vector.
                unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T1 }>(line.as_ptr().cast()) };
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (id, scratch);
    }

    #[cold]
    fn keep(&self, form: &str, key: u64, scratch: &mut NetworkScratch) -> u32 {
        let width = self.width;
        let id = (scratch.vectors.len() / width) as u32;
        scratch.forms.insert(key, id);
        scratch.form_keys.push(key);
        scratch.came_again.push(false);
        scratch.pending += 1;
        scratch.form_sums.clear();
        scratch.form_sums.resize(width, 0.0);
        for key in keys(form).all() {
            if let Some(row) = self.row_of.get(key) {
                let row = *row as usize;
                let values = &self.embeddings[row * width..(row + 1) * width];
                add_row(&mut scratch.form_sums, values, self.embedding_scales[row]);
            }
        }
        let from = scratch.vectors.len();
        scratch.vectors.resize(from + width, 0);
        saturate_rows(&scratch.form_sums, width, &mut scratch.vectors[from..], width);
        id
    }

    /// Products of the forms that the batch brought, all at once.
    fn finish_forms(&self, scratch: &mut NetworkScratch) {
        let count = std::mem::take(&mut scratch.pending);
        if count == 0 {
            return;
        }
        let (width, size) = (self.width, 3 * self.width);
        let first = scratch.form_keys.len() - count;
        let bytes = &scratch.vectors[first * width..];
        resize(&mut scratch.product_sums, count * size);
        scratch.products.resize((first + count) * 3 * size, 0);
        for (part, weights) in self.first.iter().enumerate() {
            weights.apply(bytes, count, &mut scratch.product_sums);
            for form in 0..count {
                let to = ((first + form) * 3 + part) * size;
                shift_products(&scratch.product_sums[form * size..(form + 1) * size], &mut scratch.products[to..to + size]);
            }
        }
    }

    /// Tags and features of the batch, whose pieces begin at `starts` (the last entry is the number of tokens).
    pub fn tag(&self, starts: &[usize], scratch: &mut NetworkScratch) {
        let width = self.width;
        self.finish_forms(scratch);
        let n = scratch.ids.len();
        resize(&mut scratch.gates, n * 3 * width);
        resize(&mut scratch.below, n * width);
        resize(&mut scratch.values, n * width);
        scratch.bytes.resize(n * width, 0);
        for bounds in starts.windows(2) {
            // Gates of one piece at a time, at the buffer's front: they stay in the nearest cache.
            first_layer(
                &scratch.ids[bounds[0]..bounds[1]],
                &scratch.products,
                &scratch.vectors,
                &self.first_scales,
                &self.first_bias,
                &mut scratch.gates,
                &mut scratch.below[bounds[0] * width..bounds[1] * width],
            );
            let narrow = bounds[0] * width..bounds[1] * width;
            for backward in [false, true] {
                scan(
                    &scratch.gates[..3 * narrow.len()],
                    &scratch.below[narrow.clone()],
                    &mut scratch.values[narrow.clone()],
                    &mut scratch.bytes[narrow.clone()],
                    width,
                    backward,
                );
            }
        }
        // Pairs of tags, then the bundles that go with the best one.
        let columns = self.tags.columns();
        resize(&mut scratch.scores, n * columns);
        self.tags.apply(&scratch.bytes, n, &mut scratch.scores);
        scratch.tags.clear();
        scratch.tags.resize(n, 0);
        best_of_rows(&scratch.scores[..n * columns], columns, &mut scratch.tags);
        scratch.feats.clear();
        for token in 0..n {
            let among = &self.feats_of_tag[scratch.tags[token] as usize];
            let feat = match among.as_slice() {
                [] => None,
                [only] => Some(*only),
                among => Some(self.best_feats(among, &scratch.bytes[token * width..(token + 1) * width])),
            };
            scratch.feats.push(feat.map_or(Feats::NONE, |feat| self.feat_classes[feat as usize]));
        }
    }

    fn best_feats(&self, among: &[u16], bytes: &[u8]) -> u16 {
        let mut sums = [0i32; FEATS_COMPARED_MAX];
        let among = &among[..among.len().min(FEATS_COMPARED_MAX)];
        dot(&self.feats, bytes, among, &mut sums);
        let mut best = among[0];
        let mut most = f32::NEG_INFINITY;
        for (feat, sum) in among.iter().zip(sums) {
            let at = *feat as usize;
            let score = sum as f32 * self.feat_scales[at] + self.feat_bias[at];
            if score > most {
                most = score;
                best = *feat;
            }
        }
        best
    }

    /// Both directions of a layer over all pieces, from gates and what is below to values and their bytes.
    fn scan(&self, starts: &[usize], scratch: &mut NetworkScratch) {
        let width = self.width;
        for bounds in starts.windows(2) {
            let narrow = bounds[0] * width..bounds[1] * width;
            for backward in [false, true] {
                scan(
                    &scratch.gates[3 * narrow.start..3 * narrow.end],
                    &scratch.below[narrow.clone()],
                    &mut scratch.values[narrow.clone()],
                    &mut scratch.bytes[narrow.clone()],
                    width,
                    backward,
                );
            }
        }
    }

    /// Heads and relations of the batch that was tagged last.
    pub fn parse(&self, starts: &[usize], scratch: &mut NetworkScratch) {
        let width = self.width;
        let n = scratch.ids.len();
        for layer in &self.upper {
            std::mem::swap(&mut scratch.values, &mut scratch.below);
            let input = if layer.window {
                widen(&scratch.bytes, starts, width, &mut scratch.wide);
                &scratch.wide
            } else if self.shifted > 0 {
                shift(&scratch.bytes[..n * width], starts, width, self.shifted, &mut scratch.wide);
                &scratch.wide
            } else {
                &scratch.bytes
            };
            layer.gates.apply(input, n, &mut scratch.gates);
            self.scan(starts, scratch);
        }
        let (arc, label) = (self.arc, self.label);
        let side = self.top.columns();
        resize(&mut scratch.top, n * side);
        self.top.apply(&scratch.bytes, n, &mut scratch.top);
        scratch.pair_bytes.resize(n * arc, 0);
        saturate_rows(&scratch.top[..n * side], side, &mut scratch.pair_bytes[..n * arc], arc);
        let across = self.pair.columns();
        resize(&mut scratch.query, n * across);
        self.pair.apply(&scratch.pair_bytes, n, &mut scratch.query);
        scratch.heads.clear();
        scratch.heads.resize(n, 0);
        scratch.hidden.resize(n * label, 0);
        for bounds in starts.windows(2) {
            let (from, count) = (bounds[0], bounds[1] - bounds[0]);
            let columns = (count + 1).next_multiple_of(BLOCK);
            let top = &scratch.top[from * side..(from + count) * side];
            resize(&mut scratch.heads_turned, arc * columns);
            turn_heads(top, side, arc, &self.root, columns, &mut scratch.heads_turned);
            resize(&mut scratch.arcs, count * columns);
            let queries = &scratch.query[from * across..(from + count) * across];
            score_heads(queries, across, &scratch.heads_turned, &self.buckets, columns, &mut scratch.arcs);
            let heads = &mut scratch.heads[from..from + count];
            best_of_rows(&scratch.arcs[..count * columns], columns, heads);
            into_tree(&scratch.arcs, columns, heads, &mut scratch.tree);
            let hidden = &mut scratch.hidden[from * label..(from + count) * label];
            join_halves(top, side, label, &self.label_root, heads, hidden);
        }
        let columns = self.labels.columns();
        resize(&mut scratch.scores, n * columns);
        self.labels.apply(&scratch.hidden, n, &mut scratch.scores);
        scratch.places.clear();
        scratch.places.resize(n, 0);
        best_of_rows(&scratch.scores[..n * columns], columns, &mut scratch.places);
        scratch.relations.clear();
        scratch.relations.extend(scratch.places.iter().zip(&scratch.heads).map(|(place, head)| match head {
            0 => Deprel::Root,
            _ => Deprel::from_index(*place as u8),
        }));
    }
}

/// A matrix whose inputs are bytes: a byte's step is worth 1/127.
fn per_byte(weights: &Weights) -> Weights {
    let mut weights = weights.clone();
    for scale in &mut weights.scales {
        *scale /= 127.0;
    }
    weights
}

/// A matrix some of whose outputs never win.
fn barred(weights: &Weights, bar: impl Fn(usize) -> bool) -> Weights {
    let mut weights = weights.clone();
    for (_, bias) in weights.bias.iter_mut().enumerate().filter(|(column, _)| bar(*column)) {
        *bias = f32::MIN;
    }
    weights
}

/// Each token's bytes between its neighbours'; beyond the ends of a piece is zero.
fn widen(bytes: &[u8], starts: &[usize], width: usize, wide: &mut Vec<u8>) {
    wide.clear();
    wide.resize(bytes.len() * 3, 128);
    for bounds in starts.windows(2) {
        for token in bounds[0]..bounds[1] {
            let to = &mut wide[token * 3 * width..(token + 1) * 3 * width];
            if token > bounds[0] {
                to[..width].copy_from_slice(&bytes[(token - 1) * width..token * width]);
            }
            to[width..2 * width].copy_from_slice(&bytes[token * width..(token + 1) * width]);
            if token + 1 < bounds[1] {
                to[2 * width..].copy_from_slice(&bytes[(token + 1) * width..(token + 2) * width]);
            }
        }
    }
}

/// Each token's bytes with some channels of each half taken from the token before and from the one after; zero beyond the ends.
fn shift(bytes: &[u8], starts: &[usize], width: usize, part: usize, shifted: &mut Vec<u8>) {
    shifted.clear();
    shifted.extend_from_slice(bytes);
    for bounds in starts.windows(2) {
        for token in bounds[0]..bounds[1] {
            for from in [0, width / 2] {
                let at = token * width + from;
                let before = &mut shifted[at..at + part];
                if token > bounds[0] {
                    before.copy_from_slice(&bytes[at - width..at - width + part]);
                } else {
                    before.fill(128);
                }
                let after = &mut shifted[at + part..at + 2 * part];
                if token + 1 < bounds[1] {
                    after.copy_from_slice(&bytes[at + width + part..at + width + 2 * part]);
                } else {
                    after.fill(128);
                }
            }
        }
    }
}

/// Makes a buffer long enough; what it holds is overwritten by whoever asks.
fn resize(buffer: &mut Vec<f32>, size: usize) {
    if buffer.len() < size {
        buffer.resize(size, 0.0);
    }
}
