//! The histories that rules judge.

use super::disputed::Disputed;
use super::misdirected::Misdirected;
use super::partner_calls::{BookingUpdate, PartnerCall};
use super::{Offer, reading};
use domain::slot::Slot;
use domain::{Basic, Capability};
use feeds::FeedProblem;
use protocol::Method;
use scenario::{CallStep, Scenario};
use std::collections::BTreeSet;
use transcript::{
    Credentials, Exchange, Fact, Notification, Phase, ResourceCall, TokenRequest, Transcript, Trigger,
};

/// One scenario's history with what is needed to judge it.
#[derive(Debug)]
pub struct Case<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The history.
    pub transcript: &'a Transcript,
    /// What the target declares or has shown.
    pub capabilities: &'a BTreeSet<Capability>,
    /// The partner id that the target was configured with.
    pub partner_id: &'a str,
    /// Calls to Google's side that no scenario claims.
    pub orphans: &'a [Notification],
    /// The partner's requests to the token endpoint during the run.
    pub token_requests: &'a [TokenRequest],
    /// What the feeds say of merchants and services.
    pub offer: &'a Offer,
    /// Cancellations that were notified of the wrong booking, in any history of the run.
    pub misdirected: &'a [Misdirected],
    /// Services of which feed and inventory updates state different numbers of spots.
    pub disputed: &'a [Disputed],
}

/// All histories of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Every scenario that ran.
    pub cases: &'a [Case<'a>],
    /// Calls to Google's side that no scenario claims.
    pub orphans: &'a [Notification],
    /// The problems that the reader of feeds noticed.
    pub problems: &'a [FeedProblem],
    /// Every slot of the feeds that may be booked.
    pub slots: &'a [Slot],
    /// Merchant and service of which all slots of the feeds are among these.
    pub whole: &'a BTreeSet<(String, String)>,
    /// The partner's requests to the token endpoint.
    pub token_requests: &'a [TokenRequest],
    /// The partner's calls about merchants, services and records of its feeds.
    pub resource_calls: &'a [ResourceCall],
    /// When calls to Google's APIs arrived, milliseconds since the run began, in order.
    pub arrivals_ms: &'a [u64],
}

impl<'a> Case<'a> {
    /// Prepares a history for judging.
    pub fn new(
        scenario: &'a Scenario,
        transcript: &'a Transcript,
        capabilities: &'a BTreeSet<Capability>,
        partner_id: &'a str,
    ) -> Self {
        Self {
            scenario,
            transcript,
            capabilities,
            partner_id,
            orphans: &[],
            token_requests: &[],
            offer: &super::offer::NOTHING,
            misdirected: &[],
            disputed: &[],
        }
    }

    /// With the calls that no scenario claims: a call that a scenario misses may be among them, under an unknown id.
    #[must_use]
    pub fn with_orphans(self, orphans: &'a [Notification]) -> Self {
        Self { orphans, ..self }
    }

    /// With what was asked of the token endpoint: a partner without a token cannot notify.
    #[must_use]
    pub fn with_token_requests(self, token_requests: &'a [TokenRequest]) -> Self {
        Self {
            token_requests,
            ..self
        }
    }

    /// With what the feeds say.
    #[must_use]
    pub fn with_offer(self, offer: &'a Offer) -> Self {
        Self { offer, ..self }
    }

    /// With the cancellations that were notified of the wrong booking: one that a scenario misses may be among them.
    #[must_use]
    pub fn with_misdirected(self, misdirected: &'a [Misdirected]) -> Self {
        Self { misdirected, ..self }
    }

    /// With the services of which the number of spots is not certain.
    #[must_use]
    pub fn with_disputed(self, disputed: &'a [Disputed]) -> Self {
        Self { disputed, ..self }
    }

    /// True when feed and inventory updates state different numbers of spots for a slot of the scenario.
    pub(super) fn has_disputed_spots(&self) -> bool {
        let slots = self
            .transcript
            .binding()
            .into_iter()
            .flat_map(|bound| bound.slots.values());
        let is_disputed = |slot: &Slot| {
            let mut all = self.disputed.iter();
            all.any(|one| one.merchant_id == slot.merchant_id && one.service_id == slot.service_id)
        };
        slots.into_iter().any(is_disputed)
    }

    fn is_misdirected(&self, entry: usize) -> bool {
        let mut all = self.misdirected.iter();
        all.any(|one| one.entry == entry && one.scenario == self.transcript.scenario)
    }

