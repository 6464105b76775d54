//! The published score of the rules. `selftest all --publish` writes the file.

use catalogue::catalogue;
use outcome::SelfTest;
use std::sync::LazyLock;

const PUBLISHED: &str = include_str!("self-test.json");

static SCORE: LazyLock<Option<SelfTest>> = LazyLock::new(|| of_these_requirements(PUBLISHED));

/// What the self-test of this harness came to; none where it was measured with other requirements.
pub fn self_test() -> Option<&'static SelfTest> {
    SCORE.as_ref()
}

fn of_these_requirements(text: &str) -> Option<SelfTest> {
    let score: SelfTest = serde_json::from_str(text).ok()?;
    (score.requirement_set.digest == catalogue().digest()).then_some(score)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    /// `null` is no score: it has never been measured.
    #[test]
    fn the_published_score_can_be_read() {
        let _: Option<SelfTest> = serde_json::from_str(PUBLISHED).unwrap();
        assert_eq!(of_these_requirements("null"), None);
    }

    #[test]
    fn a_score_is_shown_with_its_own_requirements_alone() {
        let score = |digest: &str| {
            let rows = r#"{"tried":1,"right":1}"#;
            let mutants = r#"{"tried":1,"killed":1,"reviewed":0,"percent":100}"#;
            let legal = r#"{"tried":1,"failed":0}"#;
            format!(
                r#"{{"measured_on":"2026-11-30","requirement_set":{{"id":"2026-11","digest":"{digest}"}},"rules":"","seed":1,
                "defects":{rows},"variants":{rows},"dumb_servers":{rows},"mutants":{mutants},"areas":{{"HealthCheck":{mutants}}},
                "legal":{legal},"legal_pairs":{legal}}}"#
            )
        };
        let own = of_these_requirements(&score(catalogue().digest())).unwrap();
        assert_eq!(own.areas["HealthCheck"], own.mutants);
        assert_eq!(of_these_requirements(&score("another")), None);
    }
}
