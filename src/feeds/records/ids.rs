//! Ids, which end up in addresses.

use crate::code::Code;
use crate::problem::Fault;

/// Openings of ids that are URIs, beside whatever has `://` in it.
const SCHEMES: [&str; 5] = ["http:", "https:", "urn:", "mailto:", "tel:"];

/// Notes characters that an address cannot hold as they are.
pub(crate) fn check(id: Option<&str>, field: &str, faults: &mut Vec<Fault>) {
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let odd = id.and_then(|id| id.chars().find(|c| !unreserved(*c)));
    faults.extend(odd.map(|c| {
        let message = format!(
            "{:?} has {c:?}, which an address has to escape",
            id.unwrap_or_default()
        );
        Fault::new(Code::UnsafeId, field, message)
    }));
}

/// Notes an id that is a URI, or else one with such characters.
pub(crate) fn check_no_uri(id: Option<&str>, field: &str, faults: &mut Vec<Fault>) {
    match id {
        Some(id) if is_uri(id) => {
            faults.push(Fault::new(Code::UriId, field, format!("{id:?} is a URI")));
        }
        id => check(id, field, faults),
    }
}

fn is_uri(id: &str) -> bool {
    let lower = id.to_ascii_lowercase();
    id.contains("://") || SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(id: &str) -> Vec<Code> {
        let mut faults = Vec::new();
        check_no_uri(Some(id), "service_id", &mut faults);
        faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn an_id_is_made_of_characters_that_an_address_holds() {
        for right in ["svc-1", "SVC_1.a~b", "42", "urnings"] {
            assert_eq!(codes(right), [], "{right}");
        }
        for wrong in ["svc 1", "a/b", "caf\u{e9}", "svc:12", "a%20b"] {
            assert_eq!(codes(wrong), [Code::UnsafeId], "{wrong}");
        }
    }

    #[test]
    fn an_id_that_is_a_uri_is_told_once() {
        for uri in ["https://a.example/1", "urn:isbn:1", "MAILTO:a@b.example", "x://y"] {
            assert_eq!(codes(uri), [Code::UriId], "{uri}");
        }
    }
}
