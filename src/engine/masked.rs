//! A call to Google's side without the secrets that the partner has written into it. Whatever is recorded or shown of a
//! call is made from this.

use google::{Call, Route};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use transcript::Masker;

/// The call with every secret masked, wherever the partner has put it.
pub fn masked(call: &Call, masker: &Masker) -> Call {
    let mut shown = call.clone();
    let (of_target, of_body) = mask_texts(&mut shown, call, masker);
    let json = |value: &Option<Value>| value.as_ref().map(|value| masker.mask_json(value));
    // What was read from a text that holds no secret holds none, so most calls are looked at once.
    if of_target {
        shown.route = again(&call.route, masker).unwrap_or(Route::Unknown);
        shown.update_mask = call.update_mask.as_ref().and_then(|mask| again(mask, masker));
        shown.booking_failure = json(&call.booking_failure);
    }
    // Of a long body the rest is in the JSON alone, and so are the claims of a token request.
    if of_body || call.body.len() < call.body_len || call.route == Route::Token {
        shown.json = json(&call.json);
        shown.decoded = json(&call.decoded);
    }
    // These may hold what came with an earlier call.
    shown.lints.retain_mut(|lint| {
        again(lint, masker).is_some_and(|again| {
            *lint = again;
            true
        })
    });
    shown.answer.body = json(&call.answer.body);
    shown.before = call.before.as_ref().and_then(|copy| again(copy, masker));
    shown.booking = call.booking.as_ref().and_then(|copy| again(copy, masker));
    shown
}

/// Masks the texts of a call together; true for its target and for its body if they held a secret.
fn mask_texts(shown: &mut Call, call: &Call, masker: &Masker) -> (bool, bool) {
    let body = String::from_utf8_lossy(&call.body);
    let headers = call.headers.iter();
    let headers = headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    let texts: Vec<&str> = [call.method.as_str(), call.target.as_str(), &*body]
        .into_iter()
        .chain(headers)
        .collect();
    let written = masker.mask_all(&texts);
    let [is_of_target, is_of_body] = [1, 2].map(|at| written[at] != texts[at]);
    let mut written = written.into_iter();
    let mut next = || written.next().unwrap_or_default();
    shown.method = next();
    shown.target = next();
    let body = next();
    if is_of_body {
        shown.body = body.into();
    }
    shown.headers = call.headers.iter().map(|_| (next(), next())).collect();
    (is_of_target, is_of_body)
}

/// The same thing made of its masked form. None if it cannot be made of that: then nothing of it is shown.
fn again<T: Serialize + DeserializeOwned>(thing: &T, masker: &Masker) -> Option<T> {
    serde_json::from_value(masker.mask_json(&serde_json::to_value(thing).ok()?)).ok()
}
