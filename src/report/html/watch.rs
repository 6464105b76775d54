//! The page of `serve`: what arrives at Google's API, as it arrives.
//!
//! It looks like the page of a run and is made of the same parts. A server sends it whole, with what has arrived so far; script adds what arrives
//! later, each piece rendered and escaped here. Whatever is shown was made fit to be shown before it gets here.

mod call;

pub use call::{WatchedCall, call};

use super::{STYLE, finished, frame_with, policy};
use crate::cut::cut;
use maud::{Markup, PreEscaped, html};

const OWN_STYLE: &str = include_str!("watch/watch.css");
const SCRIPT: &str = include_str!("watch/watch.js");

/// What a page says besides calls.
#[derive(Debug, Clone, Default)]
pub struct WatchedServer {
    /// Where the partner calls.
    pub url: String,
    /// Where it gets tokens.
    pub token_url: String,
    /// The key file that it needs.
    pub key_file: String,
    /// The partner id in paths.
    pub partner_id: String,
    /// True when bodies are shown as they came.
    pub shows_bodies: bool,
    /// What a page has to show to change anything.
    pub token: String,
    /// Where the stream of events begins, so that nothing is shown twice.
    pub last_event: u64,
}

/// A piece of the page that has been rendered, and escaped.
pub type Piece = String;

/// Google's copy of a booking.
#[derive(Debug, Clone)]
pub struct WatchedBooking<'a> {
    /// Its id.
    pub id: &'a str,
    /// Merchant and service.
    pub of: String,
    /// Its status in Google's word.
    pub status: String,
    /// Start, as the copy has it.
    pub start: String,
    /// Party, payment and other things that it may have.
    pub rest: String,
    /// The last call about it; none for what was known from the start and not called about since.
    pub last_call: Option<u64>,
}

/// A fault that has still to strike.
#[derive(Debug, Clone)]
pub struct WatchedFault {
    /// Its number.
    pub number: u64,
    /// What strikes, what, and how often.
    pub words: String,
}

/// The policy of the page, for the header: as in the page, and no other page may frame it.
pub fn header_policy() -> String {
    format!("{}; frame-ancestors 'none'", page_policy())
}

fn page_policy() -> String {
    format!("{}; connect-src 'self'", policy(&[STYLE, OWN_STYLE], SCRIPT))
}

/// The whole page. Pieces are of calls, the newest first, of bookings, and of the list of faults.
pub fn page(server: &WatchedServer, calls: &[Piece], bookings: &[Piece], faults: &str) -> String {
    let title = format!("Google's API at {}", cut(&server.url, 200));
    let body = html! {
        header {
            h1 { "What arrives at Google's API" }
            (facts(server))
        }
        nav aria-label="Parts of this page" {
            a href="#calls" { "Calls" } " " a href="#bookings" { "Bookings" } " " a href="#faults" { "Faults" } " "
            span id="link" class="dim" role="status" { "This page shows what had arrived when it was loaded." }
        }
        main data-token=(server.token) data-last=(server.last_event) {
            (calls_section(calls))
            div id="beside" {
                (bookings_section(bookings))
                (faults_section(faults))
            }
        }
    };
    finished(frame_with(
        &title,
        &[STYLE, OWN_STYLE],
        SCRIPT,
        &page_policy(),
        &body,
    ))
}

fn facts(server: &WatchedServer) -> Markup {
    html! {
        dl.facts {
            dt { "your server calls" } dd.mono { (cut(&server.url, 500)) }
            dt { "tokens" } dd.mono { (cut(&server.token_url, 500)) }
            dt { "key file" } dd.mono { (cut(&server.key_file, 500)) }
            dt { "partner id" } dd.mono { (cut(&server.partner_id, 100)) }
            dt { "shown" } dd {
                @if server.shows_bodies {
                    strong { "Bodies as they come, with names, telephone numbers and mail addresses of guests." }
                } @else {
                    "What says nothing about guests; of all else only how long it is (--show-bodies shows all)."
                }
            }
        }
    }
}

fn calls_section(calls: &[Piece]) -> Markup {
    html! {
        section id="calls" {
            h2 { "Calls" }
            div id="filters" hidden {
                label { "find " input id="words" type="search" placeholder="booking, path, requirement or word"; }
                @for (kind, name) in call::KINDS {
                    label { input type="checkbox" value=(kind) checked; " " (name) }
                }
                button type="button" id="hold" aria-pressed="false" { "Hold" }
                span id="shown" role="status" {}
            }
            p id="nothing" hidden[!calls.is_empty()] { "Nothing has arrived so far." }
            div id="list" { @for call in calls { (PreEscaped(call)) } }
        }
    }
}

