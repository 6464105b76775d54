//! The files of a feed folder: which there are, what their heads say, their bytes.

use super::error::FeedError;
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// No feed file is larger than this once it is uncompressed.
pub(super) const MAX_FILE_BYTES: u64 = 16 << 30;

/// The three feeds of a booking integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Who offers.
    Merchants,
    /// What is offered.
    Services,
    /// When there is room.
    Availability,
}

impl Kind {
    /// All three, in the order in which one refers to the other.
    pub const ALL: [Self; 3] = [Self::Merchants, Self::Services, Self::Availability];

    /// The root key that holds the records.
    pub const fn list_key(self) -> &'static str {
        match self {
            Self::Merchants => "merchant",
            Self::Services => "service",
            Self::Availability => "service_availability",
        }
    }

    /// The feed whose records stand under `key`.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.list_key() == key)
    }

    /// The feed that a file's name speaks of; an empty feed may have no other sign of its kind.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let words = [
            ("avail", Self::Availability),
            ("service", Self::Services),
            ("merchant", Self::Merchants),
        ];
        words
            .into_iter()
            .find(|(word, _)| name.contains(word))
            .map(|(_, kind)| kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Merchants => "merchants",
            Self::Services => "services",
            Self::Availability => "availability",
        })
    }
}

/// A file that may hold a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FeedFile {
    pub(super) path: PathBuf,
    /// Without the folder.
    pub(super) name: String,
    /// On disk.
    pub(super) bytes: u64,
}

/// What is in a feed folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// The `.json` and `.json.gz` files, by name.
    pub(super) files: Vec<FeedFile>,
    /// Names of the other files.
    pub(super) others: Vec<String>,
}

/// The files of `dir`.
pub(super) fn find(dir: &Path) -> Result<Folder, FeedError> {
    let failed = |source| FeedError::Folder {
        dir: dir.to_owned(),
        source,
    };
    let mut folder = Folder::default();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Ok(about) = path.metadata() else { continue };
        // What a file system keeps beside files begins with a dot.
        if !about.is_file() || name.starts_with('.') {
            continue;
        }
        let bytes = about.len();
        if is_json(&path) {
            folder.files.push(FeedFile { path, name, bytes });
        } else {
            folder.others.push(name);
        }
    }
    folder.files.sort_by(|a, b| a.name.cmp(&b.name));
    folder.others.sort();
    Ok(folder)
}

fn is_json(path: &Path) -> bool {
    let packed = has_extension(path, "gz")
        && path
            .file_stem()
            .is_some_and(|stem| has_extension(Path::new(stem), "json"));
    packed || has_extension(path, "json")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

impl FeedFile {
    /// True when it is compressed.
    pub(super) fn is_packed(&self) -> bool {
        has_extension(&self.path, "gz")
    }

    /// The uncompressed content, as a stream. `read` hears of the bytes that come from the disk.
    pub(super) fn open<'r>(&self, read: &'r dyn Fn(u64)) -> Result<impl Read + use<'r>, FeedError> {
        let file = File::open(&self.path).map_err(|error| self.failed(error))?;
        let file = BufReader::with_capacity(1 << 16, Heard { file, read });
        let content: Box<dyn Read + 'r> = if self.is_packed() {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        Ok(content)
    }

    /// A file that is not there.
    #[cfg(test)]
    pub(super) fn named(name: &str) -> Self {
        Self {
            path: name.into(),
            name: name.to_owned(),
            bytes: 0,
        }
    }

    pub(super) fn failed(&self, source: io::Error) -> FeedError {
        FeedError::File {
            file: self.name.clone(),
            source,
        }
    }
}

/// A file that tells how much of it is read.
struct Heard<'r> {
    file: File,
    read: &'r dyn Fn(u64),
}

impl Read for Heard<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        (self.read)(bytes as u64);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::Write;

    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        assert_eq!(
            Kind::of_name("service_availability_1.json"),
            Some(Kind::Availability)
        );
        assert_eq!(Kind::of_name("Services_feed_1.json"), Some(Kind::Services));
        assert_eq!(Kind::of_name("MERCHANTS.json.gz"), Some(Kind::Merchants));
        assert_eq!(Kind::of_name("google-key.json"), None);
    }

    #[test]
    fn only_json_files_are_found_and_gzip_is_unpacked() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b.json"), "{}").unwrap();
        fs::write(dir.path().join("readme.md"), "").unwrap();
        fs::write(dir.path().join("._b.json"), "no JSON").unwrap();
        fs::create_dir(dir.path().join("old.json")).unwrap();
        let packed = File::create(dir.path().join("a.json.gz")).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        gzip.write_all(b"{\"merchant\":[]}").unwrap();
        gzip.finish().unwrap();

        let Folder { files, others } = find(dir.path()).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            (names, others),
            (vec!["a.json.gz", "b.json"], vec!["readme.md".to_owned()])
        );
        let (mut content, heard) = (String::new(), std::cell::Cell::new(0));
        let hear = |bytes| heard.set(heard.get() + bytes);
        files[0]
            .open(&hear)
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        assert_eq!(content, "{\"merchant\":[]}");
        assert_eq!((heard.get(), files[1].bytes), (files[0].bytes, 2));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = find(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
