//! The network in full precision: forward, and backward by hand.
//!
//! Embeddings of a form's keys are summed; layers of recurrent units whose gates see only the layer below (so that all products of
//! matrices are batched) read the sentence both ways; tags and features hang on the first layer, heads and relations on the last.

use super::gemm::{Left, multiply_add};
use super::maths::{Random, exp, ln, saturate, saturate_slope, sigmoid, sigmoid_slope};

/// Sizes of the network.
#[derive(Debug, Clone)]
pub struct Config {
    /// Width of embeddings and layers; each direction has half of it.
    pub width: usize,
    /// For each layer, whether its gates see the neighbours' inputs too.
    pub windows: Vec<bool>,
    /// Width of the vectors that heads are scored with.
    pub arc: usize,
    /// Width of the hidden layer that relations are scored with.
    pub label: usize,
    /// Outputs, padded to whole vectors.
    pub tags: usize,
    pub feats: usize,
    pub relations: usize,
    /// Shares of values that are dropped in training: embeddings, layers' outputs, hidden layers.
    pub drop_input: f32,
    pub drop_layer: f32,
    pub drop_hidden: f32,
}

/// One in so many channels of each half is the token's before, and as many the one's after.
pub const SHIFTED: usize = 16;

/// Buckets of distances between a token and its head.
pub const BUCKETS: usize = 32;

/// A matrix (or vector) that is learned, with its gradient and the optimiser's two averages.
#[derive(Debug, Clone, Default)]
pub struct Param {
    pub rows: usize,
    pub columns: usize,
    pub value: Vec<f32>,
    pub grad: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    flipped: Vec<f32>,
}

impl Param {
    fn new(rows: usize, columns: usize, deviation: f32, random: &mut Random) -> Param {
        let size = rows * columns;
        let value = (0..size).map(|_| if deviation == 0.0 { 0.0 } else { random.normal() * deviation }).collect();
        Param {
            rows,
            columns,
            value,
            grad: vec![0.0; size],
            first: vec![0.0; size],
            second: vec![0.0; size],
            flipped: Vec::new(),
        }
    }

    /// `out += input · self`.
    fn apply(&self, input: &[f32], out: &mut [f32]) {
        multiply_add(out, Left::rows(input, self.rows), &self.value, input.len() / self.rows, self.rows, self.columns);
    }

    /// Adds to the gradient, and `input_grad += out_grad · selfᵀ`.
    fn back(&mut self, input: &[f32], out_grad: &[f32], input_grad: Option<&mut [f32]>) {
        let count = input.len() / self.rows;
        multiply_add(&mut self.grad, Left::transposed(input, self.rows), out_grad, self.rows, count, self.columns);
        if let Some(input_grad) = input_grad {
            self.flipped.clear();
            self.flipped.resize(self.rows * self.columns, 0.0);
            for row in 0..self.rows {
                for column in 0..self.columns {
                    self.flipped[column * self.rows + row] = self.value[row * self.columns + column];
                }
            }
            multiply_add(input_grad, Left::rows(out_grad, self.columns), &self.flipped, count, self.columns, self.rows);
        }
    }

    fn add_bias(&self, out: &mut [f32]) {
        for row in out.chunks_exact_mut(self.columns) {
            for (value, bias) in row.iter_mut().zip(&self.value) {
                *value += bias;
            }
        }
    }

    fn back_bias(&mut self, out_grad: &[f32]) {
        for row in out_grad.chunks_exact(self.columns) {
            for (grad, value) in self.grad.iter_mut().zip(row) {
                *grad += value;
            }
        }
    }

    fn step(&mut self, range: std::ops::Range<usize>, step: &Step) {
        let (value, grad) = (&mut self.value[range.clone()], &mut self.grad[range.clone()]);
        let (first, second) = (&mut self.first[range.clone()], &mut self.second[range]);
        for (((value, grad), first), second) in value.iter_mut().zip(grad).zip(first).zip(second) {
            let slope = *grad * step.scale;
            *grad = 0.0;
            *first = step.beta1 * *first + (1.0 - step.beta1) * slope;
            *second = step.beta2 * *second + (1.0 - step.beta2) * slope * slope;
            *value -= step.rate * (*first * step.correct1) / ((*second * step.correct2).sqrt() + 1e-8) + step.decay * *value;
        }
    }
}

