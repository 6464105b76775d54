//! The catalogue is complete, and every duty in it is judged, held by the harness itself, or says why it is neither.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use catalogue::{Level, Owner, ReasonKind, Requirement, RequirementId, catalogue, illustration};
use conformance::BUNDLE;
use harness::Suite;
use rules::RULES;
use scenario::Step;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many duties each family of numbers has.
const FAMILIES: &[(&str, usize)] = &[
    ("BS-GEN", 13),
    ("BS-AUTH", 9),
    ("BS-HEALTH", 6),
    ("BS-JSON", 14),
    ("BS-HTTP", 11),
    ("BS-BAL", 18),
    ("BS-CHECK", 4),
    ("BS-CREATE", 31),
    ("BS-IDEM", 14),
    ("BS-UPDATE", 24),
    ("BS-STATUS", 4),
    ("BS-LIST", 6),
    ("BS-MKT", 4),
    ("BS-ASYNC", 8),
    ("BS-PAY", 16),
    ("BS-WAIT", 18),
    ("BS-ORDER", 8),
    ("BS-LEASE", 3),
    ("BS-OPS", 7),
    ("RTU-GEN", 7),
    ("RTU-CANCEL", 5),
    ("RTU-RESCHED", 7),
    ("RTU-PARTY", 2),
    ("RTU-NOSHOW", 5),
    ("RTU-REFUND", 8),
    ("RTU-ASYNC", 12),
    ("INV", 30),
    ("REQ", 13),
    ("AUTH", 12),
    ("ERR", 10),
    ("OPS", 7),
    ("MOCK", 20),
    ("FEED-META", 11),
    ("FEED-FILE", 14),
    ("FEED-MER", 17),
    ("FEED-SVC", 22),
    ("FEED-AVL", 24),
    ("OVR", 11),
    ("AMT", 12),
    ("PAY-COM", 25),
    ("PAY-ARR", 4),
    ("PAY-PREPAY", 8),
    ("PAY-NOSHOW", 12),
    ("PAY-DEP", 12),
    ("PAY-CARD", 6),
    ("PAY-MIX", 3),
    ("TOK", 12),
    ("FAIL", 10),
    ("3DS", 9),
    ("CXL", 10),
    ("RTU", 11),
    ("VIRT", 24),
    ("REDIR", 8),
];

/// Single duties that are judged later: they speak of offers.
const LATER: &[&str] = &["BS-CREATE-20"];

/// So many MUSTs of a partner may go without a judge.
const UNJUDGED_AT_MOST: usize = 45;

fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    format!("{}: {}", items.len(), items.join(" "))
}

/// What rules can fail and scenarios expect.
fn judged() -> BTreeSet<RequirementId> {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let steps = suite.scenarios().iter().flat_map(|scenario| &scenario.steps);
    let expected = steps.flat_map(Step::requirements);
    let by_rules = RULES.iter().flat_map(|rule| rule.requirements.iter().copied());
    by_rules.chain(expected).collect()
}

fn of(owner: Owner) -> impl Iterator<Item = &'static Requirement> {
    catalogue().rows().filter(move |row| row.owner == owner)
}

fn none(what: &str, odd: &[&str]) {
    assert!(odd.is_empty(), "{what} {}", listed(odd));
}

#[test]
fn every_number_of_every_family_is_a_row_or_an_alias() {
    let numbers = FAMILIES
        .iter()
        .flat_map(|(family, count)| (1..=*count).map(move |number| format!("{family}-{number:02}")));
    let all: Vec<_> = numbers.collect();
    let missing: Vec<_> = all
        .iter()
        .filter(|id| catalogue().resolve(id).is_none())
        .collect();
    assert!(
        missing.is_empty(),
        "of {} numbers are missing {}",
        all.len(),
        listed(missing)
    );
    let known: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let rows = catalogue().rows();
    let named = rows.flat_map(|row| row.aliases.iter().chain([&row.id]));
    let invented: Vec<_> = named
        .map(String::as_str)
        .filter(|id| !known.contains(id))
        .collect();
    none(
        "ids beyond every family (a new one raises the number of its family in FAMILIES, above)",
        &invented,
    );
}

