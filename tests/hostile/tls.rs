//! Certificates that are not to be trusted.

use super::case::Scheme;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, OnceLock};

/// The authority that the program is told to trust.
fn authority() -> &'static CertifiedIssuer<'static, KeyPair> {
    static AUTHORITY: OnceLock<CertifiedIssuer<'static, KeyPair>> = OnceLock::new();
    AUTHORITY.get_or_init(|| make_authority("known"))
}

fn make_authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(vec![format!("{name}.authority.test")]).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key can be made");
    CertifiedIssuer::self_signed(params, key).expect("an authority signs itself")
}

/// Its certificate, for `SSL_CERT_FILE`.
pub(crate) fn trusted() -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", authority().der().to_vec()))
}

/// The certificate of a server of that sort.
pub(crate) fn config(scheme: Scheme) -> Arc<ServerConfig> {
    let name = if scheme == Scheme::OtherName {
        "elsewhere.test"
    } else {
        "127.0.0.1"
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    if scheme == Scheme::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate().expect("a key can be made");
    let unknown;
    let issuer = if scheme == Scheme::Unknown {
        unknown = make_authority("unknown");
        &unknown
    } else {
        authority()
    };
    let certificate = params.signed_by(&key, issuer).expect("an authority signs");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder
        .expect("versions that the provider has")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key);
    Arc::new(config.expect("the key is the certificate's"))
}

/// Goes as far as the caller wants to.
pub(crate) fn shake_hands(stream: &mut TcpStream, config: &Arc<ServerConfig>) {
    let Ok(mut connection) = ServerConnection::new(Arc::clone(config)) else {
        return;
    };
    let mut tls = Stream::new(&mut connection, stream);
    let _ = tls.read(&mut [0; 1024]);
    let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
}
