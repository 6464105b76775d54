//! What is charged, held and given back, as the partner's books show it.

use crate::gateway::{edit_ledger, edit_ledger_entries};
use crate::wire::created_part;
use crate::{Amendments, Defect, id};
use serde_json::json;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "prepayment-never-charged",
        about: "Prepaid slots are confirmed and reported as paid, but nothing is charged.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-PREPAY-02")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.is_prepaid() {
                    lines.clear();
                }
            })
        },
    },
    Defect {
        name: "surcharge",
        about: "Prepayments cost one unit more than price and tax.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-PREPAY-03")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                let charges = lines.iter_mut().filter(|line| line.kind == "charge");
                if sale.is_prepaid() {
                    charges.for_each(|line| line.amount_micros += 1_000_000);
                }
            })
        },
    },
    Defect {
        name: "charged-in-francs",
        about: "Whatever the feed says, cards are charged in Swiss francs.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("AMT-10")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger_entries(|line| {
                if line.amount_micros > 0 {
                    "CHF".clone_into(&mut line.currency);
                }
            })
        },
    },
    Defect {
        name: "own-transaction-ids",
        about: "Transaction ids are those of the own system, which the processor does not know.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-COM-09")],
        amendments: Amendments::NONE,
        seams: || edit_ledger_entries(|line| line.id = format!("pi_{}", line.id)),
    },
    Defect {
        name: "refund-said-but-not-made",
        about: "The refund of a deposit is reported, and the money stays where it is.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("PAY-DEP-06")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.payment().get("deposit").is_some() && sale.was("user_cancel_at_partner") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
    Defect {
        name: "refunded-twice",
        about: "The refund of a deposit is booked twice.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("PAY-DEP-06")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                let refund = lines.iter().find(|line| line.kind == "refund").cloned();
                if sale.payment().get("deposit").is_some() && sale.was("user_cancel_at_partner") {
                    lines.extend(refund);
                }
            })
        },
    },
    Defect {
        name: "card-told-as-payment",
        about: "A booking of a slot that only requires a card is answered as paid.",
        scenario: "card/credit-card-required",
        violates: &[id("PAY-CARD-02")],
        amendments: Amendments::NONE,
        seams: || {
            created_part("/payment_information", |payment| {
                let nothing = payment.get("no_show_fee").is_none() && payment.get("deposit").is_none();
                if nothing && payment.get("payment_processed_by").is_some() {
                    payment["prepayment_status"] = json!("PREPAYMENT_PROVIDED");
                }
            })
        },
    },
    Defect {
        name: "deposit-with-a-service-charge",
        about: "Deposits per person cost a little more than what was agreed, until they are refunded.",
        scenario: "deposit/per-person",
        violates: &[id("PAY-COM-13")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.payment()["deposit"]["deposit_type"] == "PER_PERSON" {
                    let moved = lines.iter_mut().filter(|line| line.amount_micros > 0);
                    moved.for_each(|line| line.amount_micros += 500_000);
                }
            })
        },
    },
    Defect {
        name: "fee-charged-at-booking",
        about: "The fee for not coming is charged with the booking.",
        scenario: "no-show/cancelled-in-time",
        violates: &[id("PAY-NOSHOW-02")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.has_fee_alone() {
                    lines.insert(0, sale.charge("/no_show_fee/fee"));
                }
            })
        },
    },
    Defect {
        name: "fee-for-every-cancellation",
        about: "Whoever cancels pays the fee for not coming, however early.",
        scenario: "no-show/cancelled-in-time",
        violates: &[id("PAY-NOSHOW-05")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.has_fee_alone() && sale.was("google") && sale.service() != "trim-secured" {
                    lines.push(sale.charge("/no_show_fee/fee"));
                }
            })
        },
    },
    Defect {
        name: "window-of-its-own",
        about: "Where no window is configured, cancelling on the day costs the fee for not coming.",
        scenario: "no-show/cancelled-before-start",
        violates: &[id("PAY-NOSHOW-06")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.has_fee_alone() && sale.was("google") && sale.service() == "trim-secured" {
                    lines.push(sale.charge("/no_show_fee/fee"));
                }
            })
        },
    },
    Defect {
        name: "fee-doubled",
        about: "Twice the fee for not coming is charged.",
        scenario: "no-show/fee-per-person",
        violates: &[id("PAY-NOSHOW-07")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                let charges = lines.iter_mut().filter(|line| line.kind == "charge");
                if sale.was("charge_no_show_fee") {
                    charges.for_each(|line| line.amount_micros *= 2);
                }
            })
        },
    },
    Defect {
        name: "card-charged",
        about: "Where only a card is required its price is charged.",
        scenario: "card/credit-card-required",
        violates: &[id("PAY-CARD-04")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.has_card_alone() {
                    lines.push(sale.charge("/price"));
                }
            })
        },
    },
    Defect {
        name: "deposit-kept-from-the-merchant",
        about: "When the merchant cancels after the cutoff, the deposit is kept as if the user had cancelled.",
        scenario: "mixed/merchant-cancels",
        violates: &[id("PAY-MIX-03")],
        amendments: Amendments::NONE,
        seams: || {
            edit_ledger(|sale, lines| {
                if sale.payment().get("no_show_fee").is_some() && sale.was("merchant_cancel") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
];
