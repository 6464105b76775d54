//! The form of a `fault`, as an author writes it in a scenario or in a list of faults.

use domain::{Aim, CallKind, Fault};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

/// The longest time for which an answer is kept back or drawn out. Google gives a notification five minutes.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// The longest `Retry-After`, seconds.
const LONGEST_RETRY: u32 = 3600;
/// The lifetime of an ordinary access token, seconds.
const HOUR: u32 = 3600;

/// What goes wrong on Google's side: exactly one of `answer`, `answers`, `drop`, `reset`, `garble`, `lose`, `delay`, `slow`,
/// `omit`, `expire` and `withhold`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word that an author writes, and a file is checked for more than one"
)]
pub(crate) struct FaultFile {
    /// Answer with this status, 400 to 599. 401 stands for a revoked token: newer ones are taken.
    pub(crate) answer: Option<u16>,
    /// Answer with these statuses, one call after the other.
    pub(crate) answers: Vec<u16>,
    /// The text of the answer's body; unset means the API's own error envelope.
    pub(crate) body: Option<String>,
    /// `Retry-After` of each answer, seconds, an hour at most.
    pub(crate) retry_after: Option<u32>,
    /// Close the connection without an answer.
    pub(crate) drop: bool,
    /// Reset the connection without an answer.
    pub(crate) reset: bool,
    /// Spoil the answer.
    pub(crate) garble: Option<Garble>,
    /// Store what was told, and close the connection before the answer: the partner cannot know whether it was heard.
    pub(crate) lose: bool,
    /// Store what was told, and answer so much later: `1500ms`, five minutes at most.
    pub(crate) delay: Option<String>,
    /// Store what was told, and draw the bytes of the answer out over this time: `2s`, five minutes at most.
    pub(crate) slow: Option<String>,
    /// Leave the slot's entry out of the answer to a batch update, and do not apply it.
    pub(crate) omit: bool,
    /// Issue an access token that lives so many seconds, and says so; only in a list of faults, for `method: token`.
    pub(crate) expire: Option<u32>,
    /// Answer a token request with 200 and no access token. In a list of faults, for `method: token`; a scenario with such a step runs
    /// alone, when all others are over.
    pub(crate) withhold: bool,
    /// How often; unset means once.
    pub(crate) times: Option<u32>,
}

/// How an answer is spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Garble {
    /// What was told is stored and answered 200, but the JSON ends in the middle.
    Cut,
    /// Nothing is stored, and what comes back is no HTTP.
    Noise,
}

impl FaultFile {
    /// The faults in the order in which they strike, or what is wrong with their form.
    pub(super) fn read(&self) -> Result<Vec<Fault>, String> {
        let dressed = self.body.is_some() || self.retry_after.is_some();
        if dressed && self.answer.is_none() && self.answers.is_empty() {
            return Err("`body` and `retry_after` belong to an `answer`".to_owned());
        }
        if self.retry_after.is_some_and(|seconds| seconds > LONGEST_RETRY) {
            return Err(format!("`retry_after` is {LONGEST_RETRY} seconds at most"));
        }
        if self.times == Some(0) {
            return Err("a fault that strikes 0 times is none".to_owned());
        }
        let mut kinds = self.kinds()?;
        match (kinds.pop(), kinds.is_empty()) {
            (Some(kind), true) => Ok(kind),
            _ => Err(
                "a fault has exactly one of `answer`, `answers`, `drop`, `reset`, `garble`, `lose`, `delay`, `slow`, `omit`, \
                 `expire` and `withhold`"
                    .to_owned(),
            ),
        }
    }

    /// The faults of each word that was written.
    fn kinds(&self) -> Result<Vec<Vec<Fault>>, String> {
        let mut kinds = Vec::new();
        let mut push = |fault: Option<Fault>| kinds.extend(fault.map(|fault| vec![fault]));
        push(self.answer.map(|status| self.answer(status)).transpose()?);
        push(self.drop.then_some(Fault::Dropped));
        push(self.reset.then_some(Fault::Reset));
        push(self.garble.map(|how| match how {
            Garble::Cut => Fault::Cut,
            Garble::Noise => Fault::Noise,
        }));
        push(self.lose.then_some(Fault::Lost));
        let time = |name, text: &Option<String>| text.as_deref().map(|text| milliseconds(name, text));
        push(
            time("delay", &self.delay)
                .transpose()?
                .map(|ms| Fault::Delayed { ms }),
        );
        push(time("slow", &self.slow).transpose()?.map(|ms| Fault::Slow { ms }));
        push(self.omit.then_some(Fault::Omitted));
        push(self.expire.map(expiring).transpose()?);
        push(self.withhold.then_some(Fault::Withheld));
        if !self.answers.is_empty() {
            let row: Result<_, _> = self.answers.iter().map(|status| self.answer(*status)).collect();
            kinds.push(row?);
        }
        Ok(kinds)
    }

