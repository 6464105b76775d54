//! Both directions of a scenario on one line of time: Google on the left, the partner on the right.

use crate::cut::cut;
use maud::{Markup, html};
use std::collections::BTreeSet;
use transcript::{Answer, Entry, Fact, Notification, NotificationRoute, Phase, Reply, Subject, Transcript};

/// Places across, in units of the picture.
const GOOGLE: u32 = 130;
const PARTNER: u32 = 590;
const WIDTH: u32 = 720;
const MIDDLE: u32 = 360;

/// Between two events at least and at most; in between a step stands for so many milliseconds.
const CLOSEST: u64 = 26;
const FARTHEST: u64 = 110;
const MS_A_UNIT: u64 = 25;

/// Longer labels would leave the picture.
const LABEL: usize = 64;

/// Longer ones are not read out.
const TOLD: usize = 160;

/// What an event looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// A call of ours.
    Ask,
    /// Its answer.
    Reply,
    /// A call of the partner's.
    Tell,
    /// Something that Google's side does or waits for.
    Google,
    /// Something that the partner is asked to do.
    Partner,
}

struct Event {
    entry: usize,
    at_ms: u64,
    phase: Phase,
    look: Look,
    label: String,
    has_message: bool,
}

/// The arrows of all diagrams, each drawn once.
pub(super) fn shapes() -> Markup {
    let (left, right) = (GOOGLE, PARTNER);
    html! {
        svg.shapes aria-hidden="true" { defs {
            g id="to-partner" {
                line x1=(left) x2=(right) {}
                polygon stroke="none" points=(format!("{right},0 {},-4 {},4", right - 9, right - 9)) {}
            }
            g id="to-google" {
                line x1=(right) x2=(left) {}
                polygon stroke="none" points=(format!("{left},0 {},-4 {},4", left + 9, left + 9)) {}
            }
        } }
    }
}

/// The diagram; `link` gives the place of an entry's message, where there is one.
pub(super) fn diagram(
    transcript: &Transcript,
    found: &BTreeSet<usize>,
    link: impl Fn(usize) -> Option<String>,
) -> Markup {
    let events: Vec<Event> = transcript
        .entries
        .iter()
        .enumerate()
        .filter_map(|(entry, fact)| event(entry, fact))
        .collect();
    if events.is_empty() {
        return html! {};
    }
    let began = transcript.entries.first().map_or(0, |entry| entry.at_ms);
    let places = places(&events);
    let height = places.last().copied().unwrap_or_default() + 30;
    let mut phase = None;
    html! {
        div.wide tabindex="0" role="region" aria-label=(format!("Diagram of {}", transcript.scenario)) {
            svg.lanes viewBox=(format!("0 0 {WIDTH} {height}")) role="group" aria-label="Google calls, the partner answers and calls back" {
                text.middle x=(GOOGLE) y="16" font-weight="bold" { "Google" }
                text.middle x=(PARTNER) y="16" font-weight="bold" { "partner" }
                line.rail x1=(GOOGLE) x2=(GOOGLE) y1="24" y2=(height) {}
                line.rail x1=(PARTNER) x2=(PARTNER) y1="24" y2=(height) {}
                @for (event, y) in events.iter().zip(&places) {
                    @if phase.replace(event.phase) != Some(event.phase) {
                        text.dim x=(WIDTH - 4) y=(y + 4) text-anchor="end" { (phase_words(event.phase)) }
                    }
                    text.dim x="4" y=(y + 4) { (clock(event.at_ms.saturating_sub(began))) }
                    (placed(event, *y, found.contains(&event.entry), &link))
                }
            }
        }
    }
}

/// How far down each event stands: true to time as far as it can be read.
fn places(events: &[Event]) -> Vec<u64> {
    let (mut y, mut before) = (22, None);
    let mut places = Vec::with_capacity(events.len());
    for event in events {
        let passed = before.map_or(0, |before| event.at_ms.saturating_sub(before));
        y += (passed / MS_A_UNIT).clamp(CLOSEST, FARTHEST);
        places.push(y);
        before = Some(event.at_ms);
    }
    places
}

fn clock(ms: u64) -> String {
    format!("{}.{:03} s", ms / 1_000, ms % 1_000)
}

fn phase_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Prepare => "before",
        Phase::Steps => "steps",
        Phase::Cleanup => "clean-up",
    }
}

fn placed(event: &Event, y: u64, is_found: bool, link: &impl Fn(usize) -> Option<String>) -> Markup {
    let drawn = match event.look {
        Look::Ask => arrow("ask", "#to-partner", y),
        Look::Reply => arrow("tell back", "#to-google", y),
        Look::Tell => arrow("tell", "#to-google", y),
        Look::Google | Look::Partner => note(event, y),
    };
    let is_note = matches!(event.look, Look::Google | Look::Partner);
    let is_cut = event.label.chars().count() > LABEL;
    let inside = html! {
        @if is_cut { title { (event.label) } }
        (drawn)
        @if !is_note { text.middle x=(MIDDLE) y=(y - 5) { (cut(&event.label, LABEL)) } }
    };
    let target = Some(event)
        .filter(|event| event.has_message)
        .and_then(|event| link(event.entry));
    if let Some(target) = target {
        html! {
            a class=[is_found.then_some("found")] href=(format!("#{target}")) { (inside) }
        }
    } else {
        html! { g { (inside) } }
    }
}

