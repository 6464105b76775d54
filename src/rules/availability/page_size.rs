//! BS-BAL-04

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use scenario::Lookup;
use serde_json::Value;
use transcript::{Exchange, Reply, Silence, shortfall};

const PAGE: RequirementId = RequirementId::declared("BS-BAL-04");

pub(crate) static RULE: Rule = Rule {
    name: "availability/page-size",
    requirements: &[PAGE],
    manual: "A page-load look-up must be answered however many slots the user sees, five or some hundreds, with an entry for each. Of \
             several that are refused only the smallest is told. That it is refused for its size is said only where it was \
             refused twice, and the same slots were all answered in smaller calls. What comes late is judged by the time limits.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let pages = || case.answers().filter(|exchange| is_page(case, exchange));
    if pages().any(|page| is_whole(&page)) {
        verdicts.pass(PAGE);
    }
    let refused = pages().filter(|page| refusal(page).is_some());
    let Some(page) = refused.min_by_key(asked) else {
        return;
    };
    let again: Vec<Exchange<'_>> = case
        .transcript
        .exchanges()
        .filter(|exchange| exchange.call.again && exchange.call.step == page.call.step)
        .collect();
    let second = again.iter().find(|one| asked(one) == asked(&page));
    if second.is_some_and(is_answered) {
        // It was chance, which the share of errors is there for.
        return;
    }
    let pieces: Vec<_> = again.iter().filter(|one| asked(one) < asked(&page)).collect();
    let named: usize = pieces.iter().map(|piece| asked(piece)).sum();
    let largest = pieces.iter().map(|piece| asked(piece)).max();
    let is_size = named == asked(&page) && pieces.iter().all(|piece| is_answered(piece));
    let refusal = refusal(&page).unwrap_or_default();
    let message = match largest.filter(|_| is_size) {
        Some(largest) => format!(
            "a look-up of {} slots {refusal}; the same slots in calls of {largest} at most were answered, so it is refused for their number",
            asked(&page)
        ),
        None => format!("a page-load look-up of {} slots {refusal}", asked(&page)),
    };
    let proof = Proof {
        entry: Some(page.entry),
        ..Proof::default()
    };
    verdicts.fail(PAGE, proof.expected("status 200").actual(refusal), message);
}

/// A look-up of a page, made as Google makes it.
fn is_page(case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
    let step = case.step_of(exchange);
    let is_step = step.is_some_and(|step| matches!(step.lookup, Lookup::Page(_)) && step.is_plain());
    exchange.call.method == Method::BatchAvailabilityLookup && is_step
}

/// How many slots a look-up asks for.
fn asked(exchange: &Exchange<'_>) -> usize {
    let slots = exchange.request_value("/slot_time").and_then(Value::as_array);
    slots.map_or(0, Vec::len)
}

fn is_answered(exchange: &Exchange<'_>) -> bool {
    shortfall(exchange.call.method, &exchange.answer.reply).is_none()
}

/// True when there is an entry for each slot; which one is for which slot another rule judges.
fn is_whole(exchange: &Exchange<'_>) -> bool {
    let entries = exchange
        .answer_value("/slot_time_availability")
        .and_then(Value::as_array);
    is_answered(exchange) && entries.is_some_and(|entries| entries.len() == asked(exchange))
}

/// How a look-up was refused, if it was.
fn refusal(exchange: &Exchange<'_>) -> Option<String> {
    match &exchange.answer.reply {
        Reply::Http(reply) if !reply.is_success() => Some(format!("was answered {}", reply.status)),
        Reply::Nothing { kind, .. } if *kind == Silence::Broken => {
            Some("broke off the connection".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict};
    use serde_json::json;

    const FILE: &str = "title: a\nneeds: { slot: {}, page: 9 }\nsteps:\n  - { call: BatchAvailabilityLookup, lookup: page, at_most: 2 }\n  - { call: BatchAvailabilityLookup, lookup: page }\n";

    /// Look-ups of so many slots, each with its answer: the first two are the steps, the others second tries of the second one.
    fn judge_pages(pages: &[(usize, u16)]) -> StoryVerdict {
        let slots = |count: usize| -> Vec<Value> {
            let slot = |start| json!({ "service_id": "cut", "start_sec": start_text(start) });
            (0..count).map(slot).collect()
        };
        let answers: Vec<(u16, Value)> = pages
            .iter()
            .map(|(count, status)| {
                let entries = slots(*count).into_iter().map(|slot| json!({ "slot_time": slot }));
                let whole = json!({ "slot_time_availability": entries.collect::<Vec<_>>() });
                let refused = json!({ "error": "too many" });
                (*status, if *status == 200 { whole } else { refused })
            })
            .collect();
        let mut story = Story::arrival().playing(FILE, &answers[..2]);
        for (status, answer) in &answers[2..] {
            story = story.call(
                Method::BatchAvailabilityLookup,
                json!({}),
                *status,
                answer.clone(),
            );
        }
        let asked: Vec<Value> = pages
            .iter()
            .map(|(count, _)| json!({ "merchant_id": "salon", "slot_time": slots(*count) }))
            .collect();
        story.asking(&asked, 2).judge(&RULE)
    }

    fn start_text(start: usize) -> String {
        (1_893_484_800 + 3_600 * start).to_string()
    }

    #[test]
    fn pages_that_are_answered_pass() {
        judge_pages(&[(2, 200), (8, 200)]).passes(PAGE);
    }

    #[test]
    fn a_page_that_is_refused_for_its_size_is_told_with_what_was_answered() {
        let pieces = [(2, 200), (2, 200), (2, 200), (2, 200)];
        let found = judge_pages(&[&[(2, 200), (8, 500), (8, 500)], &pieces[..]].concat()).fails(PAGE);
        assert_eq!(
            found.message,
            "a look-up of 8 slots was answered 500; the same slots in calls of 2 at most were answered, so it is refused for their number"
        );
    }

    #[test]
    fn nothing_is_said_of_the_size_where_a_piece_is_refused_too() {
        for pages in [
            vec![(2, 200), (8, 400), (8, 400), (2, 200), (2, 400)],
            vec![(2, 200), (8, 400), (8, 400), (2, 200)],
            vec![(2, 200), (8, 400)],
        ] {
            let found = judge_pages(&pages).fails(PAGE);
            assert_eq!(found.message, "a page-load look-up of 8 slots was answered 400");
        }
    }

    #[test]
    fn what_is_answered_when_it_comes_again_is_no_finding() {
        judge_pages(&[(2, 200), (8, 503), (8, 200)]).passes(PAGE);
    }
}
