//! Readers of values that may be, or must be, kept outside the file.

use super::reader::Reader;
use super::secret::{Reference, Secret, Text};
use super::value::Value;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

const BY_REFERENCE: &str = "keep it outside this file: { env = \"NAME\" } or { file = \"PATH\" }";

const TEST_MODE: &str = "use the keys and tokens of the gateway's test mode";

/// Marks of keys with which real money moves.
const LIVE: [&str; 4] = ["sk_live", "pk_live", "rk_live", "livemode:true"];

fn is_live(text: &str) -> bool {
    let dense: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"\"'\\".contains(*c))
        .collect();
    LIVE.iter().any(|mark| dense.contains(mark))
}

/// Refuses live payment keys wherever they stand in the file.
pub(super) fn refuse_live_keys(reader: &Reader<'_>, value: &Spanned<DeValue<'_>>) {
    match value.get_ref() {
        DeValue::String(text) if is_live(text) => {
            reader.hide(value);
            let message = "a live payment key, with which real money would move".to_owned();
            reader.problem(value.span(), message, TEST_MODE);
        }
        DeValue::Array(list) => list.iter().for_each(|item| refuse_live_keys(reader, item)),
        DeValue::Table(table) => table.iter().for_each(|(_, item)| refuse_live_keys(reader, item)),
        _ => {}
    }
}

impl Value<'_> {
    /// A secret, which must be given by reference. What stands there instead is never shown.
    pub(super) fn secret(&self) -> Option<Secret> {
        if self.node.get_ref().is_table() {
            return self.fetched();
        }
        self.reader.hide(self.node);
        self.wrong("is a secret and must not stand in the file", BY_REFERENCE);
        None
    }

    /// Text in the file or by reference; what was fetched counts as secret.
    pub(super) fn text(&self) -> Option<Text> {
        if self.node.get_ref().is_table() {
            return self.fetched().map(Text::Secret);
        }
        self.string().map(|text| Text::Plain(text.to_owned()))
    }

    /// Text in the file or by reference that is not secret in either case, such as a URL that differs per machine.
    pub(super) fn open_text(&self) -> Option<String> {
        if self.node.get_ref().is_table() {
            return self.resolved().map(|value| value.expose().to_owned());
        }
        self.string().map(str::to_owned)
    }

    fn fetched(&self) -> Option<Secret> {
        let secret = self.resolved()?;
        self.reader.remember(&secret);
        if is_live(secret.expose()) {
            self.wrong(
                "leads to a live payment key, with which real money would move",
                TEST_MODE,
            );
            return None;
        }
        Some(secret)
    }

    fn resolved(&self) -> Option<Secret> {
        let reference = self.reference()?;
        if !self.reader.follows_references() {
            return None;
        }
        let resolved = reference.resolve(self.reader.folder(), self.reader.env());
        let help = match reference {
            Reference::Env(_) => "set it in the environment of this command",
            Reference::File(_) => {
                "write the value into that file; the path is relative to the folder of this file"
            }
        };
        resolved
            .map_err(|error| self.wrong(&format!("has no value: {error}"), help))
            .ok()
    }

    fn reference(&self) -> Option<Reference> {
        let both = self.table(|section| {
            let env = section.get("env");
            let file = section.get("file");
            let one = env.is_some() != file.is_some();
            if !one {
                self.reader.hide(self.node);
                self.wrong("must name either `env` or `file`", BY_REFERENCE);
            }
            let env = env.and_then(|name| name.variable()).map(Reference::Env);
            let file = file.and_then(|path| path.string());
            let reference = env.or(file.map(|path| Reference::File(PathBuf::from(path))));
            reference.filter(|_| one)
        });
        both.flatten()
    }

    /// The name of an environment variable; anything else might be the secret itself and is not shown.
    fn variable(&self) -> Option<String> {
        let name = self.node.get_ref().as_str().unwrap_or_default();
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(letter) {
            return Some(name.to_owned());
        }
        self.reader.hide(self.node);
        self.wrong(
            "is not the name of an environment variable",
            "write the name of the variable (letters, digits, underscores), not its value",
        );
        None
    }
}
