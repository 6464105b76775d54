//! Judging of single calls to Google's side that no scenario brought about, as they arrive.
//!
//! The rules are those of a run: all that look at one call of the partner, and of the others those in [`OF_ONE_CALL`]. What hangs
//! on the history of a booking, on our own calls or on the clock of a run cannot be judged here.

use super::{
    Case, Offer, PartnerCall, RULES, Rule, Run, Scope, Verdicts, access, inventory, notification, run,
};
use domain::Capability;
use indexmap::IndexMap;
use outcome::Finding;
use scenario::Scenario;
use std::collections::BTreeSet;
use transcript::{Arrival, Binding, Entry, Fact, Notification, Phase, Transcript, User};

/// Rules of another scope that one call shows the violation of.
static OF_ONE_CALL: [&Rule; 10] = [
    &access::assertion::RULE,
    &inventory::spots::RULE,
    &run::inventory_path::RULE,
    &run::records::RULE,
    &run::resource_ids::RULE,
    &run::online_fields::RULE,
    &run::add_on_fields::RULE,
    &run::service_terms::RULE,
    &run::merchant_terms::RULE,
    &run::resource_form::RULE,
];

/// Rules that compare with the whole booking: where Google's side knows only what it was notified of, what is new to it need not have
/// been changed.
static OF_A_WHOLE_COPY: [&Rule; 5] = [
    &notification::decided::RULE,
    &notification::fee_as_prepayment::RULE,
    &notification::mask_complete::RULE,
    &notification::prepayment_steps::RULE,
    &notification::request_unchanged::RULE,
];

/// What is known about the partner when a call arrives.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    /// Its id at Google.
    pub partner_id: String,
    /// What it declares, or its feeds show.
    pub capabilities: BTreeSet<Capability>,
    /// What the feeds say of merchants and services.
    pub offer: Offer,
    /// True when Google's side knows the bookings from elsewhere than from notifications.
    pub knows_bookings: bool,
}

impl Receiver {
    /// What is wrong with a call that arrived at this time, epoch seconds.
    pub fn judge(&self, arrival: Arrival, now_sec: i64) -> Vec<Finding> {
        let mut capabilities = self.capabilities.clone();
        // Whoever sends updates is one who sends them.
        capabilities.insert(Capability::AvailabilityRtu);
        let mut facts = Facts::default();
        match arrival {
            Arrival::Notification(notification) => facts.orphans.push(notification),
            Arrival::Token(request) => facts.token_requests.push(request),
            Arrival::Resource(call) => facts.resource_calls.push(call),
        }
        let scenario = no_scenario();
        let transcript = history(facts.orphans.first(), now_sec);
        let case = Case::new(&scenario, &transcript, &capabilities, &self.partner_id).with_offer(&self.offer);
        let mut verdicts = Verdicts::default();
        for rule in self.rules() {
            rule.judge_case(&case, &mut verdicts);
        }
        let cases = [case];
        let run = facts.run(&cases);
        for rule in OF_ONE_CALL {
            if let Scope::Run(judge) = rule.scope {
                judge(&run, &mut verdicts);
            }
        }
        let (mut findings, _) = verdicts.conclude();
        findings.extend(without_token(&cases, &run));
        findings
    }

    /// The rules that look at a call in a history.
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let each = RULES.iter().copied().filter(|rule| {
            matches!(
                rule.scope,
                Scope::Notification(_) | Scope::BookingUpdate(_) | Scope::InventoryUpdate(_)
            )
        });
        let of_one = OF_ONE_CALL
            .into_iter()
            .filter(|rule| matches!(rule.scope, Scope::Scenario(_)));
        let whole = OF_A_WHOLE_COPY
            .into_iter()
            .filter(|rule| matches!(rule.scope, Scope::Scenario(_)));
        let needs_whole = |rule: &&'static Rule| {
            let mut all = OF_A_WHOLE_COPY.iter();
            all.any(|other| other.name == rule.name)
        };
        let knows = self.knows_bookings;
        each.chain(of_one)
            .chain(whole)
            .filter(move |rule| knows || !needs_whole(rule))
    }
}

/// A call without any token is a violation whatever came before it; one with a token that has ended is not.
fn without_token(cases: &[Case<'_>], run: &Run<'_>) -> Vec<Finding> {
    let mut calls = cases.iter().flat_map(Case::partner_calls);
    let is_bare =
        |call: PartnerCall<'_>| access::refusal_reason(call.notification) == Some("CREDENTIALS_MISSING");
    let mut verdicts = Verdicts::default();
    if calls.any(is_bare)
        && let Scope::Run(judge) = access::credentials::RULE.scope
    {
        judge(run, &mut verdicts);
    }
    verdicts.conclude().0
}

/// One call, in the list to which it belongs.
#[derive(Default)]
struct Facts {
    orphans: Vec<Notification>,
    token_requests: Vec<transcript::TokenRequest>,
    resource_calls: Vec<transcript::ResourceCall>,
}

impl Facts {
    fn run<'f>(&'f self, cases: &'f [Case<'f>]) -> Run<'f> {
        static NOTHING_WHOLE: BTreeSet<(String, String)> = BTreeSet::new();
        Run {
            cases,
            orphans: &self.orphans,
            problems: &[],
            slots: &[],
            whole: &NOTHING_WHOLE,
            token_requests: &self.token_requests,
            resource_calls: &self.resource_calls,
            arrivals_ms: &[],
        }
    }
}

fn no_scenario() -> Scenario {
    Scenario {
        id: String::new(),
        source: String::new(),
        title: String::new(),
        serves: Vec::new(),
        basic: None,
        slots: IndexMap::new(),
        waitlist: None,
        page: 0,
        steps: Vec::new(),
    }
}

/// The history of a scenario in which nothing happened but this call.
fn history(notification: Option<&Notification>, now_sec: i64) -> Transcript {
    let bound = Fact::Bound(Binding {
        slots: IndexMap::new(),
        page: Vec::new(),
        waitlist: None,
        user: User {
            user_id: String::new(),
            given_name: String::new(),
            family_name: String::new(),
            telephone: String::new(),
            email: String::new(),
        },
        began_sec: now_sec,
        within_ms: 0,
        ledger: false,
    });
    let call = notification.cloned().map(Fact::Notification);
    let entries = std::iter::once(bound).chain(call).map(|fact| Entry {
        at_ms: 0,
        phase: Phase::Steps,
        fact,
    });
    Transcript {
        scenario: String::new(),
        entries: entries.collect(),
    }
}

#[cfg(test)]
mod tests;
