//! Scenarios that the user leaves out, by `--not` and by `[[skip]]`: they are not run, and say by whose wish and why.
//!
//! A basic that other scenarios need cannot be left out. Without it nobody would know whether they can be judged, and to run it
//! all the same would go against what was asked for.

use super::plan::needed_basics;
use super::{Filter, FilterError, Selection, Suite};
use config::Skip;
use outcome::SkipReport;
use scenario::Scenario;

/// What is left out, by whose wish, and why.
#[derive(Debug, Clone)]
pub struct LeftOut {
    filter: Filter,
    /// The line of the config; none of a flag.
    place: Option<String>,
    /// Why; a flag does not say.
    reason: Option<String>,
}

impl LeftOut {
    /// By the flag `--not`, which takes what a filter takes.
    pub fn by_flag(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            filter: Filter::parse(text)?,
            place: None,
            reason: None,
        })
    }

    /// By `[[skip]]` of the config.
    pub fn by_config(skip: &Skip) -> Self {
        Self {
            filter: Filter::of_ids(skip.scenario.clone()),
            place: Some(skip.place.to_string()),
            reason: Some(skip.reason.clone()),
        }
    }

    /// As the user wrote it.
    fn words(&self) -> String {
        match &self.place {
            None => format!("--not {}", self.filter.text()),
            Some(place) => format!("{place}: [[skip]] `{}`", self.filter.text()),
        }
    }

    fn report(&self, scenarios: Vec<String>) -> SkipReport {
        SkipReport {
            scenario: self.filter.text().to_owned(),
            place: self.place.clone(),
            reason: self.reason.clone(),
            scenarios,
        }
    }
}

impl Selection {
    /// The selection without what is left out. Each wish has to match something, and something has to remain.
    pub fn without(mut self, left_out: Vec<LeftOut>, suite: &Suite) -> Result<Self, FilterError> {
        let scenarios = suite.scenarios();
        let is_idle = |wish: &&LeftOut| !scenarios.iter().any(|scenario| wish.filter.takes(scenario));
        if let Some(idle) = left_out.iter().find(is_idle) {
            let ids = scenarios.iter().map(|scenario| scenario.id.as_str());
            return Err(FilterError::LeavesOutNothing {
                wish: idle.words(),
                help: suggest(ids, idle.filter.text()),
            });
        }
        let wishes: Vec<String> = left_out.iter().map(LeftOut::words).collect();
        self.left_out = left_out;
        if !scenarios.iter().any(|scenario| self.takes(scenario)) {
            return Err(FilterError::NothingLeft(wishes.join(", ")));
        }
        self.check_basics(suite)?;
        Ok(self)
    }

    fn check_basics(&self, suite: &Suite) -> Result<(), FilterError> {
        let needed = needed_basics(suite, self);
        for scenario in suite.scenarios() {
            let basic = scenario.basic.filter(|basic| needed.contains(basic));
            let (Some(basic), Some(wish)) = (basic, self.wish_against(scenario)) else {
                continue;
            };
            let runs = |other: &&Scenario| {
                let shows = other.basic.is_some_and(|basic| needed.contains(&basic));
                self.takes(other) || shows && self.wish_against(other).is_none()
            };
            let all = suite.scenarios().iter().filter(runs);
            let needing: Vec<&Scenario> = all.filter(|other| other.needs().contains(&basic)).collect();
            // One that the user asked for says more than another basic.
            let asked_for = needing.iter().find(|other| self.takes(other));
            let first = asked_for.or(needing.first()).map(|other| other.id.clone());
            return Err(FilterError::Needed {
                wish: wish.words(),
                basic: scenario.id.clone(),
                count: needing.len(),
                first: first.unwrap_or_default(),
            });
        }
        Ok(())
    }

    /// The first wish that leaves a scenario out.
    fn wish_against(&self, scenario: &Scenario) -> Option<&LeftOut> {
        self.left_out.iter().find(|wish| wish.filter.takes(scenario))
    }

