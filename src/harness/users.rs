//! The users who book: invented, distinct in every scenario, the same for one seed but for the ids of the run.

use domain::digits::user_id;
use sha2::{Digest, Sha256};
use transcript::User;

/// Letters that every server takes: what others do to a booking is shown by a scenario of its own, beside one without them.
const GIVEN: [&str; 16] = [
    "Ada", "Bjarne", "Chiara", "Darya", "Emre", "Fenna", "Gilles", "Hana", "Ioana", "Jonas", "Kaito", "Lea",
    "Mika", "Nora", "Oskar", "Paula",
];
const FAMILY: [&str; 16] = [
    "Novak",
    "Aberg",
    "Conti",
    "Dubois",
    "Erdem",
    "Fischer",
    "Garcia",
    "Horvat",
    "Ionescu",
    "Jensen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nguyen",
    "Ortiz",
    "Petrov",
];

/// A user; `number` tells the users of one run apart, `run` those of different runs, and `place` those of one scenario, whose names
/// depend on nothing but the scenario.
pub(super) fn invent_user(seed: u64, scenario: &str, (place, number): (usize, usize), run: u32) -> User {
    let draw = pick(seed, scenario, 0);
    let given = GIVEN[(usize::from(draw[0]) + place) % GIVEN.len()];
    let family = FAMILY[(usize::from(draw[1]) + place) % FAMILY.len()];
    User {
        user_id: user_id((u64::from(run) << 32) | u64::try_from(number).unwrap_or_default()),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        // Written together, as in Google's sample of a CreateBooking.
        telephone: format!("+1212555{:04}", 100 + number % 9900),
        email: format!("guest.{run:010}.{number}@example.org"),
    }
}

/// Bytes that depend on the seed and on what they are for.
pub(super) fn pick(seed: u64, purpose: &str, number: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(purpose.as_bytes());
    hash.update(number.to_be_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn users_differ_and_come_back() {
        let all: Vec<_> = (0..200)
            .map(|number| invent_user(1, "a/b", (number, number), 9))
            .collect();
        let distinct = |of: fn(&User) -> &String| all.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(|user| &user.user_id), 200);
        assert_eq!(distinct(|user| &user.email), 200);
        assert_eq!(distinct(|user| &user.telephone), 200);
        let names: BTreeSet<_> = all[..16].iter().map(|user| &user.given_name).collect();
        assert_eq!(names.len(), 16, "no two of one scenario share a name");
        assert_eq!(invent_user(1, "a/b", (3, 3), 9), invent_user(1, "a/b", (3, 3), 9));
        assert_ne!(
            invent_user(1, "a/b", (3, 3), 9).user_id,
            invent_user(1, "a/b", (3, 3), 10).user_id
        );
        assert_eq!(
            invent_user(1, "a/b", (3, 3), 9).given_name,
            invent_user(1, "a/b", (3, 3), 10).given_name
        );
    }
}
