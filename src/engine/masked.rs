//! A call to Google's side without the secrets that the partner has written into it. Whatever is recorded or shown of a
//! call is made from this.

use google::{Call, Route};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use transcript::Masker;

/// The call with every secret masked, wherever the partner has put it.
pub fn masked(call: &Call, masker: &Masker) -> Call {
    let mut masked = call.clone();
    let (of_target, of_body) = mask_texts(&mut masked, call, masker);
    let json = |value: &Option<Value>| value.as_ref().map(|value| masker.mask_json(value));
    // What was read from a text that holds no secret holds none, so most calls are looked at once.
    if of_target {
        masked.route = again(&call.route, masker).unwrap_or(Route::Unknown);
        masked.update_mask = call.update_mask.as_ref().and_then(|mask| again(mask, masker));
        masked.booking_failure = json(&call.booking_failure);
    }
    // Of a long body the rest is in the JSON alone, and so are the claims of a token request.
    if of_body || call.body.len() < call.body_len || call.route == Route::Token {
        masked.json = json(&call.json);
        masked.decoded = json(&call.decoded);
    }
    // These may hold what came with an earlier call.
    masked.lints.retain_mut(|lint| {
        again(lint, masker).is_some_and(|shown| {
            *lint = shown;
            true
        })
    });
    masked.answer.body = json(&call.answer.body);
    masked.before = call.before.as_ref().and_then(|copy| again(copy, masker));
    masked.booking = call.booking.as_ref().and_then(|copy| again(copy, masker));
    masked
}

/// Masks the texts of a call together; true for its target and for its body if they held a secret.
fn mask_texts(masked: &mut Call, call: &Call, masker: &Masker) -> (bool, bool) {
    let body = String::from_utf8_lossy(&call.body);
    let headers = call.headers.iter();
    let headers = headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    let texts: Vec<&str> = [call.method.as_str(), call.target.as_str(), &*body]
        .into_iter()
        .chain(headers)
        .collect();
    let shown = masker.mask_all(&texts);
    let [is_of_target, is_of_body] = [1, 2].map(|at| shown[at] != texts[at]);
    let mut shown = shown.into_iter();
    let mut next = || shown.next().unwrap_or_default();
    masked.method = next();
    masked.target = next();
    let body = next();
    if is_of_body {
        masked.body = body.into();
    }
    masked.headers = call.headers.iter().map(|_| (next(), next())).collect();
    (is_of_target, is_of_body)
}

/// The same thing made of its masked form. None if it cannot be made of that: then nothing of it is shown.
fn again<T: Serialize + DeserializeOwned>(thing: &T, masker: &Masker) -> Option<T> {
    serde_json::from_value(masker.mask_json(&serde_json::to_value(thing).ok()?)).ok()
}
