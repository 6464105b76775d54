//! What is wrong with no requirement.

use feeds::ProblemCode;
use rules::{RULES, Row, Scope};
use std::collections::BTreeSet;

/// Codes that violate no requirement of their own, and why.
const NOTES: &[(ProblemCode, &str)] = &[
    (ProblemCode::NotAFeed, "files of others may lie beside feeds"),
    (
        ProblemCode::StaleExport,
        "feeds of another day may be looked at, too",
    ),
    (ProblemCode::ByteOrderMark, "no page says what becomes of it"),
    (ProblemCode::TooManySlots, "a limit of this tool"),
    (
        ProblemCode::FileSetDescriptor,
        "of feeds without a booking server, which no requirement is about",
    ),
    (
        ProblemCode::LinkedRecord,
        "of feeds without a booking server, which no requirement is about",
    ),
    (ProblemCode::UnknownField, "fields that are not read harm nothing"),
    (ProblemCode::CamelCase, "no page says that it is not read"),
    (ProblemCode::NoScheme, "a sample of Google has none"),
    (ProblemCode::RulesAlias, "pages of Google print both names"),
    (ProblemCode::RulesConflict, "no page says which of the two counts"),
    (
        ProblemCode::NestedDepositCutoff,
        "a sample of Google has it there",
    ),
    (ProblemCode::ZeroFee, "it can be booked, and nothing is charged"),
    (ProblemCode::DepositExceedsPrice, "no page forbids it"),
    (
        ProblemCode::PrepayOfZero,
        "it can be booked, and nothing is charged",
    ),
    (
        ProblemCode::ChargeLater,
        "a right value; this tool charges at once",
    ),
    (ProblemCode::PrepaymentWithDeposit, "no page forbids it"),
    (ProblemCode::TicketedSlot, "right, and only left out here"),
    (ProblemCode::RedirectedSlot, "right, and only left out here"),
    (ProblemCode::BrokenOption, "what is wrong is told at the merchant"),
    (ProblemCode::NoGateway, "what is wrong is told at the merchant"),
    (ProblemCode::MerchantGone, "merchants leave"),
    (
        ProblemCode::ServiceIdChanged,
        "no page wants ids of services to stay",
    ),
    (ProblemCode::TooManyResources, "no page forbids it"),
    (ProblemCode::TagChanged, "no page wants a tag to stay"),
    (ProblemCode::PriceChanged, "a price may change"),
    (
        ProblemCode::BookedSlotGone,
        "others may have booked the rest, or the slot was taken back",
    ),
    (
        ProblemCode::NoCardAccepted,
        "a merchant may take no cards for a while",
    ),
];

#[test]
fn every_code_violates_a_requirement_or_is_a_note_for_a_reason() {
    let rows = RULES.iter().flat_map(|rule| match rule.scope {
        Scope::Feed(rows) => rows,
        _ => &[],
    });
    let judged: BTreeSet<ProblemCode> = rows.map(Row::code).collect();
    let noted: BTreeSet<ProblemCode> = NOTES.iter().map(|(code, _)| *code).collect();
    let forgotten: Vec<_> = ProblemCode::ALL
        .iter()
        .filter(|code| !judged.contains(code) && !noted.contains(code))
        .collect();
    assert_eq!(
        forgotten,
        Vec::<&ProblemCode>::new(),
        "neither a row nor a reason"
    );
    let both: Vec<_> = judged.intersection(&noted).collect();
    assert_eq!(both, Vec::<&ProblemCode>::new(), "a row, and yet a note");
    assert!(NOTES.iter().all(|(_, why)| !why.is_empty()));
}
