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
    manual: "A payment token that Google sent must not come back, neither in an answer, its headers included, nor in a notification; a secret token of \
             the config is known by the mark that hides it. The password of an online session may stand in \
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
    let sent: Vec<String> = case
        .transcript
        .exchanges()
        .flat_map(|exchange| tokens(&exchange))
        .collect();
    let passwords: Vec<String> = case
        .transcript
        .exchanges()
        .filter_map(|exchange| password(&exchange))
        .collect();
    if sent.is_empty() && passwords.is_empty() {
        return;
    }
    if let Some((entry, name, what)) = in_headers(case, &sent, &passwords) {
        let proof = Proof {
            entry: Some(entry),
            ..Proof::default()
        };
        let message = format!("the answer repeats {what} in its header `{name}`");
        return verdicts.fail(KEPT, proof.expected("no secret").actual(what), message);
    }
    let found = partner_messages(case).into_iter().find_map(|message| {
        let token = place(message.body, &sent).map(|pointer| (pointer, "the payment token"));
        let leak = token.or_else(|| Some((place(message.body, &passwords)?, "the password of the session")));
        leak.map(|(pointer, what)| (message.entry, pointer, what))
    });
    // Who made no booking had no answer in which a secret could have stood.
    let has_booked = case
        .transcript
        .exchanges()
        .any(|exchange| !reading::bookings(&exchange).is_empty());
    if found.is_none() && !has_booked {
        return;
    }
    verdicts.check(KEPT, found.is_none(), || {
        let (entry, pointer, what) = found.unwrap_or_default();
        // The finding must not repeat the secret.
        let proof = Proof::at(entry, pointer).expected("no secret").actual(what);
        (proof, format!("{what} stands where it does not belong"))
    });
}

fn password(exchange: &Exchange<'_>) -> Option<String> {
    let password = exchange.answer_text("/booking/virtual_session_info/password")?;
    (password.len() >= SHORTEST).then(|| password.to_owned())
}

/// The first header of an answer that holds one of these: its entry, its name, and what it holds.
fn in_headers<'c>(
    case: &'c Case<'_>,
    tokens: &[String],
    passwords: &[String],
) -> Option<(usize, &'c str, &'static str)> {
    let holds =
        |value: &str, secrets: &[String]| secrets.iter().any(|secret| value.contains(secret.as_str()));
    case.transcript.exchanges().find_map(|exchange| {
        let mut headers = exchange.http()?.headers.iter();
        headers.find_map(|(name, value)| {
            let what = match () {
                () if holds(value, tokens) => "the payment token",
                () if holds(value, passwords) => "the password of the session",
                () => return None,
            };
            Some((exchange.entry, name.as_str(), what))
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

/// The pointer of the first text that holds one of these.
fn place(value: &Value, secrets: &[String]) -> Option<String> {
    let mut texts = Vec::new();
    walk(value, String::new(), &mut texts);
    let mut texts = texts
        .into_iter()
        .filter(|(pointer, _)| !ELSEWHERE.iter().any(|place| pointer.ends_with(place)));
    texts
        .find(|(_, text)| secrets.iter().any(|secret| text.contains(secret.as_str())))
        .map(|(pointer, _)| pointer)
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
