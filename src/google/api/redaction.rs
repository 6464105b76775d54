//! Redaction of credentials in what is recorded.

use bytes::Bytes;
use serde_json::Value;

pub(crate) const MASKED: &str = "[masked]";
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "x-goog-api-key", "cookie"];
const SECRET_PARAMETERS: [&str; 3] = ["access_token", "oauth_token", "key"];

/// The answer without the tokens that it hands out.
pub(crate) fn redact_tokens(mut body: Value) -> Value {
    for name in ["access_token", "id_token"] {
        if let Some(token) = body.get_mut(name) {
            *token = MASKED.into();
        }
    }
    body
}

/// A token request's body without the assertion.
pub(crate) fn redact_form(grant_type: &str) -> Bytes {
    let grant: String = form_urlencoded::byte_serialize(grant_type.as_bytes()).collect();
    format!("grant_type={grant}&assertion={MASKED}").into()
}

pub(crate) fn redact_header((name, value): &(String, String)) -> (String, String) {
    if !SECRET_HEADERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
    {
        return (name.clone(), value.clone());
    }
    match value.split_once(' ') {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphabetic()) => {
            (name.clone(), format!("{scheme} {MASKED}"))
        }
        _ => (name.clone(), MASKED.to_owned()),
    }
}

pub(crate) fn redact_target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pairs: Vec<String> = query.split('&').map(redact_pair).collect();
    format!("{path}?{}", pairs.join("&"))
}

fn redact_pair(pair: &str) -> String {
    let secret = |name: &str| SECRET_PARAMETERS.contains(&name.strip_prefix('$').unwrap_or(name));
    match form_urlencoded::parse(pair.as_bytes()).next() {
        Some((name, _)) if secret(&name) => format!("{name}={MASKED}"),
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_masked_wherever_they_stand() {
        let header = |name: &str, value: &str| redact_header(&(name.to_owned(), value.to_owned())).1;
        assert_eq!(header("Authorization", "Bearer ya29.x"), "Bearer [masked]");
        assert_eq!(header("authorization", "ya29.x y"), "[masked]");
        assert_eq!(header("X-Goog-Api-Key", "k"), "[masked]");
        assert_eq!(header("User-Agent", "a b"), "a b");
        assert_eq!(
            redact_target("/p?updateMask=a%2Cb&access%5Ftoken=s&%24key=k&x=1"),
            "/p?updateMask=a%2Cb&access_token=[masked]&$key=[masked]&x=1"
        );
        assert_eq!(redact_target("/p"), "/p");
    }
}
