//! The method that a call was meant for which no method of the API takes: the one that shares most words with its path.

use crate::api::methods::{METHODS, Method, Operation};
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The endpoint of tokens.
const TOKEN: &str = "POST /token";

/// Verb, path and query of what the caller may have meant, with the ids of its call; none where nothing is like it.
pub fn meant(verb: &str, target: &str, body: Option<&Value>) -> Option<String> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let asked = AskedPath::of(verb, path);
    if asked.words.contains(&"token") {
        return Some(TOKEN.to_owned());
    }
    let best = METHODS.iter().filter_map(|method| asked.likeness(method)).max()?;
    let mut closest = METHODS
        .iter()
        .filter(|method| asked.likeness(method) == Some(best))
        .map(|method| asked.written_for(method, query, body));
    let first = closest.next()?;
    Some(match closest.find(|other| *other != first) {
        Some(other) => format!("{first} or {other}"),
        None => first,
    })
}

/// A path in its words: `bookings:notify` is two.
struct AskedPath<'p> {
    verb: &'p str,
    segments: Vec<&'p str>,
    words: Vec<&'p str>,
}

impl<'p> AskedPath<'p> {
    fn of(verb: &'p str, path: &'p str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let words = segments.iter().flat_map(|segment| segment.split(':'));
        Self {
            verb,
            words: words.collect(),
            segments,
        }
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    /// How much of the method's own path is there, less what is there beside it. A method of which nothing but the area and
    /// the partner is named is none that was meant.
    fn likeness(&self, method: &Method) -> Option<i32> {
        let (area, _, behind) = method.path;
        let is_verb = self.verb == method.verb || (self.verb, method.verb) == ("PUT", "PATCH");
        let mut score = i32::from(self.has(area)) + i32::from(is_verb);
        let mut is_named = false;
        for collection in method.collections() {
            let here = self.has(collection);
            is_named |= here && collection != "partners";
            score += if here { 1 } else { -2 };
        }
        for word in behind.split(['/', ':']).filter(|word| !word.is_empty()) {
            let here = self.has(word);
            is_named |= here;
            // A verb of its own, as in `record:batchPush`, says more than a collection.
            let weight = if behind.contains(&format!(":{word}")) {
                3
            } else {
                1
            };
            score += if here { weight } else { -weight };
        }
        let own = |word: &str| method.collections().any(|own| own == word) || behind.contains(word);
        let others = COLLECTIONS.iter().filter(|other| self.has(other) && !own(other));
        score -= i32::try_from(others.count()).unwrap_or(i32::MAX);
        is_named.then_some(score)
    }

    /// The id behind a collection, as it was sent, without an invented verb.
    fn id_of(&self, collection: &str) -> Option<&'p str> {
        let place = self.segments.iter().position(|segment| *segment == collection)?;
        let id = self.segments.get(place + 1).map(|id| without_verb(id))?;
        (!COLLECTIONS.contains(&id)).then_some(id)
    }

    fn written_for(&self, method: &Method, query: &str, body: Option<&Value>) -> String {
        let (area, name, behind) = method.path;
        let mut segments = vec!["/v1alpha".to_owned()];
        segments.extend((!area.is_empty()).then(|| area.to_owned()));
        let mut collection = "";
        for segment in name.split('/') {
            segments.push(match segment {
                "*" => self.id_in(collection, body),
                word => {
                    collection = word;
                    word.to_owned()
                }
            });
        }
        let path = segments.join("/");
        let parameters = self.parameters(method, query, body);
        format!("{} {path}{behind}{parameters}", method.verb)
    }

    /// The id behind a collection, from the path or the body, else what belongs there.
    fn id_in(&self, collection: &str, body: Option<&Value>) -> String {
        let in_body = || {
            body.filter(|_| collection == "bookings")
                .and_then(booking_named_in)
        };
        let id = self.id_of(collection).map(str::to_owned).or_else(in_body);
        id.unwrap_or_else(|| format!("{{{} id}}", collection.trim_end_matches('s')))
    }

    /// The query that the method takes: what was sent, or what is missing.
    fn parameters(&self, method: &Method, query: &str, body: Option<&Value>) -> String {
        match method.operation {
            Operation::PatchBooking | Operation::Patch(_) if query.contains("updateMask=") => {
                format!("?{query}")
            }
            Operation::PatchBooking if body.is_some_and(has_status) => "?updateMask=status".to_owned(),
            Operation::PatchBooking | Operation::Patch(_) => "?updateMask={changed fields}".to_owned(),
            Operation::Create(kind) => {
                let word = kind.word();
                let id = self.id_of(&format!("{word}s")).unwrap_or("{id}");
                format!("?{word}Id={id}")
            }
            _ => String::new(),
        }
    }
}

/// Every collection that a name of the API has.
const COLLECTIONS: [&str; 8] = [
    "partners",
    "bookings",
    "orders",
    "merchants",
    "services",
    "feeds",
    "pickups",
    "adsAccountLinks",
];

/// True for a body that tells a status, at its top or one message below.
fn has_status(body: &Value) -> bool {
    let inner = body.as_object().into_iter().flat_map(|fields| fields.values());
    std::iter::once(body)
        .chain(inner)
        .any(|message| message.get("status").is_some())
}

