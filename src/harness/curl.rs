//! A call of ours as a command that repeats it: what was sent, with credentials by reference.

use super::Target;
use config::{Reference, Secret};
use outcome::shell::quote;
use recording::Login;
use std::fmt::Write as _;
use transcript::{Call, Credentials};

/// Headers that curl writes by itself, or that stand elsewhere in the command.
const AUTHORIZATION: &str = "authorization";

/// User and password by the places that the config names; a value that stands nowhere is a variable that the reader sets.
pub(super) fn login_of(target: &Target) -> Login {
    let auth = target
        .config
        .target
        .as_ref()
        .and_then(|target| target.auth.as_ref());
    let expansion = |secret: Option<&Secret>, fallback: &str| {
        let known = secret.and_then(Secret::place).and_then(expansion);
        known.unwrap_or_else(|| fallback.to_owned())
    };
    Login {
        user: expansion(auth.map(|auth| &auth.user), "$CONFORMANCE_USER"),
        password: expansion(auth.map(|auth| &auth.password), "$CONFORMANCE_PASSWORD"),
    }
}

fn expansion(place: &Reference) -> Option<String> {
    match place {
        Reference::Env(name) => {
            let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let digit = name.starts_with(|c: char| c.is_ascii_digit());
            (!digit && name.chars().all(letter)).then(|| format!("${{{name}}}"))
        }
        Reference::File(path) => Some(format!("$(cat {})", quote(path.to_str()?))),
    }
}

/// The command that sends a call again.
pub(super) fn curl(base_url: &str, login: &Login, call: &Call) -> String {
    let url = format!("{base_url}{}", call.path);
    let mut command = String::from("curl -sS -i");
    if url.contains(['[', ']', '{', '}']) {
        command.push_str(" -g");
    }
    let body = call
        .raw
        .clone()
        .or_else(|| call.body.as_ref().map(ToString::to_string));
    let implied = if body.is_some() { "POST" } else { "GET" };
    if call.verb != implied {
        let _ = write!(command, " -X {}", quote(&call.verb));
    }
    let _ = write!(command, " {}", quote(&url));
    for (name, value) in &call.headers {
        if name == AUTHORIZATION {
            command.push_str(&authorization(call.credentials, login, value));
        } else if value.is_empty() {
            let _ = write!(command, " -H {}", quote(&format!("{name};")));
        } else {
            let _ = write!(command, " -H {}", quote(&format!("{name}: {value}")));
        }
    }
    if let Some(body) = body {
        let _ = write!(command, " --data-raw {}", quote(&body));
    }
    command
}

/// The recorded header is masked, so it is made again from what the call was to show.
fn authorization(credentials: Credentials, login: &Login, recorded: &str) -> String {
    let Login { user, password } = login;
    match credentials {
        Credentials::Valid if recorded.starts_with("Basic ") => format!(" -u \"{user}:{password}\""),
        Credentials::Wrong => format!(" -u \"{user}:not-the-password\""),
        Credentials::WrongUser => format!(" -u \"not-the-user:{password}\""),
        Credentials::Malformed => format!(" -H {}", quote("authorization: Basic %%%")),
        Credentials::Valid | Credentials::None => {
            format!(" -H {}", quote(&format!("{AUTHORIZATION}: {recorded}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Method;
    use serde_json::json;

    fn call(method: Method, headers: &[(&str, &str)]) -> Call {
        let owned = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Call {
            step: None,
            label: None,
            method,
            verb: method.verb().into(),
            path: method.path(),
            headers: owned.collect(),
            credentials: Credentials::Valid,
            body: None,
            raw: None,
            breaks_model: false,
            again: false,
        }
    }

    fn login() -> Login {
        Login {
            user: "$CONFORMANCE_USER".into(),
            password: "$CONFORMANCE_PASSWORD".into(),
        }
    }

    #[test]
    fn a_call_is_repeated_with_everything_that_was_sent() {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", "Basic [masked]"),
        ];
        let call = Call {
            body: Some(json!({ "user": { "family_name": "O'Neill" } })),
            ..call(Method::CreateBooking, &headers)
        };
        assert_eq!(
            curl("https://host.example/google", &login(), &call),
            "curl -sS -i https://host.example/google/v3/CreateBooking -H 'content-type: application/json' \
             -u \"$CONFORMANCE_USER:$CONFORMANCE_PASSWORD\" --data-raw '{\"user\":{\"family_name\":\"O'\\''Neill\"}}'"
        );
    }

    #[test]
    fn the_verb_stands_where_curl_would_take_another() {
        let bare = call(Method::HealthCheck, &[]);
        assert_eq!(
            curl("http://h", &login(), &bare),
            "curl -sS -i http://h/v3/HealthCheck"
        );
        let odd = Call {
            verb: "DELETE".into(),
            ..bare
        };
        assert!(curl("http://h", &login(), &odd).starts_with("curl -sS -i -X DELETE http"));
    }

    #[test]
    fn wrong_credentials_are_wrong_again() {
        let with = |credentials| {
            let call = call(Method::HealthCheck, &[("authorization", "Basic [masked]")]);
            curl("http://h", &login(), &Call { credentials, ..call })
        };
        assert!(with(Credentials::Wrong).ends_with(" -u \"$CONFORMANCE_USER:not-the-password\""));
        assert!(with(Credentials::WrongUser).ends_with(" -u \"not-the-user:$CONFORMANCE_PASSWORD\""));
        assert!(with(Credentials::Malformed).ends_with(" -H 'authorization: Basic %%%'"));
    }

    #[test]
    fn secrets_are_fetched_from_where_the_config_has_them() {
        let variable = expansion(&Reference::Env("PARTNER_PASSWORD".into()));
        assert_eq!(variable.as_deref(), Some("${PARTNER_PASSWORD}"));
        assert_eq!(expansion(&Reference::Env("a-b".into())), None);
        let file = expansion(&Reference::File("/run/it's here".into()));
        assert_eq!(file.as_deref(), Some("$(cat '/run/it'\\''s here')"));
    }
}
