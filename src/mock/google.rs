//! The state machine: requests and times in, answers and records out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::availability::Availability;
use super::bearer::Guard;
use super::booking::{BookingCopy, BookingStatus};
use super::call::{Answer, Call, Credential, Draft, masked_tokens};
use super::credentials::Tokens;
use super::decoder::decode_parsed;
use super::error::{ApiError, Code, Stop};
use super::faults::{self, Faults, Update};
use super::keys::ServiceAccount;
use super::lint::Lint;
use super::notification::{self, Bookings, Patch, UnknownBookings};
use super::replace::{self, ServicePath};
use super::routing::Route;
use super::wire::{Reply, Request, Response};
use super::{discovery, query, token};
use crate::protocol::model::v1alpha;
use crate::protocol::{Aim, Fault};

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
    faults: Faults,
    calls: Vec<Call>,
    answered: u64,
}

impl Google {
    /// Google without bookings.
    pub fn new(config: GoogleConfig) -> Self {
        Self {
            tokens: Tokens::new(config.secret),
            bookings: Bookings::new(config.unknown_bookings),
            config,
            availability: Availability::default(),
            faults: Faults::default(),
            calls: Vec::new(),
            answered: 0,
        }
    }

    /// Answers a request, or says until when it waits for the answer that names its booking.
    ///
    /// A held request changes nothing and leaves no record: hand it in again, unchanged.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Reply {
        self.handle_draft(request, Draft::new(request), now)
    }

    /// The same for a request that was read before, where others wait for the state meanwhile.
    pub(super) fn handle_draft(&mut self, request: &Request, mut draft: Draft, now: Timestamp) -> Reply {
        let pretty = !draft.query.compact;
        let answered = match draft.route {
            Route::Unknown => return Reply::Respond(self.unknown(request, now, draft)),
            Route::Token => Ok(self.token(now, &mut draft)),
            Route::Discovery => return Reply::Respond(self.describe(request, now, draft)),
            _ => self.api(request, now, &mut draft).map(|body| (200, body)),
        };
        let (status, body, challenge) = match answered {
            Ok((status, body)) => (status, body, None),
            Err(Stop::Error(error)) => (error.http(), error.envelope(), error.challenge),
            Err(Stop::Hold(until)) => return Reply::Hold { until },
            Err(Stop::Fault(fault)) => return self.fail(fault, request, now, draft),
        };
        let response = Response::json(status, &body, pretty);
        self.record(request, now, draft, (status, Some(masked_tokens(body))));
        Reply::Respond(match challenge {
            Some(challenge) => response.with_header("WWW-Authenticate", &challenge),
            None => response,
        })
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
        let answer = faults::answer(&fault, !draft.query.compact);
        draft.fault = Some(fault);
        let Some((response, body)) = answer else {
            self.record(request, now, draft, (0, None));
            return Reply::Drop;
        };
        self.record(request, now, draft, (response.status, body));
        Reply::Respond(response)
    }

    fn unknown(&mut self, request: &Request, now: Timestamp, draft: Draft) -> Response {
        let text = format!(
            "The requested URL {} was not found on this server.",
            request.path()
        );
        self.record(request, now, draft, (404, None));
        Response::html(404, "Not Found", &text)
    }

    /// The document is too long for the record, and always the same.
    fn describe(&mut self, request: &Request, now: Timestamp, draft: Draft) -> Response {
        if version(&draft) != Some("v1alpha") {
            return self.unknown(request, now, draft);
        }
        let pretty = !draft.query.compact;
        self.record(request, now, draft, (200, None));
        Response::json(200, &discovery::document(self.config.account.base_url()), pretty)
    }

    fn token(&mut self, now: Timestamp, draft: &mut Draft) -> (u16, Value) {
        match token::answer(&mut self.tokens, &self.config.account, now, draft) {
            Ok(body) => (200, body),
            Err(refusal) => (400, refusal.body()),
        }
    }

    fn api(&mut self, request: &Request, now: Timestamp, draft: &mut Draft) -> Result<Value, Stop> {
        self.authenticate(request, now, draft)?;
        if let Some(error) = draft.unreadable.take() {
            return Err(error.into());
        }
        draft.lints.extend(content_type(request, draft));
        match draft.route.clone() {
            Route::Booking { partner, booking_id } => {
                strike(self.faults.on_booking(&booking_id, &draft.credential))?;
                self.patch(request, now, (&partner, &booking_id), draft)
            }
            Route::BatchAvailability { partner } => self.replace_batch(&partner, draft),
            Route::Availability {
                partner,
                merchant,
                service,
            } => {
                let path = ServicePath {
                    partner: &partner,
                    merchant: &merchant,
                    service: &service,
                };
                self.replace(path, draft)
            }
            Route::Token | Route::Discovery | Route::Unknown => Err(ApiError::not_found().into()),
        }
    }

    fn patch(
        &mut self,
        request: &Request,
        now: Timestamp,
        (partner, booking_id): (&str, &str),
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let body = notification::read(draft)?;
        self.authorize(partner)?;
        draft.message = Some("Booking");
        let patch = Patch {
            partner,
            booking_id,
            at: request.at,
            now,
        };
        let updated = self.bookings.update(&patch, &body, draft);
        draft.decoded = Some(Value::Object(body));
        updated
    }

    fn replace_batch(&mut self, partner: &str, draft: &mut Draft) -> Result<Value, Stop> {
        let mut body = read("BatchReplaceServiceAvailabilityRequest", draft)?;
        self.authorize(partner)?;
        note(draft, "BatchReplaceServiceAvailabilityResponse", &body);
        let entries = body.get("extendedServiceAvailability").and_then(Value::as_array);
        for update in entries.into_iter().flatten().filter_map(Update::of_entry) {
            strike(self.faults.on_update(update, &draft.credential))?;
        }
        if self.faults.omit(&mut body) {
            draft.fault = Some(Fault::Omitted);
        }
        Ok(replace::batch(&mut self.availability, &body, &mut draft.lints))
    }

    fn replace(&mut self, path: ServicePath<'_>, draft: &mut Draft) -> Result<Value, Stop> {
        let body = read("ReplaceServiceAvailabilityRequest", draft)?;
        self.authorize(path.partner)?;
        note(draft, "ServiceAvailability", &body);
        if let Some(entry) = body.get("serviceAvailability").and_then(Value::as_object) {
            let (merchant, service) = (path.merchant, path.service);
            let update = Update {
                merchant,
                service,
                entry,
            };
            strike(self.faults.on_update(update, &draft.credential))?;
        }
        Ok(replace::single(
            &mut self.availability,
            path,
            &body,
            &mut draft.lints,
        )?)
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
        Err(ApiError::new(
            Code::PermissionDenied,
            "The caller does not have permission",
        ))
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
        let mut call = draft.into_call(
            self.answered,
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
        }
        self.calls.push(call);
    }

    /// Something goes wrong with the next calls about a booking or a slot, so often. What is armed strikes in order.
    pub fn arm(&mut self, aim: Aim, fault: Fault, times: u32) {
        self.faults.arm(aim, fault, times, Some(self.tokens.newest()));
    }

    /// Something will go wrong with calls that are still far away: a revoked token is the first one that is shown.
    pub fn schedule(&mut self, aim: Aim, fault: Fault, times: u32) {
        self.faults.arm(aim, fault, times, None);
    }

    /// Whatever is armed for a booking or a slot strikes no more.
    pub fn disarm(&mut self, aim: &Aim) {
        self.faults.disarm(aim);
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

    /// Google's own change of a status; false when the booking is unknown.
    pub fn set_status(&mut self, booking_id: &str, status: BookingStatus) -> bool {
        let copy = self.bookings.get_mut(booking_id);
        copy.map(|copy| copy.status = status).is_some()
    }

    /// Google's copy of a booking.
    pub fn booking(&self, booking_id: &str) -> Option<&BookingCopy> {
        self.bookings.get(booking_id)
    }

    /// Of what the partner tells about its availability about so many bytes are kept; see [`Availability::forgotten`].
    pub fn limit_availability(&mut self, bytes: usize) {
        self.availability.limit(bytes);
    }

    /// What the partner has told about its availability.
    pub fn availability(&self) -> &Availability {
        &self.availability
    }
}

