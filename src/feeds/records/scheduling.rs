//! The scheduling rules of a service, and its cancellation policy.

use super::convert::{keep, lead};
use super::messages::empty::Message;
use super::messages::service::{PolicyRecord, RulesRecord};
use super::value::member;
use crate::code::ProblemCode;
use crate::files::wire::{NameOrNumber, is_set};
use crate::problem::RecordProblem;
use domain::slot::RefundStep;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The scheduling rules of a service; lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SchedulingRules {
    /// Between the last possible booking and the start.
    pub min_advance_booking: Option<i64>,
    /// Between the last possible booking and the end; counts where `time_flexible` is set.
    pub min_booking_buffer_before_end_time: Option<i64>,
    /// Between the last possible online cancellation and the start.
    pub min_advance_online_canceling: Option<i64>,
    /// True when one may come at any time during the slot.
    pub time_flexible: bool,
    /// Longest lead first; absent where the service states no policy, which means no refunds.
    pub cancellation_policy: Option<Vec<RefundStep>>,
}

/// The rules under their own name or under the other one that some pages print; `None` when they have lost their
/// meaning. A message in which nothing is set is none; a length of time that is negative counts as unset.
pub(crate) fn read(
    rules: Option<&RulesRecord>,
    alias: Option<&RulesRecord>,
    problems: &mut Vec<RecordProblem>,
) -> Option<SchedulingRules> {
    let [rules, alias] = [rules, alias].map(|record| record.filter(|record| record.has_content()));
    if alias.is_some() {
        problems.push(RecordProblem::new(
            ProblemCode::RulesAlias,
            "scheduling_rules",
            "the field is called `rules`",
        ));
    }
    let mut read =
        |record: Option<&RulesRecord>, name: &str| match record.map(|record| read_rules(record, name)) {
            None => Some(None),
            Some((rules, found)) => {
                let lost = found
                    .iter()
                    .any(|problem| problem.code == ProblemCode::InvalidRefundStep);
                problems.extend(found);
                (!lost).then_some(Some(rules))
            }
        };
    let (rules, alias) = (read(rules, "rules")?, read(alias, "scheduling_rules")?);
    if rules.is_some() && alias.is_some() && rules != alias {
        let message = "differs from `rules`, which is used";
        problems.push(RecordProblem::new(
            ProblemCode::RulesConflict,
            "scheduling_rules",
            message,
        ));
    }
    Some(rules.or(alias).unwrap_or_default())
}

/// Notes what counts for nothing where it stands, in the rules under either name.
pub(crate) fn check(
    rules: Option<&RulesRecord>,
    alias: Option<&RulesRecord>,
    problems: &mut Vec<RecordProblem>,
) {
    for (field, rules) in [("rules", rules), ("scheduling_rules", alias)] {
        let odd = rules.into_iter().flat_map(odd_rules);
        problems.extend(odd.map(|problem| problem.inside(field)));
    }
}

fn odd_rules(rules: &RulesRecord) -> impl Iterator<Item = RecordProblem> {
    let buffer = rules
        .min_booking_buffer_before_end_time
        .is_some_and(|seconds| seconds.0 > 0);
    let strict = !can_mean(rules.admission_policy.as_ref(), "TIME_FLEXIBLE");
    let buffer = (buffer && strict).then(|| {
        let message = "counts only with the admission policy TIME_FLEXIBLE";
        RecordProblem::new(
            ProblemCode::BufferWithoutFlexibility,
            "min_booking_buffer_before_end_time",
            message,
        )
    });
    let fees = [
        ("late_cancellation_fee", &rules.late_cancellation_fee),
        ("noshow_fee", &rules.noshow_fee),
    ];
    let amount = |fee: &Value| member(fee, "price_micros").is_some_and(is_set);
    let fees = fees
        .into_iter()
        .filter(move |(_, fee)| fee.as_ref().is_some_and(amount))
        .map(|(field, _)| {
            RecordProblem::new(
                ProblemCode::LegacyFee,
                field,
                "belongs at the service, as `no_show_fee`",
            )
        });
    buffer.into_iter().chain(fees)
}

