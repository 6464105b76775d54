//! Texts for users: that they say something, how long they are, and the markup in them.

use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use serde_json::Value;

/// The most that Google takes of one text.
const LONGEST: usize = 16_000;

/// What a Text message says: its value and the localized ones, as far as they are not empty. Google's own
/// samples print bare strings in places of messages.
pub(crate) fn values(text: &Value) -> impl Iterator<Item = &str> {
    let own = text.as_str().or_else(|| text.get("value")?.as_str());
    let localized = text.get("localized_value").and_then(Value::as_array);
    let localized = localized.into_iter().flatten();
    let texts = own
        .into_iter()
        .chain(localized.filter_map(|one| one.get("value")?.as_str()));
    texts.filter(|text| !text.trim().is_empty())
}

/// The first of them.
pub(crate) fn first(text: &Value) -> Option<&str> {
    values(text).next()
}

/// True for a text that is there and says something.
pub(crate) fn is_filled(text: Option<&Value>) -> bool {
    text.is_some_and(|text| first(text).is_some())
}

/// The letters and digits of a text in lower case, without its tags.
pub(crate) fn plain(text: &str) -> String {
    let mut outside = true;
    let kept = text.chars().filter(|c| {
        outside = *c == '>' || (outside && *c != '<');
        outside && c.is_alphanumeric()
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// Notes a text that is there and says nothing.
pub(crate) fn check_filled(text: Option<&Value>, field: &str, problems: &mut Vec<RecordProblem>) {
    if text.is_some() && !is_filled(text) {
        problems.push(empty_text(field));
    }
}

/// A text that is there and says nothing.
pub(crate) fn empty_text(field: &str) -> RecordProblem {
    let message = "a text with neither a value nor localized values";
    RecordProblem::new(ProblemCode::EmptyText, field, message)
}

/// Notes the first of these texts that is too long.
pub(crate) fn check_length<'t>(
    texts: impl Iterator<Item = &'t str>,
    field: &str,
    problems: &mut Vec<RecordProblem>,
) {
    let mut lengths = texts.map(|text| text.chars().count());
    problems.extend(lengths.find(|length| *length > LONGEST).map(|length| {
        let message = format!("{length} characters, and at most {LONGEST} are taken");
        RecordProblem::new(ProblemCode::LongText, field, message)
    }));
}

/// Notes the first tag of these texts that is none of the allowed ones.
pub(crate) fn check_markup<'t>(
    texts: impl Iterator<Item = &'t str>,
    allowed: &[&str],
    field: &str,
    problems: &mut Vec<RecordProblem>,
) {
    let is_allowed = |tag: &&str| allowed.iter().any(|name| name.eq_ignore_ascii_case(tag));
    let foreign = texts.flat_map(tags).find(|tag| !is_allowed(tag));
    problems.extend(foreign.map(|tag| {
        let message = format!("the tag <{tag}> is none of {}", allowed.join(", "));
        RecordProblem::new(ProblemCode::ForeignMarkup, field, message)
    }));
}

/// Names of tags that are markup even where nobody closed them, and without an attribute.
const NEVER_TEXT: [&str; 2] = ["script", "iframe"];
/// Names that are markup where nobody closed them, and an attribute follows; other letters may be a comparison.
const WITH_ATTRIBUTE: [&str; 9] = ["a", "img", "font", "div", "span", "p", "table", "video", "input"];

/// Names of the tags in a text. A `<` that starts no tag, as in "ages < 12" or `<a@b.example>`, is text.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).filter_map(tag)
}

