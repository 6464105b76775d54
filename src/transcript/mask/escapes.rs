//! Escapes undone: those of JSON, C and shells, of URLs, HTML and XML, and of mail.

use super::reading::Reading;

/// Names of characters in HTML that a secret may well hold.
const ENTITIES: [(&str, char); 32] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("sol", '/'),
    ("colon", ':'),
    ("comma", ','),
    ("period", '.'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("ast", '*'),
    ("plus", '+'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lowbar", '_'),
    ("hyphen", '-'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("lcub", '{'),
    ("rcub", '}'),
    ("bsol", '\\'),
    ("grave", '`'),
    ("verbar", '|'),
    ("semi", ';'),
    ("lpar", '('),
    ("rpar", ')'),
    ("Hat", '^'),
];

/// What an escape stands for, and how many bytes it takes.
enum Undone {
    Byte(u8, usize),
    Char(char, usize),
    Nothing(usize),
}

/// The reading with its escapes undone once; none if there are no escapes in it.
pub(super) fn undone(reading: &Reading) -> Option<Reading> {
    undo(reading, |byte| matches!(byte, b'\\' | b'%' | b'&' | 0), escape)
}

/// The reading with the escapes of mail undone (quoted-printable), which look like `name=af` in other texts.
pub(super) fn undone_as_in_mail(reading: &Reading) -> Option<Reading> {
    undo(reading, |byte| byte == b'=', mail)
}

/// `begins` is a quick look at the first byte of what may be an escape.
fn undo(
    reading: &Reading,
    begins: impl Fn(u8) -> bool,
    escape: impl Fn(&[u8]) -> Option<Undone>,
) -> Option<Reading> {
    let bytes = reading.bytes();
    let escape = |at: usize| begins(bytes[at]).then(|| escape(&bytes[at..])).flatten();
    let first = (0..bytes.len()).find(|at| escape(*at).is_some())?;
    let mut undone = Reading::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let found = if at < first { None } else { escape(at) };
        let length = match found {
            Some(Undone::Byte(byte, length)) => {
                undone.push(byte, reading, &(at..at + length));
                length
            }
            Some(Undone::Char(letter, length)) => {
                undone.push_char(letter, reading, &(at..at + length));
                length
            }
            Some(Undone::Nothing(length)) => length,
            None => {
                undone.push(bytes[at], reading, &(at..at + 1));
                1
            }
        };
        at += length;
    }
    Some(undone)
}

fn escape(rest: &[u8]) -> Option<Undone> {
    match rest[0] {
        b'\\' => backslash(rest),
        b'%' => percent(rest),
        b'&' => entity(rest),
        0 => Some(Undone::Nothing(1)),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<Undone> {
    match *rest.get(1)? {
        b'u' | b'U' => unicode(rest),
        b'x' => byte(hex(rest.get(2..4)?)?, 4),
        b'0'..=b'3' if octal(rest).is_some() => byte(octal(rest)?, 4),
        b'n' => Some(Undone::Byte(b'\n', 2)),
        b'r' => Some(Undone::Byte(b'\r', 2)),
        b't' => Some(Undone::Byte(b'\t', 2)),
        sign if sign.is_ascii_punctuation() => Some(Undone::Byte(sign, 2)),
        _ => None,
    }
}

/// `\u0041`, two of them for one character, and `\u{41}`.
fn unicode(rest: &[u8]) -> Option<Undone> {
    if rest.get(2) == Some(&b'{') {
        let length = rest.iter().take(10).position(|byte| *byte == b'}')?;
        return character(hex(rest.get(3..length)?)?, length + 1);
    }
    let unit = hex(rest.get(2..6)?)?;
    let second = rest.get(6..8).filter(|next| *next == b"\\u");
    let second = second.and_then(|_| hex(rest.get(8..12)?));
    if let (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) = (unit, second) {
        return character(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12);
    }
    character(unit, 6)
}

fn percent(rest: &[u8]) -> Option<Undone> {
    if rest.get(1) == Some(&b'u') {
        return character(hex(rest.get(2..6)?)?, 6);
    }
    byte(hex(rest.get(1..3)?)?, 3)
}

/// `&amp;`, `&#65;` and `&#x41;`, of which browsers read the numbers without their semicolon, too.
fn entity(rest: &[u8]) -> Option<Undone> {
    let inside = &rest[1..rest.len().min(12)];
    if inside.first() != Some(&b'#') {
        let length = inside.iter().position(|byte| *byte == b';')?;
        let name = std::str::from_utf8(&inside[..length]).ok()?;
        let known = ENTITIES.iter().find(|(known, _)| *known == name)?;
        return Some(Undone::Char(known.1, length + 2));
    }
    let is_hex = inside.get(1).is_some_and(|x| *x | 0x20 == b'x');
    let (digits, radix) = if is_hex {
        (inside.get(2..)?, 16)
    } else {
        (inside.get(1..)?, 10)
    };
    let length = digits
        .iter()
        .take_while(|digit| char::from(**digit).is_digit(radix))
        .count();
    let number = u32::from_str_radix(std::str::from_utf8(&digits[..length]).ok()?, radix).ok()?;
    let before = if is_hex { 3 } else { 2 };
    let semicolon = usize::from(digits.get(length) == Some(&b';'));
    character(number, before + length + semicolon)
}

/// `=41`, and a line break that is none.
fn mail(rest: &[u8]) -> Option<Undone> {
    if rest.starts_with(b"=\r\n") {
        return Some(Undone::Nothing(3));
    }
    if rest.starts_with(b"=\n") {
        return Some(Undone::Nothing(2));
    }
    byte(hex(rest.get(1..3)?)?, 3)
}

fn octal(rest: &[u8]) -> Option<u32> {
    number(rest.get(1..4)?, 8)
}

fn hex(digits: &[u8]) -> Option<u32> {
    number(digits, 16)
}

/// A number of digits alone; the parser of the library would take a sign.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    if digits.is_empty() || !digits.iter().all(is_digit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

fn byte(number: u32, length: usize) -> Option<Undone> {
    Some(Undone::Byte(u8::try_from(number).ok()?, length))
}

/// Half of a pair that has lost its other half stands for nothing.
fn character(number: u32, length: usize) -> Option<Undone> {
    match char::from_u32(number)? {
        '\0' => Some(Undone::Nothing(length)),
        letter => Some(Undone::Char(letter, length)),
    }
}
