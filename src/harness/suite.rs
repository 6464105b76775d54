//! The scenarios of a run: the bundled ones and the partner's own.

use include_dir::Dir;
use scenario::{Scenario, ScenarioProblems, Source, load};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a program brings along. It is handed in by the program, so that a changed file rebuilds no room.
#[derive(Debug, Clone, Copy)]
pub struct Bundle {
    /// Scenarios, `<area>/<name>.yaml`.
    pub scenarios: &'static Dir<'static>,
    /// The reference partner's accepted snapshots, `<area>/<name>.snap`.
    pub snapshots: &'static Dir<'static>,
}

/// Scenarios in the order of their ids.
#[derive(Debug, Clone)]
pub struct Suite {
    scenarios: Vec<Scenario>,
    files: Arc<[Source]>,
    bundle: Bundle,
}

/// Why there is no suite.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SuiteError {
    /// Files are wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Problems(#[from] ScenarioProblems),
    /// A folder cannot be read.
    #[error("the scenarios folder {path} cannot be read: {cause}")]
    #[diagnostic(help("--scenarios names a folder with files like <area>/<name>.yaml"))]
    Folder {
        /// The folder or a file in it.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A folder holds no scenario.
    #[error("the scenarios folder {path} holds no scenario")]
    #[diagnostic(help("put files like <area>/<name>.yaml into it"))]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

impl Suite {
    /// The bundled scenarios, and those of a folder if one is named.
    pub fn load(bundle: &Bundle, folder: Option<&Path>) -> Result<Self, SuiteError> {
        Self::load_with(bundle, folder, &[])
    }

    /// Those of [`Suite::load`], and some that stand in no file: the id of each, such as `own/first`, and its text.
    pub fn load_with(
        bundle: &Bundle,
        folder: Option<&Path>,
        texts: &[(String, String)],
    ) -> Result<Self, SuiteError> {
        let mut sources = bundled(bundle);
        sources.extend(texts.iter().map(|(id, text)| Source {
            id: id.clone(),
            file: id.clone(),
            text: text.clone(),
        }));
        if let Some(folder) = folder {
            sources.extend(from_folder(folder)?);
        }
        Ok(Self::of_files(bundle, sources)?)
    }

    /// The scenarios of these files alone, such as those that a recording holds.
    pub fn of_files(bundle: &Bundle, files: Vec<Source>) -> Result<Self, ScenarioProblems> {
        let mut scenarios = load(&files)?;
        scenarios.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self {
            scenarios,
            files: files.into(),
            bundle: *bundle,
        })
    }

    /// The scenarios in the order of their ids.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// The files, openings included.
    pub(crate) fn files(&self) -> Arc<[Source]> {
        Arc::clone(&self.files)
    }

    /// What the program brings along.
    pub(crate) fn bundle(&self) -> &Bundle {
        &self.bundle
    }
}

fn bundled(bundle: &Bundle) -> Vec<Source> {
    let folders = bundle.scenarios.dirs().flat_map(Dir::files);
    let yaml = folders.filter(|file| file.path().extension().is_some_and(|ending| ending == "yaml"));
    yaml.filter_map(|file| {
        let path = file.path().with_extension("");
        let id = path.to_str()?.replace('\\', "/");
        Some(Source {
            file: format!("scenarios/{id}.yaml"),
            id,
            text: file.contents_utf8()?.to_owned(),
        })
    })
    .collect()
}

fn from_folder(folder: &Path) -> Result<Vec<Source>, SuiteError> {
    let mut sources = Vec::new();
    collect(folder, folder, &mut sources)?;
    if sources.is_empty() {
        return Err(SuiteError::Empty {
            path: folder.to_owned(),
        });
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> Result<(), SuiteError> {
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |cause| SuiteError::Folder { path, cause }
    };
    for entry in std::fs::read_dir(folder).map_err(wrong(folder))? {
        let path = entry.map_err(wrong(folder))?.path();
        if path.is_dir() {
            collect(root, &path, sources)?;
        } else if path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml")
        {
            let text = std::fs::read_to_string(&path).map_err(wrong(&path))?;
            let below = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            let id = below.to_string_lossy().replace('\\', "/");
            sources.push(Source {
                id,
                file: path.display().to_string(),
                text,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::testing::BUNDLE;

    #[test]
    fn every_bundled_file_is_a_scenario() {
        let suite =
            Suite::load(&BUNDLE, None).unwrap_or_else(|error| panic!("{:?}", miette::Report::new(error)));
        let files = walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios"));
        assert_eq!(suite.scenarios().len(), files);
        assert!(suite.scenarios().windows(2).all(|pair| pair[0].id < pair[1].id));
    }

    fn walk(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries
            .map(|path| {
                // Openings are the beginnings of scenarios, and none themselves.
                if path.ends_with("openings") {
                    0
                } else if path.is_dir() {
                    walk(&path)
                } else {
                    usize::from(path.extension().unwrap() == "yaml")
                }
            })
            .sum()
    }

    #[test]
    fn a_folder_adds_scenarios_and_its_mistakes_name_its_files() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("own")).unwrap();
        std::fs::write(
            folder.path().join("own/first.yaml"),
            "title: x\nsteps:\n  - call: HealthCheck\n",
        )
        .unwrap();
        let suite = Suite::load(&BUNDLE, Some(folder.path())).unwrap();
        assert!(
            suite
                .scenarios()
                .iter()
                .any(|scenario| scenario.id == "own/first")
        );
        std::fs::write(folder.path().join("own/second.yaml"), "title: x\nsteps: 5\n").unwrap();
        let SuiteError::Problems(problems) = Suite::load(&BUNDLE, Some(folder.path())).unwrap_err() else {
            panic!()
        };
        assert!(
            problems.0[0].place.ends_with("own/second.yaml:2:8"),
            "{}",
            problems.0[0].place
        );
    }
}
