//! A right feed folder of a small studio, to be broken in one place at a time.

use flate2::Compression;
use flate2::write::GzEncoder;
use harness::{FeedWishes, judge_folder};
use outcome::FeedReport;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;

/// When the feeds were exported, epoch seconds.
pub(crate) const EXPORTED: i64 = 1_893_456_000;
pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 86_400;

/// A file of a folder.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The three feeds, and what lies beside them.
#[derive(Clone)]
pub(crate) struct Folder {
    pub(crate) merchants: Value,
    pub(crate) services: Value,
    pub(crate) availability: Value,
    pub(crate) others: Vec<(String, Vec<u8>)>,
    /// Yesterday's services feed and the like.
    pub(crate) earlier: Vec<(String, Value)>,
}

pub(crate) fn metadata(nonce: &str) -> Value {
    json!({ "processing_instruction": "PROCESS_AS_COMPLETE", "shard_number": 0, "total_shards": 1, "nonce": nonce,
        "generation_timestamp": EXPORTED })
}

pub(crate) fn price(units: i64) -> Value {
    json!({ "price_micros": units * 1_000_000, "currency_code": "USD" })
}

fn text(value: &str) -> Value {
    json!({ "value": value, "localized_value": [{ "locale": "en", "value": value }] })
}

fn policy() -> Value {
    let steps = json!([{ "min_duration_before_start_time_sec": DAY, "refund_percent": 100 },
        { "min_duration_before_start_time_sec": 2 * HOUR, "refund_percent": 50 }]);
    json!({ "min_advance_booking": HOUR, "min_advance_online_canceling": 2 * HOUR,
        "cancellation_policy": { "refund_condition": steps } })
}

pub(crate) fn merchant(id: &str) -> Value {
    json!({
        "merchant_id": id, "name": "Harbour Lane Wellness", "category": "spa",
        "telephone": "+12125550147", "url": "https://harbourlane.example.com",
        "geo": { "latitude": 40.70431, "longitude": -74.01092, "address": { "country": "US", "locality": "New York",
            "region": "NY", "postal_code": "10004", "street_address": "18 Harbour Lane" } },
        "tax_rate": { "micro_percent": 8_875_000 },
        "tokenization_config": { "tokenization_parameter": { "gateway": "stripe", "stripe:version": "2018-10-31",
            "stripe:publishableKey": "pk_test_harness417" }, "billing_information_format": "MIN" },
        "payment_option": [{ "payment_option_id": "off-peak", "name": "Off-peak", "price": price(78),
            "payment_option_type": "PAYMENT_OPTION_SINGLE_USE", "session_count": 1 },
            { "payment_option_id": "pack", "name": "Five visits", "price": price(300),
            "payment_option_type": "PAYMENT_OPTION_MULTI_USE", "session_count": 5 }]
    })
}

/// A service that is paid on arrival.
pub(crate) fn service(merchant: &str, id: &str) -> Value {
    json!({ "merchant_id": merchant, "service_id": id, "type": "SERVICE_TYPE_APPOINTMENT",
        "localized_service_name": text(id), "localized_description": text("<p>An hour of <strong>rest</strong>.</p>"),
        "price": price(45), "rules": { "min_advance_booking": HOUR, "min_advance_online_canceling": 2 * HOUR } })
}

fn paid(id: &str, key: &str, value: Value) -> Value {
    let mut service = service("m", id);
    service["rules"] = policy();
    service[key] = value;
    service
}

fn online() -> Value {
    let mut service = paid("online", "type", json!("SERVICE_TYPE_ONLINE_APPOINTMENT"));
    service["virtual_session"] = json!({
        "session_instructions": text("Your link comes by mail <strong>twenty minutes</strong> before.<br>Join in time."),
        "session_requirements": text("A mat; a small ball (optional)."),
        "virtual_platform_info": { "platform": "OTHER", "other_platform_name": { "value": "HarbourRoom" } },
        "is_session_prerecorded": false });
    service["direct_merchant_payment"] = json!({ "payment_methods": [text("Bank transfer")] });
    service["prepayment_type"] = json!("NOT_SUPPORTED");
    service
}

fn dining() -> Value {
    let mut service = paid("table", "type", json!("SERVICE_TYPE_DINING_RESERVATION"));
    service["no_show_fee"] = json!({ "fee": price(12), "fee_type": "PER_PERSON" });
    service.as_object_mut().expect("an object").remove("price");
    service
}

pub(crate) fn slot(service: &str, start_sec: i64) -> Value {
    json!({ "merchant_id": "m", "service_id": service, "start_sec": start_sec, "duration_sec": HOUR, "spots_total": 2,
        "spots_open": 2, "availability_tag": format!("{service}-{start_sec}"),
        "confirmation_mode": "CONFIRMATION_MODE_SYNCHRONOUS" })
}

