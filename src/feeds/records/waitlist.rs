//! The rules of a waitlist: a service that has them has one.

use super::messages::service::WaitlistRulesRecord;
use std::ops::RangeInclusive;

/// More people than this are no party, so that a list of sizes stays short.
const LARGEST: i64 = 100;

/// The party sizes that a waitlist takes; none where the rules name no range that a party can be in.
pub(super) fn sizes(record: Option<&WaitlistRulesRecord>) -> Option<RangeInclusive<i32>> {
    let record = record?;
    let (min, max) = (record.min_party_size?.0, record.max_party_size?.0);
    let is_range = 1 <= min && min <= max && max <= LARGEST;
    let bounds = (i32::try_from(min).ok()?, i32::try_from(max).ok()?);
    is_range.then_some(bounds.0..=bounds.1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn read(json: &str) -> Option<RangeInclusive<i32>> {
        sizes(Some(&serde_json::from_str(json).unwrap()))
    }

    #[test]
    fn sizes_are_numbers_or_text() {
        assert_eq!(read(r#"{"min_party_size": 1, "max_party_size": 8}"#), Some(1..=8));
        assert_eq!(
            read(r#"{"min_party_size": "2", "max_party_size": "6"}"#),
            Some(2..=6)
        );
    }

    #[test]
    fn a_range_without_a_party_is_no_waitlist() {
        for wrong in [
            r#"{"max_party_size": 8}"#,
            r#"{"min_party_size": 0, "max_party_size": 8}"#,
            r#"{"min_party_size": 5, "max_party_size": 2}"#,
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