struct Step {
    rate: f32,
    scale: f32,
    beta1: f32,
    beta2: f32,
    correct1: f32,
    correct2: f32,
    decay: f32,
}

/// One layer: gates from its input, then the running averages of both directions.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    pub window: bool,
    pub weights: Param,
    pub bias: Param,
}

/// The network.
#[derive(Debug, Clone)]
pub struct Net {
    pub config: Config,
    pub embeddings: Param,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    pub layers: Vec<Layer>,
    pub tags: Param,
    pub tags_bias: Param,
    pub feats: Param,
    pub feats_bias: Param,
    pub dependent: Param,
    pub dependent_bias: Param,
    pub head: Param,
    pub head_bias: Param,
    pub pair: Param,
    pub prior: Param,
    pub root: Param,
    pub distance: Param,
    pub distance_bias: Param,
    pub label_dependent: Param,
    pub label_head: Param,
    pub label_bias: Param,
    pub label_root: Param,
    pub labels: Param,
    pub labels_bias: Param,
    steps: i32,
}

/// Several sentences one after another.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    /// Rows of the embedding table, all tokens'; where each token's begin.
    pub keys: Vec<u32>,
    pub key_starts: Vec<u32>,
    /// Where each sentence begins; the last entry is the number of tokens.
    pub starts: Vec<usize>,
    pub heads: Vec<u16>,
    pub relations: Vec<u8>,
    pub tags: Vec<u16>,
    pub feats: Vec<u16>,
}

impl Batch {
    pub fn tokens(&self) -> usize {
        self.key_starts.len().saturating_sub(1)
    }
}

/// Sums of losses and of right answers.
#[derive(Debug, Default, Clone, Copy)]
pub struct Losses {
    pub tokens: usize,
    pub tag: f64,
    pub feat: f64,
    pub arc: f64,
    pub label: f64,
}

#[derive(Debug, Default, Clone)]
struct LayerState {
    input: Vec<f32>,
    gates: Vec<f32>,
    cells: Vec<f32>,
    out: Vec<f32>,
    mask: Vec<f32>,
    dropped: Vec<f32>,
}

/// What a forward pass leaves for the backward one, and for reading.
#[derive(Debug, Default, Clone)]
pub struct State {
    sums: Vec<f32>,
    mask: Vec<f32>,
    inputs: Vec<f32>,
    layers: Vec<LayerState>,
    pub tag_scores: Vec<f32>,
    pub feat_scores: Vec<f32>,
    dependent_sum: Vec<f32>,
    head_sum: Vec<f32>,
    dependent: Vec<f32>,
    head: Vec<f32>,
    dependent_mask: Vec<f32>,
    head_mask: Vec<f32>,
    query: Vec<f32>,
    near: Vec<f32>,
    pub label_dependent: Vec<f32>,
    pub label_head: Vec<f32>,
    pub arc_scores: Vec<Vec<f32>>,
    label_hidden_sum: Vec<f32>,
    label_hidden: Vec<f32>,
    label_mask: Vec<f32>,
    pub label_scores: Vec<f32>,
}

/// The bucket of a head that stands `offset` tokens after its dependent (before it where negative).
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

fn padded(count: usize) -> usize {
    count.next_multiple_of(16)
}

