//! What one slot must be like for a need: its terms, and what depends on the hour.

use super::{money, relation};
use domain::slot::{ConfirmationMode, Override, Slot};
use feeds::windows;
use scenario::{Length, RefundShare, SlotNeed};
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
    overrides: [bool; 4],
    currency: Option<String>,
    is_per_person: bool,
    is_cancellable_until_start: bool,
    is_taxed: bool,
    is_paid_directly: Option<bool>,
    is_asynchronous: bool,
    has_resources: bool,
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
            overrides: overrides.map(|what| terms.replaced.has(what)),
            currency: terms.price.as_ref().map(|price| price.currency_code.clone()),
            is_per_person: money::is_per_person(slot),
            is_cancellable_until_start: money::is_cancellable_until_start(slot),
            is_taxed: terms.tax.is_some(),
            is_paid_directly: terms.online.as_ref().map(|online| online.direct_merchant_payment),
            is_asynchronous: slot.confirmation_mode == ConfirmationMode::Asynchronous,
            has_resources: !slot.resources.is_empty(),
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
    money::has_payment(slot, need)
        && money::has_money_terms(slot, &need.money)
        && need.tax.is_none_or(|taxed| taxed == terms.tax.is_some())
        && need.online == terms.online.is_some()
        && need.direct_payment.is_none_or(|wanted| wanted == direct)
        && need.confirmation == slot.confirmation_mode
        && need
            .resources
            .is_none_or(|named| named != slot.resources.is_empty())
}

/// True when a slot can be booked now, and starts when a need wants it to.
pub(super) fn is_open(slot: &Slot, need: &SlotNeed, now_sec: i64) -> bool {
    let terms = &slot.terms;
    let lead = slot.start_sec - now_sec;
    let (soon, clear) = (need.is_soon(), clearance(need));
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

fn ends_within(slot: &Slot, length: Duration, now_sec: i64) -> bool {
    slot.end_sec() - now_sec <= i64::try_from(length.as_secs()).unwrap_or(i64::MAX)
}

fn later_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead > seconds(slot, length) + clear)
}

fn sooner_than(slot: &Slot, bound: Option<Length>, lead: i64, clear: i64) -> bool {
    bound.is_none_or(|length| lead < seconds(slot, length) - clear)
}

/// What the feed would have to hold.
pub(super) fn words(name: &str, need: &SlotNeed) -> String {
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
    let spots = [
        (need.spots_exactly, "exactly", "spot"),
        (need.spots_at_least, "at least", "spots"),
        (need.spots_at_most, "at most", "spots"),
    ];
    parts.extend(
        spots
            .into_iter()
            .filter_map(|(spots, bound, noun)| Some(format!("{bound} {} {noun} open", spots?))),
    );
    parts.extend(
        need.ends_within
            .map(|length| format!("ending in less than {} s", length.as_secs())),
    );
    let leads = [(need.more_than, "more"), (need.less_than, "less")];
    parts.extend(
        leads.into_iter().filter_map(|(length, bound)| {
            Some(format!("starting in {bound} than {}", length_words(length?)))
        }),
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
