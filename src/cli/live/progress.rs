//! How far a run is, and the lines that say so.

use crate::output::counted;
use console::{Style, measure_text_width, truncate_str};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// So many waits are shown.
const WAITS: usize = 3;
/// The spinner and a blank before the first line; others are indented as far.
const INDENT: usize = 2;

/// How words are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) colour: bool,
}

impl Words {
    fn style(self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }
}

/// How far a run is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    began: Option<Instant>,
    total: usize,
    done: usize,
    wrong: usize,
    /// What is waited for at most until then, by scenario.
    waits: BTreeMap<String, (String, Instant)>,
    /// Folders of scenarios.
    groups: BTreeMap<String, Group>,
    /// What goes on when scenarios do not.
    now: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Group {
    total: usize,
    looked: usize,
    wrong: usize,
}

impl Progress {
    pub(super) fn new(scenarios: &[&str], began: Instant) -> Self {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for id in scenarios {
            groups.entry(group_of(id)).or_default().total += 1;
        }
        Self {
            began: Some(began),
            total: scenarios.len(),
            groups,
            ..Self::default()
        }
    }

    pub(super) fn wait(&mut self, id: &str, what: &str, until: Instant) {
        self.waits.insert(id.to_owned(), (what.to_owned(), until));
    }

    pub(super) fn end_wait(&mut self, id: &str) {
        self.waits.remove(id);
    }

    pub(super) fn finish(&mut self, id: &str) {
        self.done += 1;
        self.end_wait(id);
    }

    pub(super) fn now(&mut self, what: &'static str) {
        self.now = Some(what);
    }

    /// A finished scenario was looked at: how many look wrong so far, and the line of its group if that is complete.
    pub(super) fn look(&mut self, id: &str, is_wrong: bool, now: Instant) -> (usize, Option<String>) {
        let wrong = usize::from(is_wrong);
        self.wrong += wrong;
        let passed = self.passed(now);
        let name = group_of(id);
        let Some(group) = self.groups.get_mut(&name) else {
            return (self.wrong, None);
        };
        group.looked += 1;
        group.wrong += wrong;
        let is_over = group.looked == group.total;
        (self.wrong, is_over.then(|| group.line(&name, passed)))
    }

    fn passed(&self, now: Instant) -> Duration {
        self.began
            .map(|began| now.saturating_duration_since(began))
            .unwrap_or_default()
    }

    /// The state in lines of which none is broken by the terminal.
    pub(super) fn lines(&self, columns: usize, now: Instant, words: Words) -> String {
        // The last column is left free: some terminals begin a new line after it.
        let room = columns.saturating_sub(INDENT + 1);
        let mut lines = vec![cut(&self.state(now, words), room)];
        let mut waits: Vec<_> = self.waits.iter().collect();
        // What takes longest says how long the run takes.
        waits.sort_by_key(|(_, (_, until))| std::cmp::Reverse(*until));
        for (id, (what, until)) in waits.iter().take(WAITS) {
            let left = until.saturating_duration_since(now).as_secs_f64().ceil();
            let line = cut(&format!("{left:>3} s left  {id}: {what}"), room);
            lines.push(words.style(Style::new().dim(), &line));
        }
        let more = waits.len().saturating_sub(WAITS);
        if more > 0 {
            let verb = if more == 1 { "waits" } else { "wait" };
            let line = cut(&format!("      and {} {verb}", counted(more, "other")), room);
            lines.push(words.style(Style::new().dim(), &line));
        }
        lines.join(&format!("\n{:INDENT$}", ""))
    }

    fn state(&self, now: Instant, words: Words) -> String {
        let passed = self.passed(now).as_secs();
        let mut parts = vec![format!(
            "{} of {} done",
            self.done,
            counted(self.total, "scenario")
        )];
        if self.wrong > 0 {
            let text = format!("{} {}", self.wrong, look_word(self.wrong));
            parts.push(words.style(Style::new().red(), &text));
        }
        parts.push(format!("{}:{:02}", passed / 60, passed % 60));
        parts.extend(self.now.map(str::to_owned));
        parts.join("  ")
    }
}

impl Group {
    fn line(&self, name: &str, passed: Duration) -> String {
        let wrong = match self.wrong {
            0 => String::new(),
            wrong => format!(", {wrong} {}", look_word(wrong)),
        };
        let scenarios = counted(self.total, "scenario");
        format!("{name}: {scenarios} done after {} s{wrong}", passed.as_secs())
    }
}

fn look_word(number: usize) -> &'static str {
    if number == 1 { "looks wrong" } else { "look wrong" }
}

/// The folder of a scenario.
fn group_of(id: &str) -> String {
    id.rsplit_once('/')
        .map_or("scenarios", |(folder, _)| folder)
        .to_owned()
}

/// A text in lines that are broken between words.
pub(super) fn wrap(text: &str, columns: usize) -> String {
    let mut wrapped = String::new();
    let mut taken = 0;
    for word in text.split(' ') {
        let width = measure_text_width(word);
        if taken > 0 && taken + 1 + width >= columns {
            wrapped.push_str("\n  ");
            taken = INDENT;
        } else if taken > 0 {
            wrapped.push(' ');
            taken += 1;
        }
        wrapped.push_str(word);
        taken += width;
    }
    wrapped
}

/// A line that fits, whatever its characters take.
fn cut(line: &str, columns: usize) -> String {
    truncate_str(line, columns, "…").into_owned()
}