impl Net {
    pub fn new(config: Config, rows: usize, random: &mut Random) -> Net {
        let width = config.width;
        let layers = config
            .windows
            .iter()
            .map(|window| {
                let inputs = if *window { 3 * width } else { width };
                let weights = Param::new(inputs, 3 * width, (1.5 / inputs as f32).sqrt(), random);
                let mut bias = Param::new(1, 3 * width, 0.0, random);
                // The highway gates begin half shut, so that what is below passes through.
                for direction in 0..2 {
                    let half = width / 2;
                    for unit in 0..half {
                        bias.value[direction * 3 * half + 2 * half + unit] = -0.5;
                    }
                }
                Layer { window: *window, weights, bias }
            })
            .collect();
        let mut matrix = |rows: usize, columns: usize| Param::new(rows, columns, (1.0 / rows as f32).sqrt(), random);
        let (tags, feats) = (matrix(width, config.tags), matrix(width, config.feats));
        let (dependent, head, pair) = (matrix(width, config.arc), matrix(width, config.arc), matrix(config.arc, config.arc));
        let (label_dependent, label_head) = (matrix(width, config.label), matrix(width, config.label));
        let labels = matrix(config.label, config.relations);
        let mut zero = |columns: usize| Param::new(1, columns, 0.0, random);
        let (tags_bias, feats_bias) = (zero(config.tags), zero(config.feats));
        let (dependent_bias, head_bias, prior) = (zero(config.arc), zero(config.arc), zero(config.arc));
        let (label_bias, labels_bias, distance_bias) = (zero(config.label), zero(config.relations), zero(BUCKETS));
        let root = Param::new(1, config.arc, 0.2, random);
        let label_root = Param::new(1, config.label, 0.2, random);
        let distance = Param::new(config.arc, BUCKETS, 0.05, random);
        let embeddings = Param::new(rows, width, 0.12, random);
        Net {
            config,
            embeddings,
            touched: Vec::new(),
            is_touched: vec![false; rows],
            layers,
            tags,
            tags_bias,
            feats,
            feats_bias,
            dependent,
            dependent_bias,
            head,
            head_bias,
            pair,
            prior,
            root,
            distance,
            distance_bias,
            label_dependent,
            label_head,
            label_bias,
            label_root,
            labels,
            labels_bias,
            steps: 0,
        }
    }

    /// All scores of a batch; with a generator, values are dropped as in training.
    pub fn forward(&self, batch: &Batch, state: &mut State, mut random: Option<&mut Random>) {
        let width = self.config.width;
        let n = batch.tokens();
        // Embeddings.
        fill(&mut state.sums, n * width);
        for token in 0..n {
            let sum = &mut state.sums[token * width..(token + 1) * width];
            for key in &batch.keys[batch.key_starts[token] as usize..batch.key_starts[token + 1] as usize] {
                let row = &self.embeddings.value[*key as usize * width..(*key as usize + 1) * width];
                for (sum, value) in sum.iter_mut().zip(row) {
                    *sum += value;
                }
            }
        }
        state.inputs.clear();
        state.inputs.extend(state.sums.iter().map(|x| saturate(*x)));
        sentence_mask(&mut state.mask, batch, width, self.config.drop_input, random.as_deref_mut());
        scale(&mut state.inputs, &state.mask);
        // Layers.
        let mut layers = std::mem::take(&mut state.layers);
        layers.resize_with(self.layers.len(), LayerState::default);
        for at in 0..self.layers.len() {
            let (below, rest) = layers.split_at_mut(at);
            let input = below.last().map_or(&state.inputs, |below| &below.dropped);
            self.layers[at].forward(input, batch, width, &mut rest[0]);
            sentence_mask(&mut rest[0].mask, batch, width, self.config.drop_layer, random.as_deref_mut());
            rest[0].dropped.clear();
            let (out, mask) = (&rest[0].out, &rest[0].mask);
            rest[0].dropped = out.iter().zip(mask).map(|(out, mask)| out * mask).collect();
        }
        state.layers = layers;
        // Tags and features.
        let first = &state.layers[0].dropped;
        scores(&mut state.tag_scores, first, &self.tags, &self.tags_bias, n);
        scores(&mut state.feat_scores, first, &self.feats, &self.feats_bias, n);
        // Heads.
        let last = &state.layers[self.layers.len() - 1].dropped;
        let arc = self.config.arc;
        scores(&mut state.dependent_sum, last, &self.dependent, &self.dependent_bias, n);
        scores(&mut state.head_sum, last, &self.head, &self.head_bias, n);
        hidden(
            &mut state.dependent,
            &state.dependent_sum,
            &mut state.dependent_mask,
            self.config.drop_hidden,
            random.as_deref_mut(),
        );
        hidden(&mut state.head, &state.head_sum, &mut state.head_mask, self.config.drop_hidden, random);
        scores(&mut state.query, &state.dependent, &self.pair, &self.prior, n);
        scores(&mut state.near, &state.dependent, &self.distance, &self.distance_bias, n);
        state.arc_scores.resize(batch.starts.len() - 1, Vec::new());
        let mut turned = Vec::new();
        for (sentence, bounds) in batch.starts.windows(2).enumerate() {
            let (from, count) = (bounds[0], bounds[1] - bounds[0]);
            let columns = padded(count + 1);
            // Heads as columns: the root first.
            fill(&mut turned, arc * columns);
            for unit in 0..arc {
                turned[unit * columns] = self.root.value[unit];
                for token in 0..count {
                    turned[unit * columns + 1 + token] = state.head[(from + token) * arc + unit];
                }
            }
            let out = &mut state.arc_scores[sentence];
            fill(out, count * columns);
            let query = &state.query[from * arc..(from + count) * arc];
            multiply_add(out, Left::rows(query, arc), &turned, count, arc, columns);
            for token in 0..count {
                let near = &state.near[(from + token) * BUCKETS..][..BUCKETS];
                for head in 0..count {
                    out[token * columns + 1 + head] += near[bucket(head as isize - token as isize)];
                }
            }
        }
        // Relations: halves of the hidden layer, joined once the heads are known.
        fill(&mut state.label_dependent, n * self.config.label);
        fill(&mut state.label_head, n * self.config.label);
        self.label_dependent.apply(last, &mut state.label_dependent);
        self.label_bias.add_bias(&mut state.label_dependent);
        self.label_head.apply(last, &mut state.label_head);
    }

