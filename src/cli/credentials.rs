//! User name and password of a target that stands in no config: from the environment, else asked for on a terminal.

use super::exit::Failure;
use super::output;
use config::{Config, Credentials, Reference, Secret, TargetConfig};
use console::Term;
use jiff::SignedDuration;
use std::path::Path;

/// The variable of the user name.
pub(super) const USER: &str = "PARTNER_USER";

/// The variable of the password.
pub(super) const PASSWORD: &str = "PARTNER_PASSWORD";

/// Makes the target of a URL alone.
pub(super) fn bare_target(config: &mut Config, base_url: String) -> Result<(), Failure> {
    let auth = from_environment(&|name| std::env::var(name).ok())?;
    config.target = Some(TargetConfig {
        name: "target".to_owned(),
        base_url,
        auth: None,
        timeout: SignedDuration::from_secs(15),
        rate: None,
    });
    if let Some(auth) = auth {
        add(config, auth);
    }
    Ok(())
}

/// Both or none: half a pair of credentials is a slip.
fn from_environment(env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Credentials>, Failure> {
    let missing = |set: &str, unset: &str| {
        Failure::wrong(
            format!("{set} is set, and {unset} is not"),
            format!("set both {USER} and {PASSWORD} to what your server expects of Google, or none of them"),
        )
    };
    match (env(USER), env(PASSWORD)) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing(USER, PASSWORD)),
        (None, Some(_)) => Err(missing(PASSWORD, USER)),
        (Some(_), Some(_)) => {
            let fetch = |name: &str| {
                let found = Reference::Env(name.to_owned()).resolve(Path::new(""), env);
                found.map_err(|error| Failure::wrong(error.to_string(), "set it, or unset both"))
            };
            Ok(Some(Credentials {
                user: fetch(USER)?,
                password: fetch(PASSWORD)?,
            }))
        }
    }
}

/// Every secret is masked, wherever it comes from.
fn add(config: &mut Config, auth: Credentials) {
    config.secrets.extend([auth.user.clone(), auth.password.clone()]);
    if let Some(target) = &mut config.target {
        target.auth = Some(auth);
    }
}

/// Asks whoever sits there for what a target lacks; an empty user name is none.
pub(super) fn ask(config: &mut Config) -> Result<(), Failure> {
    let open = config.target.as_ref().filter(|target| target.auth.is_none());
    let Some(target) = open else { return Ok(()) };
    output::error(&format!(
        "user name and password that {} expects of Google ({USER} and {PASSWORD} are not set); enter for none",
        target.base_url
    ));
    let term = Term::stderr();
    let failed = |error: std::io::Error| Failure::broken(format!("the answer could not be read: {error}"));
    term.write_str("user name: ").map_err(failed)?;
    let user = term.read_line().map_err(failed)?;
    if user.is_empty() {
        return Ok(());
    }
    term.write_str("password (not shown): ").map_err(failed)?;
    let password = term.read_secure_line().map_err(failed)?;
    if password.is_empty() {
        return Ok(());
    }
    add(
        config,
        Credentials {
            user: Secret::new(user),
            password: Secret::new(password),
        },
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn fetched(user: Option<&str>, password: Option<&str>) -> Result<Option<(String, String)>, String> {
        let env = |name: &str| match name {
            USER => user.map(str::to_owned),
            PASSWORD => password.map(str::to_owned),
            _ => None,
        };
        let found = from_environment(&env).map_err(|failure| failure.plain())?;
        Ok(found.map(|auth| (auth.user.expose().to_owned(), auth.password.expose().to_owned())))
    }

    #[test]
    fn both_variables_are_taken_or_none_is_missed() {
        let pair = ("google".to_owned(), "correct-horse".to_owned());
        assert_eq!(fetched(Some("google"), Some("correct-horse")), Ok(Some(pair)));
        assert_eq!(fetched(None, None), Ok(None));
    }

    #[test]
    fn half_a_pair_is_a_slip_and_no_value_is_repeated() {
        let words = fetched(Some("google-user"), None).unwrap_err();
        assert!(
            words.starts_with("PARTNER_USER is set, and PARTNER_PASSWORD is not"),
            "{words}"
        );
        assert!(!words.contains("google-user"), "{words}");
        let words = fetched(Some(""), Some("correct-horse")).unwrap_err();
        assert!(
            words.contains("PARTNER_USER is empty") && !words.contains("horse"),
            "{words}"
        );
    }

    #[test]
    fn what_comes_from_the_environment_is_masked() {
        let mut config = Config::default();
        let secret = |text: &str| Secret::new(text.to_owned());
        bare_target(&mut config, "http://127.0.0.1:1".to_owned()).unwrap();
        config.secrets.clear();
        add(
            &mut config,
            Credentials {
                user: secret("google"),
                password: secret("correct-horse"),
            },
        );
        let kept: Vec<&str> = config.secrets.iter().map(Secret::expose).collect();
        assert_eq!(kept, ["google", "correct-horse"]);
        assert!(config.target.unwrap().auth.is_some());
    }
}
