//! Every rule, in the order of the catalogue's areas.

use super::{Rule, answers, availability, create, online, payment, read, update};
use crate::catalogue::RequirementId;

/// The rules.
pub static RULES: &[&Rule] = &[
    &answers::content_type::RULE,
    &answers::enum_names::RULE,
    &answers::field_names::RULE,
    &answers::seconds::RULE,
    &answers::wire_types::RULE,
    &availability::entries::RULE,
    &create::outcome::RULE,
    &create::status::RULE,
    &create::slot_echo::RULE,
    &create::user_echo::RULE,
    &create::failure_alone::RULE,
    &create::failure_cause::RULE,
    &payment::complete::RULE,
    &payment::processed_by::RULE,
    &payment::transaction_id::RULE,
    &payment::price::RULE,
    &payment::currency::RULE,
    &payment::tax::RULE,
    &payment::arrival::RULE,
    &payment::prepaid::RULE,
    &payment::no_show_fee::RULE,
    &payment::deposit::RULE,
    &payment::deposit_cutoff::RULE,
    &payment::card_only::RULE,
    &online::session_names::RULE,
    &online::session_access::RULE,
    &update::outcome::RULE,
    &update::booking_id::RULE,
    &update::complete::RULE,
    &read::status::RULE,
    &read::list_user::RULE,
    &read::list_complete::RULE,
];

/// The rules that can fail a requirement.
pub fn rules_for(id: RequirementId) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .copied()
        .filter(move |rule| rule.requirements.contains(&id))
}
