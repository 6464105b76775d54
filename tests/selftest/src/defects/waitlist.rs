//! Waitlists.

use super::refusals::{answer_after_credentials, refusing};
use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, replies, set, take, text};
use crate::{Amendments, Defect, id};
use axum::http::StatusCode;
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How much a slow answer exceeds its limit.
const MARGIN: Duration = Duration::from_secs(2);

const ESTIMATES: Method = Method::BatchGetWaitEstimates;
const JOIN: Method = Method::CreateWaitlistEntry;
const READ: Method = Method::GetWaitlistEntry;
const LEAVE: Method = Method::DeleteWaitlistEntry;

/// A row of this file.
const fn row(
    name: &'static str,
    about: &'static str,
    scenario: &'static str,
    violates: &'static [catalogue::RequirementId],
    seams: fn() -> Seams,
) -> Defect {
    Defect {
        name,
        about,
        scenario,
        violates,
        amendments: Amendments::NONE,
        seams,
    }
}

pub(super) static DEFECTS: &[Defect] = &[
    row(
        "waitlist-last-size-forgotten",
        "Of several party sizes the last one gets no estimate.",
        "waitlist/sizes-together",
        &[id("BS-WAIT-01")],
        || {
            answers(ESTIMATES, |_, answer| {
                if let Some(estimates) = listed(answer).filter(|all| all.len() > 1) {
                    estimates.pop();
                }
            })
        },
    ),
    row(
        "waitlist-size-twice",
        "The first party size gets two estimates.",
        "waitlist/estimates",
        &[id("BS-WAIT-01")],
        || {
            answers(ESTIMATES, |_, answer| {
                if let Some(estimates) = listed(answer) {
                    estimates.extend(estimates.first().cloned());
                }
            })
        },
    ),
    row(
        "waitlist-closed-with-estimates",
        "A closed list has estimates.",
        "waitlist/closed",
        &[id("BS-WAIT-02")],
        || {
            answers(ESTIMATES, |_, answer| {
                if answer["waitlist_status"] == "CLOSED_OTHER" {
                    answer["wait_estimate"] = json!([{ "party_size": 2, "wait_length": {} }]);
                }
            })
        },
    ),
    row(
        "waitlist-wait-not-said",
        "Entries say nothing of how long the wait is.",
        "waitlist/two-parties",
        &[id("BS-WAIT-03")],
        || {
            answers(READ, |_, answer| {
                set(answer, "/waitlist_entry/wait_estimate/wait_length", json!({}));
            })
        },
    ),
    row(
        "waitlist-too-large-is-a-conflict",
        "Whoever is refused is answered 409.",
        "waitlist/size-too-large",
        &[id("BS-WAIT-04")],
        || {
            replies(|call, reply| {
                if call.method == Some(JOIN) && cause(reply).as_deref() == Some("ABOVE_MAX_PARTY_SIZE") {
                    *reply = Reply::new(409, json!({ "error": "too many" }));
                }
            })
        },
    ),
    row(
        "waitlist-needs-email",
        "Nobody joins without an e-mail address.",
        "waitlist/without-email",
        &[id("BS-WAIT-05")],
        || {
            refusing(400, |call| {
                call.method == Some(JOIN) && call.text("/user_information/email").is_none()
            })
        },
    ),
    row(
        "waitlist-entry-gone-after-leaving",
        "An entry that was deleted is not found any more.",
        "waitlist/after-leaving",
        &[id("BS-WAIT-06")],
        || {
            replies(|call, reply| {
                if call.method == Some(READ) && state(reply).as_deref() == Some("CANCELED") {
                    *reply = Reply::new(404, json!({ "error": "unknown entry" }));
                }
            })
        },
    ),
    row(
        "waitlist-time-of-seating-lost",
        "The time at which a party was seated is not stored.",
        "waitlist/called-and-seated",
        &[id("BS-WAIT-07")],
        || {
            answers(READ, |_, answer| {
                take(
                    answer,
                    "/waitlist_entry/waitlist_entry_state_times",
                    "seated_time_seconds",
                );
            })
        },
    ),
    row(
        "waitlist-delete-returns-entry",
        "The deleted entry is returned.",
        "waitlist/leave",
        &[id("BS-WAIT-08")],
        || {
            answers(LEAVE, |call, answer| {
                *answer = json!({ "waitlist_entry_id": call["waitlist_entry_id"] });
            })
        },
    ),
    row(
        "waitlist-unknown-entry-deleted",
        "An entry that never was is deleted all the same.",
        "waitlist/unknown-entry",
        &[id("BS-WAIT-09")],
        || {
            replies(|call, reply| {
                if call.method == Some(LEAVE) && reply.status == StatusCode::NOT_FOUND {
                    *reply = Reply::new(200, json!({}));
                }
            })
        },
    ),
    row(
        "waitlist-no-show-is-cancelled",
        "A party that does not come is cancelled.",
        "waitlist/no-show",
        &[id("BS-WAIT-10")],
        || {
            answers(READ, |_, answer| {
                if answer["waitlist_entry"]["waitlist_entry_state"] == "NO_SHOW" {
                    let times = "/waitlist_entry/waitlist_entry_state_times";
                    let at = take(answer, times, "marked_no_show_time_seconds");
                    answer["waitlist_entry"]["waitlist_entry_state_times"]["canceled_time_seconds"] =
                        json!(at);
                    set(answer, "/waitlist_entry/waitlist_entry_state", "CANCELED");
                }
            })
        },
    ),
    row(
        "waitlist-estimates-without-length",
        "Where there is no wait, `wait_length` is left out.",
        "waitlist/estimates",
        &[id("BS-WAIT-11")],
        || {
            answers(ESTIMATES, |_, answer| {
                for estimate in listed(answer).into_iter().flatten() {
                    if estimate["wait_length"] == json!({}) {
                        take(estimate, "", "wait_length");
                    }
                }
            })
        },
    ),
    row(
        "waitlist-fails-for-one-size",
        "One party size that is too large makes the whole request a wrong one.",
        "waitlist/size-too-large",
        &[id("BS-WAIT-12")],
        || {
            replies(|call, reply| {
                let came = reply.body["wait_estimate"].as_array().map_or(0, Vec::len);
                let asked = call.body["party_size"].as_array().map_or(0, Vec::len);
                if call.method == Some(ESTIMATES) && reply.body["waitlist_status"] == "OPEN" && came < asked {
                    *reply = Reply::new(400, json!({ "error": "party_size" }));
                }
            })
        },
    ),
    row(
        "waitlist-ids-start-anew",
        "Two parties on the list at one time have one id.",
        "waitlist/two-parties",
        &[id("BS-WAIT-13")],
        same_ids,
    ),
    row(
        "waitlist-unspecified-cause",
        "Every refusal has the cause CAUSE_UNSPECIFIED.",
        "waitlist/size-too-large",
        &[id("BS-WAIT-14")],
        || {
            answers(JOIN, |_, answer| {
                if answer["waitlist_business_logic_failure"]["cause"] == "ABOVE_MAX_PARTY_SIZE" {
                    set(
                        answer,
                        "/waitlist_business_logic_failure/cause",
                        "CAUSE_UNSPECIFIED",
                    );
                }
            })
        },
    ),
    row(
        "waitlist-entry-without-estimate",
        "Entries have no estimate.",
        "waitlist/read",
        &[id("BS-WAIT-15")],
        without_estimate,
    ),
    row(
        "waitlist-closed-is-full",
        "A list that closed is said to be full.",
        "waitlist/closed",
        &[id("BS-WAIT-16")],
        || {
            answers(JOIN, |_, answer| {
                if answer["waitlist_business_logic_failure"]["cause"] == "WAITLIST_CLOSED" {
                    set(answer, "/waitlist_business_logic_failure/cause", "WAITLIST_FULL");
                }
            })
        },
    ),
    row(
        "waitlist-slow-estimates",
        "A few estimates wait for the calendar.",
        "waitlist/estimates",
        &[id("BS-WAIT-17")],
        || slow(ESTIMATES, Duration::from_secs(1)),
    ),
    row(
        "waitlist-slow-to-join",
        "A few parties wait until the text message is sent.",
        "waitlist/join",
        &[id("BS-WAIT-18")],
        || slow(JOIN, Duration::from_secs(4)),
    ),
    row(
        "waitlist-found-by-user",
        "Who joined before gets the entry of that time, whatever the token is.",
        "waitlist/new-token",
        &[id("BS-IDEM-10")],
        by_user,
    ),
    row(
        "waitlist-repeat-is-existing",
        "A repeated request is refused, since the user waits already.",
        "waitlist/same-token",
        &[id("BS-IDEM-13")],
        repeats_refused,
    ),
];

