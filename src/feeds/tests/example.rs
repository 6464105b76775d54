//! Worked example files, read from a folder, and what they resolve to.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::allowed;
use crate::terms::money;
use crate::*;
use domain::slot::{ConfirmationMode, PaymentMode, Slot};
use miette::Diagnostic;
use serde_json::{Value, json};
use std::path::Path;

/// The three files of the example, as JSON to change before they are read.
pub(crate) struct Example {
    pub(crate) merchants: Value,
    pub(crate) services: Value,
    pub(crate) availability: Value,
}

impl Example {
    pub(crate) fn new() -> Self {
        let [merchants, services, availability] = [
            include_str!("example/merchants.json"),
            include_str!("example/services.json"),
            include_str!("example/availability.json"),
        ]
        .map(|text| serde_json::from_str(text).unwrap());
        Self {
            merchants,
            services,
            availability,
        }
    }

    /// The record of the slot with this tag.
    pub(crate) fn slot(&mut self, tag: &str) -> &mut Value {
        let slots = self.availability["service_availability"][0]["availability"]
            .as_array_mut()
            .unwrap();
        slots
            .iter_mut()
            .find(|slot| slot["availability_tag"] == tag)
            .unwrap()
    }

    /// The record of the service with this id.
    pub(crate) fn service(&mut self, id: &str) -> &mut Value {
        let services = self.services["service"].as_array_mut().unwrap();
        services
            .iter_mut()
            .find(|service| service["service_id"] == id)
            .unwrap()
    }

    pub(crate) fn write(&self, dir: &Path) {
        let files = [
            ("merchants_feed_1893400000_001_of_001.json", &self.merchants),
            ("services_feed_1893400100_001_of_001.json", &self.services),
            ("availability_feed_1893400200_001_of_001.json", &self.availability),
        ];
        for (name, content) in files {
            std::fs::write(dir.join(name), content.to_string()).unwrap();
        }
    }

    pub(crate) fn read(&self) -> Result<Inventory, FeedErrors> {
        let dir = tempfile::tempdir().unwrap();
        self.write(dir.path());
        crate::read(dir.path())
    }
}

/// The inventory of the example after `change`.
pub(crate) fn changed(change: impl FnOnce(&mut Example)) -> Inventory {
    let mut example = Example::new();
    change(&mut example);
    example.read().unwrap()
}

pub(crate) fn by_tag<'i>(inventory: &'i Inventory, tag: &str) -> Option<&'i Slot> {
    inventory
        .slots
        .iter()
        .find(|slot| slot.availability_tag.as_deref() == Some(tag))
}

pub(crate) fn codes(inventory: &Inventory) -> Vec<ProblemCode> {
    let codes = inventory.problems.iter().map(|tally| tally.first[0].code);
    // The example is read by people: it covers a few days on purpose.
    codes.filter(|code| *code != ProblemCode::ShortHorizon).collect()
}

#[test]
fn the_example_resolves_as_documented() {
    let inventory = changed(|_| {});
    assert_eq!(codes(&inventory), []);
    let table = [
        (
            "trm-0101-1200",
            45_000_000,
            3_990_000,
            PaymentMode::Arrival,
            1_893_492_000,
        ),
        (
            "msg-0103-1200",
            96_000_000,
            8_520_000,
            PaymentMode::Prepayment,
            1_893_628_800,
        ),
        (
            "msg-0104-1200",
            78_000_000,
            6_920_000,
            PaymentMode::Prepayment,
            1_893_672_000,
        ),
        (
            "fac-0102-1200",
            120_000_000,
            10_650_000,
            PaymentMode::NoShowFee,
            1_893_564_000,
        ),
        (
            "fac-0105-1200",
            120_000_000,
            10_650_000,
            PaymentMode::NoShowFee,
            1_893_823_200,
        ),
        (
            "ret-0105-1200",
            310_000_000,
            27_510_000,
            PaymentMode::Deposit,
            1_893_672_000,
        ),
        (
            "con-0101-1200",
            25_000_000,
            2_220_000,
            PaymentMode::Arrival,
            1_893_499_200,
        ),
    ];
    assert_eq!(inventory.slots.len(), table.len());
    for (tag, price, tax, mode, cutoff) in table {
        let terms = &by_tag(&inventory, tag).unwrap().terms;
        assert_eq!(terms.price.as_ref().unwrap().price_micros, price, "{tag}");
        assert_eq!(terms.tax.as_ref().unwrap().price_micros, tax, "{tag}");
        assert_eq!(terms.modes(), [mode], "{tag}");
        assert_eq!(terms.online_cancel_until_sec, cutoff, "{tag}");
    }
}

