//! Secrets: named in the file, fetched from the environment or from a file of their own, never shown.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::path::{Path, PathBuf};

/// A secret value. `Debug` prints nothing of it, and there is no `Display`.
#[derive(Clone)]
pub struct Secret {
    value: SecretString,
    place: Option<Reference>,
}

impl Secret {
    /// Wraps a value that is already at hand, such as one that the program made up itself.
    pub fn new(value: String) -> Self {
        Self {
            value: SecretString::from(value),
            place: None,
        }
    }

    /// The value, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    /// Where it was fetched from, so that a command can fetch it again; a file by its whole path.
    pub fn place(&self) -> Option<&Reference> {
        self.place.as_ref()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Where a value is kept, as a config names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `{ env = "NAME" }`: an environment variable.
    Env(String),
    /// `{ file = "PATH" }`: a file that holds only the value; one trailing line break is not part of it.
    File(PathBuf),
}

/// A reference that leads nowhere. The texts name the place, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No such variable.
    #[error("the environment variable {0} is not set")]
    Unset(String),
    /// The variable or file is there and empty.
    #[error("{0} is empty")]
    Empty(String),
    /// The file cannot be read.
    #[error("the file {path} cannot be read: {cause}")]
    Unreadable {
        /// The file, as it was looked for.
        path: String,
        /// What the system said.
        cause: String,
    },
}

impl Reference {
    /// Fetches the value: variables from `env`, files relative to `folder`.
    pub fn resolve(
        &self,
        folder: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Secret, SecretError> {
        let (words, value, place) = match self {
            Self::Env(name) => (
                format!("the environment variable {name}"),
                env(name).ok_or_else(|| SecretError::Unset(name.clone()))?,
                self.clone(),
            ),
            Self::File(path) => {
                let path = folder.join(path);
                (
                    format!("the file {}", path.display()),
                    read(&path)?,
                    Self::File(path),
                )
            }
        };
        let value = value.strip_suffix('\n').unwrap_or(&value);
        let value = value.strip_suffix('\r').unwrap_or(value);
        if value.is_empty() {
            return Err(SecretError::Empty(words));
        }
        Ok(Secret {
            place: Some(place),
            ..Secret::new(value.to_owned())
        })
    }
}

fn read(path: &Path) -> Result<String, SecretError> {
    std::fs::read_to_string(path).map_err(|error| SecretError::Unreadable {
        path: path.display().to_string(),
        cause: error.to_string(),
    })
}

/// A value that may stand in the file or be kept elsewhere.
#[derive(Debug, Clone)]
pub enum Text {
    /// Stands in the file.
    Plain(String),
    /// Was fetched by reference, and is masked wherever it would be shown.
    Secret(Secret),
}

impl Text {
    /// The value, for the place that sends it.
    pub fn expose(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "PASSWORD" => Some("hunter2".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn a_variable_is_fetched_and_never_printed() {
        let secret = Reference::Env("PASSWORD".into())
            .resolve(Path::new("."), &env)
            .unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert!(!format!("{:?} {:?}", secret, Text::Secret(secret.clone())).contains("hunter2"));
    }

    #[test]
    fn a_file_is_read_next_to_the_config_without_its_last_line_break() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "s3cret \r\n").unwrap();
        let secret = Reference::File("token".into())
            .resolve(folder.path(), &env)
            .unwrap();
        assert_eq!(secret.expose(), "s3cret ");
        let file = folder.path().join("token");
        assert_eq!(secret.place(), Some(&Reference::File(file)));
    }

    #[test]
    fn what_leads_nowhere_names_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let told = |reference: Reference| reference.resolve(folder.path(), &env).unwrap_err().to_string();
        assert_eq!(
            told(Reference::Env("NOPE".into())),
            "the environment variable NOPE is not set"
        );
        assert_eq!(
            told(Reference::Env("EMPTY".into())),
            "the environment variable EMPTY is empty"
        );
        assert!(told(Reference::File("gone".into())).contains("gone cannot be read"));
    }
}
