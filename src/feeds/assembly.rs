//! Puts the records of all files together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::code::Code;
use super::convert::missing;
use super::error::{FeedError, FeedErrors};
use super::files::{FeedFile, Kind};
use super::inventory::Inventory;
use super::merchant::{Merchant, PaymentOption};
use super::problem::{Fault, Place, Problems};
use super::records::AvailabilityRecord;
use super::service::Service;
use super::slots;
use super::walk::{Found, Record, RecordPath, walk};
use crate::protocol::slot::Slot;

/// How many errors of one file are told. A mistake in a generator repeats itself in every record.
const TOLD_PER_FILE: usize = 20;

/// An inventory in the making.
#[derive(Default)]
pub(super) struct Assembly {
    merchants: BTreeMap<String, Merchant>,
    services: BTreeMap<String, BTreeMap<String, Service>>,
    slots: Vec<(Slot, Origin)>,
    /// Names of the availability files, which origins refer to.
    files: Vec<String>,
    /// The first definition of each payment option.
    options: BTreeMap<String, PaymentOption>,
    problems: Problems,
    errors: Vec<FeedError>,
}

/// The record that a slot comes from.
#[derive(Clone, Copy)]
struct Origin {
    file: usize,
    path: RecordPath,
}

impl Assembly {
    /// An assembly that knows already what is wrong with the heads of the files.
    pub(super) fn new(problems: Problems, errors: Vec<FeedError>) -> Self {
        Self {
            problems,
            errors,
            ..Self::default()
        }
    }

    /// Reads the records of one file. Merchants come first, then services, then availability.
    pub(super) fn add(&mut self, kind: Kind, file: &FeedFile) {
        self.files.push(file.name.clone());
        let mut to_tell = TOLD_PER_FILE;
        let result = walk(file, kind, &mut |found| match found {
            Found::Restrict(group, field) => self.restrict(&file.name, group, field),
            Found::Record(record) if to_tell > 0 => {
                if let Err(error) = self.record(&file.name, record) {
                    to_tell -= 1;
                    self.errors.push(error);
                }
            }
            Found::Record(_) => {}
        });
        self.errors.extend(result.err());
    }

    fn restrict(&mut self, file: &str, group: usize, field: &str) {
        let fault = Fault::new(Code::RestrictedFeed, field, "set in a complete feed: ignored");
        self.problems.add(file, Place::Group(group), fault);
    }

    fn record(&mut self, file: &str, record: Record<'_>) -> Result<(), FeedError> {
        let mut faults = Vec::new();
        let added = match record.at.kind {
            Kind::Merchants => {
                let merchant = Merchant::read(record.parse()?, &mut faults);
                merchant.map_or(Ok(()), |merchant| self.merchant(merchant, &mut faults))
            }
            Kind::Services => {
                let service = Service::read(record.parse()?, &mut faults);
                service.map_or(Ok(()), |service| self.service(service))
            }
            Kind::Availability => self.availability(record.parse()?, record.at, &mut faults),
        };
        let faults = faults.into_iter().chain(added.err());
        faults.for_each(|fault| self.problems.add(file, Place::Record(record.at), fault));
        Ok(())
    }

    fn merchant(&mut self, merchant: Merchant, faults: &mut Vec<Fault>) -> Result<(), Fault> {
        for (id, option) in &merchant.payment_options {
            if self.options.entry(id.clone()).or_insert_with(|| option.clone()) != option {
                let message = format!("payment option {id:?} differs from that of an earlier merchant");
                faults.push(Fault::new(Code::PaymentOptionDiffers, "payment_option", message));
            }
        }
        match self.merchants.entry(merchant.merchant_id.clone()) {
            Entry::Vacant(entry) => _ = entry.insert(merchant),
            Entry::Occupied(entry) => {
                let message = format!("{:?} is there already: the first one is kept", entry.key());
                return Err(Fault::new(Code::DuplicateMerchant, "merchant_id", message));
            }
        }
        Ok(())
    }

