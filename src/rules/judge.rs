//! Applies every rule and every expectation to the recorded facts.

use super::{Case, RULES, Run, Scope, Verdicts, answers, expectations, own_calls};
use outcome::{Evidence, Finding, Judged, SeenAnswer};
use transcript::Transcript;

/// What was concluded about a scenario or about the run.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Violations.
    pub findings: Vec<Finding>,
    /// The verdict on each requirement.
    pub judged: Vec<Judged>,
}

/// Judges one scenario.
pub fn judge_scenario(case: &Case<'_>) -> Judgement {
    let mut verdicts = Verdicts::default();
    for rule in answers::OF_VALUES {
        rule.judge_case(case, &mut verdicts);
    }
    let count = verdicts.count_findings();
    for rule in RULES.iter().filter(|rule| !answers::is_of_values(rule)) {
        rule.judge_case(case, &mut verdicts);
    }
    verdicts.hold_back_since(count);
    // Expectations come last: what a rule has found is not reported as missing again.
    expectations::judge(case, &mut verdicts);
    conclude(verdicts, |_| Some(case.transcript))
}

/// Judges what only all scenarios together show.
pub fn judge_run(run: &Run<'_>) -> Judgement {
    let mut verdicts = Verdicts::default();
    for rule in RULES {
        if let Scope::Run(judge) = rule.scope {
            judge(run, &mut verdicts);
        }
    }
    own_calls::judge(run, &mut verdicts);
    conclude(verdicts, |evidence| {
        let scenario = evidence.scenario.as_deref()?;
        let mut histories = run.cases.iter().map(|case| case.transcript);
        histories.find(|history| history.scenario == scenario)
    })
}

