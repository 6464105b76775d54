//! The ways in which a server may send a secret back, and a searcher that knows them. Nothing of it is the product's.

use std::fmt::Write as _;

/// Secrets of several sorts: short and mixed, long, with signs, with letters that are no ASCII, only letters.
pub(crate) const SECRETS: [&str; 5] = [
    "kX9f-2QzP-77ab",
    "sk_test_51Hq8ZbV0aTn3RmW6yLpKd4uJcE",
    "p\"4<s&s/w0rd%+=z7'!q",
    "Zürich4Größe8übrig2x",
    "quixotichorsebatterystaple",
];

/// A secret as it may be written.
pub(crate) struct Canary {
    /// How.
    pub(crate) name: String,
    /// The text that carries it.
    pub(crate) text: String,
    /// What of the text is the secret: none of these may be found again, nor a long piece of one.
    pub(crate) cores: Vec<String>,
}

/// Every way in which this secret may be written, in texts that are no JSON and no HTTP by themselves.
pub(crate) fn canaries(user: &str, secret: &str) -> Vec<Canary> {
    let mut all = Vec::new();
    let mut add = |name: &str, text: String| {
        let cores = vec![text.clone()];
        all.push(Canary {
            name: name.to_owned(),
            text,
            cores,
        });
    };
    let units = || secret.encode_utf16();
    add("raw", secret.to_owned());
    add("JSON escapes", written(units(), |unit| format!("\\u{unit:04x}")));
    add(
        "JSON escapes, upper case",
        written(units(), |unit| format!("\\u{unit:04X}")),
    );
    add(
        "JSON escapes of signs",
        secret.replace('"', "\\\"").replace('/', "\\/"),
    );
    add("named entities", named(secret));
    let numbers = || secret.chars().map(u32::from);
    add(
        "decimal entities",
        written(numbers(), |number| format!("&#{number};")),
    );
    add(
        "hex entities",
        written(numbers(), |number| format!("&#x{number:x};")),
    );
    add("hex", hex(secret.as_bytes()));
    add("hex, upper case", hex(secret.as_bytes()).to_uppercase());
    add("hex with colons", spread(&hex(secret.as_bytes()), 2, ":"));
    for before in ["", "a", "ab"] {
        let length = before.len();
        for (name, signs) in [("base64", STANDARD), ("base64url", URL_SAFE)] {
            let encoded = base64(format!("{before}{secret}").as_bytes(), signs);
            add(
                &format!("{name} after {length}"),
                encoded.trim_end_matches('=').to_owned(),
            );
            add(&format!("{name} after {length}, padded"), encoded);
        }
    }
    let percent = percent(secret.as_bytes());
    let twice = percent.replace('%', "%25");
    add("percent", percent.clone());
    add("percent, lower case", percent.to_lowercase());
    add("percent of signs", partly(secret.as_bytes()));
    add("percent twice", twice);
    add("quoted-printable", percent.replace('%', "="));
    add(
        "UTF-16, little end first",
        units().flat_map(u16::to_le_bytes).map(char::from).collect(),
    );
    add(
        "UTF-16, big end first",
        units().flat_map(u16::to_be_bytes).map(char::from).collect(),
    );
    add(
        "base64 of UTF-16",
        base64(&units().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), STANDARD),
    );
    add("upper case", secret.to_uppercase());
    add("lower case", secret.to_lowercase());
    add("shell quotes", format!("'{}'", secret.replace('\'', "'\\''")));
    add("reversed", secret.chars().rev().collect());
    add("hyphens", spread(secret, 1, "-"));
    add("spaces", spread(secret, 4, " "));
    add("base64 of percent", base64(percent.as_bytes(), STANDARD));
    add(
        "hex of base64",
        hex(base64(secret.as_bytes(), STANDARD).as_bytes()),
    );
    all.extend(in_pieces(secret));
    all.push(pair(user, secret));
    all
}

/// Each part in a form of its own.
fn written<T>(parts: impl Iterator<Item = T>, form: impl Fn(T) -> String) -> String {
    parts.map(form).collect::<Vec<_>>().concat()
}

/// The two halves in one text, apart from each other, and inside of XML.
fn in_pieces(secret: &str) -> Vec<Canary> {
    let letters: Vec<char> = secret.chars().collect();
    let (one, other) = letters.split_at(letters.len() / 2);
    let [one, other]: [String; 2] = [one, other].map(|half| half.iter().collect());
    let canary = |name: &str, text: String| Canary {
        name: name.to_owned(),
        text,
        cores: vec![one.clone(), other.clone()],
    };
    vec![
        canary(
            "two halves",
            format!("first={one} then something else, second={other}"),
        ),
        canary("CDATA", format!("<![CDATA[{one}]]><![CDATA[{other}]]>")),
    ]
}

/// The secret is what follows the user.
fn pair(user: &str, secret: &str) -> Canary {
    let text = base64(format!("{user}:{secret}").as_bytes(), STANDARD);
    // The first character may still be of the user.
    let start = (user.len() + 1).div_ceil(3) * 4;
    Canary {
        name: "Basic".to_owned(),
        cores: vec![text[start..].to_owned()],
        text: format!("Basic {text}"),
    }
}

/// The canaries of which something long is left in a text, raw or inside of a JSON string, with what is left.
pub(crate) fn found_in(text: &str, canaries: &[Canary]) -> Vec<String> {
    let found = canaries.iter().filter_map(|canary| {
        let left = canary.cores.iter().find_map(|core| left_of(text, core))?;
        Some(format!("{}: {left}", canary.name))
    });
    found.collect()
}

/// Half of it, and not less than six characters, which is much of a password.
fn left_of(text: &str, core: &str) -> Option<String> {
    let letters: Vec<char> = core.chars().collect();
    let length = (letters.len() / 2).max(6).min(letters.len());
    let mut windows = letters
        .windows(length)
        .map(|window| window.iter().collect::<String>());
    windows.find(|piece| {
        text.contains(piece) || text.contains(&piece.replace('\\', "\\\\").replace('"', "\\\""))
    })
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8], signs: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().enumerate().fold(0_usize, |sum, (at, byte)| {
            sum | usize::from(*byte) << (16 - 8 * at)
        });
        for at in 0..4 {
            let sign = if at <= group.len() {
                char::from(signs[number >> (18 - 6 * at) & 63])
            } else {
                '='
            };
            text.push(sign);
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn percent(bytes: &[u8]) -> String {
    hex(bytes)
        .as_bytes()
        .chunks(2)
        .fold(String::new(), |mut text, digits| {
            text.push('%');
            text.push_str(&String::from_utf8_lossy(digits).to_uppercase());
            text
        })
}

/// Only what must be.
fn partly(bytes: &[u8]) -> String {
    let one = |byte: &u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(*byte).to_string()
        } else {
            percent(&[*byte])
        }
    };
    bytes.iter().map(one).collect()
}

fn named(text: &str) -> String {
    let names = [
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\"", "&quot;"),
        ("'", "&apos;"),
        ("/", "&sol;"),
        ("_", "&lowbar;"),
        ("-", "&hyphen;"),
    ];
    names
        .iter()
        .fold(text.to_owned(), |text, (sign, name)| text.replace(sign, name))
}

/// A sign after every so many characters.
fn spread(text: &str, length: usize, sign: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let parts: Vec<String> = letters.chunks(length).map(|part| part.iter().collect()).collect();
    parts.join(sign)
}
