//! Limits on rates: what a number of samples proves about them.

/// The smallest number of samples that proves a rate.
const ENOUGH: usize = 20;

/// Of partners that are exactly at the limit at most this share is failed by chance.
const DOUBT: f64 = 0.05;

/// How often something happened, and how often it may.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    /// The number of samples.
    pub(super) samples: usize,
    /// Where it happened.
    pub(super) hits: usize,
    /// The share that Google tolerates.
    pub(super) allowed: f64,
}

impl Rate {
    /// True when the samples prove a higher rate than the tolerated one: the lower end of the exact interval of Clopper
    /// and Pearson, one-sided 95 %, lies above it.
    pub(super) fn is_exceeded(&self) -> bool {
        self.samples >= ENOUGH && self.lower_bound() > self.allowed
    }

    /// What the samples say about the tolerated rate, for a finding. Samples of one run hang together, so no more is said
    /// than what was seen in it.
    pub(super) fn verdict(&self) -> String {
        let allowed = self.allowed * 100.0;
        if self.is_exceeded() {
            let proven = self.lower_bound() * 100.0;
            return format!(
                "in this run that is more than {proven:.1} % with 95 % confidence; Google tolerates less than {allowed:.0} %"
            );
        }
        format!("in this run that does not prove more than the {allowed:.0} % that Google tolerates")
    }

    /// The lowest rate at which so many hits are not yet a surprise.
    fn lower_bound(&self) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        // Each turn halves the interval; what is left after fifty is smaller than any rounding.
        for _ in 0..50 {
            let middle = f64::midpoint(low, high);
            if self.chance_of_hits(middle) < DOUBT {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The chance of at least so many hits at this rate. Summed as logarithms: with thousands of samples the single terms
    /// are too small for a number.
    fn chance_of_hits(&self, rate: f64) -> f64 {
        let (hit, miss) = (rate.ln(), (-rate).ln_1p());
        let samples = self.samples as f64;
        let mut ways = 0.0;
        let mut sum = 0.0;
        for hits in 0..=self.samples {
            let number = hits as f64;
            if hits > 0 {
                ways += ((samples - number + 1.0) / number).ln();
            }
            if hits >= self.hits {
                sum += (ways + times(number, hit) + times(samples - number, miss)).exp();
            }
        }
        sum
    }
}

/// Nothing taken as often as possible is still nothing: zero times an infinite logarithm.
fn times(number: f64, logarithm: f64) -> f64 {
    if number == 0.0 { 0.0 } else { number * logarithm }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(hits: usize, samples: usize, allowed: f64) -> Rate {
        Rate {
            samples,
            hits,
            allowed,
        }
    }

    fn is_over(hits: usize, samples: usize) -> bool {
        rate(hits, samples, 0.05).is_exceeded()
    }

    /// Limits of Clopper and Pearson as printed in tables, one-sided 95 % (the lower end of two-sided 90 %).
    #[test]
    fn the_bound_is_that_of_the_tables() {
        let table = [
            (0, 20, 0.0),
            (1, 10, 0.0051),
            (1, 20, 0.0026),
            (2, 20, 0.0181),
            (3, 20, 0.0422),
            (5, 10, 0.2224),
            (5, 20, 0.1041),
            (10, 10, 0.7411),
            (10, 20, 0.3020),
            (20, 20, 0.8609),
        ];
        for (hits, samples, bound) in table {
            let found = rate(hits, samples, 0.0).lower_bound();
            assert!((found - bound).abs() < 0.000_06, "{hits} of {samples}: {found}");
        }
    }

    /// All of n: the bound is the n-th root of the doubt, in closed form; one of n likewise.
    #[test]
    fn the_bound_holds_for_thousands_of_samples() {
        for samples in [20, 300, 5_000] {
            let all = rate(samples, samples, 0.0).lower_bound();
            assert!((all - DOUBT.powf(1.0 / samples as f64)).abs() < 1e-9);
            let one = rate(1, samples, 0.0).lower_bound();
            assert!((one - (1.0 - (1.0 - DOUBT).powf(1.0 / samples as f64))).abs() < 1e-9);
        }
    }

    #[test]
    fn the_more_samples_the_less_has_to_be_over() {
        assert!(!is_over(19, 19), "too few to say anything");
        assert!(!is_over(3, 20) && is_over(4, 20));
        assert!(!is_over(9, 100) && is_over(10, 100));
        assert!(!is_over(62, 1000) && is_over(63, 1000));
        assert!(!is_over(0, 1000));
    }

    /// Of partners exactly at the limit no more are failed than promised, whatever the number of samples.
    #[test]
    fn a_partner_at_the_limit_is_seldom_failed() {
        for (samples, allowed) in [
            (20, 0.03),
            (39, 0.03),
            (20, 0.05),
            (77, 0.05),
            (52, 0.1),
            (200, 0.1),
        ] {
            let first = (0..=samples).find(|hits| rate(*hits, samples, allowed).is_exceeded());
            let chance = first.map_or(0.0, |hits| rate(hits, samples, allowed).chance_of_hits(allowed));
            assert!(chance > 0.0 && chance < DOUBT, "{samples} at {allowed}: {chance}");
        }
    }

    #[test]
    fn the_words_say_what_this_run_proves() {
        assert_eq!(
            rate(4, 20, 0.05).verdict(),
            "in this run that is more than 7.1 % with 95 % confidence; Google tolerates less than 5 %"
        );
        assert_eq!(
            rate(3, 20, 0.05).verdict(),
            "in this run that does not prove more than the 5 % that Google tolerates"
        );
    }
}
