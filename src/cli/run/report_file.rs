//! Files into which a run is rendered.

use super::super::exit::Failure;
use report::{Material, REPORTERS, Reporter, reporter};
use std::path::{Path, PathBuf};

/// The help of `--report`: every format with what it is.
pub(super) fn help() -> String {
    let formats = REPORTERS
        .iter()
        .map(|known| format!("\n- {}: {}", known.format(), known.about()));
    format!(
        "Keep the report as FORMAT in a file; repeatable. Formats:{}",
        formats.collect::<String>()
    )
}

/// A report and its file.
pub(super) struct ReportFile {
    reporter: &'static dyn Reporter,
    /// Where it goes.
    pub(super) path: PathBuf,
}

impl ReportFile {
    /// The two halves of `FORMAT=PATH`.
    pub(super) fn split(text: &str) -> Result<(String, PathBuf), Failure> {
        match text.split_once('=') {
            Some((format, path)) if !path.is_empty() => Ok((format.to_owned(), PathBuf::from(path))),
            _ => Err(Failure::wrong(
                format!("--report {text} names no file"),
                "write it like --report json=run.json",
            )),
        }
    }

    /// Of a known format.
    pub(super) fn new((format, path): (String, PathBuf)) -> Result<Self, Failure> {
        let Some(reporter) = reporter(&format) else {
            let known = REPORTERS
                .iter()
                .map(|known| format!("{} ({})", known.format(), known.about()));
            let known: Vec<_> = known.collect();
            return Err(Failure::wrong(
                format!("no report has the format `{format}`"),
                format!("formats: {}", known.join("; ")),
            ));
        };
        Ok(Self { reporter, path })
    }

    /// Renders a run into the file.
    pub(super) fn write(&self, material: &Material<'_>) -> Result<(), String> {
        let text = self
            .reporter
            .render(material)
            .map_err(|error| error.to_string())?;
        write(&self.path, &text).map_err(|error| error.to_string())
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_format() {
        let help = help();
        for known in REPORTERS {
            assert!(
                help.contains(known.format()) && help.contains(known.about()),
                "{help}"
            );
        }
    }
}
