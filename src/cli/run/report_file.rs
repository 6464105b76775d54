//! Files into which a run is rendered.

use super::super::exit::Failure;
use outcome::NotRun;
use report::{Material, REPORTERS, Reporter, reporter};
use snapshot::{Draft, Origin, withdraw_artefact, write_artefact};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The format that is a folder.
const SNAPSHOTS: &str = "snapshots";

/// What it is, for `--help`.
const ABOUT_SNAPSHOTS: &str =
    "pending snapshots in a folder of their own, for `conformance accept --from`; written in CI, too";

/// The help of `--report`: every format with what it is.
pub(in super::super) fn help() -> String {
    let formats = formats().into_iter();
    let formats = formats.map(|(format, about)| format!("\n- {format}: {about}"));
    format!(
        "Keep the report as FORMAT in a file; repeatable. Formats:{}",
        formats.collect::<String>()
    )
}

/// Every format with what it is.
fn formats() -> Vec<(&'static str, &'static str)> {
    let files = REPORTERS.iter().map(|known| (known.format(), known.about()));
    files.chain([(SNAPSHOTS, ABOUT_SNAPSHOTS)]).collect()
}

/// What is kept of a run.
pub(in super::super) struct Kept<'k> {
    pub(in super::super) material: Material<'k>,
    /// Snapshots that are not as accepted.
    pub(in super::super) drafts: &'k [Draft],
}

/// A report and its file.
pub(in super::super) struct ReportFile {
    /// None for the folder of snapshots.
    reporter: Option<&'static dyn Reporter>,
    /// Where it goes.
    pub(in super::super) path: PathBuf,
}

impl ReportFile {
    /// The two halves of `FORMAT=PATH`.
    pub(in super::super) fn split(text: &str) -> Result<(String, PathBuf), Failure> {
        match text.split_once('=') {
            Some((format, path)) if !path.is_empty() => Ok((format.to_owned(), PathBuf::from(path))),
            _ => Err(Failure::wrong(
                format!("--report {text} names no file"),
                "write it like --report json=run.json",
            )),
        }
    }

    /// Of a known format.
    pub(in super::super) fn new((format, path): (String, PathBuf)) -> Result<Self, Failure> {
        let reporter = reporter(&format);
        if reporter.is_none() && format != SNAPSHOTS {
            let known = formats().into_iter();
            let known: Vec<_> = known.map(|(name, about)| format!("{name} ({about})")).collect();
            return Err(Failure::wrong(
                format!("no report has the format `{format}`"),
                format!("formats: {}", known.join("; ")),
            ));
        }
        Ok(Self { reporter, path })
    }

    /// The folder of snapshots, if this is one.
    pub(in super::super) fn artefact(&self) -> Option<&Path> {
        self.reporter.is_none().then_some(self.path.as_path())
    }

    /// True when both are one report at one place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let format = |file: &Self| file.reporter.map(Reporter::format);
        self.path == other.path && format(self) == format(other)
    }

    /// A run never writes what it keeps for others among the snapshots of its own.
    pub(super) fn check_apart_from(&self, snapshots: &Path) -> Result<(), Failure> {
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match self.artefact() {
            Some(folder) if whole(folder).starts_with(whole(snapshots)) => Err(Failure::wrong(
                format!(
                    "--report snapshots={} is inside the folder of accepted snapshots",
                    folder.display()
                ),
                "name another folder, such as --report snapshots=out/snapshots",
            )),
            _ => Ok(()),
        }
    }

    /// Takes the report of an earlier run away, and says in its place why there is no verdict.
    pub(super) fn write_not_run(&self, not_run: &NotRun) -> Result<(), String> {
        let Some(reporter) = self.reporter else {
            return withdraw_artefact(&self.path).map_err(|error| error.to_string());
        };
        if is_stream(&self.path) {
            return Ok(());
        }
        let text = reporter
            .render_not_run(not_run)
            .map_err(|error| error.to_string())?;
        write(&self.path, text.as_bytes()).map_err(|error| error.to_string())
    }

    /// Renders a run into the file.
    pub(in super::super) fn write(&self, kept: &Kept<'_>) -> Result<(), String> {
        let Some(reporter) = self.reporter else {
            let origin = origin(&kept.material);
            return write_artefact(&self.path, origin, kept.drafts).map_err(|error| error.to_string());
        };
        let text = reporter
            .render(&kept.material)
            .map_err(|error| error.to_string())?;
        write(&self.path, &reporter.pack(text)).map_err(|error| error.to_string())
    }
}

fn origin(material: &Material<'_>) -> Origin {
    let run = material.report;
    Origin {
        version: run.tool.version.clone(),
        target: run.target.name.clone(),
        base_url: run.target.base_url.clone(),
        started_at: run.started_at.clone(),
        seed: run.seed,
    }
}

/// A reader never sees half a report, nor an old one beside a new one: the text is written beside its place, brought to the disk, and moved there.
fn write(path: &Path, text: &[u8]) -> std::io::Result<()> {
    if is_stream(path) {
        return std::fs::write(path, text);
    }
    // What a link names is replaced, and not the link.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".report");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// A terminal, a pipe or a device keeps nothing that could be taken for the report of another run.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|known| !known.is_file() && !known.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_format() {
        let help = help();
        for (format, about) in formats() {
            assert!(help.contains(format) && help.contains(about), "{help}");
        }
    }
}
