//! REQ-10

use super::is_read;
use crate::verdicts::Proof;
use crate::{Case, PartnerCall, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;

const JSON: RequirementId = RequirementId::declared("REQ-10");

pub(crate) static RULE: Rule = Rule {
    name: "notification/content-type",
    requirements: &[JSON],
    manual: "Booking notifications and inventory updates must have the content type `application/json`; parameters such as \
             a charset do not matter.",
    scope: Scope::Notification(judge),
};

fn judge(_: &Case<'_>, call: &PartnerCall<'_>, verdicts: &mut Verdicts) {
    if call.notification.raw.is_empty() || !is_read(call.notification) {
        return;
    }
    let headers = call.notification.headers.iter();
    let header = headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.as_str())
        .next();
    verdicts.check(JSON, reading::is_json(header), || {
        let proof = Proof {
            entry: Some(call.entry),
            ..Proof::default()
        };
        (
            proof.expected("application/json").actual(header),
            "the notification does not say that it is JSON: its content type is not application/json"
                .to_owned(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy, patch};
    use serde_json::json;

    fn update(headers: &[(&str, &str)]) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        let mut sent = patch(
            Some("status"),
            body,
            copy("CONFIRMED", None),
            copy("CANCELED", None),
        );
        sent.headers = headers
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        Story::arrival().notify(sent)
    }

    #[test]
    fn json_passes_in_any_case() {
        update(&[("Content-Type", "application/json; charset=UTF-8")])
            .judge(&RULE)
            .passes(JSON);
    }

    #[test]
    fn another_type_or_none_is_found() {
        update(&[("content-type", "application/x-www-form-urlencoded")])
            .judge(&RULE)
            .fails(JSON);
        update(&[]).judge(&RULE).fails(JSON);
    }
}
