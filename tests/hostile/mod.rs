//! Targets that mean ill or have bad luck: what the harness makes of each, how long it takes, and how much memory.

pub(crate) mod altered;
pub(crate) mod case;
pub(crate) mod cases;
pub(crate) mod measure;
pub(crate) mod partner;
pub(crate) mod server;
mod tls;

use case::Case;
use measure::Measured;
use std::time::Duration;

/// No run needs more memory, MiB.
pub(crate) const MOST_MEMORY: f64 = 256.0;
/// So much longer than a target that says nothing any other may take.
const LONGER: Duration = Duration::from_secs(2);

/// What is wrong with what came of a case; `silent` is how long a target took that says nothing.
pub(crate) fn complaints(case: &Case, measured: &Measured, silent: Option<Duration>) -> Vec<String> {
    let mut all = Vec::new();
    if !measured.exit.is_some_and(|exit| case.exits.contains(&exit)) {
        all.push(format!("exit {:?} and not {:?}", measured.exit, case.exits));
    }
    if measured.peak_mib > MOST_MEMORY {
        all.push(format!("{:.0} MiB", measured.peak_mib));
    }
    if !measured.names_target {
        all.push("the target is not named".to_owned());
    }
    let is_alone = matches!(case.target, case::Target::Acts(..));
    if let Some(silent) = silent.filter(|silent| is_alone && measured.took > *silent + LONGER) {
        all.push(format!(
            "{:.1} s, and silence takes {:.1}",
            measured.took.as_secs_f64(),
            silent.as_secs_f64()
        ));
    }
    all
}
