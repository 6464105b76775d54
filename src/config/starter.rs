//! The first config of a partner: commented, and of use as it is.

use std::fmt::Write as _;
use std::path::Path;

/// What is known when it is written.
#[derive(Debug, Clone, Default)]
pub struct Starter<'s> {
    /// A folder name: snapshots are kept under it.
    pub name: &'s str,
    /// Where the booking server is.
    pub base_url: &'s str,
    /// The variables of user name and password; none for a server that asks for nothing.
    pub credentials: Option<(&'s str, &'s str)>,
    /// The folder of feeds.
    pub feeds: Option<&'s Path>,
    /// Some of the merchants that the feeds hold.
    pub merchants: Vec<String>,
    /// Capabilities that the server seems not to have, each with what was seen.
    pub doubtful: Vec<(&'static str, String)>,
}

/// The text of the file. No value in it is a secret.
pub fn starter(starter: &Starter<'_>) -> String {
    let mut text = String::from(
        "# What `conformance run` tests, and how. Paths are relative to this file; secrets are named here, never written down.\n\n",
    );
    text.push_str(&target(starter));
    text.push_str(NOTIFICATIONS);
    text.push_str(&inventory(starter));
    text.push_str(&capabilities(starter));
    text.push_str(&triggers(starter));
    text.push_str(RUN);
    text
}

pub(super) fn target(starter: &Starter<'_>) -> String {
    let mut text = String::from("[target]\n");
    let name = quoted(starter.name);
    let _ = writeln!(
        text,
        "name     = {name}   # snapshots are kept in snapshots/<name>/"
    );
    let _ = writeln!(
        text,
        "base_url = {}   # every call appends /v3/<Method>",
        quoted(starter.base_url)
    );
    let (user, password) = starter
        .credentials
        .unwrap_or(("PARTNER_USER", "PARTNER_PASSWORD"));
    let (off, why) = match starter.credentials {
        Some(_) => ("", "variables with what your server expects of Google"),
        None => (
            "# ",
            "Google always sends HTTP Basic; with this line it is sent here, too",
        ),
    };
    let _ = writeln!(text, "# {why}");
    let _ = writeln!(
        text,
        "{off}auth     = {{ user = {{ env = {} }}, password = {{ env = {} }} }}",
        quoted(user),
        quoted(password)
    );
    text.push_str("# rate   = \"5/s\"   # at most so many calls start per second\n\n");
    text
}

fn inventory(starter: &Starter<'_>) -> String {
    let mut text = String::from(
        "# What may be booked: your Google feed files (.json or .json.gz). The bookings are real: use a staging server.\n[inventory]\n",
    );
    let _ = match starter.feeds {
        Some(folder) => writeln!(text, "feeds = {}", quoted(&folder.to_string_lossy())),
        None => writeln!(
            text,
            "# feeds = \"feeds/\"   # without it nothing is booked, and little can be tested"
        ),
    };
    let merchants: Vec<String> = starter.merchants.iter().map(|id| quoted(id)).collect();
    let merchants = if merchants.is_empty() {
        quoted("test-merchant-1")
    } else {
        merchants.join(", ")
    };
    let _ = writeln!(
        text,
        "# merchants = [{merchants}]   # with this line nothing else is ever booked"
    );
    text.push('\n');
    text
}

fn capabilities(starter: &Starter<'_>) -> String {
    let mut text = String::from(
        "# What your server can do. What is not said here is read from the feeds.\n[capabilities]\n",
    );
    for (capability, seen) in &starter.doubtful {
        text.push_str(&doubt(capability, seen));
    }
    text.push_str("# availability_rtu = true   # your server pushes inventory updates\n\n");
    text
}

/// A capability that the server seems not to have: only how to say so, since it may be a mistake of the server.
pub(super) fn doubt(capability: &str, seen: &str) -> String {
    let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("# {seen}: if it is not offered, take the next # away\n# {capability} = false\n")
}

pub(super) fn triggers(starter: &Starter<'_>) -> String {
    TRIGGERS.replace("BASE_URL", starter.base_url)
}

