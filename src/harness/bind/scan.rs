//! The plain search, which looks at every slot for every need, beside the one by index: both bind the same slots.

use super::super::index::SlotIndex;
use super::super::users::pick;
use super::super::{money, need, relation};
use super::{Binder, Preference};
use domain::slot::{
    ConfirmationMode, Deposit, Money, PaymentMode, PriceType, Replaced, Resources, Slot, Terms,
};
use indexmap::IndexMap;
use scenario::{Length, Relation, RelationKind, Scenario, SlotNeed};
use std::collections::BTreeMap;
use std::time::Duration;

const NOW: i64 = 1_893_456_000;

/// What one scenario is bound to.
#[derive(Debug, Default, PartialEq)]
struct Bound {
    slots: Vec<Vec<Slot>>,
    after: Vec<usize>,
}

type Taken = (String, i64, i64, usize);

struct Scan<'s> {
    slots: &'s [Slot],
    /// The key of each slot's terms.
    keys: Vec<String>,
    taken: Vec<Taken>,
}

impl<'s> Scan<'s> {
    fn new(slots: &'s [Slot]) -> Self {
        let key = |slot: &Slot| {
            let index = SlotIndex::new(std::slice::from_ref(slot));
            index.key(0).to_owned()
        };
        Self {
            slots,
            keys: slots.iter().map(key).collect(),
            taken: Vec::new(),
        }
    }

    fn meets(&self, at: usize, need: &SlotNeed) -> bool {
        need::has_terms(&self.slots[at], need) && need::is_open(&self.slots[at], need, NOW)
    }

    fn is_alike(&self, one: usize, other: usize) -> bool {
        self.keys[one] == self.keys[other]
            && self.slots[one].terms.replaced == self.slots[other].terms.replaced
    }

    /// The first slot with the terms of this one.
    fn group(&self, at: usize) -> usize {
        (0..at).find(|other| self.is_alike(*other, at)).unwrap_or(at)
    }

