//! What the slots of a scenario must be like.

use super::{Checker, ONLY};
use crate::file::{NeedsFile, RelationFile, ScenarioFile, SlotNeedFile};
use crate::model::{Length, SlotNeed};
use crate::reading::At;
use indexmap::IndexMap;

impl Checker<'_> {
    pub(super) fn slots(&mut self, file: &ScenarioFile) -> IndexMap<String, SlotNeed> {
        let NeedsFile { slot, slots, .. } = &file.needs;
        if slot.is_some() && !slots.is_empty() {
            let help = "name every slot under `slots:`";
            self.problem(file.title.span, "`needs` has both `slot` and `slots`", help);
        }
        let only = slot.iter().map(|need| (ONLY.to_owned(), need));
        let all: Vec<_> = only
            .chain(slots.iter().map(|(name, need)| (name.clone(), need)))
            .collect();
        self.slots = all.iter().map(|(name, _)| name.clone()).collect();
        let ordered = all.iter().filter(|(_, need)| need.tickets == Some(true));
        self.ordered = ordered.map(|(name, _)| name.clone()).collect();
        all.into_iter()
            .map(|(name, need)| (name, self.slot_need(need)))
            .collect()
    }

    fn slot_need(&mut self, need: &SlotNeedFile) -> SlotNeed {
        self.relations(&need.relations);
        let range = need.starts_in.clone().unwrap_or_default();
        let spots = need.spots.clone().unwrap_or_default();
        SlotNeed {
            payment: need.payment.as_ref().map(|mode| (*mode.get()).into()),
            tax: need.tax,
            money: super::ledger::money(need),
            online: need.online.unwrap_or(false),
            direct_payment: need.direct_payment,
            confirmation: need.confirmation.map(Into::into).unwrap_or_default(),
            spots_exactly: spots.exactly,
            spots_at_least: spots.at_least,
            spots_at_most: spots.at_most,
            spots_preferably: spots.preferably,
            untouched: spots.all_open,
            resources: need.resources,
            more_than: range.more_than.and_then(|text| self.length(&text)),
            less_than: range.less_than.and_then(|text| self.length(&text)),
            // Nobody can cancel an order by Google's API.
            cancellable: need.cancellable.unwrap_or(need.tickets != Some(true)),
            refund: need.refund,
            pack: need.pack,
            ends_within: None,
            cards: Vec::new(),
            tickets: need.tickets.unwrap_or(false),
            ticket_fees: need.ticket_fees,
            relations: need.relations.iter().map(RelationFile::relation).collect(),
        }
    }

    fn relations(&mut self, relations: &[RelationFile]) {
        let mut kinds = Vec::new();
        for relation in relations {
            self.known_slot(relation.slot());
            let kind = relation.relation().kind;
            if kinds.contains(&kind) {
                let message = "a slot can be this to one other slot only";
                self.problem(relation.slot().span, message, "leave one of the two out");
            }
            kinds.push(kind);
        }
    }

    fn length(&mut self, text: &At<String>) -> Option<Length> {
        match text.get().as_str() {
            "deposit_cutoff" => Some(Length::DepositCutoff),
            "online_cutoff" => Some(Length::OnlineCutoff),
            "service_online_cutoff" => Some(Length::ServiceOnlineCutoff),
            _ => self.duration(text).map(Length::Fixed),
        }
    }
}
