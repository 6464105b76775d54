//! What the measurements share: the program as its users start it, a token for it, and what the system says of a process.

mod memory;

use google::KeyFile;
pub(crate) use memory::memory;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The partner that `serve` plays Google for, unless a config says otherwise.
pub(crate) const PARTNER: &str = "20002002";
const PATIENCE: Duration = Duration::from_secs(30);

/// A server in a process of its own, which writes its log into a file, as somebody would who leaves it running.
pub(crate) struct Server {
    process: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a command that says on standard output where it listens, as `http://ADDRESS`.
    pub(crate) fn start(folder: &Path, name: &str, command: &mut Command) -> Self {
        let log = folder.join(format!("{name}.log"));
        let error = folder.join(format!("{name}.err"));
        let mut process = command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(File::create(&log).expect("the folder is ours"))
            .stderr(File::create(&error).expect("the folder is ours"))
            .spawn()
            .expect("the program is built");
        let Some(address) = announced_address(&log) else {
            let _ = process.kill();
            let said = fs::read_to_string(error).unwrap_or_default();
            panic!("{name} did not start: {said}");
        };
        Self {
            process,
            log,
            address,
        }
    }

    /// `conformance serve` on a free port of the loopback interface, with as many descriptors as systems usually give.
    pub(crate) fn serve(folder: &Path, arguments: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_conformance");
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -n 1024; exec \"$0\" \"$@\"", program, "serve"]);
        // Google takes 1,500 calls a minute; here it is to be seen how many there could be.
        command.args([
            "--listen",
            "127.0.0.1:0",
            "--key-file",
            "key.json",
            "--quota",
            "0",
        ]);
        Self::start(folder, "serve", command.args(arguments))
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// False when it has ended by itself.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Asks it to stop; its log comes back.
    pub(crate) fn stop(mut self) -> String {
        let _ = Command::new("kill").arg(self.id().to_string()).status();
        let _ = self.process.wait();
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn announced_address(log: &Path) -> Option<SocketAddr> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let text = fs::read_to_string(log).unwrap_or_default();
        let url = text.lines().next().and_then(|line| line.split("http://").nth(1));
        if let Some(address) = url.filter(|_| text.ends_with('\n')) {
            return address.trim().parse().ok();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

/// An access token, got with the issued key file as Google's libraries do it.
pub(crate) fn token(folder: &Path, address: SocketAddr) -> String {
    let text = fs::read_to_string(folder.join("key.json")).expect("serve has made its key file");
    let key: Value = serde_json::from_str(&text).expect("a key file is JSON");
    let now_sec = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let claims = json!({
        "iss": key["client_email"], "aud": key["token_uri"], "iat": now_sec, "exp": now_sec + 3600,
        "scope": "https://www.googleapis.com/auth/mapsbooking",
    });
    let pem = key["private_key"].as_str().unwrap_or_default();
    let signing = jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()).expect("the key is usable");
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
    let assertion = jsonwebtoken::encode(&header, &claims, &signing).expect("claims can be signed");
    let form =
        format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
    let answer = ask(address, &request("POST /token", &[], &form)).expect("the token endpoint answers");
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("no token: {answer}"))
        .to_owned()
}

/// A key file like the one that `serve` makes, so that starting it costs no second of computing.
pub(crate) fn make_key(folder: &Path) {
    let key = KeyFile::generate("http://127.0.0.1/token").expect("a key can be made");
    fs::write(folder.join("key.json"), key.to_json()).expect("the folder is ours");
}

/// A request as it stands on the wire.
pub(crate) fn request(line: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = headers.concat();
    let length = body.len();
    format!("{line} HTTP/1.1\r\nHost: google.test\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

/// The answer to a request on a connection of its own.
pub(crate) fn ask(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(
        request
            .replacen("\r\n", "\r\nConnection: close\r\n", 1)
            .as_bytes(),
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
