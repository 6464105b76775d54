//! Short histories for the tests of rules.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{Bench, Case, Judgement, Note, Rule, Run, Scope};
use crate::catalogue::RequirementId;
use crate::outcome::{Finding, Judged, Verdict};
use crate::protocol::slot::{Deposit, Money, NoShowFee, OnlineTerms, PriceType, Slot, Terms};
use crate::protocol::{Capability, Method};
use crate::scenario::{Await, Scenario, Step};
use crate::transcript::{
    Answer, Bound, Call, Credentials, Entry, Fact, HttpReply, Notification, Phase, Reply, SlotKey, StepPath,
    Subject, Transcript, Trigger, User,
};
use indexmap::IndexMap;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const START: i64 = 1_893_484_800;
pub(crate) const BEGAN: i64 = START - 86_400;

/// A history that is told step by step and then judged by one rule.
pub(crate) struct Story {
    transcript: Transcript,
    slot: Slot,
    capabilities: BTreeSet<Capability>,
    at_ms: u64,
    scenario: Scenario,
    orphans: Vec<Notification>,
}

/// The verdict on a story.
pub(crate) struct Told(Judgement);

pub(crate) fn user() -> User {
    User {
        user_id: "7203948571029384756".into(),
        given_name: "Ada".into(),
        family_name: "Novak".into(),
        telephone: "+44 20 7946 0018".into(),
        email: "ada.novak@example.org".into(),
    }
}

fn slot(terms: Terms) -> Slot {
    Slot {
        merchant_id: "salon".into(),
        service_id: "cut".into(),
        start_sec: START,
        duration_sec: 1800,
        availability_tag: Some("tag-1".into()),
        resources: crate::protocol::slot::Resources::default(),
        confirmation_mode: crate::protocol::slot::ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms,
    }
}

pub(crate) fn usd(micros: i64) -> Money {
    Money {
        price_micros: micros,
        currency_code: "USD".into(),
    }
}

fn terms() -> Terms {
    Terms {
        price: Some(usd(45_000_000)),
        online_cancel_until_sec: START,
        bookable_until_sec: START,
        ..Terms::default()
    }
}

/// A right answer to the CreateBooking of a pay-on-arrival story, booking id `bk-0001`.
pub(crate) fn booking() -> Value {
    json!({ "booking": { "booking_id": "bk-0001", "status": "CONFIRMED",
        "slot": { "merchant_id": "salon", "service_id": "cut", "start_sec": "1893484800", "duration_sec": "1800",
                  "availability_tag": "tag-1", "confirmation_mode": "CONFIRMATION_MODE_SYNCHRONOUS" },
        "user_information": user(),
        "payment_information": { "prepayment_status": "PREPAYMENT_NOT_PROVIDED" } } })
}

/// A right answer to the CreateBooking of a paid story: what was sent, echoed, with status and transaction id.
pub(crate) fn paid_booking(story: &Story, prepayment_status: &str) -> Value {
    let mut answer = booking();
    let mut payment = story.payment_information();
    payment["prepayment_status"] = json!(prepayment_status);
    payment["payment_transaction_id"] = json!("ch_0001");
    answer["booking"]["payment_information"] = payment;
    answer
}

impl Story {
    fn with(terms: Terms) -> Self {
        let slot = slot(terms);
        let bound = Bound {
            slots: IndexMap::from([("slot".to_owned(), slot.clone())]),
            page: Vec::new(),
            user: user(),
            began_sec: BEGAN,
            within_ms: 30_000,
        };
        let entry = Entry {
            at_ms: 0,
            phase: Phase::Prepare,
            fact: Fact::Bound(bound),
        };
        let transcript = Transcript {
            scenario: "test/story".into(),
            entries: vec![entry],
        };
        let capabilities = Capability::ALL.iter().copied().collect();
        Self {
            transcript,
            slot,
            capabilities,
            at_ms: 0,
            scenario: scenario(),
            orphans: Vec::new(),
        }
    }

    /// Paid on arrival.
    pub(crate) fn arrival() -> Self {
        Self::with(terms())
    }

    /// Paid in full: 96.00 and 8.52 tax.
    pub(crate) fn prepayment() -> Self {
        let paid = Terms {
            price: Some(usd(96_000_000)),
            tax: Some(usd(8_520_000)),
            ..terms()
        };
        Self::with(Terms {
            prepayment: true,
            card_required: true,
            ..paid
        })
    }

