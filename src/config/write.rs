//! Writes a commented config, such as the one with which the bundled reference partner is tested.

use super::duration;
use super::http_call::CallMethod;
use super::payments::{CardNetwork, TokenForm};
use super::secret::Reference;
use domain::{Capability, TriggerName};
use jiff::SignedDuration;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What a written config says.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// The target's name.
    pub name: String,
    /// Where the target answers; `/v3/…` is appended.
    pub base_url: String,
    /// Where the user name is kept.
    pub user: Reference,
    /// Where the password is kept.
    pub password: Reference,
    /// Where Google's side listens.
    pub listen: SocketAddr,
    /// The id that Google gave the partner.
    pub partner_id: String,
    /// The service-account key that is issued to the partner.
    pub key_file: PathBuf,
    /// How long a scenario waits for a notification.
    pub within: SignedDuration,
    /// How long it is watched that nothing more arrives.
    pub quiet: SignedDuration,
    /// The folder of feed files.
    pub feeds: PathBuf,
    /// What the partner can do, beside what its feeds show.
    pub capabilities: Vec<(Capability, bool)>,
    /// The payment token; `{fresh}` in it is different in every request.
    pub payment_token: String,
    /// Whether tokens go out as Google Pay hands them on, or alone.
    pub token_form: TokenForm,
    /// Cards with which a payment goes wrong in a known way, if they are known.
    pub cards: Option<TestCards>,
    /// How the partner is made to act, in the order in which they are written.
    pub triggers: Vec<HttpTrigger>,
    /// Where the bearer token of triggers and ledger is kept.
    pub console_token: Reference,
    /// The address of the ledger, with `{booking_id}` in it.
    pub ledger_url: Option<String>,
}

/// Cards with which a payment goes wrong in a known way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCards {
    /// A token that is declined.
    pub declined_token: String,
    /// A card network that some merchant does not take.
    pub rejected_network: CardNetwork,
    /// A token for which a 3-D Secure 1 challenge is asked for.
    pub threeds1_token: String,
    /// The answer to that challenge.
    pub threeds1_response: String,
}

/// A trigger over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpTrigger {
    /// Which one.
    pub name: TriggerName,
    /// The method.
    pub method: CallMethod,
    /// The address, with placeholders.
    pub url: String,
    /// The body, with placeholders.
    pub body: Option<String>,
    /// The status that means "done"; absent means any 2xx.
    pub expect: Option<u16>,
}

/// The text of the file. Paths are written as they are given, and read relative to the file's folder.
pub fn render(file: &ConfigFile) -> String {
    let mut sections = vec![target(file), notifications(file), inventory(file)];
    sections.extend((!file.capabilities.is_empty()).then(|| capabilities(file)));
    sections.push(payments(file));
    sections.extend(
        file.triggers
            .iter()
            .map(|trigger| self::trigger(trigger, &file.console_token)),
    );
    sections.extend(file.ledger_url.iter().map(|url| ledger(url, &file.console_token)));
    sections.join("\n")
}

fn target(file: &ConfigFile) -> String {
    let mut text =
        String::from("# The booking server under test. Secrets stay outside this file.\n[target]\n");
    entry(&mut text, "name", &quoted(&file.name));
    entry(&mut text, "base_url", &quoted(&file.base_url));
    let auth = format!(
        "{{ user = {}, password = {} }}",
        reference(&file.user),
        reference(&file.password)
    );
    entry(&mut text, "auth", &auth);
    text
}

fn notifications(file: &ConfigFile) -> String {
    let mut text =
        String::from("# Google's side of the wire, which the booking server calls.\n[notifications]\n");
    entry(&mut text, "listen", &quoted(&file.listen.to_string()));
    entry(&mut text, "partner_id", &quoted(&file.partner_id));
    text.push_str("# Created once if it is not there, then reused by every run.\n");
    entry(&mut text, "key_file", &path(&file.key_file));
    text.push_str(
        "# How long a scenario waits for a notification, and how long it watches that no more come.\n",
    );
    entry(&mut text, "within", &quoted(&duration::render(file.within)));
    entry(&mut text, "quiet", &quoted(&duration::render(file.quiet)));
    text
}

fn capabilities(file: &ConfigFile) -> String {
    let mut text = String::from("# What the partner can do, beside what its feeds show.\n[capabilities]\n");
    for (capability, is_offered) in &file.capabilities {
        entry(&mut text, capability.name(), &is_offered.to_string());
    }
    text
}

fn inventory(file: &ConfigFile) -> String {
    let mut text = String::from("# What may be booked: Google feed files.\n[inventory]\n");
    entry(&mut text, "feeds", &path(&file.feeds));
    text
}

fn payments(file: &ConfigFile) -> String {
    let mut text = String::from(
        "# A test token that the gateway takes; {fresh} is another text in every request.\n[payments]\n",
    );
    entry(&mut text, "token", &quoted(&file.payment_token));
    entry(&mut text, "token_form", &quoted(file.token_form.name()));
    let Some(cards) = &file.cards else { return text };
    text.push_str("# Cards that are declined, not taken by some merchant, and challenged by 3-D Secure 1.\n");
    entry(&mut text, "declined_token", &quoted(&cards.declined_token));
    entry(
        &mut text,
        "rejected_network",
        &quoted(cards.rejected_network.name()),
    );
    entry(&mut text, "threeds1_token", &quoted(&cards.threeds1_token));
    entry(&mut text, "threeds1_response", &quoted(&cards.threeds1_response));
    text
}

fn trigger(trigger: &HttpTrigger, token: &Reference) -> String {
    let mut text = format!("[triggers.{}]\n", trigger.name);
    let mut http = format!(
        "{{ method = {}, url = {}, auth = {{ bearer = {} }}",
        quoted(trigger.method.name()),
        quoted(&trigger.url),
        reference(token)
    );
    if let Some(body) = &trigger.body {
        let _ = write!(
            http,
            ", headers = {{ content-type = \"application/json\" }}, body = {}",
            quoted(body)
        );
    }
    if let Some(status) = trigger.expect {
        let _ = write!(http, ", expect = {status}");
    }
    entry(&mut text, "http", &(http + " }"));
    text
}

fn ledger(url: &str, token: &Reference) -> String {
    let mut text = String::from("# What the partner charged, held and refunded.\n[probes.ledger]\n");
    let http = format!(
        "{{ url = {}, auth = {{ bearer = {} }} }}",
        quoted(url),
        reference(token)
    );
    entry(&mut text, "http", &http);
    text
}

fn entry(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Env(name) => format!("{{ env = {} }}", quoted(name)),
        Reference::File(file) => format!("{{ file = {} }}", path(file)),
    }
}

fn path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
