//! What Google is told of changes on the partner's side.

use super::repeat::told_again;
use crate::notifications::{
    Acts, is_patch, lose, lose_after, map_mask, notifier, on_change, patches, patches_after, unmask,
};
use crate::wire::{Memory, layer, take, text};
use crate::{Amendments, Defect, id};
use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware::{Next, from_fn};
use jiff::{SignedDuration, Timestamp};
use reference_server::{BookingChange, BookingStatus, HttpDecorator, Outgoing, Seams, Subject};
use serde_json::{Value, json};
use std::sync::Arc;

const TWO_HOURS: SignedDuration = SignedDuration::from_hours(2);

const PREPAYMENT: &str = "paymentInformation.prepaymentStatus";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "second-move-not-told",
        about: "Only the first move of a repair is told.",
        scenario: "lifecycle/moved-twice-then-cancelled",
        violates: &[id("RTU-GEN-01")],
        amendments: Amendments::NONE,
        seams: first_move_only,
    },
    Defect {
        name: "invented-method",
        about: "Notifications go to a path that the API does not have.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-GEN-02")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.path = message.path.replace("/notification/", "/")),
    },
    Defect {
        name: "version-of-its-own",
        about: "Notifications go to another version of the API than the one that there is.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-GEN-02")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.path = message.path.replace("/v1alpha/", "/v1/")),
    },
    Defect {
        name: "notify-method",
        about: "Notifications are sent by POST to an invented method, around a message of its own.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-GEN-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                let bookings = message.path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
                message.path = format!("{}:notify", bookings.unwrap_or_default());
                "POST".clone_into(&mut message.method);
                message.query.clear();
                message.body = json!({ "booking": message.body });
            })
        },
    },
    Defect {
        name: "update-status-method",
        about: "Notifications are sent by POST, with an invented verb behind the booking's id.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-GEN-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                message.path.push_str(":updateStatus");
                "POST".clone_into(&mut message.method);
                message.query.clear();
            })
        },
    },
    Defect {
        name: "start-two-hours-late",
        about: "A new start is told in local time, with a Z.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("RTU-RESCHED-01")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("reschedule", |message| {
                let start = message.body["startTime"]
                    .as_str()
                    .and_then(|text| text.parse::<Timestamp>().ok());
                let late = start.and_then(|start| start.checked_add(TWO_HOURS).ok());
                if let Some(late) = late {
                    message.body["startTime"] = json!(late.to_string());
                }
            })
        },
    },
    Defect {
        name: "internal-id",
        about: "Notifications name the booking by the calendar's own id.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-GEN-05")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                message.path = message.path.replace("/bookings/", "/bookings/int-");
                let name = message.body["name"].as_str().unwrap_or_default();
                message.body["name"] = json!(name.replace("/bookings/", "/bookings/int-"));
            })
        },
    },
    Defect {
        name: "slash-in-the-id",
        about: "Booking ids hold a slash, which is not encoded in the path of notifications.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("REQ-11")],
        amendments: Amendments::NONE,
        seams: slash_in_ids,
    },
    Defect {
        name: "cancellation-masks-everything",
        about: "The mask of a cancellation names start and duration, too.",
        scenario: "lifecycle/user-cancels-at-partner",
        violates: &[id("RTU-CANCEL-05")],
        amendments: Amendments::NONE,
        seams: || on_change(verbose),
    },
    Defect {
        name: "new-duration-not-told",
        about: "A booking that is moved to a longer slot is told with its new start only.",
        scenario: "lifecycle/longer-slot-at-partner",
        violates: &[id("RTU-RESCHED-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("reschedule", |message| {
                take(&mut message.body, "", "duration");
                unmask(message, "duration");
            })
        },
    },
    Defect {
        name: "field-by-field",
        about: "Each changed field is told by itself.",
        scenario: "lifecycle/longer-slot-at-partner",
        violates: &[id("RTU-RESCHED-06")],
        amendments: Amendments::NONE,
        seams: field_by_field,
    },
    Defect {
        name: "move-told-as-cancellation",
        about: "A booking that is moved is told as cancelled.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("RTU-RESCHED-07")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("reschedule", |message| {
                take(&mut message.body, "", "startTime");
                take(&mut message.body, "", "duration");
                message.body["status"] = json!("CANCELED");
                map_mask(message, |_| "status".to_owned());
            })
        },
    },
    Defect {
        name: "party-size-not-told",
        about: "Google is not told when the party becomes larger or smaller.",
        scenario: "lifecycle/party-size-at-partner",
        violates: &[id("RTU-PARTY-01")],
        amendments: Amendments::NONE,
        seams: || lose_after("change_party_size"),
    },
    Defect {
        name: "party-size-as-a-number",
        about: "The party size is told as a number.",
        scenario: "lifecycle/party-size-at-partner",
        violates: &[id("RTU-PARTY-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                let size = message.body["partySize"].as_str().map(str::parse::<i64>);
                if let Some(Ok(size)) = size {
                    message.body["partySize"] = json!(size);
                }
            })
        },
    },
    Defect {
        name: "fee-told-as-prepayment",
        about: "The fee for not coming is told as a payment in advance.",
        scenario: "no-show/late-cancellation",
        violates: &[id("RTU-NOSHOW-04")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("charge_no_show_fee", |message| {
                message.body["paymentInformation"] = json!({ "prepaymentStatus": "PREPAYMENT_PROVIDED" });
                map_mask(message, |mask| format!("{mask},{PREPAYMENT}"));
            })
        },
    },
    Defect {
        name: "late-fee-not-told",
        about: "The fee for cancelling late is charged, and Google is not told.",
        scenario: "no-show/late-cancellation",
        violates: &[id("RTU-NOSHOW-02")],
        amendments: Amendments::NONE,
        seams: late_fee_lost,
    },
    Defect {
        name: "refund-alone-not-told",
        about: "A refund is told with a cancellation only.",
        scenario: "deposit/refund-without-cancellation",
        violates: &[id("RTU-REFUND-05")],
        amendments: Amendments::NONE,
        seams: || lose_after("refund"),
    },
    Defect {
        name: "amount-of-a-refund",
        about: "A refund is told with its amount.",
        scenario: "deposit/refund-without-cancellation",
        violates: &[id("RTU-REFUND-06")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if let Some(payment) = message.body.get_mut("paymentInformation") {
                    payment["price"] = json!({ "priceMicros": "1000000", "currencyCode": "EUR" });
                }
            })
        },
    },
    Defect {
        name: "refund-taken-back",
        about: "A refund is told, and then that the deposit is paid.",
        scenario: "deposit/refund-without-cancellation",
        violates: &[id("RTU-REFUND-08")],
        amendments: Amendments::NONE,
        seams: refund_taken_back,
    },
    Defect {
        name: "online-move-not-told",
        about: "Google is not told when an online session is moved at the partner.",
        scenario: "online/moved-at-partner",
        violates: &[id("VIRT-19")],
        amendments: Amendments::NONE,
        seams: online_moves_lost,
    },
];

