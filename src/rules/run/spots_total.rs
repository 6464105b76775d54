//! FEED-AVL-10

use crate::disputed::disputed;
use crate::verdicts::Proof;
use crate::{Rule, Run, Scope, Verdicts};
use catalogue::RequirementId;

const COUNT: RequirementId = RequirementId::declared("FEED-AVL-10");

pub(crate) static RULE: Rule = Rule {
    name: "run/spots-total",
    requirements: &[COUNT],
    manual: "The feed and the inventory updates state the same number of spots of a slot. Remarked on where every number that an \
             update states of a service's slots, of two at least, is another one than the feed's: the feed may be out of date. What \
             hangs on the last spot of such a service is not judged.",
    scope: Scope::Run(judge),
};

fn judge(run: &Run<'_>, verdicts: &mut Verdicts) {
    let all = disputed(run.cases);
    let Some(one) = all.first() else { return };
    let others = match all.len() - 1 {
        0 => String::new(),
        1 => ", and so it is with another service".to_owned(),
        count => format!(", and so it is with {count} more services"),
    };
    let message = format!(
        "the feed says `spots_total` {} for slots of {}/{}, and inventory updates say \"spotsTotal\": \"{}\"{others}; feed and \
         server disagree on the number of spots",
        one.in_feed, one.merchant_id, one.service_id, one.in_update,
    );
    let proof = Proof::at(one.entry, &one.pointer).in_scenario(&one.scenario);
    verdicts.warn(COUNT, proof.expected(one.in_feed).actual(one.in_update), message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judge_run, told_total};

    #[test]
    fn another_number_than_the_feed_s_is_remarked_on() {
        let stories = [told_total(1_893_484_800, 9), told_total(1_893_488_400, 9)];
        judge_run(&stories, &RULE).warns(COUNT);
    }

    #[test]
    fn the_same_number_is_right_and_one_slot_proves_nothing() {
        judge_run(
            &[told_total(1_893_484_800, 1), told_total(1_893_488_400, 1)],
            &RULE,
        )
        .says_nothing();
        judge_run(&[told_total(1_893_484_800, 9)], &RULE).says_nothing();
    }
}
