//! One run of the whole suite against a decorated reference partner.

use super::amendments::{Amendments, amend_feeds, amended};
use super::headed::Headed;
use super::inside;
use super::token_desk::TokenDesk;
use config::{self, ConfigErrors};
use conformance::BUNDLE;
use engine::SystemClock;
use google::server::Running;
use google::{KeyError, KeyFile};
use harness::{
    self, Filter, FilterError, Preferences, RunError, Selection, Session, Snapshots, Suite, SuiteError,
    Target, TargetError, TargetKind, Wishes,
};
use jiff::SignedDuration;
use outcome::{Finding, RunReport, Verdict};
use reference::{Meeting, PartnerError, Patience, config_file, start_reference};
use reference_server::{GoogleLine, HttpLine, Seams};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use transcript::{Notification, ResourceCall, TokenRequest, Transcript};

/// Everybody sits on one machine: what has not come by then does not come.
pub(crate) const PATIENCE: Patience = Patience {
    within: SignedDuration::from_secs(6),
    quiet: SignedDuration::from_millis(300),
};
pub(super) const SEED: u64 = 1;
const JOBS: usize = 16;

/// Addresses of a row inside of this process; nobody listens there.
pub(super) const GOOGLE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 20_001);
pub(super) const PARTNER: &str = "http://127.0.0.1:20002";

/// What a run against a decorated reference partner came to.
#[derive(Debug)]
pub struct Examination {
    /// The report.
    pub report: RunReport,
    /// The histories of the scenarios that ran.
    pub transcripts: Vec<Transcript>,
    /// Calls of the partner that no scenario claims.
    pub orphans: Vec<Notification>,
    /// The partner's requests to the token endpoint.
    pub token_requests: Vec<TokenRequest>,
    /// Its calls about merchants, services and records of feeds.
    pub resources: Vec<ResourceCall>,
    /// When its calls arrived, milliseconds since the run began.
    pub arrivals_ms: Vec<u64>,
}

