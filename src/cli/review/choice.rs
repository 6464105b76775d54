//! Which snapshots a command means.

use super::super::exit::Failure;
use harness::IdGlob;
use snapshot::Mark;

/// Globs, and whether snapshots of failing scenarios are meant, too.
pub(super) struct Choice {
    globs: Vec<IdGlob>,
    failing: bool,
}

impl Choice {
    /// Of the globs that were given; without any, everything.
    pub(super) fn parse(globs: &[String]) -> Result<Self, Failure> {
        let globs = globs.iter().map(|text| IdGlob::parse(text));
        Ok(Self {
            globs: globs.collect::<Result<_, _>>().map_err(Failure::input)?,
            failing: false,
        })
    }

    pub(super) fn with_failing(self, failing: bool) -> Self {
        Self { failing, ..self }
    }

    pub(super) fn matches(&self, id: &str) -> bool {
        self.globs.is_empty() || self.globs.iter().any(|glob| glob.matches(id))
    }

    /// True when a snapshot with this mark may be accepted: that of a failing scenario only if it is named.
    pub(super) fn takes(&self, id: &str, mark: Option<&Mark>) -> bool {
        mark.is_none() || self.failing || self.globs.iter().any(|glob| glob.names(id))
    }

    /// Each glob has to match something.
    pub(super) fn check<'i>(&self, found: impl Iterator<Item = &'i str>) -> Result<(), Failure> {
        let found: Vec<&str> = found.collect();
        let is_idle = |glob: &&IdGlob| !found.iter().any(|id| glob.matches(id));
        self.globs.iter().find(is_idle).map_or(Ok(()), |glob| {
            let help = "`conformance pending` lists what waits";
            Err(Failure::wrong(
                format!("no snapshot of {} is pending", glob.text()),
                help,
            ))
        })
    }
}
