//! The score that the product carries: what is in it, and of which rules it is.

use crate::mutation::open::{self, Open};
use crate::mutation::{Score, Sort, Tally};
use crate::rows::touched::{self, Touched};
use crate::rows::{Count, RowSort, Rows, names};
use crate::wishes::Wishes;
use catalogue::catalogue;
use outcome::{LegalScore, MutantScore, RequirementSet, RowScore, SelfTest};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

/// What decides what is judged, below the root of the sources: the files whose names end like this.
const JUDGES: [(&str, &str); 3] = [
    ("src/catalogue/requirements", "yaml"),
    ("src/rules", "rs"),
    ("scenarios", "yaml"),
];

/// What the parts of a measurement came to.
#[derive(Debug, Default, Serialize)]
pub struct Parts {
    /// Defects, variants, dumb servers.
    pub rows: Vec<Rows>,
    /// Mutants, legal ones, pairs of these.
    pub scores: Vec<Score>,
}

impl Parts {
    /// True when nothing has to be looked at.
    pub fn is_right(&self) -> bool {
        self.rows.iter().all(Rows::is_right) && self.scores.iter().all(Score::is_right)
    }

    /// All of it as JSON, with every row and every mutant.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rows in &self.rows {
            writeln!(formatter, "{rows}")?;
        }
        for score in &self.scores {
            writeln!(formatter, "{score}")?;
        }
        Ok(())
    }
}

/// Where the score stands below the root of the sources.
const SCORE: &str = "src/harness/self-test.json";

/// A score that is to be published.
#[derive(Debug)]
pub struct Publication {
    root: PathBuf,
    rules: String,
}

/// A score cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// This is not the root of the sources, or it cannot be written to.
    #[error("{0} (to be run from the root of the sources)")]
    Folder(#[from] std::io::Error),
    /// It would be of rules that there are not any more.
    #[error("requirements, rules or scenarios have changed while they were measured")]
    Changed,
    /// A part is missing.
    #[error("a part is no score: all has to be measured")]
    Part,
}

impl Publication {
    /// Looks which rules are going to be measured.
    pub fn begin(root: &Path) -> Result<Self, PublishError> {
        std::fs::metadata(root.join(SCORE))?;
        Ok(Self {
            root: root.to_owned(),
            rules: digest_of_rules(root)?,
        })
    }

    /// Writes the score that the product carries, and beside it what has to be looked at and what each defect touches.
    pub fn write(self, parts: &Parts, seed: u64, measured_on: String) -> Result<(), PublishError> {
        if digest_of_rules(&self.root)? != self.rules {
            return Err(PublishError::Changed);
        }
        let score = published(parts, seed, measured_on, self.rules).ok_or(PublishError::Part)?;
        let text = |value: serde_json::Value| format!("{value:#}\n");
        std::fs::write(self.root.join(SCORE), text(serde_json::json!(score)))?;
        let open = serde_json::json!(Open::of(&parts.scores));
        std::fs::write(self.root.join(open::PATH), text(open))?;
        let rows = parts.rows.iter().flat_map(|rows| &rows.rows);
        let touched = rows.filter_map(|row| Some((row.name, row.touched.as_ref()?)));
        let touched = serde_json::json!(Touched::of(touched));
        Ok(std::fs::write(self.root.join(touched::PATH), text(touched))?)
    }
}

/// Why the published score is not that of what is there now; none where it is.
pub fn outdated(root: &Path) -> Result<Option<String>, PublishError> {
    let text = std::fs::read_to_string(root.join(SCORE))?;
    let Ok(score) = serde_json::from_str::<SelfTest>(&text) else {
        return Ok(Some(format!("{SCORE} is no score")));
    };
    let rules = digest_of_rules(root)?;
    let is_same = score.rules == rules && score.requirement_set.digest == catalogue().digest();
    let tried = [score.defects, score.variants, score.dumb_servers].map(|rows| rows.tried);
    let rows =
        [RowSort::Defects, RowSort::Variants, RowSort::Dumb].map(|sort| names(sort, &Wishes::all()).len());
    let day = &score.measured_on;
    Ok(if !is_same {
        Some(format!(
            "{SCORE} is of {day}, and requirements, rules or scenarios have changed since"
        ))
    } else if tried != rows {
        Some(format!(
            "{SCORE} is of {day}, and there are other defects, variants or dumb servers since"
        ))
    } else {
        None
    })
}

fn published(parts: &Parts, seed: u64, measured_on: String, rules: String) -> Option<SelfTest> {
    let rows = |sort| {
        parts
            .rows
            .iter()
            .find(|rows| rows.sort == sort)
            .map(|rows| rows.total)
    };
    let score = |is: fn(Sort) -> bool| parts.scores.iter().find(|score| is(score.sort()));
    Some(SelfTest {
        measured_on,
        requirement_set: RequirementSet {
            id: catalogue().id().to_owned(),
            digest: catalogue().digest().to_owned(),
        },
        rules,
        seed,
        defects: of_rows(rows(RowSort::Defects)?),
        variants: of_rows(rows(RowSort::Variants)?),
        dumb_servers: of_rows(rows(RowSort::Dumb)?),
        mutants: of_mutants(&score(|sort| sort == Sort::Wrong)?.total),
        areas: {
            let areas = score(|sort| sort == Sort::Wrong)?.areas.iter();
            areas
                .map(|(area, tally)| (area.clone(), of_mutants(tally)))
                .collect()
        },
        legal: of_legal(&score(|sort| sort == Sort::Legal)?.total),
        legal_pairs: of_legal(&score(|sort| matches!(sort, Sort::LegalPairs(_)))?.total),
    })
}