/// The estimates of an answer.
fn listed(answer: &mut Value) -> Option<&mut Vec<Value>> {
    answer.get_mut("wait_estimate")?.as_array_mut()
}

fn cause(reply: &Reply) -> Option<String> {
    text(&reply.body, "/waitlist_business_logic_failure/cause")
}

fn state(reply: &Reply) -> Option<String> {
    text(&reply.body, "/waitlist_entry/waitlist_entry_state")
}

/// Slow for the first few of the scenarios' own.
fn slow(method: Method, limit: Duration) -> Seams {
    let counted = Arc::new(AtomicUsize::new(0));
    layer(move |call, server| {
        let late = call.method == Some(method) && counted.fetch_add(1, Ordering::Relaxed) < 2;
        async move {
            if late {
                crate::time::sleep(limit + MARGIN).await;
            }
            server.answer(call).await
        }
    })
}

/// Entries as they are, but for what waits: that has no estimate.
fn without_estimate() -> Seams {
    answers(READ, |_, answer| {
        if answer["waitlist_entry"]["wait_estimate"]["wait_length"] == json!({}) {
            take(answer, "/waitlist_entry", "wait_estimate");
        }
    })
}

/// Google is given the id of the party that is at the head of the list.
fn same_ids() -> Seams {
    let head: Memory<String> = Memory::default();
    layer(move |call: ReceivedCall, server| {
        let head = head.clone();
        async move {
            let mut reply = server.answer(call.clone()).await;
            let made = text(&reply.body, "/waitlist_entry_id");
            if let (Some(JOIN), Some(made)) = (call.method, made) {
                let first = head.recall("head").filter(|first| !first.is_empty());
                match first {
                    Some(first) => {
                        // The second party is on the list under an id that nobody is told.
                        let leave = call.instead(LEAVE, json!({ "waitlist_entry_id": made }));
                        server.answer(leave).await;
                        set(&mut reply.body, "/waitlist_entry_id", first);
                    }
                    None => {
                        head.keep("head", made);
                    }
                }
            } else if call.method == Some(LEAVE) && reply.status.is_success() {
                head.keep("head", String::new());
            }
            reply
        }
    })
}

