//! Every scenario: what was found, its diagram, and its messages.

use super::messages::{Detail, message, sentence};
use super::opening::{kind, words};
use super::{copies, lanes};
use crate::Material;
use crate::cut::cut_line;
use maud::{Markup, html};
use outcome::{Finding, ScenarioReport};
use std::collections::{BTreeSet, HashMap};
use transcript::{Entry, Fact, Transcript};

/// So many scenarios are enough to say how long all of them are.
const SAMPLED: usize = 40;

/// Where a scenario stands in the page.
pub(super) fn anchor(material: &Material<'_>, id: &str) -> Option<String> {
    let mut scenarios = material.report.scenarios.iter();
    scenarios.position(|one| one.id == id).map(place)
}

fn place(number: usize) -> String {
    format!("s-{number}")
}

/// All of them, with a bar that filters where script runs.
pub(super) fn section(material: &Material<'_>, detail: &Detail) -> Markup {
    let histories = histories(material);
    let kinds = [
        ("pass", "passed"),
        ("fail", "failed"),
        ("warn", "warned"),
        ("other", "others"),
    ];
    html! {
        section id="scenarios" {
            h2 { "Scenarios" }
            (lanes::shapes())
            div id="filters" hidden {
                label { "find " input id="words" type="search" placeholder="id, title or requirement"; }
                @for (value, name) in kinds {
                    label { input type="checkbox" value=(value) checked; " " (name) }
                }
                span id="shown" role="status" {}
            }
            @for (number, report) in material.report.scenarios.iter().enumerate() {
                (scenario(&place(number), report, histories.get(report.id.as_str()).copied(), detail, material))
            }
        }
    }
}

/// What was recorded, by scenario.
fn histories<'m>(material: &Material<'m>) -> HashMap<&'m str, &'m Transcript> {
    let transcripts = material.facts.recorded.transcripts.iter();
    transcripts.map(|one| (one.scenario.as_str(), one)).collect()
}

/// About how long the scenarios are in a page, of a sample of them.
pub(super) fn estimate(material: &Material<'_>, detail: &Detail) -> usize {
    let reports = &material.report.scenarios;
    let step = (reports.len() / SAMPLED).max(1);
    let histories = histories(material);
    let sampled = reports.iter().enumerate().step_by(step);
    let lengths = sampled.map(|(number, report)| {
        let history = histories.get(report.id.as_str()).copied();
        scenario(&place(number), report, history, detail, material)
            .0
            .len()
    });
    lengths.sum::<usize>() * step
}

fn scenario(
    anchor: &str,
    report: &ScenarioReport,
    history: Option<&Transcript>,
    detail: &Detail,
    material: &Material<'_>,
) -> Markup {
    let of_the_run = material.report.findings.iter();
    let of_the_run = of_the_run.filter(|one| one.evidence.scenario.as_deref() == Some(&report.id));
    let findings: Vec<&Finding> = report.findings.iter().chain(of_the_run).collect();
    let look = kind(report.verdict);
    html! {
        details.scenario data-kind=(look) data-words=(search_words(report, &findings)) open[is_example(material, &report.id)] {
            summary {
                span class=(format!("chip {look}")) { (words(report.verdict)) }
                strong { (report.id) } " " span.dim { (cut_line(&report.title, 200)) ", " (report.duration_ms) " ms" }
            }
            div id=(anchor) {
                @if let Some(reason) = &report.reason { p { (cut_line(reason, 1_000)) } }
                @if !findings.is_empty() { ul { @for finding in &findings { li { (sentence(finding)) } } } }
                @if let Some(history) = history { (shown(anchor, history, &findings, detail)) }
            }
        }
    }
}

/// True for the first scenario of a cause: of many with one cause, one is enough to read.
fn is_example(material: &Material<'_>, id: &str) -> bool {
    let mut causes = material.report.findings_by_cause.iter();
    causes.any(|cause| cause.scenarios.first().is_some_and(|first| first == id))
}

fn search_words(report: &ScenarioReport, findings: &[&Finding]) -> String {
    let mut text = format!("{} {}", report.id, cut_line(&report.title, 200));
    for finding in findings {
        text.push(' ');
        text.push_str(finding.requirement.as_str());
    }
    text.to_lowercase()
}

fn shown(anchor: &str, history: &Transcript, findings: &[&Finding], detail: &Detail) -> Markup {
    let most = detail.lines(!findings.is_empty());
    let found: BTreeSet<usize> = findings
        .iter()
        .filter_map(|finding| finding.evidence.entry)
        .collect();
    let place = |entry: usize| (most > 0).then(|| format!("m{}-{entry}", &anchor[1..]));
    html! {
        (lanes::diagram(history, &found, place))
        (copies::table(history))
        @if most > 0 {
            details open[!findings.is_empty()] {
                summary { "Messages" }
                div { @for (number, entry) in history.entries.iter().enumerate() {
                    @if is_message(entry) {
                        @let own: Vec<&Finding> = about(findings, number);
                        @if let Some(message) = place(number).and_then(|id| message(&id, entry, &own, most)) { (message) }
                    }
                } }
            }
        } @else {
            p.dim { "Messages are left out, since there are very many: --report har=FILE has them all." }
        }
    }
}

/// True for what is shown as a message.
pub(super) fn is_message(entry: &Entry) -> bool {
    matches!(
        entry.fact,
        Fact::Call(_) | Fact::Answer(_) | Fact::Notification(_)
    )
}

fn about<'f>(findings: &[&'f Finding], entry: usize) -> Vec<&'f Finding> {
    let own = findings
        .iter()
        .filter(|finding| finding.evidence.entry == Some(entry));
    own.copied().collect()
}
