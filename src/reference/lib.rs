//! The bundled reference partner, started so that `run -c FILE` can test it like any other partner.

use config::{CallMethod, CardNetwork, ConfigFile, HttpTrigger, Reference, TestCards, TokenForm, render};
use domain::{Capability, TriggerName};
use jiff::SignedDuration;
use rand::Rng as _;
pub use reference_server::{Assembly, InventoryKind, Seams, Server};

use reference_server::{Config, Credentials, Database, Limits, NotifyConfig};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The reference partner's number at Google.
pub const PARTNER_ID: &str = "20002002";

/// The reference partner could not be set up.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum PartnerError {
    /// It did not start.
    #[error("the reference partner cannot start")]
    Start(#[source] reference_server::StartError),
    /// A file of its could not be written.
    #[error("{} cannot be written: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Every port that was tried is taken.
    #[error("there is no free port on the loopback")]
    NoPort,
}

impl PartnerError {
    /// True when the file of the bookings is the cause: another one helps.
    pub fn is_of_database(&self) -> bool {
        matches!(self, Self::Start(reference_server::StartError::Database(_)))
    }
}

/// How patient a run against the reference partner is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How long a notification is waited for.
    pub within: SignedDuration,
    /// How long it is watched that nothing more arrives.
    pub quiet: SignedDuration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            within: SignedDuration::from_secs(30),
            quiet: SignedDuration::from_millis(700),
        }
    }
}

/// Where the reference partner and Google's side meet.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// Where the partner listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the bookings are kept; none means in memory.
    pub database: Option<PathBuf>,
    /// Where the feeds are written.
    pub feeds: PathBuf,
    /// Where Google's side will listen.
    pub google: SocketAddr,
    /// The URL at which the partner reaches Google's side.
    pub notify_url: String,
    /// The key that Google's side issues.
    pub key_file: PathBuf,
    /// The folder that holds the secrets.
    pub secrets: PathBuf,
    /// What can be booked there.
    pub inventory: InventoryKind,
}

impl Meeting {
    /// Everything in one folder, on free ports of the loopback.
    pub fn in_folder(folder: &Path) -> Result<Self, PartnerError> {
        let google = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        Ok(Self::at(google, folder))
    }

    /// Everything in one folder, with Google's side at an address.
    pub fn at(google: SocketAddr, folder: &Path) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            database: None,
            feeds: folder.join("feeds"),
            google,
            notify_url: format!("http://{google}"),
            key_file: folder.join("google-key.json"),
            secrets: folder.join("secrets"),
            inventory: InventoryKind::default(),
        }
    }
}

/// The secrets of the reference partner.
struct Secrets {
    user: String,
    password: String,
    console: String,
}

/// A reference partner in a folder of its own, and the config that tests it.
pub struct Embedded {
    server: Server,
    config: PathBuf,
    _folder: TempDir,
}

impl Embedded {
    /// The config with which `run -c` tests it.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// Stops the partner; its folder goes with it.
    pub async fn shutdown(self) {
        self.server.shutdown().await;
    }
}

/// Starts the reference partner in a temporary folder, with the config that tests it.
pub async fn start_embedded() -> Result<Embedded, PartnerError> {
    let folder = tempfile::tempdir().map_err(|error| io(&std::env::temp_dir(), error))?;
    let meeting = Meeting::in_folder(folder.path())?;
    let server = start_reference(&meeting, Seams::default()).await?;
    let config = folder.path().join("conformance.toml");
    write_config(
        &config,
        &config_file(&meeting, &server.base_url(), Patience::default()),
    )?;
    Ok(Embedded {
        server,
        config,
        _folder: folder,
    })
}

/// Starts the reference partner; its secrets are kept for the config in files of their own.
pub async fn start_reference(meeting: &Meeting, seams: Seams) -> Result<Server, PartnerError> {
    let started = reference_server::start(server_config(meeting, seams)?).await;
    started.map_err(PartnerError::Start)
}

/// Puts the reference partner together without an address. Where somebody else has written its feeds it publishes none.
pub async fn assemble_reference(
    meeting: &Meeting,
    seams: Seams,
    publishes: bool,
) -> Result<Assembly, PartnerError> {
    let mut config = server_config(meeting, seams)?;
    config.feeds_dir = config.feeds_dir.filter(|_| publishes);
    let assembled = reference_server::assemble(&config).await;
    assembled.map_err(PartnerError::Start)
}

fn server_config(meeting: &Meeting, seams: Seams) -> Result<Config, PartnerError> {
    let secrets = secrets(&meeting.secrets)?;
    std::fs::create_dir_all(&meeting.feeds).map_err(|error| io(&meeting.feeds, error))?;
    Ok(Config {
        listen: meeting.listen,
        database: meeting.database.clone().map_or(Database::Memory, Database::File),
        credentials: Credentials {
            user: secrets.user,
            password: secrets.password,
        },
        console_token: secrets.console,
        feeds_dir: Some(meeting.feeds.clone()),
        notify: Some(NotifyConfig {
            base_url: meeting.notify_url.clone(),
            key_file: meeting.key_file.clone(),
            partner_id: PARTNER_ID.to_owned(),
        }),
        inventory: meeting.inventory,
        limits: Limits::default(),
        seams,
    })
}

