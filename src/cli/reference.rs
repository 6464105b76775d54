//! `conformance reference`

use super::exit::{CommandResult, Exit, Failure};
use super::output;
use super::signals::Signals;
use ::reference::Seams;
use ::reference::{
    InventoryKind, Meeting, PartnerError, Patience, config_file, start_reference, write_config,
};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where it listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The SQLite file of the bookings; in memory without it.
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Where it writes its feeds, and keeps them fresh.
    #[arg(long, value_name = "DIR", default_value = "reference-feeds")]
    feeds: PathBuf,
    /// What can be booked: everything, arrival, prepaid, secured, classes, appointments, restaurant or waitlist.
    #[arg(long, value_name = "KIND", default_value_t)]
    inventory: InventoryKind,
    /// Where it reaches Google's side.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8787")]
    notify_url: String,
    /// The service-account key that Google's side issues.
    #[arg(long, value_name = "FILE", default_value = "google-key.json")]
    key_file: PathBuf,
    /// Write a config with which `conformance run -c FILE` tests it; its secrets go beside it.
    #[arg(long, value_name = "FILE")]
    write_config: Option<PathBuf>,
}

/// Runs until it is interrupted.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let meeting = meeting(arguments)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(async {
        // Listened to before anybody can know that there is a server.
        let mut signals = Signals::new();
        let seams = Seams {
            trouble: Some(std::sync::Arc::new(output::error)),
            ..Seams::default()
        };
        let server = start_reference(&meeting, seams).await.map_err(refusal)?;
        let base_url = server.base_url();
        output::out(&format!(
            "reference partner at {base_url}, feeds in {}",
            meeting.feeds.display()
        ));
        if let Some(path) = &arguments.write_config {
            let file = config_file(&meeting, &base_url, Patience::default());
            write_config(path, &file).map_err(Failure::machine)?;
            output::out(&format!("test it with: conformance run -c {}", path.display()));
        }
        signals.next().await;
        server.shutdown().await;
        Ok(Exit::Done)
    })
}

fn refusal(error: PartnerError) -> Failure {
    if error.is_of_database() {
        Failure::input(error)
    } else {
        Failure::machine(error)
    }
}

fn meeting(arguments: &Arguments) -> Result<Meeting, Failure> {
    let beside = arguments
        .write_config
        .as_deref()
        .map_or(Path::new("reference"), |path| path);
    Ok(Meeting {
        listen: arguments.listen,
        database: arguments.db.clone(),
        feeds: arguments.feeds.clone(),
        google: address(&arguments.notify_url)?,
        notify_url: arguments.notify_url.clone(),
        key_file: arguments.key_file.clone(),
        secrets: beside.with_extension("secrets"),
        inventory: arguments.inventory,
    })
}

/// The address behind the URL at which Google's side is reached: where `run` will listen.
fn address(url: &str) -> Result<SocketAddr, Failure> {
    let parsed = reqwest::Url::parse(url).ok();
    let addresses = parsed.and_then(|url| url.socket_addrs(|| None).ok());
    addresses.and_then(|all| all.into_iter().next()).ok_or_else(|| {
        Failure::wrong(
            format!("--notify-url {url} is not a URL with an address"),
            "write it like http://127.0.0.1:8787",
        )
    })
}
