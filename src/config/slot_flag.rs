//! A slot in one word, as `--slot MERCHANT/SERVICE/START` names it.

use super::duration;
use super::inventory::paid_on_arrival;
use domain::slot::{ConfirmationMode, Resources, Slot};

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

/// A service whose free slots are found by asking, as `--slot MERCHANT/SERVICE` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotSearch {
    /// Merchant id.
    pub merchant_id: String,
    /// Service id.
    pub service_id: String,
    /// How long a slot lasts, seconds.
    pub duration_sec: i64,
}

impl SlotSearch {
    /// The search that a text names; none where it names a slot, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, duration_sec) = match text.rsplit_once('/') {
            Some((before, last)) if before.contains('/') && duration::parse(last).is_ok() => {
                (before, length(last).ok()?)
            }
            _ => (text, LENGTH_SEC),
        };
        let (merchant, service) = text.split_once('/')?;
        let is_name = |part: &str| !part.trim().is_empty() && !part.contains('/');
        (is_name(merchant) && is_name(service)).then(|| Self {
            merchant_id: merchant.to_owned(),
            service_id: service.to_owned(),
            duration_sec,
        })
    }

    /// The slot that begins then.
    pub fn slot(&self, start_sec: i64) -> Slot {
        Slot {
            merchant_id: self.merchant_id.clone(),
            service_id: self.service_id.clone(),
            start_sec,
            duration_sec: self.duration_sec,
            availability_tag: None,
            resources: Resources::default(),
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms: paid_on_arrival(start_sec),
        }
    }
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
    let service = SlotSearch {
        merchant_id: merchant.to_owned(),
        service_id: service.to_owned(),
        duration_sec: length_sec,
    };
    Ok(service.slot(start_sec))
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
    fn a_service_without_a_start_is_searched() {
        let of = |text| {
            let found = SlotSearch::parse(text)?;
            Some((found.merchant_id, found.service_id, found.duration_sec))
        };
        let service = |length| Some(("m".to_owned(), "s 1".to_owned(), length));
        assert_eq!(of("m/s 1"), service(3600));
        assert_eq!(of("m/s 1/30m"), service(1800));
        for text in [
            "m/s/1796202000",
            "m/s/tomorrow",
            "m/s/1796202000/30m",
            "m",
            "m/",
            "/s",
            "m/s/",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
        // The id of a service may look like a length.
        assert_eq!(of("m/30m"), Some(("m".to_owned(), "30m".to_owned(), 3600)));
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
