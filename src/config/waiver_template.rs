//! A waiver that a person has yet to fill in, added at the end of a config.
//!
//! Reason, owner and last day stay empty: no run takes the file before somebody has written them.

use super::place::Place;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// What the waiver is to be about.
#[derive(Debug, Clone, Copy)]
pub struct WaiverTemplate<'t> {
    /// The id of the requirement.
    pub requirement: &'t str,
    /// The duty, in words.
    pub duty: &'t str,
    /// A scenario id or a glob; absent means all.
    pub scenario: Option<&'t str>,
}

/// The waiver could not be added; the file is as it was.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum AddWaiverError {
    /// The file cannot be read or written.
    #[error("{file} cannot be {what}: {cause}")]
    File {
        /// As the user named it.
        file: String,
        /// `read` or `written`.
        what: &'static str,
        /// What the system said.
        cause: io::Error,
    },
    /// The file is no TOML, so nothing can be added to it.
    #[error("{place} is not TOML: {message}")]
    #[diagnostic(help("mend this line first; the file is unchanged"))]
    Syntax {
        /// Where it breaks off.
        place: Place,
        /// What the parser said.
        message: String,
    },
    /// The list of waivers is written in one line, to which no table can be added.
    #[error("{place} lists waivers as `waiver = [...]`, to which no [[waiver]] can be added")]
    #[diagnostic(help("write each as a table below [[waiver]]; the file is unchanged"))]
    Inline {
        /// Where the list stands.
        place: Place,
    },
    /// There is such a waiver already.
    #[error("{place} waives it already")]
    #[diagnostic(help("fill in or change that one; the file is unchanged"))]
    Present {
        /// Where it stands.
        place: Place,
    },
}

/// Adds the template to a config whose other bytes stay as they are, and says at which line it begins.
pub fn add_waiver(path: &Path, template: &WaiverTemplate<'_>) -> Result<Place, AddWaiverError> {
    let file = path.display().to_string();
    let failed = |what| {
        let file = file.clone();
        move |cause| AddWaiverError::File { file, what, cause }
    };
    let text = std::fs::read_to_string(path).map_err(failed("read"))?;
    check(&file, &text, template)?;
    let (added, header) = with_template(&text, template);
    replace(path, &added).map_err(failed("written"))?;
    Ok(Place::of(&file, &added, header))
}

/// The folder of own scenarios that a config names, whether or not the rest of it can be read.
pub fn scenarios_of(path: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(path).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let folder = table.get("run")?.get("scenarios")?.as_str()?;
    Some(path.parent()?.join(folder))
}

