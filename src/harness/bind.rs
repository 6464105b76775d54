//! Giving every scenario its own slots: what it needs, a minute clear of every edge, no overlap per merchant.

use super::money;
use super::people::pick;
use super::relation;
use super::stock::{Kind, Stock};
use domain::slot::Slot;
use engine::Wallet;
use feeds::windows;
use indexmap::IndexMap;
use outcome::Verdict;
use scenario::{Length, RefundShare, RelationKind, Scenario, SlotNeed};
use serde_json::json;
use std::collections::{BTreeMap, VecDeque};

/// Clocks and networks are not exact: no slot is bound closer than this to any cutoff.
const CLEAR_SEC: i64 = 60;
/// Slots that may take the place of a stale one.
const SPARES: usize = 2;

/// Merchant and service that an accepted snapshot was made with, by slot name.
pub(super) type Preference = BTreeMap<String, (String, String)>;

/// The slots of a scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Binding {
    /// By name: the bound one first, then those that may take its place.
    pub(super) slots: IndexMap<String, Vec<Slot>>,
    /// Scenarios that hold a slot in the way, and have to be over first.
    pub(super) after: Vec<usize>,
    /// More slots of the first slot's merchant.
    pub(super) page: Vec<Slot>,
}

/// A need that no slot meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unmet {
    /// Whether the target has such slots at all.
    pub(super) verdict: Verdict,
    /// What the feed would have to hold.
    pub(super) words: String,
}

/// A slot and the number of its kind.
pub(super) type Candidate<'s> = (&'s Slot, usize);

/// Binds scenario after scenario.
pub(super) struct Binder<'s> {
    stock: &'s Stock<'s>,
    now_sec: i64,
    seed: u64,
    wallet: Option<&'s Wallet>,
    /// Per merchant: start, end and holder of what is taken.
    taken: BTreeMap<&'s str, Vec<(i64, i64, usize)>>,
}

impl<'s> Binder<'s> {
    /// Over the slots of a target, in the order of their starts.
    pub(super) fn new(stock: &'s Stock<'s>, now_sec: i64, seed: u64) -> Self {
        Self {
            stock,
            now_sec,
            seed,
            wallet: None,
            taken: BTreeMap::new(),
        }
    }

    /// With the cards of the target: a slot has to take those that a scenario pays with.
    #[must_use]
    pub(super) fn paying_from(self, wallet: &'s Wallet) -> Self {
        Self {
            wallet: Some(wallet),
            ..self
        }
    }

    /// How many slots meet the scenario's hardest need: those with the fewest choose first.
    pub(super) fn choice(&self, scenario: &Scenario) -> usize {
        scenario
            .slots
            .values()
            .map(|need| self.meeting(need).count())
            .min()
            .unwrap_or(usize::MAX)
    }

