//! ERR-03

use super::{AT_ONCE_MS, repeats};
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{Fact, Fault};

const UNCHANGED: RequirementId = RequirementId::declared("ERR-03");

pub(crate) static RULE: Rule = Rule {
    name: "delivery/refused",
    requirements: &[UNCHANGED],
    manual: "A notification that Google's side answered 400, 403 or 404 must not come again as it was. The same message \
             within 50 ms of the first was under way already and is let pass, and so is one that says something else.",
    scope: Scope::Scenario(judge),
};

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for call in case.partner_calls() {
        let Some(status) = refusal_status(&call) else {
            continue;
        };
        match repeats(case, call).find(|again| again.at_ms >= call.at_ms + AT_ONCE_MS) {
            Some(again) => {
                let proof = Proof {
                    entry: Some(again.entry),
                    ..Proof::default()
                };
                let message = format!("a notification that was answered {status} was sent again unchanged");
                verdicts.fail(
                    UNCHANGED,
                    proof.expected("no repetition").actual(call.entry),
                    message,
                );
            }
            None if is_watched(case, call.entry) => verdicts.pass(UNCHANGED),
            None => {}
        }
    }
}

fn refusal_status(call: &PartnerCall<'_>) -> Option<u16> {
    match call.notification.fault {
        Some(Fault::Answer {
            status: status @ (400 | 403 | 404),
            ..
        }) => Some(status),
        _ => None,
    }
}

/// True when a later step watched for more notifications: only then silence proves something.
fn is_watched(case: &Case<'_>, entry: usize) -> bool {
    let later = &case.transcript.entries[entry..];
    later.iter().any(|entry| matches!(entry.fact, Fact::Quiet(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;
    use transcript::ReceivedCall;

    fn refused_notification(status: u16) -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        sent.status = status;
        sent.fault = Some(Fault::Answer {
            status,
            body: None,
            retry_after_sec: None,
        });
        sent
    }

    fn story(status: u16) -> Story {
        Story::arrival().notify(refused_notification(status))
    }

    #[test]
    fn giving_up_passes_where_it_was_watched() {
        story(400).quiet().judge(&RULE).passes(UNCHANGED);
        story(400).judge(&RULE).says_nothing();
    }

    #[test]
    fn the_same_message_again_is_found() {
        story(403)
            .after(1)
            .notify(refused_notification(403))
            .judge(&RULE)
            .fails(UNCHANGED);
    }

    #[test]
    fn another_message_and_one_that_was_under_way_pass() {
        let mut other = refused_notification(400);
        other.raw.push(' ');
        story(400)
            .after(1)
            .notify(other)
            .quiet()
            .judge(&RULE)
            .passes(UNCHANGED);
        story(400)
            .notify(refused_notification(400))
            .quiet()
            .judge(&RULE)
            .passes(UNCHANGED);
    }

    #[test]
    fn what_may_be_repeated_is_not_looked_at() {
        story(503)
            .after(1)
            .notify(refused_notification(503))
            .quiet()
            .judge(&RULE)
            .says_nothing();
    }
}
