//! The command line that repeats a run, or one scenario of it, under the same conditions.

use super::Arguments;
use outcome::shell::quote;
use std::path::Path;

/// What the user typed, without what only concerns the output.
pub(super) struct Again {
    filters: Vec<String>,
    /// What was left out; of no matter to one scenario that ran.
    not: Vec<String>,
    flags: Vec<String>,
}

impl Again {
    /// Of the arguments of this run.
    pub(super) fn new(arguments: &Arguments) -> Self {
        let target = &arguments.target;
        let path = |path: &Option<_>| path.as_deref().map(|path: &Path| path.display().to_string());
        let values = [
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
        Self {
            filters: arguments.filters.clone(),
            not: arguments.not.clone(),
            flags,
        }
    }

    /// The command for one scenario, or for everything that this run was to test.
    pub(super) fn command(&self, scenario: Option<&str>, seed: u64) -> String {
        let mut words = vec!["conformance".to_owned(), "run".to_owned()];
        if let Some(id) = scenario {
            words.push(id.to_owned());
        } else {
            words.extend(self.filters.iter().cloned());
            let left_out = self.not.iter().map(|not| ["--not".to_owned(), not.clone()]);
            words.extend(left_out.flatten());
        }
        words.extend(self.flags.iter().cloned());
        words.extend(["--seed".to_owned(), seed.to_string()]);
        let quoted: Vec<_> = words.iter().map(|word| quote(word)).collect();
        quoted.join(" ")
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

    fn again(line: &[&str]) -> Again {
        let words = ["conformance"].into_iter().chain(line.iter().copied());
        Again::new(&Line::try_parse_from(words).unwrap().run)
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
            again(&line).command(Some("a/b"), 7),
            "conformance run a/b --config 'my config.toml' --profile ci --target http://127.0.0.1:80 --feeds f \
             --rate 5/s --slot m/s/1796202000 --strict --seed 7"
        );
        assert!(
            again(&line)
                .command(None, 7)
                .starts_with("conformance run 'deposit/**' --not 'deposit/re*' --config")
        );
    }

    #[test]
    fn without_flags_only_the_seed_is_said() {
        assert_eq!(again(&[]).command(Some("a/b"), 1), "conformance run a/b --seed 1");
    }
}
