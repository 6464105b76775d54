//! Applies every rule and every expectation to the recorded facts.

use super::{Bench, Case, Note, RULES, Run, Scope, expectation};
use crate::outcome::{Finding, Judged};

/// What was concluded about a scenario or about the run.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Violations.
    pub findings: Vec<Finding>,
    /// What each requirement came to.
    pub judged: Vec<Judged>,
}

/// Judges one scenario.
pub fn judge_scenario(case: &Case<'_>) -> Judgement {
    let mut bench = Bench::default();
    expectation::judge(case, &mut bench);
    for rule in RULES {
        match rule.scope {
            Scope::Answer(judge) => case
                .answers()
                .for_each(|exchange| judge(case, &exchange, &mut bench)),
            Scope::Notification(judge) => case
                .notes()
                .for_each(|note: Note<'_>| judge(case, &note, &mut bench)),
            Scope::Scenario(judge) => judge(case, &mut bench),
            Scope::Run(_) => {}
        }
    }
    conclude(bench)
}

/// Judges what only all scenarios together show.
pub fn judge_run(run: &Run<'_>) -> Judgement {
    let mut bench = Bench::default();
    for rule in RULES {
        if let Scope::Run(judge) = rule.scope {
            judge(run, &mut bench);
        }
    }
    conclude(bench)
}

fn conclude(bench: Bench) -> Judgement {
    let (findings, judged) = bench.conclude();
    Judgement { findings, judged }
}
