//! What feeds have to say where users pay on the partner's own page.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::ProblemCode;

pub(crate) static RULE: Rule = Rule {
    name: "feed/redirect",
    requirements: &[
        RequirementId::declared("REDIR-01"),
        RequirementId::declared("REDIR-02"),
        RequirementId::declared("REDIR-03"),
        RequirementId::declared("REDIR-04"),
    ],
    manual: "Looks at slots that link out: those with a reason for it, or with a prepayment of their own. The service of a slot \
             with a prepayment needs the template of an address that names the start and the party size in braces; what RFC 6570 has beyond its second level \
             passes, too. A tokenization configuration is in the way only where all slots of the merchant link out.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::TokenizationWithRedirect,
        "REDIR-01",
        "all slots of a merchant link out, and it still has a tokenization configuration",
    ),
    row(
        ProblemCode::NoRedirectTemplate,
        "REDIR-02",
        "slots link out, and their service has no template with start and party size",
    ),
    row(
        ProblemCode::NoRedirectPrice,
        "REDIR-03",
        "the prepayment of a slot does not state its price",
    ),
    row(
        ProblemCode::UnmarkedRedirect,
        "REDIR-04",
        "a slot has a prepayment of its own and is not marked as one that links out",
    ),
];
