//! `[target]`: the booking server under test.

use super::rate::Rate;
use super::reader::Section;
use super::secret::Secret;
use super::url::without_version;
use super::value::Value;
use jiff::SignedDuration;

/// How long a call may take when the config does not say.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(15);

/// The booking server under test.
#[derive(Debug, Clone)]
pub struct TargetConfig {
    /// The name under which snapshots and reports keep it: a folder name.
    pub name: String,
    /// `http` or `https`, without a trailing slash; `/v3/…` is appended.
    pub base_url: String,
    /// What goes into `Authorization`; nothing is sent without it.
    pub auth: Option<Credentials>,
    /// How long one call may take.
    pub timeout: SignedDuration,
    /// How many calls may start per second; absent means no limit.
    pub rate: Option<Rate>,
}

/// User name and password of HTTP Basic.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user name.
    pub user: Secret,
    /// The password.
    pub password: Secret,
}

impl TargetConfig {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let name = section.get("name").map(|value| folder_name(&value));
        let base_url = section.need("base_url", "add base_url = \"https://host.example/path\"");
        let base_url = base_url.and_then(|value| base(&value));
        let auth = section
            .get("auth")
            .and_then(|value| value.table(Credentials::read));
        let timeout = section.get("timeout").and_then(|value| value.patience());
        let rate = section.get("rate").and_then(|value| value.rate());
        Some(Self {
            name: name.unwrap_or_else(|| Some("target".to_owned()))?,
            base_url: base_url?,
            auth: auth.flatten(),
            timeout: timeout.unwrap_or(TIMEOUT),
            rate,
        })
    }
}

/// Where the booking server is, without what every call appends.
fn base(value: &Value<'_>) -> Option<String> {
    let url = value.base_url()?;
    let Some(base) = without_version(&url) else {
        return Some(url);
    };
    value.wrong(
        "must end before /v3",
        format!("drop /v3: base_url = \"{base}\"; every call appends /v3 and its method"),
    );
    None
}

impl Credentials {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let help = "HTTP Basic needs both user and password";
        let user = section.need("user", help).and_then(|value| value.secret());
        let password = section.need("password", help).and_then(|value| value.secret());
        Some(Self {
            user: user?,
            password: password?,
        })
    }
}

fn folder_name(value: &Value<'_>) -> Option<String> {
    let text = value.string()?;
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.starts_with('.') || !text.chars().all(letter) {
        value.wrong(
            "cannot name a folder",
            "use letters, digits, `-`, `_` and `.` only",
        );
        return None;
    }
    Some(text.to_owned())
}
