//! TOK-12

use super::{SHORTEST, tokens};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const KEPT: RequirementId = RequirementId::declared("TOK-12");

pub(crate) static RULE: Rule = Rule {
    name: "failure/secrets",
    requirements: &[KEPT],
    manual: "A payment token that Google sent must not come back, neither in an answer, its headers and error pages included, nor in a notification; a \
             secret of the config is known by the mark that hides it. Nor may the HTTP Basic credentials come back: judged where they \
             stand behind `Basic`, or are the whole of a value. The password of an online session may stand in \
             `virtual_session_info` and nowhere else. The description of a failure has a rule of its own.",
    scope: Scope::Scenario(judge),
};

/// Where a session's password belongs, and what another rule looks at.
const ELSEWHERE: [&str; 2] = ["/virtual_session_info/password", "/booking_failure/description"];

/// A message of the partner: its entry and its body.
struct PartnerMessage<'t> {
    entry: usize,
    body: &'t Value,
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let exchanges = || case.transcript.exchanges();
    let tokens: Vec<String> = exchanges().flat_map(|exchange| tokens(&exchange)).collect();
    let passwords: Vec<String> = exchanges().filter_map(|exchange| password(&exchange)).collect();
    let all = [
        ("the payment token", &tokens),
        ("the password of the session", &passwords),
    ];
    let leak = in_headers(case, &all)
        .or_else(|| in_pages(case, &all))
        .or_else(|| in_messages(case, &all));
    if let Some(leak) = leak {
        // The finding must not repeat the secret.
        let proof = Proof {
            entry: Some(leak.entry),
            pointer: leak.pointer,
            ..Proof::default()
        };
        return verdicts.fail(KEPT, proof.expected("no secret").actual(leak.what), leak.message);
    }
    // Who made no booking had no answer in which a secret could have stood.
    let has_booked = exchanges().any(|exchange| !reading::bookings(&exchange).is_empty());
    if has_booked && !(tokens.is_empty() && passwords.is_empty()) {
        verdicts.pass(KEPT);
    }
}

/// Secrets by what they are.
type Secrets<'s> = [(&'static str, &'s Vec<String>); 2];

/// A secret that came back.
struct Leak {
    entry: usize,
    pointer: Option<String>,
    what: &'static str,
    message: String,
}

const CREDENTIALS: &str = "the HTTP Basic credentials";

