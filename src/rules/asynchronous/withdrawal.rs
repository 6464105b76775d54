//! BS-ASYNC-04

use super::PENDING;
use crate::verdicts::Proof;
use crate::{Case, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use transcript::Exchange;

const WITHDRAWN: RequirementId = RequirementId::declared("BS-ASYNC-04");

pub(crate) static RULE: Rule = Rule {
    name: "asynchronous/withdrawal",
    requirements: &[WITHDRAWN],
    manual: "A booking that waits for the merchant must be cancelled when Google asks for it, in time for cancelling online. A \
             partner that cancels no booking at all has another finding, so the cancellations of the whole run are compared.",
    scope: Scope::Run(judge),
};

/// A cancellation by Google.
struct Cancellation<'r> {
    scenario: &'r str,
    pending: bool,
    accepted: bool,
}

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let all: Vec<_> = run.cases.iter().flat_map(cancellations).collect();
    let (pending, others): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.pending);
    let refused = pending.iter().find(|one| !one.accepted);
    let refuses_all = !others.is_empty() && others.iter().all(|one| !one.accepted);
    if pending.is_empty() || (refused.is_some() && refuses_all) {
        return;
    }
    verdicts.check(WITHDRAWN, refused.is_none(), || {
        let proof = Proof::default().expected("booking.status CANCELED");
        (
            proof.actual(refused.map(|one| one.scenario)),
            "a booking that still waits for the merchant was not cancelled when Google asked for it"
                .to_owned(),
        )
    });
}

fn cancellations<'r>(case: &'r Case<'_>) -> Vec<Cancellation<'r>> {
    let mut all = Vec::new();
    for (id, made) in case.bookings() {
        let pending = made.answer_text("/booking/status") == Some(PENDING);
        let undecided =
            !pending || (case.calls_about(id).next().is_none() && case.triggers().next().is_none());
        let first = case.answers().find(|exchange| cancels(exchange, id));
        if let Some(exchange) = first.filter(|exchange| undecided && exchange.http().is_some()) {
            let status =
                reading::updated_booking(&exchange).and_then(|booking| reading::text(booking, "/status"));
            all.push(Cancellation {
                scenario: &case.scenario.id,
                pending,
                accepted: status == Some("CANCELED"),
            });
        }
    }
    all
}

fn cancels(exchange: &Exchange<'_>, id: &str) -> bool {
    let sent = |pointer| exchange.request_value(pointer).and_then(|value| value.as_str());
    sent("/booking/booking_id") == Some(id) && sent("/booking/status") == Some("CANCELED")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, judge_run};
    use serde_json::{Value, json};

    fn with_status(status: &str) -> Value {
        let mut answer = booking();
        answer["booking"]["status"] = json!(status);
        answer
    }

    fn refusal() -> Value {
        json!({ "booking_failure": { "cause": "BOOKING_NOT_CANCELLABLE" } })
    }

    fn story(status: &str, answer: Value) -> Story {
        Story::arrival().create(with_status(status)).cancel(answer)
    }

    #[test]
    fn a_withdrawn_request_passes() {
        let stories = [story(PENDING, with_status("CANCELED"))];
        judge_run(&stories, &RULE).passes(WITHDRAWN);
    }

    #[test]
    fn a_request_that_cannot_be_withdrawn_is_found() {
        let both = [
            story(PENDING, refusal()),
            story("CONFIRMED", with_status("CANCELED")),
        ];
        judge_run(&both, &RULE).fails(WITHDRAWN);
        judge_run(&[story(PENDING, with_status(PENDING))], &RULE).fails(WITHDRAWN);
    }

    #[test]
    fn who_cancels_nothing_has_another_finding() {
        let both = [story(PENDING, refusal()), story("CONFIRMED", refusal())];
        judge_run(&both, &RULE).says_nothing();
    }
}