    fn holders(&self, slot: &Slot) -> Vec<usize> {
        let in_the_way = self.taken.iter().filter(|(merchant, start, end, _)| {
            *merchant == slot.merchant_id && *start < slot.end_sec() && slot.start_sec < *end
        });
        let mut holders: Vec<_> = in_the_way.map(|(.., holder)| *holder).collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    fn take(&mut self, at: usize, holder: usize) {
        let slot = &self.slots[at];
        self.taken
            .push((slot.merchant_id.clone(), slot.start_sec, slot.end_sec(), holder));
    }

    fn choice(&self, scenario: &Scenario) -> usize {
        let count = |need| (0..self.slots.len()).filter(|at| self.meets(*at, need)).count();
        scenario.slots.values().map(count).min().unwrap_or(usize::MAX)
    }

    /// All slots that meet a need, in the order in which they are tried.
    fn order(&self, purpose: &str, need: &SlotNeed, preferred: Option<&(String, String)>) -> Vec<usize> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in (0..self.slots.len()).filter(|at| self.meets(*at, need)) {
            groups.entry(self.group(at)).or_default().push(at);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        for (_, slots) in &mut groups {
            slots.sort_by_key(|at| need::costs(&self.slots[*at], NOW));
        }
        let money_of = |slot: &Slot| match () {
            () if need.says_how_it_is_paid() || money::is_paid_on_arrival(slot) => 0,
            () if need::costs(slot, NOW) => 2,
            () => 1,
        };
        let is_preferred =
            |slot: &Slot| preferred == Some(&(slot.merchant_id.clone(), slot.service_id.clone()));
        let of_preferred = groups.iter().map(|(_, slots)| &self.slots[slots[0]]);
        let least = of_preferred.filter(|slot| is_preferred(slot)).map(money_of).min();
        groups.sort_by_cached_key(|(group, slots)| {
            let slot = &self.slots[slots[0]];
            let beside = asking(|need| need.relations = relations_of(RelationKind::Beside, "x"));
            let crowded = self
                .slots
                .iter()
                .any(|other| relation::holds_between(&beside, slot, other));
            let better = least.filter(|_| is_preferred(slot)).unwrap_or(0);
            (
                money_of(slot) - better,
                need.is_lone() && crowded,
                need.money.overrides.is_none() && money::has_overrides(slot),
                !is_preferred(slot),
                need::is_of_wrong_size(slot, need),
                pick(1, &format!("{purpose}/{}", self.keys[*group]), 0),
            )
        });
        groups.into_iter().flat_map(|(_, slots)| slots).collect()
    }

    fn bind(&mut self, index: usize, scenario: &Scenario, preference: &Preference) -> Option<Bound> {
        let mut found = Bound::default();
        let mut bound: IndexMap<&str, usize> = IndexMap::new();
        for (name, need) in &scenario.slots {
            let purpose = format!("{}/{name}", scenario.id);
            let mut usable = self.order(&purpose, need, preference.get(name));
            usable.retain(|at| self.is_usable(scenario, name, &bound, *at));
            let here = need
                .related(RelationKind::ElsewhereThan)
                .and_then(|other| bound.get(other));
            let elsewhere = |at: &usize| {
                here.is_none_or(|here| self.slots[*here].merchant_id != self.slots[*at].merchant_id)
            };
            let alone = |at: &usize| {
                bound.iter().all(|(other, mine)| {
                    relation::is_at_once_with(need, other)
                        || self.slots[*mine].start_sec != self.slots[*at].start_sec
                })
            };
            let own = |holders: Vec<usize>| holders.iter().all(|holder| *holder == index);
            let free: Vec<usize> = usable
                .iter()
                .copied()
                .filter(|at| own(self.holders(&self.slots[*at])))
                .collect();
            let choice = free.iter().find(|at| elsewhere(at) && alone(at));
            let choice = choice
                .or_else(|| free.iter().find(|at| elsewhere(at)))
                .or(free.first());
            let least = || {
                usable
                    .iter()
                    .min_by_key(|at| self.holders(&self.slots[**at]).len())
            };
            let at = *choice.or_else(least)?;
            let others = self
                .holders(&self.slots[at])
                .into_iter()
                .filter(|holder| *holder != index);
            found.after.extend(others);
            self.take(at, index);
            bound.insert(name, at);
            found.slots.push(vec![self.slots[at].clone()]);
        }
        Some(found)
    }

    fn is_usable(&self, scenario: &Scenario, name: &str, bound: &IndexMap<&str, usize>, at: usize) -> bool {
        let (need, slot) = (&scenario.slots[name], &self.slots[at]);
        let fits = bound.iter().all(|(other, mine)| {
            let theirs = &self.slots[*mine];
            (relation::is_at_once_with(need, other) || !super::overlap(theirs, slot))
                && relation::holds_with(need, other, theirs, slot)
        });
        let same = need
            .related(RelationKind::SameServiceAs)
            .and_then(|other| bound.get(other));
        fits && same.is_none_or(|same| self.is_alike(*same, at))
            && relation::following(scenario, name).all(|need| {
                let mut others = 0..self.slots.len();
                others.any(|other| {
                    self.meets(other, need) && relation::holds_between(need, slot, &self.slots[other])
                })
            })
    }

    fn add_spares(&mut self, index: usize, scenario: &Scenario, bound: &mut Bound) {
        for (number, (name, need)) in scenario.slots.iter().enumerate() {
            if relation::is_bound_by_place(scenario, name) {
                continue;
            }
            let own = &bound.slots[number][0];
            let own = self.slots.iter().position(|slot| slot == own).unwrap_or(0);
            let mut alike: Vec<_> = (0..self.slots.len())
                .filter(|at| self.is_alike(own, *at) && self.meets(*at, need))
                .collect();
            alike.sort_by_key(|at| need::costs(&self.slots[*at], NOW));
            for at in alike {
                let earliest = super::earliest_spare(need, &bound.slots[number]);
                let is_wanted =
                    bound.slots[number].len() <= super::SPARES && self.slots[at].start_sec >= earliest;
                if is_wanted && self.holders(&self.slots[at]).is_empty() {
                    self.take(at, index);
                    bound.slots[number].push(self.slots[at].clone());
                }
            }
        }
    }
}

fn relations_of(kind: RelationKind, slot: &str) -> Vec<Relation> {
    vec![Relation {
        kind,
        slot: slot.to_owned(),
    }]
}

fn asking(change: impl FnOnce(&mut SlotNeed)) -> SlotNeed {
    let mut need = SlotNeed::default();
    change(&mut need);
    need
}

/// Numbers that depend on the case alone.
struct Chance {
    case: u64,
    drawn: usize,
}

impl Chance {
    fn below(&mut self, limit: u8) -> i64 {
        self.drawn += 1;
        i64::from(pick(self.case, "case", self.drawn)[0] % limit)
    }

    fn one_in(&mut self, parts: u8) -> bool {
        self.below(parts) == 0
    }

