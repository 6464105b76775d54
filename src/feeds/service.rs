//! A service, as far as booking needs it.

use serde_json::Value;

use super::code::Code;
use super::convert::{deposit, keep, lead, missing, money, no_show_fee, tax_rate};
use super::problem::Fault;
use super::records::{
    CardRequirement, PolicyRecord, PrepaymentType, RulesRecord, ServiceNameRecord, ServiceRecord,
};
use super::wire::Text;
use crate::protocol::slot::{Deposit, Money, NoShowFee, OnlineTerms, RefundStep};

/// The scheduling rules of a service; lengths of time in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Between the last possible booking and the start.
    pub min_advance_booking: Option<i64>,
    /// Between the last possible booking and the end; counts where `time_flexible` is set.
    pub min_booking_buffer_before_end_time: Option<i64>,
    /// Between the last possible online cancellation and the start.
    pub min_advance_online_canceling: Option<i64>,
    /// True when one may come at any time during the slot.
    pub time_flexible: bool,
    /// Longest lead first; absent where the service states no policy, which means no refunds.
    pub cancellation_policy: Option<Vec<RefundStep>>,
}

/// Spots or recurrence: one service uses one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Spots,
    Recurrence,
}

/// A service of the feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// stub
    pub ticket_types: Vec<String>,
    /// Set for online services.
    pub online: Option<OnlineTerms>,
    /// False when the record is wrong in a way that leaves its slots without a meaning.
    pub(super) usable: bool,
    /// The format of its first slot.
    pub(super) format: Option<Format>,
}

impl Service {
    /// True when its slots are given as recurrences, false when with spots; none while it has no slot.
    pub fn is_recurring(&self) -> Option<bool> {
        self.format.map(|format| format == Format::Recurrence)
    }

    /// Reads a record; `None` where an id is missing.
    pub(super) fn read(record: ServiceRecord<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
        let id = record.merchant_id.as_deref().filter(|id| !id.is_empty());
        let merchant_id = keep(id.ok_or_else(|| missing("merchant_id")), faults)?.to_owned();
        let id = record.service_id.as_deref().filter(|id| !id.is_empty());
        let service_id = keep(id.ok_or_else(|| missing("service_id")), faults)?.to_owned();
        let (online, charges) = (online(&record), Charges::read(&record, faults));
        let rules = rules(record.rules.as_ref(), record.scheduling_rules.as_ref(), faults);
        let usable = charges.is_some() && rules.is_some();
        let charges = charges.unwrap_or_default();
        let ids = record.payment_option_id.unwrap_or_default();
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
            ticket_types: Vec::new(),
            ticketed: record.ticket_type.is_some_and(|types| !types.is_empty()),
            online,
            usable,
            format: None,
        })
    }

    /// stub until the service's part is merged
    pub(super) fn has_redirect_template(&self) -> bool {
        true
    }

    /// True for a table in a restaurant, which needs no price.
    pub fn is_dining(&self) -> bool {
        matches!(
            self.service_type.as_deref(),
            Some("SERVICE_TYPE_DINING_RESERVATION" | "1")
        )
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
            .map(money)
            .transpose()
            .map_err(|fault| fault.inside("price"));
        let price = keep(price, faults);
        let tax = keep(tax_rate(record.tax_rate.as_ref()), faults);
        let fee = keep(record.no_show_fee.as_ref().map(no_show_fee).transpose(), faults);
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

/// Google's sample of an online service has no `type`, so that the session alone makes it one, too.
fn online(record: &ServiceRecord<'_>) -> Option<OnlineTerms> {
    let kind = record.kind.as_ref().map(|kind| kind.0.as_str());
    let online = matches!(kind, Some("SERVICE_TYPE_ONLINE_APPOINTMENT" | "8"));
    let session = record.virtual_session.as_ref();
    (online || session.is_some()).then(|| OnlineTerms {
        session_instructions: session.and_then(|session| text(session.session_instructions.as_ref()?)),
        direct_merchant_payment: record.direct_merchant_payment.is_some(),
    })
}

/// A bare string, or the first value of a Text message.
fn text(value: &Value) -> Option<String> {
    let localized = || value.pointer("/localized_value/0/value");
    let text = value
        .as_str()
        .or_else(|| value.get("value").or_else(localized)?.as_str());
    text.filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

fn rules(rules: Option<&RulesRecord>, alias: Option<&RulesRecord>, faults: &mut Vec<Fault>) -> Option<Rules> {
    if alias.is_some() {
        faults.push(Fault::new(
            Code::RulesAlias,
            "scheduling_rules",
            "the field is called `rules`",
        ));
    }
    let mut read =
        |record: Option<&RulesRecord>, name: &str| match record.map(|record| read_rules(record, name)) {
            None => Some(None),
            Some((rules, found)) => {
                let lost = found.iter().any(|fault| fault.code != Code::RisingRefund);
                faults.extend(found);
                (!lost).then_some(Some(rules))
            }
        };
    let (rules, alias) = (read(rules, "rules")?, read(alias, "scheduling_rules")?);
    if rules.is_some() && alias.is_some() && rules != alias {
        let message = "differs from `rules`, which is used";
        faults.push(Fault::new(Code::RulesConflict, "scheduling_rules", message));
    }
    Some(rules.or(alias).unwrap_or_default())
}

fn read_rules(record: &RulesRecord, name: &str) -> (Rules, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut seconds = |field, value| keep(lead(value, field), &mut faults).flatten();
    let mut rules = Rules {
        min_advance_booking: seconds("min_advance_booking", record.min_advance_booking),
        min_booking_buffer_before_end_time: seconds(
            "min_booking_buffer_before_end_time",
            record.min_booking_buffer_before_end_time,
        ),
        min_advance_online_canceling: seconds(
            "min_advance_online_canceling",
            record.min_advance_online_canceling,
        ),
        time_flexible: record
            .admission_policy
            .as_ref()
            .is_some_and(|policy| policy.0 == "TIME_FLEXIBLE"),
        cancellation_policy: None,
    };
    rules.cancellation_policy = record
        .cancellation_policy
        .as_ref()
        .map(|policy| refund_steps(policy, &mut faults));
    let faults = faults.into_iter().map(|fault| fault.inside(name)).collect();
    (rules, faults)
}

/// The steps of a policy, longest lead first.
fn refund_steps(record: &PolicyRecord, faults: &mut Vec<Fault>) -> Vec<RefundStep> {
    let mut steps: Vec<_> = record
        .refund_condition
        .iter()
        .flatten()
        .map(|step| RefundStep {
            min_duration_before_start_time_sec: step
                .min_duration_before_start_time_sec
                .map_or(0, |int| int.0),
            refund_percent: step.refund_percent.map_or(0, |int| int.0),
        })
        .collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.min_duration_before_start_time_sec));
    let note = |code, message| Fault::new(code, "cancellation_policy.refund_condition", message);
    faults.extend(
        steps
            .iter()
            .filter_map(wrong_step)
            .map(|message| note(Code::InvalidRefundStep, message)),
    );
    faults.extend(
        steps
            .windows(2)
            .filter_map(wrong_pair)
            .map(|(code, message)| note(code, message)),
    );
    steps
}

