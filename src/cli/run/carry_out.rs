//! A prepared run, carried out.

use super::super::cleanup::Wish;
use super::super::exit::Failure;
use super::super::journal::FileJournal;
use super::super::live::{Keyboard, Live};
use super::super::signals::Signals;
use super::settings::RunSettings;
use engine::{Interrupt, SystemClock};
use event::{Event, NoJournal, NoOperator, Observer, Operator};
use google::server::Running;
use harness::{FinishedRun, Plan, Session, Snapshots, Target};
use outcome::{ExitReason, ReasonKind};
use std::sync::Arc;
use tokio::sync::watch;
use transcript::MayStand;

/// Everything is there; nothing has been sent.
pub(super) struct PreparedRun<'t> {
    pub(super) target: &'t Target,
    pub(super) plan: Plan,
    pub(super) google: Running,
    pub(super) attended: bool,
    /// None for a partner that ends with the run.
    pub(super) journal: Option<FileJournal>,
    /// What killed runs made.
    pub(super) earlier: Vec<MayStand>,
}

/// Runs, shows what goes on, and listens to whoever wants to stop it.
pub(super) async fn carry_out(
    settings: &RunSettings,
    prepared: PreparedRun<'_>,
    snapshots: &mut Snapshots,
    signals: &mut Signals,
) -> Result<FinishedRun, Failure> {
    let run = &settings.config.run;
    let PreparedRun {
        target,
        plan,
        google,
        attended,
        journal,
        earlier,
    } = prepared;
    let live = Arc::new(Live::new(settings.terminal, target.kind));
    let observer: Arc<dyn Observer> = Arc::clone(&live) as _;
    let operator: Arc<dyn Operator> = if attended {
        Arc::new(Keyboard::new(live))
    } else {
        Arc::new(NoOperator)
    };
    let (stop, interrupt) = Interrupt::new();
    let session = Session {
        clock: Arc::new(SystemClock::start()),
        observer: Arc::clone(&observer),
        operator,
        interrupt,
        jobs: run.jobs.unwrap_or(harness::JOBS),
        line: None,
        strict: run.strict,
        keep_bookings: run.keep_bookings,
        journal: match &journal {
            Some(journal) => Arc::new(journal.clone()),
            None => Arc::new(NoJournal),
        },
        earlier,
    };
    let run = harness::run(plan, target, google, session, snapshots);
    let finished = tokio::select! {
        finished = run => finished.map_err(Failure::machine),
        never = listen_for_signals(signals, stop, observer) => match never {},
    };
    let mut finished = finished?;
    let failure = journal.and_then(|journal| journal.finish(!finished.report.may_stand.is_empty()));
    if let Some(why) = failure {
        let words = format!("the journal of what was booked could not be kept: {why}");
        finished
            .report
            .add_reason(ExitReason::new(ReasonKind::ReportLost, words));
    }
    Ok(finished)
}

/// A run that cancels its own bookings cancels those of earlier runs, where nobody can be asked.
pub(super) fn what_of_earlier_runs(settings: &RunSettings, attended: bool) -> Wish {
    let run = &settings.config.run;
    if run.keep_bookings {
        Wish::Leave
    } else if attended {
        Wish::Ask
    } else if settings.ci {
        Wish::Cancel
    } else {
        Wish::Leave
    }
}

/// The first Ctrl-C (or a polite request to end, as CI systems send it) stops the scenarios and cleans up; the second
/// ends the program.
async fn listen_for_signals(
    signals: &mut Signals,
    stop: watch::Sender<bool>,
    observer: Arc<dyn Observer>,
) -> std::convert::Infallible {
    signals.next().await;
    observer.on(&Event::Interrupted);
    stop.send_replace(true);
    signals.next().await;
    #[expect(
        clippy::exit,
        reason = "asked twice to stop, the program ends without waiting for the clean-up"
    )]
    std::process::exit(130);
}
