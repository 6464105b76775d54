//! The line to the partner: one request goes out, one answer comes back. Over the network, unless a run brings its own.

use reqwest::{Request, Response};
use std::io;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use transcript::Silence;

/// How the partner is called. What a request says of its time limit holds for the whole answer: a body that is not there by
/// then, or ends early, is an error of the body.
#[async_trait::async_trait]
pub trait Line: Send + Sync {
    /// Sends a request; returns with the head of its answer.
    async fn call(&self, request: Request) -> Result<Response, NoAnswer>;
}

/// No answer came.
#[derive(Debug, Clone)]
pub struct NoAnswer {
    /// What happened instead.
    pub kind: Silence,
    /// In a few words.
    pub summary: String,
    /// With everything that is known of why.
    pub detail: String,
}

/// The line to the booking server over the network. Its connections are read on threads of their own: a server that sends without end
/// keeps these busy, and holds up neither time limits nor anybody else.
pub(super) struct Network {
    client: reqwest::Client,
    /// For requests after which a connection may not be what it was: each has one of its own.
    unpooled: reqwest::Client,
    /// None once it is given up.
    threads: Option<Runtime>,
}

/// What may keep the network's threads from being started, or the client from being built.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The threads.
    #[error("no threads for the network: {0}")]
    Threads(#[from] io::Error),
    /// The client.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// The line to the booking server over the network, which follows no redirect, uses no proxy and repeats nothing.
pub(super) fn to_server(patience: Duration) -> Result<Network, LineError> {
    let threads = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("to-target")
        .enable_all()
        .build()?;
    Ok(Network {
        client: client(patience, usize::MAX)?,
        unpooled: client(patience, 0)?,
        threads: Some(threads),
    })
}

fn client(patience: Duration, idle: usize) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(idle)
        // Sooner than the whole patience ends: to have no connection is another thing than to have no answer.
        .connect_timeout((patience * 9 / 10).min(Duration::from_secs(10)))
        // Nagle's algorithm would hold small requests back, which would count as the target's time.
        .tcp_nodelay(true)
        .user_agent("Google-conformance-harness")
        .build()
}

/// The line to the partner's test interface, which is not the booking server.
pub(super) fn to_test_interface() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().no_proxy().build()
}

#[async_trait::async_trait]
impl Line for reqwest::Client {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        self.execute(request).await.map_err(NoAnswer::from)
    }
}

#[async_trait::async_trait]
impl Line for Network {
    async fn call(&self, request: Request) -> Result<Response, NoAnswer> {
        let Some(threads) = &self.threads else {
            return Err(NoAnswer::broken("the line is given up"));
        };
        let client = if may_spoil(&request) {
            &self.unpooled
        } else {
            &self.client
        };
        let calling = client.execute(request);
        let mut task = Aborted(threads.spawn(calling));
        match (&mut task.0).await {
            Ok(answered) => answered.map_err(NoAnswer::from),
            Err(error) => Err(NoAnswer::broken(&error.to_string())),
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Where a runtime is given up, nobody may wait for its threads.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// True for a request with a body that a server may leave unread, and then take for the beginning of the next request.
fn may_spoil(request: &Request) -> bool {
    request.body().is_some() && request.method() != reqwest::Method::POST
}

/// A task that nobody waits for any more ends.
struct Aborted<T>(JoinHandle<T>);

impl<T> Drop for Aborted<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl NoAnswer {
    fn broken(words: &str) -> Self {
        Self {
            kind: Silence::Broken,
            summary: words.to_owned(),
            detail: words.to_owned(),
        }
    }
}

/// True where a call could not be made for want of a descriptor, a port or memory of this machine.
pub fn lacks_means(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut chain = std::iter::successors(Some(error), |error| error.source());
    chain.any(|error| {
        let by_number = error.downcast_ref::<io::Error>().is_some_and(is_exhaustion);
        // Names are looked up by the system's own library, which hands on no number.
        by_number || error.to_string().contains("Too many open files")
    })
}

/// True for what the system says of a process, or a machine, that has used up its descriptors, ports or memory.
fn is_exhaustion(error: &io::Error) -> bool {
    // ENOMEM, ENFILE, EMFILE, and ENOBUFS and EADDRNOTAVAIL by the numbers of Linux.
    matches!(error.raw_os_error(), Some(12 | 23 | 24 | 99 | 105))
        || error.kind() == io::ErrorKind::OutOfMemory
}

/// The kind of a missing answer, with the whole chain of causes: the top error hides the reason.
impl From<reqwest::Error> for NoAnswer {
    fn from(error: reqwest::Error) -> Self {
        let mut detail = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            let text = error.to_string();
            if !detail.contains(&text) {
                detail = if detail.is_empty() {
                    text
                } else {
                    format!("{detail}: {text}")
                };
            }
            cause = error.source();
        }
        let lower = detail.to_ascii_lowercase();
        let tls = ["certificate", "tls", "handshake"]
            .iter()
            .any(|word| lower.contains(word));
        // What was sent before the connection was cut may have been carried out.
        let cut = lower.contains("close_notify");
        let kind = match () {
            () if lacks_means(&error) => Silence::Exhausted,
            () if error.is_timeout() && !error.is_connect() => Silence::Timeout,
            () if cut => Silence::Broken,
            () if tls => Silence::Tls,
            () if error.is_connect() => Silence::Unreachable,
            () => Silence::Broken,
        };
        Self {
            kind,
            summary: error.to_string(),
            detail,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use reqwest::Method;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server that reads heads and never a body: which connection each request came on.
    async fn connections_of(requests: Vec<(Method, Option<&'static str>)>) -> Vec<usize> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (came, mut coming) = tokio::sync::mpsc::unbounded_channel();
        let serving = tokio::spawn(async move {
            for number in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let came = came.clone();
                tokio::spawn(async move {
                    let mut bytes = [0; 4096];
                    while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {
                        came.send(number).unwrap();
                        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                        stream.write_all(answer).await.unwrap();
                    }
                });
            }
        });
        let network = to_server(Duration::from_secs(5)).unwrap();
        let mut connections = Vec::new();
        for (method, body) in requests {
            let mut request = Request::new(method, url.parse().unwrap());
            *request.body_mut() = body.map(Into::into);
            let answer = network.call(request).await.unwrap();
            assert_eq!(answer.text().await.unwrap(), "{}");
            connections.push(coming.recv().await.unwrap());
            // A connection is idle a moment after its answer was read.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        serving.abort();
        connections
    }

    #[tokio::test]
    async fn a_request_that_may_spoil_its_connection_has_one_of_its_own() {
        let plain = || (Method::GET, None);
        let probe = || (Method::GET, Some("{}"));
        let connections = connections_of(vec![plain(), plain(), probe(), plain(), probe()]).await;
        assert_eq!(connections, [0, 0, 1, 0, 2]);
    }

    #[test]
    fn what_this_machine_lacks_is_told_from_what_the_target_does() {
        let lacks = |number| lacks_means(&io::Error::from_raw_os_error(number));
        assert!(lacks(24) && lacks(23) && lacks(12));
        // Refused and reset are the target's.
        assert!(!lacks(111) && !lacks(104));
        assert!(lacks_means(&io::Error::other(
            "lookup: Too many open files (os error 24)"
        )));
    }
}
