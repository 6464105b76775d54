//! What is shown while a run goes on, and how a person is asked.

mod keyboard;
mod progress;
#[cfg(test)]
mod tests;

pub(super) use keyboard::Keyboard;

use super::output::{self, counted};
use console::Term;
use event::{Event, Observer};
use harness::TargetKind;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use progress::{Progress, Words};
use report::terminal::TerminalOptions;
use std::borrow::Cow;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many exchanges that look wrong are shown as they come; the report has all that are wrong.
const SHOWN: usize = 10;
/// The columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

/// A few lines that change on a terminal, a line for each group of scenarios elsewhere, nothing when asked to be quiet.
pub(super) struct Live {
    options: TerminalOptions,
    kind: TargetKind,
    progress: Arc<Mutex<Progress>>,
    /// None where lines cannot change, and while a person is asked.
    screen: Mutex<Option<ProgressBar>>,
    has_screen: bool,
}

impl Live {
    pub(super) fn new(options: TerminalOptions, kind: TargetKind) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        // Of what goes elsewhere, colours are the reader's least wish.
        let colour = options.colour && is_terminal;
        Self {
            options: TerminalOptions { colour, ..options },
            kind,
            progress: Arc::default(),
            screen: Mutex::default(),
            has_screen: is_terminal && !is_dumb && !options.ci && !options.brief,
        }
    }

    /// Above the lines that change, broken between words where they are.
    fn say(&self, text: &str) {
        let text = if self.has_screen {
            Cow::Owned(progress::wrap(text, columns()))
        } else {
            Cow::Borrowed(text)
        };
        match &*locked(&self.screen) {
            Some(bar) => bar.suspend(|| output::error(&text)),
            None => output::error(&text),
        }
    }

    /// Takes the lines that change away.
    fn pause(&self) {
        if let Some(bar) = locked(&self.screen).take() {
            bar.finish_and_clear();
        }
    }

    /// Shows them, again.
    fn resume(&self) {
        if self.has_screen {
            let words = Words {
                colour: self.options.colour,
            };
            let bar = bar(ProgressDrawTarget::stderr(), &self.progress, words, columns);
            bar.enable_steady_tick(Duration::from_millis(120));
            *locked(&self.screen) = Some(bar);
        }
    }

    fn started(&self, target: (&str, &str), scenarios: &[&str], (calls, bookings): (usize, usize)) {
        *locked(&self.progress) = Progress::new(scenarios, Instant::now());
        if self.options.brief {
            return;
        }
        let (why, name) = match self.kind {
            TargetKind::Reference => ("no target is named: ", "the bundled reference partner"),
            TargetKind::Url => ("", target.0),
        };
        let text = format!(
            "{why}running {} against {name} at {}: {}, at most {}",
            counted(scenarios.len(), "scenario"),
            target.1,
            counted(calls, "call"),
            counted(bookings, "booking"),
        );
        self.say(&text);
        self.resume();
    }

    fn waiting(&self, id: &str, what: &str, at_most: Duration) {
        locked(&self.progress).wait(id, what, Instant::now() + at_most);
        if self.options.all {
            self.say(&format!(
                "{id} waits for {what} ({:.1} s at most)",
                at_most.as_secs_f64()
            ));
        }
    }

    fn looked(&self, id: &str, odd: Option<&str>) {
        let (wrong, group) = locked(&self.progress).look(id, odd.is_some(), Instant::now());
        if let Some(odd) = odd.filter(|_| wrong <= SHOWN) {
            self.say(&format!("looks wrong: {id}: {odd}"));
        } else if odd.is_some() && wrong == SHOWN + 1 {
            self.say("more scenarios look wrong: the report at the end has all that are");
        }
        if let Some(group) = group.filter(|_| !self.has_screen) {
            self.say(&group);
        }
    }
}

impl Observer for Live {
    fn on(&self, event: &Event<'_>) {
        match event {
            Event::RunStarted {
                target,
                base_url,
                scenarios,
                calls,
                bookings,
            } => self.started((target, base_url), scenarios, (*calls, *bookings)),
            Event::Waiting { id, what, at_most } => self.waiting(id, what, *at_most),
            Event::WaitOver { id } => locked(&self.progress).end_wait(id),
            Event::ScenarioFinished { id, .. } => {
                locked(&self.progress).finish(id);
                if self.options.all {
                    self.say(&format!("done {id}"));
                }
            }
            Event::FirstLook { id, odd } => self.looked(id, *odd),
            Event::Draining => locked(&self.progress).now("waiting until nothing more arrives"),
            Event::Interrupted => {
                locked(&self.progress).now("cancelling what was booked");
                self.say("interrupted: cancelling what was booked (again to stop at once)");
            }
            Event::RunFinished { .. } => self.pause(),
            Event::ScenarioStarted { .. } => {}
        }
    }

    fn wants_first_looks(&self) -> bool {
        !self.options.brief
    }
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

fn columns() -> usize {
    let size = Term::stderr().size_checked();
    size.map_or(COLUMNS, |(_, columns)| usize::from(columns))
}

/// The lines that change; written anew at every tick, since times run down.
fn bar(
    target: ProgressDrawTarget,
    progress: &Arc<Mutex<Progress>>,
    words: Words,
    columns: impl Fn() -> usize + Clone + Send + Sync + 'static,
) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, target);
    let progress = Arc::clone(progress);
    let lines = move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
        let lines = locked(&progress).lines(columns(), Instant::now(), words);
        // A string takes whatever is written.
        let _ = text.write_str(&lines);
    };
    let style = ProgressStyle::with_template("{spinner} {lines}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    bar.set_style(style.with_key("lines", lines));
    bar
}
