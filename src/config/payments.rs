//! `[payments]`: the tokens with which test bookings are paid.

use super::reader::Section;
use super::secret::Text;
use super::value::Value;
use super::words::{nearest, words};

words! {
    /// A card network, by the name that Google Pay uses in a token.
    CardNetwork as "card network" {
        /// Visa.
        Visa = "VISA",
        /// Mastercard.
        Mastercard = "MASTERCARD",
        /// American Express; `AMERICAN_EXPRESS` in feeds and booking failures.
        Amex = "AMEX",
        /// Discover.
        Discover = "DISCOVER",
        /// JCB.
        Jcb = "JCB",
    }
}

impl CardNetwork {
    /// The name that feeds and booking failures use.
    pub fn feed_name(self) -> &'static str {
        match self {
            Self::Amex => "AMERICAN_EXPRESS",
            other => other.name(),
        }
    }
}

/// A payment gateway, which decides the shape of the token in a booking request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gateway {
    /// Stripe: a serialized Token object.
    Stripe,
    /// Braintree: a nonce in a list of cards.
    Braintree,
    /// Google Pay's own placeholder.
    Example,
    /// Any other, by the name that the feeds give it: the token is passed on untouched.
    Other(String),
}

/// Test tokens that a gateway publishes: one that is charged, one that is declined.
const PUBLISHED: [(&str, Gateway, &str, Option<&str>); 3] = [
    ("stripe", Gateway::Stripe, "tok_visa", Some("tok_chargeDeclined")),
    (
        "braintree",
        Gateway::Braintree,
        "fake-valid-nonce",
        Some("fake-processor-declined-visa-nonce"),
    ),
    ("example", Gateway::Example, "examplePaymentMethodToken", None),
];

impl Gateway {
    /// The name that stands in `tokenization_parameter` of the feeds.
    pub fn name(&self) -> &str {
        let known = PUBLISHED.iter().find(|(_, gateway, ..)| gateway == self);
        match (self, known) {
            (Self::Other(name), _) => name,
            (_, Some((name, ..))) => name,
            (_, None) => "example",
        }
    }

    fn tokens(&self) -> (Option<Text>, Option<Text>) {
        let known = PUBLISHED.iter().find(|(_, gateway, ..)| gateway == self);
        let plain = |token: &str| Text::Plain(token.to_owned());
        match known {
            Some((_, _, token, declined)) => (Some(plain(token)), declined.map(plain)),
            None => (None, None),
        }
    }
}

/// What test bookings are paid with.
#[derive(Debug, Clone, Default)]
pub struct Payments {
    /// The gateway; absent means the one that the merchant's feed names.
    pub gateway: Option<Gateway>,
    /// A token that is charged; by default the one that the gateway publishes.
    pub token: Option<Text>,
    /// A token that is declined; by default the one that the gateway publishes.
    pub declined_token: Option<Text>,
    /// A card network that the merchant does not take.
    pub rejected_network: Option<CardNetwork>,
}

impl Payments {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let token = section.get("token");
        let named = section.get("gateway");
        let gateway = named.and_then(|value| gateway(&value, token.is_some()));
        let (published, published_declined) = gateway.as_ref().map(Gateway::tokens).unwrap_or_default();
        let declined = section.get("declined_token").and_then(|value| value.text());
        Self {
            token: token.and_then(|value| value.text()).or(published),
            declined_token: declined.or(published_declined),
            rejected_network: section.get("rejected_network").and_then(|value| value.word()),
            gateway,
        }
    }
}

fn gateway(value: &Value<'_>, has_token: bool) -> Option<Gateway> {
    let name = value.string()?;
    if let Some((_, gateway, ..)) = PUBLISHED.iter().find(|(known, ..)| *known == name) {
        return Some(gateway.clone());
    }
    let near = nearest(PUBLISHED.iter().map(|(known, ..)| *known), name);
    match (near, has_token) {
        (Some(near), _) => value.wrong("is no known gateway", format!("did you mean `{near}`?")),
        (None, true) => return Some(Gateway::Other(name.to_owned())),
        (None, false) => value.wrong(
            "has no published test tokens",
            "add token = … (and declined_token = …) from the gateway's test mode",
        ),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_keeps_its_name_and_its_published_tokens() {
        for (name, gateway, token, declined) in &PUBLISHED {
            assert_eq!(gateway.name(), *name);
            let (charged, refused) = gateway.tokens();
            assert_eq!(charged.as_ref().map(Text::expose), Some(*token));
            assert_eq!(refused.as_ref().map(Text::expose), *declined);
        }
        assert_eq!(Gateway::Other("adyen".to_owned()).name(), "adyen");
    }

    #[test]
    fn american_express_has_two_names() {
        assert_eq!(
            (CardNetwork::Amex.name(), CardNetwork::Amex.feed_name()),
            ("AMEX", "AMERICAN_EXPRESS")
        );
        assert_eq!(CardNetwork::Jcb.feed_name(), "JCB");
    }
}
