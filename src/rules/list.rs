//! Every rule, in the order of the catalogue's areas.

use super::{
    Rule, Scope, access, answers, asynchronous, availability, cancellation, create, delivery, failure, feed,
    inventory, marketing, money, notification, online, orders, packs, payment, read, run, transport, update,
    waitlist,
};
use catalogue::RequirementId;

/// The rules.
pub static RULES: &[&Rule] = &[
    &answers::content_type::RULE,
    &answers::enum_names::RULE,
    &answers::field_names::RULE,
    &answers::seconds::RULE,
    &answers::wire_types::RULE,
    &transport::health_reply::RULE,
    &transport::error_text::RULE,
    &transport::nothing_on_refusal::RULE,
    &availability::entries::RULE,
    &availability::flag::RULE,
    &availability::order::RULE,
    &availability::jointly::RULE,
    &availability::page_size::RULE,
    &availability::honoured::RULE,
    &create::outcome::RULE,
    &create::status::RULE,
    &create::slot_echo::RULE,
    &create::user_echo::RULE,
    &create::failure_alone::RULE,
    &create::failure_cause::RULE,
    &create::no_offer::RULE,
    &create::stale_repeat::RULE,
    &failure::card_type::RULE,
    &failure::details::RULE,
    &failure::challenge::RULE,
    &failure::challenges::RULE,
    &failure::description::RULE,
    &failure::secrets::RULE,
    &cancellation::policy::RULE,
    &cancellation::refund::RULE,
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
    &payment::invented::RULE,
    &payment::user_option::RULE,
    &money::amount::RULE,
    &money::configured::RULE,
    &money::converted::RULE,
    &money::processor_id::RULE,
    &money::fee_amount::RULE,
    &money::fee_cause::RULE,
    &money::refunded_once::RULE,
    &packs::returned::RULE,
    &packs::used_up::RULE,
    &packs::credited::RULE,
    &packs::voucher::RULE,
    &packs::ids::RULE,
    &packs::stated::RULE,
    &online::session_names::RULE,
    &online::session_access::RULE,
    &update::outcome::RULE,
    &update::booking_id::RULE,
    &update::complete::RULE,
    &update::carried_out::RULE,
    &update::kept::RULE,
    &update::given_back::RULE,
    &read::status::RULE,
    &read::list_user::RULE,
    &read::list_complete::RULE,
    &read::list_agrees::RULE,
    &orders::whole::RULE,
    &orders::outcome::RULE,
    &orders::as_ordered::RULE,
    &orders::paid::RULE,
    &orders::stated::RULE,
    &orders::listed::RULE,
    &orders::each_item::RULE,
    &orders::result::RULE,
    &orders::price::RULE,
    &orders::constraints::RULE,
    &orders::fees::RULE,
    &marketing::preference::RULE,
    &asynchronous::mode_echo::RULE,
    &asynchronous::pending::RULE,
    &asynchronous::unpaid::RULE,
    &asynchronous::withdrawal::RULE,
    &notification::method::RULE,
    &notification::decided::RULE,
    &notification::request_unchanged::RULE,
    &notification::failure_place::RULE,
    &notification::failure_cause::RULE,
    &notification::failure_alone::RULE,
    &notification::cancel_minimal::RULE,
    &notification::move_in_one::RULE,
    &notification::move_as_cancel::RULE,
    &notification::moved_start::RULE,
    &notification::party_size::RULE,
    &notification::fee_as_prepayment::RULE,
    &notification::partner::RULE,
    &notification::verb::RULE,
    &notification::content_type::RULE,
    &notification::essentials::RULE,
    &notification::name::RULE,
    &notification::fields::RULE,
    &notification::status_names::RULE,
    &notification::start_time::RULE,
    &notification::duration::RULE,
    &notification::client_data::RULE,
    &notification::mask_present::RULE,
    &notification::mask_complete::RULE,
    &notification::mask_modifiable::RULE,
    &notification::mask_spelling::RULE,
    &notification::refund_mask::RULE,
    &notification::refund_transaction::RULE,
    &notification::refund_told::RULE,
    &notification::prepayment_steps::RULE,
    &notification::deposit_kept::RULE,
    &notification::no_show_time::RULE,
    &notification::no_show_canceled::RULE,
    &notification::payment_status::RULE,
    &notification::penalty::RULE,
    &notification::echo::RULE,
    &access::credentials::RULE,
    &access::assertion::RULE,
    &access::reuse::RULE,
    &access::quota::RULE,
    &access::withheld::RULE,
    &delivery::refused::RULE,
    &delivery::backoff::RULE,
    &delivery::patience::RULE,
    &delivery::retry_after::RULE,
    &delivery::order::RULE,
    &delivery::real_time::RULE,
    &delivery::inventory_time::RULE,
    &inventory::taken::RULE,
    &inventory::freed::RULE,
    &inventory::moved::RULE,
    &inventory::spots::RULE,
    &inventory::contradicted::RULE,
    &inventory::confirmation_mode::RULE,
    &inventory::restricts::RULE,
    &inventory::entry_ids::RULE,
    &inventory::field_names::RULE,
    &feed::files::RULE,
    &feed::merchants::RULE,
    &feed::services::RULE,
    &feed::online::RULE,
    &feed::slots::RULE,
    &feed::redirect::RULE,
    &feed::amounts::RULE,
    &feed::days::RULE,
    &feed::payments::RULE,
    &inventory::style::RULE,
    &run::booking_ids::RULE,
    &run::both_returned::RULE,
    &run::transaction_ids::RULE,
    &run::unshown::RULE,
    &run::orphans::RULE,
    &run::of_another::RULE,
    &run::spots_total::RULE,
    &run::own_ids::RULE,
    &run::partner::RULE,
    &run::method::RULE,
    &run::verb::RULE,
    &run::inventory_form::RULE,
    &run::inventory_path::RULE,
    &run::shifted::RULE,
    &run::latency::RULE,
    &run::lookup_errors::RULE,
    &run::notification_errors::RULE,
    &waitlist::sizes::RULE,
    &waitlist::left_out::RULE,
    &waitlist::shut::RULE,
    &waitlist::wait_length::RULE,
    &waitlist::outcome::RULE,
    &waitlist::state_times::RULE,
    &waitlist::empty_answer::RULE,
    &waitlist::estimate_fields::RULE,
    &waitlist::entry_ids::RULE,
    &waitlist::failure_cause::RULE,
    &waitlist::entry_fields::RULE,
    &run::records::RULE,
    &run::resource_ids::RULE,
    &run::online_fields::RULE,
    &run::add_on_fields::RULE,
    &run::service_terms::RULE,
    &run::merchant_terms::RULE,
    &run::needed::RULE,
    &run::resource_form::RULE,
    &inventory::linked_out::RULE,
    &inventory::terms::RULE,
    &inventory::addressed::RULE,
    &inventory::complete::RULE,
    &inventory::resource_ids::RULE,
    &inventory::party_sizes::RULE,
];

