//! Runs that are over: recordings, and their `run.json`.

use super::exit::Failure;
use outcome::RunSummary;
use recording::RecordingError;
use std::path::Path;

/// What an earlier run came to, from its recording or its `run.json`.
pub(super) fn summary(file: &Path) -> Result<RunSummary, Failure> {
    let text = match recording::read(file) {
        Ok(recording) => recording.report_text().to_owned(),
        Err(RecordingError::Form { .. }) => recording::unpack(file).map_err(Failure::input)?,
        Err(error) => return Err(Failure::input(error)),
    };
    RunSummary::read(&text).map_err(|reason| {
        Failure::wrong(
            format!(
                "{} is neither a recording nor a run.json: {reason}",
                file.display()
            ),
            "name what --report recording=FILE or --report json=FILE of a run wrote",
        )
    })
}

/// The scenarios that failed in an earlier run; to run nothing would be green in vain.
pub(super) fn failed_in(file: &Path) -> Result<Vec<String>, Failure> {
    let summary = summary(file)?;
    let failed: Vec<String> = summary.failed().into_iter().map(ToOwned::to_owned).collect();
    if failed.is_empty() {
        return Err(Failure::wrong(
            format!("nothing failed in {}", file.display()),
            "leave --failed-in out to run everything",
        ));
    }
    Ok(failed)
}
