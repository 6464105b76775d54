//! RTU-GEN-05

use crate::misdirected::misdirected;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const RETURNED: RequirementId = RequirementId::declared("RTU-GEN-05");

pub(crate) static RULE: Rule = Rule {
    name: "run/of-another",
    requirements: &[RETURNED],
    manual: "An act on the partner's side must be notified of the booking that it was done to. When Google waited for what follows \
             one in vain, and meanwhile just that came for another booking, to which nobody had done it, the notification named \
             the wrong one. So it did where its body names the booking that was meant and its path another one. The other booking's scenario \
             is judged as if it had not come.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let all = misdirected(run.cases.iter().map(|case| case.transcript));
    let Some(first) = all.first() else { return };
    let message = if first.names_both {
        format!(
            "a notification went to the path of booking \"{}\" and names booking \"{}\" in its body, of which just that was due and did \
             not come; the path is what counts",
            first.named, first.meant
        )
    } else if first.until["status"] == "CANCELED" {
        format!(
            "the cancellation of booking \"{}\" was not notified; CANCELED came for \"{}\" instead, which nobody cancelled",
            first.meant, first.named
        )
    } else {
        format!(
            "the change of booking \"{}\" was not notified; what was due of it, {}, came for \"{}\" instead, which nobody changed",
            first.meant,
            words(&first.until),
            first.named
        )
    };
    let proof = Proof::default()
        .expected(first.meant.as_str())
        .actual(first.target.as_str());
    verdicts.fail(RETURNED, proof, message);
}

/// What was waited for, in one line.
fn words(until: &serde_json::Value) -> String {
    match scenario::matcher::describe(until) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy, judge_run};
    use serde_json::json;

    const WAITED: RequirementId = RequirementId::declared("RTU-CANCEL-01");

    fn in_vain() -> Story {
        let story = Story::arrival().with_id("a/cancelled").create(booking());
        let until = json!({ "status": "CANCELED" });
        let story = story.trigger("user_cancel_at_partner").after_ms(50);
        story.wait(WAITED, until, false, copy("CONFIRMED", None))
    }

    fn innocent(ms: u64) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let story = Story::arrival()
            .with_id("a/innocent")
            .create(booking())
            .after_ms(ms);
        story.patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        )
    }

    #[test]
    fn a_cancellation_of_another_booking_meanwhile_is_named() {
        let found = judge_run(&[in_vain(), innocent(30)], &RULE).fails(RETURNED);
        assert!(found.message.contains("instead, which nobody cancelled"));
    }

    #[test]
    fn without_a_wait_in_vain_or_at_another_time_nothing_is_claimed() {
        judge_run(&[innocent(30)], &RULE).says_nothing();
        judge_run(&[in_vain(), innocent(9_000)], &RULE).says_nothing();
    }

    #[test]
    fn a_path_of_another_booking_than_the_body_s_is_named_whatever_was_done_to_that_one() {
        let innocent = |named: &str| {
            let mut answer = booking();
            answer["booking"]["booking_id"] = json!("bk-0002");
            let story = Story::arrival()
                .with_id("a/innocent")
                .create_with("t-2", answer)
                .trigger("merchant_cancel");
            let mut body = changes(json!({ "status": "CANCELED" }));
            body["name"] = json!(format!("partners/20002002/bookings/{named}"));
            let copies = copy("CANCELED", None);
            let mut told = crate::testing::patch(Some("status"), body, copies.clone(), copies);
            told.subject = transcript::Subject::Booking {
                partner: "20002002".into(),
                booking_id: "bk-0002".into(),
            };
            story.after_ms(20).notify(told)
        };
        let stories = [in_vain(), innocent("bk-0001")];
        let found = judge_run(&stories, &RULE).fails(RETURNED);
        assert!(
            found.message.contains("went to the path of booking \"bk-0002\""),
            "{}",
            found.message
        );
        let all = misdirected(stories.each_ref().map(|story| story.case().transcript));
        let case = stories[1].case().with_misdirected(&all);
        assert_eq!(case.partner_calls().count(), 0);
        // A name that nobody knows, or that is the path's, is no address.
        judge_run(&[in_vain(), innocent("bk-0002")], &RULE).says_nothing();
        judge_run(&[in_vain(), innocent("bk-0003")], &RULE).says_nothing();
    }

    fn moved_in_vain() -> Story {
        let story = Story::arrival().with_id("a/moved").create(booking());
        let until = json!({ "startTime": "2030-01-01T09:00:00Z" });
        let story = story.trigger("reschedule").after_ms(50);
        story.wait(WAITED, until, false, copy("CONFIRMED", None))
    }

    fn start_of_another(story: Story) -> Story {
        let body = changes(json!({ "startTime": "2030-01-01T09:00:00Z" }));
        let mut after = copy("CONFIRMED", None);
        after["startTime"] = json!("2030-01-01T09:00:00Z");
        story.patch(Some("startTime"), body, copy("CONFIRMED", None), after)
    }

    #[test]
    fn a_move_that_came_for_another_booking_is_named_also_when_that_one_was_cancelled() {
        let other = || Story::arrival().with_id("a/innocent").create(booking());
        let cancelled = || other().cancel(booking());
        for story in [other(), cancelled()] {
            let told = start_of_another(story.after_ms(30));
            let found = judge_run(&[moved_in_vain(), told], &RULE).fails(RETURNED);
            assert!(
                found.message.contains("2030-01-01T09:00:00Z"),
                "{}",
                found.message
            );
        }
        let moved = start_of_another(other().trigger("reschedule").after_ms(30));
        judge_run(&[moved_in_vain(), moved], &RULE).says_nothing();
    }

    #[test]
    fn what_somebody_cancelled_is_no_stranger() {
        let body = changes(json!({ "status": "CANCELED" }));
        let story = Story::arrival().create(booking()).trigger("merchant_cancel");
        let (before, after) = (copy("CONFIRMED", None), copy("CANCELED", None));
        let cancelled = story.patch(Some("status"), body, before, after);
        judge_run(&[in_vain(), cancelled], &RULE).says_nothing();
    }

    #[test]
    fn the_innocent_scenario_does_not_see_it_and_the_other_one_is_not_blamed_twice() {
        let (cancelled, other) = (in_vain(), innocent(30));
        let all = misdirected([&cancelled, &other].map(|story| story.case().transcript));
        assert_eq!(all.len(), 1);
        let case = other.case().with_misdirected(&all);
        assert_eq!(case.partner_calls().count(), 0);
        let judged = crate::judge_scenario(&cancelled.case().with_misdirected(&all));
        assert!(
            judged
                .findings
                .iter()
                .all(|finding| finding.requirement != WAITED)
        );
    }
}
