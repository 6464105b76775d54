//! The schema that editors read is the one that the program knows.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use std::fs;
use std::path::Path;

#[test]
fn the_schema_of_scenarios_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    let kept: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(
        kept == scenario::json_schema(),
        "write it anew: cargo run -- schema scenario > scenarios/scenario.schema.json"
    );
}
