//! Servers with one fault, or with a few that have nothing to do with each other.

use super::case::{CANCEL, CREATE, Case, Due, HEALTH, LOOKUP, STATUS};
use crate::trial::alter::{Alter, Answer, Memory};
use crate::trial::faults::{availability, each_object, not_found, one_booking_id, without, without_all};
use crate::trial::partner::Setting;
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::sync::watch;

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "no-look-up-but-a-text",
        alter: |_| {
            without(
                "BatchAvailabilityLookup",
                Answer::text(400, "text/plain", "Request Not Supported"),
            )
        },
        due: &[Due {
            any_of: LOOKUP,
            says: "Request Not Supported",
        }],
        kept: &[
            "BS-CREATE-01",
            "BS-UPDATE-02",
            "BS-STATUS-02",
            "BS-GEN-02",
            "BS-AUTH-02",
        ],
        open: &["BS-BAL-0", "BS-BAL-1"],
        ..Case::USUAL
    },
    Case {
        name: "no-health-no-look-up-and-a-field-of-its-own",
        alter: |_| {
            let refusal = Answer::json(422, json!({ "error": "slot.start_time: Field required" }));
            without_all(vec![
                ("HealthCheck", not_found()),
                ("BatchAvailabilityLookup", not_found()),
                ("CreateBooking", refusal),
            ])
        },
        due: &[
            Due {
                any_of: HEALTH,
                says: "HealthCheck",
            },
            Due {
                any_of: LOOKUP,
                says: "BatchAvailabilityLookup",
            },
            Due {
                any_of: CREATE,
                says: "slot.start_time: Field required",
            },
        ],
        open: &["BS-BAL-", "BS-CREATE-0", "BS-UPDATE-"],
        ..Case::USUAL
    },
    Case {
        name: "null-in-place-of-the-entries",
        alter: |_| {
            let null = Answer::json(200, json!({ "slot_time_availability": null }));
            without("BatchAvailabilityLookup", null)
        },
        due: &[Due {
            any_of: &["BS-BAL-01"],
            says: "null",
        }],
        never: &["which Google does not read"],
        kept: &["BS-CREATE-01"],
        ..Case::USUAL
    },
    Case {
        name: "a-form-of-look-up-of-its-own",
        alter: |_| {
            let error = "merchant_id, slot_time_range, and party_size are required";
            without(
                "BatchAvailabilityLookup",
                Answer::json(400, json!({ "error": error })),
            )
        },
        due: &[Due {
            any_of: LOOKUP,
            says: "slot_time_range, and party_size are required",
        }],
        kept: &["BS-CREATE-01"],
        ..Case::USUAL
    },
    Case {
        name: "one-state-for-every-booking",
        alter: |_| {
            let state = json!({ "booking_id": "1", "booking_status": "BOOKING_STATUS_UNSPECIFIED" });
            without("GetBookingStatus", Answer::json(200, state))
        },
        due: &[Due {
            any_of: &["BS-STATUS-02", "BS-STATUS-04"],
            says: "BOOKING_STATUS_UNSPECIFIED",
        }],
        may: &["BS-STATUS-01", "BS-STATUS-02", "BS-STATUS-03", "BS-STATUS-04"],
        kept: &["BS-CREATE-01", "BS-UPDATE-02", "BS-LIST-01"],
        report: Some(|report| said_more_than_once(report, "prepayment_status")),
        ..Case::USUAL
    },
    Case {
        name: "one-booking-id",
        alter: |_| one_booking_id(),
        due: &[Due {
            any_of: &["BS-CREATE-02"],
            says: "1234",
        }],
        // Requests that expire are notified under the ids that nobody was given.
        may: &["RTU-GEN-03"],
        never: &["as numbers"],
        ..Case::USUAL
    },
    Case {
        name: "booleans-as-text",
        alter: |_| availability(|is_free| json!(is_free.to_string())),
        due: &[Due {
            any_of: &["BS-BAL-01"],
            says: "\"true\"",
        }],
        kept: &["BS-CREATE-01", "BS-UPDATE-02"],
        ..Case::USUAL
    },
    Case {
        name: "cancellations-echoed-without-ids",
        alter: echoes_without_ids,
        // Scenarios that change nothing: what is cancelled there is cancelled by the clean-up.
        setting: Setting {
            filters: &["amounts/**"],
            ..Setting::WHOLE
        },
        due: &[Due {
            any_of: &["REQ-02"],
            says: "merchantId",
        }],
        // That an echo is no duty is another remark.
        may: &["RTU-GEN-04"],
        report: Some(|report| {
            let scenarios = report["scenarios"].as_array().into_iter().flatten();
            let failed = scenarios.filter(|scenario| scenario["verdict"] == "fail");
            let ids = failed.filter_map(|scenario| scenario["id"].as_str());
            let red = ids.filter(|id| id.starts_with("amounts/")).count();
            (red > 0).then(|| format!("{red} scenarios are red for what the clean-up met"))
        }),
        ..Case::USUAL
    },
    Case {
        name: "only-bookings-with-a-price",
        alter: |_| {
            Alter::calls(|call| {
                let has_price = call.json.pointer("/payment_information/price").is_some();
                if call.method() == "CreateBooking" && !has_price {
                    let error = json!({ "error": "payment_information.price is required" });
                    call.answer_instead(Answer::json(400, error));
                }
                None
            })
        },
        due: &[Due {
            any_of: CREATE,
            says: "payment_information.price is required",
        }],
        never: &["refused without `payment_information`"],
        ..Case::USUAL
    },
    Case {
        name: "changes-answered-and-not-made",
        alter: |_| unchanged(),
        due: &[
            Due {
                any_of: CANCEL,
                says: "CONFIRMED",
            },
            Due {
                any_of: STATUS,
                says: "404",
            },
        ],
        // A move is not made either, and what has to be refused is answered in the same way.
        may: &[
            "BS-UPDATE-03",
            "BS-UPDATE-05",
            "BS-UPDATE-06",
            "BS-UPDATE-07",
            "BS-UPDATE-14",
            "FAIL-09",
        ],
        kept: &["BS-CREATE-01", "BS-BAL-01"],
        ..Case::USUAL
    },
    Case {
        name: "second-given-name-lost",
        alter: |_| {
            Alter::answers(|_, answer| {
                each_object(&mut answer.json, &|fields| {
                    let name = fields.get_mut("given_name");
                    if let Some(name) = name
                        && let Some((first, _)) = name.as_str().and_then(|name| name.split_once(' '))
                    {
                        *name = json!(first);
                    }
                });
            })
        },
        setting: Setting {
            filters: &["wire/utf8"],
            ..Setting::WHOLE
        },
        due: &[Due {
            any_of: &["BS-JSON-10", "BS-CREATE-05"],
            says: "雅",
        }],
        never: &["not kept as UTF-8"],
        ..Case::USUAL
    },
    Case {
        name: "feed-with-fewer-spots",
        setting: Setting {
            feeds: Some(|feed| each_slot(feed, one_spot)),
            ..Setting::WHOLE
        },
        due: &[Due {
            any_of: &["FEED-AVL-10"],
            says: "disagree on the number of spots",
        }],
        never: &["was booked once more"],
        kept: &["BS-CREATE-01"],
        // The feed may be out of date, so it is a warning; what hangs on the last spot stays open until it is mended.
        exit: &[3],
        ..Case::USUAL
    },
];

