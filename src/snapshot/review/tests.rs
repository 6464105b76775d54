#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

/// A snapshot of a booking whose answer has these fields, of a scenario that fails if a requirement is named.
fn text(fields: &str, violated: Option<&str>) -> String {
    let judged =
        violated.map(|id| format!("  judged:\n    verdict: \"fail\"\n    violated:\n      - \"{id}\"\n"));
    format!(
        "---\nsource: s\ndescription: the title\ninfo:\n  slots: {{}}\n{}---\n> POST /v3/CreateBooking\nslot: 1\n< 200\n{fields}\n\
         # clean-up\n> POST /v3/UpdateBooking\nstatus: CANCELED\n< 200\nstatus: CANCELED\n",
        judged.unwrap_or_default()
    )
}

/// Snapshots that were accepted with `a: 1`, and wait with other fields.
fn store(changes: &[(&str, &str, Option<&str>)]) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path(), None);
    for (id, fields, violated) in changes {
        store.write_pending(id, &text("a: 1", None)).unwrap();
        store.accept(id).unwrap();
        store.write_pending(id, &text(fields, *violated)).unwrap();
    }
    (folder, store)
}

fn review<'s>(store: &'s Store, obsolete: &[&str]) -> Review<'s> {
    let obsolete = obsolete.iter().map(ToString::to_string).collect();
    Review::new(store, &store.pending().unwrap(), obsolete).unwrap()
}

fn ids(group: &Group) -> Vec<&str> {
    group.members.iter().map(|member| member.id.as_str()).collect()
}

#[test]
fn each_item_is_decided_on_its_own() {
    let (_folder, store) = store(&[("a", "a: 2", None), ("b", "a: 3", None), ("c", "a: 4", None)]);
    let mut review = review(&store, &[]);
    assert_eq!(review.position(), (1, 3));
    for decision in [Decision::Accept, Decision::Reject, Decision::Skip, Decision::Skip] {
        review.apply(decision).unwrap();
    }
    assert_eq!(review.current(), None);
    let expected = Tally {
        accepted: vec!["a".into()],
        rejected: vec!["b".into()],
        skipped: vec!["c".into()],
        deleted: Vec::new(),
    };
    assert_eq!(review.tally(), &expected);
    assert_eq!(store.pending().unwrap(), ["c"]);
}

#[test]
fn the_same_change_is_asked_once() {
    let (_folder, store) = store(&[
        ("a", "a: 2", None),
        ("b", "a: 3", None),
        ("c", "a: 2", None),
        ("d", "a: 2", Some("BS-GEN-01")),
    ]);
    let mut review = review(&store, &[]);
    let first = review.current().unwrap();
    assert_eq!(ids(&first), ["a", "c"]);
    assert_eq!(
        (first.kind, first.members[0].title.as_str()),
        (Kind::Changed, "the title")
    );
    assert_eq!(first.diff[0].text, "@@ CreateBooking answer @@");
    assert_eq!(first.also_in, ["d"], "one that fails is never accepted along");
    assert_eq!(review.position(), (1, 3));
    assert_eq!(review.apply(Decision::Accept).unwrap(), Vec::<String>::new());
    assert_eq!(store.pending().unwrap(), ["b", "d"]);
    review.apply(Decision::Skip).unwrap();
    let last = review.current().unwrap();
    assert_eq!(last.judged.as_ref().unwrap().words(), "fails BS-GEN-01");
    assert!(
        !last.diff.is_empty(),
        "what was accepted elsewhere is shown where a scenario fails"
    );
    assert_eq!(review.position(), (3, 3));
}

#[test]
fn what_holds_accepted_changes_alone_is_accepted_along() {
    let both = |text: &str| text.replace("< 200\nstatus: CANCELED", "< 204\nstatus: CANCELED");
    let (_folder, store) = store(&[("a", "a: 2", None), ("b", "a: 1", None), ("c", "a: 2", None)]);
    store.write_pending("b", &both(&text("a: 1", None))).unwrap();
    store.write_pending("c", &both(&text("a: 2", None))).unwrap();
    let mut review = review(&store, &[]);
    assert_eq!(review.position(), (1, 3));
    let first = review.current().unwrap();
    assert_eq!(
        (ids(&first), first.also_in.as_slice()),
        (vec!["a"], &["c".to_owned()][..])
    );
    review.apply(Decision::Accept).unwrap();
    assert_eq!(review.position(), (2, 2), "c has one change left, that of b");
    let second = review.current().unwrap();
    assert_eq!(ids(&second), ["b", "c"]);
    review.apply(Decision::Accept).unwrap();
    assert_eq!(review.tally().accepted, ["a", "b", "c"]);
    assert!(review.undo().unwrap() && review.undo().unwrap() && !review.undo().unwrap());
    assert_eq!(store.pending().unwrap(), ["a", "b", "c"]);
    assert_eq!(review.tally(), &Tally::default());
}

