//! Judging feeds: each problem that their reader noticed, with its requirement.

use super::feed::rows;
use super::feed_row::Row;
use catalogue::{Level, RequirementId, catalogue};
use feeds::{Compared, FeedProblem, ProblemTally};
use outcome::{FeedFinding, FeedNote, Verdict};
use std::collections::BTreeSet;

/// The number of places that a finding lists.
const PLACES: usize = 20;

/// The requirements that are judged in feed files.
pub fn requirements_of_feeds() -> BTreeSet<RequirementId> {
    rows().map(|row| row.requirement).collect()
}

/// What has to be held against the feeds before they show anything of a requirement; none where they show it alone.
pub fn comparison_for(requirement: RequirementId) -> Option<Compared> {
    let mut rows = rows().filter(|row| row.requirement == requirement);
    let first = rows.next()?.seen_in?;
    rows.all(|row| row.seen_in.is_some()).then_some(first)
}

/// Judges what was noticed in feeds: what is violated, failures first, and what violates nothing.
pub fn judge_feeds(tallies: &[ProblemTally], strict: bool) -> (Vec<FeedFinding>, Vec<FeedNote>) {
    let (mut findings, mut notes): (Vec<(usize, FeedFinding)>, Vec<FeedNote>) = (Vec::new(), Vec::new());
    for tally in tallies {
        let about = rows().enumerate().find(|(_, row)| row.is_about(&tally.first[0]));
        let Some((number, row)) = about else {
            note(&mut notes, tally);
            continue;
        };
        match findings.iter_mut().find(|(known, _)| *known == number) {
            Some((_, finding)) => add(&mut finding.count, &mut finding.places, tally),
            None => findings.push((number, finding(row, tally, strict))),
        }
    }
    findings.sort_by_key(|(number, finding)| (finding.verdict != Verdict::Fail, *number));
    (findings.into_iter().map(|(_, finding)| finding).collect(), notes)
}

fn add(count: &mut u64, places: &mut Vec<FeedProblem>, tally: &ProblemTally) {
    *count += tally.count;
    let room = PLACES.saturating_sub(places.len());
    places.extend(tally.first.iter().take(room).cloned());
}

/// Adds a problem to the note of its code.
fn note(notes: &mut Vec<FeedNote>, tally: &ProblemTally) {
    let code = tally.first[0].code;
    match notes.iter_mut().find(|note| note.code == code) {
        Some(note) => add(&mut note.count, &mut note.places, tally),
        None => notes.push(FeedNote {
            code,
            count: tally.count,
            places: tally.first.clone(),
        }),
    }
}

fn finding(row: &Row, tally: &ProblemTally, strict: bool) -> FeedFinding {
    let about = catalogue().row(row.requirement);
    let verdict = match about.level {
        Level::Must if row.warns => Verdict::Warn,
        Level::Must => Verdict::Fail,
        Level::Should | Level::May if strict && !row.warns => Verdict::Fail,
        Level::Should | Level::May => Verdict::Warn,
    };
    FeedFinding {
        requirement: row.requirement,
        level: about.level,
        verdict,
        message: row.says.to_owned(),
        google_code: row.google_code,
        count: tally.count,
        why: about.why.clone(),
        source: about.page(),
        places: tally.first.clone(),
    }
}