    /// Slots for every need of the scenario.
    pub(super) fn bind(
        &mut self,
        index: usize,
        scenario: &Scenario,
        preference: &Preference,
    ) -> Result<Binding, Unmet> {
        let mut binding = Binding::default();
        let mut bound: IndexMap<&str, Candidate<'s>> = IndexMap::new();
        for (name, need) in &scenario.slots {
            let near = need
                .related(RelationKind::SameServiceAs)
                .and_then(|other| bound.get(other))
                .map(|(_, kind)| *kind);
            let groups = self.groups(
                &format!("{}/{name}", scenario.id),
                need,
                near,
                preference.get(name),
            );
            let fits = |(slot, _): &&Candidate<'s>| {
                let apart = bound
                    .iter()
                    .all(|(other, (mine, _))| relation::is_at_once_with(need, other) || !overlap(mine, slot));
                apart && relation::holds(need, &bound, slot) && self.leads_on(scenario, name, slot)
            };
            let usable = || groups.iter().flatten().filter(fits);
            let here = need
                .related(RelationKind::ElsewhereThan)
                .and_then(|other| bound.get(other));
            let elsewhere = |slot: &Slot| here.is_none_or(|(here, _)| here.merchant_id != slot.merchant_id);
            let free =
                || usable().filter(|(slot, _)| self.holders(slot).iter().all(|holder| *holder == index));
            // Whether two slots of one scenario start together must not depend on what else is bound: the history shows it.
            let starts_alone = |slot: &Slot| {
                let mut others = bound.iter();
                others.all(|(other, (mine, _))| {
                    relation::is_at_once_with(need, other) || mine.start_sec != slot.start_sec
                })
            };
            let free = free()
                .find(|(slot, _)| elsewhere(slot) && starts_alone(slot))
                .or_else(|| free().find(|(slot, _)| elsewhere(slot)))
                .or_else(|| free().next());
            let (candidate, after) = match free {
                Some(candidate) => (*candidate, Vec::new()),
                None => self
                    .shared(usable(), index)
                    .ok_or_else(|| self.unmet(scenario, name, need))?,
            };
            binding.after.extend(after);
            self.take(candidate.0, index);
            bound.insert(name, candidate);
            binding.slots.insert(name.clone(), vec![candidate.0.clone()]);
        }
        Ok(binding)
    }

    /// More slots for a bound scenario, should its own turn out to be stale.
    pub(super) fn add_spares(&mut self, index: usize, scenario: &Scenario, binding: &mut Binding) {
        // A slot that others are bound to by their place cannot be replaced alone.
        let alone = |name: &str| !relation::is_bound_by_place(scenario, name);
        for (name, need) in scenario.slots.iter().filter(|(name, _)| alone(name)) {
            let Some(bound) = binding.slots.get_mut(name) else {
                continue;
            };
            let Some(own) = bound.first().and_then(|slot| self.stock.kind_of(slot)) else {
                continue;
            };
            let mut alike: Vec<&'s Slot> = self.meeting_of(own, need).collect();
            alike.sort_by_key(|slot| self.costs(slot));
            for slot in alike {
                if bound.len() > SPARES {
                    break;
                }
                if self.holders(slot).is_empty() {
                    self.take(slot, index);
                    bound.push(slot.clone());
                }
            }
        }
    }

    /// With too few slots scenarios share one, one after the other.
    fn shared<'c>(
        &self,
        usable: impl Iterator<Item = &'c Candidate<'s>>,
        index: usize,
    ) -> Option<(Candidate<'s>, Vec<usize>)>
    where
        's: 'c,
    {
        let candidate = usable.min_by_key(|(slot, _)| self.holders(slot).len())?;
        let mut holders = self.holders(candidate.0);
        holders.retain(|holder| *holder != index);
        Some((*candidate, holders))
    }

    /// True when the slots that have to be found beside this one exist.
    fn leads_on(&self, scenario: &Scenario, name: &str, slot: &Slot) -> bool {
        relation::following(scenario, name).all(|(_, need)| {
            let kinds = self.stock.of_merchant(&slot.merchant_id);
            let fitting = kinds.filter(|kind| fits(kind.slots[0], need));
            let mut others = fitting.flat_map(|kind| relation::within_reach(kind, need, slot));
            others.any(|other| meets(other, need, self.now_sec) && relation::holds_between(need, slot, other))
        })
    }

    /// What is never offered is no business of this target; what is not there now could not be tested.
    fn unmet(&self, scenario: &Scenario, name: &str, need: &SlotNeed) -> Unmet {
        let verdict = if relation::is_offered(scenario, self.stock) {
            Verdict::NotTestable
        } else {
            Verdict::NotApplicable
        };
        Unmet {
            verdict,
            words: words(name, need),
        }
    }

    fn take(&mut self, slot: &'s Slot, holder: usize) {
        self.taken
            .entry(&slot.merchant_id)
            .or_default()
            .push((slot.start_sec, slot.end_sec(), holder));
    }

    fn holders(&self, slot: &Slot) -> Vec<usize> {
        let taken = self
            .taken
            .get(slot.merchant_id.as_str())
            .map_or(&[][..], Vec::as_slice);
        let in_the_way = taken
            .iter()
            .filter(|(start, end, _)| *start < slot.end_sec() && slot.start_sec < *end);
        let mut holders: Vec<_> = in_the_way.map(|(_, _, holder)| *holder).collect();
        holders.sort_unstable();
        holders.dedup();
        holders
    }

    /// Slots that meet a need, with the numbers of their kinds.
    fn meeting<'n>(&'n self, need: &'n SlotNeed) -> impl Iterator<Item = Candidate<'s>> + 'n {
        let kinds = 0..self.stock.kinds.len();
        kinds.flat_map(move |kind| {
            let slots = self.meeting_of(kind, need);
            slots.map(move |slot| (slot, kind))
        })
    }

    /// Slots of one kind that meet a need.
    fn meeting_of<'n>(&'n self, kind: usize, need: &'n SlotNeed) -> impl Iterator<Item = &'s Slot> + 'n {
        let slots = &self.stock.kinds[kind].slots;
        let fitting = if fits(slots[0], need) { &slots[..] } else { &[] };
        fitting
            .iter()
            .copied()
            .filter(move |slot| meets(slot, need, self.now_sec) && self.is_payable(slot, need))
    }

    fn is_payable(&self, slot: &Slot, need: &SlotNeed) -> bool {
        let wallet = self.wallet;
        need.cards
            .iter()
            .all(|card| wallet.is_none_or(|wallet| wallet.holds(card, slot)))
    }

    /// True when to cancel the booking again, as a run does in the end, would not give everything back.
    fn costs(&self, slot: &Slot) -> bool {
        let price = slot.terms.prepayment && !refunds(slot, RefundShare::Full, self.now_sec);
        let until = slot.terms.deposit_refundable_until_sec(slot.start_sec);
        price || until.is_some_and(|until| until < self.now_sec + CLEAR_SEC)
    }

    /// The slots that meet a need, grouped by merchant, service and terms; which group comes first depends on the
    /// preference, then on the seed, so that a run binds the same kind of slot again whatever the hour. In a group those
    /// come first that cost nothing to cancel.
    fn groups(
        &self,
        purpose: &str,
        need: &SlotNeed,
        near: Option<usize>,
        preferred: Option<&(String, String)>,
    ) -> Vec<Vec<Candidate<'s>>> {
        let mut groups: BTreeMap<usize, Vec<Candidate<'s>>> = BTreeMap::new();
        for candidate in self
            .meeting(need)
            .filter(|(_, kind)| near.is_none_or(|near| near == *kind))
        {
            groups.entry(candidate.1).or_default().push(candidate);
        }
        for slots in groups.values_mut() {
            slots.sort_by_key(|(slot, _)| self.costs(slot));
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_cached_key(|(kind, slots)| {
            let slot = slots[0].0;
            let is_preferred = preferred.is_some_and(|(merchant, service)| {
                slot.merchant_id == *merchant && slot.service_id == *service
            });
            (
                need.is_lone() && relation::has_neighbours(self.stock, slot),
                // A slot with terms of its own shows more than it was asked for where it is bound for something else.
                need.money.overrides.is_none() && money::overrides(slot),
                !is_preferred,
                pick(
                    self.seed,
                    &format!("{purpose}/{}", self.stock.kinds[*kind].key),
                    0,
                ),
            )
        });
        groups.into_iter().map(|(_, slots)| slots).collect()
    }

    /// Slots of one merchant for a page: one of each kind, then a second of each, two at one time only where they are the
    /// same service's, and none that another scenario may book, so that the same page comes back whatever the hour.
    pub(super) fn page(&self, binding: &Binding, wanted: usize) -> Vec<Slot> {
        let Some(first) = binding.slots.values().flatten().next().filter(|_| wanted > 0) else {
            return Vec::new();
        };
        let mut times: BTreeMap<i64, &str> = BTreeMap::new();
        for slot in binding.slots.values().flatten() {
            times.insert(slot.start_sec, &slot.service_id);
        }
        let mut kinds: BTreeMap<&str, VecDeque<&Slot>> = BTreeMap::new();
        let later = self.now_sec + 3600;
        let of_merchant = |kind: &&Kind<'_>| kind.slots[0].merchant_id == first.merchant_id;
        for kind in self.stock.kinds.iter().filter(of_merchant) {
            let free = kind.slots.iter().copied();
            let free: VecDeque<_> = free
                .filter(|slot| slot.start_sec > later && self.holders(slot).is_empty())
                .collect();
            if !free.is_empty() {
                kinds.insert(&kind.key, free);
            }
        }
        let mut page = Vec::new();
        while page.len() < wanted && !kinds.is_empty() {
            for slots in kinds.values_mut() {
                let free = std::iter::from_fn(|| slots.pop_front())
                    .find(|slot| *times.entry(slot.start_sec).or_insert(&slot.service_id) == slot.service_id);
                page.extend(free.cloned());
            }
            kinds.retain(|_, slots| !slots.is_empty());
        }
        page.truncate(wanted);
        page
    }
}

