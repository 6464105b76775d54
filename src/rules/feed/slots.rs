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
    ],
    manual: "Looks at every record of the availability feed by itself and at all of them together: ids that lead somewhere, times \
             and lengths in seconds, free spots within what there is, recurrences within a day, bookings of recurring slots as \
             exceptions, staff and rooms with id and name, windows in their order. Two slots are the same when ids, start, length \
             and resources are, whatever their tags; resources without ids are told apart by name and description, and slots of a \
             recurrence count as if each were written down. An integration may use spots or recurrences, and one service never both.",
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
    ),
    row(
        ProblemCode::DurationOutOfRange,
        "FEED-AVL-01",
        "a length is no plausible number of seconds",
    ),
    row(
        ProblemCode::OddDuration,
        "FEED-AVL-01",
        "a slot is more than two weeks long",
    )
    .warns(),
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
    ),
    row(
        ProblemCode::InvalidSpots,
        "FEED-AVL-10",
        "the open spots are not between none and all that there are",
    ),
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
    ),
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
