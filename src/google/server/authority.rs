//! A certificate authority of this machine, which signs for Google's side and for nothing else: what it may sign is
//! written into its certificate, so that a client which trusts it trusts it with these names only.

mod certificate;

use crate::auth::keys::pem;
use jiff::Timestamp;
use rcgen::{Issuer, KeyPair, PublicKeyData as _};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

/// The authority could not be made, read or kept.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum AuthorityError {
    /// The file system refused.
    #[error("use the authority's file {path}: {reason}", path = path.display())]
    #[diagnostic(help("--ca-file names a file in a folder that can be written to"))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// Somebody else's certificate stands there.
    #[error("{path} is there, but not its key {key}", path = path.display(), key = key.display())]
    #[diagnostic(help("name another file with --ca-file, or delete this one, and an authority is made"))]
    Foreign {
        /// The certificate.
        path: PathBuf,
        /// The key that should be beside it.
        key: PathBuf,
    },
    /// The key file holds something else.
    #[error("{path} does not hold an authority's certificate and its key", path = path.display())]
    #[diagnostic(help("delete it together with its certificate, and both are made anew"))]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// A certificate cannot be made for such a name.
    #[error("make a certificate for {names}: {reason}")]
    #[diagnostic(help("the URL that the partner calls must name a host or an address"))]
    Make {
        /// The names.
        names: String,
        /// Why.
        reason: rcgen::Error,
    },
}

/// What a TLS server shows: its certificate and the key to it.
pub(crate) struct Leaf {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

/// The authority.
pub(crate) struct Authority {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    /// Where certificate and key are kept together, if they are.
    file: Option<PathBuf>,
}

impl Authority {
    /// An authority that may sign for these names, host names or addresses, and is forgotten afterwards.
    pub(crate) fn generate(names: &[String], now: Timestamp) -> Result<Self, AuthorityError> {
        let make = |reason| AuthorityError::Make {
            names: names.join(", "),
            reason,
        };
        let key = KeyPair::generate().map_err(make)?;
        let certificate = certificate::of_authority(&key, names, now)
            .self_signed(&key)
            .map_err(make)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            key,
            file: None,
        })
    }

    /// The authority of a file, made if it is missing and renewed when it ends soon or may not sign for these names.
    ///
    /// The file is for those who are to trust it. Beside it, in `FILE.key` (mode 0600), stand certificate and key.
    pub(crate) fn load_or_create(
        path: &Path,
        names: &[String],
        now: Timestamp,
    ) -> Result<Self, AuthorityError> {
        let key_path = key_path(path);
        // Whoever makes an authority writes the key first, so a certificate that is there has one.
        let shown = path.exists();
        let authority = match std::fs::read(&key_path) {
            Ok(text) => Self::read(&text, &key_path)?.renew(names, now)?,
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(&key_path)(error)),
            Err(_) if shown => {
                return Err(AuthorityError::Foreign {
                    path: path.to_owned(),
                    key: key_path,
                });
            }
            Err(_) => return Self::create(path, names, now),
        };
        authority.show(path)?;
        Ok(authority)
    }

    fn create(path: &Path, names: &[String], now: Timestamp) -> Result<Self, AuthorityError> {
        let key_path = key_path(path);
        let authority = Self {
            file: Some(key_path.clone()),
            ..Self::generate(names, now)?
        };
        match authority.write_temporary(&key_path)?.persist_noclobber(&key_path) {
            Ok(_) => {
                authority.show(path)?;
                Ok(authority)
            }
            // Another run was faster: its authority is the one that is trusted.
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Self::load_or_create(path, names, now)
            }
            Err(error) => Err(io(&key_path)(error.error)),
        }
    }

    fn read(text: &[u8], path: &Path) -> Result<Self, AuthorityError> {
        let form = || AuthorityError::Form {
            path: path.to_owned(),
        };
        let certificate = CertificateDer::from_pem_slice(text)
            .map_err(|_| form())?
            .into_owned();
        let key = PrivateKeyDer::from_pem_slice(text).map_err(|_| form())?;
        let key = KeyPair::try_from(&key).map_err(|_| form())?;
        let (_, parsed) = X509Certificate::from_der(&certificate).map_err(|_| form())?;
        if !parsed.is_ca() || parsed.public_key().raw != key.subject_public_key_info() {
            return Err(form());
        }
        Ok(Self {
            certificate,
            key,
            file: Some(path.to_owned()),
        })
    }

    /// Itself, or the one that takes its place.
    fn renew(self, names: &[String], now: Timestamp) -> Result<Self, AuthorityError> {
        let Some(path) = self.file.clone().filter(|_| !self.is_good(names, now)) else {
            return Ok(self);
        };
        let successor = Self {
            file: Some(path.clone()),
            ..Self::generate(names, now)?
        };
        let written = successor.write_temporary(&path)?.persist(&path);
        written.map_err(|error| io(&path)(error.error))?;
        Ok(successor)
    }

    fn is_good(&self, names: &[String], now: Timestamp) -> bool {
        X509Certificate::from_der(&self.certificate).is_ok_and(|(_, parsed)| {
            certificate::has_life_left(&parsed, now) && certificate::may_sign(&parsed, names)
        })
    }

    // Those who are to trust it may be other users of this machine, or containers.
    fn show(&self, path: &Path) -> Result<(), AuthorityError> {
        let pem = self.pem();
        if std::fs::read_to_string(path).is_ok_and(|shown| shown == pem) {
            return Ok(());
        }
        std::fs::write(path, pem).map_err(io(path))
    }

    // A temporary file has mode 0600 from the start, and a reader never sees half a key.
    fn write_temporary(&self, path: &Path) -> Result<NamedTempFile, AuthorityError> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = NamedTempFile::new_in(folder).map_err(io(path))?;
        let text = self.pem() + &pem("PRIVATE KEY", self.key.serialized_der());
        file.write_all(text.as_bytes()).map_err(io(path))?;
        file.as_file().sync_all().map_err(io(path))?;
        Ok(file)
    }

    /// Its certificate.
    pub(crate) fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// A certificate for these names, with a key of its own.
    pub(crate) fn sign(&self, names: &[String], now: Timestamp) -> Result<Leaf, AuthorityError> {
        let make = |reason| AuthorityError::Make {
            names: names.join(", "),
            reason,
        };
        let issuer = Issuer::from_ca_cert_der(&self.certificate, &self.key).map_err(make)?;
        let key = KeyPair::generate().map_err(make)?;
        let params = certificate::of_server(names, now).map_err(make)?;
        let certificate = params.signed_by(&key, &issuer).map_err(make)?;
        Ok(Leaf {
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key).into(),
        })
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> AuthorityError + use<> {
    let path = path.to_owned();
    move |reason| AuthorityError::Io { path, reason }
}

fn key_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

#[cfg(test)]
mod tests;
