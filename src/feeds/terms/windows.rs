//! Until when a slot can be booked and cancelled, and what a cancellation gives back.
//!
//! Every moment is in epoch seconds, and every boundary belongs to the window that it ends.

use super::money;
use crate::records::service::SchedulingRules;
use domain::slot::{Money, RefundStep, Slot};

/// The last moment at which Google offers cancelling online: the slot's own, else the service's lead, else the
/// start.
pub fn online_cutoff(
    start_sec: i64,
    last_online_cancellable_sec: Option<i64>,
    rules: &SchedulingRules,
) -> i64 {
    let lead = rules.min_advance_online_canceling.unwrap_or(0);
    last_online_cancellable_sec.unwrap_or_else(|| start_sec.saturating_sub(lead))
}

/// The last moment at which Google offers the slot: the slot's own, else what the service's rules give.
pub fn bookable_until(
    start_sec: i64,
    duration_sec: i64,
    last_bookable_sec: Option<i64>,
    rules: &SchedulingRules,
) -> i64 {
    let by_rules = match rules
        .min_booking_buffer_before_end_time
        .filter(|_| rules.time_flexible)
    {
        Some(buffer) => start_sec.saturating_add(duration_sec).saturating_sub(buffer),
        None => start_sec.saturating_sub(rules.min_advance_booking.unwrap_or(0)),
    };
    last_bookable_sec.unwrap_or(by_rules)
}

/// True when Google offers the slot at `now_sec`: a free spot, inside of its window.
pub(crate) fn bookable(slot: &Slot, now_sec: i64) -> bool {
    slot.spots_open >= 1
        && slot.terms.bookable_from_sec.is_none_or(|from| now_sec >= from)
        && now_sec <= slot.terms.bookable_until_sec
}

/// The percentage (0 to 100) of a prepayment that a cancellation at `at_sec` gives back: that of the longest
/// lead still kept, and 0 without a cancellation policy.
pub fn refund_percent(slot: &Slot, at_sec: i64) -> i64 {
    let lead = slot.start_sec.saturating_sub(at_sec);
    let kept = |step: &&RefundStep| lead >= step.min_duration_before_start_time_sec;
    let longest = slot
        .terms
        .refund_steps
        .iter()
        .filter(kept)
        .max_by_key(|s| s.min_duration_before_start_time_sec);
    longest.map_or(0, |step| step.refund_percent)
}

