//! The same from a recording: its histories are compared here and now, and marked with the verdicts that it holds.

use super::{Artefact, ArtefactError, Offered, Origin, altered, digest, is_folder_name};
use crate::compare::compare;
use crate::info::Mark;
use crate::store::{Store, StoreError, io_error, is_id};
use outcome::{RunReport, SnapshotStatus};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use transcript::Transcript;

/// What stands before the digest, which is the last field of a recording.
const DIGEST: &str = "\"digest\": \"";

/// What a recording says of a scenario beside its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedScenario {
    id: String,
    title: String,
    judged: Option<Mark>,
}

/// The scenarios of a run, as its recording lists them.
pub fn recorded_scenarios(report: &RunReport) -> Vec<RecordedScenario> {
    let scenario = |scenario: &outcome::ScenarioReport| RecordedScenario {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        judged: Mark::of(scenario),
    };
    report.scenarios.iter().map(scenario).collect()
}

/// A recording whose last field is an empty `digest`, with the digest of that text in it.
pub fn sign(text: &str) -> String {
    let filled = format!("{DIGEST}{}\"", digest(text));
    match text.rfind(&format!("{DIGEST}\"")) {
        Some(at) => text[..at].to_owned() + &filled + &text[at + DIGEST.len() + 1..],
        None => text.to_owned(),
    }
}

fn is_signed(text: &str) -> bool {
    let Some(start) = text.rfind(DIGEST).map(|at| at + DIGEST.len()) else {
        return false;
    };
    let length = text[start..].find('"').unwrap_or(0);
    let empty = format!("{}{}", &text[..start], &text[start + length..]);
    digest(&empty) == text[start..start + length]
}

#[derive(Deserialize)]
struct Recording {
    format: u32,
    tool: Tool,
    target: Target,
    seed: u64,
    started_at: String,
    scenarios: Vec<RecordedScenario>,
    transcripts: Vec<Transcript>,
}

#[derive(Deserialize)]
struct Tool {
    version: String,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    base_url: String,
}

impl Artefact {
    /// Reads a recording, which `run --report recording=FILE` wrote.
    ///
    /// # Errors
    /// When it is none, was written by a version that did not say how scenarios were judged, or was changed.
    pub fn read_recording(path: &Path) -> Result<Self, ArtefactError> {
        let text = fs::read_to_string(path).map_err(io_error(path))?;
        let wrong = |cause: String| ArtefactError::Recording {
            path: path.to_owned(),
            cause,
        };
        let recording: Recording = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if recording.format != 1 {
            return Err(wrong(format!(
                "it has format {}, and this program reads 1",
                recording.format
            )));
        }
        if !is_signed(&text) || !is_folder_name(&recording.target.name) {
            return Err(altered(format!("{} was changed", path.display())));
        }
        let Recording {
            tool,
            target,
            seed,
            started_at,
            scenarios,
            transcripts,
            ..
        } = recording;
        let whole = transcripts.into_iter().filter(Transcript::is_complete);
        Ok(Self {
            origin: Origin {
                version: tool.version,
                target: target.name,
                base_url: target.base_url,
                started_at,
                seed,
            },
            snapshots: whole
                .map(|transcript| offered(transcript, &scenarios))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn offered(transcript: Transcript, scenarios: &[RecordedScenario]) -> Result<Offered, ArtefactError> {
    let id = transcript.scenario.clone();
    if !is_id(&id) {
        return Err(StoreError::BadId { id }.into());
    }
    let Some(scenario) = scenarios.iter().find(|scenario| scenario.id == id) else {
        return Err(altered(format!("it does not say how {id} was judged")));
    };
    let comparison = compare(None, &transcript);
    Ok(Offered {
        accepted: None,
        text: comparison.text(&id, &scenario.title, scenario.judged.as_ref()),
        judged: scenario.judged.clone(),
        body: comparison.body,
        history: Some(transcript),
        id,
    })
}

/// True when the history is another one than the accepted one, slots of other terms allowed for.
pub(super) fn is_news(store: &Store, transcript: &Transcript) -> Result<bool, StoreError> {
    let accepted = store.load(&transcript.scenario)?;
    let status = compare(accepted.as_ref(), transcript).status;
    Ok(matches!(status, SnapshotStatus::New | SnapshotStatus::Changed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_text_is_told_from_a_changed_one() {
        let text = "{\n  \"transcripts\": [],\n  \"digest\": \"\"\n}\n";
        let signed = sign(text);
        assert!(is_signed(&signed) && !is_signed(text), "{signed}");
        assert!(!is_signed(&signed.replace("[]", "[1]")));
        assert!(!is_signed("{}"));
    }
}
