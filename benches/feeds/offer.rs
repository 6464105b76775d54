//! What the large partner offers: ten services of every merchant, paid in all the ways there are.

use serde_json::{Value, json};
use std::io::{self, Write};

/// How a service is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paid {
    OnArrival,
    Before,
    Deposit,
    NoShowFee,
    /// Nothing is taken, but a card is asked for.
    CardHeld,
}

/// One service, which every merchant has.
pub(crate) struct Service {
    id: &'static str,
    name: &'static str,
    paid: Paid,
    /// The price in whole dollars.
    price: i64,
    minutes: i64,
    spots: u64,
    /// True for one that has rooms.
    rooms: bool,
    /// True where each slot is for a party of a certain size, by whose heads fees are counted.
    party: bool,
    confirmed_later: bool,
}

const PLAIN: Service = Service {
    id: "svc-trim",
    name: "Beard trim",
    paid: Paid::OnArrival,
    price: 45,
    minutes: 30,
    spots: 1,
    rooms: false,
    party: false,
    confirmed_later: false,
};

#[rustfmt::skip]
pub(crate) const SERVICES: [Service; 10] = [
    PLAIN,
    Service { id: "svc-massage", name: "Deep tissue massage", paid: Paid::Before, price: 96, minutes: 60, rooms: true, ..PLAIN },
    Service { id: "svc-facial", name: "Signature facial", paid: Paid::NoShowFee, price: 120, minutes: 60, spots: 2, rooms: true, ..PLAIN },
    Service { id: "svc-retreat", name: "Half-day retreat", paid: Paid::Deposit, price: 310, minutes: 240, spots: 6, ..PLAIN },
    Service { id: "svc-consult", name: "Skin consultation", paid: Paid::CardHeld, price: 25, minutes: 20, ..PLAIN },
    Service { id: "svc-class", name: "Morning class", price: 18, minutes: 45, spots: 16, rooms: true, confirmed_later: true, ..PLAIN },
    Service { id: "svc-training", name: "Personal training", paid: Paid::Before, price: 80, minutes: 60, ..PLAIN },
    Service { id: "svc-tasting", name: "Tea tasting", paid: Paid::NoShowFee, price: 60, minutes: 90, spots: 8, party: true, ..PLAIN },
    Service { id: "svc-party", name: "Spa party", paid: Paid::Deposit, price: 240, minutes: 180, spots: 4, rooms: true, party: true, ..PLAIN },
    Service { id: "svc-nails", name: "Manicure", price: 38, minutes: 45, ..PLAIN },
];

/// One slot of a service.
pub(crate) struct Slot {
    pub(crate) merchant: usize,
    /// Which of the people who work at the same time.
    pub(crate) person: usize,
    pub(crate) start: i64,
    pub(crate) chance: u64,
}

const PEOPLE: [&str; 8] = ["Imani", "Jonas", "Wei", "Aoife", "Mateo", "Priya", "Zoë", "Søren"];
const HALF_DAY_SEC: i64 = 43_200;

fn id(merchant: usize) -> String {
    format!("mrc-{merchant:05}")
}

/// The record of a merchant.
pub(crate) fn merchant(merchant: usize) -> Value {
    let price = dollars(78);
    json!({
        "merchant_id": id(merchant),
        "name": format!("Harbour Lane Wellness {merchant}"),
        "telephone": format!("+1212555{merchant:04}"),
        "url": format!("https://harbourlane.example.com/{merchant}"),
        "category": "spa",
        "geo": {
            "latitude": 40.70431 + merchant as f64 / 10_000.0, "longitude": -74.01092,
            "address": {
                "country": "US", "locality": "New York", "region": "NY", "postal_code": "10004",
                "street_address": format!("{} Harbour Lane", merchant + 1),
            },
        },
        "tax_rate": { "micro_percent": 8_875_000 },
        "payment_restrictions": { "credit_card_restrictions": { "credit_card_type": ["VISA", "MASTERCARD"] } },
        "tokenization_config": {
            "tokenization_parameter": {
                "gateway": "stripe", "stripe:version": "2018-10-31", "stripe:publishableKey": "pk_test_harness417",
            },
            "billing_information_format": "MIN",
        },
        "payment_option": [{
            "payment_option_id": "po-offpeak-massage", "name": "Off-peak massage", "description": "Weekday mornings", "price": price,
            "payment_option_type": "PAYMENT_OPTION_SINGLE_USE", "session_count": 1, "activation_type": "ACTIVATION_ON_FIRST_USE",
            "valid_interval": { "begin_sec": 1_700_000_000, "end_sec": 1_999_000_000 },
            "purchase_interval": { "begin_sec": 1_700_000_000, "end_sec": 1_999_000_000 },
        }],
    })
}

fn dollars(amount: i64) -> Value {
    json!({ "price_micros": amount * 1_000_000, "currency_code": "USD" })
}

