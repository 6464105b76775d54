//! A mistake of form: a key or a value that cannot stand where it stands.

use super::tree::Span;
use crate::wire::likeliest;
use std::fmt;

/// A mistake of form.
#[derive(Debug, Clone)]
pub(crate) struct FormFault {
    /// What is wrong.
    pub(crate) kind: FormFaultKind,
    /// The verb of the step that it is in, where it is one of its own keys.
    pub(crate) verb: Option<&'static str>,
    /// Where it is shown, and what has to go so that the rest can be read; none until that is known.
    pub(super) place: Option<FaultPlace>,
}

/// What is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormFaultKind {
    /// A key that does not belong there, and those that do.
    UnknownKey(String, &'static [&'static str]),
    /// A word that is none of those that can stand there.
    UnknownWord(String, &'static [&'static str]),
    /// A key that has to be there.
    MissingKey(&'static str),
    /// Exactly one of these keys has to be there; those that are.
    NotOneVerb(Vec<&'static str>, &'static [&'static str]),
    /// Anything else, as a sentence.
    Other(String),
}

/// Where a mistake of form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FaultPlace {
    /// What is shown.
    pub(super) shown: Span,
    /// The key or the value that has to go.
    pub(super) dropped: Span,
    /// True when that is a key.
    pub(super) is_key: bool,
}

impl FaultPlace {
    /// A value.
    pub(super) fn value(span: Span) -> Self {
        Self {
            shown: span,
            dropped: span,
            is_key: false,
        }
    }

    /// A key.
    pub(super) fn key(span: Span) -> Self {
        Self {
            shown: span,
            dropped: span,
            is_key: true,
        }
    }
}

impl FormFault {
    /// A mistake whose place is not known yet.
    pub(super) fn new(kind: FormFaultKind) -> Self {
        Self {
            kind,
            verb: None,
            place: None,
        }
    }

    /// The innermost place counts.
    pub(super) fn at(mut self, place: FaultPlace) -> Self {
        self.place.get_or_insert(place);
        self
    }

    /// The same among the keys of a step with that verb.
    pub(super) fn in_step(mut self, verb: Option<&'static str>) -> Self {
        if self.place.is_none() {
            self.verb = verb;
        }
        self
    }

    /// Where it is shown.
    pub(crate) fn span(&self) -> Span {
        self.place.map_or((0, 0), |place| place.shown)
    }

    /// The key of a step that does not belong to its verb.
    pub(crate) fn misplaced_key(&self) -> Option<&str> {
        match (&self.kind, self.verb) {
            (FormFaultKind::UnknownKey(name, _), Some(_)) => Some(name),
            _ => None,
        }
    }

    /// The next step, where one can be told: the text is the file's, the owners are verbs to which the key belongs.
    pub(crate) fn help(&self, text: &str, owners: &[String]) -> Option<String> {
        if let Some(help) = unquoted(text, self.span().0) {
            return Some(help);
        }
        let one_of = |known: &[&str]| format!("it is one of: {}", known.join(", "));
        match &self.kind {
            FormFaultKind::UnknownKey(wrong, known) if owners.is_empty() => {
                let meant = likeliest(wrong, known).map(|name| format!("did you mean `{name}`?"));
                Some(meant.unwrap_or_else(|| one_of(known)))
            }
            FormFaultKind::UnknownKey(..) => Some(format!("it belongs to: {}", owners.join(", "))),
            FormFaultKind::UnknownWord(wrong, known) => {
                let meant = likeliest(wrong, known).map(|name| format!("did you mean `{name}`?"));
                Some(meant.unwrap_or_else(|| one_of(known)))
            }
            FormFaultKind::MissingKey(name) => Some(format!("add `{name}: …`")),
            FormFaultKind::NotOneVerb(_, verbs) => {
                Some(format!("a step has exactly one of {}", verbs.join(", ")))
            }
            FormFaultKind::Other(_) => None,
        }
    }
}

/// What to do about a template without quotes, which YAML takes for a map in a map.
pub(super) fn unquoted(text: &str, offset: usize) -> Option<String> {
    let rest = text.get(offset..)?.strip_prefix('{')?;
    rest.trim_start()
        .starts_with('{')
        .then(|| "quote the template: \"{{ … }}\"".to_owned())
}

fn article(verb: &str) -> &'static str {
    if verb.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

impl fmt::Display for FormFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.verb) {
            (FormFaultKind::UnknownKey(name, _), Some(verb)) => {
                write!(f, "`{name}` does not belong to {} `{verb}` step", article(verb))
            }
            (FormFaultKind::UnknownKey(name, _), None) => write!(f, "unknown field `{name}`"),
            (FormFaultKind::UnknownWord(word, _), _) => write!(f, "unknown variant `{word}`"),
            (FormFaultKind::MissingKey(name), Some(verb)) => {
                write!(f, "{} `{verb}` step needs `{name}`", article(verb))
            }
            (FormFaultKind::MissingKey(name), None) => write!(f, "missing field `{name}`"),
            (FormFaultKind::NotOneVerb(verbs, _), _) if verbs.is_empty() => {
                f.write_str("the step says nothing to do")
            }
            (FormFaultKind::NotOneVerb(verbs, _), _) => {
                write!(f, "the step says {} at once", verbs.join(" and "))
            }
            (FormFaultKind::Other(message), _) => f.write_str(message),
        }
    }
}

impl std::error::Error for FormFault {}

impl serde::de::Error for FormFault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(FormFaultKind::Other(message.to_string()))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(FormFaultKind::UnknownKey(field.to_owned(), expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(FormFaultKind::UnknownWord(variant.to_owned(), expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(FormFaultKind::MissingKey(field))
    }
}
