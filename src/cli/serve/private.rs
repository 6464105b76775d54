//! A call as a log may show it. What the wire model knows as harmless is shown as it came; of everything else there is only
//! how long it is, since a guest's name may stand in any field, in a path and in an error that quotes it.
//!
//! Nothing of a call is shown but by way of [`ShownCall`]: what it holds forges no line of the log and acts on no terminal,
//! also where bodies are shown whole.

mod harmless;
mod sentence;
mod shower;
#[cfg(test)]
mod tests;

use google::{Call, Route, meant, odd_form};
use harmless::Harmless;
use harness::JudgedCall;
use outcome::Finding;
use sentence::Hidden;
use shower::Shower;
use std::collections::BTreeSet;

/// Headers of which the value says nothing about anybody.
const OPEN_HEADERS: [&str; 9] = [
    "host",
    "content-type",
    "content-length",
    "content-encoding",
    "accept",
    "accept-encoding",
    "connection",
    "transfer-encoding",
    "date",
];

/// A call with what the rules say of it, in which nothing is left that a log may not show.
pub(super) struct ShownCall {
    call: Call,
    findings: Vec<Finding>,
    meant: Option<String>,
    odd: Option<&'static str>,
}

impl ShownCall {
    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What a call may have been meant for that no method takes.
    pub(super) fn meant(&self) -> Option<&str> {
        self.meant.as_deref()
    }

    /// What is odd about its path.
    pub(super) fn odd(&self) -> Option<&'static str> {
        self.odd
    }
}

/// How much is shown.
pub(super) struct Privacy {
    harmless: Harmless,
    shows_bodies: bool,
}

impl Privacy {
    /// Ids of merchants, services and bookings that the user has named are harmless.
    pub(super) fn new(known_ids: BTreeSet<String>, shows_bodies: bool) -> Self {
        Self {
            harmless: Harmless::new(known_ids),
            shows_bodies,
        }
    }

    pub(super) fn shows_bodies(&self) -> bool {
        self.shows_bodies
    }

    /// The call as the log may show it.
    pub(super) fn shown(&self, judged: JudgedCall) -> ShownCall {
        let JudgedCall { call, findings } = judged;
        let is_unknown = call.route == Route::Unknown;
        let path = call.target.split('?').next().unwrap_or_default();
        let odd = odd_form(path).filter(|_| is_unknown);
        let meant = is_unknown.then(|| meant(&call.method, &call.target, call.json.as_ref()));
        let meant = meant.flatten();
        let mut hidden = Hidden::default();
        let mut shown = Shower {
            harmless: &self.harmless,
            shows_all: self.shows_bodies,
            hidden: &mut hidden,
        };
        let call = shown.call(&call);
        ShownCall {
            call,
            findings: findings
                .into_iter()
                .map(|finding| shown.finding(finding))
                .collect(),
            meant: meant.map(|text| shown.sentence(&text)),
            odd,
        }
    }
}
