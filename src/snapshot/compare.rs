//! A history against the accepted one: equal, new, changed, or bound elsewhere and equal in shape.

use super::diff::{DiffLine, diff};
use super::form::Document;
use super::info::{Info, Mark};
use super::normalise::body;
use super::store::Accepted;
use outcome::SnapshotStatus;
use transcript::Transcript;

/// How a history compares with the accepted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The conclusion.
    pub status: SnapshotStatus,
    /// The normalised history.
    pub body: String,
    /// What the scenario was bound to.
    pub(crate) info: Info,
    /// From the accepted text to the new one; empty unless `Changed`.
    pub diff: Vec<DiffLine>,
}

impl Comparison {
    /// The text of a snapshot file that holds this history, for a scenario of that id and title; a violation is marked.
    pub fn text(&self, id: &str, title: &str, judged: Option<&Mark>) -> String {
        let document = Document {
            source: format!("scenarios/{id}.yaml"),
            description: title.to_owned(),
            info: Info {
                judged: judged.cloned(),
                ..self.info.clone()
            },
            body: self.body.clone(),
        };
        document.write()
    }
}

/// Compares a history with the accepted one.
///
/// Where the slots have other terms than the accepted ones had (price, fee, deposit, modes), values must differ; then only
/// keys and types are compared.
pub fn compare(accepted: Option<&Accepted>, transcript: &Transcript) -> Comparison {
    let body = body(transcript);
    let info = Info::from_transcript(transcript);
    let status = accepted.map_or(SnapshotStatus::New, |accepted| status(accepted, &body, &info));
    let diff = match accepted {
        Some(accepted) if status == SnapshotStatus::Changed => diff(&accepted.body, &body),
        _ => Vec::new(),
    };
    Comparison {
        status,
        body,
        info,
        diff,
    }
}

fn status(accepted: &Accepted, body: &str, info: &Info) -> SnapshotStatus {
    if accepted.body == body {
        SnapshotStatus::Matched
    } else if !accepted.info.same_terms(info) && shape(&accepted.body) == shape(body) {
        SnapshotStatus::Rebound
    } else {
        SnapshotStatus::Changed
    }
}

/// The lines of a text with the type of each value in its place; calls, answers and marks as they are.
fn shape(body: &str) -> Vec<String> {
    body.lines().map(line_shape).collect()
}

fn line_shape(line: &str) -> String {
    let value_at = line
        .find(": ")
        .map(|colon| colon + 2)
        .or_else(|| item_value(line));
    match value_at {
        Some(at) if !is_mark(line) => format!("{}{}", &line[..at], type_of(&line[at..])),
        _ => line.to_owned(),
    }
}

/// Where the value of an element of a list of plain values begins.
fn item_value(line: &str) -> Option<usize> {
    let value = line.trim_start().trim_start_matches("- ");
    (value.len() < line.trim_start().len() && !value.ends_with(':')).then(|| line.len() - value.len())
}

fn is_mark(line: &str) -> bool {
    line.starts_with(['>', '<', '!', '=', '#'])
}

fn type_of(value: &str) -> &str {
    match value {
        "{}" | "[]" | "null" => value,
        "true" | "false" => "<bool>",
        _ if value.ends_with(" as number") || value.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            "<number>"
        }
        _ => "<string>",
    }
}

#[cfg(test)]
mod tests {
    use super::super::diff::DiffKind;
    use super::super::fixture::{History, refund};
    use super::*;
    use serde_json::{Value, json};
    use transcript::Fact;

    fn accepted(history: &History) -> Accepted {
        let new = compare(None, &history.transcript);
        assert_eq!(new.status, SnapshotStatus::New);
        Accepted {
            body: new.body,
            info: new.info,
        }
    }

