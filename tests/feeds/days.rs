//! An export beside the one of the day before, and beside bookings that were made in between.

use super::broken::Broken;
use super::folder::{DAY, EXPORTED, File, Folder, HOUR, merchant, price, remember, service, slot};
use feeds::BookedSlot;
use harness::{FeedWishes, judge_folder};
use outcome::FeedReport;
use serde_json::{Value, json};

/// Two exports, and the bookings between them.
pub(crate) struct Days {
    pub(crate) yesterday: Folder,
    pub(crate) today: Folder,
    pub(crate) booked: Option<Vec<BookedSlot>>,
    /// How long before today yesterday is.
    pub(crate) apart: i64,
    /// Changes the files of today, beside those of yesterday.
    pub(crate) files: fn(&mut Vec<File>, &[File]),
}

impl Days {
    /// Two staff, a room, and nothing wrong on either day.
    pub(crate) fn right() -> Self {
        let mut today = Folder::right();
        let mut alone = slot("trim", EXPORTED + 2 * DAY);
        alone["resources"] = json!({ "staff_id": "st-10", "staff_name": "Jo Park" });
        today.slots().push(alone);
        Self {
            yesterday: today.clone(),
            today,
            booked: None,
            apart: DAY,
            files: |_, _| {},
        }
    }

