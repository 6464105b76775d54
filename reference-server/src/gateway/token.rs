//! The payment token that Google passes on: a Google Pay answer around a gateway's token, or that alone.

use crate::messages::CreditCardType;
use serde_json::Value;
use std::fmt;

/// A gateway's token: a secret that works once. It is neither shown nor logged.
#[derive(Clone, PartialEq, Eq)]
pub struct CardToken(String);

impl CardToken {
    /// The token itself, for the call to the gateway and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardToken([redacted])")
    }
}

/// What the unparsed token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaymentToken {
    pub(crate) card: CardToken,
    /// Known only where Google Pay's answer came whole.
    pub(crate) network: Option<CreditCardType>,
}

impl PaymentToken {
    /// `None` when there is no token in it.
    pub(crate) fn parse(unparsed: &str) -> Option<Self> {
        let Some(method) = method_data(unparsed) else {
            return Self::with(unparsed, None);
        };
        let network = method
            .pointer("/info/cardNetwork")
            .and_then(Value::as_str)
            .map(network_of);
        Self::with(method.pointer("/tokenizationData/token")?.as_str()?, network)
    }

    fn with(gateway_token: &str, network: Option<CreditCardType>) -> Option<Self> {
        let card = gateway_token_id(gateway_token);
        (!card.trim().is_empty()).then_some(Self {
            card: CardToken(card),
            network,
        })
    }
}

fn method_data(unparsed: &str) -> Option<Value> {
    let mut data: Value = serde_json::from_str(unparsed).ok()?;
    data.get_mut("paymentMethodData").map(Value::take)
}

/// Stripe wraps the id in an object; signed and encrypted tokens go to the gateway untouched.
fn gateway_token_id(token: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(token).ok();
    let id = parsed
        .as_ref()
        .and_then(|object| object.get("id"))
        .and_then(Value::as_str);
    id.unwrap_or(token).to_owned()
}

/// Google Pay and the booking server spell one network differently.
fn network_of(name: &str) -> CreditCardType {
    match name {
        "VISA" => CreditCardType::Visa,
        "MASTERCARD" => CreditCardType::Mastercard,
        "AMEX" | "AMERICAN_EXPRESS" => CreditCardType::AmericanExpress,
        "DISCOVER" => CreditCardType::Discover,
        "JCB" => CreditCardType::Jcb,
        _ => CreditCardType::Unspecified,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use serde_json::json;

    fn google_pay(network: &str, token: &str) -> String {
        json!({ "apiVersion": 2, "paymentMethodData": { "type": "CARD", "info": { "cardNetwork": network },
            "tokenizationData": { "type": "PAYMENT_GATEWAY", "token": token } } })
        .to_string()
    }

    #[test]
    fn a_stripe_token_inside_a_google_pay_answer() {
        let token = PaymentToken::parse(&google_pay("AMEX", r#"{"id":"tok_1","object":"token"}"#)).unwrap();
        assert_eq!(token.card.reveal(), "tok_1");
        assert_eq!(token.network, Some(CreditCardType::AmericanExpress));
    }

    #[test]
    fn a_signed_token_goes_on_untouched() {
        let signed = r#"{"signature":"MEUC","protocolVersion":"ECv2"}"#;
        assert_eq!(
            PaymentToken::parse(&google_pay("VISA", signed))
                .unwrap()
                .card
                .reveal(),
            signed
        );
    }

    #[test]
    fn a_bare_token_is_taken() {
        let token = PaymentToken::parse("tok_bare").unwrap();
        assert_eq!((token.card.reveal(), token.network), ("tok_bare", None));
        assert_eq!(
            PaymentToken::parse(r#"{"id":"tok_2"}"#).unwrap().card.reveal(),
            "tok_2"
        );
    }

    #[test]
    fn nothing_is_not_a_token() {
        assert_eq!(PaymentToken::parse("  "), None);
        assert_eq!(PaymentToken::parse(&google_pay("VISA", "")), None);
        assert_eq!(PaymentToken::parse(r#"{"paymentMethodData":{}}"#), None);
    }

    #[test]
    fn a_token_is_not_shown() {
        let token = PaymentToken::parse("tok_secret").unwrap();
        assert!(!format!("{token:?}").contains("tok_secret"));
    }
}
