//! Asking the partner to act: by HTTP, by a command, or through a person.

use super::line::{self, Line};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use config::{CallAuth, CommandCall, HttpCall, Trigger};
use domain::Waitlist;
use domain::slot::Slot;
use event::{Answered, Operator};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use std::collections::BTreeMap;
use std::sync::Arc;
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
    line: Arc<dyn Line>,
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
    /// Asks over the given line, or over the network.
    pub(super) fn new(masker: Masker, line: Option<Arc<dyn Line>>) -> Result<Self, reqwest::Error> {
        let line = match line {
            Some(line) => line,
            None => Arc::new(line::to_test_interface()?),
        };
        Ok(Self { line, masker })
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

    /// What the partner's test interface answered, for the record.
    pub(super) fn masked(&self, text: &str) -> String {
        self.masker.mask(text)
    }

    async fn http(&self, call: &HttpCall, values: &Values) -> Result<(), String> {
        self.ask(call, values).await.map(drop)
    }

    /// Sends a request to the partner's test interface; an answer that means no comes back in words.
    pub(super) async fn ask(&self, call: &HttpCall, values: &Values) -> Result<reqwest::Response, String> {
        let url = call.url_for(values).map_err(|error| error.to_string())?;
        let url = Url::parse(&url).map_err(|error| error.to_string())?;
        let method =
            reqwest::Method::from_bytes(call.method.name().as_bytes()).map_err(|error| error.to_string())?;
        let mut request = Request::new(method, url);
        let headers = request.headers_mut();
        if let Some(auth) = &call.auth {
            headers.insert(AUTHORIZATION, header(&authorization(auth))?);
        }
        for (name, value) in &call.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
            headers.append(name, header(value.expose())?);
        }
        if let Some(body) = call.body_for(values).map_err(|error| error.to_string())? {
            headers.append(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.into());
        }
        *request.timeout_mut() = Some(PATIENCE);
        let response = self
            .line
            .call(request)
            .await
            .map_err(|none| self.masker.mask(&none.summary))?;
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

fn authorization(auth: &CallAuth) -> String {
    match auth {
        CallAuth::Bearer(token) => format!("Bearer {}", token.expose()),
        CallAuth::Basic(who) => {
            let pair = format!("{}:{}", who.user.expose(), who.password.expose());
            format!("Basic {}", STANDARD.encode(pair))
        }
    }
}

fn header(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|error| error.to_string())
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
