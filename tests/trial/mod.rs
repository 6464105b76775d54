//! Servers that are tried as a user would try theirs, and what the run says of them.

mod alter;
mod expect;
mod faults;
mod partner;
mod table;

pub(crate) use alter::{Alter, Answer, Call, Memory, last_part};
pub(crate) use expect::{Distinct, kept_musts};
pub(crate) use faults::{availability, entries, not_found, one_booking_id, without, without_all};
pub(crate) use partner::{Around, Patience, Setting, Tried, credentials, folder, run_config, try_reference};
pub(crate) use table::{Outcome, check};
