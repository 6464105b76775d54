//! A conformance harness that plays Google's Actions Center against a partner's booking server.

use include_dir::{Dir, include_dir};

pub use harness::Bundle;

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");
static SNAPSHOTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/snapshots/reference");

/// The bundled scenarios, and the reference partner's snapshots of them.
pub const BUNDLE: Bundle = Bundle {
    scenarios: &SCENARIOS,
    snapshots: &SNAPSHOTS,
};
