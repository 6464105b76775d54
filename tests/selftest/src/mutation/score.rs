//! What a measurement came to.

use super::judgement::{Fate, Judgement, Said};
use super::listing::Sort;
use super::measure::Wishes;
use super::mutant::Mutant;
use super::review::Reviewed;
use serde::Serialize;
use std::collections::BTreeMap;

/// One mutant and what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// The messages.
    pub(crate) area: String,
    /// The leaf; `*` for the message as a whole.
    pub(crate) leaf: String,
    /// What was done.
    pub(crate) operator: String,
    /// What became of it.
    pub(crate) fate: Fate,
    /// True when more was found than one change should bring about.
    pub(crate) many: bool,
    /// Why it may survive, if somebody said so.
    pub(crate) reviewed: Option<String>,
    /// The exit code of its run.
    pub(crate) exit_code: u8,
    /// How many scenarios ran.
    pub(crate) scenarios: usize,
    /// The distinct findings.
    pub(crate) said: Vec<Said>,
}

impl Row {
    /// A judged mutant.
    pub(crate) fn of(mutant: &Mutant, judgement: Judgement, reviewed: &[Reviewed]) -> Self {
        let row = reviewed.iter().find(|row| row.covers(mutant));
        Self {
            area: mutant.area.to_string(),
            leaf: if mutant.leaf.is_empty() {
                "*".to_owned()
            } else {
                mutant.leaf.clone()
            },
            operator: mutant.operator.to_string(),
            fate: judgement.fate,
            many: judgement.is_many(),
            reviewed: row.map(|row| row.reason.clone()),
            exit_code: judgement.exit_code,
            scenarios: judgement.scenarios,
            said: judgement.said,
        }
    }

    /// The mutant's name.
    pub(crate) fn name(&self) -> String {
        format!("{} {} {}", self.area, self.leaf, self.operator)
    }

    /// All of it in one line.
    pub(crate) fn line(&self) -> String {
        let (fate, count) = (self.fate.word(), self.said.len());
        let reviewed = if self.reviewed.is_some() { ", reviewed" } else { "" };
        format!(
            "{fate}{reviewed}: {} ({count} findings, exit {})",
            self.name(),
            self.exit_code
        )
    }
}

/// How many mutants of an area or of an operator came to what.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Tally {
    /// All.
    pub(crate) mutants: usize,
    /// Found where they are.
    pub(crate) at_leaf: usize,
    /// Found in their message.
    pub(crate) at_message: usize,
    /// Found as something else.
    pub(crate) by_luck: usize,
    /// Not found, and nobody has said why.
    pub(crate) survived: usize,
    /// Not found, and reviewed.
    pub(crate) reviewed: usize,
    /// Nothing was changed.
    pub(crate) idle: usize,
    /// Found, with more than two distinct findings.
    pub(crate) many: usize,
}

impl Tally {
    fn add(&mut self, row: &Row) {
        self.mutants += 1;
        self.many += usize::from(row.many);
        let count = match row.fate {
            Fate::Idle => &mut self.idle,
            Fate::Survived if row.reviewed.is_some() => &mut self.reviewed,
            Fate::Survived => &mut self.survived,
            Fate::ByLuck => &mut self.by_luck,
            Fate::AtMessage => &mut self.at_message,
            Fate::AtLeaf => &mut self.at_leaf,
        };
        *count += 1;
    }

    /// Those that are killed or reviewed, of those that changed something, in percent; of none all.
    pub(crate) fn percent(&self) -> usize {
        let right = self.at_leaf + self.at_message + self.reviewed;
        (right * 100).checked_div(self.mutants - self.idle).unwrap_or(100)
    }
}

/// What a measurement came to.
#[derive(Debug, Serialize)]
pub struct Score {
    pub(crate) sort: Sort,
    pub(crate) seed: u64,
    /// How many mutants there are.
    pub(crate) listed: usize,
    pub(crate) total: Tally,
    /// By area.
    pub(crate) areas: BTreeMap<String, Tally>,
    /// By area and operator.
    pub(crate) operators: BTreeMap<String, Tally>,
    pub(crate) rows: Vec<Row>,
}

impl Score {
    pub(crate) fn of(wishes: &Wishes, listed: usize, mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(Row::name);
        let mut score = Self {
            sort: wishes.sort,
            seed: wishes.seed,
            listed,
            total: Tally::default(),
            areas: BTreeMap::new(),
            operators: BTreeMap::new(),
            rows: Vec::new(),
        };
        for row in &rows {
            score.total.add(row);
            score.areas.entry(row.area.clone()).or_default().add(row);
            let both = format!("{} {}", row.area, row.operator);
            score.operators.entry(both).or_default().add(row);
        }
        score.rows = rows;
        score
    }

    /// True when a row has to be looked at: a survivor that nobody reviewed or a reviewed one that is found, and of legal ones
    /// each that fails something or stops the judging.
    pub(crate) fn is_open(&self, row: &Row) -> bool {
        match self.sort {
            Sort::Wrong if row.reviewed.is_some() => row.fate.is_killed(),
            Sort::Wrong => row.fate == Fate::Survived,
            Sort::Legal => row.exit_code != 0 || row.said.iter().any(|said| said.verdict == "fail"),
        }
    }

    /// 0, or 1 when something has to be looked at.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.rows.iter().any(|row| self.is_open(row)))
    }

    /// The score as JSON, with every mutant.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
