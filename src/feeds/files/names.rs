//! Names of fields: those that a message has, in either spelling, and the one that was meant by another.

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holds {
    /// Not looked into here.
    Anything,
    /// A whole number, as a number or as its digits.
    Integer,
    /// One text.
    Text,
    /// A word of an enum, or its number.
    Word,
    /// A list of texts.
    Texts,
    /// One message.
    One(&'static Message),
    /// A list of messages.
    Many(&'static Message),
    /// Messages whose form is judged elsewhere: only the names in them count.
    Names(&'static Message),
}

/// A message of the feeds.
#[derive(Debug)]
pub(crate) struct Message {
    /// As the reference calls it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Holds)],
}

impl Message {
    /// A field by its name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static (&'static str, Holds)> {
        self.fields.iter().find(|(known, _)| *known == name)
    }

    /// A field by the name that printers of JSON give it: `startSec`.
    pub(crate) fn field_in_camel_case(&self, name: &str) -> Option<&'static (&'static str, Holds)> {
        self.fields
            .iter()
            .find(|(known, _)| known.contains('_') && is_camel_case_of(name, known))
    }

    /// The name that was perhaps meant by one that there is not.
    pub(crate) fn meant(&self, name: &str) -> Option<&'static str> {
        let bare = bare(name);
        let names = || self.fields.iter().map(|(known, _)| *known);
        let alike = names().find(|known| self::bare(known) == bare);
        alike.or_else(|| {
            let near = names().map(|known| (distance(&self::bare(known), &bare), known));
            let (steps, known) = near.min()?;
            (bare.len() >= 4 && steps <= 1 + bare.len() / 8).then_some(known)
        })
    }

    /// The message inside of this one that has a field of this name: `geo` has `address`.
    pub(crate) fn inner_home(&self, name: &str) -> Option<&'static str> {
        let inner = self.fields.iter().find(|(_, holds)| match holds {
            Holds::One(message) | Holds::Many(message) | Holds::Names(message) => {
                message.field(name).is_some()
            }
            _ => false,
        });
        inner.map(|(field, _)| *field)
    }
}

/// True for `startSec` and `start_sec`.
pub(crate) fn is_camel_case_of(name: &str, known: &str) -> bool {
    let mut rest = name.chars();
    let mut parts = known.split('_');
    let first = parts.next().unwrap_or_default();
    let is_rest = |rest: &mut std::str::Chars<'_>, part: &str, upper: bool| {
        part.chars().enumerate().all(|(index, c)| {
            let due = if upper && index == 0 {
                c.to_ascii_uppercase()
            } else {
                c
            };
            rest.next() == Some(due)
        })
    };
    is_rest(&mut rest, first, false)
        && parts.all(|part| is_rest(&mut rest, part, true))
        && rest.next().is_none()
}

/// The letters and digits alone, in lower case.
fn bare(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).take(64).collect()
}

/// How many letters have to be put in, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for column in 1..=other.len() {
            let changed = diagonal + usize::from(letter != other[column - 1]);
            diagonal = row[column];
            row[column] = changed.min(row[column] + 1).min(row[column - 1] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::reference::{AVAILABILITY, MERCHANT};

    #[test]
    fn the_name_that_was_meant_is_found() {
        let table = [
            ("ConfirmationMode", Some("confirmation_mode")),
            ("confirmation-mode", Some("confirmation_mode")),
            ("confirmaton_mode", Some("confirmation_mode")),
            ("spot_open", Some("spots_open")),
            ("color", None),
            ("id", None),
        ];
        for (name, meant) in table {
            assert_eq!(AVAILABILITY.meant(name), meant, "{name}");
        }
        let hints = MERCHANT.field("matching_hints").map(|(_, holds)| holds);
        assert!(matches!(hints, Some(Holds::Names(hints)) if hints.meant("google_place_id").is_none()));
        assert_eq!(MERCHANT.inner_home("address"), Some("geo"));
    }

    #[test]
    fn printers_of_json_are_understood() {
        assert!(is_camel_case_of("numBookings30d", "num_bookings_30d"));
        assert!(is_camel_case_of("startSec", "start_sec"));
        assert!(!is_camel_case_of("StartSec", "start_sec"));
        assert!(!is_camel_case_of("startsec", "start_sec"));
        assert!(AVAILABILITY.field_in_camel_case("startSec").is_some());
        assert!(AVAILABILITY.field_in_camel_case("start_sec").is_none());
    }
}
