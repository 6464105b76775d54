//! What a call asks of its answer.

use crate::api::draft::Draft;
use crate::api::error::{ApiError, to_legacy};
use crate::api::lint::Lint;
use crate::api::partial::Selection;
use crate::api::query::Query;
use crate::api::wire::Request;
use serde_json::Value;

/// An error in the form that was asked for.
pub(super) fn envelope(error: &ApiError, query: &Query) -> Value {
    let mut envelope = error.envelope();
    if query.legacy_errors {
        to_legacy(&mut envelope);
    }
    envelope
}

/// The answer to a token request without what was asked for.
pub(super) fn without_token(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("access_token");
    }
    body
}

/// The version of the API whose description is asked for.
pub(super) fn version(draft: &Draft) -> Option<&str> {
    let mut fields = draft.query.fields.iter();
    let (_, version) = fields.find(|(name, _)| name == "version")?;
    Some(version)
}

/// How much of the answer is wanted: a mistake there is told before anything is done.
pub(super) fn requested_fields(request: &Request, draft: &Draft) -> Result<Option<Selection>, ApiError> {
    let header = || request.header("x-goog-fieldmask");
    let text = draft.query.wanted.as_deref().or_else(header);
    let message = draft.route.method().and_then(|method| method.response);
    text.map(|text| Selection::read(text, message)).transpose()
}

pub(super) fn content_type(request: &Request, draft: &Draft) -> Option<Lint> {
    let fine = draft.body.is_empty() || request.is_of_type("application/json");
    (!fine).then(|| Lint::ContentType {
        sent: request.header("content-type").map(str::to_owned),
    })
}
