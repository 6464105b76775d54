//! The web address of a merchant.

use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Endings of names that lead nowhere outside of one network.
const INSIDE: [&str; 6] = ["localhost", "local", "localdomain", "internal", "lan", "test"];

/// Notes what keeps users from opening it.
pub(super) fn check(url: &str, problems: &mut Vec<RecordProblem>) {
    let mut note = |code, message: String| problems.push(RecordProblem::new(code, "url", message));
    let trimmed = url.trim();
    let lower = trimmed.to_ascii_lowercase();
    let bare = ["http://", "https://"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    match bare {
        None if !is_bare_address(&lower) => {
            return note(
                ProblemCode::NoContact,
                format!("{url:?} is no address of a web site"),
            );
        }
        None => note(
            ProblemCode::NoScheme,
            format!("{url:?} is read as https://{trimmed}: write the scheme, too"),
        ),
        Some(_) => {}
    }
    let host = host(bare.unwrap_or(&lower));
    if is_inside(host) {
        let message = format!("{url:?}: {host:?} is no host that users can reach");
        note(ProblemCode::BadUrl, message);
    }
}

/// The host of what stands behind the scheme.
fn host(address: &str) -> &str {
    let authority = address.split(['/', '?', '#']).next().unwrap_or(address);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or(six),
        None => host.split(':').next().unwrap_or(host),
    }
}

/// True for `www.lane.example/menu`: a host with a dot, and no scheme of another kind.
fn is_bare_address(address: &str) -> bool {
    let host = address.split(['/', '?', '#']).next().unwrap_or(address);
    let host = match host.split_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) => return false,
        None => host,
    };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    host == "localhost" || (host.contains('.') && host.trim_end_matches('.').split('.').all(is_label))
}

fn is_inside(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    if let Ok(four) = host.parse::<Ipv4Addr>() {
        return four.is_private() || four.is_loopback() || four.is_link_local() || four.is_unspecified();
    }
    if let Ok(six) = host.parse::<Ipv6Addr>() {
        return six.is_loopback()
            || six.is_unspecified()
            || six.is_unique_local()
            || six.is_unicast_link_local();
    }
    let last = host.rsplit('.').next().unwrap_or(host);
    INSIDE.contains(&last) || !host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(url: &str) -> Vec<ProblemCode> {
        let mut problems = Vec::new();
        check(url, &mut problems);
        problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_public_address_is_right() {
        for url in [
            "https://lane.example",
            "HTTP://lane.example:8080/a?b#c",
            " https://user@lane.example/",
            "https://\u{e4}rzte.example",
            "https://93.184.216.34/menu",
            "https://[2001:db8::1]/",
        ] {
            assert_eq!(found(url), [], "{url}");
        }
    }

    #[test]
    fn an_address_of_one_network_is_told() {
        for url in [
            "http://localhost:3000/r/lantern",
            "https://127.0.0.1",
            "http://192.168.1.4/",
            "http://[::1]:80/",
            "https://shop.local",
            "https://intranet/",
            "https://",
        ] {
            assert_eq!(found(url), [ProblemCode::BadUrl], "{url}");
        }
        assert_eq!(
            found("localhost:3000"),
            [ProblemCode::NoScheme, ProblemCode::BadUrl]
        );
    }

    #[test]
    fn an_address_without_its_scheme_is_one_all_the_same() {
        for url in ["www.lane.example", "lane.example/menu", "lane.example:443"] {
            assert_eq!(found(url), [ProblemCode::NoScheme], "{url}");
        }
        for url in [
            "",
            "mailto:a@lane.example",
            "none",
            "ask us. please",
            "tel:+4973155",
            "ftp://lane.example",
        ] {
            assert_eq!(found(url), [ProblemCode::NoContact], "{url}");
        }
    }
}
