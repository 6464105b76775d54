//! RTU-NOSHOW-03

use super::BookingUpdate;
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::time;

const STARTED: RequirementId = RequirementId::declared("RTU-NOSHOW-03");

pub(crate) static RULE: Rule = Rule {
    name: "notification/no-show-time",
    requirements: &[STARTED],
    manual: "NO_SHOW and NO_SHOW_PENALIZED may not be reported before the slot has started; two seconds are left for clocks \
             that differ. A penalty for a cancellation that came too late is something else: it may come earlier for a \
             booking that is cancelled or past its online cancelling cutoff.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(case: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    let Some(status) = patch.status().filter(|status| status.starts_with("NO_SHOW")) else {
        return;
    };
    let before = patch.text_before("/status");
    let start = patch
        .text_before("/startTime")
        .and_then(|start| time::timestamp_to_seconds(start).ok());
    let Some(start) = start.filter(|_| before != Some("CANCELED") && before != Some(status)) else {
        return;
    };
    let now = case.epoch_sec(patch.at_ms);
    if now < start && status == "NO_SHOW_PENALIZED" && may_be_late(case, patch, now) {
        return;
    }
    verdicts.check(STARTED, now >= start - 2, || {
        let proof = Proof::at(patch.entry, "/status")
            .expected("after the start of the slot")
            .actual(status);
        (
            proof,
            "the user is reported as absent before the slot has started".to_owned(),
        )
    });
}

/// True unless online cancelling was certainly still open.
fn may_be_late(case: &Case<'_>, patch: &BookingUpdate<'_>, now: i64) -> bool {
    let slot = case
        .slot_of_booking(patch.booking_id)
        .filter(|_| !case.is_moved(patch.booking_id));
    slot.is_none_or(|slot| now > slot.terms.online_cancel_until_sec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy};
    use serde_json::json;

    fn report_status(story: Story, status: &str, wait: u64) -> Story {
        let body = changes(json!({ "status": status }));
        let story = story.create(booking()).after(wait);
        story.patch(Some("status"), body, copy("CONFIRMED", None), copy(status, None))
    }

    #[test]
    fn after_the_start_passes() {
        report_status(Story::arrival(), "NO_SHOW", 86_401)
            .judge(&RULE)
            .passes(STARTED);
        report_status(Story::no_show_fee(), "NO_SHOW_PENALIZED", 86_399)
            .judge(&RULE)
            .passes(STARTED);
    }

    #[test]
    fn before_the_start_is_found() {
        report_status(Story::arrival(), "NO_SHOW", 60)
            .judge(&RULE)
            .fails(STARTED);
        report_status(Story::no_show_fee(), "NO_SHOW_PENALIZED", 60)
            .judge(&RULE)
            .fails(STARTED);
    }

    #[test]
    fn a_penalty_for_a_late_cancellation_may_come_earlier() {
        let late = |slot: &mut domain::slot::Slot| slot.terms.online_cancel_until_sec -= 86_400;
        report_status(Story::no_show_fee().slot(late), "NO_SHOW_PENALIZED", 60)
            .judge(&RULE)
            .says_nothing();
        report_status(Story::arrival().slot(late), "NO_SHOW", 60)
            .judge(&RULE)
            .fails(STARTED);
        let body = changes(json!({ "status": "NO_SHOW_PENALIZED" }));
        let before = copy("CANCELED", None);
        let story = Story::no_show_fee().patch(Some("status"), body, before, copy("NO_SHOW_PENALIZED", None));
        story.judge(&RULE).says_nothing();
    }
}
