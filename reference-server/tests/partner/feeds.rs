//! Feed files: complete when the server answers, and true.

use crate::partner::{NOW, Partner, id, paid_request};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

fn read(folder: &Path) -> BTreeMap<String, Value> {
    let mut feeds = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.ends_with("_001_of_001.json"), "{name}");
        let feed = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        feeds.insert(name.split('_').next().unwrap().to_owned(), feed);
    }
    feeds
}

fn slots(feeds: &BTreeMap<String, Value>) -> Vec<Value> {
    feeds["availability"]["service_availability"][0]["availability"]
        .as_array()
        .unwrap()
        .clone()
}

async fn with_feeds(folder: &Path) -> Partner {
    let folder = folder.to_owned();
    Partner::with(|config| config.feeds_dir = Some(folder)).await
}

#[tokio::test]
async fn the_feeds_are_complete_and_consistent() {
    let folder = tempfile::TempDir::new().unwrap();
    with_feeds(folder.path()).await;
    let feeds = read(folder.path());
    assert_eq!(
        feeds.keys().collect::<Vec<_>>(),
        ["availability", "merchants", "services"]
    );
    for feed in feeds.values() {
        assert_eq!(feed["metadata"]["processing_instruction"], "PROCESS_AS_COMPLETE");
        assert_eq!(feed["metadata"]["generation_timestamp"], NOW);
    }
    let services: HashSet<_> = feeds["services"]["service"]
        .as_array()
        .unwrap()
        .iter()
        // A waitlist has no slots.
        .filter(|service| service.get("waitlist_rules").is_none())
        .map(|service| (service["merchant_id"].clone(), service["service_id"].clone()))
        .collect();
    let slots = slots(&feeds);
    let tags: HashSet<_> = slots
        .iter()
        .map(|slot| slot["availability_tag"].as_str().unwrap())
        .collect();
    assert_eq!(tags.len(), slots.len(), "tags are unique");
    for slot in &slots {
        assert!(services.contains(&(slot["merchant_id"].clone(), slot["service_id"].clone())));
        assert!(slot["start_sec"].as_i64().unwrap() > NOW);
    }
    for (merchant, service) in &services {
        let last = slots
            .iter()
            .filter(|slot| &slot["merchant_id"] == merchant && &slot["service_id"] == service)
            .map(|slot| slot["start_sec"].as_i64().unwrap())
            .max();
        assert!(
            last.unwrap() >= NOW + 30 * 86_400,
            "{merchant} {service} has thirty days"
        );
    }
}

#[tokio::test]
async fn paying_services_have_policy_gateway_and_tax() {
    let folder = tempfile::TempDir::new().unwrap();
    with_feeds(folder.path()).await;
    let feeds = read(folder.path());
    for service in feeds["services"]["service"].as_array().unwrap() {
        let merchants = feeds["merchants"]["merchant"].as_array().unwrap();
        let merchant = merchants
            .iter()
            .find(|m| m["merchant_id"] == service["merchant_id"])
            .unwrap();
        if service.get("waitlist_rules").is_some() {
            continue;
        }
        assert!(service["price"]["price_micros"].as_i64().unwrap() > 0);
        let pays = service["prepayment_type"] == "REQUIRED"
            || service.get("deposit").is_some()
            || service.get("no_show_fee").is_some();
        if pays {
            assert!(
                service["rules"]["cancellation_policy"].is_object(),
                "{}",
                service["service_id"]
            );
            assert!(merchant["tokenization_config"]["tokenization_parameter"]["gateway"].is_string());
            assert!(merchant["tax_rate"].is_object());
        }
    }
}

#[tokio::test]
async fn what_the_feed_lists_can_be_looked_up() {
    let folder = tempfile::TempDir::new().unwrap();
    let partner = with_feeds(folder.path()).await;
    let mut by_merchant: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for slot in slots(&read(folder.path())) {
        let bookable = slot["start_sec"].as_i64().unwrap() > NOW + 3 * 3600;
        let mut slot_time = json!({});
        for (name, field) in [
            ("service_id", "service_id"),
            ("start_sec", "start_sec"),
            ("duration_sec", "duration_sec"),
            ("availability_tag", "availability_tag"),
            ("resources", "resource_ids"),
        ] {
            slot_time[field] = slot[name].clone();
        }
        if bookable {
            by_merchant
                .entry(slot["merchant_id"].as_str().unwrap().to_owned())
                .or_default()
                .push(slot_time);
        }
    }
    for (merchant, slot_times) in by_merchant {
        let few: Vec<_> = slot_times.into_iter().step_by(7).collect();
        let request = json!({ "merchant_id": merchant, "slot_time": few });
        let answer = partner.call("BatchAvailabilityLookup", request).await;
        for entry in answer["slot_time_availability"].as_array().unwrap() {
            assert_eq!(entry["available"], true, "{merchant} {entry}");
        }
    }
}

#[tokio::test]
async fn walk_in_slots_start_within_minutes() {
    let folder = tempfile::TempDir::new().unwrap();
    let partner = with_feeds(folder.path()).await;
    let soon = slots(&read(folder.path()))
        .into_iter()
        .filter(|slot| slot["merchant_id"] == "walkin-west" && slot["service_id"] == "trim-secured")
        .filter(|slot| slot["start_sec"].as_i64().unwrap() <= NOW + 180)
        .collect::<Vec<_>>();
    assert_eq!(soon.len(), 90);
    let start = soon[3]["start_sec"].as_i64().unwrap();
    let booking = partner
        .book(paid_request("walkin-west/trim-secured", start, "u"))
        .await;
    partner.clock.set(start);
    assert_eq!(partner.act(&id(&booking), "charge_no_show_fee").await, 204);
}

#[tokio::test]
async fn a_restart_writes_new_files_with_the_bookings_in_them() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = reference_server::Database::File(folder.path().join("b.db"));
    let files = folder.path().join("feeds");
    let start = async || {
        let (files, database) = (files.clone(), database.clone());
        Partner::with(|config| (config.feeds_dir, config.database) = (Some(files), database)).await
    };
    let partner = start().await;
    let wanted = paid_request("harbour-salon/color", crate::partner::at(47), "u");
    partner.book(wanted).await;
    partner.server.shutdown().await;
    start().await;
    let feeds = read(&files);
    assert_eq!(feeds["availability"]["metadata"]["generation_timestamp"], NOW + 1);
    let tag = format!("harbour-salon.color.{}", crate::partner::at(47));
    let slot = slots(&feeds)
        .into_iter()
        .find(|slot| slot["availability_tag"] == tag)
        .unwrap();
    assert_eq!(
        (slot["spots_total"].clone(), slot["spots_open"].clone()),
        (json!(1), json!(0))
    );
}
