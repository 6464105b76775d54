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

/// The first names of every path that starts at the root of the crate, with their lines.
pub(crate) fn root_names<'s>(tokens: &[Token<'s>]) -> Vec<(&'s str, usize)> {
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let from_root = matches!(token.text, "crate" | "conformance");
        if from_root && text_at(tokens, at + 1) == "::" {
            names.extend(heads(&tokens[at + 2..]));
        }
    }
    names
}

/// `a` of `a::b`, and `a`, `c` of `{a::{b, x}, c}`.
fn heads<'s>(tokens: &[Token<'s>]) -> Vec<(&'s str, usize)> {
    if text_at(tokens, 0) != "{" {
        return tokens
            .first()
            .map(|head| (head.text, head.line))
            .into_iter()
            .collect();
    }
    let (mut names, mut depth, mut expects) = (Vec::new(), 0_usize, false);
    for token in tokens {
        match token.text {
            "{" => (depth, expects) = (depth + 1, depth == 0),
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => expects = depth == 1,
            name if expects => {
                names.push((name, token.line));
                expects = false;
            }
            _ => {}
        }
    }
    names
}

/// Lines at which a chain of `super` leaves the module that a file belongs to.
pub(crate) fn climbs(tokens: &[Token<'_>], depth: usize) -> Vec<usize> {
    let (mut lines, mut inline, mut open, mut chain) = (Vec::new(), Vec::new(), 0_usize, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "{" => {
                if at >= 2 && text_at(tokens, at - 2) == "mod" {
                    inline.push(open);
                }
                open += 1;
            }
            "}" => {
                open -= 1;
                inline.pop_if(|started| *started == open);
            }
            "super" if text_at(tokens, at + 1) == "::" => {
                chain += 1;
                if chain == depth + inline.len() {
                    lines.push(token.line);
                }
                continue;
            }
            "::" => continue,
            _ => {}
        }
        chain = 0;
    }
    lines
}

pub(crate) fn text_at<'s>(tokens: &[Token<'s>], at: usize) -> &'s str {
    tokens.get(at).map_or("", |token| token.text)
}
