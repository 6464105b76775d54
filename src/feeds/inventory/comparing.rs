//! What two exports as a whole show: who is gone, whose id is another one, how much is new.

use super::against::{Against, Role};
use super::directory::{ListedMerchant, Origin};
use super::reading::Reader;
use crate::code::ProblemCode;
use crate::earlier::export::{Change, Compared, EarlierExport, EarlierMerchant, EarlierService};
use crate::earlier::identity::renamed;
use crate::earlier::names::{self, NewId, ResourceKind};
use crate::files::generation::ChosenFiles;
use crate::kind::{FeedKind, RecordPath};
use crate::problem::{ProblemPlace, RecordProblem};
use std::collections::{BTreeMap, BTreeSet};

impl Reader<'_> {
    /// What is kept of an export with which a later one will be compared.
    pub(crate) fn into_earlier(self, feeds: BTreeMap<FeedKind, ChosenFiles>) -> EarlierExport {
        let merchants = self.directory.merchants.into_iter().map(|(id, known)| {
            let services = known.services.into_iter().map(|(id, listed)| {
                let (service, summary) = listed.into_parts();
                let kept = EarlierService {
                    name: service.name,
                    slots: summary.marks.into_slots(),
                    names: summary.names,
                };
                (id, kept)
            });
            let kept = EarlierMerchant {
                name: known.merchant.name,
                identity: known.identity,
                services: services.collect(),
            };
            (id, kept)
        });
        EarlierExport {
            merchants: merchants.collect(),
            feeds,
        }
    }

    /// Holds merchants, services, staff and rooms against the earlier export; what could be compared at all.
    pub(crate) fn compare(&mut self) -> Option<Compared> {
        let Role::Later(earlier) = self.against.role else {
            return None;
        };
        let mut found = Vec::new();
        self.compare_merchants(earlier, &mut found);
        self.compare_services(earlier, &mut found);
        let compared = self.compare_resources(earlier, &mut found);
        for (origin, problem) in found {
            self.note(origin, problem);
        }
        self.count(earlier);
        compared
    }

    fn note(&mut self, origin: Option<Origin>, problem: RecordProblem) {
        let (file, place) = match origin {
            Some(origin) => (&self.files[origin.file], ProblemPlace::Record(origin.path)),
            None => (&self.files[0], ProblemPlace::File),
        };
        self.problems.add(file, place, problem);
    }

    fn compare_merchants(&self, earlier: &EarlierExport, found: &mut Vec<Found>) {
        let now = &self.directory.merchants;
        let mut gone: Vec<_> = earlier
            .merchants
            .iter()
            .filter(|(id, _)| !now.contains_key(*id))
            .collect();
        gone.sort_by_key(|(id, _)| *id);
        let new = now.iter().filter(|(id, _)| !earlier.merchants.contains_key(*id));
        let pairs = renamed(
            gone.iter().map(|(id, merchant)| (id.as_str(), merchant.identity)),
            new.map(|(id, known)| (id.as_str(), known.identity)),
            now.iter()
                .filter(|(id, _)| earlier.merchants.contains_key(*id))
                .map(|(_, known)| known.identity),
        );
        for (before, id) in &pairs {
            let message = format!(
                "{id:?} was {before:?} in the earlier export: name, category, telephone and address are the same"
            );
            let problem = RecordProblem::new(ProblemCode::MerchantIdChanged, "merchant_id", message);
            found.push((Some(now[*id].origin), problem));
        }
        let moved: BTreeSet<&str> = pairs.into_iter().map(|(before, _)| before).collect();
        for (id, merchant) in gone.iter().filter(|(id, _)| !moved.contains(id.as_str())) {
            let message = format!(
                "{id:?} ({}) of the earlier export is not there any more",
                merchant.name
            );
            found.push((
                None,
                RecordProblem::new(ProblemCode::MerchantGone, "merchant_id", message),
            ));
        }
    }

    /// The merchants that both exports have, by id.
    fn in_both<'a>(&'a self, earlier: &'a EarlierExport) -> Vec<(&'a EarlierMerchant, &'a ListedMerchant)> {
        let merchants = self.directory.merchants.iter();
        let mut both: Vec<_> = merchants
            .filter_map(|(id, known)| Some((earlier.merchants.get(id)?, known)))
            .collect();
        both.sort_by_key(|(_, known)| known.origin);
        both
    }

    fn compare_services(&self, earlier: &EarlierExport, found: &mut Vec<Found>) {
        for (before, known) in self.in_both(earlier) {
            let name = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            let gone = before.services.iter();
            let gone = gone.filter(|(id, _)| !known.services.contains_key(*id));
            let new = known.services.iter();
            let new = new.filter(|(id, _)| !before.services.contains_key(*id));
            let pairs = renamed(
                gone.map(|(id, service)| (id.as_str(), name(&service.name))),
                new.map(|(id, listed)| (id.as_str(), name(&listed.service.name))),
                known
                    .services
                    .iter()
                    .filter(|(id, _)| before.services.contains_key(*id))
                    .map(|(_, listed)| name(&listed.service.name)),
            );
            found.extend(pairs.into_iter().map(|(before, id)| {
                let listed = &known.services[id];
                let message = format!(
                    "{id:?} is new, {before:?} is gone, and both are {:?}",
                    listed.service.name
                );
                let problem = RecordProblem::new(ProblemCode::ServiceIdChanged, "service_id", message);
                (Some(listed.origin), problem)
            }));
        }
    }

    fn compare_resources(&self, earlier: &EarlierExport, found: &mut Vec<Found>) -> Option<Compared> {
        let (both, mut compared) = (self.in_both(earlier), false);
        for kind in ResourceKind::ALL {
            let (mut kept, mut changed) = (0, Vec::new());
            for (before, known) in &both {
                let services = known.services.iter();
                let summaries: Vec<_> = services
                    .map(|(id, listed)| (id.as_str(), listed.summary()))
                    .collect();
                let now = summaries.iter().map(|(id, summary)| (*id, &summary.names));
                let before = before.services.iter();
                let before = before.map(|(id, service)| (id.as_str(), &service.names));
                let (same, new) = names::compare(before, now, kind);
                kept += same;
                let id = known.merchant.merchant_id.as_str();
                changed.extend(new.into_iter().map(|new| (id, new)));
            }
            compared |= kept > 0;
            let code = if changed.len() > 1 && changed.len() as u64 > kept {
                ProblemCode::ResourceIdsChanged
            } else {
                ProblemCode::ResourceIdChanged
            };
            found.extend(
                changed
                    .into_iter()
                    .map(|(merchant, new)| new_id(code, (merchant, kind), &new)),
            );
        }
        if self.against.is_full() {
            let message = "of further staff and rooms the ids are not held against each other";
            found.push((
                None,
                RecordProblem::new(ProblemCode::TooManyResources, "", message),
            ));
        }
        compared.then_some(Compared::Resources)
    }

    /// Notes how much of each feed is new, kept and gone.
    fn count(&mut self, earlier: &EarlierExport) {
        let Against { from_sec, .. } = self.against;
        let now = &self.directory.merchants;
        let kept = now
            .keys()
            .filter(|id| earlier.merchants.contains_key(*id))
            .count();
        let merchants = (earlier.merchants.len(), now.len(), kept);
        let services = |known: &ListedMerchant| known.services.len();
        let kept_services = now.values().flat_map(|known| known.services.values());
        let is_kept = |merchant: &str, service: &str| earlier.service(merchant, service).is_some();
        let kept = kept_services
            .filter(|listed| is_kept(&listed.service.merchant_id, &listed.service.service_id))
            .count();
        let before: usize = earlier
            .merchants
            .values()
            .map(|merchant| merchant.services.len())
            .sum();
        let services = (before, now.values().map(services).sum(), kept);
        let before = earlier
            .merchants
            .values()
            .flat_map(|known| known.services.values());
        let before: u64 = before.map(|service| service.slots.count_from(from_sec)).sum();
        let [to_come, kept] = self.against.counts();
        let change = |(before, now, kept)| Change::of(before as u64, now as u64, kept as u64);
        for extent in &mut self.extents {
            extent.change = Some(match extent.feed.as_str() {
                "merchants" => change(merchants),
                "services" => change(services),
                _ => Change::of(before, to_come, kept),
            });
        }
    }
}

/// A problem, and the record that shows it if one does.
type Found = (Option<Origin>, RecordProblem);

fn new_id(code: ProblemCode, (merchant, kind): (&str, ResourceKind), new: &NewId) -> Found {
    let NewId {
        name,
        before,
        now,
        at,
    } = new;
    let perhaps = if code == ProblemCode::ResourceIdChanged {
        ": perhaps another one of that name"
    } else {
        ""
    };
    let message = format!(
        "{name:?} of merchant {merchant:?} is {now:?}, and was {before:?} in the earlier export{perhaps}"
    );
    let (file, path): (usize, RecordPath) = *at;
    let field = format!("resources.{}", kind.id_field());
    (
        Some(Origin { file, path }),
        RecordProblem::new(code, field, message),
    )
}
