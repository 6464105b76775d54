//! HTTPS, and the proxy for Google's own hosts.

use config::Notifications;
use google::server::{ServerConfig, Tls};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Flags.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("signed").args(["tls", "proxy"]).multiple(true)))]
pub(super) struct TlsFlags {
    /// Speak HTTPS, with a certificate that the local authority of --ca-file signs.
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    tls: bool,
    /// Speak HTTPS with this certificate, a PEM file; those between it and its authority follow in it.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key to --tls-cert, a PEM file.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Be a proxy, too: a client that has it in HTTPS_PROXY and trusts --ca-file calls mapsbooking, partnerdev-mapsbooking,
    /// oauth2 or www.googleapis.com and gets here. Nothing else is reached through it. Port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    proxy: Option<SocketAddr>,
    /// The certificate that clients of --tls and --proxy are to trust, as by NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE or
    /// SSL_CERT_FILE. Made if it is not there, with its key in FILE.key; it is good for those hosts and this machine only, or
    /// for the host of --public-url, too, if --tls needs that [default: google-ca.pem beside the key file].
    #[arg(long, value_name = "FILE", requires = "signed")]
    ca_file: Option<PathBuf>,
}

impl TlsFlags {
    /// Lays those over the config's section that it has, too.
    pub(super) fn lay_over_section(&self, notifications: &mut Notifications) {
        notifications.proxy = self.proxy.or(notifications.proxy);
        notifications.ca_file = self.ca_file.clone().or(notifications.ca_file.take());
    }

    /// Lays the others over what became of it.
    pub(super) fn lay_over(&self, config: &mut ServerConfig) {
        if self.tls {
            config.tls = Some(Tls::Local);
        }
        if let (Some(cert), Some(key)) = (self.tls_cert.clone(), self.tls_key.clone()) {
            config.tls = Some(Tls::Files { cert, key });
        }
    }
}
