//! Which values of a history vary from run to run, found at the places whose names say so.

use domain::slot::Slot;
use serde_json::Value;
use std::collections::BTreeMap;
use transcript::{Binding, Fact, Ledger, Notification, Reply, Subject, Transcript};

/// The word of an alias, such as `booking` in `[booking-1]`.
pub(super) type Word = &'static str;

/// Shorter values would be found inside ordinary text; they become aliases only where a field's name says what they are.
pub(super) const SHORTEST: usize = 4;

/// Fields that hold varying values, by the name that both directions of the wire share once it is in snake case.
const NAMED: [(&str, Word); 28] = [
    ("booking_id", "booking"),
    ("waitlist_entry_id", "entry"),
    ("idempotency_token", "token"),
    ("user_id", "user"),
    ("given_name", "given-name"),
    ("family_name", "family-name"),
    ("telephone", "telephone"),
    ("email", "email"),
    ("merchant_id", "merchant"),
    ("service_id", "service"),
    ("staff_id", "staff"),
    ("room_id", "room"),
    ("availability_tag", "tag"),
    ("payment_transaction_id", "transaction"),
    ("transaction_id", "transaction"),
    ("payment_method_token", "payment-token"),
    ("unparsed_payment_method_token", "payment-token"),
    ("user_payment_option_id", "user-payment-option"),
    ("fraud_signals", "fraud-signals"),
    ("acs_url", "acs-url"),
    ("pa_req", "pa-req"),
    ("pa_response", "pa-response"),
    ("md_merchant_data", "md-merchant-data"),
    ("session_url", "session-url"),
    ("meeting_id", "meeting"),
    ("password", "password"),
    ("order_id", "order"),
    ("cart_id", "token"),
];

/// Fields that are compared as they are, with everything below them: money, lengths, and the merchant's own settings.
const LITERAL: [&str; 7] = [
    "price_micros",
    "currency_code",
    "duration_sec",
    "duration",
    "min_advance_cancellation_sec",
    "party_size",
    "tokenization_config",
];

/// The alias word of a field that holds a varying value.
pub(super) fn word_of(field: &str) -> Option<Word> {
    let name = snake(field);
    NAMED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, word)| *word)
}

/// True for a field whose value is shown as it is.
pub(super) fn is_literal(field: &str) -> bool {
    LITERAL.contains(&snake(field).as_str())
}

fn snake(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 4);
    for c in field.chars() {
        if c.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

/// The varying values of one history that are long enough to be found anywhere, each with its word.
#[derive(Debug, Default)]
pub(super) struct VaryingValues {
    /// Words by value; where a value was seen under two names, the first one stands.
    pub(super) words: BTreeMap<String, Word>,
    /// When the run began, epoch seconds.
    pub(super) began_sec: Option<i64>,
}

impl VaryingValues {
    /// Everything that a history teaches.
    pub(super) fn from(transcript: &Transcript) -> Self {
        let mut values = Self::default();
        if let Some(bound) = transcript.binding() {
            values.began_sec = Some(bound.began_sec);
            values.binding(bound, transcript);
        }
        for entry in &transcript.entries {
            values.fact(&entry.fact);
        }
        values
    }

    fn binding(&mut self, bound: &Binding, transcript: &Transcript) {
        let user = &bound.user;
        self.value("user", &user.user_id);
        self.value("given-name", &user.given_name);
        self.value("family-name", &user.family_name);
        self.value("telephone", &user.telephone);
        self.value("email", &user.email);
        let slots: Vec<&Slot> = bound
            .slots
            .keys()
            .filter_map(|name| transcript.slot(name))
            .collect();
        let all = || slots.iter().copied().chain(&bound.page);
        all().for_each(|slot| self.value("start", &slot.start_sec.to_string()));
        all().for_each(|slot| self.value("end", &slot.end_sec().to_string()));
        all().for_each(|slot| self.slot(slot));
    }

    fn slot(&mut self, slot: &Slot) {
        self.value("merchant", &slot.merchant_id);
        self.value("service", &slot.service_id);
        let optional = [
            ("tag", &slot.availability_tag),
            ("staff", &slot.resources.staff_id),
            ("room", &slot.resources.room_id),
        ];
        for (word, value) in optional {
            self.value(word, value.as_deref().unwrap_or_default());
        }
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Call(call) => self.message(call.body.as_ref()),
            Fact::Answer(answer) => {
                if let Reply::Http(reply) = &answer.reply {
                    self.message(reply.json());
                }
            }
            Fact::Trigger(trigger) => self.value("booking", &trigger.booking_id),
            Fact::Awaited(awaited) => self.value("booking", &awaited.booking_id),
            Fact::Ledger(ledger) => self.ledger(ledger),
            Fact::Notification(notification) => self.notification(notification),
            _ => {}
        }
    }

    fn ledger(&mut self, ledger: &Ledger) {
        self.value("booking", &ledger.booking_id);
        let ids = ledger
            .lines
            .iter()
            .filter_map(|line| line.transaction_id.as_deref());
        ids.for_each(|id| self.value("transaction", id));
    }

    fn notification(&mut self, notification: &Notification) {
        match &notification.subject {
            Subject::Booking { partner, booking_id } => {
                self.value("partner", partner);
                self.value("booking", booking_id);
            }
            Subject::Availability { partner, .. } => self.value("partner", partner),
        }
        self.message(notification.json());
    }

    fn message(&mut self, message: Option<&Value>) {
        match message {
            Some(Value::Object(fields)) => fields.iter().for_each(|(name, field)| self.field(name, field)),
            Some(Value::Array(items)) => items.iter().for_each(|item| self.message(Some(item))),
            _ => {}
        }
    }

    fn field(&mut self, name: &str, field: &Value) {
        match (word_of(name), field) {
            _ if is_literal(name) => {}
            (Some(word), Value::String(text)) => self.value(word, text),
            (Some(word), Value::Number(number)) => self.value(word, &number.to_string()),
            _ => self.message(Some(field)),
        }
    }

    fn value(&mut self, word: Word, value: &str) {
        if value.len() >= SHORTEST && !is_masked(value) {
            self.words.entry(value.to_owned()).or_insert(word);
        }
    }
}

/// True for what is left of a secret that was masked before it was recorded.
pub(super) fn is_masked(value: &str) -> bool {
    value.contains("[masked]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_field_mean_the_same() {
        assert_eq!(word_of("bookingId"), Some("booking"));
        assert_eq!(word_of("payment_transaction_id"), word_of("paymentTransactionId"));
        assert_eq!(word_of("status"), None);
        assert!(is_literal("priceMicros") && is_literal("tokenization_config"));
    }
}
