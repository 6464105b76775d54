//! RTU-10, RTU-ASYNC-11

mod stated;

use super::spots::is_same;
use super::updates::{FeedSlots, Update, in_run};
use crate::offer::ServiceTerms;
use crate::verdicts::Proof;
use crate::{Offer, Rule, Run, Scope, Verdicts, reading};
use catalogue::RequirementId;
use domain::slot::{ConfirmationMode, Slot};
use serde_json::Value;
use stated::{Deviation, Pair};
use std::collections::BTreeSet;

const REPEATED: RequirementId = RequirementId::declared("RTU-10");
const MODE: RequirementId = RequirementId::declared("RTU-ASYNC-11");

pub(crate) static RULE: Rule = Rule {
    name: "inventory/terms",
    requirements: &[REPEATED, MODE],
    manual: "An inventory update replaces the slots that it lists. A slot (same start, length, staff, room and party) must come to \
             the terms that it has in the feed: deposit, fee for not coming, card, payment option, until when it can be booked and \
             cancelled, and how bookings are confirmed. What the update does not state is taken from the service, so that a slot may \
             leave out what it does not say itself. Where the update states something else than the feed, one of the two may be out of \
             date: that is remarked on.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let Some(offer) = run.cases.first().map(|case| case.offer) else {
        return;
    };
    let updates = in_run(run);
    let feed = FeedSlots::of(run, &updates);
    for update in &updates {
        let found = compare(&feed, offer, update);
        if let Some((slot, deviation, proof)) = found.terms {
            verdicts.fail(REPEATED, proof, words(slot, &deviation));
        } else if found.has_own_terms {
            verdicts.pass(REPEATED);
        }
        if let Some((slot, proof)) = found.mode {
            verdicts.warn(MODE, proof, words_of_mode(slot));
        }
    }
}

