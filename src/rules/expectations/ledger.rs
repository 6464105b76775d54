//! What a step expects of the partner's ledger. A target without a ledger probe is not asked, and nothing is claimed.

use super::Course;
use crate::case::Case;
use crate::ledger::{amount, currency, lines};
use crate::verdicts::{Proof, Verdicts};
use catalogue::RequirementId;
use domain::ledger::{Balance, Books, Due, Line};
use domain::slot::Slot;
use scenario::LedgerStep;
use transcript::StepPath;

/// What is reported of a payment must be what the ledger shows; the other steps are about amounts.
const PAID: RequirementId = RequirementId::declared("BS-PAY-10");

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
    if wanted.requirement == PAID && !is_reported_paid(case, &ledger.booking_id) {
        verdicts.not_applicable(wanted.requirement);
        return Course::Continues;
    }
    let odd = wanted.books.odd(slot, &ledger.lines);
    let Some(odd) = odd.filter(|_| wanted.requirement != PAID || !has_moved(&wanted.books, &ledger.lines))
    else {
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

/// True when CreateBooking reported the payment as made; a partner may charge a deposit later, and say so.
fn is_reported_paid(case: &Case<'_>, booking_id: &str) -> bool {
    let status = "/booking/payment_information/prepayment_status";
    let mut made = case.bookings().into_iter();
    made.any(|(id, made)| id == booking_id && made.answer_text(status) == Some("PREPAYMENT_PROVIDED"))
}

/// True when the ledger shows the movement that was reported, whatever its amount: other rules look at amounts.
fn has_moved(wanted: &Books, lines: &[Line]) -> bool {
    let sums = Balance::of(lines);
    match wanted.kept {
        Some(Due::Nothing) => sums.refunded > 0,
        _ => sums.taken > 0 || sums.held > 0,
    }
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

    fn reported(status: &str, kept: Due, lines: &[(Move, i64)]) -> crate::testing::StoryVerdict {
        let story = Story::deposit(3600);
        let answer = paid_booking(&story, status);
        let books = Books {
            kept: Some(kept),
            ..Books::default()
        };
        let story = story.create(answer);
        story
            .asking_ledger(super::PAID, books, lines)
            .judge_expectations()
    }

    #[test]
    fn a_deposit_that_is_reported_as_paid_needs_a_charge_or_a_hold_of_whatever_amount() {
        let provided = "PREPAYMENT_PROVIDED";
        reported(provided, Due::Deposit, &[(Move::Hold, 1)]).passes(super::PAID);
        reported(provided, Due::Deposit, &[(Move::StoreCard, 0)]).fails(super::PAID);
        let later = reported("PREPAYMENT_NOT_PROVIDED", Due::Deposit, &[]);
        later.does_not_apply(super::PAID);
    }

    #[test]
    fn a_refund_that_is_reported_needs_one() {
        let charge = (Move::Charge, 10_000_000);
        let refunded = [charge, (Move::Refund, 1)];
        reported("PREPAYMENT_PROVIDED", Due::Nothing, &refunded).passes(super::PAID);
        reported("PREPAYMENT_PROVIDED", Due::Nothing, &[charge]).fails(super::PAID);
    }

    #[test]
    fn without_a_probe_nothing_is_claimed() {
        look(0)
            .without_ledger()
            .judge_expectations()
            .does_not_apply(WHOLE);
    }
}
