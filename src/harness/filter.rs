//! Which scenarios a run takes: ids and globs, `req:`, `cap:`, `level:`.

use super::{LeftOut, Suite};
use catalogue::{Level, RequirementId, catalogue};
use domain::Capability;
use globset::{GlobBuilder, GlobMatcher};
use scenario::Scenario;

/// One filter of the command line.
#[derive(Debug, Clone)]
pub struct Filter {
    text: String,
    pattern: Pattern,
}

#[derive(Debug, Clone)]
enum Pattern {
    /// A scenario id or a glob of ids.
    Id(GlobMatcher),
    /// Requirement ids; a glob works.
    Requirement(GlobMatcher),
    /// Scenarios that need a capability.
    Capability(Capability),
    /// Scenarios that judge a requirement of the level.
    Level(Level),
}

/// The filter means nothing.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum FilterError {
    /// Not a pattern.
    #[error("`{0}` is not a pattern")]
    #[diagnostic(help("write an id or a glob, such as deposit/** or req:RTU-*"))]
    Pattern(String),
    /// No such capability.
    #[error("no capability is called `{0}`")]
    #[diagnostic(help("capabilities: {1}"))]
    Capability(String, String),
    /// No such level.
    #[error("no level is called `{0}`")]
    #[diagnostic(help("levels: must, should"))]
    Level(String),
    /// Nothing is left.
    #[error("no scenario matches {0}")]
    #[diagnostic(help("`conformance list scenarios` shows what there is"))]
    Nothing(String),
    /// A wish to leave something out that matches nothing.
    #[error("{wish} leaves nothing out: no scenario matches it")]
    #[diagnostic(help("{help}"))]
    LeavesOutNothing {
        /// As the user wrote it, with its line.
        wish: String,
        /// The nearest id.
        help: String,
    },
    /// All that was wanted is left out.
    #[error("nothing is left to run: every scenario that the filters take is left out by {0}")]
    #[diagnostic(help("leave less out, or take more"))]
    NothingLeft(String),
    /// What other scenarios need is left out.
    #[error(
        "{basic} cannot be left out ({wish}): {count} of the scenarios that would run need it, such as {first}"
    )]
    #[diagnostic(help(
        "leave these out, too; or let it run, and waive what it shows: conformance waive ID --scenario {basic}"
    ))]
    Needed {
        /// As the user wrote it, with its line.
        wish: String,
        /// The scenario that shows the basic.
        basic: String,
        /// How many need it.
        count: usize,
        /// The first of them.
        first: String,
    },
}

impl Filter {
    /// Reads a filter as a user writes it.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            text: text.to_owned(),
            pattern: Pattern::parse(text)?,
        })
    }

    /// Reads a glob of scenario ids alone.
    pub fn ids(text: &str) -> Result<Self, FilterError> {
        glob(text).map(Self::of_ids)
    }

    /// A filter of scenario ids alone.
    pub(crate) fn of_ids(glob: GlobMatcher) -> Self {
        Self {
            text: glob.glob().glob().to_owned(),
            pattern: Pattern::Id(glob),
        }
    }

    /// As the user wrote it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True when the filter takes the scenario.
    pub(crate) fn takes(&self, scenario: &Scenario) -> bool {
        self.pattern.takes(scenario)
    }
}

