//! Several calls in one request: `POST /batch` with a body of `multipart/mixed`, whose parts are requests.

use super::Google;
use crate::api::draft::Draft;
use crate::api::error::ApiError;
use crate::api::routing::Route;
use crate::api::wire::{Reply, Request, Response};
use bytes::Bytes;
use jiff::Timestamp;
use std::fmt::Write as _;

/// So many calls go into one request.
const MOST: usize = 1_000;

/// The boundary of what is answered; no JSON has it in a line of its own.
const BOUNDARY: &str = "batch_answer_of_this_side";

/// One request of a batch.
struct Part {
    /// What its answer is to be found by.
    content_id: Option<String>,
    request: Request,
}

impl Google {
    /// Each part is a call of its own, with its own credentials or those of the whole, and is recorded as one.
    pub(super) fn answer_batch(&mut self, request: &Request, now: Timestamp, draft: Draft) -> Reply {
        let parts = match read(request, &draft.body) {
            Ok(parts) => parts,
            Err(why) => {
                let error = ApiError::invalid("", why).envelope();
                let response = Response::json(400, &error, true);
                self.record(request, now, draft, (400, Some(error)));
                return Reply::Respond(response);
            }
        };
        let mut body = String::new();
        for part in parts {
            let mut at = now;
            let answer = loop {
                match self.handle_draft(&part.request, Draft::new(&part.request), at) {
                    Reply::Respond(response) => break response,
                    // Nothing waits for one part: a booking that is not known yet is not found.
                    Reply::Hold { until } => at = until,
                    dropped @ Reply::Drop(_) => return dropped,
                }
            };
            write_part(&mut body, part.content_id.as_deref(), &answer);
        }
        let _ = write!(body, "--{BOUNDARY}--\r\n");
        self.record(request, now, draft, (200, None));
        Reply::Respond(Response::multipart(BOUNDARY, body))
    }
}

/// The requests of a body, or why there are none.
fn read(request: &Request, body: &Bytes) -> Result<Vec<Part>, String> {
    let boundary = boundary(request).ok_or("The content type must be multipart/mixed with a boundary.")?;
    let text = std::str::from_utf8(body).map_err(|_| "The body is not UTF-8.")?;
    let parts: Option<Vec<Part>> = split(text, &boundary)
        .into_iter()
        .map(|part| read_part(part, request))
        .collect();
    let parts = parts.ok_or("A part is no request of the type application/http.")?;
    match parts.len() {
        0 => Err("The body has no part.".to_owned()),
        count if count > MOST => Err(format!(
            "At most {MOST} calls go into one batch, these are {count}."
        )),
        _ => Ok(parts),
    }
}

fn boundary(request: &Request) -> Option<String> {
    let header = request
        .header("content-type")
        .filter(|_| request.is_of_type("multipart/mixed"))?;
    let mut parameters = header.split(';').skip(1).map(str::trim);
    let boundary = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("boundary")
            .then(|| value.trim_matches('"'))
    })?;
    (!boundary.is_empty()).then(|| boundary.to_owned())
}

/// What lies between the lines of the boundary.
fn split<'t>(text: &'t str, boundary: &str) -> Vec<&'t str> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut begin = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let plain = line.trim_end();
        if plain == mark || plain == format!("{mark}--") {
            parts.extend(begin.map(|begin: usize| &text[begin..at]));
            begin = (plain == mark).then_some(at + line.len());
        }
        at += line.len();
    }
    parts
}

/// Headers of the part, an empty line, and a request with headers and body.
fn read_part(text: &str, whole: &Request) -> Option<Part> {
    let (head, inner) = split_head(text);
    let about = headers(head);
    let of = |name: &str| {
        let mut all = about.iter();
        all.find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
    };
    of("content-type").filter(|kind| kind.starts_with("application/http"))?;
    let (head, body) = split_head(inner.trim_start());
    let (line, rest) = head.split_once('\n').unwrap_or((head, ""));
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, path_of(words.next()?));
    // A batch in a batch would be as deep as somebody likes.
    (Route::of(method, target) != Route::Batch).then_some(())?;
    let mut headers = headers(rest);
    let has = |headers: &[(String, String)], name: &str| {
        headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    for name in ["authorization", "host", "user-agent"] {
        let inherited = whole
            .header(name)
            .filter(|_| !has(&headers, name))
            .map(str::to_owned);
        headers.extend(inherited.map(|value| (name.to_owned(), value)));
    }
    Some(Part {
        content_id: of("content-id"),
        request: Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: Bytes::copy_from_slice(body.trim_end_matches(['\r', '\n']).as_bytes()),
            at: whole.at,
        },
    })
}

/// Some clients write the whole URL.
fn path_of(target: &str) -> &str {
    let Some((_, rest)) = target.split_once("://") else {
        return target;
    };
    rest.find('/').map_or("/", |begin| &rest[begin..])
}

/// What stands before the first empty line, and what behind it.
fn split_head(text: &str) -> (&str, &str) {
    let crlf = text.split_once("\r\n\r\n");
    let (head, rest) = crlf.or_else(|| text.split_once("\n\n")).unwrap_or((text, ""));
    (head, rest)
}

fn headers(head: &str) -> Vec<(String, String)> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

