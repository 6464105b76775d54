//! Reading scenario files: all mistakes of all files at once.

use super::file::ScenarioFile;
use super::{Problem, Problems, Scenario, check};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;

/// The text of a scenario file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Area and name, from the path below the scenarios folder without its ending.
    pub id: String,
    /// The file as a user would name it.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// Reads and checks every file; with any mistake in any of them the result is all mistakes.
pub fn load(sources: &[Source]) -> Result<Vec<Scenario>, Problems> {
    let mut scenarios = Vec::new();
    let mut problems = Vec::new();
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for source in sources {
        let text: Arc<str> = source.text.as_str().into();
        if let Some(first) = seen.insert(&source.id, &source.file) {
            let message = format!("the scenario {} stands in {first} already", source.id);
            problems
                .push(Problem::new(&source.file, &text, (0, 0), message).help("give the file another name"));
            continue;
        }
        match read(source, &text) {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(scenarios)
    } else {
        Err(Problems(problems))
    }
}

fn read(source: &Source, text: &Arc<str>) -> Result<Scenario, Vec<Problem>> {
    let file: ScenarioFile = parsed(source, text)?;
    check::check(source, text, &file)
}

/// Any YAML file that an author writes.
pub(super) fn parsed<T: DeserializeOwned>(source: &Source, text: &Arc<str>) -> Result<T, Vec<Problem>> {
    let options = serde_saphyr::options! { strict_booleans: true, leading_zero_numbers_as_strings: true };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| vec![yaml_problem(source, text, &error)])
}

fn yaml_problem(source: &Source, text: &Arc<str>, error: &serde_saphyr::Error) -> Problem {
    let plain = error.without_snippet();
    let span = plain.location().map_or((0, 0), |location| {
        let span = location.span();
        let offset = span.byte_offset().unwrap_or_else(|| span.offset());
        (
            usize::try_from(offset).unwrap_or(0),
            usize::try_from(span.len()).unwrap_or(1),
        )
    });
    let message = plain.to_string();
    let message = message
        .split(" at line ")
        .next()
        .unwrap_or(&message)
        .trim()
        .to_owned();
    let problem = Problem::new(&source.file, text, span, message.clone());
    match hint(&message, text, span.0) {
        Some(hint) => problem.help(hint),
        None => problem,
    }
}