fn by_user() -> Seams {
    let first: Memory<Value> = Memory::default();
    layer(move |call: ReceivedCall, server| {
        let first = first.clone();
        async move {
            let user = call.text("/user_information/user_id");
            let (Some(JOIN), Some(user)) = (call.method, user) else {
                return server.answer(call).await;
            };
            if let Some(answer) = first.recall(&user) {
                return answer_after_credentials(&call, &server, answer).await;
            }
            let reply = server.answer(call).await;
            if reply.body.get("waitlist_entry_id").is_some() {
                first.keep(user, reply.body.clone());
            }
            reply
        }
    })
}

fn repeats_refused() -> Seams {
    let done: Memory<()> = Memory::default();
    layer(move |call: ReceivedCall, server| {
        let done = done.clone();
        async move {
            let token = call.text("/idempotency_token").unwrap_or_default();
            if call.method != Some(JOIN) {
                return server.answer(call).await;
            }
            if done.recall(&token).is_some() {
                let failure =
                    json!({ "waitlist_business_logic_failure": { "cause": "EXISTING_WAITLIST_ENTRY" } });
                return answer_after_credentials(&call, &server, failure).await;
            }
            let reply = server.answer(call).await;
            if reply.body.get("waitlist_entry_id").is_some() {
                done.keep(token, ());
            }
            reply
        }
    })
}
