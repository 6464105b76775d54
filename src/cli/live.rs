//! What is shown while a run goes on, and how a person is asked.

use super::output::{self, counted};
use event::{Answered, Event, Observer, Operator};
use harness::TargetKind;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::Mutex;

/// A bar on a terminal, a line in CI, nothing when asked to be quiet.
pub(super) struct Live {
    bar: Option<ProgressBar>,
    quiet: bool,
    verbose: bool,
    kind: TargetKind,
}

impl Live {
    pub(super) fn new(quiet: bool, verbose: bool, ci: bool, kind: TargetKind) -> Self {
        let terminal = std::io::stderr().is_terminal() && !ci && !quiet;
        Self {
            bar: terminal.then(bar),
            quiet,
            verbose,
            kind,
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| output::error(text)),
            None => output::error(text),
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} scenarios  {elapsed}  {msg:.dim}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
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
            } => {
                if !self.quiet {
                    let (scenarios, calls) = (counted(*scenarios, "scenario"), counted(*calls, "call"));
                    let bookings = counted(*bookings, "booking");
                    let (why, target) = match self.kind {
                        TargetKind::Reference => ("no target is named: ", "the bundled reference partner"),
                        TargetKind::Url => ("", *target),
                    };
                    self.say(&format!(
                        "{why}running {scenarios} against {target} at {base_url}: {calls}, at most {bookings}"
                    ));
                }
                self.bar.iter().for_each(|bar| bar.set_length(*scenarios as u64));
            }
            Event::ScenarioFinished { id } => {
                self.bar.iter().for_each(|bar| bar.inc(1));
                if self.verbose {
                    self.say(&format!("done {id}"));
                }
            }
            Event::Waiting { id, what, at_most } => {
                let text = format!("{id} waits for {what} ({:.1} s at most)", at_most.as_secs_f64());
                self.bar.iter().for_each(|bar| bar.set_message(text.clone()));
                if self.verbose {
                    self.say(&text);
                }
            }
            Event::Draining => {
                self.bar
                    .iter()
                    .for_each(|bar| bar.set_message("waiting until Google's side is quiet"));
            }
            Event::Interrupted => self.say("interrupted: cancelling what was booked (again to stop at once)"),
            Event::RunFinished { .. } => self.bar.iter().for_each(ProgressBar::finish_and_clear),
            Event::ScenarioStarted { .. } => {}
        }
    }
}

/// Somebody at the keyboard; asked one thing at a time.
#[derive(Debug, Default)]
pub(super) struct Keyboard {
    turn: Mutex<()>,
}

#[async_trait::async_trait]
impl Operator for Keyboard {
    async fn ask(&self, scenario: &str, request: &str) -> Answered {
        let _turn = self.turn.lock().await;
        output::error(&format!(
            "\n{scenario}: {request}\n  enter when it is done, or say why it cannot be done:"
        ));
        let mut line = String::new();
        match BufReader::new(tokio::io::stdin()).read_line(&mut line).await {
            Ok(0) | Err(_) => Answered::Nobody,
            Ok(_) if line.trim().is_empty() => Answered::Done,
            Ok(_) => Answered::Refused(line.trim().to_owned()),
        }
    }
}
