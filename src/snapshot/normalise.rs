//! A scenario's history as text: `>` is our call, `<` the answer, `>>` the partner's notification, `<<` our answer.

use super::alias::Aliases;
use super::arrange::{Exchanged, Part, arrange, booking_in, booking_subject};
use super::inventory;
use super::learn::VaryingValues;
use super::tree;
use domain::slot::Slot;
use protocol::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use transcript::{
    Aim, Answer, ArmedFault, BookingWait, Call, Credentials, HttpReply, Ledger, Notification, Reply, Silence,
    SlotKey, SlotWait, Transcript, Trigger,
};

/// How much of an answer that is not JSON is shown, characters of its first line.
const TEXT_SHOWN: usize = 120;

/// The normalised two-way history of a scenario, without a line break at its end.
///
/// Values that vary from run to run are aliases, times and hosts never appear, and what may legally overtake stands in
/// one order: two runs against an unchanged partner give the same text.
pub(crate) fn body(transcript: &Transcript) -> String {
    let arranged = arrange(transcript);
    let mut writer = Writer::new(transcript);
    for part in &arranged.steps {
        writer.part(part);
    }
    writer.cleanup(&arranged.cleanup);
    writer.rest(&arranged.rest);
    writer.lines.join("\n").trim_end().to_owned()
}

struct Writer {
    aliases: Aliases,
    own_slots: Vec<Slot>,
    lines: Vec<String>,
    /// Notifications that were shown at an awaiting step: a late repeat of one is not news.
    shown: BTreeSet<Vec<String>>,
}

