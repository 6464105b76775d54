//! Messages without the values in them.

use catalogue::RequirementId;

/// A quoted text of so many words is a sentence, which says why; a shorter one is a value.
const SENTENCE: usize = 4;

/// A message without the values in it, so that messages about one cause are equal.
///
/// Numbers, ids, times and quoted values become `#`. Names of fields, words of the interface, HTTP status codes and
/// quoted sentences stay: they tell causes apart.
pub fn cause_of(message: &str) -> String {
    let mut cause = String::new();
    let mut rest = message;
    while let Some(open) = rest.find(['`', '"']) {
        let quote = &rest[open..=open];
        let inner = &rest[open + 1..];
        let Some(close) = inner.find(quote) else { break };
        fold_words(&mut cause, &rest[..open]);
        cause.push_str(quote);
        let quoted = &inner[..close];
        if is_name(quoted) && !(quote == "\"" && is_currency(quoted)) {
            cause.push_str(quoted);
        } else if quoted.split_whitespace().count() >= SENTENCE {
            fold_words(&mut cause, quoted);
        } else {
            cause.push('#');
        }
        cause.push_str(quote);
        rest = &inner[close + 1..];
    }
    fold_words(&mut cause, rest);
    cause
}

/// True for the name of a field, a method or a word of the interface: no value looks like that.
fn is_name(text: &str) -> bool {
    let letters = |text: &str| {
        text.chars()
            .all(|letter| letter.is_ascii_alphabetic() || "_.".contains(letter))
    };
    let first = text.chars().next();
    let upper = !text.chars().any(|letter| letter.is_ascii_lowercase());
    let lower = first.is_some_and(|letter| letter.is_ascii_lowercase());
    let method = text.len() > 1 && text.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
    letters(text) && first.is_some() && (upper || lower || method)
}

/// True for a currency: no word of the interface is of three letters.
fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Adds a text, in which words that hold digits become `#`.
fn fold_words(cause: &mut String, text: &str) {
    let mut before = "";
    for piece in text.split_inclusive(|letter: char| letter.is_whitespace() || letter == '/') {
        let edge = |letter: char| !letter.is_alphanumeric();
        let core = piece.trim_matches(edge);
        let folded = core.contains(|letter: char| letter.is_ascii_digit()) && !is_fixed(core, before);
        if folded {
            let at = piece.len() - piece.trim_start_matches(edge).len();
            cause.push_str(&piece[..at]);
            cause.push('#');
            cause.push_str(&piece[at + core.len()..]);
        } else {
            cause.push_str(piece);
        }
        before = core;
    }
}

/// Words with digits that are no values: versions in paths, HTTP status codes, ids of requirements.
fn is_fixed(word: &str, before: &str) -> bool {
    let status = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let introduced = matches!(
        before,
        "HTTP" | "status" | "answered" | "returned" | "with" | "code"
    );
    matches!(word, "v3" | "v1alpha") || (status && introduced) || RequirementId::parse(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_folded_and_names_tell_causes_apart() {
        let same = [
            ("booking 8d0d69ef is gone", "booking 77 is gone"),
            (
                "the start `2030-01-01T08:00:00Z` is odd",
                "the start `2031-05-01T09:30:00.5Z` is odd",
            ),
            ("took 3.5 s (limit 3 s)", "took 12 s (limit 3 s)"),
            (
                "\"name\": \"Zoë\" comes back as \"Zo\"",
                "\"name\": \"Ada\" comes back as \"Ad\"",
            ),
            (
                "\"currency_code\": \"EUR\" is listed as \"GBP\"",
                "\"currency_code\": \"GBP\" is listed as \"EUR\"",
            ),
            (
                "PATCH partners/2000/bookings/bk-1 was refused",
                "PATCH partners/2000/bookings/bk-22 was refused",
            ),
            (
                "it said \"no room for 3 on day 12\"",
                "it said \"no room for 4 on day 13\"",
            ),
        ];
        for (one, other) in same {
            assert_eq!(cause_of(one), cause_of(other));
        }
        let distinct = [
            ("the answer has no `booking_id`", "the answer has no `status`"),
            (
                "CreateBooking returned HTTP 404",
                "CreateBooking returned HTTP 500",
            ),
            ("`status` is `CONFIRMED`", "`status` is `CANCELED`"),
            ("it was sent with `PUT`", "it was sent with `GET`"),
            ("POST /v3/CreateBooking failed", "POST /v3/UpdateBooking failed"),
            (
                "it said \"start_time: Field is required\"",
                "it said \"party_size: Field is required\"",
            ),
            (
                "a repeat is refused (see AUTH-01)",
                "a repeat is refused (see AUTH-02)",
            ),
        ];
        for (one, other) in distinct {
            assert_ne!(cause_of(one), cause_of(other));
        }
    }

    #[test]
    fn a_quote_that_never_ends_is_text() {
        assert_eq!(cause_of("it's 5 \" of `x"), "it's # \" of `x");
        assert_eq!(cause_of(""), "");
    }
}
