//! BS-JSON-11

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{Credentials, Exchange};

const MALFORMED: RequirementId = RequirementId::declared("BS-JSON-11");

pub(crate) static RULE: Rule = Rule {
    name: "transport/error-text",
    requirements: &[MALFORMED],
    manual: "No form is defined for the body of an error answer, so any text and any content type passes. One that shows a \
             stack trace or paths of the server's own files warns: nobody answered that, an exception ran through.",
    scope: Scope::Scenario(judge),
};

/// Texts that occur only in stack traces and in paths of a running program.
const TRACES: [&str; 10] = [
    "Traceback (most recent call last)",
    "\tat ",
    "    at ",
    "node_modules/",
    ".java:",
    ".rb:",
    ".php on line",
    "/usr/lib/",
    "/var/www/",
    "goroutine ",
];

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let own = case.transcript.exchanges();
    let malformed =
        own.filter(|exchange| exchange.call.raw.is_some() && exchange.call.credentials == Credentials::Valid);
    for exchange in malformed {
        if let Some(mark) = trace(&exchange) {
            let proof = Proof {
                entry: Some(exchange.entry),
                ..Proof::default()
            };
            verdicts.warn(
                MALFORMED,
                proof.expected("a refusal").actual(mark),
                "the answer to a body that is not JSON shows a stack trace or paths of the server's own files",
            );
        }
    }
}

fn trace(exchange: &Exchange<'_>) -> Option<&'static str> {
    let reply = exchange.http().filter(|reply| reply.status >= 400)?;
    TRACES.into_iter().find(|mark| reply.body.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::{Value, json};

    const FILE: &str = "title: a\nsteps:\n  - { call: CreateBooking, raw: \"{\" }\n";

    fn reply(status: u16, answer: Value) -> Story {
        Story::arrival().playing(FILE, &[(status, answer)])
    }

    #[test]
    fn a_page_or_a_sentence_is_as_good_as_anything() {
        for answer in [
            json!("<html><h1>Bad Request</h1></html>"),
            json!({ "error": "not JSON" }),
        ] {
            reply(400, answer).judge(&RULE).says_nothing();
        }
    }

    #[test]
    fn a_stack_trace_warns_whatever_the_status() {
        let trace =
            json!("<pre>SyntaxError: Unexpected token\n    at JSON.parse (node_modules/body-parser)</pre>");
        for status in [400, 500] {
            reply(status, trace.clone()).judge(&RULE).warns(MALFORMED);
        }
        reply(200, trace).judge(&RULE).says_nothing();
    }
}
