//! Running a plan: Google's side up, scenarios carried out, facts judged and compared, one report.

use super::about::{VARYING, requirement_set, started_at, tool};
use super::arrived;
use super::causes::{RecordedHistories, causes};
use super::conclusion::{self, Sums};
use super::either_side;
use super::error::RunError;
use super::exercised;
use super::exhausted;
use super::facts::facts;
use super::first_look;
use super::google_side::{google_server_config, partner_id};
use super::late;
use super::latency;
use super::plan::Plan;
use super::secrets;
use super::session::Session;
use super::snapshots::{Comparer, Snapshots, compared};
use super::standing;
use super::target::Target;
use super::unshown;
use super::verdict;
use super::waivers::{self, Concluded};
use domain::Capability;
use engine::transport::Endpoint;
use engine::{self, Engine, Parts};
use event::Event;
use google::server::{Running, Traffic};
use outcome::{
    CleanupReport, NotificationReport, RunCounts, RunReport, ScenarioReport, Silence, SnapshotStatus,
    Verdict, WaiverReport, verdict_of,
};
use recording::{RunFacts, Skip};
use rules::{Case, Judgement, Run, disputed, judge_run, judge_scenario, misdirected};
use scenario::Scenario;
use std::collections::BTreeSet;
use std::sync::Arc;
use transcript::{Subject, Transcript};

/// Connections on which no request came, as far as that is known: where one did, those that are open may still bring one.
fn without_request(traffic: &Traffic) -> u64 {
    match traffic.requests {
        0 => traffic.connections,
        _ => traffic.silent,
    }
}

/// What a run came to.
#[derive(Debug, Clone)]
pub struct FinishedRun {
    /// What was concluded.
    pub report: RunReport,
    /// What it was concluded from; the histories are in the order of the scenarios that ran.
    pub facts: RunFacts,
}

impl FinishedRun {
    /// What was recorded, in the order of the scenarios that ran.
    pub fn transcripts(&self) -> &[Transcript] {
        &self.facts.recorded.transcripts
    }
}

/// Runs a plan against a target.
pub async fn run(
    plan: Plan,
    target: &Target,
    google: Running,
    session: Session,
    snapshots: &mut Snapshots,
) -> Result<FinishedRun, RunError> {
    let endpoint = target.endpoint().ok_or(RunError::NoTarget)?;
    let ids: Vec<&str> = plan.jobs().map(|job| job.scenario.id.as_str()).collect();
    session.observer.on(&Event::RunStarted {
        target: &target.name,
        base_url: &endpoint.base_url,
        scenarios: &ids,
        calls: plan.calls(),
        bookings: plan.bookings(),
    });
    let jobs: Vec<_> = plan.jobs().cloned().collect();
    let (observer, looking) = first_look::observer(&plan, target, &session);
    let parts = Parts {
        observer,
        ..parts(target, endpoint, &google, &session)
    };
    let engine = Arc::new(Engine::new(parts, &jobs)?);
    let recorded = engine::run(engine, jobs).await;
    if let Some(looking) = looking {
        looking.finish().await;
    }
    let notifications = &target.config.notifications;
    let key_file = notifications.key_file.as_deref();
    let place = Silence {
        connections: without_request(&google.google().traffic()),
        ..arrived::place(&google, key_file, google_server_config(notifications).ca_file)
    };
    let masker = secrets::masker(&target.config, google.key());
    google.shutdown().await;
    let mut facts = facts(&plan, target, &session, recorded, place, &masker);
    let scenarios: Vec<_> = plan.scenarios.iter().map(|planned| &planned.scenario).collect();
    let report = conclude(&facts, &scenarios, snapshots);
    facts.snapshots = compared(&report);
    session.observer.on(&Event::RunFinished { report: &report });
    Ok(FinishedRun { report, facts })
}

pub(super) fn parts<'a>(
    target: &'a Target,
    endpoint: Endpoint,
    google: &'a Running,
    session: &Session,
) -> Parts<'a> {
    Parts {
        settings: target.settings(session.jobs, session.keep_bookings),
        endpoint,
        line: session.line.clone(),
        google,
        partner_id: partner_id(&target.config.notifications),
        masker: secrets::masker(&target.config, google.key()),
        clock: Arc::clone(&session.clock),
        observer: Arc::clone(&session.observer),
        operator: Arc::clone(&session.operator),
        interrupt: session.interrupt.clone(),
        journal: Arc::clone(&session.journal),
        earlier: session.earlier.clone(),
    }
}

