//! A change of the party size that is not made, where moves are not made either: one cause.

use super::{find_case, keep_findings};
use crate::Case;
use catalogue::RequirementId;
use outcome::{Finding, ScenarioReport, Verdict};

const PARTY: RequirementId = RequirementId::declared("BS-UPDATE-05");
/// By which moves that are not made are told.
const MOVES: [RequirementId; 2] = [
    RequirementId::declared("BS-UPDATE-03"),
    RequirementId::declared("BS-UPDATE-06"),
];

/// What is found of moves says more: that no change is made, and perhaps why.
pub(super) fn give_way_to_moves(reports: &mut [ScenarioReport], cases: &[Case<'_>]) {
    let moves = |finding: &&Finding| MOVES.contains(&finding.requirement) && finding.verdict == Verdict::Fail;
    let told = reports.iter().find_map(|report| {
        let finding = report.findings.iter().find(moves)?;
        Some((report.id.clone(), finding.requirement))
    });
    let Some((scenario, requirement)) = told else {
        return;
    };
    let reason = format!("no change of a booking is made, as {scenario} tells ({requirement})");
    let is_of_party = |finding: &Finding| {
        finding.requirement == PARTY
            && finding.evidence.pointer.as_deref() == Some("/booking/slot/resources/party_size")
    };
    for report in reports {
        if find_case(cases, report).is_some() && report.findings.iter().any(is_of_party) {
            keep_findings(report, |finding| !is_of_party(finding), &reason);
        }
    }
}
