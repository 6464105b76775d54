//! Availability, as the partner last sent it.

use domain::slot::Resources;
use protocol::time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// So many starts of a recurrence are looked at: a day has fewer that anybody could book.
const STARTS: i64 = 1_500;

/// One entry of an availability list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AvailabilityEntry {
    /// Start, epoch seconds.
    pub start_sec: i64,
    /// Length in seconds.
    pub duration_sec: i64,
    /// Capacity; 1 for a recurrence.
    pub spots_total: i64,
    /// Free capacity; 1 for a recurrence.
    pub spots_open: i64,
    /// Staff, room, party size.
    pub resources: Resources,
    /// Seconds between starts and the last start, for a recurrence.
    pub recurrence: Option<(i64, i64)>,
    /// Blocked times inside a recurrence: from, until (exclusive).
    pub exceptions: Vec<(i64, i64)>,
    /// The entry as sent, in canonical form.
    pub value: Map<String, Value>,
}

impl AvailabilityEntry {
    /// Reads an entry in canonical form; `None` without a start.
    pub(crate) fn read(value: &Map<String, Value>) -> Option<Self> {
        let recurrence = value
            .get("recurrence")
            .and_then(Value::as_object)
            .map(read_recurrence);
        let spots = |name: &str| match recurrence {
            Some(_) => 1,
            None => value
                .get(name)
                .and_then(Value::as_str)
                .and_then(|spots| spots.parse().ok())
                .unwrap_or(0),
        };
        Some(Self {
            start_sec: seconds(value, "startTime")?,
            duration_sec: length(value, "duration").unwrap_or(0),
            spots_total: spots("spotsTotal"),
            spots_open: spots("spotsOpen"),
            resources: value
                .get("resources")
                .and_then(Value::as_object)
                .map(read_resources)
                .unwrap_or_default(),
            recurrence,
            exceptions: value
                .get("scheduleException")
                .and_then(Value::as_array)
                .map(|list| read_exceptions(list))
                .unwrap_or_default(),
            value: value.clone(),
        })
    }

    /// True when the entry stands for a slot with this start.
    pub(crate) fn starts_at(&self, start_sec: i64) -> bool {
        match self.recurrence {
            None => self.start_sec == start_sec,
            Some((every, _)) if every <= 0 => self.start_sec == start_sec,
            Some((every, until)) => {
                (self.start_sec..=until).contains(&start_sec) && (start_sec - self.start_sec) % every == 0
            }
        }
    }

    /// True when there is a free slot with a start between these. Of a recurrence the first starts are looked at.
    fn is_open_between(&self, from_sec: i64, until_sec: i64) -> bool {
        let alone = (1, self.start_sec);
        let (every, last) = self.recurrence.filter(|(every, _)| *every > 0).unwrap_or(alone);
        let behind = (from_sec - self.start_sec).max(0);
        let first = self.start_sec + (behind + every - 1) / every * every;
        let starts = (0..STARTS).map(|step| first + step * every);
        let mut starts = starts.take_while(|start| *start <= last && *start < until_sec);
        self.spots_open > 0 && starts.any(|start| self.open_at(start) > 0)
    }

    /// Free capacity of the slot with this start; blocked times have none.
    pub fn open_at(&self, start_sec: i64) -> i64 {
        let end = start_sec + self.duration_sec.max(1);
        let blocked = self
            .exceptions
            .iter()
            .any(|(from, until)| *from < end && start_sec < *until);
        if blocked { 0 } else { self.spots_open }
    }
}

/// Which slots a replacement is the complete list of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Restriction {
    /// From this start on.
    pub(crate) start_sec: Option<i64>,
    /// Before this start.
    pub(crate) end_sec: Option<i64>,
    /// Only slots of this length.
    pub(crate) duration_sec: Option<i64>,
    /// Only slots of exactly this staff and room.
    pub(crate) resources: Option<Resources>,
}

impl Restriction {
    pub(crate) fn read(value: &Map<String, Value>) -> Self {
        Self {
            start_sec: seconds(value, "startTimeRestrict"),
            end_sec: seconds(value, "endTimeRestrict"),
            duration_sec: length(value, "durationRestrict"),
            resources: value
                .get("resourcesRestrict")
                .and_then(Value::as_object)
                .map(read_resources),
        }
    }

