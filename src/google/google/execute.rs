//! What the methods of the API do.

use super::Google;
use crate::api::draft::Draft;
use crate::api::error::{ApiError, Stop};
use crate::api::incoming::{self, Incoming};
use crate::api::methods::ResourceKind;
use crate::api::routing::{Act, Route};
use crate::api::wire::Request;
use crate::faults::{CallSubject, ServiceUpdate};
use crate::state::bookings::Patch;
use crate::state::records;
use crate::state::replace::{self, ServicePath};
use crate::state::resources::ResourceKey;
use crate::state::status::StatusSource;
use domain::Fault;
use jiff::Timestamp;
use serde_json::{Map, Value};

impl Google {
    pub(super) fn execute(
        &mut self,
        request: &Request,
        now: Timestamp,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        match draft.route.clone() {
            Route::Booking { partner, booking_id } => {
                self.strike(CallSubject::Booking(&booking_id), draft)?;
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
            Route::Resource {
                act,
                kind,
                partner,
                ids,
            } => {
                self.strike(CallSubject::Other, draft)?;
                self.resource(act, &partner, ResourceKey { kind, ids }, draft)
            }
            Route::Records { partner, delete, .. } => {
                self.strike(CallSubject::Other, draft)?;
                let incoming = self.read(&partner, draft)?;
                let checked = records::check(&incoming.body, delete);
                draft.decoded = Some(Value::Object(incoming.body));
                checked?;
                Ok(Value::Object(Map::new()))
            }
            Route::Status { of, partner, ids } => {
                self.strike(CallSubject::Other, draft)?;
                let query = self.read(&partner, draft)?.query;
                let source = StatusSource {
                    partner: &partner,
                    resources: &self.resources,
                    availability: &self.availability,
                    now,
                };
                source.answer(of, &ids, &query)
            }
            Route::Invalidation { partner, .. } => {
                self.strike(CallSubject::Other, draft)?;
                self.read(&partner, draft)?;
                // Nobody subscribes to a resource here, and whatever nobody subscribed to is ignored.
                Ok(Value::Object(Map::new()))
            }
            Route::Batch | Route::Token | Route::Discovery | Route::Unknown => {
                Err(ApiError::not_found().into())
            }
        }
    }

    fn patch(
        &mut self,
        request: &Request,
        now: Timestamp,
        (partner, booking_id): (&str, &str),
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let body = self.read(partner, draft)?.body;
        let patch = Patch {
            partner,
            booking_id,
            masks: self.config.masks,
            at: request.at,
            now,
        };
        let updated = self.bookings.update(&patch, &body, draft);
        draft.decoded = Some(Value::Object(body));
        updated
    }

    fn replace_batch(&mut self, partner: &str, draft: &mut Draft) -> Result<Value, Stop> {
        let mut body = self.read(partner, draft)?.body;
        draft.decoded = Some(Value::Object(body.clone()));
        let entries = body.get("extendedServiceAvailability").and_then(Value::as_array);
        let updates: Vec<_> = entries
            .into_iter()
            .flatten()
            .filter_map(ServiceUpdate::of_entry)
            .collect();
        self.strike(CallSubject::Updates(&updates), draft)?;
        if self.faults.omit(&mut body) {
            draft.fault = Some(Fault::Omitted);
        }
        let is_deleted = |merchant: &str, service: &str| self.resources.is_deleted(merchant, service);
        Ok(replace::apply_batch(
            &mut self.availability,
            &body,
            is_deleted,
            &mut draft.lints,
        ))
    }

    fn replace(&mut self, path: ServicePath<'_>, draft: &mut Draft) -> Result<Value, Stop> {
        let body = self.read(path.partner, draft)?.body;
        draft.decoded = Some(Value::Object(body.clone()));
        if self.resources.is_deleted(path.merchant, path.service) {
            return Err(ApiError::not_found().into());
        }
        let entry = body.get("serviceAvailability").and_then(Value::as_object);
        let update = entry.map(|entry| ServiceUpdate {
            merchant: path.merchant,
            service: path.service,
            entry,
        });
        self.strike(CallSubject::Updates(update.as_slice()), draft)?;
        Ok(replace::apply_single(
            &mut self.availability,
            path,
            &body,
            &mut draft.lints,
        )?)
    }

    fn resource(
        &mut self,
        act: Act,
        partner: &str,
        key: ResourceKey,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let incoming = self.read(partner, draft)?;
        if matches!(act, Act::Create | Act::Patch) {
            draft.decoded = Some(Value::Object(incoming.body.clone()));
        }
        match act {
            Act::Get => self.resources.get(partner, &key),
            Act::Create => self
                .resources
                .create((partner, key.kind, key.ids), &incoming, draft),
            Act::Patch => self
                .resources
                .patch((partner, self.config.masks), key, &incoming, draft),
            Act::Delete => {
                self.resources.delete(&key)?;
                if let (ResourceKind::Service, [merchant, service]) = (key.kind, key.ids.as_slice()) {
                    self.availability.forget(merchant, service);
                }
                Ok(Value::Object(Map::new()))
            }
        }
    }

    /// Body and query of a call by the partner that the path names.
    fn read(&self, partner: &str, draft: &mut Draft) -> Result<Incoming, Stop> {
        let method = draft.route.method().ok_or_else(ApiError::not_found)?;
        let incoming = incoming::read(method, draft)?;
        self.authorize(partner)?;
        draft.message = method.response;
        Ok(incoming)
    }
}
