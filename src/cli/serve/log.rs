//! What is shown of a server: how it was opened, each call with what is wrong with it, that nothing comes, what came in all.

use super::line::{self, Shown};
use super::private::Privacy;
use super::ui::Ui;
use super::{Form, Show, json as as_json};
use crate::output::{self, counted};
use crate::signals::Signals;
use crate::trust::Trust;
use catalogue::RequirementId;
use google::server::{Handle, Running};
use google::{BookingCopy, Call, Watch};
use harness::ArrivalJudge;
use outcome::{Silence, Verdict};
use report::silence::reasons;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// So many calls wait to be shown; a log that cannot keep up leaves some out, and says how many.
const SHOWN_LATER: usize = 256;
/// So many of them are written in one go.
const WRITTEN_AT_ONCE: usize = 64;

/// Said at the start where everything is shown.
const SHOWS_ALL: &str = "warning: this log shows what the partner sends as it comes, with the names, telephone numbers and mail \
     addresses of guests. Secrets of the config stay masked, others do not. Do not keep it longer than you need it.";

/// How much Google's side knows of bookings and services; any that turns up without a number.
pub(super) struct Known {
    pub(super) bookings: Option<usize>,
    pub(super) services: Option<usize>,
}

fn known_text(known: Option<usize>) -> String {
    match known {
        None => "any: the first call about one makes it known".to_owned(),
        Some(1) => "1 is known, others are answered 404".to_owned(),
        Some(number) => format!("{number} are known, others are answered 404"),
    }
}

/// What is shown.
pub(super) struct Log {
    form: Form,
    partner_id: String,
    judge: ArrivalJudge,
    privacy: Privacy,
    remind_after: Option<Duration>,
    watch: Watch,
    /// The page, if there is one.
    page: Option<Ui>,
    calls: u64,
    /// In how many calls each requirement was violated.
    violated: BTreeMap<RequirementId, usize>,
}

impl Log {
    pub(super) fn new(show: Show, partner_id: String, google: &Running, page: Option<Ui>) -> Self {
        Self {
            form: show.form,
            partner_id,
            judge: ArrivalJudge::new(&show.config, &show.inventory, google.key(), show.knows_bookings),
            privacy: Privacy::new(show.known_ids, show.shows_bodies),
            remind_after: show.remind_after,
            watch: google.watch(SHOWN_LATER),
            page,
            calls: 0,
            violated: BTreeMap::new(),
        }
    }

    /// Copies of bookings that Google has from the start.
    pub(super) fn know(&self, copies: &[BookingCopy]) {
        if let Some(page) = &self.page {
            page.know(copies);
        }
    }

    pub(super) fn opened(&self, google: &Running, key_file: &Path, known: &Known, trust: Option<&Trust>) {
        let (url, token_uri) = (google.url(), &google.key().account().token_uri);
        let partner_id = &self.partner_id;
        if self.privacy.shows_bodies() {
            output::error(SHOWS_ALL);
        }
        if self.form == Form::Json {
            let key_file = key_file.display().to_string();
            let mut opened = json!({
                "event": "listening", "base_url": url, "token_url": token_uri, "key_file": key_file,
                "shows_bodies": self.privacy.shows_bodies(), "partner_id": partner_id, "known_bookings": known.bookings, "known_services": known.services,
            });
            if let (Some(fields), Some(trust)) = (opened.as_object_mut(), trust) {
                fields.extend(trust.fields());
            }
            if let Some(page) = &self.page {
                opened["ui_url"] = page.url().into();
            }
            return output::out(&opened.to_string());
        }
        let trust = trust.map(Trust::text).unwrap_or_default();
        let page = self
            .page
            .as_ref()
            .map(|page| format!("\n  page      {}", page.url()));
        let page = page.unwrap_or_default();
        output::out(&format!(
            "Google's side at {url}\n  tokens    {token_uri}\n  key file  {}\n  partner   {partner_id}\n  \
             bookings  {}\n  services  {}{trust}{page}",
            key_file.display(),
            known_text(known.bookings),
            known_text(known.services),
        ));
    }

