//! What integrations that others wrote were seen to do, one at a time.

use super::case::{CREATE, Case, Due, notifications};
use crate::trial::alter::{Alter, Answer, Memory};
use crate::trial::faults::{each_object, entries};
use crate::trial::partner::Setting;
use serde_json::{Map, Value, json};

/// A call to a path that Google does not have.
const NO_METHOD: &[&str] = &["RTU-GEN-02"];
/// An inventory update in a place or a form that Google does not have.
const NO_UPDATE: &[&str] = &["INV-01", "INV-15", "INV-18", "RTU-GEN-02"];

/// What a run of these scenarios is like.
const fn only(filters: &'static [&'static str]) -> Setting {
    Setting {
        filters,
        ..Setting::WHOLE
    }
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "booking-id-is-a-number",
        alter: |_| Alter::answers(|_, answer| each_object(&mut answer.json, &number_bookings)),
        setting: only(&["lifecycle/cancel-by-google", "lifecycle/reschedule-by-google"]),
        due: &[Due {
            any_of: CREATE,
            says: "booking_id",
        }],
        may: &["BS-LIST-05"],
        // Nobody knows these bookings under the number: they may exist, and that has to be said.
        report: Some(|report| {
            let standing = report["may_stand"].as_array().map_or(0, Vec::len);
            (standing < 2).then(|| format!("{standing} bookings are said to exist still"))
        }),
        ..Case::USUAL
    },
    Case {
        name: "warning-before-the-json",
        alter: |_| {
            Alter::answers(|_, answer| {
                if answer.status == 200 && !answer.json.is_null() {
                    let warning = "<br />\n<b>Warning</b>:  Undefined array key in <b>booking.php</b> on line <b>88</b><br />\n";
                    answer.raw = Some(format!("{warning}{}", answer.json).into_bytes());
                }
            })
        },
        setting: only(&["lifecycle/cancel-by-google"]),
        due: &[Due {
            any_of: CREATE,
            says: "<b>Warning</b>",
        }],
        may: &["BS-BAL-01", "BS-UPDATE-22"],
        ..Case::USUAL
    },
    Case {
        name: "availability-as-enum",
        alter: |_| {
            Alter::answers(|call, answer| {
                if call.method() == "BatchAvailabilityLookup" {
                    for entry in entries(answer) {
                        let is_free = take_availability(entry);
                        entry["spots_open"] = json!(u8::from(is_free));
                        entry["availability"] = json!(if is_free { "AVAILABLE" } else { "UNAVAILABLE" });
                    }
                }
            })
        },
        setting: only(&["lookup/**", "auth/**"]),
        due: &[Due {
            any_of: &["BS-BAL-01"],
            says: "availability",
        }],
        ..Case::USUAL
    },
    Case {
        name: "availability-as-a-count",
        alter: |_| {
            Alter::answers(|call, answer| {
                if call.method() == "BatchAvailabilityLookup" {
                    for entry in entries(answer) {
                        entry["count_available"] = json!(u8::from(take_availability(entry)));
                    }
                }
            })
        },
        setting: only(&["lookup/**", "auth/**"]),
        due: &[Due {
            any_of: &["BS-BAL-01"],
            says: "count_available",
        }],
        ..Case::USUAL
    },
    Case {
        name: "moves-are-ignored",
        alter: |_| moves_ignored(),
        setting: only(&["lifecycle/reschedule-by-google"]),
        due: &[Due {
            any_of: &["BS-UPDATE-06", "BS-UPDATE-07"],
            says: "",
        }],
        // A guess that is marked as one is no claim.
        never: &["not carried out; the server waits"],
        ..Case::USUAL
    },
    Case {
        name: "skeleton",
        alter: |_| skeleton(),
        setting: only(&[
            "wire/long-digits",
            "lifecycle/list-of-a-user",
            "idempotency/new-token-new-booking",
        ]),
        due: &[Due {
            any_of: &["BS-CREATE-02"],
            says: "1234",
        }],
        // No booking of anybody is ever listed.
        may: &["BS-LIST-01"],
        never: &["as numbers", "query string"],
        ..Case::USUAL
    },
    Case {
        name: "feed-begins-in-two-weeks",
        setting: Setting {
            filters: &["lookup/never-there"],
            feeds: Some(|feed| {
                let later = jiff::Timestamp::now().as_second() + 15 * 86_400;
                let groups = feed.get_mut("service_availability").and_then(Value::as_array_mut);
                for slots in groups
                    .into_iter()
                    .flatten()
                    .filter_map(|group| group["availability"].as_array_mut())
                {
                    slots.retain(|slot| slot["start_sec"].as_i64() > Some(later));
                }
            }),
            ..Setting::WHOLE
        },
        kept: &["BS-BAL-03"],
        ..Case::RIGHT
    },
    Case {
        name: "inventory-never-told",
        alter: |_| {
            notifications(|call| {
                call.path
                    .contains("/v1alpha/inventory/")
                    .then(|| Answer::json(200, json!({})))
            })
        },
        setting: only(&["inventory/**"]),
        may: &["INV-01", "INV-02", "INV-04"],
        open: &["INV-"],
        exit: &[0, 1, 3],
        report: Some(|report| {
            let scenarios = report["scenarios"].as_array().into_iter().flatten();
            let passed = scenarios.filter(|scenario| scenario["verdict"] == "pass");
            let ids = passed.filter_map(|scenario| scenario["id"].as_str());
            let names: Vec<_> = ids.filter(|id| id.starts_with("inventory/")).collect();
            (!names.is_empty()).then(|| format!("passed without any update: {}", names.join(", ")))
        }),
        ..Case::USUAL
    },
    Case {
        name: "more-spots-open-than-there-are",
        alter: |_| {
            notifications(|call| {
                for slot in updated_slots(&mut call.json) {
                    let total: i64 = slot["spotsTotal"]
                        .as_str()
                        .and_then(|total| total.parse().ok())
                        .unwrap_or(1);
                    slot["spotsOpen"] = json!((total + 2).to_string());
                }
                None
            })
        },
        setting: only(&["inventory/taken-and-freed"]),
        due: &[Due {
            any_of: &["INV-01", "INV-10", "FEED-AVL-10", "FEED-AVL-11"],
            says: "spotsTotal",
        }],
        ..Case::USUAL
    },
    Case {
        name: "notify-is-a-method-of-its-own",
        alter: |_| {
            notifications(|call| {
                if let Some((before, _)) = call.path.split_once("/bookings/") {
                    call.path = format!("{before}/bookings:notify");
                    "POST".clone_into(&mut call.verb);
                    call.json = json!({ "booking": call.json });
                }
                None
            })
        },
        setting: only(&["lifecycle/merchant-cancels"]),
        due: &[Due {
            any_of: NO_METHOD,
            says: "bookings:notify",
        }],
        report: Some(|report| lists_invented(report, "bookings:notify")),
        ..Case::USUAL
    },
    Case {
        name: "update-status-is-a-method-of-its-own",
        alter: |_| {
            notifications(|call| {
                if call.path.contains("/notification/") {
                    let path = call.path.split('?').next().unwrap_or_default();
                    call.path = format!("{path}:updateStatus");
                    "POST".clone_into(&mut call.verb);
                }
                None
            })
        },
        setting: only(&["lifecycle/merchant-cancels"]),
        due: &[Due {
            any_of: NO_METHOD,
            says: ":updateStatus",
        }],
        report: Some(|report| lists_invented(report, ":updateStatus")),
        ..Case::USUAL
    },
    Case {
        name: "path-with-v1",
        alter: |_| {
            notifications(|call| {
                call.path = call.path.replace("/v1alpha/notification", "/v1/notification");
                None
            })
        },
        setting: only(&["lifecycle/merchant-cancels"]),
        due: &[Due {
            any_of: NO_METHOD,
            says: "/v1/notification",
        }],
        ..Case::USUAL
    },
    Case {
        name: "replace-below-the-merchant",
        alter: |_| {
            notifications(|call| {
                let merchant = call
                    .text("/extendedServiceAvailability/0/merchantId")
                    .map(ToOwned::to_owned);
                if let Some(merchant) = merchant {
                    let path = format!("/merchants/{merchant}/availability:replace");
                    call.path = call.path.replace("/availability:replace", &path);
                }
                None
            })
        },
        setting: only(&["inventory/taken-and-freed"]),
        due: &[Due {
            any_of: NO_UPDATE,
            says: "/availability:replace",
        }],
        ..Case::USUAL
    },
    Case {
        name: "replace-without-the-list-around",
        alter: |_| {
            notifications(|call| {
                if let Some(entry) = call.json.pointer("/extendedServiceAvailability/0") {
                    call.json = entry.clone();
                }
                None
            })
        },
        setting: only(&["inventory/taken-and-freed"]),
        due: &[Due {
            any_of: NO_UPDATE,
            says: "extendedServiceAvailability",
        }],
        never: &["uses a field name of the feeds"],
        ..Case::USUAL
    },
];