#[test]
fn fees_and_deposits_of_the_example_resolve_as_documented() {
    let inventory = changed(|_| {});
    let charge = |tag: &str| {
        let slot = by_tag(&inventory, tag).unwrap();
        let fee = slot.terms.no_show_fee.as_ref().unwrap();
        money::charged(&fee.fee, fee.fee_type, slot.resources.party_size).price_micros
    };
    assert_eq!(charge("fac-0102-1200"), 30_000_000);
    assert_eq!(charge("fac-0105-1200"), 36_000_000);

    let retreat = by_tag(&inventory, "ret-0105-1200").unwrap();
    assert_eq!(
        retreat.terms.deposit.as_ref().unwrap().deposit.price_micros,
        90_000_000
    );
    assert_eq!(
        retreat.terms.deposit_refundable_until_sec(retreat.start_sec),
        Some(1_893_823_200)
    );
    assert!(allowed::deposit_refundable(retreat, 1_893_823_200));
    assert!(!allowed::deposit_refundable(retreat, 1_893_823_201));
}

#[test]
fn a_slot_carries_what_a_booking_sends() {
    let inventory = changed(|_| {});
    let massage = by_tag(&inventory, "msg-0104-1200").unwrap();
    assert_eq!(
        massage.terms.payment_option_id.as_deref(),
        Some("po-offpeak-massage")
    );
    assert_eq!(massage.terms.bookable_until_sec, 1_893_758_400 - 3_600);
    assert_eq!(massage.terms.refund_steps[0].refund_percent, 100);
    assert_eq!(
        massage.terms.accepted_networks.as_ref().unwrap(),
        &["VISA", "MASTERCARD"]
    );
    let gateway = massage
        .terms
        .tokenization_config
        .as_ref()
        .unwrap()
        .pointer("/tokenization_parameter/gateway");
    assert_eq!(gateway, Some(&json!("stripe")));
    assert_eq!(massage.confirmation_mode, ConfirmationMode::Synchronous);
    let staffed = by_tag(&inventory, "msg-0103-1200").unwrap();
    assert_eq!(staffed.resources.staff_id.as_deref(), Some("st-9"));
    assert_eq!(
        by_tag(&inventory, "trm-0101-1200")
            .unwrap()
            .terms
            .tokenization_config,
        None
    );
}

#[test]
fn slots_are_ordered_and_found() {
    let inventory = changed(|_| {});
    let starts: Vec<_> = inventory
        .slots
        .iter()
        .map(|slot| (slot.start_sec, &slot.service_id))
        .collect();
    assert!(starts.is_sorted());
    // The beard trim may be booked until an hour before its start, the consultation until the start.
    let at_noon: Vec<_> = inventory
        .bookable(1_893_499_200)
        .map(|slot| slot.service_id.as_str())
        .collect();
    assert!(
        !at_noon.contains(&"svc-trim") && at_noon.contains(&"svc-consult"),
        "{at_noon:?}"
    );
    assert_eq!(
        inventory.merchant("mrc-417").unwrap().name,
        "Harbour Lane Wellness"
    );
    assert_eq!(
        inventory.service("mrc-417", "svc-trim").unwrap().name,
        "Beard trim"
    );
    assert_eq!(inventory.service("mrc-417", "svc-none"), None);
}

#[test]
fn all_errors_of_all_files_are_told_at_once() {
    let mut example = Example::new();
    example.slot("trm-0101-1200")["start_sec"] = json!("2030-01-01T12:00:00Z");
    example.slot("ret-0105-1200")["resources"] = json!({ "party_size": true });
    example.service("svc-trim")["price"]["price_micros"] = json!(1.5);
    let dir = tempfile::tempdir().unwrap();
    example.write(dir.path());
    std::fs::write(dir.path().join("services_zz.json"), "{\"metadata\": {,").unwrap();

    let errors = crate::read(dir.path()).unwrap_err();
    let texts: Vec<_> = errors.errors.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(
        texts[0].contains("services_zz.json:1:15: metadata: key must be a string"),
        "{texts:?}"
    );
    assert!(
        texts[1].contains(": service[0].price.price_micros: must be a whole number"),
        "{texts:?}"
    );
    assert!(
        texts[2].contains(
            "service_availability[0].availability[0].start_sec: must be a number of seconds since 1970"
        ),
        "{texts:?}"
    );
    assert!(
        texts[3].contains("availability[5].resources.party_size: must be a whole number"),
        "{texts:?}"
    );
    assert!(errors.errors.iter().all(|error| error.help().is_some()));
    assert_eq!(errors.to_string(), "failed to read the feeds: 4 error(s)");
}

