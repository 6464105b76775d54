//! RTU-GEN-04

use super::{BookingUpdate, until_the_next_act};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{int64, time};
use transcript::Exchange;

const ECHO: RequirementId = RequirementId::declared("RTU-GEN-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/echo",
    requirements: &[ECHO],
    manual: "After Google itself has cancelled or moved a booking, no notification should come that only repeats it. A \
             notification that also reports a refund is none of these, and online services may tell of changes from either \
             side. Repeats of one notification count once.",
    scope: Scope::Scenario(judge),
};

/// What Google asked for.
#[derive(Clone, Copy)]
enum RequestedChange {
    Cancel,
    Move(i64),
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for exchange in case.answers() {
        let id = exchange
            .request_value("/booking/booking_id")
            .and_then(|id| id.as_str());
        let (Some(id), Some(change)) = (id, change(&exchange)) else {
            continue;
        };
        let online = case
            .slot_of_booking(id)
            .is_some_and(|slot| slot.terms.online.is_some());
        let echo = until_the_next_act(case, exchange.answer.call, id)
            .into_iter()
            .find(|patch| !online && repeats(patch, change, &exchange));
        verdicts.check(ECHO, echo.is_none(), || {
            let entry = echo.map(|patch| patch.entry);
            let message = match change {
                RequestedChange::Cancel => {
                    "a notification repeats the cancellation that Google itself had asked for"
                }
                RequestedChange::Move(_) => {
                    "a notification repeats the new time that Google itself had asked for"
                }
            };
            let proof = Proof {
                entry,
                ..Proof::default()
            };
            (proof.expected("no notification"), message.to_owned())
        });
    }
}

/// The change, if it was made.
fn change(exchange: &Exchange<'_>) -> Option<RequestedChange> {
    let booking = reading::updated_booking(exchange)?;
    let canceled = |value: Option<&str>| value == Some("CANCELED");
    if canceled(
        exchange
            .request_value("/booking/status")
            .and_then(|status| status.as_str()),
    ) {
        return canceled(reading::text(booking, "/status")).then_some(RequestedChange::Cancel);
    }
    exchange
        .request_value("/booking/slot/start_sec")
        .and_then(int64::read)
        .map(RequestedChange::Move)
}

/// True when a notification says what was asked for and nothing that Google did not know.
fn repeats(patch: &BookingUpdate<'_>, change: RequestedChange, exchange: &Exchange<'_>) -> bool {
    // A notification may overtake the answer; Google's copy is then still the old one.
    let overtakes = patch.entry < exchange.entry;
    let new_payment = patch
        .prepayment()
        .is_some_and(|reported| reported != patch.prepayment_before());
    let start = |text: Option<&str>| text.and_then(|text| time::timestamp_to_seconds(text).ok());
    let (reported, known) = (
        start(patch.text("/startTime")),
        start(patch.text_before("/startTime")),
    );
    let (status, was) = (patch.status(), patch.text_before("/status"));
    !new_payment
        && match change {
            RequestedChange::Cancel => {
                // A cancellation that also reports another time is news.
                let elsewhere = reported.is_some() && reported != known;
                status == Some("CANCELED") && (was == status || overtakes) && !elsewhere
            }
            RequestedChange::Move(to) => {
                let other_status = status.is_some() && status != was;
                reported == Some(to) && (known == reported || overtakes) && !other_status
            }
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Story, booking, changes, copy};
    use protocol::Method;
    use serde_json::json;

    fn cancel(story: Story) -> Story {
        let mut answer = booking();
        answer["booking"]["status"] = json!("CANCELED");
        story.create(booking()).cancel(answer)
    }

    fn repeat(story: Story) -> Story {
        let body = changes(json!({ "status": "CANCELED" }));
        story.patch(
            Some("status"),
            body,
            copy("CANCELED", None),
            copy("CANCELED", None),
        )
    }

    #[test]
    fn silence_passes() {
        cancel(Story::arrival()).judge(&RULE).passes(ECHO);
    }

    #[test]
    fn a_repeated_cancellation_warns_once() {
        repeat(repeat(cancel(Story::arrival()))).judge(&RULE).warns(ECHO);
    }

    #[test]
    fn refunds_online_services_and_acts_of_others_are_no_echo() {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let before = copy("CANCELED", Some("PREPAYMENT_PROVIDED"));
        let after = copy("CANCELED", Some("PREPAYMENT_REFUNDED"));
        let refund = cancel(Story::deposit(60)).patch(Some("status,paymentInformation"), body, before, after);
        refund.judge(&RULE).passes(ECHO);
        repeat(cancel(Story::online(None))).judge(&RULE).passes(ECHO);
        repeat(cancel(Story::arrival()).trigger("merchant_cancel"))
            .judge(&RULE)
            .passes(ECHO);
    }

    #[test]
    fn a_repeated_move_warns() {
        let request = json!({ "booking": { "booking_id": "bk-0001",
            "slot": { "start_sec": "1893488400", "duration_sec": "1800" } } });
        let mut moved = copy("CONFIRMED", None);
        moved["startTime"] = json!("2030-01-01T09:00:00Z");
        let body = changes(json!({ "startTime": "2030-01-01T09:00:00Z" }));
        let story = Story::arrival()
            .create(booking())
            .call(Method::UpdateBooking, request, 200, booking());
        story
            .patch(Some("startTime"), body, moved.clone(), moved)
            .judge(&RULE)
            .warns(ECHO);
    }
}
