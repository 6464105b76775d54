//! Closed lists of words: one declaration gives the enum, its texts and its schema.

/// A closed list of words that a config may use.
pub(super) trait Words: Copy + 'static {
    /// What the list holds, for messages: "capability", "trigger".
    const WHAT: &'static str;

    /// Every word in the order of the documentation.
    fn all() -> &'static [Self];

    /// The word as it stands in the file.
    fn word(self) -> &'static str;
}

/// Declares an enum whose variants are words of the config.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident as $what:literal { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every member of the list, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it stands in files and reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl $crate::words::Words for $name {
            const WHAT: &'static str = $what;

            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn word(self) -> &'static str {
                self.name()
            }
        }
    };
}

pub(super) use words;

/// The known word that looks most like the one that was written.
pub(super) fn nearest<'w>(known: impl IntoIterator<Item = &'w str>, written: &str) -> Option<&'w str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&word.to_lowercase(), &lower), word))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

/// "did you mean …?", or the whole list when nothing is near.
pub(super) fn suggest(known: &[&str], written: &str) -> String {
    match nearest(known.iter().copied(), written) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("known here: {}", known.join(", ")),
    }
}
