//! Whether the server is there, who answers for it, and whether it knows Google.

use super::super::asking::Asking;
use super::super::error::RunError;
use super::super::reach::{check_reachable, peer_certificate};
use super::super::target::Target;
use domain::Credentials;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use outcome::Check;
use protocol::Method;
use transcript::{HttpReply, Reply};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A clock that is further off judges cutoffs and tokens otherwise than Google does.
const TOLERANCE_SEC: i64 = 60;

/// A certificate that ends sooner is told of.
const SOON_DAYS: i64 = 14;

const DAY_SEC: i64 = 86_400;

/// Name, connection and TLS; false when there is nobody to ask.
pub(super) async fn reached(target: &Target) -> (Vec<Check>, bool) {
    let Some(base_url) = target.endpoint().map(|endpoint| endpoint.base_url) else {
        return (Vec::new(), false);
    };
    match check_reachable(target).await {
        Ok(()) => {
            let tls = tls(&base_url).await;
            (vec![Check::ok("reached", base_url), tls], true)
        }
        Err(RunError::UnreachableTls { why, .. }) => {
            let next = "mend the certificate, or name an authority of your own: SSL_CERT_FILE=FILE";
            let tls = Check::unusable("tls", format!("{base_url}: {why}"), next);
            (vec![tls], false)
        }
        Err(error) => {
            let next = "start the server, or correct --target or base_url in [target]";
            (vec![Check::unusable("reached", error.to_string(), next)], false)
        }
    }
}

async fn tls(base_url: &str) -> Check {
    if base_url.starts_with("http:") {
        return Check::cannot_tell("tls", "plain HTTP was used; Google calls by HTTPS alone");
    }
    let Some(der) = peer_certificate(base_url).await else {
        return Check::cannot_tell("tls", "the chain is trusted; the certificate was not shown");
    };
    let Ok((_, certificate)) = X509Certificate::from_der(&der) else {
        return Check::cannot_tell("tls", "the chain is trusted; the certificate could not be read");
    };
    let until = certificate.validity().not_after.timestamp();
    let days = (until - Timestamp::now().as_second()) / DAY_SEC;
    let day = Timestamp::from_second(until).map(|time| time.strftime("%Y-%m-%d").to_string());
    let words = format!(
        "the chain is trusted; the certificate ends {} ({days} days)",
        day.unwrap_or_default()
    );
    let check = Check::ok("tls", words);
    if days < SOON_DAYS {
        check.then("renew the certificate")
    } else {
        check
    }
}

/// Credentials and clock, by HealthCheck.
pub(super) async fn answers(target: &Target, asking: &Asking) -> Vec<Check> {
    let reply = asking.call(Method::HealthCheck, None, Credentials::Valid).await;
    let reply = match reply {
        Reply::Http(reply) => reply,
        Reply::Nothing { detail, .. } => {
            let next =
                "see what the server does with GET /v3/HealthCheck; timeout in [target] gives it longer";
            let silent = Check::unusable(
                "credentials",
                format!("HealthCheck was not answered: {detail}"),
                next,
            );
            return vec![silent];
        }
    };
    let has_credentials = target
        .config
        .target
        .as_ref()
        .is_some_and(|target| target.auth.is_some());
    let mut checks = vec![right_ones(&reply, has_credentials)];
    if reply.is_success() && has_credentials {
        checks.push(wrong_ones(asking).await);
    }
    checks.push(clock(&reply));
    checks
}

fn right_ones(reply: &HttpReply, has_credentials: bool) -> Check {
    let status = reply.status;
    let none = "set PARTNER_USER and PARTNER_PASSWORD (with --target), or auth in [target], to what the server expects of Google";
    match (status, has_credentials) {
        (401 | 403, true) => Check::unusable(
            "credentials",
            format!("HealthCheck with the user and password that are named was answered {status}"),
            "correct them: it is HTTP Basic, with the user and password that you give Google",
        ),
        (401 | 403, false) => Check::unusable(
            "credentials",
            format!("HealthCheck was answered {status}, and no user and password are named"),
            none,
        ),
        (200..=299, true) => Check::ok("credentials", format!("taken: HealthCheck was answered {status}")),
        (200..=299, false) => Check::cannot_tell(
            "credentials",
            "none are named, and HealthCheck is answered without",
        )
        .then(none),
        _ => Check::cannot_tell("credentials", format!("HealthCheck was answered {status}"))
            .then("HealthCheck has to be answered 200: conformance run basic/health-check"),
    }
}

