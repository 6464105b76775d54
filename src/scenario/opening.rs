//! Steps with which several scenarios begin, written once: `openings/<name>.yaml`.

use super::file::{OpeningFile, StepFile};
use super::problem::{FileText, ScenarioProblem};
use super::reading::At;
use super::wire::suggestion;
use super::{Source, load};
use std::collections::BTreeMap;

/// The folder of a scenario that is an opening.
const FOLDER: &str = "openings/";

/// An opening.
#[derive(Debug)]
pub(super) struct Opening {
    /// Its file.
    pub(super) file: FileText,
    /// What was read of it.
    form: OpeningFile,
}

impl Opening {
    /// What happens in it.
    pub(super) fn steps(&self) -> &[At<StepFile>] {
        &self.form.steps
    }
}

/// All openings by name; none for those that cannot be read.
#[derive(Debug, Default)]
pub(super) struct Openings(BTreeMap<String, Option<Opening>>);

/// The name of the opening that a file is, if it is one.
fn name_of(source: &Source) -> Option<&str> {
    source.id.strip_prefix(FOLDER)
}

/// True when a file is an opening and no scenario.
pub(super) fn is_opening(source: &Source) -> bool {
    name_of(source).is_some()
}

impl Openings {
    /// Reads those among the files that are openings. Of two of one name the later one counts, so that a folder can have
    /// an opening of its own under a bundled one's name.
    pub(super) fn read(sources: &[Source], problems: &mut Vec<ScenarioProblem>) -> Self {
        let mut all = BTreeMap::new();
        for source in sources {
            let Some(name) = name_of(source) else { continue };
            let file = FileText::new(&source.file, &source.text);
            let form = load::parsed(&file);
            let opening = form.map(|form| Opening { file, form });
            all.insert(
                name.to_owned(),
                opening.map_err(|found| problems.extend(found)).ok(),
            );
        }
        Self(all)
    }

    /// The opening that a scenario names; none for one that could not be read, whose mistakes are told already.
    pub(super) fn named(
        &self,
        name: &At<String>,
        file: &FileText,
    ) -> Result<Option<&Opening>, Vec<ScenarioProblem>> {
        if let Some(opening) = self.0.get(name.get()) {
            return Ok(opening.as_ref());
        }
        let known: Vec<String> = self.0.keys().cloned().collect();
        let message = format!("no opening is called `{}`", name.get());
        let help = suggestion(
            name.get(),
            &known,
            "write it as openings/<name>.yaml in the folder of the scenarios",
        );
        Err(vec![ScenarioProblem::new(file, name.span, message).help(help)])
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use crate::{Source, load};

    const OPENING: &str = "steps:\n  - call: CreateBooking\n    as: created\n  - trigger: user_cancel_at_partner\n    booking: created\n";
    const OPENED: &str = "title: It goes on\nneeds: { slot: {} }\nopening: cancelled\nsteps:\n  - await: booking\n    booking: created\n    requirement: RTU-NOSHOW-02\n    until: { status: CANCELED }\n";

    fn source(id: &str, text: &str) -> Source {
        Source {
            id: id.into(),
            file: format!("scenarios/{id}.yaml"),
            text: text.into(),
        }
    }

    /// Place and message of every mistake in two scenarios with one opening.
    fn opened(opening: &str, scenario: &str) -> Vec<String> {
        let files = [
            source("a/b", scenario),
            source("a/c", scenario),
            source("openings/cancelled", opening),
        ];
        let found = load(&files).unwrap_err().0;
        found
            .into_iter()
            .map(|p| format!("{} {}", p.place, p.message))
            .collect()
    }

    #[test]
    fn scenarios_share_an_opening() {
        let files = [source("openings/cancelled", OPENING), source("a/b", OPENED)];
        let scenarios = load(&files).unwrap();
        assert_eq!((scenarios.len(), scenarios[0].steps.len()), (1, 3));
        assert_eq!(scenarios[0].requirements().len(), 2);
        let unknown = OPENED.replace("cancelled", "canceled");
        assert_eq!(
            opened(OPENING, &unknown)[0],
            "scenarios/a/b.yaml:3:10 no opening is called `canceled`"
        );
    }

    #[test]
    fn the_mistakes_of_an_opening_are_told_once_and_in_its_file() {
        assert_eq!(
            opened(&OPENING.replace("booking: created", "booking: creatd"), OPENED),
            ["scenarios/openings/cancelled.yaml:5:14 no earlier CreateBooking is called `creatd`"]
        );
        assert_eq!(
            opened(&OPENING.replace("as: created", "az: created"), OPENED),
            ["scenarios/openings/cancelled.yaml:3:5 `az` does not belong to a `call` step"]
        );
    }
}
