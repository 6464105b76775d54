//! REQ-01

use super::method::is_its_path;
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::{Notification, Subject};

const VERB: RequirementId = RequirementId::declared("REQ-01");

pub(crate) static RULE: Rule = Rule {
    name: "notification/verb",
    requirements: &[VERB],
    manual: "Booking notifications must be sent as PATCH, or as POST with the header `X-HTTP-Method-Override: PATCH`.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, call: &PartnerCall<'_>, verdicts: &mut Verdicts) {
    // An invented method has no documented verb.
    let about_booking = matches!(call.notification.subject, Subject::Booking { .. });
    if !about_booking || !is_its_path(call.notification) {
        return;
    }
    verdicts.check(VERB, is_patch(call.notification), || {
        let proof = Proof {
            entry: Some(call.entry),
            ..Proof::default()
        };
        (
            proof.expected("PATCH").actual(call.notification.verb.as_str()),
            "a booking notification was not sent as PATCH".to_owned(),
        )
    });
}

/// True for PATCH and for a POST that says that it is one.
pub(crate) fn is_patch(notification: &Notification) -> bool {
    let overridden = |(name, value): &(String, String)| {
        name.eq_ignore_ascii_case("x-http-method-override") && value.trim().eq_ignore_ascii_case("patch")
    };
    match notification.verb.as_str() {
        "PATCH" => true,
        "POST" => notification.headers.iter().any(overridden),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;

    fn update(verb: &str, header: Option<(&str, &str)>) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CONFIRMED", None),
        );
        sent.verb = verb.into();
        sent.headers
            .extend(header.map(|(name, value)| (name.into(), value.into())));
        Story::arrival().notify(sent)
    }

    #[test]
    fn patch_and_its_override_pass() {
        update("PATCH", None).judge(&RULE).passes(VERB);
        update("POST", Some(("X-HTTP-Method-Override", "PATCH")))
            .judge(&RULE)
            .passes(VERB);
    }

    #[test]
    fn another_verb_is_found() {
        update("POST", None).judge(&RULE).fails(VERB);
        update("PUT", Some(("X-HTTP-Method-Override", "PATCH")))
            .judge(&RULE)
            .fails(VERB);
    }
}