    /// Scores of relations for given heads (0 is the root).
    pub fn label(&self, batch: &Batch, heads: &[u16], state: &mut State, random: Option<&mut Random>) {
        let label = self.config.label;
        let n = batch.tokens();
        state.label_hidden_sum.clear();
        state.label_hidden_sum.extend_from_slice(&state.label_dependent);
        for bounds in batch.starts.windows(2) {
            for (token, head) in heads.iter().enumerate().take(bounds[1]).skip(bounds[0]) {
                let head = match *head {
                    0 => &self.label_root.value[..],
                    head => &state.label_head[(bounds[0] + head as usize - 1) * label..][..label],
                };
                for (sum, value) in state.label_hidden_sum[token * label..(token + 1) * label].iter_mut().zip(head) {
                    *sum += value;
                }
            }
        }
        hidden(&mut state.label_hidden, &state.label_hidden_sum, &mut state.label_mask, self.config.drop_hidden, random);
        scores(&mut state.label_scores, &state.label_hidden, &self.labels, &self.labels_bias, n);
    }

    /// Forward and backward over a batch; gradients are summed over its tokens.
    pub fn learn(&mut self, batch: &Batch, state: &mut State, random: &mut Random, losses: &mut Losses) {
        self.forward(batch, state, Some(random));
        self.label(batch, &batch.heads, state, Some(random));
        let n = batch.tokens();
        let (width, arc, label) = (self.config.width, self.config.arc, self.config.label);
        losses.tokens += n;
        // Tags and features.
        let mut tag_grad = std::mem::take(&mut state.tag_scores);
        let mut feat_grad = std::mem::take(&mut state.feat_scores);
        let mut label_grad = std::mem::take(&mut state.label_scores);
        for token in 0..n {
            losses.tag += cross_entropy(&mut tag_grad[token * self.config.tags..][..self.config.tags], batch.tags[token], 1.0);
            losses.feat +=
                cross_entropy(&mut feat_grad[token * self.config.feats..][..self.config.feats], batch.feats[token], 0.3);
            let relation = u16::from(batch.relations[token]);
            losses.label +=
                cross_entropy(&mut label_grad[token * self.config.relations..][..self.config.relations], relation, 0.7);
        }
        let top = self.layers.len() - 1;
        let mut first_grad = vec![0.0; n * width];
        {
            let first = &state.layers[0].dropped;
            self.tags.back(first, &tag_grad, Some(&mut first_grad));
            self.tags_bias.back_bias(&tag_grad);
            self.feats.back(first, &feat_grad, Some(&mut first_grad));
            self.feats_bias.back_bias(&feat_grad);
        }
        let mut last_grad = vec![0.0; n * width];
        // Relations.
        let mut hidden_grad = vec![0.0; n * label];
        self.labels.back(&state.label_hidden, &label_grad, Some(&mut hidden_grad));
        self.labels_bias.back_bias(&label_grad);
        hidden_back(&mut hidden_grad, &state.label_hidden_sum, &state.label_mask);
        let mut label_head_grad = vec![0.0; n * label];
        for bounds in batch.starts.windows(2) {
            for token in bounds[0]..bounds[1] {
                let from = &hidden_grad[token * label..(token + 1) * label];
                let to = match batch.heads[token] {
                    0 => &mut self.label_root.grad[..],
                    head => &mut label_head_grad[(bounds[0] + head as usize - 1) * label..][..label],
                };
                for (to, from) in to.iter_mut().zip(from) {
                    *to += from;
                }
            }
        }
        {
            let last = &state.layers[top].dropped;
            self.label_dependent.back(last, &hidden_grad, Some(&mut last_grad));
            self.label_bias.back_bias(&hidden_grad);
            self.label_head.back(last, &label_head_grad, Some(&mut last_grad));
        }
        // Heads.
        let mut query_grad = vec![0.0; n * arc];
        let mut head_grad = vec![0.0; n * arc];
        let mut near_grad = vec![0.0; n * BUCKETS];
        let mut all_heads = Vec::new();
        let mut all_grad = Vec::new();
        for (sentence, bounds) in batch.starts.windows(2).enumerate() {
            let (from, count) = (bounds[0], bounds[1] - bounds[0]);
            let columns = padded(count + 1);
            let grad = &mut state.arc_scores[sentence];
            for token in 0..count {
                let row = &mut grad[token * columns..(token + 1) * columns];
                row[1 + token] = -1e9; // nobody heads himself
                losses.arc += cross_entropy(&mut row[..=count], batch.heads[from + token], 1.0);
                row[count + 1..].fill(0.0);
                let near = &mut near_grad[(from + token) * BUCKETS..][..BUCKETS];
                for head in 0..count {
                    near[bucket(head as isize - token as isize)] += row[1 + head];
                }
            }
            fill(&mut all_heads, columns * arc);
            all_heads[..arc].copy_from_slice(&self.root.value);
            all_heads[arc..(count + 1) * arc].copy_from_slice(&state.head[from * arc..(from + count) * arc]);
            let query = &mut query_grad[from * arc..(from + count) * arc];
            multiply_add(query, Left::rows(grad, columns), &all_heads, count, columns, arc);
            fill(&mut all_grad, columns * arc);
            let query = &state.query[from * arc..(from + count) * arc];
            multiply_add(&mut all_grad, Left::transposed(grad, columns), query, columns, count, arc);
            for (to, from) in self.root.grad.iter_mut().zip(&all_grad[..arc]) {
                *to += from;
            }
            head_grad[from * arc..(from + count) * arc].copy_from_slice(&all_grad[arc..(count + 1) * arc]);
        }
        let mut dependent_grad = vec![0.0; n * arc];
        self.pair.back(&state.dependent, &query_grad, Some(&mut dependent_grad));
        self.prior.back_bias(&query_grad);
        self.distance.back(&state.dependent, &near_grad, Some(&mut dependent_grad));
        self.distance_bias.back_bias(&near_grad);
        hidden_back(&mut dependent_grad, &state.dependent_sum, &state.dependent_mask);
        hidden_back(&mut head_grad, &state.head_sum, &state.head_mask);
        {
            let last = &state.layers[top].dropped;
            self.dependent.back(last, &dependent_grad, Some(&mut last_grad));
            self.dependent_bias.back_bias(&dependent_grad);
            self.head.back(last, &head_grad, Some(&mut last_grad));
            self.head_bias.back_bias(&head_grad);
        }
        // Layers, from the last to the first.
        let mut grad = last_grad;
        for at in (0..self.layers.len()).rev() {
            if at == 0 {
                for (grad, more) in grad.iter_mut().zip(&first_grad) {
                    *grad += more;
                }
            }
            scale(&mut grad, &state.layers[at].mask);
            let (below, rest) = state.layers.split_at_mut(at);
            let input = below.last().map_or(&state.inputs, |below| &below.dropped);
            grad = self.layers[at].backward(input, &grad, batch, width, &mut rest[0]);
        }
        // Embeddings.
        scale(&mut grad, &state.mask);
        for (grad, sum) in grad.iter_mut().zip(&state.sums) {
            *grad *= saturate_slope(*sum);
        }
        for token in 0..n {
            let from = &grad[token * width..(token + 1) * width];
            for key in &batch.keys[batch.key_starts[token] as usize..batch.key_starts[token + 1] as usize] {
                if !self.is_touched[*key as usize] {
                    self.is_touched[*key as usize] = true;
                    self.touched.push(*key);
                }
                let to = &mut self.embeddings.grad[*key as usize * width..(*key as usize + 1) * width];
                for (to, from) in to.iter_mut().zip(from) {
                    *to += from;
                }
            }
        }
    }

