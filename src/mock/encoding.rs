//! Compressed request bodies. Google's Java client gzips every body.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::error::{ApiError, Code};
use super::wire::Request;

/// No decoded body is longer than this.
const LIMIT: u64 = 1024 * 1024;

/// The body without its `Content-Encoding`.
pub(super) fn plain_body(request: &Request) -> Result<Bytes, ApiError> {
    match request
        .header("content-encoding")
        .map(|encoding| encoding.trim().to_ascii_lowercase())
        .as_deref()
    {
        None | Some("" | "identity") => Ok(request.body.clone()),
        Some("gzip" | "x-gzip") => unzip(&request.body),
        Some(_) => Err(invalid("Unsupported content encoding.")),
    }
}

fn unzip(body: &[u8]) -> Result<Bytes, ApiError> {
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(body).take(LIMIT + 1).read_to_end(&mut plain);
    match read {
        Err(_) => Err(invalid("Failed to decompress the request body.")),
        Ok(length) if length as u64 > LIMIT => {
            Err(invalid("Request payload size exceeds the limit: 1048576 bytes."))
        }
        Ok(_) => Ok(plain.into()),
    }
}

fn invalid(message: &str) -> ApiError {
    ApiError::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use crate::mock::testing::{gzip, patch};

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
}