    /// Changes one value of the answer to CreateBooking.
    fn with_answer(mut history: History, pointer: &str, value: Value) -> History {
        let answered = history
            .transcript
            .entries
            .iter_mut()
            .find_map(|entry| match &mut entry.fact {
                Fact::Answer(answer) => Some(answer),
                _ => None,
            });
        if let Some(transcript::Reply::Http(reply)) = answered.map(|answer| &mut answer.reply)
            && let Some(mut json) = reply.json().cloned()
            && let Some(place) = json.pointer_mut(pointer)
        {
            *place = value;
            let headers = reply.headers.clone();
            *reply = transcript::HttpReply::new(
                protocol::Method::CreateBooking,
                reply.status,
                headers,
                json.to_string(),
            );
        }
        history
    }

    fn changed(lines: &[DiffLine]) -> Vec<(DiffKind, &str)> {
        let kept = lines
            .iter()
            .filter(|line| matches!(line.kind, DiffKind::Removed | DiffKind::Added));
        kept.map(|line| (line.kind, line.text.as_str())).collect()
    }

    #[test]
    fn the_same_story_in_another_run_matches() {
        let again = compare(Some(&accepted(&refund(1))), &refund(2).transcript);
        assert_eq!((again.status, again.diff.len()), (SnapshotStatus::Matched, 0));
    }

    #[test]
    fn one_changed_field_is_one_changed_line() {
        let other = with_answer(
            refund(2),
            "/booking/payment_information/prepayment_status",
            json!("PREPAYMENT_NOT_PROVIDED"),
        );
        let comparison = compare(Some(&accepted(&refund(1))), &other.transcript);
        assert_eq!(comparison.status, SnapshotStatus::Changed);
        let expected = [
            (DiffKind::Removed, "    prepayment_status: PREPAYMENT_PROVIDED"),
            (DiffKind::Added, "    prepayment_status: PREPAYMENT_NOT_PROVIDED"),
        ];
        assert_eq!(changed(&comparison.diff), expected);
        assert_eq!(comparison.diff.len(), 1 + 3 + 2 + 3);
    }

    #[test]
    fn a_string_that_became_a_number_is_drift() {
        for (pointer, value, line) in [
            (
                "/booking/slot/duration_sec",
                json!(3600),
                "    duration_sec: 3600",
            ),
            (
                "/booking/slot/start_sec",
                json!(1_800_001_800),
                "    start_sec: [start-1] as number",
            ),
        ] {
            let other = with_answer(refund(2), pointer, value);
            let comparison = compare(Some(&accepted(&refund(1))), &other.transcript);
            assert_eq!(changed(&comparison.diff)[1], (DiffKind::Added, line));
        }
    }

    #[test]
    fn other_terms_are_compared_by_shape() {
        let repriced = |pointer: &str, value: Value| {
            let mut history = with_answer(refund(2), pointer, value);
            if let Some(slot) = history.binding().slots.get_mut("slot") {
                slot.terms.price = None;
            }
            compare(Some(&accepted(&refund(1))), &history.transcript)
        };
        let price = "/booking/payment_information/price/price_micros";
        let rebound = repriced(price, json!("300000000"));
        assert_eq!((rebound.status, rebound.diff.len()), (SnapshotStatus::Rebound, 0));
        assert_eq!(
            repriced(price, json!(300_000_000)).status,
            SnapshotStatus::Changed
        );
    }

    #[test]
    fn an_added_last_line_is_one_line() {
        assert_eq!(changed(&diff("a\nb", "a\nb\nc")), [(DiffKind::Added, "c")]);
        assert_eq!(changed(&diff("", "a")), [(DiffKind::Added, "a")]);
        assert_eq!(diff("a", "a"), []);
    }

    #[test]
    fn shapes_keep_keys_and_types() {
        let body =
            "> POST /v3/X\nslot:\n  - price: \"12\"\n    open: 3\n    ok: true\nlist:\n  - a b\n  - 4\n< 200";
        let expected = [
            "> POST /v3/X",
            "slot:",
            "  - price: <string>",
            "    open: <number>",
            "    ok: <bool>",
            "list:",
            "  - <string>",
            "  - <number>",
            "< 200",
        ];
        assert_eq!(shape(body), expected);
    }
}
