//! Orders, merchants and services as the partner last sent them.

use crate::api::canonical::without_defaults;
use crate::api::draft::Draft;
use crate::api::error::{ApiError, Stop};
use crate::api::incoming::Incoming;
use crate::api::lint::Lint;
use crate::api::mask::UpdateMask;
use crate::api::mask::{Masks, Paths};
use crate::api::methods::ResourceKind;
use crate::state::bookings::UnknownBookings;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};

/// So much is kept of what nobody registered; for more the oldest is forgotten.
const KEPT_BYTES: usize = 64 * 1024 * 1024;
/// What an entry costs beside its message.
const ENTRY_BYTES: usize = 512;

/// A resource by the ids of its name, without the partner's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ResourceKey {
    pub(crate) kind: ResourceKind,
    pub(crate) ids: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct StoredResource {
    message: Map<String, Value>,
    deleted: bool,
    /// Known whatever was sent of it.
    registered: bool,
    /// What it takes; nothing when nothing was sent of it.
    bytes: usize,
}

/// Everything that is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resources {
    unknown_orders: UnknownBookings,
    unknown_services: UnknownBookings,
    entries: BTreeMap<ResourceKey, StoredResource>,
    /// What was sent and never registered, the oldest first.
    unregistered: VecDeque<ResourceKey>,
    unregistered_bytes: usize,
}

impl ResourceKind {
    /// The message that describes it.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Order => "Order",
            Self::Merchant => "Merchant",
            Self::Service => "Service",
            Self::AdsAccountLink => "AdsAccountLink",
        }
    }

    fn collections(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["orders"],
            Self::Merchant => &["merchants"],
            Self::Service => &["merchants", "services"],
            Self::AdsAccountLink => &["adsAccountLinks"],
        }
    }
}

impl ResourceKey {
    fn name(&self, partner: &str) -> String {
        let ids = self.kind.collections().iter().zip(&self.ids);
        ids.fold(format!("partners/{partner}"), |name, (collection, id)| {
            format!("{name}/{collection}/{id}")
        })
    }

    /// The merchant that a service is part of.
    fn parent(&self) -> Option<Self> {
        let merchant = || self.ids.first().cloned();
        (self.kind == ResourceKind::Service).then(|| Self {
            kind: ResourceKind::Merchant,
            ids: merchant().into_iter().collect(),
        })
    }
}

impl Resources {
    pub(crate) fn new(unknown_orders: UnknownBookings, unknown_services: UnknownBookings) -> Self {
        Self {
            unknown_orders,
            unknown_services,
            ..Self::default()
        }
    }

    /// Makes a resource known of which nothing but its name is known.
    pub(crate) fn register(&mut self, key: ResourceKey) {
        self.entries.entry(key).or_default().registered = true;
    }

    /// True when the partner took the merchant or the service away.
    pub(crate) fn is_deleted(&self, merchant: &str, service: &str) -> bool {
        let ids = vec![merchant.to_owned(), service.to_owned()];
        self.is_key_deleted(&ResourceKey {
            kind: ResourceKind::Service,
            ids,
        })
    }

