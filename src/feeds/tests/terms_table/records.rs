//! Merchants and services that differ in what they say about money.

use super::model::EITHER;
use crate::tests::example::Example;
use domain::slot::PriceType;
use serde_json::{Value, json};

/// Seconds before the start until which a service's own deposit is given back.
pub(super) const DEPOSIT_LEAD: i64 = 7_200;

/// A price, and the tax on it at the merchant's, the service's, the option's rate and at the basis points.
pub(super) type Taxed = (i64, [i64; 4]);

/// The amounts of one currency, micros.
pub(super) struct Amounts {
    pub(super) code: &'static str,
    pub(super) service: Taxed,
    pub(super) service_option: Taxed,
    pub(super) slot_option: Taxed,
    pub(super) service_fee: i64,
    pub(super) slot_fee: i64,
    pub(super) service_deposit: i64,
    pub(super) slot_deposit: i64,
}

/// Rates of 10 %, 8.875 % and 7.253 %, and of 750 basis points.
pub(super) const RATES: [i64; 4] = [10_000_000, 8_875_000, 7_253_000, 750];

/// 10 % is a tie each time: of 10.05 it is 1.005, and the even neighbour 1.00.
pub(super) const CURRENCIES: [Amounts; 3] = [
    Amounts {
        code: "USD",
        service: (10_050_000, [1_000_000, 890_000, 730_000, 750_000]),
        service_option: (10_150_000, [1_020_000, 900_000, 740_000, 760_000]),
        slot_option: (10_250_000, [1_020_000, 910_000, 740_000, 770_000]),
        service_fee: 5_000_000,
        slot_fee: 3_000_000,
        service_deposit: 4_000_000,
        slot_deposit: 6_000_000,
    },
    Amounts {
        code: "JPY",
        service: (1_045_000_000, [104_000_000, 93_000_000, 76_000_000, 78_000_000]),
        service_option: (1_055_000_000, [106_000_000, 94_000_000, 77_000_000, 79_000_000]),
        slot_option: (1_065_000_000, [106_000_000, 95_000_000, 77_000_000, 80_000_000]),
        service_fee: 500_000_000,
        slot_fee: 300_000_000,
        service_deposit: 400_000_000,
        slot_deposit: 600_000_000,
    },
    Amounts {
        code: "KWD",
        service: (12_345_000, [1_234_000, 1_096_000, 895_000, 926_000]),
        service_option: (12_355_000, [1_236_000, 1_097_000, 896_000, 927_000]),
        slot_option: (12_365_000, [1_236_000, 1_097_000, 897_000, 927_000]),
        service_fee: 5_000_000,
        slot_fee: 3_000_000,
        service_deposit: 4_000_000,
        slot_deposit: 6_000_000,
    },
];

/// Where a rate stands; each kind keeps the rates below it, which it has to win over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Tax {
    Nowhere,
    BasisPoints,
    Merchant,
    Service,
    Option,
    /// An empty message beside basis points.
    EmptyAtMerchant,
    EmptyAtService,
    EmptyAtOption,
}

pub(super) const TAXES: [Tax; 8] = [
    Tax::Nowhere,
    Tax::BasisPoints,
    Tax::Merchant,
    Tax::Service,
    Tax::Option,
    Tax::EmptyAtMerchant,
    Tax::EmptyAtService,
    Tax::EmptyAtOption,
];

impl Tax {
    /// The place of the rate that counts, in [`RATES`].
    pub(super) fn counts(self, by_option: bool) -> Option<usize> {
        match self {
            Self::Nowhere | Self::EmptyAtMerchant | Self::EmptyAtService => None,
            Self::Merchant => Some(0),
            Self::Service => Some(1),
            Self::Option => Some(if by_option { 2 } else { 1 }),
            Self::EmptyAtOption => (!by_option).then_some(1),
            Self::BasisPoints => Some(3),
        }
    }

    fn rate(rate: usize) -> Value {
        json!({ "micro_percent": RATES[rate] })
    }

    fn of_merchant(self) -> Value {
        match self {
            Self::Nowhere | Self::BasisPoints => Value::Null,
            Self::EmptyAtMerchant => json!({}),
            _ => Self::rate(0),
        }
    }

    fn of_service(self) -> Value {
        match self {
            Self::Service | Self::Option | Self::EmptyAtOption => Self::rate(1),
            Self::EmptyAtService => json!({}),
            _ => Value::Null,
        }
    }

    fn of_option(self) -> Value {
        match self {
            Self::Option => Self::rate(2),
            Self::EmptyAtOption => json!({}),
            _ => Value::Null,
        }
    }
}

