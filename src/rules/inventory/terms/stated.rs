//! The terms that a slot has once Google has replaced it: what an inventory update states, and what the slot inherits.

use crate::offer::ServiceTerms;
use crate::{api_terms, reading};
use domain::slot::{ConfirmationMode, Deposit, NoShowFee, Slot};
use feeds::windows;
use protocol::{int64, time};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A slot that an update lists, beside the same slot of the feed.
#[derive(Clone, Copy)]
pub(super) struct Pair<'s> {
    /// In JSON names.
    pub(super) listed: &'s Value,
    pub(super) feed: &'s Slot,
    pub(super) service: &'s ServiceTerms,
    /// The payment options that the merchant defines.
    pub(super) options: &'s BTreeSet<String>,
}

/// A field by which the slot has other terms than in the feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Deviation {
    /// In JSON names.
    pub(super) field: &'static str,
    /// True when the update has the field, and false when it leaves the slot to its service.
    pub(super) is_stated: bool,
    /// What the feed says.
    pub(super) due: String,
}

impl Pair<'_> {
    /// The first field by which the slot comes to other terms than those of the feed; confirmation is another question.
    pub(super) fn deviation(&self) -> Option<Deviation> {
        let terms = &self.feed.terms;
        let fields = [
            (
                "deposit",
                self.deposit() == terms.deposit,
                words(&json!(terms.deposit)),
            ),
            (
                "noShowFee",
                self.no_show_fee() == terms.no_show_fee,
                words(&json!(terms.no_show_fee)),
            ),
            (
                "requireCreditCard",
                self.card_required() == terms.card_required,
                format!(
                    "that a card is {}required",
                    if terms.card_required { "" } else { "not " }
                ),
            ),
            (
                "paymentOptionId",
                self.has_option(),
                words(&json!(terms.payment_option_id)),
            ),
        ];
        let mut all = fields.into_iter().chain(self.moments());
        let (field, _, due) = all.find(|(_, agrees, _)| !agrees)?;
        let is_stated = reading::set(self.listed, &format!("/{}", field.replace('.', "/"))).is_some();
        Some(Deviation {
            field,
            is_stated,
            due,
        })
    }

    /// True when the slot has terms of its own in the feed, which an update could lose.
    pub(super) fn has_own_terms(&self) -> bool {
        let bare = Pair {
            listed: &Value::Null,
            ..*self
        };
        bare.deviation().is_some()
    }

    /// The mode that the update states; none where it states none.
    pub(super) fn stated_mode(&self) -> Option<ConfirmationMode> {
        match reading::api_name("ConfirmationMode", self.listed, "/confirmationMode")? {
            "CONFIRMATION_MODE_SYNCHRONOUS" => Some(ConfirmationMode::Synchronous),
            "CONFIRMATION_MODE_ASYNCHRONOUS" => Some(ConfirmationMode::Asynchronous),
            _ => None,
        }
    }

    fn deposit(&self) -> Option<Deposit> {
        let Some(stated) = reading::set(self.listed, "/deposit") else {
            return self.service.deposit.clone();
        };
        api_terms::deposit(stated, self.feed.terms.deposit.as_ref())
    }

    fn no_show_fee(&self) -> Option<NoShowFee> {
        let Some(stated) = reading::set(self.listed, "/noShowFee") else {
            return self.service.no_show_fee.clone();
        };
        api_terms::no_show_fee(stated)
    }

    /// What asks for money asks for a card; which of it the slot has is another question.
    fn card_required(&self) -> bool {
        let terms = &self.feed.terms;
        let says = match reading::api_name("RequireCreditCard", self.listed, "/requireCreditCard") {
            Some("REQUIRE_CREDIT_CARD_ALWAYS") => true,
            Some("REQUIRE_CREDIT_CARD_CONDITIONAL") => false,
            _ => self.service.card_required,
        };
        says || terms.prepayment || terms.no_show_fee.is_some() || terms.deposit.is_some()
    }

    /// True when the option that gives the slot its price in the feed is among those that the slot has now, and none is where
    /// the feed has none. An option that the merchant does not define has a rule of its own.
    fn has_option(&self) -> bool {
        let list = reading::set(self.listed, "/paymentOptionId").and_then(Value::as_array);
        let stated: Vec<&str> = list.into_iter().flatten().filter_map(Value::as_str).collect();
        let inherited = || {
            self.service
                .payment_option_ids
                .iter()
                .map(String::as_str)
                .collect()
        };
        let ids: Vec<&str> = if stated.is_empty() { inherited() } else { stated };
        let mut known = ids.into_iter().filter(|id| self.options.contains(*id)).peekable();
        match self.feed.terms.payment_option_id.as_deref() {
            Some(due) => {
                known.peek().is_none() && !self.is_silent("/paymentOptionId") || known.any(|id| id == due)
            }
            None => known.peek().is_none(),
        }
    }

    fn is_silent(&self, pointer: &str) -> bool {
        let value = reading::set(self.listed, pointer);
        value.is_none_or(|value| value.as_array().is_some_and(Vec::is_empty))
    }

    /// When the slot can be booked and cancelled.
    fn moments(&self) -> [(&'static str, bool, String); 3] {
        let (terms, rules) = (&self.feed.terms, &self.service.rules);
        let own = |name: &str| {
            let value = reading::set(self.listed, &format!("/schedulingRuleOverrides/{name}"))?;
            int64::read(value).filter(|sec| *sec != 0)
        };
        let (start, length) = (self.feed.start_sec, self.feed.duration_sec);
        let cancel = windows::online_cutoff(start, own("lastOnlineCancellableSec"), rules);
        let last = windows::bookable_until(start, length, own("lastBookableSec"), rules);
        [
            (
                "schedulingRuleOverrides.lastOnlineCancellableSec",
                cancel == terms.online_cancel_until_sec,
                moment(Some(terms.online_cancel_until_sec)),
            ),
            (
                "schedulingRuleOverrides.lastBookableSec",
                last == terms.bookable_until_sec,
                moment(Some(terms.bookable_until_sec)),
            ),
            (
                "schedulingRuleOverrides.firstBookableSec",
                own("firstBookableSec") == terms.bookable_from_sec,
                moment(terms.bookable_from_sec),
            ),
        ]
    }
}

/// What the feed says, for people.
fn words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

fn moment(sec: Option<i64>) -> String {
    let text = sec.and_then(|sec| time::seconds_to_timestamp(sec).ok());
    text.unwrap_or_else(|| "none".to_owned())
}
