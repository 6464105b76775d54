//! Histories that are not as accepted, side by side.

use super::scenarios::anchor;
use crate::Material;
use crate::cut::cut;
use maud::{Markup, html};
use snapshot::{DiffKind, DiffLine};

/// Longer differences are read in `conformance review`.
const LONGEST: usize = 400;

/// A row: what was accepted, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row<'l> {
    Head(&'l str),
    Both(&'l str),
    Changed(Option<&'l str>, Option<&'l str>),
}

/// All of them.
pub(super) fn section(material: &Material<'_>) -> Markup {
    html! {
        section id="snapshots" {
            h2 { "Snapshots" }
            @if material.drifts.is_empty() { p { "Every history that was compared is as accepted." } }
            @for (id, lines) in material.drifts {
                details open {
                    summary { (cut(id, 200)) }
                    div {
                        @if let Some(place) = anchor(material, id) { p { a href=(format!("#{place}")) { "to the scenario" } } }
                        @if lines.is_empty() { p { "There is no accepted one yet." } } @else { (table(lines)) }
                    }
                }
            }
        }
    }
}

fn table(lines: &[DiffLine]) -> Markup {
    let rows = rows(&lines[..lines.len().min(LONGEST)]);
    html! {
        div.wide tabindex="0" role="region" aria-label="Differences" {
            table {
                thead { tr { th scope="col" { "accepted" } th scope="col" { "this run" } } }
                tbody { @for row in &rows { (shown(row)) } }
            }
        }
        @if lines.len() > LONGEST { p.dim { (lines.len() - LONGEST) " more lines: conformance review shows them" } }
    }
}

fn shown(row: &Row<'_>) -> Markup {
    let text = |line: Option<&str>| line.map(|line| cut(line, 300)).unwrap_or_default();
    html! { tr { @match row {
        Row::Head(line) => { th colspan="2" scope="colgroup" { (cut(line, 200)) } },
        Row::Both(line) => { td.mono { (cut(line, 300)) } td.mono { (cut(line, 300)) } },
        Row::Changed(old, new) => {
            td class=(if old.is_some() { "mono gone" } else { "mono" }) { (text(*old)) }
            td class=(if new.is_some() { "mono new" } else { "mono" }) { (text(*new)) }
        },
    } } }
}

/// Lines that went beside lines that came, in their order.
fn rows(lines: &[DiffLine]) -> Vec<Row<'_>> {
    let (mut rows, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        let text = line.text.as_str();
        match line.kind {
            DiffKind::Removed => gone.push(text),
            DiffKind::Added => new.push(text),
            DiffKind::Context | DiffKind::Hunk => {
                pair(&mut rows, &mut gone, &mut new);
                rows.push(if line.kind == DiffKind::Hunk {
                    Row::Head(text)
                } else {
                    Row::Both(text)
                });
            }
        }
    }
    pair(&mut rows, &mut gone, &mut new);
    rows
}

fn pair<'l>(rows: &mut Vec<Row<'l>>, gone: &mut Vec<&'l str>, new: &mut Vec<&'l str>) {
    let most = gone.len().max(new.len());
    rows.extend((0..most).map(|at| Row::Changed(gone.get(at).copied(), new.get(at).copied())));
    gone.clear();
    new.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_stands_beside_what_came() {
        let line = |kind, text: &str| DiffLine {
            kind,
            text: text.to_owned(),
        };
        let lines = [
            line(DiffKind::Hunk, "@@"),
            line(DiffKind::Removed, "a"),
            line(DiffKind::Removed, "b"),
            line(DiffKind::Added, "c"),
            line(DiffKind::Context, "d"),
            line(DiffKind::Added, "e"),
        ];
        let expected = [
            Row::Head("@@"),
            Row::Changed(Some("a"), Some("c")),
            Row::Changed(Some("b"), None),
            Row::Both("d"),
            Row::Changed(None, Some("e")),
        ];
        assert_eq!(rows(&lines), expected);
    }
}
