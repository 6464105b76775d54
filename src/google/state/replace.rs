//! The two replace methods: what a partner says about the slots of its services.

use crate::api::canonical::without_defaults;
use crate::api::error::ApiError;
use crate::api::lint::Lint;
use crate::state::availability::{Availability, AvailabilityEntry, Restriction};
use serde_json::{Map, Value, json};

/// Method 3: each entry on its own; only what was applied comes back.
///
/// `is_deleted` knows the services that the partner has taken away.
pub(crate) fn apply_batch(
    state: &mut Availability,
    body: &Map<String, Value>,
    is_deleted: impl Fn(&str, &str) -> bool,
    lints: &mut Vec<Lint>,
) -> Value {
    let mut applied = Vec::new();
    for (index, entry) in entries(body, "extendedServiceAvailability").enumerate() {
        match apply_entry(state, entry, &is_deleted) {
            Ok(()) => applied.push(Value::Object(without_defaults(
                "ExtendedServiceAvailability",
                entry,
            ))),
            Err(reason) => lints.push(Lint::EntryDropped {
                index,
                reason: reason.to_owned(),
            }),
        }
    }
    if applied.is_empty() {
        json!({})
    } else {
        json!({ "extendedServiceAvailability": applied })
    }
}

fn apply_entry(
    state: &mut Availability,
    entry: &Map<String, Value>,
    is_deleted: impl Fn(&str, &str) -> bool,
) -> Result<(), &'static str> {
    let id = |name: &str| {
        entry
            .get(name)
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
    };
    let merchant = id("merchantId").ok_or("no merchantId")?;
    let service = id("serviceId").ok_or("no serviceId")?;
    if is_deleted(merchant, service) {
        return Err("the merchant or the service was deleted");
    }
    let slots = read_slots(entry).ok_or("a slot without startTime")?;
    state.replace(merchant, service, Restriction::read(entry), slots);
    Ok(())
}

/// The service that a URL addresses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServicePath<'a> {
    pub(crate) partner: &'a str,
    pub(crate) merchant: &'a str,
    pub(crate) service: &'a str,
}

/// Method 4: one service, named by the URL.
pub(crate) fn apply_single(
    state: &mut Availability,
    path: ServicePath<'_>,
    body: &Map<String, Value>,
    lints: &mut Vec<Lint>,
) -> Result<Value, ApiError> {
    let Some(entry) = body.get("serviceAvailability").and_then(Value::as_object) else {
        return Err(ApiError::invalid(
            "service_availability",
            "The service availability is required.",
        ));
    };
    let Some(slots) = read_slots(entry) else {
        return Err(ApiError::invalid(
            "service_availability.availability",
            "Each slot needs a start time.",
        ));
    };
    let name = format!(
        "partners/{}/merchants/{}/services/{}",
        path.partner, path.merchant, path.service
    );
    let sent = entry.get("name").and_then(Value::as_str).unwrap_or_default();
    if !sent.is_empty() && sent != name {
        lints.push(Lint::NameMismatch {
            sent: sent.to_owned(),
        });
    }
    state.replace(path.merchant, path.service, Restriction::read(entry), slots);
    let mut answer = Map::from_iter([("name".to_owned(), Value::from(name))]);
    answer.extend(
        without_defaults("ServiceAvailability", entry)
            .into_iter()
            .filter(|(key, _)| key != "name"),
    );
    Ok(Value::Object(answer))
}

fn entries<'a>(body: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    body.get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

fn read_slots(entry: &Map<String, Value>) -> Option<Vec<AvailabilityEntry>> {
    entries(entry, "availability")
        .map(AvailabilityEntry::read)
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::check_own;
    use crate::state::availability::SlotReport;

    const PATH: ServicePath<'static> = ServicePath {
        partner: "20",
        merchant: "m",
        service: "s",
    };

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn slot() -> Value {
        json!({ "startTime": "1970-01-01T00:01:40Z", "duration": "60s", "spotsTotal": "1", "spotsOpen": "0" })
    }

    #[test]
    fn a_batch_answers_with_what_was_applied() {
        let good = json!({ "merchantId": "m", "serviceId": "s", "availability": [slot()] });
        let body = object(&json!({ "extendedServiceAvailability": [
            { "serviceId": "s" }, good, { "merchantId": "m", "serviceId": "t", "availability": [{ "spotsOpen": "1" }] },
        ]}));
        let (mut state, mut lints) = (Availability::default(), Vec::new());
        let answer = apply_batch(&mut state, &body, |_, _| false, &mut lints);
        let mut sent = good.clone();
        sent["availability"][0]
            .as_object_mut()
            .unwrap()
            .remove("spotsOpen");
        assert_eq!(answer, json!({ "extendedServiceAvailability": [sent] }));
        assert_eq!(
            check_own(&answer, "BatchReplaceServiceAvailabilityResponse"),
            Ok(())
        );
        let dropped: Vec<String> = lints.iter().map(ToString::to_string).collect();
        assert_eq!(
            dropped,
            [
                "entry 0 was not applied: no merchantId",
                "entry 2 was not applied: a slot without startTime"
            ]
        );
        assert!(
            matches!(state.report("m", "s", 100), SlotReport::Slots(slots) if slots[0].open_at(100) == 0)
        );
        assert_eq!(state.report("m", "t", 100), SlotReport::Never);
    }

    #[test]
    fn a_single_service_is_named_by_the_url() {
        let body = object(
            &json!({ "serviceAvailability": { "availability": [slot()], "name": "partners/20/merchants/x/services/s" } }),
        );
        let (mut state, mut lints) = (Availability::default(), Vec::new());
        let answer = apply_single(&mut state, PATH, &body, &mut lints).unwrap();
        assert_eq!(answer["name"], "partners/20/merchants/m/services/s");
        assert_eq!(check_own(&answer, "ServiceAvailability"), Ok(()));
        assert_eq!(
            lints,
            [Lint::NameMismatch {
                sent: "partners/20/merchants/x/services/s".to_owned()
            }]
        );
        assert!(matches!(state.report("m", "s", 100), SlotReport::Slots(_)));
    }

    #[test]
    fn a_single_service_needs_a_body_and_slots_a_start() {
        let mut state = Availability::default();
        for body in [
            json!({}),
            json!({ "serviceAvailability": { "availability": [{}] } }),
        ] {
            assert_eq!(
                apply_single(&mut state, PATH, &object(&body), &mut Vec::new())
                    .unwrap_err()
                    .http(),
                400
            );
        }
        assert_eq!(state, Availability::default());
    }
}
