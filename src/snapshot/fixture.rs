//! Histories made by hand, for the tests of this module: one story, told with the ids and times of different runs.

use domain::slot::{ConfirmationMode, Deposit, Money, PriceType, Resources, Slot, Terms};
use indexmap::IndexMap;
use protocol::Method;
use serde_json::{Value, json};
use transcript::{
    Answer, Binding, BookingWait, Call, Credentials, Entry, Fact, HttpReply, Notification, Phase, Quiet,
    ReceivedCall, Reply, SlotKey, SlotWait, StepPath, Subject, Transcript, Trigger, User,
};

/// A history under construction, with the values that belong to one run.
pub(super) struct History {
    run: i64,
    phase: Phase,
    pub(super) transcript: Transcript,
}

impl History {
    /// A scenario that was bound to a slot with a deposit.
    pub(super) fn new(run: i64) -> Self {
        let mut history = Self {
            run,
            phase: Phase::Steps,
            transcript: Transcript {
                scenario: "deposit/refund".to_owned(),
                entries: Vec::new(),
            },
        };
        history.push(Fact::Bound(binding(run)));
        history
    }

    pub(super) fn start(&self) -> i64 {
        start(self.run)
    }

    pub(super) fn booking(&self, number: usize) -> String {
        format!("bk-{}-{number}", self.run * 7919)
    }

    pub(super) fn binding(&mut self) -> &mut Binding {
        match &mut self.transcript.entries[0].fact {
            Fact::Bound(bound) => bound,
            other => panic!("entry 0 is {other:?}"),
        }
    }

    pub(super) fn phase(&mut self, phase: Phase) {
        self.phase = phase;
    }

    pub(super) fn push(&mut self, fact: Fact) -> usize {
        let at_ms = self.transcript.entries.len() as u64 * 10 + self.run as u64;
        self.transcript.entries.push(Entry {
            at_ms,
            phase: self.phase,
            fact,
        });
        self.transcript.entries.len() - 1
    }

    pub(super) fn call(&mut self, step: Option<StepPath>, method: Method, body: Value) -> usize {
        self.push(Fact::Call(Call {
            step,
            label: None,
            method,
            verb: method.verb().to_owned(),
            path: method.path(),
            headers: vec![("host".to_owned(), format!("127.0.0.1:{}", self.run))],
            credentials: Credentials::Valid,
            body: Some(body),
            raw: None,
            breaks_model: false,
            again: false,
        }))
    }

    pub(super) fn answer(&mut self, call: usize, status: u16, json: &Value) {
        let Fact::Call(Call { method, .. }) = &self.transcript.entries[call].fact else {
            panic!("entry {call} is no call");
        };
        let headers = vec![
            (
                "content-type".to_owned(),
                "application/json; charset=utf-8".to_owned(),
            ),
            ("date".to_owned(), format!("day {}", self.run)),
        ];
        let reply = HttpReply::new(*method, status, headers, json.to_string());
        self.reply(call, Reply::Http(reply));
    }

    pub(super) fn reply(&mut self, call: usize, reply: Reply) {
        self.push(Fact::Answer(Answer {
            call,
            took_us: self.run as u64,
            lagged_us: 0,
            reply,
        }));
    }

    pub(super) fn create(&mut self, number: usize, step: StepPath) {
        let call = self.call(Some(step), Method::CreateBooking, self.create_request(number));
        let answer = self.created(number);
        self.answer(call, 200, &answer);
    }

    pub(super) fn create_request(&self, number: usize) -> Value {
        json!({
            "slot": self.slot_message(),
            "user_information": { "user_id": format!("user-{}", self.run), "given_name": format!("Ada{}", self.run) },
            "payment_processing_parameters": { "unparsed_payment_method_token": format!("{{\"id\":\"tok_{}\"}}", self.run) },
            "idempotency_token": format!("token/{}/{number}", self.run),
        })
    }

    pub(super) fn slot_message(&self) -> Value {
        json!({
            "merchant_id": "merchant-a", "service_id": "haircut",
            "start_sec": self.start().to_string(), "duration_sec": "3600",
        })
    }

    pub(super) fn created(&self, number: usize) -> Value {
        json!({ "booking": {
            "booking_id": self.booking(number),
            "status": "CONFIRMED",
            "slot": self.slot_message(),
            "payment_information": {
                "prepayment_status": "PREPAYMENT_PROVIDED",
                "payment_transaction_id": format!("tx-{}-{number}", self.run),
                "price": { "price_micros": "200000000", "currency_code": "USD" },
            },
        } })
    }

    pub(super) fn trigger(&mut self, step: usize, name: &str, number: usize) {
        self.push(Fact::Trigger(Trigger {
            step: at(step),
            name: name.to_owned(),
            booking_id: self.booking(number),
            channel: "http".to_owned(),
            failure: None,
        }));
    }

    /// A PATCH that sets the status.
    pub(super) fn patch(&mut self, number: usize, status: &str) {
        let id = self.booking(number);
        let name = format!("partners/20002002/bookings/{id}");
        self.notify(
            Subject::Booking {
                partner: "20002002".to_owned(),
                booking_id: id,
            },
            "PATCH",
            format!("/v1alpha/notification/{name}?updateMask=status"),
            &json!({ "name": name, "status": status, "startTime": self.start_time() }),
        );
    }

