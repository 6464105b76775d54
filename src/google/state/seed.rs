//! Bookings that Google is to know from the start.

use crate::api::decoder::decode;
use crate::state::booking::BookingCopy;
use crate::state::patch::CopyChange;
use protocol::model::v1alpha;
use serde_json::Value;
use std::collections::BTreeSet;

/// What is wrong with a list of bookings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// Not JSON.
    #[error("line {line}, column {column}: {problem}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The parser's words.
        problem: String,
    },
    /// Not a list.
    #[error("the bookings have to be a JSON list of `Booking` messages as the API has them")]
    NoList,
    /// One of them is wrong.
    #[error("booking {index}: {problem}")]
    Entry {
        /// Position, from 1.
        index: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Reads a list of `Booking` messages, each as the partner could send it; everything that is wrong comes back at once.
pub fn bookings(text: &str, partner_id: &str) -> Result<Vec<BookingCopy>, Vec<SeedError>> {
    let list: Value = serde_json::from_str(text).map_err(|error| {
        vec![SeedError::Syntax {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        }]
    })?;
    let Value::Array(list) = list else {
        return Err(vec![SeedError::NoList]);
    };
    let mut ids = BTreeSet::new();
    let (mut copies, mut wrong) = (Vec::new(), Vec::new());
    for (index, entry) in (1..).zip(&list) {
        match booking(entry, partner_id) {
            Ok(copy) if ids.insert(copy.booking_id.clone()) => copies.push(copy),
            Ok(copy) => wrong.push(SeedError::Entry {
                index,
                problem: format!("the id `{}` is there twice", copy.booking_id),
            }),
            Err(problems) => wrong.extend(
                problems
                    .into_iter()
                    .map(|problem| SeedError::Entry { index, problem }),
            ),
        }
    }
    if wrong.is_empty() { Ok(copies) } else { Err(wrong) }
}

fn booking(entry: &Value, partner_id: &str) -> Result<BookingCopy, Vec<String>> {
    let decoded = decode(v1alpha(), "Booking", "booking", entry.to_string().as_bytes());
    let body = decoded
        .map_err(|violations| {
            let texts = violations.into_iter().map(|violation| violation.description);
            texts.collect::<Vec<_>>()
        })?
        .value;
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let id = name
        .strip_prefix(&format!("partners/{partner_id}/bookings/"))
        .filter(|id| !id.is_empty() && !id.contains('/'));
    let Some(id) = id else {
        return Err(vec![format!(
            "its `name` has to be partners/{partner_id}/bookings/ and the booking's id, not `{name}`"
        )]);
    };
    let sent = CopyChange::of_body(&body);
    let mut copy = sent.original(id, &body);
    sent.apply(&mut copy);
    Ok(copy)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::{BookingStatus, PrepaymentStatus};

    #[test]
    fn a_booking_is_as_the_list_says_or_confirmed() {
        let text = r#"[
            {"name": "partners/20/bookings/a", "merchantId": "m", "service_id": "s", "startTime": "2025-01-05T23:45:00Z",
             "duration": "900s", "partySize": 2, "paymentInformation": {"prepaymentStatus": "PREPAYMENT_REFUNDED"}},
            {"name": "partners/20/bookings/b", "status": "NO_SHOW"}
        ]"#;
        let copies = bookings(text, "20").unwrap();
        assert_eq!(
            (copies[0].booking_id.as_str(), copies[0].service_id.as_str()),
            ("a", "s")
        );
        assert_eq!(
            (copies[0].start_sec, copies[0].party_size),
            (1_736_120_700, Some(2))
        );
        assert_eq!(copies[0].prepayment_status, PrepaymentStatus::Refunded);
        let statuses = [copies[0].status, copies[1].status];
        assert_eq!(statuses, [BookingStatus::Confirmed, BookingStatus::NoShow]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let text = r#"[{"name": "partners/21/bookings/a"}, {"name": "partners/20/bookings/b", "status": "CANCELLED"},
            {"name": "partners/20/bookings/c"}, {"name": "partners/20/bookings/c"}]"#;
        let problems = bookings(text, "20").unwrap_err();
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(texts[0].starts_with("booking 1: its `name` has to be partners/20/bookings/"));
        assert!(texts[1].starts_with("booking 2: Invalid value at 'booking.status'"));
        assert_eq!(texts[2], "booking 4: the id `c` is there twice");
        assert_eq!(texts.len(), 3);
    }

    #[test]
    fn what_is_no_list_says_where() {
        assert_eq!(bookings("{}", "20"), Err(vec![SeedError::NoList]));
        let texts = bookings("[\n{,]", "20").unwrap_err();
        assert!(
            matches!(
                texts[0],
                SeedError::Syntax {
                    line: 2,
                    column: 2,
                    ..
                }
            ),
            "{texts:?}"
        );
    }
}