/// The version of the API whose description is asked for.
fn version(draft: &Draft) -> Option<&str> {
    let mut fields = draft.query.fields.iter();
    let (_, version) = fields.find(|(name, _)| name == "version")?;
    Some(version)
}

fn strike(fault: Option<Fault>) -> Result<(), Stop> {
    fault.map_or(Ok(()), |fault| Err(Stop::Fault(fault)))
}

fn read(message: &str, draft: &mut Draft) -> Result<Map<String, Value>, Stop> {
    // The whole message is the body, so no field is left that a parameter could bind.
    let bound: Vec<&str> = v1alpha().message(message).map_or_else(Vec::new, |message| {
        message
            .fields
            .iter()
            .map(|field| field.json_name.as_str())
            .collect()
    });
    query::bind(v1alpha(), message, &bound, &draft.query.fields)?;
    let decoded = decode_parsed(v1alpha(), message, "", draft.plain())?;
    draft.lints.extend(decoded.lints);
    Ok(decoded.value)
}

fn note(draft: &mut Draft, answer: &'static str, body: &Map<String, Value>) {
    draft.decoded = Some(Value::Object(body.clone()));
    draft.message = Some(answer);
}

fn content_type(request: &Request, draft: &Draft) -> Option<Lint> {
    let sent = request.header("content-type");
    let media_type = sent
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let fine = draft.body.is_empty() || media_type.eq_ignore_ascii_case("application/json");
    (!fine).then(|| Lint::ContentType {
        sent: sent.map(str::to_owned),
    })
}

#[cfg(test)]
#[path = "google_tests.rs"]
mod tests;
