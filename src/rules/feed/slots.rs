//! What the availability feed has to say.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{Code, Subject};

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
        Code::MissingField,
        "FEED-AVL-01",
        "a slot does not state its merchant, service, start or length",
    )
    .of(Subject::Slot)
    .at(&["merchant_id", "service_id", "start_sec", "duration_sec"]),
    row(
        Code::UnknownMerchant,
        "FEED-AVL-01",
        "a slot names a merchant that the merchants feed does not have",
    )
    .of(Subject::Slot),
    row(
        Code::UnknownService,
        "FEED-AVL-01",
        "a slot names a service that the services feed does not have",
    )
    .of(Subject::Slot),
    row(
        Code::TimeOutOfRange,
        "FEED-AVL-01",
        "a start is no plausible moment in epoch seconds",
    ),
    row(
        Code::DurationOutOfRange,
        "FEED-AVL-01",
        "a length is no plausible number of seconds",
    ),
    row(
        Code::OddDuration,
        "FEED-AVL-01",
        "a slot is more than two weeks long",
    )
    .warns(),
    row(
        Code::RestrictedFeed,
        "FEED-AVL-02",
        "a restrict is set in a feed that is complete",
    ),
    row(
        Code::MixedStyles,
        "FEED-AVL-03",
        "some services use spots and others recurrences",
    ),
    row(
        Code::MixedFormats,
        "FEED-AVL-04",
        "one service uses spots and recurrences",
    ),
    row(
        Code::IdenticalSlot,
        "FEED-AVL-05",
        "two slots have the same ids, start, length and resources",
    ),
    row(
        Code::InvalidRecurrence,
        "FEED-AVL-06",
        "a recurrence does not go forward, or for more than 24 hours",
    ),
    row(
        Code::BookedRecurrence,
        "FEED-AVL-09",
        "bookings of a recurring slot are given as spots instead of as exceptions",
    ),
    row(
        Code::InvalidException,
        "FEED-AVL-09",
        "an exception closes no time, so that what it stands for stays on offer",
    ),
    row(
        Code::InvalidSpots,
        "FEED-AVL-10",
        "the open spots are not between none and all that there are",
    ),
    row(
        Code::NoSpots,
        "FEED-AVL-10",
        "a slot has neither spots nor a recurrence",
    )
    .warns(),
    row(
        Code::HalfNamedResource,
        "FEED-AVL-12",
        "staff or a room has an id and no name, or a name and no id",
    ),
    row(
        Code::InvalidBookableWindow,
        "FEED-AVL-15",
        "first bookable moment, last bookable moment and start are not in this order",
    ),
    row(
        Code::UndefinedTicketType,
        "FEED-AVL-17",
        "a slot names a ticket type that its service does not define",
    ),
    row(
        Code::TouchingExceptions,
        "FEED-AVL-19",
        "exceptions that touch are not joined",
    ),
];
