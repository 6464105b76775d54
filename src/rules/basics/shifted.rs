//! Inventory updates that name other slots than those that were booked: that no update names the right ones has that cause.

use super::{find_case, keep_findings};
use crate::{Case, Judgement};
use catalogue::RequirementId;
use outcome::{Finding, ScenarioReport};

const SENT: RequirementId = RequirementId::declared("INV-01");
/// What is missed where the times are others, and what is found of slots that were never meant.
const MISSED: [RequirementId; 6] = [
    RequirementId::declared("FEED-AVL-10"),
    RequirementId::declared("RTU-10"),
    SENT,
    RequirementId::declared("INV-02"),
    RequirementId::declared("INV-04"),
    RequirementId::declared("RTU-RESCHED-05"),
];
/// The words of the rule over the run.
const WORDS: &str = "a time that no feed has";

/// Takes back what is missed of a slot, once it is known that all updates name others.
pub(super) fn hold_back(reports: &mut [ScenarioReport], of_the_run: &mut Judgement, cases: &[Case<'_>]) {
    let is_told = |finding: &&mut Finding| finding.requirement == SENT && finding.message.contains(WORDS);
    let Some(told) = of_the_run.findings.iter_mut().find(is_told) else {
        return;
    };
    told.basic = true;
    let reason = format!("inventory updates name other times than those that were booked ({SENT})");
    let is_missed = |finding: &Finding| MISSED.contains(&finding.requirement);
    of_the_run
        .findings
        .retain(|finding| finding.basic || !is_missed(finding));
    let told: Vec<RequirementId> = of_the_run.findings.iter().map(|one| one.requirement).collect();
    of_the_run
        .judged
        .retain(|one| !MISSED.contains(&one.requirement) || told.contains(&one.requirement));
    for report in reports {
        if find_case(cases, report).is_some() && report.findings.iter().any(is_missed) {
            keep_findings(report, |finding| !is_missed(finding), &reason);
        }
    }
}