/// An id without the invented verb behind it, as in `bk-1:cancel`.
pub fn without_verb(id: &str) -> &str {
    match id.rsplit_once(':') {
        Some((id, verb)) if verb.starts_with(|letter: char| letter.is_ascii_alphabetic()) => id,
        _ => id,
    }
}

/// The id of the booking that a body of an invented form names, at its top or one message below.
pub fn booking_named_in(body: &Value) -> Option<String> {
    let id_in = |message: &Value| {
        let name = message.get("name").and_then(Value::as_str);
        let in_name = name.and_then(|name| Some(name.rsplit_once("/bookings/")?.1));
        let alone = ["bookingId", "booking_id"].map(|field| message.get(field).and_then(Value::as_str));
        in_name.or(alone[0]).or(alone[1]).map(ToOwned::to_owned)
    };
    id_in(body).or_else(|| body.as_object()?.values().find_map(id_in))
}

/// What is not as the one version of the API has it, beside the method: for a caller who is otherwise right.
pub fn odd_form(path: &str) -> Option<&'static str> {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    if decoded.contains("//") {
        return Some("the path has two slashes in a row");
    }
    (!decoded.starts_with("/v1alpha/") && decoded.starts_with("/v")).then_some("the one version is v1alpha")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(verb: &str, target: &str) -> Option<String> {
        meant(verb, target, None)
    }

    #[test]
    fn near_misses_are_led_to_their_method() {
        let due = "PATCH /v1alpha/notification/partners/7/bookings/b-1?updateMask=status";
        for (verb, path) in [
            (
                "PATCH",
                "/v1/notification/partners/7/bookings/b-1?updateMask=status",
            ),
            (
                "PATCH",
                "//v1alpha/notification/partners/7/bookings/b-1?updateMask=status",
            ),
            ("PATCH", "/v1alpha/partners/7/bookings/b-1?updateMask=status"),
            (
                "POST",
                "/v1alpha/notification/partners/7/bookings/b-1?updateMask=status",
            ),
        ] {
            assert_eq!(of(verb, path).as_deref(), Some(due), "{verb} {path}");
        }
        let told = json!({ "status": "CANCELED" });
        let path = "/v1alpha/notification/partners/7/bookings/b-1:updateStatus";
        assert_eq!(meant("POST", path, Some(&told)).as_deref(), Some(due));
        let told = json!({ "booking": { "booking_id": "b-1", "status": "CANCELED" } });
        let path = "/v1alpha/notification/partners/7/bookings:notify";
        assert_eq!(meant("POST", path, Some(&told)).as_deref(), Some(due));
        assert_eq!(
            of("PUT", "/v1alpha/notification/partners/7/bookings/a%2Fb").as_deref(),
            Some("PATCH /v1alpha/notification/partners/7/bookings/a%2Fb?updateMask={changed fields}")
        );
    }

    #[test]
    fn an_update_of_a_merchant_s_inventory_is_led_to_both_methods() {
        let found = of(
            "POST",
            "/v1alpha/inventory/partners/7/merchants/m/availability:replace",
        );
        assert_eq!(
            found.as_deref(),
            Some(
                "POST /v1alpha/inventory/partners/7/availability:replace or \
                 POST /v1alpha/inventory/partners/7/merchants/m/services/{service id}/availability:replace"
            )
        );
        assert_eq!(
            of(
                "PUT",
                "/v1alpha/inventory/partners/7/merchants/m/services/s/availability:replace"
            )
            .as_deref(),
            Some("POST /v1alpha/inventory/partners/7/merchants/m/services/s/availability:replace")
        );
    }

    #[test]
    fn other_methods_are_led_to_as_well() {
        for (verb, path, due) in [
            (
                "POST",
                "/v1alpha/inventory:batchPush",
                "POST /v1alpha/inventory/partners/{partner id}/feeds/{feed id}/record:batchPush",
            ),
            (
                "POST",
                "/v1alpha/inventory/partners/7/merchants/m",
                "POST /v1alpha/inventory/partners/7/merchants?merchantId=m",
            ),
            (
                "PUT",
                "/v1alpha/inventory/partners/7/merchants/m/services/s",
                "PATCH /v1alpha/inventory/partners/7/merchants/m/services/s?updateMask={changed fields}",
            ),
            ("POST", "/oauth2/token", "POST /token"),
        ] {
            assert_eq!(of(verb, path).as_deref(), Some(due), "{verb} {path}");
        }
    }

    #[test]
    fn what_is_like_nothing_is_led_nowhere() {
        for path in [
            "/",
            "/favicon.ico",
            "/v1alpha/notification/partners/7/waitlistEntries/w-1",
            "/v1alpha/inventory/partners/7",
        ] {
            assert_eq!(of("POST", path), None, "{path}");
        }
    }

    #[test]
    fn an_odd_form_of_a_right_path_is_named() {
        assert_eq!(
            odd_form("//v1alpha/notification"),
            Some("the path has two slashes in a row")
        );
        assert_eq!(odd_form("/v1/notification"), Some("the one version is v1alpha"));
        assert_eq!(odd_form("/v1alpha/notification/partners/7/bookings/b:x"), None);
    }
}
