//! `conformance serve`

mod line;
mod tls;

use super::exit::{CommandResult, Exit, Failure};
use super::{output, session, signals};
use config::Notifications;
use google::server::{GoogleServer, Handle, Running, ServerConfig, StartError};
use google::{BookingCopy, Call, GOOGLES_QUOTA, Google, Masks, Oauth, UnknownBookings, Watch, seed};
use scenario::{self, Scheduled};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tls::Trust;

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The config whose [notifications] and feeds are used; `conformance.toml` if there is one. Flags outrank it.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Overlay the config's [profile.NAME].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
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

/// So many calls wait to be shown; a log that cannot keep up leaves some out, and says how many.
const SHOWN_LATER: usize = 256;
/// So many of them are written in one go.
const WRITTEN_AT_ONCE: usize = 64;
/// So much is kept of what is told of availability: a server that stays must not grow with it.
const AVAILABILITY_BYTES: usize = 32 * 1024 * 1024;
/// The key that is made when neither flag nor config names one.
const KEY_FILE: &str = "google-key.json";

/// Serves until it is interrupted.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let found = session::find_config(arguments.config.as_deref(), arguments.profile.as_deref())?;
    let feeds = arguments.feeds.clone().or_else(|| found.inventory.feeds.clone());
    let config = server_config(arguments, found.notifications, feeds.is_some())?;
    let listed = found.inventory.slots;
    let mut services = services(feeds.as_deref())?;
    services.extend(listed.into_iter().map(|slot| (slot.merchant_id, slot.service_id)));
    let seed = Seed {
        services,
        bookings: bookings(arguments.bookings.as_deref(), &config.partner_id)?,
        faults: faults(arguments.faults.as_deref())?,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(serve(config, seed, arguments.format))
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

async fn serve(config: ServerConfig, seed: Seed, form: Form) -> CommandResult {
    let key_file = config.key_file.clone().unwrap_or_default();
    let ca_file = config.ca_file.clone().unwrap_or_default();
    let count = |unknown, known| (unknown == UnknownBookings::NotFound).then_some(known);
    let known = Known {
        bookings: count(config.unknown_bookings, seed.bookings.len()),
        services: count(config.unknown_services, seed.services.len()),
    };
    let partner_id = config.partner_id.clone();
    let bound = GoogleServer::bind(config).await.map_err(|error| match error {
        StartError::Tls(error) => Failure::input(error),
        other => Failure::broken(other.to_string()),
    })?;
    bound.running().google().change(|google| seed.sow(google));
    let mut log = Log {
        form,
        calls: 0,
        watch: bound.running().watch(SHOWN_LATER),
    };
    let google = bound.serve();
    let trust = Trust::of(&google, &ca_file);
    log.opened(&google, &partner_id, &key_file, (&known, trust));
    log.follow().await;
    let handle = google.google();
    google.shutdown().await;
    log.close(&handle);
    Ok(Exit::Done)
}

/// The config's section with the flags laid over it.
fn server_config(
    arguments: &Arguments,
    mut notifications: Notifications,
    has_feeds: bool,
) -> Result<ServerConfig, Failure> {
    notifications.listen = arguments.listen.unwrap_or(notifications.listen);
    if let Some(url) = &arguments.public_url {
        notifications.public_url = Some(session::base_url("--public-url", url)?);
    }
    let key_file = arguments.key_file.clone().or(notifications.key_file);
    notifications.key_file = Some(key_file.unwrap_or_else(|| PathBuf::from(KEY_FILE)));
    let mut config = harness::google_server_config(&notifications);
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
    Ok(config)
}

fn services(feeds: Option<&Path>) -> Result<BTreeSet<(String, String)>, Failure> {
    let Some(folder) = feeds else {
        return Ok(BTreeSet::new());
    };
    // Who and what there is counts here, and not when.
    let inventory = feeds::read_for(folder, Some(&[])).map_err(Failure::input)?;
    Ok(inventory.service_ids())
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

/// How much Google's side knows of bookings and services; any that turns up without a number.
struct Known {
    bookings: Option<usize>,
    services: Option<usize>,
}

fn known_text(known: Option<usize>) -> String {
    match known {
        None => "any: the first call about one makes it known".to_owned(),
        Some(1) => "1 is known, others are answered 404".to_owned(),
        Some(number) => format!("{number} are known, others are answered 404"),
    }
}

/// What is shown.
struct Log {
    form: Form,
    calls: u64,
    watch: Watch,
}

impl Log {
    fn opened(
        &self,
        google: &Running,
        partner_id: &str,
        key_file: &Path,
        (known, trust): (&Known, Option<Trust>),
    ) {
        let (url, token_uri) = (google.url(), &google.key().account().token_uri);
        if self.form == Form::Json {
            let key_file = key_file.display().to_string();
            let mut opened = json!({
                "event": "listening", "base_url": url, "token_url": token_uri, "key_file": key_file,
                "partner_id": partner_id, "known_bookings": known.bookings, "known_services": known.services,
            });
            if let (Some(fields), Some(trust)) = (opened.as_object_mut(), trust) {
                fields.extend(trust.fields());
            }
            return output::out(&opened.to_string());
        }
        let trust = trust.map(|trust| trust.text()).unwrap_or_default();
        output::out(&format!(
            "Google's side at {url}\n  tokens    {token_uri}\n  key file  {}\n  partner   {partner_id}\n  \
             bookings  {}\n  services  {}{trust}",
            key_file.display(),
            known_text(known.bookings),
            known_text(known.services),
        ));
    }

    /// Until somebody wants to stop.
    async fn follow(&mut self) {
        let stop = signals::stop();
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                call = self.watch.next() => match call {
                    Some(call) => self.show(&call),
                    None => return,
                },
            }
        }
    }

    // What has come meanwhile is written with it: a log that is written call by call falls behind a fast partner.
    fn show(&mut self, first: &Call) {
        let mut text = self.line(first);
        for _ in 1..WRITTEN_AT_ONCE {
            let Some(call) = self.watch.try_next() else { break };
            text.push('\n');
            text.push_str(&self.line(&call));
        }
        output::out(&text);
        self.tell_missed();
    }

    fn line(&mut self, call: &Call) -> String {
        self.calls += 1;
        match self.form {
            Form::Text => line::text(call),
            Form::Json => line::json(call).to_string(),
        }
    }

    fn tell_missed(&mut self) {
        let missed = self.watch.missed();
        if missed == 0 {
            return;
        }
        self.calls += missed;
        output::out(&match self.form {
            Form::Text => format!("          {missed} calls came faster than they could be shown"),
            Form::Json => json!({ "event": "missed", "calls": missed }).to_string(),
        });
    }

    /// What was answered until the end is shown until the end.
    fn close(&mut self, google: &Handle) {
        while let Some(call) = self.watch.try_next() {
            self.show(&call);
        }
        self.tell_missed();
        let (calls, traffic) = (self.calls, google.traffic());
        let forgotten = google.inspect(|google| google.availability().forgotten());
        output::out(&match self.form {
            Form::Text => format!(
                "stopped after {}\n  {}",
                output::counted(usize::try_from(calls).unwrap_or(usize::MAX), "call"),
                line::traffic(&traffic, forgotten)
            ),
            Form::Json => json!({
                "event": "stopped", "calls": calls, "traffic": traffic, "forgotten_services": forgotten,
            })
            .to_string(),
        });
    }
}
