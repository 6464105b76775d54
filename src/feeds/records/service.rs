//! A service, as far as booking needs it.

use super::check;
use super::convert::{deposit, keep, missing, money, no_show_fee, tax_rate};
use super::merchant::Merchant;
use super::messages::service::{ServiceNameRecord, ServiceRecord};
use super::messages::{CardRequirement, PrepaymentType};
use super::redirect;
use super::scheduling;
pub use super::scheduling::Rules;
use crate::code::Code;
use crate::files::wire::Text;
use crate::problem::Fault;
use domain::slot::{Deposit, Money, NoShowFee, OnlineTerms};

/// Spots or recurrence: one service uses one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Spots,
    Recurrence,
}

/// A service of the feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of the feed by itself"
)]
pub struct Service {
    /// The merchant that offers it.
    pub merchant_id: String,
    /// Unique within the merchant.
    pub service_id: String,
    /// Empty where the feed has none.
    pub name: String,
    /// `type` of the feed, by name or number.
    pub service_type: Option<String>,
    /// Without tax; per booking, never per person.
    pub price: Option<Money>,
    /// In place of the merchant's rate, millionths of one percent.
    pub tax_micro_percent: Option<i64>,
    /// When it can be booked and cancelled.
    pub rules: Rules,
    /// Whether the price is paid when booking.
    pub prepayment_type: PrepaymentType,
    /// True when the feed says that a prepayment is charged later than at booking.
    pub charge_later: bool,
    /// Options of the merchant that replace the price.
    pub payment_option_ids: Vec<String>,
    /// The fee for not coming.
    pub no_show_fee: Option<NoShowFee>,
    /// The deposit.
    pub deposit: Option<Deposit>,
    /// When a card is asked for.
    pub card_requirement: CardRequirement,
    /// True when it is sold by the ticket.
    pub ticketed: bool,
    /// Ids of its ticket types.
    pub ticket_types: Vec<String>,
    /// The template of the address that slots which link out lead to.
    pub redirect_template: Option<String>,
    /// Set for online services.
    pub online: Option<OnlineTerms>,
    /// True when a price of nothing may stand for one that is not shown, or that is paid elsewhere.
    pub(crate) may_be_free: bool,
    /// False when the record is wrong in a way that leaves its slots without a meaning.
    pub(crate) usable: bool,
    /// The format of its first slot.
    pub(crate) format: Option<Format>,
}

impl Service {
    /// True when its slots are given as recurrences, false when with spots; none while it has no slot.
    pub fn is_recurring(&self) -> Option<bool> {
        self.format.map(|format| format == Format::Recurrence)
    }

    /// Reads a record; `None` where an id is missing.
    pub(crate) fn read(record: ServiceRecord<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
        check::service(&record, faults);
        let id = record.merchant_id.as_deref().filter(|id| !id.is_empty());
        let merchant_id = keep(id.ok_or_else(|| missing("merchant_id")), faults)?.to_owned();
        let id = record.service_id.as_deref().filter(|id| !id.is_empty());
        let service_id = keep(id.ok_or_else(|| missing("service_id")), faults)?.to_owned();
        let (online, charges) = (online(&record), Charges::read(&record, faults));
        let rules = scheduling::read(record.rules.as_ref(), record.scheduling_rules.as_ref(), faults);
        let usable = charges.is_some() && rules.is_some();
        let charges = charges.unwrap_or_default();
        let may_be_free = check::may_be_free(&record);
        let ids = record.payment_option_id.unwrap_or_default();
        let tickets = record.ticket_type.unwrap_or_default();
        Some(Self {
            merchant_id,
            service_id,
            name: name(record.localized_service_name, record.name.map(Text::into_string)),
            service_type: record.kind.map(|kind| kind.0),
            price: charges.price,
            tax_micro_percent: charges.tax_micro_percent,
            rules: rules.unwrap_or_default(),
            prepayment_type: record.prepayment_type.map(|named| named.0).unwrap_or_default(),
            charge_later: record.prepayment_terms.is_some_and(|terms| terms.charges_later()),
            payment_option_ids: ids.into_iter().map(Text::into_string).collect(),
            no_show_fee: charges.no_show_fee,
            deposit: charges.deposit,
            card_requirement: record
                .require_credit_card
                .map(|named| named.0)
                .unwrap_or_default(),
            ticketed: !tickets.is_empty(),
            ticket_types: check::ticket_ids(&tickets).collect(),
            redirect_template: redirect::template(record.uri_template.as_ref()),
            online,
            may_be_free,
            usable,
            format: None,
        })
    }

    /// True for a table in a restaurant, which needs no price.
    pub fn is_dining(&self) -> bool {
        matches!(
            self.service_type.as_deref(),
            Some("SERVICE_TYPE_DINING_RESERVATION" | "1")
        )
    }

