//! Rendering: a finished run as text. Pure; no verdict is computed here.
//!
//! A reporter is one file and its line in [`REPORTERS`]; `--report FORMAT=PATH` finds it by name.

pub mod changes;
mod cut;
pub mod doctor;
pub mod feeds;
mod github;
mod gitlab;
mod har;
mod html;
mod issues;
mod json;
mod junit;
mod markdown;
mod recorded;
mod sarif;
pub mod silence;
mod tap;
pub mod terminal;

pub use html::watch;

use outcome::{NotRun, RunReport};
use recording::RunFacts;
use snapshot::DiffLine;
use std::path::Path;

/// A finished run.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// What was concluded.
    pub report: &'a RunReport,
    /// What it was concluded from, histories in the order of the scenarios that ran.
    pub facts: &'a RunFacts,
    /// Histories that are not as accepted: scenario id and diff.
    pub drifts: &'a [(String, Vec<DiffLine>)],
    /// The folder in which they are kept as an artefact.
    pub artefact: Option<&'a Path>,
}

/// A report could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// As JSON.
    #[error("render the report as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// As JUnit XML.
    #[error("render the report as JUnit XML: {0}")]
    JUnit(#[from] quick_junit::SerializeError),
}

/// A form in which a run can be kept.
pub trait Reporter: Sync {
    /// The name in `--report FORMAT=PATH`.
    fn format(&self) -> &'static str;

    /// One line for `--help`.
    fn about(&self) -> &'static str;

    /// The text of the file.
    fn render(&self, material: &Material<'_>) -> Result<String, RenderError>;

    /// The bytes of the file, where the text is packed.
    fn pack(&self, text: String) -> Vec<u8> {
        text.into_bytes()
    }

    /// The text of the file while there is no verdict, and for ever where a run came to none.
    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError>;
}

/// Every form.
pub static REPORTERS: &[&dyn Reporter] = &[
    &json::Json,
    &junit::JUnit,
    &recorded::Recorded,
    &sarif::Sarif,
    &html::Html,
    &har::Har,
    &markdown::Markdown,
    &github::GitHub,
    &gitlab::GitLab,
    &tap::Tap,
];

/// The reporter of a format.
pub fn reporter(format: &str) -> Option<&'static dyn Reporter> {
    REPORTERS
        .iter()
        .copied()
        .find(|reporter| reporter.format() == format)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod machines;
#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::sample::Sample;
    use super::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;
    use std::collections::BTreeSet;

    /// A form is told by its first character, so that a new reporter is looked at without a line here.
    fn assert_parses(text: &str) {
        match text.trim_start().chars().next() {
            Some('{' | '[') => {
                serde_json::from_str::<serde_json::Value>(text).unwrap();
            }
            Some('<') if text.starts_with("<!DOCTYPE html>") => assert_balanced(text),
            Some('<') => assert_well_formed(text),
            first => assert!(first.is_some(), "nothing was rendered"),
        }
    }

    /// Markup of a page: what begins ends, but for elements that have no end.
    fn assert_balanced(page: &str) {
        let closed = ["meta", "input"].iter().fold(page.to_owned(), |page, name| {
            let parts: Vec<&str> = page.split(&format!("<{name} ")).collect();
            let ended = parts[1..].iter().map(|part| part.replacen('>', "/>", 1));
            std::iter::once(parts[0].to_owned())
                .chain(ended)
                .collect::<Vec<_>>()
                .join(&format!("<{name} "))
        });
        // Neither style nor script is markup, and an attribute without a value is none of XML's.
        let without = |page: &str, name: &str| {
            let (before, rest) = page.split_once(&format!("<{name}>")).unwrap();
            format!("{before}{}", rest.split_once(&format!("</{name}>")).unwrap().1)
        };
        let page = without(&without(&closed, "style"), "script");
        let page = page.replacen("<!DOCTYPE html>", "", 1);
        let page = page
            .replace(" open>", ">")
            .replace(" hidden>", ">")
            .replace(" checked/>", "/>");
        assert_well_formed(&page);
    }

    fn assert_well_formed(xml: &str) {
        let (mut reader, mut depth) = (Reader::from_str(xml), 0_usize);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0);
    }

    #[test]
    fn every_reporter_renders_whatever_can_occur() {
        let sample = Sample::new();
        let material = Material {
            report: &sample.report,
            facts: &sample.facts,
            drifts: &sample.drifts,
            artefact: None,
        };
        for reporter in REPORTERS {
            let text = reporter.render(&material).unwrap();
            assert_parses(&text);
            let format = reporter.format();
            assert!(text.contains("sampled"), "{format} does not name its target");
            assert!(text.contains("create/stopped"), "{format} leaves a scenario out");
            let raw = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
            assert!(!text.contains(raw), "{format} lets control characters through");
            assert_eq!(
                text,
                reporter.render(&material).unwrap(),
                "{format} says another thing the second time"
            );
        }
    }

    #[test]
    fn every_reporter_says_that_there_is_no_verdict_and_why() {
        let not_run = NotRun {
            format: RunReport::FORMAT,
            tool: Sample::new().report.tool,
            verdict: "not_run",
            exit_code: Some(2),
            reason: "no <filter>\u{1b}[2J matches".to_owned(),
            started_at: "2026-11-30T05:00:00Z".to_owned(),
        };
        for reporter in REPORTERS {
            let (text, format) = (reporter.render_not_run(&not_run).unwrap(), reporter.format());
            assert_parses(&text);
            assert!(
                text.contains("not_run") && text.contains("matches"),
                "{format}: {text}"
            );
            let raw = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
            assert!(!text.contains(raw), "{format} lets control characters through");
        }
    }

    #[test]
    fn the_terminal_shows_whatever_can_occur() {
        let sample = Sample::new();
        let material = Material {
            report: &sample.report,
            facts: &sample.facts,
            drifts: &sample.drifts,
            artefact: None,
        };
        let rendered = |all, brief| {
            let options = terminal::TerminalOptions {
                colour: false,
                all,
                brief,
                ci: false,
            };
            terminal::render(&material, options)
        };
        let (everything, brief) = (rendered(true, false), rendered(false, true));
        for scenario in &sample.report.scenarios {
            assert!(everything.contains(&scenario.id), "{everything}");
        }
        assert!(everything.contains("snapshot changed") && everything.contains("snapshot new"));
        assert!(everything.ends_with(&brief));
    }

    #[test]
    fn every_reporter_has_a_name_of_its_own_and_a_line() {
        let names: BTreeSet<_> = REPORTERS.iter().map(|known| known.format()).collect();
        assert_eq!(names.len(), REPORTERS.len());
        assert!(
            REPORTERS
                .iter()
                .all(|known| !known.about().is_empty() && !known.about().contains('\n'))
        );
        assert!(names.into_iter().all(|name| reporter(name).is_some()));
    }
}
