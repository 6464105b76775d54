//! Reads the merchants and the services into the directory.

use super::directory::{Directory, EntrySource, Origin};
use crate::earlier::identity;
use crate::error::{FeedError, Unread};
use crate::files::folder::FeedFile;
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

    /// Reads a record, and notes what is wrong with it.
    fn read(record: Self::Record<'_>, record_problems: &mut Vec<RecordProblem>) -> Option<Self>;

    fn add(self, directory: &mut Directory, source: EntrySource, record_problems: &mut Vec<RecordProblem>);
}

impl DirectoryEntry for Merchant {
    const KIND: FeedKind = FeedKind::Merchants;
    type Record<'r> = MerchantRecord<'r>;

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

    fn read(record: ServiceRecord<'_>, record_problems: &mut Vec<RecordProblem>) -> Option<Self> {
        Self::read(record, record_problems)
    }

    fn add(self, directory: &mut Directory, source: EntrySource, record_problems: &mut Vec<RecordProblem>) {
        directory.add_service(self, source, record_problems);
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
    pub(crate) fn read<E: DirectoryEntry>(self, progress: &dyn Fn(u64)) -> (u64, Vec<FeedError>) {
        let file = self.file;
        let mut visitor = EntryVisitor::<E> {
            listing: self,
            records: 0,
            unread: Unread::default(),
            entry: PhantomData,
        };
        let result = walk(file, E::KIND, progress, &mut visitor);
        let mut errors = visitor.unread.finish(&file.name);
        errors.extend(result.err());
        (visitor.records, errors)
    }
}

struct EntryVisitor<'l, E> {
    listing: Listing<'l>,
    records: u64,
    unread: Unread,
    entry: PhantomData<E>,
}

impl<E: DirectoryEntry> Visit for EntryVisitor<'_, E> {
    type Record<'r> = E::Record<'r>;

    fn record(&mut self, at: RecordPath, record: E::Record<'_>, text: &str) {
        self.records += 1;
        let (listing, mut record_problems) = (&mut self.listing, Vec::new());
        if let Some(entry) = E::read(record, &mut record_problems) {
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
        for problem in record_problems {
            listing
                .problems
                .add(&listing.file.name, ProblemPlace::Record(at), problem);
        }
    }

    fn unreadable(&mut self, _at: RecordPath, error: FeedError) {
        self.records += 1;
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
