//! The last lines: what was tested, what it came to, and what to do next.

use super::{TerminalOptions, one_line, snapshots, standing, unjudged, untested, waivers};
use crate::Material;
use crate::silence::reasons;
use console::Style;
use outcome::{Counts, Exercised, ReasonKind, RunReport, RunVerdict, Verdict};
use std::fmt::Write as _;

/// The words of `target.kind` for the partner that comes with the program.
const BUNDLED: &str = "reference";

/// Always complete, however little was found.
pub(super) fn lines(text: &mut String, material: &Material<'_>, options: TerminalOptions) {
    let run = material.report;
    if !text.is_empty() {
        text.push('\n');
    }
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{}  {value}", options.dim(&format!("{name:<13}")));
    };
    line("target", &target(run));
    line("scenarios", &counts(&run.counts.scenarios, "passed"));
    line("requirements", &requirements(run));
    if let Some(musts) = run.musts {
        line("", &share(musts));
    }
    if !run.not_exercised.is_empty() {
        line("not exercised", &unjudged::line(run, options));
    }
    let names = std::iter::once("notifications").chain(std::iter::repeat(""));
    for (name, value) in names.zip(notifications(run)) {
        line(name, &value);
    }
    if let Some(lost) = lost(run) {
        line("network", &lost);
    }
    let names = std::iter::once("bookings").chain(std::iter::repeat(""));
    for (name, value) in names.zip(standing::lines(run)) {
        line(name, &value);
    }
    let names = std::iter::once("orders").chain(std::iter::repeat(""));
    for (name, value) in names.zip(standing::orders(run)) {
        line(name, &value);
    }
    if !run.snapshot_errors.is_empty() {
        line("snapshots", &one_line(&run.snapshot_errors.join("; ")));
    }
    if !run.obsolete_snapshots.is_empty() {
        line("obsolete", &obsolete(run));
    }
    let left_out = std::iter::once("left out").chain(std::iter::repeat(""));
    for (name, value) in left_out.zip(waivers::left_out(run)) {
        line(name, &value);
    }
    let waivers = std::iter::once("waivers").chain(std::iter::repeat(""));
    for (name, value) in waivers.zip(waivers::to_change(run)) {
        line(name, &value);
    }
    line("verdict", &verdict(run, options));
    let names = std::iter::once("to add").chain(std::iter::repeat(""));
    for (name, value) in names.zip(untested::to_add(&run.scenarios)) {
        line(name, &value);
    }
    for next in next_steps(material, options) {
        line("next", &next);
    }
    if run.target.kind == BUNDLED {
        let note = "this was the bundled reference partner, since no target was named; for yours: conformance run -c FILE";
        line("note", note);
    }
}

fn target(run: &RunReport) -> String {
    match run.target.kind.as_str() {
        BUNDLED => format!("the bundled reference partner at {}", run.target.base_url),
        _ => format!("{} at {}", run.target.name, run.target.base_url),
    }
}

fn requirements(run: &RunReport) -> String {
    let of = &run.counts.requirements;
    let judged = [Verdict::Pass, Verdict::Fail, Verdict::Warn, Verdict::Waived];
    let judged: usize = judged.into_iter().map(|verdict| of.of(verdict)).sum();
    let counted = counts(of, "met");
    // Where every scenario had its turn, nothing was left out: what a requirement is about did not occur.
    let is_whole = run.counts.scenarios.of(Verdict::NotRun) == 0;
    let counted = if is_whole {
        counted.replace("not run", "without occasion")
    } else {
        counted
    };
    format!("{judged} judged ({counted})")
}

fn share(musts: Exercised) -> String {
    let Exercised { apply, exercised } = musts;
    format!(
        "{exercised} of {apply} MUSTs that apply were exercised ({} %)",
        musts.percent()
    )
}

/// What arrived, what no method took, and why nothing may have arrived.
fn notifications(run: &RunReport) -> Vec<String> {
    let arrived = &run.notifications;
    let received = format!("{} received", arrived.received);
    if let Some(silence) = &arrived.silence {
        let first = match arrived.token_requests {
            0 => format!("{received}, and not even a request for a token"),
            _ => format!("{received}, though a token was asked for: the calls to the API go elsewhere"),
        };
        let reasons = reasons(silence).into_iter().map(|reason| one_line(&reason));
        return std::iter::once(first).chain(reasons).collect();
    }
    let invented = arrived.invented.iter().map(|method| {
        let meant = method.meant.as_ref();
        let meant = meant
            .map(|meant| format!("; did you mean {meant} ?"))
            .unwrap_or_default();
        one_line(&format!(
            "{} to {}, which the API does not have{meant}",
            method.count, method.called
        ))
    });
    let strangers = strangers(arrived.strangers);
    let received = std::iter::once(received).chain(strangers);
    received.chain(invented).collect()
}

