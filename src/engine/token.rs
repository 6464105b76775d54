//! Payment tokens in the two documented shapes: what a Google Pay callback receives, around what the gateway issues.

use serde_json::{Value, json};

/// How tokens are made for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenShape {
    /// The gateway named in the merchant feed, such as `stripe`.
    pub gateway: String,
    /// The gateway's token; `{fresh}` in it becomes different in every request.
    pub token: String,
    /// The card network, in Google Pay's spelling.
    pub network: String,
}

impl TokenShape {
    /// The text of `unparsed_payment_method_token`.
    pub fn render(&self, fresh: &str) -> String {
        let inner = self.bare(fresh);
        json!({
            "apiVersion": 2,
            "apiVersionMinor": 0,
            "paymentMethodData": {
                "type": "CARD",
                "description": format!("{} 4242", self.network),
                "info": { "cardNetwork": self.network, "cardDetails": "4242" },
                "tokenizationData": { "type": "PAYMENT_GATEWAY", "token": inner },
            },
        })
        .to_string()
    }

    /// The gateway's token alone.
    pub fn bare(&self, fresh: &str) -> String {
        self.inner(&self.token.replace("{fresh}", fresh))
    }

    fn inner(&self, token: &str) -> String {
        match self.gateway.as_str() {
            "stripe" => {
                json!({ "id": token, "object": "token", "type": "card", "livemode": false, "used": false })
                    .to_string()
            }
            "braintree" => {
                let card: Value = json!({ "type": "AndroidPayCard", "nonce": token, "description": "Android Pay",
                    "details": { "cardType": self.network, "lastTwo": "42", "lastFour": "4242" } });
                json!({ "androidPayCards": [card] }).to_string()
            }
            _ => token.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn the_gateways_token_is_json_in_json_in_a_string() {
        let shape = TokenShape {
            gateway: "stripe".into(),
            token: "tok_{fresh}".into(),
            network: "VISA".into(),
        };
        let outer: Value = serde_json::from_str(&shape.render("17")).unwrap();
        assert_eq!(outer["apiVersion"], 2);
        let inner = outer
            .pointer("/paymentMethodData/tokenizationData/token")
            .unwrap()
            .as_str()
            .unwrap();
        let inner: Value = serde_json::from_str(inner).unwrap();
        assert_eq!(inner["id"], "tok_17");
        assert_eq!(inner["livemode"], false);
    }

    #[test]
    fn other_gateways_get_their_token_untouched() {
        let shape = TokenShape {
            gateway: "adyen".into(),
            token: "signed".into(),
            network: "VISA".into(),
        };
        let outer: Value = serde_json::from_str(&shape.render("1")).unwrap();
        assert_eq!(
            outer
                .pointer("/paymentMethodData/tokenizationData/token")
                .unwrap(),
            "signed"
        );
    }
}
