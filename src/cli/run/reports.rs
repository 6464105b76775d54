//! The reports that a run was asked for, from its first moment on: what stands in their places is of this run, or says that it came to
//! no verdict.

use super::super::exit::Failure;
use super::report_file::{Kept, ReportFile};
use config::ReportTo;
use outcome::{ExitReason, NotRun, ReasonKind, RunReport, RunVerdict};
use recording::RunFacts;
use report::Material;
use snapshot::Draft;
use std::path::{Path, PathBuf};

/// What stands there while the run goes on, and for ever if the program is killed.
const UNDER_WAY: &str = "the run has not come to its end: it is still under way, or the program was killed";

/// What stands there after a panic.
const BROKEN: &str = "the harness itself is wrong: the run broke off; please report it";

/// The files, and what stands in them.
pub(in super::super) struct Reports {
    files: Vec<ReportFile>,
    began: jiff::Timestamp,
    /// True when nothing has to be written any more.
    is_settled: bool,
}

impl Reports {
    /// None yet, for a run that begins now.
    pub(in super::super) fn new() -> Self {
        Self {
            files: Vec::new(),
            began: jiff::Timestamp::now(),
            is_settled: false,
        }
    }

    /// Adds what the command line names rightly; what it names wrongly is told when the flags are read.
    pub(in super::super) fn add_flags(&mut self, flags: &[String]) {
        let named = flags.iter().filter_map(|text| ReportFile::split(text).ok());
        self.add(named);
    }

    /// Adds what a config names.
    pub(super) fn add_config(&mut self, reports: &[ReportTo]) {
        let named = reports.iter();
        self.add(named.map(|report| (report.format.clone(), report.path.clone())));
    }

    fn add(&mut self, named: impl Iterator<Item = (String, PathBuf)>) {
        for file in named.filter_map(|named| ReportFile::new(named).ok()) {
            if !self.files.iter().any(|known| known.is_same(&file)) {
                self.files.push(file);
            }
        }
    }

    /// The files that are no folder of snapshots of this run.
    pub(super) fn check_apart_from(&self, snapshots: &Path) -> Result<(), Failure> {
        self.files
            .iter()
            .try_for_each(|file| file.check_apart_from(snapshots))
    }

    /// Takes earlier reports away before anything is sent; a place that cannot be written to is known now, and not when all is done.
    pub(in super::super) fn begin(&self) -> Result<(), Failure> {
        self.begin_those(|_| true)
    }

    /// As [`Self::begin`], without the folder of snapshots: whether it is a right one is not known yet.
    pub(super) fn begin_files(&self) -> Result<(), Failure> {
        self.begin_those(|file| file.artefact().is_none())
    }

    fn begin_those(&self, wanted: impl Fn(&ReportFile) -> bool) -> Result<(), Failure> {
        match self.put(None, UNDER_WAY, wanted).as_slice() {
            [] => Ok(()),
            lost => Err(Failure::broken(lost.join("\n"))),
        }
    }

    /// The run came to no verdict; places that cannot be written to hold nothing of this run either way.
    pub(in super::super) fn give_up(&mut self, exit_code: u8, reason: &str) {
        self.is_settled = true;
        self.put(Some(exit_code), reason, |_| true);
    }

    fn put(&self, exit_code: Option<u8>, reason: &str, wanted: impl Fn(&ReportFile) -> bool) -> Vec<String> {
        let not_run: NotRun = harness::not_run(self.began, exit_code, reason);
        let files = self.files.iter().filter(|file| wanted(file));
        let written = files.map(|file| (file, file.write_not_run(&not_run)));
        written.filter_map(lost).collect()
    }

    /// Writes what the run came to, and gives the folder in which the snapshots are kept. A report that cannot be kept is a reason of
    /// its own, in all that can be.
    pub(in super::super) fn finish(&mut self, report: &mut RunReport, rest: &Rest<'_>) -> Option<&Path> {
        self.is_settled = true;
        let lost = self.write(report, rest);
        if !lost.is_empty() {
            for words in lost {
                report.add_reason(ExitReason::new(ReasonKind::ReportLost, words));
            }
            self.write(report, rest);
        }
        let folder = self.files.iter().find_map(ReportFile::artefact);
        folder.filter(|folder| folder.join(snapshot::MANIFEST).is_file())
    }

    fn write(&self, report: &RunReport, rest: &Rest<'_>) -> Vec<String> {
        let kept = Kept {
            material: rest.material(report, None),
            drafts: rest.waiting,
        };
        let written = self.files.iter().map(|file| (file, file.write(&kept)));
        written.filter_map(lost).collect()
    }
}

fn lost((file, written): (&ReportFile, Result<(), String>)) -> Option<String> {
    let reason = written.err()?;
    Some(format!(
        "the report {} could not be kept: {reason}",
        file.path.display()
    ))
}

/// A panic leaves no old verdict standing.
impl Drop for Reports {
    fn drop(&mut self) {
        if !self.is_settled && std::thread::panicking() {
            self.put(Some(RunVerdict::HarnessError.exit_code()), BROKEN, |_| true);
        }
    }
}

/// What a run has beside its conclusion.
pub(in super::super) struct Rest<'r> {
    pub(in super::super) facts: &'r RunFacts,
    pub(in super::super) drifts: &'r [(String, Vec<snapshot::DiffLine>)],
    /// Snapshots that are not as accepted.
    pub(in super::super) waiting: &'r [Draft],
}

impl<'r> Rest<'r> {
    /// All of it, to be rendered.
    pub(in super::super) fn material(
        &self,
        report: &'r RunReport,
        artefact: Option<&'r Path>,
    ) -> Material<'r> {
        Material {
            report,
            facts: self.facts,
            drifts: self.drifts,
            artefact,
        }
    }
}
