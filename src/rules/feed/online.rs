//! What the services feed has to say of online services.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::ProblemCode;

pub(crate) static RULE: Rule = Rule {
    name: "feed/online",
    requirements: &[
        RequirementId::declared("VIRT-01"),
        RequirementId::declared("VIRT-02"),
        RequirementId::declared("VIRT-03"),
        RequirementId::declared("VIRT-05"),
        RequirementId::declared("VIRT-07"),
        RequirementId::declared("VIRT-10"),
        RequirementId::declared("VIRT-21"),
        RequirementId::declared("VIRT-22"),
    ],
    manual: "Looks at services that are typed as online, or have a virtual session in which anything is set. Texts may be messages \
             or bare strings, as Google's own samples print both, and enums names or numbers. A service without a cancellation \
             policy gives nothing back, which may be meant: that it can be cancelled online is a warning then, and where money is \
             taken at booking the missing policy is told for that reason.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::NoOnlineType,
        "VIRT-01",
        "a service has a virtual session and not the type SERVICE_TYPE_ONLINE_APPOINTMENT",
    ),
    row(
        ProblemCode::NoPlatform,
        "VIRT-02",
        "an online service does not name its platform",
    ),
    row(
        ProblemCode::NoPlatformName,
        "VIRT-03",
        "the platform of an online service is OTHER and has no name",
    ),
    row(
        ProblemCode::UnknownPlatform,
        "VIRT-02",
        "the platform of an online service is none that Google lists",
    ),
    row(
        ProblemCode::NeedlessPlatformName,
        "VIRT-03",
        "an online service names another platform beside one that has a name of its own",
    ),
    row(
        ProblemCode::NoSessionTexts,
        "VIRT-05",
        "an online service has no instructions or no requirements",
    ),
    row(
        ProblemCode::ForeignMarkup,
        "VIRT-07",
        "instructions or requirements have markup other than br, strong, em and i",
    )
    .at(&["session_instructions", "session_requirements"]),
    row(
        ProblemCode::NoOnlinePolicy,
        "VIRT-10",
        "an online service can be cancelled and does not say what is given back",
    )
    .warns(),
    row(
        ProblemCode::NoDirectMethods,
        "VIRT-21",
        "the merchant is paid directly, and no way to pay is listed",
    ),
    row(
        ProblemCode::DirectWithPrepayment,
        "VIRT-22",
        "the merchant is paid directly, and a prepayment is required",
    ),
];
