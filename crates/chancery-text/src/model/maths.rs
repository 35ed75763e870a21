//! The network's two curves, from additions, multiplications and divisions alone: the same bits on every machine.

/// A curve like the hyperbolic tangent: odd, slope 1 at zero, exactly ±1 from ±3 on.
#[inline(always)]
#[must_use]
pub fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    let square = x * x;
    x * (27.0 + square) / (27.0 + 9.0 * square)
}

/// A curve like the logistic function, from 0 (below -6) to 1 (above 6).
#[inline(always)]
#[must_use]
pub fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * saturate(0.5 * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curves_hit_their_corners() {
        assert_eq!([saturate(0.0), saturate(3.0), saturate(9.0), saturate(-9.0)], [0.0, 1.0, 1.0, -1.0]);
        assert_eq!([sigmoid(0.0), sigmoid(7.0), sigmoid(-7.0)], [0.5, 1.0, 0.0]);
        assert!((saturate(0.5) - 0.5f32.tanh()).abs() < 0.01);
    }
}
