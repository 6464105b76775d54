//! Random identifiers.

use rand::Rng;

const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 120 random bits in letters and digits that survive URLs and telephones.
pub(crate) fn random_id() -> String {
    let mut random = rand::rng();
    (0..24)
        .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
        .collect()
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
}
