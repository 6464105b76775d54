//! The service-account key file that a partner gets: an RSA key whose `token_uri` is our token endpoint.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The key file could not be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file system refused.
    #[error("use the key file {path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not a service-account key.
    #[error("read the key file: {0}")]
    Form(String),
    /// No key could be generated.
    #[error("generate an RSA key")]
    Generate,
}

/// What Google knows of a service account: who it is and how it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// `client_email` of the key file; the issuer of its assertions.
    pub client_email: String,
    /// `token_uri` of the key file.
    pub token_uri: String,
    /// RSA public key, PKCS#1 DER.
    pub public_key: Vec<u8>,
}

impl ServiceAccount {
    // A self-signed token may name the API that it is sent to, which is the host of our own token endpoint.
    pub(crate) fn is_own_audience(&self, audience: &str) -> bool {
        audience.strip_suffix('/').unwrap_or(audience) == self.base_url()
    }

    /// Where the API is: beside the token endpoint.
    pub(crate) fn base_url(&self) -> &str {
        self.token_uri.strip_suffix("/token").unwrap_or(&self.token_uri)
    }
}

/// A service-account key file.
#[derive(Clone)]
pub struct KeyFile {
    document: Map<String, Value>,
    account: ServiceAccount,
}

// The private key must not reach a log.
impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Makes a new RSA-2048 key.
    pub fn generate(token_uri: &str) -> Result<Self, KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
        let key_id = format!("{:x}", Sha256::digest(pair.public_key().as_ref()));
        let document = document(&key_id, &pem("PRIVATE KEY", der.as_ref()), token_uri);
        Self::from_document(document)
    }

    /// Reads the text of a key file.
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        // The parser's message may quote what it read, so only the place is told.
        let document = serde_json::from_str(text)
            .map_err(|error| KeyError::Form(format!("no JSON object (line {})", error.line())))?;
        Self::from_document(document)
    }

    /// Reads the file, or makes it (mode 0600). If its `token_uri` is another one, that field alone is rewritten.
    pub(crate) fn load_or_create(path: &Path, token_uri: &str) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_json(&text)?.redirect(path, token_uri),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(path, token_uri),
            Err(source) => Err(KeyError::Io {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn create(path: &Path, token_uri: &str) -> Result<Self, KeyError> {
        let key = Self::generate(token_uri)?;
        match key.write_temporary(path)?.persist_noclobber(path) {
            Ok(_) => Ok(key),
            // Another run was faster: its key is the one that partners get.
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Self::load_or_create(path, token_uri)
            }
            Err(error) => Err(KeyError::Io {
                path: path.to_owned(),
                source: error.error,
            }),
        }
    }

    fn redirect(mut self, path: &Path, token_uri: &str) -> Result<Self, KeyError> {
        if self.account.token_uri != token_uri {
            self.document.insert("token_uri".to_owned(), token_uri.into());
            token_uri.clone_into(&mut self.account.token_uri);
            let written = self.write_temporary(path)?.persist(path);
            written.map_err(|error| KeyError::Io {
                path: path.to_owned(),
                source: error.error,
            })?;
        }
        Ok(self)
    }

    // A temporary file has mode 0600 from the start, and a reader never sees half a key.
    fn write_temporary(&self, path: &Path) -> Result<NamedTempFile, KeyError> {
        let io = |source| KeyError::Io {
            path: path.to_owned(),
            source,
        };
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder).map_err(io)?;
        file.write_all(self.to_json().as_bytes()).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        Ok(file)
    }

    fn from_document(document: Map<String, Value>) -> Result<Self, KeyError> {
        let text = |name: &str| {
            let text = document.get(name).and_then(Value::as_str);
            text.ok_or_else(|| KeyError::Form(format!("no `{name}`")))
        };
        let account = ServiceAccount {
            client_email: text("client_email")?.to_owned(),
            token_uri: text("token_uri")?.to_owned(),
            public_key: public_key(text("private_key")?)?,
        };
        Ok(Self { document, account })
    }

    /// The text of the file; it holds the private key.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", Value::Object(self.document.clone()))
    }

    /// What assertions are signed with, without the lines around it: what is not to be read in any record.
    pub fn private_key(&self) -> Option<String> {
        let lines = self.document.get("private_key")?.as_str()?.lines();
        Some(lines.filter(|line| !line.starts_with("-----")).collect())
    }

    /// What access tokens are signed with: it goes with the private key, so that a token lives through restarts.
    pub(crate) fn token_secret(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update("access tokens");
        hash.update(self.document["private_key"].as_str().unwrap_or_default());
        hash.finalize().into()
    }

    /// What Google's side needs to know.
    pub fn account(&self) -> &ServiceAccount {
        &self.account
    }
}

fn public_key(private_pem: &str) -> Result<Vec<u8>, KeyError> {
    let broken = || KeyError::Form("`private_key` is no RSA key in PKCS#8 PEM".to_owned());
    let block = pem::parse(private_pem).map_err(|_| broken())?;
    let pair = KeyPair::from_pkcs8(block.contents()).map_err(|_| broken())?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// A PEM block with this label.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new(label, der), config)
}

fn document(key_id: &str, private_key: &str, token_uri: &str) -> Map<String, Value> {
    let email = "partner@conformance.iam.gserviceaccount.com";
    let client_id: u64 = key_id
        .bytes()
        .fold(1, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_000_000);
    let fields = json!({
        "type": "service_account",
        "project_id": "conformance",
        "private_key_id": &key_id[..40],
        "private_key": private_key,
        "client_email": email,
        "client_id": format!("1{client_id:020}"),
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": format!("https://www.googleapis.com/robot/v1/metadata/x509/{}", email.replace('@', "%40")),
        "universe_domain": "googleapis.com",
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    const URI: &str = "http://127.0.0.1:1/token";

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let first = KeyFile::load_or_create(&path, URI).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let second = KeyFile::load_or_create(&path, URI).unwrap();
        assert_eq!(first.account(), second.account());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn another_token_uri_changes_that_field_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        KeyFile::load_or_create(&path, URI).unwrap();
        let before = std::fs::read_to_string(&path).unwrap();
        let moved = KeyFile::load_or_create(&path, "https://other.example/token").unwrap();
        assert_eq!(moved.account().token_uri, "https://other.example/token");
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            before.replace(URI, "https://other.example/token")
        );
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn the_file_has_the_fields_of_a_service_account() {
        let key = crate::testing::key();
        let document: Value = serde_json::from_str(&key.to_json()).unwrap();
        assert_eq!(document["type"], "service_account");
        assert!(
            document["private_key"]
                .as_str()
                .unwrap()
                .starts_with("-----BEGIN PRIVATE KEY-----\n")
        );
        assert_eq!(document["private_key_id"].as_str().unwrap().len(), 40);
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }

    #[test]
    fn what_is_no_key_file_is_refused_without_quoting_it() {
        for text in [
            "secret",
            "{}",
            "{\"client_email\":\"a\",\"token_uri\":\"b\",\"private_key\":\"secret\"}",
        ] {
            let error = KeyFile::from_json(text).unwrap_err().to_string();
            assert!(
                error.starts_with("read the key file: ") && !error.contains("secret"),
                "{error}"
            );
        }
    }

    #[test]
    fn our_own_host_is_an_audience() {
        let account = crate::testing::key().account().clone();
        assert!(
            account.is_own_audience("https://google.test/") && account.is_own_audience("https://google.test")
        );
        assert!(!account.is_own_audience("https://google.test/token"));
    }
}
