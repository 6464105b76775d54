//! HTTPS, and the proxy for Google's own hosts.

use google::server::{Running, ServerConfig, Tls};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Flags.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("signed").args(["tls", "proxy"]).multiple(true)))]
pub(super) struct TlsFlags {
    /// Speak HTTPS, with a certificate that the local authority of --ca-file signs.
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    tls: bool,
    /// Speak HTTPS with this certificate, a PEM file; those between it and its authority follow in it.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key to --tls-cert, a PEM file.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Be a proxy, too: a client that has it in HTTPS_PROXY and trusts --ca-file calls mapsbooking, partnerdev-mapsbooking,
    /// oauth2 or www.googleapis.com and gets here. Nothing else is reached through it. Port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    proxy: Option<SocketAddr>,
    /// The certificate that clients of --tls and --proxy are to trust, as by NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE or
    /// SSL_CERT_FILE. Made if it is not there, with its key in FILE.key; it is good for those hosts and this machine only, or
    /// for the host of --public-url, too, if --tls needs that [default: google-ca.pem beside the key file].
    #[arg(long, value_name = "FILE", requires = "signed")]
    ca_file: Option<PathBuf>,
}

/// The authority that is made when no flag names one.
const CA_FILE: &str = "google-ca.pem";

impl TlsFlags {
    /// Lays the flags over a config that knows its key file.
    pub(super) fn lay_over(&self, config: &mut ServerConfig) {
        if self.tls {
            config.tls = Some(Tls::Local);
        }
        if let (Some(cert), Some(key)) = (self.tls_cert.clone(), self.tls_key.clone()) {
            config.tls = Some(Tls::Files { cert, key });
        }
        config.proxy = self.proxy;
        let beside = || {
            let key_file = config.key_file.as_deref().unwrap_or(Path::new(""));
            key_file.with_file_name(CA_FILE)
        };
        config.ca_file = Some(self.ca_file.clone().unwrap_or_else(beside));
    }
}

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
        let trusted = format!("NODE_EXTRA_CA_CERTS={}", quoted(&absolute.display().to_string()));
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

    /// Fields of the opening.
    pub(super) fn fields(&self) -> [(String, Value); 3] {
        [
            ("proxy_url".to_owned(), json!(self.proxy)),
            ("ca_file".to_owned(), json!(self.ca_file)),
            ("environment".to_owned(), json!(self.environment)),
        ]
    }
}

/// As a shell reads it as one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_pasted_as_one_word() {
        assert_eq!(quoted("/home/a/google-ca.pem"), "/home/a/google-ca.pem");
        assert_eq!(quoted("/home/a b/it's.pem"), r"'/home/a b/it'\''s.pem'");
    }
}
