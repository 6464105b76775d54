//! A sample of mutants in every build; `selftest mutants` and `selftest legal` measure all of them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use selftest::Wishes;
use selftest::mutation::{Baseline, Open, Score, Sort, measure};
use tokio::sync::OnceCell;

/// Draws the sample, as it draws the pairs that are published.
const SEED: u64 = 1;

/// Recorded once for the whole process.
async fn baseline() -> &'static Baseline {
    static BASELINE: OnceCell<Baseline> = OnceCell::const_new();
    BASELINE
        .get_or_init(|| async { Baseline::record(SEED).await.unwrap() })
        .await
}

async fn measured(sort: Sort, wishes: &Wishes) -> Score {
    measure(baseline().await, sort, wishes, |_| {}).await.unwrap()
}

/// What nobody knew of when the score was published.
async fn news(sort: Sort, sample: usize) -> Vec<String> {
    let wishes = Wishes {
        sample: Some(sample),
        seed: SEED,
        ..Wishes::all()
    };
    let score = measured(sort, &wishes).await;
    assert_eq!(score.total.mutants, sample);
    let known = Open::published();
    score.open().filter(|name| !known.covers(name)).collect()
}

const MEANING: &str = "these survive, are found as too many things, or are legal and fail, and did not when the score was published";

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_mutants_is_found_as_what_it_is() {
    let news = news(Sort::Wrong, 120).await;
    assert!(news.is_empty(), "{MEANING}: {news:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_sample_of_legal_mutants_singly_and_in_pairs_nothing_is_said() {
    let mut all = news(Sort::Legal, 60).await;
    all.extend(news(Sort::LegalPairs(60), 60).await);
    assert!(all.is_empty(), "{MEANING}: {all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_at_a_time_and_eight_come_to_the_same_to_the_byte() {
    for (sort, sample) in [(Sort::Wrong, 16), (Sort::Legal, 4), (Sort::LegalPairs(8), 8)] {
        let wishes = |jobs| Wishes {
            sample: Some(sample),
            seed: SEED + 1,
            jobs,
            ..Wishes::all()
        };
        let one = measured(sort, &wishes(1)).await.to_json();
        let eight = measured(sort, &wishes(8)).await.to_json();
        let differing = one.lines().zip(eight.lines()).find(|(one, other)| one != other);
        assert_eq!(differing, None);
        assert_eq!(one.len(), eight.len());
    }
}