fn check(file: &str, text: &str, template: &WaiverTemplate<'_>) -> Result<(), AddWaiverError> {
    let place = |byte| Place::of(file, text, byte);
    let parsed = DeTable::parse(text).map_err(|error| AddWaiverError::Syntax {
        place: place(error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    let Some((key, list)) = parsed.get_ref().get_key_value("waiver") else {
        return Ok(());
    };
    // The key of a table in double brackets is preceded by them; that of a list is not.
    let before = text.get(..key.span().start).unwrap_or_default().trim_end();
    let waivers = list.get_ref().as_array();
    if waivers.is_none() || !before.ends_with("[[") {
        return Err(AddWaiverError::Inline {
            place: place(key.span().start),
        });
    }
    let is_same = |waiver: &DeTable<'_>| {
        let text = |key| waiver.get(key).and_then(|value| value.get_ref().as_str());
        text("requirement") == Some(template.requirement) && text("scenario") == template.scenario
    };
    let mut tables = waivers.into_iter().flat_map(|waivers| waivers.iter());
    let same = tables.find(|waiver| match waiver.get_ref() {
        DeValue::Table(table) => is_same(table),
        _ => false,
    });
    same.map_or(Ok(()), |waiver| {
        Err(AddWaiverError::Present {
            place: place(waiver.span().start),
        })
    })
}

/// The text with the template after its last line, and the byte at which the template's header stands.
fn with_template(text: &str, template: &WaiverTemplate<'_>) -> (String, usize) {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut added = text.to_owned();
    if !added.is_empty() && !added.ends_with('\n') {
        added.push_str(end);
    }
    let duty = template.duty.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let scenario = match template.scenario {
        Some(glob) => format!("scenario = {}", quoted(glob)),
        None => {
            "# scenario = \"area/name\"   (a scenario id or a glob; without it every scenario)".to_owned()
        }
    };
    let comment = format!("# {}: {duty}", template.requirement);
    let table = [
        "[[waiver]]".to_owned(),
        format!("requirement = {}", quoted(template.requirement)),
        scenario,
        "reason = \"\"    # why the violation is accepted for now".to_owned(),
        "owner = \"\"     # who answers for it".to_owned(),
        "expires = \"\"   # the last day on which it holds (UTC), without quotes: YYYY-MM-DD".to_owned(),
    ];
    for line in ["", comment.as_str()] {
        added.push_str(line);
        added.push_str(end);
    }
    let header = added.len();
    for line in &table {
        added.push_str(line);
        added.push_str(end);
    }
    (added, header)
}

/// Writes a file that is there. A reader never sees half of it: it is written beside its place and then moved there, with the old one's permissions.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    // The file itself, and not a link to it, is replaced.
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".conformance")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file()
        .set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    const WANTED: WaiverTemplate<'static> = WaiverTemplate {
        requirement: "BS-LIST-04",
        duty: "the partner must\n list",
        scenario: Some("lifecycle/\"odd\"*"),
    };

    fn added_to(text: &str, template: &WaiverTemplate<'_>) -> Result<(String, String), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        let done = add_waiver(&path, template);
        let now = std::fs::read_to_string(&path).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        match done {
            Ok(place) => Ok((now, place.to_string().rsplit_once(':').unwrap().1.to_owned())),
            Err(error) => {
                assert_eq!(now, text);
                Err(error.to_string().rsplit_once("c.toml:").unwrap().1.to_owned())
            }
        }
    }

    #[test]
    fn the_rest_of_the_file_stays_byte_for_byte() {
        for (text, line) in [
            ("[run]\njobs = 2 # two\n\n\n", "7"),
            ("# \u{e9}\n[run]\njobs = 2", "6"),
            ("", "3"),
        ] {
            let (now, place) = added_to(text, &WANTED).unwrap();
            assert!(now.starts_with(text), "{now}");
            assert_eq!(place, line, "{now}");
            let table: toml::Table = now.parse().unwrap();
            let waiver = &table["waiver"][0];
            assert_eq!(waiver["requirement"].as_str(), Some("BS-LIST-04"));
            assert_eq!(waiver["scenario"].as_str(), WANTED.scenario);
            assert_eq!(waiver["reason"].as_str(), Some(""));
        }
        let (now, _) = added_to("[run]\r\njobs = 2\r\n", &WANTED).unwrap();
        assert_eq!(now.matches('\n').count(), now.matches("\r\n").count());
    }

    #[test]
    fn a_second_one_is_added_and_the_same_one_is_not() {
        let (once, _) = added_to("", &WANTED).unwrap();
        assert_eq!(
            added_to(&once, &WANTED).unwrap_err(),
            "3 waives it already",
            "{once}"
        );
        let everywhere = WaiverTemplate {
            scenario: None,
            ..WANTED
        };
        let (twice, _) = added_to(&once, &everywhere).unwrap();
        let table: toml::Table = twice.parse().unwrap();
        assert_eq!(table["waiver"].as_array().unwrap().len(), 2);
        assert!(table["waiver"][1].get("scenario").is_none());
    }

    #[test]
    fn a_file_to_which_nothing_can_be_added_is_left_alone() {
        let message = added_to("[run]\njobs = = 2\n", &WANTED).unwrap_err();
        assert!(message.starts_with("2 is not TOML"), "{message}");
        let message = added_to("waiver = []\n[run]\njobs = 2\n", &WANTED).unwrap_err();
        assert!(message.starts_with("1 lists waivers"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real.toml"), folder.path().join("c.toml"));
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        add_waiver(&link, &WANTED).unwrap();
        assert!(link.is_symlink());
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(std::fs::read_to_string(&file).unwrap().contains("[[waiver]]"));
    }

    #[test]
    fn own_scenarios_are_found_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(
            &path,
            "[run]\nscenarios = \"own\"\n[target]\nsecret = { env = \"NONE\" }\n",
        )
        .unwrap();
        assert_eq!(scenarios_of(&path), Some(folder.path().join("own")));
        std::fs::write(&path, "[run]\n").unwrap();
        assert_eq!(scenarios_of(&path), None);
    }
}
