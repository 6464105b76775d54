//! From the text of a file to a `Config`, or to everything that is wrong with it.

use super::error::{ConfigErrors, Draft};
use super::profile::Layers;
use super::reader::{ConfigSource, Depth, Env, Found, Reader, Section};
use super::redact::{redact, redact_broken};
use super::reference::refuse_live_keys;
use super::words::suggest;
use super::{
    Capabilities, Config, Inventory, Notifications, Payments, Probes, RunConfig, Skip, TargetConfig, Waiver,
    triggers,
};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Reads a config with one of its profiles laid over it, and fetches what it refers to; variables come from `env`.
///
/// Errors hold every problem of the file: of the part that is used, and of the form of the profiles that are not. A
/// text that is not TOML is reported for its syntax alone, since nothing after the first such place can be trusted.
pub fn load(
    path: &Path,
    profile: Option<&str>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigErrors> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("{name} cannot be read: {error}");
        ConfigErrors::unreadable(name.clone(), message, "check the path given by --config")
    })?;
    let folder = folder_of(path);
    let (file, syntax) = DeTable::parse_recoverable(&text);
    let file = file.into_inner();
    let source = ConfigSource {
        name: &name,
        text: &text,
        folder: &folder,
    };
    if !syntax.is_empty() {
        let (config, _) = read_layers(&Layers::of(file), profile, source, env);
        let errors = ConfigErrors::placed(&name, redact_broken(&text), of_syntax(&syntax, &text));
        return Err(errors.with_reports(config.run.report));
    }
    if file.is_empty() {
        let help =
            "write [target] with base_url = \"https://host.example/path\" into it, or leave --config out";
        return Err(ConfigErrors::unreadable(
            name.clone(),
            format!("{name} is empty"),
            help,
        ));
    }
    let layers = Layers::of(file);
    let (config, found) = read_layers(&layers, profile, source, env);
    if found.problems.is_empty() {
        return Ok(Config {
            secrets: found.secrets,
            ..config
        });
    }
    let shown = redact(&text, &found.hidden);
    Err(ConfigErrors::placed(&name, shown, found.problems).with_reports(config.run.report))
}

/// What a config names is relative to its own folder, from wherever that is looked at: a command is started in it.
fn folder_of(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.parent().map(Path::to_owned).unwrap_or_default()
}

/// One problem per line: what follows on the same line is mostly an echo of the first.
fn of_syntax(errors: &[toml::de::Error], text: &str) -> Vec<Draft> {
    let mut drafts: Vec<_> = errors.iter().map(|error| of_one(error, text.len())).collect();
    let line = |draft: &Draft| {
        text.get(..draft.span.start)
            .map(|before| before.matches('\n').count())
    };
    drafts.sort_by_key(|draft| draft.span.start);
    drafts.dedup_by_key(|draft| line(draft));
    drafts
}

fn of_one(error: &toml::de::Error, length: usize) -> Draft {
    let span = error.span().unwrap_or(0..0);
    Draft {
        span: span.start.min(length)..span.end.min(length),
        message: error.message().to_owned(),
        help: "this is not TOML; other problems are looked for once it is".to_owned(),
        label: "here",
    }
}

fn read_layers(
    layers: &Layers<'_>,
    profile: Option<&str>,
    source: ConfigSource<'_>,
    env: Env<'_>,
) -> (Config, Found) {
    let used = profile.map_or_else(|| Some(layers.base()), |name| layers.with(name));
    let depth = if used.is_some() { Depth::Full } else { Depth::Form };
    let reader = Reader::new(source, env, depth);
    check_profiles(&reader, layers, profile);
    let config = read(&reader, used.as_ref().unwrap_or(&layers.base()));
    let mut found = reader.into_found();
    for name in layers.names() {
        let Some(table) = layers.with(name).filter(|_| profile != Some(name)) else {
            continue;
        };
        let reader = Reader::new(source, env, Depth::Form);
        read(&reader, &table);
        let other = reader.into_found();
        found.problems.extend(other.problems);
        found.hidden.extend(other.hidden);
    }
    (config, found)
}

/// Every profile is a table, and the one that is asked for is there.
fn check_profiles(reader: &Reader<'_>, layers: &Layers<'_>, profile: Option<&str>) {
    let help = "write [profile.NAME.target] and the keys that differ below it";
    match layers.profiles().map(|value| (value, value.get_ref().as_table())) {
        Some((value, None)) => {
            reader.hide(value);
            reader.problem(value.span(), "`profile` must be a table".to_owned(), help);
        }
        Some((_, Some(table))) => {
            for (name, value) in table.iter().filter(|(_, value)| !value.get_ref().is_table()) {
                reader.hide(value);
                let message = format!("`profile.{}` must be a table", name.get_ref());
                reader.problem(value.span(), message, help);
            }
        }
        None => {}
    }
    if let Some(name) = profile.filter(|name| !layers.names().contains(name)) {
        let help = match layers.names().as_slice() {
            [] => "the file has no [profile.…] at all".to_owned(),
            names => suggest(names, name),
        };
        reader.problem(0..0, format!("no profile is called `{name}`"), help);
    }
}

fn read(reader: &Reader<'_>, file: &DeTable<'_>) -> Config {
    for (_, value) in file {
        refuse_live_keys(reader, value);
    }
    Section::read(reader, String::new(), 0..0, file, sections)
}

fn sections(file: &Section<'_>) -> Config {
    Config {
        target: part(file, "target", TargetConfig::read).flatten(),
        notifications: part(file, "notifications", Notifications::read).unwrap_or_default(),
        inventory: part(file, "inventory", Inventory::read).unwrap_or_default(),
        capabilities: part(file, "capabilities", Capabilities::read).unwrap_or_default(),
        payments: part(file, "payments", Payments::read).unwrap_or_default(),
        triggers: part(file, "triggers", triggers::read).unwrap_or_default(),
        probes: part(file, "probes", Probes::read).unwrap_or_default(),
        waivers: each(file, "waiver", Waiver::read),
        skips: each(file, "skip", Skip::read),
        run: part(file, "run", RunConfig::read).unwrap_or_default(),
        secrets: Vec::new(),
    }
}

fn part<T>(file: &Section<'_>, key: &'static str, read: impl FnOnce(&Section<'_>) -> T) -> Option<T> {
    file.get(key)
        .and_then(|value| value.table(|section| read(section)))
}

/// The tables of a list, `[[key]]`; those that are wrong are left out after their problem was noted.
fn each<T>(file: &Section<'_>, key: &'static str, read: impl Fn(&Section<'_>) -> Option<T>) -> Vec<T> {
    let list = file
        .get(key)
        .and_then(|value| value.list(|item| item.table(&read).flatten()));
    list.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::folder_of;
    use std::path::Path;

    #[test]
    fn a_config_in_the_working_folder_has_that_folder() {
        let working = std::env::current_dir().unwrap();
        assert_eq!(folder_of(Path::new("conformance.toml")), working);
        assert_eq!(folder_of(Path::new("ci/conformance.toml")), working.join("ci"));
    }
}
