//! One run in which everything occurs, for tests of reporters.

use catalogue::{Level, RequirementId};
use outcome::{
    CleanupReport, Evidence, ExitReason, Finding, Histories, InventedMethod, Judged, Latency, Milestone,
    NotificationReport, ReasonKind, RequirementReport, RequirementSet, RunCounts, RunReport, RunVerdict,
    ScenarioReport, SeenAnswer, Silence, SkipReport, SnapshotStatus, TargetReport, Tool, Verdict,
    WaiverReport, WaiverStatus, by_cause,
};
use recording::{ComparedSnapshots, Login, Places, PlanFacts, Repeat, RunFacts, SessionFacts, TargetFacts};
use rules::Offer;
use serde_json::{Value, json};
use snapshot::{DiffKind, DiffLine};
use std::collections::BTreeSet;
use transcript::{EarlyEnd, Entry, Fact, MayStand, Phase, StandingKind, Transcript};

/// What partners send may hold anything: control characters, the end of a CDATA section, markup, another script.
pub(super) const ODD: &str =
    "a\u{0}b\u{1b}[31mc\u{8}d ]]> <x a=\"1\">&amp;</x> \u{feff}\u{202e}Zoë 東京\r\n\tend";

/// A run with all that it refers to.
pub(super) struct Sample {
    pub(super) report: RunReport,
    pub(super) facts: RunFacts,
    pub(super) drifts: Vec<(String, Vec<DiffLine>)>,
}

impl Sample {
    /// Findings, warnings, scenarios that could not be judged, snapshots of every status, and odd characters in all texts.
    pub(super) fn new() -> Self {
        let scenarios = scenarios();
        Self {
            facts: facts(vec![Transcript {
                scenario: "create/stopped".into(),
                entries: vec![Entry {
                    at_ms: 12,
                    phase: Phase::Steps,
                    fact: Fact::Stopped(EarlyEnd {
                        step: None,
                        reason: ODD.into(),
                        unreachable: true,
                        needs: None,
                        no_slot: false,
                    }),
                }],
            }]),
            report: report(scenarios),
            drifts: vec![
                ("create/changed".into(), drift()),
                ("create/new".into(), Vec::new()),
            ],
        }
    }
}

fn facts(transcripts: Vec<Transcript>) -> RunFacts {
    RunFacts {
        plan: PlanFacts::default(),
        target: TargetFacts {
            about: target(),
            partner_id: "20002002".into(),
            sends_inventory: None,
            has_published_token: false,
            login: Login::default(),
            slots: Vec::new(),
            whole: BTreeSet::new(),
            offer: Offer::default(),
            problems: Vec::new(),
            waivers: Vec::new(),
        },
        session: SessionFacts::default(),
        repeat: Repeat::default(),
        places: Places::default(),
        snapshots: ComparedSnapshots::default(),
        recorded: engine::Recording {
            transcripts,
            ..engine::Recording::default()
        },
    }
}

fn target() -> TargetReport {
    TargetReport {
        name: "sampled".into(),
        kind: "url".into(),
        base_url: "https://host.example/google".into(),
    }
}

fn drift() -> Vec<DiffLine> {
    let kinds = [
        DiffKind::Hunk,
        DiffKind::Context,
        DiffKind::Removed,
        DiffKind::Added,
    ];
    let lines = kinds.into_iter().map(|kind| DiffLine {
        kind,
        text: ODD.to_owned(),
    });
    lines.collect()
}

fn finding(verdict: Verdict, level: Level, (expected, actual): (Value, Value)) -> Finding {
    Finding {
        requirement: RequirementId::declared("BS-HEALTH-01"),
        level,
        verdict,
        message: ODD.into(),
        evidence: Evidence {
            scenario: None,
            entry: Some(3),
            pointer: Some("/booking/status".into()),
            expected,
            actual,
        },
        answer: Some(SeenAnswer {
            status: 500,
            content_type: Some("text/html".into()),
            body: ODD.into(),
        }),
        basic: verdict == Verdict::Fail,
        repeated: None,
    }
}

fn scenario(name: &str, verdict: Verdict, snapshot: SnapshotStatus) -> ScenarioReport {
    let values = || (json!("CONFIRMED"), json!({ "status": ODD }));
    let findings = match verdict {
        Verdict::Fail => vec![
            finding(Verdict::Fail, Level::Must, values()),
            finding(Verdict::Warn, Level::Should, (Value::Null, json!(ODD))),
        ],
        Verdict::Warn | Verdict::Waived => vec![finding(verdict, Level::Should, (Value::Null, Value::Null))],
        _ => Vec::new(),
    };
    let has_reason = !matches!(verdict, Verdict::Pass | Verdict::Fail | Verdict::Warn);
    ScenarioReport {
        id: format!("create/{name}"),
        title: ODD.into(),
        verdict,
        reason: has_reason.then(|| ODD.to_owned()),
        duration_ms: 1234,
        not_now: false,
        waits_ms: 700,
        snapshot,
        judged: vec![Judged {
            requirement: RequirementId::declared("BS-HEALTH-01"),
            verdict,
        }],
        findings,
    }
}

