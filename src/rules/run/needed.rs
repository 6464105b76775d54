//! INV-29

use super::resource_update::{ServiceUpdate, Treatment, merchant_update, service_update};
use super::{ReportedBooking, reported_bookings};
use crate::inventory::updates::in_run;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, ServiceTerms, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::Slot;
use feeds::PrepaymentType;
use protocol::{Method, time};
use serde_json::Value;
use std::collections::BTreeSet;
use transcript::{ResourceAct, ResourceCall};

const NEEDED: RequirementId = RequirementId::declared("INV-29");

pub(crate) static RULE: Rule = Rule {
    name: "run/needed",
    requirements: &[NEEDED],
    manual: "Looks at calls that Google's API took and that take something away: a merchant or a service that is deleted, and not made again \
             in this run, while the feeds offer later slots of it or bookings of this run are CONFIRMED there; payment options that an update \
             of the merchant no longer lists and that slots or services of the feeds name; and price, prepayment, deposit, fee or payment \
             options that the mask of a service update names and the update does not have, while slots of the feed take them from the service. \
             Slots that inventory updates closed are not counted. The feed may be what is out of date, so that it warns.",
    scope: Scope::Run(judge),
};

/// What a call takes away.
enum Effect {
    /// Nothing that something could need.
    Nothing,
    /// What nothing needs.
    Harmless,
    /// What something needs.
    Loss(Loss),
}

impl From<Option<Loss>> for Effect {
    fn from(loss: Option<Loss>) -> Self {
        loss.map_or(Self::Harmless, Self::Loss)
    }
}

/// Something that is gone, and what needs it.
struct Loss {
    message: String,
    pointer: Option<String>,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for (index, call) in run.resource_calls.iter().enumerate() {
        if !call.is_stored() {
            continue;
        }
        match effect(run, index, call) {
            Effect::Nothing => {}
            Effect::Harmless => verdicts.pass(NEEDED),
            Effect::Loss(Loss { message, pointer }) => {
                let proof = Proof {
                    pointer,
                    ..Proof::default()
                };
                let proof = proof.expected("what slots and bookings need");
                verdicts.fail(NEEDED, proof.actual(call.target.as_str()), message);
            }
        }
    }
}

fn effect(run: &Run<'_>, index: usize, call: &ResourceCall) -> Effect {
    match &call.act {
        ResourceAct::DeleteMerchant { merchant_id } => deleted(run, index, (merchant_id, None)).into(),
        ResourceAct::DeleteService {
            merchant_id,
            service_id,
        } => deleted(run, index, (merchant_id, Some(service_id))).into(),
        act => {
            let update = service_update(act);
            let loss = update.map_or_else(|| dropped(run, act), |update| cleared(run, &update));
            loss.unwrap_or(Effect::Nothing)
        }
    }
}

/// The slots and bookings that a deleted merchant or service leaves behind.
fn deleted(run: &Run<'_>, index: usize, (merchant, service): (&str, Option<&str>)) -> Option<Loss> {
    let (call, later) = (&run.resource_calls[index], &run.resource_calls[index + 1..]);
    if later
        .iter()
        .any(|later| later.is_stored() && makes(&later.act, merchant, service))
    {
        return None;
    }
    let now_sec = run.cases.first()?.epoch_sec(call.at_ms);
    let updates = in_run(run);
    let is_open = |slot: &&Slot| !updates.iter().any(|update| update.closes(slot));
    let of_it = run.slots.iter().filter(|slot| {
        slot.merchant_id == merchant && service.is_none_or(|service| slot.service_id == service)
    });
    let open: Vec<_> = of_it
        .filter(|slot| slot.start_sec > now_sec && slot.spots_open > 0)
        .filter(is_open)
        .collect();
    let bookings = reported_bookings(run);
    let booking = bookings.iter().find(|booking| {
        let is_of_it =
            service.is_none_or(|service| reading::text(booking.slot, "/service_id") == Some(service));
        booking.merchant == merchant && is_of_it && stands(run, booking, call.at_ms, now_sec)
    });
    let mut needs = Vec::new();
    if let Some(first) = open.iter().map(|slot| slot.start_sec).min() {
        let first = time::seconds_to_timestamp(first).unwrap_or_default();
        needs.push(format!(
            "the feed offers {} of its slots from {first} on",
            open.len()
        ));
    }
    needs.extend(booking.map(|booking| format!("booking {} is CONFIRMED", booking.id)));
    let what = match service {
        Some(service) => format!("the service \"{service}\" of merchant \"{merchant}\""),
        None => format!("the merchant \"{merchant}\""),
    };
    (!needs.is_empty()).then(|| Loss {
        message: format!(
            "{what} was deleted while {}; Google takes its slots off",
            needs.join(" and ")
        ),
        pointer: None,
    })
}

fn makes(act: &ResourceAct, merchant: &str, service: Option<&str>) -> bool {
    match (act, service) {
        (ResourceAct::CreateMerchant { id, .. }, None) => id.as_deref() == Some(merchant),
        (ResourceAct::CreateService { merchant_id, id, .. }, Some(service)) => {
            merchant_id == merchant && id.as_deref() == Some(service)
        }
        _ => false,
    }
}

/// True when a booking of later than now had not ended by then.
fn stands(run: &Run<'_>, booking: &ReportedBooking<'_>, at_ms: u64, now_sec: i64) -> bool {
    let start = reading::number(booking.slot, "/start_sec");
    let case = run.cases.iter().find(|case| case.scenario.id == booking.scenario);
    booking.sent_ms < at_ms
        && reading::text(booking.booking, "/status").is_none_or(|status| status == "CONFIRMED")
        && start.is_some_and(|start| start > now_sec)
        && case.is_some_and(|case| !has_ended(case, booking.id, at_ms))
}

