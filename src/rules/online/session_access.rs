//! VIRT-06

use super::{NAMES, SAMPLE_NAME};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const ACCESS: RequirementId = RequirementId::declared("VIRT-06");

pub(crate) static RULE: Rule = Rule {
    name: "online/session-access",
    requirements: &[ACCESS],
    manual: "A booking of an online service must hold `virtual_session_info` with a `session_url` or a `meeting_id`, or the \
             feed's `session_instructions` must say when and from whom they come.",
    scope: Scope::Answer(judge),
};

fn judge(case: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    let online = case.slot_of(exchange).and_then(|slot| slot.terms.online.as_ref());
    let (Some(booking), Some(online)) = (reading::created_booking(exchange), online) else {
        return;
    };
    let info = reading::set(booking, "/virtual_session_info");
    // Unknown names are the finding of another rule.
    if info.is_some_and(|info| !is_understood(info)) {
        return;
    }
    let named = |name: &str| info.is_some_and(|info| reading::text(info, &format!("/{name}")).is_some());
    let instructed = online
        .session_instructions
        .as_deref()
        .is_some_and(|text| !text.trim().is_empty());
    let right = instructed || [NAMES[0], NAMES[1], SAMPLE_NAME].into_iter().any(named);
    verdicts.check(ACCESS, right, || {
        let proof = Proof::at(exchange.entry, "/booking/virtual_session_info");
        (
            proof.expected("session_url or meeting_id, or session_instructions in the feed"),
            "neither the booking nor the feed says how to join the session".to_owned(),
        )
    });
}

fn is_understood(info: &Value) -> bool {
    let known = |name: &String| NAMES.contains(&name.as_str()) || name == SAMPLE_NAME;
    info.as_object().is_some_and(|info| info.keys().all(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    #[test]
    fn an_address_or_instructions_pass() {
        let mut answer = booking();
        Story::online(Some("the studio mails the link"))
            .create(answer.clone())
            .judge(&RULE)
            .passes(ACCESS);
        answer["booking"]["virtual_session_info"] = json!({ "meeting_id": "1" });
        Story::online(None).create(answer).judge(&RULE).passes(ACCESS);
    }

    #[test]
    fn neither_is_found() {
        Story::online(None).create(booking()).judge(&RULE).fails(ACCESS);
        Story::arrival().create(booking()).judge(&RULE).says_nothing();
    }
}