impl Folder {
    /// Everything that feeds speak of, and nothing wrong.
    pub(crate) fn right() -> Self {
        let prepaid = {
            let mut service = paid("massage", "prepayment_type", json!("REQUIRED"));
            service["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
            service["payment_option_id"] = json!(["off-peak"]);
            service
        };
        let deposit = json!({ "deposit": price(20), "deposit_type": "FIXED_RATE_DEFAULT",
            "min_advance_cancellation_sec": 3 * HOUR });
        let services = [
            service("m", "trim"),
            prepaid,
            paid(
                "facial",
                "no_show_fee",
                json!({ "fee": price(30), "fee_type": "FIXED_RATE_DEFAULT" }),
            ),
            paid("retreat", "deposit", deposit),
            paid(
                "consult",
                "require_credit_card",
                json!("REQUIRE_CREDIT_CARD_ALWAYS"),
            ),
            online(),
            dining(),
        ];
        let mut slots = Vec::new();
        for service in &services {
            let id = service["service_id"].as_str().expect("an id");
            slots.extend([1, 30].map(|day| slot(id, EXPORTED + day * DAY)));
        }
        slots[2]["resources"] = json!({ "staff_id": "st-9", "staff_name": "Imani" });
        for table in slots.iter_mut().filter(|slot| slot["service_id"] == "table") {
            table["resources"] = json!({ "party_size": 3, "room_id": "r-1", "room_name": "Terrace" });
        }
        Self {
            merchants: json!({ "metadata": metadata("1"), "merchant": [merchant("m")] }),
            services: json!({ "metadata": metadata("2"), "service": services }),
            availability: json!({ "metadata": metadata("3"), "service_availability": [{ "availability": slots }] }),
            others: Vec::new(),
            earlier: Vec::new(),
        }
    }

    /// The merchant.
    pub(crate) fn m(&mut self) -> &mut Value {
        &mut self.merchants["merchant"][0]
    }

    /// A service by its id.
    pub(crate) fn s(&mut self, id: &str) -> &mut Value {
        let services = self.services["service"].as_array_mut().expect("a list");
        services
            .iter_mut()
            .find(|service| service["service_id"] == id)
            .expect("a service")
    }

    /// The slots.
    pub(crate) fn slots(&mut self) -> &mut Vec<Value> {
        self.availability["service_availability"][0]["availability"]
            .as_array_mut()
            .expect("a list")
    }

    /// The first slot of a service.
    pub(crate) fn slot(&mut self, service: &str) -> &mut Value {
        self.slots()
            .iter_mut()
            .find(|slot| slot["service_id"] == service)
            .expect("a slot")
    }

    /// The files, as they would be uploaded.
    pub(crate) fn files(&self) -> Vec<File> {
        let feeds = [
            ("merchants", &self.merchants),
            ("services", &self.services),
            ("availability", &self.availability),
        ];
        let named = feeds.map(|(feed, value)| (format!("{feed}_feed_{EXPORTED}_001_of_001.json"), value));
        let earlier = self.earlier.iter().map(|(name, value)| (name.clone(), value));
        let json = named
            .into_iter()
            .chain(earlier)
            .map(|(name, value)| (name, value.to_string().into_bytes()));
        json.chain(self.others.clone())
            .map(|(name, bytes)| File { name, bytes })
            .collect()
    }

    /// What is said about it.
    pub(crate) fn judge(&self) -> FeedReport {
        judge(&self.files())
    }
}

/// The requirements of its findings, in their order.
pub(crate) fn found(report: &FeedReport) -> Vec<&str> {
    let findings = report.findings.iter();
    findings.map(|finding| finding.requirement.as_str()).collect()
}

/// Writes the files and judges them an hour after the export.
pub(crate) fn judge(files: &[File]) -> FeedReport {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        std::fs::write(dir.path().join(&file.name), &file.bytes).expect("the folder is ours");
    }
    judge_at(dir.path())
}

pub(crate) fn judge_at(folder: &Path) -> FeedReport {
    remember(folder);
    let wishes = FeedWishes {
        now_sec: EXPORTED + HOUR,
        strict: false,
        progress: &|_| {},
        before: None,
        booked: None,
    };
    judge_folder(folder, &wishes)
}

thread_local! {
    static JUDGED: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the files of a folder that is judged on this thread.
pub(crate) fn remember(folder: &Path) {
    let entries = std::fs::read_dir(folder).expect("the folder is ours");
    let mut files: Vec<File> = entries
        .flatten()
        .filter_map(|entry| {
            let bytes = std::fs::read(entry.path()).ok()?;
            let name = entry.file_name().into_string().ok()?;
            Some(File { name, bytes })
        })
        .collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    JUDGED.replace(files);
}

/// The files that were judged last on this thread.
pub(crate) fn judged() -> Vec<File> {
    JUDGED.take()
}

/// The same feed in shards, packed, its records dealt out in turn.
pub(crate) fn shards(feed: &str, value: &Value, total: usize) -> Vec<File> {
    let list = if feed == "availability" {
        "service_availability"
    } else {
        feed.trim_end_matches('s')
    };
    let records = if feed == "availability" {
        &value[list][0]["availability"]
    } else {
        &value[list]
    };
    let records = records.as_array().expect("a list");
    let shard = |number: usize| {
        let part: Vec<_> = records.iter().skip(number).step_by(total).collect();
        let mut metadata = value["metadata"].clone();
        metadata["shard_number"] = json!(number);
        metadata["total_shards"] = json!(total.to_string());
        let content = if feed == "availability" {
            json!({ list: [{ "availability": part }], "metadata": metadata })
        } else {
            json!({ list: part, "metadata": metadata })
        };
        let name = format!(
            "{feed}_feed_{EXPORTED}_{:03}_of_{total:03}.json.gz",
            total - number
        );
        File {
            name,
            bytes: packed(content.to_string().as_bytes()),
        }
    };
    (0..total).map(shard).collect()
}

pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("memory");
    gzip.finish().expect("memory")
}
