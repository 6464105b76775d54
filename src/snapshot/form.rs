//! insta's text form: front matter between `---` lines, then the body. We write it, insta reads it.

use super::info::Info;
use super::tree::{Tree, quoted};
use serde::Deserialize;
use std::path::Path;

/// Why a text is not a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The file could not be read at all.
    #[error("read the file")]
    Unreadable(#[from] std::io::Error),
    /// There is no front matter.
    #[error("find the front matter: the first line is not `---`")]
    NoFrontMatter,
    /// The front matter is not the YAML that it should be.
    #[error("read the front matter: {0}")]
    FrontMatter(String),
    /// insta does not take it for a text snapshot.
    #[error("read the body: {0}")]
    Body(String),
}

/// A snapshot file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// The scenario file, such as `scenarios/deposit/refund-before-cutoff.yaml`.
    pub(crate) source: String,
    /// The scenario's title.
    pub(crate) description: String,
    /// What the scenario was bound to.
    pub(crate) info: Info,
    /// The normalised history.
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct FrontMatter {
    // `cargo insta accept` leaves out an `info` that holds nothing.
    #[serde(default)]
    info: Info,
}

impl Document {
    /// The text of the file, with a line break at its end.
    pub(crate) fn write(&self) -> String {
        let info = serde_json::to_value(&self.info).unwrap_or_default();
        let lines = Tree::yaml(&info).lines();
        let info: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
        format!(
            "---\nsource: {}\ndescription: {}\ninfo:\n{}\n---\n{}\n",
            quoted(&self.source),
            quoted(&self.description),
            info.join("\n"),
            self.body
        )
    }

    /// Reads a file; line breaks may be those of any system.
    ///
    /// # Errors
    /// When the file cannot be read or is not a text snapshot with front matter.
    pub(crate) fn read(path: &Path) -> Result<Self, FormError> {
        let text = std::fs::read_to_string(path)?;
        // insta takes a text without front matter for its oldest form and says so on standard error.
        let front = front_matter(&text).ok_or(FormError::NoFrontMatter)?;
        let front: FrontMatter =
            serde_saphyr::from_str(&front).map_err(|error| FormError::FrontMatter(error.to_string()))?;
        let snapshot =
            insta::Snapshot::from_file(path).map_err(|error| FormError::Body(error.to_string()))?;
        let body = snapshot
            .as_text()
            .ok_or_else(|| FormError::Body("it is not text".to_owned()))?;
        let metadata = snapshot.metadata();
        Ok(Self {
            source: metadata.source().unwrap_or_default().to_owned(),
            description: metadata.description().unwrap_or_default().to_owned(),
            info: front.info,
            body: body.to_string(),
        })
    }
}

fn front_matter(text: &str) -> Option<String> {
    let mut lines = text.lines();
    lines.next().filter(|first| first.trim_end() == "---")?;
    let front: Vec<&str> = lines.take_while(|line| line.trim_end() != "---").collect();
    Some(front.join("\n"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::compare::compare;
    use super::super::fixture::refund;
    use super::*;
    use std::fs;

    fn document() -> Document {
        let comparison = compare(None, &refund(1).transcript);
        Document {
            source: "scenarios/deposit/refund.yaml".to_owned(),
            description: "A \"deposit\": back # in time, 100 %\nand é".to_owned(),
            info: comparison.info,
            body: comparison.body,
        }
    }

    #[test]
    fn insta_reads_what_we_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refund.snap");
        let document = document();
        fs::write(&path, document.write()).unwrap();
        let snapshot = insta::Snapshot::from_file(&path).unwrap();
        assert_eq!(snapshot.as_text().unwrap().to_string(), document.body);
        assert_eq!(snapshot.metadata().source(), Some(document.source.as_str()));
        assert_eq!(
            snapshot.metadata().description(),
            Some(document.description.as_str())
        );
        assert_eq!(Document::read(&path).unwrap(), document);
    }

    #[test]
    fn we_read_what_insta_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refund.snap");
        let document = document();
        fs::write(&path, document.write()).unwrap();
        // What `cargo insta accept` does with a pending file.
        insta::Snapshot::from_file(&path).unwrap().save(&path).unwrap();
        assert_eq!(Document::read(&path).unwrap(), document);
    }

    #[test]
    fn line_breaks_of_any_system_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refund.snap");
        let document = document();
        fs::write(&path, document.write().replace('\n', "\r\n")).unwrap();
        assert_eq!(Document::read(&path).unwrap(), document);
    }

    #[test]
    fn a_scenario_without_slots_has_an_info_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("health.snap");
        let document = Document {
            info: Info::default(),
            body: String::new(),
            ..document()
        };
        fs::write(&path, document.write()).unwrap();
        assert_eq!(Document::read(&path).unwrap(), document);
    }

    #[test]
    fn other_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refund.snap");
        fs::write(&path, "no front matter").unwrap();
        assert!(matches!(Document::read(&path), Err(FormError::NoFrontMatter)));
        fs::write(&path, "---\ninfo: [\n---\nbody\n").unwrap();
        assert!(matches!(Document::read(&path), Err(FormError::FrontMatter(_))));
    }
}
