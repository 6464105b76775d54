//! What `init` asks of somebody at a terminal, where a flag does not say it.

use super::super::exit::Failure;
use super::{Arguments, Ci};
use console::Term;
use std::path::{Path, PathBuf};

/// Everything that `init` has to know.
pub(super) struct Wanted {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) feeds: Option<PathBuf>,
    pub(super) ci: Ci,
}

/// The folder that is offered when it is there.
pub(super) const FEEDS: &str = "feeds";

/// What a target is called that nobody has named.
pub(super) const NAME: &str = "staging";

/// From flags alone; nobody is asked.
pub(super) fn from_flags(arguments: &Arguments) -> Result<Wanted, Failure> {
    let url = arguments.target.clone().ok_or_else(|| {
        Failure::wrong(
            "init has to know where your server is",
            "give --target https://host.example/google",
        )
    })?;
    let there = Path::new(FEEDS).is_dir().then(|| PathBuf::from(FEEDS));
    Ok(Wanted {
        url,
        name: arguments.name.clone().unwrap_or_else(|| NAME.to_owned()),
        feeds: arguments.feeds.clone().or(there),
        ci: arguments.ci.unwrap_or(Ci::None),
    })
}

/// Asks for what no flag says; enter takes what stands in brackets.
pub(super) fn ask(arguments: &Arguments) -> Result<Wanted, Failure> {
    let term = Term::stderr();
    let url = match &arguments.target {
        Some(url) => url.clone(),
        None => loop {
            let answer = question(
                &term,
                "where is your booking server? (https://host.example/google)",
                "",
            )?;
            if !answer.is_empty() {
                break answer;
            }
        },
    };
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => question(
            &term,
            "what is it called? snapshots are kept under the name",
            NAME,
        )?,
    };
    let feeds = match &arguments.feeds {
        Some(feeds) => Some(feeds.clone()),
        None => feeds(&term)?,
    };
    let ci = match arguments.ci {
        Some(ci) => ci,
        None => loop {
            match question(&term, "a file for CI? github, gitlab or none", "none")?.as_str() {
                "github" => break Ci::Github,
                "gitlab" => break Ci::Gitlab,
                "none" => break Ci::None,
                _ => {}
            }
        },
    };
    Ok(Wanted { url, name, feeds, ci })
}

fn feeds(term: &Term) -> Result<Option<PathBuf>, Failure> {
    let there = if Path::new(FEEDS).is_dir() { FEEDS } else { "" };
    loop {
        let answer = question(
            term,
            "the folder of your Google feed files, if you have them here",
            there,
        )?;
        if answer.is_empty() {
            return Ok(None);
        }
        if Path::new(&answer).is_dir() {
            return Ok(Some(PathBuf::from(answer)));
        }
        term.write_line(&format!("{answer} is no folder"))
            .map_err(unread)?;
    }
}

/// A yes or a no; enter is yes.
pub(super) fn agrees(words: &str) -> Result<bool, Failure> {
    let term = Term::stderr();
    loop {
        match question(&term, words, "yes")?.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

fn question(term: &Term, words: &str, default: &str) -> Result<String, Failure> {
    let shown = if default.is_empty() {
        String::new()
    } else {
        format!(" [{default}]")
    };
    term.write_str(&format!("{words}{shown}: ")).map_err(unread)?;
    let answer = term.read_line().map_err(unread)?;
    let answer = answer.trim();
    Ok(if answer.is_empty() { default } else { answer }.to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed on by `map_err`")]
fn unread(error: std::io::Error) -> Failure {
    Failure::broken(format!("the answer could not be read: {error}"))
}
