//! What is different around a reference partner: its config, its feeds, how it calls Google.

use super::TokenManner;
use axum::http::request::Parts;
use config::{ConfigFile, render};
use domain::TriggerName;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// What is different around a partner that is built differently.
#[derive(Debug, Clone, Copy)]
pub struct Amendments {
    /// The reason why no trigger is offered, if none is.
    pub no_triggers: Option<&'static str>,
    /// True when nobody may look into the partner's books.
    pub no_ledger: bool,
    /// Changes what the config says.
    pub config: Option<fn(&mut ConfigFile)>,
    /// Lines of the config after its last section.
    pub more: &'static str,
    /// Changes every feed file.
    pub feeds: Option<fn(&mut Value)>,
    /// Changes verb, target or headers of every call to Google's APIs.
    pub calls: Option<fn(&mut Parts)>,
    /// Asks for access tokens in a way of its own.
    pub tokens: Option<TokenManner>,
}

impl Amendments {
    /// Nothing is different.
    pub const NONE: Self = Self {
        no_triggers: None,
        no_ledger: false,
        config: None,
        more: "",
        feeds: None,
        calls: None,
        tokens: None,
    };
}

/// Changes every feed file of a folder.
pub(crate) fn amend_feeds(folder: &Path, edit: fn(&mut Value)) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if let Ok(mut feed) = serde_json::from_str(&std::fs::read_to_string(&path)?) {
            edit(&mut feed);
            std::fs::write(&path, feed.to_string())?;
        }
    }
    Ok(())
}

/// The config of a reference partner that is built differently.
pub(crate) fn amended(mut file: ConfigFile, amendments: &Amendments) -> String {
    if amendments.no_triggers.is_some() {
        file.triggers.clear();
    }
    if amendments.no_ledger {
        file.ledger_url = None;
    }
    if let Some(edit) = amendments.config {
        edit(&mut file);
    }
    let mut text = render(&file);
    if let Some(reason) = amendments.no_triggers {
        for name in TriggerName::ALL {
            let _ = write!(text, "\n[triggers.{name}]\nnone = \"{reason}\"\n");
        }
    }
    text + amendments.more
}
