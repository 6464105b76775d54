//! A run whose notifications come over HTTPS.

use super::support::{Partner, err, exits, json};
use std::path::Path;

/// A certificate for this machine that signs itself, and its key.
fn certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let keep = |name: &str, label: &str, der: &[u8]| {
        std::fs::write(folder.join(name), pem::encode(&pem::Pem::new(label, der))).unwrap();
    };
    keep("cert.pem", "CERTIFICATE", made.cert.der());
    keep("key.pem", "PRIVATE KEY", made.signing_key.serialized_der());
}

fn with_tls(config: &Path, tls: &str) {
    let text = std::fs::read_to_string(config).unwrap();
    let section = "[notifications]\n";
    assert!(text.contains(section), "{text}");
    std::fs::write(config, text.replace(section, &format!("{section}tls = {tls}\n"))).unwrap();
}

#[test]
fn a_partner_notifies_over_https() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let partner = Partner::trusting(folder.path(), &folder.path().join("cert.pem"));
    with_tls(&partner.config, r#"{ cert = "cert.pem", key = "key.pem" }"#);
    let arguments = [
        "run",
        "lifecycle/merchant-cancels",
        "--snapshots",
        "kept",
        "-c",
        "c.toml",
    ];
    exits(folder.path(), &arguments, 0);
    let key = json(&folder.path().join("google-key.json"));
    assert!(
        key["token_uri"]
            .as_str()
            .unwrap()
            .starts_with("https://127.0.0.1:"),
        "{key}"
    );

    std::fs::write(folder.path().join("key.pem"), "words").unwrap();
    let text = err(&exits(folder.path(), &arguments, 2));
    assert!(
        text.contains("key.pem holds no private key in PEM form"),
        "{text}"
    );
}