fn overlap(a: &Slot, b: &Slot) -> bool {
    a.merchant_id == b.merchant_id && a.start_sec < b.end_sec() && b.start_sec < a.end_sec()
}

/// What holds for all slots of a kind alike.
pub(super) fn fits(slot: &Slot, need: &SlotNeed) -> bool {
    let terms = &slot.terms;
    let direct = terms
        .online
        .as_ref()
        .is_some_and(|online| online.direct_merchant_payment);
    money::pays(slot, need)
        && money::suits(slot, &need.money)
        && need.tax.is_none_or(|taxed| taxed == terms.tax.is_some())
        && need.online == terms.online.is_some()
        && need.direct_payment.is_none_or(|wanted| wanted == direct)
        && need.confirmation == slot.confirmation_mode
        && need
            .resources
            .is_none_or(|named| named != slot.resources.is_empty())
}

fn meets(slot: &Slot, need: &SlotNeed, now_sec: i64) -> bool {
    let terms = &slot.terms;
    let lead = slot.start_sec - now_sec;
    let soon = matches!(need.less_than, Some(Length::Fixed(length)) if length.as_secs() <= 600);
    // Where a scenario asks for slots that start within minutes, a minute's clearance would leave none.
    let clear = if soon { 0 } else { CLEAR_SEC };
    let open = slot.spots_open >= 1
        && now_sec + clear <= terms.bookable_until_sec
        && terms.bookable_from_sec.is_none_or(|from| from + clear <= now_sec);
    let cancellable = !need.cancellable || now_sec + clear <= terms.online_cancel_until_sec;
    open && cancellable
        && need.spots_exactly.is_none_or(|spots| slot.spots_open == spots)
        && need.spots_at_least.is_none_or(|spots| slot.spots_open >= spots)
        && need.spots_at_most.is_none_or(|spots| slot.spots_open <= spots)
        && (!need.untouched || slot.spots_open == slot.spots_total)
        && need.refund.is_none_or(|share| refunds(slot, share, now_sec))
        && later_than(slot, need.more_than, lead, clear)
        && sooner_than(slot, need.less_than, lead, clear)
        && (soon || need.more_than.is_some() || lead > 600)
}

