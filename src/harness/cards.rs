//! Whether a target has the cards that a scenario pays with, and which line of the config would give it one.

use super::target::Target;
use config::{TestToken, TokenForm};
use engine::TestCards;
use outcome::Verdict;
use scenario::{Card, Scenario};

/// Why a scenario cannot pay, whatever its slots.
pub(super) fn obstacle(scenario: &Scenario, target: &Target) -> Option<(Verdict, String)> {
    let wallet = target.cards();
    let mut calls = scenario.calls();
    calls.find_map(|call| {
        let unanswered = call.authenticate.is_some() && wallet.challenge_response().is_none();
        if unanswered {
            let line = "nobody answers the 3-D Secure challenge: add [payments] threeds1_response";
            return Some((Verdict::NotTestable, line.to_owned()));
        }
        missing(&call.card, target, &wallet)
    })
}

fn missing(card: &Card, target: &Target, wallet: &TestCards) -> Option<(Verdict, String)> {
    let payments = &target.config.payments;
    let held = || target.slots.iter().any(|slot| wallet.can_pay(card, slot));
    let testable = |line: &str| Some((Verdict::NotTestable, line.to_owned()));
    let applicable = |line: &str| Some((Verdict::NotApplicable, line.to_owned()));
    match card {
        Card::UsedFor(_) if !wallet.is_fresh() => applicable(
            "every request carries the same token, so that nobody can tell whether it is used twice: a token with {fresh} in [payments] token would tell",
        ),
        _ if target.slots.iter().all(|slot| !slot.terms.card_required) => None,
        Card::Declined => match &payments.declined_token {
            Some(TestToken::None(reason)) => applicable(&format!("no token is declined: {reason}")),
            _ if held() => None,
            _ => testable(
                "no token of this gateway is known to be declined: add [payments] declined_token, or declined_token = { none = \"why\" }",
            ),
        },
        Card::RejectedType if payments.rejected_network.is_none() => applicable(
            "no card network is named that a merchant does not take: add [payments] rejected_network",
        ),
        Card::RejectedType if payments.token_form == TokenForm::Bare && payments.rejected_token.is_none() => {
            applicable(
                "a gateway's token alone does not say what card network it is of: add [payments] rejected_token",
            )
        }
        Card::RejectedType if !held() => {
            testable("no merchant's payment_restrictions leave out the rejected_network of [payments]")
        }
        Card::Challenged if !held() => testable(
            "no token is known for which a 3-D Secure challenge is asked for: add [payments] threeds1_token",
        ),
        _ => None,
    }
}