impl Writer {
    fn new(transcript: &Transcript) -> Self {
        Self {
            aliases: Aliases::new(VaryingValues::from(transcript)),
            own_slots: inventory::own_slots(transcript),
            lines: Vec::new(),
            shown: BTreeSet::new(),
        }
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Exchange(exchanged) => self.exchange(*exchanged),
            Part::Parallel(calls) => self.parallel(calls),
            Part::Trigger(trigger) => self.trigger(trigger),
            Part::Notified(notifications) => self.notified(notifications),
            Part::Unmet(awaited) => self.write_unmet(awaited),
            Part::UnmetSlot(awaited) => self.unmet_slot(awaited),
            Part::Armed(armed) => self.armed(armed),
            Part::Quiet => self.lines.push("! quiet".to_owned()),
            Part::Wait => self.lines.push("! wait".to_owned()),
            Part::Ledger(ledger) => self.ledger(ledger),
            Part::Stopped => self.lines.push("! stopped".to_owned()),
        }
    }

    fn exchange(&mut self, Exchanged { call, answer }: Exchanged) {
        self.call(call);
        self.answer(answer);
    }

    fn call(&mut self, call: &Call) {
        let line = call_line(call, &mut self.aliases);
        self.lines.push(format!("> {line}"));
        if let Some(raw) = &call.raw {
            self.raw(raw);
        } else if let Some(body) = &call.body {
            self.lines
                .extend(self.aliases.message(body, false).folded().lines());
        }
    }

    fn raw(&mut self, raw: &str) {
        let text = self.aliases.text(raw);
        self.lines.push(format!("raw: {}", tree::quoted(&text)));
    }

    fn answer(&mut self, answer: Option<&Answer>) {
        match answer.map(|answer| &answer.reply) {
            Some(Reply::Http(reply)) => self.reply(reply),
            Some(Reply::Nothing { kind, .. }) => self.lines.push(format!("< nothing: {}", silence(*kind))),
            None => self.lines.push("< nothing".to_owned()),
        }
    }

    fn reply(&mut self, reply: &HttpReply) {
        let content_type = reply
            .header("content-type")
            .and_then(|value| value.split(';').next());
        let line = format!("< {} {}", reply.status, content_type.unwrap_or_default().trim());
        self.lines.push(line.trim_end().to_owned());
        match reply.json() {
            Some(json) => {
                let shown = inventory::own_availability(json, &self.own_slots);
                self.lines
                    .extend(self.aliases.message(&shown, true).folded().lines());
            }
            None => self.other_body(&reply.body),
        }
    }

    /// Of an error page only the first line: the rest is seldom the same twice.
    fn other_body(&mut self, body: &str) {
        let first = body.trim_start().lines().next().unwrap_or_default();
        if !first.is_empty() {
            let shown: String = first.chars().take(TEXT_SHOWN).collect();
            let text = self.aliases.text(shown.trim_end());
            self.lines.push(format!("text: {}", tree::quoted(&text)));
        }
    }

    /// Which of several simultaneous calls wins is open, so only the set of outcomes is kept.
    fn parallel(&mut self, calls: &[Exchanged]) {
        let sent: Vec<String> = calls
            .iter()
            .map(|sent| call_line(sent.call, &mut self.aliases))
            .collect();
        let sent = count_repeats(sent).into_iter().map(|line| format!("> {line}"));
        self.lines.extend(sent);
        let outcomes = count_repeats(calls.iter().map(|sent| outcome(sent.answer)));
        self.lines.push(format!("= {}", outcomes.join(", ")));
        if calls.iter().any(|sent| sent.call.method == Method::CreateBooking) {
            let distinct: BTreeSet<String> = calls.iter().filter_map(|sent| booking_in(*sent)).collect();
            self.lines
                .push(format!("= distinct booking ids: {}", distinct.len()));
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        let booking = match trigger.booking_id.as_str() {
            "" => String::new(),
            id => format!(" {}", self.aliases.alias_of("booking", id)),
        };
        let ending = if trigger.failure.is_some() { " failed" } else { "" };
        self.lines
            .push(format!("! trigger {}{booking}{ending}", trigger.name));
    }

    fn write_unmet(&mut self, awaited: &BookingWait) {
        let booking = self.aliases.alias_of("booking", &awaited.booking_id);
        self.lines.push(format!("! awaited {booking} in vain"));
    }

    fn unmet_slot(&mut self, awaited: &SlotWait) {
        let start = self
            .aliases
            .alias_of("start", &awaited.slot.start_sec.to_string());
        self.lines.push(format!("! awaited {start} in vain"));
    }

    fn armed(&mut self, armed: &ArmedFault) {
        let aim = match &armed.aim {
            Aim::Booking { booking_id } => self.aliases.alias_of("booking", booking_id),
            Aim::Slot { start_sec, .. } => self.aliases.alias_of("start", &start_sec.to_string()),
            Aim::Kind(transcript::CallKind::Token) => "token requests".to_owned(),
            Aim::Kind(_) | Aim::Any => "whatever is told".to_owned(),
        };
        let ArmedFault { times, fault, .. } = armed;
        self.lines.push(format!("! fault {aim}: {times} x {fault}"));
    }

    fn ledger(&mut self, ledger: &Ledger) {
        let booking = self.aliases.alias_of("booking", &ledger.booking_id);
        let ending = if ledger.failure.is_some() { " failed" } else { "" };
        self.lines.push(format!("! ledger {booking}{ending}"));
        for line in &ledger.lines {
            let id = line.transaction_id.as_deref();
            let id = id.map_or(String::new(), |id| self.aliases.alias_of("transaction", id));
            let shown = format!(
                "{}: {} {} {id}",
                line.kind.word(),
                line.amount_micros,
                line.currency_code
            );
            self.lines.push(shown.trim_end().to_owned());
        }
    }

    fn notified(&mut self, notifications: &[&Notification]) {
        for block in self.blocks(notifications) {
            self.lines.extend(block.iter().cloned());
            self.shown.insert(block);
        }
    }

    /// One block of lines per notification; an identical repeat is legal and shown once.
    fn blocks(&mut self, notifications: &[&Notification]) -> Vec<Vec<String>> {
        let mut blocks: Vec<_> = notifications.iter().map(|came| self.notification(came)).collect();
        blocks.dedup();
        blocks
    }

    fn notification(&mut self, notification: &Notification) -> Vec<String> {
        let target = self.aliases.text(&notification.target);
        let mut lines = vec![format!(">> {} {target}", notification.verb)];
        match notification.json() {
            Some(body) => lines.extend(self.notified_body(notification, body)),
            None if notification.raw.is_empty() => {}
            None => lines.push(format!(
                "raw: {}",
                tree::quoted(&self.aliases.text(&notification.raw))
            )),
        }
        lines.push(match &notification.fault {
            None => format!("<< {}", notification.status),
            Some(fault) => format!("<< ({fault})"),
        });
        lines
    }

    fn notified_body(&mut self, notification: &Notification, body: &Value) -> Vec<String> {
        match booking_subject(notification) {
            Some(_) => self.aliases.message(body, true).lines(),
            None => self
                .aliases
                .message(&inventory::own_part(body, &self.own_slots), true)
                .lines(),
        }
    }

    fn cleanup(&mut self, calls: &[Exchanged]) {
        if !calls.is_empty() {
            self.lines.push("# clean-up".to_owned());
        }
        for call in calls {
            self.exchange(*call);
        }
    }

    fn rest(&mut self, notifications: &[&Notification]) {
        let mut groups = self.group_by_subject(notifications);
        groups.sort_by_cached_key(|group| self.preview(group));
        let mut lines = Vec::new();
        for group in groups {
            let news = self
                .blocks(&group)
                .into_iter()
                .filter(|block| !self.shown.contains(block));
            lines.extend(news.flatten());
        }
        if !lines.is_empty() {
            self.lines.push("# notifications nobody waited for".to_owned());
            self.lines.extend(lines);
        }
    }

    /// Notifications of one booking, in order of arrival, or the last one about a slot: only between groups the order is
    /// open. A partner may fold what happened to a slot into one update, so what stood in between is no drift.
    fn group_by_subject<'t>(&self, notifications: &[&'t Notification]) -> Vec<Vec<&'t Notification>> {
        let mut groups: BTreeMap<(Option<&str>, Vec<SlotKey>), Vec<&Notification>> = BTreeMap::new();
        for notification in notifications {
            let key = (
                booking_subject(notification),
                inventory::slots_named_in(notification, &self.own_slots),
            );
            groups.entry(key).or_default().push(notification);
        }
        let last_state = |((booking, _), mut group): ((Option<&str>, _), Vec<_>)| match booking {
            Some(_) => group,
            None => group.split_off(group.len() - 1),
        };
        groups.into_iter().map(last_state).collect()
    }

    /// The sort key of a group: bookings before inventory, then the text that it would give.
    fn preview(&mut self, group: &[&Notification]) -> (bool, Vec<Vec<String>>) {
        let inventory = group
            .first()
            .is_some_and(|first| booking_subject(first).is_none());
        let numbers = self.aliases.numbers();
        let blocks = self.blocks(group);
        self.aliases.set_numbers(numbers);
        (inventory, blocks)
    }
}

