//! Secrets are masked by value, in every form in which they could come back, before anything is recorded.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{Engine as _, engine::general_purpose};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The text in place of a secret.
const MASKED: &str = "[masked]";

/// Replaces known secrets in text, whatever place they turn up in.
#[derive(Debug, Clone)]
pub struct Masker {
    automaton: Option<AhoCorasick>,
    forms: usize,
}

impl Masker {
    /// A masker for these secrets; those under four characters are ignored, since they would blank out ordinary text.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let forms: Vec<String> = secrets
            .into_iter()
            .filter(|secret| secret.len() >= 4)
            .flat_map(forms)
            .collect();
        let automaton = (!forms.is_empty())
            .then(|| {
                AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(&forms)
                    .ok()
            })
            .flatten();
        Self {
            automaton,
            forms: forms.len(),
        }
    }

    /// The text with every secret replaced.
    pub fn mask(&self, text: &str) -> String {
        match &self.automaton {
            Some(automaton) => automaton.replace_all(text, &vec![MASKED; self.forms]),
            None => text.to_owned(),
        }
    }
}

/// As it is, inside JSON, inside JSON inside JSON, percent-encoded, and base64 in both alphabets.
fn forms(secret: &str) -> Vec<String> {
    let json = json_inner(secret);
    let mut forms = vec![
        secret.to_owned(),
        json_inner(&json),
        json,
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        general_purpose::STANDARD_NO_PAD.encode(secret),
        general_purpose::URL_SAFE_NO_PAD.encode(secret),
    ];
    forms.sort();
    forms.dedup();
    forms
}

fn json_inner(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let masker = Masker::new(["pa\"ss/word"]);
        for text in [
            "plain pa\"ss/word here",
            r#"{"echo":"pa\"ss/word"}"#,
            r#"{"inner":"{\"p\":\"pa\\\"ss/word\"}"}"#,
            "?p=pa%22ss%2Fword",
            "Basic cGEic3Mvd29yZA==",
        ] {
            let shown = masker.mask(text);
            assert!(shown.contains(MASKED), "{text} -> {shown}");
            assert!(!shown.contains("ss/word"), "{text} -> {shown}");
        }
    }

    #[test]
    fn short_values_are_left_alone() {
        assert_eq!(Masker::new(["a"]).mask("a cat"), "a cat");
    }
}
