//! Servers that are tried as a user would try theirs, and what the run says of them.

pub(crate) mod alter;
pub(crate) mod expect;
pub(crate) mod faults;
pub(crate) mod partner;