    fn is_key_deleted(&self, key: &ResourceKey) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.deleted)
            || key.parent().is_some_and(|parent| self.is_key_deleted(&parent))
    }

    fn knows(&self, key: &ResourceKey) -> bool {
        let unknown = match key.kind {
            ResourceKind::Order => self.unknown_orders,
            ResourceKind::Merchant | ResourceKind::Service => self.unknown_services,
            // Nobody else can have made one.
            ResourceKind::AdsAccountLink => UnknownBookings::NotFound,
        };
        unknown == UnknownBookings::Adopted || self.entries.contains_key(key)
    }

    fn find(&self, key: &ResourceKey) -> Result<StoredResource, ApiError> {
        if self.is_key_deleted(key) || !self.knows(key) {
            return Err(ApiError::not_found());
        }
        Ok(self.entries.get(key).cloned().unwrap_or_default())
    }

    /// A resource as it was last sent.
    pub(crate) fn get(&self, partner: &str, key: &ResourceKey) -> Result<Value, Stop> {
        let mut message = with_name(&key.name(partner));
        fill(&mut message, self.find(key)?.message);
        Ok(Value::Object(message))
    }

    /// The merchants that are known and not taken away, by id, each with what was sent of it.
    pub(crate) fn merchants(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.of_kind(ResourceKind::Merchant)
            .filter_map(|(key, message)| Some((key.ids.first()?.as_str(), message)))
    }

    /// What was sent of the services of a merchant.
    pub(crate) fn services_of(&self, merchant: &str) -> impl Iterator<Item = &Map<String, Value>> {
        self.of_kind(ResourceKind::Service)
            .filter(move |(key, _)| key.ids.first().is_some_and(|id| id == merchant))
            .map(|(_, message)| message)
    }

    fn of_kind(&self, kind: ResourceKind) -> impl Iterator<Item = (&ResourceKey, &Map<String, Value>)> {
        let entries = self.entries.iter();
        let known = entries.filter(move |(key, _)| key.kind == kind && !self.is_key_deleted(key));
        known.map(|(key, entry)| (key, &entry.message))
    }

    /// Makes what the query names, below what the path names.
    pub(crate) fn create(
        &mut self,
        (partner, kind, above): (&str, ResourceKind, Vec<String>),
        incoming: &Incoming,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let word = kind.word();
        let id = incoming
            .query
            .get(&format!("{word}Id"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        if id.is_empty() {
            return Err(
                ApiError::invalid(&format!("{word}_id"), "The id of what is created is required.").into(),
            );
        }
        if kind == ResourceKind::AdsAccountLink {
            check_link(id, &incoming.body)?;
        }
        let mut ids = above;
        ids.push(id.to_owned());
        let key = ResourceKey { kind, ids };
        if let Some(parent) = key.parent() {
            self.find(&parent)?;
        }
        let known = self.entries.get(&key);
        if known.is_some_and(|entry| !entry.deleted) {
            return Err(ApiError::already_exists().into());
        }
        let name = key.name(partner);
        draft.lints.extend(name_mismatch(&incoming.body, &name));
        let mut message = with_name(&name);
        fill(&mut message, without_defaults(kind.message(), &incoming.body));
        self.store(key, message.clone());
        Ok(Value::Object(message))
    }

    /// Changes what the mask names, and answers with the whole.
    pub(crate) fn patch(
        &mut self,
        (partner, masks): (&str, Masks),
        key: ResourceKey,
        incoming: &Incoming,
        draft: &mut Draft,
    ) -> Result<Value, Stop> {
        let kind = key.kind;
        let paths = mask(kind, incoming, draft)?;
        if kind == ResourceKind::Order {
            // Google's own example of a changed service has an empty mask.
            masks.check(&draft.lints)?;
        }
        let stored = self.find(&key)?.message;
        let name = key.name(partner);
        draft.lints.extend(name_mismatch(&incoming.body, &name));
        let mut message = with_name(&name);
        fill(&mut message, stored);
        let sent = without_defaults(kind.message(), &incoming.body);
        match paths {
            Some(paths) => {
                let paths = paths.iter().filter(|path| *path != "name");
                paths.for_each(|path| set(&mut message, &sent, path));
            }
            None => fill(&mut message, sent),
        }
        self.store(key, message.clone());
        Ok(Value::Object(message))
    }

    /// Takes a resource away; a merchant's services go with it, and come back when it is made again.
    pub(crate) fn delete(&mut self, key: &ResourceKey) -> Result<(), ApiError> {
        let message = self.find(key)?.message;
        self.store(key.clone(), message);
        if let Some(entry) = self.entries.get_mut(key) {
            entry.deleted = true;
        }
        Ok(())
    }

    fn store(&mut self, key: ResourceKey, message: Map<String, Value>) {
        let bytes = ENTRY_BYTES + Value::Object(message.clone()).to_string().len();
        let entry = self.entries.entry(key.clone()).or_default();
        if entry.bytes == 0 {
            self.unregistered.push_back(key);
        }
        self.unregistered_bytes = self.unregistered_bytes + bytes - entry.bytes;
        *entry = StoredResource {
            message,
            deleted: false,
            registered: entry.registered,
            bytes,
        };
        while self.unregistered_bytes > KEPT_BYTES && self.unregistered.len() > 1 {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some(key) = self.unregistered.pop_front() else {
            return;
        };
        let Some(entry) = self.entries.remove(&key) else {
            return;
        };
        self.unregistered_bytes -= entry.bytes;
        if entry.registered {
            self.register(key);
        }
    }
}

/// A link is named by the customer's id at Google Ads, and is of at least one item.
fn check_link(id: &str, body: &Map<String, Value>) -> Result<(), ApiError> {
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = id.split('-').collect();
    if !matches!(parts.as_slice(), [a, b, c] if digits(a, 3) && digits(b, 3) && digits(c, 4)) {
        let words = "The id of the link is a Google Ads customer id of the form xxx-xxx-xxxx.";
        return Err(ApiError::invalid("ads_account_link_id", words));
    }
    let items = body.get("itemIds").and_then(Value::as_array);
    if items.is_none_or(Vec::is_empty) {
        return Err(ApiError::invalid(
            "ads_account_link.item_ids",
            "The field is required.",
        ));
    }
    Ok(())
}

fn with_name(name: &str) -> Map<String, Value> {
    Map::from_iter([("name".to_owned(), name.into())])
}

/// Lays the fields over the message; its name is that of the URL.
fn fill(message: &mut Map<String, Value>, fields: Map<String, Value>) {
    message.extend(fields.into_iter().filter(|(name, _)| name != "name"));
}

fn name_mismatch(body: &Map<String, Value>, name: &str) -> Option<Lint> {
    let sent = body.get("name").and_then(Value::as_str)?;
    (!sent.is_empty() && sent != name).then(|| Lint::NameMismatch {
        sent: sent.to_owned(),
    })
}

/// The paths of the mask; none when every populated field counts.
fn mask(kind: ResourceKind, incoming: &Incoming, draft: &mut Draft) -> Result<Option<Vec<String>>, ApiError> {
    let sent = incoming.query.get("updateMask").and_then(Value::as_str);
    let Paths {
        names,
        implied,
        lints,
    } = Paths::read(kind.message(), sent)?;
    draft.update_mask = Some(UpdateMask {
        sent: sent.map(str::to_owned),
        paths: names.clone(),
    });
    draft.lints.extend(lints);
    Ok((!implied).then_some(names))
}

/// Sets what a path names to what was sent; what was not sent is set back.
fn set(message: &mut Map<String, Value>, sent: &Map<String, Value>, path: &str) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match (sent.get(first), rest) {
        (Some(value), "") => drop(message.insert(first.to_owned(), value.clone())),
        (None, "") => drop(message.remove(first)),
        (value, rest) => {
            let empty = Map::new();
            let sent = value.and_then(Value::as_object).unwrap_or(&empty);
            let inner = message.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Some(fields) = inner.as_object_mut() {
                set(fields, sent, rest);
                if fields.is_empty() {
                    message.remove(first);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
