#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use snapshot::Store;
use std::collections::VecDeque;

/// A terminal of 24 rows whose user has decided on every key beforehand.
struct Script {
    keys: VecDeque<Key>,
    shown: String,
}

impl Script {
    fn new(keys: &str) -> Self {
        let key = |letter| match letter {
            '\n' => Key::Enter,
            other => Key::Char(other),
        };
        Self {
            keys: keys.chars().map(key).collect(),
            shown: String::new(),
        }
    }
}

impl Screen for Script {
    fn size(&self) -> (usize, usize) {
        (24, 80)
    }

    fn key(&mut self) -> Result<Key, Failure> {
        let key = self.keys.pop_front();
        key.ok_or_else(|| Failure::broken("no key is left"))
    }

    fn line(&mut self, text: &str) {
        self.shown.push_str(text);
        self.shown.push('\n');
    }
}

fn text(status: &str, judged: &str) -> String {
    format!(
        "---\nsource: s\ndescription: The title\ninfo:\n  slots: {{}}\n{judged}---\n> POST /v3/CreateBooking\nslot: 1\n< 200\nstatus: {status}\n"
    )
}

/// Three changed snapshots, of which two changed in the same way; one that fails; one whose scenario is gone.
fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), None);
    let fails = "  judged:\n    verdict: \"fail\"\n    violated:\n      - \"BS-GEN-01\"\n";
    for (id, status, judged) in [
        ("a/one", "PENDING", ""),
        ("a/two", "PENDING", ""),
        ("b/other", "DECLINED", ""),
        ("b/wrong", "booked", fails),
        ("gone/old", "", ""),
    ] {
        store.write_pending(id, &text("CONFIRMED", "")).unwrap();
        store.accept(id).unwrap();
        store.write_pending(id, &text(status, judged)).unwrap();
    }
    store.reject("gone/old").unwrap();
    (folder, store)
}

/// What is shown when these keys are pressed, and what the walk came to.
fn walked(store: &Store, keys: &str) -> (String, Tally, bool) {
    let obsolete = vec!["gone/old".to_owned()];
    let mut review = Review::new(store, &store.pending().unwrap(), obsolete).unwrap();
    let mut script = Script::new(keys);
    let stopped = walk("staging", &mut review, &mut script).unwrap();
    assert!(script.keys.is_empty(), "{}", script.shown);
    let shown = console::strip_ansi_codes(&script.shown).into_owned();
    (shown, review.tally().clone(), stopped)
}

#[test]
fn each_question_says_where_it_stands_and_what_the_verdict_is() {
    let (_folder, store) = store();
    let (shown, tally, stopped) = walked(&store, "aasd\n");
    for text in [
        "1 of 4  a/one  (staging, changed)\nThe title\nverdict: no violated MUST was found\nthe same in 2 scenarios: a/one, a/two\n\n@@ CreateBooking answer @@",
        "-status: CONFIRMED\n+status: PENDING\n",
        "2 of 4  b/other  (staging, changed)",
        "3 of 4  b/wrong  (staging, changed)\nThe title\nverdict: this scenario fails BS-GEN-01; do not accept it as right",
        "4 of 4  obsolete  (staging)\naccepted snapshots of scenarios that do not exist any more:\n  gone/old\n",
    ] {
        assert!(shown.contains(text), "{text}\nin\n{shown}");
    }
    assert!(!stopped);
    assert_eq!(summary(&tally), "3 accepted, 0 rejected, 1 deleted, 1 left");
    assert_eq!(store.pending().unwrap(), ["b/wrong"]);
}

#[test]
fn the_last_decision_can_be_undone_even_at_the_end() {
    let (_folder, store) = store();
    let (shown, tally, _) = walked(&store, "uruAsdus\n");
    assert!(
        shown.contains("there is no decision to undo") && shown.contains("the last decision is undone"),
        "{shown}"
    );
    assert_eq!(summary(&tally), "3 accepted, 0 rejected, 2 left");
    assert!(store.load("gone/old").unwrap().is_some());
}

#[test]
fn who_stops_leaves_the_rest() {
    let (_folder, store) = store();
    let (_, tally, stopped) = walked(&store, "aS");
    assert!(stopped);
    assert_eq!(summary(&tally), "2 accepted, 0 rejected, 3 left");
}

#[test]
fn an_obsolete_snapshot_is_only_deleted_by_its_own_key() {
    let (_folder, store) = store();
    let (_, tally, _) = walked(&store, "ssraArRs\n");
    assert_eq!(summary(&tally), "0 accepted, 1 rejected, 4 left");
}

#[test]
fn a_long_diff_is_shown_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), None);
    let fields: Vec<String> = (0..60).map(|number| format!("field_{number}: x")).collect();
    let status = format!("CONFIRMED\n{}", fields.join("\n"));
    store.write_pending("a/long", &text(&status, "")).unwrap();
    let shown = |keys: &str| {
        let mut review = Review::new(&store, &store.pending().unwrap(), Vec::new()).unwrap();
        let mut script = Script::new(keys);
        walk("staging", &mut review, &mut script).unwrap();
        assert!(script.keys.is_empty(), "{}", script.shown);
        script.shown
    };
    let pages = shown("   s\n");
    assert_eq!(pages.matches("lines: space for more").count(), 3, "{pages}");
    let rows: Vec<_> = pages.split("-- ").map(|page| page.lines().count()).collect();
    assert!(rows.iter().all(|rows| *rows <= 24), "{rows:?}");
    assert!(pages.contains("field_59"));
    assert!(shown("es\n").contains("field_59"));
    let left = shown("qs\n");
    assert!(
        !left.contains("field_59") && left.contains("more lines"),
        "{left}"
    );
}
