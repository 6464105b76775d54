//! Rules about cancellation policies: whether they make sense, and whether they are kept.

pub(super) mod policy;
pub(super) mod refund;
