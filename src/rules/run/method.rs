//! RTU-GEN-02

use super::{about_bookings, reported_bookings};
use crate::notification::method::{PATH, is_its_path, path, words};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Notification;

const METHOD: RequirementId = RequirementId::declared("RTU-GEN-02");

pub(crate) static RULE: Rule = Rule {
    name: "run/method",
    requirements: &[METHOD],
    manual: "Booking notifications that no scenario could claim, often because an invented method names no booking, are looked at \
             as well: the path must be that of `notification.partners.bookings.patch`.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    // An id with a slash that is not encoded makes no method of its own.
    let ids: Vec<&str> = reported_bookings(run).iter().map(|made| made.id).collect();
    let ends_in_an_id = |orphan: &Notification| {
        let rest = path(&orphan.target)
            .split_once("/bookings/")
            .map(|(_, rest)| rest);
        rest.is_some_and(|rest| ids.contains(&rest))
    };
    let mut invented =
        about_bookings(run).filter(|(_, orphan)| !is_its_path(orphan) && !ends_in_an_id(orphan));
    let Some((_, first)) = invented.next() else { return };
    let proof = Proof::default().expected(PATH).actual(path(&first.target));
    let message = match invented.count() {
        0 => words(first),
        more => format!("{} ({} calls)", words(first), more + 1),
    };
    verdicts.fail(METHOD, proof, message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy, patch};
    use serde_json::json;

    fn unclaimed(target: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let unchanged = copy("CONFIRMED", None);
        let mut sent = patch(Some("status"), body, unchanged.clone(), unchanged);
        (sent.target, sent.status) = (target.to_owned(), 404);
        Story::arrival().orphan(sent.clone()).orphan(sent)
    }

    #[test]
    fn the_path_of_the_api_is_left_to_other_rules() {
        unclaimed("/v1alpha/notification/partners/20002002/bookings/bk-0001")
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn an_id_with_a_slash_is_another_finding() {
        let mut answer = booking();
        answer["booking"]["booking_id"] = json!("bk/0001");
        unclaimed("/v1alpha/notification/partners/20002002/bookings/bk/0001")
            .create(answer)
            .judge(&RULE)
            .says_nothing();
    }

    #[test]
    fn an_invented_method_is_named_with_its_count() {
        let path = "/v1alpha/notification/partners/20002002/bookings:notify";
        let found = unclaimed(path).judge(&RULE).fails(METHOD);
        assert_eq!(found.evidence.actual, path);
        assert!(found.message.ends_with("(2 calls)"), "{}", found.message);
    }
}
