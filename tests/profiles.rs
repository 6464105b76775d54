//! Right partners of one sort each, as most real ones are: every one of them reaches exit 0 the way a user would, and most of what
//! applies to it is exercised.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use config::render;
use domain::TriggerName;
use jiff::SignedDuration;
use reference::{InventoryKind, Meeting, Patience, Seams, config_file, start_reference};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Of the MUSTs that apply so many in a hundred are exercised at least.
const LEAST_SHARE: u64 = 70;

/// Fewer than this no partner has that can be booked at all, so that the share is one of something.
const LEAST_MUSTS: u64 = 100;

/// One review is enough, unless an hour begins that has a slot for a scenario for which there was none before.
const MOST_REVIEWS: usize = 2;

/// A right partner of one sort.
struct Profile {
    inventory: InventoryKind,
    /// Why nothing can make it act, if nothing can.
    no_triggers: Option<&'static str>,
}

const fn of(inventory: InventoryKind) -> Profile {
    Profile {
        inventory,
        no_triggers: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_paid_on_arrival_alone_reaches_exit_0() {
    assert_reaches_exit_0(&of(InventoryKind::Arrival)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_always_paid_in_advance_reaches_exit_0() {
    assert_reaches_exit_0(&of(InventoryKind::Prepaid)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_deposit_or_a_fee_for_every_slot_reaches_exit_0() {
    assert_reaches_exit_0(&of(InventoryKind::Secured)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_classes_of_twenty_reaches_exit_0() {
    assert_reaches_exit_0(&of(InventoryKind::Classes)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_neither_walk_ins_nor_triggers_reaches_exit_0() {
    let profile = Profile {
        no_triggers: Some("merchants work in a console that no test can reach"),
        ..of(InventoryKind::Appointments)
    };
    assert_reaches_exit_0(&profile).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restaurant_with_rooms_and_party_sizes_reaches_exit_0() {
    assert_reaches_exit_0(&of(InventoryKind::Restaurant)).await;
}

/// Nothing of it can be booked, so that most of what applies to other partners has no occasion here.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_waitlist_and_nothing_else_reaches_exit_0() {
    let (report, text) = reach_exit_0(&of(InventoryKind::Waitlist)).await;
    let judged = report["requirements"].as_array().unwrap();
    let met = judged
        .iter()
        .filter(|one| one["verdict"] == "pass" && one["id"].as_str().unwrap().starts_with("BS-WAIT-"));
    assert_eq!(met.count(), 18, "{text}");
}

/// What only the config could settle decides, and the report says what to add.
#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_of_triggers_is_told_what_to_add() {
    let place = Place::new(InventoryKind::Classes);
    let server = start_reference(&place.meeting, Seams::default()).await.unwrap();
    place.write_config(&server.base_url(), InventoryKind::Classes, |file| {
        file.triggers.clear();
    });
    let ran = place.program(&["run", "-c", "c.toml"]).await;
    server.shutdown().await;
    let text = out(&ran);
    assert_eq!(ran.status.code(), Some(3), "{text}");
    let added = text.lines().find(|line| line.starts_with("to add")).unwrap();
    assert!(
        added.ends_with("scenarios need [triggers.merchant_cancel]"),
        "{text}"
    );
}

async fn assert_reaches_exit_0(profile: &Profile) {
    let (report, text) = reach_exit_0(profile).await;
    assert_share(&report, &text);
}

/// Runs, accepts, runs again: the report, and what was said.
async fn reach_exit_0(profile: &Profile) -> (Value, String) {
    let place = Place::new(profile.inventory);
    let server = start_reference(&place.meeting, Seams::default()).await.unwrap();
    place.write_config(&server.base_url(), profile.inventory, |file| {
        if profile.no_triggers.is_some() {
            file.triggers.clear();
        }
    });
    if let Some(reason) = profile.no_triggers {
        place.declare_no_triggers(reason);
    }
    let first = place.program(&["run", "-c", "c.toml"]).await;
    assert_eq!(first.status.code(), Some(4), "{}", out(&first));
    let mut last = first;
    for _ in 0..MOST_REVIEWS {
        let accepted = place.program(&["accept", "--all"]).await;
        assert_eq!(accepted.status.code(), Some(0), "{}", out(&accepted));
        last = place
            .program(&["run", "-c", "c.toml", "--report", "json=run.json"])
            .await;
        if last.status.code() != Some(4) {
            break;
        }
    }
    server.shutdown().await;
    let text = out(&last);
    assert_eq!(last.status.code(), Some(0), "{text}");
    (place.report(), text)
}

#[expect(
    clippy::print_stdout,
    reason = "what a profile came to is worth a look, with `--nocapture`"
)]
fn assert_share(report: &Value, text: &str) {
    let number = |name: &str| report["musts"][name].as_u64().unwrap();
    let (apply, exercised) = (number("apply"), number("exercised"));
    assert!(
        apply >= LEAST_MUSTS && exercised * 100 >= LEAST_SHARE * apply,
        "{text}"
    );
    let line = format!("{exercised} of {apply} MUSTs that apply were exercised");
    assert!(text.contains(&line), "{text}");
    let lines = text.lines().skip_while(|line| !line.starts_with("target"));
    lines.for_each(|line| println!("{line}"));
}

/// A folder in which a user works.
struct Place {
    folder: TempDir,
    meeting: Meeting,
}

impl Place {
    fn new(inventory: InventoryKind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let meeting = Meeting {
            inventory,
            ..Meeting::in_folder(folder.path()).unwrap()
        };
        Self { folder, meeting }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write_config(&self, base_url: &str, name: InventoryKind, edit: impl FnOnce(&mut config::ConfigFile)) {
        let patience = Patience {
            within: SignedDuration::from_secs(6),
            quiet: SignedDuration::from_millis(300),
        };
        let mut file = config_file(&self.meeting, base_url, patience);
        name.name().clone_into(&mut file.name);
        edit(&mut file);
        std::fs::write(self.path().join("c.toml"), render(&file)).unwrap();
    }

    fn declare_no_triggers(&self, reason: &str) {
        let path = self.path().join("c.toml");
        let mut text = std::fs::read_to_string(&path).unwrap();
        for name in TriggerName::ALL {
            write!(text, "\n[triggers.{name}]\nnone = \"{reason}\"\n").unwrap();
        }
        std::fs::write(path, text).unwrap();
    }

    /// The program, to its end; the partner is served meanwhile.
    async fn program(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        command
            .current_dir(self.path())
            .args(arguments)
            .env_remove("CI")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    fn report(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.path().join("run.json")).unwrap()).unwrap()
    }
}

fn out(output: &Output) -> String {
    let [out, err] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    out + &err
}
