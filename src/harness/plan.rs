//! The plan: complete before the first byte is sent.

use super::bind::{Binder, Binding, Preference};
use super::capabilities::expected_capabilities;
use super::card_check::CardCheck;
use super::index::SlotIndex;
use super::obstacles::Obstacles;
use super::target::Target;
use super::unmet::{Unmet, Want};
use super::unshown::unshown;
use super::users::invent_user;
use super::{Preferences, Selection, Suite};
use domain::slot::Slot;
use domain::{Basic, Capability};
use engine::Job;
use indexmap::IndexMap;
use outcome::{SkipReport, Verdict};
use protocol::Method;
use scenario::{CallStep, Crowd, Scenario, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use transcript::User;

/// More people than any scenario has of its own are never sent at one slot.
const MOST_PEOPLE: usize = 16;
/// The people who make one call together are counted from here, so that they are never those of another scenario.
const FIRST_OF_SEVERAL: usize = 1000;

/// The seed of a run that names none: the same plan every time.
const SEED: u64 = 1;

/// What the user wishes of a run.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// The scenarios that are wanted.
    pub selection: Selection,
    /// Fixes order, slots and payload values.
    pub seed: u64,
    /// True when a person can be asked.
    pub attended: bool,
    /// Merchant and service of accepted snapshots, by scenario and slot name.
    pub preferences: Preferences,
    /// Makes tokens and users of this run unlike those of any other.
    pub run_id: u32,
    /// Wall clock, epoch seconds.
    pub now_sec: i64,
}

impl Wishes {
    /// A run of its own, now, that nobody attends.
    pub fn new(selection: Selection) -> Self {
        Self {
            selection,
            seed: SEED,
            attended: false,
            preferences: BTreeMap::new(),
            run_id: rand::random(),
            now_sec: jiff::Timestamp::now().as_second(),
        }
    }
}

/// What becomes of a scenario.
#[derive(Debug, Clone)]
pub enum Decision {
    /// It runs.
    Run(Box<Job>),
    /// It does not, and this is its verdict with the reason.
    Skip(Verdict, String),
}

/// A scenario with the decision.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The scenario.
    pub scenario: Scenario,
    /// What becomes of it.
    pub decision: Decision,
    /// True when it does not run only because there is no slot for it at this moment.
    pub not_now: bool,
    /// What it stands on and nothing shows, since no inventory is named.
    pub unshown: BTreeSet<Basic>,
}

/// A complete plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every scenario of the suite, in the suite's order.
    pub scenarios: Vec<Planned>,
    /// What the target can do.
    pub capabilities: BTreeSet<Capability>,
    /// The seed.
    pub seed: u64,
    /// What the user wished to leave out.
    pub skipped: Vec<SkipReport>,
    /// The files of the scenarios.
    pub files: Arc<[Source]>,
}

impl Plan {
    /// The scenarios that run.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.scenarios
            .iter()
            .filter_map(|planned| match &planned.decision {
                Decision::Run(job) => Some(&**job),
                Decision::Skip(..) => None,
            })
    }

    /// Calls that the run will make, the look-ups before booking included and the clean-up left out.
    pub fn calls(&self) -> usize {
        let more = |job: &Job| {
            calls_by_several(&job.scenario, &job.slots)
                .map(|(_, people)| people - 1)
                .sum::<usize>()
        };
        self.jobs()
            .map(|job| {
                let looked_up = job.slots.len() + usize::from(job.waitlist.is_some());
                job.scenario.calls().count() + more(job) + looked_up
            })
            .sum()
    }

    /// Bookings that the run will make at most, entries of waitlists among them.
    pub fn bookings(&self) -> usize {
        let books = |several: &Crowd| several.call.method == Method::CreateBooking;
        let more = |job: &Job| {
            let booking = calls_by_several(&job.scenario, &job.slots).filter(|(several, _)| books(several));
            booking.map(|(_, people)| people - 1).sum::<usize>()
        };
        let entries = |job: &Job| {
            let joins = job.scenario.calls().filter(|call| call.repeat.is_none());
            joins
                .filter(|call| call.method == Method::CreateWaitlistEntry)
                .count()
        };
        self.jobs()
            .map(|job| job.scenario.bookings() + entries(job) + more(job))
            .sum()
    }
}

