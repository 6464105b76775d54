//! BS-BAL-10, BS-CREATE-16, BS-UPDATE-17, BS-WAIT-17, BS-WAIT-18, BS-MKT-04

use super::rate::Rate;
use crate::thresholds::{self, Limit};
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use protocol::Method;
use serde_json::json;
use transcript::{Exchange, shortfall};

const LOOKUP: RequirementId = RequirementId::declared("BS-BAL-10");
const CREATE: RequirementId = RequirementId::declared("BS-CREATE-16");
const UPDATE: RequirementId = RequirementId::declared("BS-UPDATE-17");
const ESTIMATES: RequirementId = RequirementId::declared("BS-WAIT-17");
const ENTRIES: RequirementId = RequirementId::declared("BS-WAIT-18");
const MARKETING: RequirementId = RequirementId::declared("BS-MKT-04");

pub(crate) static RULE: Rule = Rule {
    name: "run/latency",
    requirements: &[LOOKUP, CREATE, UPDATE, ESTIMATES, ENTRIES, MARKETING],
    manual: "All answers of the run are timed, from the first byte sent to the last received. Google's limits are 1.5 s for \
             BatchAvailabilityLookup, 4 s for CreateBooking and UpdateBooking, 15 s for a CreateBooking that pays, and 5 s for \
             SetMarketingPreference; of waitlists 1 s for BatchGetWaitEstimates and 4 s for the others. They \
             are limits on a rate, 3 % of look-ups and estimates and 5 % of the others: a single slow answer warns; it fails with at \
             least 20 samples whose exact binomial bound (Clopper and Pearson, 95 %) is a higher rate. An answer during which the harness itself was \
             late by more than 50 ms is left out, unless it is far too slow with that lateness taken off at every turn of \
             the exchange.",
    scope: Scope::Run(judge),
};

/// Where the harness itself was later than this, an answer may have arrived before it was read.
const OWN_LAG_US: u64 = 50_000;

/// Connecting, sending, and reading head and body: at each of them the harness may have been late.
const TURNS: u64 = 4;

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    check(LOOKUP, &Times::of(run, Method::BatchAvailabilityLookup), verdicts);
    check(CREATE, &Times::of(run, Method::CreateBooking), verdicts);
    check(UPDATE, &Times::of(run, Method::UpdateBooking), verdicts);
    check(
        ESTIMATES,
        &Times::of(run, Method::BatchGetWaitEstimates),
        verdicts,
    );
    for method in [
        Method::CreateWaitlistEntry,
        Method::GetWaitlistEntry,
        Method::DeleteWaitlistEntry,
    ] {
        check(ENTRIES, &Times::of(run, method), verdicts);
    }
    check(
        MARKETING,
        &Times::of(run, Method::SetMarketingPreference),
        verdicts,
    );
}

/// How long the answers to one method took, with the limit of each, microseconds.
struct Times {
    method: Method,
    samples: Vec<(u64, u64)>,
    /// The share of slow ones that Google tolerates.
    allowed: f64,
}

impl Times {
    fn of(run: &Run<'_>, method: Method) -> Self {
        let exchanges = run
            .cases
            .iter()
            .flat_map(|case| case.transcript.exchanges_of(method));
        // Who refuses everything at once has shown nothing of the time that the real work takes.
        let answered =
            exchanges.filter(|one| shortfall(method, &one.answer.reply).is_none() && !one.call.breaks_model);
        let samples = answered.filter_map(|exchange| sample(&exchange)).collect();
        let allowed = thresholds::limit(method, false).map_or(1.0, |limit| limit.errors);
        Self {
            method,
            samples,
            allowed,
        }
    }

    fn slow(&self) -> impl Iterator<Item = &(u64, u64)> {
        self.samples.iter().filter(|(took, limit)| took > limit)
    }

    fn rate(&self) -> Rate {
        Rate {
            samples: self.samples.len(),
            hits: self.slow().count(),
            allowed: self.allowed,
        }
    }
}

/// True when an answer certainly took longer than Google waits for one.
pub(crate) fn is_too_late(exchange: &Exchange<'_>) -> bool {
    sample(exchange).is_some_and(|(took, limit)| took > limit)
}

/// What the target took and may take, microseconds; none where our own lateness leaves that open, and where there is no
/// limit.
fn sample(exchange: &Exchange<'_>) -> Option<(u64, u64)> {
    let limit = limit(exchange)?.within_ms * 1_000;
    let took = exchange.answer.took_us;
    let lag = exchange.answer.lagged_us;
    // The lag may have come at every turn, so all of it is taken off before the target is blamed.
    let theirs = took.saturating_sub(TURNS * lag);
    (lag <= OWN_LAG_US || theirs > limit).then_some((took, limit))
}

fn limit(exchange: &Exchange<'_>) -> Option<Limit> {
    let pays = exchange.request_value("/payment_processing_parameters").is_some();
    thresholds::limit(exchange.call.method, pays)
}

