//! What problems of feeds violate: data, a row for each. The reader of feeds has noticed them; here they get their requirement.

use catalogue::RequirementId;
use feeds::{Compared, FeedProblem, FeedSubject, ProblemCode};

/// One sort of problem, and what it violates.
#[derive(Debug)]
pub struct Row {
    code: ProblemCode,
    subject: Option<FeedSubject>,
    /// One of these has to be a part of the field's path; any field when there are none.
    parts: &'static [&'static str],
    /// What it violates.
    pub requirement: RequirementId,
    /// True when Google takes it, or when it may be right: it is reported and fails nothing.
    pub warns: bool,
    /// What has to be held against the feeds before this can be seen; none where the feeds alone show it.
    pub seen_in: Option<Compared>,
    /// What Google's portal calls it; none where its pages give no name.
    pub google_code: Option<&'static str>,
    /// What is wrong, in one sentence for a partner.
    pub says: &'static str,
}

/// A row for every problem of this code.
pub(crate) const fn row(code: ProblemCode, requirement: &'static str, says: &'static str) -> Row {
    Row {
        code,
        subject: None,
        parts: &[],
        requirement: RequirementId::declared(requirement),
        warns: false,
        seen_in: None,
        google_code: None,
        says,
    }
}

impl Row {
    /// Only in these records.
    pub(crate) const fn of(self, subject: FeedSubject) -> Self {
        Self {
            subject: Some(subject),
            ..self
        }
    }

    /// Only at fields of these names, or inside of them.
    pub(crate) const fn at(self, parts: &'static [&'static str]) -> Self {
        Self { parts, ..self }
    }

    /// Never more than a warning.
    pub(crate) const fn warns(self) -> Self {
        Self { warns: true, ..self }
    }

    /// Google's portal has this name for it.
    pub(crate) const fn named(self, google_code: &'static str) -> Self {
        Self {
            google_code: Some(google_code),
            ..self
        }
    }

    /// Only beside an earlier export, or beside bookings.
    pub(crate) const fn seen_in(self, compared: Compared) -> Self {
        Self {
            seen_in: Some(compared),
            ..self
        }
    }

    /// True when the row is about this problem.
    pub(crate) fn is_about(&self, problem: &FeedProblem) -> bool {
        let named = |part: &str| {
            let part = part.split('[').next().unwrap_or(part);
            self.parts.contains(&part)
        };
        self.code == problem.code
            && self.subject.is_none_or(|subject| subject == problem.subject)
            && (self.parts.is_empty() || problem.field.split('.').any(named))
    }

    /// The code, for tests of the tables.
    pub fn code(&self) -> ProblemCode {
        self.code
    }
}
