//! Slots of a run that names a service and no start: they are asked for before the plan is made.

use super::super::exit::Failure;
use super::super::output;
use super::super::session::TargetFlags;
use super::super::signals::Signals;
use config::Config;
use harness::{LOOKUPS, SearchError, TIMES, Target, find_slots};
use jiff::Timestamp;

/// Refuses a search where nothing may be sent, or nobody is there to be asked.
pub(super) fn check(flags: &TargetFlags, config: &Config) -> Result<(), Failure> {
    let Some(text) = flags.searches().next() else {
        return Ok(());
    };
    let wrong = |why: &str, help: &str| {
        Err(Failure::wrong(
            format!("--slot {text} has no start, and {why}"),
            help,
        ))
    };
    if config.run.dry_run {
        return wrong(
            "--dry-run sends nothing, so no slot can be asked for",
            "name the start: --slot MERCHANT/SERVICE/START",
        );
    }
    if config.target.is_none() {
        return wrong(
            "no server is named that could be asked",
            "give --target URL, or a config with [target]",
        );
    }
    Ok(())
}

/// Asks for what the flags name, and says before and after what is done.
pub(super) async fn add_found_slots(
    flags: &TargetFlags,
    target: &mut Target,
    signals: &mut Signals,
) -> Result<(), Failure> {
    for (text, search) in flags.searches().zip(flags.slot_searches()) {
        output::error(&format!(
            "asking for free slots of {text}: at most {LOOKUPS} look-ups of {TIMES} start times each, over the next {LOOKUPS} days; \
             asking books nothing"
        ));
        let asking = find_slots(target, &search, Timestamp::now().as_second());
        let found = super::unless_stopped(signals, asking).await?;
        let slots = found.map_err(|error| match error {
            SearchError::NotAllowed(_) => Failure::input(error),
            other => Failure::machine(other),
        })?;
        if let (Some(first), Some(last)) = (slots.first(), slots.last()) {
            let time = |sec| Timestamp::from_second(sec).unwrap_or_default();
            output::error(&format!(
                "found {} from {} to {}: only these are booked, each taken for one spot that is paid on arrival",
                output::counted(slots.len(), "free slot"),
                time(first.start_sec),
                time(last.start_sec),
            ));
        }
        target.add_slots(slots);
    }
    Ok(())
}
