//! What a slot costs: by its service, or by what it says itself.

use super::directory::{Base, ListedService};
use super::slots::{self, SlotShape};
use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::convert::keep;
use crate::records::merchant::Merchant;
use crate::records::messages::availability::AvailabilityRecord;
use crate::terms::effective::{Overrides, effective};
use domain::slot::{ConfirmationMode, PriceType, Terms};
use std::borrow::Cow;

/// The terms of a slot that can be booked.
pub(super) struct PricedTerms<'t> {
    /// None where something takes their meaning.
    pub(super) terms: Option<Cow<'t, Terms>>,
    /// True when they are the service's, so that their problems are its problems.
    pub(super) by_service: bool,
    /// True when the slot says something of money itself.
    pub(super) overrides: bool,
}

pub(super) fn terms_of<'o>(
    record: &AvailabilityRecord<'_>,
    shape: &SlotShape,
    merchant: &Merchant,
    listed: &'o ListedService,
    record_problems: &mut Vec<RecordProblem>,
) -> Option<PricedTerms<'o>> {
    let overrides = keep(slots::overrides(record, shape, record_problems), record_problems)?;
    record_problems.extend(overrides.as_ref().and_then(|own| own.needless(&listed.service)));
    let overrides_any = overrides.is_some();
    let base = listed.base(merchant);
    // The terms of the service are those of a slot that is confirmed at once, and names no party.
    let plain = shape.confirmation_mode == ConfirmationMode::Synchronous
        && (base.terms.is_ok() || shape.resources.party_size.is_none());
    let priced = if overrides.is_none() && plain {
        PricedTerms {
            terms: base.terms.as_ref().ok().map(Cow::Borrowed),
            by_service: true,
            overrides: false,
        }
    } else {
        let own = overrides.unwrap_or_else(|| slots::no_overrides(shape));
        PricedTerms {
            overrides: overrides_any,
            ..own_terms(own, base, merchant, listed, record_problems)
        }
    };
    record_problems.extend(
        priced
            .terms
            .as_ref()
            .and_then(|terms| party_unknown(terms, shape)),
    );
    Some(priced)
}

fn own_terms<'o>(
    own: Overrides,
    base: &Base,
    merchant: &Merchant,
    listed: &ListedService,
    record_problems: &mut Vec<RecordProblem>,
) -> PricedTerms<'o> {
    let mut found = Vec::new();
    let terms = effective(own, &listed.service, merchant, &mut found);
    let terms = keep(terms, &mut found);
    // What is wrong with the service is told there, once.
    let is_of_service = |problem: &RecordProblem| {
        let mut known = base.record_problems.iter().chain(base.terms.as_ref().err());
        known.any(|known| known.code == problem.code && known.field == problem.field)
    };
    let (old, new): (Vec<_>, Vec<_>) = found.into_iter().partition(is_of_service);
    record_problems.extend(new);
    PricedTerms {
        terms: terms.map(Cow::Owned),
        by_service: !old.is_empty(),
        overrides: false,
    }
}

/// An amount per person, and nobody knows how many.
fn party_unknown(terms: &Terms, shape: &SlotShape) -> Option<RecordProblem> {
    let fee = terms.no_show_fee.as_ref().map(|fee| fee.fee_type);
    let deposit = terms.deposit.as_ref().map(|deposit| deposit.deposit_type);
    let per_person = [fee, deposit].contains(&Some(PriceType::PerPerson));
    (per_person && shape.resources.party_size.is_none()).then(|| {
        let message = "absent, and an amount is per person: it counts once";
        RecordProblem::new(ProblemCode::PartyUnknown, "resources.party_size", message)
    })
}