    /// Every learned matrix but the embeddings.
    pub fn dense(&mut self) -> Vec<&mut Param> {
        let mut list: Vec<&mut Param> = Vec::new();
        for layer in &mut self.layers {
            list.push(&mut layer.weights);
            list.push(&mut layer.bias);
        }
        list.extend([
            &mut self.tags,
            &mut self.tags_bias,
            &mut self.feats,
            &mut self.feats_bias,
            &mut self.dependent,
            &mut self.dependent_bias,
            &mut self.head,
            &mut self.head_bias,
            &mut self.pair,
            &mut self.prior,
            &mut self.root,
            &mut self.distance,
            &mut self.distance_bias,
            &mut self.label_dependent,
            &mut self.label_head,
            &mut self.label_bias,
            &mut self.label_root,
            &mut self.labels,
            &mut self.labels_bias,
        ]);
        list
    }

    /// One step of Adam over what has gathered; `tokens` scales the sums to means.
    pub fn step(&mut self, rate: f32, tokens: usize) {
        self.steps += 1;
        let mut square = 0.0f64;
        let width = self.config.width;
        let touched = std::mem::take(&mut self.touched);
        for param in self.dense() {
            square += param.grad.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>();
        }
        for row in &touched {
            square +=
                self.embeddings.grad[*row as usize * width..][..width].iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>();
        }
        let mean = 1.0 / tokens.max(1) as f32;
        let norm = square.sqrt() as f32 * mean;
        let clip = if norm > 2.0 { 2.0 / norm } else { 1.0 };
        let (beta1, beta2) = (0.9f32, 0.98f32);
        let mut step = Step {
            rate,
            scale: mean * clip,
            beta1,
            beta2,
            correct1: 1.0 / (1.0 - beta1.powi(self.steps)),
            correct2: 1.0 / (1.0 - beta2.powi(self.steps)),
            decay: rate * 1e-3,
        };
        for param in self.dense() {
            let size = param.value.len();
            step.decay = if param.rows > 1 { rate * 1e-3 } else { 0.0 };
            param.step(0..size, &step);
        }
        step.decay = 0.0;
        for row in &touched {
            let row = *row as usize;
            self.embeddings.step(row * width..(row + 1) * width, &step);
            self.is_touched[row] = false;
        }
        self.touched = touched;
        self.touched.clear();
    }
}

