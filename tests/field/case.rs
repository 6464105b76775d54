//! What a case is, and what has to be said of it.

use crate::trial::alter::{Alter, Answer, Call};
use crate::trial::partner::Setting;
use serde_json::Value;
use std::net::SocketAddr;

/// A finding that is due.
pub(crate) struct Due {
    /// The requirement: one of these, where a duty has more than one id.
    pub(crate) any_of: &'static [&'static str],
    /// What sentence, evidence or quoted answer have to contain.
    pub(crate) says: &'static str,
}

/// The reference partner with one thing between it and Google.
pub(crate) struct Case {
    /// Short and unique.
    pub(crate) name: &'static str,
    /// What is between; it may know where Google is reached.
    pub(crate) alter: fn(SocketAddr) -> Alter,
    /// What is different around it.
    pub(crate) setting: Setting,
    /// The findings that are due; nothing else may fail or warn.
    pub(crate) due: &'static [Due],
    /// What may be found beside these, since it is so, too.
    pub(crate) may: &'static [&'static str],
    /// What no finding may say: guesses that are not so.
    pub(crate) never: &'static [&'static str],
    /// What has to be judged all the same, and kept.
    pub(crate) kept: &'static [&'static str],
    /// Beginnings of the ids that may not be called kept.
    pub(crate) open: &'static [&'static str],
    /// The exit code, or one of these.
    pub(crate) exit: &'static [u8],
    /// What else `run.json` has to say; the complaint if it does not.
    pub(crate) report: Option<fn(&Value) -> Option<String>>,
}

impl Case {
    /// What has one fault: exit 1 over the whole suite.
    pub(crate) const USUAL: Self = Self {
        name: "",
        alter: |_| Alter::nothing(),
        setting: Setting::WHOLE,
        due: &[],
        may: &[],
        never: &[],
        kept: &[],
        open: &[],
        exit: &[1],
        report: None,
    };

    /// What is different, but right: nothing is found, and exit 0.
    pub(crate) const RIGHT: Self = Self {
        exit: &[0],
        ..Self::USUAL
    };
}

/// Changes what the partner sends to Google.
pub(crate) fn notifications(change: impl Fn(&mut Call) -> Option<Answer> + Send + Sync + 'static) -> Alter {
    let mut alter = Alter::nothing();
    alter.notification = Box::new(change);
    alter
}

/// HealthCheck is not there.
pub(crate) const HEALTH: &[&str] = &["BS-GEN-01", "BS-HEALTH-01"];
/// Look-ups are not there, or of no form that Google reads.
pub(crate) const LOOKUP: &[&str] = &["BS-GEN-01", "BS-BAL-01", "BS-BAL-04", "BS-BAL-05"];
/// The plainest booking is not made.
pub(crate) const CREATE: &[&str] = &["BS-CREATE-01", "BS-CREATE-12", "BS-CREATE-27"];
/// The state of a booking cannot be read.
pub(crate) const STATUS: &[&str] = &["BS-GEN-01", "BS-STATUS-01", "BS-STATUS-02"];
/// A cancellation is not carried out.
pub(crate) const CANCEL: &[&str] = &["BS-UPDATE-02", "BS-UPDATE-18"];
