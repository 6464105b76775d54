//! What feeds have to say about money, wherever it stands.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{Compared, FeedSubject, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/amounts",
    requirements: &[
        RequirementId::declared("OVR-02"),
        RequirementId::declared("OVR-11"),
        RequirementId::declared("FEED-AVL-01"),
        RequirementId::declared("AMT-04"),
        RequirementId::declared("AMT-09"),
        RequirementId::declared("AMT-12"),
        RequirementId::declared("PAY-COM-01"),
        RequirementId::declared("PAY-COM-02"),
        RequirementId::declared("PAY-PREPAY-01"),
        RequirementId::declared("PAY-NOSHOW-01"),
        RequirementId::declared("PAY-DEP-01"),
        RequirementId::declared("CXL-08"),
    ],
    manual: "Looks at the amounts of all three feeds, and at what a slot comes to with the terms that it inherits. A fee or a deposit \
             that is declared incompletely, or with an amount, currency or cutoff that cannot be, is one finding, told as such. A \
             currency of another country is a warning, since merchants near a border are free to take one; so is a fraction of the \
             smallest unit, which Google rounds. A slot that states what its service states is a warning. Currencies and their units are those of ISO 4217. What is implausible is far beyond \
             what anything costs, by the currency: above a million dollars, or below the smallest unit.",
    scope: Scope::Feed(ROWS),
};

const FEE: &[&str] = &["no_show_fee"];
const DEPOSIT: &[&str] = &["deposit"];
const FEE_SAYS: &str = "a fee for not coming is not declared with amount and type";
const DEPOSIT_SAYS: &str = "a deposit is not declared with amount, type and cutoff";

const ROWS: &[Row] = &[
    row(
        ProblemCode::NoMerchantPaymentOption,
        "OVR-02",
        "a slot names a payment option, and its merchant defines none",
    )
    .of(FeedSubject::Slot),
    row(
        ProblemCode::UndefinedPaymentOption,
        "OVR-02",
        "a slot names a payment option that its merchant does not define",
    )
    .of(FeedSubject::Slot),
    row(
        ProblemCode::NeedlessOverride,
        "OVR-11",
        "a slot repeats a fee, a deposit or payment options of its service",
    )
    .seen_in(Compared::Overrides),
    row(ProblemCode::MissingField, "PAY-NOSHOW-01", FEE_SAYS).at(FEE),
    row(ProblemCode::InvalidAmount, "PAY-NOSHOW-01", FEE_SAYS).at(FEE),
    row(ProblemCode::InvalidCurrency, "PAY-NOSHOW-01", FEE_SAYS).at(FEE),
    row(ProblemCode::InvalidLead, "PAY-NOSHOW-01", FEE_SAYS).at(FEE),
    row(ProblemCode::MissingField, "PAY-DEP-01", DEPOSIT_SAYS).at(DEPOSIT),
    row(ProblemCode::InvalidAmount, "PAY-DEP-01", DEPOSIT_SAYS).at(DEPOSIT),
    row(ProblemCode::InvalidCurrency, "PAY-DEP-01", DEPOSIT_SAYS).at(DEPOSIT),
    row(ProblemCode::InvalidLead, "PAY-DEP-01", DEPOSIT_SAYS).at(DEPOSIT),
    row(
        ProblemCode::PartyUnknown,
        "AMT-04",
        "an amount per person stands on a slot that names no party size, so it counts once",
    ),
    row(
        ProblemCode::InvalidPartySize,
        "FEED-AVL-01",
        "the party size of a slot is no number of people",
    ),
    row(
        ProblemCode::MixedCurrency,
        "AMT-09",
        "price, fee and deposit of a slot are in different currencies",
    ),
    row(
        ProblemCode::InvalidCurrency,
        "AMT-09",
        "a currency is no code of ISO 4217",
    )
    .named("INVALID_CURRENCY_CODE"),
    row(
        ProblemCode::ForeignCurrency,
        "AMT-09",
        "a currency is not that of the merchant's country",
    )
    .warns(),
    row(ProblemCode::InvalidAmount, "AMT-12", "an amount is negative").named("PRICE_OUT_OF_RANGE"),
    row(
        ProblemCode::ImplausibleAmount,
        "AMT-12",
        "an amount is too small or too large to be one that is paid",
    )
    .named("PRICE_OUT_OF_RANGE"),
    row(
        ProblemCode::BrokenUnit,
        "AMT-12",
        "an amount has a fraction of the smallest unit of its currency, and is rounded",
    )
    .warns(),
    row(
        ProblemCode::NoTokenization,
        "PAY-COM-01",
        "a card is needed where the merchant has no tokenization configuration",
    ),
    row(
        ProblemCode::AsyncWithPayment,
        "PAY-COM-02",
        "a card is needed where the merchant confirms later",
    ),
    row(
        ProblemCode::OptionalPrepayment,
        "PAY-PREPAY-01",
        "a prepayment is optional, for which no flow is documented",
    )
    .warns(),
    row(
        ProblemCode::RisingRefund,
        "CXL-08",
        "a refund is higher for whoever cancels later",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::row_of;
    use feeds::FeedProblem;

    fn requirement(code: ProblemCode, subject: FeedSubject, field: &str) -> Option<&'static str> {
        let problem = FeedProblem {
            file: "services.json".into(),
            subject,
            record: "service[0]".into(),
            field: field.into(),
            code,
            message: String::new(),
        };
        row_of(&problem).map(|row| row.requirement.as_str())
    }

    #[test]
    fn what_is_wrong_inside_of_a_fee_is_a_matter_of_the_fee() {
        let table = [
            (ProblemCode::InvalidAmount, "price.price_micros", Some("AMT-12")),
            (
                ProblemCode::InvalidAmount,
                "no_show_fee.fee.price_micros",
                Some("PAY-NOSHOW-01"),
            ),
            (
                ProblemCode::InvalidCurrency,
                "deposit.deposit.currency_code",
                Some("PAY-DEP-01"),
            ),
            (
                ProblemCode::InvalidCurrency,
                "payment_option[3].price.currency_code",
                Some("AMT-09"),
            ),
            (
                ProblemCode::ImplausibleAmount,
                "no_show_fee.fee.price_micros",
                Some("AMT-12"),
            ),
            (
                ProblemCode::InvalidLead,
                "rules.min_advance_booking",
                Some("FEED-AVL-15"),
            ),
            (
                ProblemCode::InvalidLead,
                "rules.min_advance_online_canceling",
                None,
            ),
            (ProblemCode::MissingField, "name", None),
        ];
        for (code, field, expected) in table {
            assert_eq!(
                requirement(code, FeedSubject::Service, field),
                expected,
                "{code} {field}"
            );
        }
    }

    #[test]
    fn an_option_that_a_service_names_is_a_matter_of_the_service() {
        let code = ProblemCode::UndefinedPaymentOption;
        let found =
            [FeedSubject::Slot, FeedSubject::Service].map(|of| requirement(code, of, "payment_option_id"));
        assert_eq!(found, [Some("OVR-02"), Some("FEED-SVC-12")]);
    }
}
