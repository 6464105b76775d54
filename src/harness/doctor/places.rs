//! What lies on the disk: the key, folders that are written to, the room that is left.

use config::Notifications;
use google::KeyFile;
use outcome::Check;
use std::io;
use std::path::{Path, PathBuf};

/// A run with its reports needs a tenth of this.
#[cfg(unix)]
const LEAST_BYTES: u64 = 100 * 1024 * 1024;

/// The key that the partner signs with.
pub(super) fn key_file(notifications: &Notifications) -> Check {
    const NAME: &str = "key file";
    let Some(path) = &notifications.key_file else {
        return Check::cannot_tell(
            NAME,
            "none is named, so each run makes another key and your server can keep none",
        )
        .then("add key_file = \"google-key.json\" to [notifications]");
    };
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Check::ok(NAME, format!("{shown} is not there yet: the first run makes it"));
        }
        Err(error) => {
            return Check::unusable(
                NAME,
                format!("{shown} cannot be read: {error}"),
                "let whoever runs this read it",
            );
        }
    };
    if let Err(error) = KeyFile::from_json(&text) {
        return Check::input(
            NAME,
            format!("{shown}: {error}"),
            "move it away: the next run makes another, for your server to have",
        );
    }
    if open_to_others(path) {
        return Check::unusable(
            NAME,
            format!("{shown} can be read by others than its owner"),
            format!("chmod 600 {shown}"),
        );
    }
    Check::ok(NAME, format!("{shown} is a key, and its owner's alone"))
}

#[cfg(unix)]
fn open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> bool {
    false
}

/// Each folder takes a file, and there is room.
pub(super) fn folders(wanted: &[(String, PathBuf)]) -> Vec<Check> {
    let mut checks: Vec<Check> = wanted
        .iter()
        .filter_map(|(what, folder)| unwritable(what, folder))
        .collect();
    if checks.is_empty() {
        let names: Vec<&str> = wanted.iter().map(|(what, _)| what.as_str()).collect();
        checks.push(Check::ok(
            "folders",
            format!("can be written to: {}", names.join(", ")),
        ));
    }
    checks.push(room(wanted));
    checks
}

fn unwritable(what: &str, folder: &Path) -> Option<Check> {
    let place = existing(folder);
    let error = tempfile::Builder::new()
        .prefix(".conformance")
        .tempfile_in(&place)
        .err()?;
    Some(Check::unusable(
        "folders",
        format!("{what}: {} cannot be written to: {error}", place.display()),
        "let whoever runs this write there, or name another folder",
    ))
}

/// The folder, or the nearest above it that is there: what is missing is made.
fn existing(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut all = whole.ancestors().map(Path::to_owned);
    all.find(|one| one.exists()).unwrap_or(whole)
}

#[cfg(unix)]
fn room(wanted: &[(String, PathBuf)]) -> Check {
    const NAME: &str = "disk";
    let mut least: Option<(u64, PathBuf)> = None;
    for (_, folder) in wanted {
        let place = existing(folder);
        let Ok(found) = rustix::fs::statvfs(&place) else {
            continue;
        };
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        if least.as_ref().is_none_or(|(known, _)| free < *known) {
            least = Some((free, place));
        }
    }
    match least {
        None => Check::cannot_tell(NAME, "the system does not say how much is free"),
        Some((free, place)) if free < LEAST_BYTES => Check::unusable(
            NAME,
            format!("{} MB are free at {}", free / 1_000_000, place.display()),
            "make room: reports, recordings and snapshots could not be kept",
        ),
        Some((free, _)) => Check::ok(NAME, format!("{} MB are free", free / 1_000_000)),
    }
}

#[cfg(not(unix))]
fn room(_: &[(String, PathBuf)]) -> Check {
    Check::cannot_tell("disk", "how much is free is not looked at on this system")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use outcome::CheckState;

    fn of(path: &Path) -> Check {
        key_file(&Notifications {
            key_file: Some(path.to_owned()),
            ..Notifications::default()
        })
    }

    #[test]
    fn a_key_is_told_by_its_form_and_by_who_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        assert_eq!(of(&path).state, CheckState::Ok, "a run makes it");
        std::fs::write(&path, "{}").unwrap();
        let broken = of(&path);
        assert_eq!(
            (broken.state, broken.exit_code),
            (CheckState::Wrong, 2),
            "{broken:?}"
        );
        let key = KeyFile::generate("http://127.0.0.1/token").unwrap();
        std::fs::write(&path, key.to_json()).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let allow =
                |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            allow(0o644);
            assert_eq!(of(&path).exit_code, 3);
            allow(0o600);
        }
        assert_eq!(of(&path).state, CheckState::Ok);
    }

    #[test]
    fn a_folder_that_is_missing_is_looked_at_where_it_would_be_made() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        assert_eq!(existing(&deep), folder.path());
        assert!(unwritable("snapshots", &deep).is_none());
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "nothing is left behind"
        );
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let wrong = unwritable("snapshots", &file.join("below")).unwrap();
        assert!(wrong.words.starts_with("snapshots: "), "{}", wrong.words);
    }
}
