//! What a request would make at the partner, and whether its answer says that it did.

use super::doubt::{self, Made};
use super::orders;
use super::waitlist::{self, Joined};
use crate::request::BuiltRequest;
use protocol::Method;
use serde_json::Value;
use transcript::{MayStand, Reply};

/// What the answer to such a request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// It was made, with this id.
    Made(String),
    /// It was not.
    Nothing,
    /// It may have been.
    Unclear,
}

/// What a request would make, in what a person needs to find it; none for a request that makes nothing.
pub(crate) fn what(built: &BuiltRequest, scenario: &str, why: &str) -> Option<MayStand> {
    let raw = || serde_json::from_str(built.outgoing.body.as_deref()?).ok();
    let request: Value = built.message.clone().or_else(raw)?;
    match built.outgoing.method {
        Method::CreateBooking => Some(doubt::standing(&request, scenario, None, why)),
        Method::CreateWaitlistEntry => Some(waitlist::standing(&request, scenario, None, why)),
        Method::CreateOrder => Some(orders::standing_of(&request, scenario, None, why)),
        _ => None,
    }
}

/// What the answer to such a request says.
pub(crate) fn made_by(method: Method, reply: &Reply) -> What {
    match method {
        Method::CreateWaitlistEntry => match Joined::by(reply) {
            Joined::Waiting(id) => What::Made(id),
            Joined::Nothing => What::Nothing,
            Joined::Unclear(_) => What::Unclear,
        },
        Method::CreateOrder => match orders::made(reply) {
            None => What::Nothing,
            Some((Some(id), _)) => What::Made(id),
            Some((None, _)) => What::Unclear,
        },
        _ => match Made::by(reply) {
            Made::Booked(id)
            | Made::Unclear {
                legible: Some(id), ..
            } => What::Made(id),
            Made::Nothing => What::Nothing,
            Made::Unclear { legible: None, .. } => What::Unclear,
        },
    }
}
