//! The report on feed files, for people: by requirement, with the first few places.

use super::terminal::{TerminalOptions, field};
use console::Style;
use feeds::{BookingTally, Extent, FeedProblem};
use outcome::text::one_line;
use outcome::{FeedFinding, FeedNote, FeedReport, FeedVerdict, Unreadable, Verdict};
use std::fmt::Write as _;

/// So many places are shown of a finding.
const SHOWN: usize = 3;
/// So many fields are named by a note.
const SHOWN_OF_A_NOTE: usize = 6;

/// The whole report.
pub fn render(report: &FeedReport, options: TerminalOptions) -> String {
    let mut text = String::new();
    report
        .findings
        .iter()
        .for_each(|finding| finding_lines(&mut text, finding, options));
    for note in &report.notes {
        let (times, word) = (times(note.count), options.dim(&format!("{:<14}", "note")));
        let _ = writeln!(text, "{word}{}: {times}", note.code.name().replace('_', " "));
        note_places(&mut text, note, options);
    }
    unreadable(&mut text, &report.unreadable, options);
    conclusion(&mut text, report, options);
    text
}

/// Of a note one place for each field that it is about.
fn note_places(text: &mut String, note: &FeedNote, options: TerminalOptions) {
    let mut shown: Vec<FeedProblem> = Vec::new();
    for place in &note.places {
        if shown.len() < SHOWN_OF_A_NOTE && shown.iter().all(|one| one.field != place.field) {
            shown.push(place.clone());
        }
    }
    for (index, place) in shown.iter().enumerate() {
        place_line(text, if index == 0 { "at" } else { "" }, place, options);
    }
    more_line(text, "", note.count - shown.len() as u64, options);
}

/// Errors with the same next step in one file are one mistake of whoever writes it: the first few are shown.
fn unreadable(text: &mut String, errors: &[Unreadable], options: TerminalOptions) {
    let mut told: Vec<(&Unreadable, usize)> = Vec::new();
    for error in errors {
        let like =
            |(known, _): &&mut (&Unreadable, usize)| known.file == error.file && known.help == error.help;
        if let Some((_, count)) = told.iter_mut().find(like) {
            *count += 1;
            if *count > SHOWN {
                continue;
            }
        } else {
            told.push((error, 1));
        }
        let word = options.style(&Style::new().red().bold(), &format!("{:<14}", "unreadable"));
        let _ = writeln!(text, "{word}{}", one_line(&error.message));
    }
    for (error, count) in told {
        let file = error.file.as_deref().unwrap_or("the folder");
        if count > SHOWN {
            let more = format!(
                "and {} more in {}",
                grouped((count - SHOWN) as u64),
                one_line(file)
            );
            let _ = writeln!(text, "{:14}{}", "", options.dim(&more));
        }
        if let Some(help) = &error.help {
            field(text, "next", &one_line(&format!("{file}: {help}")), options);
        }
    }
}

fn finding_lines(text: &mut String, finding: &FeedFinding, options: TerminalOptions) {
    let (verdict, times) = (options.verdict(finding.verdict), times(finding.count));
    let _ = writeln!(
        text,
        "{verdict}{}  {}: {times}",
        finding.requirement,
        one_line(&finding.message)
    );
    places(text, &finding.places, finding.count, options);
    if let Some(code) = finding.google_code {
        field(text, "Google", &format!("the portal calls it {code}"), options);
    }
    if let Some(why) = &finding.why {
        field(text, "why", why, options);
    }
    let more = format!("conformance explain {}", finding.requirement);
    field(
        text,
        "page",
        &format!("{}      more: {more}", finding.source),
        options,
    );
}

fn places(text: &mut String, places: &[FeedProblem], count: u64, options: TerminalOptions) {
    let mut name = "at";
    for problem in places.iter().take(SHOWN) {
        place_line(text, name, problem, options);
        name = "";
    }
    more_line(text, name, count - places.len().min(SHOWN) as u64, options);
}

fn place_line(text: &mut String, name: &str, problem: &FeedProblem, options: TerminalOptions) {
    let parts = [&problem.file, &problem.record, &problem.field];
    let place: Vec<_> = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect();
    let line = one_line(&format!("{}: {}", place.join(" "), problem.message));
    field(text, name, &line, options);
}