impl Service {
    /// The record of the service, as this merchant has it.
    pub(crate) fn record(&self, merchant: usize) -> Value {
        let mut record = json!({
            "merchant_id": id(merchant),
            "service_id": self.id,
            "localized_service_name": text(self.name),
            "localized_description": text(&format!("{} of {} minutes.", self.name, self.minutes)),
            "price": dollars(self.price),
            "rules": self.rules(),
        });
        match self.paid {
            Paid::OnArrival => {}
            Paid::Before => {
                record["prepayment_type"] = json!("REQUIRED");
                record["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
            }
            Paid::Deposit => record["deposit"] = self.deposit(self.price / 4),
            Paid::NoShowFee => record["no_show_fee"] = self.fee(self.price / 4),
            Paid::CardHeld => record["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_ALWAYS"),
        }
        record
    }

    fn rules(&self) -> Value {
        let mut rules = json!({ "min_advance_booking": 3600, "min_advance_online_canceling": HALF_DAY_SEC });
        if matches!(self.paid, Paid::Before | Paid::Deposit | Paid::NoShowFee) {
            rules["cancellation_policy"] = json!({ "refund_condition": [
                { "min_duration_before_start_time_sec": 86_400, "refund_percent": 100 },
                { "min_duration_before_start_time_sec": HALF_DAY_SEC, "refund_percent": 50 },
            ]});
        }
        rules
    }

    fn counted(&self) -> &'static str {
        if self.party {
            "PER_PERSON"
        } else {
            "FIXED_RATE_DEFAULT"
        }
    }

    fn deposit(&self, amount: i64) -> Value {
        json!({ "deposit": dollars(amount), "deposit_type": self.counted(), "min_advance_cancellation_sec": 10_800 })
    }

    fn fee(&self, amount: i64) -> Value {
        json!({ "fee": dollars(amount), "fee_type": self.counted() })
    }

    /// Writes the record of a slot, as dense as exporters write it.
    pub(crate) fn slot(&self, out: &mut Vec<u8>, slot: &Slot) -> io::Result<()> {
        let (start, total) = (slot.start, self.spots);
        let open = slot.chance % (total + 1);
        write!(
            out,
            "{{\"merchant_id\":\"mrc-{:05}\",\"service_id\":\"{}\",\"start_sec\":{start},\"duration_sec\":{},\
             \"spots_total\":{total},\"spots_open\":{open},\"availability_tag\":\"{:016x}\",",
            slot.merchant,
            self.id,
            self.minutes * 60,
            slot.chance
        )?;
        self.resources(out, slot)?;
        let mode = if self.confirmed_later {
            "ASYNCHRONOUS"
        } else {
            "SYNCHRONOUS"
        };
        write!(out, "\"confirmation_mode\":\"CONFIRMATION_MODE_{mode}\"")?;
        if (slot.chance >> 32).is_multiple_of(8) {
            self.overrides(out, slot)?;
        }
        out.write_all(b"}")
    }

    fn resources(&self, out: &mut Vec<u8>, slot: &Slot) -> io::Result<()> {
        let person = slot.person;
        let name = PEOPLE[(person + slot.merchant) % PEOPLE.len()];
        write!(
            out,
            "\"resources\":{{\"staff_id\":\"st-{person}\",\"staff_name\":\"{name}\""
        )?;
        if self.rooms {
            let room = person + 1;
            write!(out, ",\"room_id\":\"room-{room}\",\"room_name\":\"Room {room}\"")?;
        }
        if self.party {
            write!(out, ",\"party_size\":{}", 2 + slot.chance % 3)?;
        }
        out.write_all(b"},")
    }

    /// What a few of the slots have of their own, beside what their service says.
    fn overrides(&self, out: &mut Vec<u8>, slot: &Slot) -> io::Result<()> {
        match self.paid {
            Paid::OnArrival => write!(
                out,
                ",\"scheduling_rule_overrides\":{{\"first_bookable_sec\":{},\"last_bookable_sec\":{}}}",
                slot.start - 30 * 86_400,
                slot.start - 7200
            ),
            Paid::Before if self.rooms => write!(out, ",\"payment_option_id\":[\"po-offpeak-massage\"]"),
            Paid::Before => write!(
                out,
                ",\"scheduling_rule_overrides\":{{\"last_online_cancellable_sec\":{}}}",
                slot.start - 86_400
            ),
            Paid::Deposit => write!(out, ",\"deposit\":{}", self.deposit(self.price / 5)),
            Paid::NoShowFee => write!(out, ",\"no_show_fee\":{}", self.fee(self.price / 5)),
            Paid::CardHeld => write!(
                out,
                ",\"require_credit_card\":\"REQUIRE_CREDIT_CARD_CONDITIONAL\""
            ),
        }
    }
}

fn text(value: &str) -> Value {
    json!({ "value": value, "localized_value": [{ "locale": "en", "value": value }] })
}