fn check(requirement: RequirementId, times: &Times, verdicts: &mut Verdicts) {
    let rate = times.rate();
    let Some((took, limit)) = times.slow().max() else {
        if rate.samples > 0 {
            verdicts.pass(requirement);
        }
        return;
    };
    let (slowest, limit) = (seconds(*took), seconds(*limit));
    let message = format!(
        "{} of {} answers to {} took too long: the slowest {slowest} s, where the limit is {limit} s; {}",
        rate.hits,
        rate.samples,
        times.method,
        rate.verdict(),
    );
    let proof = Proof::default()
        .expected(json!({ "seconds": limit, "share_over_at_most": rate.allowed }))
        .actual(json!({ "samples": rate.samples, "over": rate.hits, "slowest_seconds": slowest }));
    if rate.is_exceeded() {
        verdicts.fail(requirement, proof, message);
    } else {
        verdicts.warn(requirement, proof, message);
    }
}

fn seconds(us: u64) -> f64 {
    (us as f64 / 10_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, StoryVerdict, booking, judge_run};
    use outcome::Verdict;

    fn assert_proven(verdict: &StoryVerdict, requirement: RequirementId) {
        assert_eq!(verdict.fails(requirement).verdict, Verdict::Fail);
    }

    const LOOK: Method = Method::BatchAvailabilityLookup;

    fn looked_up() -> serde_json::Value {
        json!({ "slot_time_availability": [{ "slot_time": {}, "available": true }] })
    }

    /// So many look-ups, the last ones slow.
    fn lookups(samples: usize, slow: usize, took_ms: u64) -> StoryVerdict {
        let story = (0..samples).fold(Story::arrival(), |story, number| {
            let story = story.call(LOOK, json!({ "slot_time": [] }), 200, looked_up());
            if number + slow < samples {
                story
            } else {
                story.took_ms(took_ms)
            }
        });
        story.judge(&RULE)
    }

    #[test]
    fn answers_within_the_limit_pass() {
        lookups(30, 1, 1_500).passes(LOOKUP);
        Story::arrival().judge(&RULE).says_nothing();
    }

    #[test]
    fn a_slow_answer_warns_and_says_how_many_there_were() {
        let found = lookups(30, 1, 1_620).warns(LOOKUP);
        assert!(
            found
                .message
                .starts_with("1 of 30 answers to BatchAvailabilityLookup took too long")
        );
        assert!(
            found
                .message
                .contains("the slowest 1.62 s, where the limit is 1.5 s")
        );
        assert_eq!(found.evidence.actual["over"], 1);
        lookups(19, 19, 1_620).warns(LOOKUP);
    }

    #[test]
    fn a_rate_that_is_proven_fails() {
        assert_proven(&lookups(20, 3, 1_620), LOOKUP);
        lookups(200, 10, 1_620).warns(LOOKUP);
        let found = lookups(200, 11, 1_620);
        assert_proven(&found, LOOKUP);
        let message = &found.fails(LOOKUP).message;
        assert!(message.ends_with(
            "in this run that is more than 3.1 % with 95 % confidence; Google tolerates less than 3 %"
        ));
    }

    fn create(took_ms: u64) -> Story {
        Story::arrival().create(booking()).took_ms(took_ms)
    }

    #[test]
    fn a_booking_that_pays_has_more_time() {
        let request = json!({ "payment_processing_parameters": {} });
        let paid = |took_ms| {
            let story = Story::prepayment().call(Method::CreateBooking, request.clone(), 200, booking());
            story.took_ms(took_ms)
        };
        judge_run(&[paid(14_900), paid(15_000)], &RULE).passes(CREATE);
        let found = judge_run(&[paid(300), paid(15_100)], &RULE).warns(CREATE);
        assert!(found.message.contains("15.1 s, where the limit is 15 s"));
        create(4_100).judge(&RULE).warns(CREATE);
        let stories: Vec<_> = (0..20).map(|_| create(4_100)).collect();
        assert_proven(&judge_run(&stories, &RULE), CREATE);
    }

    #[test]
    fn updates_have_their_own_samples() {
        let story = Story::arrival()
            .create(booking())
            .cancel(json!({ "booking": { "booking_id": "b", "status": "CANCELED" } }))
            .took_ms(4_200);
        let found = story.judge(&RULE).warns(UPDATE);
        assert!(found.message.starts_with("1 of 1 answers to UpdateBooking"));
    }

    #[test]
    fn our_own_lateness_is_nobodys_fault() {
        let slow = |ms, lag| {
            let story = Story::arrival().call(LOOK, json!({}), 200, looked_up());
            story.took_ms(ms).lag_ms(lag).judge(&RULE)
        };
        slow(1_900, 100).says_nothing();
        slow(900, 51).says_nothing();
        slow(1_901, 100).warns(LOOKUP);
    }
}
