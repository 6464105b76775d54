//! Waitlists: which service of which merchant has one, and for parties of which sizes.

use serde::{Deserialize, Serialize};

/// The party for which people mostly ask.
const USUAL: i32 = 2;

/// The waitlist of a service, as its `waitlist_rules` in the feeds say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waitlist {
    /// Merchant id of the feeds.
    pub merchant_id: String,
    /// Service id of the feeds.
    pub service_id: String,
    /// The smallest party that it takes.
    pub min_party_size: i32,
    /// The largest party that it takes.
    pub max_party_size: i32,
}

impl Waitlist {
    /// Every party size that it takes; Google asks for all of them together.
    pub fn sizes(&self) -> impl Iterator<Item = i32> + use<> {
        self.min_party_size..=self.max_party_size
    }

    /// The size of an ordinary party: two, or what comes closest to it.
    pub fn usual_size(&self) -> i32 {
        USUAL.clamp(self.min_party_size, self.max_party_size.max(self.min_party_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(min: i32, max: i32) -> i32 {
        Waitlist {
            merchant_id: "m".into(),
            service_id: "s".into(),
            min_party_size: min,
            max_party_size: max,
        }
        .usual_size()
    }

    #[test]
    fn the_usual_party_is_one_that_the_list_takes() {
        assert_eq!((usual(1, 8), usual(4, 6), usual(1, 1)), (2, 4, 1));
    }
}
