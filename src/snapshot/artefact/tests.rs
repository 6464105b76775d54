#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

const ACCEPTED: &str = "> GET /v3/HealthCheck\n< 200";

fn text(status: &str) -> String {
    format!("---\nsource: s\ndescription: d\ninfo:\n  slots: {{}}\n---\n> GET /v3/HealthCheck\n< {status}\n")
}

fn origin() -> Origin {
    Origin {
        version: "0.1.0".into(),
        target: "staging".into(),
        base_url: "https://host.example".into(),
        started_at: "2026-11-30T05:00:00Z".into(),
        seed: 1,
    }
}

fn drafts() -> Vec<Draft> {
    let draft = |id: &str, text: String, accepted: Option<&str>| Draft {
        id: id.into(),
        text,
        accepted: accepted.map(ToOwned::to_owned),
    };
    let failing = text("500").replace(
        "  slots: {}",
        "  slots: {}\n  judged:\n    verdict: \"fail\"\n    violated: []",
    );
    vec![
        draft("basic/new", text("200"), None),
        draft("basic/changed", text("204"), Some(ACCEPTED)),
        draft("basic/failing", failing, None),
    ]
}

/// An artefact, and the snapshots of somebody who has the accepted ones.
fn written() -> (tempfile::TempDir, PathBuf, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    write_artefact(&path, origin(), &drafts()).unwrap();
    let store = Store::new(folder.path().join("snapshots/staging"), None);
    store.write_pending("basic/changed", &text("200")).unwrap();
    store.accept("basic/changed").unwrap();
    (folder, path, store)
}

fn refused(folder: &Path) -> String {
    Artefact::read(folder).unwrap_err().to_string()
}

#[test]
fn what_a_run_wrote_is_accepted_elsewhere() {
    let (_folder, path, store) = written();
    let artefact = Artefact::read(&path).unwrap();
    assert_eq!(artefact.origin(), &origin());
    let offers = artefact.offers(&store).unwrap();
    let failing: Vec<_> = offers.iter().filter(|(_, mark)| mark.is_some()).collect();
    assert_eq!((offers.len(), failing[0].0), (3, "basic/failing"));
    let ids = ["basic/new", "basic/changed"];
    let taken = artefact.accept_into(&store, &ids).unwrap();
    assert_eq!(taken, ids.map(|id| (id, Taken::Accepted)));
    assert_eq!(
        store.load("basic/changed").unwrap().unwrap().body,
        "> GET /v3/HealthCheck\n< 204"
    );
    assert!(store.pending().unwrap().is_empty());
    let again = artefact.accept_into(&store, &ids).unwrap();
    assert_eq!(again, ids.map(|id| (id, Taken::Already)));
}

#[test]
fn an_earlier_artefact_is_replaced_and_nothing_else() {
    let (folder, path, store) = written();
    let number = || Artefact::read(&path).unwrap().offers(&store).unwrap().len();
    write_artefact(&path, origin(), &drafts()[..1]).unwrap();
    assert_eq!(number(), 1);
    write_artefact(&path, origin(), &[]).unwrap();
    assert_eq!(number(), 0);
    let other = folder.path().join("snapshots");
    assert!(matches!(
        write_artefact(&other, origin(), &[]),
        Err(ArtefactError::Occupied(_))
    ));
}

#[test]
fn what_is_no_artefact_is_refused() {
    let (folder, path, _) = written();
    assert!(refused(&folder.path().join("absent")).contains("holds no snapshots.json"));
    let manifest = path.join(MANIFEST);
    let whole = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, &whole[..whole.len() / 2]).unwrap();
    assert!(refused(&path).contains("is not the manifest of an artefact"));
    fs::write(&manifest, "{\"format\": 1, \"transcripts\": []}").unwrap();
    assert!(refused(&path).contains("is not the manifest of an artefact"));
    fs::write(&manifest, whole.replace("\"format\": 1", "\"format\": 2")).unwrap();
    assert!(refused(&path).contains("it has format 2"));
    fs::write(&manifest, whole.replace("staging", "production")).unwrap();
    assert!(refused(&path).contains("snapshots.json was changed"));
    fs::remove_file(&manifest).unwrap();
    assert!(refused(&path).contains("holds no snapshots.json"));
}

#[test]
fn what_is_lacking_changed_or_added_is_named() {
    let (_folder, path, _) = written();
    let file = path.join("basic/changed.snap.new");
    fs::write(&file, text("200")).unwrap();
    assert!(refused(&path).contains("basic/changed.snap.new was changed"));
    fs::remove_file(&file).unwrap();
    assert!(refused(&path).contains("basic/changed.snap.new is missing"));
    fs::write(&file, text("204")).unwrap();
    assert!(Artefact::read(&path).is_ok());
    fs::write(path.join("basic/foreign.snap.new"), text("200")).unwrap();
    assert!(refused(&path).contains("basic/foreign.snap.new is not in snapshots.json"));
}

#[test]
fn an_id_never_leaves_the_folder() {
    let (folder, path, _) = written();
    let outside = folder.path().join("x.snap.new");
    fs::write(&outside, text("200")).unwrap();
    let mut manifest = Manifest::read(&path).unwrap();
    manifest.snapshots[0] = Entry {
        id: "../x".into(),
        accepted: None,
        digest: digest(&text("200")),
    };
    manifest.digest = String::new();
    manifest.digest = digest(&manifest.text());
    fs::write(path.join(MANIFEST), manifest.text()).unwrap();
    fs::remove_file(path.join("basic/new.snap.new")).unwrap();
    assert!(refused(&path).contains("`../x`"), "{}", refused(&path));
}

#[test]
fn a_change_of_another_accepted_snapshot_is_refused_with_all_others() {
    let (_folder, path, store) = written();
    store.write_pending("basic/changed", &text("201")).unwrap();
    store.accept("basic/changed").unwrap();
    let artefact = Artefact::read(&path).unwrap();
    let refused = artefact.accept_into(&store, &["basic/new", "basic/changed"]);
    assert!(matches!(refused, Err(ArtefactError::Outdated(ids)) if ids == ["basic/changed"]));
    assert_eq!(store.load("basic/new").unwrap(), None, "all or none");
}
