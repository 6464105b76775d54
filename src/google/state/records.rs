//! `inventory.partners.feeds.record.batchPush` and `batchDelete`: only the form is looked at while the partner waits, as
//! Google does; what the records say is none of this side's affair.

use crate::api::error::ApiError;
use serde_json::{Map, Value};

/// So many records go into one call.
const MOST: usize = 1000;

/// The time that every record needs, by its name in JSON and in proto.
fn time(delete: bool) -> (&'static str, &'static str) {
    if delete {
        ("deleteTime", "delete_time")
    } else {
        ("generationTimestamp", "generation_timestamp")
    }
}

/// Refuses what Google refuses at once.
pub(crate) fn check(body: &Map<String, Value>, delete: bool) -> Result<(), ApiError> {
    let records = body.get("records").and_then(Value::as_array);
    let records = records.map_or(&[][..], Vec::as_slice);
    if records.len() > MOST {
        return Err(ApiError::invalid(
            "records",
            format!(
                "At most {MOST} records may be sent in one call, these are {}.",
                records.len()
            ),
        ));
    }
    let (name, proto) = time(delete);
    let missing = records.iter().position(|record| record.get(name).is_none());
    missing.map_or(Ok(()), |index| {
        let field = format!("records[{index}].{proto}");
        Err(ApiError::invalid(&field, "The field is required."))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use serde_json::json;

    use super::*;

    fn refused(records: &Value, delete: bool) -> Option<String> {
        let body = json!({ "records": records });
        let error = check(body.as_object().unwrap(), delete).err()?;
        Some(
            error.details[0]["fieldViolations"][0]["field"]
                .as_str()
                .unwrap()
                .to_owned(),
        )
    }

    #[test]
    fn a_thousand_records_with_their_times_are_taken() {
        let pushed = json!({ "generationTimestamp": "2025-01-01T00:00:00Z", "dataRecord": "e30=" });
        let deleted = json!({ "deleteTime": "2025-01-01T00:00:00Z" });
        assert_eq!(refused(&json!(vec![pushed.clone(); 1000]), false), None);
        assert_eq!(refused(&json!([deleted]), true), None);
        assert_eq!(
            refused(&json!(vec![pushed.clone(); 1001]), false).as_deref(),
            Some("records")
        );
        assert_eq!(
            refused(&json!([deleted, pushed]), true).as_deref(),
            Some("records[1].delete_time")
        );
        assert_eq!(
            refused(&json!([{}]), false).as_deref(),
            Some("records[0].generation_timestamp")
        );
    }
}
