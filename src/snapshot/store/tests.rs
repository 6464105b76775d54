#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

const TEXT: &str = "---\nsource: s\ndescription: d\ninfo:\n  slots: {}\n---\n> GET /v3/HealthCheck\n< 200\n";

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("staging"), Some(vec![("basic/health", TEXT)]));
    (folder, store)
}

#[test]
fn a_snapshot_goes_from_pending_to_accepted() {
    let (_folder, store) = store();
    store.write_pending("deposit/refund", TEXT).unwrap();
    store
        .write_pending("deposit/refund", &TEXT.replace("200", "204"))
        .unwrap();
    assert_eq!(store.load("deposit/refund").unwrap(), None);
    assert_eq!(store.pending().unwrap(), ["deposit/refund"]);
    store.accept("deposit/refund").unwrap();
    assert_eq!(
        store.load("deposit/refund").unwrap().unwrap().body,
        "> GET /v3/HealthCheck\n< 204"
    );
    assert!(store.pending().unwrap().is_empty());
}

#[test]
fn a_rejected_snapshot_is_gone() {
    let (_folder, store) = store();
    store.write_pending("a", TEXT).unwrap();
    store.reject("a").unwrap();
    assert!(matches!(store.reject("a"), Err(StoreError::NotPending { .. })));
    assert!(matches!(store.accept("a"), Err(StoreError::NotPending { .. })));
}

#[test]
fn the_folder_outranks_the_bundle() {
    let (_folder, store) = store();
    assert_eq!(
        store.load("basic/health").unwrap().unwrap().body,
        "> GET /v3/HealthCheck\n< 200"
    );
    store
        .write_pending("basic/health", &TEXT.replace("200", "500"))
        .unwrap();
    store.accept("basic/health").unwrap();
    assert_eq!(
        store.load("basic/health").unwrap().unwrap().body,
        "> GET /v3/HealthCheck\n< 500"
    );
}

#[test]
fn what_belongs_to_no_scenario_is_obsolete() {
    let (_folder, store) = store();
    for id in ["a/known", "a/gone"] {
        store.write_pending(id, TEXT).unwrap();
        store.accept(id).unwrap();
    }
    store.write_pending("a/new", TEXT).unwrap();
    assert_eq!(store.obsolete(["a/known", "a/other"]).unwrap(), ["a/gone"]);
}

#[test]
fn an_id_never_leaves_the_folder() {
    let (folder, store) = store();
    for id in [
        "../x",
        "a/../../x",
        "/etc/x",
        "a//b",
        "",
        ".hidden",
        "c:\\x",
        "a/b\0",
    ] {
        assert!(
            matches!(store.write_pending(id, TEXT), Err(StoreError::BadId { .. })),
            "{id}"
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_damaged_snapshot_names_its_file() {
    let (_folder, store) = store();
    store.write_pending("a/b", "<<<<<<< ours").unwrap();
    store.accept("a/b").unwrap();
    assert!(matches!(store.load("a/b"), Err(StoreError::Form { place, .. }) if place.ends_with("b.snap")));
}

#[test]
fn what_was_there_comes_back_byte_for_byte() {
    let (_folder, store) = store();
    store.write_pending("a", TEXT).unwrap();
    store.accept("a").unwrap();
    store.write_pending("a", &TEXT.replace('\n', "\r\n")).unwrap();
    let before = store.files("a").unwrap();
    store.accept("a").unwrap();
    assert_ne!(store.files("a").unwrap(), before);
    store.restore("a", &before).unwrap();
    assert_eq!(store.files("a").unwrap(), before);
    let never = store.files("b").unwrap();
    store.write_pending("b", TEXT).unwrap();
    store.restore("b", &never).unwrap();
    assert_eq!(store.pending().unwrap(), ["a"]);
}

#[test]
fn a_snapshot_that_waits_says_whether_its_scenario_fails() {
    let (_folder, store) = store();
    let marked = TEXT.replace(
        "  slots: {}",
        "  slots: {}\n  judged:\n    verdict: \"fail\"\n    violated:\n      - \"BS-HEALTH-01\"",
    );
    store.write_pending("basic/health", &marked).unwrap();
    store.write_pending("new/one", TEXT).unwrap();
    let waiting = store.waiting().unwrap();
    assert_eq!(waiting[0].judged.as_ref().unwrap().words(), "fails BS-HEALTH-01");
    assert!(!waiting[0].is_new && waiting[1].is_new && waiting[1].judged.is_none());
}
