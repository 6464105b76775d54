//! What a plan comes to by what scenarios need of a server, and what would let more of them run.

use domain::Capability;
use harness::{Decision, Plan, Planned};
use outcome::text::one_line;
use outcome::{Verdict, cause_of, line_to_add};
use scenario::Scenario;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// So many scenarios are named of a reason.
const NAMED: usize = 2;

/// How many scenarios about one thing run.
struct Share {
    /// None for those that every server can be asked.
    capability: Option<Capability>,
    run: usize,
    all: usize,
}

impl Share {
    fn name(&self) -> &'static str {
        self.capability.map_or("every server", Capability::name)
    }
}

/// Why scenarios do not run, once for all of the same reason.
struct Lack<'p> {
    verdict: Verdict,
    key: String,
    reason: &'p str,
    scenarios: Vec<&'p str>,
}

/// Two short tables; without the second where everything runs.
pub(super) fn text(plan: &Plan) -> String {
    let mut text = String::from(
        "\nscenarios that run, by what a server has to offer for them (who needs two is counted twice)\n",
    );
    for share in shares(plan) {
        let _ = writeln!(text, "  {:<22}{:>4} of {}", share.name(), share.run, share.all);
    }
    let lacks = lacks(plan);
    if !lacks.is_empty() {
        text.push_str("\nwhy the others do not run, and what to add\n");
    }
    for lack in lacks {
        let (count, word) = (lack.scenarios.len(), lack.verdict.word());
        let more = if count > NAMED { ", …" } else { "" };
        let named = lack.scenarios[..count.min(NAMED)].join(", ");
        let _ = writeln!(
            text,
            "  {count:>4}  {word:<15} {}   ({named}{more})",
            one_line(lack.reason)
        );
    }
    text.push('\n');
    text
}

/// The same for programs.
pub(super) fn json(plan: &Plan) -> Value {
    let shares = shares(plan).into_iter().map(|share| {
        let capability = share.capability.map(Capability::name);
        json!({ "capability": capability, "runs": share.run, "scenarios": share.all })
    });
    let lacks = lacks(plan).into_iter().map(|lack| {
        json!({ "verdict": lack.verdict, "reason": lack.reason, "add": line_to_add(lack.reason), "scenarios": lack.scenarios })
    });
    json!({ "capabilities": shares.collect::<Vec<_>>(), "lacking": lacks.collect::<Vec<_>>() })
}

/// In the order of the documentation; nothing of what no scenario needs.
fn shares(plan: &Plan) -> Vec<Share> {
    let all = Capability::ALL.iter().copied().map(Some);
    let shares = [None].into_iter().chain(all).map(|capability| {
        let own = plan.scenarios.iter().filter(|planned| {
            let needed = needed(&planned.scenario);
            capability.map_or(needed.is_empty(), |one| needed.contains(&one))
        });
        let own: Vec<_> = own.collect();
        Share {
            capability,
            run: own.iter().filter(|planned| does_run(planned)).count(),
            all: own.len(),
        }
    });
    shares.filter(|share| share.all > 0).collect()
}

/// What a scenario is about and not every server has.
fn needed(scenario: &Scenario) -> BTreeSet<Capability> {
    let methods = scenario
        .calls()
        .filter_map(|call| Capability::of_method(call.method));
    scenario.capabilities().into_iter().chain(methods).collect()
}

fn does_run(planned: &Planned) -> bool {
    matches!(planned.decision, Decision::Run(_))
}

/// What somebody can do something about comes first, and then what most scenarios lack.
fn lacks(plan: &Plan) -> Vec<Lack<'_>> {
    let mut lacks: Vec<Lack<'_>> = Vec::new();
    for planned in &plan.scenarios {
        let Decision::Skip(verdict, reason) = &planned.decision else {
            continue;
        };
        let key = cause_of(reason);
        let id = planned.scenario.id.as_str();
        match lacks
            .iter_mut()
            .find(|lack| lack.key == key && lack.verdict == *verdict)
        {
            Some(lack) => lack.scenarios.push(id),
            None => lacks.push(Lack {
                verdict: *verdict,
                key,
                reason,
                scenarios: vec![id],
            }),
        }
    }
    lacks.sort_by_key(|lack| {
        let can_be_added = line_to_add(lack.reason).is_some();
        (
            !can_be_added,
            lack.verdict != Verdict::NotTestable,
            Reverse(lack.scenarios.len()),
        )
    });
    lacks
}
