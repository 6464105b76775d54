//! The cards with which test bookings are paid: good ones, and ones with which something known happens.

use super::token::TokenShape;
use config::{CardNetwork, Payments, Published, Text, TokenForm};
use domain::slot::Slot;
use scenario::Card;

/// The token for a gateway without published test cards.
const PLACEHOLDER: &str = "examplePaymentMethodToken";

/// The part of a token that is different in every request.
const FRESH: &str = "{fresh}";

/// The cards of a target.
#[derive(Debug, Clone, Default)]
pub struct TestCards {
    payments: Payments,
}

impl TestCards {
    /// The cards that a config names, and those that gateways publish.
    pub fn new(payments: &Payments) -> Self {
        Self {
            payments: payments.clone(),
        }
    }

    /// True when a slot can be paid with such a card.
    pub fn can_pay(&self, card: &Card, slot: &Slot) -> bool {
        let needs_card = slot.terms.card_required;
        needs_card && self.card_token(card, slot).is_some()
    }

    /// True when every request gets a token of its own.
    pub fn is_fresh(&self) -> bool {
        let token = self.payments.token.as_ref();
        token.is_some_and(|token| token.expose().contains(FRESH))
    }

    /// The outcome of a 3-D Secure 1 challenge that was passed.
    pub fn challenge_response(&self) -> Option<&str> {
        self.payments.threeds1_response.as_ref().map(Text::expose)
    }

    /// The text of `unparsed_payment_method_token`, different in every request where the token has a `{fresh}` part.
    pub(super) fn token(&self, card: &Card, slot: &Slot, fresh: &str) -> String {
        let (token, network) = self
            .card_token(card, slot)
            .unwrap_or_else(|| self.good_token(slot));
        let shape = TokenShape {
            gateway: self.gateway(slot),
            token,
            network: network.name().to_owned(),
        };
        let form = match card {
            Card::GooglePay => TokenForm::GooglePay,
            Card::Bare => TokenForm::Bare,
            _ => self.payments.token_form,
        };
        match form {
            TokenForm::GooglePay => shape.render(fresh),
            TokenForm::Bare => shape.bare(fresh),
        }
    }

    /// The gateway's token and the network of its card, if there is such a card.
    fn card_token(&self, card: &Card, slot: &Slot) -> Option<(String, CardNetwork)> {
        let (good, network) = self.good_token(slot);
        match card {
            Card::Good | Card::GooglePay | Card::Bare | Card::UsedFor(_) => Some((good, network)),
            Card::Declined => Some((self.declined_token(slot)?, network)),
            Card::Challenged => Some((text(self.payments.threeds1_token.as_ref())?, network)),
            Card::RejectedType => self.rejected_token(slot),
        }
    }

    fn good_token(&self, slot: &Slot) -> (String, CardNetwork) {
        let network = first_network(slot);
        let token = text(self.payments.token.as_ref()).or_else(|| self.published_token(network, slot));
        (token.unwrap_or_else(|| PLACEHOLDER.to_owned()), network)
    }

    fn declined_token(&self, slot: &Slot) -> Option<String> {
        match &self.payments.declined_token {
            Some(token) => token.token().map(ToOwned::to_owned),
            None => self.published_cards(slot)?.declined.map(ToOwned::to_owned),
        }
    }

    /// A card that the feed says is not taken; where the feed says nothing, every card is.
    fn rejected_token(&self, slot: &Slot) -> Option<(String, CardNetwork)> {
        let network = self.payments.rejected_network?;
        let taken = slot.terms.accepted_networks.as_ref()?;
        if taken.iter().any(|name| name == network.feed_name()) {
            return None;
        }
        let own = text(self.payments.rejected_token.as_ref()).or_else(|| text(self.payments.token.as_ref()));
        Some((own.or_else(|| self.published_token(network, slot))?, network))
    }

    fn published_cards(&self, slot: &Slot) -> Option<&'static Published> {
        Published::by(&self.gateway(slot))
    }

    fn published_token(&self, network: CardNetwork, slot: &Slot) -> Option<String> {
        let published = self.published_cards(slot)?;
        let of_network = published.by_network.iter().find(|(known, _)| *known == network);
        Some(of_network.map_or(published.token, |(_, token)| token).to_owned())
    }

    /// The configured gateway, else the one that the merchant's feed names.
    fn gateway(&self, slot: &Slot) -> String {
        let config = slot.terms.tokenization_config.as_ref();
        let fed = config.and_then(|config| config.pointer("/tokenization_parameter/gateway")?.as_str());
        let configured = self.payments.gateway.as_ref().map(config::Gateway::name);
        configured.or(fed).unwrap_or("example").to_owned()
    }
}

fn text(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.expose().to_owned())
}

fn first_network(slot: &Slot) -> CardNetwork {
    let first = slot.terms.accepted_networks.as_ref().and_then(|all| all.first());
    let known = CardNetwork::ALL
        .iter()
        .find(|network| first.is_some_and(|name| name == network.feed_name()));
    known.copied().unwrap_or(CardNetwork::Visa)
}

#[cfg(test)]
mod tests;