/// The name of the tag that a piece between two `<` starts with.
fn tag(piece: &str) -> Option<&str> {
    if piece.starts_with("!--") {
        return Some("!--");
    }
    let (inside, closed) = match piece.split_once('>') {
        Some((inside, _)) => (inside, true),
        None => (piece, false),
    };
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let end = inside.find(|c: char| c == '/' || c.is_ascii_whitespace());
    let (name, rest) = inside.split_at(end.unwrap_or(inside.len()));
    let rest = rest.trim_start_matches(|c: char| c == '/' || c.is_ascii_whitespace());
    let is_one_of = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    let is_tag = match (closed, rest.is_empty()) {
        (true, true) => true,
        (true, false) => has_attribute(rest),
        (false, true) => false,
        (false, false) => has_attribute(rest) && is_one_of(&WITH_ATTRIBUTE),
    };
    (is_name(name) && (is_tag || is_one_of(&NEVER_TEXT))).then_some(name)
}

/// A name of HTML, or one of another language with its short prefix, as word processors leave them: `o:p`.
fn is_name(name: &str) -> bool {
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    match name.split_once(':') {
        None => plain(name),
        Some((prefix, name)) => prefix.len() <= 3 && plain(prefix) && plain(name),
    }
}

/// True where `href=` or the like stands first, as in a tag; "a<b and c>d" has none.
fn has_attribute(rest: &str) -> bool {
    let Some((name, _)) = rest.split_once('=') else {
        return false;
    };
    let name = name.trim_end();
    let may_be = |c: char| c.is_ascii_alphanumeric() || "-_:.@".contains(c);
    !name.is_empty() && name.chars().all(may_be)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(check: impl FnOnce(&mut Vec<RecordProblem>)) -> Vec<ProblemCode> {
        let mut problems = Vec::new();
        check(&mut problems);
        problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_text_says_something_in_its_value_or_in_a_localized_one() {
        let right = [
            json!("bare"),
            json!({ "value": "x" }),
            json!({ "value": "", "localized_value": [{}, { "locale": "en", "value": "x" }] }),
        ];
        for text in right {
            assert_eq!(
                found(|faults| check_filled(Some(&text), "f", faults)),
                [],
                "{text}"
            );
        }
        let wrong = [
            json!(""),
            json!({}),
            json!({ "localized_value": [{ "locale": "en" }] }),
        ];
        for text in wrong {
            assert_eq!(
                found(|problems| check_filled(Some(&text), "f", problems)),
                [ProblemCode::EmptyText],
                "{text}"
            );
        }
        assert_eq!(found(|problems| check_filled(None, "f", problems)), []);
    }

    #[test]
    fn length_is_counted_in_characters_of_each_text() {
        let (most, more) = ("\u{e9}".repeat(LONGEST), "x".repeat(LONGEST + 1));
        assert_eq!(
            found(|problems| check_length([most.as_str(), &most].into_iter(), "f", problems)),
            []
        );
        assert_eq!(
            found(|problems| check_length([more.as_str()].into_iter(), "f", problems)),
            [ProblemCode::LongText]
        );
    }

    #[test]
    fn only_what_starts_a_tag_is_markup() {
        let codes =
            |text: &str| found(|problems| check_markup([text].into_iter(), &["br", "em"], "f", problems));
        let right = [
            "a<br/>b<BR />c",
            "<em>now</em>",
            "ages < 12 and > 3",
            "ages <12>",
            "a <b",
            "<info@lane.example>",
            "<https://lane.example>",
            "&lt;a&gt;",
            "if a<b and c>d",
            "if a<b and c = d > e",
            "<tel:4973155>",
            "<urn:isbn:3>",
            "a<script-free zone",
            "where x<y z=3",
            "<style and grace>",
        ];
        for text in right {
            assert_eq!(codes(text), [], "{text}");
        }
        for text in [
            "<a href=\"/\">x</a>",
            "x</p>",
            "<img src=x>",
            "<br><script>",
            "<x-y>",
            "<p class = \"x\">y</p>",
            "<!-- hidden -->",
            "<o:p></o:p>",
            "<a href=https://lane.example",
            "now <SCRIPT",
            "<script async src=x>",
        ] {
            assert_eq!(codes(text), [ProblemCode::ForeignMarkup], "{text}");
        }
    }
}
