//! How much of what applies to a target a run has judged, and what would let it judge more.

use serde::{Deserialize, Serialize};

/// The MUSTs that apply to a target, and how many of them were judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exercised {
    /// How many apply, by the capabilities that the target declares or its feeds show.
    pub apply: usize,
    /// How many of these were judged.
    pub exercised: usize,
}

impl Exercised {
    /// The share in percent, rounded down; of nothing, nothing.
    pub fn percent(self) -> usize {
        (self.exercised * 100).checked_div(self.apply).unwrap_or_default()
    }
}

/// What the reason of an untested scenario says to add: the words after its last `: add`.
pub fn line_to_add(reason: &str) -> Option<&str> {
    let (_, line) = reason.rsplit_once(": add ")?;
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_rounded_down() {
        let share = |apply, exercised| Exercised { apply, exercised }.percent();
        assert_eq!((share(245, 212), share(3, 3), share(0, 0)), (86, 100, 0));
    }

    #[test]
    fn a_line_to_add_stands_at_the_end_of_a_reason() {
        let reason = "the config offers no way to `refund`: add [triggers.refund]";
        assert_eq!(line_to_add(reason), Some("[triggers.refund]"));
        assert_eq!(line_to_add("no slot can be booked now with a tax"), None);
    }
}
