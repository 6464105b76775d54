//! What Google's side lets pass although the partner should not have sent it so.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Something in an accepted call that deserves a remark. The answer does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lint", rename_all = "snake_case")]
pub enum Lint {
    /// No `updateMask`, or an empty one: every populated modifiable field was applied.
    MaskMissing,
    /// The mask is `*`.
    MaskWildcard,
    /// A mask path in `snake_case`.
    MaskSnakeCase {
        /// The path as sent.
        path: String,
    },
    /// A mask path names a whole sub-message.
    MaskParent {
        /// The path.
        path: String,
    },
    /// A mask path names a field that cannot be modified; it was ignored.
    MaskUnmodifiable {
        /// The path.
        path: String,
    },
    /// The body carries a field that the mask does not name; it was not applied.
    OutsideMask {
        /// Path of the field.
        path: String,
    },
    /// The body carries a refund, the mask does not: it was not applied.
    RefundOutsideMask,
    /// The body's `name` is not that of the URL, which counts.
    NameMismatch {
        /// The body's name.
        sent: String,
    },
    /// The body's merchant or service is not that of the booking.
    SlotMismatch {
        /// `merchantId` or `serviceId`.
        field: String,
        /// What the body says.
        sent: String,
    },
    /// `bookingFailure` on a status other than `FAILED`: ignored.
    FailureIgnored,
    /// The status change makes no sense for a booking.
    StatusTransition {
        /// Status before.
        from: String,
        /// Status after.
        to: String,
    },
    /// A prepayment change other than from provided to refunded.
    PrepaymentTransition {
        /// Status before.
        from: String,
        /// Status after.
        to: String,
    },
    /// An enum value sent as a number.
    EnumNumber {
        /// Path of the field.
        field: String,
    },
    /// A single value where a list belongs.
    SingleForList {
        /// Path of the field.
        field: String,
    },
    /// An entry of a batch that was not applied, and so is missing in the answer.
    EntryDropped {
        /// Position in the request.
        index: usize,
        /// Why.
        reason: String,
    },
    /// The body's content type is not JSON.
    ContentType {
        /// The header, if there was one.
        sent: Option<String>,
    },
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaskMissing => f.write_str("no updateMask: every populated field was applied"),
            Self::MaskWildcard => f.write_str("updateMask is `*`"),
            Self::MaskSnakeCase { path } => write!(f, "mask path `{path}` is not lowerCamelCase"),
            Self::MaskParent { path } => write!(f, "mask path `{path}` names a whole message"),
            Self::MaskUnmodifiable { path } => {
                write!(f, "mask path `{path}` cannot be modified and was ignored")
            }
            Self::OutsideMask { path } => write!(f, "`{path}` is not in the mask and was not applied"),
            Self::RefundOutsideMask => f.write_str("the refund is not in the mask and was not applied"),
            Self::NameMismatch { sent } => {
                write!(f, "the body names `{sent}`, the URL another booking or service")
            }
            Self::SlotMismatch { field, sent } => write!(f, "{field} `{sent}` is not that of the booking"),
            Self::FailureIgnored => f.write_str("bookingFailure without status FAILED is ignored"),
            Self::StatusTransition { from, to } => write!(f, "status went from {from} to {to}"),
            Self::PrepaymentTransition { from, to } => write!(f, "prepayment went from {from} to {to}"),
            Self::EnumNumber { field } => write!(f, "`{field}` is an enum sent as a number"),
            Self::SingleForList { field } => write!(f, "`{field}` is a list sent as a single value"),
            Self::EntryDropped { index, reason } => write!(f, "entry {index} was not applied: {reason}"),
            Self::ContentType { sent: Some(sent) } => {
                write!(f, "content type `{sent}` instead of application/json")
            }
            Self::ContentType { sent: None } => f.write_str("no content type"),
        }
    }
}
