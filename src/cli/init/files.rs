//! Files that `init` writes; what is there already stays as it is.

use super::Ci;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What git has no business with: the key, journals of runs, reports.
const IGNORED: [&str; 3] = ["/google-key.json", "/.conformance/", "/out/"];

/// Writes a new file, with its folder; false when there is one, which is left alone.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Adds the lines that are missing, and says how many.
pub(super) fn ignore(path: &Path) -> io::Result<usize> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let known = |line: &str| {
        line.trim()
            .trim_start_matches('/')
            .trim_end_matches('/')
            .to_owned()
    };
    let has = |wanted: &str| text.lines().any(|line| known(line) == known(wanted));
    let missing: Vec<&str> = IGNORED.into_iter().filter(|line| !has(line)).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push('\n');
    }
    for line in &missing {
        added.push_str(line);
        added.push('\n');
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(added.as_bytes())?;
    Ok(missing.len())
}

/// Where a CI system looks, and what it is told; none where no file is wanted.
pub(super) fn ci(ci: Ci) -> Option<(PathBuf, &'static str)> {
    match ci {
        Ci::None => None,
        Ci::Github => Some((PathBuf::from(".github/workflows/conformance.yml"), GITHUB)),
        Ci::Gitlab if Path::new(".gitlab-ci.yml").exists() => {
            Some((PathBuf::from(".gitlab/conformance.yml"), GITLAB))
        }
        Ci::Gitlab => Some((PathBuf::from(".gitlab-ci.yml"), GITLAB)),
    }
}

const GITHUB: &str = r#"# Plays Google against the staging server. Exit codes: conformance run --help
name: conformance
on:
  workflow_dispatch:
  schedule:
    - cron: "17 4 * * *"
jobs:
  conformance:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    env:
      PARTNER_USER: ${{ secrets.PARTNER_USER }}
      PARTNER_PASSWORD: ${{ secrets.PARTNER_PASSWORD }}
    steps:
      - uses: actions/checkout@v4
      # Bring the program onto the PATH here: from where you keep your build of it.
      - run: conformance doctor
      - run: conformance run --ci --report json=out/run.json --report junit=out/junit.xml --report snapshots=out/snapshots
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: conformance
          path: out/
"#;

const GITLAB: &str = r"# Plays Google against the staging server. PARTNER_USER and PARTNER_PASSWORD are masked variables of the project.
conformance:
  timeout: 30 minutes
  # Bring the program onto the PATH: an image that holds it, or a before_script.
  script:
    - conformance doctor
    - conformance run --ci --report json=out/run.json --report junit=out/junit.xml --report snapshots=out/snapshots
  artifacts:
    when: always
    paths: [out/]
    reports:
      junit: out/junit.xml
";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn what_a_person_wrote_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.yml");
        assert!(write_new(&path, "first").unwrap());
        assert!(!write_new(&path, "second").unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first");
    }

    #[test]
    fn only_lines_that_are_missing_are_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".gitignore");
        std::fs::write(&path, "target\nout").unwrap();
        assert_eq!(ignore(&path).unwrap(), 2);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "target\nout\n/google-key.json\n/.conformance/\n");
        assert_eq!(ignore(&path).unwrap(), 0);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
