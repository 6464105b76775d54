//! What a look at a set-up came to; `conformance doctor --format json` is the serialised `Checkup`.

use serde::Serialize;

/// What was seen of one part of a set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It can be used.
    Ok,
    /// It cannot, or is not what Google needs.
    Wrong,
    /// It could not be seen from here.
    CannotTell,
}

/// One part of a set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// What was seen.
    pub state: CheckState,
    /// The exit code that it asks for: 0, 2 for input, 3 for what cannot be used.
    pub exit_code: u8,
    /// What was seen, in words.
    pub words: String,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Check {
    /// In order.
    pub fn ok(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            state: CheckState::Ok,
            exit_code: 0,
            words: words.into(),
            next: None,
        }
    }

    /// Not to be seen from here, which is nobody's fault.
    pub fn cannot_tell(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            state: CheckState::CannotTell,
            ..Self::ok(name, words)
        }
    }

    /// Something outside of config and files cannot be used.
    pub fn unusable(name: impl Into<String>, words: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            state: CheckState::Wrong,
            exit_code: 3,
            next: Some(next.into()),
            ..Self::ok(name, words)
        }
    }

    /// Config or feeds are wrong.
    pub fn input(name: impl Into<String>, words: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            exit_code: 2,
            ..Self::unusable(name, words, next)
        }
    }

    /// With a next step.
    #[must_use]
    pub fn then(self, next: impl Into<String>) -> Self {
        Self {
            next: Some(next.into()),
            ..self
        }
    }
}

/// Everything that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// The form of this.
    pub format: u32,
    /// The gravest of all: wrong input before what cannot be used.
    pub exit_code: u8,
    /// In the order in which a person would look.
    pub checks: Vec<Check>,
}

impl Checkup {
    /// Of these checks.
    pub fn of(checks: Vec<Check>) -> Self {
        let codes = || checks.iter().map(|check| check.exit_code);
        let exit_code = codes().find(|code| *code == 2).or_else(|| codes().max());
        Self {
            format: 1,
            exit_code: exit_code.unwrap_or(0),
            checks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_input_counts_before_what_cannot_be_used() {
        let code = |checks: &[Check]| Checkup::of(checks.to_vec()).exit_code;
        let (ok, open) = (Check::ok("a", "b"), Check::cannot_tell("a", "b"));
        let (unusable, input) = (Check::unusable("a", "b", "c"), Check::input("a", "b", "c"));
        assert_eq!(code(&[]), 0);
        assert_eq!(code(&[ok.clone(), open]), 0);
        assert_eq!(code(&[ok, unusable.clone()]), 3);
        assert_eq!(code(&[unusable, input]), 2);
    }
}