#[test]
fn a_change_whose_parts_were_accepted_apart_is_not_asked_again() {
    let answered = |text: String| text.replace("< 200\nstatus: CANCELED", "< 204\nstatus: CANCELED");
    let (_folder, store) = store(&[
        ("a", "a: 2", None),
        ("b", "a: 1", None),
        ("z", "a: 2", None),
        ("y", "x", None),
    ]);
    store.reject("y").unwrap();
    store.write_pending("b", &answered(text("a: 1", None))).unwrap();
    store.write_pending("z", &answered(text("a: 2", None))).unwrap();
    let mut review = review(&store, &[]);
    review.apply(Decision::Skip).unwrap();
    assert_eq!(
        ids(&review.current().unwrap()),
        ["b"],
        "what was skipped decides nothing"
    );
    review.undo().unwrap();
    review.apply(Decision::AcceptAll).unwrap();
    assert_eq!(review.current(), None);
    assert!(store.pending().unwrap().is_empty());
}

#[test]
fn accepting_the_rest_leaves_out_what_fails_and_what_is_obsolete() {
    let (_folder, store) = store(&[
        ("a", "a: 2", None),
        ("b", "a: 3", Some("BS-GEN-01")),
        ("gone", "a: 9", None),
    ]);
    store.reject("gone").unwrap();
    let mut review = review(&store, &["gone"]);
    assert_eq!(review.position(), (1, 3));
    review.apply(Decision::AcceptAll).unwrap();
    assert_eq!(ids(&review.current().unwrap()), ["b"]);
    review.apply(Decision::AcceptAll).unwrap();
    let last = review.current().unwrap();
    assert_eq!((last.kind, ids(&last)), (Kind::Obsolete, vec!["gone"]));
    review.apply(Decision::RejectAll).unwrap();
    assert!(
        store.load("gone").unwrap().is_some(),
        "to reject a deletion is to keep"
    );
    review.undo().unwrap();
    review.apply(Decision::Accept).unwrap();
    assert_eq!(store.load("gone").unwrap(), None);
    assert_eq!(
        (review.tally().deleted.as_slice(), review.current()),
        (&["gone".to_owned()][..], None)
    );
    review.undo().unwrap();
    assert!(store.load("gone").unwrap().is_some());
}

#[test]
fn one_decision_can_settle_the_rest() {
    let (_folder, store) = store(&[("a", "a: 2", None), ("b", "a: 3", None), ("c", "a: 4", None)]);
    let mut review = review(&store, &[]);
    review.apply(Decision::Skip).unwrap();
    review.apply(Decision::AcceptAll).unwrap();
    assert_eq!(review.tally().accepted, ["b", "c"]);
    review.undo().unwrap();
    review.apply(Decision::RejectAll).unwrap();
    assert_eq!(review.tally().rejected, ["b", "c"]);
}

#[test]
fn an_undone_decision_leaves_the_files_as_they_were() {
    let (_folder, store) = store(&[("a", "a: 2", None)]);
    store.write_pending("new", &text("a: 5", None)).unwrap();
    let before = ["a", "new"].map(|id| store.files(id).unwrap());
    let mut review = review(&store, &[]);
    for decision in [Decision::AcceptAll, Decision::RejectAll, Decision::Accept] {
        review.apply(decision).unwrap();
        assert_ne!(store.files("a").unwrap(), before[0]);
        assert!(review.undo().unwrap());
        assert_eq!(["a", "new"].map(|id| store.files(id).unwrap()), before);
    }
    assert_eq!(review.position(), (1, 2));
}

#[test]
fn a_refused_decision_leaves_everything_in_place() {
    let (_folder, store) = store(&[("a", "a: 2", None), ("b", "a: 2", None)]);
    let mut review = review(&store, &[]);
    store.reject("b").unwrap();
    assert!(review.apply(Decision::Accept).is_err());
    assert_eq!(review.position(), (1, 1));
    assert_eq!(
        (review.tally(), store.pending().unwrap()),
        (&Tally::default(), vec!["a".to_owned()])
    );
}
