//! Servers that are different, but right.

use super::Variant;
use super::partner::Amendments;
use reference_server::Seams;

/// Every variant.
pub static VARIANTS: &[Variant] = &[Variant {
    name: "as-it-is",
    about: "The reference partner itself.",
    tolerated: &[],
    seams: Seams::default,
    amendments: Amendments {
        no_triggers: None,
        more: "",
    },
}];
