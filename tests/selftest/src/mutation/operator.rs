//! What a mutant does to a leaf or to a message.

use std::fmt;

/// A change that is made to every message of one area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Operator {
    /// The field is not there.
    Removed,
    /// The field is null.
    Null,
    /// A value of another type: text as a number, a flag as text, an enum by its number, a message as text, an entry for its list.
    OtherType,
    /// The value in a list.
    InList,
    /// The smallest step: one more, the next enum value, another last letter, the flag turned, a second later.
    Step,
    /// The value of a message about another booking.
    OtherBooking,
    /// The value of a message about another user.
    OtherUser,
    /// The value of a message about another merchant.
    OtherMerchant,
    /// The value of the message before.
    Previous,
    /// The field one level up.
    Up,
    /// The field one level down, in a message of its own name.
    Down,
    /// The first entry of a list twice.
    EntryTwice,
    /// The last entry of a list is lost.
    EntryLost,
    /// A list without entries.
    Emptied,
    /// The whole message with another status.
    Status(u16),
    /// No body.
    NoBody,
    /// The body of the message before.
    PreviousBody,
    /// Never sent.
    Dropped,
    /// Sent twice.
    Repeated,
    /// Sent after the next one of its subject.
    Swapped,
    /// Sent when nobody waits any more.
    Delayed,
    /// Legal: a default that was written is left out.
    DefaultOmitted,
    /// Legal: every scalar that is absent is written with its default.
    DefaultsWritten,
    /// Legal: everything that is absent is null.
    NullsWritten,
    /// Legal: a number as decimal text, and the other way round; an enum by its number where that is read.
    NumberForm,
    /// Legal: a time or a length of time in another form.
    TimeForm,
    /// Legal: the fields in another order.
    Reordered,
    /// Legal: an answer that comes a moment later, and a notification, too.
    Late,
}

/// Those that are made of one leaf and have to be found.
pub(crate) const OF_LEAVES: [Operator; 14] = [
    Operator::Removed,
    Operator::Null,
    Operator::OtherType,
    Operator::InList,
    Operator::Step,
    Operator::OtherBooking,
    Operator::OtherUser,
    Operator::OtherMerchant,
    Operator::Previous,
    Operator::Up,
    Operator::Down,
    Operator::EntryTwice,
    Operator::EntryLost,
    Operator::Emptied,
];

/// Those that are made of one leaf or message and are legal.
pub(crate) const LEGAL_OF_LEAVES: [Operator; 5] = [
    Operator::DefaultOmitted,
    Operator::DefaultsWritten,
    Operator::NullsWritten,
    Operator::NumberForm,
    Operator::TimeForm,
];

/// Of whole answers that are not refusals.
pub(crate) const OF_ANSWERS: [Operator; 5] = [
    Operator::Status(500),
    Operator::Status(404),
    Operator::Status(204),
    Operator::NoBody,
    Operator::PreviousBody,
];

/// Of whole refusals.
pub(crate) const OF_REFUSALS: [Operator; 2] = [Operator::Status(200), Operator::Status(500)];

/// Of whole notifications.
pub(crate) const OF_NOTIFICATIONS: [Operator; 6] = [
    Operator::NoBody,
    Operator::PreviousBody,
    Operator::Dropped,
    Operator::Repeated,
    Operator::Swapped,
    Operator::Delayed,
];

/// Legal for whole answers.
pub(crate) const LEGAL_OF_ANSWERS: [Operator; 3] =
    [Operator::Reordered, Operator::Late, Operator::Status(201)];

/// Legal for whole notifications.
pub(crate) const LEGAL_OF_NOTIFICATIONS: [Operator; 2] = [Operator::Reordered, Operator::Late];

impl Operator {
    /// True for what proto3 JSON or Google's pages allow.
    pub(crate) fn is_legal(self) -> bool {
        LEGAL_OF_LEAVES.contains(&self)
            || LEGAL_OF_ANSWERS.contains(&self)
            || LEGAL_OF_NOTIFICATIONS.contains(&self)
    }

    /// True for what changes how a message is sent and not what is in it.
    pub(crate) fn is_of_delivery(self) -> bool {
        matches!(
            self,
            Self::Dropped | Self::Repeated | Self::Swapped | Self::Delayed | Self::Late
        )
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Removed => "removed",
            Self::Null => "null",
            Self::OtherType => "other-type",
            Self::InList => "in-list",
            Self::Step => "step",
            Self::OtherBooking => "other-booking",
            Self::OtherUser => "other-user",
            Self::OtherMerchant => "other-merchant",
            Self::Previous => "previous",
            Self::Up => "up",
            Self::Down => "down",
            Self::EntryTwice => "entry-twice",
            Self::EntryLost => "entry-lost",
            Self::Emptied => "emptied",
            Self::Status(status) => return write!(formatter, "status-{status}"),
            Self::NoBody => "no-body",
            Self::PreviousBody => "previous-body",
            Self::Dropped => "dropped",
            Self::Repeated => "repeated",
            Self::Swapped => "swapped",
            Self::Delayed => "delayed",
            Self::DefaultOmitted => "default-omitted",
            Self::DefaultsWritten => "defaults-written",
            Self::NullsWritten => "nulls-written",
            Self::NumberForm => "number-form",
            Self::TimeForm => "time-form",
            Self::Reordered => "reordered",
            Self::Late => "late",
        };
        formatter.write_str(word)
    }
}
