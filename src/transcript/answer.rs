//! The answers to our calls.

use super::message::Message;
use protocol::Method;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// The end of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Index of the entry that holds the call.
    pub call: usize,
    /// From the first byte sent to the last byte received, microseconds.
    pub took_us: u64,
    /// By how much the harness itself was late during this call, microseconds.
    pub lagged_us: u64,
    /// What came.
    pub reply: Reply,
}

/// What came back from the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// An HTTP response.
    Http(HttpReply),
    /// No response: the reason in words.
    Nothing {
        /// The kind of failure.
        kind: Silence,
        /// The transport's own words, whole cause chain.
        detail: String,
    },
}

/// Why there was no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// No connection could be made.
    Unreachable,
    /// TLS failed.
    Tls,
    /// The deadline passed.
    Timeout,
    /// The connection broke, or what came was not HTTP.
    Broken,
    /// The answer was larger than the limits on what is kept.
    TooLarge,
    /// Nothing was sent, or nothing could be read: this machine gave us no descriptor, port or memory for it.
    Exhausted,
}

/// A try of a call that the network lost: it was made again, and the answer to that is the answer to the call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LostTry {
    /// Index of the entry that holds the call.
    pub call: usize,
    /// What came instead of an answer.
    pub kind: Silence,
    /// The transport's own words.
    pub detail: String,
}

/// An HTTP response as received, secrets masked, with its message in proto names.
///
/// Stored are status, headers, the body's text and the body as JSON in the spelling of the partner; the message in proto
/// names is made of the text again when a stored transcript is read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Received")]
pub struct HttpReply {
    /// Status code.
    pub status: u16,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text (invalid UTF-8 replaced).
    pub body: String,
    message: Option<Message>,
}

impl HttpReply {
    /// The response to a call of a method.
    pub fn new(method: Method, status: u16, headers: Vec<(String, String)>, body: String) -> Self {
        let mut reply = Self {
            status,
            headers,
            message: None,
            body,
        };
        reply.read_as_answer_of(method);
        reply
    }

    /// Makes the message of the text. A stored response does not say which method it answers: its transcript does.
    pub(super) fn read_as_answer_of(&mut self, method: Method) {
        let name = method.response_message();
        let sent = match self.message.take() {
            Some(message) => Some(message.into_sent()),
            None => serde_json::from_str(&self.body).ok(),
        };
        self.message = sent.map(|sent| Message::of_answer(name.as_deref(), sent));
    }

    /// True for every 2xx: a booking that is answered 201 has been made as well as one that is answered 200.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body in proto names, whatever spelling the partner used; none if it is no JSON.
    pub fn message(&self) -> Option<&Value> {
        self.message.as_ref().map(Message::in_api_names)
    }

    /// The body as JSON as it was sent.
    pub fn json(&self) -> Option<&Value> {
        self.message.as_ref().map(Message::as_sent)
    }

    /// Pointers (in proto names) to the known fields that the partner did not spell in proto names.
    pub fn renamed_pointers(&self) -> &[String] {
        self.message.as_ref().map_or(&[], Message::renamed_pointers)
    }
}

/// The stored form without what follows from it.
#[derive(Deserialize)]
struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl From<Received> for HttpReply {
    fn from(stored: Received) -> Self {
        Self {
            status: stored.status,
            headers: stored.headers,
            body: stored.body,
            message: None,
        }
    }
}

/// The stored form.
#[derive(Serialize)]
struct StoredReply<'r> {
    status: u16,
    headers: &'r [(String, String)],
    body: &'r str,
    json: Option<&'r Value>,
}

impl Serialize for HttpReply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredReply {
            status: self.status,
            headers: &self.headers,
            body: &self.body,
            json: self.json(),
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::{Call, Credentials, Entry, Fact, Phase, Transcript};
    use serde_json::json;

    #[test]
    fn a_stored_answer_is_read_in_proto_names_again_and_keeps_what_was_sent() {
        let call = Call {
            step: None,
            label: None,
            method: Method::CreateBooking,
            verb: "POST".into(),
            path: "/v3/CreateBooking".into(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: None,
            raw: None,
            breaks_model: false,
            again: false,
        };
        let sent = json!({ "booking": { "bookingId": "b" } });
        let answer = Answer {
            call: 0,
            took_us: 1,
            lagged_us: 0,
            reply: Reply::Http(HttpReply::new(call.method, 200, Vec::new(), sent.to_string())),
        };
        let entry = |fact| Entry {
            at_ms: 0,
            phase: Phase::Steps,
            fact,
        };
        let transcript = Transcript {
            scenario: "a/b".into(),
            entries: vec![entry(Fact::Call(call)), entry(Fact::Answer(answer))],
        };
        let stored = serde_json::to_value(&transcript).unwrap();
        assert_eq!(
            stored.pointer("/entries/1/fact/answer/reply/http/json"),
            Some(&sent)
        );
        let read: Transcript = serde_json::from_value(stored).unwrap();
        assert_eq!(read, transcript);
        let exchange = read.exchanges().next().unwrap();
        assert_eq!(exchange.answer_text("/booking/booking_id"), Some("b"));
        assert_eq!(
            exchange.http().unwrap().renamed_pointers(),
            ["/booking/booking_id"]
        );
    }
}