/// Whoever has no token of the key cannot be told from anybody else.
fn strangers(number: usize) -> Option<String> {
    let calls = match number {
        0 => return None,
        1 => "1 call".to_owned(),
        number => format!("{number} calls"),
    };
    Some(format!(
        "{calls} of others, without a token of the key file: answered 401, and not counted"
    ))
}

/// Calls that were made a second time, since no answer to the first came.
fn lost(run: &RunReport) -> Option<String> {
    let first = run.lost.first()?;
    let number = run.lost.len();
    let calls = match number {
        1 => "1 call got no answer and was".to_owned(),
        number => format!("{number} calls got no answer and were"),
    };
    Some(one_line(&format!("{calls} made again; the first: {first}")))
}

fn obsolete(run: &RunReport) -> String {
    let ids = run.obsolete_snapshots.join(", ");
    format!("{ids}: scenarios that are gone; conformance accept --obsolete deletes their snapshots")
}

fn verdict(run: &RunReport, options: TerminalOptions) -> String {
    let took = format!("{:.1} s, seed {}", run.duration_ms as f64 / 1000.0, run.seed);
    let style = if run.verdict == RunVerdict::Conformant {
        Style::new().green().bold()
    } else {
        Style::new().red().bold()
    };
    let word = options.style(&style, &waivers::verdict_words(run));
    format!("{word}   {}", options.dim(&took))
}

fn counts(counts: &Counts, passed: &str) -> String {
    let word = |verdict: Verdict| match verdict {
        Verdict::Pass => passed.to_owned(),
        Verdict::Fail => "failed".to_owned(),
        Verdict::Warn => "with warnings".to_owned(),
        other => other.word().replace('_', " "),
    };
    let parts: Vec<_> = counts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", word(verdict)))
        .collect();
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

fn next_steps(material: &Material<'_>, options: TerminalOptions) -> Vec<String> {
    let run = material.report;
    if run.verdict == RunVerdict::NeedsReview {
        return waivers::what_to_review(run, || snapshots::next_step(material, options));
    }
    next_step(run).into_iter().collect()
}

fn next_step(run: &RunReport) -> Option<String> {
    let first = run.findings_by_cause.first();
    match run.verdict {
        RunVerdict::NotJudged => Some(next_of_unjudged(run)),
        RunVerdict::NotConformant => {
            first.map(|cause| format!("mend {}, then run it again", cause.requirement))
        }
        RunVerdict::Interrupted => Some("what was booked has been cancelled as far as possible".to_owned()),
        RunVerdict::HarnessError => {
            Some("this is a mistake of the harness, not of the target: please report it".to_owned())
        }
        RunVerdict::Conformant | RunVerdict::NeedsReview => None,
    }
}

fn next_of_unjudged(run: &RunReport) -> String {
    match run
        .exit_reasons
        .first()
        .map(|reason| (reason.kind, &reason.words))
    {
        Some((ReasonKind::EitherSide, words)) => one_line(words),
        Some((ReasonKind::Exhausted, words)) => format!("{words}, and run it again"),
        Some((ReasonKind::ReportLost, words)) => format!("{words}; name another place, and run it again"),
        Some((ReasonKind::LeftStanding, _)) => {
            "cancel what may stand (named above), and run it again".to_owned()
        }
        Some((ReasonKind::SnapshotsUnusable, _)) => {
            "mend or delete the snapshots that are named above, and run it again".to_owned()
        }
        Some((ReasonKind::TooLittleJudged, _)) if run.counts.scenarios.of(Verdict::NotTestable) > 0 => {
            "too little could be tested at this moment: run it again when more slots are free".to_owned()
        }
        Some((ReasonKind::TooLittleJudged, _)) => {
            "too little of what ran applies to your server for a verdict: run more; conformance list scenarios says what applies".to_owned()
        }
        _ => match untested::deciding(&run.scenarios).count() {
            0 => "nothing was judged: conformance list scenarios says what applies".to_owned(),
            1 => "1 scenario could not be tested; its reason stands above".to_owned(),
            number => format!("{number} scenarios could not be tested; their reasons stand above"),
        },
    }
}
