//! The catalogue as `conformance list requirements` shows it.

use catalogue::{Owner, Requirement, RequirementId, catalogue};
use harness::Suite;
use rules::rules_for;
use scenario::{Scenario, Step};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// For programs.
pub(super) fn json(suite: &Suite) -> Value {
    let row = |(row, id): (&Requirement, RequirementId)| {
        json!({ "id": row.id, "aliases": row.aliases, "owner": row.owner, "subject": row.subject, "level": row.level,
            "title": row.title, "source": row.source, "evidence": row.evidence, "capability": row.capability,
            "judged_by": judges(id, suite), "reason": row.reason, "held_by": row.held_by, "set": catalogue().id() })
    };
    rows().map(row).collect()
}

/// For people: by subject, with the counts at the end.
pub(super) fn text(suite: &Suite) -> String {
    let mut text = String::new();
    let mut subject = "";
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (row, id) in rows() {
        if row.subject != subject {
            subject = &row.subject;
            let _ = writeln!(text, "{}{subject}", if text.is_empty() { "" } else { "\n" });
        }
        let judges = judges(id, suite);
        let _ = writeln!(text, "  {id:<16}{:<8}{}", row.level.word(), row.title);
        let _ = writeln!(text, "{:26}{}", "", state(row, &judges));
        *counts.entry(group(row, &judges)).or_default() += 1;
    }
    let groups: Vec<_> = counts
        .iter()
        .map(|(group, count)| format!("{count} {group}"))
        .collect();
    let all: usize = counts.values().sum();
    let _ = writeln!(text, "\n{all} requirements: {}", groups.join(", "));
    for (capability, count) in by_capability(suite) {
        let _ = writeln!(text, "  {count:>4} judged of {capability}");
    }
    let _ = writeln!(
        text,
        "what applies to your server, and what the rest needs: conformance list scenarios"
    );
    let _ = writeln!(text, "set {}, digest {}", catalogue().id(), catalogue().digest());
    text
}

/// How many requirements are judged of servers with a capability, by its name; those of every server last.
fn by_capability(suite: &Suite) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<(bool, String), usize> = BTreeMap::new();
    for (row, _) in rows().filter(|(row, id)| group(row, &judges(*id, suite)) == "judged") {
        let name = row.capability.as_ref().map(|name| format!("servers with {name}"));
        *counts
            .entry((name.is_none(), name.unwrap_or_else(|| "every server".to_owned())))
            .or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((_, name), count)| (name, count))
        .collect()
}

/// The rows of the catalogue, by subject.
pub(super) fn rows() -> impl Iterator<Item = (&'static Requirement, RequirementId)> {
    catalogue()
        .rows()
        .filter_map(|row| Some((row, RequirementId::parse(&row.id)?)))
}

fn state(row: &Requirement, judges: &[String]) -> String {
    match (&row.reason, &row.held_by) {
        (Some(reason), _) => format!("not judged ({}): {}", reason.kind.word(), reason.because),
        (None, Some(held_by)) => format!("Google's own, held by {held_by}"),
        (None, None) if judges.is_empty() => "not judged".to_owned(),
        (None, None) => judges.join(", "),
    }
}

/// What a row counts as.
fn group(row: &Requirement, judges: &[String]) -> String {
    match &row.reason {
        _ if row.owner == Owner::Google => "Google's own".to_owned(),
        Some(reason) => format!("not judged ({})", reason.kind.word()),
        None if judges.is_empty() => format!("not judged ({})", row.level.word()),
        None => "judged".to_owned(),
    }
}

/// The rules and scenarios that judge a requirement.
fn judges(id: RequirementId, suite: &Suite) -> Vec<String> {
    let rules = rules_for(id).map(|rule| rule.name.to_owned());
    let expects = |scenario: &&Scenario| {
        scenario
            .steps
            .iter()
            .flat_map(Step::requirements)
            .any(|one| one == id)
    };
    let scenarios = suite.scenarios().iter().filter(expects);
    rules
        .chain(scenarios.map(|scenario| scenario.id.clone()))
        .collect()
}
