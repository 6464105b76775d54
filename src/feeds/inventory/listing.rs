//! Reads the merchants and the services into the directory.

use super::directory::{Directory, EntrySource, Origin};
use crate::earlier::identity;
use crate::error::{FeedError, Unread};
use crate::files::folder::FeedFile;
use crate::files::mend::Mended;
use crate::files::names::Message;
use crate::files::reference::{MERCHANT, SERVICE};
use crate::files::walk::{Visit, walk};
use crate::kind::{FeedKind, RecordPath};
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use crate::records::merchant::Merchant;
use crate::records::messages::merchant::MerchantRecord;
use crate::records::messages::service::ServiceRecord;
use crate::records::service::Service;
use serde::Deserialize;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;

/// What the directory lists: merchants and services.
pub(crate) trait DirectoryEntry: Sized {
    const KIND: FeedKind;
    type Record<'r>: Deserialize<'r>;
    const MESSAGE: &'static Message;
    /// Fields without whose values nothing is said of its slots.
    const OF_MEANING: &'static [&'static str];

    /// Takes the meaning from its slots.
    fn lose_meaning(&mut self);

    /// Reads a record, and notes what is wrong with it.
    fn read(record: Self::Record<'_>, record_problems: &mut Vec<RecordProblem>) -> Option<Self>;

    fn add(self, directory: &mut Directory, source: EntrySource, record_problems: &mut Vec<RecordProblem>);
}

impl DirectoryEntry for Merchant {
    const KIND: FeedKind = FeedKind::Merchants;
    type Record<'r> = MerchantRecord<'r>;
    const MESSAGE: &'static Message = &MERCHANT;
    const OF_MEANING: &'static [&'static str] = &[
        "tax_rate",
        "tax_rate_basis_points",
        "payment_restrictions",
        "payment_option",
    ];

    fn lose_meaning(&mut self) {
        self.usable = false;
    }

    fn read(record: MerchantRecord<'_>, record_problems: &mut Vec<RecordProblem>) -> Option<Self> {
        Self::read(record, record_problems)
    }

    fn add(self, directory: &mut Directory, source: EntrySource, record_problems: &mut Vec<RecordProblem>) {
        directory.add_merchant(self, source, record_problems);
    }
}

impl DirectoryEntry for Service {
    const KIND: FeedKind = FeedKind::Services;
    type Record<'r> = ServiceRecord<'r>;
    const MESSAGE: &'static Message = &SERVICE;
    const OF_MEANING: &'static [&'static str] = &[
        "type",
        "price",
        "tax_rate",
        "rules",
        "scheduling_rules",
        "prepayment_type",
        "prepayment_terms",
        "payment_option_id",
        "deposit",
        "no_show_fee",
        "require_credit_card",
        "ticket_type",
        "uri_template",
    ];

    fn lose_meaning(&mut self) {
        self.usable = false;
    }

    fn read(record: ServiceRecord<'_>, record_problems: &mut Vec<RecordProblem>) -> Option<Self> {
        Self::read(record, record_problems)
    }

    fn add(self, directory: &mut Directory, source: EntrySource, record_problems: &mut Vec<RecordProblem>) {
        directory.add_service(self, source, record_problems);
    }
}

/// So many wrong values of a file are kept as errors; all are counted as problems.
const MOST_VALUES: usize = 20;

/// What came of the records of a file.
#[derive(Debug, Default)]
pub(crate) struct RecordTally {
    pub(crate) records: u64,
    /// Those of which a value could not be read.
    pub(crate) in_parts: u64,
    /// Those whose slots have lost their meaning with it.
    pub(crate) meaningless: u64,
    /// True when one of them has lost an id.
    pub(crate) lost_ids: bool,
    /// Services that say how their waitlist works.
    pub(crate) waitlists: u64,
    /// The first wrong values.
    pub(crate) values: Vec<FeedError>,
    /// Those beyond them.
    more_values: u64,
}

impl RecordTally {
    pub(crate) fn add(&mut self, mended: &Mended) {
        self.records += 1;
        self.in_parts += u64::from(!mended.wrong.is_empty());
    }

    pub(crate) fn keep(&mut self, value: FeedError) {
        if self.values.len() < MOST_VALUES {
            self.values.push(value);
        } else {
            self.more_values += 1;
        }
    }

    /// Says how many wrong values there are beside the first ones.
    pub(crate) fn finish(&mut self, file: &str) {
        let (file, count) = (file.to_owned(), self.more_values);
        self.values
            .extend((count > 0).then_some(FeedError::MoreValues { file, count }));
    }
}

/// Reads one file of entries.
pub(crate) struct Listing<'l> {
    pub(crate) file: &'l FeedFile,
    /// The number of the file among all.
    pub(crate) number: usize,
    /// True when merchants are looked for in another export.
    pub(crate) identifies: bool,
    pub(crate) directory: &'l mut Directory,
    pub(crate) problems: &'l mut FeedProblems,
}

impl Listing<'_> {
    /// How many records there are, and why some of them could not be read.
    pub(crate) fn read<E: DirectoryEntry>(self, progress: &dyn Fn(u64)) -> (RecordTally, Vec<FeedError>) {
        let file = self.file;
        let mut visitor = EntryVisitor::<E> {
            listing: self,
            tally: RecordTally::default(),
            unread: Unread::default(),
            entry: PhantomData,
        };
        let result = walk(file, E::KIND, progress, &mut visitor);
        let mut errors = visitor.unread.finish(&file.name);
        errors.extend(result.err());
        visitor.tally.finish(&file.name);
        (visitor.tally, errors)
    }
}

struct EntryVisitor<'l, E> {
    listing: Listing<'l>,
    tally: RecordTally,
    unread: Unread,
    entry: PhantomData<E>,
}

impl<E: DirectoryEntry> Visit for EntryVisitor<'_, E> {
    type Record<'r> = E::Record<'r>;
    const MESSAGE: &'static Message = E::MESSAGE;
    const LOOKS_AT_NAMES: bool = true;

    fn record(&mut self, at: RecordPath, record: E::Record<'_>, text: &str, mended: Mended) {
        self.tally.add(&mended);
        self.tally.waitlists += u64::from(text.contains("\"waitlist_rules\""));
        self.tally.lost_ids |= mended.lost(&["merchant_id", "service_id"]);
        let (listing, mut record_problems) = (&mut self.listing, Vec::new());
        if let Some(mut entry) = E::read(record, &mut record_problems) {
            if mended.lost(E::OF_MEANING) {
                entry.lose_meaning();
                self.tally.meaningless += 1;
            }
            let file = listing.number;
            let source = EntrySource {
                origin: Origin { file, path: at },
                digest: digest(text),
                identity: Some(text)
                    .filter(|_| listing.identifies && E::KIND == FeedKind::Merchants)
                    .and_then(identity::of_merchant),
            };
            entry.add(listing.directory, source, &mut record_problems);
        }
        mended.retain(&mut record_problems);
        record_problems.extend(mended.record_problems);
        for problem in record_problems {
            listing
                .problems
                .add(&listing.file.name, ProblemPlace::Record(at), problem);
        }
    }

    fn wrong_value(&mut self, error: FeedError) {
        self.tally.keep(error);
    }

    fn beside_slots(&mut self, _group: usize, _field: &str) {}

    fn unreadable(&mut self, _at: RecordPath, error: FeedError) {
        self.tally.records += 1;
        self.unread.add(error);
    }

    /// Only availability has restrict fields.
    fn restrict(&mut self, _group: usize, _field: &'static str) {}
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
