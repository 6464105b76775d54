//! REQ-04

use super::{
    BookingUpdate, PREPAYMENT_PATH,
    mask_modifiable::{MODIFIABLE, has_unknown_path},
};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{int64, time};
use serde_json::Value;

const COMPLETE: RequirementId = RequirementId::declared("REQ-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/mask-complete",
    requirements: &[COMPLETE],
    manual: "Where a mask is sent it must name every field of the body that changes the booking. Fields that only repeat \
             what Google knows, such as an unchanged start, need not be named. A refund that the mask does not name has a \
             rule of its own, since one of Google's pages prints it so, and so has a mask that names what a booking does not have.",
    scope: Scope::BookingUpdate(judge),
};

fn judge(_: &Case<'_>, patch: &BookingUpdate<'_>, verdicts: &mut Verdicts) {
    if !patch.has_mask() || patch.before.is_none() || has_unknown_path(patch) {
        return;
    }
    let lost = unnamed_change(patch);
    verdicts.check(COMPLETE, lost.is_none(), || {
        let field = lost.unwrap_or_default();
        let pointer = format!("/{}", field.replace('.', "/"));
        let proof = Proof::at(patch.entry, pointer).expected(format!("updateMask with {field}"));
        (
            proof.actual(patch.mask.unwrap_or_default()),
            format!(
                "`{field}` is changed, but the updateMask does not name it, so Google ignores the change"
            ),
        )
    });
}

/// A field that the body changes and the mask does not name.
pub(super) fn unnamed_change(patch: &BookingUpdate<'_>) -> Option<&'static str> {
    let before = patch.before.filter(|_| patch.has_mask())?;
    let refund = |path: &str| path == PREPAYMENT_PATH && patch.prepayment() == Some("PREPAYMENT_REFUNDED");
    MODIFIABLE
        .into_iter()
        .filter(|path| !patch.names(path) && !refund(path))
        .find(|path| changes(patch.body, before, path))
}

/// True when the body has a value at the path that can be read and is not the one that Google has.
pub(super) fn changes(body: &Value, before: &Value, path: &str) -> bool {
    let pointer = format!("/{}", path.replace('.', "/"));
    let read = |message: &Value| comparable(reading::set(message, &pointer)?, path);
    let reported = read(body);
    reported.is_some() && reported != read(before)
}

fn comparable(value: &Value, path: &str) -> Option<Value> {
    match path {
        "startTime" => time::timestamp_to_seconds(value.as_str()?).ok().map(Value::from),
        "duration" => time::duration_to_seconds(value.as_str()?).ok().map(Value::from),
        // A default that is written out says no more than one that is left out.
        "partySize" => int64::read(value).filter(|size| *size != 0).map(Value::from),
        _ => value
            .as_str()
            .filter(|name| !name.is_empty() && !name.ends_with("_UNSPECIFIED"))
            .map(Value::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, changes, copy};
    use serde_json::json;

    fn update(mask: Option<&str>, body: Value) -> Story {
        let before = copy("CONFIRMED", Some("PREPAYMENT_PROVIDED"));
        Story::arrival().patch(mask, changes(body), before.clone(), before)
    }

    #[test]
    fn a_mask_that_names_every_change_passes() {
        let body = json!({ "status": "CANCELED", "startTime": "2030-01-01T09:00:00+01:00", "duration": "1800.000s" });
        update(Some("status"), body).judge(&RULE).passes(COMPLETE);
        let moved = json!({ "startTime": "2030-01-01T10:00:00Z" });
        update(Some("start_time"), moved).judge(&RULE).passes(COMPLETE);
    }

    #[test]
    fn defaults_that_are_written_out_change_nothing() {
        let body = json!({ "status": "CANCELED", "partySize": "0",
            "paymentInformation": { "prepaymentStatus": "PREPAYMENT_STATUS_UNSPECIFIED" } });
        update(Some("status"), body).judge(&RULE).passes(COMPLETE);
        let body = json!({ "startTime": "2030-01-01T10:00:00Z", "status": "BOOKING_STATUS_UNSPECIFIED" });
        update(Some("startTime"), body).judge(&RULE).passes(COMPLETE);
    }

    #[test]
    fn a_change_outside_the_mask_is_found() {
        let body = json!({ "startTime": "2030-01-01T10:00:00Z", "duration": "3600s" });
        let found = update(Some("startTime"), body).judge(&RULE).fails(COMPLETE);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/duration"));
    }

    #[test]
    fn a_refund_outside_the_mask_and_an_absent_mask_have_rules_of_their_own() {
        let body = json!({ "status": "CANCELED", "paymentInformation": { "prepaymentStatus": "PREPAYMENT_REFUNDED" } });
        update(Some("status"), body.clone()).judge(&RULE).passes(COMPLETE);
        update(None, body).judge(&RULE).says_nothing();
    }
}