impl Layer {
    fn forward(&self, input: &[f32], batch: &Batch, width: usize, state: &mut LayerState) {
        let n = batch.tokens();
        let half = width / 2;
        gather(input, batch, width, self.window, &mut state.input);
        fill(&mut state.gates, n * 3 * width);
        self.weights.apply(&state.input, &mut state.gates);
        self.bias.add_bias(&mut state.gates);
        fill(&mut state.cells, n * width);
        fill(&mut state.out, n * width);
        let mut cell = vec![0.0f32; half];
        for bounds in batch.starts.windows(2) {
            for direction in 0..2 {
                cell.fill(0.0);
                for step in 0..bounds[1] - bounds[0] {
                    let token = if direction == 0 { bounds[0] + step } else { bounds[1] - 1 - step };
                    let gates = &state.gates[token * 3 * width + direction * 3 * half..][..3 * half];
                    let (fresh, rest) = gates.split_at(half);
                    let (forget, high) = rest.split_at(half);
                    let input = &input[token * width + direction * half..][..half];
                    let out = &mut state.out[token * width + direction * half..][..half];
                    for unit in 0..half {
                        let f = sigmoid(forget[unit]);
                        let r = sigmoid(high[unit]);
                        cell[unit] = f * cell[unit] + (1.0 - f) * saturate(fresh[unit]);
                        out[unit] = r * cell[unit] + (1.0 - r) * input[unit];
                    }
                    state.cells[token * width + direction * half..][..half].copy_from_slice(&cell);
                }
            }
        }
    }