/// The findings with the answers in which they were seen, whichever rule found them.
fn conclude<'t>(verdicts: Verdicts, history: impl Fn(&Evidence) -> Option<&'t Transcript>) -> Judgement {
    let (mut findings, judged) = verdicts.conclude();
    for finding in &mut findings {
        let seen = history(&finding.evidence).zip(finding.evidence.entry);
        let seen = seen.and_then(|(history, entry)| history.exchange_at(entry)?.http());
        finding.answer =
            seen.map(|reply| SeenAnswer::new(reply.status, reply.header("content-type"), &reply.body));
    }
    Judgement { findings, judged }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use crate::testing::{START, Story, booking, changes, copy, inventory_update, paid_booking};
    use catalogue::RequirementId;
    use protocol::Method;
    use serde_json::{Value, json};

    const PROVIDED: &str = "PREPAYMENT_PROVIDED";

    fn with_answer_and_update(story: Story, answer: Value) -> Story {
        story.create(answer).notify(inventory_update(START, window()))
    }

    fn window() -> Value {
        json!({ "startTimeRestrict": "2030-01-01T08:00:00Z", "endTimeRestrict": "2030-01-01T08:00:01Z" })
    }

    #[test]
    fn a_finding_shows_the_answer_in_which_it_was_seen() {
        let wrong = damage(booking(), "/booking/status", json!("CANCELLED"));
        let found = with_answer_and_update(Story::arrival(), wrong.clone()).judge_all();
        let answer = found.fails(RequirementId::declared("BS-JSON-05")).answer.unwrap();
        assert_eq!(
            (answer.status, answer.body),
            (200, wrong.to_string().chars().take(200).collect::<String>() + "…")
        );
    }

    #[test]
    fn right_histories_are_clean() {
        with_answer_and_update(Story::arrival(), booking())
            .judge_all()
            .is_clean();
        with_answer_and_update(Story::card_only(), booking())
            .judge_all()
            .is_clean();
        with_answer_and_update(Story::online(Some("the studio mails the link")), booking())
            .judge_all()
            .is_clean();
        for (story, status) in [
            (Story::prepayment(), PROVIDED),
            (Story::deposit(3600), PROVIDED),
            (Story::deposit(3600), "PREPAYMENT_NOT_PROVIDED"),
            (Story::no_show_fee(), "PREPAYMENT_NOT_PROVIDED"),
        ] {
            let answer = paid_booking(&story, status);
            with_answer_and_update(story, answer).judge_all().is_clean();
        }
    }

    #[test]
    fn a_right_cancellation_at_the_partner_is_clean() {
        let payment = json!({ "prepaymentStatus": "PREPAYMENT_REFUNDED", "paymentTransactionId": "ch_0001" });
        let body = changes(json!({ "status": "CANCELED", "paymentInformation": payment }));
        let mask = Some("status,paymentInformation.prepaymentStatus");
        let story = Story::deposit(3600);
        let answer = paid_booking(&story, PROVIDED);
        let before = copy("CONFIRMED", Some(PROVIDED));
        let after = copy("CANCELED", Some("PREPAYMENT_REFUNDED"));
        let story = with_answer_and_update(story, answer).trigger("user_cancel_at_partner");
        let story = story
            .patch(mask, body, before, after)
            .notify(inventory_update(START, window()));
        let state = json!({ "booking_id": "bk-0001", "booking_status": "CANCELED",
            "prepayment_status": "PREPAYMENT_REFUNDED" });
        let asked = json!({ "booking_id": "bk-0001" });
        story
            .call(Method::GetBookingStatus, asked, 200, state)
            .judge_all()
            .is_clean();
    }

    /// Sets the value at a pointer below the booking; `null` takes it away.
    fn damage(mut answer: Value, pointer: &str, value: Value) -> Value {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        answer.pointer_mut(parent).unwrap()[name] = value;
        answer
    }

    #[test]
    fn one_defect_of_a_prepaid_booking_is_one_finding() {
        let table = [
            ("/booking", json!(null), "BS-CREATE-27"),
            ("/booking", json!("bk-0001"), "BS-CREATE-27"),
            ("/booking_failure", json!({}), "BS-CREATE-26"),
            ("/booking/booking_id", json!(null), "BS-CREATE-27"),
            ("/booking/booking_id", json!(17), "BS-CREATE-27"),
            ("/booking/status", json!(null), "BS-CREATE-03"),
            ("/booking/status", json!("CANCELED"), "BS-CREATE-03"),
            ("/booking/status", json!("CANCELLED"), "BS-JSON-05"),
            (
                "/booking/status",
                json!("PENDING_MERCHANT_CONFIRMATION"),
                "BS-ASYNC-02",
            ),
            ("/booking/slot", json!(null), "BS-CREATE-04"),
            ("/booking/slot", json!("tag-1"), "BS-CREATE-27"),
            ("/booking/slot/start_sec", json!(1_893_488_400), "BS-CREATE-04"),
            (
                "/booking/slot/start_sec",
                json!("2030-01-01T08:00:00Z"),
                "BS-GEN-11",
            ),
            ("/booking/slot/service_id", json!("color"), "BS-CREATE-04"),
            ("/booking/user_information", json!(null), "BS-CREATE-05"),
            ("/booking/user_information", json!("Ada"), "BS-CREATE-27"),
            ("/booking/user_information/user_id", json!("12"), "BS-CREATE-05"),
            ("/booking/user_information/user_id", json!(12), "BS-CREATE-27"),
            ("/booking/reference", json!("R-1"), "BS-JSON-06"),
            ("/booking/payment_information", json!(null), "BS-PAY-10"),
            ("/booking/payment_information", json!([]), "BS-CREATE-27"),
            (
                "/booking/payment_information/prepayment_status",
                json!(null),
                "BS-PAY-10",
            ),
            (
                "/booking/payment_information/prepayment_status",
                json!("PREPAYMENT_NOT_PROVIDED"),
                "PAY-PREPAY-04",
            ),
            (
                "/booking/payment_information/prepayment_status",
                json!("PAID"),
                "BS-JSON-05",
            ),
            (
                "/booking/payment_information/payment_processed_by",
                json!("PROCESSED_BY_GOOGLE"),
                "PAY-COM-06",
            ),
            (
                "/booking/payment_information/payment_transaction_id",
                json!(null),
                "PAY-COM-07",
            ),
            (
                "/booking/payment_information/payment_transaction_id",
                json!(9),
                "BS-CREATE-27",
            ),
            ("/booking/payment_information/price", json!(null), "BS-PAY-10"),
            ("/booking/payment_information/price", json!(96), "BS-CREATE-27"),
            (
                "/booking/payment_information/price/price_micros",
                json!("104520000"),
                "PAY-COM-10",
            ),
            (
                "/booking/payment_information/price/price_micros",
                json!(96.5),
                "PAY-COM-10",
            ),
            (
                "/booking/payment_information/price/currency_code",
                json!("EUR"),
                "PAY-COM-12",
            ),
            (
                "/booking/payment_information/tax_amount",
                json!(null),
                "PAY-COM-11",
            ),
            (
                "/booking/payment_information/tax_amount/price_micros",
                json!("8"),
                "PAY-COM-11",
            ),
        ];
        for (pointer, value, expected) in table {
            let story = Story::prepayment();
            let answer = damage(paid_booking(&story, PROVIDED), pointer, value);
            with_answer_and_update(story, answer)
                .judge_all()
                .fails(RequirementId::parse(expected).unwrap());
        }
    }

    #[test]
    fn one_defect_of_a_deposit_is_one_finding() {
        let table = [
            ("deposit", json!(null), "PAY-DEP-04"),
            ("deposit/deposit/price_micros", json!("25000000"), "PAY-DEP-04"),
            ("deposit/deposit/price_micros", json!("60.00"), "PAY-DEP-04"),
            ("deposit/deposit/currency_code", json!("EUR"), "AMT-09"),
            ("deposit/deposit_type", json!("PER_PERSON"), "PAY-DEP-04"),
            ("deposit/deposit_type", json!("PER_HEAD"), "BS-JSON-05"),
            (
                "deposit/min_advance_cancellation_sec",
                json!("7200"),
                "PAY-DEP-05",
            ),
            (
                "deposit/min_advance_cancellation_sec",
                json!("one hour"),
                "BS-GEN-11",
            ),
        ];
        for (name, value, expected) in table {
            let story = Story::deposit(3600);
            let pointer = format!("/booking/payment_information/{name}");
            let answer = damage(paid_booking(&story, PROVIDED), &pointer, value);
            with_answer_and_update(story, answer)
                .judge_all()
                .fails(RequirementId::parse(expected).unwrap());
        }
    }

    #[test]
    fn one_defect_of_a_notification_is_one_finding() {
        let table = [
            ("status", json!({ "status": "CANCELLED" }), "RTU-CANCEL-04"),
            ("status", json!({ "status": "GONE" }), "RTU-04"),
            ("status", json!({ "status": null }), "REQ-02"),
            (
                "status",
                json!({ "status": "CANCELED", "merchantId": null }),
                "REQ-02",
            ),
            (
                "status",
                json!({ "status": "CANCELED", "serviceId": "color" }),
                "REQ-02",
            ),
            (
                "status",
                json!({ "status": "CANCELED", "name": "bk-0001" }),
                "REQ-07",
            ),
            (
                "status",
                json!({ "status": "CANCELED", "bookingId": "bk-0001" }),
                "REQ-08",
            ),
            (
                "status",
                json!({ "status": "CANCELED", "partySize": "3" }),
                "REQ-04",
            ),
            ("status,merchantId", json!({ "status": "CANCELED" }), "REQ-05"),
            (
                "startTime",
                json!({ "startTime": "1893488400" }),
                "RTU-RESCHED-03",
            ),
            (
                "start_time",
                json!({ "startTime": "2030-01-01T10:00:00Z" }),
                "REQ-06",
            ),
            (
                "startTime,duration",
                json!({ "startTime": "2030-01-01T10:00:00Z", "duration": "60m" }),
                "RTU-RESCHED-04",
            ),
            (
                "status",
                json!({ "status": "CANCELED", "clientInformation": { "email": "a@example.org" } }),
                "REQ-12",
            ),
            ("status", json!({ "status": "NO_SHOW" }), "RTU-NOSHOW-03"),
        ];
        for (mask, body, expected) in table {
            let before = copy("CONFIRMED", None);
            let story = with_answer_and_update(Story::arrival(), booking());
            let story = story.patch(Some(mask), changes(body), before.clone(), before);
            story.judge_all().fails(RequirementId::parse(expected).unwrap());
        }
    }
}
