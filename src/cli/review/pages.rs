//! Long texts a screen at a time.

use super::super::exit::Failure;
use super::walk::Screen;
use console::{Key, measure_text_width};

/// Rows that stay free below a page: for the line that says how to go on.
const BELOW: usize = 1;

/// Shows lines, and waits after each full screen; `below` rows of the last screen stay free for what comes after.
pub(super) fn show(screen: &mut dyn Screen, lines: &[String], below: usize) -> Result<(), Failure> {
    let (height, width) = screen.size();
    let room = height.saturating_sub(BELOW).max(1);
    let mut used = 0;
    for (at, line) in lines.iter().enumerate() {
        let rows = rows(line, width);
        let rest: usize = lines[at..].iter().map(|line| self::rows(line, width)).sum();
        let fits = used + rest + below <= height;
        if used > 0 && used + rows > room && !fits {
            match wait(screen, at, lines.len())? {
                More::Page => used = 0,
                More::All => {
                    lines[at..].iter().for_each(|line| screen.line(line));
                    return Ok(());
                }
                More::None => {
                    screen.line(&format!("  … {} more lines", lines.len() - at));
                    return Ok(());
                }
            }
        }
        screen.line(line);
        used += rows;
    }
    Ok(())
}

enum More {
    Page,
    All,
    None,
}

fn wait(screen: &mut dyn Screen, shown: usize, all: usize) -> Result<More, Failure> {
    screen.line(&format!(
        "-- {shown} of {all} lines: space for more, e to the end, q to the question --"
    ));
    loop {
        match screen.key()? {
            Key::Char(' ') | Key::Enter | Key::PageDown | Key::ArrowDown => return Ok(More::Page),
            Key::Char('e') | Key::End => return Ok(More::All),
            Key::Char('q') | Key::Escape | Key::CtrlC => return Ok(More::None),
            _ => {}
        }
    }
}

/// How many rows a line takes.
fn rows(line: &str, width: usize) -> usize {
    let of = |line: &str| measure_text_width(line).div_ceil(width.max(1)).max(1);
    line.split('\n').map(of).sum()
}
