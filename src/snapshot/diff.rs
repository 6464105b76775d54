//! What changed between two bodies: hunks that never leave the message they are in, and carry its name.

use super::place::{Place, places};
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use std::ops::RangeInclusive;

/// Lines shown before and after a change.
const CONTEXT: usize = 3;

/// What kind of line a diff holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    /// The head of a hunk, `@@ CreateBooking answer @@`.
    Hunk,
    /// In both.
    Context,
    /// Only in the accepted text.
    Removed,
    /// Only in the new text.
    Added,
}

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// Its kind.
    pub kind: DiffKind,
    /// Its text, without sign and line break.
    pub text: String,
}

/// What makes two hunks the same change: the message, the fields around it, and the changed lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    message: String,
    parents: Vec<String>,
    lines: Vec<(DiffKind, String)>,
}

/// Changes that stand close together in one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hunk {
    /// The same in every scenario in which the same thing changed.
    pub(crate) change: Change,
    /// The head and the lines.
    pub(crate) lines: Vec<DiffLine>,
}

/// The diff of two texts, up to three lines of context around each change.
pub fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    hunks(old, new).into_iter().flat_map(|hunk| hunk.lines).collect()
}

/// The hunks of two texts; a text without an accepted one is a single hunk.
pub(crate) fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    if old.is_empty() && !new.is_empty() {
        return vec![all_new(new)];
    }
    let lines = compared(old, new);
    let ranges = ranges(&lines);
    ranges.into_iter().map(|range| hunk(&lines, &range)).collect()
}

fn all_new(new: &str) -> Hunk {
    let lines = new.lines().map(|line| DiffLine {
        kind: DiffKind::Added,
        text: line.to_owned(),
    });
    Hunk {
        change: Change {
            message: "new".to_owned(),
            parents: Vec::new(),
            lines: new
                .lines()
                .map(|line| (DiffKind::Added, line.to_owned()))
                .collect(),
        },
        lines: std::iter::once(head("new")).chain(lines).collect(),
    }
}

fn head(label: &str) -> DiffLine {
    DiffLine {
        kind: DiffKind::Hunk,
        text: format!("@@ {label} @@"),
    }
}

/// A line of either text, with the message that it stands in there.
struct Line {
    kind: DiffKind,
    text: String,
    place: Place,
}

fn compared(old: &str, new: &str) -> Vec<Line> {
    // Without it, the last line of a text would differ from the same line in the middle of another.
    let ended = |text: &str| match text {
        "" => String::new(),
        _ => format!("{text}\n"),
    };
    let (old_places, new_places) = (places(old), places(new));
    let (old, new) = (ended(old), ended(new));
    let diff = TextDiff::from_lines(&old, &new);
    let line = |change: similar::Change<&str>| {
        let place = match change.tag() {
            ChangeTag::Delete => old_places.get(change.old_index()?),
            _ => new_places.get(change.new_index()?),
        };
        Some(Line {
            kind: kind(change.tag()),
            text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            place: place?.clone(),
        })
    };
    diff.iter_all_changes().filter_map(line).collect()
}

fn kind(tag: ChangeTag) -> DiffKind {
    match tag {
        ChangeTag::Equal => DiffKind::Context,
        ChangeTag::Delete => DiffKind::Removed,
        ChangeTag::Insert => DiffKind::Added,
    }
}

/// The fields that a line is nested in, the innermost first.
fn parents(lines: &[Line], at: usize) -> Vec<String> {
    let depth_of = |line: &Line| line.text.len() - line.text.trim_start().len();
    let own = &lines[at];
    let in_same_text = |line: &&Line| line.kind == DiffKind::Context || line.kind == own.kind;
    let above = lines[..at].iter().rev();
    let above = above.take_while(|line| line.place.name == own.place.name);
    let mut depth = depth_of(own);
    let mut parents = Vec::new();
    for line in above.filter(in_same_text) {
        if depth == 0 {
            break;
        }
        if depth_of(line) < depth {
            depth = depth_of(line);
            let text = line.text.trim_start();
            parents.push(if text.starts_with("- ") { "-" } else { text }.to_owned());
        }
    }
    parents
}

/// Where hunks begin and end, context left out.
fn ranges(lines: &[Line]) -> Vec<RangeInclusive<usize>> {
    let mut ranges: Vec<RangeInclusive<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| lines[*at].kind != DiffKind::Context) {
        let joins = ranges.last().is_some_and(|range| {
            let between = &lines[*range.end()..at];
            between.len() <= 2 * CONTEXT + 1 && between.iter().all(|line| is_beside(line, &lines[at]))
        });
        match ranges.last_mut().filter(|_| joins) {
            Some(range) => *range = *range.start()..=at,
            None => ranges.push(at..=at),
        }
    }
    ranges
}

