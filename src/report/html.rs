//! A page for people: the whole run in one file, which needs no network, no other file and no script.
//!
//! Every text goes through `maud`, which escapes markup by type, and the finished page through one pass that writes out what would
//! act on a reader unseen. Styles and the one script are named by digest in the page's policy, so that nothing else can run.

mod copies;
mod drift;
mod json_lines;
mod lanes;
mod latency;
mod matrix;
mod messages;
mod opening;
mod scenarios;
mod surroundings;
pub mod watch;

use super::cut::cut_line;
use super::{Material, RenderError, Reporter};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use messages::Detail;
use outcome::NotRun;
use outcome::text::is_active;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Format `html`.
pub(super) struct Html;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Bytes. A longer page is rendered again with less of each message: `har` and `recording` keep all.
const LARGEST: usize = 5_000_000;

impl Reporter for Html {
    fn format(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "a page for people: what to mend first, every requirement, every scenario as a diagram of both directions"
    }

    fn render(&self, material: &Material<'_>) -> Result<String, RenderError> {
        let mut page = String::new();
        // What is much too long in a sample need not be written out.
        let fits = |detail: &&Detail| scenarios::estimate(material, detail) < LARGEST / 4 * 5;
        let first = Detail::LEVELS.iter().position(|detail| fits(&detail));
        for detail in &Detail::LEVELS[first.unwrap_or(Detail::LEVELS.len() - 1)..] {
            page = finished(whole(material, detail));
            if page.len() <= LARGEST {
                break;
            }
        }
        Ok(page)
    }

    fn render_not_run(&self, not_run: &NotRun) -> Result<String, RenderError> {
        let title = format!("Conformance: {}", not_run.verdict);
        Ok(finished(frame(
            &title,
            &html! {
                header {
                    h1 { "Conformance" }
                    p.verdict.other { strong { (not_run.verdict) } }
                    p { (cut_line(&not_run.reason, 4_000)) }
                }
            },
        )))
    }
}

fn whole(material: &Material<'_>, detail: &Detail) -> Markup {
    let run = material.report;
    let title = format!(
        "Conformance of {}: {}",
        cut_line(&run.target.name, 100),
        run.verdict.words()
    );
    frame(
        &title,
        &html! {
            (opening::header(material))
            nav aria-label="Parts of this page" {
                a href="#mend" { "What to mend" } " "
                a href="#chances" { "Chances" } " "
                a href="#requirements" { "Requirements" } " "
                a href="#scenarios" { "Scenarios" } " "
                a href="#latency" { "Times" } " "
                a href="#snapshots" { "Snapshots" } " "
                a href="#surroundings" { "Surroundings" }
            }
            main {
                (opening::mend(material))
                (opening::chances(material))
                (matrix::section(material))
                (scenarios::section(material, detail))
                (latency::section(material))
                (drift::section(material))
                (surroundings::section(material))
            }
        },
    )
}

/// The page of a file: nothing is loaded.
fn frame(title: &str, body: &Markup) -> Markup {
    frame_with(title, &[STYLE], SCRIPT, &policy(&[STYLE], SCRIPT), body)
}

/// Nothing runs but the script of this text, and nothing is loaded.
fn policy(styles: &[&str], script: &str) -> String {
    let styles = styles.iter().map(|style| format!(" '{}'", digest(style)));
    format!(
        "default-src 'none'; style-src{}; script-src '{}'; base-uri 'none'; form-action 'none'",
        styles.collect::<String>(),
        digest(script)
    )
}

fn frame_with(title: &str, styles: &[&str], script: &str, policy: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                @for style in styles { style { (PreEscaped(style)) } }
            }
            body {
                (body)
                script { (PreEscaped(script)) }
            }
        }
    }
}

/// As the policy names what may be there.
fn digest(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

/// The only way out: whatever a stranger sent, nothing in the page hides itself or turns the direction of writing.
fn finished(page: Markup) -> String {
    let page = page.into_string();
    let mut shown = String::with_capacity(page.len() + 1);
    for letter in page.chars() {
        if is_active(letter) {
            let _ = write!(shown, "&lt;U+{:04X}&gt;", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown.push('\n');
    shown
}

#[cfg(test)]
mod tests;