fn more_line(text: &mut String, name: &str, left: u64, options: TerminalOptions) {
    if left > 0 {
        let more = format!("and {} more", grouped(left));
        field(text, name, &options.dim(&more), options);
    }
}

fn conclusion(text: &mut String, report: &FeedReport, options: TerminalOptions) {
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{}  {value}", options.dim(&format!("{name:<13}")));
    };
    if let Some(integration) = report.integration {
        line("integration", integration.to_owned());
    }
    for other in &report.other_feeds {
        let files = if other.files == 1 { "file" } else { "files" };
        let words = format!("{} data {files}, {} records", other.files, grouped(other.records));
        line(&one_line(&format!("{} feed", other.feed)), words);
    }
    for extent in &report.feeds {
        line(&extent.feed, extent_words(extent));
    }
    if let Some(before) = &report.before {
        line("before", before.clone());
    }
    if let Some(bookings) = &report.bookings {
        line("bookings", booking_words(*bookings));
    }
    let count = |verdict| {
        report
            .requirements
            .iter()
            .filter(|one| one.verdict == verdict)
            .count()
    };
    let parts = [
        (Verdict::Pass, "without a finding"),
        (Verdict::Fail, "failed"),
        (Verdict::Warn, "with warnings"),
        (Verdict::NotTestable, "open"),
    ];
    let parts = parts.map(|(verdict, words)| (count(verdict), words));
    let parts: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    line("requirements", parts.join(", "));
    for (reason, ids) in open(report) {
        line("open", format!("{}: {reason}", few(&ids)));
    }
    let style = if report.verdict == FeedVerdict::Conformant {
        Style::new().green().bold()
    } else {
        Style::new().red().bold()
    };
    line("verdict", options.style(&style, report.verdict.words()));
}

/// The requirements that are open, by the reason for it.
fn open(report: &FeedReport) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for requirement in &report.requirements {
        let Some(reason) = requirement.reason else {
            continue;
        };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, ids)) => ids.push(requirement.id.as_str()),
            None => reasons.push((reason, vec![requirement.id.as_str()])),
        }
    }
    reasons
}

/// The first few ids, and how many more there are.
fn few(ids: &[&str]) -> String {
    let (shown, more) = ids.split_at(ids.len().min(SHOWN));
    let mut text = shown.join(", ");
    if !more.is_empty() {
        let _ = write!(text, " and {} more", more.len());
    }
    text
}

fn booking_words(bookings: BookingTally) -> String {
    let BookingTally {
        slots,
        looked_for,
        shown,
    } = bookings;
    format!(
        "{} slots in which bookings of the recording stand: {} looked for, {} shown",
        grouped(slots),
        grouped(looked_for),
        grouped(shown)
    )
}

fn extent_words(extent: &Extent) -> String {
    let files = match &extent.names[..] {
        [one] => one.clone(),
        [first, .., last] => format!("{} files from {first} to {last}", extent.files),
        [] => "no file".to_owned(),
    };
    let mut words = vec![
        files,
        size(extent.bytes),
        format!("{} records", grouped(extent.records)),
    ];
    words.extend(extent.slots.map(|slots| format!("{} slots", grouped(slots))));
    let moment = extent.generation_timestamp.map(jiff::Timestamp::from_second);
    words.extend(
        moment
            .and_then(Result::ok)
            .map(|moment| format!("exported {moment}")),
    );
    words.extend(extent.change.map(|change| {
        let of = if extent.slots.is_some() {
            "of the slots to come "
        } else {
            ""
        };
        let [new, kept, gone] = [change.new, change.kept, change.gone].map(grouped);
        format!("{of}{new} new, {kept} kept, {gone} gone")
    }));
    words.extend((!extent.whole).then(|| "not whole".to_owned()));
    words.join(", ")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{} times", grouped(count)),
    }
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_read_in_groups() {
        assert_eq!(
            [0, 999, 1_000, 10_000_000].map(grouped),
            ["0", "999", "1 000", "10 000 000"]
        );
        assert_eq!((times(1), times(2)), ("once".to_owned(), "twice".to_owned()));
    }
}
