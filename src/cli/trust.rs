//! What clients of HTTPS and of the proxy need besides the address.

use google::server::Running;
use outcome::shell::quote;
use serde_json::{Value, json};
use std::path::Path;

/// What clients need besides the address, if they need anything.
pub(super) struct Trust {
    proxy: Option<String>,
    ca_file: String,
    /// To be put before a command.
    environment: String,
}

impl Trust {
    pub(super) fn of(google: &Running, ca_file: &Path) -> Option<Self> {
        google.authority()?;
        let proxy = google.proxy().map(|address| format!("http://{address}"));
        // The client is started somewhere else.
        let absolute = std::path::absolute(ca_file).unwrap_or_else(|_| ca_file.to_owned());
        let trusted = format!("NODE_EXTRA_CA_CERTS={}", quote(&absolute.display().to_string()));
        let environment = match &proxy {
            Some(url) => format!("HTTPS_PROXY={url} {trusted}"),
            None => trusted,
        };
        Some(Self {
            proxy,
            ca_file: ca_file.display().to_string(),
            environment,
        })
    }

    /// Lines of the opening.
    pub(super) fn text(&self) -> String {
        let proxy = self.proxy.iter().map(|url| format!("\n  proxy     {url}"));
        let trust = format!(
            "\n  trust     {}\n  client    {} …",
            self.ca_file, self.environment
        );
        proxy.chain([trust]).collect()
    }

    /// What is put before the command of a client.
    pub(super) fn environment(&self) -> &str {
        &self.environment
    }

    /// The address of the proxy.
    pub(super) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// The certificate that clients trust.
    pub(super) fn ca_file(&self) -> &str {
        &self.ca_file
    }

    /// Fields of the opening.
    pub(super) fn fields(&self) -> [(String, Value); 3] {
        [
            ("proxy_url".to_owned(), json!(self.proxy)),
            ("ca_file".to_owned(), json!(self.ca_file)),
            ("environment".to_owned(), json!(self.environment)),
        ]
    }
}
