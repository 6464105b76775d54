//! The rows of the self-test: every defect, every variant and every dumb server, tried and held against what is due of it.

mod deviations;
mod subject;
pub(crate) mod touched;

pub use subject::RowSort;

use crate::examine::is_real;
use crate::illustrations::{self, Candidate};
use crate::matrix::Matrix;
use crate::wishes::Wishes;
use catalogue::Illustration;
use futures_util::StreamExt as _;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use subject::Subject;

/// Of so many rows less than one may be examined a second time. There are few dumb servers: of them all may.
const FEW: usize = 10;

/// Rows over the network mostly wait; so many go at the same time for each that keeps a core busy.
const WAITING: usize = 3;

/// One row that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowReport {
    /// The row.
    pub name: &'static str,
    /// Rows that are counted together.
    pub area: &'static str,
    /// What is not as it should be; nothing of a row that is judged as what it is.
    pub complaints: Vec<String>,
    /// The requirements that were violated, warnings included.
    pub violated: BTreeSet<String>,
    /// The distinct findings in one line each, for whoever works on the row: they name ports and times, and differ from run to run.
    #[serde(skip)]
    pub said: Vec<String>,
    /// Of a defect that was tried with all scenarios and with these: those that it touches.
    #[serde(skip)]
    pub touched: Option<BTreeSet<String>>,
    /// What it shows of each requirement that it violates.
    #[serde(skip)]
    pub shown: Vec<Candidate>,
}

impl RowReport {
    fn ended(subject: Subject, why: String) -> Self {
        Self {
            name: subject.name(),
            area: subject.area(),
            complaints: vec![why],
            violated: BTreeSet::new(),
            said: Vec::new(),
            touched: None,
            shown: Vec::new(),
        }
    }
}

/// How many rows were tried, and of how many of them the right thing was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// All.
    pub tried: usize,
    /// Those that were judged as what they are.
    pub right: usize,
}

impl Count {
    fn add(&mut self, row: &RowReport) {
        self.tried += 1;
        self.right += usize::from(row.complaints.is_empty());
    }
}

/// What the rows of one sort came to.
#[derive(Debug, Serialize)]
pub struct Rows {
    /// Which.
    pub sort: RowSort,
    /// All together.
    pub total: Count,
    /// By area.
    pub areas: BTreeMap<&'static str, Count>,
    /// The rows that violate a requirement; of variants, which violate none, none.
    pub kill_matrix: Matrix,
    /// Every row, in the order of its name.
    pub rows: Vec<RowReport>,
}

impl Rows {
    pub(crate) fn of(sort: RowSort, mut rows: Vec<RowReport>) -> Self {
        rows.sort_by_key(|row| row.name);
        let mut done = Self {
            sort,
            total: Count::default(),
            areas: BTreeMap::new(),
            kill_matrix: Matrix::default(),
            rows: Vec::new(),
        };
        for row in &rows {
            done.total.add(row);
            done.areas.entry(row.area).or_default().add(row);
            done.kill_matrix
                .add(row.name, row.area, row.violated.iter().map(String::as_str));
        }
        done.rows = rows;
        done
    }

    /// Every row with what is wrong with how it is judged, in one line for each.
    pub fn complaints(&self) -> Vec<String> {
        let rows = self.rows.iter();
        rows.flat_map(|row| {
            row.complaints
                .iter()
                .map(move |line| format!("{}: {line}", row.name))
        })
        .collect()
    }

    /// Of each requirement that a row violates the best accepted and rejected exchange.
    pub fn illustrations(&self) -> Vec<Illustration> {
        illustrations::best(self.rows.iter().flat_map(|row| row.shown.iter().cloned()))
    }

    /// What rows show that ran all scenarios.
    pub fn shown(&self) -> impl Iterator<Item = &Illustration> {
        let candidates = self.rows.iter().flat_map(|row| &row.shown);
        candidates.map(Candidate::shown)
    }

