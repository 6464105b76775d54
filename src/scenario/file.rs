//! The form of a scenario file, as an author writes it. Meaning is given to it in `check`.

mod expect;
mod needs;
mod steps;

pub(crate) use expect::{BookingsFile, ExpectFile, ExpectationFile, TogetherFile};
pub(crate) use needs::{NeedsFile, RelationFile, SlotNeedFile};
pub(crate) use steps::{
    AwaitFile, AwaitName, CallFile, ChangeFile, FaultStepFile, LedgerFile, LookupName, ParallelFile,
    PeopleFile, StepFile, TriggerFile, UserName, WaitFile,
};

use crate::reading::At;
use catalogue::RequirementId;
use domain::Basic;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// A scenario: one story between Google and a partner.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScenarioFile {
    /// One sentence that says what happens.
    pub(crate) title: At<String>,
    /// Requirements that this scenario exists for; rules judge many more on the way.
    #[serde(default)]
    pub(crate) serves: Vec<At<RequirementId>>,
    /// What this scenario shows first of all, so that all that needs it waits for that: a method's name, whose plainest call it
    /// makes, `move`, `distinct_ids` or `notification`.
    #[serde(default)]
    pub(crate) basic: Option<Basic>,
    /// What must be there before it can run.
    #[serde(default)]
    pub(crate) needs: NeedsFile,
    /// Begin with the steps of `openings/<name>.yaml`, which several scenarios share.
    #[serde(default)]
    pub(crate) opening: Option<At<String>>,
    /// What happens, in order.
    pub(crate) steps: Vec<At<StepFile>>,
}

/// Steps with which several scenarios begin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpeningFile {
    /// What happens, in order.
    pub(crate) steps: Vec<At<StepFile>>,
}

/// The JSON Schema of scenario files, for editors.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(ScenarioFile).to_value();
    schema["title"] = "conformance scenario".into();
    schema
}

/// The verbs of the steps to which a key belongs.
pub(crate) fn verbs_with(key: &str) -> Vec<String> {
    let schema = json_schema();
    let steps = schema.pointer("/$defs/StepFile/oneOf").and_then(Value::as_array);
    let forms = steps.into_iter().flatten().filter_map(|form| {
        let place = form["$ref"].as_str()?.strip_prefix('#')?;
        schema.pointer(place)
    });
    let owners = forms.filter(|form| form["properties"].get(key).is_some());
    // The verb is the one key of a form that every step of it has first.
    owners
        .filter_map(|form| form["required"][0].as_str().map(ToOwned::to_owned))
        .collect()
}
