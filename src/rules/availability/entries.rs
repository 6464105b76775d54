//! BS-BAL-01, BS-BAL-02

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{Method, int64};
use scenario::matcher;
use serde_json::Value;
use transcript::Exchange;

const ONE_EACH: RequirementId = RequirementId::declared("BS-BAL-01");
const ECHO: RequirementId = RequirementId::declared("BS-BAL-02");

pub(crate) static RULE: Rule = Rule {
    name: "availability/entries",
    requirements: &[ONE_EACH, ECHO],
    manual: "The answer must hold exactly one entry for each slot that was asked for, in any order. Entries are matched by \
             what they repeat: service and start always, duration, resources and tag where they were asked for. What an \
             entry leaves out is tolerated as long as the slots can still be told apart. When the number of entries is \
             wrong only that is reported, else only what cannot be matched.",
    scope: Scope::Answer(judge),
};

const LIST: &str = "slot_time_availability";

const NEEDED: [&str; 2] = ["/service_id", "/start_sec"];
const COMPARED: [&str; 7] = [
    "/service_id",
    "/start_sec",
    "/duration_sec",
    "/resource_ids/staff_id",
    "/resource_ids/room_id",
    "/resource_ids/party_size",
    "/availability_tag",
];

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    if exchange.call.method != Method::BatchAvailabilityLookup || reading::body(exchange).is_none() {
        return;
    }
    let Some(asked) = exchange.request_value("/slot_time").and_then(Value::as_array) else {
        return;
    };
    let entries = match exchange.answer_value("/slot_time_availability") {
        None => &[],
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(_) => return,
    };
    if entries.len() != asked.len() {
        let proof = count(exchange, asked.len(), entries.len());
        return verdicts.fail(ONE_EACH, proof, words(exchange, asked.len(), entries.len()));
    }
    match_up(exchange, asked, entries, verdicts);
}

fn count(exchange: &Exchange<'_>, asked: usize, answered: usize) -> Proof {
    Proof::at(exchange.entry, "/slot_time_availability")
        .expected(format!("entries: {asked}"))
        .actual(format!("entries: {answered}"))
}

fn words(exchange: &Exchange<'_>, asked: usize, answered: usize) -> String {
    let mut names = reading::body(exchange).into_iter().flat_map(|body| body.keys());
    match (exchange.answer_value("/slot_time_availability"), names.next()) {
        (None, Some(_)) if reading::body(exchange).is_some_and(|body| body.contains_key(LIST)) => {
            return format!("\"{LIST}\" is null; one entry for each slot that was asked for is due");
        }
        (None, Some(other)) => {
            return format!(
                "the answer has no `slot_time_availability` but `{other}`, which Google does not read: availability is told in the words of the interface"
            );
        }
        (None, None) | (Some(_), _) if answered == 0 => {
            return "the answer has no entry at all, but each slot that was asked for needs one, whether it is free or not"
                .to_owned();
        }
        _ => {}
    }
    let which = if answered < asked { "fewer" } else { "more" };
    format!("the answer has {which} entries than slots that were asked for")
}

/// How an entry matches the slots that were asked for.
enum EntryMatch {
    /// It repeats this slot.
    Slot(usize),
    /// Its times cannot be read, which is another rule's finding.
    Unreadable,
    /// It repeats no slot that was asked for; the first field that differs from the slot at its place.
    Nothing(&'static str),
    /// It leaves out a field by which the slots differ.
    Several,
}

fn match_up(exchange: &Exchange<'_>, asked: &[Value], entries: &[Value], verdicts: &mut Verdicts) {
    let mut free = vec![true; asked.len()];
    let mut unreadable = false;
    for (place, entry) in entries.iter().enumerate() {
        let pointer = format!("/slot_time_availability/{place}/slot_time");
        if !entry.is_object() {
            unreadable = true;
            continue;
        }
        match find(asked, entry.get("slot_time").unwrap_or(&Value::Null), place) {
            EntryMatch::Unreadable => unreadable = true,
            EntryMatch::Nothing(field) => {
                let proof = Proof::at(exchange.entry, format!("{pointer}{field}"));
                let proof = proof
                    .expected(at(&asked[place], field))
                    .actual(at(&entry["slot_time"], field));
                return verdicts.fail(
                    ECHO,
                    proof,
                    "an entry repeats none of the slots that were asked for",
                );
            }
            EntryMatch::Several => {
                let message =
                    "an entry leaves out what tells it apart from the other slots that were asked for";
                return verdicts.fail(ECHO, Proof::at(exchange.entry, pointer), message);
            }
            EntryMatch::Slot(slot) => {
                let Some(index) = (0..asked.len()).find(|i| free[*i] && asked[*i] == asked[slot]) else {
                    let message = "one slot is answered twice and another one not at all";
                    return verdicts.fail(ONE_EACH, Proof::at(exchange.entry, pointer), message);
                };
                free[index] = false;
            }
        }
    }
    verdicts.pass(ONE_EACH);
    if !unreadable {
        verdicts.pass(ECHO);
    }
}

fn find(asked: &[Value], slot_time: &Value, place: usize) -> EntryMatch {
    if !is_readable(slot_time) {
        return EntryMatch::Unreadable;
    }
    // Most of a large page starts at other times, which is seen at once.
    let start = slot_time.get("start_sec").and_then(int64::read);
    let fitting: Vec<usize> = (0..asked.len())
        .filter(|index| asked[*index].get("start_sec").and_then(int64::read) == start)
        .filter(|index| first_difference(&asked[*index], slot_time).is_none())
        .collect();
    match fitting.as_slice() {
        [] => EntryMatch::Nothing(first_difference(&asked[place], slot_time).unwrap_or_default()),
        // A slot that was asked for twice fits twice; its entries are counted by the caller.
        [first, rest @ ..] if rest.iter().all(|other| asked[*other] == asked[*first]) => {
            EntryMatch::Slot(*first)
        }
        // Several slots fit where the entry leaves fields out: the one with exactly its fields is meant.
        several => several
            .iter()
            .find(|index| is_complete(&asked[**index], slot_time))
            .map_or(EntryMatch::Several, |index| EntryMatch::Slot(*index)),
    }
}

fn is_readable(slot_time: &Value) -> bool {
    let seconds = |name| reading::set(slot_time, name).is_none_or(|value| int64::read(value).is_some());
    (slot_time.is_null() || slot_time.is_object()) && seconds("/start_sec") && seconds("/duration_sec")
}

/// The first field in which an entry is not the slot that was asked for; fields that it leaves out do not differ, but
/// for those without which nothing can be matched.
pub(super) fn first_difference(asked: &Value, slot_time: &Value) -> Option<&'static str> {
    COMPARED.into_iter().find(|name| {
        let Some(wanted) = reading::set(asked, name) else {
            return false;
        };
        let got = reading::set(slot_time, name).filter(|got| !is_default(got));
        match got {
            None => NEEDED.contains(name),
            Some(got) => !matcher::equal(wanted, Some(got)),
        }
    })
}

