//! The credentials of an API call, looked at before its body.

use crate::api::credential::Credential;
use crate::api::draft::Draft;
use crate::api::error::{ApiError, Code};
use crate::api::wire::Request;
use crate::auth::credentials::{IssuedToken, Tokens};
use crate::auth::jwt::Jwt;
use crate::auth::keys::ServiceAccount;
use crate::auth::token::SCOPE;
use jiff::Timestamp;
use serde_json::{Value, json};

const REALM: &str = "Bearer realm=\"https://accounts.google.com/\"";
const SERVICE: &str = domain::hosts::API[0];
const AUDIENCES: [&str; 2] = [
    "https://mapsbooking.googleapis.com/",
    "https://partnerdev-mapsbooking.googleapis.com/",
];
const EXPECTED: &str = "Expected OAuth 2 access token, login cookie or other valid authentication credential. \
                        See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/// Who may call, and with what.
pub(crate) struct Guard<'a> {
    pub(crate) tokens: &'a Tokens,
    pub(crate) account: &'a ServiceAccount,
    pub(crate) now: Timestamp,
}

impl Guard<'_> {
    /// Finds out who calls; the finding is noted whether or not it is good enough.
    pub(crate) fn check(&self, request: &Request, draft: &mut Draft) -> Result<(), ApiError> {
        match presented_token(request, draft) {
            Some(token) => self.check_token(&token, draft),
            None if draft.query.has_key || request.header("x-goog-api-key").is_some() => {
                draft.credential = Credential::ApiKey;
                Err(unsupported_api_key(draft))
            }
            None => Err(missing_credential(draft)),
        }
    }

    fn check_token(&self, token: &str, draft: &mut Draft) -> Result<(), ApiError> {
        draft.credential = Credential::Invalid;
        if let Some(issued) = self.tokens.find(token) {
            return self.check_issued(&issued, draft);
        }
        if Jwt::parse(token).is_some_and(|jwt| self.is_self_signed(&jwt)) {
            draft.credential = Credential::SelfSigned;
            return Ok(());
        }
        Err(invalid_token())
    }

    fn check_issued(&self, issued: &IssuedToken, draft: &mut Draft) -> Result<(), ApiError> {
        if issued.expires <= self.now {
            return Err(invalid_token().with_detail(error_info("ACCESS_TOKEN_EXPIRED", draft)));
        }
        draft.credential = Credential::AccessToken {
            number: issued.number,
        };
        if issued.scopes.iter().any(|scope| scope == SCOPE) {
            Ok(())
        } else {
            Err(wrong_scope(draft))
        }
    }

    fn is_self_signed(&self, jwt: &Jwt) -> bool {
        let email = Some(self.account.client_email.as_str());
        let aimed = match jwt.text("aud") {
            Some(aud) => AUDIENCES.contains(&aud) || self.account.is_own_audience(aud),
            None => jwt
                .text("scope")
                .is_some_and(|scopes| scopes.split_whitespace().any(|scope| scope == SCOPE)),
        };
        aimed
            && jwt.is_signed_by(self.account)
            && jwt.text("iss") == email
            && jwt.text("sub") == email
            && jwt.is_current(self.now)
    }
}

// Any other scheme than Bearer is a credential too, only never a valid one.
fn presented_token(request: &Request, draft: &Draft) -> Option<String> {
    let Some(header) = request
        .header("authorization")
        .map(str::trim)
        .filter(|header| !header.is_empty())
    else {
        return draft.query.token.clone();
    };
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim().to_owned()),
        _ => Some(String::new()),
    }
}

fn missing_credential(draft: &Draft) -> ApiError {
    let text = format!("Request is missing required authentication credential. {EXPECTED}");
    ApiError::new(Code::Unauthenticated, text)
        .with_detail(error_info("CREDENTIALS_MISSING", draft))
        .with_challenge(REALM)
}

fn unsupported_api_key(draft: &Draft) -> ApiError {
    let text = "API keys are not supported by this API. Expected OAuth2 access token or other authentication \
                credentials that assert a principal. See https://cloud.google.com/docs/authentication";
    ApiError::new(Code::Unauthenticated, text)
        .with_detail(error_info("CREDENTIALS_MISSING", draft))
        .with_challenge(REALM)
}

/// What a token is answered that is not valid, or not any more.
pub(crate) fn invalid_token() -> ApiError {
    let text = format!("Request had invalid authentication credentials. {EXPECTED}");
    ApiError::new(Code::Unauthenticated, text).with_challenge(&format!("{REALM}, error=\"invalid_token\""))
}

fn wrong_scope(draft: &Draft) -> ApiError {
    ApiError::new(
        Code::PermissionDenied,
        "Request had insufficient authentication scopes.",
    )
    .with_detail(error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", draft))
    .with_challenge(&format!(
        "{REALM}, error=\"insufficient_scope\", scope=\"{SCOPE}\""
    ))
}

fn error_info(reason: &str, draft: &Draft) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": { "method": draft.route.rpc(), "service": SERVICE },
    })
}

#[cfg(test)]
mod tests;
