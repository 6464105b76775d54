//! Requests that take something over from an earlier one: the answer to a challenge, a token that was used before.

use super::build::Built;
use super::{Wallet, payload};
use crate::scenario::template::{self, TemplateError};
use crate::scenario::{CallStep, Card};
use crate::transcript::Transcript;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Where the payment token stands.
const TOKEN: &str = "/payment_processing_parameters/unparsed_payment_method_token";

/// What was sent before, and what came of it.
pub(super) struct Earlier<'e> {
    /// Requests by label.
    pub(super) sent: &'e HashMap<String, Built>,
    /// Knows the outcome of challenges.
    pub(super) wallet: &'e Wallet,
    /// The history.
    pub(super) so_far: &'e Transcript,
}

impl Earlier<'_> {
    /// The request with what its step takes over.
    pub(super) fn carry_over(&self, mut built: Built, call: &CallStep) -> Result<Built, TemplateError> {
        if let Some(earlier) = self.named(call.authenticate.as_ref()) {
            built = earlier.clone();
            let message = built.message.get_or_insert_default();
            self.add_outcome(message, call.authenticate.as_deref().unwrap_or_default());
            if let Some(with) = &call.with {
                payload::merge(message, &template::render_all(with, &self.so_far.context())?);
            }
        }
        if let Card::UsedFor(label) = &call.card
            && let Some(used) = self
                .named(Some(label))
                .and_then(|earlier| token(earlier).cloned())
            && let Some(place) = built
                .message
                .as_mut()
                .and_then(|message| message.pointer_mut(TOKEN))
        {
            *place = used;
        }
        built.outgoing.body = built
            .message
            .as_ref()
            .map(Value::to_string)
            .or(built.outgoing.body);
        Ok(built)
    }

    fn named(&self, label: Option<&String>) -> Option<&Built> {
        self.sent.get(label?)
    }

    /// What Google adds: the answer of the access control server, which hands the merchant's data back.
    fn add_outcome(&self, message: &mut Value, label: &str) {
        let response = self.wallet.challenge_response().unwrap_or_default();
        let mut outcome = json!({ "pa_response": response });
        let context = self.so_far.context();
        let asked = context.get(label).and_then(|answer| {
            answer.pointer("/body/booking_failure/payment_failure/threeds1_parameters/md_merchant_data")
        });
        if let Some(data) = asked.filter(|data| data.as_str().is_some_and(|text| !text.is_empty())) {
            outcome["md_merchant_data"] = data.clone();
        }
        payload::merge(message, &json!({ "payment_information": outcome }));
    }
}

fn token(built: &Built) -> Option<&Value> {
    built.message.as_ref()?.pointer(TOKEN)
}
