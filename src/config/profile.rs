//! `[profile.NAME]`: sections that are laid over those of the file.
//!
//! A key of a profile replaces the key of the same section as a whole, lists and inline tables included; a trigger is
//! such a key of `[triggers]`. What a profile does not name stays.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file without its profiles, and the profiles.
pub(super) struct Layers<'i> {
    base: DeTable<'i>,
    profiles: Option<Spanned<DeValue<'i>>>,
}

impl<'i> Layers<'i> {
    pub(super) fn of(mut file: DeTable<'i>) -> Self {
        let profiles = file.remove("profile");
        Self { base: file, profiles }
    }

    /// The file as it stands without a profile.
    pub(super) fn base(&self) -> DeTable<'i> {
        self.base.clone()
    }

    /// The whole value of `profile`, if the file has one.
    pub(super) fn profiles(&self) -> Option<&Spanned<DeValue<'i>>> {
        self.profiles.as_ref()
    }

    /// The names of all profiles.
    pub(super) fn names(&self) -> Vec<&str> {
        let table = self
            .profiles
            .as_ref()
            .and_then(|value| value.get_ref().as_table());
        let names = table.into_iter().flat_map(|table| table.iter());
        names.map(|(name, _)| name.get_ref().as_ref()).collect()
    }

    /// The file with one profile laid over it.
    pub(super) fn with(&self, name: &str) -> Option<DeTable<'i>> {
        let profile = self.profiles.as_ref()?.get_ref().get(name)?;
        let mut merged = self.base();
        for (key, over) in profile.get_ref().as_table()? {
            let under = merged.remove(key.get_ref().as_ref());
            merged.insert(key.clone(), laid_over(under, over));
        }
        Some(merged)
    }
}

fn laid_over<'i>(under: Option<Spanned<DeValue<'i>>>, over: &Spanned<DeValue<'i>>) -> Spanned<DeValue<'i>> {
    let mut under = match under {
        Some(under) if under.get_ref().is_table() => under,
        _ => return over.clone(),
    };
    let (DeValue::Table(section), DeValue::Table(changes)) = (under.get_mut(), over.get_ref()) else {
        return over.clone();
    };
    for (key, value) in changes {
        section.remove(key.get_ref().as_ref());
        section.insert(key.clone(), value.clone());
    }
    under
}
