//! The words of Google's API: what arrives is read, what is answered is written, and no call is judged by who sends it.

pub(crate) mod canonical;
pub(crate) mod credential;
pub(crate) mod decoder;
pub(crate) mod discovery;
pub(crate) mod draft;
pub(crate) mod encoding;
pub(crate) mod error;
pub(crate) mod incoming;
pub(crate) mod lint;
pub(crate) mod mask;
pub(crate) mod meant;
pub(crate) mod methods;
pub(crate) mod partial;
pub(crate) mod query;
pub(crate) mod redaction;
pub(crate) mod routing;
pub(crate) mod syntax;
pub(crate) mod violation;
pub(crate) mod wire;
