//! The recording of a run: everything that judging needs, in one file, so that it can be judged and rendered again without a network.
//!
//! Facts and conclusion are kept side by side. The facts are read whole or not at all; the conclusion is read only by whoever renders
//! it again, since it may name requirements that a later version does not have.

mod facts;
mod file;
mod repeat;

pub use facts::{
    ComparedSnapshots, Login, Places, PlanFacts, PlannedScenario, RunFacts, ScenarioText, SessionFacts, Skip,
    TargetFacts,
};
pub use file::{Drift, FORMAT, RecordingError, RunRecording, json_text, pack, read, sign, unpack};
pub use repeat::Repeat;

/// The JSON Schema of what is inside of a recording.
pub const SCHEMA: &str = include_str!("recording.schema.json");
