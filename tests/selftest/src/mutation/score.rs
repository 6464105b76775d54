//! What a measurement came to.

use super::judgement::{Fate, Judgement, Said};
use super::listing::Sort;
use super::mutant::Mutant;
use super::review::Reviews;
use crate::matrix::Matrix;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One mutant, or two in one run, and what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// The messages.
    pub(crate) area: String,
    /// The leaf; `*` for the message as a whole.
    pub(crate) leaf: String,
    /// What was done.
    pub(crate) operator: String,
    /// The other mutant of the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<String>,
    #[serde(skip)]
    other_area: Option<String>,
    /// What became of it.
    pub(crate) fate: Fate,
    /// True when more was found than one change should bring about.
    #[serde(rename = "many")]
    pub(crate) is_many: bool,
    /// Why it may survive, if somebody said so.
    pub(crate) reviewed: Option<String>,
    /// Why so much of it is found, if somebody said so.
    pub(crate) many_reviewed: Option<String>,
    /// The exit code of its run.
    pub(crate) exit_code: u8,
    /// How many scenarios ran.
    pub(crate) scenarios: usize,
    /// The distinct findings.
    pub(crate) said: Vec<Said>,
}

impl Row {
    /// A judged mutant, or two.
    pub(crate) fn of(mutants: &[Mutant], judgement: Judgement, reviews: &Reviews) -> Self {
        let (mutant, other) = (&mutants[0], mutants.get(1));
        let is_many = judgement.is_many() && judgement.fate.is_killed();
        let survivor = reviews.survivor(mutant).filter(|_| other.is_none());
        let many = reviews.many(mutant, judgement.said.len()).filter(|_| is_many);
        let fate = match judgement.fate {
            Fate::Survived if survivor.is_some() => Fate::Reviewed,
            fate => fate,
        };
        Self {
            area: mutant.area.to_string(),
            leaf: mutant.shown_leaf().to_owned(),
            operator: mutant.operator.to_string(),
            beside: other.map(ToString::to_string),
            other_area: other.map(|other| other.area.to_string()),
            fate,
            is_many,
            reviewed: survivor.map(ToOwned::to_owned),
            many_reviewed: many.map(ToOwned::to_owned),
            exit_code: judgement.exit_code,
            scenarios: judgement.scenarios,
            said: judgement.said,
        }
    }

    /// The mutant's name, or those of both.
    pub(crate) fn name(&self) -> String {
        let first = format!("{} {} {}", self.area, self.leaf, self.operator);
        match &self.beside {
            Some(other) => format!("{first} + {other}"),
            None => first,
        }
    }

    /// All of it in one line.
    pub(crate) fn line(&self) -> String {
        let (fate, count) = (self.fate.word(), self.said.len());
        format!(
            "{fate}: {} ({count} findings, exit {})",
            self.name(),
            self.exit_code
        )
    }

    /// The areas of its mutants.
    fn areas(&self) -> BTreeSet<&str> {
        self.other_area
            .iter()
            .chain([&self.area])
            .map(String::as_str)
            .collect()
    }

    /// True when more is found than anybody reviewed.
    pub(crate) fn is_too_many(&self) -> bool {
        self.is_many && self.many_reviewed.is_none()
    }

    /// True when it has to be looked at: what was not found and nobody reviewed, what was reviewed as a survivor and is found, what
    /// more is found of than anybody reviewed, and each legal one that fails.
    pub(crate) fn is_open(&self) -> bool {
        match self.fate {
            Fate::Survived | Fate::Failed => true,
            Fate::AtLeaf | Fate::AtMessage => self.reviewed.is_some() || self.is_too_many(),
            Fate::ByLuck | Fate::Reviewed | Fate::Accepted | Fate::Warned | Fate::Idle => false,
        }
    }
}

/// How many mutants of an area or of an operator came to what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All.
    pub mutants: usize,
    /// Found, with more than two distinct findings.
    pub many: usize,
    #[serde(flatten)]
    fates: BTreeMap<Fate, usize>,
}

impl Tally {
    fn add(&mut self, row: &Row) {
        self.mutants += 1;
        self.many += usize::from(row.is_many);
        *self.fates.entry(row.fate).or_default() += 1;
    }

    /// How many came to this.
    pub(crate) fn count(&self, fate: Fate) -> usize {
        self.fates.get(&fate).copied().unwrap_or_default()
    }

    /// Those that changed something.
    pub(crate) fn changed(&self) -> usize {
        self.mutants - self.count(Fate::Idle)
    }

    /// Those of which a finding speaks.
    pub(crate) fn killed(&self) -> usize {
        self.count(Fate::AtLeaf) + self.count(Fate::AtMessage)
    }

