//! A slot in one word, as `--slot MERCHANT/SERVICE/START` names it.

use super::duration;
use super::inventory::paid_on_arrival;
use domain::slot::{Assumption, ConfirmationMode, Resources, Slot};

/// How long a slot lasts of which nothing is said.
const LENGTH_SEC: i64 = 3600;

/// A text that names no slot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotFlagError {
    /// Not of the form.
    #[error(
        "not of the form MERCHANT/SERVICE/START, such as m1/s1/2026-12-02T09:00:00Z; a length may follow: m1/s1/2026-12-02T09:00:00Z/30m"
    )]
    Form,
    /// The start is no time.
    #[error("{0} is no time: write RFC 3339 (2026-12-02T09:00:00Z) or epoch seconds")]
    Start(String),
    /// The length is none that can be booked.
    #[error("{0} is no length of a slot: write whole seconds, minutes or hours, such as 30m")]
    Length(String),
}

/// The slot that a text names: one spot, paid on arrival, confirmed at once, an hour long unless a length follows.
pub fn listed_slot(text: &str) -> Result<Slot, SlotFlagError> {
    let (text, length_sec) = match text.rsplit_once('/') {
        Some((before, last)) if duration::parse(last).is_ok() => (before, length(last)?),
        _ => (text, LENGTH_SEC),
    };
    let parts: Vec<&str> = text.split('/').collect();
    let [merchant, service, start] = parts[..] else {
        return Err(SlotFlagError::Form);
    };
    if [merchant, service, start]
        .iter()
        .any(|part| part.trim().is_empty())
    {
        return Err(SlotFlagError::Form);
    }
    let start_sec = start_sec(start)?;
    Ok(Slot {
        merchant_id: merchant.to_owned(),
        service_id: service.to_owned(),
        start_sec,
        duration_sec: length_sec,
        availability_tag: None,
        resources: Resources::default(),
        confirmation_mode: ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms: paid_on_arrival(start_sec, Assumption::ALL.into()),
    })
}

fn start_sec(text: &str) -> Result<i64, SlotFlagError> {
    let wrong = || SlotFlagError::Start(text.to_owned());
    let seconds = match text.parse::<i64>() {
        Ok(seconds) => seconds,
        Err(_) => text.parse::<jiff::Timestamp>().map_err(|_| wrong())?.as_second(),
    };
    // What no calendar has is a slip of the keyboard, milliseconds in most cases.
    jiff::Timestamp::from_second(seconds).map_err(|_| wrong())?;
    Ok(seconds)
}

fn length(text: &str) -> Result<i64, SlotFlagError> {
    let wrong = || SlotFlagError::Length(text.to_owned());
    let length = duration::parse(text).map_err(|_| wrong())?;
    let is_whole = length.subsec_nanos() == 0 && (1..=31_536_000).contains(&length.as_secs());
    is_whole.then_some(length.as_secs()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Result<(String, String, i64, i64), SlotFlagError> {
        let slot = listed_slot(text)?;
        assert_eq!(slot.terms.bookable_until_sec, slot.start_sec, "until it starts");
        assert_eq!(slot.terms.assumed, Assumption::ALL.into(), "a word says no more");
        Ok((
            slot.merchant_id,
            slot.service_id,
            slot.start_sec,
            slot.duration_sec,
        ))
    }

    #[test]
    fn a_start_is_a_time_or_a_number_and_a_length_may_follow() {
        let of = |start, length| Ok(("m".to_owned(), "s 1".to_owned(), start, length));
        assert_eq!(named("m/s 1/1796202000"), of(1_796_202_000, 3600));
        assert_eq!(named("m/s 1/2026-12-02T09:00:00Z"), of(1_796_202_000, 3600));
        assert_eq!(
            named("m/s 1/2026-12-02T10:00:00+01:00/30m"),
            of(1_796_202_000, 1800)
        );
    }

    #[test]
    fn what_names_no_slot_is_refused_with_its_part() {
        for text in ["m/s", "m/s/1/2/3", "/s/1796202000", "m//1796202000", "m/s/", ""] {
            assert_eq!(named(text), Err(SlotFlagError::Form), "{text}");
        }
        let start = |text: &str| Err(SlotFlagError::Start(text.to_owned()));
        assert_eq!(named("m/s/tomorrow"), start("tomorrow"));
        assert_eq!(
            named("m/s/2026-12-02"),
            start("2026-12-02"),
            "without a time of day"
        );
        assert_eq!(named("m/s/1796202000000000"), start("1796202000000000"));
        for length in ["0s", "500ms", "20000h"] {
            let wrong = Err(SlotFlagError::Length(length.to_owned()));
            assert_eq!(named(&format!("m/s/1796202000/{length}")), wrong);
        }
    }
}