/// The scenarios of a suite that a run takes.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    filters: Vec<Filter>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Selection {
    /// What any of the filters takes; without one, everything. Each has to take something.
    pub fn new(filters: Vec<Filter>, suite: &Suite) -> Result<Self, FilterError> {
        let scenarios = suite.scenarios();
        let is_idle = |filter: &&Filter| !scenarios.iter().any(|scenario| filter.takes(scenario));
        match filters.iter().find(is_idle) {
            Some(filter) => Err(FilterError::Nothing(filter.text.clone())),
            None => Ok(Self {
                filters,
                left_out: Vec::new(),
            }),
        }
    }

    /// True when the scenario is taken.
    pub(crate) fn takes(&self, scenario: &Scenario) -> bool {
        self.reason_against(scenario).is_none()
    }

    /// True when the filters take the scenario.
    pub(crate) fn is_filtered_in(&self, scenario: &Scenario) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| filter.takes(scenario))
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, FilterError> {
        match text.split_once(':') {
            Some(("req", pattern)) => glob(pattern).map(Self::Requirement),
            Some(("cap", name)) => Capability::parse(name).map(Self::Capability).ok_or_else(|| {
                let names: Vec<_> = Capability::ALL
                    .iter()
                    .map(|capability| capability.name())
                    .collect();
                FilterError::Capability(name.to_owned(), names.join(", "))
            }),
            Some(("level", "must")) => Ok(Self::Level(Level::Must)),
            Some(("level", "should")) => Ok(Self::Level(Level::Should)),
            Some(("level", other)) => Err(FilterError::Level(other.to_owned())),
            _ => glob(text).map(Self::Id),
        }
    }

    fn takes(&self, scenario: &Scenario) -> bool {
        match self {
            Self::Id(glob) => glob.is_match(&scenario.id),
            Self::Requirement(glob) => scenario.requirements().into_iter().any(|id| names(glob, id)),
            Self::Capability(capability) => scenario.capabilities().contains(capability),
            Self::Level(level) => scenario
                .requirements()
                .into_iter()
                .any(|id| catalogue().row(id).level == *level),
        }
    }
}

/// The glob names the requirement or one of its aliases.
fn names(glob: &GlobMatcher, id: RequirementId) -> bool {
    let row = catalogue().row(id);
    glob.is_match(&row.id) || row.aliases.iter().any(|alias| glob.is_match(alias))
}

pub(crate) fn glob(pattern: &str) -> Result<GlobMatcher, FilterError> {
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|_| FilterError::Pattern(pattern.to_owned()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::testing::BUNDLE;

    fn ids_taken_by(filter: &str) -> Vec<String> {
        let (suite, filter) = (
            Suite::load(&BUNDLE, None).unwrap(),
            Filter::parse(filter).unwrap(),
        );
        suite
            .scenarios()
            .iter()
            .filter(|one| filter.takes(one))
            .map(|one| one.id.clone())
            .collect()
    }

    #[test]
    fn each_kind_of_filter_takes_its_own() {
        assert_eq!(ids_taken_by("health/serving"), ["health/serving"]);
        assert!(
            ids_taken_by("deposit/**").len() >= 4
                && ids_taken_by("deposit/**")
                    .iter()
                    .all(|id| id.starts_with("deposit/"))
        );
        assert_eq!(ids_taken_by("req:VIRT-18"), ["online/unpaid"]);
        assert!(
            ids_taken_by("req:PAY-DEP-07").contains(&"deposit/refund-before-cutoff".to_owned()),
            "an alias works"
        );
        assert!(ids_taken_by("cap:prepayment").contains(&"prepayment/full-prepayment".to_owned()));
        assert!(ids_taken_by("level:must").len() > 10);
        assert!(ids_taken_by("nothing/**").is_empty());
    }

    #[test]
    fn a_wrong_filter_is_explained() {
        assert!(matches!(
            Filter::parse("cap:deposits"),
            Err(FilterError::Capability(..))
        ));
        assert!(matches!(Filter::parse("level:maybe"), Err(FilterError::Level(_))));
        assert!(matches!(Filter::parse("a[b"), Err(FilterError::Pattern(_))));
        let (suite, idle) = (
            Suite::load(&BUNDLE, None).unwrap(),
            Filter::parse("nothing/**").unwrap(),
        );
        assert!(matches!(
            Selection::new(vec![idle], &suite),
            Err(FilterError::Nothing(text)) if text == "nothing/**"
        ));
    }
}