fn first_move_only() -> Seams {
    let told: Memory<()> = Memory::default();
    lose(move |message| match &message.subject {
        Subject::Booking { booking_id }
            if message.body.get("startTime").is_some() && message.body["serviceId"] == "tune-up" =>
        {
            told.keep(booking_id.clone(), ()).is_some()
        }
        _ => false,
    })
}

/// After an act at the console, messages that fit are lost.
pub(super) fn lost_where(action: &'static str, fits: fn(&Outgoing) -> bool) -> Seams {
    let acts = Acts::default();
    let http = acts.watch();
    Seams {
        http: Some(http),
        ..lose(move |message| fits(message) && acts.was(action, message))
    }
}

/// At the counters nobody cancels late: their slots can be cancelled until they start.
fn late_fee_lost() -> Seams {
    lost_where("charge_no_show_fee", |message| !at_a_counter(message))
}

fn online_moves_lost() -> Seams {
    lost_where("reschedule", is_online)
}

/// True for the merchants whose slots start within seconds.
pub(super) fn at_a_counter(message: &Outgoing) -> bool {
    text(&message.body, "/merchantId").is_some_and(|id| id.starts_with("walkin"))
}

/// True for bookings of online sessions.
pub(super) fn is_online(message: &Outgoing) -> bool {
    text(&message.body, "/serviceId").is_some_and(|id| id.starts_with("online"))
}