#[test]
fn a_mistake_in_every_record_is_told_twenty_times_and_counted() {
    let mut example = Example::new();
    let slots = vec![json!({ "start_sec": "noon" }); 50];
    example.availability["service_availability"] = json!([{ "availability": slots }]);
    let errors = example.read().unwrap_err().errors;
    assert_eq!(errors.len(), 21);
    let more = "30 more value(s) of availability_feed_1893400200_001_of_001.json could not be read";
    assert_eq!(errors[20].to_string(), more);
}

#[test]
fn an_empty_folder_names_the_three_feeds_that_are_missing() {
    let dir = tempfile::tempdir().unwrap();
    let errors = crate::read(dir.path()).unwrap_err().errors;
    let kinds: Vec<_> = errors
        .iter()
        .map(|error| match error {
            FeedError::Missing { kind, .. } => *kind,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(kinds, FeedKind::ALL);
}

#[test]
fn shards_and_gzip_are_read_like_one_file() {
    let mut example = Example::new();
    let slots = example.availability["service_availability"][0]["availability"]
        .as_array()
        .unwrap()
        .clone();
    let whole = example.read().unwrap();
    let dir = tempfile::tempdir().unwrap();
    example.availability["metadata"]["total_shards"] = json!("2");
    for (shard, slots) in slots.chunks(4).enumerate() {
        example.availability["metadata"]["shard_number"] = json!(shard);
        example.availability["service_availability"] = json!([{ "availability": slots }]);
        example.write(dir.path());
        let plain = dir.path().join("availability_feed_1893400200_001_of_001.json");
        let packed = std::fs::File::create(dir.path().join(format!("{}.json.gz", 9 - shard))).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        std::io::copy(&mut std::fs::File::open(&plain).unwrap(), &mut gzip).unwrap();
        gzip.finish().unwrap();
        std::fs::remove_file(plain).unwrap();
    }
    let parts = crate::read(dir.path()).unwrap();
    assert_eq!(codes(&parts), [ProblemCode::FileName]);
    assert_eq!((parts.slots, parts.services), (whole.slots, whole.services));
    assert_eq!(parts.merchants, whole.merchants);
}

#[test]
fn records_that_clash_or_point_nowhere_are_noted() {
    let inventory = changed(|e| {
        let mut stray = e.service("svc-trim").clone();
        stray["merchant_id"] = json!("mrc-none");
        let again = e.service("svc-trim").clone();
        e.services["service"]
            .as_array_mut()
            .unwrap()
            .extend([stray, again]);
        let mut copy = e.merchants["merchant"][0].clone();
        copy["payment_option"][0]["price"]["price_micros"] = json!(1_000_000);
        e.merchants["merchant"].as_array_mut().unwrap().push(copy);
        e.availability["service_availability"][0]["start_timestamp_restrict"] = json!(1);
    });
    let expected = [
        ProblemCode::PaymentOptionDiffers,
        ProblemCode::DuplicateMerchant,
        ProblemCode::UnknownMerchant,
        ProblemCode::DuplicateService,
        ProblemCode::RestrictedFeed,
    ];
    let mut found = codes(&inventory);
    found.sort_by_key(|code| expected.iter().position(|other| other == code));
    assert_eq!(found, expected);
    assert_eq!(inventory.slots.len(), 7);
    let stray = inventory
        .problems
        .iter()
        .flat_map(|tally| &tally.first)
        .find(|problem| problem.code == ProblemCode::UnknownMerchant)
        .unwrap();
    let place = (stray.file.as_str(), stray.record.as_str(), stray.field.as_str());
    assert_eq!(
        place,
        (
            "services_feed_1893400100_001_of_001.json",
            "service[5]",
            "merchant_id"
        )
    );
}

#[test]
fn metadata_that_is_wrong_is_noted_and_a_stray_file_is_passed_over() {
    let mut example = Example::new();
    example.merchants["metadata"]["processing_instruction"] = json!("PROCESS_AS_INCREMENTAL");
    example.services["metadata"] = json!(null);
    let dir = tempfile::tempdir().unwrap();
    example.write(dir.path());
    std::fs::write(
        dir.path().join("google-key.json"),
        "{\"type\":\"service_account\"}",
    )
    .unwrap();
    let inventory = crate::read(dir.path()).unwrap();
    assert_eq!(
        codes(&inventory),
        [
            ProblemCode::NotAFeed,
            ProblemCode::IncrementalFeed,
            ProblemCode::MissingMetadata
        ]
    );
    assert_eq!(inventory.slots.len(), 7);
}
