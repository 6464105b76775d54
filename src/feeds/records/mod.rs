//! The records of the three feeds: read into what booking needs, and what is wrong with them.

pub(crate) mod convert;
pub(crate) mod currency;
pub(crate) mod ids;
pub(crate) mod linked;
pub(crate) mod merchant;
pub(crate) mod messages;
pub(crate) mod online;
pub(crate) mod option;
pub(crate) mod place;
pub(crate) mod redirect;
pub(crate) mod scheduling;
pub(crate) mod service;
pub(crate) mod text;
pub(crate) mod tickets;
pub(crate) mod tokenization;
pub(crate) mod value;
mod website;
