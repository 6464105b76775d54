//! The reference partner as a program of its own.

use clap::Parser;
use reference_server::{
    Config, Credentials, Database, InventoryKind, Limits, NotifyConfig, Seams, StartError, start,
};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A booking server for Google's Actions Center. Needs BOOKING_USER, BOOKING_PASSWORD and CONSOLE_TOKEN in the
/// environment.
#[derive(Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// SQLite file; without it, bookings are gone with the program.
    #[arg(long)]
    db: Option<PathBuf>,
    /// Folder for feed files.
    #[arg(long)]
    feeds: Option<PathBuf>,
    /// What can be booked: everything, arrival, prepaid, secured, classes, appointments, restaurant.
    #[arg(long, default_value_t)]
    inventory: InventoryKind,
    /// Connections at one time; fewer than the files that the process may open.
    #[arg(long, default_value_t = Limits::default().connections)]
    connections: usize,
    /// Base URL of Google's notification API.
    #[arg(long, requires_all = ["key_file", "partner_id"])]
    notify_url: Option<String>,
    /// Service-account key file.
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// The partner's number at Google.
    #[arg(long)]
    partner_id: Option<String>,
}

/// Secrets come from the environment: arguments can be seen by everybody on the machine.
struct Secrets {
    credentials: Credentials,
    console_token: String,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    #[error(transparent)]
    Start(#[from] StartError),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed to start: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let server = start(config(arguments, Secrets::from_environment()?)).await?;
    say(&format!("listening on {}", server.base_url()));
    // Without signals the server runs until it is killed, which it survives as well.
    let _ = tokio::signal::ctrl_c().await;
    server.shutdown().await;
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a program talks to whoever started it")]
fn say(text: &str) {
    eprintln!("{text}");
}

impl Secrets {
    fn from_environment() -> Result<Self, Failure> {
        let variable = |name| std::env::var(name).map_err(|_| Failure::Missing(name));
        let credentials = Credentials {
            user: variable("BOOKING_USER")?,
            password: variable("BOOKING_PASSWORD")?,
        };
        Ok(Self {
            credentials,
            console_token: variable("CONSOLE_TOKEN")?,
        })
    }
}

fn config(arguments: Arguments, secrets: Secrets) -> Config {
    let notify = arguments
        .notify_url
        .zip(arguments.key_file)
        .zip(arguments.partner_id);
    Config {
        listen: arguments.listen,
        database: arguments.db.map_or(Database::Memory, Database::File),
        credentials: secrets.credentials,
        console_token: secrets.console_token,
        feeds_dir: arguments.feeds,
        notify: notify.map(|((base_url, key_file), partner_id)| NotifyConfig {
            base_url,
            key_file,
            partner_id,
        }),
        inventory: arguments.inventory,
        limits: Limits {
            connections: arguments.connections,
            ..Limits::default()
        },
        seams: Seams {
            trouble: Some(std::sync::Arc::new(say)),
            ..Seams::default()
        },
    }
}