    /// A fixed fee of 30.00 for not coming.
    pub(crate) fn no_show_fee() -> Self {
        let fee = NoShowFee {
            fee: usd(30_000_000),
            fee_type: PriceType::FixedRateDefault,
        };
        Self::with(Terms {
            no_show_fee: Some(fee),
            card_required: true,
            ..terms()
        })
    }

    /// A fixed deposit of 60.00, refundable until so many seconds before the start.
    pub(crate) fn deposit(cutoff_sec: i64) -> Self {
        let deposit = Deposit {
            deposit: usd(60_000_000),
            min_advance_cancellation_sec: Some(cutoff_sec),
            deposit_type: PriceType::FixedRateDefault,
        };
        Self::with(Terms {
            deposit: Some(deposit),
            card_required: true,
            ..terms()
        })
    }

    /// A card and nothing else.
    pub(crate) fn card_only() -> Self {
        Self::with(Terms {
            card_required: true,
            ..terms()
        })
    }

    /// Online, with or without instructions in the feed.
    pub(crate) fn online(instructions: Option<&str>) -> Self {
        let online = OnlineTerms {
            session_instructions: instructions.map(Into::into),
            direct_merchant_payment: false,
        };
        Self::with(Terms {
            online: Some(online),
            ..terms()
        })
    }

    /// Changes the bound slot before anything happens.
    pub(crate) fn slot(mut self, change: impl FnOnce(&mut Slot)) -> Self {
        change(&mut self.slot);
        if let Fact::Bound(bound) = &mut self.transcript.entries[0].fact {
            bound.slots.insert("slot".into(), self.slot.clone());
        }
        self
    }

    /// The target lacks a capability.
    pub(crate) fn without(mut self, capability: Capability) -> Self {
        self.capabilities.remove(&capability);
        self
    }

    /// The payment part of Google's CreateBooking for this story.
    pub(crate) fn payment_information(&self) -> Value {
        crate::rules::testing::request(&self.slot)["payment_information"].clone()
    }

    fn push(&mut self, fact: Fact) -> usize {
        self.at_ms += 10;
        self.transcript.entries.push(Entry {
            at_ms: self.at_ms,
            phase: Phase::Steps,
            fact,
        });
        self.transcript.entries.len() - 1
    }

    /// A CreateBooking for the slot with the token `t-1`, and its 200 answer.
    pub(crate) fn create(self, answer: Value) -> Self {
        let request = request(&self.slot);
        self.call(Method::CreateBooking, request, 200, answer)
    }

    /// A CreateBooking for the slot with another token, and its 200 answer.
    pub(crate) fn create_with(self, token: &str, answer: Value) -> Self {
        let mut request = request(&self.slot);
        request["idempotency_token"] = json!(token);
        self.call(Method::CreateBooking, request, 200, answer)
    }

    /// The scenario's id.
    pub(crate) fn named(mut self, id: &str) -> Self {
        self.scenario.id = id.into();
        self
    }

    /// The scenario file itself waits for something under this requirement.
    pub(crate) fn expecting(mut self, requirement: RequirementId) -> Self {
        self.scenario.steps.push(Step::Await(Await {
            booking: "bk-0001".into(),
            requirement,
            until: json!({}),
            otherwise: None,
            refers_to: Vec::new(),
        }));
        self
    }

    /// A call that no scenario claims.
    pub(crate) fn orphan(mut self, notification: Notification) -> Self {
        self.orphans.push(notification);
        self
    }

