//! What a call says: its body and the query parameters that belong to the request message.

use crate::api::decoder::{Decoded, decode_parsed};
use crate::api::draft::Draft;
use crate::api::error::Stop;
use crate::api::mask::UpdateMask;
use crate::api::methods::Method;
use crate::api::query;
use crate::api::violation::Violation;
use protocol::model::v1alpha;
use serde_json::{Map, Value};

/// A call that could be read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Incoming {
    /// The parameters of the request message, in canonical form.
    pub(crate) query: Map<String, Value>,
    /// The body, in canonical form.
    pub(crate) body: Map<String, Value>,
}

/// Reads body and query; both are looked at before either is refused.
pub(crate) fn read(method: &Method, draft: &mut Draft) -> Result<Incoming, Stop> {
    let bound = bind(method, &draft.query.fields);
    let at = method.query.map_or("", |(_, body)| body);
    let decoded = match method.request {
        Some(message) => decode_parsed(v1alpha(), message, at, draft.plain()),
        None => Ok(empty()),
    };
    if let Ok(bound) = &bound {
        note_mask(method, bound, draft);
    }
    match (bound, decoded) {
        (Ok(bound), Ok(decoded)) => {
            draft.lints.extend(bound.lints.into_iter().chain(decoded.lints));
            Ok(Incoming {
                query: bound.value,
                body: decoded.value,
            })
        }
        (bound, decoded) => {
            let violations = bound.err().into_iter().chain(decoded.err());
            Err(violations.flatten().collect::<Vec<_>>().into())
        }
    }
}

fn bind(method: &Method, fields: &[(String, String)]) -> Result<Decoded, Vec<Violation>> {
    match (method.query, method.request) {
        _ if fields.is_empty() => Ok(empty()),
        (Some((message, body)), _) => query::bind(v1alpha(), message, &[body], fields),
        // The whole message is the body, so no field is left that a parameter could bind.
        (None, message) => {
            let message = message.and_then(|message| v1alpha().message(message));
            let names = message.into_iter().flat_map(|message| &message.fields);
            let bound: Vec<&str> = names.map(|field| field.json_name.as_str()).collect();
            query::bind(v1alpha(), method.request.unwrap_or_default(), &bound, fields)
        }
    }
}

fn empty() -> Decoded {
    Decoded {
        value: Map::new(),
        lints: Vec::new(),
    }
}

fn note_mask(method: &Method, bound: &Decoded, draft: &mut Draft) {
    if method.verb != "PATCH" {
        return;
    }
    let sent = bound.value.get("updateMask").and_then(Value::as_str);
    draft.update_mask = Some(UpdateMask {
        sent: sent.map(str::to_owned),
        paths: Vec::new(),
    });
    draft.booking_failure = bound.value.get("bookingFailure").cloned();
}