    /// True when the replacement speaks for slots with this start.
    pub(crate) fn covers(&self, start_sec: i64) -> bool {
        self.start_sec.is_none_or(|from| from <= start_sec) && self.end_sec.is_none_or(|end| start_sec < end)
    }

    fn matches(&self, slot: &AvailabilityEntry) -> bool {
        let place = |resources: &Resources| (resources.staff_id.clone(), resources.room_id.clone());
        self.covers(slot.start_sec)
            && self.duration_sec.is_none_or(|length| length == slot.duration_sec)
            && self
                .resources
                .as_ref()
                .is_none_or(|only| place(only) == place(&slot.resources))
    }

    fn bounds(&self) -> (i64, i64) {
        (
            self.start_sec.unwrap_or(i64::MIN),
            self.end_sec.unwrap_or(i64::MAX),
        )
    }

    // Windows that touch become one, so that a partner who sends for months does not fill the memory.
    fn join(&self, other: &Self) -> Option<Self> {
        let ((from, until), (other_from, other_until)) = (self.bounds(), other.bounds());
        let alike = self.duration_sec == other.duration_sec && self.resources == other.resources;
        (alike && from <= other_until && other_from <= until).then(|| Self {
            start_sec: self.start_sec.zip(other.start_sec).map(|(a, b)| a.min(b)),
            end_sec: self.end_sec.zip(other.end_sec).map(|(a, b)| a.max(b)),
            ..self.clone()
        })
    }
}

/// What the partner said about slots of one start.
#[derive(Debug, Clone, PartialEq)]
pub enum SlotReport<'a> {
    /// Nothing yet.
    Never,
    /// A list that covers the start and has no such slot.
    Absent,
    /// The slots, one per staff, room and length.
    Slots(Vec<&'a AvailabilityEntry>),
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Service {
    slots: Vec<AvailabilityEntry>,
    windows: Vec<Restriction>,
    /// The number of its last update, among all updates.
    last_update: u64,
    /// Bytes of memory, about.
    weight: usize,
}

type ServiceKey = (String, String);

/// All availability that was sent, by merchant and service, up to the limit if there is one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Availability {
    services: BTreeMap<ServiceKey, Service>,
    /// The service whose last update is oldest comes first.
    order: BTreeMap<u64, ServiceKey>,
    updates: u64,
    weight: usize,
    limit: Option<usize>,
    forgotten: u64,
}

impl Availability {
    /// What was last reported about slots of this start.
    pub fn report(&self, merchant_id: &str, service_id: &str, start_sec: i64) -> SlotReport<'_> {
        let Some(service) = self
            .services
            .get(&(merchant_id.to_owned(), service_id.to_owned()))
        else {
            return SlotReport::Never;
        };
        let slots: Vec<&AvailabilityEntry> = service
            .slots
            .iter()
            .filter(|slot| slot.starts_at(start_sec))
            .collect();
        match slots.is_empty() {
            false => SlotReport::Slots(slots),
            true if service.windows.iter().any(|window| window.covers(start_sec)) => SlotReport::Absent,
            true => SlotReport::Never,
        }
    }

    /// True when a service of the merchant has a free slot with a start between these.
    pub(crate) fn is_open(&self, merchant_id: &str, from_sec: i64, until_sec: i64) -> bool {
        let first = (merchant_id.to_owned(), String::new());
        let services = self.services.range(first..);
        let mut of_merchant = services.take_while(|((merchant, _), _)| merchant == merchant_id);
        of_merchant.any(|(_, service)| {
            let mut slots = service.slots.iter();
            slots.any(|slot| slot.is_open_between(from_sec, until_sec))
        })
    }

    /// Forgets whatever was reported about a service.
    pub(crate) fn forget(&mut self, merchant_id: &str, service_id: &str) {
        self.services
            .remove(&(merchant_id.to_owned(), service_id.to_owned()));
    }

    pub(crate) fn replace(
        &mut self,
        merchant_id: &str,
        service_id: &str,
        restrict: Restriction,
        slots: Vec<AvailabilityEntry>,
    ) {
        let key = (merchant_id.to_owned(), service_id.to_owned());
        let service = self.services.entry(key.clone()).or_default();
        service.slots.retain(|slot| !restrict.matches(slot));
        service.slots.extend(slots);
        service.cover(restrict);
        if self.limit.is_some() {
            self.weigh(key);
        }
    }

    /// Keeps about so many bytes at most: beyond them the service is forgotten whose last update is oldest, and its slots
    /// count as never reported. Without a limit, as judging needs it, nothing is ever forgotten.
    pub(crate) fn limit(&mut self, bytes: usize) {
        self.limit = Some(bytes);
    }

    /// How often a service was forgotten, because more was sent than is kept.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn weigh(&mut self, key: ServiceKey) {
        let Some(service) = self.services.get_mut(&key) else {
            return;
        };
        self.updates += 1;
        self.order.remove(&service.last_update);
        service.last_update = self.updates;
        let weight = service.measure() + key.0.len() + key.1.len();
        self.weight = self.weight - std::mem::replace(&mut service.weight, weight) + weight;
        self.order.insert(self.updates, key);
        while self.limit.is_some_and(|limit| self.weight > limit)
            && let Some((_, oldest)) = self.order.pop_first()
        {
            let service = self.services.remove(&oldest);
            self.weight -= service.map_or(0, |service| service.weight);
            self.forgotten += 1;
        }
    }
}

