//! Google's error envelope and the codes that it uses.

use crate::api::violation::Violation;
use domain::Fault;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

const SERVICE: &str = domain::hosts::API[0];

/// The number of the partner's project: Google names it where calls are too many, and nothing else depends on it.
const PROJECT_NUMBER: u64 = 200_020_020_020;

/// The canonical codes that this API answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidArgument,
    FailedPrecondition,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
}

impl Code {
    fn http(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::ResourceExhausted => 429,
            Self::NotFound => 404,
            Self::AlreadyExists => 409,
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }
}

/// An error answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) details: Vec<Value>,
    /// Value of `WWW-Authenticate`.
    pub(crate) challenge: Option<String>,
}

impl ApiError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            challenge: None,
        }
    }

    /// The frame of everything that the transcoding layer refuses: each violation repeats its own text.
    pub(crate) fn violations(violations: &[Violation]) -> Self {
        let message = violations
            .iter()
            .map(|v| v.description.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let entries: Vec<Value> = violations.iter().map(violation_json).collect();
        Self::new(Code::InvalidArgument, message).with_detail(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": entries,
        }))
    }

    /// One violation found by the method itself.
    pub(crate) fn invalid(field: &str, description: impl Into<String>) -> Self {
        Self::violations(&[Violation {
            field: field.to_owned(),
            description: description.into(),
        }])
    }

    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, "Requested entity was not found.")
    }

    pub(crate) fn permission_denied() -> Self {
        Self::new(Code::PermissionDenied, "The caller does not have permission")
    }

    /// More calls than `most` in a minute by the project of that number.
    pub(crate) fn exhausted(most: usize) -> Self {
        let consumer = format!("project_number:{PROJECT_NUMBER}");
        let text = format!(
            "Insufficient tokens for quota 'Requests' and limit 'Requests per minute' of service '{SERVICE}' for \
             consumer '{consumer}'."
        );
        Self::new(Code::ResourceExhausted, text).with_detail(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {
                "service": SERVICE,
                "consumer": format!("projects/{PROJECT_NUMBER}"),
                "quota_metric": format!("{SERVICE}/requests"),
                "quota_limit": "RequestsPerMinutePerProject",
                "quota_limit_value": most.to_string(),
                "quota_unit": "1/min/{project}",
                "quota_location": "global",
            },
        }))
    }

    /// The API has no such version.
    pub(crate) fn no_discovery_document(version: &str) -> Self {
        let text = format!(
            "Discovery document not found for API service: {SERVICE} format: rest version: {version}"
        );
        Self::new(Code::NotFound, text)
    }

    pub(crate) fn already_exists() -> Self {
        Self::new(Code::AlreadyExists, "Requested entity already exists")
    }

    pub(crate) fn with_detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    pub(crate) fn with_challenge(mut self, challenge: &str) -> Self {
        self.challenge = Some(challenge.to_owned());
        self
    }

    pub(crate) fn http(&self) -> u16 {
        self.code.http()
    }

    pub(crate) fn envelope(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), self.http().into());
        error.insert("message".to_owned(), self.message.clone().into());
        error.insert("status".to_owned(), self.code.status().into());
        if !self.details.is_empty() {
            error.insert("details".to_owned(), Value::Array(self.details.clone()));
        }
        json!({ "error": error })
    }
}

/// An error envelope in the older form, as `$.xgafv=1` asks for it: with a list of errors that have a reason in one word.
pub(crate) fn to_legacy(envelope: &mut Value) {
    let Some(error) = envelope.get_mut("error").and_then(Value::as_object_mut) else {
        return;
    };
    let reason = match error.get("status").and_then(Value::as_str).unwrap_or_default() {
        "FAILED_PRECONDITION" => "failedPrecondition",
        "UNAUTHENTICATED" => "authError",
        "PERMISSION_DENIED" => "forbidden",
        "NOT_FOUND" => "notFound",
        "ALREADY_EXISTS" => "alreadyExists",
        "ABORTED" => "aborted",
        "RESOURCE_EXHAUSTED" => "rateLimitExceeded",
        "INTERNAL" | "UNAVAILABLE" | "DEADLINE_EXCEEDED" | "UNIMPLEMENTED" => "backendError",
        _ => "badRequest",
    };
    let message = error.get("message").cloned().unwrap_or_default();
    let errors = json!([{ "message": message, "domain": "global", "reason": reason }]);
    error.insert("errors".to_owned(), errors);
}

fn violation_json(violation: &Violation) -> Value {
    if violation.field.is_empty() {
        json!({ "description": violation.description })
    } else {
        json!({ "field": violation.field, "description": violation.description })
    }
}

/// Why a method does not answer with its message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stop {
    Error(ApiError),
    /// Something goes wrong on purpose.
    Fault(Fault),
    Hold(Timestamp),
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl From<Vec<Violation>> for Stop {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Error(ApiError::violations(&violations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_without_details_has_none() {
        assert_eq!(
            ApiError::not_found().envelope(),
            json!({ "error": { "code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND" } })
        );
    }

    #[test]
    fn the_older_form_has_a_reason_in_one_word() {
        for (error, reason) in [
            (ApiError::not_found(), "notFound"),
            (ApiError::already_exists(), "alreadyExists"),
            (ApiError::invalid("booking", "no"), "badRequest"),
            (ApiError::exhausted(1), "rateLimitExceeded"),
        ] {
            let mut envelope = error.envelope();
            to_legacy(&mut envelope);
            let listed = json!([{ "message": error.message, "domain": "global", "reason": reason }]);
            assert_eq!(envelope["error"]["errors"], listed);
            assert_eq!(envelope["error"]["code"], error.http());
        }
        let mut answer = json!({ "name": "no error" });
        to_legacy(&mut answer);
        assert_eq!(answer, json!({ "name": "no error" }));
    }

    #[test]
    fn several_violations_are_joined_and_listed() {
        let violations = ["a", "b"].map(|text| Violation {
            field: String::new(),
            description: text.to_owned(),
        });
        let error = ApiError::violations(&violations).envelope();
        assert_eq!(error["error"]["message"], "a\nb");
        assert_eq!(
            error["error"]["details"][0]["fieldViolations"],
            json!([{ "description": "a" }, { "description": "b" }])
        );
    }
}
