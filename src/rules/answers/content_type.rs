//! BS-JSON-09

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const JSON: RequirementId = RequirementId::declared("BS-JSON-09");

pub(crate) static RULE: Rule = Rule {
    name: "answers/content-type",
    requirements: &[JSON],
    manual: "Every 200 answer to a POST should have the content type `application/json`; parameters such as a charset do \
             not matter. HealthCheck and error answers are not looked at.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(reply) = exchange
        .http()
        .filter(|reply| reply.is_success() && reply.message().is_some())
    else {
        return;
    };
    if exchange.call.method.verb() != "POST" {
        return;
    }
    let header = reply.header("content-type");
    verdicts.check(JSON, reading::is_json(header), || {
        let proof = Proof {
            entry: Some(exchange.entry),
            ..Proof::default()
        };
        (
            proof.expected("application/json").actual(header),
            "the answer does not say that it is JSON: its content type is not application/json".to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use protocol::Method;
    use serde_json::json;

    #[test]
    fn a_charset_does_not_matter() {
        let headers = [("content-type", "application/json; charset=utf-8")];
        let story = Story::arrival().call_with(Method::CreateBooking, json!({}), 200, &headers, booking());
        story.judge(&RULE).passes(JSON);
    }

    #[test]
    fn another_type_warns() {
        for headers in [&[("content-type", "text/html")][..], &[]] {
            let story = Story::arrival().call_with(Method::CreateBooking, json!({}), 200, headers, booking());
            story.judge(&RULE).warns(JSON);
        }
    }

    #[test]
    fn the_health_check_may_answer_in_any_form() {
        let headers = [("content-type", "text/plain")];
        let story = Story::arrival().call_with(Method::HealthCheck, json!(null), 200, &headers, json!("200"));
        story.judge(&RULE).says_nothing();
    }
}
