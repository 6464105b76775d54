//! An accepted and a rejected exchange of each judged requirement, as the rows of the self-test have them: what `conformance explain` shows.
//!
//! The rejected one is that of a defect, the accepted one that of the undecorated partner at the same step. Both are the same in every
//! measurement, so the files are held against what the rows show.

mod candidate;
mod file;
mod of_the_run;
mod pruned;
mod said;
mod yaml;

pub use file::{outdated, write};

use crate::{Amendments, Defect, Examination, ExamineError, examine, variants};
use candidate::Both;
use catalogue::{Illustration, RequirementId};
use outcome::Finding;
use reference_server::Seams;
use rules::requirements_of_feeds;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The variant with the right calls about merchants, services and records.
const TELLING: &str = "tells-of-everything";
/// So many findings of a requirement are looked at in a row.
const LOOKED_AT: usize = 12;
/// So much of a sentence or a value is kept.
const LONGEST: usize = 240;

/// What a row shows of a requirement, and how well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    rank: Rank,
    shown: Illustration,
}

/// Smaller is better.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// True when both texts are the same: then nothing is shown.
    is_alike: bool,
    /// True when the row violates other requirements as well.
    is_mixed: bool,
    /// True when it was seen elsewhere than in the scenario that is there to catch it; true when no history shows it.
    strays: (bool, bool),
    lines: usize,
    /// The row, so that the choice is the same in every measurement.
    row: &'static str,
}

impl Candidate {
    /// What is shown.
    pub fn shown(&self) -> &Illustration {
        &self.shown
    }
}

/// The undecorated partner's run, the same for all rows.
async fn undecorated() -> Result<Arc<Examination>, ExamineError> {
    static RUN: OnceCell<Arc<Examination>> = OnceCell::const_new();
    let run =
        RUN.get_or_try_init(|| async { examine(Seams::default(), &Amendments::NONE).await.map(Arc::new) });
    run.await.cloned()
}

/// The run of a partner that tells of merchants, services and records as it is due; the undecorated one tells of none.
async fn telling() -> Result<Arc<Examination>, ExamineError> {
    static RUN: OnceCell<Arc<Examination>> = OnceCell::const_new();
    let variant = variants().find(|variant| variant.name == TELLING);
    let (seams, amendments) = variant.map_or((Seams::default(), Amendments::NONE), |variant| {
        ((variant.seams)(), variant.amendments)
    });
    let run = RUN.get_or_try_init(|| async { examine(seams, &amendments).await.map(Arc::new) });
    run.await.cloned()
}

/// What the run of a defect shows, of each requirement the best.
pub(crate) async fn candidates(
    defect: &'static Defect,
    done: &Examination,
) -> Result<Vec<Candidate>, ExamineError> {
    let right = undecorated().await?;
    let telling = if done.resources.is_empty() {
        Arc::clone(&right)
    } else {
        telling().await?
    };
    let both = Both {
        defect,
        wrong: done,
        right: &right,
        telling: &telling,
    };
    let feeds = requirements_of_feeds();
    let mut best: BTreeMap<RequirementId, Candidate> = BTreeMap::new();
    let mut seen: BTreeMap<RequirementId, usize> = BTreeMap::new();
    for (scenario, finding) in in_order(defect, done) {
        let id = finding.requirement;
        let count = seen.entry(id).or_default();
        *count += 1;
        let is_of_feeds = finding.evidence.entry.is_none() && feeds.contains(&id);
        if *count > LOOKED_AT || is_of_feeds || !defect.violates.contains(&id) {
            continue;
        }
        if let Some(one) = candidate(both, scenario, finding) {
            let place = best.entry(id).or_insert_with(|| one.clone());
            if one.rank < place.rank {
                *place = one;
            }
        }
    }
    Ok(best.into_values().collect())
}

