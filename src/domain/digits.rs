//! Ids as Google writes them: long decimal numbers, of which no two are near each other.
//!
//! Google's samples have idempotency tokens of 20 digits, above 2^63 and below 2^64, and user ids of 19. A server that reads them as
//! numbers loses their last digits; so that this shows where it is looked for and nowhere else, ids differ in their first digits, too.

/// The smallest number of 20 digits, and the first one that needs more than 64 bits.
const TOKENS: [u128; 2] = [10_000_000_000_000_000_000, 1 << 64];
/// Numbers of 19 digits; a digit 1 before one of them still makes a token.
const USERS: [u128; 2] = [1_000_000_000_000_000_000, 8_400_000_000_000_000_000];

/// The idempotency token of a request, which a number tells apart from all others.
pub fn idempotency_token(number: u64) -> String {
    within(TOKENS, number)
}

/// The id of a user, whom a number tells apart from all others.
pub fn user_id(number: u64) -> String {
    within(USERS, number)
}

fn within([first, end]: [u128; 2], number: u64) -> String {
    (first + u128::from(scatter(number)) % (end - first)).to_string()
}

/// A number of which every bit depends on every bit of the given one, another one for each (the last step of `SplitMix64`).
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// True when text is what is left of a long id that was read as a number: the same but for digits that a double does not hold.
pub fn is_rounded(id: &str, text: &str) -> bool {
    let is_long = id.len() > 15 && id.bytes().all(|letter| letter.is_ascii_digit());
    let (Ok(sent), Ok(got)) = (id.parse::<f64>(), text.parse::<f64>()) else {
        return false;
    };
    is_long && id != text && (sent - got).abs() <= sent * 1e-14
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_have_the_length_and_the_size_of_those_in_googles_samples() {
        for number in (0..5_000).chain([u64::MAX]) {
            let (token, user) = (idempotency_token(number), user_id(number));
            assert_eq!((token.len(), user.len()), (20, 19));
            assert!(token.parse::<u64>().unwrap() > 1 << 63);
            assert!(user.parse::<i64>().is_ok());
            assert!(format!("1{user}").parse::<u64>().unwrap() > 1 << 63);
        }
    }

    #[test]
    fn ids_differ_for_who_reads_them_as_numbers_too() {
        let rounded = |id: String| id.parse::<f64>().unwrap().to_bits();
        let tokens: BTreeSet<_> = (0..5_000).map(|one| rounded(idempotency_token(one))).collect();
        let users: BTreeSet<_> = (0..5_000).map(|one| rounded(user_id(one))).collect();
        assert_eq!((tokens.len(), users.len()), (5_000, 5_000));
    }

    #[test]
    fn a_rounded_id_is_told_from_another_one() {
        let id = "7203948571029384756";
        assert!(is_rounded(id, "7203948571029384192") && is_rounded(id, "7.203948571029384e+18"));
        assert!(!is_rounded(id, id) && !is_rounded(id, "7203948571039384756") && !is_rounded(id, "user"));
        assert!(!is_rounded("1234", "1235"), "short ids are held whole");
    }
}
