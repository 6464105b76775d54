//! A first look at scenarios that are over, while others run.
//!
//! The judgement at the end knows all scenarios, so it may take back what one alone seems to show, or find another cause for it. A
//! look therefore tells a fact, and no requirement: which exchange looks wrong, and at what place.

use super::Session;
use super::google_side::partner_id;
use super::plan::Plan;
use super::target::Target;
use super::verdict::apply_strict;
use super::waivers::today;
use config::Waiver;
use domain::Capability;
use event::{Event, Observer};
use outcome::text::one_line;
use outcome::{Finding, Verdict};
use rules::{Case, Offer, judge_scenario};
use scenario::Scenario;
use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinHandle;
use transcript::{Fact, Reply, Transcript};

/// An observer between a run and its display, which looks at what is over.
pub(super) struct FirstLooks {
    display: Arc<dyn Observer>,
    finished: Mutex<Option<Sender<Arc<Transcript>>>>,
}

/// The looks that are under way.
pub(super) struct Looking {
    looks: Arc<FirstLooks>,
    work: JoinHandle<()>,
}

/// The observer of a run; with looks, if its display wants them.
pub(super) fn observer(
    plan: &Plan,
    target: &Target,
    session: &Session,
) -> (Arc<dyn Observer>, Option<Looking>) {
    let display = Arc::clone(&session.observer);
    if !display.wants_first_looks() {
        return (display, None);
    }
    let (sender, receiver) = channel();
    let known = Known::new(plan, target, session);
    let shown = Arc::clone(&display);
    // One at a time, beside the run: what is measured of the partner must not wait for it.
    let work = tokio::task::spawn_blocking(move || known.look_at_all(&receiver, &*shown));
    let looks = Arc::new(FirstLooks {
        display,
        finished: Mutex::new(Some(sender)),
    });
    let observer: Arc<dyn Observer> = Arc::clone(&looks) as _;
    (observer, Some(Looking { looks, work }))
}

impl Looking {
    /// Returns when all that is over has been looked at.
    pub(super) async fn finish(self) {
        let finished = self.looks.finished.lock();
        drop(finished.unwrap_or_else(PoisonError::into_inner).take());
        // A look that failed shows nothing, and changes nothing.
        let _ = self.work.await;
    }
}

impl Observer for FirstLooks {
    fn on(&self, event: &Event<'_>) {
        self.display.on(event);
        if let Event::ScenarioFinished { history, .. } = event {
            let finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody receives once all looks are done.
            let _ = finished.as_ref().map(|sender| sender.send(Arc::clone(history)));
        }
    }
}

/// What is known of the run before anything was sent.
struct Known {
    /// Scenarios that stand on nothing unshown, by id.
    scenarios: HashMap<String, Scenario>,
    capabilities: BTreeSet<Capability>,
    partner_id: String,
    offer: Offer,
    waivers: Vec<Waiver>,
    strict: bool,
}

impl Known {
    fn new(plan: &Plan, target: &Target, session: &Session) -> Self {
        let sure = plan.scenarios.iter().filter(|planned| planned.unshown.is_empty());
        let today = today(session.clock.began_us());
        let waivers = target.config.waivers.iter();
        Self {
            scenarios: sure
                .map(|planned| (planned.scenario.id.clone(), planned.scenario.clone()))
                .collect(),
            capabilities: plan.capabilities.clone(),
            partner_id: partner_id(&target.config.notifications).to_owned(),
            offer: target.offer.clone(),
            waivers: waivers.filter(|one| !one.is_expired(today)).cloned().collect(),
            strict: session.strict,
        }
    }

    fn look_at_all(&self, finished: &Receiver<Arc<Transcript>>, display: &dyn Observer) {
        while let Ok(history) = finished.recv() {
            let odd = self.look(&history);
            display.on(&Event::FirstLook {
                id: &history.scenario,
                odd: odd.as_deref(),
            });
        }
    }

    /// The first exchange that looks wrong.
    fn look(&self, history: &Transcript) -> Option<String> {
        let scenario = self.scenarios.get(&history.scenario)?;
        let case = Case::new(scenario, history, &self.capabilities, &self.partner_id).with_offer(&self.offer);
        let mut judgement = judge_scenario(&case);
        apply_strict(&mut judgement.findings, &mut judgement.judged, self.strict);
        let is_open = |finding: &&Finding| {
            let mut waivers = self.waivers.iter();
            finding.verdict == Verdict::Fail
                && !waivers.any(|one| one.covers(finding.requirement, Some(&scenario.id)))
        };
        let mut open = judgement.findings.iter().filter(is_open);
        open.find_map(|finding| what_was_seen(history, finding))
    }
}

/// The exchange of a finding; none where the finding is that something did not come, since it may come yet.
fn what_was_seen(history: &Transcript, finding: &Finding) -> Option<String> {
    let entry = finding.evidence.entry?;
    let pointer = finding
        .evidence
        .pointer
        .as_deref()
        .filter(|pointer| !pointer.is_empty());
    let place = pointer.map(|pointer| format!(", at {}", one_line(pointer)));
    let place = place.unwrap_or_default();
    if let Some(exchange) = history.exchange_at(entry) {
        let method = exchange.call.method.name();
        return match &exchange.answer.reply {
            Reply::Http(reply) => Some(format!("{method} was answered HTTP {}{place}", reply.status)),
            Reply::Nothing { .. } => Some(format!("{method} was not answered")),
        };
    }
    match &history.entries.get(entry)?.fact {
        Fact::Notification(call) => Some(format!("{} to Google's API{place}", one_line(&call.verb))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
