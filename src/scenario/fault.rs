//! The form of a `fault` step, as an author writes it.

use crate::protocol::Fault;
use schemars::JsonSchema;
use serde::Deserialize;

/// What goes wrong on Google's side: exactly one of `answer`, `drop` and `omit`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FaultFile {
    /// Answer with this status, 400 to 599. 401 stands for a revoked token: newer ones are taken.
    pub answer: Option<u16>,
    /// The text of the answer's body; unset means the API's own error envelope.
    pub body: Option<String>,
    /// `Retry-After` of the answer, seconds.
    pub retry_after: Option<u32>,
    /// Close the connection without an answer.
    pub drop: bool,
    /// Leave the slot's entry out of the answer to a batch update, and do not apply it.
    pub omit: bool,
    /// How often; unset means once.
    pub times: Option<u32>,
}

impl FaultFile {
    /// The fault, or what is wrong with its form.
    pub(super) fn read(&self) -> Result<Fault, &'static str> {
        let dressed = self.body.is_some() || self.retry_after.is_some();
        match (self.answer, self.drop, self.omit) {
            (Some(401), false, false) if !dressed => Ok(Fault::Revoked),
            (Some(status @ 400..=599), false, false) => Ok(Fault::Answer {
                status,
                body: self.body.clone(),
                retry_after_sec: self.retry_after,
            }),
            (Some(_), false, false) => Err("a fault is answered with a status from 400 to 599"),
            (None, true, false) if !dressed => Ok(Fault::Dropped),
            (None, false, true) if !dressed => Ok(Fault::Omitted),
            (None, ..) if dressed => Err("`body` and `retry_after` belong to an `answer`"),
            _ => Err("a fault has exactly one of `answer`, `drop` and `omit`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_one_thing() {
        let answer = |status| FaultFile {
            answer: Some(status),
            ..FaultFile::default()
        };
        assert_eq!(answer(401).read(), Ok(Fault::Revoked));
        assert!(matches!(
            answer(503).read(),
            Ok(Fault::Answer { status: 503, .. })
        ));
        assert!(answer(200).read().is_err() && FaultFile::default().read().is_err());
        let both = FaultFile {
            drop: true,
            ..answer(503)
        };
        assert!(both.read().is_err());
        let dressed = FaultFile {
            drop: true,
            retry_after: Some(1),
            ..FaultFile::default()
        };
        assert!(dressed.read().is_err());
    }
}
