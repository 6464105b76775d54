//! A request and its answer, as they stand on the wire.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;
use std::time::Duration;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// HTTP method, as sent.
    pub method: String,
    /// Path and query, not decoded.
    pub target: String,
    /// Header names and values in the order of arrival; names compare without case.
    pub headers: Vec<(String, String)>,
    /// The body, still encoded if `Content-Encoding` says so.
    pub body: Bytes,
    /// When the request had been read.
    pub at: Timestamp,
}

impl Request {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// True when `Content-Type` names this media type, whatever its parameters are.
    pub(crate) fn is_of_type(&self, media_type: &str) -> bool {
        let sent = self.header("content-type").unwrap_or_default();
        let named = sent.split(';').next().unwrap_or_default();
        named.trim().eq_ignore_ascii_case(media_type)
    }

    /// The path, before `?`.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query, after `?`; empty when there is none.
    pub(crate) fn raw_query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The method that counts: a POST may name another one in `X-HTTP-Method-Override`.
    pub(crate) fn effective_method(&self) -> String {
        match self.header("x-http-method-override") {
            Some(other) if self.method == "POST" => other.trim().to_ascii_uppercase(),
            _ => self.method.clone(),
        }
    }
}

/// An answer, complete but for what the connection adds (`date`, `content-length`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status code.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Bytes,
    /// How fast it is sent.
    pub pace: Pace,
}

/// How fast an answer is sent; at once, unless a fault wants it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pace {
    /// Time before its first byte.
    pub wait: Duration,
    /// Time in which its body comes, piece by piece.
    pub body: Duration,
}

/// A header of ours, of which most never change.
pub type Header = (Cow<'static, str>, Cow<'static, str>);

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Send this answer.
    Respond(Response),
    /// The booking may be named by an answer that is still on its way: ask again when the state has changed, or at `until`.
    Hold {
        /// When an unknown booking is given up.
        until: Timestamp,
    },
    /// End the connection without an answer.
    Drop(Ending),
}

/// How a connection ends that brings no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is closed.
    Closed,
    /// It is reset.
    Reset,
    /// It is closed after some bytes that are no HTTP.
    Noise,
}

const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html; charset=UTF-8";

impl Response {
    /// A JSON answer with the headers of the API.
    pub(crate) fn json(status: u16, body: &Value, pretty: bool) -> Self {
        let text = if pretty {
            format!("{body:#}\n")
        } else {
            body.to_string()
        };
        let headers = own(&[
            ("Content-Type", JSON),
            ("Vary", "Origin, X-Origin, Referer"),
            ("Cache-Control", "private"),
            ("X-XSS-Protection", "0"),
            ("X-Frame-Options", "SAMEORIGIN"),
            ("X-Content-Type-Options", "nosniff"),
            ("Server", "ESF"),
        ]);
        Self {
            status,
            headers,
            body: text.into(),
            pace: Pace::default(),
        }
    }

    /// The answers to the parts of a batch.
    pub(crate) fn multipart(boundary: &str, body: String) -> Self {
        let kind = format!("multipart/mixed; boundary={boundary}");
        let mut headers = own(&[
            ("Vary", "Origin, X-Origin, Referer"),
            ("Cache-Control", "private"),
            ("Server", "ESF"),
        ]);
        headers.push(("Content-Type".into(), kind.into()));
        Self {
            status: 200,
            headers,
            body: body.into(),
            pace: Pace::default(),
        }
    }

    /// The page that the front end sends where no API method is: HTML, not the error envelope.
    pub(crate) fn html(status: u16, title: &str, text: &str) -> Self {
        let text = escape(text);
        let page = format!(
            "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error {status} ({title})!!1</title>\n  \
             <p><b>{status}.</b> <ins>That\u{2019}s an error.</ins>\n  <p>{text}\n"
        );
        Self {
            status,
            headers: own(&[("Content-Type", HTML), ("Referrer-Policy", "no-referrer")]),
            body: page.into(),
            pace: Pace::default(),
        }
    }

    /// An answer with a text of its own: a page, or what begins like JSON and may never end.
    pub(crate) fn page(status: u16, text: &str) -> Self {
        let kind = if text.trim_start().starts_with('{') {
            JSON
        } else {
            HTML
        };
        Self {
            status,
            headers: own(&[("Content-Type", kind)]),
            body: text.to_owned().into(),
            pace: Pace::default(),
        }
    }

    /// The same answer with one more header.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .push((name.to_owned().into(), value.to_owned().into()));
        self
    }
}

fn own(headers: &[(&'static str, &'static str)]) -> Vec<Header> {
    let borrowed =
        |(name, value): &(&'static str, &'static str)| (Cow::Borrowed(*name), Cow::Borrowed(*value));
    headers.iter().map(borrowed).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(headers: &[(&str, &str)]) -> Request {
        Request {
            method: "POST".to_owned(),
            target: "/a?b=c?d".to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Bytes::new(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_post_may_stand_for_a_patch() {
        assert_eq!(
            post(&[("X-HTTP-Method-Override", "patch")]).effective_method(),
            "PATCH"
        );
        assert_eq!(post(&[]).effective_method(), "POST");
        let put = Request {
            method: "PUT".to_owned(),
            ..post(&[("x-http-method-override", "PATCH")])
        };
        assert_eq!(put.effective_method(), "PUT");
    }

    #[test]
    fn the_target_splits_at_the_first_question_mark() {
        assert_eq!(post(&[]).path(), "/a");
        assert_eq!(post(&[]).raw_query(), "b=c?d");
    }

    #[test]
    fn pages_escape_what_they_quote() {
        let page = Response::html(404, "Not Found", "/<script>");
        assert!(String::from_utf8_lossy(&page.body).contains("/&lt;script&gt;"));
    }
}
