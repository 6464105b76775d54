//! What a partner's own books say of one booking, as the ledger probe of a target answers it.
//!
//! The wire between Google and a partner does not show whether money moved; only these books do.

use super::slot::{Money, PriceType, Slot};
use protocol::int64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What can happen to the money of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Money was taken from the card.
    Charge,
    /// An amount was authorized and not taken.
    Hold,
    /// A hold, or a part of it, was taken.
    Capture,
    /// A hold, or a part of it, was given up.
    Release,
    /// Money that was taken was given back.
    Refund,
    /// A token was turned into a card that is kept; no money moved.
    StoreCard,
}

impl Move {
    const ALL: [Self; 6] = [
        Self::Charge,
        Self::Hold,
        Self::Capture,
        Self::Release,
        Self::Refund,
        Self::StoreCard,
    ];

    /// The word in the probe's answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::Refund => "refund",
            Self::StoreCard => "store_card",
        }
    }
}

/// One line of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What happened.
    pub kind: Move,
    /// How much: millionths of the currency's major unit, never negative; zero for a stored card.
    pub amount_micros: i64,
    /// ISO 4217; empty where no money moved.
    pub currency_code: String,
    /// The processor's id of it, if the partner tells.
    pub transaction_id: Option<String>,
}

/// Reads a probe's answer: `{"entries": [{"kind", "amount_micros", "currency_code", "transaction_id"}]}`, oldest first.
///
/// # Errors
/// Where it is no such answer, and what should stand there.
pub fn read(answer: &Value) -> Result<Vec<Line>, String> {
    let entries = answer.get("entries").and_then(Value::as_array);
    let entries = entries.ok_or("its answer has no list `entries`")?;
    let line = |(index, entry)| line(entry).map_err(|wrong| format!("entry {index} of its answer {wrong}"));
    entries.iter().enumerate().map(line).collect()
}

fn line(entry: &Value) -> Result<Line, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = Move::ALL.into_iter().find(|known| known.word() == text("kind"));
    let kind = kind.ok_or_else(|| {
        let words = Move::ALL.map(Move::word).join(", ");
        format!("has not one of these as its kind: {words}")
    })?;
    let moved = kind != Move::StoreCard;
    let amount = entry.get("amount_micros").and_then(int64::read);
    let amount = amount.or((!moved).then_some(0)).filter(|micros| *micros >= 0);
    let currency = text("currency_code");
    if moved && currency.is_empty() {
        return Err("has no currency_code".to_owned());
    }
    Ok(Line {
        kind,
        amount_micros: amount.ok_or("has no amount_micros of zero or more")?,
        currency_code: currency.to_owned(),
        transaction_id: Some(text("transaction_id"))
            .filter(|id| !id.is_empty())
            .map(ToOwned::to_owned),
    })
}

/// What the lines of one booking add up to, micros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    /// Charged or captured, whatever was given back later.
    pub taken: i64,
    /// Authorized, and neither taken nor given up.
    pub held: i64,
    /// Given back of what was taken.
    pub refunded: i64,
}

impl Balance {
    /// The sums of some lines.
    pub fn of(lines: &[Line]) -> Self {
        lines.iter().fold(Self::default(), |mut sums, line| {
            let amount = line.amount_micros;
            match line.kind {
                Move::Charge => sums.taken += amount,
                Move::Hold => sums.held += amount,
                Move::Capture => {
                    sums.taken += amount;
                    sums.held -= amount;
                }
                Move::Release => sums.held -= amount,
                Move::Refund => sums.refunded += amount,
                Move::StoreCard => {}
            }
            sums
        })
    }

    /// What the user does not have at hand: taken or held, and not given back.
    pub fn kept(&self) -> i64 {
        self.taken + self.held - self.refunded
    }
}

/// An amount in the words of a slot's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Nothing at all.
    Nothing,
    /// The price with its tax.
    Total,
    /// The deposit, times the party size where it is per person.
    Deposit,
    /// The fee for not coming, times the party size where it is per person.
    Fee,
    /// More than nothing and less than the price with its tax.
    Part,
}

impl Due {
    /// True when an amount is the one that is due.
    pub(crate) fn is_met_by(self, slot: &Slot, micros: i64) -> bool {
        match self {
            Self::Part => Self::Total
                .of(slot)
                .is_some_and(|total| (1..total).contains(&micros)),
            _ => self.of(slot) == Some(micros),
        }
    }

    /// The amount for a slot; none where its terms have no such thing, or no such one.
    pub fn of(self, slot: &Slot) -> Option<i64> {
        let terms = &slot.terms;
        let micros = |money: &Money| money.price_micros;
        match self {
            Self::Nothing => Some(0),
            Self::Part => None,
            Self::Total => Some(terms.price.as_ref().map(micros)? + terms.tax.as_ref().map_or(0, micros)),
            Self::Deposit => {
                let deposit = terms.deposit.as_ref()?;
                for_party(slot, &deposit.deposit, deposit.deposit_type)
            }
            Self::Fee => {
                let fee = terms.no_show_fee.as_ref()?;
                for_party(slot, &fee.fee, fee.fee_type)
            }
        }
    }
}

/// The amount that may be charged: times the party size where it is per person, and once where none is named.
fn for_party(slot: &Slot, money: &Money, kind: PriceType) -> Option<i64> {
    let heads = match kind {
        PriceType::FixedRateDefault => 1,
        PriceType::PerPerson => slot.resources.party_size.unwrap_or(1).max(1),
    };
    money.price_micros.checked_mul(i64::from(heads))
}