fn bookings_section(bookings: &[Piece]) -> Markup {
    html! {
        section id="bookings" {
            h2 { "Google's copies of bookings" }
            div.wide tabindex="0" role="region" aria-label="Google's copies of bookings" {
                table {
                    thead { tr {
                        th scope="col" { "booking" } th scope="col" { "status" } th scope="col" { "start" }
                        th scope="col" { "last call" }
                    } }
                    tbody id="copies" { @for booking in bookings { (PreEscaped(booking)) } }
                }
            }
        }
    }
}

/// A row of the table of bookings.
pub fn booking(one: &WatchedBooking<'_>) -> Piece {
    let colour = match one.status.as_str() {
        "CONFIRMED" => "pass",
        "PENDING_MERCHANT_CONFIRMATION" | "PENDING_CLIENT_CONFIRMATION" => "warn",
        _ => "other",
    };
    let row = html! {
        tr data-booking=(one.id) {
            td.mono { (cut(one.id, 100)) br; span.dim { (cut(&one.of, 160)) } }
            td { span class=(colour) { (one.status) } }
            td { (one.start) br; span.dim { (cut(&one.rest, 200)) } }
            td.n { @match one.last_call { Some(number) => { a href=(format!("#c{number}")) { (number) } } None => { "none" } } }
        }
    };
    piece(row)
}

fn faults_section(faults: &str) -> Markup {
    let option = |value: &str, words: &str| html! { option value=(value) { (words) } };
    html! {
        section id="faults" {
            h2 { "Faults" }
            p.dim { "What Google's API does wrong on purpose, so that you see what your server makes of it." }
            form id="arm" hidden {
                label for="aim" { "strikes" }
                select id="aim" { @for (value, words) in AIMS { (option(value, words)) } }
                label for="booking" hidden { "booking" } input id="booking" hidden autocomplete="off" spellcheck="false";
                label for="fault" { "by" }
                select id="fault" {
                    @for (value, words) in FAULTS { (option(value, words)) }
                    optgroup label="for token requests" { @for (value, words) in TOKEN_FAULTS { (option(value, words)) } }
                }
                label for="times" { "times" } input id="times" type="number" min="1" max="1000" value="1";
                button type="submit" { "Arm" }
                p id="told" role="status" {}
            }
            noscript { p { "Without script, arm faults at the start: serve --faults FILE." } }
            div id="armed" { (PreEscaped(faults)) }
        }
    }
}

/// Values are what the script writes into the request: see `watch.js`.
const AIMS: &[(&str, &str)] = &[
    ("any", "any call"),
    ("bookings", "notifications about bookings"),
    ("availability", "inventory updates"),
    ("token", "token requests"),
    ("booking", "notifications about one booking"),
];

/// Values are the fault as a list of faults has it.
const FAULTS: &[(&str, &str)] = &[
    (r#"{"answer":503}"#, "503 Unavailable"),
    (r#"{"answer":500}"#, "500 Internal error"),
    (
        r#"{"answer":429,"retry_after":2}"#,
        "429 Too many requests, again after 2 s",
    ),
    (r#"{"answer":404}"#, "404 Not found"),
    (r#"{"answer":401}"#, "401, its token is revoked"),
    (r#"{"drop":true}"#, "no answer, the connection is closed"),
    (r#"{"reset":true}"#, "no answer, the connection is reset"),
    (r#"{"lose":true}"#, "it is stored, and the answer is lost"),
    (r#"{"delay":"5s"}"#, "it is stored, and answered after 5 s"),
    (r#"{"slow":"5s"}"#, "it is stored, and answered over 5 s"),
    (
        r#"{"garble":"cut"}"#,
        "it is stored, and the JSON of the answer is cut",
    ),
    (r#"{"garble":"noise"}"#, "what comes back is no HTTP"),
];

/// Those that nothing but a token request can be struck by.
const TOKEN_FAULTS: &[(&str, &str)] = &[
    (r#"{"withhold":true}"#, "200 without an access token"),
    (r#"{"expire":60}"#, "a token that lives 60 s"),
];

/// The list of what is armed.
pub fn faults(armed: &[WatchedFault]) -> Piece {
    piece(html! {
        @if armed.is_empty() { p { "Nothing is armed." } } @else {
            ul { @for one in armed {
                li { (one.words) " " button type="button" data-disarm=(one.number) hidden { "Take away" } }
            } }
        }
    })
}

/// That calls came faster than they could be shown.
pub fn missed(number: u64) -> Piece {
    piece(html! { p.missed { (number) " calls came faster than they could be shown and judged." } })
}

/// A piece that does nothing unseen to its reader.
fn piece(markup: Markup) -> Piece {
    finished(markup).trim_end().to_owned()
}

#[cfg(test)]
mod tests;
