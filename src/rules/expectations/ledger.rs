//! What a step expects of the partner's ledger. A target without a ledger probe is not asked, and nothing is claimed.

use super::Course;
use crate::case::Case;
use crate::ledger::{amount, currency, lines};
use crate::verdicts::{Proof, Verdicts};
use domain::ledger::Balance;
use domain::slot::Slot;
use scenario::LedgerStep;
use transcript::StepPath;

/// Judges the step and says whether the scenario continues.
pub(super) fn judge(
    case: &Case<'_>,
    wanted: &LedgerStep,
    path: StepPath,
    so_far: Course,
    verdicts: &mut Verdicts,
) -> Course {
    if !case.has_ledger() {
        verdicts.not_applicable(wanted.requirement);
        return Course::Continues;
    }
    let ledger = case
        .transcript
        .ledgers()
        .find(|(_, _, ledger)| ledger.step == Some(path));
    let readable = ledger.filter(|(_, _, ledger)| !so_far.has_ended() && ledger.failure.is_none());
    let (Some((entry, _, ledger)), Some(slot)) = (readable, slot(case, wanted)) else {
        verdicts.not_testable(wanted.requirement);
        return Course::Ended;
    };
    let Some(odd) = wanted.books.odd(slot, &ledger.lines) else {
        verdicts.pass(wanted.requirement);
        return Course::Continues;
    };
    // What is wrong with the amounts themselves was found by a rule, and is one finding. What was never taken is not given
    // back either.
    let nothing_taken = odd.name == "refunded" && Balance::of(&ledger.lines).taken == 0;
    if verdicts.has_finding_at(entry) || nothing_taken {
        verdicts.not_testable(wanted.requirement);
        return Course::Ended;
    }
    let words = |micros: Option<i64>| match micros {
        Some(micros) => format!("{} {}", odd.name, amount(micros, currency(slot))),
        None => format!("{} another amount", odd.name),
    };
    let proof = Proof::at(entry, "").expected(words(odd.expected));
    let fallback = "the partner's books do not say what is due".to_owned();
    verdicts.fail(
        wanted.requirement,
        proof.actual(format!("{} ({})", words(Some(odd.actual)), lines(ledger))),
        wanted.otherwise.clone().unwrap_or(fallback),
    );
    Course::after_failure_of(wanted.requirement)
}

fn slot<'c>(case: &'c Case<'_>, wanted: &LedgerStep) -> Option<&'c Slot> {
    let first = case.scenario.slots.keys().next();
    case.transcript.slot(wanted.slot.as_ref().or(first)?)
}

#[cfg(test)]
mod tests {
    use crate::testing::{Story, paid_booking};
    use catalogue::RequirementId;
    use domain::ledger::{Books, Due, Move};

    const WHOLE: RequirementId = RequirementId::declared("PAY-PREPAY-02");

    fn look(charged: i64) -> Story {
        let story = Story::prepayment();
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        let total = Books {
            kept: Some(Due::Total),
            ..Books::default()
        };
        story
            .create(answer)
            .asking_ledger(WHOLE, total, &[(Move::Charge, charged)])
    }

    #[test]
    fn books_that_say_what_is_due_pass() {
        look(104_520_000).judge_expectations().passes(WHOLE);
    }

    #[test]
    fn other_books_are_told_in_amounts() {
        let found = look(48_000_000).judge_expectations().fails(WHOLE);
        assert_eq!(found.evidence.expected, "kept 104.52 USD");
        assert_eq!(found.evidence.actual, "kept 48 USD (charge 48 USD)");
    }

    #[test]
    fn without_a_probe_nothing_is_claimed() {
        look(0)
            .without_ledger()
            .judge_expectations()
            .does_not_apply(WHOLE);
    }
}
