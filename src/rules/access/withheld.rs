//! AUTH-09

use super::refusal_reason;
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{Aim, CallKind, Fact};

/// Also what a wait is not held against twice.
pub(crate) const WITHHELD: RequirementId = RequirementId::declared("AUTH-09");

pub(crate) static RULE: Rule = Rule {
    name: "access/withheld",
    requirements: &[WITHHELD],
    manual: "In a scenario that runs alone, the access token is refused with 401, and the next token request is answered 200 without \
             `access_token`. That is an error: the token is to be asked for again, later. A call that follows with credentials which \
             Google refuses (such as `Bearer undefined`) is a violation; so is that no notification comes at all, which the scenario \
             waits for.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    let mut calls = case.partner_calls().filter(|call| is_after(case, call));
    let bare = calls.find_map(|call| Some((call.entry, refusal_reason(call.notification)?)));
    let Some((entry, reason)) = bare else { return };
    let message = "the token endpoint answered 200 without \"access_token\", and a call to Google came after it with credentials \
                   that are refused with 401, perhaps as if the missing token were one";
    let proof = Proof {
        entry: Some(entry),
        ..Proof::default()
    };
    verdicts.fail(
        WITHHELD,
        proof.expected("another token request, later").actual(reason),
        message,
    );
}

/// True for a call after a token request of the scenario that was answered without a token.
pub(crate) fn is_after(case: &Case<'_>, call: &PartnerCall<'_>) -> bool {
    let mut entries = case.transcript.entries.iter();
    let armed = entries
        .find(|entry| matches!(&entry.fact, Fact::Armed(armed) if armed.aim == Aim::Kind(CallKind::Token)));
    armed.is_some_and(|armed| {
        let requests = case.token_requests.iter();
        let mut since = requests.filter(|request| (armed.at_ms..=call.at_ms).contains(&request.at_ms));
        let is_withheld = since.any(|request| request.fault.is_some());
        // Who has been given a token since then has none that is missing.
        is_withheld && !since.any(|request| request.granted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch, token_request};
    use serde_json::json;
    use transcript::{Fault, ReceivedCall, TokenRequest};

    fn cancelled(status: u16) -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        let after = copy(if status == 200 { "CANCELED" } else { "CONFIRMED" }, None);
        let sent = patch(Some("status"), body, copy("CONFIRMED", None), after);
        ReceivedCall { status, ..sent }
    }

    fn story(request: TokenRequest) -> Story {
        // Tokens were given before: who never had one is another story.
        let story = Story::arrival().asks_for_token(token_request());
        story.withhold_token().asks_for_token(request)
    }

    fn withheld(at_ms: u64) -> TokenRequest {
        TokenRequest {
            at_ms,
            granted: false,
            fault: Some(Fault::Withheld),
            ..token_request()
        }
    }

    fn wait(story: Story, met: bool) -> Story {
        let until = json!({ "status": "CANCELED" });
        story.wait(WITHHELD, until, met, copy("CONFIRMED", None))
    }

    #[test]
    fn who_asks_again_is_right() {
        let story = wait(story(withheld(20)).after(1).notify(cancelled(200)), true);
        story.judge(&RULE).says_nothing();
        story.judge_all().is_clean();
    }

    #[test]
    fn a_token_that_is_none_is_found_once() {
        let story = wait(story(withheld(20)).after(1).notify(cancelled(401)), false);
        story.judge(&RULE).fails(WITHHELD);
        story.judge_all().fails(WITHHELD);
    }

    #[test]
    fn who_never_comes_again_is_found_by_the_wait() {
        let story = wait(story(withheld(20)), false);
        story.judge(&RULE).says_nothing();
        story.judge_all().fails(WITHHELD);
    }

    #[test]
    fn who_asked_for_no_token_shows_nothing() {
        let story = wait(story(token_request()).after(1).notify(cancelled(401)), false);
        story.judge(&RULE).says_nothing();
        story.judge_all().is_clean();
    }
}
