//! SetMarketingPreference, as it is done wrong most often.

use super::refusals::refusing;
use crate::wire::{Memory, Reply, answers, layer, replies};
use crate::{Amendments, Defect, id};
use protocol::Method;
use reference_server::Seams;
use serde_json::{Value, json};
use std::time::Duration;

const CHOOSE: Method = Method::SetMarketingPreference;
const CHOICE: &str = "user_to_receive_marketing";

/// The limit, and how much the harness itself may be late on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(5 + 2);

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "marketing-declared-and-not-there",
        about: "SetMarketingPreference is declared, and answered 501.",
        scenario: "basic/marketing-preference",
        violates: &[id("BS-MKT-01")],
        amendments: Amendments::NONE,
        seams: || {
            replies(|call, reply| {
                if call.method == Some(CHOOSE) {
                    *reply = Reply::new(501, json!({ "error": "not offered" }));
                }
            })
        },
    },
    Defect {
        name: "marketing-answer-empty",
        about: "SetMarketingPreference is answered with an empty object.",
        scenario: "basic/marketing-preference",
        violates: &[id("BS-MKT-01")],
        amendments: Amendments::NONE,
        seams: || answers(CHOOSE, |_, answer| *answer = json!({})),
    },
    Defect {
        name: "marketing-of-another-user",
        about: "SetMarketingPreference is answered with the data of whoever chose before.",
        scenario: "basic/marketing-preference",
        violates: &[id("BS-MKT-01")],
        amendments: Amendments::NONE,
        seams: || {
            answers(CHOOSE, |_, answer| {
                answer["user_information"]["user_id"] = json!("7100000000000000001");
            })
        },
    },
    Defect {
        name: "agreement-lost",
        about: "The answer says that the user wants no mails, whatever the user chose.",
        scenario: "basic/marketing-preference",
        violates: &[id("BS-MKT-01")],
        amendments: Amendments::NONE,
        seams: || answers(CHOOSE, |_, answer| answer[CHOICE] = json!(false)),
    },
    Defect {
        name: "no-choice-keeps-the-last-one",
        about: "Without `user_to_receive_marketing` the choice stays what it was.",
        scenario: "marketing/refused",
        violates: &[id("BS-MKT-02")],
        amendments: Amendments::NONE,
        seams: keeping_the_last_one,
    },
    Defect {
        name: "no-choice-is-a-bad-request",
        about: "Without `user_to_receive_marketing` a field is missing, and the call is refused.",
        scenario: "marketing/refused",
        violates: &[id("BS-MKT-02")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(400, |call| {
                call.method == Some(CHOOSE) && call.body[CHOICE].is_null()
            })
        },
    },
    Defect {
        name: "called-is-agreed",
        about: "Whoever is named in SetMarketingPreference gets mails.",
        scenario: "marketing/refused",
        violates: &[id("BS-MKT-02")],
        amendments: Amendments::NONE,
        seams: || answers(CHOOSE, |_, answer| answer[CHOICE] = json!(true)),
    },
    Defect {
        name: "slow-to-subscribe",
        about: "A subscription waits for the provider of the mails.",
        scenario: "basic/marketing-preference",
        violates: &[id("BS-MKT-04")],
        amendments: Amendments::NONE,
        seams: slow_to_agree,
    },
];

/// What was chosen by each user stands until something else is said.
fn keeping_the_last_one() -> Seams {
    let chosen: Memory<Value> = Memory::default();
    answers(CHOOSE, move |request, answer| {
        let user = request["user_information"]["user_id"].to_string();
        match &request[CHOICE] {
            Value::Null => answer[CHOICE] = chosen.recall(&user).unwrap_or(json!(false)),
            choice => {
                chosen.keep(user, choice.clone());
            }
        }
    })
}

fn slow_to_agree() -> Seams {
    let called: Memory<isize> = Memory::default();
    layer(move |call, server| {
        let first = call.method == Some(CHOOSE) && called.add("calls", 1) == 0;
        async move {
            if first {
                crate::time::sleep(TOO_LONG).await;
            }
            server.answer(call).await
        }
    })
}
