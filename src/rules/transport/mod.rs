//! Rules about HTTP itself.

pub(super) mod error_text;
pub(super) mod health_reply;
pub(super) mod nothing_on_refusal;