    /// Answers to the scenario's own calls, without those that it broke on purpose: they say nothing about an ordinary
    /// answer.
    pub fn answers(&self) -> impl Iterator<Item = Exchange<'_>> {
        let own = self.transcript.exchanges();
        own.filter(|exchange| exchange.phase == Phase::Steps && self.is_everyday(exchange))
    }

    /// Answers to the calls that the harness makes by itself: look-ups before the first step, cancellations at the end.
    pub(super) fn own_answers(&self) -> impl Iterator<Item = Exchange<'_>> {
        let own = self.transcript.exchanges();
        own.filter(|exchange| exchange.phase != Phase::Steps)
    }

    /// True for a call of the partner that came while bookings were cancelled at the end.
    pub(super) fn is_final(&self, call: &PartnerCall<'_>) -> bool {
        let entry = self.transcript.entries.get(call.entry);
        entry.is_some_and(|entry| entry.phase == Phase::Cleanup)
    }

    /// True for a call as Google makes them: not one that was broken on purpose, nor one that only asks what a server
    /// makes of the unusual.
    pub fn is_everyday(&self, exchange: &Exchange<'_>) -> bool {
        let valid = exchange.call.credentials == Credentials::Valid;
        valid && !exchange.call.breaks_model && !exchange.call.again && !self.is_probe(exchange)
    }

    /// True when between two exchanges of ours nobody can have changed anything: no other call of ours that changes
    /// bookings, no act at the partner, and a minute at most.
    pub fn is_undisturbed(&self, earlier: &Exchange<'_>, later: &Exchange<'_>) -> bool {
        // Exchanges are placed at their answers, so the later one's own call lies in between.
        let own = later.answer.call;
        let changes = |(index, fact): (usize, &Fact)| match fact {
            Fact::Call(call) => index != own && call.method.mutates(),
            Fact::Trigger(_) => true,
            _ => false,
        };
        let between = self.transcript.entries.get(earlier.entry..later.entry);
        let mut facts = between.into_iter().flatten().map(|entry| &entry.fact);
        let quiet = !(earlier.entry..).zip(&mut facts).any(changes);
        earlier.entry < own && quiet && later.sent_ms - earlier.answered_ms <= 60_000
    }

    /// True when the scenario shows a basic by calls of this method.
    pub(super) fn shows_a_basic_by(&self, method: Method) -> bool {
        self.scenario.basic.and_then(Basic::shown_by) == Some(method)
    }

    /// The step that made a call.
    pub fn step_of(&self, exchange: &Exchange<'_>) -> Option<&CallStep> {
        let path = exchange.call.step?;
        let calls = self.scenario.steps.get(path.step)?.calls();
        // All concurrent callers make the same call, so their step lists it once.
        calls.get(path.branch.unwrap_or(0)).or(calls.first())
    }

    fn is_probe(&self, exchange: &Exchange<'_>) -> bool {
        self.step_of(exchange).is_some_and(|step| step.probe)
    }

    /// The bookings that the scenario's own calls made: each id with the first answer that named it.
    pub fn bookings(&self) -> Vec<(&str, Exchange<'_>)> {
        let mut all: Vec<(&str, Exchange<'_>)> = Vec::new();
        for exchange in self.answers() {
            let id = reading::created_booking(&exchange).and_then(reading::id);
            if let Some(id) = id.filter(|id| all.iter().all(|(known, _)| known != id)) {
                all.push((id, exchange));
            }
        }
        all
    }

    /// True when a CreateBooking repeats a token that had been answered with a booking before: the state of that booking
    /// meanwhile may differ from what was asked for.
    pub fn is_repeat(&self, exchange: &Exchange<'_>) -> bool {
        let token = exchange.request_value("/idempotency_token");
        self.transcript.exchanges_of(Method::CreateBooking).any(|other| {
            other.entry < exchange.entry
                && other.request_value("/idempotency_token") == token
                && reading::created_booking(&other).is_some()
        })
    }

    /// True when the user of a CreateBooking had been given a booking before in this history: a partner may then refuse another one
    /// by a limit of its own.
    pub(super) fn has_user_booked_before(&self, exchange: &Exchange<'_>) -> bool {
        let user = exchange.request_value("/user_information/user_id");
        let creates = self.transcript.exchanges_of(Method::CreateBooking);
        user.is_some()
            && creates
                .filter(|other| {
                    other.entry < exchange.entry && other.request_value("/user_information/user_id") == user
                })
                .any(|other| reading::created_booking(&other).is_some())
    }

    /// Google's copy of a booking after the last notification about it.
    pub fn last_copy(&self, booking_id: &str) -> Option<&serde_json::Value> {
        self.transcript
            .notifications()
            .filter(|(_, _, notification)| notification.booking_id() == Some(booking_id))
            .filter_map(|(_, _, notification)| notification.after.as_ref())
            .last()
    }

    /// The slot that a booking was made for.
    pub fn slot_of_booking(&self, booking_id: &str) -> Option<&Slot> {
        let made = self
            .transcript
            .exchanges_of(Method::CreateBooking)
            .find(|exchange| {
                reading::created_booking(exchange).is_some_and(|made| reading::id(made) == Some(booking_id))
            })?;
        self.transcript.slot_of(made.request_value("/slot")?)
    }

    /// True when a booking was moved, whether or not Google was notified: its first slot then no longer gives its time.
    pub fn is_moved(&self, booking_id: &str) -> bool {
        let by_google = self
            .transcript
            .exchanges_of(Method::UpdateBooking)
            .any(|exchange| {
                let it = exchange
                    .request_value("/booking/booking_id")
                    .and_then(|id| id.as_str())
                    == Some(booking_id);
                it && exchange.request_value("/booking/slot/start_sec").is_some()
                    && reading::updated_booking(&exchange).is_some()
            });
        let at_partner = |(_, _, trigger): (usize, u64, &Trigger)| {
            trigger.name == "reschedule" && trigger.booking_id == booking_id
        };
        let start = |copy: &Option<serde_json::Value>| copy.as_ref()?.get("startTime").cloned();
        by_google
            || self.triggers().any(at_partner)
            || self
                .calls_about(booking_id)
                .any(|call| start(&call.notification.before) != start(&call.notification.after))
    }

    /// Triggers that worked, with entry index and time.
    pub fn triggers(&self) -> impl Iterator<Item = (usize, u64, &Trigger)> {
        self.transcript
            .entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| match &entry.fact {
                Fact::Trigger(trigger) if trigger.failure.is_none() => Some((index, entry.at_ms, trigger)),
                _ => None,
            })
    }

    /// The slot of a CreateBooking or look-up of ours.
    pub fn slot_of(&self, exchange: &Exchange<'_>) -> Option<&Slot> {
        self.transcript.slot_of(exchange.request_value("/slot")?)
    }

    /// The partner's calls, but for those that were meant for a booking of another scenario.
    pub fn partner_calls(&self) -> impl Iterator<Item = PartnerCall<'_>> {
        self.transcript
            .notifications()
            .filter(|(entry, ..)| !self.is_misdirected(*entry))
            .map(|(entry, at_ms, notification)| PartnerCall {
                entry,
                at_ms,
                notification,
            })
    }

    /// The partner's calls about bookings that Google's side has read.
    pub(super) fn booking_updates(&self) -> impl Iterator<Item = BookingUpdate<'_>> {
        self.partner_calls().filter_map(BookingUpdate::of)
    }

    /// The partner's calls about one booking that Google's side has read.
    pub(super) fn updates_of<'s>(&'s self, booking: &'s str) -> impl Iterator<Item = BookingUpdate<'s>> {
        self.calls_about(booking).filter_map(BookingUpdate::of)
    }

    /// True when the target sends inventory updates.
    pub(super) fn sends_inventory(&self) -> bool {
        self.can(Capability::AvailabilityRtu)
    }

    /// The partner's calls about one booking.
    pub fn calls_about<'s>(&'s self, booking: &'s str) -> impl Iterator<Item = PartnerCall<'s>> {
        self.partner_calls()
            .filter(move |call| call.booking_id() == Some(booking))
    }

    /// True when the target lets us read its ledger; without one nothing is claimed about money that moved.
    pub fn has_ledger(&self) -> bool {
        self.transcript.binding().is_some_and(|bound| bound.ledger)
    }

    /// True when the target can do it.
    pub fn can(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Wall clock of a moment of the run, epoch seconds.
    pub fn epoch_sec(&self, at_ms: u64) -> i64 {
        let began = self.transcript.binding().map_or(0, |bound| bound.began_sec);
        began + i64::try_from(at_ms / 1000).unwrap_or(0)
    }
}
