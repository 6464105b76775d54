//! That nothing has arrived, and why that may be.

use crate::trust::Trust;
use google::server::Running;
use outcome::Silence;
use std::path::Path;

/// What is known before anything arrives; connections are counted when it is told.
pub(super) fn silence(google: &Running, key_file: &Path, trust: Option<&Trust>) -> Silence {
    Silence {
        url: google.url().to_owned(),
        key_file: Some(absolute(key_file)),
        proxy_url: trust.and_then(|trust| trust.proxy().map(str::to_owned)),
        ca_file: trust.map(|trust| absolute(Path::new(trust.ca_file()))),
        connections: 0,
        is_inside: google.is_inside(),
    }
}

/// The partner is started somewhere else.
fn absolute(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.display().to_string()
}
