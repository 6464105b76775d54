//! A table of rows that are tried and judged, some of them known to fail still.

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;
use std::io::Write as _;

/// Runs at the same time: each keeps a core busy for a moment and then waits.
const AT_ONCE: usize = 6;

/// Only rows whose name contains one of the texts of this variable, with all that was said of them; an empty one shows that of all.
const ONLY: &str = "ROWS_ONLY";

/// What trying one row came to.
pub(crate) struct Outcome {
    /// The row.
    pub(crate) name: &'static str,
    /// What is not as it should be; nothing of a good row.
    pub(crate) complaints: Vec<String>,
    /// What the run said, for whoever works on the row.
    pub(crate) said: Vec<String>,
    /// A line of the table.
    pub(crate) line: String,
}

/// A row and its name.
pub(crate) type Row = (&'static str, BoxFuture<'static, Outcome>);

/// Tries every row. Rows of `pending` have to fail: one that is good has to leave that list.
pub(crate) async fn check(rows: Vec<Row>, pending: &[&str]) {
    let names: BTreeSet<_> = rows.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), rows.len(), "names of rows are unique");
    let strangers: Vec<_> = pending.iter().filter(|name| !names.contains(*name)).collect();
    assert!(strangers.is_empty(), "pending, but no rows: {strangers:?}");
    let asked = rows
        .into_iter()
        .filter(|(name, _)| is_asked_for(name))
        .map(|(_, row)| row);
    // In the order of their ends: a slow row keeps no other from beginning.
    let mut outcomes = futures_util::stream::iter(asked).buffer_unordered(AT_ONCE);
    let mut wrong = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        show(&outcome);
        wrong.extend(verdict(&outcome, pending.contains(&outcome.name)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn is_asked_for(name: &str) -> bool {
    std::env::var(ONLY).map_or(true, |only| only.split(',').any(|part| name.contains(part)))
}

fn verdict(outcome: &Outcome, is_pending: bool) -> Option<String> {
    let Outcome {
        name,
        complaints,
        said,
        ..
    } = outcome;
    match (complaints.is_empty(), is_pending) {
        (true, false) | (false, true) => None,
        (true, true) => Some(format!(
            "{name}: is right now; take it off the list of what is pending"
        )),
        (false, false) => Some(format!(
            "{name}:\n  {}\n    {}",
            complaints.join("\n  "),
            said.join("\n    ")
        )),
    }
}

/// Printed at once, since the table takes minutes.
fn show(outcome: &Outcome) {
    let mark = if outcome.complaints.is_empty() {
        "ok "
    } else {
        "RED"
    };
    let mut lines = vec![format!("{mark} {}", outcome.line)];
    if std::env::var_os(ONLY).is_some() {
        let details = outcome.complaints.iter().chain(&outcome.said);
        lines.extend(details.map(|line| format!("      {line}")));
    }
    let _ = writeln!(
        std::io::stderr(),
        "{}",
        lines.join(
            "
"
        )
    );
}
