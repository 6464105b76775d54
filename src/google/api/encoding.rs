//! Compressed bodies, both ways. Google's Java client gzips every body that it sends, and Google every answer to a client
//! that says it can read that.

use crate::api::error::{ApiError, Code};
use crate::api::wire::{Request, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read, Write as _};

/// No decoded body is longer than this.
const LIMIT: u64 = 1024 * 1024;

/// The body without its `Content-Encoding`.
pub(crate) fn plain_body(request: &Request) -> Result<Bytes, ApiError> {
    match request
        .header("content-encoding")
        .map(|encoding| encoding.trim().to_ascii_lowercase())
        .as_deref()
    {
        None | Some("" | "identity") => Ok(request.body.clone()),
        Some("gzip" | "x-gzip") => unzip(&request.body),
        Some(_) => Err(invalid_encoding("Unsupported content encoding.")),
    }
}

fn unzip(body: &[u8]) -> Result<Bytes, ApiError> {
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(body).take(LIMIT + 1).read_to_end(&mut plain);
    match read {
        Err(_) => Err(invalid_encoding("Failed to decompress the request body.")),
        Ok(length) if length as u64 > LIMIT => Err(invalid_encoding(
            "Request payload size exceeds the limit: 1048576 bytes.",
        )),
        Ok(_) => Ok(plain.into()),
    }
}

/// The answer as the caller wants it.
pub(crate) fn compress(response: Response, request: &Request) -> Response {
    if response.body.is_empty() || !takes_gzip(request.header("accept-encoding").unwrap_or_default()) {
        return response;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // A vector takes whatever is written.
    let zipped = encoder.write_all(&response.body).and_then(|()| encoder.finish());
    match zipped {
        Ok(body) => Response {
            body: body.into(),
            ..response.with_header("Content-Encoding", "gzip")
        },
        Err(_) => response,
    }
}

/// True when `gzip` is named with a weight other than zero.
fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let refused = weight.is_some_and(|weight| weight.parse() == Ok(0.0));
        name.eq_ignore_ascii_case("gzip") && !refused
    })
}

fn invalid_encoding(message: &str) -> ApiError {
    ApiError::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::testing::{gzip, patch};

    fn encoded(encoding: &str, body: Vec<u8>) -> Request {
        let mut request = patch("b", "", "");
        request
            .headers
            .push(("Content-Encoding".to_owned(), encoding.to_owned()));
        Request {
            body: body.into(),
            ..request
        }
    }

    #[test]
    fn gzip_is_undone() {
        assert_eq!(plain_body(&encoded("GZip", gzip(b"{}"))).unwrap(), "{}");
        assert_eq!(plain_body(&encoded("identity", b"{}".to_vec())).unwrap(), "{}");
    }

    #[test]
    fn what_is_not_gzip_or_too_long_is_refused() {
        let bomb = gzip(&vec![b' '; 2 * 1024 * 1024]);
        assert!(bomb.len() < 10_000);
        for request in [
            encoded("gzip", bomb),
            encoded("gzip", b"{}".to_vec()),
            encoded("br", b"{}".to_vec()),
        ] {
            assert_eq!(plain_body(&request).unwrap_err().http(), 400);
        }
    }

    #[test]
    fn an_answer_is_compressed_for_those_who_can_read_it() {
        for (accepted, zipped) in [
            (None, false),
            (Some("identity"), false),
            (Some("gzip;q=0, deflate"), false),
            (Some("deflate, GZIP;q=0.5"), true),
            (Some("gzip, deflate, br"), true),
        ] {
            let mut request = patch("b", "", "");
            let header = accepted.map(|accepted| ("Accept-Encoding".to_owned(), accepted.to_owned()));
            request.headers.extend(header);
            let plain = Response::page(200, "{}");
            let packed = compress(plain.clone(), &request);
            if zipped {
                assert_eq!(packed.headers.last().unwrap().1, "gzip");
                assert_eq!(unzip(&packed.body).unwrap(), "{}");
            } else {
                assert_eq!(packed, plain);
            }
        }
    }
}
