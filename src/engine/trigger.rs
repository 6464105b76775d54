//! Asking the partner to act: by HTTP, by a command, or through a person.

use config::{CallAuth, CommandCall, HttpCall, Trigger};
use domain::Waitlist;
use domain::slot::Slot;
use event::{Answered, Operator};
use std::collections::BTreeMap;
use std::time::Duration;
use transcript::Masker;

/// The longest that a trigger's request or command may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of a refusal is shown.
const SHOWN: usize = 200;

/// How much of an answer is read, bytes.
const READ: usize = 4096;

/// Fires triggers.
pub(super) struct Triggers {
    client: reqwest::Client,
    masker: Masker,
}

/// The values that a trigger's templates may use.
pub(super) type Values = BTreeMap<&'static str, String>;

/// The values for a booking of a slot.
pub(super) fn values(booking_id: &str, slot: Option<&Slot>) -> Values {
    let mut values = BTreeMap::from([("booking_id", booking_id.to_owned())]);
    if let Some(slot) = slot {
        values.insert("merchant_id", slot.merchant_id.clone());
        values.insert("service_id", slot.service_id.clone());
        values.insert("start_sec", slot.start_sec.to_string());
        values.insert("duration_sec", slot.duration_sec.to_string());
        let party = slot.resources.party_size.map(|size| size.to_string());
        values.extend(party.map(|size| ("party_size", size)));
    }
    values
}

/// The values for an entry of a waitlist, or for the waitlist alone.
pub(super) fn values_of_waitlist(entry_id: &str, waitlist: &Waitlist) -> Values {
    BTreeMap::from([
        ("waitlist_entry_id", entry_id.to_owned()),
        ("merchant_id", waitlist.merchant_id.clone()),
        ("service_id", waitlist.service_id.clone()),
    ])
}

impl Triggers {
    /// A client of its own: the partner's test interface is not the booking server.
    pub(super) fn new(masker: Masker) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { client, masker })
    }

    /// Fires; what went wrong comes back in words, with the name of the way that was used.
    pub(super) async fn fire(
        &self,
        trigger: &Trigger,
        values: &Values,
        scenario: &str,
        operator: &dyn Operator,
    ) -> (&'static str, Option<String>) {
        match trigger {
            Trigger::Http(call) => ("http", self.http(call, values).await.err()),
            Trigger::Command(command) => ("command", self.command(command, values).await.err()),
            Trigger::Prompt(text) => (
                "prompt",
                prompt(text.render(values), scenario, operator).await.err(),
            ),
            Trigger::None(reason) => ("none", Some(format!("not offered: {reason}"))),
        }
    }

    async fn http(&self, call: &HttpCall, values: &Values) -> Result<(), String> {
        self.ask(call, values).await.map(drop)
    }

    /// Sends a request to the partner's test interface; an answer that means no comes back in words.
    pub(super) async fn ask(&self, call: &HttpCall, values: &Values) -> Result<reqwest::Response, String> {
        let url = call.url_for(values).map_err(|error| error.to_string())?;
        let method =
            reqwest::Method::from_bytes(call.method.name().as_bytes()).map_err(|error| error.to_string())?;
        let mut request = self.client.request(method, url);
        request = match &call.auth {
            Some(CallAuth::Bearer(token)) => request.bearer_auth(token.expose()),
            Some(CallAuth::Basic(who)) => request.basic_auth(who.user.expose(), Some(who.password.expose())),
            None => request,
        };
        for (name, value) in &call.headers {
            request = request.header(name, value.expose());
        }
        if let Some(body) = call.body_for(values).map_err(|error| error.to_string())? {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request
            .send()
            .await
            .map_err(|error| self.masker.mask(&error.to_string()))?;
        let status = response.status().as_u16();
        if call.accepts(status) {
            return Ok(response);
        }
        let body = first_bytes(response, READ).await;
        let shown: String = self.masker.mask(&body).chars().take(SHOWN).collect();
        Err(format!("it was answered with status {status} {shown}")
            .trim_end()
            .to_owned())
    }

    async fn command(&self, command: &CommandCall, values: &Values) -> Result<(), String> {
        let arguments = command.arguments_for(values).map_err(|error| error.to_string())?;
        let mut process = tokio::process::Command::new(&command.program);
        process
            .args(arguments)
            .current_dir(&command.folder)
            .kill_on_drop(true)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null());
        let done = tokio::time::timeout(PATIENCE, process.output()).await;
        let output = done
            .map_err(|_| format!("it did not end within {} s", PATIENCE.as_secs()))?
            .map_err(|error| format!("{} could not be run: {error}", command.program.display()))?;
        if output.status.success() {
            return Ok(());
        }
        let text = self.masker.mask(&String::from_utf8_lossy(&output.stderr));
        let shown: String = text.trim().chars().take(SHOWN).collect();
        Err(format!("it ended with {}: {shown}", output.status))
    }
}

/// The first bytes of an answer; the rest is not read.
pub(super) async fn first_bytes(mut response: reqwest::Response, at_most: usize) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= at_most {
            break;
        }
    }
    bytes.truncate(at_most);
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn prompt(
    text: Result<String, config::TemplateError>,
    scenario: &str,
    operator: &dyn Operator,
) -> Result<(), String> {
    let text = text.map_err(|error| error.to_string())?;
    match operator.ask(scenario, &text).await {
        Answered::Done => Ok(()),
        Answered::Refused(reason) => Err(reason),
        Answered::Nobody => Err("nobody is there to ask".to_owned()),
    }
}
