//! Limits on rates: what a number of samples proves about them.

/// The smallest number of samples that proves a rate.
const ENOUGH: usize = 20;

/// One-sided 95 % of the normal distribution.
const Z: f64 = 1.645;

/// How often something happened, and how often it may.
pub(super) struct Rate {
    /// The number of samples.
    pub(super) samples: usize,
    /// Where it happened.
    pub(super) hits: usize,
    /// The share that Google tolerates.
    pub(super) allowed: f64,
}

impl Rate {
    /// True when the samples prove a higher rate than the tolerated one.
    pub(super) fn is_exceeded(&self) -> bool {
        self.samples >= ENOUGH && self.lower_bound() > self.allowed
    }

    /// The words of a warning about the number of its samples.
    pub(super) fn reservation(&self) -> String {
        if self.is_exceeded() {
            return String::new();
        }
        let percent = self.allowed * 100.0;
        format!("; this does not prove yet that it is more than {percent:.0} % of them")
    }

    /// The lower end of Wilson's interval: honest for small numbers, too.
    fn lower_bound(&self) -> f64 {
        let (n, p) = (self.samples as f64, self.hits as f64 / self.samples as f64);
        let square = Z * Z / n;
        let spread = Z * (p * (1.0 - p) / n + square / (4.0 * n)).sqrt();
        (p + square / 2.0 - spread) / (1.0 + square)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_over(hits: usize, samples: usize) -> bool {
        let allowed = 0.05;
        Rate {
            samples,
            hits,
            allowed,
        }
        .is_exceeded()
    }

    #[test]
    fn the_more_samples_the_less_has_to_be_over() {
        assert!(!is_over(19, 19), "too few to say anything");
        assert!(!is_over(2, 20) && is_over(3, 20));
        assert!(!is_over(8, 100) && is_over(10, 100));
        assert!(!is_over(0, 1000));
    }
}
