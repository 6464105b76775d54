//! Writing to the terminal. A closed pipe is not an error: somebody has seen enough.

use std::io::Write;

/// To standard output.
pub(super) fn out(text: &str) {
    write(&mut std::io::stdout().lock(), text);
}

/// To standard error.
pub(super) fn error(text: &str) {
    write(&mut std::io::stderr().lock(), text);
}

fn write(stream: &mut dyn Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // Nobody is left to be told when the stream is gone.
    let _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}

/// A number of things.
pub(super) fn counted(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}