/// True where the name stands there, or a number, whose meaning no page states.
pub(crate) fn can_mean(label: Option<&NameOrNumber>, name: &str) -> bool {
    let is_number = |text: &str| text != "0" && text.parse::<u32>().is_ok();
    label.is_some_and(|label| label.0 == name || is_number(&label.0))
}

fn read_rules(record: &RulesRecord, name: &str) -> (SchedulingRules, Vec<RecordProblem>) {
    let mut problems = Vec::new();
    let mut seconds = |field, value| keep(lead(value, field), &mut problems).flatten();
    let mut rules = SchedulingRules {
        min_advance_booking: seconds("min_advance_booking", record.min_advance_booking),
        min_booking_buffer_before_end_time: seconds(
            "min_booking_buffer_before_end_time",
            record.min_booking_buffer_before_end_time,
        ),
        min_advance_online_canceling: seconds(
            "min_advance_online_canceling",
            record.min_advance_online_canceling,
        ),
        time_flexible: record
            .admission_policy
            .as_ref()
            .is_some_and(|policy| policy.0 == "TIME_FLEXIBLE"),
        cancellation_policy: None,
    };
    rules.cancellation_policy = record
        .cancellation_policy
        .as_ref()
        .map(|policy| refund_steps(policy, &mut problems));
    let problems = problems.into_iter().map(|problem| problem.inside(name)).collect();
    (rules, problems)
}

/// The steps of a policy, longest lead first.
fn refund_steps(record: &PolicyRecord, problems: &mut Vec<RecordProblem>) -> Vec<RefundStep> {
    let mut steps: Vec<_> = record
        .refund_condition
        .iter()
        .flatten()
        .map(|step| RefundStep {
            min_duration_before_start_time_sec: step
                .min_duration_before_start_time_sec
                .map_or(0, |int| int.0),
            refund_percent: step.refund_percent.map_or(0, |int| int.0),
        })
        .collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.min_duration_before_start_time_sec));
    let note = |code, message| RecordProblem::new(code, "cancellation_policy.refund_condition", message);
    problems.extend(
        steps
            .iter()
            .filter_map(wrong_step)
            .map(|message| note(ProblemCode::InvalidRefundStep, message)),
    );
    problems.extend(
        steps
            .windows(2)
            .filter_map(wrong_pair)
            .map(|(code, message)| note(code, message)),
    );
    steps
}

fn wrong_step(step: &RefundStep) -> Option<String> {
    let (lead, percent) = (step.min_duration_before_start_time_sec, step.refund_percent);
    let wrong = lead < 0 || !(0..=100).contains(&percent);
    wrong.then(|| format!("{percent} % from {lead} s before the start: 0 to 100 % and no negative lead"))
}

