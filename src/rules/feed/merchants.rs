//! What the merchants feed has to say.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{Compared, FeedSubject, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/merchants",
    requirements: &[
        RequirementId::declared("FEED-MER-01"),
        RequirementId::declared("FEED-MER-02"),
        RequirementId::declared("FEED-MER-03"),
        RequirementId::declared("FEED-MER-04"),
        RequirementId::declared("FEED-MER-06"),
        RequirementId::declared("FEED-MER-07"),
        RequirementId::declared("FEED-MER-08"),
        RequirementId::declared("FEED-MER-13"),
        RequirementId::declared("FEED-MER-14"),
        RequirementId::declared("FEED-MER-15"),
        RequirementId::declared("FEED-MER-16"),
    ],
    manual: "Looks at every record of the merchants feed: ids, name, category, an address with its country or one line of text, \
             contact, tax, payment options and the tokenization configuration. A position without an address is no place, and an \
             address without a position is one. Parameters are known of two gateways, stripe and braintree; of any other only its \
             name is asked for, and a configuration in which nothing is set counts as none. What 3DS2 needs is wanted as soon as \
             some of it is there; parameters of card networks only of a merchant who takes Visa or American Express. Whose account it is shows in no file; where two merchants name one account \
             (network, bank and number), name and country are the same, or it is a warning. Copies of a \
             payment option are the same however their fields are ordered and spelt. Deprecated fields count where they say \
             something. A web address may stand without its scheme, as in a sample of Google's, which is a note.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(ProblemCode::MissingField, "FEED-MER-01", "a merchant has no id")
        .named("MISSING_ID")
        .of(FeedSubject::Merchant)
        .at(&["merchant_id"]),
    row(
        ProblemCode::DuplicateMerchant,
        "FEED-MER-01",
        "two merchants have one id, of which the first one counts",
    ),
    row(
        ProblemCode::UnsafeId,
        "FEED-MER-02",
        "an id has characters that an address has to escape",
    ),
    row(
        ProblemCode::MissingField,
        "FEED-MER-03",
        "a merchant does not state where it is",
    )
    .of(FeedSubject::Merchant)
    .at(&["geo"])
    .named("MISSING_ADDRESS"),
    row(
        ProblemCode::MissingField,
        "FEED-MER-03",
        "a merchant does not state its name",
    )
    .of(FeedSubject::Merchant)
    .at(&["name"])
    .named("MISSING_NAME"),
    row(
        ProblemCode::MissingField,
        "FEED-MER-03",
        "a merchant does not state its category",
    )
    .of(FeedSubject::Merchant)
    .at(&["category"])
    .named("MISSING_REQUIRED_FIELD"),
    row(
        ProblemCode::BlankAddress,
        "FEED-MER-03",
        "a part of a merchant's address is an empty text",
    )
    .named("MISSING_ADDRESS")
    .warns(),
    row(
        ProblemCode::InvalidPlace,
        "FEED-MER-03",
        "the position of a merchant is not on earth",
    ),
    row(
        ProblemCode::NoContact,
        "FEED-MER-04",
        "a merchant has no telephone number with country code, or no web address",
    ),
    row(
        ProblemCode::BadUrl,
        "FEED-MER-04",
        "the web address of a merchant cannot be opened from outside",
    )
    .named("BAD_OR_INELIGIBLE_URL"),
    row(
        ProblemCode::IncompleteTokenization,
        "FEED-MER-06",
        "a tokenization configuration lacks a parameter that its gateway needs",
    ),
    row(
        ProblemCode::NoTaxRate,
        "FEED-MER-07",
        "a merchant takes payments, and no tax rate is stated",
    ),
    row(
        ProblemCode::InvalidTaxRate,
        "FEED-MER-07",
        "a tax rate is not between 0 and 100 percent, in millionths of one percent",
    ),
    row(
        ProblemCode::ImplausibleTaxRate,
        "FEED-MER-07",
        "a tax rate is far below one percent: it counts in millionths of one percent",
    )
    .warns(),
    row(
        ProblemCode::DeprecatedField,
        "FEED-MER-08",
        "a merchant uses a deprecated field",
    )
    .of(FeedSubject::Merchant),
    row(
        ProblemCode::PaymentOptionDiffers,
        "FEED-MER-13",
        "payment options of one id differ between merchants",
    ),
    row(
        ProblemCode::MissingField,
        "FEED-MER-13",
        "a payment option has no id, under which it could be known",
    )
    .of(FeedSubject::Merchant)
    .at(&["payment_option_id"]),
    row(
        ProblemCode::InvalidSessionCount,
        "FEED-MER-14",
        "a payment option for several uses is not for more than one session",
    ),
    row(
        ProblemCode::IncompleteThreeds2,
        "FEED-MER-15",
        "a merchant states some of what 3DS2 needs, and not all of it",
    ),
    row(
        ProblemCode::AccountDiffers,
        "FEED-MER-16",
        "two merchants state different 3DS2 data of one account",
    )
    .seen_in(Compared::Accounts)
    .warns(),
];