fn of_rows(count: Count) -> RowScore {
    RowScore {
        tried: count.tried,
        right: count.right,
    }
}

fn of_mutants(tally: &Tally) -> MutantScore {
    MutantScore {
        tried: tally.changed(),
        killed: tally.killed(),
        reviewed: tally.reviewed(),
        percent: tally.percent(),
    }
}

fn of_legal(tally: &Tally) -> LegalScore {
    LegalScore {
        tried: tally.changed(),
        failed: tally.failed(),
    }
}

/// SHA-256 of what decides what is judged: the requirements, the rules and the scenarios. Comments, blank lines and unit tests
/// judge nothing, so they may change.
fn digest_of_rules(root: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    for (folder, ending) in JUDGES {
        for path in files(&root.join(folder), ending)? {
            let name = path.strip_prefix(root).unwrap_or(&path);
            if is_of_tests(name) {
                continue;
            }
            let text = std::fs::read_to_string(&path)?;
            hasher.update(name.to_string_lossy().replace('\\', "/").as_bytes());
            hasher.update(judging(&text, ending).as_bytes());
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn is_of_tests(name: &Path) -> bool {
    let mut parts = name.components().map(|part| part.as_os_str().to_string_lossy());
    parts.any(|part| ["tests", "testing"].contains(&part.trim_end_matches(".rs")))
}

/// The lines of a file that judge.
fn judging(text: &str, ending: &str) -> String {
    let comment = if ending == "rs" { "//" } else { "#" };
    // Only rules have such a line.
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().map(str::trim_end);
    lines
        .filter(|line| !line.is_empty() && !line.trim_start().starts_with(comment))
        .fold(String::new(), |all, line| all + "\n" + line)
}

/// Every file below a folder whose name ends like this, in order.
fn files(folder: &Path, ending: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use tempfile::TempDir;

    /// Sources with one rule and no score.
    fn sources(rule: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (below, _) in JUDGES {
            std::fs::create_dir_all(folder.path().join(below)).unwrap();
        }
        for file in [SCORE, open::PATH, touched::PATH] {
            std::fs::create_dir_all(folder.path().join(file).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(file), "null").unwrap();
        }
        std::fs::write(folder.path().join("src/rules/one.rs"), rule).unwrap();
        folder
    }

    fn digest_with(rule: &str) -> String {
        digest_of_rules(sources(rule).path()).unwrap()
    }

    /// A measurement of everything there is of nothing.
    fn whole() -> Parts {
        let rows = [RowSort::Defects, RowSort::Variants, RowSort::Dumb];
        let scores = [Sort::Wrong, Sort::Legal, Sort::LegalPairs(1)];
        Parts {
            rows: rows.map(|sort| Rows::of(sort, Vec::new())).into(),
            scores: scores.map(|sort| Score::of(sort, 1, 0, Vec::new())).into(),
        }
    }

    fn publish(folder: &TempDir, parts: &Parts) -> Result<(), PublishError> {
        let publication = Publication::begin(folder.path())?;
        publication.write(parts, 1, "2026-11-30".into())
    }

    #[test]
    fn what_is_published_is_of_the_rules_until_they_change_and_of_the_rows_that_there_are() {
        let folder = sources("fn one() {}\n");
        let why = || outdated(folder.path()).unwrap().unwrap();
        assert!(why().ends_with("is no score"), "{}", why());
        publish(&folder, &whole()).unwrap();
        let open = std::fs::read_to_string(folder.path().join(open::PATH)).unwrap();
        assert_eq!(open, "[]\n");
        assert!(
            why().ends_with("other defects, variants or dumb servers since"),
            "{}",
            why()
        );
        std::fs::write(folder.path().join("src/rules/two.rs"), "fn two() {}\n").unwrap();
        assert!(
            why().ends_with("rules or scenarios have changed since"),
            "{}",
            why()
        );
    }

    #[test]
    fn nothing_is_published_of_a_part_or_of_rules_that_changed_meanwhile_or_elsewhere() {
        let folder = sources("fn one() {}\n");
        assert!(matches!(
            publish(&folder, &Parts::default()),
            Err(PublishError::Part)
        ));
        let publication = Publication::begin(folder.path()).unwrap();
        std::fs::write(folder.path().join("src/rules/two.rs"), "fn two() {}\n").unwrap();
        let changed = publication.write(&whole(), 1, String::new());
        assert!(matches!(changed, Err(PublishError::Changed)));
        let elsewhere = Publication::begin(&folder.path().join("src"));
        assert!(matches!(elsewhere, Err(PublishError::Folder(_))));
    }

    #[test]
    fn a_changed_rule_is_another_digest_and_a_comment_is_not() {
        let rule = digest_with("//! One.\nfn one() {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n}\n");
        assert_eq!(
            rule,
            digest_with("//! The same.\n\nfn one() {\n    // Why.\n    1\n}\n")
        );
        assert_ne!(rule, digest_with("fn one() {\n    2\n}\n"));
        // What stands below the list of a room's modules judges.
        let list = digest_with("#[cfg(test)]\nmod tests;\n\nfn one() {\n    1\n}\n");
        assert_ne!(
            list,
            digest_with("#[cfg(test)]\nmod tests;\n\nfn one() {\n    2\n}\n")
        );
    }
}
