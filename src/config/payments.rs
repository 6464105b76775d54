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

words! {
    /// The form in which a gateway's token is handed on.
    TokenForm as "form of tokens" {
        /// As Google Pay answers: the gateway's token inside of its own data.
        GooglePay = "google_pay",
        /// The gateway's token alone.
        Bare = "bare",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the macro that declares words derives for all of them alike"
)]
impl Default for TokenForm {
    fn default() -> Self {
        Self::GooglePay
    }
}

/// Test tokens that a gateway publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The gateway's name in the feeds.
    pub gateway: &'static str,
    /// One that is charged.
    pub token: &'static str,
    /// One that is declined, if there is one.
    pub declined: Option<&'static str>,
    /// One that is charged, by card network.
    pub by_network: &'static [(CardNetwork, &'static str)],
}

const PUBLISHED: [Published; 3] = [
    Published {
        gateway: "stripe",
        token: "tok_visa",
        declined: Some("tok_chargeDeclined"),
        by_network: &[
            (CardNetwork::Visa, "tok_visa"),
            (CardNetwork::Mastercard, "tok_mastercard"),
            (CardNetwork::Amex, "tok_amex"),
            (CardNetwork::Discover, "tok_discover"),
            (CardNetwork::Jcb, "tok_jcb"),
        ],
    },
    Published {
        gateway: "braintree",
        token: "fake-valid-nonce",
        declined: Some("fake-processor-declined-visa-nonce"),
        by_network: &[
            (CardNetwork::Visa, "fake-valid-visa-nonce"),
            (CardNetwork::Mastercard, "fake-valid-mastercard-nonce"),
            (CardNetwork::Amex, "fake-valid-amex-nonce"),
            (CardNetwork::Discover, "fake-valid-discover-nonce"),
            (CardNetwork::Jcb, "fake-valid-jcb-nonce"),
        ],
    },
    Published {
        gateway: "example",
        token: "examplePaymentMethodToken",
        declined: None,
        by_network: &[],
    },
];

impl Published {
    /// Of the gateway with this name in the feeds.
    pub fn by(gateway: &str) -> Option<&'static Self> {
        PUBLISHED.iter().find(|known| known.gateway == gateway)
    }
}

impl Gateway {
    /// The name that stands in `tokenization_parameter` of the feeds.
    pub fn name(&self) -> &str {
        match self {
            Self::Stripe => "stripe",
            Self::Braintree => "braintree",
            Self::Example => "example",
            Self::Other(name) => name,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Stripe, Self::Braintree, Self::Example];
        all.into_iter().find(|gateway| gateway.name() == name)
    }
}

/// A token that a target may not have.
#[derive(Debug, Clone)]
pub enum TestToken {
    /// The token.
    Token(Text),
    /// Declared as not there, with the reason.
    None(String),
}

/// What test bookings are paid with. `{fresh}` in a token becomes different in every request.
#[derive(Debug, Clone, Default)]
pub struct Payments {
    /// The gateway; absent means the one that the merchant's feed names.
    pub gateway: Option<Gateway>,
    /// A token that is charged; absent means the one that the gateway publishes.
    pub token: Option<Text>,
    /// Whether the token goes out as Google Pay hands it on, or alone.
    pub token_form: TokenForm,
    /// A token that is declined; absent means the one that the gateway publishes.
    pub declined_token: Option<TestToken>,
    /// A card network that the merchant does not take.
    pub rejected_network: Option<CardNetwork>,
    /// A token of a card of that network; absent means the one that the gateway publishes, or `token`.
    pub rejected_token: Option<Text>,
    /// A token for which a 3-D Secure 1 challenge is asked for.
    pub threeds1_token: Option<Text>,
    /// What the access control server answers when the user has passed that challenge.
    pub threeds1_response: Option<Text>,
}

impl TestToken {
    /// The token, if there is one.
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Token(text) => Some(text.expose()),
            Self::None(_) => None,
        }
    }
}

impl Payments {
    pub(super) fn read(section: &Section<'_>) -> Self {
        let text = |name| section.get(name).and_then(|value: Value<'_>| value.text());
        let token = section.get("token");
        let named = section.get("gateway");
        Self {
            gateway: named.and_then(|value| gateway(&value, token.is_some())),
            token: token.and_then(|value| value.text()),
            token_form: section
                .get("token_form")
                .and_then(|value| value.word())
                .unwrap_or_default(),
            declined_token: section.get("declined_token").and_then(|value| test_token(&value)),
            rejected_network: section.get("rejected_network").and_then(|value| value.word()),
            rejected_token: text("rejected_token"),
            threeds1_token: text("threeds1_token"),
            threeds1_response: text("threeds1_response"),
        }
    }
}

/// A token, or `{ none = "why there is none" }`.
fn test_token(value: &Value<'_>) -> Option<TestToken> {
    let table = value.node.get_ref().as_table();
    if table.is_none_or(|table| table.get("none").is_none()) {
        return value.text().map(TestToken::Token);
    }
    let reason = value.table(|section| Some(section.get("none")?.string()?.to_owned()));
    reason.flatten().map(TestToken::None)
}

fn gateway(value: &Value<'_>, has_token: bool) -> Option<Gateway> {
    let name = value.string()?;
    if let Some(gateway) = Gateway::from_name(name) {
        return Some(gateway);
    }
    let near = nearest(PUBLISHED.iter().map(|known| known.gateway), name);
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
        for known in &PUBLISHED {
            let gateway = Gateway::from_name(known.gateway);
            assert_eq!(gateway.as_ref().map(Gateway::name), Some(known.gateway));
            assert_eq!(Published::by(known.gateway), Some(known));
        }
        assert_eq!(Gateway::Other("adyen".to_owned()).name(), "adyen");
        assert_eq!(Published::by("adyen"), None);
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
