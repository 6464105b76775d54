//! The least that a recorder can be: it reads each request whole, counts it and answers.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Serves until the process is ended.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        println!(
            "bare recorder at http://{}",
            listener.local_addr().expect("an address")
        );
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
            tokio::spawn(connection);
        }
    });
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let body = request.into_body().collect().await?.to_bytes();
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let mut text = format!("{{\"number\": {number}, \"bytes\": {}}}", body.len());
    // As long as Google's copy of the booking.
    text.extend(std::iter::repeat_n(' ', 400_usize.saturating_sub(text.len())));
    let answer = Response::builder().header("content-type", "application/json; charset=UTF-8");
    Ok(answer.body(Full::new(text.into())).expect("headers are our own"))
}