/// Judges what was recorded; `scenarios` are those of the plan, in its order.
pub(super) fn conclude(facts: &RunFacts, scenarios: &[&Scenario], snapshots: &mut dyn Comparer) -> RunReport {
    let RunFacts {
        plan,
        target,
        session,
        recorded,
        ..
    } = facts;
    let capabilities = capabilities_of_run(facts);
    let misdirected = misdirected(&recorded.transcripts);
    let planned = || scenarios.iter().copied().zip(&plan.scenarios);
    let ran = planned().filter(|(_, planned)| planned.skip.is_none());
    let pairs = ran.map(|(scenario, _)| scenario).zip(&recorded.transcripts);
    let cases: Vec<Case<'_>> = pairs
        .map(|(scenario, transcript)| {
            Case::new(scenario, transcript, &capabilities, &target.partner_id)
                .with_orphans(&recorded.orphans)
                .with_token_requests(&recorded.others.token_requests)
                .with_offer(&target.offer)
                .with_misdirected(&misdirected)
        })
        .collect();
    let disputed = disputed(&cases);
    let cases: Vec<Case<'_>> = cases
        .into_iter()
        .map(|case| case.with_disputed(&disputed))
        .collect();
    let mut of_the_run = judge_run(&Run {
        cases: &cases,
        orphans: &recorded.orphans,
        problems: &target.problems,
        slots: &target.slots,
        token_requests: &recorded.others.token_requests,
        resource_calls: &recorded.others.resources,
        whole: &target.whole,
        arrivals_ms: &recorded.arrivals_ms,
    });
    verdict::apply_strict(&mut of_the_run.findings, &mut of_the_run.judged, session.strict);
    let mut judged = cases.iter().zip(&recorded.durations_ms);
    let mut reports: Vec<ScenarioReport> = Vec::new();
    for (scenario, planned) in planned() {
        if let Some(skip) = &planned.skip {
            reports.push(report_skipped(scenario, skip, planned.not_now));
        } else if let Some((case, duration_ms)) = judged.next() {
            reports.push(report_case(case, *duration_ms, session.strict, snapshots));
        }
    }
    rules::conclude_basics(&mut reports, &mut of_the_run, &cases);
    if let Some(why) = &recorded.exhausted {
        exhausted::withhold(&mut reports, &mut of_the_run, why);
    }
    let ran = planned().zip(&mut reports);
    let ran = ran.filter(|((_, planned), _)| planned.skip.is_none());
    for (((_, planned), report), case) in ran.zip(&cases) {
        unshown::hold_back(report, case, &planned.unshown);
    }
    unshown::hold_back_what_is_never_free(&mut reports, &cases);
    let notifications = arrived::report(recorded, &session.google);
    let set_up = (notifications.silence.as_ref(), target.has_published_token);
    let either_side = either_side::withhold(&mut reports, &mut of_the_run, &cases, set_up);
    let concluded = Concluded {
        scenarios: &mut reports,
        of_the_run: &mut of_the_run,
        cases: &cases,
        interrupted: recorded.interrupted,
    };
    let waivers = waivers::apply(&target.waivers, waivers::today(session.began_us), concluded);
    snapshots.keep(&reports);
    let obsolete = snapshots.obsolete();
    let snapshots = (obsolete, snapshots.take_errors());
    let seen = Seen {
        scenarios: reports,
        of_the_run,
        notifications,
        either_side,
    };
    let mut report = assemble((facts, scenarios), seen, snapshots, waivers);
    report.milestones = rules::milestones(&cases);
    report
}

/// What the target declares or its feeds show, and inventory updates from the first one that arrives.
fn capabilities_of_run(facts: &RunFacts) -> BTreeSet<Capability> {
    let recorded = &facts.recorded;
    let mut capabilities = facts.plan.capabilities.clone();
    let declared = facts.target.sends_inventory;
    let is_update = |subject: &Subject| matches!(subject, Subject::Availability { .. });
    let in_histories = recorded.transcripts.iter().flat_map(Transcript::notifications);
    let arrived = in_histories
        .map(|(_, _, notification)| notification)
        .chain(&recorded.orphans);
    if declared.unwrap_or_else(|| {
        arrived
            .into_iter()
            .any(|notification| is_update(&notification.subject))
    }) {
        capabilities.insert(Capability::AvailabilityRtu);
    }
    capabilities
}

fn report_skipped(scenario: &Scenario, skip: &Skip, not_now: bool) -> ScenarioReport {
    let mut judged = Vec::new();
    verdict::complete(scenario, &mut judged, skip.verdict);
    ScenarioReport {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        verdict: skip.verdict,
        reason: Some(skip.reason.clone()),
        not_now,
        duration_ms: 0,
        waits_ms: 0,
        snapshot: SnapshotStatus::None,
        findings: Vec::new(),
        judged,
    }
}

