//! The reference partner as a program of its own.

use clap::Parser;
use reference_server::{Config, Credentials, Database, NotifyConfig, Seams, start};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A booking server for Google's Actions Center.
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
    /// Base URL of Google's notification API.
    #[arg(long, requires_all = ["key_file", "partner_id"])]
    notify_url: Option<String>,
    /// Service-account key file.
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// The partner's number at Google.
    #[arg(long)]
    partner_id: Option<String>,
    #[arg(long, env = "BOOKING_USER", hide = true)]
    user: String,
    #[arg(long, env = "BOOKING_PASSWORD", hide = true, hide_env_values = true)]
    password: String,
    #[arg(long, env = "CONSOLE_TOKEN", hide = true, hide_env_values = true)]
    console_token: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().into()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed to start: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), reference_server::StartError> {
    let server = start(config).await?;
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

impl From<Arguments> for Config {
    fn from(arguments: Arguments) -> Self {
        let notify = arguments
            .notify_url
            .zip(arguments.key_file)
            .zip(arguments.partner_id);
        Self {
            listen: arguments.listen,
            database: arguments.db.map_or(Database::Memory, Database::File),
            credentials: Credentials {
                user: arguments.user,
                password: arguments.password,
            },
            console_token: arguments.console_token,
            feeds_dir: arguments.feeds,
            notify: notify.map(|((base_url, key_file), partner_id)| NotifyConfig {
                base_url,
                key_file,
                partner_id,
            }),
            seams: Seams::default(),
        }
    }
}
