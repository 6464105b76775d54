//! A network that loses calls.

use crate::hostile::partner::{Partner, pass_on};
use crate::hostile::server::{Server, read_request};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What the network loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The request, before it arrives.
    Request,
    /// The answer to a request that was carried out.
    Answer,
}

/// A network in front of a partner that loses the first calls of a method, and closes their connections.
pub(crate) fn losing(partner: &Partner, method: &'static str, what: Lost, times: usize) -> Server {
    let address = partner.address().to_owned();
    let left = Arc::new(AtomicUsize::new(times));
    Server::start(move |mut stream| {
        while let Some((head, body)) = read_request(&mut stream) {
            let path = head.split(' ').nth(1).unwrap_or_default();
            let is_lost = path.ends_with(method)
                && left
                    .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1))
                    .is_ok();
            let pass = |stream: &mut dyn Write| pass_on(stream, &address, (&head, &body), |_, _, _| {});
            match (is_lost, what) {
                (true, Lost::Request) => return,
                (true, Lost::Answer) => {
                    pass(&mut std::io::sink());
                    return;
                }
                (false, _) if pass(&mut stream).is_none() => return,
                (false, _) => {}
            }
        }
    })
}
