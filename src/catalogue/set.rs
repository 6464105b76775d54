//! The dated set of requirements and look-ups in it.

use super::{Requirement, RequirementId};
use indexmap::IndexMap;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The date of the set. A new requirement goes into the next one.
const SET: &str = "2026-11";

/// The rows, one file per subject, in the order of the catalogue.
const FILES: &[(&str, &str)] = &[
    ("transport", include_str!("requirements/transport.yaml")),
    ("availability", include_str!("requirements/availability.yaml")),
    ("create", include_str!("requirements/create.yaml")),
    ("idempotency", include_str!("requirements/idempotency.yaml")),
    ("update", include_str!("requirements/update.yaml")),
    ("read-back", include_str!("requirements/read-back.yaml")),
    ("payments", include_str!("requirements/payments.yaml")),
    ("amounts", include_str!("requirements/amounts.yaml")),
    ("tokens", include_str!("requirements/tokens.yaml")),
    ("cancellation", include_str!("requirements/cancellation.yaml")),
    ("online", include_str!("requirements/online.yaml")),
    ("asynchronous", include_str!("requirements/asynchronous.yaml")),
    ("notifications", include_str!("requirements/notifications.yaml")),
    ("delivery", include_str!("requirements/delivery.yaml")),
    ("inventory", include_str!("requirements/inventory.yaml")),
    ("operation", include_str!("requirements/operation.yaml")),
    ("opt-in", include_str!("requirements/opt-in.yaml")),
    ("redirect", include_str!("requirements/redirect.yaml")),
    ("feeds", include_str!("requirements/feeds.yaml")),
    ("google", include_str!("requirements/google.yaml")),
];

static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::from_yaml(SET, FILES).expect("the bundled catalogue is checked by a test"));

/// The bundled catalogue.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// A dated set of requirements.
#[derive(Debug)]
pub struct Catalogue {
    id: String,
    digest: String,
    rows: IndexMap<String, Requirement>,
    aliases: HashMap<String, String>,
}

/// The catalogue's text is wrong.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not the form of a catalogue.
    #[error("requirements/{file}.yaml does not have the catalogue's form: {problem}")]
    Form {
        /// The file's stem.
        file: String,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// An id or alias stands there twice.
    #[error("{0} stands in the catalogue more than once")]
    Twice(String),
}

impl Catalogue {
    /// Reads the dated set from its files: stem and YAML text.
    pub(crate) fn from_yaml(set: &str, files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut rows = IndexMap::new();
        let mut aliases = HashMap::new();
        for row in read(files)? {
            for alias in &row.aliases {
                if aliases.insert(alias.clone(), row.id.clone()).is_some() {
                    return Err(CatalogueError::Twice(alias.clone()));
                }
            }
            let id = row.id.clone();
            if rows.insert(id.clone(), row).is_some() {
                return Err(CatalogueError::Twice(id));
            }
        }
        if let Some(both) = aliases.keys().find(|alias| rows.contains_key(*alias)) {
            return Err(CatalogueError::Twice(both.clone()));
        }
        Ok(Self {
            id: set.to_owned(),
            digest: digest(files),
            rows,
            aliases,
        })
    }

    /// The set's date, such as `2026-11`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// SHA-256 of the set's text, hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every row in the file's order.
    pub fn rows(&self) -> impl Iterator<Item = &Requirement> {
        self.rows.values()
    }

    /// The row of a checked id.
    pub fn row(&self, id: RequirementId) -> &Requirement {
        self.rows
            .get(id.as_str())
            .expect("declared ids are checked by a test, parsed ids on parsing")
    }

    /// The row that has this id or alias.
    pub fn resolve(&self, text: &str) -> Option<&Requirement> {
        self.rows
            .get(text)
            .or_else(|| self.rows.get(self.aliases.get(text)?))
    }

    /// The known id that looks most like the text, if one looks like it at all.
    pub fn nearest(&self, text: &str) -> Option<&str> {
        let known = self.rows.keys().chain(self.aliases.keys());
        known
            .map(|id| (strsim::jaro_winkler(id, text), id.as_str()))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, id)| id)
    }
}

fn read(files: &[(&str, &str)]) -> Result<Vec<Requirement>, CatalogueError> {
    let mut rows = Vec::new();
    for (file, text) in files {
        let more: Vec<Requirement> = serde_saphyr::from_str(text).map_err(|error| CatalogueError::Form {
            file: (*file).to_owned(),
            problem: error.to_string(),
        })?;
        rows.extend(more.into_iter().map(|row| Requirement {
            subject: (*file).to_owned(),
            ..row
        }));
    }
    Ok(rows)
}

fn digest(files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (_, text) in files {
        hasher.update(text.as_bytes());
    }
    let bytes = hasher.finalize();
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::Owner;

    #[test]
    fn the_bundled_catalogue_reads() {
        let catalogue = Catalogue::from_yaml(SET, FILES).unwrap();
        assert!(catalogue.rows().count() > 50);
        assert_eq!(catalogue.digest().len(), 64);
    }

    #[test]
    fn an_alias_leads_to_its_row() {
        let row = catalogue().resolve("PAY-NOSHOW-08").unwrap();
        assert_eq!(row.id, "RTU-NOSHOW-02");
    }

    #[test]
    fn an_id_that_stands_twice_is_refused() {
        let text =
            "- {id: A-1, level: must, title: t, source: s}\n- {id: A-1, level: must, title: t, source: s}\n";
        assert!(
            matches!(Catalogue::from_yaml("x", &[("a", text)]), Err(CatalogueError::Twice(id)) if id == "A-1")
        );
    }

    #[test]
    fn only_a_duty_of_googles_is_held_by_the_harness() {
        let odd: Vec<_> = catalogue()
            .rows()
            .filter(|row| row.held_by.is_some() && row.owner != Owner::Google)
            .map(|row| &row.id)
            .collect();
        assert!(odd.is_empty(), "{odd:?}");
    }

    #[test]
    fn a_misspelt_id_finds_its_neighbour() {
        assert_eq!(catalogue().nearest("PAY-CMO-10"), Some("PAY-COM-10"));
        assert_eq!(catalogue().nearest("zzz"), None);
    }
}
