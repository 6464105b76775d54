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
             feed's `session_instructions` must say when and from whom they come. Instructions without a word say nothing. \
             Whether other instructions say it is not judged, since they may be in any language: they neither pass nor fail.",
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
    if [NAMES[0], NAMES[1], SAMPLE_NAME].into_iter().any(named) {
        return verdicts.pass(ACCESS);
    }
    let instructions = online.session_instructions.as_deref().map_or("", str::trim);
    if has_words(instructions) {
        return;
    }
    let proof = Proof::at(exchange.entry, "/booking/virtual_session_info")
        .expected("session_url or meeting_id, or session_instructions in the feed");
    verdicts.fail(ACCESS, proof, words(instructions));
}

fn words(instructions: &str) -> String {
    if instructions.is_empty() {
        return "neither the booking nor the feed says how to join the session".to_owned();
    }
    format!(
        "the booking does not say how to join the session, and the feed's `session_instructions` \"{instructions}\" hold no word"
    )
}

/// Markup and signs are no words; two letters are one in some languages.
fn has_words(text: &str) -> bool {
    let outside = text
        .split('<')
        .map(|part| part.rsplit_once('>').map_or(part, |(_, rest)| rest));
    outside
        .flat_map(str::chars)
        .filter(|letter| letter.is_alphabetic())
        .count()
        > 1
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
    fn an_address_passes_and_instructions_are_not_judged() {
        let mut answer = booking();
        for text in [
            "the studio mails the link",
            "リンクは前日にメールで届きます",
            "Welcome!",
        ] {
            let story = Story::online(Some(text)).create(answer.clone());
            story.judge(&RULE).says_nothing();
        }
        answer["booking"]["virtual_session_info"] = json!({ "meeting_id": "1" });
        Story::online(None).create(answer).judge(&RULE).passes(ACCESS);
    }

    #[test]
    fn neither_is_found() {
        Story::online(None).create(booking()).judge(&RULE).fails(ACCESS);
        for text in ["-", " . ", "<br>", "<strong>?</strong>"] {
            let story = Story::online(Some(text)).create(booking());
            let found = story.judge(&RULE).fails(ACCESS);
            assert!(found.message.contains("hold no word"), "{}", found.message);
        }
        Story::arrival().create(booking()).judge(&RULE).says_nothing();
    }
}
