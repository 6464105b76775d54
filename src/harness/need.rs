//! What one slot must be like for a need: its terms, and what depends on the hour.

use super::{money, relation};
use domain::slot::{ConfirmationMode, Override, Slot};
use feeds::windows;
use scenario::{Length, MoneyNeed, RefundShare, SlotNeed};
use serde_json::json;
use std::ops::Range;
use std::time::Duration;

/// Clocks and networks are not exact: no slot is bound closer than this to any cutoff.
const CLEAR_SEC: i64 = 60;
/// A slot that starts within this is bound only where the scenario asks for it.
const SOON_SEC: i64 = 600;

/// Everything that [`has_terms`] looks at: slots of one profile meet the same needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, and only all of them together are compared"
)]
pub(super) struct Profile {
    ways_of_paying: [bool; 4],
    pack_visits: Option<i64>,
    overrides: [bool; 4],
    currency: Option<String>,
    is_per_person: bool,
    is_cancellable_until_start: bool,
    is_taxed: bool,
    is_paid_directly: Option<bool>,
    is_asynchronous: bool,
    has_resources: bool,
    is_ordered: bool,
    has_ticket_fees: bool,
}

impl Profile {
    /// Of a slot.
    pub(super) fn of(slot: &Slot) -> Self {
        let terms = &slot.terms;
        let overrides = [
            Override::Price,
            Override::NoShowFee,
            Override::Deposit,
            Override::CreditCard,
        ];
        Self {
            ways_of_paying: [
                terms.prepayment,
                terms.no_show_fee.is_some(),
                terms.deposit.is_some(),
                terms.card_required,
            ],
            pack_visits: terms.pack_visits,
            overrides: overrides.map(|what| terms.replaced.has(what)),
            currency: terms.price.as_ref().map(|price| price.currency_code.clone()),
            is_per_person: money::is_per_person(slot),
            is_cancellable_until_start: money::is_cancellable_until_start(slot),
            is_taxed: terms.tax.is_some(),
            is_paid_directly: terms.online.as_ref().map(|online| online.direct_merchant_payment),
            is_asynchronous: slot.confirmation_mode == ConfirmationMode::Asynchronous,
            has_resources: !slot.resources.is_empty(),
            is_ordered: terms.is_ordered(),
            has_ticket_fees: has_ticket_fees(slot),
        }
    }
}

/// True when to cancel the booking again, as a run does in the end, would not give everything back.
pub(super) fn costs(slot: &Slot, now_sec: i64) -> bool {
    let price = slot.terms.prepayment && !refunds(slot, RefundShare::Full, now_sec);
    let until = slot.terms.deposit_refundable_until_sec(slot.start_sec);
    price || until.is_some_and(|until| until < now_sec + CLEAR_SEC)
}

/// When slots that meet a need can start at all, as far as the need alone says so.
pub(super) fn starts(need: &SlotNeed, now_sec: i64) -> Range<i64> {
    let fixed = |bound: Option<Length>| match bound {
        Some(Length::Fixed(length)) => i64::try_from(length.as_secs()).ok(),
        _ => None,
    };
    let usual = (!need.is_soon() && need.more_than.is_none()).then_some(SOON_SEC);
    let from = fixed(need.more_than).or(usual);
    let to = fixed(need.less_than);
    from.map_or(i64::MIN, |lead| now_sec.saturating_add(lead))
        ..to.map_or(i64::MAX, |lead| now_sec.saturating_add(lead))
}

/// Where a scenario asks for slots that start within minutes, a minute's clearance would leave none.
fn clearance(need: &SlotNeed) -> i64 {
    if need.is_soon() { 0 } else { CLEAR_SEC }
}

/// True when the terms of a slot are as needed, whatever the hour. It looks at nothing that [`Profile`] leaves out.
pub(super) fn has_terms(slot: &Slot, need: &SlotNeed) -> bool {
    let terms = &slot.terms;
    let direct = terms
        .online
        .as_ref()
        .is_some_and(|online| online.direct_merchant_payment);
    need.tickets == terms.is_ordered()
        && need
            .ticket_fees
            .is_none_or(|wanted| wanted == has_ticket_fees(slot))
        && money::has_payment(slot, need)
        && money::has_money_terms(slot, &need.money)
        && money::has_pack(slot, need.pack)
        && need.tax.is_none_or(|taxed| taxed == terms.tax.is_some())
        && need.online == terms.online.is_some()
        && need.direct_payment.is_none_or(|wanted| wanted == direct)
        && need.confirmation == slot.confirmation_mode
        && need
            .resources
            .is_none_or(|named| named != slot.resources.is_empty())
}

