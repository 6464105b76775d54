//! Feeds and slots: readable, fresh, and enough for how many scenarios.

use super::super::{FeedWishes, Selection, TargetKind, Wishes, judge_folder, plan};
use super::Doctor;
use crate::{Decision, Plan, Target};
use jiff::Timestamp;
use miette::Diagnostic as _;
use outcome::{Check, FeedReport, FeedVerdict, Verdict};
use std::path::Path;

/// Google takes an export each day; one that is a little late is not stale.
const STALE_SEC: i64 = 26 * 3600;

/// So many scenarios are named.
const NAMED: usize = 3;

/// What may be booked.
pub(super) fn readable(doctor: &Doctor<'_>) -> Vec<Check> {
    let folder = doctor.config.inventory.feeds.as_deref();
    let mut checks: Vec<Check> = folder.map(feeds).into_iter().collect();
    match Target::new(doctor.config.clone(), TargetKind::Url) {
        // What is unreadable stands in the line above.
        Err(_) if checks.iter().any(|check| check.exit_code > 0) => {
            checks.push(Check::cannot_tell("slots", "the feeds have to be mended first"));
        }
        Err(error) => {
            let next = error.help().map(|help| help.to_string()).unwrap_or_default();
            checks.push(Check::input("slots", error.to_string(), next));
        }
        Ok(target) => checks.extend(slots(doctor, &target)),
    }
    checks
}

fn feeds(folder: &Path) -> Check {
    let now_sec = Timestamp::now().as_second();
    let report = judge_folder(
        folder,
        &FeedWishes {
            now_sec,
            strict: false,
            progress: &|_| {},
            before: None,
            booked: None,
        },
    );
    judge_feeds(&report, now_sec)
}

fn judge_feeds(report: &FeedReport, now_sec: i64) -> Check {
    const NAME: &str = "feeds";
    let all = format!("conformance feeds {} says all of it", report.folder);
    if report.verdict == FeedVerdict::Unreadable {
        let first = report.unreadable.first();
        let words = first.map(|one| one.message.clone()).unwrap_or_default();
        let next = first.and_then(|one| one.help.clone());
        return Check::input(NAME, words, next.unwrap_or(all));
    }
    let oldest = report
        .feeds
        .iter()
        .filter_map(|extent| extent.generation_timestamp)
        .min();
    let age = oldest.map(|made| now_sec - made);
    if let Some(age) = age.filter(|age| *age > STALE_SEC) {
        let words = format!(
            "stale: the oldest was made {} h ago, and Google takes an export each day",
            age / 3600
        );
        return Check::input(NAME, words, "export the feeds once more");
    }
    let records: u64 = report.feeds.iter().map(|extent| extent.records).sum();
    let made = age.map_or(String::new(), |age| {
        format!(", made {} h ago", (age / 3600).max(0))
    });
    let check = Check::ok(NAME, format!("readable: {records} records{made}"));
    match report.findings.len() {
        0 => check,
        number => check.then(format!("{number} sorts of mistakes are in them: {all}")),
    }
}

fn slots(doctor: &Doctor<'_>, target: &Target) -> Vec<Check> {
    let now_sec = Timestamp::now().as_second();
    if let Err(error) = target.check_slots(now_sec) {
        let next = error.help().map(|help| help.to_string()).unwrap_or_default();
        return vec![Check::input("slots", error.to_string(), next)];
    }
    let selection = Selection::new(Vec::new(), doctor.suite);
    let plan = selection
        .ok()
        .map(|selection| plan(doctor.suite, target, &Wishes::new(selection)));
    plan.map(|plan| of_plan(&plan, target)).unwrap_or_default()
}

/// For how many scenarios there is what they need, and what the others lack.
fn of_plan(plan: &Plan, target: &Target) -> Vec<Check> {
    let open = |not_now: bool| {
        let open = plan.scenarios.iter().filter(move |planned| {
            matches!(planned.decision, Decision::Skip(Verdict::NotTestable, _)) && planned.not_now == not_now
        });
        open.map(|planned| planned.scenario.id.as_str())
            .collect::<Vec<_>>()
    };
    let (all, runs) = (plan.scenarios.len(), plan.jobs().count());
    let words = format!(
        "{runs} of {all} scenarios have what they need, with at most {} bookings",
        plan.bookings()
    );
    let (lacking, slotless) = (open(false), open(true));
    let mut checks = vec![if target.has_inventory && target.slots.is_empty() {
        Check::cannot_tell(
            "slots",
            format!("there is no slot, and there are waitlists: {words}"),
        )
    } else if target.has_inventory {
        Check::ok("slots", words)
    } else {
        Check::cannot_tell("slots", format!("neither feeds nor slots are named: {words}")).then(
            "name feeds = \"FOLDER\" in [inventory], or --feeds FOLDER, or --slot MERCHANT/SERVICE/START",
        )
    }];
    if !slotless.is_empty() {
        let words = format!(
            "no slot at this moment for {}: {}",
            slotless.len(),
            some(&slotless)
        );
        checks.push(
            Check::cannot_tell("slots", words).then("conformance list scenarios says which slots they need"),
        );
    }
    if target.has_inventory && !lacking.is_empty() {
        let words = format!(
            "{} scenarios lack something in the config: {}",
            lacking.len(),
            some(&lacking)
        );
        checks.push(
            Check::cannot_tell("triggers", words).then(
                "conformance list scenarios says which lines to add, such as [triggers.merchant_cancel]",
            ),
        );
    }
    checks
}

fn some(ids: &[&str]) -> String {
    let more = if ids.len() > NAMED { ", …" } else { "" };
    format!(
        "{}{more}",
        ids.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ")
    )
}
