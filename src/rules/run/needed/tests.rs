use super::*;
use crate::testing::{
    BEGAN, START, Story, StoryVerdict, booking, changes, copy, inventory_update, patch, usd,
};
use crate::{MerchantTerms, Offer, OptionTerms};
use serde_json::json;

fn cut() -> (String, String) {
    ("salon".to_owned(), "cut".to_owned())
}

fn offer(service: ServiceTerms) -> Offer {
    let option = OptionTerms {
        price: Some(usd(78_000_000)),
        tax_micro_percent: None,
    };
    let salon = MerchantTerms {
        tokenization: Some(json!({ "tokenization_parameter": { "gateway": "stripe" } })),
        options: [("gold".to_owned(), option)].into(),
        ..MerchantTerms::default()
    };
    Offer {
        services: [(cut(), service)].into(),
        merchants: [("salon".to_owned(), salon)].into(),
        ..Offer::default()
    }
}

fn delete() -> ResourceAct {
    let (merchant_id, service_id) = cut();
    ResourceAct::DeleteService {
        merchant_id,
        service_id,
    }
}

fn create() -> ResourceAct {
    let (merchant_id, service_id) = cut();
    ResourceAct::CreateService {
        merchant_id,
        id: Some(service_id),
        service: json!({}),
    }
}

fn judged(story: &Story) -> StoryVerdict {
    story.judge_with_slots(&[story.bound_slot()], &RULE)
}

/// How a story begins.
type Tell = fn() -> Story;

#[test]
fn a_service_that_is_offered_is_not_deleted() {
    let found = judged(&Story::arrival().asks_google(delete())).warns(NEEDED);
    assert_eq!(
        found.message,
        "the service \"cut\" of merchant \"salon\" was deleted while the feed offers 1 of its slots from 2030-01-01T08:00:00Z on; \
         Google takes its slots off"
    );
    let merchant = ResourceAct::DeleteMerchant {
        merchant_id: "salon".into(),
    };
    judged(&Story::arrival().asks_google(merchant)).warns(NEEDED);
}

#[test]
fn one_that_is_made_again_or_closed_first_or_over_may_go() {
    judged(&Story::arrival().asks_google(delete()).asks_google(create())).passes(NEEDED);
    let closing = json!({ "startTimeRestrict": "2030-01-01T00:00:00Z", "endTimeRestrict": "2030-01-02T00:00:00Z", "availability": [] });
    let closed = Story::arrival()
        .notify(inventory_update(START, closing))
        .asks_google(delete());
    judged(&closed).passes(NEEDED);
    let elsewhere = json!({ "startTimeRestrict": "2030-01-02T00:00:00Z", "endTimeRestrict": "2030-01-03T00:00:00Z", "availability": [] });
    let open = Story::arrival()
        .notify(inventory_update(START, elsewhere))
        .asks_google(delete());
    judged(&open).warns(NEEDED);
    let over = Story::arrival()
        .slot(|slot| slot.start_sec = BEGAN - 60)
        .asks_google(delete());
    judged(&over).passes(NEEDED);
    Story::arrival().asks_google(delete()).judge(&RULE).passes(NEEDED);
    judged(&Story::arrival().asks_in_vain(delete(), 404, None)).says_nothing();
}

#[test]
fn a_booking_that_stands_needs_its_service() {
    let booked = || Story::arrival().create(booking()).after(5);
    let found = booked().asks_google(delete()).judge(&RULE).warns(NEEDED);
    assert!(
        found.message.contains("booking bk-0001 is CONFIRMED"),
        "{}",
        found.message
    );
    let body = changes(json!({ "status": "CANCELED" }));
    let canceled = patch(
        Some("status"),
        body,
        copy("CONFIRMED", None),
        copy("CANCELED", None),
    );
    booked()
        .notify(canceled)
        .after(1)
        .asks_google(delete())
        .judge(&RULE)
        .passes(NEEDED);
}

fn update_merchant(mask: Option<&str>, merchant: Value) -> ResourceAct {
    ResourceAct::UpdateMerchant {
        merchant_id: "salon".into(),
        mask: mask.map(|mask| vec![mask.to_owned()]),
        merchant,
    }
}

#[test]
fn payment_options_that_slots_or_services_name_stay() {
    let by_slot = |act| {
        let story = Story::arrival().slot(|slot| slot.terms.payment_option_id = Some("gold".into()));
        judged(&story.offering(offer(ServiceTerms::default())).asks_google(act))
    };
    let by_service = |act| {
        let service = ServiceTerms {
            payment_option_ids: vec!["gold".into()],
            ..ServiceTerms::default()
        };
        judged(&Story::arrival().offering(offer(service)).asks_google(act))
    };
    let list = |id: &str| json!({ "paymentOption": [{ "paymentOptionId": id }] });
    by_slot(update_merchant(None, list("gold"))).passes(NEEDED);
    by_service(update_merchant(Some("payment_option"), list("gold"))).passes(NEEDED);
    let found = by_slot(update_merchant(None, list("silver"))).warns(NEEDED);
    assert!(
        found.message.contains("has no payment option \"gold\""),
        "{}",
        found.message
    );
    by_service(update_merchant(Some("paymentOption"), json!({}))).warns(NEEDED);
    by_service(update_merchant(Some("merchantName"), list("silver"))).says_nothing();
    let nobody = Story::arrival().offering(offer(ServiceTerms::default()));
    judged(&nobody.asks_google(update_merchant(None, list("silver")))).says_nothing();
}

#[test]
fn cards_need_a_gateway() {
    let without = || update_merchant(Some("tokenizationConfig"), json!({}));
    let offer = || offer(ServiceTerms::default());
    let found = judged(&Story::card_only().offering(offer()).asks_google(without())).warns(NEEDED);
    assert!(
        found.message.contains("\"tokenizationConfig\""),
        "{}",
        found.message
    );
    judged(&Story::arrival().offering(offer()).asks_google(without())).says_nothing();
}

#[test]
fn terms_that_slots_have_from_their_service_stay() {
    let update = |story: Story, service: ServiceTerms, mask: Option<&str>| {
        let (merchant_id, service_id) = cut();
        let act = ResourceAct::UpdateService {
            merchant_id,
            service_id,
            mask: mask.map(|mask| vec![mask.to_owned()]),
            service: json!({}),
        };
        judged(&story.offering(offer(service)).asks_google(act))
    };
    let of = |story: &Story| {
        let terms = story.bound_slot().terms;
        ServiceTerms {
            price: terms.price,
            deposit: terms.deposit,
            no_show_fee: terms.no_show_fee,
            prepayment_type: if terms.prepayment {
                PrepaymentType::Required
            } else {
                PrepaymentType::NotSupported
            },
            ..ServiceTerms::default()
        }
    };
    let stories: [(Tell, &str); 4] = [
        (Story::arrival, "price"),
        (Story::prepayment, "prepaymentType"),
        (|| Story::deposit(3600), "deposit"),
        (Story::no_show_fee, "noShowFee"),
    ];
    for (story, field) in stories {
        let found = update(story(), of(&story()), Some(field)).warns(NEEDED);
        assert!(
            found.message.contains(&format!("takes \"{field}\" away")),
            "{}",
            found.message
        );
        update(story(), of(&story()), None).says_nothing();
    }
    // The slots have deposits of their own.
    update(Story::deposit(3600), ServiceTerms::default(), Some("deposit")).passes(NEEDED);
}
