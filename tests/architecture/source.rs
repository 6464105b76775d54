//! As much of Rust's grammar as it takes to find paths.

/// A piece of source that matters here: a word, or punctuation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token<'s> {
    pub(crate) text: &'s str,
    pub(crate) line: usize,
}

/// Words and punctuation, without comments and without what stands in quotes.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < source.len() {
        let rest = &source[at..];
        let (length, kept) = lexeme(rest);
        if kept {
            let text = &rest[..length];
            tokens.push(Token { text, line });
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    tokens
}

/// The length of what a text begins with, and whether it is a word or punctuation.
fn lexeme(rest: &str) -> (usize, bool) {
    let first = rest.chars().next().unwrap();
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), false);
    }
    if let Some(length) = raw_string(rest) {
        return (length, false);
    }
    match first {
        '"' => (quoted(rest), false),
        '\'' => (tick(rest), false),
        _ if first.is_alphanumeric() || first == '_' => {
            let ends = |letter: char| !(letter.is_alphanumeric() || letter == '_');
            (rest.find(ends).unwrap_or(rest.len()), true)
        }
        _ if rest.starts_with("::") => (2, true),
        _ => (first.len_utf8(), !first.is_whitespace()),
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest[at..].chars().next().unwrap().len_utf8();
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of `r"…"`, `r#"…"#` and their byte forms.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r"]
        .iter()
        .find(|prefix| rest.starts_with(*prefix))?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let head = prefix.len() + hashes + 1;
    Some(body.find(&end).map_or(rest.len(), |at| head + at + end.len()))
}

fn quoted(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character in ticks, or the tick of a lifetime.
fn tick(rest: &str) -> usize {
    let inner = &rest[1..];
    if let Some(escaped) = inner.strip_prefix('\\') {
        return escaped[1..].find('\'').map_or(rest.len(), |at| at + 4);
    }
    let letter = inner.chars().next().map_or(0, char::len_utf8);
    if inner[letter..].starts_with('\'') {
        letter + 2
    } else {
        1
    }
}

pub(crate) fn text_at<'s>(tokens: &[Token<'s>], at: usize) -> &'s str {
    tokens.get(at).map_or("", |token| token.text)
}
