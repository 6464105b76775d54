//! The state machine: requests and times in, answers and records out.

mod asked;
mod batch;
mod execute;

use self::asked::{content_type, envelope, requested_fields, version, without_token};
use crate::api::credential::Credential;
use crate::api::discovery;
use crate::api::draft::Draft;
use crate::api::encoding::compress;
use crate::api::error::{ApiError, Stop};
use crate::api::mask::Masks;
use crate::api::methods::ResourceKind;
use crate::api::redaction::redact_tokens;
use crate::api::routing::Route;
use crate::api::wire::{Reply, Request, Response};
use crate::auth::bearer::Guard;
use crate::auth::credentials::{LIFETIME, Tokens};
use crate::auth::keys::ServiceAccount;
use crate::auth::token;
use crate::call::Answer;
use crate::call::Call;
use crate::faults::{self, ArmedFault, CallSubject, Faults};
use crate::state::availability::Availability;
use crate::state::booking::BookingCopy;
use crate::state::bookings::{Bookings, UnknownBookings};
use crate::state::quota::Quota;
use crate::state::resources::{ResourceKey, Resources};
use domain::hosts;
use domain::{Aim, Fault};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is asked of the credentials of an API call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Oauth {
    /// A valid token, as Google asks.
    #[default]
    Required,
    /// A valid token or nothing at all.
    Accepted,
    /// Nothing; a token is not looked at.
    Off,
}

/// Who the partner is.
#[derive(Clone)]
pub struct GoogleConfig {
    /// The partner's id at Google.
    pub partner_id: String,
    /// Its service account.
    pub account: ServiceAccount,
    /// What is asked of credentials.
    pub oauth: Oauth,
    /// What becomes of notifications about bookings that nobody registered.
    pub unknown_bookings: UnknownBookings,
    /// What becomes of calls about merchants and services that nobody registered.
    pub unknown_services: UnknownBookings,
    /// What becomes of patches whose mask is not as the documents have it.
    pub masks: Masks,
    /// So many calls a minute are taken, more are answered 429; any number without it.
    pub quota: Option<u32>,
    /// What access tokens are signed with; who has it makes tokens that this side takes.
    pub secret: [u8; 32],
}

/// Google's side of the wire.
#[derive(Clone)]
pub struct Google {
    config: GoogleConfig,
    tokens: Tokens,
    bookings: Bookings,
    availability: Availability,
    resources: Resources,
    quota: Quota,
    faults: Faults,
    calls: Vec<Call>,
    /// The booking of the call that is being answered, as it was before.
    before: Option<BookingCopy>,
    answered: u64,
}

impl Google {
    /// Google without bookings.
    pub fn new(config: GoogleConfig) -> Self {
        Self {
            tokens: Tokens::new(config.secret),
            bookings: Bookings::new(config.unknown_bookings),
            resources: Resources::new(config.unknown_bookings, config.unknown_services),
            quota: Quota::new(config.quota),
            config,
            availability: Availability::default(),
            faults: Faults::default(),
            calls: Vec::new(),
            before: None,
            answered: 0,
        }
    }