/// True when a cancellation gives back this share, a minute clear of where the policy changes.
fn refunds(slot: &Slot, share: RefundShare, now_sec: i64) -> bool {
    let moments = [now_sec - CLEAR_SEC, now_sec, now_sec + CLEAR_SEC];
    moments.into_iter().all(|at| {
        let percent = windows::refund_percent(slot, at);
        match share {
            RefundShare::Full => percent == 100,
            RefundShare::Partial => (1..100).contains(&percent),
            RefundShare::Nothing => percent == 0,
        }
    })
}

fn seconds(slot: &Slot, length: Length) -> i64 {
    match length {
        Length::Fixed(length) => i64::try_from(length.as_secs()).unwrap_or(i64::MAX),
        Length::DepositCutoff => {
            slot.start_sec
                - slot
                    .terms
                    .deposit_refundable_until_sec(slot.start_sec)
                    .unwrap_or(slot.start_sec)
        }
        Length::OnlineCutoff => slot.start_sec - slot.terms.online_cancel_until_sec,
    }
}

fn later_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead > seconds(slot, length) + clear)
}

fn sooner_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead < seconds(slot, length) - clear)
}

/// What the feed would have to hold.
fn words(name: &str, need: &SlotNeed) -> String {
    let mut parts = Vec::new();
    parts.extend(
        need.payment
            .map(|mode| format!("payment {}", json!(mode).as_str().unwrap_or_default())),
    );
    parts.extend(need.tax.map(|taxed| {
        if taxed {
            "a tax".to_owned()
        } else {
            "no tax".to_owned()
        }
    }));
    parts.extend(money::words(&need.money));
    parts.extend(need.online.then(|| "online".to_owned()));
    parts.extend(
        need.direct_payment
            .map(|direct| format!("direct payment {direct}")),
    );
    parts.extend(
        need.spots_exactly
            .map(|spots| format!("exactly {spots} spot open")),
    );
    parts.extend(
        need.spots_at_least
            .map(|spots| format!("at least {spots} spots open")),
    );
    parts.extend(
        need.spots_at_most
            .map(|spots| format!("at most {spots} spots open")),
    );
    parts.extend(
        need.more_than
            .map(|length| format!("starting in more than {}", length_words(length))),
    );
    parts.extend(
        need.less_than
            .map(|length| format!("starting in less than {}", length_words(length))),
    );
    parts.extend(relation::words(need));
    parts.extend(need.refund.map(|share| {
        let share = match share {
            RefundShare::Full => "everything",
            RefundShare::Partial => "a part",
            RefundShare::Nothing => "nothing",
        };
        format!("refunded with {share} when cancelled now")
    }));
    parts.extend((!need.cards.is_empty()).then(|| "payable with the cards of the scenario".to_owned()));
    parts.extend(need.cancellable.then(|| "still cancellable online".to_owned()));
    format!("no slot in the inventory meets `{name}`: {}", parts.join(", "))
}

fn length_words(length: Length) -> String {
    match length {
        Length::Fixed(length) => format!("{} s", length.as_secs()),
        Length::DepositCutoff => "its deposit cutoff".to_owned(),
        Length::OnlineCutoff => "its online cancelling cutoff".to_owned(),
    }
}

#[cfg(test)]
#[path = "bind_tests.rs"]
mod tests;
