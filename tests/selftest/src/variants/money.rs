//! Right ways of dealing with money and of telling about it.

use crate::gateway::edit_ledger;
use crate::wire::{Memory, created_part, text};
use crate::{Amendments, Variant};
use reference_server::{LedgerEntry, Seams};
use serde_json::json;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "closed-books",
        about: "Nobody may look into the partner's books.",
        tolerated: &[],
        seams: Seams::default,
        amendments: Amendments {
            no_ledger: true,
            ..Amendments::NONE
        },
    },
    Variant {
        name: "held-then-captured",
        about: "Amounts are authorized first and captured in the same moment, and the books name no transactions.",
        tolerated: &[],
        seams: || edit_ledger(|_, lines| *lines = lines.iter().flat_map(in_two).collect()),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "money-alone-in-the-books",
        about: "The books do not tell of cards that are merely kept.",
        tolerated: &[],
        seams: || edit_ledger(|_, lines| lines.retain(|line| line.kind != "store_card")),
        amendments: Amendments::NONE,
    },
    Variant {
        name: "refunds-take-a-moment",
        about: "What is given back stands in the books a moment later than it is told.",
        tolerated: &[],
        seams: || {
            let looks: Memory<()> = Memory::default();
            edit_ledger(move |sale, lines| {
                let id = text(&sale.booking, "/booking_id").unwrap_or_default();
                let refunded = lines.iter().any(|line| line.kind == "refund");
                if refunded && looks.keep(id, ()).is_none() {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "tax-of-zero",
        about: "Where no tax is due, a tax of nothing is returned.",
        tolerated: &[],
        seams: || {
            created_part("/payment_information", |payment| {
                if payment.get("price").is_some() && payment.get("tax_amount").is_none() {
                    payment["tax_amount"] = payment["price"].clone();
                    payment["tax_amount"]["price_micros"] = json!("0");
                }
            })
        },
        amendments: Amendments::NONE,
    },
];

fn in_two(line: &LedgerEntry) -> Vec<LedgerEntry> {
    let named = |kind: &str| LedgerEntry {
        kind: kind.to_owned(),
        id: String::new(),
        ..line.clone()
    };
    match line.kind.as_str() {
        "charge" => vec![named("hold"), named("capture")],
        other => vec![named(other)],
    }
}