/// The rules that can fail a requirement.
pub fn rules_for(id: RequirementId) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .copied()
        .filter(move |rule| rule.requirements.contains(&id))
}

/// True when feed files alone show whether the requirement is kept, and nothing that a run does.
pub fn is_of_feeds_alone(id: RequirementId) -> bool {
    let mut rules = rules_for(id).peekable();
    rules.peek().is_some() && rules.all(|rule| matches!(rule.scope, Scope::Feed(_)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use catalogue::catalogue;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn names_are_unique_and_every_rule_has_a_manual() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        for rule in RULES {
            assert!(
                rule.manual.len() > 40 && rule.manual.ends_with('.'),
                "{}",
                rule.name
            );
            assert!(!rule.manual.contains("  "), "{}", rule.name);
        }
    }

    #[test]
    fn every_requirement_stands_in_the_catalogue_under_its_own_id() {
        for rule in RULES {
            assert!(!rule.requirements.is_empty(), "{}", rule.name);
            for id in rule.requirements {
                let row = catalogue().resolve(id.as_str());
                assert_eq!(row.map(|row| row.id.as_str()), Some(id.as_str()), "{}", rule.name);
                assert!(rules_for(*id).any(|known| known.name == rule.name));
            }
        }
    }

    #[test]
    fn rows_are_looked_at_in_the_order_of_the_list() {
        let listed = RULES.iter().flat_map(|rule| match rule.scope {
            Scope::Feed(rows) => rows,
            _ => &[],
        });
        assert!(
            listed
                .map(std::ptr::from_ref)
                .eq(crate::feed::rows().map(std::ptr::from_ref))
        );
    }

    #[test]
    fn a_rule_of_rows_lists_what_its_rows_say() {
        for rule in RULES {
            if let Scope::Feed(rows) = rule.scope {
                let said: BTreeSet<_> = rows.iter().map(|row| row.requirement).collect();
                assert_eq!(said, rule.requirements.iter().copied().collect(), "{}", rule.name);
            }
        }
    }

    /// Requirements are declared in the file that can fail them, so what a file declares is what its rule must list.
    #[test]
    fn a_rule_lists_what_its_file_can_fail() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let is_of_rows = |rule: &&&Rule| matches!(rule.scope, Scope::Feed(_));
        for rule in RULES.iter().filter(|rule| !is_of_rows(rule)) {
            let text =
                std::fs::read_to_string(folder.join(format!("{}.rs", rule.name.replace('-', "_")))).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let listed: BTreeSet<_> = rule.requirements.iter().map(|id| id.as_str()).collect();
            let failed: BTreeSet<_> = code
                .lines()
                .filter_map(declaration)
                .filter(|id| can_fail(code, id.0))
                .collect();
            let failed: BTreeSet<_> = failed.into_iter().map(|(_, id)| id).collect();
            assert_eq!(failed, listed, "{}", rule.name);
            let heading = text.lines().next().unwrap().trim_start_matches("//! ");
            assert_eq!(
                heading.split(", ").collect::<BTreeSet<_>>(),
                listed,
                "{}",
                rule.name
            );
        }
    }

    fn declaration(line: &str) -> Option<(&str, &str)> {
        let (left, right) = line.split_once(": RequirementId = RequirementId::declared(\"")?;
        Some((left.rsplit(' ').next()?, right.split('"').next()?))
    }

    /// Named as the first argument of a judgement or in the first place of a table's row, or handed on.
    fn can_fail(code: &str, name: &str) -> bool {
        let first = format!("{name},");
        let mut openings = code.split('(').skip(1);
        openings.any(|rest| rest.trim_start().starts_with(&first)) || code.contains(&format!("Some({name}),"))
    }
}
