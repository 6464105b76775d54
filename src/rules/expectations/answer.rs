//! One answer against one expectation of the scenario file, part by part: did it come, with which status, in which form, with which
//! content. What a file says of one part is never said of another.

use crate::case::Case;
use crate::reading::kind;
use crate::update::carried_out::UNSHOWN_CANCELLATION;
use crate::verdicts::Proof;
use outcome::Evidence;
use protocol::Method;
use scenario::matcher::Mismatch;
use scenario::{Expectation, matcher, template};
use serde_json::Value;
use transcript::{Exchange, HttpReply, Shortfall, shortfall};

/// Whether an answer is as expected.
pub(super) enum Comparison {
    /// It is.
    Yes,
    /// It is not.
    No(Box<Difference>),
    /// Nothing can be said, since what the expectation refers to is not there.
    Unknown,
}

/// The first part of an answer that is not as expected.
pub(super) struct Difference {
    part: Part,
    /// What shows it.
    pub(super) proof: Proof,
    /// What was called, what was answered, and what is due.
    words: String,
}

/// The parts of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Status,
    Form,
    Content,
}

impl Difference {
    /// Where it is.
    pub(super) fn place(&self) -> Evidence {
        Evidence {
            entry: self.proof.entry,
            pointer: self.proof.pointer.clone(),
            ..Evidence::default()
        }
    }

    /// The sentence: the file's own where it is about this part, and the general one else.
    pub(super) fn sentence(&self, expectation: &Expectation) -> String {
        // Beside a control the claim is that the call was refused, in whichever part.
        let is_meant = expectation.control.is_some() || self.part == meant_part(expectation);
        let own = expectation.otherwise.as_ref().filter(|_| is_meant);
        own.unwrap_or(&self.words).clone()
    }
}

/// The part that an expectation is about, and with it the sentence in the file.
fn meant_part(expectation: &Expectation) -> Part {
    if expectation.body.is_some() {
        Part::Content
    } else {
        Part::Status
    }
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
    if let Some(wrong) = wrong_basic_form(case, expectation, exchange, reply) {
        return wrong;
    }
    let Some(body) = expectation.body.as_ref().filter(|_| reply.is_success()) else {
        return Comparison::Yes;
    };
    let Ok(body) = template::render_all(body, &case.transcript.context()) else {
        return Comparison::Unknown;
    };
    if reply.message().is_none_or(|message| !message.is_object()) {
        return wrong_form(exchange, reply);
    }
    let wrong = matcher::mismatches(&body, reply.message());
    let Some(first) = wrong.into_iter().next() else {
        return Comparison::Yes;
    };
    let words = content_words(exchange, &first);
    let proof = Proof::at(exchange.entry, &first.pointer);
    let proof = proof
        .expected(matcher::describe(&first.expected))
        .actual(first.actual);
    no(Part::Content, proof, words)
}

fn no(part: Part, proof: Proof, words: String) -> Comparison {
    Comparison::No(Box::new(Difference { part, proof, words }))
}

fn wrong_status(expectation: &Expectation, exchange: &Exchange<'_>, reply: &HttpReply) -> Comparison {
    let (due, expected) = match due_codes(expectation) {
        Some(codes) => (codes.clone(), format!("status {codes}")),
        None => (
            "another status".to_owned(),
            format!("another status than {}", reply.status),
        ),
    };
    let words = format!(
        "`{}` was answered {}; {due} is due",
        exchange.call.method, reply.status
    );
    let proof = Proof {
        entry: Some(exchange.entry),
        ..Proof::default()
    };
    let proof = proof
        .expected(expected)
        .actual(format!("status {}", reply.status));
    no(Part::Status, proof, words)
}

/// A basic is shown by nothing less than the form that is due.
fn wrong_basic_form(
    case: &Case<'_>,
    expectation: &Expectation,
    exchange: &Exchange<'_>,
    reply: &HttpReply,
) -> Option<Comparison> {
    let shows = case.shows_a_basic_by(exchange.call.method);
    if !shows || !expectation.not_status.is_empty() {
        return None;
    }
    match shortfall(exchange.call.method, &exchange.answer.reply)? {
        Shortfall::NotJson | Shortfall::NotAnObject => Some(wrong_form(exchange, reply)),
        Shortfall::Field { pointer, due } => {
            let actual = reply.message().and_then(|message| message.pointer(&pointer));
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let state = actual.map_or_else(|| "is missing".to_owned(), |value| format!("is {}", kind(value)));
            let words = format!(
                "`{name}` {state} in the answer of `{}`; {due} is due",
                exchange.call.method
            );
            let proof = Proof::at(exchange.entry, pointer.clone()).expected(due);
            let proof = proof.actual(actual.cloned().unwrap_or_default());
            Some(no(Part::Form, proof, words))
        }
        Shortfall::Nothing(_) | Shortfall::Status(_) | Shortfall::Refused(_) => None,
    }
}

