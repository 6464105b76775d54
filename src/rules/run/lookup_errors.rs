//! BS-BAL-11

use super::rate::Rate;
use crate::thresholds;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use transcript::{Exchange, Phase, Reply, Silence};

const SELDOM: RequirementId = RequirementId::declared("BS-BAL-11");

pub(crate) static RULE: Rule = Rule {
    name: "run/lookup-errors",
    requirements: &[SELDOM],
    manual: "Every slot is looked up once before it is booked; these look-ups are all of one form, and Google tolerates \
             errors in less than 3 % of them. Counted are answers without a list of slots, whatever their status, where a \
             look-up of the same merchant and service was answered well at another time of the run: what always fails has a \
             rule or a scenario of its own. Any such error warns; it fails with at least 20 look-ups whose exact \
             binomial bound (Clopper and Pearson, 95 %) is a higher rate. Look-ups that the network lost, and that were answered \
             when they were made again, are counted only where that proves a higher rate.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let exchanges = run.cases.iter().flat_map(|case| {
        let all = case.transcript.exchanges_of(Method::BatchAvailabilityLookup);
        all.filter(|exchange| exchange.phase == Phase::Prepare && !is_limit_of_ours(exchange))
    });
    let all: Vec<Exchange<'_>> = exchanges.collect();
    let well: BTreeSet<_> = all.iter().filter(|one| is_well(one)).map(subject).collect();
    let errors = all
        .iter()
        .filter(|one| !is_well(one) && well.contains(&subject(one)));
    let rate = Rate {
        samples: all.len(),
        hits: errors.clone().count(),
        allowed: thresholds::limit(Method::BatchAvailabilityLookup, false).map_or(1.0, |limit| limit.errors),
    };
    if let Some((rate, detail)) = lost(run, rate) {
        let message = format!(
            "{} of {} look-ups got no answer at first, or an error; {}",
            rate.hits,
            rate.samples,
            rate.verdict(),
        );
        let proof = Proof::default()
            .expected(json!({ "share_of_errors_at_most": rate.allowed }))
            .actual(json!({ "look_ups": rate.samples, "errors": rate.hits, "first": detail }));
        return verdicts.fail(SELDOM, proof, message);
    }
    let Some(first) = errors.clone().next() else {
        if !well.is_empty() {
            verdicts.pass(SELDOM);
        }
        return;
    };
    let message = format!(
        "{} of {} look-ups failed, while others of the same services were answered; {}",
        rate.hits,
        rate.samples,
        rate.verdict(),
    );
    let proof = Proof::default()
        .expected(json!({ "share_of_errors_at_most": rate.allowed }))
        .actual(json!({ "look_ups": rate.samples, "errors": rate.hits, "first": outcome(first) }));
    if rate.is_exceeded() {
        verdicts.fail(SELDOM, proof, message);
    } else {
        verdicts.warn(SELDOM, proof, message);
    }
}

/// The rate together with what the network lost, and the first loss in words: where it proves too many. A few may be anybody's fault.
fn lost<'r>(run: &Run<'r>, errors: Rate) -> Option<(Rate, &'r str)> {
    let method = Method::BatchAvailabilityLookup;
    let all = run
        .cases
        .iter()
        .flat_map(|case| case.transcript.exchanges_of(method));
    let lost: Vec<&str> = run
        .cases
        .iter()
        .flat_map(|case| case.transcript.lost_tries())
        .filter(|(call, _)| call.method == method)
        .map(|(_, lost)| lost.detail.as_str())
        .collect();
    let rate = Rate {
        samples: all.count() + lost.len(),
        hits: errors.hits + lost.len(),
        ..errors
    };
    Some((rate, *lost.first()?)).filter(|(rate, _)| rate.is_exceeded())
}