/// What a text holds that it may not: the credentials of the call stand in the place that hides them.
fn secret_in(text: &str, all: &Secrets<'_>) -> Option<&'static str> {
    let sent = all
        .iter()
        .find(|(_, secrets)| secrets.iter().any(|secret| text.contains(secret.as_str())));
    let is_basic = text.contains("Basic [masked]") || text == "[masked]";
    sent.map(|(what, _)| *what)
        .or_else(|| is_basic.then_some(CREDENTIALS))
}

fn password(exchange: &Exchange<'_>) -> Option<String> {
    let password = exchange.answer_text("/booking/virtual_session_info/password")?;
    (password.len() >= SHORTEST).then(|| password.to_owned())
}

/// The first header of an answer that holds one of these.
fn in_headers(case: &Case<'_>, all: &Secrets<'_>) -> Option<Leak> {
    case.transcript.exchanges().find_map(|exchange| {
        let mut headers = exchange.http()?.headers.iter();
        headers.find_map(|(name, value)| {
            let what = secret_in(value, all)?;
            Some(Leak {
                entry: exchange.entry,
                pointer: None,
                what,
                message: format!("the answer repeats {what} in its header `{name}`"),
            })
        })
    })
}

/// The first answer that is no JSON, such as an error page, and holds one of these.
fn in_pages(case: &Case<'_>, all: &Secrets<'_>) -> Option<Leak> {
    case.transcript.exchanges().find_map(|exchange| {
        let reply = exchange.http().filter(|reply| reply.message().is_none())?;
        let what = secret_in(&reply.body, all)?;
        Some(Leak {
            entry: exchange.entry,
            pointer: None,
            what,
            message: format!(
                "the text of an answer with HTTP status {} repeats {what}",
                reply.status
            ),
        })
    })
}

/// The first message of the partner that holds one of these.
fn in_messages(case: &Case<'_>, all: &Secrets<'_>) -> Option<Leak> {
    partner_messages(case).into_iter().find_map(|message| {
        let (pointer, what) = place(message.body, all)?;
        Some(Leak {
            entry: message.entry,
            pointer: Some(pointer),
            what,
            message: format!("{what} stands where it does not belong"),
        })
    })
}

fn partner_messages<'c>(case: &'c Case<'_>) -> Vec<PartnerMessage<'c>> {
    let answers = case.transcript.exchanges().filter_map(|exchange| {
        let body = exchange.http()?.message()?;
        Some(PartnerMessage {
            entry: exchange.entry,
            body,
        })
    });
    let partner_calls = case.partner_calls().filter_map(|call| {
        let body = call.notification.json()?;
        Some(PartnerMessage {
            entry: call.entry,
            body,
        })
    });
    answers.chain(partner_calls).collect()
}

/// The first text that holds one of these: its pointer, and what it holds.
fn place(value: &Value, all: &Secrets<'_>) -> Option<(String, &'static str)> {
    let mut texts = Vec::new();
    walk(value, String::new(), &mut texts);
    let mut texts = texts
        .into_iter()
        .filter(|(pointer, _)| !ELSEWHERE.iter().any(|place| pointer.ends_with(place)));
    texts.find_map(|(pointer, text)| Some((pointer, secret_in(text, all)?)))
}

fn walk<'v>(value: &'v Value, at: String, texts: &mut Vec<(String, &'v str)>) {
    match value {
        Value::String(text) => texts.push((at, text)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, format!("{at}/{index}"), texts);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                walk(field, format!("{at}/{name}"), texts);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, paid_booking};
    use protocol::Method;
    use serde_json::json;

    fn payment(token: &str, edit: impl FnOnce(&mut Value)) -> Story {
        let story = Story::prepayment().pay_with("VISA", token);
        let mut answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        edit(&mut answer["booking"]);
        story.create(answer)
    }

    #[test]
    fn an_answer_without_the_token_passes_and_a_session_has_its_password() {
        payment("tok_0001", |_| {}).judge(&RULE).passes(KEPT);
        let session = json!({ "session_url": "https://rooms.example/1", "password": "rose-garden" });
        payment("tok_0001", |booking| booking["virtual_session_info"] = session)
            .judge(&RULE)
            .passes(KEPT);
        Story::arrival()
            .create(crate::testing::booking())
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn a_token_that_comes_back_is_found_also_where_it_was_masked() {
        for token in ["tok_0001", "[masked]"] {
            let story = payment(token, |booking| {
                booking["payment_information"]["payment_transaction_id"] = json!(format!("ch/{token}"));
            });
            let found = story.judge(&RULE).fails(KEPT);
            let place = "/booking/payment_information/payment_transaction_id";
            assert_eq!(found.evidence.pointer.as_deref(), Some(place));
            assert!(!found.evidence.actual.to_string().contains(token));
        }
    }

    #[test]
    fn a_token_in_a_header_is_found_and_not_shown() {
        let headers = [("content-type", "application/json"), ("x-card", "id=tok_0001")];
        let story = payment("tok_0001", |_| {});
        let request = json!({ "booking_id": "bk-0001" });
        let told = story.call_with(Method::GetBookingStatus, request, 200, &headers, json!({}));
        let found = told.judge(&RULE).fails(KEPT);
        assert_eq!(
            found.message,
            "the answer repeats the payment token in its header `x-card`"
        );
        assert_eq!(found.evidence.actual, "the payment token");
    }

    #[test]
    fn credentials_that_come_back_are_found_and_a_word_that_was_hidden_is_not() {
        let refused = |body: &str| {
            let story = Story::arrival().create(crate::testing::booking());
            let request = json!({ "booking_id": "no-such-booking" });
            let page = [("content-type", "text/html")];
            story.call_with(Method::GetBookingStatus, request, 404, &page, json!(body))
        };
        let page = "not found; headers: Authorization: Basic [masked]=";
        let found = refused(page).judge(&RULE).fails(KEPT);
        assert!(
            found.message.contains("the HTTP Basic credentials"),
            "{}",
            found.message
        );
        refused("the [masked] is wrong").judge(&RULE).says_nothing();
    }

    #[test]
    fn a_password_in_a_notification_is_found() {
        let session = json!({ "password": "rose-garden" });
        let story = payment("tok_0001", |booking| booking["virtual_session_info"] = session);
        let body = changes(json!({ "status": "CANCELED", "note": "was rose-garden" }));
        let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
        story
            .patch(Some("status"), body, before, after)
            .judge(&RULE)
            .fails(KEPT);
    }
}
