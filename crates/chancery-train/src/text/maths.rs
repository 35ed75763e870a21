//! Functions that both training and use of the model compute, and the generator of its random numbers.

pub use chancery_text::model::maths::{saturate, sigmoid};

/// The slope of [`saturate`] at `x`.
#[inline]
pub fn saturate_slope(x: f32) -> f32 {
    let square = x * x;
    if square >= 9.0 {
        return 0.0;
    }
    let ratio = (square - 9.0) / (square + 3.0);
    ratio * ratio / 9.0
}

/// The slope of [`sigmoid`] at `x`.
#[inline]
pub fn sigmoid_slope(x: f32) -> f32 {
    0.25 * saturate_slope(0.5 * x)
}

/// `e^x` by its own polynomial: libraries differ from machine to machine.
#[inline]
pub fn exp(x: f32) -> f32 {
    let scaled = (x * std::f32::consts::LOG2_E).clamp(-120.0, 120.0);
    let whole = scaled.round();
    let part = scaled - whole;
    let p = 1.0
        + part
            * (std::f32::consts::LN_2
                + part
                    * (0.240_226_5
                        + part * (0.055_504_11 + part * (0.009_618_129 + part * (0.001_333_355_8 + part * 0.000_154_035_3)))));
    p * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// Logarithms are only reported, never learned from.
pub fn ln(x: f32) -> f32 {
    x.max(1e-30).ln()
}

/// SplitMix64: small, and the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `0..1`.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// Roughly normal with deviation 1: the sum of twelve uniform numbers less six.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
