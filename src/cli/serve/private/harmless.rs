//! What of a call says nothing about anybody.

use protocol::model::{Enum, Model, v1alpha, v3};
use protocol::time;
use std::collections::{BTreeSet, HashSet};

/// Words of paths and parameters, beside those of the wire model.
const WORDS: [&str; 78] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "v1alpha",
    "v1",
    "v1beta",
    "v2",
    "v3",
    "notification",
    "inventory",
    "partners",
    "bookings",
    "orders",
    "merchants",
    "services",
    "availability",
    "availability:replace",
    "replace",
    "feeds",
    "record",
    "record:batchPush",
    "record:batchDelete",
    "batch",
    "token",
    "oauth2",
    "v4",
    "o",
    "invalidation",
    "pickups",
    "status",
    "statuses",
    "$discovery",
    "rest",
    "version",
    "updateMask",
    "update_mask",
    "bookingFailure",
    "access_token",
    "oauth_token",
    "key",
    "alt",
    "json",
    "fields",
    "callback",
    "prettyPrint",
    "true",
    "false",
    "$key",
    "$.xgafv",
    "Bearer",
    "Basic",
    "booking",
    "application/json",
    "grant_type",
    "header",
    "claims",
    "alg",
    "typ",
    "kid",
    "iss",
    "aud",
    "scope",
    "exp",
    "iat",
    "sub",
    "RS256",
    "JWT",
    "expires_in",
    "token_type",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "CANCELLED",
    "records",
    "entry",
    "uriTemplate",
];

/// Names of headers, beside those whose values are shown.
const HEADERS: [&str; 16] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "user-agent",
    "x-goog-api-key",
    "x-goog-api-client",
    "x-goog-user-project",
    "x-goog-request-params",
    "x-http-method-override",
    "x-forwarded-for",
    "x-request-id",
    "traceparent",
    "tracestate",
    "expect",
    "grpc-timeout",
    "content-language",
];

/// Fields that hold an id.
const ID_FIELDS: [&str; 24] = [
    "name",
    "merchantId",
    "merchant_id",
    "serviceId",
    "service_id",
    "bookingId",
    "booking_id",
    "paymentTransactionId",
    "payment_transaction_id",
    "staffId",
    "staff_id",
    "roomId",
    "room_id",
    "partnerId",
    "partner_id",
    "orderId",
    "order_id",
    "availabilityTag",
    "availability_tag",
    "recordId",
    "record_id",
    "objectId",
    "object_id",
    "kid",
];

/// Behind these words of a path there are ids.
const COLLECTIONS: [&str; 6] = ["bookings", "orders", "merchants", "services", "feeds", "pickups"];

/// Telephone numbers with their country are longer.
const LONGEST_PARTNER_ID: usize = 9;
/// Longer ones are no ids of bookings, but perhaps somebody's key.
const LONGEST_ID: usize = 40;
const SHORTEST_KEY: usize = 10;
/// Larger numbers may be telephone numbers.
const LONGEST_NUMBER: usize = 6;
/// Telephone numbers have so many digits.
const TELEPHONE: std::ops::RangeInclusive<usize> = 7..=15;

/// How what is masked begins.
pub(super) const MARK: &str = "[masked";

/// Only how long a text is.
pub(super) fn masked(text: &str) -> String {
    format!("{MARK}, {} characters]", text.chars().count())
}

/// The words that are shown.
pub(super) struct Harmless {
    words: HashSet<String>,
    ids: BTreeSet<String>,
}

impl Harmless {
    pub(super) fn new(ids: BTreeSet<String>) -> Self {
        let mut words: HashSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
        for model in [v1alpha(), v3()] {
            add_words(model, &mut words);
        }
        Self { words, ids }
    }

    /// A word of the wire.
    pub(super) fn is_word(&self, word: &str) -> bool {
        word.is_empty() || self.words.contains(word)
    }

    /// Words joined by dots, with indices, as in `booking.items[0].price`.
    pub(super) fn is_path(&self, path: &str) -> bool {
        path.split('.').all(|part| {
            let (word, index) = part.split_once('[').unwrap_or((part, ""));
            let is_index = index
                .trim_end_matches(']')
                .bytes()
                .all(|byte| byte.is_ascii_digit());
            self.is_word(word) && is_index && index.len() <= LONGEST_NUMBER || part == "*"
        })
    }

    /// A JSON pointer.
    pub(super) fn is_pointer(&self, pointer: &str) -> bool {
        pointer
            .split('/')
            .all(|part| self.is_word(part) || is_small_number(part))
    }

