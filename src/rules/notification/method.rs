//! RTU-GEN-02

use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::Subject;

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
    let target = &call.notification.target;
    verdicts.check(METHOD, is_its_path(target), || {
        let proof = Proof {
            entry: Some(call.entry),
            ..Proof::default()
        };
        let expected = "/v1alpha/notification/partners/{partner id}/bookings/{booking id}";
        (
            proof.expected(expected).actual(path(target)),
            "a booking notification calls a method that the API does not have".to_owned(),
        )
    });
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

/// True for the path of the one method that takes booking notifications; a colon before a word is an invented method.
pub(crate) fn is_its_path(target: &str) -> bool {
    let segments: Vec<_> = path(target).split('/').skip(1).collect();
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
    !partner.is_empty() && !booking.is_empty()
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
    fn invented_methods_are_found() {
        for target in [
            "/v1alpha/partners/20002002/bookings/bk-0001",
            "/v1alpha/notification/partners/20002002/bookings/bk-0001/cancel",
        ] {
            update_at(target).judge(&RULE).fails(METHOD);
        }
    }
}
