//! Windows of every size, and what is said of text that is wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

/// Gives one byte at a time, and fails after its text if it is told to.
struct Slow<'t>(&'t [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.split_first() {
            Some((byte, rest)) if !buffer.is_empty() => {
                (buffer[0], self.0) = (*byte, rest);
                Ok(1)
            }
            None if self.1 => Err(io::Error::other("corrupt deflate stream")),
            _ => Ok(0),
        }
    }
}

fn numbers(text: &str, chunk: usize, fails: bool) -> (Vec<String>, Result<(), StreamError>) {
    let mut stream = Stream::with_chunk(Slow(text.as_bytes(), fails), chunk);
    let mut found = Vec::new();
    let mut read = || -> Result<(), StreamError> {
        let mut inside = stream.enter(b'[', "a list")?;
        while stream.element(&mut inside)? {
            let held = stream.value()?;
            found.push(stream.text(&held)?.to_owned());
        }
        stream.end()
    };
    let result = read();
    (found, result)
}

fn place(result: Result<(), StreamError>) -> String {
    match result.unwrap_err() {
        StreamError::Form { position, reason, .. } => format!("{position} {} {reason}", position.byte),
        other => format!("{other:?}"),
    }
}

#[test]
fn values_are_whole_wherever_the_window_ends() {
    let text = " [ 12345 ,\n{\"a\": [1, \"]\\\"}\"]},\"caf\u{e9}\" ,-1.5e3\n] ";
    for chunk in 1..=text.len() + 1 {
        let (found, result) = numbers(text, chunk, false);
        assert_eq!(
            found,
            ["12345", "{\"a\": [1, \"]\\\"}\"]}", "\"caf\u{e9}\"", "-1.5e3"]
        );
        result.unwrap();
    }
}

#[test]
fn what_is_wrong_has_its_place_whatever_was_let_go() {
    for (text, expected) in [
        ("[1,\n 2 3]", "2:4 7 expected `,` or `]`"),
        ("[1,\n2,]", "2:3 6 trailing comma"),
        ("[1,\n\n  {\"a\" 1}]", "3:8 12 expected `:`"),
        ("[1,\n[2", "2:3 6 EOF while parsing a list"),
        ("[1,\n2", "2:2 5 the file ends inside of a list"),
        ("[1]\nx", "2:1 4 trailing characters"),
        ("{}", "1:1 0 invalid type: object, expected a list"),
    ] {
        for chunk in [1, 3, 1 << 20] {
            assert_eq!(
                place(numbers(text, chunk, false).1),
                expected,
                "{text:?} by {chunk}"
            );
        }
    }
}

#[test]
fn a_byte_that_is_no_utf8_is_named_wherever_it_stands() {
    let texts = [
        (&b"[1,\n{\"a\": \"caf\xe9\"}]"[..], "2:11 14 no valid UTF-8"),
        (b"[1,\n{\"a\": {\"b\xe9\": 1}}]", "2:10 13 no valid UTF-8"),
        (b"[1,\n{\"k\xe9\": 1}]", "2:4 7 no valid UTF-8"),
    ];
    for ((text, expected), chunk) in texts.into_iter().flat_map(|case| [(case, 1), (case, 1 << 20)]) {
        for skip in [Stream::skip, |stream: &mut Stream<_>| {
            let held = stream.value()?;
            stream.text(&held).map(drop)
        }] {
            let mut stream = Stream::with_chunk(text, chunk);
            let mut inside = stream.enter(b'[', "a list").unwrap();
            let mut read = || -> Result<(), StreamError> {
                while stream.element(&mut inside)? {
                    skip(&mut stream)?;
                }
                Ok(())
            };
            assert_eq!(place(read()), expected, "by {chunk}");
        }
    }
}

#[test]
fn what_was_expected_is_told_of_a_huge_value_and_not_the_value() {
    let text = format!("\"{}é\"", "9".repeat(1 << 20));
    for odd in ["", "é"] {
        let text = text.replacen('"', &format!("\"{odd}"), 1);
        let StreamError::Form { reason, .. } = Stream::new(text.as_bytes()).parse::<u64>().unwrap_err()
        else {
            panic!("the form is wrong");
        };
        assert!(reason.len() < 500, "{}", reason.len());
        assert!(
            reason.starts_with("invalid type: string \"") && reason.ends_with("\", expected u64"),
            "{reason}"
        );
    }
}

#[test]
fn what_came_before_the_source_broke_is_read() {
    for chunk in [1, 4, 1 << 20] {
        let (found, result) = numbers("[1,22,33", chunk, true);
        assert_eq!(found, ["1", "22"], "{chunk}");
        assert!(place(result).contains("corrupt deflate stream"));
    }
}

#[test]
fn keys_are_read_and_unescaped() {
    let mut stream = Stream::with_chunk(&br#"{"a":1,"b\u0063":null}"#[..], 2);
    let mut inside = stream.enter(b'{', "an object").unwrap();
    assert_eq!(stream.key(&mut inside).unwrap().as_deref(), Some("a"));
    assert!(!stream.is_null().unwrap());
    stream.value().unwrap();
    assert_eq!(stream.key(&mut inside).unwrap().as_deref(), Some("bc"));
    assert!(stream.is_null().unwrap());
    assert_eq!(stream.key(&mut inside).unwrap(), None);
    assert_eq!(stream.bytes(), 22);
    stream.end().unwrap();
}

#[test]
fn a_value_without_end_is_refused_while_it_is_small() {
    for begin in ["", "\"", "{\"a\":"] {
        let mut stream = Stream::new(begin.as_bytes().chain(io::repeat(b'[')));
        let reason = place(stream.value().map(drop));
        assert!(
            reason.contains("a value is longer than 8388608 bytes"),
            "{reason}"
        );
        assert!(
            stream.window.capacity() < 3 * LONGEST,
            "{}",
            stream.window.capacity()
        );
    }
}
