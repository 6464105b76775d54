//! Looking through pending and obsolete snapshots.

use super::snapshots::refusal;
use super::support::{err, exits, out};
use std::fs;
use std::path::Path;

/// A body with one answer, as a file.
fn snapshot(status: &str) -> String {
    format!(
        "---\nsource: s\ndescription: The title\ninfo:\n  slots: {{}}\n---\n> POST /v3/CreateBooking\nslot: 1\n< 200\nstatus: {status}\n"
    )
}

/// Two scenarios that changed in the same way, and one that is gone.
fn reviewable(folder: &Path) {
    let staging = folder.join("snapshots/staging");
    for id in ["lifecycle/taken-slot", "lifecycle/cancel-by-google", "gone/old"] {
        let file = staging.join(id);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file.with_extension("snap"), snapshot("CONFIRMED")).unwrap();
        if id != "gone/old" {
            fs::write(file.with_extension("snap.new"), snapshot("PENDING")).unwrap();
        }
    }
}

#[test]
fn an_obsolete_snapshot_is_listed_and_deleted_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    reviewable(folder.path());
    let pending = out(&exits(folder.path(), &["pending", "gone/**"], 4));
    assert_eq!(pending, "staging  gone/old  obsolete\n");
    exits(folder.path(), &["accept", "--all"], 0);
    exits(folder.path(), &["pending"], 4);
    let deleted = out(&exits(folder.path(), &["accept", "--obsolete"], 0));
    assert_eq!(deleted, "deleted  staging  gone/old\n");
    exits(folder.path(), &["pending"], 0);
    // Of scenarios that are not known here nothing is called obsolete.
    fs::write(folder.path().join("conformance.toml"), "[target\n").unwrap();
    reviewable(folder.path());
    exits(folder.path(), &["pending", "gone/**"], 2);
    let pending = exits(folder.path(), &["pending"], 4);
    assert!(
        err(&pending).contains("obsolete snapshots are not looked for"),
        "{}",
        err(&pending)
    );
    assert!(refusal(folder.path(), &["accept", "--obsolete"]).contains("is not known"));
}

/// The program at a terminal of its own, whose keys are pressed when the questions are there.
#[cfg(target_os = "linux")]
mod at_a_terminal {
    use super::{fs, reviewable};
    use crate::support::program;
    use std::io::{Read as _, Write as _};
    use std::path::Path;
    use std::process::{Child, ChildStdout, Command, Stdio};

    struct Terminal {
        child: Child,
        out: ChildStdout,
        shown: String,
    }

    impl Terminal {
        /// `script` gives its command a terminal.
        fn start(folder: &Path, command: &str) -> Self {
            let command = format!("{} {command}", program(folder).get_program().display());
            let mut child = Command::new("script")
                .args(["-qec", &command, "/dev/null"])
                .current_dir(folder)
                .env_remove("CI")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let out = child.stdout.take().unwrap();
            Self {
                child,
                out,
                shown: String::new(),
            }
        }

        /// Waits for a text behind the one before, and presses a key.
        fn at(&mut self, text: &str, key: &str) {
            let mut bytes = [0; 4096];
            while !self.shown.contains(text) {
                let read = self.out.read(&mut bytes).unwrap();
                assert!(read > 0, "no {text:?} in {}", self.shown);
                self.shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            let end = self.shown.find(text).unwrap() + text.len();
            self.shown.drain(..end);
            self.child
                .stdin
                .as_mut()
                .unwrap()
                .write_all(key.as_bytes())
                .unwrap();
        }

        fn ends_with(mut self, code: i32) -> String {
            self.out.read_to_string(&mut self.shown).unwrap();
            let status = self.child.wait().unwrap();
            assert_eq!(status.code(), Some(code), "{}", self.shown);
            std::mem::take(&mut self.shown)
        }
    }

    impl Drop for Terminal {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    #[test]
    fn a_review_asks_once_about_the_same_change_and_takes_decisions_back() {
        let folder = tempfile::tempdir().unwrap();
        reviewable(folder.path());
        let staging = folder.path().join("snapshots/staging");
        let mut terminal = Terminal::start(folder.path(), "review");
        terminal.at("(A: none that fails)", "r");
        terminal.at("d delete them", "u");
        terminal.at("(A: none that fails)", "a");
        terminal.at("d delete them", "d");
        terminal.at("u to undo the last decision", "u");
        terminal.at("d delete them", "s");
        terminal.at("u to undo the last decision", "q");
        let shown = terminal.ends_with(4);
        assert!(
            shown.contains("staging: 2 accepted, 0 rejected, 1 left"),
            "{shown}"
        );
        let accepted = fs::read_to_string(staging.join("lifecycle/taken-slot.snap")).unwrap();
        assert!(accepted.contains("status: PENDING"));
        assert!(staging.join("gone/old.snap").is_file());
    }

    #[test]
    fn a_review_takes_globs_and_says_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        reviewable(folder.path());
        let mut terminal = Terminal::start(folder.path(), "review 'lifecycle/**'");
        terminal.at(
            "the same in 2 scenarios: lifecycle/cancel-by-google, lifecycle/taken-slot",
            "",
        );
        terminal.at("(A: none that fails)", "S");
        assert!(
            terminal
                .ends_with(4)
                .contains("staging: 0 accepted, 0 rejected, 2 left")
        );
        let mut terminal = Terminal::start(folder.path(), "review 'lifecycle/taken*'");
        terminal.at("1 of 1  lifecycle/taken-slot  (staging, changed)", "");
        terminal.at("@@ CreateBooking answer @@", "a");
        terminal.at("u to undo the last decision", "q");
        assert!(
            terminal
                .ends_with(0)
                .contains("staging: 1 accepted, 0 rejected, 0 left")
        );
    }
}
