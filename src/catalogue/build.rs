//! Packs the illustrations: half a megabyte of text that few runs read.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir("illustrations")? {
        files.push(entry?.path());
    }
    files.sort();
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(packed, "--- {stem}")?;
        packed.write_all(&fs::read(&file)?)?;
    }
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&folder).join("illustrations.gz"), packed.finish()?)
}