/// Decides about every scenario and binds those that run.
pub fn plan(suite: &Suite, target: &Target, wishes: &Wishes) -> Plan {
    let index = SlotIndex::new(&target.slots);
    let obstacles = Obstacles {
        target,
        capabilities: expected_capabilities(&target.config, &target.slots, &target.waitlists),
        cards: CardCheck::of(target, &index),
        attended: wishes.attended,
    };
    let needed = needed_basics(suite, &wishes.selection);
    let reason = |scenario: &Scenario| {
        let obstacle = || obstacles.to(scenario);
        let Some(reason) = wishes.selection.reason_against(scenario) else {
            return obstacle();
        };
        // A basic that nobody asked for and that cannot be shown stands in nobody's way.
        let is_needed = scenario.basic.is_some_and(|basic| needed.contains(&basic));
        (!is_needed || obstacle().is_some()).then_some((Verdict::NotRun, reason))
    };
    let reasons: Vec<_> = suite.scenarios().iter().map(reason).collect();
    let cards = target.cards();
    let binder = Binder::new(&index, wishes.now_sec, wishes.seed)
        .paying_from(&cards)
        .promising(obstacles.promises())
        .joining(&target.waitlists);
    let bindings = bind_all(suite, wishes, &reasons, binder);
    let scenarios = suite.scenarios().iter().zip(reasons).zip(bindings).enumerate();
    let scenarios = scenarios.map(|(number, ((scenario, reason), binding))| {
        let not_now = reason.is_none() && binding.as_ref().is_err_and(|unmet| unmet.why == Want::NotNow);
        let decision = match (reason, binding) {
            (Some((verdict, reason)), _) => Decision::Skip(verdict, reason),
            (None, Err(unmet)) => Decision::Skip(unmet.verdict(), unmet.words),
            (None, Ok(binding)) => Decision::Run(Box::new(job(scenario, number, binding, wishes))),
        };
        Planned {
            scenario: scenario.clone(),
            decision,
            not_now,
            unshown: BTreeSet::new(),
        }
    });
    let mut plan = Plan {
        scenarios: scenarios.collect(),
        capabilities: obstacles.capabilities,
        seed: wishes.seed,
        skipped: wishes.selection.skipped(suite),
        files: suite.files(),
    };
    if !target.has_inventory {
        note_unshown(&mut plan);
    }
    number_by_job(&mut plan);
    plan
}

/// Without an inventory few basics can be shown.
fn note_unshown(plan: &mut Plan) {
    let shown: BTreeSet<Basic> = plan.jobs().filter_map(|job| job.scenario.basic).collect();
    for planned in &mut plan.scenarios {
        planned.unshown = unshown(&planned.scenario, &shown);
    }
}

/// The basics that stand under the scenarios that are wanted, and under those of the basics themselves.
pub(super) fn needed_basics(suite: &Suite, selection: &Selection) -> BTreeSet<Basic> {
    let wanted = suite
        .scenarios()
        .iter()
        .filter(|scenario| selection.takes(scenario));
    let mut needed: BTreeSet<Basic> = wanted.flat_map(Scenario::needs).collect();
    loop {
        let shown = |scenario: &&Scenario| scenario.basic.is_some_and(|basic| needed.contains(&basic));
        let under = suite.scenarios().iter().filter(shown).flat_map(Scenario::needs);
        let all: BTreeSet<Basic> = needed.iter().copied().chain(under).collect();
        if all.len() == needed.len() {
            return needed;
        }
        needed = all;
    }
}

/// Scenarios with the least choice are bound first; the result is in the suite's order.
fn bind_all(
    suite: &Suite,
    wishes: &Wishes,
    reasons: &[Option<(Verdict, String)>],
    mut binder: Binder<'_>,
) -> Vec<Result<Binding, Unmet>> {
    let none = Preference::new();
    let mut order: Vec<usize> = (0..suite.scenarios().len())
        .filter(|index| reasons[*index].is_none())
        .collect();
    // The basics come first of all, and among them those that need the fewest others: who is waited for may wait for nobody's slot.
    order.sort_by_cached_key(|index| {
        let scenario = &suite.scenarios()[*index];
        let needs = scenario.basic.map(|_| scenario.needs().len());
        (needs.is_none(), needs, binder.choice(scenario), *index)
    });
    let mut bound: Vec<Result<Binding, Unmet>> = reasons.iter().map(|_| Ok(Binding::default())).collect();
    for index in &order {
        let scenario = &suite.scenarios()[*index];
        let preference = wishes.preferences.get(&scenario.id).unwrap_or(&none);
        bound[*index] = binder.bind(*index, scenario, preference);
    }
    // A page may show what only takes a stale slot's place: where there are few slots, nothing else would be left to show.
    for index in &order {
        if let Ok(binding) = &mut bound[*index] {
            binding.page = binder.page(binding, suite.scenarios()[*index].page);
        }
    }
    for index in order {
        if let Ok(binding) = &mut bound[index] {
            binder.add_spares(index, &suite.scenarios()[index], binding);
        }
    }
    bound
}

