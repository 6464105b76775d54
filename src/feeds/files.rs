//! The files of a feed folder: which there are, what their heads say, their bytes.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::error::FeedError;

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
}

/// The `.json` and `.json.gz` files of `dir`, by name.
pub(super) fn find(dir: &Path) -> Result<Vec<FeedFile>, FeedError> {
    let failed = |source| FeedError::Folder {
        dir: dir.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if is_json(&path) && path.is_file() {
            files.push(FeedFile { path, name });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
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
    /// The uncompressed content, as a stream.
    pub(super) fn open(&self) -> Result<impl Read + use<>, FeedError> {
        let file = BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(|e| self.failed(e))?);
        let content: Box<dyn Read> = if has_extension(&self.path, "gz") {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        Ok(content)
    }

    pub(super) fn failed(&self, source: io::Error) -> FeedError {
        FeedError::File {
            file: self.name.clone(),
            source,
        }
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
        fs::create_dir(dir.path().join("old.json")).unwrap();
        let packed = File::create(dir.path().join("a.json.gz")).unwrap();
        let mut gzip = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        gzip.write_all(b"{\"merchant\":[]}").unwrap();
        gzip.finish().unwrap();

        let files = find(dir.path()).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.json.gz", "b.json"]);
        let mut content = String::new();
        files[0].open().unwrap().read_to_string(&mut content).unwrap();
        assert_eq!(content, "{\"merchant\":[]}");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = find(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
