//! One answer against one expectation of the scenario file.

use crate::case::Case;
use crate::verdicts::Proof;
use scenario::matcher::Mismatch;
use scenario::{Expectation, matcher, template};
use serde_json::Value;
use transcript::{Exchange, HttpReply};

/// Whether an answer is as expected.
pub(super) enum Comparison {
    /// It is.
    Yes,
    /// It is not: what shows it, and a sentence for files that have none of their own.
    No(Box<Proof>, String),
    /// Nothing can be said, since what the expectation refers to is not there.
    Unknown,
}

/// Holds an answer against an expectation.
pub(super) fn compare_answer(
    case: &Case<'_>,
    expectation: &Expectation,
    exchange: &Exchange<'_>,
) -> Comparison {
    let reply = exchange
        .http()
        .filter(|reply| reply.is_success() || !expectation.on_success);
    let Some(reply) = reply else {
        return Comparison::Unknown;
    };
    if !expectation.accepts(reply.status) {
        return wrong_status(expectation, exchange, reply);
    }
    let Some(body) = expectation.body.as_ref().filter(|_| reply.is_success()) else {
        return Comparison::Yes;
    };
    let Ok(body) = template::render_all(body, &case.transcript.context()) else {
        return Comparison::Unknown;
    };
    let wrong = matcher::mismatches(&body, reply.message());
    let Some(first) = wrong.into_iter().next() else {
        return Comparison::Yes;
    };
    let fallback = words(exchange, &first);
    let proof = Proof::at(exchange.entry, &first.pointer);
    let proof = proof.expected(first.expected).actual(first.actual);
    Comparison::No(Box::new(proof), fallback)
}

/// The sentence for a place at which an answer is wrong, where the file has none of its own.
fn words(exchange: &Exchange<'_>, wrong: &Mismatch) -> String {
    let method = exchange.call.method;
    let field = wrong.pointer.rsplit('/').next().unwrap_or_default();
    match (&wrong.expected, &wrong.actual) {
        (Value::String(due), Value::String(shown)) => {
            format!("the answer to {method} says {shown} in `{field}`, and {due} would be right")
        }
        (_, Value::Null) => format!("the answer to {method} has no `{field}`"),
        _ => format!(
            "the answer to {method} is not as it should be at {}",
            wrong.pointer
        ),
    }
}

fn wrong_status(expectation: &Expectation, exchange: &Exchange<'_>, reply: &HttpReply) -> Comparison {
    let proof = Proof {
        entry: Some(exchange.entry),
        ..Proof::default()
    };
    let fallback = format!(
        "{} was answered with status {}",
        exchange.call.method, reply.status
    );
    let actual = format!("status {}", reply.status);
    let proof = proof.expected(status_words(expectation)).actual(actual);
    Comparison::No(Box::new(proof), fallback)
}

fn status_words(expectation: &Expectation) -> String {
    let listed = |codes: &[u16]| codes.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    match (expectation.status.as_slice(), expectation.not_status.as_slice()) {
        ([], []) => "status 200".to_owned(),
        ([], refused) => format!("any status but {}", listed(refused)),
        (accepted, _) => format!("status {}", listed(accepted)),
    }
}

/// What is wrong with an answer is the doing of what its call has of its own only when the call beside which the file
/// puts it was answered as expected.
pub(super) fn has_contrast(case: &Case<'_>, expectation: &Expectation) -> bool {
    let Some(label) = expectation.contrast.as_deref() else {
        return true;
    };
    let beside = case
        .transcript
        .exchanges()
        .find(|exchange| exchange.call.label.as_deref() == Some(label));
    beside.is_some_and(|exchange| matches!(compare_answer(case, expectation, &exchange), Comparison::Yes))
}

#[cfg(test)]
mod tests {
    use crate::judge_scenario;
    use crate::testing::Story;
    use catalogue::RequirementId;
    use outcome::Verdict;
    use serde_json::json;

    const TEXT: RequirementId = RequirementId::declared("BS-JSON-02");
    const FILE: &str = "title: a\nsteps:\n  - call: HealthCheck\n    expect: { requirement: BS-JSON-02, contrast: other }\n  - { call: HealthCheck, as: other }\n";

    fn verdict(own: u16, other: u16) -> Verdict {
        let story = Story::arrival().playing(FILE, &[(own, json!({})), (other, json!({}))]);
        let judged = judge_scenario(&story.case()).judged;
        let one = judged.iter().find(|one| one.requirement == TEXT);
        one.map_or(Verdict::NotRun, |one| one.verdict)
    }

    #[test]
    fn what_is_wrong_counts_only_beside_what_is_right() {
        assert_eq!(verdict(200, 200), Verdict::Pass);
        assert_eq!(verdict(200, 400), Verdict::Pass);
        assert_eq!(verdict(400, 200), Verdict::Fail);
        assert_eq!(verdict(400, 400), Verdict::NotTestable);
    }

    #[test]
    fn what_is_asked_of_a_success_says_nothing_of_a_refusal() {
        let file = "title: a\nsteps:\n  - call: HealthCheck\n    expect: { requirement: BS-JSON-02, on_success: true, body: { a: 1 } }\n";
        let judged = |status| {
            let story = Story::arrival().playing(file, &[(status, json!({}))]);
            let judged = judge_scenario(&story.case()).judged;
            let one = judged.iter().find(|one| one.requirement == TEXT);
            one.map(|one| one.verdict)
        };
        assert_eq!(judged(200), Some(Verdict::Fail));
        assert_eq!(judged(429), Some(Verdict::NotTestable));
    }

    #[test]
    fn codes_that_are_not_accepted_leave_the_others_free() {
        let file = "title: a\nsteps:\n  - call: HealthCheck\n    expect: { requirement: BS-JSON-02, not_status: [401, 403] }\n";
        let story = |status| Story::arrival().playing(file, &[(status, json!({}))]).judge_all();
        story(500).passes(TEXT);
        let found = story(403).fails(TEXT);
        assert_eq!(found.evidence.expected, "any status but 401 or 403");
    }
}