/// True when an entry has exactly the fields that were asked for, no more and no less.
fn is_complete(asked: &Value, slot_time: &Value) -> bool {
    COMPARED.into_iter().all(|name| {
        let here = |value: &Value| reading::set(value, name).is_some_and(|value| !is_default(value));
        here(asked) == here(slot_time)
    })
}

fn is_default(value: &Value) -> bool {
    matcher::equal(value, None)
}

fn at(value: &Value, pointer: &str) -> Value {
    value.pointer(pointer).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict};
    use serde_json::json;

    fn slot(start: i64, staff: &str) -> Value {
        json!({ "service_id": "cut", "start_sec": start.to_string(), "duration_sec": "1800",
                "resource_ids": { "staff_id": staff } })
    }

    fn entry(slot_time: &Value) -> Value {
        json!({ "slot_time": slot_time, "available": true })
    }

    fn judge_entries(asked: &[Value], entries: &[Value]) -> StoryVerdict {
        let request = json!({ "merchant_id": "salon", "slot_time": asked });
        let answer = json!({ "slot_time_availability": entries });
        let story = Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer);
        story.judge(&RULE)
    }

    #[test]
    fn one_entry_each_in_any_order_and_number_form_passes() {
        let asked = [slot(100, "ada"), slot(200, "ada")];
        let mut second = entry(&asked[0]);
        second["slot_time"]["start_sec"] = json!(100);
        let verdict = judge_entries(&asked, &[entry(&asked[1]), second]);
        verdict.passes(ONE_EACH);
        verdict.passes(ECHO);
    }

    #[test]
    fn only_free_slots_are_too_few() {
        let asked = [slot(100, "ada"), slot(200, "ada")];
        judge_entries(&asked, &[entry(&asked[0])]).fails(ONE_EACH);
        judge_entries(&asked, &[]).fails(ONE_EACH);
        judge_entries(&asked[..1], &[entry(&asked[0]), entry(&asked[1])]).fails(ONE_EACH);
    }

    #[test]
    fn a_list_that_is_null_is_told_as_that() {
        let request = json!({ "merchant_id": "salon", "slot_time": [slot(100, "ada")] });
        let answer = json!({ "slot_time_availability": null });
        let story = Story::arrival().call(Method::BatchAvailabilityLookup, request, 200, answer);
        let found = story.judge(&RULE).fails(ONE_EACH);
        assert!(found.message.starts_with("\"slot_time_availability\" is null"));
    }

    #[test]
    fn a_duplicate_in_place_of_another_slot_is_found() {
        let asked = [slot(100, "ada"), slot(200, "ada")];
        judge_entries(&asked, &[entry(&asked[0]), entry(&asked[0])]).fails(ONE_EACH);
    }

    #[test]
    fn another_start_is_found_at_its_place() {
        let asked = [slot(100, "ada")];
        let found = judge_entries(&asked, &[entry(&slot(3700, "ada"))]).fails(ECHO);
        assert_eq!(
            found.evidence.pointer.as_deref(),
            Some("/slot_time_availability/0/slot_time/start_sec")
        );
        judge_entries(&asked, &[json!({ "available": true })]).fails(ECHO);
    }

    #[test]
    fn resources_may_be_left_out_unless_slots_differ_in_nothing_else() {
        let bare = json!({ "service_id": "cut", "start_sec": "100", "duration_sec": "1800" });
        judge_entries(&[slot(100, "ada")], &[entry(&bare)]).passes(ECHO);
        let both = [slot(100, "ada"), slot(100, "bo")];
        judge_entries(&both, &[entry(&bare), entry(&bare)]).fails(ECHO);
    }

    #[test]
    fn a_slot_without_resources_beside_one_with_them_is_told_apart() {
        let bare = json!({ "service_id": "cut", "start_sec": "100", "duration_sec": "1800" });
        let asked = [bare.clone(), slot(100, "ada")];
        judge_entries(&asked, &[entry(&bare), entry(&asked[1])]).passes(ECHO);
    }

    #[test]
    fn times_that_cannot_be_read_are_another_rules_finding() {
        let odd = json!({ "service_id": "cut", "start_sec": "08:00" });
        judge_entries(&[slot(100, "ada")], &[entry(&odd)]).passes(ONE_EACH);
    }
}