    /// Until somebody wants to stop.
    pub(super) async fn follow(&mut self, google: &Handle, silence: Silence, signals: &mut Signals) {
        let mut stop = std::pin::pin!(signals.next());
        let mut reminder = std::pin::pin!(wait(self.remind_after));
        let mut waits = true;
        loop {
            tokio::select! {
                () = &mut stop => return,
                call = self.watch.next() => match call {
                    Some(call) => {
                        waits = false;
                        self.show(&call);
                    }
                    None => return,
                },
                () = &mut reminder, if waits => {
                    waits = false;
                    self.remind(google, &silence);
                }
            }
        }
    }

    /// Nothing has come so far.
    fn remind(&self, google: &Handle, silence: &Silence) {
        let connections = google.traffic().connections;
        let silence = Silence {
            connections,
            ..silence.clone()
        };
        let reasons = reasons(&silence);
        output::out(&match self.form {
            Form::Text => {
                let lines = reasons.iter().map(|reason| format!("\n            {reason}"));
                format!(
                    "          nothing has arrived so far, not even a request for a token{}",
                    lines.collect::<String>()
                )
            }
            Form::Json => json!({ "event": "silent", "silence": silence, "reasons": reasons }).to_string(),
        });
    }

    // What has come meanwhile is written with it: a log that is written call by call falls behind a fast partner.
    fn show(&mut self, first: &Call) {
        let mut text = self.line(first);
        for _ in 1..WRITTEN_AT_ONCE {
            let Some(call) = self.watch.try_next() else { break };
            text.push('\n');
            text.push_str(&self.line(&call));
        }
        output::out(&text);
        self.tell_missed();
        // A call may have been struck by the last of a fault.
        self.page.iter().for_each(Ui::show_faults);
    }

    fn line(&mut self, call: &Call) -> String {
        self.calls += 1;
        let judged = self.judge.judge(call);
        for finding in judged
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail)
        {
            *self.violated.entry(finding.requirement).or_default() += 1;
        }
        let shown = Shown {
            shown: &self.privacy.shown(judged),
            partner_id: &self.partner_id,
        };
        if let Some(page) = &self.page {
            page.show(&shown);
        }
        match self.form {
            Form::Text => line::text(&shown),
            Form::Json => as_json::object(&shown).to_string(),
        }
    }

    fn tell_missed(&mut self) {
        let missed = self.watch.missed();
        if missed == 0 {
            return;
        }
        self.calls += missed;
        self.page.iter().for_each(|page| page.show_missed(missed));
        output::out(&match self.form {
            Form::Text => format!("          {missed} calls came faster than they could be shown and judged"),
            Form::Json => json!({ "event": "missed", "calls": missed }).to_string(),
        });
    }

    /// What was answered until the end is shown until the end.
    pub(super) fn close(&mut self, google: &Handle) {
        while let Some(call) = self.watch.try_next() {
            self.show(&call);
        }
        self.tell_missed();
        let (calls, traffic) = (self.calls, google.traffic());
        let forgotten = google.inspect(|google| google.availability().forgotten());
        output::out(&match self.form {
            Form::Text => format!(
                "stopped after {}\n  {}{}",
                counted(usize::try_from(calls).unwrap_or(usize::MAX), "call"),
                line::traffic(&traffic, forgotten),
                self.violations(),
            ),
            Form::Json => {
                let violated: Value = self
                    .violated
                    .iter()
                    .map(|(id, count)| (id.as_str().to_owned(), json!(count)))
                    .collect();
                json!({
                    "event": "stopped", "calls": calls, "traffic": traffic, "forgotten_services": forgotten, "violated": violated,
                })
                .to_string()
            }
        });
    }

    fn violations(&self) -> String {
        let Some(first) = self.violated.keys().next() else {
            return String::new();
        };
        let each = self.violated.iter();
        let each: Vec<String> = each
            .map(|(id, count)| format!("{} in {}", id.as_str(), counted(*count, "call")))
            .collect();
        format!(
            "\n  violated: {}; conformance explain {} says more",
            each.join(", "),
            first.as_str()
        )
    }
}

async fn wait(length: Option<Duration>) {
    match length {
        Some(length) => tokio::time::sleep(length).await,
        None => std::future::pending().await,
    }
}
