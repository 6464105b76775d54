//! Requirements: how each area fares, and each requirement with its reason.

use super::opening::{kind, words};
use crate::Material;
use crate::cut::cut_line;
use maud::{Markup, html};
use outcome::{RequirementReport, Verdict};

const COLUMNS: [Verdict; 9] = [
    Verdict::Pass,
    Verdict::Fail,
    Verdict::Warn,
    Verdict::Waived,
    Verdict::NotTestable,
    Verdict::NotApplicable,
    Verdict::Inconclusive,
    Verdict::NotRun,
    Verdict::HarnessError,
];

/// The area of `BS-CREATE-04` is `BS-CREATE`.
fn area(requirement: &RequirementReport) -> &str {
    let id = requirement.id.as_str();
    id.rsplit_once('-').map_or(id, |(area, _)| area)
}

/// The requirements of each area, in the catalogue's order.
fn by_area(requirements: &[RequirementReport]) -> Vec<(&str, Vec<&RequirementReport>)> {
    let mut areas: Vec<(&str, Vec<&RequirementReport>)> = Vec::new();
    for requirement in requirements {
        let area = area(requirement);
        match areas.iter_mut().find(|(name, _)| *name == area) {
            Some((_, members)) => members.push(requirement),
            None => areas.push((area, vec![requirement])),
        }
    }
    areas
}

/// Table and lists.
pub(super) fn section(material: &Material<'_>) -> Markup {
    let requirements = &material.report.requirements;
    let areas = by_area(requirements);
    let used: Vec<Verdict> = COLUMNS
        .into_iter()
        .filter(|verdict| requirements.iter().any(|one| one.verdict == *verdict))
        .collect();
    html! {
        section id="requirements" {
            h2 { "Requirements" }
            div.wide tabindex="0" role="region" aria-label="Requirements by area" {
                table {
                    thead { tr {
                        th scope="col" { "area" }
                        @for verdict in &used { th.n scope="col" { (words(*verdict)) } }
                    } }
                    tbody { @for (name, members) in &areas { tr {
                        th scope="row" { a href=(format!("#area-{name}")) { (name) } }
                        @for verdict in &used {
                            @let number = members.iter().filter(|one| one.verdict == *verdict).count();
                            @if number == 0 { td.n.zero { "·" } }
                            @else { td class=(format!("n {}", kind(*verdict))) { (number) } }
                        }
                    } } }
                }
            }
            @for (name, members) in &areas {
                details {
                    summary { (name) " (" (members.len()) ")" }
                    ul id=(format!("area-{name}")) { @for one in members { li { (line(one)) } } }
                }
            }
        }
    }
}

fn line(one: &RequirementReport) -> Markup {
    html! {
        span class=(format!("chip {}", kind(one.verdict))) { (words(one.verdict)) }
        a href=(cut_line(&one.source, 500)) rel="noreferrer noopener" { (one.id) }
        " " (one.level.word()) " " (cut_line(&one.title, 200))
        @if let Some(reason) = &one.reason { span.dim { " — " (cut_line(reason, 300)) } }
    }
}
