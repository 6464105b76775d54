//! The terms of single slots, currencies, and where the token stands.

use crate::notifications::patches_after;
use crate::wire::{ReceivedCall, Reply, created, created_part, layer, take};
use crate::{Amendments, Defect, id};
use protocol::{Method, int64};
use reference_server::Seams;
use serde_json::{Value, json};

const PAYMENT: &str = "/payment_information";

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "price-of-the-service",
        about: "Payment options are ignored: every colour costs the same.",
        scenario: "overrides/price",
        violates: &[id("PAY-PREPAY-08")],
        amendments: Amendments::NONE,
        seams: || {
            created_part(PAYMENT, |payment| {
                if payment["payment_option_id"] == "po-off-peak-colour" {
                    payment["price"]["price_micros"] = json!("96000000");
                }
            })
        },
    },
    Defect {
        name: "fee-of-the-service",
        about: "The fee for not coming is the service's, whatever the slot says.",
        scenario: "overrides/no-show-fee",
        violates: &[id("PAY-NOSHOW-04")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/no_show_fee/fee/price_micros", |micros| {
                if *micros == "42000000" {
                    *micros = json!("30000000");
                }
            })
        },
    },
    Defect {
        name: "deposit-of-the-service",
        about: "The deposit is the service's, whatever the slot says.",
        scenario: "overrides/deposit",
        violates: &[id("PAY-DEP-04")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/deposit/deposit/price_micros", |micros| {
                if *micros == "90000000" {
                    *micros = json!("60000000");
                }
            })
        },
    },
    Defect {
        name: "card-of-the-service",
        about: "Slots that do without the card of their service are refused without one.",
        scenario: "overrides/no-card",
        violates: &[id("PAY-ARR-02")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(|request| {
                let sent = request.get("payment_processing_parameters").is_some();
                request["slot"]["service_id"] == "consult" && !sent
            })
        },
    },
    Defect {
        name: "yen-in-hundredths",
        about: "Yen are booked as if they had hundredths.",
        scenario: "amounts/no-decimals",
        violates: &[id("PAY-COM-10")],
        amendments: Amendments::NONE,
        seams: || {
            created_part(PAYMENT, |payment| {
                if payment["price"]["currency_code"] == "JPY" {
                    let micros = int64::read(&payment["price"]["price_micros"]).unwrap_or_default();
                    payment["price"]["price_micros"] = json!((micros / 100).to_string());
                }
            })
        },
    },
    Defect {
        name: "dinars-in-hundredths",
        about: "The tax on dinars is rounded to hundredths.",
        scenario: "amounts/three-decimals",
        violates: &[id("PAY-COM-11")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information/tax_amount", |tax| {
                if tax["currency_code"] == "KWD" {
                    let micros = int64::read(&tax["price_micros"]).unwrap_or_default();
                    tax["price_micros"] = json!(((micros + 5_000) / 10_000 * 10_000).to_string());
                }
            })
        },
    },
    Defect {
        name: "tax-where-none-is-due",
        about: "A tax is added although the price is final.",
        scenario: "amounts/no-tax",
        violates: &[id("PAY-COM-11")],
        amendments: Amendments::NONE,
        seams: || {
            created_part(PAYMENT, |payment| {
                if payment.get("no_show_fee").is_some() && payment.get("tax_amount").is_none() {
                    payment["tax_amount"] = payment["price"].clone();
                }
            })
        },
    },
    Defect {
        name: "half-of-two",
        about: "Of a deposit together with a fee for not coming only the deposit is returned.",
        scenario: "mixed/merchant-cancels",
        violates: &[id("PAY-MIX-02")],
        amendments: Amendments::NONE,
        seams: || {
            created(|booking| {
                if booking["payment_information"].get("deposit").is_some() {
                    take(booking, PAYMENT, "no_show_fee");
                }
            })
        },
    },
    Defect {
        name: "refund-told-as-cancellation",
        about: "A refund of the salon is reported as the cancellation of a booking that stands.",
        scenario: "prepayment/goodwill-refund",
        violates: &[id("PAY-COM-18")],
        amendments: Amendments::NONE,
        seams: || {
            patches_after("refund", |message| {
                // Of a deposit another row says that its refund must be told.
                if message.body["merchantId"] != "harbour-salon" {
                    return;
                }
                take(&mut message.body, "", "paymentInformation");
                message.body["status"] = json!("CANCELED");
                message.query = vec![("updateMask".to_owned(), "status".to_owned())];
            })
        },
    },
    Defect {
        name: "token-from-the-deprecated-field",
        about: "Where the deprecated payment_method_token is set, it is taken for the token.",
        scenario: "card/deprecated-fields",
        violates: &[id("BS-PAY-01")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(|request| !request["payment_processing_parameters"]["payment_method_token"].is_null())
        },
    },
    Defect {
        name: "gateway-by-processor",
        about: "The gateway is chosen by the deprecated processor.",
        scenario: "card/deprecated-fields",
        violates: &[id("TOK-09")],
        amendments: Amendments::NONE,
        seams: || {
            refusing(|request| request["payment_processing_parameters"]["processor"] == "PROCESSOR_BRAINTREE")
        },
    },
    Defect {
        name: "no-gateway",
        about: "A merchant takes cards and names no gateway.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-01")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(
                    feed,
                    |record| {
                        record["merchant_id"] == "walkin-west" && record.get("tokenization_config").is_some()
                    },
                    |record| {
                        take(record, "", "tokenization_config");
                    },
                );
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "paid-and-decided-later",
        about: "A slot that is paid in advance is confirmed later.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-02")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(feed, a_slot, |slot| {
                    slot["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS");
                });
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "unknown-payment-option",
        about: "A slot names a payment option that nobody defines.",
        scenario: "overrides/price",
        violates: &[id("OVR-02")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(feed, a_slot, |slot| {
                    slot["payment_option_id"] = json!(["po-none"]);
                });
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "empty-fee",
        about: "A slot has a fee for not coming without an amount.",
        scenario: "no-show/fee-charged",
        violates: &[id("PAY-NOSHOW-01")],
        amendments: Amendments {
            feeds: Some(|feed| change(feed, a_slot, |slot| slot["no_show_fee"] = json!({}))),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "empty-deposit",
        about: "A slot has a deposit without an amount.",
        scenario: "deposit/per-person",
        violates: &[id("PAY-DEP-01")],
        amendments: Amendments {
            feeds: Some(|feed| change(feed, a_slot, |slot| slot["deposit"] = json!({}))),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "optional-prepayment",
        about: "A service lets the user choose whether to pay in advance.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-PREPAY-01")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(
                    feed,
                    |record| record["service_id"] == "spin-class" && record.get("rules").is_some(),
                    |service| {
                        service["prepayment_type"] = json!("OPTIONAL");
                    },
                );
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "negative-price",
        about: "A service costs less than nothing.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("AMT-12")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(
                    feed,
                    |record| record["service_id"] == "majlis-spa" && record.get("rules").is_some(),
                    |service| {
                        service["price"]["price_micros"] = json!("-1");
                    },
                );
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
    Defect {
        name: "per-person-for-nobody",
        about: "A deposit per person stands on a slot without a party size.",
        scenario: "deposit/per-person",
        violates: &[id("AMT-04")],
        amendments: Amendments {
            feeds: Some(|feed| {
                change(
                    feed,
                    |record| record["merchant_id"] == "garden-grill" && record.get("resources").is_some(),
                    |slot| {
                        take(slot, "/resources", "party_size");
                    },
                );
            }),
            ..Amendments::NONE
        },
        seams: Seams::default,
    },
];

/// A slot of a service that has a deposit.
fn a_slot(record: &Value) -> bool {
    record["service_id"] == "late-retreat" && record.get("start_sec").is_some()
}

/// Answers with a payment error without looking any further.
fn refusing(refused: fn(&Value) -> bool) -> Seams {
    layer(move |call: ReceivedCall, server| async move {
        if call.method == Some(Method::CreateBooking) && refused(&call.body) {
            return Reply::new(200, json!({ "booking_failure": { "cause": "PAYMENT_ERROR" } }));
        }
        server.answer(call).await
    })
}

/// The first record of a feed that is meant, at whatever depth it stands.
fn change(feed: &mut Value, meant: fn(&Value) -> bool, edit: fn(&mut Value)) {
    if let Some(record) = find(feed, meant) {
        edit(record);
    }
}

fn find(feed: &mut Value, meant: fn(&Value) -> bool) -> Option<&mut Value> {
    if meant(feed) {
        return Some(feed);
    }
    match feed {
        Value::Array(items) => items.iter_mut().find_map(|item| find(item, meant)),
        Value::Object(fields) => fields.values_mut().find_map(|field| find(field, meant)),
        _ => None,
    }
}
