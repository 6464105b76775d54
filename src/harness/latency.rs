//! How fast the target answered, per method.

use indexmap::IndexMap;
use outcome::Latency;
use protocol::Method;
use transcript::Transcript;

/// An answer during which the harness itself was later than this says nothing about the target.
const OWN_LAG_US: u64 = 50_000;

/// Latency by method, methods that were never answered left out.
pub(super) fn by_method(transcripts: &[Transcript]) -> IndexMap<String, Latency> {
    let of = |method: Method| {
        let exchanges = transcripts
            .iter()
            .flat_map(|transcript| transcript.exchanges_of(method));
        let fair =
            exchanges.filter(|exchange| exchange.http().is_some() && exchange.answer.lagged_us <= OWN_LAG_US);
        let mut samples: Vec<u64> = fair.map(|exchange| exchange.answer.took_us).collect();
        samples.sort_unstable();
        samples
    };
    let all = Method::ALL
        .iter()
        .map(|method| (method.name().to_owned(), of(*method)));
    all.filter(|(_, samples)| !samples.is_empty())
        .map(|(name, samples)| (name, latency(&samples)))
        .collect()
}

fn latency(sorted_us: &[u64]) -> Latency {
    let at = |share: f64| {
        let rank = (share * sorted_us.len() as f64).ceil() as usize;
        sorted_us[rank.clamp(1, sorted_us.len()) - 1] as f64 / 1000.0
    };
    Latency {
        samples: sorted_us.len(),
        p50: at(0.5),
        p95: at(0.95),
        max: at(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_that_occurred() {
        let samples: Vec<u64> = (1..=20).map(|ms| ms * 1000).collect();
        assert_eq!(
            latency(&samples),
            Latency {
                samples: 20,
                p50: 10.0,
                p95: 19.0,
                max: 20.0
            }
        );
        assert_eq!(
            latency(&[7000]),
            Latency {
                samples: 1,
                p50: 7.0,
                p95: 7.0,
                max: 7.0
            }
        );
    }
}
