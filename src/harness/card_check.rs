//! Whether a target has the test cards that a scenario pays with, and which line of the config would give it one.

use super::index::SlotIndex;
use super::target::Target;
use config::{Payments, TestToken, TokenForm};
use domain::slot::PaymentMode;
use engine::TestCards;
use outcome::Verdict;
use scenario::{Card, Scenario};

/// What the test cards of a target are good for.
pub(super) struct CardCheck<'t> {
    payments: &'t Payments,
    cards: TestCards,
    is_any_required: bool,
    /// True when money or a card is asked for before the guest comes, for some slot.
    is_any_paid: bool,
    /// Of the cards that not every target has, those with which some slot can be paid.
    payable: Vec<Card>,
}

impl<'t> CardCheck<'t> {
    /// Of a target, asked once of each sort of its slots.
    pub(super) fn of(target: &'t Target, index: &SlotIndex<'_>) -> Self {
        let cards = target.cards();
        let all = || (0..index.groups.len()).map(|group| index.sample(group));
        let samples = || all().filter(|slot| !slot.terms.is_ordered());
        let special = [Card::Declined, Card::RejectedType, Card::Challenged];
        let holds = |card: &Card| samples().any(|slot| cards.can_pay(card, slot));
        Self {
            payments: &target.config.payments,
            is_any_required: samples().any(|slot| slot.terms.card_required),
            is_any_paid: samples().any(|slot| slot.terms.modes() != [PaymentMode::Arrival]),
            payable: special.into_iter().filter(holds).collect(),
            cards,
        }
    }

    /// Why a scenario cannot pay, whatever its slots.
    pub(super) fn obstacle(&self, scenario: &Scenario) -> Option<(Verdict, String)> {
        let mut calls = scenario.calls();
        calls.find_map(|call| {
            let unanswered = call.authenticate.is_some() && self.cards.challenge_response().is_none();
            if unanswered {
                let line = "nobody answers the 3-D Secure challenge: add [payments] threeds1_response";
                return Some((Verdict::NotTestable, line.to_owned()));
            }
            self.missing(&call.card)
        })
    }

    fn missing(&self, card: &Card) -> Option<(Verdict, String)> {
        let payments = self.payments;
        let testable = |line: &str| Some((Verdict::NotTestable, line.to_owned()));
        let applicable = |line: &str| Some((Verdict::NotApplicable, line.to_owned()));
        match card {
            Card::UsedFor(_) if !self.cards.is_fresh() => applicable(
                "every request carries the same token, so that nobody can tell whether it is used twice: a token with {fresh} in [payments] token would tell",
            ),
            Card::Good => None,
            _ if !self.is_any_paid => applicable("every slot is paid on arrival, without a card"),
            _ if !self.is_any_required => None,
            Card::Declined => match &payments.declined_token {
                Some(TestToken::None(reason)) => applicable(&format!("no token is declined: {reason}")),
                _ if self.payable.contains(card) => None,
                _ => testable(
                    "no token of this gateway is known to be declined: add [payments] declined_token, or declined_token = { none = \"why\" }",
                ),
            },
            Card::RejectedType if payments.rejected_network.is_none() => applicable(
                "no card network is named that a merchant does not take: add [payments] rejected_network",
            ),
            Card::RejectedType
                if payments.token_form == TokenForm::Bare && payments.rejected_token.is_none() =>
            {
                applicable(
                    "a gateway's token alone does not say what card network it is of: add [payments] rejected_token",
                )
            }
            Card::RejectedType if !self.payable.contains(card) => {
                testable("no merchant's payment_restrictions leave out the rejected_network of [payments]")
            }
            Card::Challenged if !self.payable.contains(card) => testable(
                "no token is known for which a 3-D Secure challenge is asked for: add [payments] threeds1_token",
            ),
            _ => None,
        }
    }
}
