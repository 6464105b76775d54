//! Readers of addresses: `http` and `https` only, without credentials in them.

use super::value::Value;
use reqwest::Url;

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
