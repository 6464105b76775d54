//! VIRT-13

use super::{NAMES, SAMPLE_NAME};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use serde_json::Value;
use transcript::Exchange;

const SESSION: RequirementId = RequirementId::declared("VIRT-13");

pub(crate) static RULE: Rule = Rule {
    name: "online/session-names",
    requirements: &[SESSION],
    manual: "`virtual_session_info` must hold nothing but `session_url`, `meeting_id` and `password`. `video_url`, which a \
             sample of Google's guide prints, warns.",
    scope: Scope::Answer(judge),
};

fn judge(_: &Case<'_>, exchange: &Exchange<'_>, verdicts: &mut Verdicts) {
    for (pointer, booking) in reading::bookings(exchange) {
        let info = reading::set(booking, "/virtual_session_info").and_then(Value::as_object);
        let Some(info) = info else { continue };
        let at = |name: &str| Proof::at(exchange.entry, format!("{pointer}/virtual_session_info/{name}"));
        let odd = |name: &&String| !NAMES.contains(&name.as_str()) && *name != SAMPLE_NAME;
        if let Some(name) = info.keys().find(odd) {
            let message = format!("the session info has no field `{name}`");
            verdicts.fail(SESSION, at(name).expected(NAMES.join(", ")), message);
        } else if info.contains_key(SAMPLE_NAME) {
            let message = "the session's address is called `session_url`, not `video_url`";
            verdicts.warn(SESSION, at(SAMPLE_NAME).expected("session_url"), message);
        } else {
            verdicts.pass(SESSION);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking};
    use serde_json::json;

    fn answer(info: Value) -> Story {
        let mut answer = booking();
        answer["booking"]["virtual_session_info"] = info;
        Story::online(None).create(answer)
    }

    #[test]
    fn the_three_names_pass() {
        let story = answer(
            json!({ "session_url": "https://meet.example.org/1", "meeting_id": "1", "password": "x" }),
        );
        story.judge(&RULE).passes(SESSION);
        answer(json!(null)).judge(&RULE).says_nothing();
    }

    #[test]
    fn another_name_is_found() {
        answer(json!({ "link": "https://meet.example.org/1", "video_url": "x" }))
            .judge(&RULE)
            .fails(SESSION);
    }

    #[test]
    fn the_name_of_the_sample_warns() {
        answer(json!({ "video_url": "https://meet.example.org/1" }))
            .judge(&RULE)
            .warns(SESSION);
    }
}
