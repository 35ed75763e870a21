//! Products of small whole numbers, the one place where analysis spends its time.
//!
//! Inputs lie between -1 and 1 and are held as bytes around 128; weights are seven bits and a scale a column. Sums of such products are
//! exact in 32 bits, so AVX-512, AVX2 and plain code give the same bits.

use super::bytes::{Reader, Writer};
use crate::ModelError;

/// How many inputs are multiplied at once; inner dimensions are multiples of it.
const GROUP: usize = 4;
/// How many outputs share a vector; outputs are padded to multiples of it.
pub const LANES: usize = 16;

/// A matrix of weights as the file has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights {
    /// How many inputs.
    pub rows: usize,
    /// How many outputs, a multiple of sixteen.
    pub columns: usize,
    /// Row-major, each in -63..=63.
    pub values: Vec<i8>,
    /// What a weight of one is worth, a number a column.
    pub scales: Vec<f32>,
    /// Added to each output.
    pub bias: Vec<f32>,
}

impl Weights {
    /// Rounds a matrix to seven bits a weight.
    #[must_use]
    pub fn round(values: &[f32], bias: &[f32], rows: usize, columns: usize) -> Weights {
        let mut scales = vec![0.0f32; columns];
        for row in values.chunks_exact(columns) {
            for (scale, value) in scales.iter_mut().zip(row) {
                *scale = scale.max(value.abs());
            }
        }
        for scale in &mut scales {
            *scale = (*scale / 63.0).max(1e-12);
        }
        let mut rounded = Vec::with_capacity(rows * columns);
        for row in values.chunks_exact(columns) {
            rounded.extend(row.iter().zip(&scales).map(|(value, scale)| (value / scale).round().clamp(-63.0, 63.0) as i8));
        }
        Weights { rows, columns, values: rounded, scales, bias: bias.to_vec() }
    }

    /// Writes it.
    pub fn write(&self, out: &mut Writer) {
        out.u32(self.rows as u32);
        out.u32(self.columns as u32);
        out.i8s(&self.values);
        out.f32s(&self.scales);
        out.f32s(&self.bias);
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where the sizes do not fit each other.
    pub fn read(from: &mut Reader<'_>) -> Result<Weights, ModelError> {
        let (rows, columns) = (from.u32()? as usize, from.u32()? as usize);
        let weights = Weights { rows, columns, values: from.i8s()?, scales: from.f32s()?, bias: from.f32s()? };
        let fits = rows.is_multiple_of(GROUP)
            && columns.is_multiple_of(LANES)
            && rows.checked_mul(columns) == Some(weights.values.len())
            && weights.scales.len() == columns
            && weights.bias.len() == columns
            && weights.values.iter().all(|value| (-63..=63).contains(value));
        if fits { Ok(weights) } else { Err(ModelError::Damaged("a matrix does not fit its sizes")) }
    }
}

/// A matrix laid out for the product.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    rows: usize,
    columns: usize,
    /// For each sixteen outputs and each four inputs, sixteen times four weights.
    packed: Vec<i8>,
    /// 128 times the sum of each column: what the inputs' offset adds.
    offsets: Vec<i32>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Lays a matrix out.
    #[must_use]
    pub fn new(weights: &Weights) -> Linear {
        let (rows, columns) = (weights.rows, weights.columns);
        let mut packed = Vec::with_capacity(rows * columns);
        for block in (0..columns).step_by(LANES) {
            for group in (0..rows).step_by(GROUP) {
                for column in block..block + LANES {
                    for row in group..group + GROUP {
                        packed.push(weights.values[row * columns + column]);
                    }
                }
            }
        }
        let mut offsets = vec![0i32; columns];
        for row in weights.values.chunks_exact(columns) {
            for (offset, value) in offsets.iter_mut().zip(row) {
                *offset += 128 * i32::from(*value);
            }
        }
        Linear { rows, columns, packed, offsets, scales: weights.scales.clone(), bias: weights.bias.clone() }
    }

    /// How many inputs.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many outputs.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The scale and bias of each output.
    #[must_use]
    pub fn scale_and_bias(&self) -> (&[f32], &[f32]) {
        (&self.scales, &self.bias)
    }

