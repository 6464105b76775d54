//! A row inside of this process and in a time of its own: no sockets, and no wait that takes time.

use super::amendments::Amendments;
use super::examine::{
    Examination, ExamineError, GOOGLE, PARTNER, SEED, bundled, decorated, key, run, session, target,
    write_config,
};
use super::line::{LineToGoogle, PartnerLine};
use super::time;
use super::virtual_time::VirtualClock;
use harness::{Session, Wishes};
use reference::{Meeting, assemble_reference};
use reference_server::Seams;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// A row on this thread, by a clock that stands still while anybody works.
pub(super) fn examine(
    seams: Seams,
    amendments: Amendments,
    only: Vec<String>,
) -> Result<Examination, ExamineError> {
    let clock = VirtualClock::default();
    time::follow(clock.clone());
    reference_server::follow_seed(SEED);
    let runtime = clock.runtime()?;
    // As a task: the clock does not move on while one can run.
    let row = runtime.spawn(in_virtual_time(clock, seams, amendments, only));
    runtime.block_on(row).unwrap_or(Err(ExamineError::Ended))
}

async fn in_virtual_time(
    clock: VirtualClock,
    seams: Seams,
    amendments: Amendments,
    only: Vec<String>,
) -> Result<Examination, ExamineError> {
    let folder = tempfile::tempdir()?;
    let meeting = Meeting::at(GOOGLE, folder.path());
    std::fs::write(&meeting.key_file, key()?)?;
    let line = LineToGoogle {
        clock: clock.clone(),
        entrance: Arc::default(),
    };
    let seams = Seams {
        clock: Arc::new(clock.clone()),
        google: Some(decorated(Arc::new(line.clone()), &amendments)?),
        ..seams
    };
    let plain = seams.store.is_none();
    let written = plain && write_known_feeds(&meeting.feeds)?;
    let partner = assemble_reference(&meeting, seams, !written).await?;
    if plain && !written {
        let _ = FEEDS.set(read_feeds(&meeting.feeds)?);
    }
    // What the feeds drew is drawn in some rows only.
    reference_server::follow_seed(SEED);
    let path = write_config(&folder, &meeting, PARTNER, &amendments)?;
    let target = target(&path)?;
    let google = harness::open_inside(&target, Arc::new(clock.clone()))?;
    let _ = line.entrance.set(google.entrance());
    let to_partner = PartnerLine {
        clock: clock.clone(),
        router: partner.router(),
    };
    let wishes = Wishes {
        run_id: 1,
        now_sec: clock.now_sec(),
        ..bundled()?.wishes(&only)?
    };
    let session = Session {
        line: Some(Arc::new(to_partner)),
        ..session(Arc::new(clock))
    };
    run(&target, google, &wishes, session).await
}

/// The feeds of a partner whose store is not decorated: at the moment when every row begins they are always the same, and
/// to write them takes a tenth of a row.
static FEEDS: OnceLock<Vec<(OsString, Vec<u8>)>> = OnceLock::new();

/// False where nobody has published them yet.
fn write_known_feeds(folder: &Path) -> std::io::Result<bool> {
    let Some(feeds) = FEEDS.get() else {
        return Ok(false);
    };
    std::fs::create_dir_all(folder)?;
    for (name, feed) in feeds {
        std::fs::write(folder.join(name), feed)?;
    }
    Ok(true)
}

fn read_feeds(folder: &Path) -> std::io::Result<Vec<(OsString, Vec<u8>)>> {
    let entries = std::fs::read_dir(folder)?;
    entries
        .map(|entry| {
            let entry = entry?;
            Ok((entry.file_name(), std::fs::read(entry.path())?))
        })
        .collect()
}
