//! What the services feed has to say.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{FeedSubject, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/services",
    requirements: &[
        RequirementId::declared("FEED-SVC-01"),
        RequirementId::declared("FEED-SVC-02"),
        RequirementId::declared("FEED-SVC-03"),
        RequirementId::declared("FEED-SVC-04"),
        RequirementId::declared("FEED-SVC-05"),
        RequirementId::declared("FEED-SVC-06"),
        RequirementId::declared("FEED-SVC-07"),
        RequirementId::declared("FEED-SVC-08"),
        RequirementId::declared("FEED-SVC-10"),
        RequirementId::declared("FEED-SVC-11"),
        RequirementId::declared("FEED-SVC-12"),
        RequirementId::declared("FEED-SVC-13"),
        RequirementId::declared("FEED-SVC-14"),
        RequirementId::declared("FEED-SVC-15"),
        RequirementId::declared("FEED-SVC-16"),
        RequirementId::declared("FEED-SVC-18"),
        RequirementId::declared("FEED-SVC-19"),
        RequirementId::declared("FEED-SVC-20"),
        RequirementId::declared("FEED-SVC-21"),
        RequirementId::declared("FEED-SVC-22"),
        RequirementId::declared("FEED-AVL-15"),
    ],
    manual: "Looks at every record of the services feed: ids, texts, rules, and how it is sold. `name` and `description` may stand \
             beside the localized texts. Tags that Google strips are a warning; a `<` that starts no tag is text. Whether a price or \
             a policy is missing is judged by the slots, since a payment option may give the price and a table needs none. A price \
             of zero is right for tables, tickets, online services, payment options, slots that link out and prices that are not \
             shown; of a service without a type, which may be a table, it is a warning. A length of time that is negative counts \
             as unset, and a message in which nothing is set as absent. Numbers of enums whose meaning no page \
             states are taken for the right ones. Of a restaurant the services with slots count: tables by their type, or by a party size in the slots of all services where \
             no type is stated.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::MissingField,
        "FEED-SVC-01",
        "a service has no id, or does not name its merchant",
    )
    .named("MISSING_ID")
    .of(FeedSubject::Service)
    .at(&["merchant_id", "service_id"]),
    row(
        ProblemCode::DuplicateService,
        "FEED-SVC-01",
        "two services of a merchant have one id, of which the first one counts",
    ),
    row(
        ProblemCode::UnknownMerchant,
        "FEED-SVC-01",
        "a service names a merchant that the merchants feed does not have",
    )
    .of(FeedSubject::Service),
    row(ProblemCode::UriId, "FEED-SVC-02", "the id of a service is a URI"),
    row(
        ProblemCode::MissingField,
        "FEED-SVC-03",
        "a service has no localized name",
    )
    .named("MISSING_NAME")
    .of(FeedSubject::Service)
    .at(&["localized_service_name"]),
    row(
        ProblemCode::DeprecatedField,
        "FEED-SVC-04",
        "a service states a deprecated text and no localized one",
    )
    .of(FeedSubject::Service),
    row(
        ProblemCode::LongText,
        "FEED-SVC-05",
        "a description has more than 16000 characters",
    ),
    row(
        ProblemCode::ForeignMarkup,
        "FEED-SVC-05",
        "a description has markup that Google strips",
    )
    .at(&["localized_description"])
    .warns(),
    row(
        ProblemCode::MissingPrice,
        "FEED-SVC-06",
        "neither the service nor a payment option has a price",
    ),
    row(
        ProblemCode::NoCancellationPolicy,
        "FEED-SVC-07",
        "a service takes money and states no cancellation policy",
    ),
    row(
        ProblemCode::InvalidRefundStep,
        "FEED-SVC-08",
        "a refund step gives back less than 0 or more than 100 percent, starts after the slot, or shares its moment with another",
    ),
    row(
        ProblemCode::InvalidLead,
        "FEED-AVL-15",
        "a notice before the start or the end is negative, so that one could book later",
    )
    .of(FeedSubject::Service)
    .at(&["min_advance_booking", "min_booking_buffer_before_end_time"]),
    row(
        ProblemCode::BufferWithoutFlexibility,
        "FEED-SVC-10",
        "a booking buffer before the end is set without the policy TIME_FLEXIBLE",
    ),
    row(
        ProblemCode::ChargeTimeWithoutLater,
        "FEED-SVC-11",
        "a time of charging is set without CHARGE_LATER",
    ),
    row(
        ProblemCode::NoMerchantPaymentOption,
        "FEED-SVC-12",
        "a service names a payment option, and its merchant defines none",
    )
    .of(FeedSubject::Service),
    row(
        ProblemCode::UndefinedPaymentOption,
        "FEED-SVC-12",
        "a service names a payment option that its merchant does not define",
    )
    .of(FeedSubject::Service),
    row(
        ProblemCode::LegacyFee,
        "FEED-SVC-13",
        "a fee stands inside of the rules instead of at the service",
    ),
    row(
        ProblemCode::FreeInPerson,
        "FEED-SVC-14",
        "a service costs nothing, and its type does not say that it is a table or online",
    )
    .at(&["type"])
    .warns(),
    row(
        ProblemCode::FreeInPerson,
        "FEED-SVC-14",
        "a service that happens in person costs nothing",
    ),
    row(
        ProblemCode::DuplicateTicketType,
        "FEED-SVC-15",
        "two ticket types of a service have one id",
    ),
    row(
        ProblemCode::MissingField,
        "FEED-SVC-15",
        "a ticket type has no id",
    )
    .of(FeedSubject::Service)
    .at(&["ticket_type_id"]),
    row(
        ProblemCode::CardNotConditional,
        "FEED-SVC-16",
        "a prepaid service does not set REQUIRE_CREDIT_CARD_CONDITIONAL",
    ),
    row(
        ProblemCode::EmptyText,
        "FEED-SVC-18",
        "a text has neither a value nor localized values",
    ),
    row(
        ProblemCode::SecondDiningService,
        "FEED-SVC-19",
        "a restaurant has more than one service with slots",
    ),
    row(
        ProblemCode::SameServiceTwice,
        "FEED-SVC-20",
        "two services of a merchant have one name, and slots of the same length",
    )
    .named("DUPLICATE_SERVICES"),
    row(
        ProblemCode::RepeatedName,
        "FEED-SVC-21",
        "the description of a service is its name once more",
    )
    .named("DUPLICATE_PROPERTY_VALUE"),
    row(
        ProblemCode::NeverBookable,
        "FEED-SVC-22",
        "the rules of a service leave no moment to book any of its slots",
    )
    .named("INVALID_SCHEDULING_RULES"),
];
