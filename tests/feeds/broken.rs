//! Feeds that are broken in one place.

use super::folder::{
    DAY, EXPORTED, File, Folder, HOUR, judge, judge_at, merchant, metadata, price, service, shards, slot,
};
use outcome::FeedReport;
use serde_json::{Value, json};
use std::io::Write as _;

/// A broken feed.
#[derive(Clone, Copy)]
pub(crate) struct Broken {
    pub(crate) requirement: &'static str,
    pub(crate) how: &'static str,
    /// True when it is no more than a warning.
    pub(crate) warns: bool,
    pub(crate) breaks: fn(Folder) -> FeedReport,
}

pub(crate) const WARNS: bool = true;

/// A list of broken feeds.
macro_rules! broken_rows {
    ($name:ident: $($requirement:literal $how:literal $(($warns:ident))? => $breaks:expr;)*) => {
        pub(crate) const $name: &[Broken] = &[$(Broken {
            requirement: $requirement,
            how: $how,
            warns: false $(|| $warns)?,
            breaks: $breaks,
        },)*];
    };
}

pub(crate) use broken_rows;

/// After a change of the folder.
pub(crate) fn changed(mut folder: Folder, change: impl FnOnce(&mut Folder)) -> FeedReport {
    change(&mut folder);
    folder.judge()
}

pub(crate) fn without(value: &mut Value, field: &str) {
    value.as_object_mut().expect("an object").remove(field);
}

/// After a change of the three packed shards of the availability.
fn sharded(folder: &Folder, change: impl FnOnce(&mut Vec<Value>)) -> FeedReport {
    let slots = folder.availability["service_availability"][0]["availability"]
        .as_array()
        .expect("a list");
    let shard = |number: usize| {
        let part: Vec<_> = slots.iter().skip(number).step_by(3).collect();
        let mut metadata = metadata("3");
        metadata["shard_number"] = json!(number);
        metadata["total_shards"] = json!(3);
        json!({ "metadata": metadata, "service_availability": [{ "availability": part }] })
    };
    let mut parts: Vec<Value> = (0..3).map(shard).collect();
    change(&mut parts);
    let mut files = folder.files();
    files.pop();
    let total = parts.len();
    files.extend(parts.iter().enumerate().map(|(number, value)| File {
        name: format!("availability_feed_{EXPORTED}_{number:03}_of_{total:03}.json"),
        bytes: value.to_string().into_bytes(),
    }));
    judge(&files)
}

fn earlier(mut folder: Folder, nonce: &str, timestamp: i64) -> FeedReport {
    let mut feed = folder.services.clone();
    feed["metadata"] = metadata(nonce);
    feed["metadata"]["generation_timestamp"] = json!(timestamp);
    folder
        .earlier
        .push((format!("services_feed_{timestamp}_1_of_1.json"), feed));
    folder.judge()
}

/// Availability in this file alone, which cannot be read: that is said, and why.
fn instead(folder: &Folder, name: &str) -> FeedReport {
    let mut files = folder.files();
    files[2] = File {
        name: name.to_owned(),
        bytes: b"anything".to_vec(),
    };
    let mut report = judge(&files);
    let unread: Vec<_> = report.unreadable.drain(..).map(|unread| unread.message).collect();
    assert!(
        unread.len() == 1 && unread[0].starts_with("no availability feed in "),
        "{unread:?}"
    );
    report
}

/// Three merchants, of which one has slots for a day.
fn one_of_three(mut folder: Folder) -> FeedReport {
    for id in ["m2", "m3"] {
        folder.merchants["merchant"]
            .as_array_mut()
            .expect("a list")
            .push(merchant(id));
        folder.services["service"]
            .as_array_mut()
            .expect("a list")
            .push(service(id, "trim"));
        let mut slot = slot("trim", EXPORTED + 30 * DAY);
        slot["merchant_id"] = json!(id);
        folder.slots().push(slot);
    }
    folder
        .slots()
        .retain(|slot| slot["merchant_id"] != "m" || slot["start_sec"] == EXPORTED + DAY);
    folder.judge()
}

