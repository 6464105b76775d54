//! Google's side on a socket.

mod accept;
mod authority;
mod body;
mod config;
mod connections;
mod http;
mod line;
mod listeners;
mod paced_body;
mod proxy;
mod running;
mod shared;
mod socket;
mod start;
mod subscribers;
mod tls;

#[cfg(test)]
mod tests;

pub use authority::AuthorityError;
pub use config::{Clock, Limits, ServerConfig, Sleep, Tls};
pub use connections::Traffic;
pub use line::{Connection, Entrance};
pub use running::{BoundServer, Handle, Running};
pub use start::{GoogleServer, StartError};
pub use subscribers::Watch;
pub use tls::TlsError;
