//! What the partner asks of Google that no scenario brings about: access tokens, and changes of merchants, services and
//! records.

use super::clock::Clock;
use google::{Act, Call, ResourceKind, Route};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use transcript::{ResourceAct, ResourceCall, TokenRequest};

/// So many of each sort are kept: a partner that repeats itself for ever must not fill the memory.
const KEPT: usize = 5_000;

/// A call that belongs to the run as a whole.
#[derive(Debug, Clone)]
pub(super) enum OtherCall {
    Token(TokenRequest),
    Resource(ResourceCall),
}

/// The calls that belong to the run as a whole, in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherCalls {
    /// The partner's requests to the token endpoint.
    pub token_requests: Vec<TokenRequest>,
    /// Its calls about merchants, services and records of feeds.
    pub resources: Vec<ResourceCall>,
}

impl OtherCalls {
    /// Files a call that came now.
    pub(super) fn file(&mut self, call: OtherCall, clock: &dyn Clock) {
        match call {
            OtherCall::Token(mut request) if self.token_requests.len() < KEPT => {
                request.at_ms = clock.elapsed_ms();
                self.token_requests.push(request);
            }
            OtherCall::Resource(mut call) if self.resources.len() < KEPT => {
                call.at_ms = clock.elapsed_ms();
                self.resources.push(call);
            }
            OtherCall::Token(_) | OtherCall::Resource(_) => {}
        }
    }
}

/// The recorded form of a masked call that belongs to the run, if it is one.
pub(super) fn other_call(call: &Call) -> Option<OtherCall> {
    if call.route == Route::Token {
        return Some(OtherCall::Token(token_request(call)));
    }
    Some(OtherCall::Resource(ResourceCall {
        verb: call.method.clone(),
        target: call.target.clone(),
        at_ms: 0,
        status: call.answer.status,
        refusal: refusal(call),
        act: act(call)?,
    }))
}

/// Why it was refused, where nothing went wrong on purpose.
fn refusal(call: &Call) -> Option<String> {
    let words = call.answer.body.as_ref()?.pointer("/error/message")?.as_str()?;
    call.fault.is_none().then(|| words.to_owned())
}

fn act(call: &Call) -> Option<ResourceAct> {
    let body = call.json.as_ref();
    let service = || ResourceAct::service(body.unwrap_or(&Value::Null));
    let merchant = || ResourceAct::merchant(body.unwrap_or(&Value::Null));
    let mask = || {
        parameter(&call.target, ["updateMask", "update_mask"])
            .map(|mask| mask.split(',').map(|path| path.trim().to_owned()).collect())
    };
    match &call.route {
        Route::Records { delete, .. } => Some(ResourceAct::of_records(*delete, body?)),
        Route::Resource { act, kind, ids, .. } => match (act, kind, ids.as_slice()) {
            (Act::Create, ResourceKind::Merchant, []) => Some(ResourceAct::CreateMerchant {
                id: parameter(&call.target, ["merchantId", "merchant_id"]),
                merchant: merchant(),
            }),
            (Act::Patch, ResourceKind::Merchant, [id]) => Some(ResourceAct::UpdateMerchant {
                merchant_id: id.clone(),
                mask: mask(),
                merchant: merchant(),
            }),
            (Act::Delete, ResourceKind::Merchant, [id]) => Some(ResourceAct::DeleteMerchant {
                merchant_id: id.clone(),
            }),
            (Act::Delete, ResourceKind::Service, [merchant, id]) => Some(ResourceAct::DeleteService {
                merchant_id: merchant.clone(),
                service_id: id.clone(),
            }),
            (Act::Create, ResourceKind::Service, [merchant]) => Some(ResourceAct::CreateService {
                merchant_id: merchant.clone(),
                id: parameter(&call.target, ["serviceId", "service_id"]),
                service: service(),
            }),
            (Act::Patch, ResourceKind::Service, [merchant, id]) => Some(ResourceAct::UpdateService {
                merchant_id: merchant.clone(),
                service_id: id.clone(),
                mask: mask(),
                service: service(),
            }),
            _ => None,
        },
        _ => None,
    }
}

/// A parameter of the query that is not empty.
fn parameter(target: &str, names: [&str; 2]) -> Option<String> {
    let query = target.split_once('?')?.1;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(name, value)| names.contains(&name.as_ref()) && !value.is_empty());
    found.map(|(_, value)| value.into_owned())
}

fn token_request(call: &Call) -> TokenRequest {
    let asked = |pointer: &str| call.json.as_ref()?.pointer(pointer).cloned();
    let answered = |name: &str| {
        call.answer
            .body
            .as_ref()?
            .get(name)?
            .as_str()
            .map(ToOwned::to_owned)
    };
    TokenRequest {
        at_ms: 0,
        algorithm: asked("/header/alg").and_then(|alg| alg.as_str().map(ToOwned::to_owned)),
        claims: asked("/claims").unwrap_or_default(),
        granted: answered("access_token").is_some(),
        error: answered("error_description"),
        fault: call.fault.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_in_the_query_is_one_that_is_not_empty() {
        let id = |target| parameter(target, ["merchantId", "merchant_id"]);
        assert_eq!(
            id("/v1alpha/inventory/partners/1/merchants?merchantId=a%2Fb").as_deref(),
            Some("a/b")
        );
        assert_eq!(id("/merchants?x=1&merchant_id=m").as_deref(), Some("m"));
        assert_eq!(id("/merchants?merchantId="), None);
        assert_eq!(id("/merchants"), None);
    }
}
