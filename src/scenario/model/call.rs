//! A call of ours, and what its answer must be like.

use crate::card::Card;
use crate::order::OrderTwist;
use catalogue::RequirementId;
use domain::{Basic, Credentials};
use indexmap::IndexMap;
use protocol::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// A call of ours.
#[derive(Debug, Clone)]
pub struct CallStep {
    /// The method.
    pub method: Method,
    /// The name of the answer.
    pub label: Option<String>,
    /// The name of the slot.
    pub slot: Option<String>,
    /// What a look-up asks for.
    pub lookup: Lookup,
    /// Template of the booking id.
    pub booking: Option<String>,
    /// Template of the id of a waitlist entry.
    pub entry: Option<String>,
    /// What an update changes.
    pub change: Option<GoogleChange>,
    /// How an order differs from that of a user who sees the feeds.
    pub order: OrderTwist,
    /// The card that it is paid with.
    pub card: Card,
    /// The label of the call whose 3-D Secure 1 challenge has been passed.
    pub authenticate: Option<String>,
    /// The label whose request is sent again.
    pub repeat: Option<String>,
    /// Who books: 0 is the scenario's own user.
    pub person: usize,
    /// Fields to set; strings may be templates.
    pub with: Option<Value>,
    /// Dotted paths to remove.
    pub without: Vec<String>,
    /// Body text that breaks the wire model on purpose.
    pub raw: Option<String>,
    /// True when the author says that the message breaks the wire model on purpose.
    pub breaks_model: bool,
    /// Another writing of the message.
    pub form: Option<Form>,
    /// Another path than the method's.
    pub path: Option<String>,
    /// Another HTTP verb than the method's.
    pub verb: Option<String>,
    /// True when only its own expectations look at the answer.
    pub probe: bool,
    /// Extra headers.
    pub headers: IndexMap<String, String>,
    /// Credentials.
    pub credentials: Credentials,
    /// What the answer must be like.
    pub expect: Vec<Expectation>,
    /// True when it stands alone: no earlier failure makes it meaningless, and its failure none of the later steps.
    pub independent: bool,
}

impl CallStep {
    /// What a plain call like this shows.
    pub fn basic(&self) -> Basic {
        match self.change {
            Some(GoogleChange::MoveTo(_)) => Basic::Move,
            _ => Basic::Method(self.method),
        }
    }

    /// True for a CreateBooking that is expected to be answered with a booking, or of which nothing is expected by itself.
    pub fn may_book(&self) -> bool {
        let bodies = self.expect.iter().filter_map(|one| one.body.as_ref());
        let mut ids = bodies.filter_map(|body| body.pointer("/booking/booking_id"));
        self.expect.is_empty() || ids.any(|id| id.get("$present").is_some())
    }

    /// True when it goes to the method's own path.
    pub fn is_plain_way(&self) -> bool {
        self.path.is_none() && self.verb.is_none()
    }

    /// True for a call just as Google makes it, in every detail.
    pub fn is_plain(&self) -> bool {
        let is_usual = self.order == OrderTwist::default();
        let same = is_usual && self.with.is_none() && self.without.is_empty() && self.headers.is_empty();
        let written = self.raw.is_none() && self.form.is_none() && self.path.is_none() && self.verb.is_none();
        same && written && self.credentials == Credentials::Valid
    }
}

/// What a look-up asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lookup {
    /// One slot.
    #[default]
    Slot,
    /// The page, or so many slots of it.
    Page(Option<usize>),
    /// The slots of these names.
    Slots(Vec<String>),
}

/// A change of a booking by Google.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoogleChange {
    /// Cancel.
    Cancel,
    /// Move to the slot of that name.
    MoveTo(String),
    /// Another party size.
    PartySize(i32),
    /// The party size of the slot of that name.
    PartyOf(String),
}

/// What an answer must be like.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The requirement.
    pub requirement: RequirementId,
    /// Accepted status codes; empty means 200.
    pub status: Vec<u16>,
    /// Status codes that are not accepted.
    pub not_status: Vec<u16>,
    /// True when only an answer with status 200 says anything.
    pub on_success: bool,
    /// True when it says something only of a slot with one spot.
    pub one_spot: bool,
    /// The label of the call that must have been answered well for this expectation to say anything.
    pub control: Option<String>,
    /// The body's subset; strings may be templates.
    pub body: Option<Value>,
    /// The sentence for the finding.
    pub otherwise: Option<String>,
}

/// Another writing of a message than Google's usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// int64 fields as JSON numbers.
    Numbers,
    /// int32 fields as JSON strings, which Google does not send.
    TextNumbers,
    /// The start as RFC 3339 text, which Google does not send.
    Timestamps,
    /// Names in lowerCamelCase, which Google does not send.
    CamelCase,
    /// Every field that is not set as null.
    Nulls,
    /// Every field that is not set with its default value.
    Defaults,
    /// The confirmation mode of what is confirmed at once, where Google leaves it out.
    Modes,
    /// Keys in reverse order, with white space between everything.
    Reversed,
}

impl Form {
    /// True when Google does not write so.
    pub fn breaks_model(self) -> bool {
        matches!(self, Form::TextNumbers | Form::Timestamps | Form::CamelCase)
    }
}

impl Expectation {
    /// True when an answer of this status can be as expected. Every 2xx is as good as 200.
    pub fn accepts(&self, status: u16) -> bool {
        let status = if (200..300).contains(&status) { 200 } else { status };
        let listed = match self.status.as_slice() {
            [] => status == 200 || !self.not_status.is_empty(),
            accepted => accepted.contains(&status),
        };
        listed && !self.not_status.contains(&status)
    }
}