    /// Why a scenario does not run; nothing when it is taken.
    pub(crate) fn reason_against(&self, scenario: &Scenario) -> Option<String> {
        if !self.is_filtered_in(scenario) {
            return Some("left out by the filter".to_owned());
        }
        self.wish_against(scenario)
            .map(|wish| wish.report(Vec::new()).words())
    }

    /// What was left out by each wish, of what the filters take.
    pub(crate) fn skipped(&self, suite: &Suite) -> Vec<SkipReport> {
        let by = |number: usize| {
            let scenarios = suite.scenarios().iter();
            let own = scenarios.filter(move |scenario| {
                let mut wishes = self.left_out.iter();
                let first = wishes.position(|wish| wish.filter.takes(scenario));
                first == Some(number) && self.is_filtered_in(scenario)
            });
            own.map(|scenario| scenario.id.clone()).collect()
        };
        let wishes = self.left_out.iter().enumerate();
        wishes.map(|(number, wish)| wish.report(by(number))).collect()
    }
}

/// "did you mean …?", or where all ids stand when nothing is near.
pub(super) fn suggest<'i>(ids: impl Iterator<Item = &'i str>, written: &str) -> String {
    let near = ids
        .map(|id| (strsim::normalized_damerau_levenshtein(id, written), id))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    near.map_or_else(
        || "`conformance list scenarios` shows what there is".to_owned(),
        |(_, id)| format!("did you mean `{id}`?"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::testing::BUNDLE;

    fn selected(filters: &[&str], not: &[&str]) -> Result<(Selection, Suite), FilterError> {
        let suite = Suite::load(&BUNDLE, None).unwrap();
        let filters = filters.iter().map(|text| Filter::parse(text).unwrap()).collect();
        let left_out = not.iter().map(|text| LeftOut::by_flag(text).unwrap()).collect();
        let selection = Selection::new(filters, &suite)?.without(left_out, &suite)?;
        Ok((selection, suite))
    }

    fn refusal(filters: &[&str], not: &[&str]) -> String {
        selected(filters, not).unwrap_err().to_string()
    }

    #[test]
    fn what_is_left_out_is_not_taken_and_says_why() {
        let (selection, suite) = selected(&["lifecycle/**"], &["lifecycle/cancel-*", "deposit/**"]).unwrap();
        let of = |id: &str| suite.scenarios().iter().find(|one| one.id == id).unwrap();
        let reason = |id| selection.reason_against(of(id));
        assert_eq!(
            reason("lifecycle/cancel-by-google").as_deref(),
            Some("left out by --not lifecycle/cancel-*")
        );
        assert_eq!(
            reason("deposit/refund-before-cutoff").as_deref(),
            Some("left out by the filter")
        );
        assert_eq!(reason("lifecycle/taken-slot"), None);
        let skipped = selection.skipped(&suite);
        assert!(
            skipped[0]
                .scenarios
                .contains(&"lifecycle/cancel-by-google".to_owned())
        );
        assert!(skipped[1].scenarios.is_empty(), "the filter left them out before");
    }

    #[test]
    fn a_wish_that_matches_nothing_is_an_error_with_the_nearest_id() {
        let error = selected(&[], &["lifecycle/cancel-by-goggle"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--not lifecycle/cancel-by-goggle leaves nothing out: no scenario matches it"
        );
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert_eq!(help, "did you mean `lifecycle/cancel-by-google`?");
    }

    #[test]
    fn nothing_left_is_an_error() {
        let message = refusal(&["health/**"], &["**"]);
        assert!(
            message.contains("nothing is left to run") && message.contains("--not **"),
            "{message}"
        );
    }

    #[test]
    fn a_basic_that_others_need_cannot_be_left_out() {
        let message = refusal(&["lifecycle/cancel-by-google"], &["basic/booking"]);
        assert!(
            message.contains("basic/booking cannot be left out (--not basic/booking)")
                && message.contains("lifecycle/cancel-by-google"),
            "{message}"
        );
        // The basic of a basic: a cancellation needs a booking.
        let message = refusal(&["basic/cancellation"], &["basic/booking"]);
        assert!(message.contains("basic/booking cannot be left out"), "{message}");
        // Nobody needs it here.
        selected(&["health/serving"], &["basic/booking"]).unwrap();
    }
}
