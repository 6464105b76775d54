//! Several calls of one step: who makes them, and what the answers must be like together.

use super::model::CallStep;
use catalogue::RequirementId;

/// One call by several people.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// The call; it is the first person's that its label names.
    pub call: CallStep,
    /// How many people.
    pub people: People,
    /// True when nothing else in the story names them.
    pub others: bool,
    /// True when all of them come at the same moment, false when one comes after the other.
    pub at_once: bool,
    /// What the answers must be like together.
    pub together: Option<SetExpectation>,
}

impl Crowd {
    /// The number of its first person. Who wins a race is chance, so those in one are people whom nothing else in the
    /// story names.
    pub fn first_person(&self) -> usize {
        if self.at_once || self.others { 2 } else { 0 }
    }
}

/// How many people come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// So many.
    Exactly(usize),
    /// As many as the slot has spots, and so many more.
    BeyondSpots(usize),
}

impl People {
    /// How many they are when the slot has so many spots.
    pub fn count(self, spots: i64) -> usize {
        match self {
            People::Exactly(people) => people,
            People::BeyondSpots(more) => usize::try_from(spots).unwrap_or(0) + more,
        }
    }
}

/// What simultaneous answers must be like together.
#[derive(Debug, Clone)]
pub struct SetExpectation {
    /// The requirement.
    pub requirement: RequirementId,
    /// How they are compared.
    pub wanted: Wanted,
    /// Status codes tolerated besides 200.
    pub tolerated: Vec<u16>,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// How simultaneous answers are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All bookings share the value at this JSON pointer.
    Same(String),
    /// So many bookings are made.
    Bookings(Bookings),
}

/// How many bookings several people can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bookings {
    /// One for each spot of the slot.
    Spots,
    /// So many.
    Exactly(usize),
}
