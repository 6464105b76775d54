//! A conformance harness that plays Google's Actions Center against a partner's booking server.
//!
//! The program `conformance` is made of this. A test of your own runs it against your server, in the same process or elsewhere:
//!
//! ```no_run
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! use conformance::harness::Harness;
//!
//! let finished = Harness::against("http://127.0.0.1:8080/google")
//!     .credentials("google", "correct-horse")
//!     .slot("merchant-1/service-1/2026-12-02T09:00:00Z")
//!     .run()
//!     .await?;
//! assert_eq!(finished.violations().count(), 0, "{}", finished.text());
//! # Ok(()) }
//! ```
//!
//! A test needs it as a dev-dependency by path or git; `default-features = false` leaves the bundled reference partner out, and
//! with it SQLite.
//!
//! [`harness`] has this, and the mock of Google's API alone for tests of what you send to it. The folder `examples` has a whole
//! program for each.

use include_dir::{Dir, include_dir};

mod google_mock;
mod harness_error;
mod partner_run;

/// Runs and the mock of Google's API, as a library.
///
/// * [`Harness`](harness::Harness) describes a run: an address or a config, slots or feeds, own scenarios, filters.
///   [`Finished`](harness::Finished) is what it came to: violations, the report, and any form of it.
/// * [`GoogleMock`](harness::GoogleMock) is the mock of Google's API by itself: your code sends notifications to it, and each call
///   comes back with what is wrong with it.
/// * [`Observer`](harness::Observer) listens to a run, [`Reporter`](harness::Reporter) renders one.
///
/// Times are UTC, lengths are [`Duration`](std::time::Duration)s or, where the name ends in `_ms`, milliseconds. Errors are
/// [`HarnessError`](harness::HarnessError): what was given is wrong, or the machine or network is. What a server does wrong is no
/// error. Everything runs on the caller's tokio runtime, which needs its timer and network (`enable_all`).
pub mod harness {
    pub use super::google_mock::{GoogleMock, RunningMock};
    pub use super::harness_error::HarnessError;
    pub use super::partner_run::{Finished, Harness, ReadyRun};
    pub use ::harness::JudgedCall;
    pub use event::{Event, Observer};
    pub use google::Call;
    pub use outcome::{
        CauseReport, Evidence, Finding, NotRun, RunReport, RunVerdict, ScenarioReport, Verdict,
    };
    #[cfg(feature = "reference")]
    pub use reference::{Embedded, PartnerError, start_embedded};
    pub use report::{Material, REPORTERS, RenderError, Reporter, reporter};
}

/// Google's API as a `wiremock::Respond`, for tests that have a `wiremock::MockServer` already.
#[cfg(feature = "wiremock")]
pub use google;

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");
static SNAPSHOTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/snapshots/reference");

/// The bundled scenarios, and the reference partner's snapshots of them.
#[doc(hidden)]
pub const BUNDLE: ::harness::Bundle = ::harness::Bundle {
    scenarios: &SCENARIOS,
    snapshots: &SNAPSHOTS,
};
