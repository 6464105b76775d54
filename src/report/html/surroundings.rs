//! What a run leaves, what it was told, and what came to Google's side beside the scenarios.

use crate::Material;
use crate::cut::cut_line;
use crate::terminal::standing_lines;
use maud::{Markup, html};
use transcript::MayStand;

/// So many calls that no scenario claims are named.
const NAMED: usize = 50;

/// Lists where there is something to list.
pub(super) fn section(material: &Material<'_>) -> Markup {
    let run = material.report;
    let told = &run.notifications;
    html! {
        section id="surroundings" {
            h2 { "Surroundings" }
            dl.facts {
                dt { "notifications" } dd { (told.received) " received, " (told.token_requests) " requests for tokens" }
                dt { "bookings" } dd { (run.cleanup.canceled) " cancelled at the end" }
                @if let Some(score) = &run.self_test { dt { "the harness itself" } dd {
                    (score.defects.right) " of " (score.defects.tried) " known faults are named; measured on " (score.measured_on)
                } }
            }
            (standing("What may stand at the partner", &run.may_stand))
            (standing("Orders that stand", &run.orders))
            @if !told.orphans.is_empty() {
                h3 { "Calls that no scenario claims" }
                ul { @for call in told.orphans.iter().take(NAMED) { li.mono { (cut_line(call, 300)) } } }
                @if told.orphans.len() > NAMED { p.dim { (told.orphans.len() - NAMED) " more" } }
            }
            @if !told.invented.is_empty() {
                h3 { "Calls to methods that the API does not have" }
                ul { @for one in &told.invented { li {
                    span.mono { (cut_line(&one.called, 300)) } ", " (one.count) " times"
                    @if let Some(meant) = &one.meant { "; perhaps meant: " (cut_line(meant, 300)) }
                } } }
            }
            @if !run.waivers.is_empty() {
                h3 { "Waivers" }
                ul { @for one in &run.waivers { li {
                    strong { (cut_line(&one.requirement, 60)) } " " (one.status.word()) ", until " (cut_line(&one.expires, 40)) ", " (cut_line(&one.owner, 100)) ": " (cut_line(&one.reason, 400))
                } } }
            }
            @if !run.skipped.is_empty() {
                h3 { "Left out on request" }
                ul { @for one in &run.skipped { li { (cut_line(&one.scenario, 200)) ": " (cut_line(&one.words(), 400)) } } }
            }
        }
    }
}

fn standing(title: &str, all: &[MayStand]) -> Markup {
    html! {
        @if !all.is_empty() {
            h3 { (title) }
            ul { @for line in standing_lines(all) { li { (cut_line(&line, 600)) } } }
        }
    }
}
