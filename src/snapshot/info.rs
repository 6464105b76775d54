//! What a snapshot remembers about the slots that its scenario was bound to.

use super::store::Accepted;
use domain::slot::{ConfirmationMode, Deposit, Money, NoShowFee, PaymentMode, RefundStep, Slot, Terms};
use indexmap::IndexMap;
use outcome::{ScenarioReport, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use transcript::Transcript;

/// The bound slots by the name that the scenario gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Info {
    /// Slots; none for a scenario that books nothing.
    #[serde(default)]
    pub(crate) slots: IndexMap<String, BoundSlot>,
    /// How the scenario was judged; nothing where its history may be taken for right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) judged: Option<Mark>,
}

/// The verdict on a scenario whose history must not be taken for right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// `fail` or `harness_error`.
    pub verdict: Verdict,
    /// The ids of the requirements that it violates.
    #[serde(default)]
    pub violated: Vec<String>,
}

impl Mark {
    /// The mark of a scenario that violates a MUST, or that the harness itself got wrong; no other one has a mark.
    pub fn of(scenario: &ScenarioReport) -> Option<Self> {
        let is_wrong = matches!(scenario.verdict, Verdict::Fail | Verdict::HarnessError);
        let failed = scenario
            .findings
            .iter()
            .filter(|one| one.verdict == Verdict::Fail);
        let violated: BTreeSet<_> = failed.map(|one| one.requirement.as_str().to_owned()).collect();
        is_wrong.then(|| Self {
            verdict: scenario.verdict,
            violated: violated.into_iter().collect(),
        })
    }

    /// The verdict in words: `fails BS-STATUS-02`.
    pub fn words(&self) -> String {
        match self.verdict {
            Verdict::HarnessError => "judged by a harness that was wrong itself".to_owned(),
            _ if self.violated.is_empty() => "fails".to_owned(),
            _ => format!("fails {}", self.violated.join(", ")),
        }
    }
}

/// One bound slot: real ids, since the plan looks for them again, and no times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BoundSlot {
    /// Merchant id of the feeds.
    pub(crate) merchant_id: String,
    /// Service id of the feeds.
    pub(crate) service_id: String,
    /// What booking it costs and how it is decided.
    pub(crate) charges: Charges,
}

/// The terms of a slot that shape its messages: money and modes, neither times nor ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Charges {
    /// Payment modes.
    pub(crate) modes: Vec<PaymentMode>,
    /// Synchronous or asynchronous.
    pub(crate) confirmation_mode: ConfirmationMode,
    /// Without tax and fees, micros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) price: Option<Money>,
    /// On top of the price, micros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tax: Option<Money>,
    /// The fee for not coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) no_show_fee: Option<NoShowFee>,
    /// The deposit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deposit: Option<Deposit>,
    /// The cancellation policy, longest lead first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) refund_steps: Vec<RefundStep>,
}

/// A merchant and service that a scenario's slot was bound to when its snapshot was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preference {
    /// The slot's name in the scenario.
    pub slot: String,
    /// Merchant id of the feeds.
    pub merchant_id: String,
    /// Service id of the feeds.
    pub service_id: String,
}

/// What the plan should bind again, so that a run is compared in full and not by shape.
pub fn preferred(accepted: &Accepted) -> Vec<Preference> {
    let preference = |(name, slot): (&String, &BoundSlot)| Preference {
        slot: name.clone(),
        merchant_id: slot.merchant_id.clone(),
        service_id: slot.service_id.clone(),
    };
    accepted.info.slots.iter().map(preference).collect()
}

impl Info {
    /// What a history was bound to at its end, replacements of stale slots included.
    pub(crate) fn from_transcript(transcript: &Transcript) -> Self {
        let names = transcript
            .binding()
            .into_iter()
            .flat_map(|bound| bound.slots.keys());
        let slot = |name: &String| Some((name.clone(), bound_slot(transcript.slot(name)?)));
        Self {
            slots: names.filter_map(slot).collect(),
            judged: None,
        }
    }

    /// True when both were bound to the same terms, wherever and whenever.
    pub(crate) fn same_terms(&self, other: &Self) -> bool {
        let names = self.slots.len() == other.slots.len();
        names
            && self
                .slots
                .iter()
                .all(|(name, slot)| other.slots.get(name).is_some_and(|o| o.charges == slot.charges))
    }
}

fn bound_slot(slot: &Slot) -> BoundSlot {
    BoundSlot {
        merchant_id: slot.merchant_id.clone(),
        service_id: slot.service_id.clone(),
        charges: charges(&slot.terms, slot.confirmation_mode),
    }
}

fn charges(terms: &Terms, confirmation_mode: ConfirmationMode) -> Charges {
    Charges {
        modes: terms.modes(),
        confirmation_mode,
        price: terms.price.clone(),
        tax: terms.tax.clone(),
        no_show_fee: terms.no_show_fee.clone(),
        deposit: terms.deposit.clone(),
        refund_steps: terms.refund_steps.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::History;
    use super::*;

    #[test]
    fn the_plan_prefers_what_was_accepted() {
        let info = Info::from_transcript(&History::new(1).transcript);
        let expected = Preference {
            slot: "slot".into(),
            merchant_id: "merchant-a".into(),
            service_id: "haircut".into(),
        };
        assert_eq!(
            preferred(&Accepted {
                body: String::new(),
                info
            }),
            [expected]
        );
    }

    #[test]
    fn neither_times_nor_ids_are_terms() {
        let one = Info::from_transcript(&History::new(1).transcript);
        let mut other = History::new(2);
        other
            .binding()
            .slots
            .get_mut("slot")
            .into_iter()
            .for_each(|slot| slot.merchant_id = "merchant-b".to_owned());
        assert!(one.same_terms(&Info::from_transcript(&other.transcript)));
        other
            .binding()
            .slots
            .get_mut("slot")
            .into_iter()
            .for_each(|slot| slot.terms.deposit = None);
        assert!(!one.same_terms(&Info::from_transcript(&other.transcript)));
        assert!(!one.same_terms(&Info::default()));
    }
}
