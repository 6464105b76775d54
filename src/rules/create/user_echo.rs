//! BS-CREATE-05, BS-JSON-13

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, person, reading};
use catalogue::RequirementId;
use domain::digits::is_rounded;
use serde_json::Value;
use transcript::Exchange;

const USER: RequirementId = RequirementId::declared("BS-CREATE-05");
const TEXT: RequirementId = RequirementId::declared("BS-JSON-13");

pub(crate) static RULE: Rule = Rule {
    name: "create/user-echo",
    requirements: &[USER, TEXT],
    manual: "The booking must hold `user_information` with the user id that was sent. Name, telephone and e-mail may be \
             left out, written in another form, joined, cut or hidden in part, but must not be those of somebody else. When a \
             token is repeated only the user id is compared: the rest may have been sent otherwise. An id that lost nothing but its last \
             digits, as numbers do, is told as that.",
    scope: Scope::Answer(judge),
};

/// What is found of an id that lost its last digits, wherever it comes back.
pub(crate) const READ_AS_NUMBER: &str =
    "the user id comes back with other digits at its end, as if it were read as a number";

const POINTER: &str = "/booking/user_information/user_id";

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let (Some(booking), Some(sent)) = (
        reading::created_booking(exchange),
        exchange
            .request_value("/user_information/user_id")
            .and_then(Value::as_str),
    ) else {
        return;
    };
    let unreadable = |pointer: &str, fits: fn(&Value) -> bool| {
        reading::set(booking, pointer).is_some_and(|value| !fits(value))
    };
    if unreadable("/user_information", Value::is_object)
        || unreadable("/user_information/user_id", Value::is_string)
    {
        return;
    }
    let got = reading::text(booking, "/user_information/user_id");
    if let Some(rounded) = got.filter(|got| is_rounded(sent, got)) {
        let proof = Proof::at(exchange.entry, POINTER).expected(sent).actual(rounded);
        return verdicts.fail(TEXT, proof, READ_AS_NUMBER);
    }
    verdicts.check(USER, got == Some(sent), || {
        let message = match got {
            None => "the booking does not say which user it is for",
            Some(_) => "the booking is for another user than the one who booked",
        };
        let proof = Proof::at(exchange.entry, POINTER).expected(sent).actual(got);
        (proof, message.to_owned())
    });
    let request = exchange.request_value("/user_information");
    let contradiction = request
        .zip(reading::set(booking, "/user_information"))
        .filter(|_| got == Some(sent) && !case.is_repeat(exchange))
        .and_then(|(sent, got)| person::first_contradiction(sent, got));
    if let Some((field, sent, got)) = contradiction {
        let place = format!("/booking/user_information/{field}");
        let proof = Proof::at(exchange.entry, place).expected(sent).actual(got);
        let message = format!(
            "CreateBooking was sent \"{field}\": \"{sent}\" and answered \"{got}\", perhaps the data of another user"
        );
        verdicts.fail(USER, proof, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn the_user_id_alone_passes() {
        let mut answer = booking();
        let id = answer["booking"]["user_information"]["user_id"].clone();
        answer["booking"]["user_information"] = json!({ "user_id": id });
        Story::arrival().create(answer).judge(&RULE).passes(USER);
    }

    #[test]
    fn the_same_person_in_another_form_passes() {
        let mut answer = booking();
        let user = &mut answer["booking"]["user_information"];
        user["telephone"] = json!("+442079460018");
        user["email"] = json!("Ada.Novak@Example.org");
        user["given_name"] = json!("Ada Novak");
        Story::arrival().create(answer).judge(&RULE).passes(USER);
    }

    #[test]
    fn what_another_user_gave_is_found() {
        for (field, value) in [
            ("telephone", "+44 20 7946 0999"),
            ("email", "bo.lind@example.org"),
            ("given_name", "Bo"),
        ] {
            let mut answer = booking();
            answer["booking"]["user_information"][field] = json!(value);
            let story = Story::arrival().create(answer.clone());
            let found = story.judge(&RULE).fails(USER);
            let place = format!("/booking/user_information/{field}");
            assert_eq!(found.evidence.pointer, Some(place));
            let repeated = Story::arrival().create(booking()).create(answer);
            repeated.judge(&RULE).passes(USER);
        }
    }

    #[test]
    fn an_id_that_was_read_as_a_number_is_told_as_that() {
        let mut answer = booking();
        let id = answer["booking"]["user_information"]["user_id"]
            .as_str()
            .unwrap_or_default();
        let rounded = format!("{:.0}", id.parse::<f64>().unwrap_or_default());
        assert_ne!(rounded, id);
        answer["booking"]["user_information"]["user_id"] = json!(rounded);
        let found = Story::arrival().create(answer).judge(&RULE).fails(TEXT);
        assert_eq!(found.evidence.actual, json!(rounded));
    }

    #[test]
    fn no_user_or_another_one_is_found() {
        for user in [json!(null), json!({}), json!({ "user_id": "12" })] {
            let mut answer = booking();
            answer["booking"]["user_information"] = user;
            let found = Story::arrival().create(answer).judge(&RULE).fails(USER);
            assert_eq!(found.evidence.pointer.as_deref(), Some(POINTER));
        }
    }
}
