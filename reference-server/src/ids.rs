//! Random identifiers.

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use std::cell::RefCell;

const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

thread_local! {
    static SEEDED: RefCell<Option<StdRng>> = const { RefCell::new(None) };
}

/// What this thread draws by chance follows from a seed from now on, for tests whose runs are to be equal. A server that
/// serves anybody never does this: its ids could be guessed.
pub fn follow_seed(seed: u64) {
    SEEDED.with_borrow_mut(|seeded| *seeded = Some(StdRng::seed_from_u64(seed)));
}

/// Draws by chance.
pub(crate) fn draw<T>(draw: impl FnOnce(&mut dyn RngCore) -> T) -> T {
    SEEDED.with_borrow_mut(|seeded| match seeded {
        Some(seeded) => draw(seeded),
        None => draw(&mut rand::rng()),
    })
}

/// 120 random bits in letters and digits that survive URLs and telephones.
pub(crate) fn random_id() -> String {
    draw(|random| {
        (0..24)
            .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_need_no_escaping() {
        let (one, other) = (random_id(), random_id());
        assert_ne!(one, other);
        assert!(one.len() == 24 && one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn one_seed_gives_the_same_ids_again() {
        let ids = || {
            follow_seed(7);
            [random_id(), random_id()]
        };
        let first = std::thread::spawn(ids).join().unwrap_or_default();
        assert_eq!(std::thread::spawn(ids).join().unwrap_or_default(), first);
        assert_ne!(first[0], first[1]);
    }
}
