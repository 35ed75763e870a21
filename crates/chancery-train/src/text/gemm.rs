//! Products of matrices, the one place where training spends its time.
//!
//! Every element of a product is summed over the inner dimension from first to last with fused multiply-add, whatever the machine's
//! vectors look like: the same numbers come out on every machine that has such an instruction, and on those that emulate it.

/// A view of the left matrix: element `(row, inner)` is `data[row * row_step + inner * inner_step]`.
#[derive(Clone, Copy)]
pub struct Left<'a> {
    pub data: &'a [f32],
    pub row_step: usize,
    pub inner_step: usize,
}

impl<'a> Left<'a> {
    /// A row-major matrix with this many columns.
    pub fn rows(data: &'a [f32], columns: usize) -> Self {
        Self { data, row_step: columns, inner_step: 1 }
    }

    /// The transpose of a row-major matrix with this many columns.
    pub fn transposed(data: &'a [f32], columns: usize) -> Self {
        Self { data, row_step: 1, inner_step: columns }
    }
}

/// `out (rows × columns) += left (rows × inner) · right (inner × columns)`; `right` and `out` row-major, `columns` a multiple of 16.
pub fn multiply_add(out: &mut [f32], left: Left<'_>, right: &[f32], rows: usize, inner: usize, columns: usize) {
    assert!(columns.is_multiple_of(16), "columns are padded to whole vectors");
    assert!(out.len() >= rows * columns && right.len() >= inner * columns);
    if rows == 0 || inner == 0 {
        return;
    }
    assert!(left.data.len() > (rows - 1) * left.row_step + (inner - 1) * left.inner_step);
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            // SAFETY: the instructions are there, and the bounds of all three matrices were checked above.
            unsafe { wide::multiply_add(out, left, right, rows, inner, columns) };
            return;
        }
        if std::arch::is_x86_feature_detected!("fma") && std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the instructions are there; the code below is safe Rust.
            unsafe { with_fma(out, left, right, rows, inner, columns) };
            return;
        }
    }
    plain(out, left, right, rows, inner, columns);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_fma(out: &mut [f32], left: Left<'_>, right: &[f32], rows: usize, inner: usize, columns: usize) {
    plain(out, left, right, rows, inner, columns);
}

#[inline(always)]
fn plain(out: &mut [f32], left: Left<'_>, right: &[f32], rows: usize, inner: usize, columns: usize) {
    for row in 0..rows {
        for column in (0..columns).step_by(16) {
            let at = row * columns + column;
            let mut sums: [f32; 16] = out[at..at + 16].try_into().expect("sixteen elements");
            for k in 0..inner {
                let factor = left.data[row * left.row_step + k * left.inner_step];
                let from = &right[k * columns + column..][..16];
                for (sum, value) in sums.iter_mut().zip(from) {
                    *sum = factor.mul_add(*value, *sum);
                }
            }
            out[at..at + 16].copy_from_slice(&sums);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::Left;
    use std::arch::x86_64::{_mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_storeu_ps};

    #[target_feature(enable = "avx512f")]
    pub unsafe fn multiply_add(out: &mut [f32], left: Left<'_>, right: &[f32], rows: usize, inner: usize, columns: usize) {
        let mut column = 0;
        while column < columns {
            let pair = column + 32 <= columns;
            let mut row = 0;
            while row < rows {
                // SAFETY: the caller checked the bounds of all matrices; tiles stay inside `rows` and `columns`.
                unsafe {
                    if row + 8 <= rows {
                        if pair {
                            tile::<8, 2>(out, left, right, row, column, inner, columns);
                        } else {
                            tile::<8, 1>(out, left, right, row, column, inner, columns);
                        }
                        row += 8;
                    } else {
                        if pair {
                            tile::<1, 2>(out, left, right, row, column, inner, columns);
                        } else {
                            tile::<1, 1>(out, left, right, row, column, inner, columns);
                        }
                        row += 1;
                    }
                }
            }
            column += if pair { 32 } else { 16 };
        }
    }

    #[target_feature(enable = "avx512f")]
    #[inline]
    unsafe fn tile<const R: usize, const C: usize>(
        out: &mut [f32],
        left: Left<'_>,
        right: &[f32],
        row: usize,
        column: usize,
        inner: usize,
        columns: usize,
    ) {
        // SAFETY: the caller keeps `row + R`, `column + 16 C` and `inner` within the matrices.
        unsafe {
            let out = out.as_mut_ptr().add(row * columns + column);
            let left_at = left.data.as_ptr().add(row * left.row_step);
            let right_at = right.as_ptr().add(column);
            let mut sums = [[_mm512_set1_ps(0.0); C]; R];
            for (r, line) in sums.iter_mut().enumerate() {
                for (c, sum) in line.iter_mut().enumerate() {
                    *sum = _mm512_loadu_ps(out.add(r * columns + 16 * c));
                }
            }
            for k in 0..inner {
                let mut from = [_mm512_set1_ps(0.0); C];
                for (c, value) in from.iter_mut().enumerate() {
                    *value = _mm512_loadu_ps(right_at.add(k * columns + 16 * c));
                }
                for (r, line) in sums.iter_mut().enumerate() {
                    let factor = _mm512_set1_ps(*left_at.add(r * left.row_step + k * left.inner_step));
                    for (sum, value) in line.iter_mut().zip(&from) {
                        *sum = _mm512_fmadd_ps(factor, *value, *sum);
                    }
                }
            }
            for (r, line) in sums.iter().enumerate() {
                for (c, sum) in line.iter().enumerate() {
                    _mm512_storeu_ps(out.add(r * columns + 16 * c), *sum);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_sums_in_the_same_order() {
        let (rows, inner, columns) = (11, 7, 48);
        let a: Vec<f32> = (0..rows * inner).map(|i| (i as f32 * 0.37).sin()).collect();
        let b: Vec<f32> = (0..inner * columns).map(|i| (i as f32 * 0.11).cos()).collect();
        let mut fast = vec![0.5; rows * columns];
        let mut slow = fast.clone();
        multiply_add(&mut fast, Left::rows(&a, inner), &b, rows, inner, columns);
        plain(&mut slow, Left::rows(&a, inner), &b, rows, inner, columns);
        assert_eq!(fast, slow);
    }
}