/// What the slots of one update show.
#[derive(Default)]
struct Found<'s> {
    terms: Option<(&'s Slot, Deviation, Proof)>,
    mode: Option<(&'s Slot, Proof)>,
    /// True when a slot has terms of its own in the feed.
    has_own_terms: bool,
}

fn compare<'r>(feed: &FeedSlots<'r>, offer: &Offer, update: &Update<'r>) -> Found<'r> {
    let (nothing, none) = (ServiceTerms::default(), BTreeSet::new());
    let mut found = Found::default();
    for listed in update.slots() {
        let key = (listed.merchant.to_owned(), listed.service.to_owned());
        let mut beside = feed.beside(&listed).iter().copied();
        let Some(slot) = beside.find(|slot| is_same(listed.value, slot)) else {
            continue;
        };
        let pair = Pair {
            listed: listed.value,
            feed: slot,
            service: offer.services.get(&key).unwrap_or(&nothing),
            options: offer.payment_options.get(listed.merchant).unwrap_or(&none),
        };
        found.has_own_terms |= pair.has_own_terms();
        if found.terms.is_none()
            && let Some(deviation) = pair.deviation()
        {
            let pointer = format!("{}/{}", listed.pointer, deviation.field.replace('.', "/"));
            let actual = reading::set(update.body(), &pointer).cloned();
            let proof = update.proof(pointer).expected(deviation.due.clone());
            found.terms = Some((slot, deviation, proof.actual(actual.unwrap_or(Value::Null))));
        }
        let is_other = |mode: &ConfirmationMode| *mode != slot.confirmation_mode;
        if found.mode.is_none() && pair.stated_mode().is_some_and(|mode| is_other(&mode)) {
            let proof = update.proof(format!("{}/confirmationMode", listed.pointer));
            found.mode = Some((slot, proof.expected(mode_name(slot.confirmation_mode))));
        }
    }
    found
}

fn words(slot: &Slot, deviation: &Deviation) -> String {
    let Deviation {
        field,
        is_stated,
        due,
    } = deviation;
    let which = which(slot);
    if *is_stated {
        format!(
            "an inventory update of {which} has another \"{field}\" than the feed, which says {due}; one of the two is out of date, or \
             the update changes terms that nobody changed"
        )
    } else {
        format!(
            "an inventory update of {which} has no \"{field}\"; the feed says {due} of the slot, and Google takes the terms of its \
             service in place of what is not repeated"
        )
    }
}

fn words_of_mode(slot: &Slot) -> String {
    format!(
        "an inventory update of {} has another \"confirmationMode\" than the feed, which says {}",
        which(slot),
        mode_name(slot.confirmation_mode)
    )
}

fn which(slot: &Slot) -> String {
    let start = protocol::time::seconds_to_timestamp(slot.start_sec).unwrap_or_default();
    // In one pair of quotes, so that slots of several services are one cause.
    format!("\"{} at {start}\"", slot.service_id)
}

fn mode_name(mode: ConfirmationMode) -> &'static str {
    match mode {
        ConfirmationMode::Synchronous => "CONFIRMATION_MODE_SYNCHRONOUS",
        ConfirmationMode::Asynchronous => "CONFIRMATION_MODE_ASYNCHRONOUS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{START, Story, StoryVerdict, inventory_update, run_of, usd};
    use domain::slot::{Deposit, PriceType};
    use serde_json::json;

    fn deposit(micros: i64) -> Deposit {
        Deposit {
            deposit: usd(micros),
            min_advance_cancellation_sec: Some(3600),
            deposit_type: PriceType::FixedRateDefault,
        }
    }

    fn stated(micros: &str) -> Value {
        json!({ "deposit": { "priceMicros": micros, "currencyCode": "USD" }, "minAdvanceCancellationSec": 3600, "depositType": 0 })
    }

    /// An update of the bound slot that states these fields, where the service has these terms.
    fn judged(story: Story, service: ServiceTerms, fields: &Value) -> StoryVerdict {
        let key = ("salon".to_owned(), "cut".to_owned());
        let mut slot = json!({ "startTime": "2030-01-01T08:00:00Z", "duration": "1800s" });
        if let (Value::Object(slot), Value::Object(fields)) = (&mut slot, fields) {
            slot.extend(fields.clone());
        }
        let offer = Offer {
            services: [(key, service)].into(),
            payment_options: [(
                "salon".to_owned(),
                ["gold".to_owned(), "silver".to_owned()].into(),
            )]
            .into(),
            ..Offer::default()
        };
        let story = story
            .offering(offer)
            .notify(inventory_update(START, json!({ "availability": [slot] })));
        let cases = [story.case()];
        let slots: Vec<_> = cases[0].transcript.slot("slot").cloned().into_iter().collect();
        let run = Run {
            slots: &slots,
            ..run_of(&cases)
        };
        let mut verdicts = Verdicts::default();
        judge(&run, &mut verdicts);
        let (findings, judged) = verdicts.conclude();
        StoryVerdict(crate::Judgement { findings, judged })
    }

    fn with_deposit(fields: &Value) -> StoryVerdict {
        judged(Story::deposit(3600), ServiceTerms::default(), fields)
    }

    #[test]
    fn a_deposit_of_the_slot_is_repeated() {
        with_deposit(&json!({ "deposit": stated("60000000") })).passes(REPEATED);
        let found = with_deposit(&json!({})).warns(REPEATED);
        assert!(
            found
                .message
                .starts_with("an inventory update of \"cut at 2030-01-01T08:00:00Z\" has no \"deposit\""),
            "{}",
            found.message
        );
        for other in [json!({ "deposit": stated("60000001") }), json!({ "deposit": {} })] {
            let found = with_deposit(&other).warns(REPEATED);
            assert!(
                found.message.contains("has another \"deposit\" than the feed"),
                "{}",
                found.message
            );
        }
    }

    #[test]
    fn what_the_service_says_may_be_left_out_or_repeated() {
        let service = || ServiceTerms {
            deposit: Some(deposit(60_000_000)),
            ..ServiceTerms::default()
        };
        judged(Story::deposit(3600), service(), &json!({})).says_nothing();
        judged(
            Story::deposit(3600),
            service(),
            &json!({ "deposit": stated("60000000") }),
        )
        .is_clean();
        let other = ServiceTerms {
            deposit: Some(deposit(1)),
            ..ServiceTerms::default()
        };
        judged(Story::deposit(3600), other, &json!({})).warns(REPEATED);
        judged(Story::arrival(), ServiceTerms::default(), &json!({})).says_nothing();
    }

    #[test]
    fn fees_cards_options_and_moments_are_compared_as_well() {
        let fee = json!({ "noShowFee": { "fee": { "priceMicros": "30000000", "currencyCode": "USD" } } });
        judged(Story::no_show_fee(), ServiceTerms::default(), &fee).passes(REPEATED);
        judged(Story::no_show_fee(), ServiceTerms::default(), &json!({})).warns(REPEATED);
        let card = json!({ "requireCreditCard": 2 });
        judged(Story::card_only(), ServiceTerms::default(), &card).passes(REPEATED);
        judged(Story::card_only(), ServiceTerms::default(), &json!({})).warns(REPEATED);
        let option = |own: &str| {
            let story = Story::arrival().slot(|slot| slot.terms.payment_option_id = Some("gold".into()));
            judged(
                story,
                ServiceTerms::default(),
                &json!({ "paymentOptionId": [own] }),
            )
        };
        option("gold").passes(REPEATED);
        option("silver").warns(REPEATED);
        // That no option of the merchant's is named has a rule of its own.
        option("lead").is_clean();
        let cutoff = |sec: i64| {
            let story = Story::arrival().slot(|slot| slot.terms.online_cancel_until_sec = START - 7200);
            let own = json!({ "schedulingRuleOverrides": { "lastOnlineCancellableSec": sec.to_string() } });
            judged(story, ServiceTerms::default(), &own)
        };
        cutoff(START - 7200).passes(REPEATED);
        cutoff(START - 3600).warns(REPEATED);
    }

    #[test]
    fn slots_of_another_length_are_others() {
        with_deposit(&json!({ "duration": "3600s" })).says_nothing();
    }

    #[test]
    fn another_way_of_confirming_is_remarked_on() {
        let mode = |mode: Value| {
            judged(
                Story::arrival(),
                ServiceTerms::default(),
                &json!({ "confirmationMode": mode }),
            )
        };
        mode(json!("CONFIRMATION_MODE_SYNCHRONOUS")).says_nothing();
        mode(json!("CONFIRMATION_MODE_UNSPECIFIED")).says_nothing();
        mode(json!("CONFIRMATION_MODE_ASYNCHRONOUS")).warns(MODE);
        mode(json!(2)).warns(MODE);
    }
}
