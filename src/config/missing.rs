//! What a starter config has and somebody's own config lacks, put into it. Lines are only ever added: no byte of what a person wrote
//! is changed.

use super::starter::{self, Starter};
use std::fmt::Write as _;
use toml::{Table, Value};

/// A config with what it lacked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completed {
    /// The whole text.
    pub text: String,
    /// What was added, each in words.
    pub added: Vec<String>,
    /// What could not be added to a file of this form, each in words with the lines.
    pub by_hand: Vec<String>,
}

/// Lines below the header of a table.
struct Piece {
    section: &'static str,
    /// Comment lines above the header, where the table is not there yet.
    above: String,
    lines: String,
    words: String,
}

impl Piece {
    /// A table of the starter config.
    fn table(section: &'static str, text: &str, words: &str) -> Self {
        let (above, lines) = text.split_once(&format!("[{section}]\n")).unwrap_or(("", text));
        Self {
            section,
            above: above.to_owned(),
            lines: lines.to_owned(),
            words: format!("[{section}]: {words}"),
        }
    }

    /// A line of a table.
    fn line(section: &'static str, lines: &str, words: &str) -> Self {
        Self {
            section,
            above: String::new(),
            lines: format!("{lines}\n"),
            words: format!("[{section}] {words}"),
        }
    }
}

/// Adds what is missing; none where the text is no TOML.
pub fn complete(text: &str, starter: &Starter<'_>) -> Option<Completed> {
    let table: Table = text.parse().ok()?;
    let mut done = Completed {
        text: text.to_owned(),
        ..Completed::default()
    };
    for piece in missing(&table, text, starter) {
        match with(&done.text, &piece) {
            Some(text) => {
                done.text = text;
                done.added.push(piece.words);
            }
            None => done.by_hand.push(format!(
                "{}; write below [{}]:\n{}",
                piece.words, piece.section, piece.lines
            )),
        }
    }
    Some(done)
}

fn missing(table: &Table, text: &str, starter: &Starter<'_>) -> Vec<Piece> {
    let has = |section: &str, key: &str| {
        table
            .get(section)
            .is_some_and(|section| section.get(key).is_some())
    };
    let mut pieces = Vec::new();
    let target = starter::target(starter);
    if table.contains_key("target") {
        let auth = target.lines().find(|line| line.starts_with("auth "));
        if let Some(line) = auth.filter(|_| !has("target", "auth")) {
            let words = "auth: what your server expects of Google, by the names of variables";
            pieces.push(Piece::line("target", line, words));
        }
    } else if !starter.base_url.is_empty() {
        pieces.push(Piece::table("target", &target, "the server under test"));
    }
    if !table.contains_key("notifications") {
        let words = "where your server sends notifications, and the key for it";
        pieces.push(Piece::table("notifications", starter::NOTIFICATIONS, words));
    }
    if let Some(folder) = starter.feeds.filter(|_| !has("inventory", "feeds")) {
        let line = format!("feeds = {}", starter::quoted(&folder.to_string_lossy()));
        let words = format!("{line}: what these offer may be booked now");
        pieces.push(Piece::line("inventory", &line, &words));
    }
    for (capability, seen) in &starter.doubtful {
        if !has("capabilities", capability) && !mentions(text, capability) {
            let lines = starter::doubt(capability, seen);
            let words = format!("{capability}: as a comment, since its method was not found");
            pieces.push(Piece::line("capabilities", lines.trim_end(), &words));
        }
    }
    if !table.contains_key("triggers") {
        let words = "how to make your side act, as comments to fill in";
        pieces.push(Piece::table("triggers", &starter::triggers(starter), words));
    }
    pieces
}

/// True where a line, perhaps one that is commented out, sets the key.
fn mentions(text: &str, key: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_start_matches(['#', ' ', '\t']));
    lines.any(|line| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}

/// The text with a piece in it; none where the result would not say exactly what was said before, and the piece.
fn with(text: &str, piece: &Piece) -> Option<String> {
    let before: Table = text.parse().ok()?;
    let own: Table = piece.lines.parse().ok()?;
    let mut wanted = before;
    let is_new = !wanted.contains_key(piece.section);
    let section = wanted
        .entry(piece.section)
        .or_insert_with(|| Value::Table(Table::new()))
        .as_table_mut()?;
    for (key, value) in own {
        if section.insert(key, value).is_some() {
            return None;
        }
    }
    let says_it = |text: &String| text.parse::<Table>().is_ok_and(|table| table == wanted);
    if is_new {
        return Some(at_end(text, piece)).filter(says_it);
    }
    // What looks like a header may stand in a text of several lines: only the right place says what is wanted.
    headers(text, piece.section)
        .map(|end| inserted(text, end, &piece.lines))
        .find(says_it)
}

