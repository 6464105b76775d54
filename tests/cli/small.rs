//! A booking server of a few lines, for set-ups that are wrong.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// A request as such a server sees it.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

impl Asked {
    /// True for the pair that the tests put into the environment.
    pub(crate) fn is_google(&self) -> bool {
        // google:correct-horse
        self.authorization.as_deref() == Some("Basic Z29vZ2xlOmNvcnJlY3QtaG9yc2U=")
    }
}

/// What it answers: status, headers besides the length, body.
pub(crate) type Told = (u16, Vec<(&'static str, String)>, String);

/// An answer without headers of its own.
pub(crate) fn told(status: u16, body: &str) -> Told {
    (status, Vec::new(), body.to_owned())
}

/// Serves until the test ends, and says where.
pub(crate) fn serve(answer: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            // Who only connects, to see whether somebody is there, sends nothing.
            std::thread::spawn(move || converse(&stream, &*answer));
        }
    });
    url
}

fn converse(stream: &TcpStream, answer: &dyn Fn(&Asked) -> Told) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let (mut length, mut authorization) = (0, None);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => authorization = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let asked = Asked {
        path,
        authorization,
        body: String::from_utf8(body).ok()?,
    };
    let (status, headers, body) = answer(&asked);
    let headers: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = headers.concat();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()
}
