//! What arrived at Google's side during a run, for the report; and that nothing did.

use engine::Recording;
use google::meant;
use google::server::Running;
use outcome::{InventedMethod, NotificationReport, Silence};
use std::path::{Path, PathBuf};
use transcript::{Fact, Notification, Transcript};

/// Names of collections: what follows one in a path is an id.
const COLLECTIONS: [&str; 6] = ["partners", "bookings", "orders", "merchants", "services", "feeds"];

/// Where Google's side is, and what a partner needs to get there. Connections are counted when the run is over.
pub(super) fn place(google: &Running, key_file: Option<&Path>, ca_file: Option<PathBuf>) -> Silence {
    let shown = |path: &Path| path.display().to_string();
    Silence {
        url: google.url().to_owned(),
        key_file: key_file.map(shown),
        proxy_url: google.proxy().map(|address| format!("http://{address}")),
        ca_file: ca_file
            .filter(|_| google.authority().is_some())
            .map(|path| shown(&path)),
        connections: 0,
        is_inside: google.is_inside(),
    }
}

/// The parameters that name fields and hold no values.
const MASKS: [&str; 2] = ["updateMask", "update_mask"];

/// What arrived; `place` is where nothing did.
pub(super) fn report(recorded: &Recording, place: &Silence) -> NotificationReport {
    let orphans = recorded.orphans.iter();
    let token_requests = recorded.others.token_requests.len();
    let is_silent = recorded.received == 0 && recorded.others.resources.is_empty();
    NotificationReport {
        received: recorded.received,
        dropped: recorded.dropped,
        strangers: recorded.strangers,
        token_requests,
        orphans: orphans
            .map(|call| format!("{} {}", call.verb, without_values(&call.target)))
            .collect(),
        invented: invented(recorded),
        silence: (is_silent && has_waited_in_vain(&recorded.transcripts)).then(|| place.clone()),
    }
}

/// Path and query without the values of parameters: a booking that is none of the run's may be of a real guest, about whom an
/// explanation of a failure may say anything. What is to be changed is named by a mask.
fn without_values(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if !MASKS.contains(&name) => format!("{name}=[masked]"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Calls that the network lost: method and what came instead of an answer.
pub(super) fn lost(transcripts: &[Transcript]) -> Vec<String> {
    let lost = transcripts.iter().flat_map(Transcript::lost_tries);
    lost.map(|(call, lost)| format!("{}: {}", call.method, lost.detail))
        .collect()
}

fn has_waited_in_vain(transcripts: &[Transcript]) -> bool {
    let entries = transcripts.iter().flat_map(|transcript| &transcript.entries);
    let mut facts = entries.map(|entry| &entry.fact);
    facts.any(|fact| match fact {
        Fact::Awaited(wait) => !wait.met,
        Fact::AwaitedSlot(wait) => !wait.met,
        _ => false,
    })
}

/// Calls that no method of the API takes, by verb and form of their path.
fn invented(recorded: &Recording) -> Vec<InventedMethod> {
    let claimed = recorded.transcripts.iter().flat_map(Transcript::notifications);
    let claimed = claimed.map(|(_, _, notification)| notification);
    let mut all: Vec<(String, InventedMethod)> = Vec::new();
    for call in claimed.chain(&recorded.orphans).filter(|call| is_unknown(call)) {
        let path = call.target.split('?').next().unwrap_or_default();
        let form = format!("{} {}", call.verb, form(path));
        match all.iter_mut().find(|(known, _)| *known == form) {
            Some((_, known)) => known.count += 1,
            None => all.push((
                form,
                InventedMethod {
                    called: format!("{} {path}", call.verb),
                    count: 1,
                    meant: meant(&call.verb, &call.target, call.json()),
                },
            )),
        }
    }
    all.into_iter().map(|(_, method)| method).collect()
}

/// True for a call that was answered by the page of a path that is not there: whatever a method answers is JSON.
fn is_unknown(call: &Notification) -> bool {
    call.status == 404 && call.fault.is_none() && call.answer.is_null()
}

/// A path without its ids; an invented verb behind one stays.
fn form(path: &str) -> String {
    let mut form = String::new();
    let mut is_id = false;
    for segment in path.split('/') {
        let shown = match segment.rsplit_once(':') {
            Some((_, verb)) if is_id => format!("*:{verb}"),
            None if is_id => "*".to_owned(),
            _ => segment.to_owned(),
        };
        form.push('/');
        form.push_str(&shown);
        is_id = COLLECTIONS.contains(&segment);
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_about_somebody_elses_booking_shows_no_values() {
        assert_eq!(
            without_values("/x/bookings/b-1?updateMask=status&bookingFailure.description=Ann%20called"),
            "/x/bookings/b-1?updateMask=status&bookingFailure.description=[masked]"
        );
        assert_eq!(without_values("/x/bookings/b-1"), "/x/bookings/b-1");
    }

    #[test]
    fn calls_that_differ_in_ids_alone_have_one_form() {
        let of = |path| form(path);
        let one = of("/v1alpha/notification/partners/7/bookings/b-1:updateStatus");
        assert_eq!(
            one,
            of("/v1alpha/notification/partners/7/bookings/b-2:updateStatus")
        );
        assert_ne!(one, of("/v1alpha/notification/partners/7/bookings/b-2:cancel"));
        assert_ne!(
            of("/v1alpha/notification/partners/7/bookings:notify"),
            of("/v1alpha/notification/partners/7/orders:notify")
        );
    }
}
