//! What a dumb server is, and what has to be said of it.

use crate::trial::alter::Alter;
use wiremock::Mock;

/// Where a dumb server comes from.
pub(crate) enum Server {
    /// Scripted.
    Script(fn() -> Vec<Mock>),
    /// The reference partner with something else in front.
    Altered(fn() -> Alter),
}

/// The MUSTs that may be called kept.
pub(crate) enum Kept {
    /// These and no others.
    Only(&'static [&'static str]),
    /// All but those whose id begins like this.
    AllBut(&'static [&'static str]),
}

/// A dumb server.
pub(crate) struct Dumb {
    /// Short and unique.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) server: Server,
    /// What its first finding may be about; nothing is found where there is none.
    pub(crate) first: &'static [&'static str],
    /// The cause, of which the first finding has to use one word; where nothing is found, the reason why nothing could be judged.
    pub(crate) words: &'static [&'static str],
    /// What is violated beside that: nothing else may be found.
    pub(crate) also: &'static [&'static str],
    /// What may be called kept.
    pub(crate) kept: Kept,
    /// So many distinct findings at most.
    pub(crate) most: usize,
    /// The exit code.
    pub(crate) exit: u8,
}

impl Dumb {
    /// What most have in common: at most five findings, nothing kept, exit 1.
    pub(crate) const USUAL: Self = Self {
        name: "",
        server: Server::Script(Vec::new),
        first: &[],
        words: &[],
        also: &[],
        kept: Kept::Only(&[]),
        most: 5,
        exit: 1,
    };
}
