//! The bundled reference partner, right or with one thing wrong: how the harness proves itself.

pub mod partner;