/// What a service says itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Base {
    Bare,
    Prepaid,
    /// Fixed.
    Fee,
    /// Per person.
    Deposit,
    Conditional,
    Always,
    /// Prepaid, a fee per person, a deposit of no type, and a card always.
    Everything,
}

pub(super) const BASES: [Base; 7] = [
    Base::Bare,
    Base::Prepaid,
    Base::Fee,
    Base::Deposit,
    Base::Conditional,
    Base::Always,
    Base::Everything,
];

impl Base {
    pub(super) fn prepaid(self) -> bool {
        matches!(self, Self::Prepaid | Self::Everything)
    }

    pub(super) fn fee(self) -> Option<PriceType> {
        match self {
            Self::Fee => Some(PriceType::FixedRateDefault),
            Self::Everything => Some(PriceType::PerPerson),
            _ => None,
        }
    }

    pub(super) fn deposit(self) -> Option<PriceType> {
        match self {
            Self::Deposit => Some(PriceType::PerPerson),
            Self::Everything => Some(PriceType::FixedRateDefault),
            _ => None,
        }
    }

    pub(super) fn always(self) -> bool {
        matches!(self, Self::Always | Self::Everything)
    }

    pub(super) fn has_leads(self) -> bool {
        self != Self::Bare
    }

    fn record(self, amounts: &Amounts, tax: Tax, has_option: bool) -> Value {
        let merchant = merchant_id(amounts, tax);
        let price = |micros: i64| json!({ "price_micros": micros, "currency_code": amounts.code });
        let mut service = json!({
            "merchant_id": merchant,
            "service_id": service_id(self, has_option),
            "price": price(amounts.service.0),
            "tax_rate": tax.of_service(),
            "rules": { "cancellation_policy": {} },
        });
        if has_option {
            service["payment_option_id"] = json!([format!("service-{merchant}")]);
        }
        if self.prepaid() {
            service["prepayment_type"] = json!("REQUIRED");
        }
        match self {
            Self::Conditional => service["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL"),
            _ if self.always() => service["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_ALWAYS"),
            _ => {}
        }
        if let Some(kind) = self.fee() {
            service["no_show_fee"] = json!({ "fee": price(amounts.service_fee), "fee_type": kind });
        }
        if let Some(kind) = self.deposit() {
            service["deposit"] = json!({
                "deposit": price(amounts.service_deposit),
                "min_advance_cancellation_sec": DEPOSIT_LEAD,
            });
            if kind == PriceType::PerPerson {
                service["deposit"]["deposit_type"] = json!(kind);
            }
        }
        if self.has_leads() {
            service["rules"]["min_advance_booking"] = json!(3_600);
            service["rules"]["min_advance_online_canceling"] = json!("86400");
        }
        service
    }
}

pub(super) fn merchant_id(amounts: &Amounts, tax: Tax) -> String {
    format!("{}-{tax:?}", amounts.code)
}

pub(super) fn service_id(base: Base, has_option: bool) -> String {
    format!("{base:?}-{has_option}")
}

pub(super) fn merchant(amounts: &Amounts, tax: Tax, example: &Value) -> Value {
    let id = merchant_id(amounts, tax);
    let option = |level: &str, micros: i64| {
        json!({
            "payment_option_id": format!("{level}-{id}"),
            "price": { "price_micros": micros, "currency_code": amounts.code },
            "tax_rate": tax.of_option(),
        })
    };
    let basis_points = matches!(tax, Tax::BasisPoints | Tax::EmptyAtMerchant).then_some(RATES[3]);
    json!({
        "merchant_id": id,
        "tax_rate": tax.of_merchant(),
        "tax_rate_basis_points": basis_points,
        "tokenization_config": example["tokenization_config"],
        "payment_option": [option("service", amounts.service_option.0), option("slot", amounts.slot_option.0)],
    })
}

/// The feeds of these merchants and services, without slots.
pub(super) fn feeds(amounts: &[Amounts], taxes: &[Tax], bases: &[Base]) -> Example {
    let mut example = Example::new();
    let like = example.merchants["merchant"][0].clone();
    let (mut merchants, mut services) = (Vec::new(), Vec::new());
    for amounts in amounts {
        for tax in taxes {
            merchants.push(merchant(amounts, *tax, &like));
            for base in bases {
                services.extend(EITHER.map(|has_option| base.record(amounts, *tax, has_option)));
            }
        }
    }
    example.merchants["merchant"] = json!(merchants);
    example.services["service"] = json!(services);
    example.availability["service_availability"] = json!([]);
    example
}