    fn answer(&self, status: u16) -> Result<Fault, String> {
        match status {
            401 if self.body.is_none() && self.retry_after.is_none() => Ok(Fault::Revoked),
            400..=599 => Ok(Fault::Answer {
                status,
                body: self.body.clone(),
                retry_after_sec: self.retry_after,
            }),
            _ => Err("a fault is answered with a status from 400 to 599".to_owned()),
        }
    }
}

/// What is wrong with a fault for what it is aimed at, if anything is.
pub(super) fn misfit(fault: &Fault, aim: &Aim) -> Option<&'static str> {
    match (fault, aim) {
        (Fault::Omitted, Aim::Slot { .. })
        | (Fault::Expiring { .. } | Fault::Withheld, Aim::Kind(CallKind::Token)) => None,
        (Fault::Omitted, _) => Some("only the entry of a `slot` can be left out of an answer"),
        (Fault::Expiring { .. }, _) => {
            Some("`expire` is for `method: token` in the list of `conformance serve --faults`")
        }
        (Fault::Withheld, _) => {
            Some("`withhold` is for token requests: it names no booking, no slot and no other method")
        }
        (Fault::Revoked, Aim::Kind(CallKind::Token)) => {
            Some("a token is refused where it is shown, not where it is issued: aim 401 at other calls")
        }
        _ => None,
    }
}

fn milliseconds(name: &str, text: &str) -> Result<u64, String> {
    let length: SignedDuration = text
        .parse()
        .map_err(|_| format!("`{name}: {text}` is not a length of time; write it like `1500ms` or `2s`"))?;
    if length <= SignedDuration::ZERO || length > LONGEST {
        return Err(format!(
            "`{name}: {text}` is not between a millisecond and five minutes"
        ));
    }
    u64::try_from(length.as_millis())
        .ok()
        .filter(|ms| *ms > 0)
        .ok_or_else(|| format!("`{name}: {text}` is less than a millisecond"))
}

fn expiring(sec: u32) -> Result<Fault, String> {
    if (1..HOUR).contains(&sec) {
        return Ok(Fault::Expiring { sec });
    }
    Err(format!(
        "`expire` is a number of seconds below the usual {HOUR}, such as `expire: 10`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> FaultFile {
        FaultFile {
            answer: Some(status),
            ..FaultFile::default()
        }
    }

    fn late(delay: &str) -> FaultFile {
        FaultFile {
            delay: Some(delay.to_owned()),
            ..FaultFile::default()
        }
    }

    #[test]
    fn a_fault_is_one_thing() {
        assert_eq!(answer(401).read(), Ok(vec![Fault::Revoked]));
        assert!(matches!(
            answer(503).read().as_deref(),
            Ok([Fault::Answer { status: 503, .. }])
        ));
        assert!(answer(200).read().is_err() && FaultFile::default().read().is_err());
        let both = FaultFile {
            drop: true,
            ..answer(503)
        };
        assert!(both.read().is_err_and(|error| error.contains("exactly one")));
        let dressed = FaultFile {
            drop: true,
            retry_after: Some(1),
            ..FaultFile::default()
        };
        assert!(dressed.read().is_err());
        let never = FaultFile {
            times: Some(0),
            ..answer(503)
        };
        assert!(never.read().is_err());
    }

    #[test]
    fn answers_come_one_after_the_other() {
        let row = FaultFile {
            answers: vec![429, 401, 500],
            ..FaultFile::default()
        };
        let statuses: Vec<String> = row.read().into_iter().flatten().map(|f| f.to_string()).collect();
        assert_eq!(statuses, ["429", "token revoked", "500"]);
        let wrong = FaultFile {
            answers: vec![503, 200],
            ..FaultFile::default()
        };
        assert!(wrong.read().is_err_and(|error| error.contains("400 to 599")));
    }

    #[test]
    fn waits_have_a_limit() {
        assert_eq!(late("1500ms").read(), Ok(vec![Fault::Delayed { ms: 1500 }]));
        assert_eq!(late("5m").read(), Ok(vec![Fault::Delayed { ms: 300_000 }]));
        for wrong in ["6m", "0s", "-1s", "soon", "10us"] {
            assert!(
                late(wrong).read().is_err_and(|error| error.contains(wrong)),
                "{wrong}"
            );
        }
        let patient = FaultFile {
            retry_after: Some(3601),
            ..answer(503)
        };
        assert!(patient.read().is_err());
        assert_eq!(expiring(10), Ok(Fault::Expiring { sec: 10 }));
        assert!(expiring(0).is_err() && expiring(3600).is_err());
    }

    #[test]
    fn what_is_for_slots_or_tokens_is_for_nothing_else() {
        let token = Aim::Kind(CallKind::Token);
        let short = Fault::Expiring { sec: 9 };
        assert!(misfit(&short, &token).is_none() && misfit(&short, &Aim::Any).is_some());
        assert!(misfit(&Fault::Revoked, &token).is_some() && misfit(&Fault::Revoked, &Aim::Any).is_none());
        assert!(misfit(&Fault::Omitted, &Aim::Any).is_some());
        assert!(misfit(&Fault::Withheld, &token).is_none() && misfit(&Fault::Withheld, &Aim::Any).is_some());
    }
}