    fn service(&mut self, service: Service) -> Result<(), Fault> {
        if !self.merchants.contains_key(&service.merchant_id) {
            return Err(unknown_merchant(&service.merchant_id));
        }
        match self
            .services
            .entry(service.merchant_id.clone())
            .or_default()
            .entry(service.service_id.clone())
        {
            Entry::Vacant(entry) => _ = entry.insert(service),
            Entry::Occupied(entry) => {
                let message = format!("{:?} is there already: the first one is kept", entry.key());
                return Err(Fault::new(Code::DuplicateService, "service_id", message));
            }
        }
        Ok(())
    }

    fn availability(
        &mut self,
        record: AvailabilityRecord<'_>,
        path: RecordPath,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Fault> {
        let merchant_id = record
            .merchant_id
            .as_deref()
            .ok_or_else(|| missing("merchant_id"))?;
        let service_id = record
            .service_id
            .as_deref()
            .ok_or_else(|| missing("service_id"))?;
        let merchant = self
            .merchants
            .get(merchant_id)
            .ok_or_else(|| unknown_merchant(merchant_id))?;
        let service = self
            .services
            .get_mut(merchant_id)
            .and_then(|services| services.get_mut(service_id));
        let service = service.ok_or_else(|| unknown_service(merchant_id, service_id))?;
        if !(merchant.usable && service.usable) {
            // The record of the merchant or service has told why.
            return Ok(());
        }
        let format = slots::format(&record);
        if *service.format.get_or_insert(format) != format {
            let message = format!("service {service_id:?} has slots with spots and with a recurrence");
            faults.push(Fault::new(Code::MixedFormats, "recurrence", message));
        }
        let slots = slots::read(record, service, merchant, faults)?;
        let origin = Origin {
            file: self.files.len() - 1,
            path,
        };
        self.slots.extend(slots.into_iter().map(|slot| (slot, origin)));
        Ok(())
    }

    /// By start, merchant, service and resources. A slot is large: small keys are sorted in its place.
    fn sort_slots(&mut self) {
        let ids = self.services.iter().flat_map(|(merchant, services)| {
            services
                .keys()
                .map(move |service| (merchant.as_str(), service.as_str()))
        });
        let ranks: BTreeMap<_, _> = ids.zip(0_usize..).collect();
        self.slots.sort_by_cached_key(|(slot, _)| {
            let rank = ranks
                .get(&(slot.merchant_id.as_str(), slot.service_id.as_str()))
                .copied();
            (slot.start_sec, rank, slot.resources.clone(), slot.duration_sec)
        });
    }

    /// The inventory, or everything that could not be read.
    pub(super) fn finish(mut self) -> Result<Inventory, FeedErrors> {
        if !self.errors.is_empty() {
            return Err(FeedErrors { errors: self.errors });
        }
        self.sort_slots();
        let (files, problems) = (&self.files, &mut self.problems);
        self.slots.dedup_by(|(slot, origin), (first, _)| {
            let same = identical(slot, first);
            if same {
                let message = format!("a second slot at {}: the first one is kept", slot.start_sec);
                let fault = Fault::new(Code::IdenticalSlot, "start_sec", message);
                problems.add(&files[origin.file], Place::Record(origin.path), fault);
            }
            same
        });
        Ok(Inventory {
            merchants: self.merchants,
            services: self.services,
            slots: self.slots.into_iter().map(|(slot, _)| slot).collect(),
            problems: self.problems.into_tallies(),
        })
    }
}

/// To Google, two slots are the same when these fields are.
fn identical(a: &Slot, b: &Slot) -> bool {
    let key = |slot: &Slot| (slot.start_sec, slot.duration_sec);
    key(a) == key(b)
        && a.resources == b.resources
        && a.service_id == b.service_id
        && a.merchant_id == b.merchant_id
}

fn unknown_merchant(id: &str) -> Fault {
    Fault::new(
        Code::UnknownMerchant,
        "merchant_id",
        format!("{id:?} is not in the merchants feed"),
    )
}

fn unknown_service(merchant: &str, id: &str) -> Fault {
    let message = format!("merchant {merchant:?} has no service {id:?} in the services feed");
    Fault::new(Code::UnknownService, "service_id", message)
}
