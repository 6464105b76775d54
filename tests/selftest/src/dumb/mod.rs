//! Dumb servers of a few lines each: whoever has one is told the cause, first and once, and nothing is called kept in vain.

mod all;
mod duties;
mod forms;
mod methods;
mod minds;
mod row;
mod script;

pub(crate) use row::Dumb;

use crate::rows::RowReport;
use crate::trial::expect::{Distinct, distinct, kept_musts};
use crate::trial::partner::{Folder, Patience, Setting, Tried, run_config, try_reference};
use config::render;
use domain::{Capability, TriggerName};
use jiff::SignedDuration;
use reference::{Seams, start_reference};
use row::{Kept, Server};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use wiremock::{Mock, MockServer};

/// MUSTs of feeds alone, which a server has no hand in.
const OF_FEEDS: [&str; 7] = [
    "AMT-12",
    "OVR-02",
    "PAY-COM-01",
    "PAY-COM-02",
    "PAY-DEP-01",
    "PAY-NOSHOW-01",
    "PAY-PREPAY-01",
];

/// Where bookings alone are altered, the waitlist and the orders beside them are as they should be.
const BESIDE_BOOKINGS: [&str; 4] = ["BS-IDEM-10", "BS-IDEM-13", "BS-PAY-10", "PAY-COM-07"];

/// What never comes need not be waited for.
const IMPATIENT: Patience = Patience {
    within: SignedDuration::from_secs(1),
    quiet: SignedDuration::from_millis(50),
};

/// A run against a dumb server is done in five seconds; other tests may keep the machine busy meanwhile.
const LONGEST: Duration = Duration::from_secs(20);

/// Every dumb server.
pub(crate) fn rows() -> impl Iterator<Item = &'static Dumb> {
    [all::ROWS, forms::ROWS, methods::ROWS, minds::ROWS]
        .into_iter()
        .flatten()
}

/// Runs the suite against a dumb server, and looks what is said of it.
pub(crate) async fn judge(row: &'static Dumb) -> RowReport {
    let tried = tried(row).await;
    let found = distinct(&tried.report);
    RowReport {
        name: row.name,
        area: "dumb servers",
        complaints: complaints(row, &tried, &found),
        violated: found.iter().map(|one| one.requirement().to_owned()).collect(),
        said: found.iter().map(Distinct::line).collect(),
        touched: None,
        shown: Vec::new(),
    }
}

async fn tried(row: &Dumb) -> Tried {
    match row.server {
        Server::Script(mocks) => {
            // The feeds are those of a partner with a waitlist and tickets; none of these servers has either.
            scripted(mocks(), &[Capability::Waitlist, Capability::Orders]).await
        }
        Server::Altered(alter) => try_reference(|_| alter(), &Setting::WHOLE).await,
    }
}

/// A run against a scripted server, whose config says what it does without.
async fn scripted(mocks: Vec<Mock>, without: &[Capability]) -> Tried {
    let folder = folder_with_feeds().await;
    let server = MockServer::start().await;
    for mock in mocks {
        mock.mount(&server).await;
    }
    let config = config_without_triggers(&folder, &server.uri(), without);
    let tried = run_config(&config, &[]).await;
    // To drop it blocks on a lock, which a task that has used up its turn is never given.
    let _ = tokio::task::spawn_blocking(move || drop(server)).await;
    tried
}

/// A folder with feeds of this moment, written by a partner that is gone.
async fn folder_with_feeds() -> Folder {
    let folder = Folder::new();
    let server = start_reference(&folder.meeting, Seams::default()).await.unwrap();
    server.shutdown().await;
    folder
}

/// The config of a server that offers no triggers, shows no ledger and notifies nobody.
fn config_without_triggers(folder: &Folder, base_url: &str, without: &[Capability]) -> PathBuf {
    let mut file = folder.config(base_url, IMPATIENT);
    file.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    file.triggers.clear();
    file.ledger_url = None;
    file.capabilities
        .retain(|(capability, _)| !without.contains(capability));
    file.capabilities
        .extend(without.iter().map(|capability| (*capability, false)));
    let none = |name| format!("\n[triggers.{name}]\nnone = \"there is no console\"\n");
    let triggers: String = TriggerName::ALL.iter().map(none).collect();
    folder.write(&(render(&file) + &triggers))
}