/// Writes the config with which `run -c` tests a started reference partner.
pub fn write_config(path: &Path, file: &ConfigFile) -> Result<(), PartnerError> {
    private(path, &render(file)).map_err(|error| io(path, error))
}

/// What `conformance.toml` says of a started reference partner.
pub fn config_file(meeting: &Meeting, base_url: &str, patience: Patience) -> ConfigFile {
    let secret = |name: &str| Reference::File(absolute(&meeting.secrets.join(name)));
    let console = format!("{base_url}/console");
    ConfigFile {
        name: "reference".to_owned(),
        base_url: base_url.to_owned(),
        user: secret("user"),
        password: secret("password"),
        listen: meeting.google,
        partner_id: PARTNER_ID.to_owned(),
        key_file: absolute(&meeting.key_file),
        within: patience.within,
        quiet: patience.quiet,
        feeds: absolute(&meeting.feeds),
        capabilities: capabilities(meeting.inventory),
        payment_token: "tok_harness_{fresh}".to_owned(),
        token_form: TokenForm::GooglePay,
        cards: Some(TestCards {
            declined_token: "tok_harness_declined_{fresh}".to_owned(),
            rejected_network: CardNetwork::Jcb,
            threeds1_token: "tok_harness_threeds1_{fresh}".to_owned(),
            threeds1_response: "harness-pa-response".to_owned(),
        }),
        triggers: TriggerName::ALL
            .iter()
            .map(|name| trigger(*name, &console))
            .collect(),
        console_token: secret("console-token"),
        ledger_url: Some(format!("{console}/bookings/{{booking_id}}/ledger")),
    }
}

/// It makes no offers, and says so whatever offer it is asked for. Where it sells tickets, orders may be made of it.
fn capabilities(inventory: InventoryKind) -> Vec<(Capability, bool)> {
    let orders = inventory == InventoryKind::Everything;
    let orders = orders.then_some((Capability::Orders, true));
    let declared = [
        (Capability::Offers, true),
        (Capability::MarketingPreference, true),
    ];
    declared.into_iter().chain(orders).collect()
}

fn trigger(name: TriggerName, console: &str) -> HttpTrigger {
    let slot = r#"{"merchant_id":"{merchant_id}","service_id":"{service_id}","start_sec":{start_sec}}"#;
    let waitlist = r#"{"merchant_id":"{merchant_id}","service_id":"{service_id}"}"#;
    let body = match name {
        TriggerName::Reschedule => Some(r#"{"start_sec":{start_sec},"duration_sec":{duration_sec}}"#),
        TriggerName::ChangePartySize => Some(r#"{"party_size":{party_size}}"#),
        TriggerName::CloseSlot => Some(slot),
        name if name.is_about_waitlist() => Some(waitlist),
        _ => None,
    };
    let url = match name {
        TriggerName::CloseSlot => format!("{console}/slots/close"),
        name if name.is_about_waitlist() => format!("{console}/waitlists/{name}"),
        name if name.is_about_entry() => format!("{console}/waitlist-entries/{{waitlist_entry_id}}/{name}"),
        _ => format!("{console}/bookings/{{booking_id}}/{name}"),
    };
    HttpTrigger {
        name,
        method: CallMethod::Post,
        url,
        body: body.map(ToOwned::to_owned),
        expect: Some(204),
    }
}

/// Secrets that are there are used again, so that a config stays valid over restarts.
fn secrets(folder: &Path) -> Result<Secrets, PartnerError> {
    private_folder(folder).map_err(|error| io(folder, error))?;
    let read_or_make = |name: &str| {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(secret) if !secret.trim().is_empty() => Ok(secret.trim().to_owned()),
            _ => {
                let secret = format!("{name}-{:032x}", rand::rng().random::<u128>());
                private(&path, &secret).map_err(|error| io(&path, error))?;
                Ok(secret)
            }
        }
    };
    Ok(Secrets {
        user: read_or_make("user")?,
        password: read_or_make("password")?,
        console: read_or_make("console-token")?,
    })
}

/// Readable by its owner only, from its first byte on.
fn private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// Only its owner sees which secrets there are. A folder that is there keeps the rights that somebody gave it.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A port below those that the system hands out for outgoing connections, so that nobody takes it by chance.
fn free_port() -> Result<u16, PartnerError> {
    let mut random = rand::rng();
    let mut tries = (0..200).map(|_| random.random_range(20_000..30_000));
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    tries.find(free).ok_or(PartnerError::NoPort)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn io(path: &Path, cause: std::io::Error) -> PartnerError {
    PartnerError::Io {
        path: path.to_owned(),
        cause,
    }
}