fn scenarios() -> Vec<ScenarioReport> {
    vec![
        scenario("passed", Verdict::Pass, SnapshotStatus::Matched),
        scenario("rebound", Verdict::Pass, SnapshotStatus::Rebound),
        scenario("new", Verdict::Pass, SnapshotStatus::New),
        scenario("changed", Verdict::Warn, SnapshotStatus::Changed),
        scenario("failed", Verdict::Fail, SnapshotStatus::Matched),
        scenario("stopped", Verdict::NotTestable, SnapshotStatus::None),
        scenario("inapplicable", Verdict::NotApplicable, SnapshotStatus::None),
        scenario("left-out", Verdict::NotRun, SnapshotStatus::None),
        scenario("open", Verdict::Inconclusive, SnapshotStatus::None),
        scenario("waived", Verdict::Waived, SnapshotStatus::Matched),
        scenario("our-fault", Verdict::HarnessError, SnapshotStatus::None),
    ]
}

fn standing() -> MayStand {
    MayStand {
        idempotency_token: ODD.into(),
        merchant_id: ODD.into(),
        service_id: ODD.into(),
        start_sec: i64::MAX,
        user_id: ODD.into(),
        booking_id: Some(ODD.into()),
        kind: StandingKind::WaitlistEntry,
        scenario: "create/failed".into(),
        why: ODD.into(),
    }
}

/// One of each status.
fn waivers() -> Vec<WaiverReport> {
    use WaiverStatus::{Expired, Stale, Unknown, Unused, Used};
    let each = [Used, Unused, Expired, Stale, Unknown].into_iter().zip(1..);
    each.map(|(status, number)| WaiverReport {
        requirement: "BS-HEALTH-01".into(),
        scenario: (status == Stale).then(|| ODD.into()),
        reason: ODD.into(),
        owner: "the owner".into(),
        expires: "2030-01-31".into(),
        place: format!("c.toml:{}", number * 2),
        status,
        note: match status {
            Used => "waived 1 finding".into(),
            other => other.word().into(),
        },
        findings: usize::from(status == Used),
        scenarios: (status == Used)
            .then(|| "create/waived".to_owned())
            .into_iter()
            .collect(),
    })
    .collect()
}

fn skipped() -> Vec<SkipReport> {
    vec![SkipReport {
        scenario: "create/left-*".into(),
        place: Some("c.toml:20".into()),
        reason: Some(ODD.into()),
        scenarios: vec!["create/left-out".into()],
    }]
}

/// Histories of which nothing is known.
struct Unknown;

impl Histories for Unknown {
    fn length(&self, _: &str) -> usize {
        1
    }

    fn subjects(&self, _: &str, _: &Finding) -> Vec<String> {
        Vec::new()
    }
}

fn report(scenarios: Vec<ScenarioReport>) -> RunReport {
    let id = RequirementId::declared("BS-HEALTH-01");
    let findings = vec![
        finding(Verdict::Fail, Level::Must, (Value::Null, json!(ODD))),
        finding(Verdict::Warn, Level::Should, (json!([1, 2]), Value::Null)),
    ];
    RunReport {
        format: RunReport::FORMAT,
        tool: Tool {
            name: "conformance".into(),
            version: "0.1.0".into(),
        },
        target: target(),
        requirement_set: RequirementSet {
            id: "sample".into(),
            digest: "0".into(),
        },
        self_test: None,
        seed: 7,
        started_at: "2026-11-30T05:00:00Z".into(),
        lost: vec![ODD.into()],
        verdict: RunVerdict::NotConformant,
        exit_code: 1,
        exit_reasons: vec![
            ExitReason::new(ReasonKind::Violated, ODD),
            ExitReason::new(ReasonKind::SnapshotsObsolete, ODD),
        ],
        duration_ms: 5678,
        counts: RunCounts {
            scenarios: scenarios.iter().map(|scenario| scenario.verdict).collect(),
            requirements: [Verdict::Fail].into_iter().collect(),
        },
        requirements: vec![RequirementReport {
            id,
            title: "answer".into(),
            source: "https://developers.google.com/page".into(),
            level: Level::Must,
            verdict: Verdict::Fail,
            scenarios: vec!["create/failed".into()],
            reason: None,
        }],
        findings_by_cause: by_cause(&scenarios, &findings, &Unknown),
        findings,
        musts: Some(outcome::Exercised {
            apply: 245,
            exercised: 212,
        }),
        not_exercised: vec![id],
        milestones: vec![Milestone::new(id, ODD, (1, 20), (20, 0.9))],
        harness_errors: vec![ODD.into()],
        snapshot_errors: vec![ODD.into()],
        obsolete_snapshots: vec!["gone/scenario".into()],
        latency_ms: [(
            "CreateBooking".to_owned(),
            Latency {
                samples: 3,
                p50: 1.5,
                p95: 2.0,
                max: 2.5,
            },
        )]
        .into(),
        declared_varying: vec!["/duration_ms".into()],
        notifications: NotificationReport {
            received: 4,
            dropped: 1,
            strangers: 2,
            token_requests: 1,
            orphans: vec![ODD.into()],
            invented: vec![InventedMethod {
                called: ODD.into(),
                count: 2,
                meant: Some(ODD.into()),
            }],
            silence: Some(Silence {
                url: ODD.into(),
                key_file: Some(ODD.into()),
                proxy_url: Some(ODD.into()),
                ca_file: Some(ODD.into()),
                connections: 1,
                is_inside: false,
            }),
        },
        cleanup: CleanupReport {
            canceled: 2,
            leftovers: vec![ODD.into()],
        },
        may_stand: vec![standing()],
        orders: vec![standing()],
        waivers: waivers(),
        skipped: skipped(),
        scenarios,
    }
}
