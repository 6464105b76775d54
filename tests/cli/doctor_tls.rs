//! `conformance doctor` and certificates: trusted, of another name, expired.

use super::support::{err, free_port, out, program};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// Answers 200 to everything, under a certificate that `ca.pem` in the folder makes trusted.
fn serve(runtime: &Runtime, folder: &Path, name: &str, last_year: i32) -> String {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = date_time_ymd(last_year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let shown = pem::encode(&pem::Pem::new("CERTIFICATE", certificate.der().to_vec()));
    std::fs::write(folder.join("ca.pem"), shown).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialized_der().to_vec()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth();
    let config = config
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                let mut head = [0; 4096];
                // A head as short as a client's comes in one piece.
                let _length = stream.read(&mut head).await.ok()?;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
                stream.write_all(answer).await.ok()?;
                stream.shutdown().await.ok()
            });
        }
    });
    format!("https://127.0.0.1:{port}")
}

/// The check of TLS.
fn tls(folder: &Path, url: &str) -> (String, String) {
    let mut command = program(folder);
    command.env("SSL_CERT_FILE", folder.join("ca.pem"));
    let listen = format!("127.0.0.1:{}", free_port());
    let output = command
        .args(["doctor", "--format", "json", "--target", url, "--listen", &listen])
        .output()
        .unwrap();
    let checkup: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let mut checks = checkup["checks"].as_array().unwrap().iter();
    let check = checks.find(|check| check["name"] == "tls").unwrap();
    let text = |key: &str| check[key].as_str().unwrap().to_owned();
    if text("state") == "wrong" {
        assert_eq!(output.status.code(), Some(3), "{checkup}");
    }
    (text("state"), text("words"))
}

#[test]
fn a_trusted_certificate_is_shown_with_its_end_and_a_wrong_one_with_its_fault() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let url = serve(&runtime, folder.path(), "127.0.0.1", 2099);
    let (state, words) = tls(folder.path(), &url);
    assert_eq!(state, "ok", "{words}");
    assert!(words.contains("ends 2099-01-01"), "{words}");
    let url = serve(&runtime, folder.path(), "other.example", 2099);
    let (state, words) = tls(folder.path(), &url);
    assert_eq!(state, "wrong", "{words}");
    assert!(words.contains("not valid for name"), "{words}");
    let url = serve(&runtime, folder.path(), "127.0.0.1", 2020);
    let (state, words) = tls(folder.path(), &url);
    assert_eq!(state, "wrong", "{words}");
    assert!(words.contains("expired"), "{words}");
}
