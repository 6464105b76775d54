//! Starting and stopping.

use crate::app::{App, Parts};
use crate::config::{Config, Database as Where, Decorator, NotifyConfig, Seams};
use crate::feeds::Publisher;
use crate::gateway::StandInGateway;
use crate::inventory::Inventory;
use crate::locks::NamedLocks;
use crate::notifications::{Composer, GoogleNotifier, HttpLine, Notifier, OutboxSignal, TokenSource, Worker};
use crate::serve::serve;
use crate::store::{Database, DatabaseError, SqliteStore, Store, StoreError, WaitlistStore};
use crate::{booking_server, console};
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

const GRACE: Duration = Duration::from_secs(5);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The database file cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// No database in memory.
    #[error("cannot set up the database: {0}")]
    Memory(StoreError),
    /// The feeds folder cannot be written.
    #[error("cannot write the feeds: {0}")]
    Feeds(String),
    /// No HTTP client for notifications.
    #[error("cannot set up the notifier: {0}")]
    Notifier(String),
}

/// A running server. It ends with `shutdown`, or abruptly when it is dropped.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
    workers: JoinSet<()>,
}

/// A server without an address: whoever holds it hands it requests. Its workers end when it is dropped.
pub struct Assembly {
    router: Router,
    workers: JoinSet<()>,
}

impl Assembly {
    /// What answers requests.
    pub fn router(&self) -> Router {
        self.router.clone()
    }
}

/// Puts a server together and starts its workers. When this returns, its feed files are complete.
pub async fn assemble(config: &Config) -> Result<Assembly, StartError> {
    let app = parts(config)?;
    let mut workers = JoinSet::new();
    if let Some(folder) = &config.feeds_dir {
        let (inventory, store, clock) = (app.inventory.clone(), app.store.clone(), app.clock.clone());
        let mut publisher = Publisher::new(folder.clone(), inventory, store, clock);
        publisher
            .publish()
            .await
            .map_err(|error| StartError::Feeds(error.to_string()))?;
        workers.spawn(publisher.run());
    }
    if let Some(notify) = &config.notify {
        workers.spawn(worker(&app, notify, &config.seams)?.run());
    }
    let router = router(app, config);
    Ok(Assembly { router, workers })
}

/// Starts a server. When this returns, it answers, and its feed files are complete.
pub async fn start(config: Config) -> Result<Server, StartError> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| StartError::Listen(config.listen, error))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Listen(config.listen, error))?;
    let Assembly { router, workers } = assemble(&config).await?;
    let (stop, stopped) = watch::channel(());
    let serving = tokio::spawn(serve(listener, router, config.limits, stopped));
    Ok(Server {
        address,
        stop,
        serving,
        workers,
    })
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// For example `http://127.0.0.1:8080`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, lets requests finish for a few seconds, and stops the workers. What Google has not
    /// been told yet stays in the outbox.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(());
        if tokio::time::timeout(GRACE, &mut self.serving).await.is_err() {
            self.serving.abort();
        }
        self.workers.shutdown().await;
    }
}

fn parts(config: &Config) -> Result<App, StartError> {
    let (seams, database) = (&config.seams, open(config)?);
    let store = decorate(
        Arc::new(SqliteStore::new(database.clone())) as Arc<dyn Store>,
        seams.store.as_ref(),
    );
    let waitlists = WaitlistStore::new(database.clone());
    let gateway = StandInGateway::new(database, seams.clock.clone());
    Ok(Arc::new(Parts {
        store,
        waitlists,
        gateway: decorate(Arc::new(gateway), seams.gateway.as_ref()),
        clock: seams.clock.clone(),
        inventory: Arc::new(Inventory::of(config.inventory)),
        composer: config
            .notify
            .as_ref()
            .map(|notify| Composer::new(&notify.partner_id)),
        outbox_signal: OutboxSignal::default(),
        tokens: NamedLocks::default(),
        bookings: NamedLocks::default(),
    }))
}

fn open(config: &Config) -> Result<Database, StartError> {
    match &config.database {
        Where::Memory => Database::in_memory().map_err(StartError::Memory),
        Where::File(path) => Ok(Database::open(path, config.seams.trouble.clone())?),
    }
}

fn worker(app: &App, notify: &NotifyConfig, seams: &Seams) -> Result<Worker, StartError> {
    let line = match &seams.google {
        Some(line) => line.clone(),
        None => Arc::new(HttpLine::new().map_err(|error| StartError::Notifier(error.to_string()))?),
    };
    let tokens = TokenSource::new(notify.key_file.clone(), line.clone(), seams.clock.clone());
    let notifier = Arc::new(GoogleNotifier::new(&notify.base_url, line, tokens)) as Arc<dyn Notifier>;
    let notifier = decorate(notifier, seams.notifier.as_ref());
    Ok(Worker::new(
        app.store.clone(),
        notifier,
        app.inventory.clone(),
        app.outbox_signal.clone(),
        app.clock.clone(),
    ))
}

fn router(app: App, config: &Config) -> Router {
    let router = booking_server::router(app.clone(), config.credentials.clone())
        .merge(console::router(app, config.console_token.clone()));
    match &config.seams.http {
        Some(decorate) => decorate(router),
        None => router,
    }
}

fn decorate<T: ?Sized>(part: Arc<T>, seam: Option<&Decorator<T>>) -> Arc<T> {
    match seam {
        Some(decorate) => decorate(part),
        None => part,
    }
}
