//! The score for people.

use super::judgement::Fate;
use super::listing::Sort;
use super::score::{Row, Score, Tally};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// So many findings of one mutant are shown.
const SHOWN: usize = 4;

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = &self.total;
        writeln!(
            formatter,
            "{} of {} mutants, seed {}",
            total.mutants, self.listed, self.seed
        )?;
        formatter.write_str(&table("area", &self.areas))?;
        formatter.write_str(&table("area and operator", &self.operators))?;
        match self.sort {
            Sort::Wrong => self.wrong(formatter),
            Sort::Legal => self.list(formatter, "legal, and something is said", &|row| {
                self.is_open(row)
            }),
        }
    }
}

impl Score {
    fn wrong(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = &self.total;
        writeln!(formatter, "\n{} % killed or reviewed", total.percent())?;
        self.list(formatter, "survived", &|row| {
            row.fate == Fate::Survived && row.reviewed.is_none()
        })?;
        self.list(formatter, "reviewed, and found all the same", &|row| {
            row.reviewed.is_some() && row.fate.is_killed()
        })?;
        self.list(formatter, "found as something else", &|row| {
            row.fate == Fate::ByLuck
        })?;
        self.list(formatter, "found with more than two findings", &|row| {
            row.many && row.fate != Fate::ByLuck
        })?;
        self.list(formatter, "changed nothing in their runs", &|row| {
            row.fate == Fate::Idle
        })
    }

    fn list(
        &self,
        formatter: &mut fmt::Formatter<'_>,
        title: &str,
        which: &dyn Fn(&Row) -> bool,
    ) -> fmt::Result {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| which(row)).collect();
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(formatter, "\n{title}: {}", rows.len())?;
        for row in rows {
            writeln!(formatter, "  {}", row.name())?;
            if row.said.is_empty() {
                writeln!(
                    formatter,
                    "      nothing in {} scenarios, exit {}",
                    row.scenarios, row.exit_code
                )?;
            }
            for said in row.said.iter().take(SHOWN) {
                let scenario = said.scenario.as_deref().unwrap_or("the run");
                let (id, message) = (&said.requirement, &said.message);
                writeln!(
                    formatter,
                    "      {id} in {scenario} ({} times): {message}",
                    said.count
                )?;
            }
        }
        Ok(())
    }
}

fn table(title: &str, rows: &BTreeMap<String, Tally>) -> String {
    let mut text = format!(
        "\n{title:<44} {:>7} {:>8} {:>10} {:>8} {:>8} {:>8} {:>5} {:>5} {:>5}\n",
        "mutants", "at leaf", "at message", "by luck", "survived", "reviewed", "idle", "many", "%"
    );
    for (name, tally) in rows {
        let _ = writeln!(
            text,
            "{name:<44} {:>7} {:>8} {:>10} {:>8} {:>8} {:>8} {:>5} {:>5} {:>5}",
            tally.mutants,
            tally.at_leaf,
            tally.at_message,
            tally.by_luck,
            tally.survived,
            tally.reviewed,
            tally.idle,
            tally.many,
            tally.percent()
        );
    }
    text
}
