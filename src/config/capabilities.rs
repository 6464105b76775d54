//! `[capabilities]`: what a target declares that it can do.

use super::reader::Section;
use super::words::suggest;
use domain::Capability;
use std::collections::BTreeMap;

/// What the config declares. What it leaves unset is read from the feeds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities(BTreeMap<Capability, bool>);

impl Capabilities {
    /// What is declared about a capability, if anything is.
    pub fn declared(&self, capability: Capability) -> Option<bool> {
        self.0.get(&capability).copied()
    }

    pub(super) fn read(section: &Section<'_>) -> Self {
        let entries = section.entries().into_iter().filter_map(|(value, name, span)| {
            let capability = Capability::ALL.iter().find(|known| known.name() == name);
            if capability.is_none() {
                let known: Vec<_> = Capability::ALL.iter().map(|known| known.name()).collect();
                section.reader.problem(
                    span,
                    format!("no capability is called `{name}`"),
                    suggest(&known, name),
                );
                section.reader.hide(value.node);
            }
            Some((*capability?, value.boolean()?))
        });
        Self(entries.collect())
    }
}
