//! Waivers: a violation that somebody answers for is counted and named, and does not fail the run.
//!
//! They come last, when all is judged. What a waived violation stands in the way of stays not testable, and a waiver that is
//! expired, stale or unknown needs a person.

mod status;

use config::Waiver;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use outcome::{Finding, ScenarioReport, Verdict, WaiverReport};
use rules::{Case, Judgement};
use transcript::{Answer, Fact, Reply, Transcript};

/// What was judged of a run, without a word about waivers.
pub(super) struct Concluded<'r, 'a> {
    /// Every scenario of the suite.
    pub(super) scenarios: &'r mut [ScenarioReport],
    /// What only all of them show.
    pub(super) of_the_run: &'r mut Judgement,
    /// Those that ran.
    pub(super) cases: &'r [Case<'a>],
    /// Somebody stopped the run, so that nothing was judged to the end.
    pub(super) interrupted: bool,
}

/// The day on which a run began, in UTC.
pub(super) fn today(began_us: i64) -> Date {
    let began = jiff::Timestamp::from_microsecond(began_us).unwrap_or_default();
    began.to_zoned(TimeZone::UTC).date()
}

/// Waives what is covered, and says what each waiver came to.
pub(super) fn apply(waivers: &[Waiver], today: Date, mut concluded: Concluded<'_, '_>) -> Vec<WaiverReport> {
    let valid: Vec<&Waiver> = waivers
        .iter()
        .filter(|waiver| !waiver.is_expired(today))
        .collect();
    for scenario in concluded.scenarios.iter_mut() {
        waive_in(scenario, &valid, concluded.cases);
    }
    waive_in_run(concluded.of_the_run, &valid);
    let each = waivers.iter();
    each.map(|waiver| status::report(waiver, today, &mut concluded))
        .collect()
}

/// The waivers that hold nothing today, known before anything runs: expired ones, and those whose requirement or scenario is not there.
pub fn hold_nothing(waivers: &[Waiver], scenarios: &[&str], now_sec: i64) -> Vec<WaiverReport> {
    let now = jiff::Timestamp::from_second(now_sec).unwrap_or_default();
    let today = now.to_zoned(TimeZone::UTC).date();
    let each = waivers.iter();
    each.filter_map(|waiver| status::report_before(waiver, today, scenarios))
        .collect()
}

fn waive_in(scenario: &mut ScenarioReport, valid: &[&Waiver], cases: &[Case<'_>]) {
    let id = scenario.id.as_str();
    let is_covered = |requirement| valid.iter().any(|waiver| waiver.covers(requirement, Some(id)));
    for finding in &mut scenario.findings {
        if finding.verdict == Verdict::Fail && is_covered(finding.requirement) {
            finding.verdict = Verdict::Waived;
        }
    }
    for one in &mut scenario.judged {
        if one.verdict == Verdict::Fail && is_covered(one.requirement) {
            one.verdict = Verdict::Waived;
        }
    }
    let has = |verdict| {
        let mut findings = scenario.findings.iter();
        findings.any(|finding| finding.verdict == verdict)
    };
    if scenario.verdict == Verdict::Fail && has(Verdict::Waived) && !has(Verdict::Fail) {
        let case = cases.iter().find(|case| case.scenario.id == scenario.id);
        let lacking = case.and_then(|case| lacking(case.transcript, &scenario.findings));
        scenario.verdict = match lacking {
            Some(_) => Verdict::NotTestable,
            None => Verdict::Waived,
        };
        scenario.reason = scenario.reason.take().or(lacking);
    }
}

/// What else a scenario lacked than what is waived: a basic, a trigger, a ledger, or an answer. Where it merely could not go on after
/// the violation, that is excused with it.
fn lacking(transcript: &Transcript, findings: &[Finding]) -> Option<String> {
    let waived = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Waived);
    let waived: Vec<usize> = waived.filter_map(|finding| finding.evidence.entry).collect();
    let mut entries = transcript.entries.iter().enumerate();
    let broken = entries.find_map(|(at, entry)| match &entry.fact {
        Fact::Skipped(skipped) => Some(format!("needs {}", skipped.needs)),
        Fact::Trigger(trigger) => trigger.failure.clone(),
        Fact::Ledger(ledger) => ledger.failure.clone(),
        Fact::Answer(answer) => silence(answer).filter(|_| !waived.contains(&at)),
        _ => None,
    });
    let ended = transcript.early_end().and_then(|(end, stopped)| {
        let follows = waived.iter().any(|entry| *entry < end);
        let is_excused = stopped.needs.is_none() && !stopped.unreachable && follows;
        (!is_excused).then(|| stopped.reason.clone())
    });
    broken.or(ended)
}

fn silence(answer: &Answer) -> Option<String> {
    match &answer.reply {
        Reply::Nothing { detail, .. } => Some(format!("no answer came: {detail}")),
        Reply::Http(_) => None,
    }
}

/// A finding of the run is waived where all of its places are covered, by one waiver or by several.
fn waive_in_run(of_the_run: &mut Judgement, valid: &[&Waiver]) {
    for finding in &mut of_the_run.findings {
        let is_covered = |place: Option<&str>| {
            let mut waivers = valid.iter();
            waivers.any(|waiver| waiver.covers(finding.requirement, place))
        };
        if finding.verdict == Verdict::Fail && places(finding).into_iter().all(is_covered) {
            finding.verdict = Verdict::Waived;
        }
    }
    let findings = &of_the_run.findings;
    for one in of_the_run
        .judged
        .iter_mut()
        .filter(|one| one.verdict == Verdict::Fail)
    {
        let own = || {
            findings
                .iter()
                .filter(|finding| finding.requirement == one.requirement)
        };
        let is_waived = own().any(|finding| finding.verdict == Verdict::Waived);
        if is_waived && own().all(|finding| finding.verdict != Verdict::Fail) {
            one.verdict = Verdict::Waived;
        }
    }
}

/// The scenarios in which a finding of the run was seen; none where only the run as a whole shows it.
fn places(finding: &Finding) -> Vec<Option<&str>> {
    match &finding.repeated {
        Some(repeated) => repeated.scenarios.iter().map(|id| Some(id.as_str())).collect(),
        None => vec![finding.evidence.scenario.as_deref()],
    }
}

#[cfg(test)]
mod tests;