    fn case(&self) -> Case<'_> {
        Case::new(&self.scenario, &self.transcript, &self.capabilities, "20002002")
    }

    /// Any call and its answer.
    pub(crate) fn call(self, method: Method, request: Value, status: u16, answer: Value) -> Self {
        self.call_with(
            method,
            request,
            status,
            &[("content-type", "application/json")],
            answer,
        )
    }

    /// Any call and its answer with headers.
    pub(crate) fn call_with(
        mut self,
        method: Method,
        request: Value,
        status: u16,
        headers: &[(&str, &str)],
        answer: Value,
    ) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        let call = self.push(Fact::Call(Call {
            step: Some(step),
            label: None,
            method,
            verb: method.verb().into(),
            path: method.path(),
            headers: Vec::new(),
            credentials: Credentials::Valid,
            body: Some(request),
            raw: None,
            breaks_model: false,
        }));
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let body = match &answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let json = (!answer.is_string()).then_some(answer);
        let reply = Reply::Http(HttpReply {
            status,
            headers,
            body,
            json,
        });
        self.push(Fact::Answer(Answer {
            call,
            took_us: 900,
            lagged_us: 0,
            reply,
        }));
        self
    }

    /// Google cancels `bk-0001`.
    pub(crate) fn cancel(self, answer: Value) -> Self {
        let request = json!({ "booking": { "booking_id": "bk-0001", "status": "CANCELED" } });
        self.call(Method::UpdateBooking, request, 200, answer)
    }

    /// The partner was asked to act on `bk-0001`.
    pub(crate) fn trigger(mut self, name: &str) -> Self {
        let step = StepPath {
            step: self.transcript.entries.len(),
            branch: None,
        };
        self.push(Fact::Trigger(Trigger {
            step,
            name: name.into(),
            booking_id: "bk-0001".into(),
            channel: "http".into(),
            failure: None,
        }));
        self
    }

    /// A PATCH of `bk-0001` that our side accepted; `before` and `after` are Google's copy.
    pub(crate) fn patch(self, mask: Option<&str>, body: Value, before: Value, after: Value) -> Self {
        self.notify(patch(mask, body, before, after))
    }

    /// Any notification.
    pub(crate) fn notify(mut self, notification: Notification) -> Self {
        self.push(Fact::Notification(notification));
        self
    }

    /// Lets time pass.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.at_ms += seconds * 1000;
        self
    }

    /// Judges by one rule.
    pub(crate) fn judge(&self, rule: &Rule) -> Told {
        judge_cases(&[self.case()], &self.orphans, rule)
    }
}

/// Judges several stories as one run by one rule.
pub(crate) fn judge_run(stories: &[Story], rule: &Rule) -> Told {
    let cases: Vec<_> = stories.iter().map(Story::case).collect();
    judge_cases(&cases, &[], rule)
}

