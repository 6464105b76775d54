//! AMT-04, AMT-12, OVR-02, PAY-COM-01, PAY-COM-02, PAY-DEP-01, PAY-NOSHOW-01, PAY-PREPAY-01

use super::row_of;
use crate::feed_row::Row;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use domain::slot::{PriceType, Slot, Terms};
use feeds::FeedProblem;

const PARTY: RequirementId = RequirementId::declared("AMT-04");
const AMOUNT: RequirementId = RequirementId::declared("AMT-12");
const OPTION: RequirementId = RequirementId::declared("OVR-02");
const GATEWAY: RequirementId = RequirementId::declared("PAY-COM-01");
const AT_ONCE: RequirementId = RequirementId::declared("PAY-COM-02");
const DEPOSIT: RequirementId = RequirementId::declared("PAY-DEP-01");
const FEE: RequirementId = RequirementId::declared("PAY-NOSHOW-01");
const PREPAID: RequirementId = RequirementId::declared("PAY-PREPAY-01");

pub(crate) static RULE: Rule = Rule {
    name: "feed/payments",
    requirements: &[PARTY, AMOUNT, OPTION, GATEWAY, AT_ONCE, DEPOSIT, FEE, PREPAID],
    manual: "Looks at the feeds that the run was bound from: a slot that needs a card without a gateway, or with a merchant who \
             confirms later; a payment option that nobody defines; a fee or a deposit that is declared incompletely; amounts that \
             are negative or not plausible; and, as warnings, a prepayment that is optional, for which no flow is documented, \
             fractions of the smallest unit, and an amount per person without a party size. Each with the file, the record and the \
             field; one finding for each requirement, as `feed/amounts` tells it.",
    scope: Scope::Run(judge),
};

/// Whether the terms of a slot show a requirement kept.
type Shows = fn(&Terms) -> bool;

const ALL: &[(RequirementId, Shows)] = &[
    (GATEWAY, |terms| terms.card_required),
    (AT_ONCE, |terms| terms.card_required),
    (OPTION, |terms| terms.payment_option_id.is_some()),
    (FEE, |terms| terms.no_show_fee.is_some()),
    (DEPOSIT, |terms| terms.deposit.is_some()),
    (PREPAID, |terms| terms.prepayment),
    (AMOUNT, |terms| terms.price.is_some()),
];

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    if run.cases.is_empty() {
        return;
    }
    for (requirement, shows) in ALL {
        match worst(*requirement, run.problems) {
            Some((row, problem)) if row.warns => verdicts.warn(*requirement, proof(problem), row.says),
            Some((row, problem)) => verdicts.fail(*requirement, proof(problem), row.says),
            None if run.slots.iter().any(|slot| shows(&slot.terms)) => verdicts.pass(*requirement),
            None => {}
        }
    }
    judge_party(run.slots, verdicts);
}

/// The first problem that violates the requirement; one that only warns where there is no other.
fn worst(requirement: RequirementId, problems: &[FeedProblem]) -> Option<(&'static Row, &FeedProblem)> {
    let rows = problems
        .iter()
        .filter_map(|problem| Some((row_of(problem)?, problem)));
    let about = rows.filter(|(row, _)| row.requirement == requirement);
    about.min_by_key(|(row, _)| row.warns)
}

fn proof(problem: &FeedProblem) -> Proof {
    let place = format!("{} {} {}", problem.file, problem.record, problem.field);
    Proof {
        pointer: Some(place),
        ..Proof::default()
    }
    .actual(problem.message.clone())
}

fn judge_party(slots: &[Slot], verdicts: &mut Verdicts) {
    let per_person = |slot: &&Slot| {
        let fee = slot.terms.no_show_fee.as_ref().map(|fee| fee.fee_type);
        let deposit = slot.terms.deposit.as_ref().map(|deposit| deposit.deposit_type);
        [fee, deposit].contains(&Some(PriceType::PerPerson))
    };
    let mut concerned = slots.iter().filter(per_person).peekable();
    if concerned.peek().is_none() {
        return;
    }
    let alone = concerned.find(|slot| slot.resources.party_size.is_none());
    verdicts.check(PARTY, alone.is_none(), || {
        let place =
            alone.map(|slot| format!("{}/{} at {}", slot.merchant_id, slot.service_id, slot.start_sec));
        let proof = Proof::default().expected("resources.party_size").actual(place);
        let message = "an amount per person stands on a slot that names no party size, so it counts once";
        (proof, message.to_owned())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, judge_feeds};
    use feeds::{FeedSubject, ProblemCode};

    fn problem(code: ProblemCode, field: &str) -> FeedProblem {
        FeedProblem {
            file: "availability.json".into(),
            subject: FeedSubject::Slot,
            record: "service_availability[0].availability[0]".into(),
            field: field.into(),
            code,
            message: "as the reader says it".into(),
        }
    }

    #[test]
    fn feeds_without_a_problem_pass_where_they_declare_something() {
        judge_feeds(&Story::deposit(60), &[], &RULE).passes(DEPOSIT);
        judge_feeds(&Story::no_show_fee(), &[], &RULE).passes(FEE);
    }

    #[test]
    fn each_problem_is_its_own_requirement() {
        let table = [
            (ProblemCode::NoTokenization, "tokenization_config", GATEWAY),
            (ProblemCode::AsyncWithPayment, "confirmation_mode", AT_ONCE),
            (ProblemCode::UndefinedPaymentOption, "payment_option_id", OPTION),
            (ProblemCode::MissingField, "no_show_fee.fee", FEE),
            (
                ProblemCode::InvalidAmount,
                "deposit.deposit.price_micros",
                DEPOSIT,
            ),
            (ProblemCode::InvalidAmount, "price.price_micros", AMOUNT),
        ];
        for (code, field, requirement) in table {
            let found = judge_feeds(&Story::arrival(), &[problem(code, field)], &RULE).fails(requirement);
            let place = format!("availability.json service_availability[0].availability[0] {field}");
            assert_eq!(found.evidence.pointer, Some(place));
        }
        let optional = [problem(ProblemCode::OptionalPrepayment, "prepayment_type")];
        judge_feeds(&Story::arrival(), &optional, &RULE).warns(PREPAID);
    }

    #[test]
    fn what_fails_is_told_rather_than_what_warns() {
        let odd = [
            problem(ProblemCode::BrokenUnit, "price.price_micros"),
            problem(ProblemCode::ImplausibleAmount, "price.price_micros"),
        ];
        judge_feeds(&Story::arrival(), &odd[..1], &RULE).warns(AMOUNT);
        judge_feeds(&Story::arrival(), &odd, &RULE).fails(AMOUNT);
    }

    #[test]
    fn an_amount_per_person_needs_a_party() {
        let story = |party| {
            Story::deposit(60).slot(|slot| {
                slot.resources.party_size = party;
                if let Some(deposit) = &mut slot.terms.deposit {
                    deposit.deposit_type = PriceType::PerPerson;
                }
            })
        };
        judge_feeds(&story(Some(2)), &[], &RULE).passes(PARTY);
        judge_feeds(&story(None), &[], &RULE).warns(PARTY);
    }
}
