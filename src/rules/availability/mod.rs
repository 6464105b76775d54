//! Rules about the answers to BatchAvailabilityLookup.

pub(super) mod entries;