fn wrong_step(step: &RefundStep) -> Option<String> {
    let (lead, percent) = (step.min_duration_before_start_time_sec, step.refund_percent);
    let wrong = lead < 0 || !(0..=100).contains(&percent);
    wrong.then(|| format!("{percent} % from {lead} s before the start: 0 to 100 % and no negative lead"))
}

fn wrong_pair(pair: &[RefundStep]) -> Option<(Code, String)> {
    let [longer, shorter] = pair else { return None };
    let lead = shorter.min_duration_before_start_time_sec;
    if longer.refund_percent == shorter.refund_percent {
        None
    } else if longer.min_duration_before_start_time_sec == lead {
        Some((
            Code::InvalidRefundStep,
            format!("two different percentages from {lead} s before the start"),
        ))
    } else {
        let message = format!("more is given back from {lead} s before the start than earlier");
        (shorter.refund_percent > longer.refund_percent).then_some((Code::RisingRefund, message))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read(fields: &str) -> (Service, Vec<Code>) {
        let mut faults = Vec::new();
        let json = format!(r#"{{"merchant_id":"m","service_id":"s"{fields}}}"#);
        let service = Service::read(serde_json::from_str(&json).unwrap(), &mut faults).unwrap();
        (service, faults.into_iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn rules_are_read_under_both_names_and_rules_wins() {
        let (service, codes) = read(r#","scheduling_rules":{"min_advance_booking":"60"}"#);
        assert_eq!(service.rules.min_advance_booking, Some(60));
        assert_eq!(codes, [Code::RulesAlias]);

        let both = r#","rules":{"min_advance_booking":60},"scheduling_rules":{"min_advance_booking":"60"}"#;
        assert_eq!(read(both).1, [Code::RulesAlias]);
        let (service, codes) = read(&both.replace("\"60\"", "90"));
        assert_eq!(service.rules.min_advance_booking, Some(60));
        assert_eq!(codes, [Code::RulesAlias, Code::RulesConflict]);
    }

    #[test]
    fn refund_steps_are_ordered_and_checked() {
        let steps = |conditions: &str| {
            let policy = format!(r#"{{"cancellation_policy":{{"refund_condition":[{conditions}]}}}}"#);
            let (service, codes) = read(&format!(r#","rules":{policy}"#));
            let steps = service.rules.cancellation_policy.unwrap_or_default();
            let leads: Vec<_> = steps
                .iter()
                .map(|step| step.min_duration_before_start_time_sec)
                .collect();
            (leads, codes, service.usable)
        };
        let half = r#"{"min_duration_before_start_time_sec":"60","refund_percent":50}"#;
        let full = r#"{"min_duration_before_start_time_sec":90,"refund_percent":100}"#;
        assert_eq!(steps(&format!("{half},{full}")), (vec![90, 60], vec![], true));
        let rising = full.replace("90", "30");
        assert_eq!(
            steps(&format!("{half},{rising}")),
            (vec![60, 30], vec![Code::RisingRefund], true)
        );
        let twice = full.replace("90", "60");
        assert_eq!(steps(&format!("{half},{twice}")).1, [Code::InvalidRefundStep]);
        assert_eq!(
            steps(&full.replace("100", "101")),
            (vec![], vec![Code::InvalidRefundStep], false)
        );
    }

    #[test]
    fn an_online_service_tells_how_to_join() {
        let text = r#","type":"SERVICE_TYPE_ONLINE_APPOINTMENT","direct_merchant_payment":{},
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
        assert_eq!(read(localized).0.name, "Trim");
        assert_eq!(read(r#","name":"old""#).0.name, "old");
    }

    #[test]
    fn a_service_with_a_meaningless_amount_is_not_usable() {
        let (service, codes) = read(r#","no_show_fee":{},"rules":{"min_advance_booking":-1}"#);
        assert!(!service.usable);
        assert_eq!(codes, [Code::MissingField, Code::InvalidLead]);
    }
}
