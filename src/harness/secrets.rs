//! Everything that nobody may read in what is written and shown.

use config::{CallAuth, Config, Credentials, Secret, Trigger};
use google::KeyFile;
use transcript::Masker;

/// Hides every secret of a config, user and password together as Basic authentication sends them, and the private key that
/// the partner has got.
pub(super) fn masker(config: &Config, key: &KeyFile) -> Masker {
    of(config, key.private_key().as_deref())
}

/// As above, where the partner has got no key yet.
pub(super) fn masker_of_config(config: &Config) -> Masker {
    of(config, None)
}

fn of(config: &Config, private_key: Option<&str>) -> Masker {
    let logins: Vec<&Credentials> = logins(config).collect();
    let pairs: Vec<String> = logins.iter().map(|login| pair(login)).collect();
    // A user name is an ordinary word that may well stand in an answer; alone it opens nothing.
    let is_user = |secret: &&str| logins.iter().any(|login| login.user.expose() == *secret);
    let secrets = config.secrets.iter().map(Secret::expose);
    let secrets = secrets.filter(|secret| !is_user(secret));
    Masker::new(secrets.chain(pairs.iter().map(String::as_str)).chain(private_key))
}

fn logins(config: &Config) -> impl Iterator<Item = &Credentials> {
    let of_target = config.target.iter().filter_map(|target| target.auth.as_ref());
    let triggers = config.triggers.values().filter_map(|trigger| match trigger {
        Trigger::Http(call) => Some(call),
        _ => None,
    });
    let calls = triggers.chain(&config.probes.ledger);
    let of_calls = calls.filter_map(|call| match &call.auth {
        Some(CallAuth::Basic(login)) => Some(login),
        _ => None,
    });
    of_target.chain(of_calls)
}

fn pair(login: &Credentials) -> String {
    format!("{}:{}", login.user.expose(), login.password.expose())
}
