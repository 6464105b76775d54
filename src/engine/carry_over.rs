//! Requests that take something over from an earlier one: the answer to a challenge, a token that was used before.

use super::payload;
use super::request::BuiltRequest;
use super::test_cards::TestCards;
use scenario::template::{self, TemplateError};
use scenario::{CallStep, Card};
use serde_json::{Value, json};
use std::collections::HashMap;
use transcript::Transcript;

/// Pointer of the payment token.
const TOKEN: &str = "/payment_processing_parameters/unparsed_payment_method_token";

/// The earlier calls of a scenario and their answers.
pub(super) struct EarlierCalls<'e> {
    /// Requests by label.
    pub(super) sent: &'e HashMap<String, BuiltRequest>,
    /// Knows the outcome of challenges.
    pub(super) cards: &'e TestCards,
    /// The history.
    pub(super) so_far: &'e Transcript,
}

impl EarlierCalls<'_> {
    /// The request with what its step takes over.
    pub(super) fn carry_over(
        &self,
        mut built: BuiltRequest,
        call: &CallStep,
    ) -> Result<BuiltRequest, TemplateError> {
        if let Some(earlier) = self.call_by_label(call.authenticate.as_ref()) {
            built = earlier.clone();
            let message = built.message.get_or_insert_default();
            self.add_outcome(message, call.authenticate.as_deref().unwrap_or_default());
            if let Some(with) = &call.with {
                payload::merge(message, &template::render_all(with, &self.so_far.context())?);
            }
            built.outgoing.body = Some(message.to_string());
        }
        if let Card::UsedFor(label) = &call.card
            && let Some(used) = self
                .call_by_label(Some(label))
                .and_then(|earlier| token(earlier).cloned())
            && let Some(message) = &mut built.message
            && let Some(place) = message.pointer_mut(TOKEN)
        {
            *place = used;
            built.outgoing.body = Some(message.to_string());
        }
        Ok(built)
    }

    fn call_by_label(&self, label: Option<&String>) -> Option<&BuiltRequest> {
        self.sent.get(label?)
    }

    /// What Google adds: the answer of the access control server, which hands the merchant's data back.
    fn add_outcome(&self, message: &mut Value, label: &str) {
        let response = self.cards.challenge_response().unwrap_or_default();
        let mut outcome = json!({ "pa_response": response });
        let context = self.so_far.context();
        let asked = context.get(label).and_then(|answer| {
            answer.pointer("/body/booking_failure/payment_failure/threeds1_parameters/md_merchant_data")
        });
        // Merchant data goes back only where the challenge came with some.
        if let Some(data) = asked.filter(|data| data.as_str().is_some_and(|text| !text.is_empty())) {
            outcome["md_merchant_data"] = data.clone();
        }
        payload::merge(message, &json!({ "payment_information": outcome }));
    }
}

fn token(built: &BuiltRequest) -> Option<&Value> {
    built.message.as_ref()?.pointer(TOKEN)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::transport::Outgoing;
    use config::{Payments, Text};
    use protocol::Method;
    use scenario::{Source, Step, load};
    use transcript::{Answer, Call, Credentials, Entry, Fact, HttpReply, Phase, Reply};

    fn request(message: Value) -> BuiltRequest {
        BuiltRequest {
            outgoing: Outgoing {
                method: Method::CreateBooking,
                verb: "POST".into(),
                path: "/v3/CreateBooking".into(),
                headers: Vec::new(),
                credentials: Credentials::Valid,
                body: Some(message.to_string()),
            },
            message: Some(message),
            slot: None,
        }
    }

    /// A history in which the call `first` was answered with a challenge.
    fn challenge(merchant_data: &str) -> Transcript {
        let call = Fact::Call(Call {
            step: None,
            label: Some("first".into()),
            method: Method::CreateBooking,
            verb: "POST".into(),
            path: "/v3/CreateBooking".into(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: None,
            raw: None,
            breaks_model: false,
            again: false,
        });
        let parameters = json!({ "acs_url": "https://a.example", "md_merchant_data": merchant_data });
        let json = json!({ "booking_failure": { "payment_failure": { "threeds1_parameters": parameters } } });
        let reply = HttpReply::new(Method::CreateBooking, 200, Vec::new(), json.to_string());
        let answer = Fact::Answer(Answer {
            call: 0,
            took_us: 0,
            lagged_us: 0,
            reply: Reply::Http(reply),
        });
        let entry = |fact| Entry {
            at_ms: 0,
            phase: Phase::Steps,
            fact,
        };
        Transcript {
            scenario: "a/b".into(),
            entries: vec![entry(call), entry(answer)],
        }
    }

    fn step(text: &str) -> CallStep {
        let text = format!(
            "title: a\nneeds: {{ slot: {{}} }}\nsteps:\n  - {{ call: CreateBooking, as: first }}\n  - {text}\n"
        );
        let source = Source {
            id: "a/b".into(),
            file: "a".into(),
            text,
        };
        match load(&[source]).unwrap().remove(0).steps.remove(1) {
            Step::Call(call) => *call,
            other => panic!("{other:?}"),
        }
    }

    fn carry(step: &CallStep, merchant_data: &str) -> Value {
        let first = json!({ "idempotency_token": "t-1", "payment_information": { "price": "p" },
            "payment_processing_parameters": { "unparsed_payment_method_token": "tok_1" } });
        let own = json!({ "idempotency_token": "t-2",
            "payment_processing_parameters": { "unparsed_payment_method_token": "tok_2" } });
        let cards = TestCards::new(&Payments {
            threeds1_response: Some(Text::Plain("pares".into())),
            ..Payments::default()
        });
        let earlier = EarlierCalls {
            sent: &HashMap::from([("first".to_owned(), request(first))]),
            cards: &cards,
            so_far: &challenge(merchant_data),
        };
        let built = earlier.carry_over(request(own), step).unwrap();
        let body: Value = serde_json::from_str(&built.outgoing.body.unwrap()).unwrap();
        assert_eq!(Some(&body), built.message.as_ref());
        body
    }

    #[test]
    fn the_original_request_comes_again_with_the_outcome_of_the_challenge() {
        let again = carry(&step("{ call: CreateBooking, authenticate: first }"), "md-1");
        let payment = json!({ "price": "p", "pa_response": "pares", "md_merchant_data": "md-1" });
        assert_eq!(again["payment_information"], payment);
        assert_eq!(again["idempotency_token"], "t-1");
        let token = again.pointer(TOKEN);
        assert_eq!(token, Some(&json!("tok_1")));
    }

    #[test]
    fn what_the_bank_had_not_asked_for_is_not_sent_and_the_authors_changes_are() {
        let text = "{ call: CreateBooking, authenticate: first, with: { idempotency_token: t-3 } }";
        let again = carry(&step(text), "");
        assert_eq!(
            again["payment_information"],
            json!({ "price": "p", "pa_response": "pares" })
        );
        assert_eq!(again["idempotency_token"], "t-3");
    }

    #[test]
    fn a_used_token_is_the_only_thing_that_is_taken_over() {
        let again = carry(&step("{ call: CreateBooking, card: { used_for: first } }"), "");
        assert_eq!(again["idempotency_token"], "t-2");
        assert_eq!(again.pointer(TOKEN), Some(&json!("tok_1")));
    }
}
