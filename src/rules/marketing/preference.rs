//! BS-MKT-01, BS-MKT-02, BS-JSON-13

use crate::create::user_echo::READ_AS_NUMBER;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, person, reading};
use catalogue::RequirementId;
use domain::digits::is_rounded;
use protocol::Method;
use serde_json::{Value, json};
use transcript::Exchange;

const TEXT: RequirementId = RequirementId::declared("BS-JSON-13");
const RETURNED: RequirementId = RequirementId::declared("BS-MKT-01");
const REFUSAL: RequirementId = RequirementId::declared("BS-MKT-02");

pub(crate) static RULE: Rule = Rule {
    name: "marketing/preference",
    requirements: &[RETURNED, REFUSAL, TEXT],
    manual: "SetMarketingPreference is answered with the user and the choice that were sent. Name, telephone and e-mail may be left out or \
             written in another form, but must not be those of somebody else; no `user_to_receive_marketing` is `false`, as JSON \
             printers of proto3 write it. `false` and no choice at all are both a refusal, so an answer with `true` to them is wrong; \
             they are told apart from a server that says `false` to everybody by an agreement that was answered well. Only \
             answers are seen: whether the choice is kept beyond them is not.",
    scope: Scope::Answer(judge),
};

const USER: &str = "/user_information";
const USER_ID: &str = "/user_information/user_id";
const CHOICE: &str = "/user_to_receive_marketing";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if !is_answered(exchange) {
        return;
    }
    let Some(agreed) = choice(exchange.request_value(CHOICE)) else {
        return;
    };
    let is_their_own = judge_user(exchange, verdicts);
    // Another type than a boolean is no answer to the question; that it is one is another rule.
    let Some(said) = choice(exchange.answer_value(CHOICE)) else {
        return;
    };
    if said != agreed {
        return contradicted(exchange, agreed, verdicts);
    }
    if !is_their_own {
        return;
    }
    if agreed {
        verdicts.pass(RETURNED);
    } else if has_agreed(case) {
        verdicts.pass(REFUSAL);
    }
}

fn is_answered(exchange: &Exchange<'_>) -> bool {
    exchange.call.method == Method::SetMarketingPreference && reading::body(exchange).is_some()
}

/// What a choice means; none for another type.
fn choice(value: Option<&Value>) -> Option<bool> {
    value.map_or(Some(false), Value::as_bool)
}

/// True when it is the user who was sent.
fn judge_user(exchange: &Exchange<'_>, verdicts: &mut Verdicts) -> bool {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToOwned::to_owned);
    let (sent, got) = (
        text(exchange.request_value(USER_ID)),
        text(exchange.answer_value(USER_ID)),
    );
    // An id that lost its last digits is no other user's.
    if let (Some(sent), Some(got)) = (&sent, &got)
        && is_rounded(sent, got)
    {
        let proof = Proof::at(exchange.entry, USER_ID)
            .expected(sent.as_str())
            .actual(got.as_str());
        verdicts.fail(TEXT, proof, READ_AS_NUMBER);
        return false;
    }
    if sent != got {
        let message = match got {
            None => "the answer to SetMarketingPreference does not say whose choice it is",
            Some(_) => "the answer to SetMarketingPreference is about another user than the one who chose",
        };
        let proof = Proof::at(exchange.entry, USER_ID).expected(sent).actual(got);
        verdicts.fail(RETURNED, proof, message.to_owned());
        return false;
    }
    let both = exchange.request_value(USER).zip(exchange.answer_value(USER));
    let other = both.and_then(|(sent, got)| person::first_contradiction(sent, got));
    if let Some((field, sent, got)) = other {
        let message = format!(
            "SetMarketingPreference was sent \"{field}\": \"{sent}\" and answered \"{got}\", perhaps the data of another user"
        );
        let proof = Proof::at(exchange.entry, format!("{USER}/{field}"));
        verdicts.fail(RETURNED, proof.expected(sent).actual(got), message);
    }
    other.is_none()
}

fn contradicted(exchange: &Exchange<'_>, agreed: bool, verdicts: &mut Verdicts) {
    let proof = Proof::at(exchange.entry, CHOICE).expected(agreed).actual(!agreed);
    if agreed {
        let message =
            "a user agreed to mails, and SetMarketingPreference was answered as if they had refused them";
        verdicts.fail(RETURNED, proof, message.to_owned());
        return;
    }
    let message = "a user refused mails by `user_to_receive_marketing`, which was `false` or left out, and SetMarketingPreference was \
                   answered `true`";
    verdicts.fail(REFUSAL, proof, message.to_owned());
}

/// True when a user of the scenario agreed and was answered so.
fn has_agreed(case: &Case<'_>) -> bool {
    let yes = json!(true);
    let mut all = case.answers().filter(is_answered);
    all.any(|one| one.request_value(CHOICE) == Some(&yes) && one.answer_value(CHOICE) == Some(&yes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, user};

    fn sent(choice: Value) -> Value {
        match choice {
            Value::Null => json!({ "user_information": user() }),
            choice => json!({ "user_information": user(), "user_to_receive_marketing": choice }),
        }
    }

    fn call(story: Story, choice: Value, answer: Value) -> Story {
        story.call(Method::SetMarketingPreference, sent(choice), 200, answer)
    }

    fn agreed() -> Story {
        call(Story::arrival(), json!(true), sent(json!(true)))
    }

    #[test]
    fn user_and_choice_come_back() {
        agreed().judge(&RULE).passes(RETURNED);
        let id =
            json!({ "user_information": { "user_id": user().user_id }, "user_to_receive_marketing": true });
        let found = call(Story::arrival(), json!(true), id);
        found.judge(&RULE).passes(RETURNED);
    }

    #[test]
    fn an_id_that_was_read_as_a_number_is_no_other_users() {
        let mut rounded = sent(json!(true));
        let id = rounded["user_information"]["user_id"]
            .as_str()
            .unwrap_or_default();
        let (start, last) = id.split_at(id.len() - 1);
        let last = if last == "1" { "2" } else { "1" };
        rounded["user_information"]["user_id"] = json!(format!("{start}{last}"));
        let found = call(Story::arrival(), json!(true), rounded)
            .judge(&RULE)
            .fails(TEXT);
        assert_eq!(found.message, READ_AS_NUMBER);
    }

    #[test]
    fn another_user_none_and_another_choice_are_found() {
        let mut other = sent(json!(true));
        other["user_information"]["user_id"] = json!("12");
        let mut strange = sent(json!(true));
        strange["user_information"]["email"] = json!("bo.lind@example.org");
        for (answer, place) in [
            (other, USER_ID),
            (json!({ "user_to_receive_marketing": true }), USER_ID),
            (strange, "/user_information/email"),
            (sent(json!(false)), CHOICE),
            (sent(Value::Null), CHOICE),
        ] {
            let found = call(Story::arrival(), json!(true), answer)
                .judge(&RULE)
                .fails(RETURNED);
            assert_eq!(found.evidence.pointer.as_deref(), Some(place));
        }
    }

    #[test]
    fn no_is_no_however_it_is_written() {
        for choice in [json!(false), Value::Null] {
            for answer in [json!(false), Value::Null] {
                let story = call(agreed(), choice.clone(), sent(answer));
                story.judge(&RULE).passes(REFUSAL);
            }
            let alone = call(Story::arrival(), choice.clone(), sent(json!(false)));
            alone.judge(&RULE).says_nothing();
            let found = call(agreed(), choice, sent(json!(true)))
                .judge(&RULE)
                .fails(REFUSAL);
            assert_eq!(found.evidence.pointer.as_deref(), Some(CHOICE));
        }
    }
}