    /// `out (count × columns) = scale · (input (count × rows) · weights) + bias`.
    pub fn apply(&self, input: &[u8], count: usize, out: &mut [f32]) {
        let input = &input[..count * self.rows];
        let out = &mut out[..count * self.columns];
        #[cfg(target_arch = "x86_64")]
        {
            if has_vnni() {
                // SAFETY: the instructions are there, and the slices have the sizes that the matrix says.
                unsafe { vnni::apply(self, input, count, out) };
                return;
            }
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the instructions are there, and the slices have the sizes that the matrix says.
                unsafe { avx2::apply(self, input, count, out) };
                return;
            }
        }
        self.apply_plainly(input, count, out);
    }

    /// The same in plain code; what the others are tested against.
    fn apply_plainly(&self, input: &[u8], count: usize, out: &mut [f32]) {
        let groups = self.rows / GROUP;
        for token in 0..count {
            let input = &input[token * self.rows..(token + 1) * self.rows];
            for block in 0..self.columns / LANES {
                let mut sums = [0i32; LANES];
                let weights = &self.packed[block * groups * LANES * GROUP..][..groups * LANES * GROUP];
                for (weights, input) in weights.chunks_exact(LANES * GROUP).zip(input.chunks_exact(GROUP)) {
                    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(GROUP)) {
                        for (weight, input) in weights.iter().zip(input) {
                            *sum += i32::from(*weight) * i32::from(*input);
                        }
                    }
                }
                let at = block * LANES;
                for (lane, sum) in sums.iter().enumerate() {
                    let exact = sum - self.offsets[at + lane];
                    out[token * self.columns + at + lane] = exact as f32 * self.scales[at + lane] + self.bias[at + lane];
                }
            }
        }
    }
}

/// The byte of a value between -1 and 1.
#[inline(always)]
#[must_use]
pub fn byte(value: f32) -> u8 {
    // Adding a large number rounds to the nearest whole one, halves to even, as every machine does.
    const ROUNDER: f32 = 12_582_912.0; // 1.5 * 2^23
    ((value * 127.0 + 128.0) + ROUNDER).to_bits() as u8
}

#[cfg(target_arch = "x86_64")]
fn has_vnni() -> bool {
    std::arch::is_x86_feature_detected!("avx512f")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512vnni")
}

