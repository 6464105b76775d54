//! What a right file turns into.

use super::super::{
    CallMethod, CardNetwork, Config, ConfigFile, Gateway, HttpTrigger, OauthMode, Reference, TestCards,
    TestToken, TokenForm, Trigger, load, render,
};
use super::{env, load_text};
use domain::slot::Assumption;
use domain::{Capability, TriggerName};
use jiff::SignedDuration;
use std::collections::BTreeMap;

const FULL: &str = r#"
[target]
name     = "staging"
base_url = "https://staging.partner.example/google/"
auth     = { user = { env = "PARTNER_USER" }, password = { env = "PARTNER_PASSWORD" } }
timeout  = "15s"
rate     = "5/s"

[notifications]
listen      = "127.0.0.1:8788"
public_url  = { env = "CALLBACK_URL" }
partner_id  = "20002002"
key_file    = "google-key.json"
within      = "30s"
quiet       = "500ms"
tls         = { cert = "token.txt", key = "token.txt" }
oauth       = "accepted"

[inventory]
feeds = "feeds/"
merchants = ["test-merchant-1"]
slots = [{ merchant_id = "m", service_id = "s", start_sec = 1_900_000_000, duration_sec = 1800, party_size = 2 }]

[capabilities]
deposit = true
asynchronous = false

[payments]
gateway = "stripe"
declined_token = { env = "DECLINED_TOKEN" }
rejected_network = "JCB"

[triggers.no_show]
http = { method = "POST", url = "https://h/_test/no-show/{booking_id}", auth = { bearer = { env = "TEST_TOKEN" } }, headers = {}, body = "", expect = 204 }
[triggers.merchant_cancel]
command = ["./bin/cancel", "{booking_id}"]
[triggers.refund]
prompt = "Refund the deposit of booking {booking_id}, then press enter"
[triggers.decline]
none = "merchants confirm at once"

[probes.ledger]
http = { url = "https://h/_test/ledger/{booking_id}" }

[[waiver]]
requirement = "BS-LIST-04"
scenario    = "lifecycle/*"
reason      = "being rebuilt"
owner       = "bookings-team"
expires     = 2026-12-15

[[skip]]
scenario = "deposit/**"
reason   = "no deposits on staging"

[run]
jobs = 8
seed = 7
strict = true
report = ["json=out/run.json"]
"#;

pub(super) fn full() -> Config {
    load_text(FULL).unwrap()
}

#[test]
fn what_a_slot_says_of_itself_is_not_assumed() {
    let assumed = |more: &str| {
        let slot = "merchant_id = \"m\"\nservice_id = \"s\"\nstart_sec = 1_900_000_000\nduration_sec = 1800";
        let config = load_text(&format!("[[inventory.slots]]\n{slot}\n{more}\n")).unwrap();
        config.inventory.slots[0].terms.assumed.clone()
    };
    let without = |said: Assumption| Assumption::ALL.into_iter().filter(move |what| *what != said);
    assert_eq!(assumed("spots = 1"), without(Assumption::Spots).collect());
    assert_eq!(
        assumed("payment = \"arrival\""),
        without(Assumption::Payment).collect()
    );
    assert_eq!(
        assumed("asynchronous = false"),
        without(Assumption::Confirmation).collect()
    );
}

fn values() -> BTreeMap<&'static str, String> {
    BTreeMap::from([("booking_id", "b 1/2".to_owned())])
}

#[test]
fn target_and_googles_side() {
    let config = full();
    let target = config.target.unwrap();
    assert_eq!(target.base_url, "https://staging.partner.example/google");
    assert_eq!(target.rate.unwrap().to_string(), "5/s");
    let notifications = config.notifications;
    assert_eq!(
        notifications.public_url.as_deref(),
        Some("https://callback.example")
    );
    assert_eq!(notifications.quiet, SignedDuration::from_millis(500));
    assert_eq!(notifications.oauth, OauthMode::Accepted);
    assert!(notifications.key_file.unwrap().is_absolute());
    assert_eq!(config.secrets.len(), 4);
}

#[test]
fn inventory_capabilities_and_payments() {
    let config = full();
    assert!(config.inventory.feeds.unwrap().ends_with("feeds"));
    let slot = &config.inventory.slots[0];
    assert_eq!(
        (slot.end_sec(), slot.resources.party_size),
        (1_900_001_800, Some(2))
    );
    assert_eq!(slot.terms.assumed, Assumption::ALL.into());
    assert_eq!(config.capabilities.declared(Capability::Deposit), Some(true));
    assert_eq!(
        config.capabilities.declared(Capability::Asynchronous),
        Some(false)
    );
    assert_eq!(config.capabilities.declared(Capability::Offers), None);
    let declared = Capability::ALL
        .iter()
        .filter(|capability| config.capabilities.declared(**capability).is_some());
    assert_eq!(declared.count(), 2);
    let payments = config.payments;
    assert_eq!(payments.gateway, Some(Gateway::Stripe));
    assert!(payments.token.is_none());
    assert_eq!(
        payments.declined_token.as_ref().and_then(TestToken::token),
        Some("tok_declined")
    );
    assert_eq!(payments.rejected_network, Some(CardNetwork::Jcb));
}

