//! What a killed run leaves behind, read again.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;
use transcript::StandingKind;

fn booking(token: &str, scenario: &str, start_sec: i64) -> MayStand {
    MayStand {
        idempotency_token: token.to_owned(),
        merchant_id: "m".to_owned(),
        service_id: "s".to_owned(),
        start_sec,
        user_id: "u".to_owned(),
        booking_id: None,
        kind: StandingKind::Booking,
        scenario: scenario.to_owned(),
        why: "killed".to_owned(),
    }
}

fn making(number: u64, what: &MayStand) -> JournalEntry {
    JournalEntry::Making {
        number,
        what: what.clone(),
    }
}

fn made(number: u64) -> JournalEntry {
    JournalEntry::Made {
        number,
        id: format!("b{number}"),
    }
}

#[test]
fn what_was_made_or_may_have_been_stands_until_its_scenario_is_over() {
    let (a, b, c) = (
        booking("a", "one", 9),
        booking("b", "one", 9),
        booking("c", "two", 9),
    );
    let over = |standing: Vec<MayStand>| JournalEntry::Over {
        scenario: "one".to_owned(),
        standing,
    };
    let left = |entries: Vec<JournalEntry>| {
        let left = standing(entries.into_iter(), |one| one.start_sec < 5);
        left.into_iter()
            .map(|one| (one.idempotency_token, one.booking_id))
            .collect::<Vec<_>>()
    };
    let known = |token: &str, id: Option<&str>| (token.to_owned(), id.map(ToOwned::to_owned));
    let begun = || vec![making(0, &a), made(0), making(1, &b), making(2, &c)];
    assert_eq!(
        left(begun()),
        [known("a", Some("b0")), known("b", None), known("c", None)]
    );
    let refused = [begun(), vec![JournalEntry::Nothing { number: 1 }]].concat();
    assert_eq!(left(refused), [known("a", Some("b0")), known("c", None)]);
    assert_eq!(
        left([begun(), vec![over(Vec::new())]].concat()),
        [known("c", None)]
    );
    let kept = [begun(), vec![over(vec![b.clone()])]].concat();
    assert_eq!(left(kept), [known("b", None), known("c", None)]);
    let past = booking("d", "two", 4);
    assert_eq!(left(vec![making(0, &past), made(0)]), []);
    assert_eq!(left(vec![making(0, &a), making(1, &a)]), [known("a", None)]);
}

fn place(folder: &Path, base_url: &str) -> Place {
    Place::new(Some(&folder.join("c.toml")), "staging", base_url)
}

#[tokio::test]
async fn a_run_that_is_under_way_keeps_its_journal_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), "http://a");
    let (journal, never) = (place.journal(), place.journal());
    let far = jiff::Timestamp::now().as_second() + 9_999;
    journal.keep(making(0, &booking("a", "one", far))).await;
    assert_eq!(place.left(0).len(), 0, "its run is under way");
    drop(journal);
    never
        .keep(JournalEntry::Over {
            scenario: "x".into(),
            standing: Vec::new(),
        })
        .await;
    let left = place.left(0);
    assert_eq!(left.len(), 1, "a run that makes nothing leaves no file");
    assert_eq!(left[0].standing[0].idempotency_token, "a");
    let other = self::place(folder.path(), "http://other");
    assert_eq!(other.left(0).len(), 0, "another server has nothing of this");
}

#[tokio::test]
async fn what_cannot_be_taken_back_stays_and_the_rest_goes() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), "http://a");
    let journal = place.journal();
    let far = jiff::Timestamp::now().as_second() + 9_999;
    let (a, b) = (booking("a", "one", far), booking("b", "two", far));
    for (number, what) in (0..).zip([&a, &b]) {
        journal.keep(making(number, what)).await;
    }
    drop(journal);
    let left = place.left(0).remove(0);
    assert_eq!(left.standing.len(), 2);
    left.close(std::slice::from_ref(&b)).unwrap();
    let left = place.left(0).remove(0);
    assert_eq!(left.standing, [b]);
    left.close(&[]).unwrap();
    assert!(place.left(0).is_empty());
}

#[tokio::test]
async fn what_was_taken_back_is_known_for_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), "http://a");
    let now = jiff::Timestamp::now().as_second();
    let (a, b, c) = (
        booking("a", "one", now + 9_999),
        booking("b", "two", now + 9_999),
        booking("c", "three", now + 9_999),
    );
    let killed = place.journal();
    for (number, what) in (0..).zip([&a, &b]) {
        killed.keep(making(number, what)).await;
        killed.keep(made(number)).await;
    }
    drop(killed);
    let finished = place.journal();
    finished.keep(making(0, &c)).await;
    let tokens = |now| {
        let all = place.known(now).into_iter();
        let mut all: Vec<_> = all.map(|one| one.idempotency_token).collect();
        all.sort();
        all.dedup();
        all
    };
    assert!(tokens(now).is_empty(), "nothing of them is over");
    assert_eq!(finished.finish(false), None);
    assert_eq!(tokens(now), ["c"]);
    place.left(now).remove(0).close(std::slice::from_ref(&b)).unwrap();
    place.left(now).remove(0).close(&[]).unwrap();
    assert_eq!(
        tokens(now),
        ["a", "b", "c"],
        "what stood in between is known, too"
    );
    let other = self::place(folder.path(), "http://b");
    assert!(other.known(now).is_empty(), "of another partner");
    assert!(tokens(now + 3_700).is_empty());
    assert!(
        !folder.path().join(".conformance").exists(),
        "what is too old goes, and its folder"
    );
}

#[tokio::test]
async fn half_a_line_at_the_end_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), "http://a");
    let journal = place.journal();
    let far = jiff::Timestamp::now().as_second() + 9_999;
    journal.keep(making(0, &booking("a", "one", far))).await;
    let path = journal.0.lock().unwrap().path.clone();
    drop(journal);
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"making\":{\"number\":1,");
    std::fs::write(&path, text).unwrap();
    assert_eq!(place.left(0)[0].standing.len(), 1);
}

#[test]
fn all_that_was_made_is_known_whatever_became_of_it() {
    let (a, b, past) = (
        booking("a", "one", 9),
        booking("b", "one", 9),
        booking("c", "two", 4),
    );
    let over = JournalEntry::Over {
        scenario: "one".to_owned(),
        standing: Vec::new(),
    };
    let entries = vec![
        making(0, &a),
        made(0),
        making(1, &b),
        JournalEntry::Nothing { number: 1 },
        over,
        making(2, &past),
    ];
    let known: Vec<_> = super::made(entries.into_iter())
        .into_iter()
        .map(|one| (one.idempotency_token, one.booking_id))
        .collect();
    let expected = [("a".to_owned(), Some("b0".to_owned())), ("c".to_owned(), None)];
    assert_eq!(known, expected);
}