fn write_part(body: &mut String, content_id: Option<&str>, answer: &Response) {
    // A string takes whatever is written.
    let _ = write!(body, "--{BOUNDARY}\r\nContent-Type: application/http\r\n");
    if let Some(id) = content_id {
        let inner = id.trim_matches(['<', '>']);
        let _ = write!(body, "Content-ID: <response-{inner}>\r\n");
    }
    let reason = hyper::StatusCode::from_u16(answer.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let _ = write!(
        body,
        "\r\nHTTP/1.1 {} {}\r\n",
        answer.status,
        reason.unwrap_or_default()
    );
    for (name, value) in &answer.headers {
        let _ = write!(body, "{name}: {value}\r\n");
    }
    let text = String::from_utf8_lossy(&answer.body);
    let _ = write!(body, "Content-Length: {}\r\n\r\n{text}\r\n", text.len());
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use crate::testing::{copy, google, header, request, respond, secured, with_header};
    use crate::{BookingStatus, Oauth};
    use serde_json::Value;
    use std::fmt::Write as _;

    const CANCEL: &str = "PATCH /v1alpha/notification/partners/20/bookings/b?updateMask=status HTTP/1.1\r\n\
                          Content-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"status\":\"CANCELED\"}";

    fn batch(parts: &[&str]) -> crate::Request {
        let mut body = String::new();
        for (number, part) in parts.iter().enumerate() {
            let about =
                format!("Content-Type: application/http\r\nContent-ID: <id + {number}>\r\nMIME-Version: 1.0");
            write!(body, "--===7==\r\n{about}\r\n\r\n{part}\r\n").unwrap();
        }
        body.push_str("--===7==--");
        typed("multipart/mixed; boundary=\"===7==\"", &body)
    }

    fn typed(kind: &str, body: &str) -> crate::Request {
        let mut request = request("POST", "/batch", body);
        request.headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        request
    }

    /// Status and body of each part of an answer.
    fn parts(response: &crate::Response) -> Vec<(u16, Value)> {
        let kind = header(response, "Content-Type").unwrap();
        let boundary = kind.split("boundary=").nth(1).unwrap();
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let mut all: Vec<&str> = text.split(&format!("--{boundary}")).skip(1).collect();
        assert_eq!(all.pop(), Some("--\r\n"));
        let read = |part: &&str| {
            let (_, inner) = part.split_once("\r\n\r\n").unwrap();
            let (head, body) = inner.split_once("\r\n\r\n").unwrap();
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            (status, serde_json::from_str(body).unwrap_or_default())
        };
        all.iter().map(read).collect()
    }

    #[test]
    fn each_part_is_a_call_of_its_own() {
        let mut google = google(Oauth::Off);
        google.register(copy("b"));
        let unknown = CANCEL.replace("/b?", "/x?");
        let page = "GET https://mapsbooking.googleapis.com/nothing HTTP/1.1\r\n";
        let response = respond(&mut google, &batch(&[CANCEL, &unknown, page]));
        assert_eq!(response.status, 200);
        let answered = parts(&response);
        let statuses: Vec<u16> = answered.iter().map(|(status, _)| *status).collect();
        assert_eq!(statuses, [200, 404, 404]);
        assert_eq!(answered[0].1["status"], "CANCELED");
        assert!(String::from_utf8_lossy(&response.body).contains("Content-ID: <response-id + 1>\r\n"));
        assert_eq!(google.booking("b").unwrap().status, BookingStatus::Canceled);
        let calls = google.take_calls();
        let targets: Vec<&str> = calls
            .iter()
            .map(|call| call.target.split('?').next().unwrap())
            .collect();
        assert_eq!(targets[2..], ["/nothing", "/batch"]);
        assert_eq!(calls.len(), 4, "the parts, and the whole");
    }

    #[test]
    fn the_credentials_of_the_whole_are_those_of_its_parts() {
        let (mut google, token) = secured();
        google.register(copy("b"));
        let without = parts(&respond(&mut google, &batch(&[CANCEL])));
        assert_eq!(without[0].0, 401);
        let with = with_header(batch(&[CANCEL]), "Authorization", &token);
        let own = CANCEL.replace("Content-Length", "Authorization: Bearer x\r\nContent-Length");
        let both = with_header(batch(&[CANCEL, &own]), "Authorization", &token);
        assert_eq!(parts(&respond(&mut google, &with))[0].0, 200);
        let statuses: Vec<u16> = parts(&respond(&mut google, &both))
            .iter()
            .map(|part| part.0)
            .collect();
        assert_eq!(statuses, [200, 401]);
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        let mut google = google(Oauth::Off);
        let mixed = "multipart/mixed; boundary=a";
        let no_request = "--a\r\nContent-Type: text/plain\r\n\r\nGET / HTTP/1.1\r\n--a--";
        let nested = "POST /batch HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--";
        for (wrong, why) in [
            (typed("application/json", "{}"), "must be multipart/mixed"),
            (typed("multipart/mixed", "--a--"), "must be multipart/mixed"),
            (typed(mixed, "--a--"), "has no part"),
            (typed(mixed, no_request), "is no request"),
            (batch(&[nested]), "is no request"),
            (batch(&vec!["GET / HTTP/1.1\r\n"; 1_001]), "these are 1001"),
        ] {
            let response = respond(&mut google, &wrong);
            let text = String::from_utf8_lossy(&response.body).into_owned();
            assert!(response.status == 400 && text.contains(why), "{why}: {text}");
        }
    }
}
