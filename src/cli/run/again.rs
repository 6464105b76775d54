//! The command line that repeats a run, or one scenario of it, under the same conditions.

use super::Arguments;
use recording::Repeat;
use std::path::Path;

/// What the user typed, without what only concerns the output.
pub(super) fn again(arguments: &Arguments) -> Repeat {
    let target = &arguments.target;
    let path = |path: &Option<_>| path.as_deref().map(|path: &Path| path.display().to_string());
    let values = [
        ("--failed-in", path(&arguments.failed_in)),
        ("--config", path(&target.config)),
        ("--profile", target.profile.clone()),
        ("--target", target.target.clone()),
        ("--feeds", path(&target.feeds)),
        ("--scenarios", path(&target.scenarios)),
        ("--snapshots", path(&arguments.snapshots)),
        ("--listen", arguments.listen.map(|address| address.to_string())),
        ("--public-url", arguments.public_url.clone()),
        ("--proxy", arguments.proxy.map(|address| address.to_string())),
        ("--ca-file", path(&arguments.ca_file)),
        ("--rate", arguments.rate.map(|rate| rate.to_string())),
        ("--jobs", arguments.jobs.map(|jobs| jobs.to_string())),
    ];
    let given = values
        .into_iter()
        .filter_map(|(name, value)| Some([name.to_owned(), value?]));
    let mut flags: Vec<String> = given.flatten().collect();
    let slots = target.slots.iter();
    flags.extend(slots.flat_map(|slot| ["--slot".to_owned(), slot.clone()]));
    let switches = [
        ("--strict", arguments.strict),
        ("--keep-bookings", arguments.keep_bookings),
    ];
    let given = switches.into_iter().filter(|(_, on)| *on);
    flags.extend(given.map(|(name, _)| name.to_owned()));
    Repeat {
        filters: arguments.filters.clone(),
        not: arguments.not.clone(),
        flags,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use clap::Parser as _;

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        run: Arguments,
    }

    fn repeat(line: &[&str]) -> Repeat {
        let words = ["conformance"].into_iter().chain(line.iter().copied());
        again(&Line::try_parse_from(words).unwrap().run)
    }

    #[test]
    fn target_and_everything_that_changes_the_judgement_are_repeated() {
        let line = [
            "deposit/**",
            "--not",
            "deposit/re*",
            "-c",
            "my config.toml",
            "--profile",
            "ci",
            "--target",
            "http://127.0.0.1:80",
            "--feeds",
            "f",
            "--slot",
            "m/s/1796202000",
            "--rate",
            "5/s",
            "--strict",
            "--report",
            "json=x",
            "-v",
            "--seed",
            "3",
        ];
        assert_eq!(
            repeat(&line).command(Some("a/b"), 7),
            "conformance run a/b --config 'my config.toml' --profile ci --target http://127.0.0.1:80 --feeds f \
             --rate 5/s --slot m/s/1796202000 --strict --seed 7"
        );
        assert!(
            repeat(&line)
                .command(None, 7)
                .starts_with("conformance run 'deposit/**' --not 'deposit/re*' --config")
        );
    }

    #[test]
    fn without_flags_only_the_seed_is_said() {
        assert_eq!(
            repeat(&[]).command(Some("a/b"), 1),
            "conformance run a/b --seed 1"
        );
    }
}
