//! Why no slot meets a need: the feeds show that there never is one, there is none now, or the config promises what the feeds lack.

use super::bind::Binder;
use super::{need, relation};
use domain::Capability;
use outcome::Verdict;
use scenario::{Scenario, SlotNeed};

/// A need that no slot meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unmet {
    /// Whether the target has such slots at other times.
    pub(super) why: Want,
    /// What the feed would have to hold.
    pub(super) words: String,
}

/// Why no slot meets a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// The feeds show that there never is one.
    Never,
    /// There is none at this moment.
    NotNow,
    /// The config promises what the feeds do not have.
    Promised,
}

impl Unmet {
    /// The verdict on a scenario that needs it.
    pub(super) fn verdict(&self) -> Verdict {
        match self.why {
            Want::Never => Verdict::NotApplicable,
            Want::NotNow | Want::Promised => Verdict::NotTestable,
        }
    }
}

impl Binder<'_> {
    /// What is never offered is no business of this target; what is not there now could not be tested.
    pub(super) fn explain_unmet(&mut self, scenario: &Scenario, need: &SlotNeed) -> Unmet {
        let never = scenario.slots.values().find_map(|need| {
            let matches = self.lookup.matches(need);
            let missing = matches.never_offered.get_or_init(|| {
                let nameless = relation::without_names(need);
                relation::never_offered(&nameless, self.index)
            });
            missing.clone()
        });
        match never {
            Some(missing) => self.explain_never(&missing),
            None => Unmet {
                why: Want::NotNow,
                words: format!("no slot can be booked now with {}", words(need)),
            },
        }
    }

    fn explain_never(&self, missing: &SlotNeed) -> Unmet {
        let plain = SlotNeed {
            payment: None,
            ..missing.clone()
        };
        let mut asked = missing.capabilities();
        if missing.payment.is_some() {
            asked.retain(|capability| !plain.capabilities().contains(capability));
        }
        // A price of its own is a payment option, too: who declares these need not sell packs.
        if missing.pack.is_some() {
            asked.retain(|capability| *capability != Capability::PaymentOptions);
        }
        match asked.into_iter().find(|asked| self.promises.contains(asked)) {
            Some(promise) => Unmet {
                why: Want::Promised,
                words: format!(
                    "the capability `{promise}` is declared, and the feeds have no slot with {}: add such slots, or `{promise} = false` under [capabilities]",
                    words(missing)
                ),
            },
            None => Unmet {
                why: Want::Never,
                words: format!("the feeds have no slot with {}", words(missing)),
            },
        }
    }
}

fn words(need: &SlotNeed) -> String {
    let words = need::words(need);
    if words.is_empty() {
        "a service in person whose bookings are confirmed at once".to_owned()
    } else {
        words
    }
}