    /// Those that survived, and may.
    pub(crate) fn reviewed(&self) -> usize {
        self.count(Fate::Reviewed)
    }

    /// Legal ones that failed a run.
    pub(crate) fn failed(&self) -> usize {
        self.count(Fate::Failed)
    }

    /// Those that came to what they may, of those that changed something, in percent and cut off; of none all.
    pub(crate) fn percent(&self) -> usize {
        let right = self.fates.iter().filter(|(fate, _)| fate.is_right());
        let right: usize = right.map(|(_, count)| count).sum();
        (right * 100).checked_div(self.changed()).unwrap_or(100)
    }
}

/// What a measurement came to.
#[derive(Debug, Serialize)]
pub struct Score {
    #[serde(rename = "sort", serialize_with = "in_words")]
    pub(crate) sort: Sort,
    pub(crate) seed: u64,
    /// How many there are.
    pub(crate) listed: usize,
    /// All that were tried.
    pub total: Tally,
    /// By area; a pair of two areas counts in both.
    pub areas: BTreeMap<String, Tally>,
    /// By area and operator; not of pairs.
    pub(crate) operators: BTreeMap<String, Tally>,
    /// The mutants in whose runs a requirement was violated.
    pub(crate) kill_matrix: Matrix,
    /// Reviewed rows that no mutant needs.
    pub(crate) stale: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

fn in_words<S: serde::Serializer>(sort: &Sort, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(sort.words())
}

impl Score {
    pub(crate) fn of(sort: Sort, seed: u64, listed: usize, mut rows: Vec<Row>) -> Self {
        rows.sort_by_cached_key(Row::name);
        let mut score = Self {
            sort,
            seed,
            listed,
            total: Tally::default(),
            areas: BTreeMap::new(),
            operators: BTreeMap::new(),
            kill_matrix: Matrix::default(),
            stale: Vec::new(),
            rows: Vec::new(),
        };
        for row in &rows {
            score.count(row);
        }
        score.rows = rows;
        score
    }

    fn count(&mut self, row: &Row) {
        self.total.add(row);
        for area in row.areas() {
            self.areas.entry(area.to_owned()).or_default().add(row);
        }
        if row.beside.is_none() {
            let both = format!("{} {}", row.area, row.operator);
            self.operators.entry(both).or_default().add(row);
        }
        let said = row.said.iter().map(|said| said.requirement.as_str());
        self.kill_matrix.add(&row.name(), &row.area, said);
    }

    /// Which they are.
    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    /// True when nothing has to be looked at.
    pub fn is_right(&self) -> bool {
        self.stale.is_empty() && self.open().next().is_none()
    }

    /// All of it as JSON, with every mutant.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The names of what has to be looked at.
    pub fn open(&self) -> impl Iterator<Item = String> {
        self.rows.iter().filter(|row| row.is_open()).map(Row::name)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::mutation::area::Area;
    use crate::mutation::operator::Operator;
    use protocol::Method;

    fn row(fate: Fate, findings: usize, operator: Operator) -> Row {
        let mutant = Mutant {
            area: Area::Answer(Method::HealthCheck, 200),
            leaf: String::new(),
            operator,
        };
        let said = Said {
            requirement: "BS-HEALTH-01".into(),
            verdict: "fail",
            message: String::new(),
            scenario: None,
            count: 1,
        };
        let judgement = Judgement {
            fate,
            exit_code: 1,
            said: vec![said; findings],
            scenarios: 1,
        };
        Row::of(&[mutant], judgement, &Reviews::read().unwrap())
    }

    #[test]
    fn a_survivor_has_to_be_reviewed_and_what_was_reviewed_has_to_survive() {
        let survived = row(Fate::Survived, 0, Operator::Status(500));
        assert!(survived.is_open());
        // HealthCheck may be answered with any success.
        let reviewed = row(Fate::Survived, 0, Operator::Status(204));
        assert_eq!((reviewed.fate, reviewed.is_open()), (Fate::Reviewed, false));
        assert!(row(Fate::AtLeaf, 1, Operator::Status(204)).is_open());
        assert!(!row(Fate::AtLeaf, 2, Operator::Status(500)).is_open());
        let many = row(Fate::AtLeaf, 3, Operator::Status(500));
        assert!(many.is_many && many.is_open());
    }

    #[test]
    fn a_score_is_of_those_that_changed_something() {
        let fates = [Fate::AtLeaf, Fate::AtMessage, Fate::ByLuck, Fate::Idle];
        let rows = fates.map(|fate| row(fate, 1, Operator::Status(500)));
        let score = Score::of(Sort::Wrong, 1, 9, rows.into());
        assert_eq!((score.total.mutants, score.total.percent()), (4, 66));
        assert_eq!(score.areas["HealthCheck"], score.total);
        assert!(score.is_right());
    }
}
