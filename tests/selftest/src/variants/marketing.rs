//! SetMarketingPreference, answered in another way.

use crate::wire::{Reply, answers, replies, take};
use crate::{Amendments, Variant};
use domain::Capability;
use protocol::Method;
use serde_json::json;

const CHOOSE: Method = Method::SetMarketingPreference;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "no-marketing",
        about: "SetMarketingPreference is neither declared nor there.",
        tolerated: &[],
        seams: || {
            replies(|call, reply| {
                if call.method == Some(CHOOSE) {
                    *reply = Reply::new(501, json!({ "error": "not offered" }));
                }
            })
        },
        amendments: Amendments {
            config: Some(|file| {
                file.capabilities
                    .retain(|(capability, _)| *capability != Capability::MarketingPreference);
            }),
            ..Amendments::NONE
        },
    },
    Variant {
        name: "refusals-left-out",
        about: "A refusal of mails is answered as proto3 writes it, with nothing, and of the user with the id alone.",
        tolerated: &[],
        seams: || {
            answers(CHOOSE, |_, answer| {
                if answer["user_to_receive_marketing"] == json!(false) {
                    take(answer, "", "user_to_receive_marketing");
                }
                let id = answer["user_information"]["user_id"].clone();
                answer["user_information"] = json!({ "user_id": id });
            })
        },
        amendments: Amendments::NONE,
    },
];