    /// A segment of a path, with its verb behind a colon.
    pub(super) fn is_segment(&self, segment: &str) -> bool {
        self.is_word(segment)
            || segment.split(':').all(|word| self.is_word(word))
            || self.ids.contains(segment)
    }

    /// A value that says what it is by itself.
    pub(super) fn is_value(&self, text: &str) -> bool {
        text.split(',').all(|path| self.is_path(path.trim()))
            || self.ids.contains(text)
            || is_small_number(text)
            || time::parse_timestamp(text).is_ok()
            || time::parse_duration(text).is_ok_and(|_| text.len() <= LONGEST_NUMBER + 3)
            || text
                .chars()
                .all(|sign| sign.is_ascii_punctuation() || sign == ' ')
    }

    /// A value in its field.
    pub(super) fn is_value_of(&self, field: &str, text: &str) -> bool {
        let is_currency = || text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        self.is_value(text)
            || ID_FIELDS.contains(&field) && self.is_name(text)
            || matches!(field, "currencyCode" | "currency_code") && is_currency()
    }

    /// An id, or words and ids as in `partners/20002002/bookings/b-1`.
    fn is_name(&self, text: &str) -> bool {
        let mut before = "";
        text.split('/').all(|part| {
            let is_shown = self.is_word(part) || self.is_id(part) || self.is_id_of(before, part);
            before = part;
            is_shown
        })
    }

    /// What is known as an id, or has the form of one and neither that of a name nor that of a telephone number.
    pub(super) fn is_id(&self, id: &str) -> bool {
        let is_of_id = |sign: char| sign.is_ascii_alphanumeric() || "._~:-".contains(sign);
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        let letters = id.bytes().filter(u8::is_ascii_alphabetic).count();
        let is_telephone = letters == 0 && TELEPHONE.contains(&digits);
        self.ids.contains(id)
            || digits > 0
                && !is_telephone
                && id.len() <= LONGEST_ID
                && id.chars().all(is_of_id)
                && !is_key(id)
    }

    /// An id behind the name of what it is of, as in `bookings/b-1`. Partner ids are numbers.
    pub(super) fn is_id_of(&self, collection: &str, id: &str) -> bool {
        let is_number = || !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
        match collection {
            "partners" => {
                self.ids.contains(id) || (1..=LONGEST_PARTNER_ID).contains(&id.len()) && is_number()
            }
            _ => COLLECTIONS.contains(&collection) && self.is_id(id),
        }
    }
}

/// The name of a header that is shown, in small letters.
pub(super) fn is_header(name: &str) -> bool {
    HEADERS.contains(&name) || super::OPEN_HEADERS.contains(&name)
}

/// The value of such a header, as far as it has its form.
pub(super) fn is_header_value(name: &str, value: &str) -> bool {
    let is_of = |signs: &str| {
        let is_one = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || signs.contains(sign);
        value.len() <= 100 && value.to_ascii_lowercase().chars().all(is_one)
    };
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match name {
        "content-length" => value.bytes().all(|byte| byte.is_ascii_digit()),
        "host" => is_of(".:-[]") && !value.contains('@'),
        "date" => value.ends_with(" GMT") && value.len() < 32,
        "content-type" => {
            let is_text = ["application/", "text/", "multipart/"]
                .iter()
                .any(|start| value.starts_with(start));
            is_text && is_of("/+.-; =") && value.len() <= 60
        }
        _ => [
            "gzip",
            "deflate",
            "br",
            "zstd",
            "identity",
            "chunked",
            "close",
            "keep-alive",
            "application/json",
            "*/*",
        ]
        .iter()
        .fold(value.to_ascii_lowercase(), |rest, word| rest.replace(word, ""))
        .chars()
        .all(|sign| ", ;q=.0123456789".contains(sign) && digits <= LONGEST_NUMBER),
    }
}

/// True for text that looks like a key: many characters in a row of all three kinds, as random ones have.
fn is_key(text: &str) -> bool {
    let is_mixed = |part: &str| {
        let has = |is_kind: fn(&u8) -> bool| part.bytes().any(|byte| is_kind(&byte));
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
    };
    let mut parts = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    parts.any(|part| part.len() >= SHORTEST_KEY && is_mixed(part))
}

fn is_small_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.len() <= LONGEST_NUMBER && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn add_words(model: &Model, words: &mut HashSet<String>) {
    for message in model.messages() {
        words.extend(message.name.split('.').map(str::to_owned));
        for field in &message.fields {
            words.insert(field.name.clone());
            words.insert(field.json_name.clone());
        }
    }
    let values = model.enums().flat_map(Enum::names);
    words.extend(values.map(str::to_owned));
}
