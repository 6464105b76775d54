//! The verdict in one sentence, what to mend first, and what the run predicts.

use super::messages::value_words;
use super::scenarios::anchor;
use crate::Material;
use crate::cut::{cut, cut_line};
use crate::issues::{Severity, issues};
use maud::{Markup, html};
use outcome::{CauseReport, Example, ExitReason, Milestone, ReasonKind, RunVerdict, Verdict};

/// So many scenarios are named where something was seen in more.
const NAMED: usize = 8;

/// The class that colours a verdict.
pub(super) fn kind(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail | Verdict::HarnessError => "fail",
        Verdict::Warn => "warn",
        Verdict::Waived
        | Verdict::NotApplicable
        | Verdict::NotTestable
        | Verdict::Inconclusive
        | Verdict::NotRun => "other",
    }
}

/// As people write it.
pub(super) fn words(verdict: Verdict) -> String {
    verdict.word().replace('_', " ")
}

/// Who was tested, when, and what it came to.
pub(super) fn header(material: &Material<'_>) -> Markup {
    let run = material.report;
    let colour = match run.verdict {
        RunVerdict::Conformant => "pass",
        RunVerdict::NotConformant | RunVerdict::HarnessError => "fail",
        RunVerdict::NeedsReview => "warn",
        RunVerdict::NotJudged | RunVerdict::Interrupted => "other",
    };
    html! {
        header {
            h1 { "Conformance of " (cut(&run.target.name, 100)) }
            p class=(format!("verdict {colour}")) { strong { (run.verdict.words()) } ": " (sentence(material)) }
            @if !run.exit_reasons.is_empty() {
                ul {
                    @for reason in &run.exit_reasons {
                        li { (reason_words(reason)) }
                    }
                }
            }
            dl.facts {
                dt { "target" } dd { (cut(&run.target.base_url, 300)) }
                dt { "began" } dd { (cut(&run.started_at, 40)) ", took " (seconds(run.duration_ms)) ", seed " (run.seed) }
                dt { "judged by" } dd {
                    "conformance " (run.tool.version) ", requirement set " (run.requirement_set.id)
                    " (" (cut(&run.requirement_set.digest, 12)) ")"
                }
                dt { "exit code" } dd { (run.exit_code) }
            }
        }
    }
}

/// A reason in its own words; where these are an error's, or count something that they do not name, with what they are about.
fn reason_words(reason: &ExitReason) -> String {
    let words = cut_line(&reason.words, 400);
    match reason.kind {
        ReasonKind::LeftStanding => format!("bookings {words}"),
        ReasonKind::SnapshotsUnusable | ReasonKind::ReportLost => format!("{}: {words}", reason.kind.title()),
        _ => words,
    }
}

fn seconds(ms: u64) -> String {
    format!("{:.1} s", ms as f64 / 1_000.0)
}

fn sentence(material: &Material<'_>) -> String {
    let run = material.report;
    let requirements = |verdict| run.counts.requirements.of(verdict);
    // One that did not run has verdicts, too: that its requirements could not be tested.
    let scenarios = material.facts.recorded.transcripts.len();
    let (passed, failed) = (requirements(Verdict::Pass), requirements(Verdict::Fail));
    let warned = requirements(Verdict::Warn);
    let exercised = run.musts.map(|musts| {
        format!(
            "; {} of {} MUSTs that apply were exercised ({} %)",
            musts.exercised,
            musts.apply,
            musts.percent()
        )
    });
    format!(
        "scenarios tried: {scenarios}; requirements met: {passed}, violated: {failed}, with warnings: {warned}{}.",
        exercised.unwrap_or_default()
    )
}

/// Everything that is wrong, the gravest first.
pub(super) fn mend(material: &Material<'_>) -> Markup {
    let run = material.report;
    let others = issues(material);
    let others: Vec<_> = others
        .iter()
        .filter(|issue| {
            !issue.is_requirement && issue.severity == Severity::Error && !issue.scenarios.is_empty()
        })
        .collect();
    html! {
        section id="mend" {
            h2 { "What to mend first" }
            @if run.findings_by_cause.is_empty() { p { "Nothing was found." } }
            ol.mend { @for one in &run.findings_by_cause { li { (cause(material, one)) } } }
            @if !others.is_empty() {
                details {
                    summary { (others.len()) " more that need a look: not tested, or not as accepted" }
                    ul { @for issue in others { li { (issue.message) } } }
                }
            }
        }
    }
}

