//! Calls of the partner to Google's API about merchants, services and records of its feeds.

use protocol::spelling::to_json_names;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A call of the partner about merchants, services or records of its feeds; no scenario brings one about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceCall {
    /// HTTP verb as received.
    pub verb: String,
    /// Path and query as received.
    pub target: String,
    /// When it came, milliseconds since the run began.
    pub at_ms: u64,
    /// Our answer's status code.
    pub status: u16,
    /// Why it was refused, in the words of the answer.
    pub refusal: Option<String>,
    /// What was to be done.
    pub act: ResourceAct,
}

/// What a call about merchants, services or records was to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceAct {
    /// A merchant is made.
    CreateMerchant {
        /// The id that the query gives it.
        id: Option<String>,
        /// The `Merchant` in JSON names.
        merchant: Value,
    },
    /// A merchant is changed.
    UpdateMerchant {
        /// The merchant in the path.
        merchant_id: String,
        /// The paths of `updateMask` as received; none when it was absent.
        mask: Option<Vec<String>>,
        /// The `Merchant` in JSON names.
        merchant: Value,
    },
    /// A merchant is taken away, with its services and their slots.
    DeleteMerchant {
        /// The merchant in the path.
        merchant_id: String,
    },
    /// A service is made.
    CreateService {
        /// The merchant in the path.
        merchant_id: String,
        /// The id that the query gives it.
        id: Option<String>,
        /// The `Service` in JSON names.
        service: Value,
    },
    /// A service is changed.
    UpdateService {
        /// The merchant in the path.
        merchant_id: String,
        /// The service in the path.
        service_id: String,
        /// The paths of `updateMask` as received; none when it was absent.
        mask: Option<Vec<String>>,
        /// The `Service` in JSON names.
        service: Value,
    },
    /// A service is taken away, with its slots.
    DeleteService {
        /// The merchant in the path.
        merchant_id: String,
        /// The service in the path.
        service_id: String,
    },
    /// Records of a feed are pushed or deleted.
    Records {
        /// True when they are deleted.
        deletes: bool,
        /// How many there are.
        count: usize,
        /// The first one without its time.
        undated: Option<usize>,
    },
}

impl ResourceCall {
    /// True when Google's API did what was asked.
    pub fn is_stored(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl ResourceAct {
    /// Of records only their number is kept, and whether they have their times: there may be very many.
    pub fn of_records(deletes: bool, body: &Value) -> Self {
        let records = body.get("records").and_then(Value::as_array);
        let records = records.map_or(&[][..], Vec::as_slice);
        let (named, proto) = time_of_record(deletes);
        let has_time = |record: &Value| {
            let times = [named, proto].map(|name| record.get(name));
            let mut times = times.into_iter().flatten().filter_map(Value::as_str);
            times.any(|time| !time.is_empty())
        };
        Self::Records {
            deletes,
            count: records.len(),
            undated: records.iter().position(|record| !has_time(record)),
        }
    }

    /// A `Service` in JSON names, whichever the partner used.
    pub fn service(sent: &Value) -> Value {
        to_json_names("Service", sent).0
    }

    /// A `Merchant` in JSON names, whichever the partner used.
    pub fn merchant(sent: &Value) -> Value {
        to_json_names("Merchant", sent).0
    }
}

/// The time that every record has, in JSON and in proto names.
fn time_of_record(deletes: bool) -> (&'static str, &'static str) {
    if deletes {
        ("deleteTime", "delete_time")
    } else {
        ("generationTimestamp", "generation_timestamp")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn undated(deletes: bool, records: &Value) -> Option<usize> {
        match ResourceAct::of_records(deletes, &json!({ "records": records })) {
            ResourceAct::Records { undated, .. } => undated,
            _ => None,
        }
    }

    #[test]
    fn the_first_record_without_its_time_is_noted() {
        let dated = json!({ "generationTimestamp": "2030-01-01T00:00:00Z" });
        let proto = json!({ "generation_timestamp": "2030-01-01T00:00:00Z" });
        assert_eq!(undated(false, &json!([dated, proto])), None);
        assert_eq!(
            undated(false, &json!([dated, { "generationTimestamp": "" }])),
            Some(1)
        );
        assert_eq!(undated(true, &json!([dated])), Some(0));
        assert_eq!(
            undated(true, &json!([{ "deleteTime": "2030-01-01T00:00:00Z" }])),
            None
        );
    }

    #[test]
    fn records_are_counted() {
        let act = ResourceAct::of_records(false, &json!({ "records": vec![json!({}); 3] }));
        assert_eq!(
            act,
            ResourceAct::Records {
                deletes: false,
                count: 3,
                undated: Some(0)
            }
        );
        let none = ResourceAct::of_records(true, &json!({}));
        assert!(matches!(
            none,
            ResourceAct::Records {
                count: 0,
                undated: None,
                ..
            }
        ));
    }
}
