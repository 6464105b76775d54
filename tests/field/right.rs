//! Partners with one difference that is right: nothing may be found.

use super::case::{Case, notifications};
use crate::trial::alter::{Alter, Answer, Memory};
use crate::trial::faults::each_object;
use crate::trial::partner::{Patience, Setting};
use domain::Capability;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// More than the patience of the run that has to bear it.
const LATE: Duration = Duration::from_millis(3300);

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "no-difference",
        kept: &[
            "BS-CREATE-01",
            "BS-UPDATE-02",
            "RTU-CANCEL-01",
            "INV-01",
            "PAY-DEP-06",
        ],
        ..Case::RIGHT
    },
    Case {
        name: "a-new-booking-is-201",
        alter: |_| {
            Alter::answers(|call, answer| {
                if call.method() == "CreateBooking" && answer.json.get("booking").is_some() {
                    answer.status = 201;
                }
            })
        },
        ..Case::RIGHT
    },
    Case {
        name: "inventory-updates-come-late",
        alter: |_| {
            notifications(|call| {
                if call.path.contains("/inventory/") {
                    call.delay = LATE;
                    call.is_taken_at_once = true;
                }
                None
            })
        },
        setting: Setting {
            patience: Patience {
                within: SignedDuration::from_secs(3),
                quiet: SignedDuration::from_secs(1),
            },
            ..Setting::WHOLE
        },
        // That they came late may be said, as a warning: exit 0 all the same.
        may: &["INV-01", "INV-02", "INV-04", "RTU-RESCHED-05", "VIRT-19"],
        ..Case::RIGHT
    },
    Case {
        name: "no-inventory-update-ever",
        alter: |_| {
            notifications(|call| {
                let is_update = call.path.contains("/inventory/");
                is_update.then(|| Answer::json(200, json!({})))
            })
        },
        report: Some(waits_once),
        // The server does send them, and they get lost: one of them may bear the token that AUTH-09 wants to see refused.
        exit: &[0, 3],
        ..Case::RIGHT
    },
    Case {
        name: "ids-of-usual-length",
        alter: |_| {
            Alter::calls(|call| {
                let is_long = |pointer, most| call.text(pointer).is_some_and(|text| text.len() > most);
                let too_long = [
                    ("/idempotency_token", 20),
                    ("/user_information/user_id", 21),
                    ("/user_id", 21),
                ];
                let error = json!({ "error": "value too long" });
                if too_long.into_iter().any(|(pointer, most)| is_long(pointer, most)) {
                    call.answer_instead(Answer::json(400, error));
                }
                None
            })
        },
        ..Case::RIGHT
    },
    Case {
        name: "bookings-take-two-seconds",
        alter: |_| {
            Alter::calls(|call| {
                if matches!(call.method(), "CreateBooking" | "UpdateBooking") {
                    call.delay = Duration::from_secs(2);
                }
                None
            })
        },
        ..Case::RIGHT
    },
    Case {
        name: "no-payments-at-all",
        setting: Setting {
            feeds: Some(without_payments),
            config: Some(|file| {
                file.cards = None;
                file.capabilities
                    .retain(|(capability, _)| *capability != Capability::Orders);
            }),
            ..Setting::WHOLE
        },
        ..Case::RIGHT
    },
    Case {
        name: "transaction-zero-without-money",
        alter: |_| Alter::answers(|_, answer| each_object(&mut answer.json, &number_payments)),
        ..Case::RIGHT
    },
    Case {
        name: "one-booking-per-guest-and-day",
        alter: |_| one_per_day(),
        // What one guest cannot do in a day may stay open.
        exit: &[0, 3],
        ..Case::RIGHT
    },
    Case {
        name: "names-cut-at-the-first-blank",
        alter: |_| Alter::answers(|_, answer| each_object(&mut answer.json, &cut_names)),
        ..Case::RIGHT
    },
];

/// Where none ever comes, a second update is not waited for to the end.
fn waits_once(report: &Value) -> Option<String> {
    let all = report["scenarios"].as_array().unwrap();
    let waited = all.iter().find(|one| one["id"] == "inventory/taken-and-freed");
    let waited = waited.unwrap()["waits_ms"].as_u64().unwrap();
    let within = u64::try_from(Setting::WHOLE.patience.within.as_millis()).unwrap();
    let is_once = (within..within * 2).contains(&waited);
    (!is_once).then(|| format!("waited {waited} ms, with a patience of {within} ms"))
}

