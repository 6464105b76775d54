//! `conformance serve`

mod json;
mod line;
mod log;
mod private;
mod silence;
mod tls;
mod ui;

use super::exit::{CommandResult, Exit, Failure};
use super::session;
use super::signals::Signals;
use super::trust::Trust;
use config::{self, Config, Notifications};
use feeds::Inventory;
use google::server::{GoogleServer, ServerConfig, StartError};
use google::{BookingCopy, GOOGLES_QUOTA, Google, Masks, Oauth, UnknownBookings, seed};
use log::{Known, Log};
use scenario::{self, Scheduled};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The config whose [notifications] and feeds are used; `conformance.toml` if there is one. Flags outrank it.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Overlay the config's [profile.NAME].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The partner id that Google gave the partner: calls under another one are answered 403 [default: 20002002].
    #[arg(long, value_name = "ID", value_parser = partner_id)]
    partner_id: Option<String>,
    /// Where it listens; port 0 takes a free one [default: 127.0.0.1:8787].
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// What the partner calls, if that is not the address.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The service-account key for the partner; made if it is not there [default: google-key.json].
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    tls: tls::TlsFlags,
    /// Whether access tokens are demanded [default: required].
    #[arg(long, value_enum)]
    oauth: Option<Demand>,
    /// What becomes of notifications without a mask, or with one that the documents do not have [default: tolerant].
    #[arg(long, value_enum)]
    masks: Option<Strictness>,
    /// So many calls a minute are taken, the others are answered 429; 0 takes any number.
    #[arg(long, value_name = "N", default_value_t = GOOGLES_QUOTA)]
    quota: u32,
    /// The feeds whose merchants and services Google knows; others are answered 404. Without feeds any is known.
    #[arg(long, value_name = "DIR")]
    feeds: Option<PathBuf>,
    /// The bookings that Google knows: a JSON list of `Booking` messages. Others are answered 404; without this flag the
    /// first notification about a booking makes it known.
    #[arg(long, value_name = "FILE")]
    bookings: Option<PathBuf>,
    /// What goes wrong on purpose: a YAML list such as `{ booking: ID, fault: { answer: 503 } }`, the fault as in a scenario.
    /// In place of a `booking` or a `slot` it may strike a `method` (bookings, availability, token) or `any: true` call.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// The form of the log; `json` is one object per line.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Show bodies, headers and addresses as they come. By default only what says nothing about guests is shown, and of all
    /// else how long it is.
    #[arg(long)]
    show_bodies: bool,
    /// Show what arrives as a page in a browser, too, with faults to arm by a click [default ADDR: 127.0.0.1:8789]. An address
    /// that other machines reach has a key in its URL.
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = ui::ADDRESS)]
    ui: Option<SocketAddr>,
    /// When nothing has arrived for so long since the start, say what may be the reason, such as 30s; 0s never says it.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    remind_after: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Demand {
    /// A valid token, as Google asks.
    Required,
    /// A valid token or none.
    Accepted,
    /// Tokens are not looked at.
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Strictness {
    /// They are taken, with a remark.
    Tolerant,
    /// They are refused.
    Strict,
}

/// So much is kept of what is told of availability: a server that stays must not grow with it.
const AVAILABILITY_BYTES: usize = 32 * 1024 * 1024;
/// The key that is made when neither flag nor config names one.
const KEY_FILE: &str = "google-key.json";

/// Serves until it is interrupted.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let mut found = session::find_config(arguments.config.as_deref(), arguments.profile.as_deref())?;
    let feeds = arguments.feeds.clone().or_else(|| found.inventory.feeds.clone());
    section(arguments, &mut found.notifications)?;
    let config = server_config(arguments, &found.notifications, feeds.is_some());
    let inventory = inventory(feeds.as_deref())?;
    let mut services = inventory.service_ids();
    let listed = found.inventory.slots.iter();
    services.extend(listed.map(|slot| (slot.merchant_id.clone(), slot.service_id.clone())));
    let seed = Seed {
        services,
        bookings: bookings(arguments.bookings.as_deref(), &config.partner_id)?,
        faults: faults(arguments.faults.as_deref())?,
    };
    let knows_bookings = config.unknown_bookings == UnknownBookings::NotFound;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    let show = Show {
        form: arguments.format,
        remind_after: Some(arguments.remind_after).filter(|after| !after.is_zero()),
        known_ids: known_ids(&seed, &config.partner_id),
        config: found,
        inventory,
        knows_bookings,
        shows_bodies: arguments.show_bodies,
        ui: arguments.ui,
    };
    runtime.block_on(serve(config, seed, show))
}

/// How what comes is shown.
struct Show {
    form: Form,
    remind_after: Option<Duration>,
    config: Config,
    inventory: Inventory,
    knows_bookings: bool,
    shows_bodies: bool,
    /// Where the page is, if there is to be one.
    ui: Option<SocketAddr>,
    /// What the user has named cannot be anything else.
    known_ids: BTreeSet<String>,
}

fn known_ids(seed: &Seed, partner_id: &str) -> BTreeSet<String> {
    let services = seed
        .services
        .iter()
        .flat_map(|(merchant, service)| [merchant, service]);
    let bookings = seed.bookings.iter().map(|copy| &copy.booking_id);
    let ids = services.chain(bookings).cloned();
    ids.chain([partner_id.to_owned()]).collect()
}

