//! What a report says of itself: the program, the requirements, when the run began, and what varies.

use super::target::Target;
use catalogue::catalogue;
use outcome::{NotRun, RequirementSet, RunReport, TargetReport, Tool};

/// When a run began, RFC 3339 in whole seconds.
pub(super) fn started_at(began_us: i64) -> String {
    in_seconds(jiff::Timestamp::from_microsecond(began_us).unwrap_or_default())
}

fn in_seconds(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What stands in the places of the reports while a run has no verdict.
pub fn not_run(began: jiff::Timestamp, exit_code: Option<u8>, reason: impl Into<String>) -> NotRun {
    NotRun {
        format: RunReport::FORMAT,
        tool: tool(),
        verdict: "not_run",
        exit_code,
        reason: reason.into(),
        started_at: in_seconds(began),
    }
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

/// Who is tested.
pub(super) fn about(target: &Target) -> TargetReport {
    TargetReport {
        name: target.name.clone(),
        kind: target.kind.word().to_owned(),
        base_url: target
            .endpoint()
            .map(|endpoint| endpoint.base_url)
            .unwrap_or_default(),
    }
}

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