fn has_ended(case: &Case<'_>, id: &str, at_ms: u64) -> bool {
    let mut by_google = case
        .transcript
        .exchanges_of(Method::UpdateBooking)
        .filter(|exchange| {
            let booking = exchange
                .request_value("/booking/booking_id")
                .and_then(Value::as_str);
            exchange.sent_ms <= at_ms && booking == Some(id)
        });
    // A change that is on its way leaves open what the booking is.
    by_google.any(|exchange| exchange.request_value("/booking/status").is_some())
        || case.calls_about(id).any(|call| {
            let after = call.notification.after.as_ref();
            let status = after.and_then(|after| reading::text(after, "/status"));
            call.at_ms <= at_ms && status.is_some_and(|status| status != "CONFIRMED")
        })
}

/// Payment options that a merchant no longer has, and the tokenization without which no card is taken.
fn dropped(run: &Run<'_>, act: &ResourceAct) -> Option<Effect> {
    let update = merchant_update(act)?;
    let offer = run.cases.first()?.offer;
    let known = offer.merchants.get(update.merchant)?;
    let merchant = update.merchant;
    if let Treatment::Cleared = update.sent.treatment("tokenizationConfig") {
        let mut slots = run.slots.iter().filter(|slot| slot.merchant_id == merchant);
        let needs = known.tokenization.is_some() && slots.any(|slot| slot.terms.card_required);
        if needs {
            return Some(Effect::Loss(Loss {
                message: format!(
                    "an update of the merchant \"{merchant}\" takes \"tokenizationConfig\" away, without which no card can be taken; \
                     slots of the feed need one"
                ),
                pointer: Some("/tokenizationConfig".to_owned()),
            }));
        }
    }
    let kept: BTreeSet<&str> = match update.sent.treatment("paymentOption") {
        Treatment::Untouched => return None,
        Treatment::Cleared => BTreeSet::new(),
        Treatment::Stated(list) => {
            let list = list.as_array().into_iter().flatten();
            list.filter_map(|option| reading::text(option, "/paymentOptionId"))
                .collect()
        }
    };
    let services = offer.services.iter().filter(|((of, _), _)| of == merchant);
    let named = services.flat_map(|(_, service)| service.payment_option_ids.iter());
    let slots = run.slots.iter().filter(|slot| slot.merchant_id == merchant);
    let named = named.chain(slots.filter_map(|slot| slot.terms.payment_option_id.as_ref()));
    let needed: BTreeSet<&str> = named
        .map(String::as_str)
        .filter(|id| known.options.contains_key(*id))
        .collect();
    if needed.is_empty() {
        return None;
    }
    let dropped = needed.into_iter().find(|id| !kept.contains(id));
    let loss = dropped.map(|id| Loss {
        message: format!(
            "an update of the merchant \"{merchant}\" has no payment option \"{id}\", which slots or services of the feed name"
        ),
        pointer: Some("/paymentOption".to_owned()),
    });
    Some(loss.into())
}

/// What a slot takes from its service.
struct Inherited {
    field: &'static str,
    /// True when the slot has it, and has it from the service.
    has: fn(&Slot, &ServiceTerms) -> bool,
}

static INHERITED: [Inherited; 5] = [
    Inherited {
        field: "price",
        has: |slot, service| {
            let price = slot.terms.price.as_ref().filter(|price| price.price_micros != 0);
            slot.terms.payment_option_id.is_none() && price.is_some() && price == service.price.as_ref()
        },
    },
    Inherited {
        field: "prepaymentType",
        has: |slot, service| slot.terms.prepayment && service.prepayment_type == PrepaymentType::Required,
    },
    Inherited {
        field: "deposit",
        has: |slot, service| slot.terms.deposit.is_some() && slot.terms.deposit == service.deposit,
    },
    Inherited {
        field: "noShowFee",
        has: |slot, service| {
            slot.terms.no_show_fee.is_some() && slot.terms.no_show_fee == service.no_show_fee
        },
    },
    Inherited {
        field: "paymentOptionId",
        has: |slot, service| {
            let id = slot.terms.payment_option_id.as_ref();
            id.is_some_and(|id| service.payment_option_ids.contains(id))
        },
    },
];

/// Terms that the mask names and the update does not have.
fn cleared(run: &Run<'_>, update: &ServiceUpdate<'_>) -> Option<Effect> {
    let offer = run.cases.first()?.offer;
    let key = (update.merchant.to_owned(), update.service.to_owned());
    let service = offer.services.get(&key)?;
    let cleared: Vec<_> = INHERITED
        .iter()
        .filter(|term| matches!(update.sent.treatment(term.field), Treatment::Cleared))
        .collect();
    if cleared.is_empty() {
        return None;
    }
    let slots = || {
        let slots = run.slots.iter();
        slots.filter(|slot| slot.merchant_id == key.0 && slot.service_id == key.1)
    };
    let needed = cleared.into_iter().find_map(|term| {
        let count = slots().filter(|slot| (term.has)(slot, service)).count();
        (count > 0).then_some((term.field, count))
    });
    let loss = needed.map(|(field, count)| Loss {
        message: format!(
            "an update of the service \"{}\" of merchant \"{}\" takes \"{field}\" away, which {count} slots of the feed have from the service",
            update.service, update.merchant
        ),
        pointer: Some(format!("/{field}")),
    });
    Some(loss.into())
}

#[cfg(test)]
mod tests;
