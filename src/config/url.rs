//! Readers of addresses: `http` and `https` only, without credentials in them.

use super::value::Value;
use protocol::Method;
use reqwest::Url;

/// The part of a path that every call appends to the base URL.
const VERSION: &str = "v3";

impl Value<'_> {
    /// An address that paths are appended to: no trailing slash, no query.
    pub(super) fn base_url(&self) -> Option<String> {
        let text = self.open_text()?;
        let url = self.checked_url(&text)?;
        if url.query().is_some() || url.fragment().is_some() {
            self.wrong(
                "must not have a query or a fragment",
                "end it with the path that comes before /v3/…",
            );
            return None;
        }
        Some(url.as_str().trim_end_matches('/').to_owned())
    }

    /// Checks an address, placeholders filled in.
    pub(super) fn checked_url(&self, text: &str) -> Option<Url> {
        let Ok(url) = Url::parse(text) else {
            self.reader.hide(self.node);
            self.wrong("is not a URL", "write it whole: \"https://host.example/path\"");
            return None;
        };
        if !url.username().is_empty() || url.password().is_some() {
            self.reader.hide(self.node);
            self.wrong(
                "has credentials in the URL",
                "take them out of the URL and use `auth`",
            );
            return None;
        }
        if !matches!(url.scheme(), "http" | "https") {
            if text.contains('@') {
                self.reader.hide(self.node);
            }
            self.wrong(
                "must be an http or https URL",
                "start it with https:// or http://",
            );
            return None;
        }
        Some(url)
    }
}

/// A text that is not the address of a booking server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// User name or password stand in it. The text is not repeated: it would stand in the log of whoever runs this.
    #[error("the URL has credentials in it: take them out, and name them apart from it")]
    Credentials,
    /// Not an address at all, or one of another scheme.
    #[error("{0} is not an http or https URL: write it like https://host.example/google")]
    Form(String),
}

/// An address as a user writes it, without a slash at the end.
pub fn base_url(text: &str) -> Result<String, BaseUrlError> {
    let trimmed = text.trim_end_matches('/');
    let parsed = Url::parse(trimmed).ok();
    if parsed
        .as_ref()
        .is_some_and(|url| !url.username().is_empty() || url.password().is_some())
    {
        return Err(BaseUrlError::Credentials);
    }
    match parsed.filter(|url| matches!(url.scheme(), "http" | "https")) {
        Some(_) => Ok(trimmed.to_owned()),
        None => Err(BaseUrlError::Form(text.to_owned())),
    }
}

/// The base URL without what every call appends to it (`/v3`, `/v3/HealthCheck`), where it ends with that.
pub fn without_version(base_url: &str) -> Option<&str> {
    let (before, last) = base_url.trim_end_matches('/').rsplit_once('/')?;
    let mut methods = Method::ALL.iter();
    let (base, version) = if methods.any(|method| last.eq_ignore_ascii_case(method.name())) {
        before.rsplit_once('/')?
    } else {
        (before, last)
    };
    // A host may be called like that, too.
    (version.eq_ignore_ascii_case(VERSION) && base.contains("://")).then_some(base)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn an_address_is_taken_and_credentials_in_it_are_not_repeated() {
        assert_eq!(
            base_url("https://h.example/a/"),
            Ok("https://h.example/a".to_owned())
        );
        for text in ["h.example", "ftp://h.example", ""] {
            assert_eq!(base_url(text), Err(BaseUrlError::Form(text.to_owned())));
        }
        let error = base_url("https://ann:secret@h.example").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn what_every_call_appends_is_found_at_the_end_alone() {
        for (url, base) in [
            ("https://h/v3", Some("https://h")),
            ("https://h/a/V3/", Some("https://h/a")),
            ("https://h/a/v3/HealthCheck", Some("https://h/a")),
            ("https://h/v3/google", None),
            ("https://h/v1", None),
            ("https://v3", None),
            ("https://h/a/HealthCheck", None),
        ] {
            assert_eq!(without_version(url), base, "{url}");
        }
    }
}