fn call_line(call: &Call, aliases: &mut Aliases) -> String {
    let credentials = match call.credentials {
        Credentials::Valid => "",
        Credentials::None => " (no credentials)",
        Credentials::Wrong => " (wrong credentials)",
        Credentials::WrongUser => " (wrong user)",
        Credentials::Malformed => " (malformed credentials)",
    };
    format!("{} {}{credentials}", call.verb, aliases.text(&call.path))
}

/// `2 x this`, sorted.
fn count_repeats(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(text, count)| format!("{count} x {text}"))
        .collect()
}

/// Status code and the word that says what became of the booking.
fn outcome(answer: Option<&Answer>) -> String {
    match answer.map(|answer| &answer.reply) {
        Some(Reply::Http(reply)) => {
            let places = ["/booking_failure/cause", "/booking/status", "/booking_status"];
            let word = |json: &Value| {
                places
                    .iter()
                    .find_map(|place| Some(json.pointer(place)?.as_str()?.to_owned()))
            };
            let word = reply.json().and_then(word).unwrap_or_default();
            format!("{} {word}", reply.status).trim_end().to_owned()
        }
        Some(Reply::Nothing { kind, .. }) => format!("nothing: {}", silence(*kind)),
        None => "nothing".to_owned(),
    }
}

fn silence(kind: Silence) -> &'static str {
    match kind {
        Silence::Unreachable => "unreachable",
        Silence::Tls => "tls",
        Silence::Timeout => "timeout",
        Silence::Broken => "broken",
        Silence::TooLarge => "too large",
        Silence::Exhausted => "exhausted",
    }
}

#[cfg(test)]
mod tests;
