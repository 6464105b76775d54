//! Which slots have the terms that a scenario needs.

use domain::slot::{PaymentMode, PriceType, Replaced, Slot, Terms};
use feeds::unit_micros;
use scenario::{MoneyNeed, PackNeed, SlotNeed};

/// True when the slot asks for money in the one way that is needed, or in the two ways.
pub(super) fn has_payment(slot: &Slot, need: &SlotNeed) -> bool {
    let modes = slot.terms.modes();
    need.payment.is_none_or(|mode| {
        if need.money.also_no_show_fee {
            modes.contains(&mode) && modes.contains(&PaymentMode::NoShowFee) && modes.len() == 2
        } else {
            modes == [mode]
        }
    })
}

/// True when neither money nor a card is asked for before the guest comes.
pub(super) fn is_paid_on_arrival(slot: &Slot) -> bool {
    slot.terms.modes() == [PaymentMode::Arrival]
}

/// True when the slot says something about money instead of its service.
pub(super) fn has_overrides(slot: &Slot) -> bool {
    slot.terms.replaced != Replaced::default()
}

/// True when its terms are as they are needed besides.
pub(super) fn has_money_terms(slot: &Slot, need: &MoneyNeed) -> bool {
    let terms = &slot.terms;
    need.overrides.is_none_or(|what| terms.replaced.has(what))
        && need.per_person.is_none_or(|wanted| wanted == is_per_person(slot))
        && need
            .currency_decimals
            .is_none_or(|wanted| has_decimals(terms, wanted))
        && need
            .cancellable_until_start
            .is_none_or(|wanted| wanted == is_cancellable_until_start(slot))
}

/// True when a pack of that sort is bought with it, or none where none is asked for: what a pack costs and gives back is no matter of
/// a single visit.
pub(super) fn has_pack(slot: &Slot, need: Option<PackNeed>) -> bool {
    let visits = slot.terms.pack_visits.filter(|_| slot.terms.sells_pack());
    match need {
        None => visits.is_none(),
        Some(PackNeed::Several) => visits.is_some(),
        Some(PackNeed::Two) => visits == Some(2),
    }
}

/// What the feed would have to hold.
pub(super) fn pack_words(need: PackNeed) -> String {
    let visits = match need {
        PackNeed::Several => "several",
        PackNeed::Two => "two",
    };
    format!("a pack of {visits} visits")
}

/// True when it can be cancelled online until it starts.
pub(super) fn is_cancellable_until_start(slot: &Slot) -> bool {
    slot.terms.online_cancel_until_sec == slot.start_sec
}

/// True when fee or deposit are per person, and the party is larger than one.
pub(super) fn is_per_person(slot: &Slot) -> bool {
    has_amount_per_person(&slot.terms) && slot.resources.party_size.unwrap_or(1) > 1
}

fn has_amount_per_person(terms: &Terms) -> bool {
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee_type);
    let deposit = terms.deposit.as_ref().map(|deposit| deposit.deposit_type);
    [fee, deposit].contains(&Some(PriceType::PerPerson))
}

fn has_decimals(terms: &Terms, wanted: u32) -> bool {
    let smallest = terms
        .price
        .as_ref()
        .map(|price| unit_micros(&price.currency_code));
    smallest.is_some() && smallest == 6_u32.checked_sub(wanted).map(|zeros| 10_i64.pow(zeros))
}

/// What the feed would have to hold.
pub(super) fn words(need: &MoneyNeed) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(what) = need.overrides {
        let name = serde_json::json!(what);
        words.push(format!("a {} of its own", name.as_str().unwrap_or_default()));
    }
    if need.also_no_show_fee {
        words.push("a fee for not coming as well".to_owned());
    }
    if need.per_person == Some(true) {
        words.push("an amount per person for more than one".to_owned());
    }
    if let Some(decimals) = need.currency_decimals {
        words.push(format!("a currency with {decimals} decimals"));
    }
    if need.cancellable_until_start == Some(true) {
        words.push("online cancelling until it starts".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::slot::{ConfirmationMode, Deposit, Money, NoShowFee, Override, Resources};

    fn yen(micros: i64) -> Money {
        Money {
            price_micros: micros,
            currency_code: "JPY".into(),
        }
    }

    fn slot(party_size: Option<i32>) -> Slot {
        let fee = NoShowFee {
            fee: yen(1_000_000),
            fee_type: PriceType::PerPerson,
        };
        let deposit = Deposit {
            deposit: yen(2_000_000),
            min_advance_cancellation_sec: None,
            deposit_type: PriceType::FixedRateDefault,
        };
        Slot {
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec: 9_000,
            duration_sec: 60,
            availability_tag: None,
            resources: Resources {
                party_size,
                ..Resources::default()
            },
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms: Terms {
                price: Some(yen(9_000_000)),
                no_show_fee: Some(fee),
                deposit: Some(deposit),
                online_cancel_until_sec: 9_000,
                replaced: Replaced {
                    price: Some(yen(8_000_000)),
                    ..Replaced::default()
                },
                ..Terms::default()
            },
        }
    }

    #[test]
    fn two_ways_of_paying_are_asked_for_together() {
        let need = |also_no_show_fee| SlotNeed {
            payment: Some(PaymentMode::Deposit),
            money: MoneyNeed {
                also_no_show_fee,
                ..MoneyNeed::default()
            },
            ..SlotNeed::default()
        };
        assert!(has_payment(&slot(None), &need(true)) && !has_payment(&slot(None), &need(false)));
        assert!(has_overrides(&slot(None)));
    }

    #[test]
    fn a_slot_that_sells_a_pack_is_bound_for_nothing_else() {
        let sold = |visits, prepayment| {
            let mut slot = slot(None);
            slot.terms = Terms {
                pack_visits: visits,
                prepayment,
                ..Terms::default()
            };
            [None, Some(PackNeed::Several), Some(PackNeed::Two)].map(|need| has_pack(&slot, need))
        };
        assert_eq!(sold(None, true), [true, false, false]);
        assert_eq!(sold(Some(10), true), [false, true, false]);
        assert_eq!(sold(Some(2), true), [false, true, true]);
        // Nobody is asked to buy anything who pays on arrival.
        assert_eq!(sold(Some(2), false), [true, false, false]);
    }

    #[test]
    fn each_need_is_met_or_not() {
        let need = |change: fn(&mut MoneyNeed)| {
            let mut need = MoneyNeed::default();
            change(&mut need);
            need
        };
        let met = [
            need(|need| need.overrides = Some(Override::Price)),
            need(|need| need.per_person = Some(true)),
            need(|need| need.currency_decimals = Some(0)),
            need(|need| need.cancellable_until_start = Some(true)),
        ];
        assert!(met.iter().all(|need| has_money_terms(&slot(Some(2)), need)));
        assert!(met.iter().all(|need| !words(need).is_empty()));
        let unmet = [
            need(|need| need.overrides = Some(Override::Deposit)),
            need(|need| need.currency_decimals = Some(3)),
            need(|need| need.currency_decimals = Some(7)),
        ];
        assert!(unmet.iter().all(|need| !has_money_terms(&slot(Some(2)), need)));
        assert!(!has_money_terms(&slot(Some(1)), &met[1]));
    }
}
