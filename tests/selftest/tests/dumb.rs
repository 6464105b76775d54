//! Dumb servers of a few lines each: whoever has one is told the cause, first and once, and nothing is called kept in vain.

use selftest::Wishes;
use selftest::rows::{RowSort, judge, names};
use std::io::Write as _;

/// Only rows whose name contains one of the texts of this variable, with all that was said of them; an empty one shows that of all.
const ONLY: &str = "ROWS_ONLY";

#[test]
fn there_are_thirty_of_them_and_no_two_have_one_name() {
    let mut all = names(RowSort::Dumb, &Wishes::all());
    let rows = all.len();
    assert!(rows >= 30, "{rows} rows");
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dumb_server_is_told_the_cause_first_and_nothing_in_vain() {
    let only = std::env::var(ONLY).ok();
    let wishes = Wishes {
        only: only
            .iter()
            .flat_map(|only| only.split(','))
            .map(ToOwned::to_owned)
            .collect(),
        ..Wishes::all()
    };
    let done = judge(RowSort::Dumb, &wishes, |_| {}).await;
    for row in done.rows.iter().filter(|_| only.is_some()) {
        // Not by a macro: what it prints is hidden when the test passes.
        let _ = writeln!(
            std::io::stderr(),
            "{}:\n      {}",
            row.name,
            row.said.join("\n      ")
        );
    }
    let wrong = done.rows.iter().filter(|row| !row.complaints.is_empty());
    let wrong: Vec<String> = wrong
        .map(|row| {
            let (complaints, said) = (row.complaints.join("\n  "), row.said.join("\n    "));
            format!("{}:\n  {complaints}\n    {said}", row.name)
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
