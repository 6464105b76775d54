//! `[[waiver]]` and `[[skip]]`, right and wrong.

use super::super::Waiver;
use super::accepted::full;
use super::{load_text, placed, problems::check};
use catalogue::RequirementId;
use jiff::civil::date;

#[test]
fn a_waiver_covers_its_requirement_until_its_day_is_over() {
    let waiver: &Waiver = &full().waivers[0];
    let id = RequirementId::parse("BS-LIST-04").unwrap();
    assert!(waiver.covers(id, Some("lifecycle/list")));
    assert!(!waiver.covers(id, Some("lifecycle/deeper/list")) && !waiver.covers(id, Some("deposit/list")));
    assert!(
        !waiver.covers(id, None),
        "it names scenarios, and not the run as a whole"
    );
    let other = RequirementId::parse("PAY-COM-10").unwrap();
    assert!(!waiver.covers(other, Some("lifecycle/list")));
    assert!(!waiver.is_expired(date(2026, 12, 15)));
    assert!(waiver.is_expired(date(2026, 12, 16)));
}

#[test]
fn an_id_that_no_requirement_has_is_kept_with_its_line() {
    let text =
        "\n[[waiver]]\nrequirement = \"BS-LIST-O4\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-15\n";
    let config = load_text(text).unwrap();
    let waiver = &config.waivers[0];
    assert_eq!((waiver.id.as_str(), waiver.requirement), ("BS-LIST-O4", None));
    assert!(!waiver.covers(RequirementId::parse("BS-LIST-04").unwrap(), None));
    let places = &waiver.places;
    assert!(places.requirement.to_string().ends_with("conformance.toml:3"));
    assert!(places.expires.to_string().ends_with("conformance.toml:6") && places.scenario.is_none());
}

#[test]
fn a_skip_has_its_scenarios_reason_and_line() {
    let skip = &full().skips[0];
    assert!(skip.scenario.is_match("deposit/refund") && !skip.scenario.is_match("lifecycle/list"));
    assert_eq!(skip.reason, "no deposits on staging");
    assert!(
        skip.place.to_string().ends_with("conformance.toml:53"),
        "{}",
        skip.place
    );
}

#[test]
fn waivers() {
    let waiver = |requirement: &str, rest: &str| {
        format!("[[waiver]]\nrequirement = \"{requirement}\"\nreason = \"r\"\n{rest}")
    };
    let cases = [
        (
            waiver("BS-LIST-04", "owner = \" \"\nexpires = 2026-12-15"),
            "4:9 `waiver[0].owner` is empty",
        ),
        (
            waiver("BS-LIST-04", "owner = \"o\"\nexpires = \"\""),
            "5:11 `waiver[0].expires` is empty",
        ),
        (
            waiver("BS-LIST-04", "expires = 2026-12-15"),
            "1:1 `waiver[0].owner` is missing",
        ),
        (
            waiver("BS-LIST-04", "owner = \"o\""),
            "1:1 `waiver[0].expires` is missing",
        ),
        (
            waiver("BS-LIST-04", "owner = \"o\"\nexpires = \"2026-12-15\""),
            "5:11 `waiver[0].expires` must be a date, not text",
        ),
        (
            waiver("BS-LIST-04", "owner = \"o\"\nexpires = 2026-12-15T00:00:00Z"),
            "5:11 `waiver[0].expires` must be a day without a time",
        ),
        (
            waiver(
                "BS-LIST-04",
                "owner = \"o\"\nexpires = 2026-12-15\nscenario = \"a[\"",
            ),
            "6:12 `waiver[0].scenario` is no glob: unclosed character class; missing ']'",
        ),
        (
            "[[waiver]]\nrequirement = \"BS-LIST-04\"\nowner = \"o\"\nexpires = 2026-12-15".to_owned(),
            "1:1 `waiver[0].reason` is missing",
        ),
    ];
    for (text, expected) in cases {
        let errors = load_text(&text).expect_err(&text);
        assert_eq!(
            errors.problems().iter().map(placed).collect::<Vec<_>>(),
            [expected]
        );
    }
}

#[test]
fn skips() {
    check(&[
        (
            "[[skip]]\nreason = \"r\"",
            "1:1 `skip[0].scenario` is missing",
            "deposit/**",
        ),
        (
            "[[skip]]\nscenario = \"deposit/**\"",
            "1:1 `skip[0].reason` is missing",
            "say why",
        ),
        (
            "[[skip]]\nscenario = \"deposit/**\"\nreason = \"\"",
            "3:10 `skip[0].reason` is empty",
            "say why",
        ),
        (
            "[[skip]]\nscenario = \"a[\"\nreason = \"r\"",
            "2:12 `skip[0].scenario` is no glob: unclosed character class; missing ']'",
            "deposit/**",
        ),
        (
            "[skip]\nreason = \"r\"",
            "1:1 `skip` must be a list, not a table",
            "[[skip]]",
        ),
    ]);
}
