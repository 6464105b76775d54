//! What a notification changes on Google's copy: the masked, modifiable fields and nothing else.

use crate::api::error::{ApiError, Code};
use crate::api::lint::Lint;
use crate::api::mask::{BookingField, Mask};
use crate::state::booking::{BookingCopy, BookingStatus, PrepaymentStatus};
use protocol::time;
use serde_json::{Map, Value};

/// Values that a body carries for modifiable fields; defaults count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CopyChange {
    status: Option<BookingStatus>,
    start_sec: Option<i64>,
    duration_sec: Option<i64>,
    party_size: Option<i64>,
    prepayment: Option<PrepaymentStatus>,
    transaction_id: Option<String>,
}

impl CopyChange {
    /// What the body (in canonical form) carries.
    pub(crate) fn of_body(body: &Map<String, Value>) -> Self {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let payment = |name: &str| body.get("paymentInformation")?.get(name)?.as_str();
        Self {
            status: text("status")
                .and_then(BookingStatus::from_name)
                .filter(|s| *s != BookingStatus::Unspecified),
            start_sec: text("startTime").and_then(|time| time::timestamp_to_seconds(time).ok()),
            duration_sec: text("duration").and_then(|length| time::duration_to_seconds(length).ok()),
            party_size: text("partySize")
                .and_then(|size| size.parse().ok())
                .filter(|size| *size != 0),
            prepayment: payment("prepaymentStatus")
                .and_then(PrepaymentStatus::from_name)
                .filter(|status| *status != PrepaymentStatus::Unspecified),
            transaction_id: payment("paymentTransactionId")
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
        }
    }