/// Two merchants whose money goes to one account, of which each has its own name.
fn one_account(mut folder: Folder) -> FeedReport {
    let second = merchant("m2");
    folder.merchants["merchant"]
        .as_array_mut()
        .expect("a list")
        .push(second);
    for (index, name) in ["Harbour Lane", "Lane Harbour"].into_iter().enumerate() {
        let config = &mut folder.merchants["merchant"][index]["tokenization_config"];
        config["merchant_of_record_name"] = json!(name);
        config["payment_country_code"] = json!("US");
        config["card_network_parameters"] =
            json!([{ "card_network": "VISA", "acquirer_bin": "417", "acquirer_merchant_id": "9" }]);
    }
    folder.services["service"]
        .as_array_mut()
        .expect("a list")
        .push(service("m2", "trim"));
    let mut slot = slot("trim", EXPORTED + 31 * DAY);
    slot["merchant_id"] = json!("m2");
    folder.slots().push(slot);
    folder.judge()
}

/// Availability in a file of 200 MB, nearly all of it white space that is stored as it is.
fn too_large(folder: &Folder) -> FeedReport {
    let mut files = folder.files();
    files.truncate(2);
    let dir = tempfile::tempdir().expect("a temporary folder");
    for file in &files {
        std::fs::write(dir.path().join(&file.name), &file.bytes).expect("the folder is ours");
    }
    let name = format!("availability_feed_{EXPORTED}_001_of_001.json.gz");
    let file = std::fs::File::create(dir.path().join(name)).expect("the folder is ours");
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::none());
    gzip.write_all(folder.availability.to_string().as_bytes())
        .expect("room on the disk");
    let blank = vec![b' '; 1 << 20];
    (0..200).for_each(|_| gzip.write_all(&blank).expect("room on the disk"));
    gzip.finish().expect("room on the disk");
    judge_at(dir.path())
}

fn recurring(slot: &mut Value) {
    let start = slot["start_sec"].as_i64().expect("a number");
    slot["recurrence"] = json!({ "repeat_every_sec": HOUR, "repeat_until_sec": start + 2 * HOUR });
    without(slot, "spots_total");
    without(slot, "spots_open");
}

pub(crate) fn exception(from: i64, to: i64) -> Value {
    json!({ "time_range": { "begin_sec": from, "end_sec": to } })
}

/// Only the trim is left, and recurs.
pub(crate) fn only_recurring(f: &mut Folder) {
    f.slots().retain(|slot| slot["service_id"] == "trim");
    let services = f.services["service"].as_array_mut().expect("a list");
    services.retain(|service| service["service_id"] == "trim");
    f.slots().iter_mut().for_each(recurring);
}

