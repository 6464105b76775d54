//! Moments of exports: which there can be, and which are of today.

/// The first day of 2015, before which nobody exported feeds: minutes lie before it.
pub(crate) const FIRST_SEC: i64 = 1_420_070_400;
/// The year 2100, long before which milliseconds begin.
const LAST_SEC: i64 = 4_102_444_800;
/// Every day there is a new export; after so long a time one is of the past.
pub(crate) const STALE_SEC: i64 = 3 * 86_400;
/// A clock may be wrong by so much before a moment counts as one to come.
const CLOCK_SEC: i64 = 86_400;

/// So far may an export be dated ahead: whoever takes local time for UTC is an hour off at the least.
pub(crate) const AHEAD_SEC: i64 = 1_800;

/// True for a moment in epoch seconds, by which one export can be told from a later one.
pub(crate) fn is_plausible(timestamp: i64) -> bool {
    (FIRST_SEC..LAST_SEC).contains(&timestamp)
}

/// True when an export of this moment is the latest that there can be, give or take.
pub(crate) fn is_fresh(timestamp: i64, now_sec: i64) -> bool {
    let since = now_sec.saturating_sub(timestamp);
    (-CLOCK_SEC..=STALE_SEC).contains(&since)
}
