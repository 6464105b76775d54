//! Histories of scenario files.

use super::Story;
use super::messages::request;
use protocol::Method;
use scenario::{Source, load};
use serde_json::{Value, json};
use transcript::{Basic, EarlyEnd, Fact, LostTry, Reply, Silence, StepPath};

impl Story {
    /// A scenario file, which has calls only, and their answers in order.
    pub(crate) fn playing(mut self, text: &str, answers: &[(u16, Value)]) -> Self {
        let source = Source {
            id: self.scenario.id.clone(),
            file: "test".into(),
            text: text.into(),
        };
        self.scenario = load(&[source]).unwrap().remove(0);
        let calls: Vec<_> = self.scenario.calls().cloned().collect();
        for (step, (played, (status, answer))) in calls.iter().zip(answers).enumerate() {
            self = self.call(played.method, json!({}), *status, answer.clone());
            let sent = self.transcript.entries.iter_mut().rev();
            let call = sent.filter_map(|entry| match &mut entry.fact {
                Fact::Call(call) => Some(call),
                _ => None,
            });
            for call in call.take(1) {
                call.step = Some(StepPath { step, branch: None });
                call.label.clone_from(&played.label);
                call.credentials = played.credentials;
                call.breaks_model = played.breaks_model;
                call.raw.clone_from(&played.raw);
            }
        }
        self
    }
}

impl Story {
    /// Its calls ask for the bound slot.
    pub(crate) fn asking_for_its_slot(mut self) -> Self {
        let message = request(&self.slot);
        for entry in &mut self.transcript.entries {
            if let Fact::Call(call) = &mut entry.fact {
                call.body = Some(message.clone());
            }
        }
        self
    }

    /// Its calls are these, one by one, and those after so many are second tries of the last one before them.
    pub(crate) fn asking(mut self, messages: &[Value], first_tries: usize) -> Self {
        let calls = self
            .transcript
            .entries
            .iter_mut()
            .filter_map(|entry| match &mut entry.fact {
                Fact::Call(call) => Some(call),
                _ => None,
            });
        let mut last = None;
        for (place, (call, message)) in calls.zip(messages).enumerate() {
            call.body = Some(message.clone());
            if place < first_tries {
                last = call.step;
            } else {
                (call.step, call.again) = (last, true);
            }
        }
        self
    }

    /// A call that no answer comes to.
    pub(crate) fn silent(self, method: Method, kind: Silence) -> Self {
        self.call(method, json!(null), 200, json!({})).unanswered(kind)
    }

    /// The last call got nothing in place of its answer.
    pub(crate) fn unanswered(self, kind: Silence) -> Self {
        let mut story = self;
        let detail = "nothing came".to_owned();
        for entry in story.transcript.entries.iter_mut().rev().take(1) {
            if let Fact::Answer(answer) = &mut entry.fact {
                answer.reply = Reply::Nothing {
                    kind,
                    detail: detail.clone(),
                };
            }
        }
        story
    }

    /// The last call got no answer at first, and was made again.
    pub(crate) fn lost_at_first(mut self) -> Self {
        let entries = &self.transcript.entries;
        let is_call = |entry: &transcript::Entry| matches!(entry.fact, Fact::Call(_));
        let call = entries.iter().rposition(is_call).unwrap_or_default();
        let (kind, detail) = (Silence::Broken, "reset".to_owned());
        self.push(Fact::Lost(LostTry { call, kind, detail }));
        self
    }

    /// Ends where something is needed that is not there.
    pub(crate) fn needing(mut self, needs: Basic) -> Self {
        self.push(Fact::Stopped(EarlyEnd {
            step: None,
            reason: format!("needs {needs}"),
            unreachable: false,
            needs: Some(needs),
            no_slot: false,
        }));
        self
    }
}