    /// After a change of both days.
    pub(crate) fn changed(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// With a booking of this slot of today's, of which yesterday so many spots were open.
    pub(crate) fn booked(mut self, service: &str, before: (i64, i64)) -> Self {
        let slot = self.today.slot(service).clone();
        let resource = |name: &str| slot["resources"][name].as_str().map(ToOwned::to_owned);
        let booked = BookedSlot {
            merchant_id: "m".into(),
            service_id: service.into(),
            start_sec: EXPORTED + DAY,
            duration_sec: HOUR,
            resources: domain::slot::Resources {
                staff_id: resource("staff_id"),
                room_id: resource("room_id"),
                party_size: slot["resources"]["party_size"].as_i64().map(|size| size as i32),
            },
            spots_before: Some(before),
            booking_ids: vec!["b-417".into()],
            booked_sec: EXPORTED - HOUR,
        };
        self.booked.get_or_insert_default().push(booked);
        self
    }

    /// What is said about today.
    pub(crate) fn judge(&self) -> FeedReport {
        let moment = EXPORTED - self.apart;
        let mut yesterday = self.yesterday.clone();
        let feeds = [
            &mut yesterday.merchants,
            &mut yesterday.services,
            &mut yesterday.availability,
        ];
        for feed in feeds {
            let nonce = feed["metadata"]["nonce"].as_str().expect("a nonce");
            feed["metadata"]["nonce"] = json!(format!("10{nonce}"));
            feed["metadata"]["generation_timestamp"] = json!(moment);
        }
        let mut before = yesterday.files();
        for file in &mut before {
            file.name = file.name.replace(&EXPORTED.to_string(), &moment.to_string());
        }
        let mut now = self.today.files();
        (self.files)(&mut now, &before);
        let folders = [&now, &before].map(|files| {
            let dir = tempfile::tempdir().expect("a temporary folder");
            for file in files {
                std::fs::write(dir.path().join(&file.name), &file.bytes).expect("the folder is ours");
            }
            dir
        });
        let alone = self.booked.is_some() && self.apart == 0;
        let wishes = FeedWishes {
            now_sec: EXPORTED + HOUR,
            strict: false,
            progress: &|_| {},
            before: Some(folders[1].path()).filter(|_| !alone),
            booked: self.booked.as_deref(),
        };
        remember(folders[0].path());
        judge_folder(folders[0].path(), &wishes)
    }
}

/// A change of the JSON of a file.
pub(crate) fn edit(file: &mut File, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    change(&mut value);
    file.bytes = value.to_string().into_bytes();
}

fn stamped(file: &mut File, field: &str, value: impl Into<Value>) {
    let value = value.into();
    edit(file, |feed| feed["metadata"][field] = value);
}

/// Today's file is yesterday's.
fn carried(now: &mut [File], before: &[File], index: usize) {
    now[index] = File {
        name: before[index].name.clone(),
        bytes: before[index].bytes.clone(),
    };
}

fn rename_merchant(folder: &mut Folder) {
    folder.m()["merchant_id"] = json!("m-new");
    let services = folder.services["service"].as_array_mut().expect("a list");
    let availability = &mut folder.availability["service_availability"][0]["availability"];
    let slots = availability.as_array_mut().expect("a list");
    for record in services.iter_mut().chain(slots) {
        record["merchant_id"] = json!("m-new");
    }
}

/// Other ids for all staff, or for one.
fn new_staff_ids(folder: &mut Folder, which: &str) {
    for slot in folder.slots() {
        if let Some(id) = slot["resources"]["staff_id"]
            .as_str()
            .filter(|id| id.contains(which))
        {
            slot["resources"]["staff_id"] = json!(format!("new-{id}"));
        }
    }
}

const fn of(requirement: &'static str, how: &'static str, breaks: fn(Folder) -> FeedReport) -> Broken {
    Broken {
        requirement,
        how,
        warns: false,
        breaks,
    }
}

const fn warns(broken: Broken) -> Broken {
    Broken {
        warns: true,
        ..broken
    }
}

/// Broken as two days show it.
pub(crate) const BROKEN: &[Broken] = &[
    of("FEED-META-05", "the nonce of the earlier export", |_| {
        let reused = |days: &mut Days| days.files = |now, _| stamped(&mut now[1], "nonce", "102");
        Days::right().changed(reused).judge()
    }),
    of("FEED-META-07", "the timestamp of the earlier export", |_| {
        let reused = |days: &mut Days| {
            days.files = |now, _| stamped(&mut now[1], "generation_timestamp", EXPORTED - DAY);
        };
        Days::right().changed(reused).judge()
    }),
    of("FEED-META-06", "services of the day before yesterday", |_| {
        let back = |days: &mut Days| {
            days.files = |now, _| stamped(&mut now[1], "generation_timestamp", EXPORTED - DAY - HOUR);
        };
        Days::right().changed(back).judge()
    }),
    of("FEED-META-06", "everything an hour before yesterday", |_| {
        let back = |days: &mut Days| days.apart = -HOUR;
        Days::right().changed(back).judge()
    }),
    of("FEED-FILE-05", "the file name of yesterday", |_| {
        let named = |days: &mut Days| days.files = |now, before| now[2].name.clone_from(&before[2].name);
        Days::right().changed(named).judge()
    }),
    of("FEED-FILE-09", "the merchants of two days ago", |_| {
        let stale = |days: &mut Days| {
            days.apart = 2 * DAY;
            days.files = |now, before| carried(now, before, 0);
        };
        Days::right().changed(stale).judge()
    }),
    warns(of("FEED-FILE-09", "the merchants of thirty hours ago", |_| {
        let stale = |days: &mut Days| {
            days.apart = 30 * HOUR;
            days.files = |now, before| carried(now, before, 0);
        };
        Days::right().changed(stale).judge()
    })),
    warns(of(
        "FEED-FILE-09",
        "services of two days ago, without another export",
        |mut folder| {
            folder.services["metadata"]["generation_timestamp"] = json!(EXPORTED - 2 * DAY);
            folder.judge()
        },
    )),
    of("INV-09", "the availability of two days ago", |_| {
        let stale = |days: &mut Days| {
            days.apart = 2 * DAY;
            days.files = |now, before| carried(now, before, 2);
        };
        Days::right().changed(stale).judge()
    }),
    of("FEED-MER-01", "another id of the same merchant", |_| {
        Days::right()
            .changed(|days| rename_merchant(&mut days.today))
            .judge()
    }),
    of("FEED-AVL-13", "other ids of all staff", |_| {
        Days::right()
            .changed(|days| new_staff_ids(&mut days.today, "st-"))
            .judge()
    }),
    warns(of("FEED-AVL-13", "another id of one", |_| {
        Days::right()
            .changed(|days| new_staff_ids(&mut days.today, "st-10"))
            .judge()
    })),
    warns(of("FEED-AVL-13", "another id of a room", |_| {
        let renumbered = |days: &mut Days| {
            let tables = days.today.slots().iter_mut();
            tables
                .filter(|slot| slot["service_id"] == "table")
                .for_each(|slot| slot["resources"]["room_id"] = json!("r-7"));
        };
        Days::right().changed(renumbered).judge()
    })),
    warns(of("FEED-AVL-20", "a booked slot as free as before", |_| {
        Days::right().booked("trim", (2, 2)).judge()
    })),
    warns(of(
        "FEED-AVL-20",
        "a booked table, without another export",
        |_| {
            let alone = |days: &mut Days| days.apart = 0;
            Days::right().booked("table", (2, 2)).changed(alone).judge()
        },
    )),
    warns(of("FEED-AVL-10", "a total that fell with the booking", |_| {
        let fell = |days: &mut Days| {
            days.today.slot("trim")["spots_total"] = json!(1);
            days.today.slot("trim")["spots_open"] = json!(1);
        };
        Days::right().booked("trim", (2, 2)).changed(fell).judge()
    })),
];

type ChangeOfDays = fn(&mut Days);

/// Two days that differ, and are right.
pub(crate) const RIGHT: &[(&str, ChangeOfDays)] = &[
    ("nothing new", |_| {}),
    ("a service and its slots are gone", |days| {
        days.today.slots().retain(|slot| slot["service_id"] != "consult");
        let services = days.today.services["service"].as_array_mut().expect("a list");
        services.retain(|service| service["service_id"] != "consult");
    }),
    ("a new slot at another price", |days| {
        let mut new = slot("facial", EXPORTED + 3 * DAY);
        new["no_show_fee"] = json!({ "fee": price(44), "fee_type": "FIXED_RATE_DEFAULT" });
        days.today.slots().push(new);
    }),
    ("a slot of yesterday is over", |days| {
        days.yesterday.slots().push(slot("trim", EXPORTED - HOUR));
    }),
    ("others booked and cancelled", |days| {
        days.yesterday.slot("trim")["spots_open"] = json!(1);
        days.today.slot("facial")["spots_open"] = json!(0);
    }),
    ("one of the staff left and another one came", |days| {
        for slot in days.today.slots() {
            if slot["resources"]["staff_id"] == "st-10" {
                slot["resources"] = json!({ "staff_id": "st-11", "staff_name": "Ada Lind" });
            }
        }
    }),
    ("one of the staff changed the name", |days| {
        for slot in days.today.slots() {
            if slot["resources"]["staff_id"] == "st-10" {
                slot["resources"]["staff_name"] = json!("Jo Park-Lind");
            }
        }
    }),
    ("a second branch with the same name opened", |days| {
        let mut branch = merchant("m2");
        branch["geo"]["address"]["street_address"] = json!("2 Other Street");
        let merchants = days.today.merchants["merchant"].as_array_mut().expect("a list");
        merchants.push(branch);
        let services = days.today.services["service"].as_array_mut().expect("a list");
        services.push(service("m2", "trim"));
        let mut at_branch = slot("trim", EXPORTED + 30 * DAY);
        at_branch["merchant_id"] = json!("m2");
        days.today.slots().push(at_branch);
    }),
    ("packed in other shards", |days| {
        days.files = |now, _| {
            let feed: Value = serde_json::from_slice(&now.remove(2).bytes).expect("JSON");
            now.extend(super::folder::shards("availability", &feed, 3));
        };
    }),
];
