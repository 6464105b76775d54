//! A run for which this machine had too little: what it found, or missed, says nothing of the partner.

use outcome::{Judged, ScenarioReport, Verdict};
use rules::Judgement;

/// Takes back whatever was concluded.
pub(super) fn withhold(reports: &mut [ScenarioReport], of_the_run: &mut Judgement, why: &str) {
    for report in reports.iter_mut().filter(|report| is_concluded(report.verdict)) {
        report.verdict = Verdict::NotTestable;
        report.reason = Some(reason(why));
        report.not_now = false;
        report.findings.clear();
        open(&mut report.judged);
    }
    of_the_run.findings.clear();
    open(&mut of_the_run.judged);
}

/// What was wanting, and what to do about it.
pub(super) fn reason(why: &str) -> String {
    let what_to_do = if why.contains("open files") {
        "; raise the limit of open files (ulimit -n 4096)"
    } else {
        ""
    };
    format!("this machine had no means left for the run: {why}{what_to_do}")
}

fn open(judged: &mut [Judged]) {
    for one in judged.iter_mut().filter(|one| is_concluded(one.verdict)) {
        one.verdict = Verdict::NotTestable;
    }
}

fn is_concluded(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::NotApplicable | Verdict::NotRun)
}
