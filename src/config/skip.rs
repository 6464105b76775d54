//! `[[skip]]`: scenarios that are left out, with the reason.

use super::place::Place;
use super::reader::Section;
use super::value::Value;
use globset::{GlobBuilder, GlobMatcher};

/// Scenarios that a run leaves out.
#[derive(Debug, Clone)]
pub struct Skip {
    /// Which.
    pub scenario: GlobMatcher,
    /// Why.
    pub reason: String,
    /// The line that names them.
    pub place: Place,
}

impl Skip {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let help = "name what is left out: scenario = \"lifecycle/list\", or a glob such as \"deposit/**\"";
        let value = section.need("scenario", help);
        let scenario = value.as_ref().and_then(scenario_glob);
        let place = value.map(|value| value.place());
        let reason = section.need("reason", REASON);
        let reason = reason.and_then(|value| filled(&value, REASON));
        Some(Self {
            scenario: scenario?,
            reason: reason?,
            place: place?,
        })
    }
}

const REASON: &str = "say why these scenarios are left out: reason = \"...\"";

/// A glob of scenario ids, in which `*` stays within an area, as in the filters of `run`.
pub(super) fn scenario_glob(value: &Value<'_>) -> Option<GlobMatcher> {
    let glob = id_glob(value.string()?).map_err(|error| {
        let help = "write a scenario id or a glob such as \"deposit/**\"";
        value.wrong(&format!("is no glob: {}", error.kind()), help);
    });
    glob.ok()
}

/// The glob of a text, in which `*` stays within an area.
pub(super) fn id_glob(text: &str) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher())
}

/// Text that somebody has written; blanks alone are not.
pub(super) fn filled(value: &Value<'_>, help: &str) -> Option<String> {
    if value.is_blank() {
        value.wrong("is empty", help);
        return None;
    }
    value.string().map(ToOwned::to_owned)
}
