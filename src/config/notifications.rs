//! `[notifications]`: Google's side of the wire, which the partner calls.

use super::reader::Section;
use super::value::Value;
use super::words::words;
use jiff::SignedDuration;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

words! {
    /// Whether the partner must show an access token.
    OauthMode as "OAuth mode" {
        /// A request without a valid token is refused, as Google does.
        Required = "required",
        /// A token is checked when one is sent.
        Accepted = "accepted",
        /// Tokens are not looked at.
        Off = "off",
    }
}

words! {
    /// What becomes of notifications whose mask the documents do not have.
    MaskMode as "mask mode" {
        /// They are taken, with a remark.
        Tolerant = "tolerant",
        /// They are refused.
        Strict = "strict",
    }
}

/// Where and how notifications are taken.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// The address to listen on; the loopback unless the config says otherwise.
    pub listen: SocketAddr,
    /// What the partner is configured to call, if that is not the listening address; no trailing slash.
    pub public_url: Option<String>,
    /// The id that stands in the partner's request paths; absent means that any is taken.
    pub partner_id: Option<String>,
    /// The service-account key that is issued to the partner; created once if it is not there.
    pub key_file: Option<PathBuf>,
    /// How long a scenario waits for a notification.
    pub within: SignedDuration,
    /// How long it is watched that nothing more arrives.
    pub quiet: SignedDuration,
    /// Certificate and key for HTTPS; plain HTTP without it.
    pub tls: Option<TlsFiles>,
    /// Where a proxy listens that takes Google's own hosts to Google's side.
    pub proxy: Option<SocketAddr>,
    /// The certificate that clients of the proxy trust; made once if it is not there.
    pub ca_file: Option<PathBuf>,
    /// Whether access tokens are demanded.
    pub oauth: OauthMode,
    /// What becomes of notifications whose mask the documents do not have.
    pub masks: MaskMode,
}

/// PEM files of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate chain.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            public_url: None,
            partner_id: None,
            key_file: None,
            within: SignedDuration::from_secs(30),
            quiet: SignedDuration::from_secs(2),
            tls: None,
            proxy: None,
            ca_file: None,
            oauth: OauthMode::Required,
            masks: MaskMode::Tolerant,
        }
    }
}

impl Notifications {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let default = Self::default();
        let tls = section.get("tls").and_then(|value| value.table(TlsFiles::read));
        Self {
            listen: section
                .get("listen")
                .and_then(|value| address(&value))
                .unwrap_or(default.listen),
            public_url: section.get("public_url").and_then(|value| value.base_url()),
            partner_id: section.get("partner_id").and_then(|value| partner_id(&value)),
            key_file: section.get("key_file").and_then(|value| value.path()),
            within: section
                .get("within")
                .and_then(|value| value.patience())
                .unwrap_or(default.within),
            quiet: section
                .get("quiet")
                .and_then(|value| value.duration())
                .unwrap_or(default.quiet),
            tls: tls.flatten(),
            proxy: section.get("proxy").and_then(|value| address(&value)),
            ca_file: section.get("ca_file").and_then(|value| value.path()),
            oauth: section
                .get("oauth")
                .and_then(|value| value.word())
                .unwrap_or(default.oauth),
            masks: section
                .get("masks")
                .and_then(|value| value.word())
                .unwrap_or(default.masks),
        }
    }
}

impl TlsFiles {
    fn read(section: &Section<'_>) -> Option<Self> {
        let help = "TLS needs both cert and key, PEM files";
        let cert = section.need("cert", help).and_then(|value| value.existing_file());
        let key = section.need("key", help).and_then(|value| value.existing_file());
        Some(Self {
            cert: cert?,
            key: key?,
        })
    }
}

fn address(value: &Value<'_>) -> Option<SocketAddr> {
    let text = value.open_text()?;
    let address = text.parse();
    address
        .map_err(|_| value.wrong("is no address with a port", "write it like \"127.0.0.1:8787\""))
        .ok()
}

/// True for an id that can stand in a request path as it is.
pub fn is_partner_id(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.chars().all(letter)
}

fn partner_id(value: &Value<'_>) -> Option<String> {
    let text = value.open_text()?;
    if !is_partner_id(&text) {
        value.wrong(
            "cannot stand in a request path",
            "write the partner id as Google shows it: digits, letters, `-`, `_`",
        );
        return None;
    }
    Some(text)
}