fn judge_cases(cases: &[Case<'_>], orphans: &[Notification], rule: &Rule) -> Told {
    let mut bench = Bench::default();
    for case in cases {
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
    if let Scope::Run(judge) = rule.scope {
        judge(&Run { cases, orphans }, &mut bench);
    }
    let (findings, judged) = bench.conclude();
    let listed = |one: &Judged| rule.requirements.contains(&one.requirement);
    assert!(
        judged.iter().all(listed),
        "{} judges what it does not list",
        rule.name
    );
    Told(Judgement { findings, judged })
}

impl Told {
    /// The requirement was exercised and nothing was found.
    pub(crate) fn passes(&self, requirement: RequirementId) {
        assert!(self.0.findings.is_empty(), "{:#?}", self.0.findings);
        let judged = self.0.judged.iter().find(|one| one.requirement == requirement);
        assert_eq!(judged.map(|one| one.verdict), Some(Verdict::Pass));
    }

    /// Nothing was exercised.
    pub(crate) fn says_nothing(&self) {
        assert!(self.0.judged.is_empty(), "{:#?}", self.0.judged);
    }

    /// Exactly this requirement failed, once (a SHOULD warns).
    pub(crate) fn fails(&self, requirement: RequirementId) -> Finding {
        assert_eq!(self.0.findings.len(), 1, "{:#?}", self.0.findings);
        assert_eq!(self.0.findings[0].requirement, requirement);
        self.0.findings[0].clone()
    }

    /// Exactly this requirement warned.
    pub(crate) fn warns(&self, requirement: RequirementId) -> Finding {
        let finding = self.fails(requirement);
        assert_eq!(finding.verdict, Verdict::Warn);
        finding
    }
}

/// The CreateBooking that Google sends for a slot (as the engine builds it, written here a second time on purpose).
pub(crate) fn request(slot: &Slot) -> Value {
    let terms = &slot.terms;
    let money =
        |m: &Money| json!({ "price_micros": m.price_micros.to_string(), "currency_code": m.currency_code });
    let mut payment = json!({ "prepayment_status": "PREPAYMENT_NOT_PROVIDED" });
    if terms.card_required {
        payment["payment_processed_by"] = json!("PROCESSED_BY_PARTNER");
        payment["price"] = terms.price.as_ref().map(money).unwrap();
    }
    if let Some(tax) = &terms.tax {
        payment["tax_amount"] = money(tax);
    }
    if let Some(fee) = &terms.no_show_fee {
        payment["no_show_fee"] = json!({ "fee": money(&fee.fee), "fee_type": fee.fee_type });
    }
    if let Some(deposit) = &terms.deposit {
        payment["deposit"] = json!({ "deposit": money(&deposit.deposit), "deposit_type": deposit.deposit_type,
            "min_advance_cancellation_sec": deposit.min_advance_cancellation_sec.unwrap().to_string() });
    }
    let mut request = json!({
        "slot": { "merchant_id": slot.merchant_id, "service_id": slot.service_id, "start_sec": slot.start_sec.to_string(),
                  "duration_sec": slot.duration_sec.to_string(), "availability_tag": slot.availability_tag,
                  "confirmation_mode": slot.confirmation_mode },
        "user_information": user(), "payment_information": payment, "idempotency_token": "t-1" });
    if !slot.resources.is_empty() {
        request["slot"]["resources"] = json!(slot.resources);
    }
    request
}

/// A PATCH of `bk-0001` that our side accepted.
pub(crate) fn patch(mask: Option<&str>, body: Value, before: Value, after: Value) -> Notification {
    let query = mask.map(|mask| format!("?updateMask={mask}")).unwrap_or_default();
    Notification {
        subject: Subject::Booking {
            partner: "20002002".into(),
            booking_id: "bk-0001".into(),
        },
        verb: "PATCH".into(),
        target: format!("/v1alpha/notification/partners/20002002/bookings/bk-0001{query}"),
        headers: vec![("content-type".into(), "application/json".into())],
        raw: body.to_string(),
        body: Some(body),
        mask: mask.map(|mask| mask.split(',').map(Into::into).collect()),
        booking_failure: IndexMap::new(),
        lints: Vec::new(),
        status: 200,
        answer: after.clone(),
        before: Some(before),
        after: Some(after),
    }
}

/// A batch inventory update of one slot of the story's service that our side accepted, its entry changed as given.
pub(crate) fn replaced(start_sec: i64, entry: Value) -> Notification {
    let mut whole = json!({ "merchantId": "salon", "serviceId": "cut", "availability": [] });
    for (name, value) in entry.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let body = json!({ "extendedServiceAvailability": [whole] });
    let key = SlotKey {
        merchant_id: "salon".into(),
        service_id: "cut".into(),
        start_sec,
    };
    Notification {
        subject: Subject::Availability {
            partner: "20002002".into(),
            slots: vec![key],
        },
        verb: "POST".into(),
        target: "/v1alpha/inventory/partners/20002002/availability:replace".into(),
        mask: None,
        before: None,
        after: None,
        answer: body.clone(),
        ..patch(None, body, Value::Null, Value::Null)
    }
}

/// Google's copy of `bk-0001` with a status and, where money is involved, a prepayment status.
pub(crate) fn copy(status: &str, prepayment: Option<&str>) -> Value {
    let mut copy = json!({ "name": "partners/20002002/bookings/bk-0001", "merchantId": "salon", "serviceId": "cut",
        "startTime": "2030-01-01T08:00:00Z", "duration": "1800s", "status": status });
    if let Some(prepayment) = prepayment {
        copy["paymentInformation"] =
            json!({ "prepaymentStatus": prepayment, "paymentTransactionId": "ch_0001" });
    }
    copy
}

/// The body of a PATCH of `bk-0001` with its names and the given changes.
pub(crate) fn changes(changes: Value) -> Value {
    let mut body =
        json!({ "name": "partners/20002002/bookings/bk-0001", "merchantId": "salon", "serviceId": "cut" });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn scenario() -> Scenario {
    Scenario {
        id: "test/story".into(),
        source: "test".into(),
        title: "A story".into(),
        serves: Vec::new(),
        slots: IndexMap::new(),
        page: 0,
        steps: Vec::new(),
    }
}
