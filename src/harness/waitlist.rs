//! Giving scenarios their waitlist. Those of one waitlist run one after the other: how long others wait is part of what is looked at.

use super::bind::{Binder, Binding};
use super::unmet::{Unmet, Want};
use domain::{Capability, Waitlist};
use scenario::{Scenario, WaitlistNeed};
use std::collections::BTreeMap;

/// The waitlists of a target, and the scenarios that are bound to each.
#[derive(Default)]
pub(super) struct Queues<'s> {
    waitlists: &'s [Waitlist],
    bound: BTreeMap<usize, Vec<usize>>,
}

impl<'s> Queues<'s> {
    pub(super) fn of(waitlists: &'s [Waitlist]) -> Self {
        Self {
            waitlists,
            bound: BTreeMap::new(),
        }
    }
}

impl Binder<'_> {
    /// The first waitlist that meets the need, and the scenarios that have to be over before.
    pub(super) fn bind_waitlist(
        &mut self,
        index: usize,
        scenario: &Scenario,
        binding: &mut Binding,
    ) -> Result<(), Unmet> {
        let Some(need) = &scenario.waitlist else {
            return Ok(());
        };
        let mut all = self.queues.waitlists.iter().enumerate();
        let Some((place, waitlist)) = all.find(|(_, waitlist)| need.is_met_by(waitlist)) else {
            return Err(self.without_waitlist(need));
        };
        binding.waitlist = Some(waitlist.clone());
        let before = self.queues.bound.entry(place).or_default();
        binding.after.extend(before.iter().copied());
        before.push(index);
        Ok(())
    }

    fn without_waitlist(&self, need: &WaitlistNeed) -> Unmet {
        let words = need.words();
        if self.queues.waitlists.is_empty() && self.promises.contains(&Capability::Waitlist) {
            return Unmet {
                why: Want::Promised,
                words: "the capability `waitlist` is declared, and the feeds have no service with waitlist_rules (min_party_size \
                        and max_party_size): add them, or `waitlist = false` under [capabilities]"
                    .to_owned(),
            };
        }
        Unmet {
            why: Want::Never,
            words: format!("the feeds have no service with {words}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::bind::Preference;
    use crate::index::SlotIndex;
    use scenario::{Source, load};

    fn waitlist(merchant: &str, sizes: (i32, i32)) -> Waitlist {
        Waitlist {
            merchant_id: merchant.into(),
            service_id: "s".into(),
            min_party_size: sizes.0,
            max_party_size: sizes.1,
        }
    }

    fn scenario(sizes: Option<usize>) -> Scenario {
        let need = sizes.map_or_else(String::new, |sizes| format!("sizes: {sizes}"));
        let source = Source {
            id: "a/b".into(),
            file: "a".into(),
            text: format!(
                "title: a\nneeds: {{ waitlist: {{ {need} }} }}\nsteps:\n  - call: BatchGetWaitEstimates\n"
            ),
        };
        load(&[source]).unwrap().remove(0)
    }

    fn bind(waitlists: &[Waitlist], needs: &[Option<usize>]) -> Vec<Result<Binding, Unmet>> {
        let index = SlotIndex::new(&[]);
        let mut binder = Binder::new(&index, 0, 1).joining(waitlists);
        let bound = needs
            .iter()
            .enumerate()
            .map(|(number, sizes)| binder.bind(number, &scenario(*sizes), &Preference::new()));
        bound.collect()
    }

    #[test]
    fn scenarios_of_one_waitlist_run_one_after_the_other() {
        let lists = [waitlist("a", (1, 1)), waitlist("b", (1, 4))];
        let bound = bind(&lists, &[None, Some(2), None, None]);
        let of = |number: usize| {
            bound[number]
                .as_ref()
                .map(|one| (one.waitlist.clone(), one.after.clone()))
                .ok()
        };
        assert_eq!(of(0), Some((Some(lists[0].clone()), vec![])));
        assert_eq!(of(1), Some((Some(lists[1].clone()), vec![])));
        assert_eq!(of(3), Some((Some(lists[0].clone()), vec![0, 2])));
    }

    #[test]
    fn what_no_waitlist_meets_is_no_business_of_the_target() {
        let bound = bind(&[waitlist("a", (1, 1))], &[Some(2)]);
        assert!(bound[0].as_ref().is_err_and(|unmet| unmet.why == Want::Never));
    }
}
