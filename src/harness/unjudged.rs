//! Why a requirement was not judged.

use super::verdict::is_judged;
use catalogue::{RequirementId, catalogue};
use outcome::{ScenarioReport, Verdict};
use rules::rules_for;

/// The reason, for a person: what a scenario says, else what would have to occur; none of what was judged.
pub(super) fn why_open(id: RequirementId, verdict: Verdict, scenarios: &[ScenarioReport]) -> Option<String> {
    if is_judged(verdict) {
        return None;
    }
    let in_it = |scenario: &&ScenarioReport| {
        let mut judged = scenario.judged.iter();
        judged.any(|one| one.requirement == id && one.verdict == verdict)
    };
    let mut own = scenarios.iter().filter(in_it).peekable();
    let any = own.peek().map(|scenario| scenario.id.clone());
    let told = own.find_map(|scenario| Some(format!("in {}: {}", scenario.id, scenario.reason.as_ref()?)));
    Some(told.unwrap_or_else(|| match (verdict, any) {
        (Verdict::NotApplicable, _) => not_applicable(id),
        (_, Some(scenario)) => format!("in {scenario}: what it is about did not occur"),
        _ => no_occasion(id),
    }))
}

fn not_applicable(id: RequirementId) -> String {
    catalogue().row(id).capability.as_ref().map_or_else(
        || "nothing of what the target can do or shows is about it".to_owned(),
        |needed| format!("needs {needed}, which neither config nor feeds have"),
    )
}

/// What a rule judges by comes of itself, or not.
fn no_occasion(id: RequirementId) -> String {
    let manual = rules_for(id).map(|rule| rule.manual).next();
    match manual.map(first_sentence) {
        Some(sentence) => format!("nothing in this run showed it: {sentence}"),
        None => "no scenario that ran judges it".to_owned(),
    }
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use outcome::{Judged, SnapshotStatus};

    const ID: RequirementId = RequirementId::declared("INV-01");

    fn scenario(verdict: Verdict, reason: Option<&str>) -> ScenarioReport {
        ScenarioReport {
            id: "a/b".into(),
            title: String::new(),
            verdict,
            reason: reason.map(ToOwned::to_owned),
            not_now: false,
            duration_ms: 0,
            waits_ms: 0,
            snapshot: SnapshotStatus::None,
            findings: Vec::new(),
            judged: vec![Judged {
                requirement: ID,
                verdict,
            }],
        }
    }

    #[test]
    fn a_scenario_says_why_and_else_the_rule_what_it_is_about() {
        let why = |verdict, scenarios: &[ScenarioReport]| why_open(ID, verdict, scenarios);
        let told = [scenario(Verdict::Inconclusive, Some("nothing came"))];
        let words = why(Verdict::Inconclusive, &told);
        assert_eq!(words.as_deref(), Some("in a/b: nothing came"));
        assert_eq!(why(Verdict::Pass, &[scenario(Verdict::Pass, None)]), None);
        let words = why(Verdict::NotRun, &[]).unwrap_or_default();
        assert!(words.starts_with("nothing in this run showed it: "), "{words}");
        let words = why(Verdict::NotApplicable, &[]).unwrap_or_default();
        assert!(words.contains("availability_rtu"), "{words}");
    }
}
