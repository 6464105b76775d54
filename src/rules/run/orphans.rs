//! RTU-GEN-03

use super::about_bookings;
use crate::notification::method::is_its_path;
use crate::notification::stray::strays;
use crate::notification::verb::is_patch;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use transcript::Subject;

const OURS: RequirementId = RequirementId::declared("RTU-GEN-03");

pub(crate) static RULE: Rule = Rule {
    name: "run/orphans",
    requirements: &[OURS],
    manual: "Every booking notification of the run must be about a booking that was made through Google. Those about unknown \
             bookings, which are answered 404, are counted and warn: a test system may hold bookings that Google made before. \
             Those that were meant for a booking of this run and those with another verb than PATCH have rules of their own. \
             Inventory updates may speak of anything.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let meant: Vec<_> = run.cases.iter().flat_map(strays).collect();
    let unknown = about_bookings(run)
        .filter(|(_, orphan)| orphan.status == 404 && is_patch(orphan) && is_its_path(orphan))
        .filter(|(_, orphan)| !meant.iter().any(|stray| std::ptr::eq(stray.orphan, *orphan)))
        .count();
    let known = run
        .cases
        .iter()
        .flat_map(Case::partner_calls)
        .any(|call| matches!(call.notification.subject, Subject::Booking { .. }) && call.is_accepted());
    if unknown == 0 {
        if known {
            verdicts.pass(OURS);
        }
        return;
    }
    // The booking may be the one whose answer was lost, or be named by the wrong id, as others are that were awaited:
    // nothing is proven then.
    if !meant.is_empty() || run.cases.iter().any(has_lost_answer) {
        return;
    }
    let message = match unknown {
        1 => "a notification is about a booking that this run did not make; Google must have made it before"
            .to_owned(),
        count => {
            format!(
                "{count} notifications are about bookings that this run did not make; Google must have made them before"
            )
        }
    };
    verdicts.warn(OURS, Proof::default().expected(0).actual(unknown), message);
}

fn has_lost_answer(case: &Case<'_>) -> bool {
    case.transcript
        .exchanges_of(Method::CreateBooking)
        .any(|exchange| exchange.http().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, changes, copy, inventory_update, patch};
    use serde_json::json;
    use transcript::ReceivedCall;

    fn known_update() -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    fn unknown() -> ReceivedCall {
        ReceivedCall {
            status: 404,
            before: None,
            after: None,
            ..known_update()
        }
    }

    #[test]
    fn known_bookings_and_any_inventory_pass() {
        let story = Story::arrival()
            .notify(known_update())
            .orphan(inventory_update(START, json!({})));
        story.judge(&RULE).passes(OURS);
    }

    #[test]
    fn unknown_bookings_are_counted() {
        let story = Story::arrival().orphan(unknown()).orphan(unknown());
        let found = story.judge(&RULE).fails(OURS);
        assert!(found.message.starts_with("2 notifications"));
    }
}
