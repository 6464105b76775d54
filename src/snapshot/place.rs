//! The messages of a snapshot's body, by the names that a reader gives them.

use std::collections::BTreeMap;

/// The message that a line stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Such as `CreateBooking answer`.
    pub(crate) name: String,
    /// The first message of that name is 1.
    turn: usize,
    /// So many messages of the body have that name.
    of: usize,
}

impl Place {
    /// The name, with its number where several messages share it.
    pub(crate) fn label(&self) -> String {
        let Self { name, turn, of } = self;
        if *of > 1 {
            format!("{name} ({turn} of {of})")
        } else {
            name.clone()
        }
    }
}

/// The message of each line of a body.
pub(crate) fn places(body: &str) -> Vec<Place> {
    let mut reader = Reader::default();
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    let mut places: Vec<Place> = Vec::new();
    let mut current = Place {
        name: "beginning".to_owned(),
        turn: 1,
        of: 1,
    };
    for line in body.lines() {
        if let Some(name) = reader.head(line) {
            let turn = turns.entry(name.clone()).or_default();
            *turn += 1;
            current = Place {
                name,
                turn: *turn,
                of: 1,
            };
        }
        places.push(current.clone());
    }
    for place in &mut places {
        place.of = turns.get(&place.name).copied().unwrap_or(1);
    }
    places
}

/// What the lines so far say about the next ones.
#[derive(Default)]
struct Reader {
    called: String,
    notified: String,
    cleans_up: bool,
}

impl Reader {
    /// The name of the message that begins with this line, if one does.
    fn head(&mut self, line: &str) -> Option<String> {
        let name = if let Some(rest) = line.strip_prefix(">> ") {
            notification(rest).clone_into(&mut self.notified);
            self.notified.clone()
        } else if line.starts_with("<<") {
            format!("answer to the {}", self.notified)
        } else if let Some(rest) = line.strip_prefix("> ") {
            method(rest).clone_into(&mut self.called);
            format!("{} request", self.called)
        } else if line.starts_with('<') {
            format!("{} answer", self.called)
        } else if line.starts_with('=') {
            format!("{} outcomes", self.called)
        } else if let Some(rest) = line.strip_prefix("! ") {
            mark(rest)
        } else {
            let rest = line.strip_prefix("# ")?;
            self.cleans_up = rest == "clean-up";
            return Some(rest.to_owned());
        };
        let clean_up = if self.cleans_up { "clean-up: " } else { "" };
        Some(format!("{clean_up}{name}"))
    }
}

/// The last part of the path of a call.
fn method(rest: &str) -> &str {
    let path = rest.split(' ').find(|word| word.starts_with('/'));
    path.and_then(|path| path.trim_end_matches('/').rsplit('/').next())
        .unwrap_or(rest)
}

fn notification(rest: &str) -> &'static str {
    if rest.contains("/bookings/") {
        "booking notification"
    } else if rest.contains("availability") {
        "inventory update"
    } else {
        "notification"
    }
}

/// `trigger no_show [booking-1]` without the booking, `fault [booking-1]: 1 x 503` without all that varies.
fn mark(rest: &str) -> String {
    let words = rest.split(' ').take(2);
    let words: Vec<_> = words.take_while(|word| !word.starts_with('[')).collect();
    words.join(" ").trim_end_matches(':').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_knows_its_message() {
        let body = "> POST /v3/CreateBooking\nslot: 1\n< 200 application/json\nbooking: 2\n\
                    ! trigger no_show [booking-1]\n>> PATCH /v1alpha/notification/partners/[partner]/bookings/[booking-1]?updateMask=status\n\
                    status: X\n<< 200\n> 3 x POST /v3/CreateBooking/ (no credentials)\n= 3 x 200\n\
                    # clean-up\n> POST /v3/UpdateBooking\n< 200\n# notifications nobody waited for\n\
                    >> POST /v1alpha/inventory/partners/[partner]/availability:replace\n<< 200";
        let labels: Vec<_> = places(body).iter().map(Place::label).collect();
        let expected = [
            "CreateBooking request (1 of 2)",
            "CreateBooking request (1 of 2)",
            "CreateBooking answer",
            "CreateBooking answer",
            "trigger no_show",
            "booking notification",
            "booking notification",
            "answer to the booking notification",
            "CreateBooking request (2 of 2)",
            "CreateBooking outcomes",
            "clean-up",
            "clean-up: UpdateBooking request",
            "clean-up: UpdateBooking answer",
            "notifications nobody waited for",
            "inventory update",
            "answer to the inventory update",
        ];
        assert_eq!(labels, expected);
    }
}