    /// Answers a request, or says until when it waits for the answer that names its booking.
    ///
    /// A held request changes nothing and leaves no record: hand it in again, unchanged.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Reply {
        match self.handle_draft(request, Draft::new(request), now) {
            Reply::Respond(response) => Reply::Respond(compress(response, request)),
            other => other,
        }
    }

    /// The same for a request that was read before, and an answer that is not compressed yet: others wait for the state
    /// meanwhile.
    pub(super) fn handle_draft(&mut self, request: &Request, mut draft: Draft, now: Timestamp) -> Reply {
        let pretty = !draft.query.compact;
        self.before = match &draft.route {
            Route::Booking { booking_id, .. } => self.booking(booking_id).cloned(),
            _ => None,
        };
        let answered = match draft.route {
            Route::Unknown => return Reply::Respond(self.answer_unknown(request, now, draft)),
            Route::Batch => return self.answer_batch(request, now, draft),
            Route::Token => self.answer_token(now, &mut draft),
            Route::Discovery => return Reply::Respond(self.answer_discovery(request, now, draft)),
            _ => self.api(request, now, &mut draft).map(|body| (200, body)),
        };
        let (status, body, challenge) = match answered {
            Ok((status, body)) => (status, body, None),
            Err(Stop::Error(error)) => (error.http(), envelope(&error, &draft.query), error.challenge),
            Err(Stop::Hold(until)) => return Reply::Hold { until },
            Err(Stop::Fault(fault)) => return self.fail(fault, request, now, draft),
        };
        let mut response = Response::json(status, &body, pretty);
        if let Some(challenge) = challenge {
            response = response.with_header("WWW-Authenticate", &challenge);
        }
        self.finish((response, body), request, now, draft)
    }

    /// Gives an answer; one to a call that was taken may be struck by a fault.
    fn finish(
        &mut self,
        (response, body): (Response, Value),
        request: &Request,
        now: Timestamp,
        mut draft: Draft,
    ) -> Reply {
        let status = response.status;
        let reply = match draft.strike.take().filter(|_| status == 200) {
            Some(strike) => {
                self.faults.spend(&strike);
                let reply = faults::alter(&strike.fault, response);
                draft.fault = Some(strike.fault);
                reply
            }
            None => Reply::Respond(response),
        };
        let status = if let Reply::Drop(_) = reply { 0 } else { status };
        self.record(request, now, draft, (status, Some(redact_tokens(body))));
        reply
    }

    /// Answers a request that broke a limit of the server (413, 408, 431) with a page, and records it.
    pub fn refuse(&mut self, request: &Request, status: u16, now: Timestamp) -> Response {
        let draft = Draft::new(request);
        self.record(request, now, draft, (status, None));
        Response::html(
            status,
            "Refused",
            "The request is too large or was not sent in time.",
        )
    }

    fn fail(&mut self, fault: Fault, request: &Request, now: Timestamp, mut draft: Draft) -> Reply {
        let (reply, body) = faults::substitute(&fault, &draft.route, &draft.query);
        draft.fault = Some(fault);
        let status = match &reply {
            Reply::Respond(response) => response.status,
            Reply::Hold { .. } | Reply::Drop(_) => 0,
        };
        self.record(request, now, draft, (status, body));
        reply
    }

    fn answer_unknown(&mut self, request: &Request, now: Timestamp, draft: Draft) -> Response {
        let text = format!(
            "The requested URL {} was not found on this server.",
            request.path()
        );
        self.record(request, now, draft, (404, None));
        Response::html(404, "Not Found", &text)
    }

    /// The document is too long for the record, and always the same.
    fn answer_discovery(&mut self, request: &Request, now: Timestamp, draft: Draft) -> Response {
        let pretty = !draft.query.compact;
        let asked = version(&draft).unwrap_or_default();
        if asked != "v1alpha" {
            let error = envelope(&ApiError::no_discovery_document(asked), &draft.query);
            self.record(request, now, draft, (404, Some(error.clone())));
            return Response::json(404, &error, pretty);
        }
        self.record(request, now, draft, (200, None));
        // Who asks under a name of Google's stays with it, and so with the proxy that brought them here.
        let host = request.header("host").and_then(hosts::api);
        let root_url = host.map(|host| format!("https://{host}"));
        let root_url = root_url.as_deref().unwrap_or(self.config.account.base_url());
        Response::json(200, &discovery::document(root_url), pretty)
    }

    fn answer_token(&mut self, now: Timestamp, draft: &mut Draft) -> Result<(u16, Value), Stop> {
        let request = token::read(draft);
        self.strike(CallSubject::Token, draft)?;
        let lifetime = match draft.strike.as_ref().map(|strike| &strike.fault) {
            Some(Fault::Expiring { sec }) => i64::from(*sec),
            _ => LIFETIME,
        };
        let withholds = draft
            .strike
            .as_ref()
            .is_some_and(|strike| strike.fault == Fault::Withheld);
        let answered = token::answer(&mut self.tokens, &self.config.account, now, request, lifetime);
        Ok(answered.map_or_else(
            |refusal| (400, refusal.body()),
            |body| (200, if withholds { without_token(body) } else { body }),
        ))
    }

    /// Lets a fault strike a call: at once, or when the call has been taken.
    fn strike(&mut self, subject: CallSubject<'_>, draft: &mut Draft) -> Result<(), Stop> {
        let strike = self.faults.strike(subject, &draft.credential);
        match strike {
            Some(strike) if !strike.fault.stores() => Err(Stop::Fault(strike.fault)),
            strike => {
                draft.strike = strike;
                Ok(())
            }
        }
    }

    fn api(&mut self, request: &Request, now: Timestamp, draft: &mut Draft) -> Result<Value, Stop> {
        self.authenticate(request, now, draft)?;
        self.quota.spend(now)?;
        if let Some(error) = draft.unreadable.take() {
            return Err(error.into());
        }
        draft.lints.extend(content_type(request, draft));
        draft.read_form(request);
        let wanted = requested_fields(request, draft)?;
        let answer = self.execute(request, now, draft)?;
        Ok(match wanted {
            Some(wanted) => {
                // Only the whole is a message that can be held against the model.
                draft.message = None;
                wanted.of(answer)
            }
            None => answer,
        })
    }

    fn authenticate(&self, request: &Request, now: Timestamp, draft: &mut Draft) -> Result<(), ApiError> {
        if self.config.oauth == Oauth::Off {
            return Ok(());
        }
        let guard = Guard {
            tokens: &self.tokens,
            account: &self.config.account,
            now,
        };
        match guard.check(request, draft) {
            Err(_) if self.config.oauth == Oauth::Accepted && draft.credential == Credential::None => Ok(()),
            checked => checked,
        }
    }

    fn authorize(&self, partner: &str) -> Result<(), ApiError> {
        if partner == self.config.partner_id {
            return Ok(());
        }
        Err(ApiError::permission_denied())
    }

    fn record(
        &mut self,
        request: &Request,
        now: Timestamp,
        draft: Draft,
        (status, body): (u16, Option<Value>),
    ) {
        self.answered += 1;
        let message = draft.message.filter(|_| status == 200).map(str::to_owned);
        let mut call = Call::new(
            self.answered,
            draft,
            request,
            now,
            Answer {
                status,
                body,
                message,
            },
        );
        if let Route::Booking { booking_id, .. } = &call.route {
            call.booking = self.booking(booking_id).cloned();
            call.before = self.before.take();
        }
        self.calls.push(call);
    }

    /// Something goes wrong with the next calls that are aimed at, so often. What is armed strikes in order.
    pub fn arm(&mut self, aim: Aim, fault: Fault, times: u32) {
        self.faults.arm(aim, fault, times, Some(self.tokens.newest()));
    }

    /// Something will go wrong with calls that are still far away: a revoked token is the first one that is shown.
    pub fn schedule(&mut self, aim: Aim, fault: Fault, times: u32) {
        self.faults.arm(aim, fault, times, None);
    }

    /// Whatever is armed with this aim strikes no more.
    pub fn disarm(&mut self, aim: &Aim) {
        self.faults.disarm(aim);
    }

    /// The fault of this number strikes no more; false when it is not there.
    pub fn disarm_number(&mut self, number: u64) -> bool {
        self.faults.disarm_number(number)
    }

    /// The faults that have still to strike, in their order.
    pub fn armed(&self) -> Vec<ArmedFault> {
        self.faults.armed()
    }

    /// The calls answered since the last time, in order.
    pub fn take_calls(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.calls)
    }

    /// A `CreateBooking` of ours is on its way: a notification for an unknown booking may overtake its answer.
    pub fn open_create(&mut self) {
        self.bookings.open_creates += 1;
    }

    /// Its answer has come, or never will. Register the booking first.
    pub fn close_create(&mut self) {
        self.bookings.open_creates = self.bookings.open_creates.saturating_sub(1);
    }

    /// Makes a booking known, or replaces Google's copy of it.
    pub fn register(&mut self, copy: BookingCopy) {
        self.bookings.insert(copy);
    }

    /// Makes a service and its merchant known.
    pub fn register_service(&mut self, merchant: &str, service: &str) {
        self.register_resource(ResourceKind::Merchant, &[merchant]);
        self.register_resource(ResourceKind::Service, &[merchant, service]);
    }

    pub(super) fn register_resource(&mut self, kind: ResourceKind, ids: &[&str]) {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        self.resources.register(ResourceKey { kind, ids });
    }

    /// Google's copy of a booking.
    pub fn booking(&self, booking_id: &str) -> Option<&BookingCopy> {
        self.bookings.get(booking_id)
    }

    /// Of what the partner tells about its availability about so many bytes are kept; see [`Availability::forgotten`].
    pub(crate) fn limit_availability(&mut self, bytes: usize) {
        self.availability.limit(bytes);
    }

    /// What the partner has told about its availability.
    pub fn availability(&self) -> &Availability {
        &self.availability
    }
}

#[cfg(test)]
mod tests;