pub(super) const NOTIFICATIONS: &str = r#"# Google's side of the wire, which your server calls in place of https://mapsbooking.googleapis.com.
[notifications]
listen     = "127.0.0.1:8787"
# public_url = { env = "CALLBACK_URL" }   # how your server reaches it, if not by that address
# partner_id = "20002002"                 # yours at Google; without it any is taken
key_file   = "google-key.json"            # made by the first run; give it to your server, and keep it out of git

"#;

const TRIGGERS: &str = r#"# How to make your side act: over HTTP, by a program, by a person, or not at all. Without a line its scenarios are not tested.
[triggers]
# merchant_cancel        = { http = { url = "BASE_URL/_test/cancel/{booking_id}", auth = { bearer = { env = "TEST_TOKEN" } } } }
# user_cancel_at_partner = { command = ["./bin/cancel-as-user", "{booking_id}"] }
# reschedule             = { prompt = "Move booking {booking_id} in your console, then press enter" }
# decline                = { none = "merchants confirm at once" }
# and change_party_size, no_show, charge_no_show_fee, refund, confirm, fail, expire, close_slot, unpaid

"#;

const RUN: &str = r#"# A violation that fails nothing: `conformance waive ID` adds the lines. What a run leaves out: [[skip]].
[run]
# report = ["json=out/run.json", "junit=out/junit.xml"]
"#;

pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::Config;

    fn loaded(text: &str) -> Config {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("my feeds")).unwrap();
        let path = folder.path().join("conformance.toml");
        std::fs::write(&path, text).unwrap();
        let env = |name: &str| {
            Some(match name {
                "CALLBACK_URL" => "https://callback.example".to_owned(),
                other => format!("value-of-{other}"),
            })
        };
        crate::load(&path, None, &env).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
    }

    fn whole() -> Starter<'static> {
        Starter {
            name: "staging",
            base_url: "https://host.example/google",
            credentials: Some(("PARTNER_USER", "PARTNER_PASSWORD")),
            feeds: Some(Path::new("my feeds")),
            merchants: vec!["m-\"1\"".to_owned()],
            doubtful: vec![("list_bookings", "answered\n501".to_owned())],
        }
    }

    #[test]
    fn it_runs_as_it_is() {
        let config = loaded(&starter(&whole()));
        let target = config.target.unwrap();
        assert_eq!(
            (target.name.as_str(), target.base_url.as_str()),
            ("staging", "https://host.example/google")
        );
        assert_eq!(target.auth.unwrap().user.expose(), "value-of-PARTNER_USER");
        assert!(config.inventory.feeds.unwrap().ends_with("my feeds"));
        assert!(config.triggers.is_empty() && config.inventory.merchants.is_none());
    }

    #[test]
    fn without_credentials_and_feeds_it_runs_too() {
        let bare = Starter {
            credentials: None,
            feeds: None,
            ..whole()
        };
        let config = loaded(&starter(&bare));
        assert!(config.target.unwrap().auth.is_none() && config.inventory.feeds.is_none());
    }

    /// What a person uncomments has to be right.
    #[test]
    fn each_line_that_is_commented_out_is_of_use() {
        let text = starter(&whole());
        let is_entry = |line: &str| {
            let key = line.split('=').next().unwrap_or_default().trim();
            line.contains(" = ")
                && !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        };
        let mut opened = 0;
        let all: Vec<String> = text
            .lines()
            .map(
                |line| match line.strip_prefix("# ").filter(|line| is_entry(line)) {
                    Some(entry) => {
                        opened += 1;
                        entry.to_owned()
                    }
                    None => line.to_owned(),
                },
            )
            .collect();
        assert!(opened >= 9, "{opened}\n{text}");
        let config = loaded(&all.join("\n"));
        assert_eq!(config.triggers.len(), 4);
        assert_eq!(config.inventory.merchants.unwrap(), ["m-\"1\""]);
        assert_eq!(config.run.report.len(), 2);
    }
}