/// The findings of a run, those of the scenario that is there for it first.
fn in_order<'d>(defect: &Defect, done: &'d Examination) -> Vec<(Option<&'d str>, &'d Finding)> {
    let mut all: Vec<_> = done.findings().collect();
    all.sort_by_key(|(scenario, _)| *scenario != Some(defect.scenario));
    all
}

fn candidate(both: Both<'_>, scenario: Option<&str>, finding: &Finding) -> Option<Candidate> {
    let texts = both.texts(scenario, finding)?;
    let evidence = &finding.evidence;
    let scenario = scenario.or(evidence.scenario.as_deref());
    let rank = Rank {
        is_alike: texts.accepted == texts.rejected,
        is_mixed: both.defect.violates.len() > 1,
        strays: (
            scenario.is_some_and(|id| id != both.defect.scenario),
            evidence.entry.is_none(),
        ),
        lines: texts.accepted.lines().count() + texts.rejected.lines().count(),
        row: both.defect.name,
    };
    let shown = Illustration {
        id: finding.requirement.to_string(),
        scenario: scenario.map(ToOwned::to_owned),
        server: both.defect.about.to_owned(),
        accepted: texts.accepted,
        rejected: texts.rejected,
        finding: cut(&finding.message),
        place: evidence.pointer.clone().filter(|place| !place.is_empty()),
        expected: words(&evidence.expected),
        actual: words(&evidence.actual),
    };
    Some(Candidate { rank, shown })
}

/// Of each requirement the best that any row shows; nothing where both are the same, since that explains nothing.
pub fn best(candidates: impl IntoIterator<Item = Candidate>) -> Vec<Illustration> {
    let mut best: BTreeMap<String, Candidate> = BTreeMap::new();
    for one in candidates {
        let id = one.shown.id.clone();
        let place = best.entry(id).or_insert_with(|| one.clone());
        if one.rank < place.rank {
            *place = one;
        }
    }
    let telling = best.into_values().filter(|one| !one.rank.is_alike);
    telling.map(|one| one.shown).collect()
}

/// A value as a sentence has it; nothing of nothing.
fn words(value: &Value) -> Option<String> {
    let choice = value.get("$one_of").and_then(Value::as_array);
    if let Some(name) = value.get("present").and_then(Value::as_str) {
        return Some(cut(&format!("`{name}`")));
    }
    match (value, choice) {
        (Value::Null, _) => None,
        (_, Some(choice)) => {
            let choice: Vec<_> = choice.iter().filter_map(words).collect();
            Some(cut(&choice.join(" or ")))
        }
        (Value::String(text), _) => Some(cut(text)),
        (other, _) => Some(cut(&other.to_string())),
    }
}

fn cut(text: &str) -> String {
    let text = outcome::text::one_line(text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{}", &text[..end], pruned::MORE),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(row: &'static str, is_alike: bool, lines: usize) -> Candidate {
        let rank = Rank {
            is_alike,
            is_mixed: false,
            strays: (false, false),
            lines,
            row,
        };
        let shown = Illustration {
            id: "A-1".into(),
            scenario: None,
            server: row.into(),
            accepted: String::new(),
            rejected: String::new(),
            finding: String::new(),
            place: None,
            expected: None,
            actual: None,
        };
        Candidate { rank, shown }
    }

    #[test]
    fn what_differs_comes_before_what_is_short() {
        assert_eq!(best([shown("a", true, 2)]), []);
        let all = [shown("a", true, 2), shown("b", false, 9), shown("c", false, 5)];
        let best = best(all);
        let rows: Vec<_> = best.iter().map(|one| one.server.as_str()).collect();
        assert_eq!(rows, ["c"]);
    }

    #[test]
    fn a_choice_of_values_is_said_in_words() {
        let value = json!({ "$one_of": ["CANCELED", 1] });
        assert_eq!(words(&value).as_deref(), Some("CANCELED or 1"));
        assert_eq!(words(&Value::Null), None);
    }
}
