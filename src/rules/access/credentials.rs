//! AUTH-01

use super::{calls, refusal_reason, withheld};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Notification;

const OAUTH: RequirementId = RequirementId::declared("AUTH-01");

pub(crate) static RULE: Rule = Rule {
    name: "access/credentials",
    requirements: &[OAUTH],
    manual: "Calls to Google carry an OAuth 2.0 token of the service account. A call without any is a violation; a token that \
             is not valid is one only when no call of the run had a valid one, since a token may have ended.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let is_bare = |call: &Notification| matches!(refusal_reason(call), Some("CREDENTIALS_MISSING"));
    // Who was given no token has none to show: what is wrong with that has its own rule.
    let bare = run.orphans.iter().any(is_bare)
        || run.cases.iter().any(|case| {
            let mut calls = case.partner_calls();
            calls.any(|call| is_bare(call.notification) && !withheld::is_after(case, &call))
        });
    let accepted = calls(run).any(|call| call.status == 200 && bears_token(call));
    let invalid = calls(run).any(|call| matches!(refusal_reason(call), Some("INVALID")));
    if bare {
        let message = "calls to Google's API are made without an OAuth token";
        verdicts.fail(
            OAUTH,
            Proof::default().expected("Authorization: Bearer …"),
            message,
        );
    } else if accepted {
        verdicts.pass(OAUTH);
    } else if invalid {
        let message = "no call to Google's API carried a token that the service account's key was used for";
        verdicts.fail(
            OAUTH,
            Proof::default().expected("a token of the token endpoint"),
            message,
        );
    }
}

fn bears_token(call: &transcript::Notification) -> bool {
    let mut headers = call.headers.iter();
    headers.any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        || call.target.contains("access_token=")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, inventory_update};
    use serde_json::json;
    use transcript::ReceivedCall;

    fn call(status: u16, reason: &str) -> ReceivedCall {
        let mut call = inventory_update(START, json!({}));
        call.status = status;
        call.answer = json!({ "error": { "details": [{ "reason": reason }] } });
        call.headers
            .push(("authorization".into(), "Bearer [masked]".into()));
        call
    }

    #[test]
    fn a_token_that_is_taken_passes_after_one_that_had_ended() {
        let story = Story::arrival().orphan(call(401, "")).orphan(call(200, ""));
        story.judge(&RULE).passes(OAUTH);
    }

    #[test]
    fn no_token_and_no_valid_one_are_found() {
        let bare = Story::arrival()
            .orphan(call(401, "CREDENTIALS_MISSING"))
            .orphan(call(200, ""));
        bare.judge(&RULE).fails(OAUTH);
        let mut made_up = call(401, "");
        made_up.answer = json!({});
        Story::arrival().orphan(made_up).judge(&RULE).fails(OAUTH);
    }
}
