//! The facts of a run, as its recording keeps them.

use super::about::about;
use super::curl::login_of;
use super::google_side::partner_id;
use super::plan::{Decision, Plan, Planned};
use super::session::Session;
use super::target::Target;
use config::Waiver;
use domain::Capability;
use engine::Recording;
use feeds::FeedProblem;
use outcome::Silence;
use recording::{
    ComparedSnapshots, Places, PlanFacts, PlannedScenario, Repeat, RunFacts, ScenarioText, SessionFacts,
    Skip, TargetFacts,
};
use transcript::Masker;

/// Everything from which a run is concluded; `google` is where Google's side was, and `masker` hides what nobody may read.
pub(super) fn facts(
    plan: &Plan,
    target: &Target,
    session: &Session,
    recorded: Recording,
    google: Silence,
    masker: &Masker,
) -> RunFacts {
    RunFacts {
        plan: of_plan(plan, masker),
        target: of_target(target, masker),
        session: SessionFacts {
            began_us: session.clock.began_us(),
            duration_ms: session.clock.elapsed_ms(),
            strict: session.strict,
            google,
        },
        repeat: Repeat::default(),
        places: Places::default(),
        snapshots: ComparedSnapshots::default(),
        recorded,
    }
}

fn of_plan(plan: &Plan, masker: &Masker) -> PlanFacts {
    let files = plan.files.iter();
    PlanFacts {
        seed: plan.seed,
        capabilities: plan.capabilities.clone(),
        scenarios: plan.scenarios.iter().map(planned).collect(),
        skipped: plan.skipped.clone(),
        files: files
            .map(|file| ScenarioText {
                id: file.id.clone(),
                file: file.file.clone(),
                text: masker.mask(&file.text),
            })
            .collect(),
    }
}

fn planned(planned: &Planned) -> PlannedScenario {
    let skip = match &planned.decision {
        Decision::Run(_) => None,
        Decision::Skip(verdict, reason) => Some(Skip {
            verdict: *verdict,
            reason: reason.clone(),
        }),
    };
    PlannedScenario {
        id: planned.scenario.id.clone(),
        skip,
        not_now: planned.not_now,
        unshown: planned.unshown.clone(),
    }
}

fn of_target(target: &Target, masker: &Masker) -> TargetFacts {
    let capabilities = &target.config.capabilities;
    let problem = |problem: &FeedProblem| FeedProblem {
        message: masker.mask(&problem.message),
        ..problem.clone()
    };
    let waiver = |waiver: &Waiver| Waiver {
        reason: masker.mask(&waiver.reason),
        owner: masker.mask(&waiver.owner),
        ..waiver.clone()
    };
    TargetFacts {
        about: about(target),
        partner_id: partner_id(&target.config.notifications).to_owned(),
        sends_inventory: capabilities.declared(Capability::AvailabilityRtu),
        has_published_token: target.config.payments.token.is_none(),
        login: login_of(target),
        slots: target.slots.clone(),
        whole: target.whole.clone(),
        offer: target.offer.clone(),
        problems: target.problems.iter().map(problem).collect(),
        waivers: target.config.waivers.iter().map(waiver).collect(),
    }
}