    fn backward(&mut self, input: &[f32], grad: &[f32], batch: &Batch, width: usize, state: &mut LayerState) -> Vec<f32> {
        let n = batch.tokens();
        let half = width / 2;
        let mut input_grad = vec![0.0f32; n * width];
        let mut gate_grad = vec![0.0f32; n * 3 * width];
        let mut carried = vec![0.0f32; half];
        let zero = vec![0.0f32; half];
        for bounds in batch.starts.windows(2) {
            let count = bounds[1] - bounds[0];
            for direction in 0..2 {
                carried.fill(0.0);
                for step in (0..count).rev() {
                    let token = if direction == 0 { bounds[0] + step } else { bounds[1] - 1 - step };
                    let at = token * width + direction * half;
                    let gates = &state.gates[token * 3 * width + direction * 3 * half..][..3 * half];
                    let before = match step {
                        0 => &zero[..],
                        _ => {
                            let before = if direction == 0 { token - 1 } else { token + 1 };
                            &state.cells[before * width + direction * half..][..half]
                        }
                    };
                    let cell = &state.cells[at..at + half];
                    let below = &input[at..at + half];
                    let out_grad = &grad[at..at + half];
                    let below_grad = &mut input_grad[at..at + half];
                    let to = &mut gate_grad[token * 3 * width + direction * 3 * half..][..3 * half];
                    let (to_fresh, rest) = to.split_at_mut(half);
                    let (to_forget, to_high) = rest.split_at_mut(half);
                    for unit in 0..half {
                        let (fresh, forget, high) = (gates[unit], gates[half + unit], gates[2 * half + unit]);
                        let f = sigmoid(forget);
                        let r = sigmoid(high);
                        let z = saturate(fresh);
                        let g = out_grad[unit];
                        to_high[unit] = g * (cell[unit] - below[unit]) * sigmoid_slope(high);
                        below_grad[unit] = g * (1.0 - r);
                        let c = g * r + carried[unit];
                        to_fresh[unit] = c * (1.0 - f) * saturate_slope(fresh);
                        to_forget[unit] = c * (before[unit] - z) * sigmoid_slope(forget);
                        carried[unit] = c * f;
                    }
                }
            }
        }
        let inputs = self.weights.rows;
        let mut wide_grad = vec![0.0f32; n * inputs];
        self.weights.back(&state.input, &gate_grad, Some(&mut wide_grad));
        self.bias.back_bias(&gate_grad);
        if self.window {
            for bounds in batch.starts.windows(2) {
                for token in bounds[0]..bounds[1] {
                    for (part, offset) in [-1isize, 0, 1].into_iter().enumerate() {
                        let other = token as isize + offset;
                        if other >= bounds[0] as isize && other < bounds[1] as isize {
                            let from = &wide_grad[token * inputs + part * width..][..width];
                            let to = &mut input_grad[other as usize * width..][..width];
                            for (to, from) in to.iter_mut().zip(from) {
                                *to += from;
                            }
                        }
                    }
                }
            }
        } else {
            for bounds in batch.starts.windows(2) {
                for token in bounds[0]..bounds[1] {
                    for (other, channels) in shifts(token, bounds, width) {
                        let from = &mut wide_grad[token * width..][channels.clone()];
                        if let Some(other) = other {
                            for (to, from) in input_grad[other * width..][channels].iter_mut().zip(&*from) {
                                *to += from;
                            }
                        }
                        from.fill(0.0);
                    }
                }
            }
            for (to, from) in input_grad.iter_mut().zip(&wide_grad) {
                *to += from;
            }
        }
        input_grad
    }
}

