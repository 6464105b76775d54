//! Packs of visits, handled in another way.

use super::super::defects::packs::{keeping_the_visit, with_the_old_status};
use crate::wire::{answers, set, take};
use crate::{Amendments, Variant};
use protocol::Method;
use reference_server::Seams;
use serde_json::json;

const UPDATE: Method = Method::UpdateBooking;
const PACK: &str = "user_payment_option";

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "visit-given-back-and-still-paid",
        about: "A booking whose visit was given back stays PREPAYMENT_PROVIDED.",
        tolerated: &[],
        seams: || Seams {
            store: with_the_old_status().store,
            ..answers(UPDATE, |_, answer| {
                if answer.get(PACK).is_some() {
                    set(
                        answer,
                        "/booking/payment_information/prepayment_status",
                        "PREPAYMENT_PROVIDED",
                    );
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "voucher-for-the-visit",
        about: "Who cancels gets a voucher for one visit, and the pack stays as it was.",
        tolerated: &[],
        seams: || Seams {
            store: keeping_the_visit().store,
            ..answers(UPDATE, |_, answer| {
                if let Some(pack) = take(answer, "", PACK) {
                    let id = format!(
                        "voucher-{}",
                        pack["user_payment_option_id"].as_str().unwrap_or_default()
                    );
                    answer[PACK] = json!({ "user_payment_option_id": id, "type": "PAYMENT_OPTION_SINGLE_USE",
                        "original_count": 1, "current_count": 1, "payment_option_id": pack["payment_option_id"] });
                }
            })
        },
        amendments: Amendments::NONE,
    },
];