/// True when the ticket that is ordered, the dearest, costs a fee on top.
fn has_ticket_fees(slot: &Slot) -> bool {
    let dearest = slot.terms.dearest_ticket();
    dearest.is_some_and(|ticket| ticket.fee.is_some())
}

/// True when a slot can be booked now, and starts when a need wants it to.
pub(super) fn is_open(slot: &Slot, need: &SlotNeed, now_sec: i64) -> bool {
    need.spots_exactly.is_none_or(|spots| slot.spots_open == spots)
        && need.spots_at_least.is_none_or(|spots| slot.spots_open >= spots)
        && need.spots_at_most.is_none_or(|spots| slot.spots_open <= spots)
        && (!need.untouched || slot.spots_open == slot.spots_total)
        && is_open_but_for_spots(slot, need, now_sec)
}

/// The same, however many spots it has left.
fn is_open_but_for_spots(slot: &Slot, need: &SlotNeed, now_sec: i64) -> bool {
    let terms = &slot.terms;
    let lead = slot.start_sec - now_sec;
    let (soon, clear) = (need.is_soon(), clearance(need));
    let open = slot.spots_open >= 1
        && now_sec + clear <= terms.bookable_until_sec
        && terms.bookable_from_sec.is_none_or(|from| from + clear <= now_sec);
    let cancellable = !need.cancellable || now_sec + clear <= terms.online_cancel_until_sec;
    open && cancellable
        && need.refund.is_none_or(|share| refunds(slot, share, now_sec))
        && later_than(slot, need.more_than, lead, clear)
        && sooner_than(slot, need.less_than, lead, clear)
        && need
            .ends_within
            .is_none_or(|length| ends_within(slot, length, now_sec))
        && (soon || need.more_than.is_some() || lead > SOON_SEC)
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

/// True when a slot with these terms can be booked as a need wants it at some moment before it starts.
pub(super) fn is_ever_open(slot: &Slot, need: &SlotNeed) -> bool {
    let untouched = Slot {
        spots_open: slot.spots_total,
        ..slot.clone()
    };
    let mut moments = moments(slot, need);
    has_room(slot, need) && moments.any(|lead| is_open_but_for_spots(&untouched, need, slot.start_sec - lead))
}

/// True when the slot has as many spots as a need asks for; that others leave just so many is nothing to count on.
pub(super) fn has_room(slot: &Slot, need: &SlotNeed) -> bool {
    let least = need.spots_exactly.max(need.spots_at_least);
    let most = need.spots_exactly.or(need.spots_at_most);
    least.is_none_or(|least| slot.spots_total >= least) && most.is_none_or(|most| slot.spots_total <= most)
}

/// True when it has another number of spots than is preferred where nothing is needed: one spot says most.
pub(super) fn is_of_wrong_size(slot: &Slot, need: &SlotNeed) -> bool {
    let is_right = match need.spots_preferably {
        Some(spots) => slot.spots_total >= spots,
        None => slot.spots_total == 1 || need.says_how_many_spots(),
    };
    !is_right
}

/// Just before and just after every moment at which something about a slot changes, in seconds before its start.
fn moments(slot: &Slot, need: &SlotNeed) -> impl Iterator<Item = i64> {
    let terms = &slot.terms;
    let lengths = [need.more_than, need.less_than].into_iter().flatten();
    let asked = lengths.map(|length| seconds(slot, length));
    let refunds = terms.refund_steps.iter();
    let steps = refunds.map(|step| step.min_duration_before_start_time_sec);
    let from = terms.bookable_from_sec.map(|from| slot.start_sec - from);
    let changes = [
        slot.start_sec - terms.bookable_until_sec,
        slot.start_sec - terms.online_cancel_until_sec,
        seconds(slot, Length::DepositCutoff),
        SOON_SEC,
    ];
    let changes: Vec<i64> = changes
        .into_iter()
        .chain(from)
        .chain(asked)
        .chain(steps)
        .collect();
    let around = [
        -2 * CLEAR_SEC,
        -CLEAR_SEC - 1,
        -1,
        0,
        1,
        CLEAR_SEC + 1,
        2 * CLEAR_SEC,
    ];
    changes
        .into_iter()
        .flat_map(move |change| around.map(|clear| change + clear))
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
        Length::OnlineCutoff => own_cancel_lead(slot),
        Length::ServiceOnlineCutoff => slot
            .terms
            .service_cancel_lead_sec
            .unwrap_or_else(|| own_cancel_lead(slot)),
    }
}

fn own_cancel_lead(slot: &Slot) -> i64 {
    slot.start_sec - slot.terms.online_cancel_until_sec
}

fn ends_within(slot: &Slot, length: Duration, now_sec: i64) -> bool {
    slot.end_sec() - now_sec <= i64::try_from(length.as_secs()).unwrap_or(i64::MAX)
}