    /// True where the feed says no type, so that it may be a table.
    pub(crate) fn is_untyped(&self) -> bool {
        matches!(
            self.service_type.as_deref(),
            None | Some("" | "SERVICE_TYPE_UNSPECIFIED" | "0")
        )
    }

    /// True for an appointment in person.
    pub(crate) fn is_appointment(&self) -> bool {
        matches!(
            self.service_type.as_deref(),
            Some("SERVICE_TYPE_APPOINTMENT" | "5")
        )
    }

    /// Payment options that it names and `merchant` does not define.
    pub(crate) fn undefined_options(&self, merchant: &Merchant) -> Vec<Fault> {
        let field = "payment_option_id";
        if !self.payment_option_ids.is_empty() && !merchant.defines_options() {
            let message = format!("merchant {} defines no payment_option", merchant.merchant_id);
            return vec![Fault::new(Code::NoMerchantPaymentOption, field, message)];
        }
        let ids = self.payment_option_ids.iter();
        let undefined = ids.filter(|id| !merchant.defines_option(id));
        let fault = |id| {
            let message = format!(
                "merchant {} defines no payment option {id:?}",
                merchant.merchant_id
            );
            Fault::new(Code::UndefinedPaymentOption, field, message)
        };
        undefined.map(fault).collect()
    }

    /// Amounts in a currency that is not one of the country of `merchant`.
    pub(crate) fn foreign_currencies(&self, merchant: &Merchant) -> Vec<Fault> {
        let fee = self.no_show_fee.as_ref().map(|fee| &fee.fee);
        let deposit = self.deposit.as_ref().map(|deposit| &deposit.deposit);
        let amounts = [
            ("price", self.price.as_ref()),
            ("no_show_fee.fee", fee),
            ("deposit.deposit", deposit),
        ];
        let set = amounts
            .into_iter()
            .filter_map(|(field, amount)| Some((field, amount?)));
        set.filter_map(|(field, amount)| merchant.foreign_currency(amount, field))
            .collect()
    }

    /// True when it has the template that slots which link out need.
    pub(crate) fn has_redirect_template(&self) -> bool {
        self.redirect_template
            .as_deref()
            .is_some_and(redirect::is_complete)
    }
}

/// What a service costs, as far as its own record says.
#[derive(Default)]
struct Charges {
    price: Option<Money>,
    tax_micro_percent: Option<i64>,
    no_show_fee: Option<NoShowFee>,
    deposit: Option<Deposit>,
}

impl Charges {
    /// Notes every fault; `None` when there is one that takes the meaning from an amount.
    fn read(record: &ServiceRecord<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
        let price = record
            .price
            .as_ref()
            .map(|price| money(price, "price", faults))
            .transpose();
        let price = keep(price, faults);
        let tax = tax_rate(record.tax_rate.as_ref(), faults);
        let tax = keep(tax, faults);
        let fee = record
            .no_show_fee
            .as_ref()
            .map(|record| no_show_fee(record, faults))
            .transpose();
        let fee = keep(fee, faults);
        let deposit = record
            .deposit
            .as_ref()
            .map(|record| deposit(record, faults))
            .transpose();
        let deposit = keep(deposit, faults);
        Some(Self {
            price: price?,
            tax_micro_percent: tax?,
            no_show_fee: fee?,
            deposit: deposit?,
        })
    }
}

fn name(localized: Option<ServiceNameRecord<'_>>, deprecated: Option<String>) -> String {
    let first = |name: ServiceNameRecord<'_>| {
        let other = name
            .localized_value
            .into_iter()
            .flatten()
            .find_map(|text| text.value);
        name.value.or(other).map(Text::into_string)
    };
    localized.and_then(first).or(deprecated).unwrap_or_default()
}

