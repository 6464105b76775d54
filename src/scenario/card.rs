//! The card that a booking is paid with: a good one, or one with which something known happens.

use super::model::{SlotNeed, Step};
use super::reading::At;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// A card, as an author names it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CardFile {
    /// A good one, its token as Google Pay hands it on, whatever form the config asks for.
    GooglePay,
    /// A good one, its token alone as the gateway made it, whatever form the config asks for.
    Bare,
    /// One that its bank declines.
    Declined,
    /// One of a type that the merchant does not take.
    RejectedType,
    /// One for which a 3-D Secure 1 challenge is asked for.
    Challenged,
    /// The card of that earlier call, with the very same token.
    UsedFor(At<String>),
}

/// The card that a call is paid with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Card {
    /// A good one, in the form that the target asks for.
    #[default]
    Good,
    /// A good one as Google Pay hands it on.
    GooglePay,
    /// A good one as the gateway made it.
    Bare,
    /// One that its bank declines.
    Declined,
    /// One of a type that the merchant does not take.
    RejectedType,
    /// One for which a 3-D Secure 1 challenge is asked for.
    Challenged,
    /// The token of that earlier call.
    UsedFor(String),
}

impl From<&CardFile> for Card {
    fn from(file: &CardFile) -> Self {
        match file {
            CardFile::GooglePay => Self::GooglePay,
            CardFile::Bare => Self::Bare,
            CardFile::Declined => Self::Declined,
            CardFile::RejectedType => Self::RejectedType,
            CardFile::Challenged => Self::Challenged,
            CardFile::UsedFor(label) => Self::UsedFor(label.get().clone()),
        }
    }
}

/// Tells every slot with which cards it is to be paid.
pub(super) fn note(slots: &mut IndexMap<String, SlotNeed>, steps: &[Step]) {
    for step in steps {
        let Step::Call(call) = step else { continue };
        if call.card == Card::Good {
            continue;
        }
        let need = match &call.slot {
            Some(name) => slots.get_mut(name),
            None => slots.values_mut().next(),
        };
        if let Some(need) = need {
            need.cards.push(call.card.clone());
        }
    }
}