fn later_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead > seconds(slot, length) + clear)
}

fn sooner_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead < seconds(slot, length) - clear)
}

/// The need taken apart: each asks for one thing only.
pub(super) fn parts(need: &SlotNeed) -> Vec<SlotNeed> {
    let plain = || SlotNeed {
        confirmation: need.confirmation,
        online: need.online,
        tickets: need.tickets,
        pack: need.pack,
        ..SlotNeed::default()
    };
    let mut parts = vec![plain()];
    let mut add = |is_asked: bool, ask: &dyn Fn(&mut SlotNeed)| {
        if is_asked {
            let mut part = plain();
            ask(&mut part);
            parts.push(part);
        }
    };
    add(need.payment.is_some(), &|part| part.payment = need.payment);
    add(need.tax.is_some(), &|part| part.tax = need.tax);
    add(need.money != MoneyNeed::default(), &|part| {
        part.money = need.money;
    });
    add(need.ticket_fees.is_some(), &|part| {
        part.ticket_fees = need.ticket_fees;
    });
    add(need.direct_payment.is_some(), &|part| {
        part.direct_payment = need.direct_payment;
    });
    add(need.says_how_many_spots(), &|part| {
        part.spots_exactly = need.spots_exactly;
        part.spots_at_least = need.spots_at_least;
        part.spots_at_most = need.spots_at_most;
    });
    add(need.resources.is_some(), &|part| part.resources = need.resources);
    add(need.more_than.or(need.less_than).is_some(), &|part| {
        part.more_than = need.more_than;
        part.less_than = need.less_than;
    });
    add(need.refund.is_some(), &|part| part.refund = need.refund);
    for relation in &need.relations {
        add(true, &|part| part.relations = vec![relation.clone()]);
    }
    parts
}

/// What a slot would have to have.
pub(super) fn words(need: &SlotNeed) -> String {
    let mut parts = Vec::new();
    parts.extend(
        need.payment
            .map(|mode| format!("payment {}", json!(mode).as_str().unwrap_or_default())),
    );
    parts.extend(
        need.tax
            .map(|taxed| if taxed { "a tax" } else { "no tax" }.to_owned()),
    );
    parts.extend(money::words(&need.money));
    parts.extend(need.tickets.then(|| "tickets".to_owned()));
    parts.extend(need.ticket_fees.map(|fees| {
        let fees = if fees { "a fee" } else { "no fee" };
        format!("{fees} on top of the ticket")
    }));
    parts.extend(need.pack.map(money::pack_words));
    parts.extend(need.online.then(|| "an online service".to_owned()));
    let is_later = need.confirmation == ConfirmationMode::Asynchronous;
    parts.extend(is_later.then(|| "a merchant who confirms later".to_owned()));
    parts.extend(
        need.direct_payment
            .map(|direct| format!("direct payment {direct}")),
    );
    parts.extend(spots_words(need));
    parts.extend(
        need.ends_within
            .map(|length| format!("an end in less than {} s", length.as_secs())),
    );
    let leads = [(need.more_than, "more"), (need.less_than, "less")];
    parts.extend(
        leads
            .into_iter()
            .filter_map(|(length, bound)| Some(format!("a start in {bound} than {}", length_words(length?)))),
    );
    parts.extend(relation::words(need));
    parts.extend(need.refund.map(|share| {
        let share = match share {
            RefundShare::Full => "everything",
            RefundShare::Partial => "a part",
            RefundShare::Nothing => "nothing",
        };
        format!("{share} refunded when it is cancelled now")
    }));
    parts.extend((!need.cards.is_empty()).then(|| "a way to pay with the cards of the scenario".to_owned()));
    parts.extend(
        need.cancellable
            .then(|| "online cancelling still open".to_owned()),
    );
    parts.join(", ")
}

fn spots_words(need: &SlotNeed) -> impl Iterator<Item = String> {
    let bounds = [
        (need.spots_exactly, "exactly"),
        (need.spots_at_least, "at least"),
        (need.spots_at_most, "at most"),
    ];
    bounds.into_iter().filter_map(|(spots, bound)| {
        let spots = spots?;
        let noun = if spots == 1 { "spot" } else { "spots" };
        Some(format!("{bound} {spots} {noun}"))
    })
}

fn length_words(length: Length) -> String {
    match length {
        Length::Fixed(length) => format!("{} s", length.as_secs()),
        Length::DepositCutoff => "its deposit cutoff".to_owned(),
        Length::OnlineCutoff => "its online cancelling cutoff".to_owned(),
        Length::ServiceOnlineCutoff => "the online cancelling cutoff of its service".to_owned(),
    }
}
