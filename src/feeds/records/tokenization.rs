//! The tokenization configuration: what its gateway needs, and what 3DS2 needs.

use super::value::{filled_text, member};
use crate::code::ProblemCode;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use serde_json::Value;

/// Parameters of a gateway; where several names stand together, one of them is enough.
type Needs = &'static [&'static [&'static str]];

const STRIPE: Needs = &[&["stripe:version"], &["stripe:publishableKey"]];
/// Google Pay takes a client token of Braintree in place of the key of the client.
const BRAINTREE: Needs = &[
    &["braintree:apiVersion"],
    &["braintree:sdkVersion"],
    &["braintree:merchantId"],
    &["braintree:clientKey", "braintree:authorizationFingerprint"],
];

/// What 3DS2 asks for, all of it or none.
const THREEDS2: [&str; 3] = [
    "merchant_of_record_name",
    "payment_country_code",
    "card_network_parameters",
];
/// The networks that have parameters.
const WITH_PARAMETERS: [&str; 2] = ["VISA", "AMERICAN_EXPRESS"];
const OF_A_NETWORK: [&str; 3] = ["card_network", "acquirer_bin", "acquirer_merchant_id"];

/// Checks a configuration in which anything is set. `networks`: those that the merchant takes, where it says so.
pub(crate) fn check(config: Option<&Value>, networks: Option<&[String]>, problems: &mut Vec<RecordProblem>) {
    let Some(config) = config.filter(|config| is_set(config)) else {
        return;
    };
    problems.extend(parameters(
        member(config, "tokenization_parameter").unwrap_or(&Value::Null),
    ));
    problems.extend(threeds2(config, networks));
    let entries = member(config, "card_network_parameters").and_then(Value::as_array);
    problems.extend(entries.into_iter().flatten().enumerate().filter_map(entry));
}

fn parameters(parameters: &Value) -> Option<RecordProblem> {
    let has = |name: &str| filled_text(member(parameters, name)).is_some();
    let needs = match filled_text(member(parameters, "gateway")) {
        None => &[&["gateway"] as &[_]] as Needs,
        Some("stripe") => STRIPE,
        Some("braintree") => BRAINTREE,
        Some(_) => &[],
    };
    let lacking = needs.iter().find(|names| !names.iter().any(|name| has(name)))?;
    let message = format!("{} is not there", lacking.join(" or "));
    let field = "tokenization_config.tokenization_parameter";
    Some(RecordProblem::new(
        ProblemCode::IncompleteTokenization,
        field,
        message,
    ))
}

fn threeds2(config: &Value, networks: Option<&[String]>) -> Option<RecordProblem> {
    let has = |name: &str| member(config, name).is_some_and(is_set);
    if !THREEDS2.into_iter().any(has) {
        return None;
    }
    let in_question = networks.is_none_or(|taken| {
        taken
            .iter()
            .any(|network| WITH_PARAMETERS.contains(&network.as_str()))
    });
    let needed = |name: &&str| *name != "card_network_parameters" || in_question;
    let lacking = THREEDS2.into_iter().filter(needed).find(|name| !has(name))?;
    let message =
        "3DS2 needs the merchant of record, the country of payment and the parameters of card networks";
    let field = format!("tokenization_config.{lacking}");
    Some(RecordProblem::new(
        ProblemCode::IncompleteThreeds2,
        field,
        message,
    ))
}

fn entry((index, entry): (usize, &Value)) -> Option<RecordProblem> {
    let lacking = OF_A_NETWORK
        .into_iter()
        .find(|name| !member(entry, name).is_some_and(is_set))?;
    let field = format!("tokenization_config.card_network_parameters[{index}].{lacking}");
    Some(RecordProblem::new(
        ProblemCode::IncompleteThreeds2,
        field,
        "required, and absent",
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn codes_for(config: &Value, networks: Option<&[String]>) -> Vec<ProblemCode> {
        let mut problems = Vec::new();
        check(Some(config), networks, &mut problems);
        problems.into_iter().map(|problem| problem.code).collect()
    }

    fn codes(config: &Value) -> Vec<ProblemCode> {
        codes_for(config, None)
    }

    fn with_gateway() -> Value {
        json!({ "tokenization_parameter": { "gateway": "adyen", "gatewayMerchantId": "m" } })
    }

    #[test]
    fn known_gateways_have_all_their_parameters() {
        let stripe =
            json!({ "gateway": "stripe", "stripe:version": "2018-10-31", "stripe:publishableKey": "pk" });
        let braintree = json!({ "gateway": "braintree", "braintree:apiVersion": "v1", "braintree:sdkVersion": "1",
            "braintree:merchantId": "m", "braintree:authorizationFingerprint": "f" });
        for parameters in [stripe, braintree] {
            let whole = json!({ "tokenization_parameter": parameters });
            assert_eq!(codes(&whole), []);
            for name in parameters.as_object().unwrap().keys() {
                let mut less = whole.clone();
                less["tokenization_parameter"][name] = json!("");
                assert_eq!(codes(&less), [ProblemCode::IncompleteTokenization], "{name}");
            }
        }
        assert_eq!(codes(&with_gateway()), []);
        assert_eq!(
            codes(&json!({ "billing_information_format": "MIN" })),
            [ProblemCode::IncompleteTokenization]
        );
        assert_eq!(
            codes(&json!({ "tokenization_parameter": {} })),
            [],
            "nothing is set"
        );
    }

    #[test]
    fn what_3ds2_needs_is_there_as_a_whole_or_not_at_all() {
        let mut config = with_gateway();
        config["card_network_parameters"] = json!([]);
        config["merchant_of_record_name"] = json!("Harbour Lane");
        assert_eq!(codes(&config), [ProblemCode::IncompleteThreeds2]);
        config["payment_country_code"] = json!("FR");
        assert_eq!(codes(&config), [ProblemCode::IncompleteThreeds2]);
        assert_eq!(codes_for(&config, Some(&["MASTERCARD".to_owned()])), []);
        let visa = json!({ "card_network": "VISA", "acquirer_bin": "400000", "acquirer_merchant_id": "77" });
        config["card_network_parameters"] = json!([visa]);
        assert_eq!(codes(&config), []);
        config["card_network_parameters"][0]["acquirer_bin"] = json!(null);
        assert_eq!(codes(&config), [ProblemCode::IncompleteThreeds2]);
    }
}