fn complaints(row: &Dumb, tried: &Tried, found: &[Distinct<'_>]) -> Vec<String> {
    let kept = kept_in_vain(row, tried);
    let mut complaints = about_findings(row, found);
    if row.first.is_empty() && !is_reasoned(row, tried) {
        complaints.push(format!("no reason says any of {:?}", row.words));
    }
    if !kept.is_empty() {
        complaints.push(format!("called kept in vain: {}", kept.join(" ")));
    }
    if tried.report.exit_code != row.exit {
        complaints.push(format!("exit {} and not {}", tried.report.exit_code, row.exit));
    }
    if tried.took > LONGEST {
        complaints.push(format!("took {:?}", tried.took));
    }
    complaints
}

/// What is wrong with the findings: too many, the wrong one first, or one about something that is right.
fn about_findings(row: &Dumb, found: &[Distinct<'_>]) -> Vec<String> {
    let mut complaints = Vec::new();
    if found.len() > row.most {
        complaints.push(format!("{} distinct findings", found.len()));
    }
    match found.first() {
        Some(first) if !row.first.contains(&first.requirement()) => {
            complaints.push(format!("{} comes first", first.requirement()));
        }
        Some(first) if !row.words.iter().any(|words| first.says(words)) => {
            complaints.push(format!("the first one says none of {:?}", row.words));
        }
        None if !row.first.is_empty() => complaints.push("nothing was found".to_owned()),
        _ => {}
    }
    let expected = |one: &Distinct<'_>| {
        row.first
            .iter()
            .chain(row.also)
            .any(|id| *id == one.requirement())
    };
    let others = found.iter().filter(|one| !expected(one));
    complaints.extend(others.map(|one| format!("not so: {}", one.requirement())));
    complaints
}

/// True when what could not be judged has the cause as its reason.
fn is_reasoned(row: &Dumb, tried: &Tried) -> bool {
    let mut reasons = tried
        .report
        .scenarios
        .iter()
        .filter_map(|scenario| scenario.reason.as_ref());
    reasons.any(|reason| row.words.iter().any(|words| reason.contains(words)))
}

/// The MUSTs that the report calls kept and that such a server does not keep.
fn kept_in_vain<'t>(row: &Dumb, tried: &'t Tried) -> Vec<&'t str> {
    let is_kept = |id: &str| match row.kept {
        Kept::Only(ids) => ids.contains(&id),
        Kept::AllBut(prefixes) => !prefixes.iter().any(|prefix| id.starts_with(prefix)),
    };
    let has_others = matches!(row.server, Server::Altered(_));
    let is_beside = |id: &str| has_others && BESIDE_BOOKINGS.contains(&id);
    kept_musts(&tried.report)
        .into_iter()
        .filter(|id| !is_kept(id) && !OF_FEEDS.contains(id) && !is_beside(id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalogue::{RequirementId, catalogue};

    /// Declared waitlists, orders and mails are more methods that are not there, and no more findings.
    #[tokio::test(flavor = "multi_thread")]
    async fn who_declares_everything_and_serves_nothing_is_told_one_thing() {
        for status in [404, 501] {
            let mocks = script::always(script::text(status, "text/plain", "Nothing here"));
            let tried = scripted(mocks, &[]).await;
            let found: Vec<_> = distinct(&tried.report)
                .iter()
                .map(|one| one.requirement().to_owned())
                .collect();
            assert_eq!(found, ["BS-GEN-01"], "{status}");
            assert_eq!(tried.report.orders, [], "{status}: nothing was ordered");
        }
    }

    #[test]
    fn rows_name_requirements_that_exist() {
        let named = rows().flat_map(|row| row.first.iter().chain(row.also));
        let unknown: Vec<_> = named.filter(|id| RequirementId::parse(id).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        let ids: Vec<_> = catalogue().rows().map(|row| row.id.as_str()).collect();
        let prefixes = rows().flat_map(|row| match row.kept {
            Kept::Only(ids) | Kept::AllBut(ids) => ids,
        });
        let useless: Vec<_> = prefixes
            .filter(|prefix| !ids.iter().any(|id| id.starts_with(**prefix)))
            .collect();
        assert!(useless.is_empty(), "{useless:?}");
    }
}