    /// True when every row is judged as what it is.
    pub fn is_right(&self) -> bool {
        self.total.tried == self.total.right
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count { tried, right } = self.total;
        writeln!(
            formatter,
            "{right} of {tried} {} are judged as what they are",
            self.sort
        )?;
        writeln!(formatter, "\n{:<44} {:>7} {:>7}", "area", "rows", "right")?;
        for (area, Count { tried, right }) in &self.areas {
            writeln!(formatter, "{area:<44} {tried:>7} {right:>7}")?;
        }
        if self.sort == RowSort::Defects {
            write!(formatter, "{}", self.kill_matrix)?;
        }
        for line in self.complaints() {
            writeln!(formatter, "\nnot as it should be: {line}")?;
        }
        Ok(())
    }
}

/// The names of the rows of a sort that are asked for.
pub fn names(sort: RowSort, wishes: &Wishes) -> Vec<&'static str> {
    chosen(sort, wishes).into_iter().map(Subject::name).collect()
}

/// Tries the rows that are asked for; each is told of as soon as it is judged.
pub async fn judge(sort: RowSort, wishes: &Wishes, tell: impl Fn(&str)) -> Rows {
    let subjects = chosen(sort, wishes);
    let mut rows = several(&subjects, wishes, &tell).await;
    if is_real() || sort == RowSort::Dumb {
        alone(&mut rows, &subjects, wishes, &tell).await;
    }
    Rows::of(sort, rows)
}

fn chosen(sort: RowSort, wishes: &Wishes) -> Vec<Subject> {
    let all = sort.subjects().into_iter();
    wishes.drawn(
        all.filter(|subject| wishes.is_asked_for(subject.name()))
            .collect(),
    )
}

async fn several(subjects: &[Subject], wishes: &Wishes, tell: &impl Fn(&str)) -> Vec<RowReport> {
    let waits = |subject: &Subject| is_real() || matches!(subject, Subject::Dumb(_));
    let at_once = wishes.jobs.max(1) * if subjects.iter().any(waits) { WAITING } else { 1 };
    let rows = subjects.iter().map(|subject| async {
        let row = try_one(*subject, wishes).await;
        tell(&line(&row));
        row
    });
    futures_util::stream::iter(rows)
        .buffer_unordered(at_once)
        .collect()
        .await
}

/// On a task of its own, so that whatever breaks off ends this row and no other.
async fn try_one(subject: Subject, wishes: &Wishes) -> RowReport {
    let (keep, extent) = (wishes.keep.clone(), wishes.extent);
    let tried = tokio::spawn(async move { subject.judge(extent, keep.as_deref()).await }).await;
    tried.unwrap_or_else(|error| RowReport::ended(subject, format!("the row broke off: {error}")))
}

/// Whether something came too late must not depend on the other rows, which keep both cores busy: what deviates beside
/// them is examined once more by itself, and that counts. Where much deviates, the machine is not to blame.
async fn alone(rows: &mut [RowReport], subjects: &[Subject], wishes: &Wishes, tell: &impl Fn(&str)) {
    let busy = rows.iter().filter(|row| !row.complaints.is_empty()).count();
    let are_few = subjects.iter().all(|subject| matches!(subject, Subject::Dumb(_)));
    if busy * FEW >= rows.len() && !are_few {
        return;
    }
    for row in rows.iter_mut().filter(|row| !row.complaints.is_empty()) {
        let Some(subject) = subjects.iter().find(|subject| subject.name() == row.name) else {
            continue;
        };
        tell(&format!("once more by itself: {}", line(row)));
        *row = try_one(*subject, wishes).await;
        tell(&line(row));
    }
}

fn line(row: &RowReport) -> String {
    let said = row.said.first().map_or("nothing found", String::as_str);
    match row.complaints.as_slice() {
        [] => format!("right: {} ({} findings, first: {said})", row.name, row.said.len()),
        wrong => format!(
            "WRONG: {}: {}\n      {}",
            row.name,
            wrong.join("\n      "),
            row.said.join("\n      ")
        ),
    }
}