/// Google's requests alone may be answered.
async fn wrong_ones(asking: &Asking) -> Check {
    const NAME: &str = "wrong credentials";
    let next = "conformance run 'auth/**' says which calls";
    for (credentials, words) in [
        (Credentials::None, "without credentials"),
        (Credentials::Wrong, "with a wrong password"),
    ] {
        match asking.call(Method::HealthCheck, None, credentials).await {
            Reply::Http(reply) if reply.is_success() => {
                let words = format!("HealthCheck {words} was answered {}; 401 is due", reply.status);
                return Check::unusable(NAME, words, next);
            }
            Reply::Http(reply) if matches!(reply.status, 401 | 403) => {}
            Reply::Http(reply) => {
                let words = format!("HealthCheck {words} was answered {}; 401 is due", reply.status);
                return Check::cannot_tell(NAME, words).then(next);
            }
            Reply::Nothing { detail, .. } => {
                return Check::cannot_tell(NAME, format!("HealthCheck {words} was not answered: {detail}"));
            }
        }
    }
    Check::ok(NAME, "refused: none and a wrong password")
}

fn clock(reply: &HttpReply) -> Check {
    const NAME: &str = "clock";
    let header = reply.headers.iter().find(|(name, _)| name == "date");
    let told = header.and_then(|(_, value)| rfc2822::parse(value).ok());
    let Some(told) = told else {
        return Check::cannot_tell(NAME, "the answer has no Date header that can be read");
    };
    judge_clock(told.timestamp().as_second() - Timestamp::now().as_second())
}

fn judge_clock(ahead_sec: i64) -> Check {
    let (off, side) = (ahead_sec.abs(), if ahead_sec > 0 { "ahead of" } else { "behind" });
    if off <= TOLERANCE_SEC {
        return Check::ok(
            "clock",
            format!("the server's clock is within {TOLERANCE_SEC} s of this one"),
        );
    }
    let length = if off < 7200 {
        format!("{} min", off / 60)
    } else {
        format!("{} h", off / 3600)
    };
    Check::unusable(
        "clock",
        format!("the server's clock is {length} {side} this one (Date header of HealthCheck)"),
        "set both clocks by a time server: cutoffs, past slots and tokens are judged by them",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use outcome::CheckState;

    #[test]
    fn a_clock_may_be_a_minute_off_and_not_ten() {
        assert_eq!(judge_clock(60).state, CheckState::Ok);
        assert_eq!(judge_clock(-60).state, CheckState::Ok);
        let (ahead, behind) = (judge_clock(600), judge_clock(-8 * 3600));
        assert_eq!(
            (ahead.state, behind.state),
            (CheckState::Wrong, CheckState::Wrong)
        );
        assert!(ahead.words.contains("10 min ahead of"), "{}", ahead.words);
        assert!(behind.words.contains("8 h behind"), "{}", behind.words);
    }

    #[test]
    fn a_refusal_says_whether_anybody_was_named() {
        let reply = |status| HttpReply::new(Method::HealthCheck, status, Vec::new(), String::new());
        let words = |status, named| right_ones(&reply(status), named).words;
        assert!(
            words(401, true).contains("that are named"),
            "{}",
            words(401, true)
        );
        assert!(
            words(401, false).contains("no user and password"),
            "{}",
            words(401, false)
        );
        assert_eq!(right_ones(&reply(200), true).state, CheckState::Ok);
        assert_eq!(right_ones(&reply(200), false).state, CheckState::CannotTell);
        assert_eq!(right_ones(&reply(500), true).state, CheckState::CannotTell);
    }
}
