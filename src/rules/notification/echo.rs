//! RTU-GEN-04

use super::{BookingUpdate, until_the_next_act};
use crate::verdicts::Proof;
use crate::{Case, Rule, Scope, Verdicts, reading};
use catalogue::RequirementId;
use protocol::{int64, time};
use serde_json::Value;
use transcript::Exchange;

const ECHO: RequirementId = RequirementId::declared("RTU-GEN-04");

pub(crate) static RULE: Rule = Rule {
    name: "notification/echo",
    requirements: &[ECHO],
    manual: "After Google itself has made, cancelled, moved or resized a booking, no notification should come that only repeats it. A \
             notification that also reports a refund is none of these, and online services may tell of changes from either \
             side. Repeats of one notification count once.",
    scope: Scope::Scenario(judge),
};

/// What Google asked for.
#[derive(Clone, Copy)]
enum RequestedChange<'t> {
    /// A booking, with the status that it was answered with.
    Create(&'t str),
    Cancel,
    Move(i64),
    Party(i64),
}

impl RequestedChange<'_> {
    fn words(self) -> &'static str {
        match self {
            Self::Create(_) => {
                "a notification repeats the status of a booking that Google itself has just made"
            }
            Self::Cancel => "a notification repeats the cancellation that Google itself had asked for",
            Self::Move(_) => "a notification repeats the new time that Google itself had asked for",
            Self::Party(_) => "a notification repeats the party size that Google itself had asked for",
        }
    }
}

fn judge(case: &Case<'_>, verdicts: &mut Verdicts) {
    for exchange in case.answers() {
        let Some((id, change)) = change(&exchange) else {
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
            let proof = Proof {
                entry,
                ..Proof::default()
            };
            let seen = echo.map(|patch| patch.body.clone()).unwrap_or_default();
            (
                proof.expected("no notification").actual(seen),
                change.words().to_owned(),
            )
        });
    }
}

/// The booking and the change, if it was made.
fn change<'t>(exchange: &Exchange<'t>) -> Option<(&'t str, RequestedChange<'t>)> {
    if let Some(made) = reading::created_booking(exchange) {
        let status = reading::text(made, "/status")?;
        return Some((reading::id(made)?, RequestedChange::Create(status)));
    }
    let booking = reading::updated_booking(exchange)?;
    let id = exchange.request_value("/booking/booking_id")?.as_str()?;
    let canceled = |value: Option<&str>| value == Some("CANCELED");
    if canceled(
        exchange
            .request_value("/booking/status")
            .and_then(|status| status.as_str()),
    ) {
        return canceled(reading::text(booking, "/status")).then_some((id, RequestedChange::Cancel));
    }
    let number = |pointer: &str| exchange.request_value(pointer).and_then(int64::read);
    let moved = number("/booking/slot/start_sec").map(RequestedChange::Move);
    let resized = || number("/booking/slot/resources/party_size").map(RequestedChange::Party);
    Some((id, moved.or_else(resized)?))
}

/// True when a notification says what was asked for and nothing that Google did not know.
fn repeats(patch: &BookingUpdate<'_>, change: RequestedChange<'_>, exchange: &Exchange<'_>) -> bool {
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
    // What also reports another time is news.
    let elsewhere = reported.is_some() && reported != known;
    let other_status = status.is_some() && status != was;
    let party = |copy: Option<&Value>| {
        copy.and_then(|copy| reading::set(copy, "/partySize"))
            .and_then(int64::read)
    };
    !new_payment
        && match change {
            RequestedChange::Create(made) => {
                status == Some(made) && (was == status || overtakes) && !elsewhere
            }
            RequestedChange::Cancel => {
                status == Some("CANCELED") && (was == status || overtakes) && !elsewhere
            }
            RequestedChange::Party(to) => {
                let told = party(Some(patch.body));
                told == Some(to) && (party(patch.before) == told || overtakes) && !other_status
            }
            RequestedChange::Move(to) => {
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
    fn a_new_booking_that_is_told_warns_and_a_decision_does_not() {
        let told = |before: &str| {
            let body = changes(json!({ "status": "CONFIRMED" }));
            let story = Story::arrival().create(booking());
            story.patch(Some("status"), body, copy(before, None), copy("CONFIRMED", None))
        };
        let found = told("CONFIRMED").judge(&RULE).warns(ECHO);
        assert!(found.message.contains("has just made"), "{}", found.message);
        told("PENDING_MERCHANT_CONFIRMATION").judge(&RULE).passes(ECHO);
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
