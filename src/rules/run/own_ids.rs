//! RTU-GEN-05, REQ-11

use super::reported_bookings;
use crate::notification::method::is_its_path;
use crate::notification::stray::{PathFault, Stray, is_cut, strays};
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Subject;

const RETURNED: RequirementId = RequirementId::declared("RTU-GEN-05");
const ENCODED: RequirementId = RequirementId::declared("REQ-11");

pub(crate) static RULE: Rule = Rule {
    name: "run/own-ids",
    requirements: &[RETURNED, ENCODED],
    manual: "A notification must name the booking by the id that CreateBooking returned, percent-encoded in the path. One that \
             says of an unknown booking just what a scenario waited for in vain, for the same merchant and service, was meant \
             for the scenario's booking: its id was cut at a reserved character where the body has it whole, else it is another \
             id than the one that was returned. Bookings of a run that was killed are known, and left alone.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let mut all: Vec<Stray<'_>> = run.cases.iter().flat_map(strays).collect();
    // What a call to an invented method names is no id of the API.
    all.retain(|stray| stray.fault == PathFault::Unencoded || is_its_path(stray.orphan));
    // What several scenarios waited for is matched to each of them, and may be about a booking that nobody waited for.
    let ids: Vec<&str> = reported_bookings(run).iter().map(|made| made.id).collect();
    let ours = |stray: &Stray<'_>| {
        let path = stray.orphan.target.split('?').next().unwrap_or_default();
        path.split_once("/bookings/")
            .is_some_and(|(_, rest)| is_cut(rest) && ids.contains(&rest))
    };
    let arrived = run
        .cases
        .iter()
        .flat_map(Case::partner_calls)
        .any(|call| matches!(call.notification.subject, Subject::Booking { .. }) && call.is_accepted());
    let kinds = [
        (
            RETURNED,
            PathFault::OtherId,
            "a notification for an id that CreateBooking did not return says just what was due of a booking of this run, for which nothing came",
        ),
        (
            ENCODED,
            PathFault::Unencoded,
            "the booking id is not percent-encoded in the path, so that another booking is named",
        ),
    ];
    for (requirement, fault, message) in kinds {
        match all
            .iter()
            .find(|stray| stray.fault == fault && (fault == PathFault::Unencoded || !ours(stray)))
        {
            Some(stray) => {
                let proof = Proof::default().actual(stray.orphan.target.as_str());
                verdicts.fail(requirement, proof, message);
            }
            None if arrived => verdicts.pass(requirement),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy, patch};
    use serde_json::{Value, json};
    use transcript::ReceivedCall;

    const WAITED: RequirementId = RequirementId::declared("RTU-CANCEL-02");

    fn known_update() -> ReceivedCall {
        let body = changes(json!({ "status": "CANCELED" }));
        patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    fn unknown(name: &str) -> ReceivedCall {
        let mut sent = known_update();
        sent.status = 404;
        let mut body = changes(json!({ "status": "CANCELED" }));
        body["name"] = json!(name);
        sent.raw = body.to_string();
        sent
    }

    fn wait_in_vain(made: Value) -> Story {
        let until = json!({ "status": "CANCELED" });
        let story = Story::arrival().create(made);
        story.wait(WAITED, until, false, copy("CONFIRMED", None))
    }

    #[test]
    fn a_notification_that_found_its_booking_passes() {
        Story::arrival()
            .create(booking())
            .notify(known_update())
            .judge(&RULE)
            .passes(RETURNED);
    }

    #[test]
    fn an_id_that_was_never_returned_is_found() {
        wait_in_vain(booking())
            .orphan(unknown("partners/20002002/bookings/4711"))
            .judge(&RULE)
            .fails(RETURNED);
    }

    #[test]
    fn bookings_of_others_are_left_open() {
        let mut other = unknown("partners/20002002/bookings/4711");
        other.raw = changes(json!({ "status": "CONFIRMED" })).to_string();
        wait_in_vain(booking()).orphan(other).judge(&RULE).says_nothing();
    }
}
