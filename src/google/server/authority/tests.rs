#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use jiff::SignedDuration;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};
use std::sync::Arc;

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn later(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

// As a client does it that trusts the authority.
fn verify(authority: &Authority, leaf: &Leaf, name: &str, at: Timestamp) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .unwrap();
    let seconds = u64::try_from(at.as_second()).unwrap();
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier
        .verify_server_cert(&leaf.chain[0], &[], &name, &[], at)
        .map(|_| ())
}

#[test]
fn whoever_trusts_the_authority_trusts_its_names_and_no_others() {
    let own = names(&["oauth2.googleapis.com", "localhost", "127.0.0.1", "::1"]);
    let authority = Authority::generate(&own, now()).unwrap();
    let leaf = authority.sign(&own, now()).unwrap();
    for name in &own {
        assert_eq!(verify(&authority, &leaf, name, now()), Ok(()), "{name}");
    }
    assert!(verify(&authority, &leaf, "www.example.com", now()).is_err());
    for stranger in ["www.example.com", "storage.googleapis.com", "127.0.0.2", "::2"] {
        let leaf = authority.sign(&names(&[stranger]), now()).unwrap();
        let refused = verify(&authority, &leaf, stranger, now()).unwrap_err();
        assert!(
            format!("{refused:?}").contains("NameConstraintViolation"),
            "{stranger}: {refused:?}"
        );
    }
}

#[test]
fn a_certificate_lives_for_two_years() {
    let own = names(&["localhost"]);
    let authority = Authority::generate(&own, now()).unwrap();
    let leaf = authority.sign(&own, now()).unwrap();
    assert_eq!(verify(&authority, &leaf, "localhost", later(729)), Ok(()));
    let ended = verify(&authority, &leaf, "localhost", later(731)).unwrap_err();
    assert!(
        matches!(
            ended,
            Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. })
        ),
        "{ended:?}"
    );
}

#[test]
fn an_authority_is_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let own = names(&["localhost", "127.0.0.1", "::1"]);
    let first = Authority::load_or_create(&path, &own, now()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first.pem());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(key_path(&path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::remove_file(&path).unwrap();
    let second = Authority::load_or_create(&path, &names(&["127.0.0.1"]), later(600)).unwrap();
    assert_eq!(second.pem(), first.pem());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), first.pem());
    assert!(!first.pem().contains("PRIVATE"));
}

#[test]
fn it_is_renewed_before_it_ends_and_for_a_name_that_it_may_not_sign() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let own = names(&["localhost"]);
    let first = Authority::load_or_create(&path, &own, now()).unwrap();
    let second = Authority::load_or_create(&path, &own, later(705)).unwrap();
    assert_ne!(second.pem(), first.pem());
    let wider = names(&["localhost", "192.168.0.7"]);
    let third = Authority::load_or_create(&path, &wider, later(705)).unwrap();
    assert_ne!(third.pem(), second.pem());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), third.pem());
    let leaf = third.sign(&wider, later(705)).unwrap();
    assert_eq!(verify(&third, &leaf, "192.168.0.7", later(800)), Ok(()));
}

#[test]
fn a_certificate_that_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, "somebody's").unwrap();
    let error = Authority::load_or_create(&path, &names(&["localhost"]), now())
        .err()
        .unwrap();
    assert!(matches!(error, AuthorityError::Foreign { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
}

#[test]
fn what_is_no_authority_is_refused_without_quoting_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let own = names(&["localhost"]);
    let authority = Authority::generate(&own, now()).unwrap();
    let leaf = authority.sign(&own, now()).unwrap();
    let other = Authority::generate(&own, now()).unwrap();
    let key_of = |key: &KeyPair| pem("PRIVATE KEY", key.serialized_der());
    for text in [
        "secret".to_owned(),
        authority.pem(),
        authority.pem() + &key_of(&other.key),
        pem("CERTIFICATE", &leaf.chain[0]) + &pem("PRIVATE KEY", leaf.key.secret_der()),
    ] {
        std::fs::write(key_path(&path), text).unwrap();
        let error = Authority::load_or_create(&path, &own, now()).err().unwrap();
        assert!(matches!(error, AuthorityError::Form { .. }), "{error}");
        assert!(error.to_string().contains("ca.pem.key"), "{error}");
    }
}
