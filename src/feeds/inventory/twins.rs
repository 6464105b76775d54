//! Slots that are the same to Google: of every slot twelve bytes are kept, so that ten million can be told apart.

use crate::earlier::pieces::{Mark, Pieces};
use domain::slot::Resources;
use std::collections::HashMap;

/// Bits of the number of a file.
const FILE_BITS: u32 = 10;
const MOST_FILES: u32 = 1 << FILE_BITS;
const MOST_VARIANTS: u32 = 1 << (u32::BITS - FILE_BITS);

/// Length and resources of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Variant {
    duration_sec: i64,
    resources: Resources,
    description_digest: u64,
}

/// What tells slots of one start apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VariantRef<'s> {
    pub(crate) duration_sec: i64,
    pub(crate) resources: &'s Resources,
    /// A number for what is said of resources beside their ids.
    pub(crate) description_digest: u64,
}

/// The slots of one service: start, variant and file, number of the record in that file.
#[derive(Debug, Default)]
pub(crate) struct Twins {
    variants: HashMap<Variant, u32>,
    marks: Pieces,
}

/// Two slots that are the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Twin {
    pub(crate) start_sec: i64,
    /// File and record of the first one.
    pub(crate) first: (usize, u32),
    /// File and record of the other one.
    pub(crate) again: (usize, u32),
}

impl Twins {
    /// Notes the slots of a record. What is beyond the reach of the marks (a start after the year 2106, the thousandth file, the
    /// four millionth sort of slot of one service) is not looked at.
    pub(crate) fn add(&mut self, starts: &[i64], sort: VariantRef<'_>, at: (usize, u32)) {
        let known = self.variants.len() as u32;
        let variant = Variant {
            duration_sec: sort.duration_sec,
            resources: sort.resources.clone(),
            description_digest: sort.description_digest,
        };
        let variant = *self.variants.entry(variant).or_insert(known);
        let (file, record) = (at.0 as u32, at.1);
        if variant >= MOST_VARIANTS || file >= MOST_FILES {
            return;
        }
        let sort = variant << FILE_BITS | file;
        for start in starts.iter().filter_map(|start| u32::try_from(*start).ok()) {
            self.marks.push([start, sort, record]);
        }
    }

    /// Lets go of the slots and hands out those that are the same as an earlier one.
    pub(crate) fn take(&mut self) -> Vec<Twin> {
        let marks = self.marks.take_sorted();
        let file = |mark: &Mark| (mark[1] % MOST_FILES) as usize;
        let same =
            |one: &Mark, other: &Mark| (one[0], one[1] / MOST_FILES) == (other[0], other[1] / MOST_FILES);
        let pairs = marks.windows(2).filter(|pair| same(&pair[0], &pair[1]));
        let twin = |pair: &[Mark]| Twin {
            start_sec: i64::from(pair[0][0]),
            first: (file(&pair[0]), pair[0][2]),
            again: (file(&pair[1]), pair[1][2]),
        };
        pairs.map(twin).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff(id: &str) -> Resources {
        Resources {
            staff_id: Some(id.to_owned()),
            ..Resources::default()
        }
    }

    #[test]
    fn the_same_start_length_and_resources_make_twins_whatever_the_file() {
        let mut twins = Twins::default();
        let mut add = |starts: &[i64], duration_sec, id, description_digest, at| {
            let sort = VariantRef {
                duration_sec,
                resources: &staff(id),
                description_digest,
            };
            twins.add(starts, sort, at);
        };
        add(&[7_000, 8_000], 60, "a", 0, (0, 0));
        add(&[8_000], 60, "b", 0, (0, 1));
        add(&[8_000], 90, "a", 0, (0, 2));
        add(&[8_000], 60, "a", 7, (0, 3));
        add(&[8_000], 60, "a", 0, (1, 5));
        add(&[i64::MAX], 60, "a", 0, (1, 6));
        let expected = Twin {
            start_sec: 8_000,
            first: (0, 0),
            again: (1, 5),
        };
        assert_eq!(twins.take(), [expected]);
    }

    #[test]
    fn the_order_of_reading_does_not_matter() {
        let found = |order: &[u32]| {
            let mut twins = Twins::default();
            for file in order {
                let starts: Vec<i64> = (0..2_000)
                    .map(|k| 1_000 * (k + i64::from(*file) * 1_999))
                    .collect();
                let sort = VariantRef {
                    duration_sec: 60,
                    resources: &Resources::default(),
                    description_digest: 0,
                };
                twins.add(&starts, sort, (*file as usize, 3));
            }
            twins.take()
        };
        let twins = found(&[0, 1]);
        assert_eq!(twins.len(), 1);
        assert_eq!((twins[0].first, twins[0].again), ((0, 3), (1, 3)));
        assert_eq!(found(&[1, 0]), twins);
    }
}
