//! Whole feeds: worked examples, tables and properties.

pub(crate) mod allowed;
pub(crate) mod example;
mod properties;
mod sweep;
mod terms_table;
mod windows_table;
