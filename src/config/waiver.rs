//! `[[waiver]]`: a violation that somebody answers for, until a day.

use super::reader::Section;
use super::value::Value;
use catalogue::{RequirementId, catalogue};
use globset::{Glob, GlobMatcher};
use jiff::civil::Date;

/// A violation that is counted but does not fail the run.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The requirement that is waived.
    pub requirement: RequirementId,
    /// The scenarios for which it is; absent means all.
    pub scenario: Option<GlobMatcher>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
}

impl Waiver {
    /// True when the waiver speaks of this requirement in this scenario.
    pub fn covers(&self, requirement: RequirementId, scenario: &str) -> bool {
        let glob = self.scenario.as_ref();
        self.requirement == requirement && glob.is_none_or(|glob| glob.is_match(scenario))
    }

    /// True when its last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        today > self.expires
    }

    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let requirement = section.need("requirement", "name what is waived: requirement = \"BS-LIST-04\"");
        let requirement = requirement.and_then(|value| requirement_id(&value));
        let scenario = section.get("scenario").and_then(|value| scenario_glob(&value));
        let reason = section.need("reason", "say why the violation is accepted for now");
        let reason = reason.and_then(|value| value.string());
        let owner = section.need("owner", "say who answers for it");
        let owner = owner.and_then(|value| value.string());
        let expires = section.need("expires", "say until when: expires = 2026-12-15");
        let expires = expires.and_then(|value| value.date());
        Some(Self {
            requirement: requirement?,
            scenario,
            reason: reason?.to_owned(),
            owner: owner?.to_owned(),
            expires: expires?,
        })
    }
}

fn requirement_id(value: &Value<'_>) -> Option<RequirementId> {
    let text = value.string()?;
    let id = RequirementId::parse(text);
    if id.is_none() {
        let help = catalogue().nearest(text).map_or_else(
            || "`conformance list requirements` lists all ids".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        value.wrong(&format!("names no requirement: `{text}`"), help);
    }
    id
}

fn scenario_glob(value: &Value<'_>) -> Option<GlobMatcher> {
    let glob = Glob::new(value.string()?);
    let glob = glob.map_err(|error| {
        let help = "write a scenario id or a glob such as \"deposit/**\"";
        value.wrong(&format!("is no glob: {}", error.kind()), help);
    });
    glob.ok().map(|glob| glob.compile_matcher())
}