fn is_beside(one: &Line, other: &Line) -> bool {
    one.place.name == other.place.name
}

fn hunk(lines: &[Line], range: &RangeInclusive<usize>) -> Hunk {
    let first = &lines[*range.start()];
    let is_context = |line: &&Line| line.kind == DiffKind::Context && is_beside(line, first);
    let before = lines[..*range.start()].iter().rev();
    let before = before.take_while(is_context).take(CONTEXT).count();
    let after = lines[range.end() + 1..].iter();
    let after = after.take_while(is_context).take(CONTEXT).count();
    let shown = &lines[range.start() - before..=range.end() + after];
    let changed = lines[range.clone()]
        .iter()
        .filter(|line| line.kind != DiffKind::Context);
    let shown = shown.iter().map(|line| DiffLine {
        kind: line.kind,
        text: line.text.clone(),
    });
    Hunk {
        change: Change {
            message: first.place.name.clone(),
            parents: parents(lines, *range.start()),
            lines: changed.map(|line| (line.kind, line.text.clone())).collect(),
        },
        lines: std::iter::once(head(&first.place.label())).chain(shown).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "> POST /v3/CreateBooking\nslot: 1\n< 200 application/json\nbooking:\n  booking_id: [booking-1]\n  \
                        status: CONFIRMED\n> POST /v3/GetBookingStatus\nbooking_id: [booking-1]\n< 200 application/json\n\
                        booking_status: CONFIRMED";

    fn shown(old: &str, new: &str) -> Vec<String> {
        let signed = |line: DiffLine| {
            let sign = match line.kind {
                DiffKind::Hunk => "",
                DiffKind::Context => " ",
                DiffKind::Removed => "-",
                DiffKind::Added => "+",
            };
            format!("{sign}{}", line.text)
        };
        diff(old, new).into_iter().map(signed).collect()
    }

    #[test]
    fn a_hunk_has_the_name_of_its_message() {
        let new = BODY.replace("  status: CONFIRMED", "  status: PENDING");
        let expected = [
            "@@ CreateBooking answer @@",
            " < 200 application/json",
            " booking:",
            "   booking_id: [booking-1]",
            "-  status: CONFIRMED",
            "+  status: PENDING",
        ];
        assert_eq!(shown(BODY, &new), expected);
    }

    #[test]
    fn changes_of_two_messages_are_two_hunks() {
        let new = BODY
            .replace("  status: CONFIRMED", "  status: PENDING")
            .replace("booking_status: CONFIRMED", "booking_status: PENDING")
            .replace("slot: 1", "slot: 2");
        let heads: Vec<_> = shown(BODY, &new);
        let heads: Vec<_> = heads.iter().filter(|line| line.starts_with("@@")).collect();
        assert_eq!(
            heads,
            [
                "@@ CreateBooking request @@",
                "@@ CreateBooking answer @@",
                "@@ GetBookingStatus answer @@"
            ]
        );
    }

    #[test]
    fn the_same_change_is_the_same_wherever_it_stands() {
        let extended = format!("> GET /v3/HealthCheck\n< 200\n{BODY}");
        let pending = |body: &str| body.replace("  status: CONFIRMED", "  status: PENDING\n  asked: true");
        let (one, other) = (hunks(BODY, &pending(BODY)), hunks(&extended, &pending(&extended)));
        assert_eq!(one[0].change, other[0].change);
        let elsewhere = BODY.replace("booking:", "bookings:");
        assert_ne!(
            one[0].change,
            hunks(&elsewhere, &pending(&elsewhere))[0].change,
            "another parent"
        );
    }

    #[test]
    fn a_removed_exchange_names_what_is_gone() {
        let (head, _) = BODY
            .split_once("\n> POST /v3/GetBookingStatus")
            .unwrap_or_default();
        let lines = shown(BODY, head);
        assert_eq!(
            lines,
            [
                "@@ GetBookingStatus request @@",
                "-> POST /v3/GetBookingStatus",
                "-booking_id: [booking-1]",
                "@@ GetBookingStatus answer @@",
                "-< 200 application/json",
                "-booking_status: CONFIRMED"
            ]
        );
    }

    #[test]
    fn without_an_accepted_text_everything_is_one_hunk() {
        assert_eq!(shown("", "a\nb"), ["@@ new @@", "+a", "+b"]);
        assert_eq!(shown("a", "a"), Vec::<String>::new());
    }
}