/// The part of a prepayment of `paid` (tax included) that a cancellation at `at_sec` gives back.
pub fn refund(slot: &Slot, paid: &Money, at_sec: i64) -> Money {
    money::share(paid, refund_percent(slot, at_sec))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::allowed::{deposit_refundable, late_fee_allowed, online_cancel_allowed};
    use domain::slot::{Deposit, NoShowFee, PriceType, Terms};

    const HOUR: i64 = 3_600;
    const START: i64 = 1_893_672_000;

    fn usd(price_micros: i64) -> Money {
        Money {
            price_micros,
            currency_code: "USD".to_owned(),
        }
    }

    fn slot(terms: Terms) -> Slot {
        Slot {
            merchant_id: "m".to_owned(),
            service_id: "s".to_owned(),
            start_sec: START,
            duration_sec: HOUR,
            availability_tag: None,
            resources: domain::slot::Resources::default(),
            confirmation_mode: domain::slot::ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms,
        }
    }

    #[test]
    fn the_deposit_and_the_online_cutoff_are_independent() {
        let rules = SchedulingRules {
            min_advance_online_canceling: Some(172_800),
            ..SchedulingRules::default()
        };
        let deposit = Deposit {
            deposit: usd(60_000_000),
            min_advance_cancellation_sec: Some(10_800),
            deposit_type: PriceType::FixedRateDefault,
        };
        let slot = slot(Terms {
            deposit: Some(deposit),
            online_cancel_until_sec: online_cutoff(START, None, &rules),
            ..Terms::default()
        });
        let at = |hours: i64| START - hours * HOUR;
        let table = [(50, true, true), (24, false, true), (2, false, false)];
        for (hours, online, refunded) in table {
            let got = (
                online_cancel_allowed(&slot, at(hours)),
                deposit_refundable(&slot, at(hours)),
            );
            assert_eq!(got, (online, refunded), "{hours} h before the start");
        }
    }

    #[test]
    fn a_late_fee_is_allowed_only_after_the_online_cutoff() {
        let fee = NoShowFee {
            fee: usd(30_000_000),
            fee_type: PriceType::FixedRateDefault,
        };
        let with_fee = slot(Terms {
            no_show_fee: Some(fee),
            online_cancel_until_sec: START - 6 * HOUR,
            ..Terms::default()
        });
        assert!(!late_fee_allowed(&with_fee, START - 6 * HOUR));
        assert!(late_fee_allowed(&with_fee, START - 6 * HOUR + 1));
        assert!(!late_fee_allowed(&slot(Terms::default()), START));
    }

    #[test]
    fn the_longest_lead_that_is_kept_decides_the_refund() {
        let step = |sec, refund_percent| RefundStep {
            min_duration_before_start_time_sec: sec,
            refund_percent,
        };
        let slot = slot(Terms {
            refund_steps: vec![step(86_400, 100), step(7_200, 50)],
            ..Terms::default()
        });
        let table = [
            (1_893_580_000, 100, 104_520_000),
            (1_893_585_600, 100, 104_520_000),
            (1_893_660_000, 50, 52_260_000),
            (1_893_668_400, 0, 0),
        ];
        for (at, percent, micros) in table {
            assert_eq!(refund_percent(&slot, at), percent, "at {at}");
            assert_eq!(refund(&slot, &usd(104_520_000), at), usd(micros), "at {at}");
        }
    }

    #[test]
    fn the_slots_own_moments_win_over_the_rules() {
        let rules = SchedulingRules {
            min_advance_booking: Some(HOUR),
            min_advance_online_canceling: Some(2 * HOUR),
            ..SchedulingRules::default()
        };
        assert_eq!(online_cutoff(START, Some(7), &rules), 7);
        assert_eq!(online_cutoff(START, None, &SchedulingRules::default()), START);
        assert_eq!(bookable_until(START, HOUR, Some(9), &rules), 9);
        assert_eq!(bookable_until(START, HOUR, None, &rules), START - HOUR);
    }

    #[test]
    fn the_buffer_before_the_end_counts_only_for_flexible_admission() {
        let strict = SchedulingRules {
            min_booking_buffer_before_end_time: Some(600),
            ..SchedulingRules::default()
        };
        let flexible = SchedulingRules {
            time_flexible: true,
            ..strict.clone()
        };
        assert_eq!(bookable_until(START, HOUR, None, &strict), START);
        assert_eq!(bookable_until(START, HOUR, None, &flexible), START + HOUR - 600);
    }

    #[test]
    fn moments_beyond_all_time_are_clamped() {
        let flexible = SchedulingRules {
            time_flexible: true,
            min_booking_buffer_before_end_time: Some(600),
            ..SchedulingRules::default()
        };
        assert_eq!(bookable_until(i64::MAX, HOUR, None, &flexible), i64::MAX - 600);
        let mut early = slot(Terms {
            deposit: Some(Deposit {
                deposit: usd(1),
                min_advance_cancellation_sec: Some(i64::MAX),
                deposit_type: PriceType::PerPerson,
            }),
            ..Terms::default()
        });
        early.start_sec = -HOUR;
        assert!(deposit_refundable(&early, i64::MIN) && !deposit_refundable(&early, i64::MIN + 1));
        early.start_sec = i64::MAX;
        assert_eq!(early.end_sec(), i64::MAX);
    }

    #[test]
    fn a_slot_is_offered_from_its_first_to_its_last_moment() {
        let terms = Terms {
            bookable_from_sec: Some(100),
            bookable_until_sec: 200,
            ..Terms::default()
        };
        let open = slot(terms);
        let offered = [99, 100, 200, 201].map(|now| bookable(&open, now));
        assert_eq!(offered, [false, true, true, false]);
        assert!(!bookable(
            &Slot {
                spots_open: 0,
                ..open
            },
            150
        ));
    }
}
