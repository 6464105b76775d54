//! PAY-DEP-06

use crate::ledger::{amount, currency, lines};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use domain::ledger::{Balance, Line, Move};
use domain::slot::Slot;

const REFUNDED: RequirementId = RequirementId::declared("PAY-DEP-06");

pub(crate) static RULE: Rule = Rule {
    name: "money/refunded-once",
    requirements: &[REFUNDED],
    manual: "Of a deposit no more may be given back than was taken or held. Where the ledger shows more, a refund that stands in \
             it twice is named as that. Without a ledger probe nothing is judged.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for (id, made) in case.bookings() {
        let Some(slot) = case.slot_of(&made).filter(|slot| slot.terms.deposit.is_some()) else {
            continue;
        };
        let readable = case
            .transcript
            .ledgers()
            .filter(|(_, _, ledger)| ledger.booking_id == id && ledger.failure.is_none());
        let given_back: Vec<_> = readable
            .filter(|(_, _, ledger)| ledger.lines.iter().any(gives_back))
            .collect();
        let over = given_back.iter().find(|(_, _, ledger)| is_over(&ledger.lines));
        if let Some((entry, _, ledger)) = over {
            let proof = Proof::at(*entry, "").expected("no more given back than was taken or held");
            verdicts.fail(REFUNDED, proof.actual(lines(ledger)), words(slot, &ledger.lines));
        } else if !given_back.is_empty() {
            verdicts.pass(REFUNDED);
        }
    }
}

/// True for a line by which money goes back to the user.
fn gives_back(line: &Line) -> bool {
    matches!(line.kind, Move::Refund | Move::Release) && line.amount_micros > 0
}

/// True when more was given back than there was. That nothing was ever taken is another finding.
fn is_over(all: &[Line]) -> bool {
    let was_taken = |line: &Line| matches!(line.kind, Move::Charge | Move::Hold | Move::Capture);
    all.iter().any(was_taken) && Balance::of(all).kept() < 0
}

fn words(slot: &Slot, all: &[Line]) -> String {
    let mut back = all.iter().filter(|line| gives_back(line));
    let first = back.next();
    let shown = |micros: i64| amount(micros, currency(slot));
    let same = |line: &&Line| {
        first.is_some_and(|first| (first.kind, first.amount_micros) == (line.kind, line.amount_micros))
    };
    match (first, back.filter(same).count()) {
        (Some(first), again) if again > 0 => format!(
            "the ledger shows the {} of {} {} times for one deposit",
            first.kind.word(),
            shown(first.amount_micros),
            again + 1,
        ),
        _ => format!(
            "the ledger shows that {} more was given back than was taken of the deposit",
            shown(-Balance::of(all).kept()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, paid_booking};

    fn judge_ledger(lines: &[(Move, i64)]) -> StoryVerdict {
        let story = Story::deposit(3600);
        let answer = paid_booking(&story, "PREPAYMENT_PROVIDED");
        story.create(answer).ledger(lines).judge(&RULE)
    }

    #[test]
    fn one_refund_passes_in_parts_as_well() {
        judge_ledger(&[(Move::Charge, 60), (Move::Refund, 60)]).passes(REFUNDED);
        judge_ledger(&[(Move::Charge, 60), (Move::Refund, 30), (Move::Refund, 30)]).passes(REFUNDED);
        judge_ledger(&[(Move::Hold, 60), (Move::Release, 60)]).passes(REFUNDED);
        judge_ledger(&[(Move::Charge, 60)]).says_nothing();
        judge_ledger(&[(Move::Refund, 60)]).passes(REFUNDED);
    }

    #[test]
    fn a_refund_that_stands_twice_is_named_as_that() {
        let (charge, refund) = ((Move::Charge, 60_000_000), (Move::Refund, 60_000_000));
        let found = judge_ledger(&[charge, refund, refund]).fails(REFUNDED);
        assert_eq!(
            found.message,
            "the ledger shows the refund of 60 USD 2 times for one deposit"
        );
        assert_eq!(
            found.evidence.actual,
            "charge 60 USD, refund 60 USD, refund 60 USD"
        );
        judge_ledger(&[(Move::Hold, 60), (Move::Release, 60), (Move::Release, 60)]).fails(REFUNDED);
        let found = judge_ledger(&[charge, (Move::Refund, 75_000_000)]).fails(REFUNDED);
        assert!(found.message.contains("15 USD more"), "{}", found.message);
    }
}
