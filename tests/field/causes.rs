//! Faults that show in nearly everything: each has one cause, and that is told.

use super::case::{Case, Due, notifications};
use crate::trial::alter::{Alter, Call, Memory};
use crate::trial::faults::each_object;
use crate::trial::partner::Setting;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What a run of these scenarios is like.
const fn only(filters: &'static [&'static str]) -> Setting {
    Setting {
        filters,
        ..Setting::WHOLE
    }
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "ids-from-sixteen-values",
        alter: |_| sixteen_ids(),
        due: &[Due {
            any_of: &["BS-CREATE-02"],
            says: "two different bookings have the same booking id",
        }],
        never: &["as numbers", "perhaps"],
        report: Some(|report| first_cause(report, "BS-CREATE-02")),
        ..Case::USUAL
    },
    Case {
        name: "only-the-end-of-a-token",
        alter: |_| end_of_token(),
        due: &[Due {
            any_of: &["BS-IDEM-05"],
            says: "was answered with the booking that an earlier token had made",
        }],
        never: &["as numbers", "two different bookings"],
        report: Some(|report| first_cause(report, "BS-IDEM-05")),
        ..Case::USUAL
    },
    Case {
        name: "inventory-two-hours-late",
        alter: |_| {
            notifications(|call| {
                if call.path.contains("/inventory/") {
                    each_time(&mut call.json, &|second| second + 2 * 3600);
                }
                None
            })
        },
        due: &[Due {
            any_of: &["INV-01"],
            says: "120 minutes after booked ones",
        }],
        report: Some(|report| first_cause(report, "INV-01")),
        ..Case::USUAL
    },
    Case {
        name: "new-slots-are-told-of-as-well",
        alter: |_| {
            notifications(|call| {
                if call.path.contains("/inventory/") {
                    add_new_slots(&mut call.json);
                }
                None
            })
        },
        setting: only(&["inventory/**", "lifecycle/**"]),
        // They lie beside the window, which is another remark.
        may: &["INV-14"],
        ..Case::RIGHT
    },
    Case {
        name: "the-party-stays-as-it-was",
        alter: |_| same_party(),
        setting: only(&["lifecycle/**"]),
        due: &[Due {
            any_of: &["BS-UPDATE-05"],
            says: "it was not made",
        }],
        report: Some(|report| {
            let scenarios = report["scenarios"].as_array().into_iter().flatten();
            let mut own = scenarios.filter(|one| one["id"] == "lifecycle/party-size-by-google");
            let verdict = own.next().map(|one| one["verdict"].clone());
            (verdict != Some(json!("fail"))).then(|| format!("its scenario is {verdict:?}"))
        }),
        ..Case::USUAL
    },
];

fn first_cause(report: &Value, requirement: &str) -> Option<String> {
    let first = &report["findings_by_cause"][0];
    let is_it = first["requirement"] == requirement && first["basic"] == true;
    (!is_it).then(|| format!("the first finding is {}", first["requirement"]))
}

/// Ids of which there are sixteen; each means the newest booking that has it.
fn sixteen_ids() -> Alter {
    let short = |id: &str| format!("bk-{:x}", id.bytes().map(u32::from).sum::<u32>() % 16);
    let newest: Memory<Value> = Memory::default();
    let meant = newest.clone();
    let mut alter = Alter::calls(move |call| {
        for pointer in ["/booking_id", "/booking/booking_id"] {
            let real = call.text(pointer).and_then(|id| meant.recall(id));
            if let Some((place, real)) = call.json.pointer_mut(pointer).zip(real) {
                *place = real;
            }
        }
        None
    })
    .and_answers(move |call, answer| {
        let id = answer.json.pointer("/booking/booking_id").and_then(Value::as_str);
        if let Some(id) = id.filter(|_| call.method() == "CreateBooking") {
            newest.keep(short(id), json!(id));
        }
        each_object(&mut answer.json, &|fields| {
            if let Some(id) = fields.get_mut("booking_id")
                && let Some(text) = id.as_str()
            {
                *id = json!(short(text));
            }
        });
    });
    alter.notification = Box::new(move |call: &mut Call| {
        if let Some((head, rest)) = call.path.split_once("/bookings/") {
            let (id, query) = rest.split_once('?').unwrap_or((rest, ""));
            let (named, head) = (short(id), head.to_owned());
            let text = call.json.to_string().replace(id, &named);
            let query = if query.is_empty() {
                String::new()
            } else {
                format!("?{query}")
            };
            call.path = format!("{head}/bookings/{named}{query}");
            call.json = serde_json::from_str(&text).unwrap_or_default();
        }
        None
    });
    alter
}

/// Of a token the last four characters are compared.
fn end_of_token() -> Alter {
    let answers: Memory<(String, Value)> = Memory::default();
    let known = answers.clone();
    let end = |token: &str| token.chars().rev().take(4).collect::<String>();
    Alter::calls(move |call| {
        let token = call.text("/idempotency_token").map(ToOwned::to_owned)?;
        let (first, booking) = known
            .recall(&end(&token))
            .filter(|_| call.method() == "CreateBooking")?;
        (first != token).then(|| crate::trial::alter::Answer::json(200, booking))
    })
    .and_answers(move |call, answer| {
        let token = call.text("/idempotency_token").unwrap_or_default().to_owned();
        let is_made = call.method() == "CreateBooking" && answer.json.get("booking").is_some();
        if is_made && answers.recall(&end(&token)).is_none() {
            answers.keep(end(&token), (token, answer.json.clone()));
        }
    })
}

/// Changes every time of an inventory update.
fn each_time(message: &mut Value, change: &dyn Fn(i64) -> i64) {
    each_object(message, &|fields| {
        for name in ["startTime", "startTimeRestrict", "endTimeRestrict"] {
            let Some(time) = fields.get_mut(name) else {
                continue;
            };
            let read = time.as_str().and_then(|text| text.parse::<Timestamp>().ok());
            let moved = read.and_then(|read| Timestamp::from_second(change(read.as_second())).ok());
            if let Some(moved) = moved {
                *time = json!(moved.to_string());
            }
        }
    });
}

/// Beside each slot one that was opened since the export, and of which a guest of the partner's own has taken a place.
fn add_new_slots(message: &mut Value) {
    each_object(message, &|fields| {
        let Some(list) = fields.get_mut("availability").and_then(Value::as_array_mut) else {
            return;
        };
        let more: Vec<Value> = list
            .iter()
            .filter(|slot| slot.get("startTime").is_some())
            .map(|slot| {
                let mut slot = slot.clone();
                each_time(&mut slot, &|second| second + 7 * 60);
                slot["spotsTotal"] = json!("2");
                slot["spotsOpen"] = json!("1");
                slot
            })
            .collect();
        list.extend(more);
    });
}

/// A change of the party size is answered as if it were made, with the party as it was.
fn same_party() -> Alter {
    let parties: Memory<Value> = Memory::default();
    let known = parties.clone();
    Alter::calls(move |call| {
        let pointer = "/booking/slot/resources/party_size";
        let id = call.text("/booking/booking_id").map(ToOwned::to_owned)?;
        if let Some((place, party)) = call.json.pointer_mut(pointer).zip(known.recall(&id)) {
            *place = party;
        }
        None
    })
    .and_answers(move |call, answer| {
        let party = answer.json.pointer("/booking/slot/resources/party_size");
        let id = answer.json.pointer("/booking/booking_id").and_then(Value::as_str);
        if let Some((id, party)) = id.zip(party).filter(|_| call.method() == "CreateBooking") {
            parties.keep(id, party.clone());
        }
    })
}