fn refund_taken_back() -> Seams {
    told_again(
        |message| {
            message
                .body
                .pointer("/paymentInformation/prepaymentStatus")
                .is_some()
        },
        |message| message.body["paymentInformation"]["prepaymentStatus"] = json!("PREPAYMENT_PROVIDED"),
    )
}

fn field_by_field() -> Seams {
    notifier(|message, inner| async move {
        let fields = ["startTime", "duration"];
        let body = &message.content.body;
        if !is_patch(&message.content) || fields.iter().any(|field| body.get(field).is_none()) {
            return inner.deliver(&message).await;
        }
        for (field, other) in [fields, [fields[1], fields[0]]].map(|[one, two]| (one, two)) {
            let mut part = message.clone();
            take(&mut part.content.body, "", other);
            map_mask(&mut part.content, |_| field.to_owned());
            inner.deliver(&part).await?;
        }
        Ok(())
    })
}

/// Sends along what a cancellation does not change.
fn verbose(change: &mut BookingChange) {
    let slot = &change.booking.slot;
    let start = jiff::Timestamp::from_second(slot.start_sec).unwrap_or_default();
    let canceled = change.booking.status == BookingStatus::Canceled;
    for message in change
        .outgoing
        .iter_mut()
        .filter(|message| canceled && is_patch(message))
    {
        message.body["startTime"] = json!(start.to_string());
        message.body["duration"] = json!(format!("{}s", slot.duration_sec));
        map_mask(message, |mask| format!("{mask},startTime,duration"));
    }
}

/// What every booking id ends with outside the store.
const END: &str = "/1";

/// Everybody sees ids with a slash; the notifier puts them into its path as they are.
fn slash_in_ids() -> Seams {
    let told = patches(|message| {
        message.path += END;
        let name = message.body["name"].as_str().unwrap_or_default();
        message.body["name"] = json!(format!("{name}{END}"));
    });
    let answered = layer(|mut call, server| async move {
        for_ids(&mut call.body, |id| id.trim_end_matches(END).to_owned());
        let mut reply = server.answer(call).await;
        for_ids(&mut reply.body, |id| format!("{id}{END}"));
        reply
    });
    Seams {
        http: answered.http.map(console_without_end),
        ..told
    }
}

fn for_ids(message: &mut Value, edit: impl Fn(&str) -> String) {
    match message {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_ids(item, &edit as &dyn Fn(&str) -> String)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str().filter(|_| name == "booking_id") {
                    Some(id) => *value = json!(edit(id)),
                    None => for_ids(value, &edit as &dyn Fn(&str) -> String),
                }
            }
        }
        _ => {}
    }
}

/// The console is asked for the ids of the store.
fn console_without_end(api: HttpDecorator) -> HttpDecorator {
    Arc::new(move |inner: Router| {
        let strip = |mut request: Request, next: Next| async move {
            let target = request.uri().to_string().replace("%2F1", "").replace("%2f1", "");
            if let Ok(uri) = Uri::try_from(target) {
                *request.uri_mut() = uri;
            }
            next.run(request).await
        };
        Router::new().fallback_service(api(inner)).layer(from_fn(strip))
    })
}
