//! One run of the whole suite against a decorated reference partner.

use super::amendments::{Amendments, amend_feeds, amended};
use super::header_proxy::HeaderProxy;
use super::token_proxy::TokenProxy;
use config::{self, ConfigErrors};
use conformance::BUNDLE;
use engine::{Interrupt, SystemClock};
use event::{NoOperator, Silent};
use google::{KeyError, KeyFile};
use harness::{
    self, Filter, FilterError, Preferences, RunError, Selection, Session, Snapshots, Suite, SuiteError,
    Target, TargetError, TargetKind, Wishes,
};
use jiff::SignedDuration;
use outcome::{Finding, RunReport, Verdict};
use reference::{Meeting, PartnerError, Patience, config_file, start_reference};
use reference_server::Seams;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use transcript::Transcript;

/// Everybody sits on one machine: what has not come by then does not come.
pub(crate) const PATIENCE: Patience = Patience {
    within: SignedDuration::from_secs(6),
    quiet: SignedDuration::from_millis(300),
};
const SEED: u64 = 1;
const JOBS: usize = 16;

/// What a run against a decorated reference partner came to.
#[derive(Debug)]
pub struct Examination {
    /// The report.
    pub report: RunReport,
    /// The histories of the scenarios that ran.
    pub transcripts: Vec<Transcript>,
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

/// Runs the whole suite against a reference partner with these decorators, on ports of its own, the way the command
/// line does it.
pub async fn examine(seams: Seams, amendments: &Amendments) -> Result<Examination, ExamineError> {
    examine_some(seams, amendments, &[]).await
}

/// The same with the scenarios of these ids alone; without any, with all.
pub(crate) async fn examine_some(
    seams: Seams,
    amendments: &Amendments,
    only: &[String],
) -> Result<Examination, ExamineError> {
    let folder = tempfile::tempdir()?;
    let mut meeting = Meeting::in_folder(folder.path())?;
    std::fs::write(&meeting.key_file, key()?)?;
    let header_proxy = match amendments.calls {
        Some(edit) => Some(HeaderProxy::start(meeting.google, edit).await?),
        None => None,
    };
    if let Some(header_proxy) = &header_proxy {
        meeting.notify_url = header_proxy.url();
    }
    let mut theirs = meeting.clone();
    let token_proxy = match amendments.tokens {
        Some(manner) => Some(TokenProxy::start(meeting.google, key()?, manner).await?),
        None => None,
    };
    if let Some(token_proxy) = &token_proxy {
        theirs.key_file = folder.path().join("partner-key.json");
        std::fs::write(&theirs.key_file, token_proxy.key_file(key()?))?;
    }
    let server = start_reference(&theirs, seams).await?;
    if let Some(edit) = amendments.feeds {
        amend_feeds(&meeting.feeds, edit)?;
    }
    let path = folder.path().join("conformance.toml");
    let file = config_file(&meeting, &server.base_url(), PATIENCE);
    std::fs::write(&path, amended(file, amendments))?;
    let done = run(&path, only).await;
    server.shutdown().await;
    header_proxy.into_iter().for_each(HeaderProxy::stop);
    token_proxy.into_iter().for_each(TokenProxy::stop);
    done
}

async fn run(path: &Path, only: &[String]) -> Result<Examination, ExamineError> {
    let config = config::load(path, None, &|_| None)?;
    let target = Target::new(config, TargetKind::Reference)?;
    let bundled = bundled()?;
    let google = harness::open(&target).await?;
    let plan = harness::plan(&bundled.suite, &target, &bundled.wishes(only)?);
    let (_stop, interrupt) = Interrupt::new();
    let session = Session {
        clock: Arc::new(SystemClock::start()),
        observer: Arc::new(Silent),
        operator: Arc::new(NoOperator),
        interrupt,
        jobs: JOBS,
        strict: false,
        keep_bookings: false,
    };
    let mut snapshots = Snapshots::off();
    let run = harness::run(plan, &target, google, session, &mut snapshots).await?;
    Ok(Examination {
        report: run.report,
        transcripts: run.transcripts,
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

    fn wishes(&self, only: &[String]) -> Result<Wishes, FilterError> {
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
fn key() -> Result<&'static str, KeyError> {
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
        let meeting = Meeting::in_folder(folder.path()).unwrap();
        std::fs::write(&meeting.key_file, key().unwrap()).unwrap();
        let seams = Seams {
            clock: Arc::new(At(now_sec)),
            ..Seams::default()
        };
        let server = start_reference(&meeting, seams).await.unwrap();
        let path = folder.path().join("conformance.toml");
        let file = config_file(&meeting, &server.base_url(), PATIENCE);
        std::fs::write(&path, amended(file, &Amendments::NONE)).unwrap();
        let config = config::load(&path, None, &|_| None).unwrap();
        let target = Target::new(config, TargetKind::Reference).unwrap();
        server.shutdown().await;
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
