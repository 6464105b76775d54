//! A few mutants in every build; `selftest mutants` measures all of them.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use selftest::mutation::{Sort, Wishes, measure};

/// The runs wait more than they work.
const JOBS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_few_mutants_are_found_as_what_they_are() {
    let wishes = Wishes {
        sort: Sort::Wrong,
        only: vec!["GetBookingStatus".into()],
        sample: Some(8),
        seed: 1,
        jobs: JOBS,
    };
    let score = measure(&wishes, |_| {}).await.unwrap();
    assert_eq!(score.exit_code(), 0, "{score}");
}
