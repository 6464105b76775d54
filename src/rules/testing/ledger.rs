//! The partner's ledger in stories.

use super::{Story, StoryVerdict};
use crate::{Judgement, Verdicts, expectations};
use catalogue::RequirementId;
use domain::ledger::{Books, Line, Move};
use outcome::Verdict;
use scenario::{LedgerStep, Step};
use transcript::{Fact, Ledger, StepPath};

impl Story {
    /// The target has a ledger probe, whose ledger holds these lines of `bk-0001` now.
    pub(crate) fn ledger(self, lines: &[(Move, i64)]) -> Self {
        self.look(None, lines, None)
    }

    /// The same, with a transaction id on every line.
    pub(crate) fn ledger_with(self, lines: &[(Move, i64)], id: Option<&str>) -> Self {
        self.look(None, lines, id)
    }

    /// The target has no ledger probe.
    pub(crate) fn without_ledger(mut self) -> Self {
        let is_look = |fact: &Fact| matches!(fact, Fact::Ledger(_));
        self.transcript.entries.retain(|entry| !is_look(&entry.fact));
        self.set_probe(false);
        self
    }

    /// The scenario file expects something of the ledger, which holds these lines.
    pub(crate) fn asking_ledger(
        mut self,
        requirement: RequirementId,
        books: Books,
        lines: &[(Move, i64)],
    ) -> Self {
        let step = StepPath {
            step: self.scenario.steps.len(),
            branch: None,
        };
        self.scenario
            .slots
            .insert("slot".into(), scenario::SlotNeed::default());
        self.scenario.steps.push(Step::Ledger(LedgerStep {
            booking: "bk-0001".into(),
            slot: None,
            requirement,
            books,
            otherwise: None,
        }));
        self.look(Some(step), lines, None)
    }

    /// Judges by the scenario's own expectations alone.
    pub(crate) fn judge_expectations(&self) -> StoryVerdict {
        let mut verdicts = Verdicts::default();
        expectations::judge(&self.case(), &mut verdicts);
        let (findings, judged) = verdicts.conclude();
        StoryVerdict(Judgement { findings, judged })
    }

    fn look(mut self, step: Option<StepPath>, lines: &[(Move, i64)], id: Option<&str>) -> Self {
        self.set_probe(true);
        let line = |(kind, amount_micros): &(Move, i64)| Line {
            kind: *kind,
            amount_micros: *amount_micros,
            currency_code: "USD".into(),
            transaction_id: id.map(ToOwned::to_owned),
        };
        self.push(Fact::Ledger(Ledger {
            step,
            booking_id: "bk-0001".into(),
            lines: lines.iter().map(line).collect(),
            waited_ms: 0,
            failure: None,
        }));
        self
    }

    fn set_probe(&mut self, there: bool) {
        if let Fact::Bound(bound) = &mut self.transcript.entries[0].fact {
            bound.ledger = there;
        }
    }
}

impl StoryVerdict {
    /// The requirement does not apply to the target.
    pub(crate) fn does_not_apply(&self, requirement: RequirementId) {
        let judged = self.0.judged.iter().find(|one| one.requirement == requirement);
        assert_eq!(judged.map(|one| one.verdict), Some(Verdict::NotApplicable));
    }
}