/// Services that cost nothing before the guest is there.
const UNPAID: [(&str, &str); 8] = [
    ("harbour-salon", "cut"),
    ("north-studio", "spin-class"),
    ("walkin-east", "trim"),
    ("walkin-west", "trim"),
    ("quiet-corner", "ask-first"),
    ("canal-cycles", "tune-up"),
    ("corner-barber", "shave"),
    ("corner-barber", "shaving-class"),
];

fn without_payments(feed: &mut Value) {
    let is_unpaid = |record: &Value| {
        let unpaid = |(merchant, service): &(&str, &str)| {
            record["merchant_id"] == *merchant && record["service_id"] == *service
        };
        UNPAID.iter().any(unpaid)
    };
    if let Some(merchants) = feed.get_mut("merchant").and_then(Value::as_array_mut) {
        merchants.retain(|merchant| UNPAID.iter().any(|(id, _)| merchant["merchant_id"] == *id));
        for merchant in merchants.iter_mut().filter_map(Value::as_object_mut) {
            for name in ["tokenization_config", "payment_restrictions", "payment_option"] {
                merchant.shift_remove(name);
            }
        }
    }
    if let Some(services) = feed.get_mut("service").and_then(Value::as_array_mut) {
        services.retain(is_unpaid);
    }
    let groups = feed.get_mut("service_availability").and_then(Value::as_array_mut);
    for slots in groups
        .into_iter()
        .flatten()
        .filter_map(|group| group["availability"].as_array_mut())
    {
        slots.retain(is_unpaid);
    }
}

/// Gives everything that no money was paid for a transaction id that says so.
fn number_payments(fields: &mut Map<String, Value>) {
    let payment = fields
        .get_mut("payment_information")
        .and_then(Value::as_object_mut);
    if let Some(payment) = payment.filter(|payment| !payment.contains_key("payment_transaction_id")) {
        payment.insert("payment_transaction_id".to_owned(), json!("0"));
    }
}

/// Lawfully refuses a guest who has a reservation that day.
fn one_per_day() -> Alter {
    let days: Memory<String> = Memory::default();
    let (held, bookings) = (days.clone(), days);
    Alter::calls(move |call| {
        let day = day_of(&call.json)?;
        let token = call.text("/idempotency_token")?;
        let holder = held.recall(&day).filter(|holder| holder != token)?;
        let description = "You already have a reservation that day";
        let failure = json!({ "cause": "SLOT_UNAVAILABLE", "description": description });
        if !holder.is_empty() {
            call.answer_instead(Answer::json(200, json!({ "booking_failure": failure })));
        }
        None
    })
    .and_answers(move |call, answer| {
        let Some(booking) = answer.json.get("booking") else {
            return;
        };
        let id = booking["booking_id"].as_str().unwrap_or_default();
        if let (Some(day), Some(token)) = (day_of(&call.json), call.text("/idempotency_token")) {
            bookings.keep(&day, token.to_owned());
            bookings.keep(id, day);
        } else if let Some(day) = bookings.recall(id).filter(|_| booking["status"] == "CANCELED") {
            bookings.keep(day, String::new());
        }
    })
}

/// Guest and day of a call that books.
fn day_of(call: &Value) -> Option<String> {
    let user = call.pointer("/user_information/user_id")?.as_str()?;
    let start = call.pointer("/slot/start_sec")?;
    let start: i64 = start.as_i64().or_else(|| start.as_str()?.parse().ok())?;
    Some(format!("{user} {}", start.div_euclid(86_400)))
}

/// Keeps names in one field and takes what stands before the first blank for the given name.
fn cut_names(fields: &mut Map<String, Value>) {
    let part = |name: &str| fields.get(name)?.as_str().map(ToOwned::to_owned);
    if let (Some(given), Some(family)) = (part("given_name"), part("family_name")) {
        let whole = format!("{given} {family}");
        let (given, family) = whole.split_once(' ').unwrap_or((&whole, ""));
        fields["given_name"] = json!(given);
        fields["family_name"] = json!(family);
    }
}