    fn slot(&mut self) -> Slot {
        let start_sec = NOW + 300 + 900 * self.below(40) + 86_400 * self.below(2);
        let usd = Money {
            price_micros: 5_000_000,
            currency_code: "USD".into(),
        };
        let deposit = self.one_in(3).then(|| Deposit {
            deposit: usd.clone(),
            min_advance_cancellation_sec: Some(3600 * self.below(3)),
            deposit_type: PriceType::FixedRateDefault,
        });
        let replaced = Replaced {
            price: self.one_in(6).then(|| usd.clone()),
            ..Replaced::default()
        };
        let spots_total = 1 + self.below(3);
        Slot {
            merchant_id: format!("m{}", self.below(3)),
            service_id: format!("s{}", self.below(3)),
            start_sec,
            duration_sec: 900 * (1 + self.below(3)),
            availability_tag: None,
            resources: Resources {
                staff_id: self.one_in(2).then(|| format!("p{}", self.drawn % 2)),
                party_size: self.one_in(3).then_some(2 + (self.drawn % 2) as i32),
                ..Resources::default()
            },
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total,
            spots_open: spots_total - self.below(2),
            terms: Terms {
                price: Some(usd),
                card_required: deposit.is_some(),
                deposit,
                online_cancel_until_sec: start_sec - 3600 * self.below(2),
                bookable_until_sec: start_sec - 600 * self.below(2),
                replaced,
                ..Terms::default()
            },
        }
    }

    fn need(&mut self, other: Option<&str>) -> SlotNeed {
        let mut need = SlotNeed {
            payment: [None, Some(PaymentMode::Arrival), Some(PaymentMode::Deposit)][self.below(3) as usize],
            cancellable: self.one_in(2),
            untouched: self.one_in(4),
            spots_at_least: self.one_in(4).then_some(2),
            more_than: self.one_in(4).then_some(Length::Fixed(Duration::from_secs(7200))),
            less_than: self.one_in(4).then_some(Length::DepositCutoff),
            resources: [None, None, Some(true)][self.below(3) as usize],
            ..SlotNeed::default()
        };
        if let Some(other) = other {
            let kind = match self.below(8) {
                0 => RelationKind::SameServiceAs,
                1 => RelationKind::Beside,
                2 => RelationKind::OtherPartyThan,
                3 => RelationKind::OtherLengthThan,
                4 => RelationKind::OtherServiceThan,
                5 => RelationKind::OtherDayThan,
                _ => RelationKind::ElsewhereThan,
            };
            need.relations = relations_of(kind, other);
        }
        need
    }

    fn scenario(&mut self, number: usize) -> Scenario {
        let mut slots = IndexMap::from([("slot".to_owned(), self.need(None))]);
        if self.one_in(2) {
            slots.insert("second".into(), self.need(Some("slot")));
        }
        if self.one_in(4) {
            slots.insert("third".into(), self.need(Some("slot")));
        }
        super::tests::scenario_of(&format!("x/{number}"), slots)
    }
}

/// Both searches over one inventory, for scenarios in the order of their choice.
fn assert_same(case: u64) {
    let mut chance = Chance { case, drawn: 0 };
    let number = 3 + chance.below(60);
    let mut slots: Vec<Slot> = (0..number).map(|_| chance.slot()).collect();
    slots.sort_by_key(|slot| slot.start_sec);
    // One partner's two slots of one time differ; the plain search would take one for the other.
    slots.dedup();
    let scenarios: Vec<Scenario> = (0..12).map(|number| chance.scenario(number)).collect();
    let service = ("m1".to_owned(), "s1".to_owned());
    let preference = Preference::from([("slot".to_owned(), service)]);
    let index = SlotIndex::new(&slots);
    let (mut binder, mut scan) = (Binder::new(&index, NOW, 1), Scan::new(&slots));
    let mut both = Vec::new();
    for (number, scenario) in scenarios.iter().enumerate() {
        assert_eq!(
            binder.choice(scenario),
            scan.choice(scenario),
            "case {case}, {}",
            scenario.id
        );
        let indexed = binder.bind(number, scenario, &preference).ok();
        let scanned = scan.bind(number, scenario, &preference);
        assert_eq!(
            indexed.is_some(),
            scanned.is_some(),
            "case {case}, {}",
            scenario.id
        );
        both.extend(indexed.zip(scanned).map(|both| (number, both)));
    }
    for (number, (indexed, scanned)) in &mut both {
        binder.add_spares(*number, &scenarios[*number], indexed);
        scan.add_spares(*number, &scenarios[*number], scanned);
        let indexed = Bound {
            slots: indexed.slots.values().cloned().collect(),
            after: indexed.after.clone(),
        };
        assert_eq!(indexed, *scanned, "case {case}, scenario {number}");
    }
}

#[test]
fn the_index_finds_what_a_scan_finds() {
    (0..400).for_each(assert_same);
}