/// A layer's input as its gates see it: alone, or between its neighbours'.
fn gather(input: &[f32], batch: &Batch, width: usize, window: bool, out: &mut Vec<f32>) {
    if !window {
        out.clear();
        out.extend_from_slice(input);
        for bounds in batch.starts.windows(2) {
            for token in bounds[0]..bounds[1] {
                for (other, channels) in shifts(token, bounds, width) {
                    let to = &mut out[token * width..][channels.clone()];
                    match other {
                        Some(other) => to.copy_from_slice(&input[other * width..][channels]),
                        None => to.fill(0.0),
                    }
                }
            }
        }
        return;
    }
    fill(out, batch.tokens() * 3 * width);
    for bounds in batch.starts.windows(2) {
        for token in bounds[0]..bounds[1] {
            for (part, offset) in [-1isize, 0, 1].into_iter().enumerate() {
                let other = token as isize + offset;
                if other >= bounds[0] as isize && other < bounds[1] as isize {
                    let other = other as usize;
                    out[(token * 3 + part) * width..][..width].copy_from_slice(&input[other * width..][..width]);
                }
            }
        }
    }
}

/// The channels of a layer's input that gates see of a neighbour's instead of the token's own, and which neighbour.
fn shifts(token: usize, bounds: &[usize], width: usize) -> [(Option<usize>, std::ops::Range<usize>); 4] {
    let (half, part) = (width / 2, width / SHIFTED);
    let before = (token > bounds[0]).then(|| token - 1);
    let after = (token + 1 < bounds[1]).then_some(token + 1);
    [(before, 0..part), (after, part..2 * part), (before, half..half + part), (after, half + part..half + 2 * part)]
}

fn fill(buffer: &mut Vec<f32>, size: usize) {
    buffer.clear();
    buffer.resize(size, 0.0);
}

fn scale(values: &mut [f32], mask: &[f32]) {
    for (value, mask) in values.iter_mut().zip(mask) {
        *value *= mask;
    }
}

fn scores(out: &mut Vec<f32>, input: &[f32], weights: &Param, bias: &Param, n: usize) {
    fill(out, n * weights.columns);
    weights.apply(input, out);
    bias.add_bias(out);
}

/// A mask that is the same for all tokens of a sentence; ones where nothing is dropped.
fn sentence_mask(mask: &mut Vec<f32>, batch: &Batch, width: usize, drop: f32, random: Option<&mut Random>) {
    mask.clear();
    let Some(random) = random.filter(|_| drop > 0.0) else {
        mask.resize(batch.tokens() * width, 1.0);
        return;
    };
    let keep = 1.0 / (1.0 - drop);
    for bounds in batch.starts.windows(2) {
        let from = mask.len();
        mask.extend((0..width).map(|_| if random.chance(drop) { 0.0 } else { keep }));
        for _ in bounds[0] + 1..bounds[1] {
            mask.extend_from_within(from..from + width);
        }
    }
}

fn hidden(out: &mut Vec<f32>, sums: &[f32], mask: &mut Vec<f32>, drop: f32, random: Option<&mut Random>) {
    out.clear();
    out.extend(sums.iter().map(|x| saturate(*x)));
    mask.clear();
    match random.filter(|_| drop > 0.0) {
        None => mask.resize(sums.len(), 1.0),
        Some(random) => {
            let keep = 1.0 / (1.0 - drop);
            mask.extend((0..sums.len()).map(|_| if random.chance(drop) { 0.0 } else { keep }));
            scale(out, mask);
        }
    }
}

fn hidden_back(grad: &mut [f32], sums: &[f32], mask: &[f32]) {
    for ((grad, sum), mask) in grad.iter_mut().zip(sums).zip(mask) {
        *grad *= mask * saturate_slope(*sum);
    }
}

/// Turns scores into the gradient of the loss against the class, times `weight`; no class, no gradient.
fn cross_entropy(scores: &mut [f32], class: u16, weight: f32) -> f64 {
    let class = class as usize;
    if class >= scores.len() {
        scores.fill(0.0);
        return 0.0;
    }
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - most);
        sum += *score;
    }
    let scale = 1.0 / sum;
    let share = scores[class] * scale;
    for score in scores.iter_mut() {
        *score *= scale * weight;
    }
    scores[class] -= weight;
    f64::from(-ln(share))
}
