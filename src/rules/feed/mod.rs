//! Rules about feeds: what their reader noticed, held to a requirement each.

pub(super) mod amounts;
pub(super) mod days;
pub(super) mod files;
pub(super) mod merchants;
pub(super) mod online;
pub(super) mod payments;
pub(super) mod redirect;
pub(super) mod services;
pub(super) mod slots;

use super::feed_row::Row;
use super::rule::{Rule, Scope};
use feeds::FeedProblem;

/// The rules that are tables of rows.
const TABLES: [&Rule; 8] = [
    &files::RULE,
    &merchants::RULE,
    &services::RULE,
    &online::RULE,
    &slots::RULE,
    &redirect::RULE,
    &amounts::RULE,
    &days::RULE,
];

/// Every row of every rule about feeds; the first that is about a problem judges it.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.into_iter().flat_map(|rule| match rule.scope {
        Scope::Feed(rows) => rows,
        _ => &[],
    })
}

/// What a problem of the feeds violates.
fn row_of(problem: &FeedProblem) -> Option<&'static Row> {
    rows().find(|row| row.is_about(problem))
}