fn arrow(look: &str, shape: &str, y: u64) -> Markup {
    html! { use class=(look) href=(shape) y=(y) {} }
}

fn note(event: &Event, y: u64) -> Markup {
    let x = if event.look == Look::Partner {
        PARTNER
    } else {
        GOOGLE
    };
    let label = cut(&event.label, LABEL);
    // About so wide is a letter.
    let width = label.chars().count() as u64 * 7 + 12;
    let left = if event.look == Look::Partner {
        u64::from(x).saturating_sub(width) + 60
    } else {
        u64::from(x).saturating_sub(20)
    };
    html! {
        rect.note x=(left) y=(y - 13) width=(width) height="18" rx="4" {}
        text x=(left + 6) y=(y) { (label) }
    }
}

fn event(entry: usize, fact: &Entry) -> Option<Event> {
    let (look, label) = match &fact.fact {
        Fact::Bound(_) => return None,
        Fact::Call(call) => {
            let broken = if call.breaks_model {
                ", broken on purpose"
            } else {
                ""
            };
            let again = if call.again { ", once more" } else { "" };
            (Look::Ask, format!("{}{broken}{again}", call.method.name()))
        }
        Fact::Answer(answer) => (Look::Reply, answered(answer)),
        Fact::Lost(lost) => (
            Look::Reply,
            format!("lost by the network, asked once more: {}", cut(&lost.detail, 40)),
        ),
        Fact::Notification(call) => (Look::Tell, notified(call)),
        Fact::Trigger(trigger) => {
            let failure = trigger.failure.as_ref().map(|why| format!(": failed, {why}"));
            (
                Look::Partner,
                format!("asked to act: {}{}", trigger.name, failure.unwrap_or_default()),
            )
        }
        Fact::Awaited(wait) => (Look::Google, awaited("booking", wait.met, wait.waited_ms)),
        Fact::AwaitedSlot(wait) => (Look::Google, awaited("slot", wait.met, wait.waited_ms)),
        Fact::Quiet(quiet) => (
            Look::Google,
            format!("watched for {} ms that nothing more comes", quiet.watched_ms),
        ),
        Fact::Waited(pause) => (Look::Google, format!("waited {} ms", pause.waited_ms)),
        Fact::Armed(armed) => (Look::Google, format!("from here on: {}", armed.fault)),
        Fact::Ledger(ledger) => (
            Look::Partner,
            match &ledger.failure {
                None => format!("ledger read: {} lines", ledger.lines.len()),
                Some(why) => format!("ledger not read: {why}"),
            },
        ),
        Fact::Rebound(slot) => (
            Look::Google,
            format!("another slot takes the place of {}", slot.name),
        ),
        Fact::Skipped(step) => (Look::Google, format!("step left out: it needs {}", step.needs)),
        Fact::Stopped(end) => (Look::Google, format!("stopped: {}", end.reason)),
    };
    Some(Event {
        entry,
        at_ms: fact.at_ms,
        phase: fact.phase,
        look,
        label: cut(&label, TOLD),
        has_message: super::scenarios::is_message(fact),
    })
}

fn answered(answer: &Answer) -> String {
    match &answer.reply {
        Reply::Http(reply) => format!("{} after {} ms", reply.status, answer.took_us / 1_000),
        Reply::Nothing { detail, .. } => format!("no answer: {}", cut(detail, 48)),
    }
}

fn notified(call: &Notification) -> String {
    let about = match (&call.subject, call.route()) {
        (Subject::Booking { .. }, NotificationRoute::Booking { mask: Some(mask) }) => {
            format!("booking: {}", mask.join(", "))
        }
        (Subject::Booking { .. }, _) => "booking".to_owned(),
        (Subject::Availability { slots, .. }, _) if slots.len() == 1 => "availability of a slot".to_owned(),
        (Subject::Availability { slots, .. }, _) => format!("availability of {} slots", slots.len()),
    };
    let answered = match call.status {
        0 => "no answer".to_owned(),
        status => status.to_string(),
    };
    format!("{} {about} → {answered}", call.verb)
}

fn awaited(what: &str, is_met: bool, ms: u64) -> String {
    let end = if is_met { "came" } else { "did not come" };
    format!("what was awaited of the {what} {end} after {ms} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(at: &[u64]) -> Vec<Event> {
        let event = |at_ms: &u64| Event {
            entry: 0,
            at_ms: *at_ms,
            phase: Phase::Steps,
            look: Look::Ask,
            label: String::new(),
            has_message: false,
        };
        at.iter().map(event).collect()
    }

    #[test]
    fn time_runs_downwards_and_a_long_wait_does_not_push_the_rest_away() {
        let places = places(&events(&[0, 1, 2_001, 90_000]));
        let steps: Vec<u64> = places.windows(2).map(|two| two[1] - two[0]).collect();
        assert_eq!(steps, [CLOSEST, 80, FARTHEST]);
    }
}
