//! A message of the partner in the one spelling in which it is read, beside what was sent.

use protocol::spelling::{to_json_names, to_proto_names};
use serde_json::Value;

/// A message in the names of its API.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Message {
    named: Value,
    /// What was sent, where a name was spelled in the other way.
    sent: Option<Value>,
    renamed: Vec<String>,
}

impl Message {
    /// An answer of the booking server, read in proto names; a body that has no message type stays as it is.
    pub(super) fn of_answer(message: Option<&str>, sent: Value) -> Self {
        Self::new(message.map(|message| to_proto_names(message, &sent)), sent)
    }

    /// A call to one of Google's APIs, read in JSON names.
    pub(super) fn of_notification(message: Option<&str>, sent: Value) -> Self {
        Self::new(message.map(|message| to_json_names(message, &sent)), sent)
    }

    fn new(read: Option<(Value, Vec<String>)>, sent: Value) -> Self {
        match read {
            Some((named, renamed)) if !renamed.is_empty() => Self {
                named,
                sent: Some(sent),
                renamed,
            },
            _ => Self {
                named: sent,
                sent: None,
                renamed: Vec::new(),
            },
        }
    }

    /// The message in the names of its API.
    pub(super) fn in_api_names(&self) -> &Value {
        &self.named
    }

    /// The message as it was sent.
    pub(super) fn as_sent(&self) -> &Value {
        self.sent.as_ref().unwrap_or(&self.named)
    }

    /// The message as it was sent, alone.
    pub(super) fn into_sent(self) -> Value {
        self.sent.unwrap_or(self.named)
    }

    /// Where a name was spelled in the other way: pointers in the names of the API.
    pub(super) fn renamed_pointers(&self) -> &[String] {
        &self.renamed
    }
}
