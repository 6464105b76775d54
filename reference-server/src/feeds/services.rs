//! The services feed.

use super::json::{price, text};
use crate::inventory::{CardRule, Merchant, OnlineTerms, Rules, Service, ServiceKind, Ticket};
use crate::messages::{Price, PriceType};
use serde_json::{Value, json};

pub(super) fn records(merchants: &[Merchant]) -> Vec<Value> {
    let of_merchant = |merchant| services_of(merchant);
    merchants.iter().flat_map(of_merchant).collect()
}

fn services_of(merchant: &Merchant) -> impl Iterator<Item = Value> {
    merchant
        .services
        .iter()
        .map(move |service| record(merchant, service))
}

fn record(merchant: &Merchant, service: &Service) -> Value {
    let mut record = json!({
        "merchant_id": merchant.id,
        "service_id": service.id,
        "localized_service_name": text(service.name),
        "localized_description": text(service.description),
        "type": kind(&service.kind),
        "price": price(&Price::new(service.price, merchant.currency)),
        "rules": rules(&service.rules),
    });
    add_payment(&mut record, merchant, service);
    if let Some(rules) = service.waitlist {
        record["waitlist_rules"] = json!({
            "min_party_size": rules.min_party_size,
            "max_party_size": rules.max_party_size,
        });
    }
    if !service.tickets.is_empty() {
        let types = service.tickets.iter().map(|ticket| ticket_type(merchant, ticket));
        record["ticket_type"] = types.collect();
    }
    if let Some(online) = service.online_terms() {
        add_online(&mut record, online);
    }
    record
}

fn ticket_type(merchant: &Merchant, ticket: &Ticket) -> Value {
    let mut record = json!({
        "ticket_type_id": ticket.id,
        "localized_short_description": text(ticket.name),
        "price": price(&Price::new(ticket.price, merchant.currency)),
    });
    if ticket.fee > 0 {
        let charge = price(&Price::new(ticket.fee, merchant.currency));
        record["per_ticket_fee"] = json!({ "service_charge": charge });
    }
    record
}

fn kind(kind: &ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Appointment => "SERVICE_TYPE_APPOINTMENT",
        ServiceKind::Dining => "SERVICE_TYPE_DINING_RESERVATION",
        ServiceKind::Online(_) => "SERVICE_TYPE_ONLINE_APPOINTMENT",
    }
}

fn rules(rules: &Rules) -> Value {
    let mut record = json!({ "min_advance_booking": rules.min_advance_booking });
    if let Some(lead) = rules.min_advance_online_canceling {
        record["min_advance_online_canceling"] = json!(lead);
    }
    if !rules.refund_steps.is_empty() {
        let steps: Vec<_> = rules.refund_steps.iter().map(refund_step).collect();
        record["cancellation_policy"] = json!({ "refund_condition": steps });
    }
    record
}

fn refund_step((lead, percent): &(i64, i64)) -> Value {
    json!({ "min_duration_before_start_time_sec": lead, "refund_percent": percent })
}

fn add_payment(record: &mut Value, merchant: &Merchant, service: &Service) {
    if service.prepaid {
        record["prepayment_type"] = json!("REQUIRED");
        record["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
    }
    if service.card == CardRule::Always {
        record["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_ALWAYS");
    }
    if let Some(fee) = service.no_show_fee {
        record["no_show_fee"] = fee_record(&Price::new(fee.amount, merchant.currency), fee.kind);
    }
    if let Some(terms) = service.deposit {
        let amount = Price::new(terms.amount, merchant.currency);
        record["deposit"] = deposit_record(&amount, terms.kind, terms.min_advance_cancellation_sec);
    }
}

pub(super) fn fee_record(fee: &Price, kind: PriceType) -> Value {
    json!({ "fee": price(fee), "fee_type": kind })
}

pub(super) fn deposit_record(deposit: &Price, kind: PriceType, cutoff_sec: i64) -> Value {
    json!({ "deposit": price(deposit), "min_advance_cancellation_sec": cutoff_sec, "deposit_type": kind })
}

fn add_online(record: &mut Value, online: &OnlineTerms) {
    let mut platform = json!({ "platform": online.platform });
    if let Some(name) = online.other_platform_name {
        platform["other_platform_name"] = text(name);
    }
    record["virtual_session"] = json!({
        "session_instructions": text(online.instructions),
        "session_requirements": text(online.requirements),
        "virtual_platform_info": platform,
        "is_session_prerecorded": false,
    });
    if !online.direct_payment_methods.is_empty() {
        let methods: Vec<_> = online
            .direct_payment_methods
            .iter()
            .map(|method| text(method))
            .collect();
        record["direct_merchant_payment"] = json!({ "payment_methods": methods });
        record["prepayment_type"] = json!("NOT_SUPPORTED");
    }
}
