//! `updateMask`: its paths, and which of them can be modified.

use crate::api::error::ApiError;
use crate::api::lint::Lint;
use protocol::model::{Kind, v1alpha};
use serde::{Deserialize, Serialize};

/// The field mask of a patch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateMask {
    /// As sent, decoded; `None` when the parameter is missing.
    pub sent: Option<String>,
    /// The paths in lowerCamelCase; empty when there is no mask or when it was refused.
    pub paths: Vec<String>,
}

/// A field of a booking that a notification can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BookingField {
    Status,
    StartTime,
    Duration,
    PartySize,
    PrepaymentStatus,
    TransactionId,
}

impl BookingField {
    pub(crate) const ALL: [Self; 6] = [
        Self::Status,
        Self::StartTime,
        Self::Duration,
        Self::PartySize,
        Self::PrepaymentStatus,
        Self::TransactionId,
    ];

    /// The path in lowerCamelCase.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::StartTime => "startTime",
            Self::Duration => "duration",
            Self::PartySize => "partySize",
            Self::PrepaymentStatus => "paymentInformation.prepaymentStatus",
            Self::TransactionId => "paymentInformation.paymentTransactionId",
        }
    }

    /// The path of error answers: proto names from the request message on.
    pub(crate) fn violation_path(self) -> &'static str {
        match self {
            Self::Status => "booking.status",
            Self::StartTime => "booking.start_time",
            Self::Duration => "booking.duration",
            Self::PartySize => "booking.party_size",
            Self::PrepaymentStatus => "booking.payment_information.prepayment_status",
            Self::TransactionId => "booking.payment_information.payment_transaction_id",
        }
    }
}

/// What becomes of notifications whose mask the documents do not have: it is missing, names everything, or what cannot be
/// changed, or is written in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Masks {
    /// They are taken as well as they can be, with a remark.
    #[default]
    Tolerant,
    /// They are refused.
    Strict,
}

impl Masks {
    /// Refuses the mask that has given rise to these remarks, if it is not to be taken.
    pub(crate) fn check(self, lints: &[Lint]) -> Result<(), ApiError> {
        let wrong = |lint: &&Lint| {
            matches!(
                lint,
                Lint::MaskMissing
                    | Lint::MaskWildcard
                    | Lint::MaskSnakeCase { .. }
                    | Lint::MaskUnmodifiable { .. }
            )
        };
        match (self, lints.iter().find(wrong)) {
            (Self::Strict, Some(Lint::MaskMissing)) => {
                Err(ApiError::invalid("update_mask", "The update mask is required."))
            }
            (Self::Strict, Some(lint)) => Err(ApiError::invalid(
                "update_mask",
                format!("The update mask is not valid: {lint}."),
            )),
            _ => Ok(()),
        }
    }
}

/// The paths of a mask, whatever the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paths {
    /// In lowerCamelCase, in the order of the mask.
    pub(crate) names: Vec<String>,
    /// No mask, an empty one or `*`: every populated field counts.
    pub(crate) implied: bool,
    pub(crate) lints: Vec<Lint>,
}

impl Paths {
    /// Reads the value of `updateMask`; `None` when it was not sent.
    pub(crate) fn read(message: &str, text: Option<&str>) -> Result<Self, ApiError> {
        let mut paths = Self::default();
        let parts = text.unwrap_or_default().split(',').map(str::trim);
        for path in parts.filter(|path| !path.is_empty()) {
            paths.add(message, path)?;
        }
        if paths.names.is_empty() {
            paths.implied = true;
            paths.lints.push(Lint::MaskMissing);
        }
        Ok(paths)
    }

    fn add(&mut self, message: &str, path: &str) -> Result<(), ApiError> {
        if path == "*" {
            self.implied = true;
            self.lints.push(Lint::MaskWildcard);
            self.names.push(path.to_owned());
            return Ok(());
        }
        let name = normalise(message, path).ok_or_else(|| unknown_path(path))?;
        if path != name {
            let path = path.to_owned();
            self.lints.push(Lint::MaskSnakeCase { path });
        }
        self.names.push(name);
        Ok(())
    }
}

/// A mask of a booking that was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    /// Normalised paths, in the order of the mask.
    pub(crate) paths: Vec<String>,
    /// What the mask names and can be modified.
    pub(crate) fields: Vec<BookingField>,
    /// No mask, an empty one or `*`: every populated field counts.
    pub(crate) implied: bool,
    pub(crate) lints: Vec<Lint>,
}

impl Mask {
    pub(crate) fn names(&self, target: BookingField) -> bool {
        self.implied || self.fields.contains(&target)
    }