/// What the books are to say of a booking; what is not named is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Books {
    /// Charged or captured, whatever was given back later.
    pub taken: Option<Due>,
    /// Authorized, and neither taken nor given up.
    pub held: Option<Due>,
    /// Given back of what was taken.
    pub refunded: Option<Due>,
    /// Taken or held, and not given back.
    pub kept: Option<Due>,
}

/// The first sum that is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odd {
    /// Its name in [`Books`].
    pub name: &'static str,
    /// What it should be; none when the slot's terms have no such amount.
    pub expected: Option<i64>,
    /// What it is.
    pub actual: i64,
}

impl Books {
    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What differs, if anything does.
    pub fn odd(&self, slot: &Slot, lines: &[Line]) -> Option<Odd> {
        let sums = Balance::of(lines);
        let all = [
            ("taken", self.taken, sums.taken),
            ("held", self.held, sums.held),
            ("refunded", self.refunded, sums.refunded),
            ("kept", self.kept, sums.kept()),
        ];
        all.into_iter().find_map(|(name, due, actual)| {
            let due = due?;
            (!due.is_met_by(slot, actual)).then_some(Odd {
                name,
                expected: due.of(slot),
                actual,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::slot::{ConfirmationMode, NoShowFee, Resources, Terms};
    use serde_json::json;

    fn money(micros: i64) -> Money {
        Money {
            price_micros: micros,
            currency_code: "EUR".into(),
        }
    }

    fn table_for_three() -> Slot {
        let fee = NoShowFee {
            fee: money(12_000_000),
            fee_type: PriceType::PerPerson,
        };
        Slot {
            merchant_id: "bistro".into(),
            service_id: "table".into(),
            start_sec: 0,
            duration_sec: 5400,
            availability_tag: None,
            resources: Resources {
                party_size: Some(3),
                ..Resources::default()
            },
            confirmation_mode: ConfirmationMode::Synchronous,
            spots_total: 1,
            spots_open: 1,
            terms: Terms {
                price: Some(money(45_000_000)),
                tax: Some(money(4_500_000)),
                no_show_fee: Some(fee),
                ..Terms::default()
            },
        }
    }

    fn lines(of: &[(&str, i64)]) -> Vec<Line> {
        let entries: Vec<_> = of
            .iter()
            .map(|(kind, micros)| json!({ "kind": kind, "amount_micros": micros, "currency_code": "EUR" }))
            .collect();
        read(&json!({ "entries": entries })).unwrap()
    }

    #[test]
    fn an_answer_is_read_with_numbers_or_text_and_whatever_else_it_says() {
        let answer = json!({ "entries": [
            { "kind": "store_card", "transaction_id": "seti_1", "at": "noon" },
            { "kind": "charge", "amount_micros": "5000000", "currency_code": "USD", "transaction_id": "ch_1" } ] });
        let lines = read(&answer).unwrap();
        assert_eq!(
            (lines[0].kind, lines[0].amount_micros, lines[1].amount_micros),
            (Move::StoreCard, 0, 5_000_000)
        );
        assert_eq!(lines[1].transaction_id.as_deref(), Some("ch_1"));
        assert!(read(&json!({ "entries": [] })).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_ledger_says_where() {
        let charge = |change: Value| {
            let mut entry = json!({ "kind": "charge", "amount_micros": 1, "currency_code": "USD" });
            entry
                .as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            read(&json!({ "entries": [entry] })).unwrap_err()
        };
        assert_eq!(read(&json!([])).unwrap_err(), "its answer has no list `entries`");
        assert!(charge(json!({ "kind": "fee" })).contains("has not one of these as its kind: charge, hold"));
        assert!(charge(json!({ "amount_micros": -1 })).ends_with("has no amount_micros of zero or more"));
        assert!(charge(json!({ "currency_code": null })).ends_with("has no currency_code"));
    }

    #[test]
    fn holds_captures_and_refunds_add_up() {
        let sums = Balance::of(&lines(&[
            ("hold", 50),
            ("capture", 30),
            ("release", 20),
            ("refund", 10),
        ]));
        assert_eq!(
            (sums.taken, sums.held, sums.refunded, sums.kept()),
            (30, 0, 10, 20)
        );
        assert_eq!(Balance::of(&lines(&[("hold", 50)])).kept(), 50);
    }

    #[test]
    fn what_is_due_follows_the_terms_and_the_party() {
        let slot = table_for_three();
        assert_eq!(Due::Total.of(&slot), Some(49_500_000));
        assert_eq!(Due::Fee.of(&slot), Some(36_000_000));
        assert_eq!(Due::Deposit.of(&slot), None);
        let part = |micros| Due::Part.is_met_by(&slot, micros);
        assert!(part(1) && !part(0) && !part(49_500_000));
        let alone = Slot {
            resources: Resources::default(),
            ..slot
        };
        assert_eq!(Due::Fee.of(&alone), Some(12_000_000));
    }

    #[test]
    fn books_name_the_first_sum_that_is_odd() {
        let (slot, charged) = (table_for_three(), lines(&[("charge", 36_000_000)]));
        let books = |taken, kept| Books {
            taken,
            kept,
            ..Books::default()
        };
        assert_eq!(books(Some(Due::Fee), None).odd(&slot, &charged), None);
        let odd = books(Some(Due::Fee), Some(Due::Nothing))
            .odd(&slot, &charged)
            .unwrap();
        assert_eq!(
            (odd.name, odd.expected, odd.actual),
            ("kept", Some(0), 36_000_000)
        );
        assert!(books(Some(Due::Deposit), None).odd(&slot, &charged).is_some());
        assert!(Books::default().is_empty());
    }
}
