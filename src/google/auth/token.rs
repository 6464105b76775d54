//! The token endpoint: an assertion signed with the service account's key becomes an access token.

use crate::api::draft::Draft;
use crate::api::redaction::redact_form;
use crate::auth::credentials::{LIFETIME, Tokens};
use crate::auth::jwt::Jwt;
use crate::auth::keys::ServiceAccount;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The scope of the Maps Booking API.
pub(crate) const SCOPE: &str = "https://www.googleapis.com/auth/mapsbooking";
/// The audiences that some of Google's libraries write whatever the key file says, today's and those before it.
const GOOGLE_TOKEN_URIS: [&str; 3] = [
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
];
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const OTHER_SCOPES: [&str; 4] = [
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "openid",
];

/// An error answer in OAuth's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OauthError {
    error: &'static str,
    description: String,
}

impl OauthError {
    pub(crate) fn body(&self) -> Value {
        json!({ "error": self.error, "error_description": self.description })
    }
}

/// A token request, read.
pub(crate) struct TokenRequest {
    grant_type: String,
    jwt: Option<Jwt>,
}

/// Reads a token request; the draft keeps no assertion.
pub(crate) fn read(draft: &mut Draft) -> TokenRequest {
    let form = std::mem::take(&mut draft.body);
    let field = |name: &str| {
        form_urlencoded::parse(&form)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let grant_type = field("grant_type").unwrap_or_default().into_owned();
    let jwt = field("assertion").and_then(|text| Jwt::parse(&text));
    draft.body = redact_form(&grant_type);
    draft.json = Some(json!({
        "grant_type": grant_type,
        "header": jwt.as_ref().map(|jwt| &jwt.header),
        "claims": jwt.as_ref().map(|jwt| &jwt.claims),
    }));
    TokenRequest { grant_type, jwt }
}

/// Answers a token request with a token that lives so many seconds.
pub(crate) fn answer(
    tokens: &mut Tokens,
    account: &ServiceAccount,
    now: Timestamp,
    TokenRequest { grant_type, jwt }: TokenRequest,
    lifetime: i64,
) -> Result<Value, OauthError> {
    if grant_type != GRANT_TYPE {
        return Err(OauthError {
            error: "unsupported_grant_type",
            description: format!("Invalid grant_type: {grant_type}"),
        });
    }
    let jwt = jwt.ok_or_else(|| oauth_error("invalid_request", "Bad Request"))?;
    check(&jwt, account, now)?;
    Ok(grant(tokens, &jwt, now, lifetime))
}

// The order is Google's: a client with two faults hears of the first one.
fn check(jwt: &Jwt, account: &ServiceAccount, now: Timestamp) -> Result<(), OauthError> {
    let is_ours = |aud: &str| aud == account.token_uri || GOOGLE_TOKEN_URIS.contains(&aud);
    let unset = |name: &str| invalid_grant(&format!("Invalid JWT: {name} is not set."));
    if !jwt.is_signed_by(account) {
        Err(invalid_grant("Invalid JWT Signature."))
    } else if jwt.text("iss") != Some(account.client_email.as_str()) {
        Err(invalid_grant("Invalid grant: account not found"))
    } else if jwt.seconds("iat").is_none() {
        Err(unset("iat (issued at)"))
    } else if jwt.seconds("exp").is_none() {
        Err(unset("exp (expiration time)"))
    } else if !jwt.is_current(now) {
        Err(invalid_grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
             Check your iat and exp values in the JWT claim.",
        ))
    } else if scopes(jwt).next().is_none() {
        Err(oauth_error(
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ))
    } else if !jwt.text("aud").is_some_and(is_ours) {
        Err(invalid_grant("Invalid JWT: Failed audience check."))
    } else {
        Ok(())
    }
}

fn grant(tokens: &mut Tokens, jwt: &Jwt, now: Timestamp, lifetime: i64) -> Value {
    if scopes(jwt).all(|scope| scope == SCOPE || OTHER_SCOPES.contains(&scope)) {
        let token = tokens.issue(&scopes(jwt).collect::<Vec<_>>(), now, lifetime);
        return json!({ "access_token": token, "expires_in": lifetime, "token_type": "Bearer" });
    }
    // A scope that does not exist is taken for the audience of an ID token: no access token comes back.
    let claims = json!({ "aud": jwt.text("scope"), "iss": "https://accounts.google.com", "exp": now.as_second() + LIFETIME });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&json!({ "alg": "RS256", "typ": "JWT" }));
    let signed = format!("{header}.{}", part(&claims));
    json!({ "id_token": format!("{signed}.{}", tokens.signature(&signed)) })
}

fn scopes(jwt: &Jwt) -> impl Iterator<Item = &str> {
    jwt.text("scope").unwrap_or_default().split_whitespace()
}

fn invalid_grant(description: &str) -> OauthError {
    oauth_error("invalid_grant", description)
}

fn oauth_error(error: &'static str, description: &str) -> OauthError {
    OauthError {
        error,
        description: description.to_owned(),
    }
}

#[cfg(test)]
mod tests;
