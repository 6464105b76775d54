//! INV-21, INV-22

use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;
use transcript::ResourceAct;

const NUMBER: RequirementId = RequirementId::declared("INV-21");
const TIMES: RequirementId = RequirementId::declared("INV-22");

const MOST: usize = 1_000;

pub(crate) static RULE: Rule = Rule {
    name: "run/records",
    requirements: &[NUMBER, TIMES],
    manual: "Looks at calls of batchPush and batchDelete, which are optional: where none is made, there is nothing to judge. One call \
             may hold at most 1,000 records; each of them must have its time, which puts updates in order: `generationTimestamp` of \
             a pushed record, `deleteTime` of one that is deleted.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    for call in run.resource_calls {
        let ResourceAct::Records {
            deletes,
            count,
            undated,
        } = call.act
        else {
            continue;
        };
        let (method, time) = if deletes {
            ("batchDelete", "deleteTime")
        } else {
            ("batchPush", "generationTimestamp")
        };
        verdicts.check(NUMBER, count <= MOST, || {
            let message =
                format!("{method} was called with {count} records; at most 1,000 may be sent in one call");
            (Proof::default().expected(MOST).actual(count), message)
        });
        if count == 0 {
            continue;
        }
        verdicts.check(TIMES, undated.is_none(), || {
            let place = format!("/records/{}/{time}", undated.unwrap_or_default());
            let message = format!(
                "{method} was called with a record without \"{time}\" (records[{}] of {count})",
                undated.unwrap_or_default()
            );
            let proof = Proof {
                pointer: Some(place),
                ..Proof::default()
            };
            (proof.expected("present"), message)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Story;
    use serde_json::{Value, json};

    fn sent(deletes: bool, records: &[Value]) -> Story {
        let body = json!({ "records": records });
        Story::arrival().asks_google(ResourceAct::of_records(deletes, &body))
    }

    #[test]
    fn a_thousand_records_with_their_times_are_right() {
        let pushed = json!({ "generationTimestamp": "2030-01-01T00:00:00Z", "dataRecord": "e30=" });
        let deleted = json!({ "deleteTime": "2030-01-01T00:00:00Z", "dataRecord": "e30=" });
        for story in [sent(false, &vec![pushed; 1_000]), sent(true, &[deleted])] {
            story.judge(&RULE).passes(NUMBER);
            story.judge(&RULE).passes(TIMES);
        }
    }

    #[test]
    fn one_more_is_too_many() {
        let pushed = json!({ "generationTimestamp": "2030-01-01T00:00:00Z" });
        let found = sent(false, &vec![pushed; 1_001]).judge(&RULE).fails(NUMBER);
        assert_eq!(
            found.message,
            "batchPush was called with 1001 records; at most 1,000 may be sent in one call"
        );
    }

    #[test]
    fn a_record_without_its_time_is_named() {
        let dated = json!({ "deleteTime": "2030-01-01T00:00:00Z" });
        let pushed = json!({ "generationTimestamp": "2030-01-01T00:00:00Z" });
        let found = sent(true, &[dated, pushed]).judge(&RULE).fails(TIMES);
        assert_eq!(found.evidence.pointer.as_deref(), Some("/records/1/deleteTime"));
    }

    #[test]
    fn who_pushes_nothing_is_not_judged() {
        Story::arrival().judge(&RULE).says_nothing();
    }
}
