//! AMT-04, AMT-12, OVR-02, PAY-COM-01, PAY-COM-02, PAY-DEP-01, PAY-NOSHOW-01, PAY-PREPAY-01

use crate::catalogue::RequirementId;
use crate::feeds::{Code, Problem};
use crate::protocol::slot::{PriceType, Slot};
use crate::rules::bench::Proof;
use crate::rules::{Bench, Rule, Run, Scope};

const PARTY: RequirementId = RequirementId::declared("AMT-04");
const AMOUNT: RequirementId = RequirementId::declared("AMT-12");
const OPTION: RequirementId = RequirementId::declared("OVR-02");
const GATEWAY: RequirementId = RequirementId::declared("PAY-COM-01");
const AT_ONCE: RequirementId = RequirementId::declared("PAY-COM-02");
const DEPOSIT: RequirementId = RequirementId::declared("PAY-DEP-01");
const FEE: RequirementId = RequirementId::declared("PAY-NOSHOW-01");
const PREPAID: RequirementId = RequirementId::declared("PAY-PREPAY-01");

pub(in crate::rules) static RULE: Rule = Rule {
    name: "feed/payments",
    requirements: &[PARTY, AMOUNT, OPTION, GATEWAY, AT_ONCE, DEPOSIT, FEE, PREPAID],
    manual: "Looks at the feeds that the run was bound from: a slot that needs a card without a gateway, or with a merchant who \
             confirms later; a payment option that nobody defines; a fee or a deposit that is declared incompletely; negative \
             amounts; and, as warnings, a prepayment that is optional, for which no flow is documented, and an amount per person \
             without a party size. Each with the file, the record and the field; one finding for each requirement.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, bench: &mut Bench) {
    if run.cases.is_empty() {
        return;
    }
    let all = [
        (
            GATEWAY,
            "a card is needed where the merchant has no payment gateway",
        ),
        (AT_ONCE, "a card is needed where the merchant confirms later"),
        (
            OPTION,
            "a payment option is named that the merchant does not define",
        ),
        (FEE, "a fee for not coming is not declared with amount and type"),
        (DEPOSIT, "a deposit is not declared with amount, type and cutoff"),
        (PREPAID, "a prepayment is declared, but not as required"),
        (AMOUNT, "an amount is not plausible"),
    ];
    for (requirement, message) in all {
        let found = run
            .problems
            .iter()
            .find(|problem| about(problem) == Some(requirement));
        match found {
            Some(problem) if requirement == PREPAID => bench.warn(PREPAID, proof(problem), message),
            Some(problem) => bench.fail(requirement, proof(problem), message),
            None if run.slots.iter().any(|slot| concerns(requirement, slot)) => bench.pass(requirement),
            None => {}
        }
    }
    judge_party(run.slots, bench);
}

/// What a problem of the feeds violates, if it is about payments.
fn about(problem: &Problem) -> Option<RequirementId> {
    let declared = |name: &str| problem.field.split('.').any(|part| part == name);
    let broken = matches!(
        problem.code,
        Code::MissingField | Code::InvalidAmount | Code::InvalidCurrency | Code::InvalidLead
    );
    match problem.code {
        Code::NoTokenization => Some(GATEWAY),
        Code::AsyncWithPayment => Some(AT_ONCE),
        Code::NoMerchantPaymentOption | Code::UndefinedPaymentOption => Some(OPTION),
        _ if broken && declared("no_show_fee") => Some(FEE),
        _ if broken && declared("deposit") => Some(DEPOSIT),
        Code::OptionalPrepayment => Some(PREPAID),
        Code::InvalidAmount => Some(AMOUNT),
        _ => None,
    }
}

fn proof(problem: &Problem) -> Proof {
    let place = format!("{} {} {}", problem.file, problem.record, problem.field);
    Proof {
        pointer: Some(place),
        ..Proof::default()
    }
    .actual(problem.message.clone())
}

/// True when a slot shows the requirement kept.
fn concerns(requirement: RequirementId, slot: &Slot) -> bool {
    let terms = &slot.terms;
    match requirement {
        OPTION => terms.payment_option_id.is_some(),
        FEE => terms.no_show_fee.is_some(),
        DEPOSIT => terms.deposit.is_some(),
        PREPAID => terms.prepayment,
        AMOUNT => terms.price.is_some(),
        _ => terms.card_required,
    }
}

fn judge_party(slots: &[Slot], bench: &mut Bench) {
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
    bench.check(PARTY, alone.is_none(), || {
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
    use crate::feeds::Subject;
    use crate::rules::testing::{Story, judge_feeds};

    fn problem(code: Code, field: &str) -> Problem {
        Problem {
            file: "services.json".into(),
            subject: Subject::Service,
            record: "service[0]".into(),
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
            (Code::NoTokenization, "tokenization_config", GATEWAY),
            (Code::AsyncWithPayment, "confirmation_mode", AT_ONCE),
            (Code::UndefinedPaymentOption, "payment_option_id", OPTION),
            (Code::MissingField, "no_show_fee.fee", FEE),
            (Code::InvalidAmount, "deposit.deposit.price_micros", DEPOSIT),
            (Code::InvalidAmount, "price.price_micros", AMOUNT),
        ];
        for (code, field, requirement) in table {
            let found = judge_feeds(&Story::arrival(), &[problem(code, field)], &RULE).fails(requirement);
            let place = format!("services.json service[0] {field}");
            assert_eq!(found.evidence.pointer, Some(place));
        }
        let optional = [problem(Code::OptionalPrepayment, "prepayment_type")];
        judge_feeds(&Story::arrival(), &optional, &RULE).warns(PREPAID);
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
