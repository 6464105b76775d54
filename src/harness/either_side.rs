//! What the partner can be wrong in just as well as the set-up of the run: nobody can tell which from here, so neither is blamed.
//!
//! A password that is mistyped looks like a server that refuses everybody, an address that leads elsewhere like a server that
//! notifies nobody, and a slot that is named without its terms like one that is paid on arrival.

use catalogue::RequirementId;
use domain::slot::{PaymentMode, Slot};
use outcome::{Finding, ScenarioReport, Silence, Verdict};
use protocol::Method;
use rules::Case;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{Credentials, Exchange, Fact};

/// So many methods at least are "every call".
const MANY: usize = 3;

/// Where a refusal names its cause.
const CAUSE: &str = "/booking_failure/cause";

/// What a slot with several spots does rightly, and one with a single spot may not.
const SECOND_BOOKING: [RequirementId; 2] = [
    RequirementId::declared("BS-BAL-06"),
    RequirementId::declared("BS-CREATE-08"),
];

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
    if let Some(words) = cases.iter().find_map(unstated_payment) {
        take_back(reports, cases, &words, is_refused_unpaid);
        all.push(words);
    }
    if let Some(words) = unstated_spots(reports, cases) {
        take_back(reports, cases, &words, rests_on_spots);
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

/// A slot was named, and no feed says how it is paid: that the server wants money or a card for it is lawful.
fn unstated_payment(case: &Case<'_>) -> Option<String> {
    let mut all = case.transcript.exchanges();
    let refused = all.find(|exchange| lacks_stated_payment(case, exchange))?;
    let slot = case.slot_of(&refused)?;
    let told = refused.answer_value(CAUSE)?.as_str()?;
    Some(format!(
        "a booking of {}/{} that is paid on arrival was refused with {told}, and no feed says how its slots are paid: either they need a \
         card or a payment, or your server refuses what it should take; name the feeds of your server, or a slot that is paid on arrival",
        slot.merchant_id, slot.service_id
    ))
}

/// A slot was named, and no feed says how many spots it has: that it is booked a second time is lawful if there are several.
fn unstated_spots(reports: &[ScenarioReport], cases: &[Case<'_>]) -> Option<String> {
    let mut found = cases.iter().filter(|case| {
        let report = reports.iter().find(|report| report.id == case.scenario.id);
        let mut findings = report.into_iter().flat_map(|report| &report.findings);
        findings.any(|finding| rests_on_spots(case, finding))
    });
    let slot = found.find_map(slot_without_feed)?;
    Some(format!(
        "slots of {}/{} are still on offer, or are booked once more, when they have been booked once, and no feed says how many spots they \
         have: either they have several, or your server books a slot twice; name the feeds of your server, or slots with one spot",
        slot.merchant_id, slot.service_id
    ))
}

fn rests_on_spots(case: &Case<'_>, finding: &Finding) -> bool {
    finding.verdict == Verdict::Fail
        && SECOND_BOOKING.contains(&finding.requirement)
        && slot_without_feed(case).is_some()
}

fn slot_without_feed<'c>(case: &'c Case<'_>) -> Option<&'c Slot> {
    let mut slots = case.scenario.slots.keys();
    slots
        .find_map(|name| case.transcript.slot(name))
        .filter(|slot| !is_in_feed(case, slot))
}

fn is_in_feed(case: &Case<'_>, slot: &Slot) -> bool {
    let key = (slot.merchant_id.clone(), slot.service_id.clone());
    case.offer.services.contains_key(&key)
}

fn lacks_stated_payment(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let told = exchange.answer_value(CAUSE).and_then(Value::as_str);
    let is_unstated = |slot: &Slot| slot.terms.modes() == [PaymentMode::Arrival] && !is_in_feed(case, slot);
    exchange.call.method == Method::CreateBooking
        && told.is_some_and(|told| told.starts_with("PAYMENT"))
        && case.slot_of(exchange).is_some_and(is_unstated)
}

fn is_refused_unpaid(case: &Case<'_>, finding: &Finding) -> bool {
    let exchange = finding
        .evidence
        .entry
        .and_then(|entry| case.transcript.exchange_at(entry));
    exchange.is_some_and(|exchange| lacks_stated_payment(case, &exchange))
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
