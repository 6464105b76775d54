//! Slots of an earlier export, twelve bytes each: when they start, which they are, what they cost and how they are tagged.

use super::pieces::{Mark, Pieces};
use domain::slot::{Money, Resources, Terms};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What of a slot is held against the earlier export. Digests are short: of many changes one may go unseen, and none is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotMark {
    /// Length and resources.
    variant: u32,
    /// Of the tag; of no tag, too.
    tag: u16,
    /// Of the money; 0 where it is not known.
    money: u16,
}

impl SlotMark {
    pub(crate) fn of(
        (duration_sec, resources, description_digest): (i64, &Resources, u64),
        tag: Option<&str>,
        terms: Option<&Terms>,
    ) -> Self {
        Self {
            variant: hash(&(duration_sec, resources, description_digest)) as u32,
            tag: hash(&tag) as u16,
            money: terms.map_or(0, |terms| (money(terms) as u16).max(1)),
        }
    }

    fn at(self, start: u32) -> Mark {
        [
            start,
            self.variant,
            u32::from(self.tag) << 16 | u32::from(self.money),
        ]
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn money(terms: &Terms) -> u64 {
    let amount = |money: &Money| hash(&(money.price_micros, &money.currency_code));
    let fee = terms
        .no_show_fee
        .as_ref()
        .map(|fee| (amount(&fee.fee), fee.fee_type as u8));
    let deposit = terms
        .deposit
        .as_ref()
        .map(|deposit| (amount(&deposit.deposit), deposit.deposit_type as u8));
    let amounts = [terms.price.as_ref().map(amount), terms.tax.as_ref().map(amount)];
    hash(&(amounts, fee, deposit, terms.prepayment))
}

/// What became of a slot since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SlotChange {
    pub(crate) tag: bool,
    pub(crate) money: bool,
}

/// The slots of one service, as they are read.
#[derive(Debug, Default)]
pub(crate) struct SlotMarks(Pieces);

impl SlotMarks {
    /// Notes the slots of a record; a start after the year 2106 is not looked at.
    pub(crate) fn add(&mut self, starts: &[i64], mark: SlotMark) {
        for start in starts.iter().filter_map(|start| u32::try_from(*start).ok()) {
            self.0.push(mark.at(start));
        }
    }

    pub(crate) fn into_slots(mut self) -> EarlierSlots {
        EarlierSlots(self.0.take_sorted())
    }
}

/// The slots of one service of an earlier export, in their order.
#[derive(Debug, Default)]
pub(crate) struct EarlierSlots(Vec<Mark>);

impl EarlierSlots {
    /// How many start at `from_sec` or later.
    pub(crate) fn count_from(&self, from_sec: i64) -> u64 {
        let before = self.0.partition_point(|mark| i64::from(mark[0]) < from_sec);
        (self.0.len() - before) as u64
    }

    /// What became of this slot; none where it was not there.
    pub(crate) fn change(&self, start_sec: i64, now: SlotMark) -> Option<SlotChange> {
        let [start, variant, now] = now.at(u32::try_from(start_sec).ok()?);
        let first = self
            .0
            .partition_point(|mark| [mark[0], mark[1]] < [start, variant]);
        let mut same = self.0[first..]
            .iter()
            .take_while(|mark| [mark[0], mark[1]] == [start, variant]);
        let one = *same.next()?;
        // One slot written twice has two tags, of which each may be the right one.
        if one[2] == now || same.any(|mark| mark[2] == now) {
            return Some(SlotChange::default());
        }
        let money = |digest: u32| digest & 0xffff;
        let known = money(one[2]) != 0 && money(now) != 0;
        Some(SlotChange {
            tag: one[2] >> 16 != now >> 16,
            money: known && money(one[2]) != money(now),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(staff: &str, tag: &str, micros: i64) -> SlotMark {
        let resources = Resources {
            staff_id: Some(staff.to_owned()),
            ..Resources::default()
        };
        let price = Some(Money {
            price_micros: micros,
            currency_code: "USD".into(),
        });
        let terms = Terms {
            price,
            ..Terms::default()
        };
        SlotMark::of((3_600, &resources, 0), Some(tag), Some(&terms))
    }

    #[test]
    fn a_slot_is_found_again_by_start_length_and_resources() {
        let mut marks = SlotMarks::default();
        marks.add(&[9_000, 5_000], mark("a", "x", 7));
        marks.add(&[5_000], mark("b", "x", 7));
        let slots = marks.into_slots();
        assert_eq!((slots.count_from(0), slots.count_from(5_001)), (3, 1));
        let same = SlotChange::default();
        assert_eq!(slots.change(5_000, mark("a", "x", 7)), Some(same));
        let tag = SlotChange { tag: true, ..same };
        assert_eq!(slots.change(5_000, mark("b", "y", 7)), Some(tag));
        let money = SlotChange { money: true, ..same };
        assert_eq!(slots.change(9_000, mark("a", "x", 8)), Some(money));
        assert_eq!(slots.change(9_000, mark("b", "x", 7)), None);
        assert_eq!(slots.change(i64::MAX, mark("a", "x", 7)), None);
    }

    #[test]
    fn a_price_that_is_not_known_has_not_changed() {
        let mut marks = SlotMarks::default();
        let resources = Resources::default();
        marks.add(&[1], SlotMark::of((60, &resources, 0), None, None));
        let now = SlotMark::of((60, &resources, 0), None, Some(&Terms::default()));
        assert_eq!(marks.into_slots().change(1, now), Some(SlotChange::default()));
    }
}