impl Service {
    fn measure(&self) -> usize {
        let slots = self
            .slots
            .iter()
            .map(|slot| size_of::<AvailabilityEntry>() + measure(&slot.value));
        let named = |window: &Restriction| window.resources.as_ref().map_or(0, measure_resources);
        let windows = self
            .windows
            .iter()
            .map(|window| size_of::<Restriction>() + named(window));
        size_of::<Self>() + slots.sum::<usize>() + windows.sum::<usize>()
    }

    fn cover(&mut self, mut window: Restriction) {
        self.windows.retain(|old| match window.join(old) {
            Some(joined) => {
                window = joined;
                false
            }
            None => true,
        });
        self.windows.push(window);
    }
}

// What an allocation costs beside its bytes is small change against these.
fn measure(fields: &Map<String, Value>) -> usize {
    let field = |(name, value): (&String, &Value)| 2 * size_of::<Value>() + name.len() + measure_value(value);
    fields.iter().map(field).sum()
}

fn measure_value(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items
            .iter()
            .map(|item| size_of::<Value>() + measure_value(item))
            .sum(),
        Value::Object(fields) => measure(fields),
        _ => 0,
    }
}

fn measure_resources(resources: &Resources) -> usize {
    let length = |id: &Option<String>| id.as_ref().map_or(0, String::len);
    length(&resources.staff_id) + length(&resources.room_id)
}

fn seconds(value: &Map<String, Value>, name: &str) -> Option<i64> {
    time::timestamp_to_seconds(value.get(name)?.as_str()?).ok()
}

fn length(value: &Map<String, Value>, name: &str) -> Option<i64> {
    time::duration_to_seconds(value.get(name)?.as_str()?).ok()
}

fn read_recurrence(value: &Map<String, Value>) -> (i64, i64) {
    (
        length(value, "repeatEvery").unwrap_or(0),
        seconds(value, "repeatUntil").unwrap_or(i64::MIN),
    )
}

fn read_resources(value: &Map<String, Value>) -> Resources {
    let id = |name: &str| {
        value
            .get(name)?
            .as_str()
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    };
    let size = value
        .get("partySize")
        .and_then(Value::as_i64)
        .and_then(|size| i32::try_from(size).ok());
    Resources {
        staff_id: id("staffId"),
        room_id: id("roomId"),
        party_size: size.filter(|size| *size != 0),
    }
}

fn read_exceptions(list: &[Value]) -> Vec<(i64, i64)> {
    let range = |entry: &Value| {
        let range = entry.get("timeRange")?.as_object()?;
        Some((seconds(range, "startTime")?, seconds(range, "endTime")?))
    };
    list.iter().filter_map(range).collect()
}

#[cfg(test)]
mod tests;
