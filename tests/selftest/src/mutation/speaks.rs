//! Whether a finding speaks of what a mutant changed.

use super::area::Area;
use super::mutant::Mutant;
use super::recording::{area_of_exchange, area_of_notification};
use outcome::Finding;
use protocol::spelling::to_json_path;
use transcript::{Fact, Transcript};

/// How near a finding is to what was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// It is about something else.
    Elsewhere,
    /// It is about the message in which the leaf stands.
    Message,
    /// Its evidence points at the leaf, above or below it, or its sentence names the field.
    Leaf,
}

/// How near a finding is to what a mutant changed. `transcript` is the history in which its evidence stands.
pub(crate) fn nearness(mutant: &Mutant, finding: &Finding, transcript: Option<&Transcript>) -> Nearness {
    let entry = finding.evidence.entry;
    let seen_in = transcript
        .zip(entry)
        .and_then(|(transcript, entry)| area_at(transcript, entry));
    let is_here = seen_in.is_some_and(|area| area.is_beside(mutant.area));
    let is_family = mutant.area.is_subject_of(finding.requirement.as_str());
    if !is_here && !is_family {
        return Nearness::Elsewhere;
    }
    let pointer = finding.evidence.pointer.as_deref().filter(|_| is_here);
    let points = pointer.is_some_and(|pointer| meets(pointer, &mutant.leaf));
    if mutant.leaf.is_empty() || points || names_field(&finding.message, mutant.field()) {
        Nearness::Leaf
    } else {
        Nearness::Message
    }
}

/// The area of the message that an entry of a history holds, or to which it is the call.
fn area_at(transcript: &Transcript, entry: usize) -> Option<Area> {
    match &transcript.entries.get(entry)?.fact {
        Fact::Notification(call) => area_of_notification(call),
        Fact::Call(call) => Some(Area::Answer(call.method, 200)),
        Fact::Answer(_) => {
            let exchange = transcript.exchange_at(entry)?;
            area_of_exchange(&exchange).or(Some(Area::Answer(exchange.call.method, 200)))
        }
        _ => None,
    }
}

/// True when a pointer stands at a leaf, above it or below it; the body as a whole is above all and says nothing.
fn meets(pointer: &str, leaf: &str) -> bool {
    let is_index =
        |segment: &&str| !segment.is_empty() && segment.bytes().all(|letter| letter.is_ascii_digit());
    let segments = pointer.split('/').skip(1).filter(|segment| !is_index(segment));
    let seen: Vec<String> = segments
        .map(to_json_path)
        .filter(|name| !name.is_empty())
        .collect();
    let named: Vec<String> = leaf
        .trim_start_matches("query.")
        .split('.')
        .map(|name| to_json_path(name.trim_end_matches("[]")))
        .collect();
    !seen.is_empty() && seen.iter().zip(&named).all(|(one, other)| one == other)
}

/// True when a quoted word of a sentence is the field, or a path or a piece of JSON with the field in it.
fn names_field(sentence: &str, field: &str) -> bool {
    let field = to_json_path(field);
    // What stands between two quotation marks is every second piece.
    let quoted = sentence.split('`').skip(1).step_by(2);
    let double = sentence.split('"').skip(1).step_by(2);
    let is_gap = |letter: char| !letter.is_alphanumeric() && letter != '_';
    quoted
        .chain(double)
        .flat_map(|piece| piece.split(is_gap))
        .any(|word| to_json_path(word) == field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_meets_its_leaf_whatever_the_index_and_the_spelling() {
        let leaf = "slot_time_availability[].available";
        assert!(meets("/slotTimeAvailability/3/available", leaf));
        assert!(meets("/slot_time_availability/0", leaf));
        assert!(meets("/slot_time_availability/0/available/more", leaf));
        assert!(!meets("/slot_time_availability/0/slot_time", leaf));
        assert!(!meets("", leaf));
        assert!(meets("/updateMask", "query.updateMask"));
    }

    #[test]
    fn a_sentence_names_a_field_in_quotes_alone() {
        assert!(names_field("has no `booking.slot.start_sec`", "start_sec"));
        assert!(names_field("the body has `{\"startTime\": \"x\"}`", "start_time"));
        assert!(!names_field("answered with status 400", "status"));
    }
}
