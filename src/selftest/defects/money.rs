//! What is charged, held and given back, as the partner's books show it.

use crate::selftest::till::books;
use crate::selftest::{Amendments, Defect, id};

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "prepayment-never-charged",
        about: "Prepaid slots are confirmed and reported as paid, but nothing is charged.",
        scenario: "prepayment/full-prepayment",
        violates: &[id("PAY-PREPAY-02")],
        amendments: Amendments::NONE,
        seams: || {
            books(|sale, lines| {
                if sale.is_prepaid() {
                    lines.clear();
                }
            })
        },
    },
    Defect {
        name: "refund-said-but-not-made",
        about: "The refund of a deposit is reported, and the money stays where it is.",
        scenario: "deposit/refund-before-cutoff",
        violates: &[id("PAY-DEP-06")],
        amendments: Amendments::NONE,
        seams: || {
            books(|sale, lines| {
                if sale.was("user_cancel_at_partner") {
                    lines.retain(|line| line.kind != "refund");
                }
            })
        },
    },
];
