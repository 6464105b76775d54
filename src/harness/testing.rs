//! What the program brings along, for tests.

use crate::Bundle;
use include_dir::{Dir, include_dir};

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");
static SNAPSHOTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../snapshots/reference");

pub(crate) const BUNDLE: Bundle = Bundle {
    scenarios: &SCENARIOS,
    snapshots: &SNAPSHOTS,
};