fn wrong_pair(pair: &[RefundStep]) -> Option<(ProblemCode, String)> {
    let [longer, shorter] = pair else { return None };
    let lead = shorter.min_duration_before_start_time_sec;
    if longer.refund_percent == shorter.refund_percent {
        None
    } else if longer.min_duration_before_start_time_sec == lead {
        Some((
            ProblemCode::InvalidRefundStep,
            format!("two different percentages from {lead} s before the start"),
        ))
    } else {
        let message = format!("more is given back from {lead} s before the start than earlier");
        (shorter.refund_percent > longer.refund_percent).then_some((ProblemCode::RisingRefund, message))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::records::service::Service;
    use serde_json::json;

    fn read(fields: &str) -> (Service, Vec<ProblemCode>) {
        let mut problems = Vec::new();
        let name = r#""localized_service_name":{"value":"Trim"}"#;
        let json = format!(r#"{{"merchant_id":"m","service_id":"s",{name}{fields}}}"#);
        let service = Service::read(serde_json::from_str(&json).unwrap(), &mut problems).unwrap();
        (
            service,
            problems.into_iter().map(|problem| problem.code).collect(),
        )
    }

    #[test]
    fn rules_are_read_under_both_names_and_rules_wins() {
        let (service, codes) = read(r#","scheduling_rules":{"min_advance_booking":"60"}"#);
        assert_eq!(service.rules.min_advance_booking, Some(60));
        assert_eq!(codes, [ProblemCode::RulesAlias]);

        let both = r#","rules":{"min_advance_booking":60},"scheduling_rules":{"min_advance_booking":"60"}"#;
        assert_eq!(read(both).1, [ProblemCode::RulesAlias]);
        let (service, codes) = read(&both.replace("\"60\"", "90"));
        assert_eq!(service.rules.min_advance_booking, Some(60));
        assert_eq!(codes, [ProblemCode::RulesAlias, ProblemCode::RulesConflict]);
    }

    #[test]
    fn rules_in_which_nothing_is_set_are_none() {
        let rules = r#","rules":{"min_advance_booking":60}"#;
        assert_eq!(read(&format!(r#"{rules},"scheduling_rules":{{}}"#)).1, []);
        let (service, codes) = read(r#","rules":{},"scheduling_rules":{"min_advance_booking":60}"#);
        assert_eq!(service.rules.min_advance_booking, Some(60));
        assert_eq!(codes, [ProblemCode::RulesAlias]);
    }

    #[test]
    fn a_negative_lead_counts_as_unset_and_the_service_is_still_judged() {
        let (service, codes) =
            read(r#","rules":{"min_advance_booking":-1,"min_advance_online_canceling":60}"#);
        assert!(service.usable);
        assert_eq!(service.rules.min_advance_booking, None);
        assert_eq!(service.rules.min_advance_online_canceling, Some(60));
        assert_eq!(codes, [ProblemCode::InvalidLead]);
    }

    #[test]
    fn refund_steps_are_ordered_and_checked() {
        let steps = |conditions: &str| {
            let policy = format!(r#"{{"cancellation_policy":{{"refund_condition":[{conditions}]}}}}"#);
            let (service, codes) = read(&format!(r#","rules":{policy}"#));
            let steps = service.rules.cancellation_policy.unwrap_or_default();
            let leads: Vec<_> = steps
                .iter()
                .map(|step| step.min_duration_before_start_time_sec)
                .collect();
            (leads, codes, service.usable)
        };
        let half = r#"{"min_duration_before_start_time_sec":"60","refund_percent":50}"#;
        let full = r#"{"min_duration_before_start_time_sec":90,"refund_percent":100}"#;
        assert_eq!(steps(&format!("{half},{full}")), (vec![90, 60], vec![], true));
        let rising = full.replace("90", "30");
        assert_eq!(
            steps(&format!("{half},{rising}")),
            (vec![60, 30], vec![ProblemCode::RisingRefund], true)
        );
        let twice = full.replace("90", "60");
        assert_eq!(
            steps(&format!("{half},{twice}")).1,
            [ProblemCode::InvalidRefundStep]
        );
        assert_eq!(
            steps(&full.replace("100", "101")),
            (vec![], vec![ProblemCode::InvalidRefundStep], false)
        );
    }

    /// What is said of rules that stand as `scheduling_rules`.
    fn odd(field: &str, rules: Value) -> Vec<(ProblemCode, String)> {
        let record = serde_json::from_value(rules).unwrap();
        let (mut rules, mut alias) = (None, None);
        if field == "rules" {
            rules = Some(&record);
        } else {
            alias = Some(&record);
        }
        let mut problems = Vec::new();
        check(rules, alias, &mut problems);
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect()
    }

    #[test]
    fn a_buffer_before_the_end_needs_the_flexible_policy() {
        let rules = |policy: Value| {
            let rules = json!({ "min_booking_buffer_before_end_time": 60, "admission_policy": policy });
            odd("scheduling_rules", rules)
        };
        assert_eq!(rules(json!("TIME_FLEXIBLE")), []);
        assert_eq!(rules(json!(2)), [], "no page says what the numbers mean");
        let field = "scheduling_rules.min_booking_buffer_before_end_time";
        for policy in [json!(null), json!("TIME_STRICT")] {
            assert_eq!(
                rules(policy),
                [(ProblemCode::BufferWithoutFlexibility, field.to_owned())]
            );
        }
    }

    #[test]
    fn fees_belong_beside_the_rules() {
        let fee = |amount: i64| odd("rules", json!({ "noshow_fee": { "price_micros": amount } }));
        assert_eq!(fee(0), []);
        assert_eq!(fee(5), [(ProblemCode::LegacyFee, "rules.noshow_fee".to_owned())]);
    }
}
