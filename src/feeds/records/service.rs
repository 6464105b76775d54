//! A service, as far as booking needs it.

use super::convert::{deposit, keep, missing_field, money, no_show_fee, tax_rate};
use super::merchant::Merchant;
use super::messages::service::{ServiceNameRecord, ServiceRecord};
use super::messages::{CardRequirement, PrepaymentType};
use super::redirect;
pub use super::scheduling::SchedulingRules;
use super::tickets::TicketType;
use super::{ids, online, scheduling, text, tickets, waitlist};
use crate::code::ProblemCode;
use crate::files::wire::Text;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use domain::slot::{Deposit, Money, NoShowFee, OnlineTerms};
use std::ops::RangeInclusive;

/// The markup of descriptions; Google strips what is beyond it.
const DESCRIPTION_TAGS: [&str; 13] = [
    "h1", "h2", "h3", "h4", "h5", "ul", "ol", "li", "strong", "italic", "em", "p", "br",
];

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
    pub(crate) kind: Option<String>,
    /// Without tax; per booking, never per person.
    pub price: Option<Money>,
    /// In place of the merchant's rate, millionths of one percent.
    pub tax_micro_percent: Option<i64>,
    /// When it can be booked and cancelled.
    pub rules: SchedulingRules,
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
    pub(crate) ticketed: bool,
    /// Its ticket types.
    pub(crate) ticket_types: Vec<TicketType>,
    /// The template of the address that slots which link out lead to.
    pub(crate) redirect_template: Option<String>,
    /// Set for online services.
    pub online: Option<OnlineTerms>,
    /// True when a price of nothing may stand for one that is not shown, or that is paid elsewhere.
    pub(crate) may_be_free: bool,
    /// The party sizes of its waitlist, if it has one.
    pub waitlist: Option<RangeInclusive<i32>>,
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
    pub(crate) fn read(mut record: ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) -> Option<Self> {
        ids::check_no_uri(record.service_id.as_deref(), "service_id", problems);
        let name = name(record.localized_service_name.take(), record.name.take(), problems);
        description(&record, problems);
        repeated_name(&record, &name, problems);
        scheduling::check(record.rules.as_ref(), record.scheduling_rules.as_ref(), problems);
        sale(&record, problems);
        let types = record.ticket_type.take().unwrap_or_default();
        let ticket_types = tickets::read(&types, problems);
        tickets::order_fee(record.per_order_fee.as_ref(), problems);
        let online = online::read(&record, problems);
        // Without ids nothing can be booked of it.
        let id = record.merchant_id.as_deref().filter(|id| !id.is_empty());
        let merchant_id = keep(id.ok_or_else(|| missing_field("merchant_id")), problems)?.to_owned();
        let id = record.service_id.as_deref().filter(|id| !id.is_empty());
        let service_id = keep(id.ok_or_else(|| missing_field("service_id")), problems)?.to_owned();
        let charges = Charges::read(&record, problems);
        let rules = scheduling::read(record.rules.as_ref(), record.scheduling_rules.as_ref(), problems);
        let usable = charges.is_some() && rules.is_some();
        let charges = charges.unwrap_or_default();
        let may_be_free = may_be_free(&record);
        let ids = record.payment_option_id.unwrap_or_default();
        Some(Self {
            merchant_id,
            service_id,
            name,
            kind: record.kind.map(|kind| kind.0),
            price: charges.price,
            tax_micro_percent: charges.tax_micro_percent,
            rules: rules.unwrap_or_default(),
            prepayment_type: record.prepayment_type.map(|named| named.0).unwrap_or_default(),
            charge_later: record
                .prepayment_terms
                .is_some_and(|terms| terms.is_charged_later()),
            payment_option_ids: ids.into_iter().map(Text::into_string).collect(),
            no_show_fee: charges.no_show_fee,
            deposit: charges.deposit,
            card_requirement: record
                .require_credit_card
                .map(|named| named.0)
                .unwrap_or_default(),
            ticketed: !types.is_empty(),
            ticket_types,
            redirect_template: redirect::template(record.uri_template.as_ref()),
            online,
            may_be_free,
            waitlist: waitlist::sizes(record.waitlist_rules.as_ref()),
            usable,
            format: None,
        })
    }

    /// True for a table in a restaurant, which needs no price.
    pub(crate) fn is_dining(&self) -> bool {
        matches!(
            self.kind.as_deref(),
            Some("SERVICE_TYPE_DINING_RESERVATION" | "1")
        )
    }

    /// True where the feed says no type, so that it may be a table.
    pub(crate) fn is_untyped(&self) -> bool {
        matches!(
            self.kind.as_deref(),
            None | Some("" | "SERVICE_TYPE_UNSPECIFIED" | "0")
        )
    }

    /// True for an appointment in person.
    pub(crate) fn is_appointment(&self) -> bool {
        matches!(self.kind.as_deref(), Some("SERVICE_TYPE_APPOINTMENT" | "5"))
    }

    /// Payment options that it names and `merchant` does not define.
    pub(crate) fn undefined_options(&self, merchant: &Merchant) -> Vec<RecordProblem> {
        let field = "payment_option_id";
        if !self.payment_option_ids.is_empty() && !merchant.has_options() {
            let message = format!("merchant {} defines no payment_option", merchant.merchant_id);
            return vec![RecordProblem::new(
                ProblemCode::NoMerchantPaymentOption,
                field,
                message,
            )];
        }
        let ids = self.payment_option_ids.iter();
        let undefined = ids.filter(|id| !merchant.has_option(id));
        let problem = |id| {
            let message = format!(
                "merchant {} defines no payment option {id:?}",
                merchant.merchant_id
            );
            RecordProblem::new(ProblemCode::UndefinedPaymentOption, field, message)
        };
        undefined.map(problem).collect()
    }

    /// Amounts in a currency that is not one of the country of `merchant`.
    pub(crate) fn foreign_currencies(&self, merchant: &Merchant) -> Vec<RecordProblem> {
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

    /// True when it has a template of an address on the partner's own page.
    pub fn has_uri_template(&self) -> bool {
        self.redirect_template.is_some()
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
    /// Notes every problem; `None` when there is one that takes the meaning from an amount.
    fn read(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) -> Option<Self> {
        let price = record
            .price
            .as_ref()
            .map(|price| money(price, "price", problems))
            .transpose();
        let price = keep(price, problems);
        let tax = tax_rate(record.tax_rate.as_ref(), problems);
        let tax = keep(tax, problems);
        let fee = record
            .no_show_fee
            .as_ref()
            .map(|record| no_show_fee(record, problems))
            .transpose();
        let fee = keep(fee, problems);
        let deposit = record
            .deposit
            .as_ref()
            .map(|record| deposit(record, problems))
            .transpose();
        let deposit = keep(deposit, problems);
        Some(Self {
            price: price?,
            tax_micro_percent: tax?,
            no_show_fee: fee?,
            deposit: deposit?,
        })
    }
}

/// The localized name, else the deprecated one.
fn name(
    localized: Option<ServiceNameRecord<'_>>,
    deprecated: Option<Text<'_>>,
    problems: &mut Vec<RecordProblem>,
) -> String {
    let field = "localized_service_name";
    let first = match localized {
        None => {
            problems.push(missing_field(field));
            None
        }
        Some(name) => {
            let localized = name.localized_value.into_iter().flatten();
            let values: Vec<_> = name
                .value
                .into_iter()
                .chain(localized.filter_map(|text| text.value))
                .collect();
            if values.iter().all(|text| text.trim().is_empty()) {
                problems.push(text::empty_text(field));
            }
            values.into_iter().next()
        }
    };
    first.or(deprecated).map(Text::into_string).unwrap_or_default()
}

fn description(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let deprecated = record.description.as_deref().filter(|text| !text.is_empty());
    text::check_length(deprecated.into_iter(), "description", problems);
    let field = "localized_description";
    let Some(localized) = &record.localized_description else {
        let message = "deprecated: use `localized_description`";
        problems.extend(
            deprecated.map(|_| RecordProblem::new(ProblemCode::DeprecatedField, "description", message)),
        );
        return;
    };
    text::check_filled(Some(localized), field, problems);
    text::check_length(text::values(localized), field, problems);
    text::check_markup(text::values(localized), &DESCRIPTION_TAGS, field, problems);
}

/// Notes a description that is the name once more, whatever its case and markup.
fn repeated_name(record: &ServiceRecord<'_>, name: &str, problems: &mut Vec<RecordProblem>) {
    let localized = record.localized_description.as_ref().and_then(text::first);
    let (field, words) = match localized {
        Some(words) => ("localized_description", words),
        None => ("description", record.description.as_deref().unwrap_or_default()),
    };
    let name = text::plain(name);
    if !name.is_empty() && text::plain(words) == name {
        let message = format!("{words:?} is the name of the service once more");
        problems.push(RecordProblem::new(ProblemCode::RepeatedName, field, message));
    }
}

fn sale(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let card = record
        .require_credit_card
        .map(|named| named.0)
        .unwrap_or_default();
    if record.is_prepaid() && card != CardRequirement::Conditional {
        let message = "a prepaid service sets REQUIRE_CREDIT_CARD_CONDITIONAL";
        problems.push(RecordProblem::new(
            ProblemCode::CardNotConditional,
            "require_credit_card",
            message,
        ));
    }
    let terms = record.prepayment_terms.as_ref();
    let early = terms.is_some_and(|terms| {
        terms
            .charge_time_before_start_time_sec
            .as_ref()
            .is_some_and(is_set)
            && !scheduling::can_mean(terms.charge_timing.as_ref(), "CHARGE_LATER")
    });
    if early {
        let field = "prepayment_terms.charge_time_before_start_time_sec";
        let message = "counts only with CHARGE_LATER";
        problems.push(RecordProblem::new(
            ProblemCode::ChargeTimeWithoutLater,
            field,
            message,
        ));
    }
}

/// True when a price of nothing may stand for one that is not shown, or that is paid on another page.
pub(crate) fn may_be_free(record: &ServiceRecord<'_>) -> bool {
    let hidden = record
        .price_interpretation
        .as_ref()
        .is_some_and(|value| value == "NOT_DISPLAYED" || value == 3 || value == "3");
    hidden || record.uri_template.as_ref().is_some_and(is_set)
}

#[cfg(test)]
mod tests;