fn report_case(
    case: &Case<'_>,
    duration_ms: u64,
    strict: bool,
    snapshots: &mut dyn Comparer,
) -> ScenarioReport {
    let mut judgement = judge_scenario(case);
    verdict::apply_strict(&mut judgement.findings, &mut judgement.judged, strict);
    let (verdict, reason) = verdict::scenario_verdict(case, &judgement);
    let is_open = verdict == Verdict::NotTestable;
    let late = if is_open { late::reason(case) } else { None };
    let not_now = late.is_some() || is_open && case.transcript.lacks_slot();
    let Judgement { findings, mut judged } = judgement;
    verdict::take_back_unstruck(case, &mut judged);
    verdict::complete(case.scenario, &mut judged, verdict_of_rest(case));
    let snapshot = if case.transcript.is_complete() {
        snapshots.compare(case.transcript, &case.scenario.title)
    } else {
        SnapshotStatus::None
    };
    ScenarioReport {
        id: case.scenario.id.clone(),
        title: case.scenario.title.clone(),
        verdict,
        reason: late.or(reason),
        not_now,
        duration_ms,
        waits_ms: case.transcript.waits_ms(),
        snapshot,
        findings,
        judged,
    }
}

/// The verdict on requirements that a scenario serves and that nothing in it spoke about.
fn verdict_of_rest(case: &Case<'_>) -> Verdict {
    if case.transcript.early_end().is_some() {
        Verdict::NotTestable
    } else {
        Verdict::Inconclusive
    }
}

/// What was concluded so far.
struct Seen {
    scenarios: Vec<ScenarioReport>,
    of_the_run: Judgement,
    notifications: NotificationReport,
    either_side: Vec<String>,
}

fn assemble(
    (facts, planned): (&RunFacts, &[&Scenario]),
    seen: Seen,
    (obsolete, snapshot_errors): (Vec<String>, Vec<String>),
    waivers: Vec<WaiverReport>,
) -> RunReport {
    let Seen {
        scenarios,
        of_the_run,
        notifications,
        either_side,
    } = seen;
    let RunFacts {
        plan,
        target,
        session,
        recorded,
        ..
    } = facts;
    let own: Vec<String> = recorded
        .transcripts
        .iter()
        .flat_map(verdict::own_mistakes)
        .collect();
    let harness_errors: Vec<_> = recorded.broken.iter().cloned().chain(own).collect();
    let requirements = verdict::requirements(&scenarios, &of_the_run.judged);
    let capabilities = capabilities_of_run(facts);
    let sums = Sums {
        harness_wrong: harness_errors.len(),
        interrupted: recorded.interrupted,
        exhausted: recorded.exhausted.as_deref(),
        either_side: &either_side,
        obsolete: &obsolete,
        snapshot_errors: &snapshot_errors,
        standing: recorded.cleaned.standing.len(),
        waivers: &waivers,
        hollow: exercised::is_hollow(planned, &scenarios, &recorded.transcripts),
        findings_of_run: of_the_run
            .findings
            .iter()
            .map(|finding| finding.verdict)
            .collect(),
    };
    let (musts, not_exercised) = exercised::exercised(&scenarios, &requirements, &capabilities);
    let mut exit_reasons = conclusion::reasons(&scenarios, &requirements, &sums);
    let verdict = verdict_of(&mut exit_reasons);
    let histories = RecordedHistories {
        scenarios: planned,
        transcripts: &recorded.transcripts,
    };
    RunReport {
        format: RunReport::FORMAT,
        tool: tool(),
        target: target.about.clone(),
        requirement_set: requirement_set(),
        self_test: crate::self_test().cloned(),
        seed: plan.seed,
        started_at: started_at(session.began_us),
        lost: arrived::lost(&recorded.transcripts),
        verdict,
        exit_code: verdict.exit_code(),
        exit_reasons,
        duration_ms: session.duration_ms,
        counts: RunCounts {
            scenarios: scenarios.iter().map(|scenario| scenario.verdict).collect(),
            requirements: requirements
                .iter()
                .map(|requirement| requirement.verdict)
                .collect(),
        },
        latency_ms: latency::by_method(&recorded.transcripts),
        declared_varying: VARYING.iter().map(ToString::to_string).collect(),
        notifications,
        cleanup: CleanupReport {
            canceled: recorded.cleaned.canceled,
            leftovers: standing::leftovers(&recorded.cleaned),
        },
        may_stand: standing::may_stand(&recorded.cleaned),
        orders: recorded.cleaned.orders.clone(),
        findings_by_cause: causes(target, &histories, &scenarios, &of_the_run.findings),
        findings: of_the_run.findings,
        musts,
        not_exercised,
        milestones: Vec::new(),
        harness_errors,
        snapshot_errors,
        obsolete_snapshots: obsolete,
        skipped: plan.skipped.clone(),
        waivers,
        scenarios,
        requirements,
    }
}
