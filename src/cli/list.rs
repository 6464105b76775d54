//! `conformance list`

use super::exit::{CommandResult, Exit, Failure};
use super::session::{self, TargetFlags};
use super::{markdown, needed, output, requirements, run};
use harness::{Bundle, Decision, Plan, Planned, Selection, Suite, TargetKind};
use outcome::text::one_line;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What to list.
    #[arg(value_enum)]
    what: What,
    #[command(flatten)]
    target: TargetFlags,
    /// Of scenarios: leave out what this filter takes, as in a run; repeatable.
    #[arg(long, value_name = "GLOB")]
    not: Vec<String>,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Scenarios, their slots, and why some do not run.
    Scenarios,
    /// The requirements and what judges them.
    Requirements,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// A page for a book or a wiki.
    Markdown,
}

/// Lists.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle) -> CommandResult {
    if arguments.what == What::Requirements && !arguments.not.is_empty() {
        return Err(Failure::wrong(
            "--not leaves out scenarios, and these are requirements",
            "leave --not out, or list scenarios",
        ));
    }
    let config = arguments.target.config()?;
    let suite = session::load_suite(bundle, &config)?;
    if arguments.what == What::Requirements {
        output::out(&match arguments.format {
            Form::Text => requirements::text(&suite),
            Form::Json => format!("{:#}", requirements::json(&suite)),
            Form::Markdown => markdown::requirements(&suite),
        });
        return Ok(Exit::Done);
    }
    arguments.target.check_target(&config)?;
    let selection = session::select(Vec::new(), session::left_out(&arguments.not)?, &config, &suite)?;
    let plan = plan(config, &suite, selection)?;
    output::out(&match arguments.format {
        Form::Text => scenarios_text(&plan),
        Form::Json => format!("{:#}", scenarios_json(&plan)),
        Form::Markdown => markdown::scenarios(&plan),
    });
    Ok(Exit::Done)
}

fn plan(config: config::Config, suite: &Suite, selection: Selection) -> Result<Plan, Failure> {
    if config.target.is_some() {
        let target = session::load_target(config, TargetKind::Url)?;
        return Ok(run::plan_without_running(suite, &target, selection));
    }
    of_the_reference(suite, selection)
}

#[cfg(feature = "reference")]
fn of_the_reference(suite: &Suite, selection: Selection) -> Result<Plan, Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(async {
        let partner = ::reference::start_embedded().await.map_err(Failure::machine)?;
        let target = session::load_target(
            session::read_config(partner.config(), None)?,
            TargetKind::Reference,
        )?;
        let plan = run::plan_without_running(suite, &target, selection);
        partner.shutdown().await;
        Ok(plan)
    })
}

#[cfg(not(feature = "reference"))]
fn of_the_reference(_: &Suite, _: Selection) -> Result<Plan, Failure> {
    Err(Failure::wrong(
        "there is no target",
        "give --target URL or a config with [target]",
    ))
}

/// The plan as a table.
pub(super) fn scenarios_text(plan: &Plan) -> String {
    let mut text = String::new();
    for planned in &plan.scenarios {
        let (word, detail) = match &planned.decision {
            Decision::Run(_) => ("runs", slots(planned).join("; ")),
            Decision::Skip(verdict, reason) => (verdict.word(), reason.clone()),
        };
        let line = format!("{word:<15}{:<44}{detail}", planned.scenario.id);
        let _ = writeln!(text, "{}", one_line(&line));
    }
    text.push_str(&needed::text(plan));
    let runs = plan.jobs().count();
    let _ = writeln!(
        text,
        "{runs} scenarios run, with {} calls and at most {} bookings",
        plan.calls(),
        plan.bookings()
    );
    text
}

fn slots(planned: &Planned) -> Vec<String> {
    let Decision::Run(job) = &planned.decision else {
        return Vec::new();
    };
    let first = job
        .slots
        .iter()
        .filter_map(|(name, slots)| Some((name, slots.first()?)));
    first
        .map(|(name, slot)| {
            let start = jiff::Timestamp::from_second(slot.start_sec)
                .map(|time| time.to_string())
                .unwrap_or_default();
            format!("{name}: {} {} {start}", slot.merchant_id, slot.service_id)
        })
        .collect()
}

fn scenarios_json(plan: &Plan) -> Value {
    let scenarios = plan.scenarios.iter().map(|planned| {
        let (runs, verdict, reason) = match &planned.decision {
            Decision::Run(_) => (true, Value::Null, Value::Null),
            Decision::Skip(verdict, reason) => (false, json!(verdict), json!(reason)),
        };
        let slots = match &planned.decision {
            Decision::Run(job) => json!(
                job.slots
                    .iter()
                    .map(|(name, all)| (name.clone(), json!(all.first())))
                    .collect::<serde_json::Map<_, _>>()
            ),
            Decision::Skip(..) => Value::Null,
        };
        json!({ "id": planned.scenario.id, "title": planned.scenario.title, "runs": runs, "verdict": verdict,
            "reason": reason, "slots": slots, "requirements": planned.scenario.requirements() })
    });
    let mut shown = json!({ "scenarios": scenarios.collect::<Vec<_>>(), "calls": plan.calls(), "bookings": plan.bookings() });
    if let (Some(shown), Value::Object(more)) = (shown.as_object_mut(), needed::json(plan)) {
        shown.extend(more);
    }
    shown
}
