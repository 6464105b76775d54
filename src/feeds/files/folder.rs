//! The files of a feed folder: which there are, what their heads say, their bytes.

use crate::error::FeedError;
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// A file that may hold a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedFile {
    pub(crate) path: PathBuf,
    /// Without the folder.
    pub(crate) name: String,
    /// On disk.
    pub(crate) bytes: u64,
}

/// What is in a feed folder.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// The `.json` and `.json.gz` files, by name.
    pub(crate) files: Vec<FeedFile>,
    /// Names of the other files.
    pub(crate) others: Vec<String>,
}

/// The files of `dir`.
pub(crate) fn find(dir: &Path) -> Result<Folder, FeedError> {
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
    pub(crate) fn is_packed(&self) -> bool {
        has_extension(&self.path, "gz")
    }

    /// The uncompressed content, as a stream. `read` hears of the bytes that come from the disk.
    pub(crate) fn open<'r>(&self, read: &'r dyn Fn(u64)) -> Result<impl Read + use<'r>, FeedError> {
        let file = File::open(&self.path).map_err(|error| self.read_error(error))?;
        let file = BufReader::with_capacity(1 << 16, CountedFile { file, read });
        let content: Box<dyn Read + 'r> = if self.is_packed() {
            Box::new(MultiGzDecoder::new(file))
        } else {
            Box::new(file)
        };
        Ok(content)
    }

    /// A file that is not there.
    #[cfg(test)]
    pub(crate) fn named(name: &str) -> Self {
        Self {
            path: name.into(),
            name: name.to_owned(),
            bytes: 0,
        }
    }

    pub(crate) fn read_error(&self, source: io::Error) -> FeedError {
        FeedError::File {
            file: self.name.clone(),
            source,
        }
    }
}

/// A file that tells how much of it is read.
struct CountedFile<'r> {
    file: File,
    read: &'r dyn Fn(u64),
}

impl Read for CountedFile<'_> {
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