    /// Reads the value of `updateMask`; `None` when it was not sent.
    pub(crate) fn read(text: Option<&str>) -> Result<Self, ApiError> {
        let Paths {
            names,
            implied,
            lints,
        } = Paths::read("Booking", text)?;
        let mut mask = Self {
            implied,
            lints,
            ..Self::default()
        };
        for name in names.iter().filter(|name| *name != "*") {
            mask.select(name);
        }
        mask.paths = names;
        mask.ignore_lone_transaction();
        Ok(mask)
    }

    fn select(&mut self, name: &str) {
        if name == "paymentInformation" {
            self.lints.push(Lint::MaskParent {
                path: name.to_owned(),
            });
            self.fields
                .extend([BookingField::PrepaymentStatus, BookingField::TransactionId]);
        } else if let Some(target) = BookingField::ALL.into_iter().find(|target| target.path() == name) {
            self.fields.push(target);
        } else {
            self.lints.push(Lint::MaskUnmodifiable {
                path: name.to_owned(),
            });
        }
    }

    // The transaction id explains a prepayment change; alone it changes nothing.
    fn ignore_lone_transaction(&mut self) {
        let alone = self.fields.contains(&BookingField::TransactionId)
            && !self.fields.contains(&BookingField::PrepaymentStatus);
        if alone {
            self.fields
                .retain(|target| *target != BookingField::TransactionId);
            self.lints.push(Lint::MaskUnmodifiable {
                path: BookingField::TransactionId.path().to_owned(),
            });
        }
    }
}

fn unknown_path(path: &str) -> ApiError {
    ApiError::invalid(
        "update_mask",
        format!("Invalid value at 'update_mask' (type.googleapis.com/google.protobuf.FieldMask), \"{path}\""),
    )
}

/// A path of a message in lowerCamelCase, if there is such a field. Nothing can be named inside a list.
fn normalise(message: &str, path: &str) -> Option<String> {
    let mut message = v1alpha().message(message);
    let mut names = Vec::new();
    for segment in path.split('.') {
        let field = message?.field(segment)?;
        names.push(field.json_name.as_str());
        message = match &field.kind {
            Kind::Message(name) if !field.is_repeated() => v1alpha().message(name),
            _ => None,
        };
    }
    Some(names.join("."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn read(text: &str) -> Mask {
        Mask::read(Some(text)).unwrap()
    }

    #[test]
    fn paths_select_what_can_be_modified() {
        let mask = read("status, paymentInformation.prepaymentStatus");
        assert_eq!(
            mask.fields,
            [BookingField::Status, BookingField::PrepaymentStatus]
        );
        assert_eq!(mask.paths, ["status", "paymentInformation.prepaymentStatus"]);
        assert_eq!(mask.lints, []);
        assert!(!mask.names(BookingField::Duration));
    }

    #[test]
    fn what_is_tolerated_is_noted() {
        for (text, lint) in [
            (
                "party_size",
                Lint::MaskSnakeCase {
                    path: "party_size".to_owned(),
                },
            ),
            (
                "paymentInformation",
                Lint::MaskParent {
                    path: "paymentInformation".to_owned(),
                },
            ),
            (
                "merchantId",
                Lint::MaskUnmodifiable {
                    path: "merchantId".to_owned(),
                },
            ),
            (
                "clientInformation.email",
                Lint::MaskUnmodifiable {
                    path: "clientInformation.email".to_owned(),
                },
            ),
            (
                "paymentInformation.paymentTransactionId",
                Lint::MaskUnmodifiable {
                    path: "paymentInformation.paymentTransactionId".to_owned(),
                },
            ),
            ("*", Lint::MaskWildcard),
            ("", Lint::MaskMissing),
            (",", Lint::MaskMissing),
        ] {
            assert_eq!(read(text).lints, [lint], "{text}");
        }
        assert_eq!(Mask::read(None).unwrap(), read(""));
    }

    #[test]
    fn the_transaction_id_may_stand_beside_the_prepayment_status() {
        let mask = read("paymentInformation.prepaymentStatus,paymentInformation.paymentTransactionId");
        assert_eq!(
            mask.fields,
            [BookingField::PrepaymentStatus, BookingField::TransactionId]
        );
        assert_eq!(mask.lints, []);
    }

    #[test]
    fn what_is_noted_can_be_refused() {
        for text in [
            "",
            "*",
            "party_size",
            "merchantId",
            "status,clientInformation.email",
        ] {
            let lints = read(text).lints;
            assert_eq!(Masks::Tolerant.check(&lints), Ok(()));
            let refused = Masks::Strict.check(&lints).unwrap_err();
            assert_eq!(refused.details[0]["fieldViolations"][0]["field"], "update_mask");
        }
        for text in ["status", "paymentInformation", "startTime,duration"] {
            assert_eq!(Masks::Strict.check(&read(text).lints), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_unknown_path_is_refused() {
        for text in ["foo", "status.x", "status,bookingId", "paymentInformation.price"] {
            assert_eq!(Mask::read(Some(text)).unwrap_err().http(), 400, "{text}");
        }
    }
}
