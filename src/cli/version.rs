//! What `--version` says; `-V` is the number alone.

use catalogue::catalogue;
use outcome::{LegalScore, MutantScore, RowScore, SelfTest};
use std::fmt::Write as _;
use std::sync::LazyLock;

static LONG: LazyLock<String> = LazyLock::new(|| text(harness::self_test()));

/// The version, the requirements, and what the self-test came to with them.
pub(super) fn long() -> &'static str {
    &LONG
}

fn text(score: Option<&SelfTest>) -> String {
    let (version, set) = (env!("CARGO_PKG_VERSION"), catalogue());
    let rows = set.rows().count();
    let mut text = format!(
        "{version}\nrequirements: set {}, {rows} rows, {}\n",
        set.id(),
        short(set.digest())
    );
    match score {
        Some(score) => text.push_str(&of_score(score)),
        None => text.push_str("self-test: not measured with these requirements"),
    }
    text
}

fn of_score(score: &SelfTest) -> String {
    let mut text = format!(
        "self-test of {}, rules {}:\n",
        score.measured_on,
        short(&score.rules)
    );
    for (what, RowScore { tried, right }) in [
        ("defects", score.defects),
        ("variants", score.variants),
        ("dumb servers", score.dumb_servers),
    ] {
        let _ = writeln!(text, "  {what}: {right} of {tried} judged as what they are");
    }
    let MutantScore {
        tried,
        killed,
        reviewed,
        percent,
    } = score.mutants;
    let _ = writeln!(
        text,
        "  mutants: {killed} of {tried} found, {reviewed} right by review ({percent} %)"
    );
    for (area, score) in &score.areas {
        let _ = writeln!(text, "    {area}: {} % of {}", score.percent, score.tried);
    }
    for (what, LegalScore { tried, failed }) in [
        ("legal mutants", score.legal),
        ("pairs of these", score.legal_pairs),
    ] {
        let _ = writeln!(text, "  {what}: {failed} of {tried} failed");
    }
    text.trim_end().to_owned()
}

/// Enough of a digest to tell two apart.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use outcome::RequirementSet;

    fn score() -> SelfTest {
        let rows = RowScore { tried: 5, right: 4 };
        let mutants = MutantScore {
            tried: 200,
            killed: 190,
            reviewed: 7,
            percent: 98,
        };
        SelfTest {
            measured_on: "2026-11-30".into(),
            requirement_set: RequirementSet {
                id: "2026-11".into(),
                digest: "d".into(),
            },
            rules: "0123456789abcdef".into(),
            seed: 1,
            defects: rows,
            variants: rows,
            dumb_servers: rows,
            mutants,
            areas: [("CreateBooking".to_owned(), mutants)].into(),
            legal: LegalScore { tried: 9, failed: 0 },
            legal_pairs: LegalScore { tried: 8, failed: 1 },
        }
    }

    #[test]
    fn a_score_is_told_with_its_day_its_rules_and_every_area() {
        let text = text(Some(&score()));
        for line in [
            "self-test of 2026-11-30, rules 0123456789ab:",
            "  defects: 4 of 5 judged as what they are",
            "  mutants: 190 of 200 found, 7 right by review (98 %)",
            "    CreateBooking: 98 % of 200",
            "  pairs of these: 1 of 8 failed",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn without_a_score_that_is_said() {
        let text = text(None);
        assert!(text.starts_with(env!("CARGO_PKG_VERSION")), "{text}");
        assert!(
            text.ends_with("self-test: not measured with these requirements"),
            "{text}"
        );
    }
}
