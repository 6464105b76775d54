//! Feed files: the whole inventory, rewritten again and again while the server runs. A partner uploads such
//! files to Google once a day.

mod availability;
mod files;
mod json;
mod merchants;
mod services;

pub(crate) use files::Publisher;
