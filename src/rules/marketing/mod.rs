//! What users chose about the mails of merchants.

pub(crate) mod preference;
