//! What the availability feed has to say.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{FeedSubject, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/slots",
    requirements: &[
        RequirementId::declared("FEED-AVL-01"),
        RequirementId::declared("FEED-AVL-02"),
        RequirementId::declared("FEED-AVL-03"),
        RequirementId::declared("FEED-AVL-04"),
        RequirementId::declared("FEED-AVL-05"),
        RequirementId::declared("FEED-AVL-06"),
        RequirementId::declared("FEED-AVL-09"),
        RequirementId::declared("FEED-AVL-10"),
        RequirementId::declared("FEED-AVL-12"),
        RequirementId::declared("FEED-AVL-15"),
        RequirementId::declared("FEED-AVL-17"),
        RequirementId::declared("FEED-AVL-19"),
        RequirementId::declared("FEED-AVL-21"),
        RequirementId::declared("FEED-AVL-22"),
        RequirementId::declared("FEED-AVL-23"),
        RequirementId::declared("FEED-AVL-24"),
    ],
    manual: "Looks at every record of the availability feed by itself and at all of them together: ids that lead somewhere, times \
             and lengths in seconds, free spots within what there is, recurrences within a day, bookings of recurring slots as \
             exceptions, staff and rooms with id and name, windows in their order. Two slots are the same when ids, start, length \
             and resources are, whatever their tags; resources without ids are told apart by name and description, and slots of a \
             recurrence count as if each were written down. An integration may use spots or recurrences, and one service never both. \
             A slot that ended on the day of the export, or on the day before, is no slot of the past; more than five years ahead no pages \
             give a number, and no partner has slots. A party is too large for tables only.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::MissingField,
        "FEED-AVL-01",
        "a slot does not state its merchant, service, start or length",
    )
    .of(FeedSubject::Slot)
    .at(&["merchant_id", "service_id", "start_sec", "duration_sec"]),
    row(
        ProblemCode::UnknownMerchant,
        "FEED-AVL-01",
        "a slot names a merchant that the merchants feed does not have",
    )
    .of(FeedSubject::Slot),
    row(
        ProblemCode::UnknownService,
        "FEED-AVL-01",
        "a slot names a service that the services feed does not have",
    )
    .of(FeedSubject::Slot),
    row(
        ProblemCode::TimeOutOfRange,
        "FEED-AVL-01",
        "a start is no plausible moment in epoch seconds",
    )
    .named("TIMESTAMP_OUT_OF_RANGE"),
    row(
        ProblemCode::DurationOutOfRange,
        "FEED-AVL-21",
        "a length is no plausible number of seconds",
    )
    .named("DURATION_OUT_OF_RANGE"),
    row(
        ProblemCode::OddDuration,
        "FEED-AVL-21",
        "a slot lasts 168 hours or more",
    )
    .named("DURATION_OUT_OF_RANGE"),
    row(
        ProblemCode::PastSlot,
        "FEED-AVL-22",
        "a slot was over before the day of the export",
    )
    .named("TIMESTAMP_OUT_OF_RANGE"),
    row(
        ProblemCode::FarSlot,
        "FEED-AVL-01",
        "a slot starts more than five years after the export",
    )
    .named("TIMESTAMP_OUT_OF_RANGE"),
    row(
        ProblemCode::SeveralPaymentOptions,
        "FEED-AVL-23",
        "a slot names more than one payment option",
    ),
    row(
        ProblemCode::LargeParty,
        "FEED-AVL-24",
        "a slot is for more than twenty people",
    ),
    row(
        ProblemCode::SpotsOfRecurrence,
        "FEED-AVL-04",
        "a recurrence states more than one spot",
    ),
    row(
        ProblemCode::RestrictedFeed,
        "FEED-AVL-02",
        "a restrict is set in a feed that is complete",
    ),
    row(
        ProblemCode::MixedStyles,
        "FEED-AVL-03",
        "some services use spots and others recurrences",
    ),
    row(
        ProblemCode::MixedFormats,
        "FEED-AVL-04",
        "one service uses spots and recurrences",
    ),
    row(
        ProblemCode::IdenticalSlot,
        "FEED-AVL-05",
        "two slots have the same ids, start, length and resources",
    ),
    row(
        ProblemCode::InvalidRecurrence,
        "FEED-AVL-06",
        "a recurrence does not go forward, or for more than 24 hours",
    ),
    row(
        ProblemCode::BookedRecurrence,
        "FEED-AVL-09",
        "bookings of a recurring slot are given as spots instead of as exceptions",
    ),
    row(
        ProblemCode::InvalidException,
        "FEED-AVL-09",
        "an exception closes no time, so that what it stands for stays on offer",
    )
    .named("INVALID_TIME_RANGE"),
    row(
        ProblemCode::InvalidSpots,
        "FEED-AVL-10",
        "the open spots are not between none and all that there are",
    )
    .named("AVAILABILITY_SPOT_COUNT_OUT_OF_RANGE"),
    row(
        ProblemCode::NoSpots,
        "FEED-AVL-10",
        "a slot has neither spots nor a recurrence",
    )
    .warns(),
    row(
        ProblemCode::HalfNamedResource,
        "FEED-AVL-12",
        "staff or a room has an id and no name, or a name and no id",
    )
    .named("MISSING_RESOURCES"),
    row(
        ProblemCode::InvalidBookableWindow,
        "FEED-AVL-15",
        "first bookable moment, last bookable moment and start are not in this order",
    ),
    row(
        ProblemCode::UndefinedTicketType,
        "FEED-AVL-17",
        "a slot names a ticket type that its service does not define",
    ),
    row(
        ProblemCode::TouchingExceptions,
        "FEED-AVL-19",
        "exceptions that touch are not joined",
    ),
];