    /// The booking as it must have been before, where nothing but its notification tells of it.
    pub(crate) fn original(&self, booking_id: &str, body: &Map<String, Value>) -> BookingCopy {
        let text = |name: &str| {
            let text = body.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let status = match self.status {
            Some(to) if to.is_dead() => BookingStatus::PendingMerchantConfirmation,
            _ => BookingStatus::Confirmed,
        };
        let prepayment = match self.prepayment {
            Some(PrepaymentStatus::Refunded | PrepaymentStatus::Credited) => PrepaymentStatus::Provided,
            status => status.unwrap_or_default(),
        };
        BookingCopy {
            booking_id: booking_id.to_owned(),
            merchant_id: text("merchantId"),
            service_id: text("serviceId"),
            start_sec: self.start_sec.unwrap_or_default(),
            duration_sec: self.duration_sec.unwrap_or_default(),
            status,
            prepayment_status: prepayment,
            payment_transaction_id: self.transaction_id.clone(),
            party_size: self.party_size,
        }
    }

    fn has(&self, target: BookingField) -> bool {
        match target {
            BookingField::Status => self.status.is_some(),
            BookingField::StartTime => self.start_sec.is_some(),
            BookingField::Duration => self.duration_sec.is_some(),
            BookingField::PartySize => self.party_size.is_some(),
            BookingField::PrepaymentStatus => self.prepayment.is_some(),
            BookingField::TransactionId => self.transaction_id.is_some(),
        }
    }

    fn differs(&self, target: BookingField, copy: &BookingCopy) -> bool {
        match target {
            BookingField::Status => self.status != Some(copy.status),
            BookingField::StartTime => self.start_sec != Some(copy.start_sec),
            BookingField::Duration => self.duration_sec != Some(copy.duration_sec),
            BookingField::PartySize => self.party_size != copy.party_size,
            BookingField::PrepaymentStatus => self.prepayment != Some(copy.prepayment_status),
            BookingField::TransactionId => self.transaction_id != copy.payment_transaction_id,
        }
    }

    fn without(mut self, target: BookingField) -> Self {
        match target {
            BookingField::Status => self.status = None,
            BookingField::StartTime => self.start_sec = None,
            BookingField::Duration => self.duration_sec = None,
            BookingField::PartySize => self.party_size = None,
            BookingField::PrepaymentStatus => self.prepayment = None,
            BookingField::TransactionId => self.transaction_id = None,
        }
        self
    }

    /// Keeps what the mask names; a named field without a value cannot be reset and is refused.
    pub(crate) fn restrict_to(self, mask: &Mask) -> Result<Self, ApiError> {
        let lacks = |target: &&BookingField| !self.has(**target) && **target != BookingField::TransactionId;
        if let Some(target) = mask.fields.iter().find(lacks) {
            return Err(refuse(
                *target,
                "The field is in the update mask but has no value.",
            ));
        }
        if mask.names(BookingField::Duration) && self.duration_sec.is_some_and(|length| length <= 0) {
            return Err(refuse(BookingField::Duration, "The duration must be positive."));
        }
        if mask.names(BookingField::PartySize) && self.party_size.is_some_and(|size| size < 0) {
            return Err(refuse(
                BookingField::PartySize,
                "The party size must be positive.",
            ));
        }
        Ok(BookingField::ALL
            .into_iter()
            .filter(|target| !mask.names(*target))
            .fold(self, Self::without))
    }

    /// A booking that failed or was declined stays so; every other change is made, and noted if it makes no sense.
    pub(crate) fn check(&self, copy: &BookingCopy) -> Result<Vec<Lint>, ApiError> {
        let mut lints = Vec::new();
        if let Some(to) = self.status {
            if copy.status.is_dead() && to != copy.status {
                let text = format!(
                    "The booking is {} and cannot become {}.",
                    copy.status.name(),
                    to.name()
                );
                return Err(ApiError::new(Code::FailedPrecondition, text));
            }
            if !copy.status.can_become(to) {
                lints.push(Lint::StatusTransition {
                    from: copy.status.name().into(),
                    to: to.name().into(),
                });
            }
        }
        if let Some(to) = self
            .prepayment
            .filter(|to| !can_become(copy.prepayment_status, *to))
        {
            lints.push(Lint::PrepaymentTransition {
                from: copy.prepayment_status.name().into(),
                to: to.name().into(),
            });
        }
        Ok(lints)
    }

    pub(crate) fn apply(self, copy: &mut BookingCopy) {
        copy.status = self.status.unwrap_or(copy.status);
        copy.start_sec = self.start_sec.unwrap_or(copy.start_sec);
        copy.duration_sec = self.duration_sec.unwrap_or(copy.duration_sec);
        copy.party_size = self.party_size.or(copy.party_size);
        copy.prepayment_status = self.prepayment.unwrap_or(copy.prepayment_status);
        copy.payment_transaction_id = self.transaction_id.or_else(|| copy.payment_transaction_id.take());
    }
}

fn refuse(target: BookingField, why: &str) -> ApiError {
    ApiError::invalid(target.violation_path(), why)
}

fn can_become(from: PrepaymentStatus, to: PrepaymentStatus) -> bool {
    from == to || (from == PrepaymentStatus::Provided && to == PrepaymentStatus::Refunded)
}

/// What the body carries beside the mask and would have changed.
pub(crate) fn outside_mask(
    sent: &CopyChange,
    body: &Map<String, Value>,
    mask: &Mask,
    copy: &BookingCopy,
) -> Vec<Lint> {
    let lost =
        |target: &BookingField| !mask.names(*target) && sent.has(*target) && sent.differs(*target, copy);
    // A transaction id beside a masked prepayment status is what the documented refund looks like.
    let explained =
        |target: &BookingField| *target == BookingField::TransactionId && sent.prepayment.is_some();
    let mut lints: Vec<Lint> = BookingField::ALL
        .into_iter()
        .filter(lost)
        .filter(|t| !explained(t))
        .map(|target| lint_for(target, sent))
        .collect();
    if body
        .get("clientInformation")
        .and_then(Value::as_object)
        .is_some_and(|client| !client.is_empty())
    {
        lints.push(Lint::OutsideMask {
            path: "clientInformation".to_owned(),
        });
    }
    lints
}

fn lint_for(target: BookingField, sent: &CopyChange) -> Lint {
    match (target, sent.prepayment) {
        (BookingField::PrepaymentStatus, Some(PrepaymentStatus::Refunded)) => Lint::RefundOutsideMask,
        _ => Lint::OutsideMask {
            path: target.path().to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;
    use crate::testing::copy;

    fn body(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn patch(mask: &str, sent: &Value) -> Result<(BookingCopy, Vec<Lint>), ApiError> {
        let (mask, body, mut stored) = (Mask::read(Some(mask))?, body(sent), copy("b"));
        let sent = CopyChange::of_body(&body);
        let mut lints = outside_mask(&sent, &body, &mask, &stored);
        let change = sent.restrict_to(&mask)?;
        lints.extend(change.check(&stored)?);
        change.apply(&mut stored);
        Ok((stored, lints))
    }

    #[test]
    fn the_documented_calls_do_what_they_say() {
        let refund = json!({"prepaymentStatus":"PREPAYMENT_REFUNDED","paymentTransactionId":"t9"});
        let expected = copy("b");
        let refunded = BookingCopy {
            prepayment_status: PrepaymentStatus::Refunded,
            ..copy("b")
        };
        let table = [
            (
                "status",
                json!({"status":"CANCELED"}),
                BookingCopy {
                    status: BookingStatus::Canceled,
                    ..expected.clone()
                },
            ),
            (
                "status",
                json!({"status":"NO_SHOW"}),
                BookingCopy {
                    status: BookingStatus::NoShow,
                    ..expected.clone()
                },
            ),
            (
                "startTime,duration",
                json!({"startTime":"1970-01-01T00:00:10Z","duration":"60s"}),
                BookingCopy {
                    start_sec: 10,
                    duration_sec: 60,
                    ..expected.clone()
                },
            ),
            (
                "partySize",
                json!({"partySize":"4"}),
                BookingCopy {
                    party_size: Some(4),
                    ..expected
                },
            ),
            (
                "paymentInformation.prepaymentStatus",
                json!({"paymentInformation":refund}),
                refunded.clone(),
            ),
            (
                "status,paymentInformation.prepaymentStatus",
                json!({"status":"CANCELED","paymentInformation":refund}),
                BookingCopy {
                    status: BookingStatus::Canceled,
                    ..refunded.clone()
                },
            ),
            (
                "paymentInformation",
                json!({"paymentInformation":refund}),
                BookingCopy {
                    payment_transaction_id: Some("t9".to_owned()),
                    ..refunded
                },
            ),
        ];
        for (mask, sent, expected) in table {
            assert_eq!(patch(mask, &sent).unwrap(), (expected, vec![]), "{mask}");
        }
    }

    #[test]
    fn a_refund_that_the_mask_does_not_name_is_dropped_and_noted() {
        let sent =
            json!({"status":"CANCELED","paymentInformation":{"prepaymentStatus":"PREPAYMENT_REFUNDED"}});
        let (stored, lints) = patch("status", &sent).unwrap();
        assert_eq!(stored.status, BookingStatus::Canceled);
        assert_eq!(stored.prepayment_status, PrepaymentStatus::Provided);
        assert_eq!(lints, [Lint::RefundOutsideMask]);
    }

    #[test]
    fn fields_beside_the_mask_are_noted_when_they_differ() {
        let same = json!({"status":"CANCELED","startTime":"2025-01-05T23:45:00Z","duration":"900s","clientInformation":{}});
        assert_eq!(patch("status", &same).unwrap().1, []);
        let other =
            json!({"status":"CANCELED","duration":"901s","clientInformation":{"email":"a@example.com"}});
        let noted = ["duration", "clientInformation"].map(|path| Lint::OutsideMask {
            path: path.to_owned(),
        });
        assert_eq!(patch("status", &other).unwrap().1, noted);
    }

    #[test]
    fn without_a_mask_every_populated_field_is_applied() {
        let (stored, _) = patch("", &json!({"status":"CANCELED","partySize":"0","duration":"60s"})).unwrap();
        let expected = BookingCopy {
            status: BookingStatus::Canceled,
            duration_sec: 60,
            ..copy("b")
        };
        assert_eq!(stored, expected);
    }

    #[test]
    fn a_masked_field_needs_a_value() {
        for (mask, sent) in [
            ("status", json!({})),
            ("status", json!({"status":"BOOKING_STATUS_UNSPECIFIED"})),
            ("partySize", json!({"partySize":"0"})),
            ("partySize", json!({"partySize":"-1"})),
            ("duration", json!({"duration":"0s"})),
            (
                "paymentInformation",
                json!({"paymentInformation":{"paymentTransactionId":"t"}}),
            ),
        ] {
            assert_eq!(
                patch(mask, &sent).unwrap_err().code,
                Code::InvalidArgument,
                "{mask} {sent}"
            );
        }
    }

    #[test]
    fn odd_transitions_are_made_and_noted() {
        let (_, lints) = patch("status", &json!({"status":"PENDING_MERCHANT_CONFIRMATION"})).unwrap();
        assert_eq!(
            lints,
            [Lint::StatusTransition {
                from: "CONFIRMED".to_owned(),
                to: "PENDING_MERCHANT_CONFIRMATION".to_owned()
            }]
        );
        let sent = json!({"paymentInformation":{"prepaymentStatus":"PREPAYMENT_NOT_PROVIDED"}});
        let (stored, lints) = patch("paymentInformation.prepaymentStatus", &sent).unwrap();
        assert_eq!(stored.prepayment_status, PrepaymentStatus::NotProvided);
        assert!(matches!(lints.as_slice(), [Lint::PrepaymentTransition { .. }]));
    }

    #[test]
    fn a_failed_booking_stays_failed() {
        let stored = BookingCopy {
            status: BookingStatus::Failed,
            ..copy("b")
        };
        let change = |status| CopyChange {
            status: Some(status),
            ..CopyChange::default()
        };
        assert_eq!(
            change(BookingStatus::Confirmed).check(&stored).unwrap_err().code,
            Code::FailedPrecondition
        );
        assert_eq!(change(BookingStatus::Failed).check(&stored), Ok(vec![]));
    }
}
