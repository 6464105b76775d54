//! FAIL-08

use super::tokens;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Exchange;

const CLEAN: RequirementId = RequirementId::declared("FAIL-08");

pub(crate) static RULE: Rule = Rule {
    name: "failure/description",
    requirements: &[CLEAN],
    manual: "The `description` of a failure must hold neither the payment token of the request nor a card number: thirteen to \
             nineteen digits with a right check digit that begin like a card's. The last four digits are no secret.",
    scope: Scope::Answer(judge),
};

const POINTER: &str = "/booking_failure/description";

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.answer_value("/booking_failure").is_none() {
        return;
    }
    let text = exchange.answer_text(POINTER).unwrap_or_default();
    let secret = tokens(exchange)
        .iter()
        .any(|token| text.contains(token.as_str()))
        .then_some("the payment token");
    let secret = secret.or_else(|| names_card(exchange, text).then_some("a card number"));
    verdicts.check(CLEAN, secret.is_none(), || {
        let what = secret.unwrap_or_default();
        // The finding must not repeat the secret.
        let proof = Proof::at(exchange.entry, POINTER)
            .expected("no secret")
            .actual(what);
        (proof, format!("the description of the failure holds {what}"))
    });
}

/// True when the text holds the number of a card, and not one of the request's own numbers.
fn names_card(exchange: &Exchange<'_>, text: &str) -> bool {
    let dense: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let own = [
        "/idempotency_token",
        "/user_information/user_id",
        "/user_information/telephone",
    ];
    let is_own = |number: &str| {
        let mut sent = own
            .iter()
            .filter_map(|pointer| exchange.request_value(pointer)?.as_str());
        sent.any(|sent| sent.contains(number) || number.contains(sent))
    };
    dense
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| is_card(number) && !is_own(number))
}

fn is_card(digits: &str) -> bool {
    let kind = digits.starts_with(['4', '6'])
        || ["34", "37", "35", "51", "52", "53", "54", "55"]
            .iter()
            .any(|start| digits.starts_with(start));
    kind && (13..=19).contains(&digits.len()) && has_check_digit(digits)
}

/// The check of Luhn.
fn has_check_digit(digits: &str) -> bool {
    let numbers = digits.bytes().rev().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = numbers
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn failure(text: &str) -> Story {
        let failure = json!({ "cause": "PAYMENT_ERROR_CARD_DECLINED", "description": text });
        Story::prepayment()
            .pay_with("VISA", "tok_0001")
            .create(json!({ "booking_failure": failure }))
    }

    #[test]
    fn words_times_and_last_digits_pass() {
        for text in [
            "",
            "visa 4242 was declined",
            "at 1893484800000",
            "order 4000000000001",
            "user 7203948571029384756",
        ] {
            failure(text).judge(&RULE).passes(CLEAN);
        }
    }

    #[test]
    fn tokens_and_card_numbers_are_found_and_not_shown_again() {
        for text in [
            "token tok_0001",
            "4242 4242 4242 4242 declined",
            "card 378282246310005",
        ] {
            let found = failure(text).judge(&RULE).fails(CLEAN);
            assert!(!found.evidence.actual.to_string().contains("42"));
        }
    }
}
