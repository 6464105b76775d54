//! The bundled reference partner, and the folder in which it is tested.

use super::case::Alter;
use super::server::{Server, read_request};
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The partner in a process of its own.
pub(crate) struct Partner {
    process: Child,
    base_url: String,
    /// Where it finds Google's side.
    google: String,
}

impl Partner {
    /// Starts it, with feeds and secrets in a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let google = format!("127.0.0.1:{}", free_port());
        let mut process = Command::new(env!("CARGO_BIN_EXE_conformance"))
            .args([
                "reference",
                "--write-config",
                "c.toml",
                "--feeds",
                "feeds",
                "--notify-url",
            ])
            .arg(format!("http://{google}"))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let out = process.stdout.take().expect("its output is read");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let first = lines.next().expect("it says where it is");
        let base_url = first.split([' ', ',']).find(|word| word.starts_with("http://"));
        let base_url = base_url.expect("it says where it is").to_owned();
        let _ = lines.next();
        Self {
            process,
            base_url,
            google,
        }
    }

    /// Where it is.
    pub(crate) fn address(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }

    /// Where Google's side is to be.
    pub(crate) fn google(&self) -> &str {
        &self.google
    }

    /// The config of a run against another address.
    pub(crate) fn config(&self, folder: &Path, base_url: &str, has_triggers: bool) -> String {
        let text = std::fs::read_to_string(folder.join("c.toml")).expect("the partner wrote it");
        let text = if has_triggers {
            text
        } else {
            text[..text.find("[triggers.").unwrap_or(text.len())].to_owned()
        };
        let own = format!("base_url = \"{}\"", self.base_url);
        assert!(text.contains(&own), "{text}");
        text.replace(&own, &format!("base_url = \"{base_url}\"\ntimeout = \"2s\""))
            .replace("within = \"30s\"", "within = \"5s\"")
    }

    /// A proxy in front of it that alters its answers.
    pub(crate) fn altered(&self, alter: Alter) -> Server {
        let address = self.address().to_owned();
        Server::start(move |mut stream| {
            while let Some((head, body)) = read_request(&mut stream) {
                if pass_on(&mut stream, &address, (&head, &body), alter).is_none() {
                    return;
                }
            }
        })
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A request as it came, and its answer as it is altered.
pub(crate) fn pass_on(
    stream: &mut dyn Write,
    address: &str,
    (head, body): (&str, &[u8]),
    alter: Alter,
) -> Option<()> {
    let path = head.split(' ').nth(1)?;
    let method = path.trim_end_matches('/').rsplit('/').next()?.to_owned();
    let mut partner = TcpStream::connect(address).ok()?;
    let asked = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    partner.write_all(&[asked.as_bytes(), body].concat()).ok()?;
    let mut answer = Vec::new();
    partner.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let mut head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut body = answer.split_off(end + 4);
    alter(&method, &mut head, &mut body);
    let lines = head.lines().filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("connection")
    });
    let lines: Vec<String> = lines.map(|line| format!("{line}\r\n")).collect();
    let head = lines.concat();
    let head = format!("{head}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat()).ok()
}

/// Calls Google's side as strangers do, once it is there; how many were answered comes back.
pub(crate) fn call_as_stranger(google: &str, count: usize, body: &[u8], token: Option<&str>) -> usize {
    let mut answered = 0;
    let bearer = token
        .map(|token| format!("Authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    for number in 0..count {
        for _ in 0..200 {
            let Ok(mut stream) = TcpStream::connect(google) else {
                // A run that is over is called by nobody any more.
                if answered > 0 {
                    return answered;
                }
                std::thread::sleep(Duration::from_millis(10));
                continue;
            };
            let head = format!(
                "PATCH /v1alpha/notification/partners/20002002/bookings/stranger-{number}?updateMask=status HTTP/1.1\r\n\
                 Host: {google}\r\nContent-Type: application/json\r\n{bearer}Connection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            if stream.write_all(&[head.as_bytes(), body].concat()).is_ok() {
                let mut answer = String::new();
                let _ = stream.read_to_string(&mut answer);
                answered += usize::from(answer.starts_with("HTTP/1.1 401"));
            }
            break;
        }
    }
    answered
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
