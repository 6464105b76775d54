//! Readers of single values: each gives the value, or notes a problem and gives nothing.

use super::duration;
use super::place::Place;
use super::rate::Rate;
use super::reader::{Reader, Section};
use super::words::{Words, suggest};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

/// One value of the file with its place and its dotted path.
pub(super) struct Value<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) path: String,
    pub(super) node: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    /// Notes that the value is wrong: "`target.rate` …".
    pub(super) fn wrong(&self, what: &str, help: impl Into<String>) {
        let message = format!("`{}` {what}", self.path);
        self.reader.problem(self.node.span(), message, help);
    }

    /// Notes at this value what is wrong with the table around it.
    pub(super) fn wrong_in(&self, path: &str, what: &str, help: &str) {
        self.reader
            .problem(self.node.span(), format!("`{path}` {what}"), help);
    }

    fn wrong_type(&self, wanted: &str, help: &str) {
        let found = self.node.get_ref().type_str();
        let found = if found == "array" { "list" } else { found };
        self.wrong(&format!("must be {wanted}, not {}", with_article(found)), help);
    }

    /// Text that stands in the file.
    pub(super) fn string(&self) -> Option<&'a str> {
        let text = self.node.get_ref().as_str();
        match text {
            None => self.wrong_type("text", "put it between double quotes"),
            Some("") => self.wrong("is empty", "give it a value or remove the line"),
            Some(_) => return text,
        }
        None
    }

    /// True for text in which nothing is written.
    pub(super) fn is_blank(&self) -> bool {
        let text = self.node.get_ref().as_str();
        text.is_some_and(|text| text.trim().is_empty())
    }

    /// File and line.
    pub(super) fn place(&self) -> Place {
        self.reader.place(&self.node.span())
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Option<bool> {
        let value = self.node.get_ref().as_bool();
        if value.is_none() {
            self.wrong_type("true or false", "write true or false, without quotes");
        }
        value
    }

    /// A whole number within bounds.
    pub(super) fn integer(&self, least: i64, most: i64) -> Option<i64> {
        let Some(integer) = self.node.get_ref().as_integer() else {
            self.wrong_type("a whole number", "write digits only, without quotes");
            return None;
        };
        let digits = integer.as_str().replace('_', "");
        let number = i64::from_str_radix(&digits, integer.radix()).ok();
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(
                "is out of range",
                format!("the least is {least}, the most is {most}"),
            );
        }
        number
    }

    /// A length of time such as `"15s"`.
    pub(super) fn duration(&self) -> Option<SignedDuration> {
        let help = "write a number and a unit in quotes: \"15s\", \"500ms\", \"1m30s\"";
        let Some(text) = self.node.get_ref().as_str() else {
            self.wrong_type("a duration", help);
            return None;
        };
        duration::parse(text)
            .map_err(|error| self.wrong(&format!("is wrong: {error}"), help))
            .ok()
    }

    /// A length of time that is more than nothing.
    pub(super) fn patience(&self) -> Option<SignedDuration> {
        let duration = self.duration()?;
        if duration.is_zero() {
            self.wrong("leaves no time at all", "give it at least \"1ms\"");
            return None;
        }
        Some(duration)
    }

    /// A limit such as `"5/s"`.
    pub(super) fn rate(&self) -> Option<Rate> {
        let help = "write requests per second in quotes: \"5/s\"";
        let Some(text) = self.node.get_ref().as_str() else {
            self.wrong_type("a rate", help);
            return None;
        };
        text.parse()
            .map_err(|error| self.wrong(&format!("is {error}"), help))
            .ok()
    }

    /// A day such as `2026-12-15`.
    pub(super) fn date(&self) -> Option<Date> {
        let help = "write the day without quotes: 2026-12-15";
        let Some(moment) = self.node.get_ref().as_datetime() else {
            self.wrong_type("a date", help);
            return None;
        };
        let date = moment.date.filter(|_| moment.time.is_none());
        let date = date.and_then(|day| Date::new(day.year as i16, day.month as i8, day.day as i8).ok());
        if date.is_none() {
            self.wrong("must be a day without a time", help);
        }
        date
    }

    /// A path, relative to the folder of the file.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.string().map(|text| self.reader.path(text))
    }

    /// The path of a file that must be there.
    pub(super) fn existing_file(&self) -> Option<PathBuf> {
        let path = self.path()?;
        if self.reader.follows_references() && !path.is_file() {
            let help = "check the path; it is relative to the folder of this file";
            self.wrong(&format!("names no file: {}", path.display()), help);
            return None;
        }
        Some(path)
    }

    /// One of a closed list of words.
    pub(super) fn word<W: Words>(&self) -> Option<W> {
        let text = self.string()?;
        let word = W::all().iter().find(|word| word.word() == text);
        if word.is_none() {
            let known: Vec<_> = W::all().iter().map(|word| word.word()).collect();
            self.wrong(
                &format!("is no known {}: `{text}`", W::WHAT),
                suggest(&known, text),
            );
        }
        word.copied()
    }

    /// A list, each item read by `read`; items that are wrong are left out after their problem was noted.
    pub(super) fn list<T>(&self, read: impl Fn(&Value<'a>) -> Option<T>) -> Option<Vec<T>> {
        let Some(items) = self.node.get_ref().as_array() else {
            let help = if self.node.get_ref().is_table() {
                format!("write [[{}]], with two brackets on each side", self.path)
            } else {
                "put it between square brackets".to_owned()
            };
            self.wrong_type("a list", &help);
            return None;
        };
        let items = items.iter().enumerate().filter_map(|(at, value)| {
            read(&Value {
                reader: self.reader,
                path: format!("{}[{at}]", self.path),
                node: value,
            })
        });
        Some(items.collect())
    }

    /// A table whose keys are fixed.
    pub(super) fn table<T>(&self, read: impl FnOnce(&Section<'a>) -> T) -> Option<T> {
        let Some(table) = self.node.get_ref().as_table() else {
            let help = format!("write [{0}] and its keys below it, or {0} = {{ … }}", self.path);
            self.wrong_type("a table", &help);
            return None;
        };
        Some(Section::read(
            self.reader,
            self.path.clone(),
            self.node.span(),
            table,
            read,
        ))
    }
}

fn with_article(kind: &str) -> String {
    match kind {
        "integer" | "array" => format!("an {kind}"),
        "string" => "text".to_owned(),
        _ => format!("a {kind}"),
    }
}
