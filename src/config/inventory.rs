//! `[inventory]`: what may be booked.

use super::reader::Section;
use super::value::Value;
use super::words::words;
use domain::slot::{Assumption, ConfirmationMode, Resources, Slot, Terms};
use std::collections::BTreeSet;
use std::path::PathBuf;

words! {
    /// How a slot that the config lists is paid.
    ListedPayment as "way to pay a listed slot" {
        /// When the guest comes; a slot of which nothing is said is taken for one of these.
        Arrival = "arrival",
    }
}

/// What may be booked, and where it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The folder of Google feed files.
    pub feeds: Option<PathBuf>,
    /// Only these merchants are ever booked with; absent means all.
    pub merchants: Option<Vec<String>>,
    /// Slots that stand in the config itself. They are paid on arrival: money needs the feeds.
    pub slots: Vec<Slot>,
}

impl Inventory {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let text = |value: &Value<'_>| value.string().map(str::to_owned);
        let merchants = section.get("merchants").and_then(|value| value.list(text));
        let slots = section
            .get("slots")
            .and_then(|value| value.list(|item| item.table(slot).flatten()));
        Self {
            feeds: section.get("feeds").and_then(|value| folder(&value)),
            merchants,
            slots: slots.unwrap_or_default(),
        }
    }
}

fn folder(value: &Value<'_>) -> Option<PathBuf> {
    let path = value.path()?;
    if value.reader.follows_references() && !path.is_dir() {
        let help = "check the path; it is relative to the folder of this file";
        value.wrong(&format!("names no folder: {}", path.display()), help);
        return None;
    }
    Some(path)
}

fn slot(section: &Section<'_>) -> Option<Slot> {
    let needed = "a slot needs merchant_id, service_id, start_sec and duration_sec";
    let merchant = section
        .need("merchant_id", needed)
        .and_then(|value| value.string());
    let service = section
        .need("service_id", needed)
        .and_then(|value| value.string());
    let start = section
        .need("start_sec", needed)
        .and_then(|value| value.integer(0, i64::MAX / 2));
    let length = section
        .need("duration_sec", needed)
        .and_then(|value| value.integer(1, 31_536_000));
    let spots = section.get("spots").and_then(|value| value.integer(1, 1_000_000));
    let payment: Option<ListedPayment> = section.get("payment").and_then(|value| value.word());
    let tag = section.get("availability_tag").and_then(|value| value.string());
    let asynchronous = section.get("asynchronous").and_then(|value| value.boolean());
    let resources = resources(section);
    let is_said = |what: &Assumption| match what {
        Assumption::Spots => spots.is_some(),
        Assumption::Payment => payment.is_some(),
        Assumption::Confirmation => asynchronous.is_some(),
        Assumption::Windows => false,
    };
    let assumed = Assumption::ALL.into_iter().filter(|what| !is_said(what));
    Some(Slot {
        merchant_id: merchant?.to_owned(),
        service_id: service?.to_owned(),
        start_sec: start?,
        duration_sec: length?,
        availability_tag: tag.map(str::to_owned),
        resources,
        confirmation_mode: match asynchronous {
            Some(true) => ConfirmationMode::Asynchronous,
            _ => ConfirmationMode::Synchronous,
        },
        spots_total: spots.unwrap_or(1),
        spots_open: spots.unwrap_or(1),
        terms: paid_on_arrival(start?, assumed.collect()),
    })
}

/// Bookable and cancellable until it starts.
pub(super) fn paid_on_arrival(start_sec: i64, assumed: BTreeSet<Assumption>) -> Terms {
    Terms {
        assumed,
        online_cancel_until_sec: start_sec,
        bookable_until_sec: start_sec,
        ..Terms::default()
    }
}

fn resources(section: &Section<'_>) -> Resources {
    let text = |key| {
        section
            .get(key)
            .and_then(|value| value.string())
            .map(str::to_owned)
    };
    let party_size = section
        .get("party_size")
        .and_then(|value| value.integer(1, 10_000));
    Resources {
        staff_id: text("staff_id"),
        room_id: text("room_id"),
        party_size: party_size.map(|size| size as i32),
    }
}