/// More than one sentence of a requirement with a word in it is one too many.
fn said_more_than_once(report: &Value, word: &str) -> Option<String> {
    let scenarios = report["scenarios"].as_array().into_iter().flatten();
    let findings = scenarios.flat_map(|scenario| scenario["findings"].as_array().into_iter().flatten());
    let messages = findings.filter_map(|finding| finding["message"].as_str());
    let said: std::collections::BTreeSet<_> = messages.filter(|message| message.contains(word)).collect();
    (said.len() > 1).then(|| format!("`{word}` is said in {} ways", said.len()))
}

/// Tells Google of every cancellation that Google asked for, and does not say whose booking it was.
fn echoes_without_ids(google: SocketAddr) -> Alter {
    let (tokens, token) = watch::channel(None::<HeaderValue>);
    let mut alter = Alter::answers(move |call, answer| {
        let is_cancelled = call.text("/booking/status") == Some("CANCELED") && answer.status == 200;
        let id = call.text("/booking/booking_id").filter(|_| is_cancelled);
        if let Some(id) = id {
            let mut token = token.clone();
            let name = format!("partners/{}/bookings/{id}", reference::PARTNER_ID);
            let url = format!("http://{google}/v1alpha/notification/{name}?updateMask=status");
            let body = json!({ "name": name, "status": "CANCELED" });
            tokio::spawn(async move {
                let Ok(token) = token.wait_for(Option::is_some).await.map(|token| token.clone()) else {
                    return;
                };
                let Some(token) = token else { return };
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                // Google may be gone by then.
                let _ = client
                    .patch(url)
                    .header(AUTHORIZATION, token)
                    .json(&body)
                    .send()
                    .await;
            });
        }
    });
    alter.notification = Box::new(move |call| {
        if let Some(token) = call.headers.get(AUTHORIZATION) {
            tokens.send_replace(Some(token.clone()));
        }
        None
    });
    alter
}

/// Answers every change with the booking as it was made, and has no way to ask for its state.
fn unchanged() -> Alter {
    let made: Memory<Value> = Memory::default();
    let known = made.clone();
    Alter::calls(move |call| {
        if call.method() == "GetBookingStatus" {
            call.answer_instead(not_found());
        } else if call.method() == "UpdateBooking" {
            let booking = known.recall(call.text("/booking/booking_id")?)?;
            call.answer_instead(Answer::json(200, json!({ "booking": booking })));
        }
        None
    })
    .and_answers(move |call, answer| {
        let booking = answer
            .json
            .get("booking")
            .filter(|_| call.method() == "CreateBooking");
        if let Some(id) = booking.and_then(|booking| booking["booking_id"].as_str()) {
            made.keep(id, answer.json["booking"].clone());
        }
    })
}

/// Changes every slot of an availability feed.
pub(crate) fn each_slot(feed: &mut Value, change: fn(&mut Value)) {
    let groups = feed.get_mut("service_availability").and_then(Value::as_array_mut);
    for group in groups.into_iter().flatten() {
        let slots = group["availability"].as_array_mut();
        slots.into_iter().flatten().for_each(change);
    }
}

fn one_spot(slot: &mut Value) {
    for name in ["spots_total", "spots_open"] {
        if slot[name].is_number() || slot[name].is_string() {
            slot[name] = json!(1);
        }
    }
}
