//! Ids, which end up in addresses.

use crate::code::ProblemCode;
use crate::problem::RecordProblem;

/// Openings of ids that are URIs, beside whatever has `://` in it.
const SCHEMES: [&str; 5] = ["http:", "https:", "urn:", "mailto:", "tel:"];

/// Notes characters that an address cannot hold as they are.
pub(crate) fn check(id: Option<&str>, field: &str, problems: &mut Vec<RecordProblem>) {
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let odd = id.and_then(|id| id.chars().find(|c| !unreserved(*c)));
    problems.extend(odd.map(|c| {
        let message = format!(
            "{:?} has {c:?}, which an address has to escape",
            id.unwrap_or_default()
        );
        RecordProblem::new(ProblemCode::UnsafeId, field, message)
    }));
}

/// Notes an id that is a URI, or else one with such characters.
pub(crate) fn check_no_uri(id: Option<&str>, field: &str, problems: &mut Vec<RecordProblem>) {
    match id {
        Some(id) if is_uri(id) => {
            problems.push(RecordProblem::new(
                ProblemCode::UriId,
                field,
                format!("{id:?} is a URI"),
            ));
        }
        id => check(id, field, problems),
    }
}

fn is_uri(id: &str) -> bool {
    let lower = id.to_ascii_lowercase();
    id.contains("://") || SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(id: &str) -> Vec<ProblemCode> {
        let mut problems = Vec::new();
        check_no_uri(Some(id), "service_id", &mut problems);
        problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn an_id_is_made_of_characters_that_an_address_holds() {
        for right in ["svc-1", "SVC_1.a~b", "42", "urnings"] {
            assert_eq!(codes(right), [], "{right}");
        }
        for wrong in ["svc 1", "a/b", "caf\u{e9}", "svc:12", "a%20b"] {
            assert_eq!(codes(wrong), [ProblemCode::UnsafeId], "{wrong}");
        }
    }

    #[test]
    fn an_id_that_is_a_uri_is_told_once() {
        for uri in ["https://a.example/1", "urn:isbn:1", "MAILTO:a@b.example", "x://y"] {
            assert_eq!(codes(uri), [ProblemCode::UriId], "{uri}");
        }
    }
}
