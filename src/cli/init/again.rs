//! A second `init`: what the config lacks is added, and nothing that a person wrote is changed.

use super::super::credentials::{PASSWORD, USER};
use super::super::exit::{CommandResult, Failure};
use super::super::{output, session};
use super::{Arguments, Ci, questions};
use config::{Config, Starter, complete};
use harness::Bundle;
use outcome::Checkup;
use std::path::{Path, PathBuf};

/// Looks at the server of the config, and adds to the file.
pub(super) fn run(arguments: &Arguments, bundle: &Bundle, path: &Path, is_attended: bool) -> CommandResult {
    let url = arguments.target.as_deref().map(session::target_url).transpose()?;
    let name = arguments.name.as_deref().unwrap_or(questions::NAME);
    super::check_name(name)?;
    super::check_feeds(arguments.feeds.as_deref())?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::broken(format!("{} could not be read: {error}", path.display())))?;
    let read = session::read_config(path, None);
    let config = read.as_ref().ok();
    let target = config.and_then(|config| config.target.as_ref());
    let base_url = base_url(path, target.map(|target| target.base_url.as_str()), url);
    let feeds = feeds(arguments, config);
    let checkup = config
        .and_then(|config| look(config, bundle).transpose())
        .transpose()?;
    let is_set = [USER, PASSWORD]
        .iter()
        .all(|name| std::env::var_os(name).is_some());
    let starter = Starter {
        name,
        base_url: &base_url,
        // Whoever has a target without them may have no need of them.
        credentials: (is_set || config.is_some() && target.is_none()).then_some((USER, PASSWORD)),
        feeds: feeds.as_deref(),
        merchants: Vec::new(),
        doubtful: checkup.as_ref().map(super::doubtful).unwrap_or_default(),
    };
    let (done, unread) = match (complete(&text, &starter), read) {
        (Some(done), read) => (done, read.err()),
        (None, Err(failure)) => return Err(failure),
        (None, Ok(_)) => return Err(Failure::broken(format!("{} is no TOML", path.display()))),
    };
    if let Some(failure) = unread {
        let words = failure.plain();
        output::error(&format!(
            "the server was not looked at, since the config cannot be used yet:\n{words}"
        ));
    }
    let checkup = if add(path, &done, is_attended)? {
        // What was missing is there now.
        let config = session::read_config(path, None).ok();
        config
            .and_then(|config| look(&config, bundle).transpose())
            .transpose()?
    } else {
        checkup
    };
    let exit = super::write_beside(arguments.ci.unwrap_or(Ci::None))?;
    if let Some(checkup) = &checkup {
        super::show(checkup);
    }
    output::out("next  conformance run");
    Ok(exit)
}

/// The target that a person wrote outranks a flag.
fn base_url(path: &Path, own: Option<&str>, flag: Option<String>) -> String {
    let Some(own) = own else {
        return flag.unwrap_or_default();
    };
    if flag.is_some_and(|flag| flag != own) {
        output::out(&format!(
            "the target stays {own}: change base_url in {} to test another",
            path.display()
        ));
    }
    own.to_owned()
}

/// The folder that is named by flag. One that only lies there is no wish of somebody who has listed slots.
fn feeds(arguments: &Arguments, config: Option<&Config>) -> Option<PathBuf> {
    let has_slots = config.is_none_or(|config| !config.inventory.slots.is_empty());
    let there = Some(PathBuf::from(questions::FEEDS)).filter(|folder| folder.is_dir() && !has_slots);
    arguments.feeds.clone().or(there)
}

/// Looks at the server of a config, if it has one.
fn look(config: &Config, bundle: &Bundle) -> Result<Option<Checkup>, Failure> {
    if config.target.is_none() {
        return Ok(None);
    }
    super::look(config, &session::load_suite(bundle, config)?).map(Some)
}

/// True where something was added.
fn add(path: &Path, done: &config::Completed, is_attended: bool) -> Result<bool, Failure> {
    let shown = path.display();
    for words in &done.by_hand {
        output::out(&format!("{shown} cannot be added to here; by hand: {words}"));
    }
    if done.added.is_empty() {
        output::out(&format!("{shown} is there, and stays as it is"));
        return Ok(false);
    }
    let list = done.added.join("\n  ");
    if is_attended
        && !questions::agrees(&format!(
            "{shown} lacks this:\n  {list}\nadd it? your own lines stay"
        ))?
    {
        output::out(&format!("{shown} is there, and stays as it is"));
        return Ok(false);
    }
    config::replace(path, &done.text).map_err(|error| super::unwritten(path, &error))?;
    output::out(&format!(
        "added to {shown}, where your own lines stay as they are:\n  {list}"
    ));
    Ok(true)
}
