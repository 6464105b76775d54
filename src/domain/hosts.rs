//! The hosts that Google serves its side on.

/// Where the API is: production and sandbox.
pub const API: [&str; 2] = [
    "mapsbooking.googleapis.com",
    "partnerdev-mapsbooking.googleapis.com",
];
/// Where tokens are: today's endpoint, and the hosts of those that older libraries have built in.
pub const TOKENS: [&str; 3] = [
    "oauth2.googleapis.com",
    "www.googleapis.com",
    "accounts.google.com",
];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static str> {
    API.into_iter().chain(TOKENS)
}

/// The host of the API that a `Host` header names, if it is one.
pub fn api(header: &str) -> Option<&'static str> {
    let host = header.strip_suffix(":443").unwrap_or(header);
    API.into_iter().find(|known| known.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosts_of_the_api_are_taken_for_it() {
        assert_eq!(api("MapsBooking.googleapis.com:443"), Some(API[0]));
        assert_eq!(api("partnerdev-mapsbooking.googleapis.com"), Some(API[1]));
        for other in [
            "oauth2.googleapis.com",
            "mapsbooking.googleapis.com.example",
            "mapsbooking.googleapis.com:8443",
            "",
        ] {
            assert_eq!(api(other), None, "{other}");
        }
    }
}