broken_rows! { BROKEN:
    "FEED-META-01" "no processing instruction" => |f| changed(f, |f| without(&mut f.services["metadata"], "processing_instruction"));
    "FEED-META-01" "an instruction that there is not" => |f| changed(f, |f| f.services["metadata"]["processing_instruction"] = json!("COMPLETE"));
    "FEED-META-01" "no metadata" => |f| changed(f, |f| without(&mut f.services, "metadata"));
    "FEED-META-02" "incremental" => |f| changed(f, |f| f.services["metadata"]["processing_instruction"] = json!("PROCESS_AS_INCREMENTAL"));
    "FEED-META-03" "a shard is missing" => |f| sharded(&f, |parts| _ = parts.remove(1));
    "FEED-META-03" "numbers from one" => |f| sharded(&f, |parts| parts.iter_mut().zip(1..).for_each(|(part, number)| part["metadata"]["shard_number"] = json!(number)));
    "FEED-META-03" "no total" => |f| changed(f, |f| without(&mut f.merchants["metadata"], "total_shards"));
    "FEED-META-04" "another nonce in each shard" => |f| sharded(&f, |parts| parts.iter_mut().zip(7..).for_each(|(part, nonce)| part["metadata"]["nonce"] = json!(nonce)));
    "FEED-META-04" "shards exported at different seconds" => |f| sharded(&f, |parts| parts[2]["metadata"]["generation_timestamp"] = json!(EXPORTED - 1));
    "FEED-META-04" "another total" => |f| sharded(&f, |parts| parts[2]["metadata"]["total_shards"] = json!(4));
    "FEED-META-05" "the nonce of yesterday" => |f| earlier(f, "2", EXPORTED - DAY);
    "FEED-META-05" "shards without a nonce" => |f| sharded(&f, |parts| parts.iter_mut().for_each(|part| without(&mut part["metadata"], "nonce")));
    "FEED-META-06" "milliseconds" => |f| changed(f, |f| f.services["metadata"]["generation_timestamp"] = json!(EXPORTED * 1000));
    "FEED-META-06" "never" => |f| changed(f, |f| without(&mut f.merchants["metadata"], "generation_timestamp"));
    "FEED-META-07" "the timestamp of yesterday" => |f| earlier(f, "1002", EXPORTED);
    "FEED-FILE-01" "a file of 200 MB" => |f| too_large(&f);
    "FEED-FILE-02" "services in two files" (WARNS) => |f| {
        let mut files = f.files();
        files.remove(1);
        files.extend(shards("services", &f.services, 2));
        judge(&files)
    };
    "FEED-FILE-03" "half of a service in each shard" => |f| {
        let mut files = f.files();
        let mut more = f.services.clone();
        let services = more["service"].as_array_mut().expect("a list");
        let mut half = services[0].clone();
        half["price"] = price(46);
        services.push(half);
        files.remove(1);
        files.extend(shards("services", &more, 2));
        let mut report = judge(&files);
        // That services come in two files at all is another matter, and only a warning.
        report.findings.retain(|finding| finding.requirement.as_str() != "FEED-FILE-02");
        report
    };
    "FEED-FILE-04" "one shard holds nearly everything" (WARNS) => |f| sharded(&f, |parts| parts[0]["padding"] = json!(" ".repeat(2 << 20)));
    "FEED-FILE-06" "a name that says nothing" (WARNS) => |f| {
        let mut files = f.files();
        files[0].name = "merchants.json".into();
        judge(&files)
    };
    "FEED-FILE-07" "protobuf" (WARNS) => |f| instead(&f, "availability_feed_1.pb3");
    "FEED-FILE-08" "an archive" => |f| instead(&f, "feeds.tar.gz");
    "FEED-FILE-10" "three weeks" => |f| changed(f, |f| f.slots().retain(|slot| slot["start_sec"] == EXPORTED + DAY));
    "FEED-FILE-10" "a service without slots" (WARNS) => |f| changed(f, |f| f.slots().retain(|slot| slot["service_id"] != "trim"));
    "FEED-FILE-10" "one merchant of three has a day" (WARNS) => one_of_three;
    "FEED-META-06" "minutes" => |f| changed(f, |f| f.services["metadata"]["generation_timestamp"] = json!(EXPORTED / 60));
    "FEED-AVL-21" "a length in milliseconds" => |f| changed(f, |f| f.slot("trim")["duration_sec"] = json!(1_800_000));
    "FEED-AVL-10" "neither spots nor a recurrence" (WARNS) => |f| changed(f, |f| {
        without(f.slot("trim"), "spots_total");
        without(f.slot("trim"), "spots_open");
    });
    "FEED-AVL-09" "an exception that ends before it begins" => |f| changed(f, |f| {
        let from = EXPORTED + DAY;
        only_recurring(f);
        f.slot("trim")["schedule_exception"] = json!([exception(from + HOUR, from)]);
    });

    "FEED-MER-01" "two merchants of one id" => |f| changed(f, |f| {
        let again = f.m().clone();
        f.merchants["merchant"].as_array_mut().expect("a list").push(again);
    });
    "FEED-MER-02" "an id with a blank" (WARNS) => |f| changed(f, |f| {
        f.s("trim")["service_id"] = json!("beard trim");
        f.slots().iter_mut().filter(|slot| slot["service_id"] == "trim").for_each(|slot| slot["service_id"] = json!("beard trim"));
    });
    "FEED-MER-03" "no category" => |f| changed(f, |f| without(f.m(), "category"));
    "FEED-MER-03" "no place" => |f| changed(f, |f| without(f.m(), "geo"));
    "FEED-MER-03" "a latitude beyond the pole" => |f| changed(f, |f| f.m()["geo"]["latitude"] = json!(407.0));
    "FEED-MER-04" "a telephone number without country code" (WARNS) => |f| changed(f, |f| f.m()["telephone"] = json!("212 555 0147"));
    "FEED-MER-06" "no publishable key" => |f| changed(f, |f| without(&mut f.m()["tokenization_config"]["tokenization_parameter"], "stripe:publishableKey"));
    "FEED-MER-07" "no tax rate" => |f| changed(f, |f| without(f.m(), "tax_rate"));
    "FEED-MER-08" "a count of bookings" (WARNS) => |f| changed(f, |f| f.m()["num_bookings_30d"] = json!(7));
    "FEED-MER-13" "one option, two prices" => |f| changed(f, |f| {
        let mut other = merchant("m2");
        other["payment_option"][0]["name"] = json!("Other name");
        f.merchants["merchant"].as_array_mut().expect("a list").push(other);
        f.services["service"].as_array_mut().expect("a list").push(service("m2", "trim"));
        let mut slot = slot("trim", EXPORTED + 31 * DAY);
        slot["merchant_id"] = json!("m2");
        f.slots().push(slot);
    });
    "FEED-MER-14" "a pack of one" => |f| changed(f, |f| f.m()["payment_option"][1]["session_count"] = json!(1));
    "FEED-MER-15" "a merchant of record alone" => |f| changed(f, |f| f.m()["tokenization_config"]["merchant_of_record_name"] = json!("Harbour Lane"));
    "FEED-MER-16" "one account, two merchants of record" (WARNS) => one_account;
    "OVR-11" "a slot with the fee of its service" (WARNS) => |f| changed(f, |f| {
        let fee = f.s("facial")["no_show_fee"].clone();
        f.slot("facial")["no_show_fee"] = fee;
    });
    "PAY-COM-01" "no tokenization configuration" => |f| changed(f, |f| without(f.m(), "tokenization_config"));
    "OVR-02" "an option that the merchant does not have" => |f| changed(f, |f| f.slot("trim")["payment_option_id"] = json!(["gone"]));

    "FEED-SVC-01" "a merchant that is not there" => |f| changed(f, |f| f.services["service"].as_array_mut().expect("a list").push(service("m2", "trim")));
    "FEED-SVC-01" "two services of one id" => |f| changed(f, |f| {
        let again = f.s("trim").clone();
        f.services["service"].as_array_mut().expect("a list").push(again);
    });
    "FEED-SVC-02" "a URI" => |f| changed(f, |f| {
        f.s("trim")["service_id"] = json!("https://example.com/trim");
        f.slots().iter_mut().filter(|slot| slot["service_id"] == "trim").for_each(|slot| slot["service_id"] = json!("https://example.com/trim"));
    });
    "FEED-SVC-03" "a name that is not localized" => |f| changed(f, |f| {
        without(f.s("trim"), "localized_service_name");
        f.s("trim")["name"] = json!("Trim");
    });
    "FEED-SVC-04" "a description that is not localized" (WARNS) => |f| changed(f, |f| {
        without(f.s("trim"), "localized_description");
        f.s("trim")["description"] = json!("A trim.");
    });
    "FEED-SVC-05" "a book" => |f| changed(f, |f| f.s("trim")["localized_description"]["value"] = json!("word ".repeat(3_300)));
    "FEED-SVC-05" "a link" (WARNS) => |f| changed(f, |f| f.s("trim")["localized_description"]["value"] = json!("See <a href='x'>us</a>."));
    "FEED-SVC-06" "no price" => |f| changed(f, |f| without(f.s("trim"), "price"));
    "FEED-SVC-07" "a deposit without a policy" => |f| changed(f, |f| without(&mut f.s("retreat")["rules"], "cancellation_policy"));
    "FEED-SVC-08" "more than everything" => |f| changed(f, |f| f.s("facial")["rules"]["cancellation_policy"]["refund_condition"][0]["refund_percent"] = json!(101));
    "FEED-SVC-10" "a buffer without flexibility" => |f| changed(f, |f| f.s("trim")["rules"]["min_booking_buffer_before_end_time"] = json!(600));
    "FEED-SVC-11" "a time of charging at once" => |f| changed(f, |f| f.s("trim")["prepayment_terms"] = json!({ "charge_timing": "CHARGE_NOW", "charge_time_before_start_time_sec": 60 }));
    "FEED-SVC-12" "an option that the merchant does not have" => |f| changed(f, |f| f.s("trim")["payment_option_id"] = json!(["gone"]));
    "FEED-SVC-13" "a fee in the rules" (WARNS) => |f| changed(f, |f| f.s("trim")["rules"]["noshow_fee"] = price(5));
    "FEED-SVC-14" "a free trim" => |f| changed(f, |f| f.s("trim")["price"] = price(0));
    "FEED-SVC-15" "two ticket types of one id" => |f| changed(f, |f| {
        f.s("trim")["ticket_type"] = json!([{ "ticket_type_id": "adult", "price": price(10) }, { "ticket_type_id": "adult", "price": price(5) }]);
    });
    "FEED-SVC-16" "prepaid without saying when a card is needed" (WARNS) => |f| changed(f, |f| without(f.s("massage"), "require_credit_card"));
    "FEED-SVC-18" "a name without words" => |f| changed(f, |f| f.s("trim")["localized_service_name"] = json!({ "localized_value": [] }));

    "FEED-AVL-01" "no length" => |f| changed(f, |f| without(f.slot("trim"), "duration_sec"));
    "FEED-AVL-01" "milliseconds" => |f| changed(f, |f| f.slot("trim")["start_sec"] = json!(EXPORTED * 1000));
    "FEED-AVL-01" "a service that is not there" => |f| changed(f, |f| f.slots().push(slot("gone", EXPORTED + DAY)));
    "FEED-AVL-02" "a restrict" => |f| changed(f, |f| f.availability["service_availability"][0]["start_timestamp_restrict"] = json!(EXPORTED));
    "FEED-AVL-03" "one service recurs" => |f| changed(f, |f| f.slots().iter_mut().filter(|slot| slot["service_id"] == "trim").for_each(recurring));
    "FEED-AVL-04" "one slot recurs" => |f| changed(f, |f| recurring(f.slot("trim")));
    "FEED-AVL-05" "two slots but for their tags" => |f| changed(f, |f| {
        let mut again = f.slot("trim").clone();
        again["availability_tag"] = json!("again");
        f.slots().push(again);
    });
    "FEED-AVL-06" "a week of hours" => |f| changed(f, |f| {
        only_recurring(f);
        f.slot("trim")["recurrence"]["repeat_until_sec"] = json!(EXPORTED + 8 * DAY);
    });
    "FEED-AVL-09" "a booking of a recurring slot as a spot" => |f| changed(f, |f| {
        only_recurring(f);
        f.slot("trim")["spots_total"] = json!(1);
        f.slot("trim")["spots_open"] = json!(0);
    });
    "FEED-AVL-10" "more open than there are" => |f| changed(f, |f| f.slot("trim")["spots_open"] = json!(3));
    "FEED-AVL-10" "nobody knows how many" => |f| changed(f, |f| without(f.slot("trim"), "spots_total"));
    "FEED-AVL-01" "a party of less than nobody" => |f| changed(f, |f| f.slot("table")["resources"]["party_size"] = json!(-2));
    "FEED-AVL-15" "a negative notice" => |f| changed(f, |f| f.s("trim")["rules"]["min_advance_booking"] = json!(-1));
    "FEED-SVC-15" "a ticket type without an id" => |f| changed(f, |f| f.s("trim")["ticket_type"] = json!([{ "price": price(10) }]));
    "FEED-MER-13" "a payment option without an id" => |f| changed(f, |f| without(&mut f.m()["payment_option"][1], "payment_option_id"));
    "FEED-MER-07" "percent that were not converted" (WARNS) => |f| changed(f, |f| f.m()["tax_rate"]["micro_percent"] = json!(19));
    "FEED-MER-06" "no gateway" => |f| changed(f, |f| without(&mut f.m()["tokenization_config"]["tokenization_parameter"], "gateway"));
    "FEED-AVL-12" "staff without a name" => |f| changed(f, |f| f.slot("trim")["resources"] = json!({ "staff_id": "st-1" }));
    "FEED-AVL-12" "a room without an id" => |f| changed(f, |f| f.slot("trim")["resources"] = json!({ "room_name": "Blue" }));
    "FEED-AVL-15" "bookable after the start" => |f| changed(f, |f| f.slot("trim")["scheduling_rule_overrides"] = json!({ "last_bookable_sec": EXPORTED + DAY + 60 }));
    "FEED-AVL-17" "a ticket type that the service does not have" => |f| changed(f, |f| f.slot("trim")["ticket_type_id"] = json!(["child"]));
    "FEED-AVL-19" "exceptions that touch" (WARNS) => |f| changed(f, |f| {
        let from = EXPORTED + DAY;
        only_recurring(f);
        f.slot("trim")["schedule_exception"] = json!([exception(from, from + HOUR), exception(from + HOUR, from + 2 * HOUR)]);
    });

    "VIRT-01" "a session of no online service" => |f| changed(f, |f| f.s("online")["type"] = json!("SERVICE_TYPE_APPOINTMENT"));
    "VIRT-02" "no platform" => |f| changed(f, |f| without(&mut f.s("online")["virtual_session"], "virtual_platform_info"));
    "VIRT-02" "an invented platform" => |f| changed(f, |f| f.s("online")["virtual_session"]["virtual_platform_info"] = json!({ "platform": "ZOOM_MEETING" }));
    "VIRT-03" "Zoom, and the name of another platform" => |f| changed(f, |f| f.s("online")["virtual_session"]["virtual_platform_info"]["platform"] = json!("ZOOM"));
    "VIRT-03" "another platform without a name" => |f| changed(f, |f| without(&mut f.s("online")["virtual_session"]["virtual_platform_info"], "other_platform_name"));
    "VIRT-05" "no requirements" (WARNS) => |f| changed(f, |f| without(&mut f.s("online")["virtual_session"], "session_requirements"));
    "VIRT-07" "a list in the instructions" => |f| changed(f, |f| f.s("online")["virtual_session"]["session_instructions"]["value"] = json!("<ul><li>Join</li></ul>"));
    "VIRT-10" "cancellable, and nothing said of the money" (WARNS) => |f| changed(f, |f| without(&mut f.s("online")["rules"], "cancellation_policy"));
    "VIRT-21" "direct payment without a way" => |f| changed(f, |f| f.s("online")["direct_merchant_payment"] = json!({ "payment_methods": [] }));
    "VIRT-22" "direct payment and prepayment" (WARNS) => |f| changed(f, |f| {
        f.s("online")["prepayment_type"] = json!("REQUIRED");
        f.s("online")["require_credit_card"] = json!("REQUIRE_CREDIT_CARD_CONDITIONAL");
    });

    "REDIR-01" "every slot links out, and tokens are configured" => |f| changed(f, |f| {
        let template = "https://example.com/{availability_slot_start_seconds}/{resources_party_size}";
        for service in f.services["service"].as_array_mut().expect("a list") {
            service["uri_template"] = json!({ "uri_template": template });
        }
        f.slots().iter_mut().for_each(links_out);
    });
    "REDIR-02" "no template" => |f| changed(f, |f| links_out(f.slot("trim")));
    "REDIR-03" "a prepayment without a price" => |f| changed(f, |f| {
        f.s("trim")["uri_template"] = json!({ "uri_template": "https://example.com/{availability_slot_start_seconds}{?resources_party_size}" });
        links_out(f.slot("trim"));
        f.slot("trim")["prepayment"] = json!({ "price_info": {} });
    });
    "REDIR-04" "a prepayment that does not link out" => |f| changed(f, |f| {
        f.s("trim")["uri_template"] = json!({ "uri_template": "https://example.com/{availability_slot_start_seconds}{?resources_party_size}" });
        links_out(f.slot("trim"));
        without(f.slot("trim"), "linkout_required_reason");
    });

    "AMT-04" "a deposit per person of nobody knows how many" (WARNS) => |f| changed(f, |f| f.s("retreat")["deposit"]["deposit_type"] = json!("PER_PERSON"));
    "AMT-09" "a deposit in another currency" => |f| changed(f, |f| f.slot("retreat")["deposit"] = json!({ "deposit": { "price_micros": 5_000_000, "currency_code": "EUR" }, "min_advance_cancellation_sec": 60 }));
    "AMT-09" "no currency that there is" => |f| changed(f, |f| f.s("trim")["price"]["currency_code"] = json!("usd"));
    "AMT-09" "pounds in New York" (WARNS) => |f| changed(f, |f| f.s("trim")["price"]["currency_code"] = json!("GBP"));
    "AMT-12" "less than nothing" => |f| changed(f, |f| f.s("trim")["price"] = price(-1));
    "AMT-12" "a million dollars" => |f| changed(f, |f| f.s("trim")["price"] = price(1_000_000));
    "AMT-09" "a price without a currency" => |f| changed(f, |f| without(&mut f.s("trim")["price"], "currency_code"));
    "AMT-09" "an option in no currency that there is" => |f| changed(f, |f| f.m()["payment_option"][0]["price"]["currency_code"] = json!("usd"));
    "AMT-09" "a currency that nobody knows" => |f| changed(f, |f| f.s("trim")["price"]["currency_code"] = json!("QQQ"));
    "AMT-12" "a ticket of a millionth" => |f| changed(f, |f| f.s("trim")["ticket_type"] = json!([{ "ticket_type_id": "adult", "price": { "price_micros": 10, "currency_code": "USD" } }]));
    "AMT-12" "half a cent" (WARNS) => |f| changed(f, |f| f.s("trim")["price"]["price_micros"] = json!(45_005_000));
    "PAY-COM-02" "a deposit, confirmed later" => |f| changed(f, |f| f.slot("retreat")["confirmation_mode"] = json!("CONFIRMATION_MODE_ASYNCHRONOUS"));
    "PAY-PREPAY-01" "an optional prepayment" (WARNS) => |f| changed(f, |f| f.s("trim")["prepayment_type"] = json!("OPTIONAL"));
    "PAY-NOSHOW-01" "an empty fee of a slot" => |f| changed(f, |f| f.slot("facial")["no_show_fee"] = json!({}));
    "PAY-DEP-01" "an empty deposit of a slot" => |f| changed(f, |f| f.slot("retreat")["deposit"] = json!({}));
    "PAY-NOSHOW-01" "a fee without an amount" => |f| changed(f, |f| without(&mut f.s("facial")["no_show_fee"], "fee"));
    "PAY-DEP-01" "a deposit without an amount" => |f| changed(f, |f| without(&mut f.s("retreat")["deposit"], "deposit"));
    "CXL-08" "more back for less notice" (WARNS) => |f| changed(f, |f| f.s("facial")["rules"]["cancellation_policy"]["refund_condition"][0]["refund_percent"] = json!(40));
}

fn links_out(slot: &mut Value) {
    slot["prepayment"] = json!({ "price_info": { "price": price(45), "price_type": "FIXED_RATE_DEFAULT" } });
    slot["linkout_required_reason"] = json!("PAYMENT_REQUIRED");
}
