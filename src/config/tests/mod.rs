//! The config as a whole: files in, configs or problems out.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod accepted;
mod problems;
mod profiles;
mod secrets;
mod waivers;

use super::{Config, ConfigErrors, ConfigProblem, load};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};

/// Values that must never be shown.
const CANARY: &str = "hunter2-canary";

fn env(name: &str) -> Option<String> {
    match name {
        "SECRET" | "PARTNER_USER" | "PARTNER_PASSWORD" | "TEST_TOKEN" => Some(format!("{CANARY}-{name}")),
        "DECLINED_TOKEN" => Some("tok_declined".to_owned()),
        "CALLBACK_URL" => Some("https://callback.example/".to_owned()),
        "LIVE" => Some("sk_live_abcdef".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn load_with(text: &str, profile: Option<&str>) -> Result<Config, ConfigErrors> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("feeds")).unwrap();
    std::fs::write(folder.path().join("token.txt"), format!("{CANARY}-file\n")).unwrap();
    let path = folder.path().join("conformance.toml");
    std::fs::write(&path, text).unwrap();
    load(&path, profile, &env)
}

fn load_text(text: &str) -> Result<Config, ConfigErrors> {
    load_with(text, None)
}

/// `line:column message`, both from one.
fn placed(problem: &ConfigProblem) -> String {
    let label = problem.labels().unwrap().next().unwrap();
    let source = problem.source_code().unwrap();
    let contents = source.read_span(label.inner(), 0, 0).unwrap();
    format!("{}:{} {problem}", contents.line() + 1, contents.column() + 1)
}

/// Everything that a person could see of the errors.
fn rendered(errors: &ConfigErrors) -> String {
    let mut text = format!("{errors} {errors:#?}");
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(200)
        .render_report(&mut text, errors)
        .unwrap();
    NarratableReportHandler::new()
        .render_report(&mut text, errors)
        .unwrap();
    text
}