    /// An inventory update of the bound slot.
    pub(super) fn spots(&mut self, open: &str) {
        let key = SlotKey {
            merchant_id: "merchant-a".into(),
            service_id: "haircut".into(),
            start_sec: self.start(),
        };
        let name = "partners/20002002/merchants/merchant-a/services/haircut";
        let other_day = json!({ "startTime": "2020-01-01T00:00:00Z", "spotsOpen": self.run });
        self.notify(
            Subject::Availability {
                partner: "20002002".to_owned(),
                slots: vec![key],
            },
            "POST",
            format!("/v1alpha/inventory/{name}/availability:replace"),
            &json!({ "serviceAvailability": { "name": name, "availability": [
                { "startTime": self.start_time(), "spotsOpen": open }, other_day] } }),
        );
    }

    fn start_time(&self) -> String {
        jiff::Timestamp::from_second(self.start())
            .map(|moment| moment.to_string())
            .unwrap_or_default()
    }

    fn notify(&mut self, subject: Subject, verb: &str, target: String, body: &Value) {
        self.push(Fact::Notification(Notification::from(ReceivedCall {
            subject,
            verb: verb.to_owned(),
            target,
            headers: Vec::new(),
            raw: body.to_string(),
            mask: None,
            booking_failure: IndexMap::new(),
            lints: Vec::new(),
            fault: None,
            status: 200,
            answer: json!({}),
            before: None,
            after: None,
        })));
    }

    pub(super) fn awaited(&mut self, step: usize, number: usize, met: bool) {
        let booking_id = self.booking(number);
        let waited_ms = self.run as u64;
        self.push(Fact::Awaited(BookingWait {
            step: at(step),
            booking_id,
            until: json!({}),
            met,
            waited_ms,
            copy: None,
        }));
    }

    /// A step waits for an inventory update, and it came.
    pub(super) fn awaited_slot(&mut self, step: usize) {
        self.push(Fact::AwaitedSlot(SlotWait {
            step: at(step),
            slot: slot(self.run),
            until: json!({}),
            met: true,
            waited_ms: self.run as u64,
            copy: None,
        }));
    }

    pub(super) fn quiet(&mut self, step: usize) {
        self.push(Fact::Quiet(Quiet {
            step: at(step),
            watched_ms: self.run as u64,
        }));
    }

    /// The clean-up cancels a booking.
    pub(super) fn cancel(&mut self, number: usize) {
        self.phase(Phase::Cleanup);
        let id = self.booking(number);
        let body = json!({ "booking": { "booking_id": id, "status": "CANCELED" } });
        let call = self.call(None, Method::UpdateBooking, body.clone());
        self.answer(call, 200, &body);
    }
}

/// The whole story: a booking that its user cancels at the partner.
pub(super) fn refund(run: i64) -> History {
    let mut history = History::new(run);
    history.create(1, at(0));
    history.trigger(1, "user_cancel_at_partner", 1);
    history.patch(1, "CANCELED");
    history.awaited(2, 1, true);
    history.quiet(3);
    history.spots("1");
    history.awaited_slot(4);
    history
}

/// A step of the scenario.
pub(super) fn at(step: usize) -> StepPath {
    StepPath { step, branch: None }
}

/// A place inside a `parallel` step.
pub(super) fn branch(step: usize, branch: usize) -> StepPath {
    StepPath {
        step,
        branch: Some(branch),
    }
}

fn start(run: i64) -> i64 {
    1_800_000_000 + run * 900
}

fn binding(run: i64) -> Binding {
    Binding {
        slots: IndexMap::from([("slot".to_owned(), slot(run))]),
        page: Vec::new(),
        waitlist: None,
        user: User {
            user_id: format!("user-{run}"),
            given_name: format!("Ada{run}"),
            family_name: format!("Lovelace{run}"),
            telephone: format!("+1555010{run:04}"),
            email: format!("ada{run}@example.com"),
        },
        began_sec: 1_795_000_000 + run,
        within_ms: 30_000,
        ledger: false,
    }
}

pub(super) fn slot(run: i64) -> Slot {
    let usd = |price_micros: i64| Money {
        price_micros,
        currency_code: "USD".to_owned(),
    };
    Slot {
        merchant_id: "merchant-a".to_owned(),
        service_id: "haircut".to_owned(),
        start_sec: start(run),
        duration_sec: 3600,
        availability_tag: None,
        resources: Resources::default(),
        confirmation_mode: ConfirmationMode::Synchronous,
        spots_total: 1,
        spots_open: 1,
        terms: Terms {
            price: Some(usd(200_000_000)),
            deposit: Some(Deposit {
                deposit: usd(25_000_000),
                min_advance_cancellation_sec: Some(14_400),
                deposit_type: PriceType::FixedRateDefault,
            }),
            card_required: true,
            online_cancel_until_sec: start(run) - 3600,
            ..Terms::default()
        },
    }
}