fn online(record: &ServiceRecord<'_>) -> Option<OnlineTerms> {
    let session = record.virtual_session.as_ref();
    let instructions = || check::first_text(session?.session_instructions.as_ref()?);
    record.is_online().then(|| OnlineTerms {
        session_instructions: instructions().map(ToOwned::to_owned),
        direct_merchant_payment: record.direct_merchant_payment.is_some(),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read(fields: &str) -> (Service, Vec<Code>) {
        named(&format!(
            r#","localized_service_name":{{"value":"Trim"}}{fields}"#
        ))
    }

    fn named(fields: &str) -> (Service, Vec<Code>) {
        let mut faults = Vec::new();
        let json = format!(r#"{{"merchant_id":"m","service_id":"s"{fields}}}"#);
        let service = Service::read(serde_json::from_str(&json).unwrap(), &mut faults).unwrap();
        (service, faults.into_iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn an_online_service_tells_how_to_join() {
        let text = r#","type":"SERVICE_TYPE_ONLINE_APPOINTMENT","direct_merchant_payment":{"payment_methods":["Cash"]},
            "virtual_session":{"session_instructions":{"localized_value":[{"value":"A link comes by mail"}]}}"#;
        let expected = OnlineTerms {
            session_instructions: Some("A link comes by mail".to_owned()),
            direct_merchant_payment: true,
        };
        assert_eq!(read(text).0.online, Some(expected));
        let bare = r#","virtual_session":{"session_instructions":"Bring a mat"}"#;
        let online = read(bare).0.online.unwrap();
        assert_eq!(online.session_instructions.as_deref(), Some("Bring a mat"));
        assert_eq!(read(r#","type":5"#).0.online, None);
    }

    #[test]
    fn the_name_is_the_localized_one() {
        let localized =
            r#","name":"old","localized_service_name":{"localized_value":[{"locale":"en","value":"Trim"}]}"#;
        assert_eq!(named(localized).0.name, "Trim");
        let (deprecated, codes) = named(r#","name":"old""#);
        assert_eq!(
            (deprecated.name.as_str(), codes),
            ("old", vec![Code::MissingField])
        );
    }

    #[test]
    fn a_service_with_a_meaningless_amount_is_not_usable() {
        let (service, codes) =
            read(r#","no_show_fee":{"fee_type":"PER_PERSON"},"rules":{"min_advance_booking":-1}"#);
        assert!(!service.usable);
        assert_eq!(codes, [Code::MissingField, Code::InvalidLead]);
    }

    #[test]
    fn messages_in_which_nothing_is_set_are_none() {
        for price in ["{}", "null"] {
            let (service, codes) = read(&format!(r#","price":{price},"direct_merchant_payment":{{}}"#));
            assert!(service.usable);
            assert_eq!((service.price, codes), (None, vec![]));
        }
    }

    /// A fee or a deposit that is set replaces another one, so that one without an amount says something: that it is wrong.
    #[test]
    fn fees_in_which_nothing_is_set_are_told() {
        let codes = |fields| read(fields).1;
        assert_eq!(codes(r#","no_show_fee":{}"#), [Code::MissingField]);
        assert_eq!(codes(r#","deposit":{}"#), [Code::MissingField]);
    }

    fn merchant(fields: &str) -> Merchant {
        let json = format!(
            r#"{{"merchant_id":"m","geo":{{"address":{{"country":"US"}}}},"payment_option":[{fields}]}}"#
        );
        Merchant::read(serde_json::from_str(&json).unwrap(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn options_are_those_of_the_merchant() {
        let codes = |ids: &str, options: &str| {
            let (service, _) = read(&format!(r#","payment_option_id":[{ids}]"#));
            let faults = service.undefined_options(&merchant(options)).into_iter();
            faults.map(|fault| fault.code).collect::<Vec<_>>()
        };
        let broken = r#"{"payment_option_id":"b","price":{"price_micros":-1}}"#;
        let both = format!(r#"{{"payment_option_id":"a"}},{broken}"#);
        assert_eq!(codes(r#""a","b""#, &both), []);
        assert_eq!(codes("", ""), []);
        assert_eq!(codes(r#""a","c""#, &both), [Code::UndefinedPaymentOption]);
        assert_eq!(codes(r#""a","c""#, ""), [Code::NoMerchantPaymentOption]);
    }

    #[test]
    fn amounts_are_in_a_currency_of_the_country() {
        let fields = |currency: &str| {
            let amount = format!(r#"{{"price_micros":9000000,"currency_code":"{currency}"}}"#);
            read(&format!(r#","price":{amount},"no_show_fee":{{"fee":{amount}}}"#)).0
        };
        assert_eq!(fields("USD").foreign_currencies(&merchant("")), []);
        let faults = fields("EUR").foreign_currencies(&merchant("")).into_iter();
        let found: Vec<_> = faults.map(|fault| (fault.code, fault.field)).collect();
        let expected = ["price.currency_code", "no_show_fee.fee.currency_code"];
        assert_eq!(
            found,
            expected.map(|field| (Code::ForeignCurrency, field.to_owned()))
        );
        let nowhere = Merchant {
            country: None,
            ..merchant("")
        };
        assert_eq!(fields("EUR").foreign_currencies(&nowhere), []);
    }

    #[test]
    fn a_template_has_what_a_redirect_needs() {
        let complete = |template: &str| {
            let (service, _) = read(&format!(r#","uri_template":{{"uri_template":"{template}"}}"#));
            service.has_redirect_template()
        };
        let right = "https://lane.example/{availability_slot_start_seconds}/{resources_party_size}";
        assert!(complete(right));
        assert!(!complete("https://lane.example/{resources_party_size}"));
        assert!(!read("").0.has_redirect_template());
    }
}
