//! Why scenarios cannot run on a target, whatever its slots.

use super::card_check::CardCheck;
use super::target::Target;
use super::unshown::without_inventory;
use config::Trigger;
use domain::{Capability, Credentials, TriggerName};
use outcome::Verdict;
use protocol::Method;
use scenario::{CallStep, Scenario};
use std::collections::BTreeSet;

/// What a target can do and has.
pub(super) struct Obstacles<'t> {
    /// The target.
    pub(super) target: &'t Target,
    /// What it can do.
    pub(super) capabilities: BTreeSet<Capability>,
    /// What its bookings are paid with.
    pub(super) cards: CardCheck<'t>,
    /// True when a person can be asked.
    pub(super) attended: bool,
}

impl Obstacles<'_> {
    /// Why a scenario cannot run on this target, whatever its slots.
    pub(super) fn to(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let absent = || {
            let method = only_absent_method(scenario, self.target)?;
            let line = format!("{method} is declared as not offered");
            Some((Verdict::NotApplicable, line))
        };
        self.missing_capability(scenario)
            .or_else(|| self.unnamed_inventory(scenario))
            .or_else(|| self.missing_credentials(scenario))
            .or_else(|| self.unwanted_order(scenario))
            .or_else(|| self.cards.obstacle(scenario))
            .or_else(absent)
            .or_else(|| scenario.triggers().find_map(|name| self.missing_trigger(name)))
    }

    /// What the config says that the target can do.
    pub(super) fn promises(&self) -> BTreeSet<Capability> {
        let declared = &self.target.config.capabilities;
        let all = self.capabilities.iter().copied();
        all.filter(|capability| declared.declared(*capability) == Some(true))
            .collect()
    }

    fn missing_capability(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let mut needed = scenario.capabilities().into_iter();
        let capability = needed.find(|capability| !self.capabilities.contains(capability))?;
        let declared = self.target.config.capabilities.declared(capability) == Some(false);
        // Without an inventory nobody knows; what the scenario needs of one is said below.
        if !declared && self.lacks_inventory(scenario) {
            return None;
        }
        let why = if declared {
            "is declared as not offered"
        } else if capability == Capability::Threeds1 {
            "is not declared, and [payments] names no threeds1_token"
        } else if self.target.has_inventory {
            "does not occur in the feeds"
        } else {
            "is not declared, and no feeds are named that could show it"
        };
        Some((
            Verdict::NotApplicable,
            format!("the capability `{capability}` {why}"),
        ))
    }

    /// True for a scenario that books, or joins a waitlist, where nothing is named that may be.
    fn lacks_inventory(&self, scenario: &Scenario) -> bool {
        let needs = !scenario.slots.is_empty() || scenario.waitlist.is_some();
        needs && !self.target.has_inventory
    }

    fn unnamed_inventory(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        if !self.lacks_inventory(scenario) {
            return None;
        }
        let lacks_trigger = scenario
            .triggers()
            .any(|name| self.missing_trigger(name).is_some());
        Some((Verdict::NotTestable, without_inventory(lacks_trigger)))
    }

    /// What is no credential cannot be a wrong one.
    fn missing_credentials(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let target = self.target.config.target.as_ref()?;
        let has_wrong = |call: &CallStep| !matches!(call.credentials, Credentials::Valid | Credentials::None);
        (target.auth.is_none() && scenario.calls().any(has_wrong)).then(|| {
            let line = "no user and password are named, so wrong ones cannot be told from right ones: add auth = { user = { env = \"PARTNER_USER\" }, password = { env = \"PARTNER_PASSWORD\" } } to [target]";
            (Verdict::NotTestable, line.to_owned())
        })
    }

    /// What cannot be cancelled is made only where the config says so.
    fn unwanted_order(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let wanted = self.target.config.capabilities.declared(Capability::Orders) == Some(true);
        (scenario.orders() && !wanted).then(|| {
            let line = "orders stand, since Google's API cannot cancel them, so that only who wants them gets them: add orders = true to \
                        [capabilities]";
            (Verdict::NotTestable, line.to_owned())
        })
    }

    fn missing_trigger(&self, name: TriggerName) -> Option<(Verdict, String)> {
        match self.target.config.triggers.get(&name) {
            None => {
                let line = format!("the config offers no way to `{name}`: add [triggers.{name}]");
                Some((Verdict::NotTestable, line))
            }
            Some(Trigger::None(reason)) => Some((
                Verdict::NotApplicable,
                format!("the trigger `{name}` is declared as not offered: {reason}"),
            )),
            Some(Trigger::Prompt(_)) if !self.attended => Some((
                Verdict::NotTestable,
                format!("the trigger `{name}` asks a person, and nobody is there"),
            )),
            Some(_) => None,
        }
    }
}

/// A scenario that consists of nothing but a method which the target declares not to have.
fn only_absent_method(scenario: &Scenario, target: &Target) -> Option<Method> {
    let capabilities = &target.config.capabilities;
    let absent = |method: Method| {
        Capability::of_method(method).is_some_and(|needed| capabilities.declared(needed) == Some(false))
    };
    let methods: Vec<_> = scenario.calls().map(|call| call.method).collect();
    methods
        .first()
        .copied()
        .filter(|_| methods.iter().all(|method| absent(*method)))
}
