//! A conformance harness that plays Google's Actions Center against a partner's booking server.
//!
//! The program `conformance` is made of this; a test of your own can do the same. Here against the bundled reference partner, and
//! with one scenario:
//!
//! ```
//! # #[cfg(feature = "reference")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use conformance::*;
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let partner = start_embedded().await?;
//! let config = load_config(partner.config(), None, &|name| std::env::var(name).ok())?;
//! let target = Target::new(config, TargetKind::Reference)?;
//! let suite = Suite::load(&BUNDLE, None)?;
//! let selection = Selection::new(vec![Filter::parse("arrival/pay-on-arrival")?], &suite)?;
//! let google = open(&target).await?;
//! let plan = plan(&suite, &target, &Wishes::new(selection));
//! let finished = run(plan, &target, google, Session::silent(), &mut Snapshots::off()).await?;
//! assert_eq!(finished.report.verdict, RunVerdict::Conformant);
//! # partner.shutdown().await;
//! # Ok(())
//! # })
//! # }
//! # #[cfg(not(feature = "reference"))]
//! # fn main() {}
//! ```
//!
//! A server of your own is a [`Target`] by its config alone: leave `start_embedded` out, and load `conformance.toml`. An
//! [`Observer`] listens to a run, an [`Operator`] answers its questions (both are given to the [`Session`]), and [`REPORTERS`] render
//! what came out. [`google`] is Google's side of the wire alone, for tests of what you send to it.

use include_dir::{Dir, include_dir};

pub use config::{Config, load as load_config};
pub use event::{Answered, Event, Observer, Operator};
pub use google;
pub use harness::{
    Bundle, Decision, Filter, FilterError, FinishedRun, LeftOut, Plan, Planned, RunError, Selection, Session,
    Snapshots, Suite, SuiteError, Target, TargetError, TargetKind, Wishes, open, plan, run,
};
pub use outcome::{Evidence, Finding, RunReport, RunVerdict, ScenarioReport, Verdict};
#[cfg(feature = "reference")]
pub use reference::start_embedded;
pub use report::{Material, REPORTERS, Reporter, reporter};

static SCENARIOS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");
static SNAPSHOTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/snapshots/reference");

/// The bundled scenarios, and the reference partner's snapshots of them.
pub const BUNDLE: Bundle = Bundle {
    scenarios: &SCENARIOS,
    snapshots: &SNAPSHOTS,
};