fn cause(material: &Material<'_>, one: &CauseReport) -> Markup {
    html! {
        span class=(format!("chip {}", kind(one.verdict))) { (words(one.verdict)) }
        a href=(cut(&one.source, 500)) rel="noreferrer noopener" { (one.requirement) }
        " " (cut(&one.message, 1_000))
        p.dim {
            "It is due to " (cut(&one.title, 200)) "."
            @if one.count > 1 { " Seen " (one.count) " times." }
            @if one.blocks > 0 {
                " Because of it " (one.blocks) @if one.blocks == 1 { " scenario" } @else { " scenarios" } " could not be tested."
            }
            @if one.basic { " Much else stands on it." }
        }
        @if !one.scenarios.is_empty() { p { "In " (named(material, &one.scenarios)) } }
        (example(&one.example))
    }
}

/// Links to scenarios.
fn named(material: &Material<'_>, ids: &[String]) -> Markup {
    let shown = ids.iter().take(NAMED);
    html! {
        @for (at, id) in shown.enumerate() {
            @if at > 0 { ", " }
            @match anchor(material, id) {
                Some(place) => { a href=(format!("#{place}")) { (id) } },
                None => (id),
            }
        }
        @if ids.len() > NAMED { " and " (ids.len() - NAMED) " more" }
    }
}

fn example(example: &Example) -> Markup {
    let (due, seen) = (&example.expected, &example.actual);
    html! {
        dl.facts {
            @if !due.is_null() { dt { "due" } dd.mono { (value_words(due, 400)) } }
            @if !seen.is_null() { dt { "seen" } dd.mono { (value_words(seen, 400)) } }
            @if let Some(answer) = &example.answer {
                dt { "answer" } dd.mono { (answer.status) " " (cut_line(&answer.body, 400)) }
            }
        }
        @if example.curl.is_some() || example.again.is_some() {
            details {
                summary { "How to see it again" }
                @if let Some(curl) = &example.curl { pre tabindex="0" { (cut(curl, 4_000)) } }
                @if let Some(again) = &example.again { pre tabindex="0" { (cut(again, 4_000)) } }
            }
        }
    }
}

/// Google's milestones, each with the chance that traffic like this reaches it.
pub(super) fn chances(material: &Material<'_>) -> Markup {
    let counted: Vec<&Milestone> = material
        .report
        .milestones
        .iter()
        .filter(|one| one.samples > 0)
        .collect();
    html! {
        section id="chances" {
            h2 { "What Google counts before an integration goes live" }
            @if counted.is_empty() {
                p { "Nothing was counted." }
            } @else {
                div.wide tabindex="0" role="region" aria-label="Chances" {
                    table {
                        thead { tr {
                            th scope="col" { "what is counted" } th.n scope="col" { "good" }
                            th scope="col" { "chance in the sandbox" } th scope="col" { "chance in production" }
                        } }
                        tbody { @for one in counted { tr {
                            td { (cut(&one.name, 100)) }
                            td.n { (one.good) " of " (one.samples) }
                            td { (bar(one.chance, &format!("{} of {}", one.least(one.wanted), one.wanted))) }
                            td { @match one.wanted_in_production {
                                Some(wanted) => (bar(one.chance_in_production, &format!("{} of {wanted}", one.least(wanted)))),
                                None => span.dim { "Google names no number" },
                            } }
                        } } }
                    }
                }
            }
        }
    }
}

fn bar(chance: Option<f64>, goal: &str) -> Markup {
    let Some(chance) = chance else {
        return html! { span.dim { "unknown" } };
    };
    let width = (chance * 100.0).round();
    let look = if chance >= 0.5 { "bar good" } else { "bar poor" };
    let percent = match chance {
        chance if chance > 0.99 => "> 99 %".to_owned(),
        chance if chance < 0.01 => "< 1 %".to_owned(),
        _ => format!("{width:.0} %"),
    };
    html! {
        svg width="104" height="12" viewBox="0 0 104 12" aria-hidden="true" {
            rect.bar x="0" y="1" width="104" height="10" rx="2" {}
            rect class=(look) x="2" y="3" width=(format!("{width:.0}")) height="6" {}
        }
        (percent) " to reach " (goal)
    }
}
