//! What a report says of itself: the program, the requirements, when the run began, and what varies.

use catalogue::catalogue;
use engine::Clock;
use outcome::{RequirementSet, Tool};

/// When a run began, RFC 3339 in whole seconds.
pub(super) fn started_at(clock: &dyn Clock) -> String {
    let began = jiff::Timestamp::from_microsecond(clock.began_us()).unwrap_or_default();
    began.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Ports, times, values that carry the ids of a run, and how often a partner repeats or folds its updates.
pub(super) const VARYING: [&str; 25] = [
    "/target/base_url",
    "/started_at",
    "/duration_ms",
    "/scenarios/*/duration_ms",
    "/scenarios/*/waits_ms",
    "/scenarios/*/findings/*/evidence/entry",
    "/scenarios/*/findings/*/evidence/expected",
    "/scenarios/*/findings/*/evidence/actual",
    "/scenarios/*/findings/*/answer",
    "/findings/*/answer",
    "/findings_by_cause/*/message",
    "/findings_by_cause/*/example",
    "/latency_ms/*",
    "/notifications/received",
    "/notifications/token_requests",
    "/notifications/orphans",
    "/notifications/invented",
    "/notifications/silence",
    "/cleanup/leftovers",
    "/may_stand",
    "/orders",
    "/milestones/*/good",
    "/milestones/*/samples",
    "/milestones/*/chance",
    "/milestones/*/chance_in_production",
];

/// This program.
pub(super) fn tool() -> Tool {
    Tool {
        name: "conformance".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The requirements that are judged.
pub(super) fn requirement_set() -> RequirementSet {
    RequirementSet {
        id: catalogue().id().to_owned(),
        digest: catalogue().digest().to_owned(),
    }
}
