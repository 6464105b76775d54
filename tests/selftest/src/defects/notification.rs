//! What Google is told of bookings.

use super::changes::{at_a_counter, is_online, lost_where};
use super::chatter::{echo, generous, impatient, talkative};
use crate::notifications::{
    is_patch, lose_after, map_mask, notifier, on_change, on_create, patches, patches_after, status, unmask,
};
use crate::wire::take;
use crate::{Amendments, Defect, id};
use axum::http::{HeaderValue, header};
use reference::PARTNER_ID;
use reference_server::{Outgoing, Seams};
use serde_json::json;
use std::time::Duration;

const PREPAYMENT: &str = "paymentInformation.prepaymentStatus";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "user-cancellation-not-told",
        about: "Google is not told when the user cancels at the partner.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("RTU-CANCEL-01")],
        amendments: Amendments::NONE,
        seams: || lose_after("user_cancel_at_partner"),
    },
    Defect {
        name: "merchant-cancellation-not-told",
        about: "Google is not told when the merchant cancels.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-CANCEL-02")],
        amendments: Amendments::NONE,
        seams: || lose_after("merchant_cancel"),
    },
    Defect {
        name: "unpaid-not-told",
        about: "Google is not told when a booking is cancelled because it was not paid.",
        scenario: "online/unpaid",
        violates: &[id("VIRT-18")],
        amendments: Amendments::NONE,
        seams: || lose_after("unpaid"),
    },
    Defect {
        name: "new-time-not-told",
        about: "Google is not told when an appointment in person is moved at the partner.",
        scenario: "lifecycle/reschedule-at-partner",
        violates: &[id("RTU-RESCHED-01")],
        amendments: Amendments::NONE,
        seams: || lost_where("reschedule", |message| !is_online(message)),
    },
    Defect {
        name: "no-show-not-told",
        about: "Google is not told when the user does not come.",
        scenario: "no-show/without-fee",
        violates: &[id("RTU-NOSHOW-01")],
        amendments: Amendments::NONE,
        seams: || lose_after("no_show"),
    },
    Defect {
        name: "penalty-told-as-absence",
        about: "The fee is charged, and NO_SHOW is told.",
        scenario: "no-show/fee-charged",
        violates: &[id("RTU-NOSHOW-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("charge_no_show_fee", |message| {
                if at_a_counter(message) {
                    message.body["status"] = json!("NO_SHOW");
                }
            })
        },
    },
    Defect {
        name: "penalty-without-a-fee",
        about: "Whoever does not come is told to have been penalised, fee or not.",
        scenario: "no-show/without-fee",
        violates: &[id("PAY-NOSHOW-10")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("no_show", |message| {
                message.body["status"] = json!("NO_SHOW_PENALIZED");
            })
        },
    },
    Defect {
        name: "absent-before-the-start",
        about: "Guests are told to be absent as soon as they have booked.",
        scenario: "no-show/without-fee",
        violates: &[id("RTU-NOSHOW-03")],
        amendments: Amendments::NONE,
        seams: || on_create(impatient),
    },
    Defect {
        name: "absent-after-cancelling",
        about: "Whoever cancelled is told to be absent, too.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-NOSHOW-05")],
        amendments: Amendments::NONE,
        seams: absent_after_cancelling,
    },
    Defect {
        name: "refund-not-told",
        about: "A cancellation is told without the refund.",
        scenario: "deposit/refund-before-cutoff",
        // Of a prepayment a page of its own says so.
        violates: &[id("RTU-REFUND-01"), id("PAY-PREPAY-06")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if status(message).is_some() {
                    take(&mut message.body, "", "paymentInformation");
                    unmask(message, PREPAYMENT);
                }
            })
        },
    },
    Defect {
        name: "refund-not-masked",
        about: "The mask of a cancellation with a refund names the status only.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("RTU-REFUND-02")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if status(message).is_some() {
                    unmask(message, PREPAYMENT);
                }
            })
        },
    },
    Defect {
        name: "refund-of-nothing",
        about: "Every cancellation is told with a refund.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-REFUND-03")],
        amendments: Amendments::NONE,
        seams: || patches_after("merchant_cancel", refund),
    },
    Defect {
        name: "refund-without-transaction",
        about: "Refunds are told without their transaction id.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("RTU-REFUND-04")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                take(&mut message.body, "/paymentInformation", "paymentTransactionId");
            })
        },
    },
    Defect {
        name: "refund-after-the-cutoff",
        about: "A deposit that is kept is told to be refunded.",
        scenario: "deposit/kept-after-cutoff",
        violates: &[id("PAY-DEP-10")],
        amendments: Amendments::NONE,
        seams: || on_change(generous),
    },
    Defect {
        name: "two-l",
        about: "CANCELED is spelt with two L.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-CANCEL-04")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if status(message) == Some("CANCELED") {
                    message.body["status"] = json!("CANCELLED");
                }
            })
        },
    },
    Defect {
        name: "own-status",
        about: "The partner's own word for a cancellation is told.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-04")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("merchant_cancel", |message| {
                message.body["status"] = json!("CALLED_OFF");
            })
        },
    },
    Defect {
        name: "echo",
        about: "Google is told what it has just asked for itself.",
        scenario: "lifecycle/cancel-by-google",
        violates: &[id("RTU-GEN-04")],
        amendments: Amendments::NONE,
        seams: || on_change(echo),
    },
    Defect {
        name: "bookings-of-others",
        about: "Google is told of bookings that were made elsewhere.",
        scenario: "basic/notification",
        violates: &[id("RTU-GEN-03")],
        amendments: Amendments::NONE,
        seams: || on_create(talkative),
    },
    Defect {
        name: "another-partner",
        about: "Notifications are sent under the partner id of the sandbox.",
        scenario: "basic/notification",
        violates: &[id("RTU-GEN-06")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                message.path = message.path.replace(PARTNER_ID, "10001001");
                let name = message.body["name"].as_str().unwrap_or_default();
                message.body["name"] = json!(name.replace(PARTNER_ID, "10001001"));
            })
        },
    },
    Defect {
        name: "post",
        about: "Notifications are sent as POST.",
        scenario: "basic/notification",
        violates: &[id("REQ-01")],
        amendments: Amendments::NONE,
        seams: || patches(|message| "POST".clone_into(&mut message.method)),
    },
    Defect {
        name: "no-merchant",
        about: "Notifications do not name the merchant.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-02")],
        amendments: Amendments::NONE,
        seams: || patches(|message| drop(take(&mut message.body, "", "merchantId"))),
    },
    Defect {
        name: "no-mask",
        about: "Notifications have no updateMask.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-03")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.query.retain(|(name, _)| name != "updateMask")),
    },
    Defect {
        name: "change-not-masked",
        about: "A shorter duration is sent along, but the mask does not name it.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-04")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                if message.body.get("duration").is_none() {
                    message.body["duration"] = json!("60s");
                }
            })
        },
    },
    Defect {
        name: "mask-names-the-merchant",
        about: "The mask names every field of the body.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-05")],
        amendments: Amendments::NONE,
        seams: || patches(|message| map_mask(message, |mask| format!("{mask},merchantId,serviceId"))),
    },
    Defect {
        name: "mask-in-snake-case",
        about: "Mask paths are written in snake_case.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("REQ-06")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| {
                map_mask(message, |mask| {
                    mask.replace(PREPAYMENT, "payment_information.prepayment_status")
                });
            })
        },
    },
    Defect {
        name: "plain-text",
        about: "Calls to Google say that they are text.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-10")],
        amendments: Amendments {
            calls: Some(|head| {
                let text = HeaderValue::from_static("text/plain");
                head.headers.insert(header::CONTENT_TYPE, text);
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "another-name",
        about: "The name in the body is not the one in the path.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-07")],
        amendments: Amendments::NONE,
        seams: || {
            patches(|message| message.body["name"] = json!(format!("partners/{PARTNER_ID}/bookings/17")))
        },
    },
    Defect {
        name: "fields-of-the-booking-server",
        about: "Notifications hold fields that only the booking server's message has.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-08")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body["bookingId"] = json!("17")),
    },
    Defect {
        name: "personal-data",
        about: "Notifications hold the user's name.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("REQ-12")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body["clientInformation"] = json!({ "givenName": "Ada" })),
    },
    Defect {
        name: "start-in-seconds",
        about: "Starts are told as seconds since the epoch.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-RESCHED-03")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body["startTime"] = json!("1893484800")),
    },
    Defect {
        name: "duration-in-seconds",
        about: "Durations are told as bare numbers.",
        scenario: "lifecycle/merchant-cancels",
        violates: &[id("RTU-RESCHED-04")],
        amendments: Amendments::NONE,
        seams: || patches(|message| message.body["duration"] = json!("3600")),
    },
];

fn refund(message: &mut Outgoing) {
    if message.body.get("paymentInformation").is_some() {
        return;
    }
    message.body["paymentInformation"] = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED" });
    map_mask(message, |mask| format!("{mask},{PREPAYMENT}"));
}

fn absent_after_cancelling() -> Seams {
    notifier(|message, inner| async move {
        inner.deliver(&message).await?;
        if is_patch(&message.content) && status(&message.content) == Some("CANCELED") {
            // The cancellation has been seen by then.
            crate::time::sleep(Duration::from_millis(150)).await;
            let mut absent = message;
            absent.content.body["status"] = json!("NO_SHOW");
            inner.deliver(&absent).await?;
        }
        Ok(())
    })
}
