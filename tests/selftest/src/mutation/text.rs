//! The score for people.

use super::judgement::Fate;
use super::score::{Row, Score, Tally};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// So many findings of one mutant are shown.
const SHOWN: usize = 4;

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.sort.words();
        writeln!(
            formatter,
            "{} of {} {words}, seed {}",
            self.total.mutants, self.listed, self.seed
        )?;
        formatter.write_str(&self.table("area", &self.areas))?;
        if !self.operators.is_empty() {
            formatter.write_str(&self.table("area and operator", &self.operators))?;
        }
        if self.sort.is_legal() {
            self.legal(formatter)
        } else {
            self.wrong(formatter)
        }
    }
}

impl Score {
    fn legal(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.total.count(Fate::Failed);
        writeln!(
            formatter,
            "\n{failed} of {} {} failed",
            self.total.mutants,
            self.sort.words()
        )?;
        self.list(formatter, "legal, and failed", &|row| row.fate == Fate::Failed)?;
        self.list(formatter, "legal, and warned of", &|row| row.fate == Fate::Warned)?;
        self.idle(formatter)
    }

    fn wrong(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.kill_matrix)?;
        writeln!(formatter, "\n{} % killed or reviewed", self.total.percent())?;
        self.list(formatter, "survived", &|row| row.fate == Fate::Survived)?;
        self.list(
            formatter,
            "reviewed as survivors, and found all the same",
            &|row| row.reviewed.is_some() && row.fate.is_killed(),
        )?;
        self.list(formatter, "found as something else", &|row| {
            row.fate == Fate::ByLuck
        })?;
        self.list(formatter, "found with more than two findings", &Row::is_too_many)?;
        let explained = self.rows.iter().filter(|row| row.many_reviewed.is_some()).count();
        if explained > 0 {
            writeln!(
                formatter,
                "\nfound with more than two findings, reviewed: {explained}"
            )?;
        }
        for stale in &self.stale {
            writeln!(formatter, "\nno mutant needs the row any more: {stale}")?;
        }
        self.idle(formatter)
    }

    fn idle(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
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

    fn table(&self, title: &str, rows: &BTreeMap<String, Tally>) -> String {
        let fates: &[Fate] = if self.sort.is_legal() {
            &Fate::OF_LEGAL
        } else {
            &Fate::OF_WRONG
        };
        let mut text = format!("\n{title:<44} {:>7}", "mutants");
        for fate in fates {
            let _ = write!(text, " {:>10}", fate.word());
        }
        text.push_str(if self.sort.is_legal() {
            "     %\n"
        } else {
            "  many     %\n"
        });
        for (name, tally) in rows {
            let _ = write!(text, "{name:<44} {:>7}", tally.mutants);
            for fate in fates {
                let _ = write!(text, " {:>10}", tally.count(*fate));
            }
            if !self.sort.is_legal() {
                let _ = write!(text, " {:>5}", tally.many);
            }
            let _ = writeln!(text, " {:>5}", tally.percent());
        }
        text
    }
}
