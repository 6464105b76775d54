//! Whether two records of a user's data can be of the same person, however each of them is written.

use super::reading;
use serde_json::Value;

/// A field that contradicts what was sent: its name, what was sent, what came back.
type Contradiction<'v> = (&'static str, &'v str, &'v str);

/// The first field of a `UserInformation` that cannot be what was sent.
pub(super) fn first_contradiction<'v>(sent: &'v Value, got: &'v Value) -> Option<Contradiction<'v>> {
    let names: String = ["/given_name", "/family_name"]
        .iter()
        .filter_map(|pointer| reading::text(sent, pointer))
        .collect();
    let differs = |field: &str, one: &str, other: &str| match field {
        "telephone" => !is_same_telephone(one, other),
        "email" => !is_same_email(one, other),
        _ => !is_part_of_name(&names, other),
    };
    let fields = ["telephone", "email", "given_name", "family_name"];
    fields.into_iter().find_map(|field| {
        let pointer = format!("/{field}");
        let (sent, got) = reading::text(sent, &pointer).zip(reading::text(got, &pointer))?;
        differs(field, sent, got).then_some((field, sent, got))
    })
}

/// The shortest ending by which two telephone numbers are told to be one, with and without the country.
const ENDING: usize = 6;

/// Spaces, signs, the country and leading zeros make no other number, nor do digits that are hidden.
fn is_same_telephone(one: &str, other: &str) -> bool {
    let is_written_out = |text: &str| {
        text.chars()
            .all(|letter| letter.is_ascii_digit() || " +-()./".contains(letter))
    };
    if !is_written_out(one) || !is_written_out(other) {
        return true;
    }
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let (one, other) = (digits(one), digits(other));
    let is_ending = one.len().min(other.len()) >= ENDING;
    one == other || (is_ending && (one.ends_with(&other) || other.ends_with(&one)))
}

/// Large letters make no other address, nor do letters that are hidden.
fn is_same_email(one: &str, other: &str) -> bool {
    let is_hidden = |text: &str| !text.contains('@') || text.contains('*');
    is_hidden(one) || is_hidden(other) || one.trim().eq_ignore_ascii_case(other.trim())
}

/// Names may be joined, cut, or have their letters changed by an encoding, which is another question: only a name that has
/// nothing of the one that was sent is another one.
fn is_part_of_name(sent: &str, got: &str) -> bool {
    if !sent.is_ascii() || !got.is_ascii() || got.contains(['*', '?']) {
        return true;
    }
    let plain = |text: &str| {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let (sent, got) = (plain(sent), plain(got));
    // An initial is a part of almost any name.
    got.len() <= 1 || sent.contains(&got) || got.contains(&sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_with_or_without_its_country() {
        assert!(is_same_telephone("+44 20 7946 0018", "020 79460018"));
        assert!(is_same_telephone("+44 20 7946 0018", "00442079460018"));
        assert!(is_same_telephone("+44 20 7946 0018", "+44 20 **** 0018"));
        assert!(!is_same_telephone("+44 20 7946 0018", "+44 20 7946 0019"));
        assert!(!is_same_telephone("+44 20 7946 0018", "018"));
    }

    #[test]
    fn an_address_is_the_same_in_large_letters_and_hidden() {
        assert!(is_same_email("ada@example.org", "ADA@example.org"));
        assert!(is_same_email("ada@example.org", "a**@example.org"));
        assert!(!is_same_email("ada@example.org", "bo@example.org"));
    }

    #[test]
    fn a_name_is_the_same_when_it_is_a_part_or_more() {
        assert!(is_part_of_name("AdaNovak", "ADA NOVAK"));
        assert!(is_part_of_name("AdaNovak", "Novak"));
        assert!(is_part_of_name("Zoë Novak", "Zo"));
        assert!(is_part_of_name("AdaNovak", "A."));
        assert!(!is_part_of_name("AdaNovak", "Bo"));
    }
}