/// Bookings with a number for an id, under which the server does not know them.
fn number_bookings(fields: &mut Map<String, Value>) {
    let id = fields.get("booking_id").and_then(Value::as_str);
    let number = id.map(|id| {
        id.bytes()
            .take(5)
            .fold(0_u64, |number, byte| number * 256 + u64::from(byte))
    });
    if let Some(number) = number {
        fields["booking_id"] = json!(number);
    }
}

fn take_availability(entry: &mut Value) -> bool {
    let fields = entry.as_object_mut();
    fields.and_then(|fields| fields.shift_remove("available")) == Some(json!(true))
}

/// Answers every move with the booking as it was made.
fn moves_ignored() -> Alter {
    let made: Memory<Value> = Memory::default();
    let known = made.clone();
    Alter::calls(move |call| {
        call.json
            .pointer("/booking/slot")
            .filter(|_| call.method() == "UpdateBooking")?;
        let booking = known.recall(call.text("/booking/booking_id")?)?;
        call.answer_instead(Answer::json(200, json!({ "booking": booking })));
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

/// What a generator of servers leaves to be filled in: it echoes what it was sent.
fn skeleton() -> Alter {
    Alter::calls(|call| {
        let asked = &call.json;
        let user = &asked["user_information"]["user_id"];
        let answer = match call.method() {
            "CreateBooking" => json!({ "booking": {
                "booking_id": "1234",
                "slot": asked["slot"],
                "user_information": { "user_id": user },
                "payment_information": asked["payment_information"],
                "status": "CONFIRMED",
            } }),
            "UpdateBooking" => json!({ "booking": {
                "booking_id": asked["booking"]["booking_id"],
                "status": asked["booking"]["status"],
            } }),
            "ListBookings" => json!({ "bookings": [] }),
            _ => return None,
        };
        call.answer_instead(Answer::json(200, answer));
        None
    })
}

fn updated_slots(update: &mut Value) -> impl Iterator<Item = &mut Value> {
    let entries = update
        .get_mut("extendedServiceAvailability")
        .and_then(Value::as_array_mut);
    let slots = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["availability"].as_array_mut());
    slots.flatten()
}

/// The complaint unless the report lists calls to this method, and leads to the one that is meant.
fn lists_invented(report: &Value, method: &str) -> Option<String> {
    let listed = report["notifications"]["invented"]
        .as_array()
        .into_iter()
        .flatten();
    let mut called = listed.filter(|one| {
        one["called"]
            .as_str()
            .is_some_and(|called| called.ends_with(method))
    });
    let meant = called.next().and_then(|one| one["meant"].as_str());
    let is_led = meant.is_some_and(|meant| {
        meant.starts_with("PATCH /v1alpha/notification/partners/") && meant.contains("/bookings/")
    });
    (!is_led).then(|| format!("{method} is not listed with the method that is meant: {meant:?}"))
}