/// What Google's side knows from the start.
struct Seed {
    /// Merchant and service ids.
    services: BTreeSet<(String, String)>,
    bookings: Vec<BookingCopy>,
    faults: Vec<Scheduled>,
}

impl Seed {
    fn sow(self, google: &mut Google) {
        for (merchant, service) in &self.services {
            google.register_service(merchant, service);
        }
        for copy in self.bookings {
            google.register(copy);
        }
        for Scheduled { aim, fault, times } in self.faults {
            google.schedule(aim, fault, times);
        }
    }
}

async fn serve(config: ServerConfig, seed: Seed, show: Show) -> CommandResult {
    // Listened to before anybody can know that there is a server: who is asked to end shows what it has answered.
    let mut signals = Signals::new();
    let key_file = config.key_file.clone().unwrap_or_default();
    let ca_file = config.ca_file.clone().unwrap_or_default();
    let count = |unknown, known| (unknown == UnknownBookings::NotFound).then_some(known);
    let known = Known {
        bookings: count(config.unknown_bookings, seed.bookings.len()),
        services: count(config.unknown_services, seed.services.len()),
    };
    let partner_id = config.partner_id.clone();
    let listener = match show.ui {
        Some(address) => Some(ui::bind(address).await?),
        None => None,
    };
    let bound = GoogleServer::bind(config).await.map_err(|error| match error {
        StartError::Tls(error) => Failure::input(error),
        other => Failure::broken(other.to_string()),
    })?;
    let copies = seed.bookings.clone();
    bound.running().google().change(|google| seed.sow(google));
    let page = listener.map(|listener| {
        let about = ui::about(bound.running(), &key_file, &partner_id, show.shows_bodies);
        ui::Ui::open(listener, bound.running().google(), about, show.form)
    });
    let mut log = Log::new(show, partner_id, bound.running(), page);
    log.know(&copies);
    let google = bound.serve();
    let trust = Trust::of(&google, &ca_file);
    log.opened(&google, &key_file, &known, trust.as_ref());
    let silence = silence::silence(&google, &key_file, trust.as_ref());
    log.follow(&google.google(), silence, &mut signals).await;
    let handle = google.google();
    google.shutdown().await;
    log.close(&handle);
    Ok(Exit::Done)
}

/// Lays the flags over the config's section.
fn section(arguments: &Arguments, notifications: &mut Notifications) -> Result<(), Failure> {
    notifications.listen = arguments.listen.unwrap_or(notifications.listen);
    if let Some(url) = &arguments.public_url {
        notifications.public_url = Some(session::base_url("--public-url", url)?);
    }
    if let Some(id) = &arguments.partner_id {
        notifications.partner_id = Some(id.clone());
    }
    let key_file = arguments.key_file.clone().or(notifications.key_file.take());
    notifications.key_file = Some(key_file.unwrap_or_else(|| PathBuf::from(KEY_FILE)));
    arguments.tls.lay_over_section(notifications);
    Ok(())
}

/// Google's side as section and flags want it.
fn server_config(arguments: &Arguments, notifications: &Notifications, has_feeds: bool) -> ServerConfig {
    let mut config = harness::google_server_config(notifications);
    arguments.tls.lay_over(&mut config);
    config.limits.availability_bytes = Some(AVAILABILITY_BYTES);
    if let Some(demand) = arguments.oauth {
        config.oauth = match demand {
            Demand::Required => Oauth::Required,
            Demand::Accepted => Oauth::Accepted,
            Demand::Off => Oauth::Off,
        };
    }
    if let Some(strictness) = arguments.masks {
        config.masks = match strictness {
            Strictness::Tolerant => Masks::Tolerant,
            Strictness::Strict => Masks::Strict,
        };
    }
    config.quota = Some(arguments.quota).filter(|most| *most > 0);
    if arguments.bookings.is_none() {
        config.unknown_bookings = UnknownBookings::Adopted;
    }
    if !has_feeds {
        config.unknown_services = UnknownBookings::Adopted;
    }
    config
}

fn inventory(feeds: Option<&Path>) -> Result<Inventory, Failure> {
    let Some(folder) = feeds else {
        return Ok(Inventory::default());
    };
    // Who and what there is counts here, and not when.
    feeds::read_for(folder, Some(&[])).map_err(Failure::input)
}

/// A partner id that can stand in a path, as the config demands it.
fn partner_id(text: &str) -> Result<String, String> {
    if config::is_partner_id(text) {
        return Ok(text.to_owned());
    }
    Err("write the partner id as Google shows it: digits, letters, `-`, `_`".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let length = config::duration::parse(text).map_err(|error| error.to_string())?;
    Duration::try_from(length).map_err(|error| error.to_string())
}

fn bookings(path: Option<&Path>, partner_id: &str) -> Result<Vec<BookingCopy>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let wrong = |problem: String| {
        Failure::wrong(
            format!("--bookings {}: {problem}", path.display()),
            "write a JSON list of Booking messages, each with its name, as in partners/20002002/bookings/b-1",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    seed::bookings(&text, partner_id).map_err(|problems| {
        let mut all = String::new();
        for problem in problems {
            // A string takes whatever is written.
            let _ = write!(all, "\n  {problem}");
        }
        wrong(all)
    })
}

fn faults(path: Option<&Path>) -> Result<Vec<Scheduled>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::wrong(
            format!("--faults {file}: {error}"),
            "name a YAML file that is there",
        )
    })?;
    scenario::schedule(&file, &text).map_err(Failure::input)
}
