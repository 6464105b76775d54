//! Verdicts on stories.

use super::Story;
use crate::{Case, Judgement, Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use feeds::FeedProblem;
use outcome::{Finding, Judged, Verdict};
use std::collections::BTreeSet;

/// The verdict on a story.
pub(crate) struct StoryVerdict(pub(crate) Judgement);

/// Judges several stories as one run by one rule.
pub(crate) fn judge_run(stories: &[Story], rule: &Rule) -> StoryVerdict {
    let cases: Vec<_> = stories.iter().map(Story::case).collect();
    judge_by(&run_of(&cases), rule)
}

/// A run of these cases, of which nothing else is known.
pub(crate) fn run_of<'c>(cases: &'c [Case<'c>]) -> Run<'c> {
    static NONE: BTreeSet<(String, String)> = BTreeSet::new();
    Run {
        cases,
        orphans: &[],
        problems: &[],
        slots: &[],
        whole: &NONE,
        token_requests: &[],
        resource_calls: &[],
        arrivals_ms: &[],
    }
}

pub(super) fn judge_by(run: &Run<'_>, rule: &Rule) -> StoryVerdict {
    let mut verdicts = Verdicts::default();
    for case in run.cases {
        rule.judge_case(case, &mut verdicts);
    }
    if let Scope::Run(judge) = rule.scope {
        judge(run, &mut verdicts);
    }
    let (findings, judged) = verdicts.conclude();
    let listed = |one: &Judged| rule.requirements.contains(&one.requirement);
    assert!(
        judged.iter().all(listed),
        "{} judges what it does not list",
        rule.name
    );
    StoryVerdict(Judgement { findings, judged })
}

/// Judges the feeds of a run that booked the story's slot.
pub(crate) fn judge_feeds(story: &Story, problems: &[FeedProblem], rule: &Rule) -> StoryVerdict {
    let (cases, mut verdicts) = ([story.case()], Verdicts::default());
    let Scope::Run(judge) = rule.scope else {
        panic!("{} does not look at the run", rule.name);
    };
    let slots: Vec<_> = cases[0].transcript.slot("slot").cloned().into_iter().collect();
    let run = Run {
        cases: &cases,
        orphans: &[],
        problems,
        slots: &slots,
        whole: &BTreeSet::new(),
        token_requests: &[],
        resource_calls: &[],
        arrivals_ms: &[],
    };
    judge(&run, &mut verdicts);
    let (findings, judged) = verdicts.conclude();
    StoryVerdict(Judgement { findings, judged })
}

impl StoryVerdict {
    /// The requirement was exercised and nothing was found.
    pub(crate) fn passes(&self, requirement: RequirementId) {
        assert!(self.0.findings.is_empty(), "{:#?}", self.0.findings);
        let judged = self.0.judged.iter().find(|one| one.requirement == requirement);
        assert_eq!(judged.map(|one| one.verdict), Some(Verdict::Pass));
    }

    /// The requirement could not be judged, and nothing was found.
    pub(crate) fn not_testable(&self, requirement: RequirementId) {
        assert!(self.0.findings.is_empty(), "{:#?}", self.0.findings);
        let judged = self.0.judged.iter().find(|one| one.requirement == requirement);
        assert_eq!(judged.map(|one| one.verdict), Some(Verdict::NotTestable));
    }

    /// Nothing at all was found.
    pub(crate) fn is_clean(&self) {
        assert!(self.0.findings.is_empty(), "{:#?}", self.0.findings);
    }

    /// Nothing was exercised.
    pub(crate) fn says_nothing(&self) {
        assert!(self.0.judged.is_empty(), "{:#?}", self.0.judged);
    }

    /// Everything that was found.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.0.findings
    }

    /// Exactly this requirement failed, once (a SHOULD warns).
    pub(crate) fn fails(&self, requirement: RequirementId) -> Finding {
        assert_eq!(self.0.findings.len(), 1, "{:#?}", self.0.findings);
        assert_eq!(self.0.findings[0].requirement, requirement);
        self.0.findings[0].clone()
    }

    /// Exactly this requirement warned.
    pub(crate) fn warns(&self, requirement: RequirementId) -> Finding {
        let finding = self.fails(requirement);
        assert_eq!(finding.verdict, Verdict::Warn);
        finding
    }
}
