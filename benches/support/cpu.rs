//! What the system says of the processor time of a process.

use std::time::Duration;

/// Processor time that a process has used; none where the system does not say.
pub(crate) fn cpu(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in brackets and may hold anything.
    let rest = stat.rsplit_once(')')?.1;
    let ticks: u64 = rest
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    // Linux counts in hundredths for every program, whatever its own clock does.
    Some(Duration::from_millis(ticks * 10))
}
