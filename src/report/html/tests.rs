//! The page as a whole.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::sample::{ODD, Sample};

fn page() -> String {
    let sample = Sample::new();
    let material = Material {
        report: &sample.report,
        facts: &sample.facts,
        drifts: &sample.drifts,
        artefact: None,
    };
    Html.render(&material).unwrap()
}

#[test]
fn nothing_in_the_page_comes_from_elsewhere_and_only_its_own_script_runs() {
    let page = page();
    for word in [
        " src=",
        "@import",
        "url(",
        "<link",
        "<iframe",
        "<img",
        " style=",
        " onclick=",
        "javascript:",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    let policy = page.split("content=\"default-src 'none'; ").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap();
    assert!(!policy.contains("unsafe"), "{policy}");
    for (name, text) in [("style", STYLE), ("script", SCRIPT)] {
        let inside = page.split_once(&format!("<{name}>")).unwrap().1;
        let inside = inside.split_once(&format!("</{name}>")).unwrap().0;
        assert_eq!(inside, text, "what is in the page is what its digest is of");
        assert!(policy.contains(&digest(inside)), "{name}: {policy}");
        assert_eq!(page.matches(&format!("<{name}")).count(), 1);
    }
}

#[test]
fn what_a_stranger_sent_is_text() {
    let page = page();
    assert!(ODD.contains("<x a=\"1\">"));
    assert!(!page.contains("<x a") && page.contains("&lt;x a="));
    assert!(!page.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{feff}']));
}

#[test]
fn every_link_into_the_page_leads_somewhere_and_no_id_is_given_twice() {
    let page = page();
    let values = |before: &str| -> Vec<String> {
        page.split(before)
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let ids = values(" id=\"");
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    for link in values("href=\"#") {
        assert!(ids.contains(&link), "#{link}");
    }
}

#[test]
fn only_what_has_a_history_is_said_to_have_run() {
    let sample = Sample::new();
    let ran = sample.facts.recorded.transcripts.len();
    assert!(
        ran < sample.report.scenarios.len(),
        "the sample leaves scenarios out"
    );
    assert!(page().contains(&format!("scenarios tried: {ran};")));
}

#[test]
fn a_reason_is_told_once_and_a_sentence_is_no_json() {
    use outcome::{ExitReason, ReasonKind};
    let mut sample = Sample::new();
    let reasons = [
        (
            ReasonKind::Violated,
            "violations, in scenarios and in the run as a whole: 114",
        ),
        (
            ReasonKind::LeftStanding,
            "made by the run, and may stand at the partner: 3",
        ),
        (ReasonKind::ReportLost, "the disk is full"),
    ];
    sample.report.exit_reasons = reasons.map(|(kind, words)| ExitReason::new(kind, words)).to_vec();
    for cause in &mut sample.report.findings_by_cause {
        cause.example.expected = "\"b-1\" or no value".into();
        cause.example.actual = "2".into();
    }
    let material = Material {
        report: &sample.report,
        facts: &sample.facts,
        drifts: &sample.drifts,
        artefact: None,
    };
    let page = Html.render(&material).unwrap();
    for text in [
        "<li>violations, in scenarios and in the run as a whole: 114</li>",
        "<li>bookings made by the run, and may stand at the partner: 3</li>",
        "<li>a report could not be kept: the disk is full</li>",
        ">&quot;b-1&quot; or no value<",
        ">&quot;2&quot;<",
    ] {
        assert!(page.contains(text), "{text}");
    }
}
