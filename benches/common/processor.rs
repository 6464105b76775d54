//! Time that other work on the machine has little part in.

/// Processor time of this thread, in seconds; endless where the system does not say.
pub(crate) fn processor_sec() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let spent_ns = stat.split(' ').next().and_then(|spent| spent.parse::<f64>().ok());
    spent_ns.map_or(f64::INFINITY, |spent| spent / 1e9)
}