#[cfg(target_arch = "x86_64")]
mod vnni {
    use super::{GROUP, LANES, Linear};
    use std::arch::x86_64::{
        _mm512_add_ps, _mm512_cvtepi32_ps, _mm512_dpbusd_epi32, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_mul_ps,
        _mm512_set1_epi32, _mm512_setzero_si512, _mm512_storeu_ps, _mm512_sub_epi32,
    };

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub unsafe fn apply(linear: &Linear, input: &[u8], count: usize, out: &mut [f32]) {
        let blocks = linear.columns / LANES;
        let mut block = 0;
        while block < blocks {
            let wide = (blocks - block).min(4);
            let mut token = 0;
            while token < count {
                let tall = if count - token >= 6 { 6 } else { 1 };
                // SAFETY: the caller gave slices of the matrix's sizes; tiles stay inside them.
                unsafe {
                    match (tall, wide) {
                        (6, 4) => tile::<6, 4>(linear, input, out, token, block),
                        (6, 3) => tile::<6, 3>(linear, input, out, token, block),
                        (6, 2) => tile::<6, 2>(linear, input, out, token, block),
                        (6, _) => tile::<6, 1>(linear, input, out, token, block),
                        (_, 4) => tile::<1, 4>(linear, input, out, token, block),
                        (_, 3) => tile::<1, 3>(linear, input, out, token, block),
                        (_, 2) => tile::<1, 2>(linear, input, out, token, block),
                        _ => tile::<1, 1>(linear, input, out, token, block),
                    }
                }
                token += tall;
            }
            block += wide;
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    #[inline]
    unsafe fn tile<const T: usize, const B: usize>(linear: &Linear, input: &[u8], out: &mut [f32], token: usize, block: usize) {
        let groups = linear.rows / GROUP;
        // SAFETY: `token + T` and `block + B` lie within the matrices, whose sizes the slices have.
        unsafe {
            let weights = linear.packed.as_ptr().add(block * groups * LANES * GROUP);
            let input = input.as_ptr().add(token * linear.rows);
            let mut sums = [[_mm512_setzero_si512(); B]; T];
            for group in 0..groups {
                let mut from = [_mm512_setzero_si512(); B];
                for (b, value) in from.iter_mut().enumerate() {
                    *value = _mm512_loadu_si512(weights.add((b * groups + group) * LANES * GROUP).cast());
                }
                for (t, line) in sums.iter_mut().enumerate() {
                    let four = input.add(t * linear.rows + group * GROUP).cast::<i32>().read_unaligned();
                    let four = _mm512_set1_epi32(four);
                    for (sum, value) in line.iter_mut().zip(&from) {
                        *sum = _mm512_dpbusd_epi32(*sum, four, *value);
                    }
                }
            }
            for b in 0..B {
                let at = (block + b) * LANES;
                let offset = _mm512_loadu_si512(linear.offsets.as_ptr().add(at).cast());
                let scale = _mm512_loadu_ps(linear.scales.as_ptr().add(at));
                let bias = _mm512_loadu_ps(linear.bias.as_ptr().add(at));
                for (t, line) in sums.iter().enumerate() {
                    let exact = _mm512_cvtepi32_ps(_mm512_sub_epi32(line[b], offset));
                    let value = _mm512_add_ps(_mm512_mul_ps(exact, scale), bias);
                    _mm512_storeu_ps(out.as_mut_ptr().add((token + t) * linear.columns + at), value);
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{GROUP, LANES, Linear};
    use std::arch::x86_64::{
        _mm256_add_epi32, _mm256_add_ps, _mm256_cvtepi32_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
        _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm256_storeu_ps,
        _mm256_sub_epi32,
    };

    #[target_feature(enable = "avx2")]
    pub unsafe fn apply(linear: &Linear, input: &[u8], count: usize, out: &mut [f32]) {
        for block in 0..linear.columns / LANES {
            let mut token = 0;
            while token < count {
                // SAFETY: the caller gave slices of the matrix's sizes; tiles stay inside them.
                unsafe {
                    if count - token >= 4 {
                        tile::<4>(linear, input, out, token, block);
                        token += 4;
                    } else {
                        tile::<1>(linear, input, out, token, block);
                        token += 1;
                    }
                }
            }
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    unsafe fn tile<const T: usize>(linear: &Linear, input: &[u8], out: &mut [f32], token: usize, block: usize) {
        let groups = linear.rows / GROUP;
        // SAFETY: `token + T` and `block` lie within the matrices, whose sizes the slices have. Pairs of products cannot overflow sixteen
        // bits: 2 * 255 * 63 < 32768.
        unsafe {
            let ones = _mm256_set1_epi16(1);
            let weights = linear.packed.as_ptr().add(block * groups * LANES * GROUP);
            let input = input.as_ptr().add(token * linear.rows);
            let mut sums = [[_mm256_setzero_si256(); 2]; T];
            for group in 0..groups {
                let at = weights.add(group * LANES * GROUP);
                let from = [_mm256_loadu_si256(at.cast()), _mm256_loadu_si256(at.add(32).cast())];
                for (t, line) in sums.iter_mut().enumerate() {
                    let four = input.add(t * linear.rows + group * GROUP).cast::<i32>().read_unaligned();
                    let four = _mm256_set1_epi32(four);
                    for (sum, value) in line.iter_mut().zip(&from) {
                        let pairs = _mm256_maddubs_epi16(four, *value);
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, ones));
                    }
                }
            }
            for half in 0..2 {
                let at = block * LANES + half * 8;
                let offset = _mm256_loadu_si256(linear.offsets.as_ptr().add(at).cast());
                let scale = _mm256_loadu_ps(linear.scales.as_ptr().add(at));
                let bias = _mm256_loadu_ps(linear.bias.as_ptr().add(at));
                for (t, line) in sums.iter().enumerate() {
                    let exact = _mm256_cvtepi32_ps(_mm256_sub_epi32(line[half], offset));
                    let value = _mm256_add_ps(_mm256_mul_ps(exact, scale), bias);
                    _mm256_storeu_ps(out.as_mut_ptr().add((token + t) * linear.columns + at), value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(rows: usize, columns: usize) -> Linear {
        let values: Vec<f32> = (0..rows * columns).map(|at| ((at * 7919 % 127) as f32 - 63.0) / 50.0).collect();
        let bias: Vec<f32> = (0..columns).map(|at| at as f32 / 9.0).collect();
        Linear::new(&Weights::round(&values, &bias, rows, columns))
    }

    #[test]
    fn every_machine_computes_the_same_bits() {
        for (rows, columns, count) in [(8, 16, 1), (128, 80, 7), (64, 96, 13)] {
            let linear = sample(rows, columns);
            for fill in [0u8, 1, 128, 255] {
                let input: Vec<u8> = (0..rows * count).map(|at| if fill == 1 { (at * 31 % 256) as u8 } else { fill }).collect();
                let mut plain = vec![0.0; count * columns];
                linear.apply_plainly(&input, count, &mut plain);
                let mut fast = vec![0.0; count * columns];
                linear.apply(&input, count, &mut fast);
                assert_eq!(fast, plain);
                #[cfg(target_arch = "x86_64")]
                if std::arch::is_x86_feature_detected!("avx2") {
                    let mut fast = vec![0.0; count * columns];
                    // SAFETY: the instructions are there, and the slices have the matrix's sizes.
                    unsafe { avx2::apply(&linear, &input, count, &mut fast) };
                    assert_eq!(fast, plain);
                }
            }
        }
    }

    #[test]
    fn bytes_are_rounded_values() {
        assert_eq!([byte(-1.0), byte(0.0), byte(1.0), byte(0.5), byte(-0.5)], [1, 128, 255, 192, 64]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let weights = Weights::round(&[0.5; 64], &[1.0; 16], 4, 16);
        let mut out = Writer::default();
        weights.write(&mut out);
        assert_eq!(Weights::read(&mut Reader::new(&out.bytes)).expect("what was written"), weights);
        assert!(Weights::read(&mut Reader::new(&out.bytes[..20])).is_err());
    }
}
