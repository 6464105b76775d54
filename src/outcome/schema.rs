//! The JSON Schema of `run.json`, for programs that read it.

use crate::{NotRun, RunReport};
use serde_json::{Value, json};

/// The JSON Schema of `run.json` as it is written, of a run with a verdict and of one without. A later version may add keys.
pub fn json_schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings.into_generator();
    let (run, not_run) = (
        generator.subschema_for::<RunReport>(),
        generator.subschema_for::<NotRun>(),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "run.json of conformance",
        "type": "object",
        "if": { "properties": { "verdict": { "const": "not_run" } } },
        "then": not_run,
        "else": run,
        "$defs": generator.take_definitions(true),
    })
}
