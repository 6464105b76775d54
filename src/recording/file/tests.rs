#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;
use crate::{ComparedSnapshots, Login, Places, PlanFacts, Repeat, SessionFacts, TargetFacts};
use outcome::TargetReport;

fn facts() -> RunFacts {
    RunFacts {
        plan: PlanFacts::default(),
        target: TargetFacts {
            about: TargetReport {
                name: "staging".into(),
                kind: "url".into(),
                base_url: "https://host.example".into(),
            },
            partner_id: "1".into(),
            sends_inventory: None,
            has_published_token: false,
            login: Login::default(),
            slots: Vec::new(),
            whole: std::collections::BTreeSet::new(),
            offer: rules::Offer::default(),
            problems: Vec::new(),
            waivers: Vec::new(),
        },
        session: SessionFacts::default(),
        repeat: Repeat::default(),
        places: Places::default(),
        snapshots: ComparedSnapshots::default(),
        recorded: engine::Recording {
            broken: vec!["a \u{1b}[2J\u{202e} mistake".into()],
            ..engine::Recording::default()
        },
    }
}

/// A text as a run signs it, whose conclusion is not looked at here.
fn signed() -> String {
    let written = serde_json::json!({ "format": FORMAT, "kind": KIND, "report": { "format": 2 }, "drifts": [],
        "facts": facts(), "digest": "" });
    sign(in_json(written.to_string())) + "\n"
}

fn read_bytes(bytes: &[u8]) -> Result<RunRecording, RecordingError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.cfr");
    std::fs::write(&file, bytes).unwrap();
    read(&file)
}

fn refusal(bytes: &[u8]) -> String {
    let error = read_bytes(bytes).unwrap_err();
    format!("{error} ({})", error.help().unwrap())
}

#[test]
fn what_was_packed_is_read_and_so_is_the_plain_text() {
    for bytes in [pack(&signed()), signed().into_bytes()] {
        let recording = read_bytes(&bytes).unwrap();
        let (read, due) = (
            serde_json::to_value(recording.facts),
            serde_json::to_value(facts()),
        );
        assert_eq!(read.unwrap(), due.unwrap());
        assert_eq!(recording.drifts, []);
    }
    assert_eq!(pack(&signed()), pack(&signed()), "equal texts, equal bytes");
}

#[test]
fn every_damaged_byte_is_noticed() {
    let whole = pack(&signed());
    // The head of a gzip file has a time and a system, which say nothing of the text.
    for at in (10..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let words = refusal(&bytes);
        assert!(
            words.contains("is damaged") && words.contains("copy it again"),
            "{at}: {words}"
        );
    }
    for length in [whole.len() - 1, whole.len() / 2, 12] {
        assert!(refusal(&whole[..length]).contains("is damaged"), "{length}");
    }
}

#[test]
fn a_text_that_somebody_changed_is_noticed() {
    let changed = signed().replacen("staging", "stagin9", 1);
    assert!(refusal(&pack(&changed)).contains("its text is not the one"));
    let unsigned = signed().replacen("\"digest\":\"", "\"digest\":\"0", 1);
    assert!(refusal(&pack(&unsigned)).contains("its text is not the one"));
}

#[test]
fn other_formats_are_refused_with_the_next_step() {
    let old = refusal(br#"{ "format": 1, "tool": {}, "transcripts": [], "digest": "" }"#);
    assert!(
        old.contains("has format 1") && old.contains("run again with --report recording=run.cfr"),
        "{old}"
    );
    let later = refusal(&pack(r#"{ "format": 3, "kind": "recording" }"#));
    assert!(
        later.contains("has format 3") && later.contains("or a later one"),
        "{later}"
    );
    let report = refusal(br#"{ "format": 2, "tool": {}, "scenarios": [], "verdict": "conformant" }"#);
    assert!(
        report.contains("is no recording") && report.contains("run.json"),
        "{report}"
    );
    let none = refusal(br#"{ "format": 2, "verdict": "not_run", "reason": "no filter matches" }"#);
    assert!(none.contains("holds no run: no filter matches"), "{none}");
    assert!(refusal(b"PK\x03\x04 zip").contains("neither packed by gzip nor JSON"));
}

#[test]
fn what_is_inside_keeps_to_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(crate::SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut text: serde_json::Value = serde_json::from_str(&signed()).unwrap();
    text["tool"] = serde_json::json!({ "name": "conformance", "version": "0" });
    text["requirement_set"] = serde_json::json!({ "id": "x", "digest": "y" });
    text["started_at"] = "2026-11-30T05:00:00Z".into();
    text["report"] = serde_json::json!({ "format": 2, "verdict": "conformant", "exit_code": 0, "scenarios": [],
        "requirements": [], "findings": [] });
    let wrong: Vec<_> = schema.iter_errors(&text).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
    for pointer in [
        "/facts/recorded/transcripts",
        "/facts/target/offer",
        "/facts/plan/files",
        "/digest",
    ] {
        let mut lacking = text.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        lacking
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(name);
        assert!(!schema.is_valid(&lacking), "{pointer} may be missing");
    }
    let mut more = text.clone();
    more["facts"]["extra"] = true.into();
    assert!(!schema.is_valid(&more), "an unknown field is taken");
}
