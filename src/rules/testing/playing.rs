//! Histories of scenario files.

use super::Story;
use crate::scenario::{Source, load};
use crate::transcript::{Fact, StepPath};
use serde_json::{Value, json};

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
            }
        }
        self
    }
}
