//! The requirements that Google's pages put on a partner: data, ids, levels, sources, aliases.
//!
//! The rows live in `requirements/`, one file per subject; this module only reads them. Ids are those of Google's obligations as the
//! project numbers them and never change meaning.

mod id;
mod illustration;
mod set;

pub use id::RequirementId;
pub use illustration::{Illustration, illustration, illustrations_text};
pub use set::{Catalogue, CatalogueError, catalogue};

use serde::{Deserialize, Serialize};

/// Whose duty a requirement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The partner under test.
    Partner,
    /// Google, whose part the harness plays.
    Google,
}

impl Owner {
    /// Who it is, as it stands in reports.
    pub fn words(self) -> &'static str {
        match self {
            Owner::Partner => "the partner",
            Owner::Google => "Google",
        }
    }
}

/// How binding a requirement is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Violations fail.
    Must,
    /// Violations warn, and fail under `--strict`.
    Should,
    /// Never judged.
    May,
}

impl Level {
    /// The word as it stands in reports.
    pub fn word(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::May => "may",
        }
    }
}

/// Why nothing on the wire can judge a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The kind of reason.
    pub kind: ReasonKind,
    /// One sentence.
    pub because: String,
}

/// The closed list of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReasonKind {
    /// A business policy that no message shows.
    Policy,
    /// It happens in mails.
    Mail,
    /// It needs days of calendar time.
    Calendar,
    /// It happens in Google's partner portal.
    Portal,
    /// Nothing on the wire shows it.
    Unobservable,
    /// Google no longer calls the method.
    Legacy,
    /// A capability of the target that is judged in a later requirement set.
    Planned,
}

impl ReasonKind {
    /// The word as it stands in lists.
    pub fn word(self) -> &'static str {
        match self {
            ReasonKind::Policy => "policy",
            ReasonKind::Mail => "mail",
            ReasonKind::Calendar => "calendar",
            ReasonKind::Portal => "portal",
            ReasonKind::Unobservable => "unobservable",
            ReasonKind::Legacy => "legacy",
            ReasonKind::Planned => "planned",
        }
    }
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// What it is about: the name of the file that holds it.
    #[serde(skip)]
    pub subject: String,
    /// The id, such as `PAY-COM-10`.
    pub id: String,
    /// Other ids of the same duty.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whose duty it is.
    #[serde(default = "partner")]
    pub owner: Owner,
    /// How binding it is.
    pub level: Level,
    /// The duty in our words; reads on after "the partner must".
    pub title: String,
    /// Google's page: a path on developers.google.com unless a host is named.
    pub source: String,
    /// `stated`, `interface`, `sample` or `inferred`.
    #[serde(default = "stated")]
    pub evidence: String,
    /// What a violation costs, in one sentence for a partner.
    #[serde(default)]
    pub why: Option<String>,
    /// Usual causes, for `explain`.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The capability that the target must have for this to apply, or several with `or` between them, of which one is enough.
    #[serde(default)]
    pub capability: Option<String>,
    /// What a partner does of its own accord for this to apply; reads on after "partners that". Without it the rest of the row says
    /// whether it applies.
    #[serde(default)]
    pub only_if: Option<String>,
    /// Why nothing judges it; none when a rule or a scenario does.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// What in the harness holds a duty of Google's; none for the partner's duties.
    #[serde(default)]
    pub held_by: Option<String>,
}

impl Requirement {
    /// Google's page, as an https link.
    pub fn page(&self) -> String {
        let host = if self.source.starts_with('/') {
            "https://developers.google.com"
        } else {
            ""
        };
        format!("{host}{}", self.source)
    }

    /// True when a run has to say what it came to: a MAY is never judged, and neither is what has a reason.
    pub fn is_to_be_judged(&self) -> bool {
        self.owner == Owner::Partner && self.level != Level::May && self.reason.is_none()
    }
}

fn partner() -> Owner {
    Owner::Partner
}

fn stated() -> String {
    "stated".to_owned()
}
