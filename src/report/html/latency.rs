//! How long answers took: a dot for each call, and Google's limit as a line.

use crate::Material;
use maud::{Markup, html};
use outcome::Latency;
use protocol::Method;
use std::collections::BTreeMap;

/// Size of a plot, in units of the picture.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 110.0;

/// The scale goes from a tenth of a millisecond to 100 seconds.
const DECADES: f64 = 6.0;
const LEAST_MS: f64 = 0.1;

struct Dot {
    sent_ms: u64,
    took_ms: f64,
}

/// A plot for each method that was called.
pub(super) fn section(material: &Material<'_>) -> Markup {
    let mut dots: BTreeMap<&str, (Method, Vec<Dot>)> = BTreeMap::new();
    for transcript in &material.facts.recorded.transcripts {
        for exchange in transcript.exchanges().filter(|one| one.http().is_some()) {
            let method = exchange.call.method;
            let own = &mut dots.entry(method.name()).or_insert((method, Vec::new())).1;
            own.push(Dot {
                sent_ms: exchange.sent_ms,
                took_ms: exchange.answer.took_us as f64 / 1_000.0,
            });
        }
    }
    let latest = dots
        .values()
        .flat_map(|(_, dots)| dots)
        .map(|dot| dot.sent_ms)
        .max();
    let latest = latest.unwrap_or_default().max(1);
    html! {
        section id="latency" {
            h2 { "How long answers took" }
            @if dots.is_empty() { p { "No call was answered." } }
            div.plots {
                @for (name, (method, dots)) in &dots {
                    @let latency = material.report.latency_ms.get(*name);
                    (plot(name, rules::answer_limit_ms(*method), dots, latest, latency))
                }
            }
        }
    }
}

fn plot(name: &str, limit_ms: Option<u64>, dots: &[Dot], latest: u64, latency: Option<&Latency>) -> Markup {
    let x = |dot: &Dot| 34.0 + dot.sent_ms as f64 / latest as f64 * (WIDTH - 40.0);
    let limit = limit_ms.map(|limit| limit as f64);
    let is_late = |dot: &Dot| limit.is_some_and(|limit| dot.took_ms > limit);
    html! {
        figure {
            figcaption {
                strong { (name) } ", " (dots.len()) " answers"
                @if let Some(latency) = latency {
                    ": half within " (ms(latency.p50)) ", 95 % within " (ms(latency.p95)) ", the slowest " (ms(latency.max))
                }
                @if let Some(limit) = limit { "; Google's limit is " (ms(limit)) }
            }
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(format!("Times of {name}")) {
                @for (value, label) in [(1.0, "1 ms"), (100.0, "0.1 s"), (10_000.0, "10 s")] {
                    line.axis x1="34" x2=(WIDTH) y1=(tenth(y(value))) y2=(tenth(y(value))) {}
                    text.dim x="0" y=(tenth(y(value) + 4.0)) { (label) }
                }
                @if let Some(limit) = limit {
                    line.limit x1="34" x2=(WIDTH) y1=(tenth(y(limit))) y2=(tenth(y(limit))) {}
                }
                @for dot in dots {
                    circle class=(if is_late(dot) { "dot late" } else { "dot" }) cx=(tenth(x(dot))) cy=(tenth(y(dot.took_ms))) r="2" {}
                }
            }
        }
    }
}

/// How far down a time stands: each power of ten takes as much room as the one before.
fn y(took_ms: f64) -> f64 {
    let decades = (took_ms.max(LEAST_MS) / LEAST_MS).log10().min(DECADES);
    HEIGHT - 6.0 - decades / DECADES * (HEIGHT - 12.0)
}

fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

fn ms(value: f64) -> String {
    if value >= 1_000.0 {
        format!("{:.1} s", value / 1_000.0)
    } else {
        format!("{value:.1} ms")
    }
}
