//! Ids of staff and rooms with their names: whether they stay from export to export.

use crate::files::wire::Text;
use crate::kind::RecordPath;
use crate::records::messages::availability::ResourcesRecord;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Of so many ids the names are kept.
pub(crate) const MOST_NAMES: u64 = 500_000;

/// The two sorts of resources that have ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    Staff,
    Room,
}

impl ResourceKind {
    pub(crate) const ALL: [Self; 2] = [Self::Staff, Self::Room];

    pub(crate) const fn id_field(self) -> &'static str {
        match self {
            Self::Staff => "staff_id",
            Self::Room => "room_id",
        }
    }
}

/// File and record in which an id was seen.
pub(crate) type SeenAt = (usize, RecordPath);

#[derive(Debug)]
struct Named {
    /// None where the id has several names.
    name: Option<Box<str>>,
    at: SeenAt,
}

/// The names of the ids that slots use.
#[derive(Debug, Default)]
pub(crate) struct ResourceNames([HashMap<Box<str>, Named>; 2]);

impl ResourceNames {
    /// Notes what a record names; how many ids it names for the first time.
    pub(crate) fn add(&mut self, record: &ResourcesRecord<'_>, at: SeenAt, is_full: bool) -> u64 {
        let pairs = [
            (&record.staff_id, &record.staff_name),
            (&record.room_id, &record.room_name),
        ];
        let mut new = 0;
        for (known, (id, name)) in self.0.iter_mut().zip(pairs) {
            let (Some(id), Some(name)) = (filled(id.as_ref()), filled(name.as_ref())) else {
                continue;
            };
            if let Some(named) = known.get_mut(id) {
                named.at = named.at.min(at);
                if named.name.as_deref().is_some_and(|known| known != name) {
                    named.name = None;
                }
            } else if !is_full {
                new += 1;
                let name = Some(name.into());
                known.insert(id.into(), Named { name, at });
            }
        }
        new
    }
}

fn filled<'t>(text: Option<&'t Text<'_>>) -> Option<&'t str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The ids of one merchant by their names, and the services that use each id.
#[derive(Default)]
struct ByName<'n> {
    services: BTreeMap<&'n str, BTreeSet<&'n str>>,
    names: BTreeMap<&'n str, BTreeMap<&'n str, SeenAt>>,
}

fn by_name<'n>(
    services: impl Iterator<Item = (&'n str, &'n ResourceNames)>,
    kind: ResourceKind,
) -> ByName<'n> {
    let mut all = ByName::default();
    for (service, names) in services {
        for (id, named) in &names.0[kind as usize] {
            all.services.entry(id).or_default().insert(service);
            if let Some(name) = &named.name {
                let at = all.names.entry(name).or_default().entry(id).or_insert(named.at);
                *at = (*at).min(named.at);
            }
        }
    }
    all
}

/// A name that had one id and has another one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewId {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) now: String,
    pub(crate) at: SeenAt,
}

/// What became of the ids of one merchant: how many names kept theirs, and which got another in a service that uses both.
pub(crate) fn compare<'n>(
    before: impl Iterator<Item = (&'n str, &'n ResourceNames)>,
    now: impl Iterator<Item = (&'n str, &'n ResourceNames)>,
    kind: ResourceKind,
) -> (u64, Vec<NewId>) {
    let (before, now) = (by_name(before, kind), by_name(now, kind));
    let (mut kept, mut changed) = (0, Vec::new());
    for (name, ids) in &now.names {
        let Some(old) = before.names.get(name) else {
            continue;
        };
        if ids.keys().any(|id| old.contains_key(id)) {
            kept += 1;
            continue;
        }
        // Where several share a name, nobody can tell who has become whom.
        let (Some((id, at)), Some(old_id)) = (only(ids), only(old).map(|(id, _)| id)) else {
            continue;
        };
        let is_in_one_service = !before.services[*old_id].is_disjoint(&now.services[*id]);
        let stands_for_one = !now.services.contains_key(*old_id) && !before.services.contains_key(*id);
        if is_in_one_service && stands_for_one {
            changed.push(NewId {
                name: (*name).to_owned(),
                before: (*old_id).to_owned(),
                now: (*id).to_owned(),
                at: *at,
            });
        }
    }
    (kept, changed)
}

fn only<K: Ord, V>(map: &BTreeMap<K, V>) -> Option<(&K, &V)> {
    map.first_key_value().filter(|_| map.len() == 1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::kind::FeedKind;

    fn names(staff: &[(&str, &str)]) -> ResourceNames {
        let mut names = ResourceNames::default();
        let path = RecordPath {
            kind: FeedKind::Availability,
            group: 0,
            index: 0,
        };
        for (id, name) in staff {
            let json = format!(r#"{{"staff_id":"{id}","staff_name":"{name}"}}"#);
            names.add(&serde_json::from_str(&json).unwrap(), (0, path), false);
        }
        names
    }

    fn changed(before: &[(&str, &str)], now: &[(&str, &str)]) -> (u64, Vec<(String, String)>) {
        changed_in(("cut", before), ("cut", now))
    }

    fn changed_in(
        before: (&str, &[(&str, &str)]),
        now: (&str, &[(&str, &str)]),
    ) -> (u64, Vec<(String, String)>) {
        let (before, now) = ((before.0, names(before.1)), (now.0, names(now.1)));
        let (kept, changed) = compare(
            [(before.0, &before.1)].into_iter(),
            [(now.0, &now.1)].into_iter(),
            ResourceKind::Staff,
        );
        let ids = changed.into_iter().map(|new| (new.before, new.now));
        (kept, ids.collect())
    }

    #[test]
    fn a_name_that_has_another_id_is_told() {
        let found = changed(&[("1", "Imani"), ("2", "Jo")], &[("8", "Imani"), ("2", "Jo")]);
        assert_eq!(found, (1, vec![("1".to_owned(), "8".to_owned())]));
    }

    #[test]
    fn who_comes_leaves_or_is_renamed_keeps_every_id() {
        assert_eq!(changed(&[("1", "Imani")], &[("2", "Jo")]), (0, vec![]));
        assert_eq!(changed(&[("1", "Imani")], &[("1", "Imani K.")]), (0, vec![]));
        assert_eq!(
            changed(&[("1", "Imani"), ("2", "Imani")], &[("2", "Imani")]),
            (1, vec![])
        );
        assert_eq!(
            changed(&[("1", "Imani")], &[("8", "Imani"), ("9", "Imani")]),
            (0, vec![]),
            "two of one name"
        );
        assert_eq!(
            changed_in(("cut", &[("1", "Imani")]), ("shave", &[("8", "Imani")])),
            (0, vec![]),
            "another service"
        );
        assert_eq!(
            changed(&[("1", "Imani"), ("8", "Jo")], &[("1", "Jo"), ("8", "Imani")]),
            (0, vec![]),
            "names that were swapped"
        );
    }
}