/// Each call by several people, with their number.
fn calls_by_several<'s>(
    scenario: &'s Scenario,
    slots: &'s IndexMap<String, Vec<Slot>>,
) -> impl Iterator<Item = (&'s Crowd, usize)> {
    scenario.calls_by_several().map(|several| {
        let name = several.call.slot.as_ref().or(scenario.slots.keys().next());
        let slot = name.and_then(|name| slots.get(name)?.first());
        let people = several.people.count(slot.map_or(1, |slot| slot.spots_open));
        (several, people.clamp(1, MOST_PEOPLE))
    })
}

fn job(scenario: &Scenario, number: usize, binding: Binding, wishes: &Wishes) -> Job {
    let people = calls_by_several(scenario, &binding.slots)
        .map(|(several, people)| several.first_person() + people)
        .max();
    let bookers = scenario.calls().map(|call| call.person + 1).max();
    let users = people.max(bookers).unwrap_or(0).max(2) + second_tries(scenario);
    let more_users = (2..users).map(|place| {
        let number = FIRST_OF_SEVERAL + number * MOST_PEOPLE + place;
        let user = invent_user(wishes.seed, &scenario.id, (place, number), wishes.run_id);
        if people.is_none() {
            return user;
        }
        // Who wins a race is chance, so nothing but ids and addresses tells them apart.
        User {
            given_name: "Zoe".to_owned(),
            family_name: "Zwart".to_owned(),
            ..user
        }
    });
    Job {
        more_users: more_users.collect(),
        scenario: scenario.clone(),
        slots: binding.slots,
        page: binding.page,
        waitlist: binding.waitlist,
        user: invent_user(wishes.seed, &scenario.id, (0, number * 2), wishes.run_id),
        other: invent_user(wishes.seed, &scenario.id, (1, number * 2 + 1), wishes.run_id),
        first_token: first_token(wishes.run_id, number),
        after: binding.after,
    }
}

/// Where the numbers of a scenario's tokens begin: the run, the scenario and the request have their own bits.
fn first_token(run: u32, number: usize) -> u64 {
    let number = u64::try_from(number).unwrap_or_default() & 0xffff;
    (u64::from(run) << 32) | (number << 16)
}

/// How many users a scenario may need for second tries: one for each call that has controls, for each control, and for what shows its
/// basic.
fn second_tries(scenario: &Scenario) -> usize {
    let controls = |call: &CallStep| {
        let controls = call.expect.iter().filter(|one| one.control.is_some()).count();
        controls + usize::from(controls > 0)
    };
    scenario.calls().map(controls).sum::<usize>() + usize::from(scenario.basic.is_some())
}

/// `after` speaks of the suite's numbers; the engine knows jobs only.
fn number_by_job(plan: &mut Plan) {
    let runs = |planned: &Planned| matches!(planned.decision, Decision::Run(_));
    let mut next = 0;
    let numbers: Vec<Option<usize>> = plan
        .scenarios
        .iter()
        .map(|planned| {
            runs(planned).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    for planned in &mut plan.scenarios {
        if let Decision::Run(job) = &mut planned.decision {
            job.after = job.after.iter().filter_map(|index| numbers[*index]).collect();
        }
    }
    let jobs = plan
        .scenarios
        .iter_mut()
        .filter_map(|planned| match &mut planned.decision {
            Decision::Run(job) => Some(&mut **job),
            Decision::Skip(..) => None,
        });
    let mut jobs: Vec<&mut Job> = jobs.collect();
    let is_alone: Vec<bool> = jobs.iter().map(|job| job.scenario.is_alone()).collect();
    for (number, job) in jobs.iter_mut().enumerate() {
        job.after = after(number, std::mem::take(&mut job.after), &is_alone);
    }
}

/// What has to be over before a job begins: whoever runs alone comes last, one after the other.
fn after(number: usize, in_the_way: Vec<usize>, is_alone: &[bool]) -> Vec<usize> {
    if is_alone[number] {
        let comes_before = |other: &usize| !is_alone[*other] || *other < number;
        return (0..is_alone.len()).filter(comes_before).collect();
    }
    in_the_way.into_iter().filter(|other| !is_alone[*other]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_runs_alone_comes_after_all_others() {
        let is_alone = [true, false, true, false];
        let order = |number, in_the_way: &[usize]| after(number, in_the_way.to_vec(), &is_alone);
        assert_eq!(order(0, &[]), [1, 3]);
        assert_eq!(order(2, &[3]), [0, 1, 3]);
        assert_eq!(order(3, &[0, 1]), [1], "nobody waits for one who comes last");
    }
}
