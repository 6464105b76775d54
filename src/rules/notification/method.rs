//! RTU-GEN-02

use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use percent_encoding::percent_decode_str;
use transcript::{Notification, Subject};

const METHOD: RequirementId = RequirementId::declared("RTU-GEN-02");

pub(crate) static RULE: Rule = Rule {
    name: "notification/method",
    requirements: &[METHOD],
    manual: "What happens to a booking must be told by the method `notification.partners.bookings.patch`, whose path is \
             `/v1alpha/notification/partners/{partner id}/bookings/{booking id}`. Methods that the API does not have are \
             answered 404.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, call: &PartnerCall<'_>, verdicts: &mut Verdicts) {
    if !matches!(call.notification.subject, Subject::Booking { .. }) {
        return;
    }
    verdicts.check(METHOD, is_its_path(call.notification), || {
        let proof = Proof {
            entry: Some(call.entry),
            ..Proof::default()
        };
        let path = path(&call.notification.target);
        (proof.expected(PATH).actual(path), words(call.notification))
    });
}

/// The path of the one method.
pub(crate) const PATH: &str = "/v1alpha/notification/partners/{partner id}/bookings/{booking id}";

/// What is said of a call to another path.
pub(crate) fn words(notification: &Notification) -> String {
    let (verb, path) = (&notification.verb, path(&notification.target));
    format!(
        "the notification was sent to {verb} {path}, a method that the API does not have; PATCH {PATH} is due"
    )
}

pub(crate) fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

/// True for the path of the one method that takes booking notifications; a colon before a word is an invented method.
pub(crate) fn is_its_path(notification: &Notification) -> bool {
    let segments: Vec<_> = path(&notification.target).split('/').skip(1).collect();
    let [
        "v1alpha",
        "notification",
        "partners",
        partner,
        "bookings",
        booking,
    ] = segments.as_slice()
    else {
        return false;
    };
    // The id is recorded without a verb behind it.
    let is_whole = notification
        .booking_id()
        .is_none_or(|id| percent_decode_str(booking).decode_utf8_lossy() == id || notification.status != 404);
    !partner.is_empty() && !booking.is_empty() && is_whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;

    fn update_at(target: &str) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        );
        sent.target = target.to_owned();
        Story::arrival().notify(sent)
    }

    #[test]
    fn the_method_of_the_api_passes() {
        update_at("/v1alpha/notification/partners/20002002/bookings/bk-0001?updateMask=status")
            .judge(&RULE)
            .passes(METHOD);
    }

    #[test]
    fn a_verb_behind_the_id_is_no_id() {
        let target = "/v1alpha/notification/partners/20002002/bookings/bk-0001:updateStatus";
        let body = changes(json!({ "status": "CANCELED" }));
        let unchanged = copy("CONFIRMED", None);
        let mut sent = patch(None, body, unchanged.clone(), unchanged);
        (sent.target, sent.verb, sent.status) = (target.to_owned(), "POST".to_owned(), 404);
        let found = Story::arrival().notify(sent).judge(&RULE).fails(METHOD);
        assert_eq!(found.evidence.actual, target);
    }

    #[test]
    fn invented_methods_are_found() {
        for target in [
            "/v1alpha/partners/20002002/bookings/bk-0001",
            "/v1/notification/partners/20002002/bookings/bk-0001",
            "/v1alpha/notification/partners/20002002/bookings:notify",
            "/v1alpha/notification/partners/20002002/bookings/bk-0001/cancel",
        ] {
            update_at(target).judge(&RULE).fails(METHOD);
        }
    }
}
