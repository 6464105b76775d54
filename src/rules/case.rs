//! What rules look at.

use crate::protocol::Capability;
use crate::protocol::schema;
use crate::protocol::slot::Slot;
use crate::scenario::Scenario;
use crate::transcript::{Exchange, Fact, Notification, Subject, Transcript};
use std::collections::BTreeSet;

/// One scenario's history with what is needed to judge it.
#[derive(Debug)]
pub struct Case<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The history, answers in proto names whatever spelling the partner used.
    pub transcript: Transcript,
    /// The history as recorded.
    pub recorded: &'a Transcript,
    /// What the target declares or has shown.
    pub capabilities: &'a BTreeSet<Capability>,
    /// The partner id that the target was configured with.
    pub partner_id: &'a str,
}

/// One call of the partner to Google's side.
#[derive(Debug, Clone, Copy)]
pub struct Note<'t> {
    /// Index of its entry.
    pub entry: usize,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// The call.
    pub notification: &'t Notification,
}

/// All histories of a run.
#[derive(Debug)]
pub struct Run<'a> {
    /// Every scenario that ran.
    pub cases: &'a [Case<'a>],
    /// Calls to Google's side that no scenario claims.
    pub orphans: &'a [Notification],
}

impl<'a> Case<'a> {
    /// Prepares a history for judging.
    pub fn new(
        scenario: &'a Scenario,
        recorded: &'a Transcript,
        capabilities: &'a BTreeSet<Capability>,
        partner_id: &'a str,
    ) -> Self {
        Self {
            scenario,
            transcript: in_proto_names(recorded),
            recorded,
            capabilities,
            partner_id,
        }
    }

    /// The slot of a CreateBooking or look-up of ours.
    pub fn slot_of(&self, exchange: &Exchange<'_>) -> Option<&Slot> {
        self.transcript.slot_of(exchange.sent("/slot")?)
    }

    /// The partner's calls.
    pub fn notes(&self) -> impl Iterator<Item = Note<'_>> {
        self.transcript
            .notifications()
            .map(|(entry, at_ms, notification)| Note {
                entry,
                at_ms,
                notification,
            })
    }

    /// The partner's calls about one booking.
    pub fn notes_about<'s>(&'s self, booking: &'s str) -> impl Iterator<Item = Note<'s>> {
        self.notes()
            .filter(move |note| note.booking_id() == Some(booking))
    }

    /// True when the target can do it.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Wall clock of a moment of the run, epoch seconds.
    pub fn epoch_sec(&self, at_ms: u64) -> i64 {
        let began = self.transcript.bound().map_or(0, |bound| bound.began_sec);
        began + i64::try_from(at_ms / 1000).unwrap_or(0)
    }
}

impl<'t> Note<'t> {
    /// The booking that it is about, if it is about one.
    pub fn booking_id(&self) -> Option<&'t str> {
        match &self.notification.subject {
            Subject::Booking { booking_id, .. } => Some(booking_id),
            Subject::Availability { .. } => None,
        }
    }

    /// A string of the body by JSON pointer.
    pub fn text(&self, pointer: &str) -> Option<&'t str> {
        self.notification.body.as_ref()?.pointer(pointer)?.as_str()
    }

    /// A string of Google's copy before the call.
    pub fn before(&self, pointer: &str) -> Option<&'t str> {
        self.notification.before.as_ref()?.pointer(pointer)?.as_str()
    }

    /// True when our side took it.
    pub fn accepted(&self) -> bool {
        self.notification.status == 200
    }
}

fn in_proto_names(recorded: &Transcript) -> Transcript {
    let mut transcript = recorded.clone();
    let methods: Vec<_> = recorded
        .entries
        .iter()
        .map(|entry| match &entry.fact {
            Fact::Answer(answer) => match recorded.entries.get(answer.call).map(|entry| &entry.fact) {
                Some(Fact::Call(call)) => call.method.response_message(),
                _ => None,
            },
            _ => None,
        })
        .collect();
    for (entry, message) in transcript.entries.iter_mut().zip(methods) {
        if let (Fact::Answer(answer), Some(message)) = (&mut entry.fact, message)
            && let crate::transcript::Reply::Http(reply) = &mut answer.reply
            && let Some(body) = &reply.json
        {
            reply.json = Some(schema::to_proto_names(&message, body).0);
        }
    }
    transcript
}
