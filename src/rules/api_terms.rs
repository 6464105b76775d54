//! What messages of the notification API say of money, in the types of the feeds. The messages are in JSON names.

use super::reading;
use domain::slot::{Deposit, Money, NoShowFee, PriceType, RefundStep};
use feeds::SchedulingRules;
use protocol::{int64, time};
use serde_json::Value;

/// The `Price` at a place, if it is one.
pub(crate) fn money(message: &Value, pointer: &str) -> Option<Money> {
    let price = reading::set(message, pointer)?;
    Some(Money {
        price_micros: reading::number(price, "/priceMicros")?,
        currency_code: reading::text(price, "/currencyCode")?.to_owned(),
    })
}

/// A `Deposit`. The feed's own zero, beside which it is read, is unset, too.
pub(crate) fn deposit(stated: &Value, beside: Option<&Deposit>) -> Option<Deposit> {
    let cutoff = reading::set(stated, "/minAdvanceCancellationSec").and_then(int64::read);
    let unset = beside.and_then(|due| due.min_advance_cancellation_sec);
    Some(Deposit {
        deposit: money(stated, "/deposit")?,
        min_advance_cancellation_sec: match cutoff.filter(|cutoff| *cutoff != 0) {
            None if unset == Some(0) => unset,
            cutoff => cutoff,
        },
        deposit_type: price_type(stated, "/depositType"),
    })
}

/// A `NoShowFee`.
pub(crate) fn no_show_fee(stated: &Value) -> Option<NoShowFee> {
    Some(NoShowFee {
        fee: money(stated, "/fee")?,
        fee_type: price_type(stated, "/feeType"),
    })
}

fn price_type(message: &Value, pointer: &str) -> PriceType {
    match reading::api_name("PriceType", message, pointer) {
        Some("PER_PERSON") => PriceType::PerPerson,
        _ => PriceType::FixedRateDefault,
    }
}

/// `SchedulingRules`, with what is zero as what is unset; `None` where a value cannot be read.
pub(crate) fn rules(stated: &Value) -> Option<SchedulingRules> {
    let seconds = |pointer| {
        let sec = reading::number(stated, pointer)?;
        Some(Some(sec).filter(|sec| *sec != 0))
    };
    let steps = reading::set(stated, "/cancellationPolicy/refundCondition").and_then(Value::as_array);
    let steps = steps.into_iter().flatten().map(refund_step);
    Some(plain(SchedulingRules {
        min_advance_booking: seconds("/minAdvanceBooking")?,
        min_booking_buffer_before_end_time: seconds("/minBookingBufferBeforeEndTime")?,
        min_advance_online_canceling: seconds("/minAdvanceOnlineCanceling")?,
        time_flexible: reading::api_name("AdmissionPolicy", stated, "/admissionPolicy")
            == Some("TIME_FLEXIBLE"),
        cancellation_policy: Some(steps.collect::<Option<_>>()?),
    }))
}

fn refund_step(step: &Value) -> Option<RefundStep> {
    let lead = reading::text(step, "/minDurationBeforeStartTime");
    Some(RefundStep {
        min_duration_before_start_time_sec: lead
            .map_or(Some(0), |lead| time::duration_to_seconds(lead).ok())?,
        refund_percent: reading::number(step, "/refundPercent")?,
    })
}

/// Rules in the one form in which they can be compared: what is zero or has no effect is unset, the longest lead is first.
pub(crate) fn plain(mut rules: SchedulingRules) -> SchedulingRules {
    let is_set = |sec: &i64| *sec != 0;
    rules.min_advance_booking = rules.min_advance_booking.filter(is_set);
    rules.min_advance_online_canceling = rules.min_advance_online_canceling.filter(is_set);
    let buffer = rules.min_booking_buffer_before_end_time.filter(is_set);
    rules.min_booking_buffer_before_end_time = buffer.filter(|_| rules.time_flexible);
    let steps = rules.cancellation_policy.as_mut();
    if let Some(steps) = steps {
        steps.sort_by_key(|step| std::cmp::Reverse(step.min_duration_before_start_time_sec));
    }
    rules.cancellation_policy = rules.cancellation_policy.filter(|steps| !steps.is_empty());
    rules
}
