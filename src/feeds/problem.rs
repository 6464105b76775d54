//! What a feed that can be read says wrong: collected, never a reason to stop.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look; nothing is left out but what cannot be booked by CreateBooking in the first place.
    Warning,
    /// Against the feed reference; what the record describes is left out where its meaning is lost.
    Error,
}

/// Defines [`Code`] from one list: variant, stable name, severity.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// What is wrong, in a word that does not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name, `snake_case`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A JSON file of the folder that is no feed.
    NotAFeed = "not_a_feed", Warning;
    /// No `metadata`, or one of its required fields is missing.
    MissingMetadata = "missing_metadata", Error;
    /// `processing_instruction` is not `PROCESS_AS_COMPLETE`.
    NotACompleteFeed = "not_a_complete_feed", Error;
    /// A newer generation lacks shards, so an older one was read.
    IncompleteGeneration = "incomplete_generation", Warning;
    /// A restrict field in a daily availability feed.
    RestrictedFeed = "restricted_feed", Error;
    /// A required field is absent.
    MissingField = "missing_field", Error;
    /// A merchant id that an earlier record has.
    DuplicateMerchant = "duplicate_merchant", Error;
    /// A service id that an earlier record of the merchant has.
    DuplicateService = "duplicate_service", Error;
    /// A service or slot of a merchant that is not in the merchants feed.
    UnknownMerchant = "unknown_merchant", Error;
    /// A slot of a service that is not in the services feed.
    UnknownService = "unknown_service", Error;
    /// The rules stand under `scheduling_rules`.
    RulesAlias = "rules_alias", Warning;
    /// `rules` and `scheduling_rules` differ; `rules` is used.
    RulesConflict = "rules_conflict", Error;
    /// The deposit's cutoff stands inside of its price.
    NestedDepositCutoff = "nested_deposit_cutoff", Warning;
    /// A refund step with a percentage outside of 0 to 100, a negative lead, or a lead that another one has.
    InvalidRefundStep = "invalid_refund_step", Error;
    /// A refund step that gives back more for less lead.
    RisingRefund = "rising_refund", Warning;
    /// A length of time in the rules or the deposit that is negative.
    InvalidLead = "invalid_lead", Error;
    /// A moment that is no plausible epoch second.
    TimeOutOfRange = "time_out_of_range", Error;
    /// A slot of no or of implausible length.
    DurationOutOfRange = "duration_out_of_range", Error;
    /// A negative amount.
    InvalidAmount = "invalid_amount", Error;
    /// Not three capital letters.
    InvalidCurrency = "invalid_currency", Error;
    /// A tax rate outside of 0 to 100 percent.
    InvalidTaxRate = "invalid_tax_rate", Error;
    /// Spots that are negative, none in total, or more open than there are.
    InvalidSpots = "invalid_spots", Error;
    /// A party of less than one.
    InvalidPartySize = "invalid_party_size", Error;
    /// A first or last bookable moment out of order with each other or the start.
    InvalidBookableWindow = "invalid_bookable_window", Error;
    /// A recurrence that does not advance, ends before its start or lasts longer than a day.
    InvalidRecurrence = "invalid_recurrence", Error;
    /// Spots and recurrence within one service.
    MixedFormats = "mixed_formats", Error;
    /// A slot with the ids, start, length and resources of another; the first one is kept.
    IdenticalSlot = "identical_slot", Error;
    /// A payment option is referenced and the merchant defines none.
    NoMerchantPaymentOption = "no_merchant_payment_option", Error;
    /// A payment option is referenced that the merchant does not define.
    UndefinedPaymentOption = "undefined_payment_option", Error;
    /// Copies of one payment option differ between merchants.
    PaymentOptionDiffers = "payment_option_differs", Warning;
    /// No price, and not dining.
    MissingPrice = "missing_price", Error;
    /// Price, fee and deposit in different currencies.
    MixedCurrency = "mixed_currency", Error;
    /// A card is required and the merchant names no gateway.
    NoTokenization = "no_tokenization", Error;
    /// A card is required and the merchant confirms later.
    AsyncWithPayment = "async_with_payment", Error;
    /// Money is taken and no cancellation policy is stated.
    NoCancellationPolicy = "no_cancellation_policy", Error;
    /// A no-show fee or deposit of nothing.
    ZeroFee = "zero_fee", Warning;
    /// A deposit above the price.
    DepositExceedsPrice = "deposit_exceeds_price", Warning;
    /// A prepayment of nothing.
    PrepayOfZero = "prepay_of_zero", Warning;
    /// `prepayment_type` is `OPTIONAL`, for which no flow is documented.
    OptionalPrepayment = "optional_prepayment", Warning;
    /// A required prepayment that is charged later.
    ChargeLater = "charge_later", Warning;
    /// A deposit beside a prepayment of the whole price.
    PrepaymentWithDeposit = "prepayment_with_deposit", Warning;
    /// A slot that is booked by an order of tickets; left out.
    TicketedSlot = "ticketed_slot", Warning;
    /// A slot that is booked on the partner's own page; left out.
    RedirectedSlot = "redirected_slot", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Something readable but wrong in a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Name of the file, without its folder.
    pub file: String,
    /// The record, such as `service_availability[0].availability[5]`; `metadata` for the head of the file.
    pub record: String,
    /// The field inside of the record, dotted.
    pub field: String,
    /// What is wrong.
    pub code: Code,
    /// The same in a sentence, with the values.
    pub message: String,
}

/// A problem that does not know its file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) field: String,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same fault, seen from the message that holds the field.
    pub(super) fn inside(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// How many problems of one code are kept in full; the rest is counted. A wrong line in a generator repeats
/// itself in every record of a file of any size.
const KEPT_PER_CODE: usize = 100;

/// Problems as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) kept: Vec<Problem>,
    pub(super) counts: BTreeMap<Code, usize>,
}

impl Problems {
    /// Notes `fault` in `record` of `file`.
    pub(super) fn add(&mut self, file: &str, record: &dyn fmt::Display, fault: Fault) {
        let Fault { code, field, message } = fault;
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= KEPT_PER_CODE {
            self.kept.push(Problem {
                file: file.to_owned(),
                record: record.to_string(),
                field,
                code,
                message,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(
            names
                .iter()
                .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        );
    }

    #[test]
    fn a_problem_that_repeats_itself_is_counted_but_not_kept() {
        let mut problems = Problems::default();
        for _ in 0..KEPT_PER_CODE + 5 {
            problems.add(
                "a.json",
                &"merchant[0]",
                Fault::new(Code::ZeroFee, "fee", "nothing"),
            );
        }
        problems.add(
            "a.json",
            &"merchant[1]",
            Fault::new(Code::MissingPrice, "price", "none"),
        );
        assert_eq!(problems.kept.len(), KEPT_PER_CODE + 1);
        assert_eq!(problems.counts[&Code::ZeroFee], KEPT_PER_CODE + 5);
    }
}