/// A next step for the mistakes that authors make most.
fn hint(message: &str, text: &str, offset: usize) -> Option<String> {
    if text
        .get(offset..)
        .is_some_and(|rest| rest.starts_with('{') && rest[1..].trim_start().starts_with('{'))
    {
        return Some("quote the template: \"{{ … }}\"".to_owned());
    }
    let unknown = message
        .split("unknown field")
        .nth(1)
        .or_else(|| message.split("unknown variant").nth(1))?;
    let (wrong, known) = unknown.split_once("expected")?;
    let wrong = wrong.split(['`', '"']).nth(1)?;
    let words = known.split([' ', ',', '`', '"']).filter(|word| !word.is_empty());
    let best = words
        .map(|known| (strsim::jaro_winkler(known, wrong), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.75).then(|| format!("did you mean `{}`?", best.1))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    const GOOD: &str = r#"
title: A booking is cancelled
serves: [BS-LIST-04]
needs:
  slot: { payment: arrival, starts_in: { more_than: 2h } }
steps:
  - call: CreateBooking
    as: created
    expect: { requirement: PAY-COM-10, body: { booking: { status: CONFIRMED } } }
  - trigger: user_cancel_at_partner
    booking: "{{ created.booking_id }}"
  - await: booking
    booking: "{{ created.booking_id }}"
    requirement: RTU-NOSHOW-02
    until: { status: CANCELED }
"#;

    fn source(id: &str, text: &str) -> Source {
        Source {
            id: id.into(),
            file: format!("scenarios/{id}.yaml"),
            text: text.into(),
        }
    }

    fn problems(text: &str) -> Vec<(String, String, String)> {
        let found = load(&[source("a/b", text)]).unwrap_err().0;
        found
            .into_iter()
            .map(|p| (p.place, p.message, p.help.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_good_file_becomes_a_scenario() {
        let scenarios = load(&[source("a/b", GOOD)]).unwrap();
        assert_eq!(scenarios[0].id, "a/b");
        assert_eq!(scenarios[0].steps.len(), 3);
        assert_eq!(scenarios[0].requirements().len(), 3);
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        let table = [
            (
                "status: CONFIRMED",
                "statu: CONFIRMED",
                "9:28",
                "no field `booking.statu`",
                "did you mean `status`?",
            ),
            (
                "PAY-COM-10",
                "PAY-CMO-10",
                "9:28",
                "no requirement has the id PAY-CMO-10; did you mean PAY-COM-10?",
                "",
            ),
            (
                "created.booking_id }}\"\n  - await",
                "creatd.booking_id }}\"\n  - await",
                "11:14",
                "no earlier answer is called `creatd`",
                "did you mean `created`?",
            ),
            (
                "trigger: user_cancel_at_partner",
                "trigger: user_cancel",
                "10:14",
                "unknown variant",
                "did you mean `user_cancel_at_partner`?",
            ),
            (
                "more_than: 2h",
                "more_than: soon",
                "5:53",
                "`soon` is not a length of time",
                "write it like `90s`, `15m` or `2h`",
            ),
            (
                "as: created",
                "as: created\n    until: { status: X }",
                "7:5",
                "`until` means nothing on a `call` step",
                "it belongs to: await",
            ),
            (
                "as: created",
                "as: created\n    without: [idempotency_token]",
                "9:15",
                "CreateBooking requires `idempotency_token`",
                "say why: `invalid: …`",
            ),
            (
                "as: created",
                "as: created\n    with: { slot: { start_sec: true } }",
                "7:5",
                "cannot have true at /slot/start_sec",
                "say why: `invalid: …`",
            ),
            (
                "  - await: booking",
                "  - ledger: {}\n    booking: \"{{ created.booking_id }}\"\n    requirement: PAY-DEP-06\n  - await: booking",
                "12:5",
                "says not what the books should say",
                "write it like",
            ),
            (
                "title:",
                "titel:",
                "2:1",
                "unknown field",
                "did you mean `title`?",
            ),
        ];
        for (good, bad, place, message, help) in table {
            let found = problems(&GOOD.replace(good, bad));
            let hit = found.iter().find(|(at, text, hint)| {
                at == &format!("scenarios/a/b.yaml:{place}") && text.contains(message) && hint.contains(help)
            });
            assert!(hit.is_some(), "{bad}: {found:#?}");
        }
    }

    #[test]
    fn all_mistakes_of_all_files_come_at_once() {
        let bad = GOOD
            .replace("statu", "stato")
            .replace("more_than: 2h", "more_than: soon");
        let found = load(&[
            source("a/b", &bad),
            source("a/c", "title: x"),
            source("a/b", GOOD),
        ])
        .unwrap_err()
        .0;
        let files: Vec<_> = found.iter().map(|p| p.place.split(':').next().unwrap()).collect();
        assert!(found.len() >= 4, "{found:?}");
        assert!(files.contains(&"scenarios/a/c.yaml"));
        assert!(
            found
                .iter()
                .any(|p| p.message.contains("stands in scenarios/a/b.yaml already"))
        );
    }

    #[test]
    fn breakage_that_is_declared_is_no_mistake() {
        let declared =
            "as: created\n    invalid: what happens without a token\n    without: [idempotency_token]";
        let scenarios = load(&[source("a/b", &GOOD.replace("as: created", declared))]).unwrap();
        assert!(scenarios[0].calls().next().unwrap().breaks_model);
    }

    #[test]
    fn an_unquoted_template_is_explained() {
        let found = problems(&GOOD.replace(
            "\"{{ created.booking_id }}\"\n  - await",
            "{{ created.booking_id }}\n  - await",
        ));
        assert!(
            found
                .iter()
                .any(|(_, _, help)| help.contains("quote the template")),
            "{found:?}"
        );
    }

    const CROWD: &str = r"
title: A class fills up
needs:
  slots: { first: { spots: { at_most: 4, all_open: true } }, second: { beside: first } }
steps:
  - call: BatchAvailabilityLookup
    slots: [first, second]
  - call: CreateBooking
    people: { beyond_spots: 1 }
    together: { requirement: BS-CREATE-15, bookings: spots }
";

    #[test]
    fn several_people_and_several_slots_are_read() {
        use crate::{Bookings, Lookup, People, Step, Wanted};
        let scenario = load(&[source("a/b", CROWD)]).unwrap().remove(0);
        let Step::Crowd(crowd) = &scenario.steps[1] else {
            panic!("{:?}", scenario.steps[1]);
        };
        assert_eq!((crowd.people, crowd.people.count(3)), (People::BeyondSpots(1), 4));
        assert!(!crowd.at_once);
        let wanted = crowd.together.as_ref().map(|set| &set.wanted);
        assert_eq!(wanted, Some(&Wanted::Bookings(Bookings::Spots)));
        let asked = scenario.calls().next().map(|call| call.lookup.clone());
        assert_eq!(asked, Some(Lookup::Slots(vec!["first".into(), "second".into()])));
        assert!(scenario.slots["first"].untouched);
    }

    #[test]
    fn what_several_people_do_is_said_in_one_way() {
        let wrong = |from: &str, to: &str| problems(&CROWD.replace(from, to)).remove(0).1;
        let both = wrong("bookings: spots", "bookings: spots, same: /booking");
        assert_eq!(both, "`together` needs one thing to compare");
        let people = wrong("{ beyond_spots: 1 }", "{ at_once: true }");
        assert_eq!(people, "`people` needs one number");
        let alone = wrong("    people: { beyond_spots: 1 }\n", "");
        assert_eq!(alone, "`together` needs more than one answer");
        assert_eq!(
            wrong("beside: first", "beside: frist"),
            "no slot is called `frist`"
        );
    }
}