/// Where the lines end that look like the header of a table.
fn headers(text: &str, section: &str) -> impl Iterator<Item = usize> {
    let header = format!("[{section}]");
    let mut end = 0;
    let ends: Vec<usize> = text
        .split_inclusive('\n')
        .filter_map(|line| {
            end += line.len();
            let code = line.split('#').next().unwrap_or_default();
            let name: String = code.chars().filter(|c| !c.is_whitespace()).collect();
            (name == header).then_some(end)
        })
        .collect();
    ends.into_iter()
}

fn inserted(text: &str, at: usize, lines: &str) -> String {
    let (before, after) = text.split_at(at);
    let end = line_end(text);
    let gap = if before.ends_with('\n') { "" } else { end };
    format!("{before}{gap}{}{after}", lines.replace('\n', end))
}

fn at_end(text: &str, piece: &Piece) -> String {
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push('\n');
    }
    let lines = piece.lines.trim_end();
    let _ = write!(added, "\n{}[{}]\n{lines}\n", piece.above, piece.section);
    format!("{text}{}", added.replace('\n', line_end(text)))
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use std::path::Path;

    fn whole() -> Starter<'static> {
        Starter {
            name: "staging",
            base_url: "https://host.example/google",
            credentials: Some(("PARTNER_USER", "PARTNER_PASSWORD")),
            feeds: Some(Path::new("my feeds")),
            merchants: Vec::new(),
            doubtful: vec![("list_bookings", "answered\n501".to_owned())],
        }
    }

    /// Every line of the first is in the second, in order.
    fn is_within(old: &str, new: &str) -> bool {
        let mut new = new.split_inclusive('\n');
        old.split_inclusive('\n')
            .all(|line| new.any(|other| other.trim_end() == line.trim_end()))
    }

    #[test]
    fn each_part_is_added_where_it_is_missing_and_the_rest_stays() {
        for text in [
            "# mine\n[target] # here\nbase_url = \"http://h\"  # why\n\n[inventory]\nmerchants = [ \"m\" ]\n",
            "[ inventory ]\r\nmerchants = [\"m\"]\r\n[target]\r\nbase_url = \"http://h\"",
            "[capabilities]\nnotes = '''\n[inventory]\n'''\n[inventory]\nmerchants = ['m']\n[target]\nbase_url = 'http://h'\n",
        ] {
            let done = complete(text, &whole()).unwrap();
            assert!(is_within(text, &done.text), "{}", done.text);
            assert_eq!((done.added.len(), done.by_hand.len()), (5, 0), "{done:?}");
            let table: Table = done.text.parse().unwrap();
            assert_eq!(table["inventory"]["feeds"].as_str(), Some("my feeds"));
            assert_eq!(table["inventory"]["merchants"][0].as_str(), Some("m"));
            assert_eq!(
                table["target"]["auth"]["user"]["env"].as_str(),
                Some("PARTNER_USER")
            );
            assert!(done.text.contains("# list_bookings = false"), "{}", done.text);
            let ends = done.text.matches("\r\n").count();
            assert!(ends == 0 || ends == done.text.matches('\n').count());
            let again = complete(&done.text, &whole()).unwrap();
            assert_eq!(again.added, Vec::<String>::new());
            assert_eq!(again.text, done.text);
        }
    }

    #[test]
    fn what_a_person_decided_stays() {
        let text = "target = { base_url = \"http://h\", auth = { user = \"a\", password = \"b\" } }\ninventory = { feeds = \"old\" }\n\
                    notifications = { listen = \"127.0.0.1:1\" }\ncapabilities = { list_bookings = true }\ntriggers = {}\n";
        let done = complete(text, &whole()).unwrap();
        assert_eq!((done.text.as_str(), done.added.len()), (text, 0));
        let done = complete("# list_bookings = false\n[triggers]\n", &whole()).unwrap();
        assert_eq!(done.text.matches("list_bookings").count(), 1, "{}", done.text);
    }

    #[test]
    fn a_table_in_one_line_is_left_alone_and_the_line_is_named() {
        let text = "inventory = { merchants = [\"m\"] }\n[target]\nbase_url = \"http://h\"\n";
        let done = complete(text, &whole()).unwrap();
        assert!(is_within(text, &done.text));
        assert_eq!(done.by_hand.len(), 1, "{done:?}");
        assert!(done.by_hand[0].contains("feeds = \"my feeds\""), "{done:?}");
        assert_eq!(complete("[target\n", &whole()), None);
    }

    #[test]
    fn an_empty_file_gets_what_a_first_one_has() {
        let done = complete("", &whole()).unwrap();
        let table: Table = done.text.parse().unwrap();
        assert_eq!(
            table["target"]["base_url"].as_str(),
            Some("https://host.example/google")
        );
        assert!(table["notifications"].get("key_file").is_some());
    }
}
