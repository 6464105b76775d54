//! Packs of visits, as they are done wrong most often.

use crate::notifications::on_change;
use crate::wire::{Memory, ReceivedCall, Reply, answers, layer, set, take, text};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::{PrepaymentStatus, Seams};
use serde_json::{Value, json};

const CREATE: Method = Method::CreateBooking;
const UPDATE: Method = Method::UpdateBooking;
const PACK: &str = "user_payment_option";
const ID: &str = "/user_payment_option/user_payment_option_id";
const COUNT: &str = "/user_payment_option/current_count";
const STATUS: &str = "/booking/payment_information/prepayment_status";
const NAMED: &str = "/payment_information/user_payment_option_id";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "pack-not-returned",
        about: "A pack is sold, and no answer says which one.",
        scenario: "packs/visit-given-back",
        violates: &[id("BS-CREATE-31")],
        amendments: Amendments::NONE,
        seams: || answers(CREATE, |_, answer| _ = take(answer, "", PACK)),
    },
    Defect {
        name: "returns-another-pack",
        about: "A booking that is paid from a pack is answered with another pack.",
        scenario: "packs/visit-given-back",
        violates: &[id("BS-CREATE-31")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |request, answer| {
                if request.pointer(NAMED).is_some() {
                    set(answer, ID, "the-pack-of-somebody");
                }
            })
        },
    },
    Defect {
        name: "used-up-is-a-payment-error",
        about: "A pack without a visit left is refused as any payment that fails.",
        scenario: "packs/used-up",
        violates: &[id("FAIL-04")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CREATE, |_, answer| {
                if answer["booking_failure"]["cause"] == "PAYMENT_OPTION_NOT_VALID" {
                    set(answer, "/booking_failure/cause", "PAYMENT_ERROR");
                }
            })
        },
    },
    Defect {
        name: "visit-kept",
        about: "A booking that was paid from a pack is cancelled, and the visit is gone.",
        scenario: "packs/visit-given-back",
        violates: &[id("CXL-10")],
        amendments: Amendments::NONE,
        seams: keeping_the_visit,
    },
    Defect {
        name: "visit-given-back-in-words-only",
        about: "The answer to a cancellation counts one visit more than the pack has.",
        scenario: "packs/visit-given-back",
        violates: &[id("CXL-10")],
        amendments: Amendments::NONE,
        seams: || Seams {
            store: keeping_the_visit().store,
            ..answers(UPDATE, |_, answer| {
                if let Some(count) = answer.pointer(COUNT).and_then(Value::as_i64) {
                    set(answer, COUNT, count + 1);
                }
            })
        },
    },
    Defect {
        name: "visit-given-back-in-silence",
        about: "The visit is given back, and the answer to the cancellation says nothing of it.",
        scenario: "packs/visit-given-back",
        violates: &[id("BS-UPDATE-19")],
        amendments: Amendments::NONE,
        seams: || Seams {
            store: with_the_old_status().store,
            ..answers(UPDATE, |_, answer| {
                if take(answer, "", PACK).is_some() {
                    set(answer, STATUS, "PREPAYMENT_PROVIDED");
                }
            })
        },
    },
    Defect {
        name: "credited-with-nothing",
        about: "A cancelled booking is PREPAYMENT_CREDITED, and the answer does not say with what.",
        scenario: "packs/visit-given-back",
        violates: &[id("PAY-COM-20")],
        amendments: Amendments::NONE,
        seams: || answers(UPDATE, |_, answer| _ = take(answer, "", PACK)),
    },
    Defect {
        name: "packs-numbered-by-user",
        about: "Every user's first pack has the id 1.",
        scenario: "packs/used-up",
        violates: &[id("BS-PAY-15")],
        amendments: Amendments::NONE,
        seams: numbered_by_user,
    },
];

/// What the store does not know to be due it does not give back.
pub(crate) fn keeping_the_visit() -> Seams {
    on_change(|change| change.booking.visit_returned = false)
}

/// Bookings stay paid when their visit was given back.
pub(crate) fn with_the_old_status() -> Seams {
    on_change(|change| {
        if change.booking.visit_returned {
            change.booking.payment.prepayment_status = PrepaymentStatus::Provided;
        }
    })
}

fn numbered_by_user() -> Seams {
    let real: Memory<String> = Memory::default();
    layer(move |mut call, server| {
        let real = real.clone();
        async move {
            let user = user_of(&call);
            if let Some(known) = user.as_deref().and_then(|user| real.recall(user)) {
                set(&mut call.body, NAMED, known);
            }
            let mut reply = server.answer(call).await;
            if let (Some(user), Some(id)) = (user, text(&reply.body, ID)) {
                real.first(user, id);
            }
            number(&mut reply);
            reply
        }
    })
}

/// Whose pack a new booking is paid from, or bought.
fn user_of(call: &ReceivedCall) -> Option<String> {
    call.text("/user_information/user_id")
        .filter(|_| call.method == Some(CREATE))
}

fn number(reply: &mut Reply) {
    for place in [ID.to_owned(), format!("/booking{NAMED}")] {
        set(&mut reply.body, &place, json!("1"));
    }
}