fn wrong_form(exchange: &Exchange<'_>, reply: &HttpReply) -> Comparison {
    let came = match reply.message() {
        Some(value) => format!("JSON that is {}", kind(value)),
        None if reply.body.trim().is_empty() => "an empty body".to_owned(),
        None => "a body that is no JSON".to_owned(),
    };
    let words = format!(
        "`{}` was answered {} with {came}; a JSON object is due",
        exchange.call.method, reply.status
    );
    let proof = Proof::at(exchange.entry, "")
        .expected("a JSON object")
        .actual(came);
    no(Part::Form, proof, words)
}

/// The sentence for a place at which the content is wrong.
fn content_words(exchange: &Exchange<'_>, wrong: &Mismatch) -> String {
    let method = exchange.call.method;
    if let Some(Shortfall::Refused(cause)) = shortfall(method, &exchange.answer.reply)
        && method == Method::CreateBooking
        && wrong.pointer.starts_with("/booking")
        && !wrong.pointer.starts_with("/booking_failure")
    {
        return format!("`{method}` was refused with `{cause}`; a booking is due");
    }
    // The rule about cancellations says it so, too: one cause, one sentence.
    if method == Method::UpdateBooking && wrong.pointer == "/booking/status" && wrong.expected == "CANCELED" {
        return UNSHOWN_CANCELLATION.to_owned();
    }
    let field = wrong.pointer.rsplit('/').next().unwrap_or_default();
    match (&wrong.expected, &wrong.actual) {
        (Value::String(due), Value::String(shown)) => {
            format!("the answer of `{method}` says `\"{field}\": \"{shown}\"`; `\"{due}\"` is due")
        }
        (_, Value::Null) => format!("the answer of `{method}` has no `{field}`"),
        (due, _) => {
            let what = if due.get("$contains").is_some() {
                "lacks an entry that is due"
            } else if due.get("$lacks").is_some() {
                "has an entry that is not due"
            } else {
                "is another one than is due"
            };
            format!("`{field}` in the answer of `{method}` {what}")
        }
    }
}

/// The statuses that are due, where the expectation names some.
fn due_codes(expectation: &Expectation) -> Option<String> {
    let listed = |codes: &[u16]| codes.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    match (expectation.status.as_slice(), expectation.not_status.as_slice()) {
        ([], []) => Some("200".to_owned()),
        ([], _) => None,
        (accepted, _) => Some(listed(accepted)),
    }
}

/// A call that was refused differs from its control only when that was answered well. Where both were tried again, they have to
/// differ again.
pub(super) fn differs_from_control(case: &Case<'_>, expectation: &Expectation, own: &Exchange<'_>) -> bool {
    let Some(label) = expectation.control.as_deref() else {
        return true;
    };
    let is_well = |exchange: &Exchange<'_>| {
        shortfall(exchange.call.method, &exchange.answer.reply).is_none()
            && matches!(compare_answer(case, expectation, exchange), Comparison::Yes)
    };
    let mut all = case.transcript.exchanges();
    let Some(control) = all.find(|exchange| exchange.call.label.as_deref() == Some(label)) else {
        return false;
    };
    let again = |first: &Exchange<'_>| {
        let step = first.call.step;
        let mut all = case.transcript.exchanges();
        all.find(|exchange| exchange.call.again && exchange.call.step == step)
    };
    is_well(&control)
        && again(&control).is_none_or(|second| is_well(&second))
        && again(own)
            .is_none_or(|second| matches!(compare_answer(case, expectation, &second), Comparison::No(..)))
}

#[cfg(test)]
mod tests {
    use crate::judge_scenario;
    use crate::testing::Story;
    use catalogue::RequirementId;
    use outcome::Verdict;
    use serde_json::json;

    const TEXT: RequirementId = RequirementId::declared("BS-JSON-02");
    const FILE: &str = "title: a\nsteps:\n  - call: ListBookings\n    expect: { requirement: BS-JSON-02, control: other }\n  - { call: ListBookings, as: other }\n";

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
        let file = |how| {
            format!(
                "title: a\nsteps:\n  - call: ListBookings\n{how}    expect: {{ requirement: BS-JSON-02, not_status: [401, 403] }}\n"
            )
        };
        let judged = |how, status| {
            Story::arrival()
                .playing(&file(how), &[(status, json!({}))])
                .judge_all()
        };
        judged("    method: GET\n", 500).passes(TEXT);
        // A call as Google makes it that is refused in another way shows nothing of this one.
        judged("", 500).not_testable(TEXT);
        judged("", 200).passes(TEXT);
        let found = judged("", 403).fails(TEXT);
        assert_eq!(found.evidence.expected, "another status than 403");
    }
}
