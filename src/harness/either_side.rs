//! What the partner can be wrong in just as well as the set-up of the run: nobody can tell which from here, so neither is blamed.
//!
//! A password that is mistyped looks like a server that refuses everybody, and an address that leads elsewhere like a server that
//! notifies nobody.

use outcome::{Finding, ScenarioReport, Silence, Verdict};
use rules::Case;
use std::collections::BTreeSet;
use transcript::{Credentials, Exchange, Fact};

/// So many methods at least are "every call".
const MANY: usize = 3;

/// Takes back what rests on such a thing, and says of each what both sides may have wrong.
pub(super) fn withhold(
    reports: &mut [ScenarioReport],
    cases: &[Case<'_>],
    silence: Option<&Silence>,
) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(words) = refused_credentials(cases) {
        take_back(reports, cases, &words, is_refusal);
        all.push(words);
    }
    if let Some(words) = silence.and_then(|silence| unreached(silence, cases)) {
        take_back(reports, cases, &words, is_wait_in_vain);
        all.push(words);
    }
    all
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

fn take_back(
    reports: &mut [ScenarioReport],
    cases: &[Case<'_>],
    words: &str,
    rests_on: fn(&Case<'_>, &Finding) -> bool,
) {
    for report in reports {
        let mut all = cases.iter();
        let Some(case) = all.find(|case| case.scenario.id == report.id) else {
            continue;
        };
        let before = report.findings.len();
        report.findings.retain(|finding| !rests_on(case, finding));
        if report.findings.len() == before {
            continue;
        }
        for one in report.judged.iter_mut().filter(|one| is_bad(one.verdict)) {
            let mut left = report.findings.iter();
            if !left.any(|finding| finding.requirement == one.requirement) {
                one.verdict = Verdict::NotTestable;
            }
        }
        let left = report.findings.iter().map(|finding| finding.verdict);
        report.verdict = left
            .max_by_key(|verdict| verdict.weight())
            .unwrap_or(Verdict::NotTestable);
        if report.verdict == Verdict::NotTestable {
            report.reason = Some(words.to_owned());
            report.not_now = false;
        }
    }
}

fn is_bad(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Warn)
}

fn is_refusal(case: &Case<'_>, finding: &Finding) -> bool {
    let mut all = case.transcript.exchanges();
    let found = finding.evidence.entry;
    let exchange = all.find(|exchange| Some(exchange.entry) == found);
    exchange.is_some_and(|exchange: Exchange<'_>| exchange.call.credentials == Credentials::Valid)
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