/// A run against a decorated reference partner could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    /// The partner could not be set up.
    #[error(transparent)]
    Partner(#[from] PartnerError),
    /// There is no place to work in.
    #[error("a temporary folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// Google's side has no key.
    #[error("no key could be made: {0}")]
    Key(#[from] KeyError),
    /// The config that was written does not load.
    #[error("the config does not load: {0}")]
    Config(#[from] ConfigErrors),
    /// The suite does not load.
    #[error("the suite does not load: {0}")]
    Suite(#[from] SuiteError),
    /// A scenario that is asked for does not exist.
    #[error("the selection is wrong: {0}")]
    Selection(#[from] FilterError),
    /// The target cannot be worked with.
    #[error("the target cannot be used: {0}")]
    Target(#[from] TargetError),
    /// The run could not begin.
    #[error("the run cannot begin: {0}")]
    Run(#[from] RunError),
    /// The key file holds no key.
    #[error("the key file holds no key")]
    NoKey,
    /// A mistake of the harness, or of a decorator, ended the row.
    #[error("the row broke off")]
    Ended,
}

impl Examination {
    /// Every violation with the scenario that it stands in; none for those of the run as a whole.
    pub fn findings(&self) -> impl Iterator<Item = (Option<&str>, &Finding)> {
        let scenarios = self.report.scenarios.iter();
        let of_scenarios = scenarios.flat_map(|scenario| {
            let findings = scenario.findings.iter();
            findings.map(|finding| (Some(scenario.id.as_str()), finding))
        });
        let of_the_run = self.report.findings.iter().map(|finding| (None, finding));
        of_scenarios.chain(of_the_run)
    }

    /// The ids of the requirements that were violated, warnings included.
    pub fn violated(&self) -> BTreeSet<&str> {
        let violations = self
            .findings()
            .filter(|(_, finding)| matches!(finding.verdict, Verdict::Fail | Verdict::Warn));
        violations
            .map(|(_, finding)| finding.requirement.as_str())
            .collect()
    }
}

/// Set, a row runs over the network and takes the time that it takes.
const REAL: &str = "SELFTEST_REAL";

static GO_REAL: AtomicBool = AtomicBool::new(false);

/// From now on rows run over the network.
pub fn go_real() {
    GO_REAL.store(true, Ordering::Relaxed);
}

/// True when rows run over the network.
pub fn is_real() -> bool {
    GO_REAL.load(Ordering::Relaxed) || std::env::var_os(REAL).is_some()
}

/// Runs the whole suite against a reference partner with these decorators, the way the command line does it: inside of
/// this process and in a time of its own, or over the network where that is asked for.
pub async fn examine(seams: Seams, amendments: &Amendments) -> Result<Examination, ExamineError> {
    examine_some(seams, amendments, &[]).await
}

/// The same with the scenarios of these ids alone; without any, with all.
pub(crate) async fn examine_some(
    seams: Seams,
    amendments: &Amendments,
    only: &[String],
) -> Result<Examination, ExamineError> {
    if is_real() {
        return over_the_network(seams, amendments, only).await;
    }
    let (amendments, only) = (*amendments, only.to_vec());
    let (done, ended) = tokio::sync::oneshot::channel();
    let row = move || {
        // Nobody waits for it any more if the test has ended.
        let _ = done.send(inside::examine(seams, amendments, only));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(row)?;
    ended.await.unwrap_or(Err(ExamineError::Ended))
}

/// Twice what a thread of the runtime has.
const STACK: usize = 4 * 1024 * 1024;

async fn over_the_network(
    seams: Seams,
    amendments: &Amendments,
    only: &[String],
) -> Result<Examination, ExamineError> {
    let folder = tempfile::tempdir()?;
    let meeting = Meeting::in_folder(folder.path())?;
    std::fs::write(&meeting.key_file, key()?)?;
    let line = HttpLine::new().map_err(|error| ExamineError::Run(error.into()))?;
    let seams = Seams {
        google: Some(decorated(Arc::new(line), amendments)?),
        ..seams
    };
    let server = start_reference(&meeting, seams).await?;
    let path = write_config(&folder, &meeting, &server.base_url(), amendments)?;
    let target = target(&path)?;
    let google = harness::open(&target).await?;
    let wishes = bundled()?.wishes(only)?;
    let done = run(&target, google, &wishes, session(Arc::new(SystemClock::start()))).await;
    server.shutdown().await;
    done
}

/// The line to Google as the partner of this row uses it.
pub(super) fn decorated(
    line: Arc<dyn GoogleLine>,
    amendments: &Amendments,
) -> Result<Arc<dyn GoogleLine>, ExamineError> {
    let mut line = line;
    if let Some(edit) = amendments.calls {
        line = Arc::new(Headed { inner: line, edit });
    }
    if let Some(manner) = amendments.tokens {
        let desk = TokenDesk::before(line, key()?, manner).ok_or(ExamineError::NoKey)?;
        line = Arc::new(desk);
    }
    Ok(line)
}

pub(super) fn write_config(
    folder: &TempDir,
    meeting: &Meeting,
    base_url: &str,
    amendments: &Amendments,
) -> Result<PathBuf, ExamineError> {
    if let Some(edit) = amendments.feeds {
        amend_feeds(&meeting.feeds, edit)?;
    }
    let path = folder.path().join("conformance.toml");
    let file = config_file(meeting, base_url, PATIENCE);
    std::fs::write(&path, amended(file, amendments))?;
    Ok(path)
}

pub(super) fn target(path: &Path) -> Result<Target, ExamineError> {
    let config = config::load(path, None, &|_| None)?;
    Ok(Target::new(config, TargetKind::Reference)?)
}

pub(super) fn session(clock: Arc<dyn engine::Clock>) -> Session {
    Session {
        clock,
        jobs: JOBS,
        ..Session::silent()
    }
}

pub(super) async fn run(
    target: &Target,
    google: Running,
    wishes: &Wishes,
    session: Session,
) -> Result<Examination, ExamineError> {
    let plan = harness::plan(&bundled()?.suite, target, wishes);
    let run = harness::run(plan, target, google, session, &mut Snapshots::off()).await?;
    let recorded = run.facts.recorded;
    Ok(Examination {
        report: run.report,
        transcripts: recorded.transcripts,
        orphans: recorded.orphans,
        token_requests: recorded.others.token_requests,
        resources: recorded.others.resources,
        arrivals_ms: recorded.arrivals_ms,
    })
}

/// What every examination has in common.
pub(crate) struct Bundled {
    pub(crate) suite: Suite,
    /// The services of the accepted snapshots are booked, so that a defect of deposits meets the same deposits all day.
    preferences: Preferences,
}

impl Bundled {
    fn load() -> Result<Self, ExamineError> {
        let suite = Suite::load(&BUNDLE, None)?;
        let accepted = Snapshots::of(Path::new("snapshots"), "reference", &suite, true);
        let preferences = accepted.preferences().map_err(RunError::from)?;
        Ok(Self { suite, preferences })
    }

    pub(super) fn wishes(&self, only: &[String]) -> Result<Wishes, FilterError> {
        let filters: Result<Vec<_>, _> = only.iter().map(|id| Filter::ids(id)).collect();
        Ok(Wishes {
            selection: Selection::new(filters?, &self.suite)?,
            seed: SEED,
            attended: false,
            preferences: self.preferences.clone(),
            run_id: rand::random(),
            now_sec: jiff::Timestamp::now().as_second(),
        })
    }
}

/// Read once for the whole process: it costs more than judging a run.
pub(crate) fn bundled() -> Result<&'static Bundled, ExamineError> {
    static BUNDLED: OnceLock<Bundled> = OnceLock::new();
    once(&BUNDLED, Bundled::load)
}

/// One key for the whole process: making one costs more than a run.
pub(super) fn key() -> Result<&'static str, KeyError> {
    static KEY: OnceLock<String> = OnceLock::new();
    once(
        &KEY,
        || Ok(KeyFile::generate("http://127.0.0.1/token")?.to_json()),
    )
    .map(String::as_str)
}

/// What is there already, or what is made now; of two who make it at once, the first one's stays.
fn once<T, E>(place: &'static OnceLock<T>, make: impl FnOnce() -> Result<T, E>) -> Result<&'static T, E> {
    match place.get() {
        Some(there) => Ok(there),
        None => make().map(|new| place.get_or_init(|| new)),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use harness::Decision;
    use reference::assemble_reference;
    use reference_server::Clock;

    struct At(i64);

    impl Clock for At {
        fn now_sec(&self) -> i64 {
            self.0
        }
    }

    const MIDNIGHT: i64 = 1_795_392_000;

    /// Scenarios that do not run at that moment, or book another service than in the accepted history.
    async fn strays_at(now_sec: i64) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let meeting = Meeting::at(GOOGLE, folder.path());
        std::fs::write(&meeting.key_file, key().unwrap()).unwrap();
        let seams = Seams {
            clock: Arc::new(At(now_sec)),
            ..Seams::default()
        };
        drop(assemble_reference(&meeting, seams, true).await.unwrap());
        let path = write_config(&folder, &meeting, PARTNER, &Amendments::NONE).unwrap();
        let target = target(&path).unwrap();
        let bundled = bundled().unwrap();
        let wishes = Wishes {
            now_sec,
            ..bundled.wishes(&[]).unwrap()
        };
        let plan = harness::plan(&bundled.suite, &target, &wishes);
        let stray = |planned: &harness::Planned| match &planned.decision {
            Decision::Skip(_, reason) => Some(reason.clone()),
            Decision::Run(job) => job.slots.iter().find_map(|(name, slots)| {
                let wanted = wishes.preferences.get(&planned.scenario.id)?.get(name)?;
                let slot = slots.first()?;
                let bound = (slot.merchant_id.clone(), slot.service_id.clone());
                (bound != *wanted).then(|| format!("`{name}` is {bound:?} in place of {wanted:?}"))
            }),
        };
        let strays = plan.scenarios.iter();
        strays
            .filter_map(|planned| {
                let why = stray(planned)?;
                let (hour, minute) = ((now_sec - MIDNIGHT) / 3600, (now_sec - MIDNIGHT) % 3600 / 60);
                Some(format!("{hour:02}:{minute:02} {}: {why}", planned.scenario.id))
            })
            .collect()
    }

    #[tokio::test]
    async fn whatever_the_hour_the_same_services_are_booked() {
        // The windows repeat every hour; the rest of the day is there for what depends on the date.
        let minutes = (0..60).step_by(2).chain((60..24 * 60).step_by(61));
        let mut strays = Vec::new();
        for minute in minutes {
            strays.extend(strays_at(MIDNIGHT + minute * 60 + 29).await);
        }
        assert!(strays.is_empty(), "\n{}", strays.join("\n"));
    }
}
