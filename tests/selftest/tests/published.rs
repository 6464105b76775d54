//! The score that the product carries is that of its rules.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use selftest::publish::outdated;
use std::path::Path;

#[test]
fn the_published_score_is_not_older_than_the_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let why = outdated(&root).unwrap();
    assert_eq!(
        why,
        None,
        "\n{}.\nMeasure again, a quarter of an hour on two cores, and commit what it writes:\n  \
         cargo run --release -p selftest -- all --publish\n",
        why.as_deref().unwrap_or_default()
    );
}
