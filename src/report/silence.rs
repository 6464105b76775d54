//! Why nothing may have arrived at Google's side, and what to look at.

use domain::hosts;
use outcome::Silence;
use outcome::shell::quote;

/// One sentence for each thing to look at, the likeliest first.
pub fn reasons(silence: &Silence) -> Vec<String> {
    let mut all = Vec::new();
    if silence.connections > 0 {
        all.push(connected(silence));
    }
    all.push(address(silence));
    all.push(proxy(silence));
    let hosts = hosts::all().collect::<Vec<_>>().join(" ");
    all.push(format!(
        "a client that takes no proxy: conformance serve --tls --listen 127.0.0.1:443, and in the hosts file \
         127.0.0.1 {hosts}"
    ));
    if is_loopback(&silence.url) {
        all.push(
            "only this machine reaches that address: from a container or another machine use --listen 0.0.0.0:8787 and --public-url URL"
                .to_owned(),
        );
    }
    all
}

fn connected(silence: &Silence) -> String {
    let count = match silence.connections {
        1 => "1 connection was made".to_owned(),
        count => format!("{count} connections were made"),
    };
    let why = match &silence.ca_file {
        Some(file) => format!("perhaps the client does not trust {file}"),
        None => "perhaps the client speaks HTTPS, and this is HTTP".to_owned(),
    };
    format!("{count}, and no request came: {why}")
}

fn address(silence: &Silence) -> String {
    let key = match &silence.key_file {
        Some(file) => format!("GOOGLE_APPLICATION_CREDENTIALS={}", quote(file)),
        None => "the key file of [notifications] key_file".to_owned(),
    };
    format!(
        "your server must call {} in place of https://{}, with tokens by {key}",
        silence.url,
        hosts::API[0]
    )
}

fn proxy(silence: &Silence) -> String {
    match (&silence.proxy_url, &silence.ca_file) {
        (Some(url), Some(file)) => {
            let file = quote(file);
            format!(
                "a client with Google's hosts built in needs HTTPS_PROXY={url} and trust: NODE_EXTRA_CA_CERTS={file}, \
                 REQUESTS_CA_BUNDLE={file} or SSL_CERT_FILE={file}; Node's own fetch also NODE_USE_ENV_PROXY=1 (from 22.21 on)"
            )
        }
        _ => "a client with Google's hosts built in never asks for that address: start with --proxy 127.0.0.1:8788, and give it \
              HTTPS_PROXY=http://127.0.0.1:8788 and the certificate that is then shown"
            .to_owned(),
    }
}

fn is_loopback(url: &str) -> bool {
    ["//127.", "//localhost", "//[::1]"]
        .iter()
        .any(|host| url.contains(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silence() -> Silence {
        Silence {
            url: "http://127.0.0.1:8787".to_owned(),
            key_file: Some("a key.json".to_owned()),
            ..Silence::default()
        }
    }

    #[test]
    fn without_a_proxy_one_is_proposed() {
        let all = reasons(&silence()).join("\n");
        for words in [
            "GOOGLE_APPLICATION_CREDENTIALS='a key.json'",
            "--proxy 127.0.0.1:8788",
            "in the hosts file 127.0.0.1 mapsbooking.googleapis.com partnerdev-mapsbooking.googleapis.com oauth2.googleapis.com \
             www.googleapis.com accounts.google.com",
            "--public-url",
        ] {
            assert!(all.contains(words), "{words}\n{all}");
        }
        assert!(!all.contains("connection"), "{all}");
    }

    #[test]
    fn with_a_proxy_its_environment_is_shown() {
        let mut silence = silence();
        silence.url = "https://google.example".to_owned();
        silence.proxy_url = Some("http://127.0.0.1:8788".to_owned());
        silence.ca_file = Some("/a/ca.pem".to_owned());
        silence.connections = 2;
        let all = reasons(&silence);
        assert!(all[0].starts_with("2 connections were made") && all[0].ends_with("trust /a/ca.pem"));
        let all = all.join("\n");
        for words in [
            "HTTPS_PROXY=http://127.0.0.1:8788",
            "NODE_EXTRA_CA_CERTS=/a/ca.pem",
            "NODE_USE_ENV_PROXY=1",
        ] {
            assert!(all.contains(words), "{words}\n{all}");
        }
        assert!(!all.contains("--public-url"), "{all}");
    }
}
