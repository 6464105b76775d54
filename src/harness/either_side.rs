//! What the partner can be wrong in just as well as the set-up of the run: nobody can tell which from here, so neither is blamed.
//!
//! A password that is mistyped looks like a server that refuses everybody, an address that leads elsewhere like a server that
//! notifies nobody, and a slot that is named without its terms like one that is paid on arrival.

mod cards;
mod unstated;

use outcome::{Finding, Judged, ScenarioReport, Silence, Verdict};
use rules::{Case, Judgement};
use std::collections::BTreeSet;
use transcript::{Credentials, Fact};

/// So many methods at least are "every call".
const MANY: usize = 3;

/// True for a finding of a case that rests on a doubt.
type RestsOn<'c> = Box<dyn Fn(&Case<'_>, &Finding) -> bool + 'c>;

/// What both sides may have wrong, in one sentence, and what of the judgement rests on it.
struct Doubt<'c> {
    words: String,
    rests_on: RestsOn<'c>,
}

impl<'c> Doubt<'c> {
    fn new(words: String, rests_on: impl Fn(&Case<'_>, &Finding) -> bool + 'c) -> Self {
        Self {
            words,
            rests_on: Box::new(rests_on),
        }
    }
}

/// Takes back what rests on such a thing, and says of each what both sides may have wrong.
pub(super) fn withhold(
    reports: &mut [ScenarioReport],
    of_the_run: &mut Judgement,
    cases: &[Case<'_>],
    (silence, has_published_token): (Option<&Silence>, bool),
) -> Vec<String> {
    let refused = refused_credentials(cases).map(|words| Doubt::new(words, is_refusal));
    let silent = silence.and_then(|silence| unreached(silence, cases));
    let silent = silent.map(|words| Doubt::new(words, is_wait_in_vain));
    let mut doubts: Vec<_> = refused.into_iter().chain(silent).collect();
    doubts.extend(unstated::doubts(reports, cases));
    doubts.extend(cards::doubt(cases, has_published_token));
    for doubt in &doubts {
        take_back(reports, cases, doubt);
    }
    unstated::drop_remarks(reports, of_the_run, cases);
    doubts.into_iter().map(|doubt| doubt.words).collect()
}

/// Whoever is named in the config was let in nowhere.
fn refused_credentials(cases: &[Case<'_>]) -> Option<String> {
    let exchanges = || cases.iter().flat_map(|case| case.transcript.exchanges());
    let named = || exchanges().filter(|exchange| exchange.call.credentials == Credentials::Valid);
    let methods: BTreeSet<_> = named().map(|exchange| exchange.call.method).collect();
    let first = named().find_map(|exchange| Some(exchange.http()?.status))?;
    let answered = named().all(|exchange| exchange.http().is_some_and(|reply| reply.status == first));
    let due = match first {
        401 => "",
        403 => " (of wrong ones 401 would say so)",
        _ => return None,
    };
    (answered && methods.len() >= MANY).then(|| {
        format!(
            "your server answered {first} to every call that bore the user name and password of this run: either they are not those \
             that it expects{due}, or it refuses the right ones; they are named by auth under [target], or by PARTNER_USER and \
             PARTNER_PASSWORD"
        )
    })
}

/// Nothing came from the partner, whatever was waited for.
fn unreached(silence: &Silence, cases: &[Case<'_>]) -> Option<String> {
    let entries = cases.iter().flat_map(|case| &case.transcript.entries);
    // Updates of the inventory are left to the partner: that none comes shows nothing.
    let waits = entries.filter(|entry| matches!(&entry.fact, Fact::Awaited(wait) if !wait.met));
    let in_vain = match waits.count() {
        0 => return None,
        1 => "a notification was waited for in vain".to_owned(),
        waits => format!("notifications were waited for {waits} times in vain"),
    };
    (!silence.is_inside).then(|| {
        format!(
            "no call to Google's API arrived at {}, and {in_vain}: either your server sends none, or what it sends goes elsewhere",
            silence.url
        )
    })
}

fn take_back(reports: &mut [ScenarioReport], cases: &[Case<'_>], doubt: &Doubt<'_>) {
    for report in reports {
        let Some(case) = case_of(report, cases) else {
            continue;
        };
        let ScenarioReport { findings, judged, .. } = report;
        if !drop_findings(findings, judged, |finding| (doubt.rests_on)(case, finding)) {
            continue;
        }
        let left = report.findings.iter().map(|finding| finding.verdict);
        report.verdict = left
            .max_by_key(|verdict| verdict.weight())
            .unwrap_or(Verdict::NotTestable);
        if report.verdict == Verdict::NotTestable {
            report.reason = Some(doubt.words.clone());
            report.not_now = false;
        }
    }
}

fn case_of<'c, 'a>(report: &ScenarioReport, cases: &'c [Case<'a>]) -> Option<&'c Case<'a>> {
    cases.iter().find(|case| case.scenario.id == report.id)
}

/// Leaves out what rests on a doubt, and opens the requirements that nothing else speaks of; false where nothing does.
fn drop_findings(
    findings: &mut Vec<Finding>,
    judged: &mut [Judged],
    rests_on: impl Fn(&Finding) -> bool,
) -> bool {
    let before = findings.len();
    findings.retain(|finding| !rests_on(finding));
    if findings.len() == before {
        return false;
    }
    for one in judged.iter_mut().filter(|one| is_bad(one.verdict)) {
        let mut left = findings.iter();
        if !left.any(|finding| finding.requirement == one.requirement) {
            one.verdict = Verdict::NotTestable;
        }
    }
    true
}

fn is_bad(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Warn)
}

fn is_refusal(case: &Case<'_>, finding: &Finding) -> bool {
    let entry = finding.evidence.entry;
    let exchange = entry.and_then(|entry| case.transcript.exchange_at(entry));
    exchange.is_some_and(|exchange| exchange.call.credentials == Credentials::Valid)
}

fn is_wait_in_vain(case: &Case<'_>, finding: &Finding) -> bool {
    let entry = finding.evidence.entry;
    let entry = entry.and_then(|entry| case.transcript.entries.get(entry));
    entry.is_some_and(|entry| is_unmet(&entry.fact))
}

fn is_unmet(fact: &Fact) -> bool {
    match fact {
        Fact::Awaited(wait) => !wait.met,
        Fact::AwaitedSlot(wait) => !wait.met,
        _ => false,
    }
}
