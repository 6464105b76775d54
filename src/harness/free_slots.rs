//! Slots that are found by asking: look-ups of the coming days, and no other call.

use super::asking::Asking;
use super::error::RunError;
use super::target::{Target, std_duration};
use config::SlotSearch;
use domain::Credentials;
use domain::slot::Slot;
use engine::payload;
use outcome::text::one_line;
use protocol::Method;
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{HttpReply, Reply};

/// So many look-ups are made for one service, one for each day.
pub const LOOKUPS: usize = 7;

/// So many start times stand in each.
pub const TIMES: usize = 48;

const DAY_SEC: i64 = 86_400;

/// Half an hour: whole hours of every time zone but a few.
const STEP_SEC: i64 = 1800;

/// More are not looked for.
const ENOUGH: usize = 40;

/// More are not taken of one day: some scenarios ask about several days.
const OF_A_DAY: usize = 12;

/// So many characters of an answer are shown.
const LONGEST_WORDS: usize = 200;

/// No slot could be found.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SearchError {
    /// The config allows bookings with other merchants alone.
    #[error("slots of {0} may not be booked: [inventory] merchants does not have it")]
    #[diagnostic(help("name a merchant of [inventory], or add this one"))]
    NotAllowed(String),
    /// The target could not be called.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
    /// A look-up was not answered as one.
    #[error("free slots of {service} could not be asked for: BatchAvailabilityLookup {seen}")]
    #[diagnostic(help(
        "name a slot with its start, --slot MERCHANT/SERVICE/START; without --slot a run tests what needs no slot"
    ))]
    NotAnswered {
        /// Merchant and service.
        service: String,
        /// What came.
        seen: String,
    },
    /// All that was asked about is taken.
    #[error(
        "{service} has no free slot: {lookups} look-ups of {times} start times each, from {from} on, found none"
    )]
    #[diagnostic(help(
        "see whether the ids and the length are right (an hour, unless --slot MERCHANT/SERVICE/30m says another), or name a slot with its start"
    ))]
    NoneFree {
        /// Merchant and service.
        service: String,
        /// Calls.
        lookups: usize,
        /// Start times in each.
        times: usize,
        /// The first start.
        from: jiff::Timestamp,
    },
}

/// Free slots of a service, none of which begins before another one ends. Nothing is booked.
///
/// From the next day of UTC on, one look-up a day asks about every half hour, until there are enough slots.
pub async fn find_slots(
    target: &Target,
    search: &SlotSearch,
    now_sec: i64,
) -> Result<Vec<Slot>, SearchError> {
    let allowed = target.config.inventory.merchants.as_deref();
    if allowed.is_some_and(|ids| !ids.contains(&search.merchant_id)) {
        return Err(SearchError::NotAllowed(search.merchant_id.clone()));
    }
    let asking = Asking::of(target)?;
    let rate = target.config.target.as_ref().and_then(|target| target.rate);
    let first_sec = (now_sec / DAY_SEC + 1) * DAY_SEC;
    let mut found: Vec<Slot> = Vec::new();
    for start_sec in (first_sec..).step_by(DAY_SEC as usize).take(LOOKUPS) {
        let asked: Vec<Slot> = (start_sec..)
            .step_by(STEP_SEC as usize)
            .take(TIMES)
            .map(|start_sec| search.slot(start_sec))
            .collect();
        let body = payload::lookup(&asked.iter().collect::<Vec<_>>()).to_string();
        let reply = asking
            .call(Method::BatchAvailabilityLookup, Some(&body), Credentials::Valid)
            .await;
        add_free(&mut found, asked, &free_starts(&reply, search)?);
        if found.len() >= ENOUGH {
            break;
        }
        if let Some(rate) = rate {
            tokio::time::sleep(std_duration(rate.interval())).await;
        }
    }
    if found.is_empty() {
        return Err(SearchError::NoneFree {
            service: name(search),
            lookups: LOOKUPS,
            times: TIMES,
            from: jiff::Timestamp::from_second(first_sec).unwrap_or_default(),
        });
    }
    Ok(found)
}

