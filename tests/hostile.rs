//! Hostile targets that are done with quickly, as the program meets them: a verdict that names the target, soon, in bounded memory.
//! `cargo bench --bench targets` tries all of them.
#![cfg(all(feature = "reference", target_os = "linux"))]

#[path = "hostile/mod.rs"]
mod hostile;
#[path = "hostile/lossy.rs"]
mod lossy;

use hostile::measure::{Manner, Measured, measure, run_as};
use hostile::partner::Partner;
use hostile::{altered, cases, complaints};
use lossy::{Lost, losing};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn a_hostile_target_gets_a_verdict_soon_and_in_bounded_memory() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = Partner::start(folder.path());
    let mut wrong = Vec::new();
    let fast = cases::CASES.iter().filter(|case| case.is_fast);
    for case in std::iter::once(&cases::SILENT).chain(fast) {
        let measured = measure(case, folder.path(), &partner);
        // How long it takes is measured by `cargo bench --bench targets`, on a machine that does nothing else.
        let complaints = complaints(case, &measured, None);
        if !complaints.is_empty() {
            wrong.push(format!(
                "{}: {} ({})",
                case.name,
                complaints.join(", "),
                measured.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_has_a_name_of_its_own_and_no_exit_is_a_crash() {
    let all: Vec<_> = cases::CASES.iter().chain(altered::CASES).collect();
    let names: BTreeSet<_> = all.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 40, "{}", all.len());
    assert!(
        all.iter()
            .all(|case| !case.exits.contains(&70) && !case.exits.is_empty())
    );
}

/// The basics, and what a lost call would spoil first.
const BASICS: &[&str] = &["basic/**", "create/*"];

fn basics(partner: &Partner, folder: &Path, base_url: &str) -> Measured {
    let manner = Manner {
        has_triggers: true,
        filters: BASICS,
        descriptors: None,
    };
    run_as(folder, partner, base_url, &manner)
}

#[test]
fn one_lost_call_is_made_again_and_noted_and_nothing_rests_on_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = Partner::start(folder.path());
    for (method, what) in [
        ("HealthCheck", Lost::Request),
        ("BatchAvailabilityLookup", Lost::Answer),
        ("CreateBooking", Lost::Request),
        ("CreateBooking", Lost::Answer),
        ("UpdateBooking", Lost::Answer),
        ("GetBookingStatus", Lost::Answer),
    ] {
        let network = losing(&partner, method, what, 1);
        let measured = basics(&partner, folder.path(), &format!("http://{}", network.address));
        let said = &measured.said;
        assert_eq!(measured.exit, Some(0), "{what:?} of {method}\n{said}");
        assert!(
            said.contains("1 call got no answer and was made again"),
            "{method}\n{said}"
        );
    }
}

#[test]
fn who_loses_every_call_of_a_method_is_not_forgiven() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = Partner::start(folder.path());
    for method in ["CreateBooking", "BatchAvailabilityLookup", "HealthCheck"] {
        let network = losing(&partner, method, Lost::Answer, usize::MAX);
        let measured = basics(&partner, folder.path(), &format!("http://{}", network.address));
        assert!(
            matches!(measured.exit, Some(1 | 3)),
            "{method}\n{}",
            measured.said
        );
        assert!(measured.said.contains(method), "{method}\n{}", measured.said);
    }
}

#[test]
fn who_has_no_descriptors_left_is_told_so_and_the_partner_is_not_blamed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let partner = Partner::start(folder.path());
    let network = losing(&partner, "nothing", Lost::Request, 0);
    let url = format!("http://{}", network.address);
    let mut named = 0;
    for descriptors in [24, 28, 32, 36, 40] {
        let manner = Manner {
            has_triggers: true,
            filters: &[],
            descriptors: Some(descriptors),
        };
        let measured = run_as(folder.path(), &partner, &url, &manner);
        assert!(
            matches!(measured.exit, Some(0 | 2 | 3 | 4)),
            "{descriptors}: {:?}\n{}",
            measured.exit,
            measured.said
        );
        named += usize::from(measured.said.contains("Too many open files") && measured.exit == Some(3));
    }
    assert!(named > 0, "no limit was low enough");
}
