//! BS-WAIT-08

use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::json;
use transcript::Exchange;

const EMPTY: RequirementId = RequirementId::declared("BS-WAIT-08");

pub(crate) static RULE: Rule = Rule {
    name: "waitlist/empty-answer",
    requirements: &[EMPTY],
    manual: "A DeleteWaitlistEntry that worked is answered with the empty message: `{}`, or no body at all.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let Some(reply) = exchange.http().filter(|reply| reply.is_success()) else {
        return;
    };
    if exchange.call.method != Method::DeleteWaitlistEntry {
        return;
    }
    let is_empty = match reply.json() {
        None => reply.body.trim().is_empty(),
        Some(json) => json.as_object().is_some_and(serde_json::Map::is_empty),
    };
    verdicts.check(EMPTY, is_empty, || {
        let shown: String = reply.body.chars().take(200).collect();
        let message = format!(
            "DeleteWaitlistEntry was answered {} with {shown}; `{{}}` is due",
            reply.status
        );
        (
            Proof::at(exchange.entry, "").expected(json!({})).actual(shown),
            message,
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::json;

    fn verdict(answer: serde_json::Value) -> crate::testing::StoryVerdict {
        Story::arrival()
            .call(Method::DeleteWaitlistEntry, json!({}), 200, answer)
            .judge(&RULE)
    }

    #[test]
    fn nothing_is_due() {
        verdict(json!({})).passes(EMPTY);
        verdict(json!({ "waitlist_entry_id": "w" })).fails(EMPTY);
        verdict(json!("deleted")).fails(EMPTY);
    }
}