fn name(search: &SlotSearch) -> String {
    format!("{}/{}", search.merchant_id, search.service_id)
}

/// The starts, epoch seconds, of what the answer calls available.
fn free_starts(reply: &Reply, search: &SlotSearch) -> Result<BTreeSet<i64>, SearchError> {
    let not_answered = |seen: String| SearchError::NotAnswered {
        service: name(search),
        seen,
    };
    let reply = match reply {
        Reply::Http(reply) => reply,
        Reply::Nothing { detail, .. } => return Err(not_answered(format!("was not answered: {detail}"))),
    };
    let list = reply
        .message()
        .filter(|_| reply.is_success())
        .and_then(|message| message["slot_time_availability"].as_array());
    let Some(list) = list else {
        return Err(not_answered(answer(reply)));
    };
    let is_free = |entry: &&Value| entry["available"] == true;
    let start = |entry: &Value| match &entry["slot_time"]["start_sec"] {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    Ok(list.iter().filter(is_free).filter_map(start).collect())
}

/// Status and the beginning of the body, in one line.
fn answer(reply: &HttpReply) -> String {
    let words: String = one_line(&reply.body).chars().take(LONGEST_WORDS).collect();
    format!("was answered HTTP {}: {words}", reply.status)
}

/// Adds what is free on a day and begins when all that was found is over.
fn add_free(found: &mut Vec<Slot>, asked: Vec<Slot>, free: &BTreeSet<i64>) {
    let most = found.len() + OF_A_DAY;
    for slot in asked.into_iter().filter(|slot| free.contains(&slot.start_sec)) {
        let is_over = |last: &Slot| last.start_sec + last.duration_sec <= slot.start_sec;
        if found.len() < most && found.last().is_none_or(is_over) {
            found.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn search() -> SlotSearch {
        SlotSearch::parse("m/s").unwrap()
    }

    fn answered(status: u16, body: &str) -> Reply {
        let method = Method::BatchAvailabilityLookup;
        Reply::Http(HttpReply::new(method, status, Vec::new(), body.to_owned()))
    }

    #[test]
    fn what_is_called_available_is_free_however_its_start_is_written() {
        let body = r#"{"slot_time_availability":[
            {"slot_time":{"start_sec":"1800"},"available":true},{"slot_time":{"start_sec":3600},"available":true},
            {"slot_time":{"start_sec":"5400"},"available":false},{"slot_time":{"start_sec":"7200"}},{"available":true}]}"#;
        let free = free_starts(&answered(200, body), &search()).unwrap();
        assert_eq!(free.into_iter().collect::<Vec<_>>(), [1800, 3600]);
    }

    #[test]
    fn what_is_no_answer_to_a_look_up_is_said_in_the_servers_words() {
        for (status, body) in [
            (404, "no\nsuch path"),
            (200, "{}"),
            (500, "{\"slot_time_availability\":[]}"),
        ] {
            let error = free_starts(&answered(status, body), &search())
                .unwrap_err()
                .to_string();
            assert!(
                error.contains(&format!("HTTP {status}: ")) && !error.contains('\n'),
                "{error}"
            );
        }
    }

    #[test]
    fn no_slot_that_is_found_overlaps_another() {
        let asked = || (0..6).map(|half| search().slot(half * STEP_SEC)).collect();
        let mut found = Vec::new();
        add_free(&mut found, asked(), &BTreeSet::from([0, 1800, 3600, 9000]));
        let starts: Vec<i64> = found.iter().map(|slot| slot.start_sec).collect();
        assert_eq!(starts, [0, 3600, 9000]);
        let all: BTreeSet<i64> = (0..48).map(|half| half * STEP_SEC).collect();
        let mut found = Vec::new();
        let day = all.iter().map(|start_sec| search().slot(*start_sec));
        add_free(&mut found, day.collect(), &all);
        assert_eq!(found.len(), OF_A_DAY);
    }
}
