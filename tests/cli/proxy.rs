//! Google's side behind HTTPS, and as a proxy for Google's own hosts.

use super::google::{Server, now_sec, token_form};
use super::support::{err, exits};
use serde_json::{Value, json};
use std::path::Path;

const PATH: &str = "v1alpha/notification/partners/20002002/bookings/b-1?updateMask=status";
const TOKENS: &str = "https://oauth2.googleapis.com/token";

fn trusting(ca: &Path) -> reqwest::ClientBuilder {
    let ca = reqwest::Certificate::from_pem(&std::fs::read(ca).unwrap()).unwrap();
    reqwest::Client::builder().no_proxy().tls_certs_only([ca])
}

async fn cancel(client: &reqwest::Client, base_url: &str, token: &str) -> (u16, Value) {
    let request = client
        .patch(format!("{base_url}/{PATH}"))
        .header("content-type", "application/json")
        .bearer_auth(token);
    let body =
        r#"{"name":"partners/20002002/bookings/b-1","merchantId":"m","serviceId":"s","status":"CANCELED"}"#;
    let answer = request.body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn token(client: &reqwest::Client, key_file: &Path) -> String {
    let request = client
        .post(TOKENS)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(token_form(key_file, TOKENS, now_sec()));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_client_of_google_s_hosts_is_heard_through_the_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--format", "json", "--proxy", "127.0.0.1:0"];
    let server = Server::start(folder.path(), "127.0.0.1:0", &flags);
    let opened = server.json();
    let (proxy, ca) = (
        opened["proxy_url"].as_str().unwrap(),
        folder.path().join("google-ca.pem"),
    );
    assert_eq!(opened["ca_file"], "google-ca.pem");
    let environment = opened["environment"].as_str().unwrap();
    assert!(
        environment.starts_with(&format!("HTTPS_PROXY={proxy} NODE_EXTRA_CA_CERTS=/")),
        "{environment}"
    );
    assert!(environment.ends_with("/google-ca.pem"), "{environment}");
    let client = trusting(&ca)
        .proxy(reqwest::Proxy::https(proxy).unwrap())
        .build()
        .unwrap();
    let token = token(&client, &folder.path().join("google-key.json")).await;
    assert_eq!(server.json()["route"]["method"], "token");
    for host in [
        "mapsbooking.googleapis.com",
        "partnerdev-mapsbooking.googleapis.com",
    ] {
        let (status, answer) = cancel(&client, &format!("https://{host}"), &token).await;
        assert_eq!((status, &answer["status"]), (200, &json!("CANCELED")));
        let call = server.json();
        let headers = call["headers"].as_array().unwrap();
        assert!(headers.contains(&json!(["host", host])), "{call}");
    }
    let elsewhere = client.get("https://www.example.com/").send().await.unwrap_err();
    assert!(
        format!("{elsewhere:?}").contains("TunnelUnsuccessful"),
        "{elsewhere:?}"
    );
    let (rest, code) = server.stop();
    assert_eq!((rest.len(), code), (1, Some(0)), "{rest:?}");

    let made = std::fs::read_to_string(&ca).unwrap();
    let again = Server::start(folder.path(), "127.0.0.1:0", &flags);
    assert_eq!(again.json()["event"], "listening");
    assert_eq!(
        std::fs::read_to_string(&ca).unwrap(),
        made,
        "who trusts it need not do so again"
    );
}

#[tokio::test]
async fn a_client_is_heard_over_https() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--tls", "--ca-file", "ca file.pem", "--oauth", "off"];
    let server = Server::start(folder.path(), "127.0.0.1:0", &flags);
    let opened: Vec<String> = (0..8).map(|_| server.line()).collect();
    let base_url = opened[0].rsplit(' ').next().unwrap();
    assert!(base_url.starts_with("https://127.0.0.1:"), "{opened:?}");
    assert_eq!(opened[6], "  trust     ca file.pem");
    assert!(
        opened[7].starts_with("  client    NODE_EXTRA_CA_CERTS='/"),
        "{opened:?}"
    );
    let client = trusting(&folder.path().join("ca file.pem")).build().unwrap();
    assert_eq!(cancel(&client, base_url, "").await.0, 200);
    let (log, code) = server.stop();
    assert!(
        log[0].contains("ok       PATCH  booking b-1  status=CANCELED"),
        "{log:?}"
    );
    assert_eq!(code, Some(0));
}

#[test]
fn wrong_files_are_told_with_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("words.pem"), "words").unwrap();
    let told = |arguments: &[&str]| {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        err(&exits(folder.path(), &arguments, 2))
    };
    let text = told(&["--tls-cert", "words.pem", "--tls-key", "words.pem"]);
    assert!(
        text.contains("words.pem holds no certificate in PEM form"),
        "{text}"
    );
    assert!(text.contains("-----BEGIN CERTIFICATE-----"), "{text}");
    let text = told(&["--tls-cert", "not-there.pem", "--tls-key", "words.pem"]);
    assert!(
        text.contains("read not-there.pem: ") && text.contains("PEM files that are there"),
        "{text}"
    );
    let text = told(&["--proxy", "127.0.0.1:0", "--ca-file", "words.pem"]);
    assert!(
        text.contains("words.pem is there, but not its key words.pem.key"),
        "{text}"
    );
    assert!(text.contains("--ca-file"), "{text}");
    for (alone, other) in [
        (&["--tls-cert", "words.pem"][..], "--tls-key"),
        (&["--tls-key", "words.pem"], "--tls-cert"),
        (&["--ca-file", "words.pem"], "--proxy"),
        (
            &["--tls", "--tls-cert", "a", "--tls-key", "b"],
            "cannot be used with",
        ),
    ] {
        let text = told(alone);
        assert!(text.contains(other), "{alone:?}\n{text}");
    }
}