#[test]
fn every_judged_duty_has_an_accepted_and_a_rejected_exchange_that_differ() {
    let suite = Suite::load(&BUNDLE, None).unwrap();
    let odd: Vec<&str> = judged()
        .into_iter()
        .filter(|id| {
            illustration(*id).is_none_or(|shown| {
                let is_known = |id: &String| suite.scenarios().iter().any(|scenario| scenario.id == *id);
                let is_empty =
                    shown.accepted.is_empty() || shown.rejected.is_empty() || shown.finding.is_empty();
                is_empty || shown.accepted == shown.rejected || !shown.scenario.iter().all(is_known)
            })
        })
        .map(RequirementId::as_str)
        .collect();
    none("nothing is shown of", &odd);
}

#[test]
fn every_duty_of_a_partner_is_judged_or_says_why_not() {
    let judged = judged();
    let is_judged = |row: &Requirement| judged.contains(&RequirementId::parse(&row.id).unwrap());
    let binding: Vec<_> = of(Owner::Partner).filter(|row| row.level != Level::May).collect();
    let ids = |keep: &dyn Fn(&Requirement) -> bool| -> Vec<&str> {
        let kept = binding.iter().filter(|row| keep(row));
        kept.map(|row| row.id.as_str()).collect()
    };
    none(
        "neither judged nor explained",
        &ids(&|row| row.reason.is_none() && !is_judged(row)),
    );
    none(
        "both judged and explained",
        &ids(&|row| row.reason.is_some() && is_judged(row)),
    );
    let may: Vec<_> = of(Owner::Partner)
        .filter(|row| row.level == Level::May && is_judged(row))
        .collect();
    assert!(
        may.is_empty(),
        "a MAY is judged {}",
        listed(may.iter().map(|row| &row.id))
    );
}

#[test]
fn few_musts_go_without_a_judge() {
    let later = |row: &&Requirement| {
        row.reason
            .as_ref()
            .is_some_and(|reason| reason.kind == ReasonKind::Planned)
    };
    let early: Vec<_> = of(Owner::Partner)
        .filter(later)
        .map(|row| row.id.as_str())
        .collect();
    let odd: Vec<_> = early.into_iter().filter(|id| !LATER.contains(id)).collect();
    none("judged later, but not in the list of what may be", &odd);
    let musts = of(Owner::Partner).filter(|row| row.level == Level::Must && row.reason.is_some());
    let silent: Vec<_> = musts.map(|row| row.id.as_str()).collect();
    assert!(
        silent.len() <= UNJUDGED_AT_MOST,
        "MUSTs without a judge {}",
        listed(&silent)
    );
}

#[test]
fn googles_duties_are_held_by_something_that_exists() {
    let loose = of(Owner::Google).filter(|row| row.held_by.is_some() == row.reason.is_some());
    none(
        "either held by something or explained",
        &loose.map(|row| row.id.as_str()).collect::<Vec<_>>(),
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&root.join("src")) + &sources(&root.join("tests"));
    let held = of(Owner::Google).filter_map(|row| row.held_by.as_deref());
    let named = held.flat_map(|text| text.split('`').skip(1).step_by(2));
    let last: BTreeSet<&str> = named.filter_map(|path| path.rsplit("::").next()).collect();
    let gone = last.into_iter().filter(|name| !sources.contains(name));
    none(
        "named as holding a duty, and not in the code",
        &gone.collect::<Vec<_>>(),
    );
}

fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.map(|path| match path.extension() {
        _ if path.is_dir() => sources(&path),
        Some(ending) if ending == "rs" => fs::read_to_string(&path).unwrap(),
        _ => String::new(),
    });
    texts.collect()
}

#[test]
fn rows_read_alike() {
    let rows = || catalogue().rows();
    let titles = rows().filter(|row| row.title.ends_with('.') || row.title.starts_with("must "));
    none(
        "titles that do not read on",
        &titles.map(|row| row.id.as_str()).collect::<Vec<_>>(),
    );
    // A path of Google's developer pages, or a page of another host.
    let is_page = |row: &&Requirement| row.source.starts_with('/') || row.source.starts_with("https://");
    let odd = rows().filter(|row| !is_page(row));
    none(
        "sources that are no page",
        &odd.map(|row| row.id.as_str()).collect::<Vec<_>>(),
    );
    let sentences = rows().filter(|row| {
        row.reason
            .as_ref()
            .is_some_and(|reason| reason.because.len() < 15)
    });
    none(
        "reasons that say nothing",
        &sentences.map(|row| row.id.as_str()).collect::<Vec<_>>(),
    );
}
