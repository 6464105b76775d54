//! `[[waiver]]`: a violation that somebody answers for, until a day.

use super::place::Place;
use super::reader::Section;
use super::skip::{filled, id_glob, scenario_glob};
use super::value::Value;
use catalogue::RequirementId;
use globset::GlobMatcher;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A violation that is counted but does not fail the run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "StoredWaiver", try_from = "StoredWaiver")]
pub struct Waiver {
    /// The id of what is waived, as it stands in the file.
    pub id: String,
    /// The requirement of that id; absent where none has it.
    pub requirement: Option<RequirementId>,
    /// The scenarios for which it is; absent means all, and the run as a whole.
    pub scenario: Option<GlobMatcher>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds, in UTC.
    pub expires: Date,
    /// Where it stands.
    pub places: WaiverPlaces,
}

/// The lines of a waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverPlaces {
    /// That of the requirement.
    pub requirement: Place,
    /// That of the scenario.
    pub scenario: Option<Place>,
    /// That of the last day.
    pub expires: Place,
}

const REASON: &str = "say why the violation is accepted for now: reason = \"...\"";
const OWNER: &str = "say who answers for it: owner = \"...\"";
const EXPIRES: &str = "write the last day on which it holds, without quotes: expires = 2026-12-15";

impl Waiver {
    /// True when the waiver speaks of this requirement in this scenario; without one, in the run as a whole.
    pub fn covers(&self, requirement: RequirementId, scenario: Option<&str>) -> bool {
        let is_there = match (&self.scenario, scenario) {
            (None, _) => true,
            (Some(glob), Some(scenario)) => glob.is_match(scenario),
            (Some(_), None) => false,
        };
        self.requirement == Some(requirement) && is_there
    }

    /// True when its last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        today > self.expires
    }

    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let help = "name what is waived: requirement = \"BS-LIST-04\"";
        let requirement = section.need("requirement", help);
        let id = requirement.as_ref().and_then(|value| filled(value, help));
        let named = section.get("scenario");
        let scenario = named.as_ref().map(scenario_glob);
        let reason = section.need("reason", REASON);
        let reason = reason.and_then(|value| filled(&value, REASON));
        let owner = section.need("owner", OWNER);
        let owner = owner.and_then(|value| filled(&value, OWNER));
        let expires = section.need("expires", EXPIRES);
        let last_day = expires.as_ref().and_then(day);
        let places = WaiverPlaces {
            requirement: requirement?.place(),
            scenario: named.map(|value| value.place()),
            expires: expires?.place(),
        };
        let id = id?;
        Some(Self {
            requirement: RequirementId::parse(&id),
            id,
            // A glob that cannot be read must not become "all scenarios".
            scenario: scenario.map_or(Some(None), |glob| glob.map(Some))?,
            reason: reason?,
            owner: owner?,
            expires: last_day?,
            places,
        })
    }
}

/// The form in which a recording keeps a waiver: a requirement that is gone by then is unknown again.
#[derive(Serialize, Deserialize)]
struct StoredWaiver {
    requirement: String,
    scenario: Option<String>,
    reason: String,
    owner: String,
    expires: String,
    places: WaiverPlaces,
}

impl From<Waiver> for StoredWaiver {
    fn from(waiver: Waiver) -> Self {
        Self {
            requirement: waiver.id,
            scenario: waiver.scenario.map(|glob| glob.glob().glob().to_owned()),
            reason: waiver.reason,
            owner: waiver.owner,
            expires: waiver.expires.to_string(),
            places: waiver.places,
        }
    }
}

impl TryFrom<StoredWaiver> for Waiver {
    type Error = String;

    fn try_from(stored: StoredWaiver) -> Result<Self, String> {
        let glob = stored.scenario.as_deref().map(id_glob).transpose();
        let expires = stored.expires.parse();
        Ok(Self {
            requirement: RequirementId::parse(&stored.requirement),
            id: stored.requirement,
            scenario: glob.map_err(|error| format!("a waiver's scenario is no glob: {error}"))?,
            reason: stored.reason,
            owner: stored.owner,
            expires: expires.map_err(|error| format!("a waiver's last day is no day: {error}"))?,
            places: stored.places,
        })
    }
}

fn day(value: &Value<'_>) -> Option<Date> {
    if value.is_blank() {
        value.wrong("is empty", EXPIRES);
        return None;
    }
    value.date()
}