#[test]
fn triggers_and_probes() {
    let config = full();
    let Trigger::Http(call) = &config.triggers[&TriggerName::NoShow] else {
        panic!("over HTTP");
    };
    assert_eq!(
        call.url_for(&values()).unwrap(),
        "https://h/_test/no-show/b%201%2F2"
    );
    assert_eq!(call.body_for(&values()), Ok(None));
    assert!(call.accepts(204) && !call.accepts(200));
    let Trigger::Command(command) = &config.triggers[&TriggerName::MerchantCancel] else {
        panic!("by command");
    };
    assert!(command.program.starts_with(&command.folder));
    assert_eq!(command.arguments_for(&values()).unwrap(), ["b 1/2"]);
    let ledger = config.probes.ledger.unwrap();
    assert_eq!(ledger.method, CallMethod::Get);
    assert!(ledger.accepts(206) && !ledger.accepts(404));
}

#[test]
fn what_a_file_leaves_out_has_its_default() {
    let config = load_text("[run]\n").unwrap();
    assert!(config.target.is_none() && config.waivers.is_empty());
    assert_eq!(config.notifications.within.as_secs(), 30);
    assert_eq!(config.run, super::super::RunConfig::default());
}

fn written() -> ConfigFile {
    let trigger = |name: TriggerName, body: Option<&str>| HttpTrigger {
        name,
        method: CallMethod::Post,
        url: format!("http://127.0.0.1:9000/console/bookings/{{booking_id}}/{name}"),
        body: body.map(str::to_owned),
        expect: Some(204),
    };
    ConfigFile {
        name: "reference".to_owned(),
        base_url: "http://127.0.0.1:9000".to_owned(),
        user: Reference::Env("PARTNER_USER".to_owned()),
        password: Reference::File("pass \"word\"\\.txt".into()),
        listen: "127.0.0.1:8787".parse().unwrap(),
        partner_id: "20002002".to_owned(),
        key_file: "google-key.json".into(),
        within: SignedDuration::from_secs(10),
        quiet: SignedDuration::from_millis(300),
        feeds: "feeds".into(),
        capabilities: Vec::new(),
        payment_token: "tok_{fresh}".to_owned(),
        token_form: TokenForm::Bare,
        cards: Some(TestCards {
            declined_token: "tok_declined_{fresh}".to_owned(),
            rejected_network: CardNetwork::Amex,
            threeds1_token: "tok_threeds1_{fresh}".to_owned(),
            threeds1_response: "pares-1".to_owned(),
        }),
        triggers: vec![
            trigger(TriggerName::NoShow, None),
            trigger(
                TriggerName::Reschedule,
                Some(r#"{"start_sec":{start_sec},"note":"it's"}"#),
            ),
        ],
        console_token: Reference::Env("TEST_TOKEN".to_owned()),
        ledger_url: Some("http://127.0.0.1:9000/console/bookings/{booking_id}/ledger".to_owned()),
    }
}

#[test]
fn a_card_that_cannot_be_had_is_declared_with_its_reason() {
    let text =
        "[payments]\ndeclined_token = { none = \"the sandbox takes every card\" }\ntoken_form = \"bare\"\n";
    let payments = load_text(text).unwrap().payments;
    assert!(
        matches!(&payments.declined_token, Some(TestToken::None(reason)) if reason.starts_with("the sandbox"))
    );
    assert_eq!(payments.token_form, TokenForm::Bare);
}

#[test]
fn what_is_written_loads() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("feeds")).unwrap();
    std::fs::write(folder.path().join("pass \"word\"\\.txt"), "from the file").unwrap();
    let path = folder.path().join("conformance.toml");
    std::fs::write(&path, render(&written())).unwrap();
    let config = load(&path, None, &env).unwrap();
    let target = config.target.unwrap();
    assert_eq!(target.name, "reference");
    assert_eq!(target.auth.unwrap().password.expose(), "from the file");
    assert_eq!(config.payments.token.unwrap().expose(), "tok_{fresh}");
    assert_eq!(config.payments.token_form, TokenForm::Bare);
    assert_eq!(config.payments.rejected_network, Some(CardNetwork::Amex));
    assert_eq!(config.payments.threeds1_response.unwrap().expose(), "pares-1");
    assert_eq!(config.notifications.quiet, SignedDuration::from_millis(300));
    assert_eq!(config.inventory.feeds, Some(folder.path().join("feeds")));
    assert!(config.probes.ledger.is_some());
    let Trigger::Http(call) = &config.triggers[&TriggerName::Reschedule] else {
        panic!("over HTTP");
    };
    let values = BTreeMap::from([("start_sec", "42".to_owned())]);
    assert_eq!(
        call.body_for(&values).unwrap().unwrap(),
        r#"{"start_sec":42,"note":"it's"}"#
    );
    assert_eq!(call.headers[0].0, "content-type");
}

#[test]
fn what_is_written_explains_itself() {
    let text = render(&written());
    assert!(text.starts_with("# The booking server under test."));
    assert!(!text.contains("hunter2"));
    assert_eq!(
        text.matches("\n[").count() + usize::from(text.starts_with('[')),
        7
    );
}