/// Merchant and service of a look-up of one slot.
fn subject<'e>(exchange: &Exchange<'e>) -> (Option<&'e str>, Option<&'e str>) {
    let text = |pointer| exchange.request_value(pointer).and_then(Value::as_str);
    (text("/merchant_id"), text("/slot_time/0/service_id"))
}

fn is_well(exchange: &Exchange<'_>) -> bool {
    exchange
        .answer_value("/slot_time_availability")
        .is_some_and(Value::is_array)
}

/// True where no answer was kept for a reason that is the harness's own.
fn is_limit_of_ours(exchange: &Exchange<'_>) -> bool {
    let limits = [Silence::TooLarge, Silence::Exhausted];
    matches!(&exchange.answer.reply, Reply::Nothing { kind, .. } if limits.contains(kind))
}

fn outcome(exchange: &Exchange<'_>) -> String {
    match exchange.http() {
        Some(reply) if reply.is_success() => "200 without a list of slots".to_owned(),
        Some(reply) => format!("status {}", reply.status),
        None => "no answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, judge_run};
    use outcome::Verdict;

    fn look_up(service: &str, status: u16, answer: Value) -> Story {
        let request = json!({ "merchant_id": "salon", "slot_time": [{ "service_id": service }] });
        Story::arrival().prepare(request, status, answer)
    }

    fn good(service: &str) -> Story {
        look_up(
            service,
            200,
            json!({ "slot_time_availability": [{ "available": true }] }),
        )
    }

    fn failing_lookup(service: &str) -> Story {
        look_up(service, 503, json!({}))
    }

    #[test]
    fn good_look_ups_pass_and_others_than_those_before_booking_do_not_count() {
        judge_run(&[good("cut"), good("color")], &RULE).passes(SELDOM);
        let of_a_step = Story::arrival().call(Method::BatchAvailabilityLookup, json!({}), 503, json!({}));
        judge_run(&[of_a_step], &RULE).says_nothing();
    }

    #[test]
    fn what_always_fails_has_other_reasons() {
        judge_run(
            &[good("cut"), failing_lookup("color"), failing_lookup("color")],
            &RULE,
        )
        .passes(SELDOM);
        judge_run(&[failing_lookup("cut")], &RULE).says_nothing();
    }

    #[test]
    fn what_the_harness_itself_did_not_take_is_no_error() {
        let story = |number: usize| match number % 4 {
            0 => good("cut").unanswered(Silence::TooLarge),
            _ => good("cut"),
        };
        let all: Vec<_> = (0..24).map(story).collect();
        judge_run(&all, &RULE).passes(SELDOM);
    }

    #[test]
    fn what_the_network_lost_counts_only_where_it_proves_too_much() {
        let lossy = |lost: usize| -> Vec<Story> {
            let story = |number| {
                let story = good("cut");
                if number < lost {
                    story.lost_at_first()
                } else {
                    story
                }
            };
            (0..24).map(story).collect()
        };
        judge_run(&lossy(1), &RULE).passes(SELDOM);
        let found = judge_run(&lossy(8), &RULE).fails(SELDOM);
        assert!(
            found.message.starts_with("8 of 32 look-ups got no answer"),
            "{}",
            found.message
        );
    }

    #[test]
    fn errors_that_come_and_go_are_counted() {
        let found = judge_run(&[good("cut"), failing_lookup("cut")], &RULE).warns(SELDOM);
        assert!(found.message.starts_with("1 of 2 look-ups failed"));
        let bare = look_up("cut", 200, json!({}));
        let found = judge_run(&[good("cut"), bare], &RULE).warns(SELDOM);
        assert_eq!(found.evidence.actual["first"], "200 without a list of slots");
        let many: Vec<_> = (0..24)
            .map(|number| {
                if number % 4 == 0 {
                    failing_lookup("cut")
                } else {
                    good("cut")
                }
            })
            .collect();
        assert_eq!(judge_run(&many, &RULE).fails(SELDOM).verdict, Verdict::Fail);
    }
}
