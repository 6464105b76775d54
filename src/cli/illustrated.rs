//! The accepted and the rejected exchange of a requirement, for people.

use super::markdown::plain;
use catalogue::Illustration;
use std::fmt::Write as _;

/// Below the fields of `explain`, in their columns.
pub(super) fn text(shown: &Illustration) -> String {
    let mut text = String::new();
    for (name, about, messages) in parts(shown) {
        let _ = writeln!(text, "  {name:<10}{about}");
        for line in messages.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    for (name, value) in finding(shown) {
        let _ = writeln!(text, "  {name:<10}{value}");
    }
    text
}

/// For a page: folded, since a page has hundreds of them.
pub(super) fn markdown(shown: &Illustration) -> String {
    let mut text = String::from("\n<details><summary>accepted and rejected</summary>\n");
    for (name, about, messages) in parts(shown) {
        let _ = write!(
            text,
            "\n**{name}**: {}\n\n```text\n{messages}\n```\n",
            plain(&about)
        );
    }
    text.push('\n');
    for (name, value) in finding(shown) {
        let _ = writeln!(text, "* {name}: {}", plain(&value));
    }
    text.push_str("\n</details>\n");
    text
}

fn parts(shown: &Illustration) -> [(&'static str, String, &str); 2] {
    let place = shown.scenario.as_ref().map(|scenario| format!("in {scenario}"));
    let right = place.unwrap_or_else(|| "nothing is wrong here".to_owned());
    [
        ("accepted", right, &shown.accepted),
        ("rejected", shown.server.clone(), &shown.rejected),
    ]
}

/// What is said of the rejected one.
fn finding(shown: &Illustration) -> Vec<(&'static str, String)> {
    let mut fields = vec![("finding", shown.finding.clone())];
    fields.extend(shown.expected.clone().map(|value| ("expected", value)));
    let at = shown.place.as_ref().map(|place| format!("at {place}"));
    let actual = [shown.actual.clone(), at]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    fields.extend((!actual.is_empty()).then(|| ("actual", actual.join("   "))));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Illustration {
        Illustration {
            id: "A-1".into(),
            scenario: Some("wire/paths".into()),
            server: "Status has <another> name.".into(),
            finding: "the status is unknown".into(),
            place: Some("/status".into()),
            expected: Some("CONFIRMED".into()),
            actual: Some("BOOKED".into()),
            accepted: "HTTP 200\n  {\"status\": \"CONFIRMED\"}".into(),
            rejected: "HTTP 200\n  {\"status\": \"BOOKED\"}".into(),
        }
    }

    #[test]
    fn both_stand_under_their_names_and_the_finding_last() {
        assert_eq!(
            text(&shown()),
            "  accepted  in wire/paths\n    HTTP 200\n      {\"status\": \"CONFIRMED\"}\n  rejected  Status has <another> name.\n    HTTP 200\n      \
             {\"status\": \"BOOKED\"}\n  finding   the status is unknown\n  expected  CONFIRMED\n  actual    BOOKED   at /status\n"
        );
    }

    #[test]
    fn a_page_has_no_tags_of_the_server() {
        let page = markdown(&shown());
        assert!(
            page.contains("**rejected**: Status has \\<another\\> name."),
            "{page}"
        );
        assert!(
            page.contains("```text\nHTTP 200\n  {\"status\": \"BOOKED\"}\n```"),
            "{page}"
        );
    }
}
