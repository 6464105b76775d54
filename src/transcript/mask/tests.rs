#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
use super::*;
use serde_json::json;
use std::sync::LazyLock;

#[path = "../../../tests/canaries/encodings.rs"]
mod encodings;

use encodings::{SECRETS, canaries, found_in};

fn masker() -> &'static Masker {
    static MASKER: LazyLock<Masker> = LazyLock::new(|| Masker::new(SECRETS));
    &MASKER
}

#[test]
fn a_secret_is_masked_however_it_is_written() {
    let mut left = Vec::new();
    for secret in SECRETS {
        for canary in canaries("google", secret) {
            for around in ["", "before it: ", "before-it/"] {
                let text = format!("{around}{} and after", canary.text);
                let own = std::slice::from_ref(&canary);
                assert!(
                    !found_in(&text, own).is_empty(),
                    "{} finds nothing: {text}",
                    canary.name
                );
                let shown = masker().mask(&text);
                if !found_in(&shown, own).is_empty() {
                    left.push(format!("{secret}: {}: {text} -> {shown}", canary.name));
                }
                assert_eq!(masker().mask(&shown), shown, "{}", canary.name);
            }
        }
    }
    assert!(left.is_empty(), "{}\n{}", left.len(), left.join("\n"));
}

#[test]
fn json_stays_json_and_keeps_what_is_no_secret() {
    for secret in SECRETS {
        for canary in canaries("google", secret) {
            let own = std::slice::from_ref(&canary);
            let body = json!({ "status": "CONFIRMED", "note": canary.text, "list": [1, true, { canary.text.as_str(): 5 }] });
            let shown = masker().mask_json(&body);
            assert_eq!(
                (&shown["status"], &shown["list"][1]),
                (&json!("CONFIRMED"), &json!(true))
            );
            assert!(
                found_in(&shown.to_string(), own).is_empty(),
                "{}: {shown}",
                canary.name
            );
        }
    }
}

#[test]
fn halves_in_two_fields_or_two_headers_are_masked() {
    let masker = Masker::new(["kX9f-2QzP-77ab"]);
    assert_eq!(
        masker.mask(r#"{"a":"kX9f-2Q","b":5,"c":"zP-77ab"}"#),
        r#"{"a":"[masked]","b":5,"c":"[masked]"}"#
    );
    assert_eq!(
        masker.mask_all(&["kX9f-2Q", "x", "zP-77ab!"]),
        ["[masked]", "x", "[masked]!"]
    );
    assert_eq!(masker.mask("only kX9f-2Q is here"), "only kX9f-2Q is here");
}

#[test]
fn what_could_be_any_text_is_not_blanked_out() {
    let masker = Masker::new([
        "test",
        "swordfish",
        "CONFIRMED",
        "12345",
        "booking_id",
        "slot",
        "a1b2",
    ]);
    for text in [
        r#"{"booking":{"status":"CONFIRMED","booking_id":"test-5","slot":{"start_sec":"1234567890"}}}"#,
        "swordfishes are long, sword fish are longer; hsifdrows",
        "a1b2c3",
    ] {
        assert_eq!(masker.mask(text), text);
    }
    assert_eq!(masker.mask("wrong Swordfish: a1b2"), "wrong [masked]: [masked]");
    assert_eq!(masker.mask("c3dvcmRmaXNo s%77ordfish"), "[masked] [masked]");
}

#[test]
fn numbers_stay_numbers() {
    let masker = Masker::new(["123456789012345"]);
    assert_eq!(
        masker.mask(r#"{"a":123456789012345,"b":"123456789012345"}"#),
        r#"{"a":999999999999999,"b":"[masked]"}"#
    );
    assert_eq!(masker.mask("a=123456789012345"), "a=[masked]");
}

#[test]
fn the_strings_of_a_token_are_masked_in_another_order_and_its_names_are_not() {
    let token = r#"{"protocolVersion":"ECv2","signature":"MEQCIH6Q4OwQ0jAceFEkGF0J","signedMessage":"{\"encryptedMessage\":\"9s4lGvJqpK3b\"}"}"#;
    let masker = Masker::new([token]);
    assert_eq!(
        masker.mask(r#"{"encryptedMessage":"9s4lGvJqpK3b","protocolVersion":"ECv2","signature":"MEQCIH6Q4OwQ0jAceFEkGF0J"}"#),
        r#"{"encryptedMessage":"[masked]","protocolVersion":"ECv2","signature":"[masked]"}"#
    );
    let echoed = json!({ "payment": { "token": token } }).to_string();
    assert!(serde_json::from_str::<Value>(&masker.mask(&echoed)).unwrap()["payment"]["token"] == "[masked]");
}

#[test]
fn access_tokens_are_masked_without_being_known() {
    let masker = Masker::new([]);
    assert_eq!(
        masker.mask("x-was: Bearer ya29.c.AbCdEf0123456789_-AbCdEf, ya29. is short"),
        "x-was: Bearer [masked], ya29. is short"
    );
}

/// A generator of its own: the sequence is the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

#[test]
fn masking_any_text_twice_is_masking_it_once() {
    let signs = [
        "\\", "u00", "%", "&#", ";", "\"", "=", "\u{0}", "é", "[masked]", "41", "{\"", "\":", "\n", "0x",
        " ", "4", "kX9", "]]>", "ya29.",
    ];
    let masker = masker();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let all: Vec<String> = SECRETS
        .iter()
        .flat_map(|secret| canaries("me", secret))
        .map(|canary| canary.text)
        .collect();
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..random.below(12) {
            let piece = if random.below(3) == 0 {
                let letters: Vec<char> = all[random.below(all.len())].chars().collect();
                let (from, to) = (random.below(letters.len()), random.below(letters.len()) + 1);
                letters[from.min(to)..from.max(to)].iter().collect()
            } else {
                signs[random.below(signs.len())].to_owned()
            };
            text.push_str(&piece);
        }
        let once = masker.mask(&text);
        assert_eq!(masker.mask(&once), once, "{text:?}");
    }
}

#[test]
fn text_without_a_secret_stays_as_it_is() {
    let signs = [
        "\\u00e9",
        "%2F",
        "&amp;",
        "\"",
        "deadbeefdeadbeefdead",
        "é",
        "slot_time_availability",
        "\\\"",
        "CONFIRMED",
        "=C3=A9",
    ];
    let mut random = Random(88_172_645_463_325_252);
    for _ in 0..2000 {
        let text: String = (0..random.below(20))
            .map(|_| signs[random.below(signs.len())])
            .collect();
        assert_eq!(masker().mask(&text), text);
    }
}

#[test]
fn the_time_grows_with_the_text_and_not_faster() {
    let masker = masker();
    let text =
        |length: usize| "sk_test_51Hq8ZbV0aTn3RmW6 kX9f kX9f-2Q \\u0041 %41 c2tfdGVzdF81MUhx ".repeat(length);
    let time = |length: usize| {
        let text = text(length);
        let best = (0..3).map(|_| {
            let began = std::time::Instant::now();
            assert!(masker.mask(&text).contains(MASKED));
            began.elapsed()
        });
        best.min().unwrap()
    };
    let (small, large) = (time(500), time(5000));
    assert!(large < small * 60, "{small:?} and {large:?}");
}

#[test]
fn a_secret_whose_base64_has_no_capitals_is_masked() {
    let (secret, encoded) = ("n7jklkjmh", "bjdqa2xram1o");
    assert_eq!(Masker::new([secret]).mask(&format!("x={encoded}")), "x=[masked]");
}
