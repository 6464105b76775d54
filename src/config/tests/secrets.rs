//! Secrets come by reference, and none is ever shown.

use super::super::{CallAuth, Trigger};
use super::{CANARY, load_text, load_with, placed, rendered};
use domain::TriggerName;

fn problem_of(text: &str) -> String {
    let errors = load_text(text).expect_err(text);
    let shown = rendered(&errors);
    assert!(!shown.contains(CANARY), "{shown}");
    assert_eq!(errors.problems().len(), 1, "{shown}");
    placed(&errors.problems()[0])
}

fn target(auth: &str) -> String {
    format!("[target]\nbase_url = \"http://h\"\nauth = {auth}\n")
}

#[test]
fn a_secret_is_fetched_from_a_variable_or_a_file() {
    let config = load_text(&target(
        "{ user = { env = \"PARTNER_USER\" }, password = { file = \"token.txt\" } }",
    ))
    .unwrap();
    let auth = config.target.as_ref().unwrap().auth.as_ref().unwrap();
    assert_eq!(auth.user.expose(), "hunter2-canary-PARTNER_USER");
    assert_eq!(auth.password.expose(), "hunter2-canary-file");
    assert_eq!(config.secrets.len(), 2);
    assert!(!format!("{config:?}").contains(CANARY));
}

#[test]
fn a_reference_that_leads_nowhere_says_so() {
    let other = "password = { env = \"SECRET\" } }";
    let unset = problem_of(&target(&format!("{{ user = {{ env = \"NOPE\" }}, {other}")));
    assert_eq!(
        unset,
        "3:17 `target.auth.user` has no value: the environment variable NOPE is not set"
    );
    let empty = problem_of(&target(&format!("{{ user = {{ env = \"EMPTY\" }}, {other}")));
    assert!(
        empty.ends_with("the environment variable EMPTY is empty"),
        "{empty}"
    );
    let gone = problem_of(&target(&format!("{{ user = {{ file = \"gone.txt\" }}, {other}")));
    assert!(gone.contains("gone.txt cannot be read"), "{gone}");
    let both = problem_of(&target(&format!(
        "{{ user = {{ env = \"A\", file = \"b\" }}, {other}"
    )));
    assert_eq!(both, "3:17 `target.auth.user` must name either `env` or `file`");
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_shown() {
    let user = "user = { env = \"SECRET\" }";
    let plain = "3:48 `target.auth.password` is a secret and must not stand in the file";
    assert_eq!(
        problem_of(&target(&format!("{{ {user}, password = \"{CANARY}\" }}"))),
        plain
    );
    assert_eq!(
        problem_of(&target(&format!("{{ {user}, password = [\"{CANARY}\"] }}"))),
        plain
    );
    let name = problem_of(&target(&format!(
        "{{ {user}, password = {{ env = \"{CANARY}\" }} }}"
    )));
    assert_eq!(
        name,
        "3:56 `target.auth.password.env` is not the name of an environment variable"
    );
}

#[test]
fn a_secret_under_a_misspelt_key_is_not_shown() {
    for text in [
        format!("[target]\nbase_url = \"http://h\"\npasword = \"{CANARY}\"\n"),
        format!("[taget]\nauth = {{ password = \"{CANARY}\" }}\n"),
        format!("[triggers.noshow]\nhttp = {{ auth = {{ bearer = \"{CANARY}\" }} }}\n"),
        format!("profile = \"{CANARY}\"\n"),
        format!("[target]\nbase_url = \"http://me:{CANARY}@h/\"\n"),
        format!("[target]\nbase_url = \"me:{CANARY}@h/\"\n"),
        format!("[run]\njobs = \"x\"\n# token = \"{CANARY}\"\n"),
    ] {
        problem_of(&text);
    }
}

#[test]
fn a_secret_beside_another_problem_is_not_shown() {
    let text = format!("[target]\npassword = \"{CANARY}\"\nbase_url = 7\nauth = {{ user = \"{CANARY}\" }}\n");
    let shown = rendered(&load_text(&text).unwrap_err());
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(shown.contains("base_url = 7"), "{shown}");
}

#[test]
fn a_secret_in_a_file_that_is_not_toml_is_not_shown() {
    for line in [
        format!("password = \"{CANARY}"),
        format!("password = {CANARY}"),
        format!("auth = {{ user = \"a\" password = \"{CANARY}\" }}"),
        format!("password = \"\"\"\n{CANARY}\n{CANARY}==\n"),
        format!("[triggers.no_show]\nhttp = {{ url = \"http://h\", auth = {{ bearer = '{CANARY} }} }}"),
    ] {
        let errors = load_text(&format!("[target]\n{line}\n")).unwrap_err();
        let shown = rendered(&errors);
        assert!(!shown.contains(CANARY), "{shown}");
    }
}

#[test]
fn headers_that_carry_secrets_are_references_too() {
    let text = |value: &str| {
        format!("[triggers.refund]\nhttp = {{ url = \"http://h/\", headers = {{ X-Api-Key = {value} }} }}")
    };
    assert!(problem_of(&text(&format!("\"{CANARY}\""))).contains("X-Api-Key` is a secret"));
    let config = load_text(&text("{ env = \"SECRET\" }")).unwrap();
    let Some(Trigger::Http(call)) = config.triggers.get(&TriggerName::Refund) else {
        panic!("a trigger over HTTP");
    };
    assert_eq!(call.headers[0].0, "X-Api-Key");
    assert_eq!(call.headers[0].1.expose(), "hunter2-canary-SECRET");
}

#[test]
fn authorization_of_a_trigger_is_one_kind() {
    let text = |auth: &str| format!("[triggers.refund]\nhttp = {{ url = \"http://h/\", auth = {auth} }}");
    assert!(problem_of(&text("{}")).ends_with("has neither bearer nor user"));
    let both = text(&format!("{{ bearer = \"{CANARY}\", user = \"{CANARY}\" }}"));
    assert!(problem_of(&both).ends_with("has both bearer and user"));
    let config = load_text(&text("{ bearer = { env = \"TEST_TOKEN\" } }")).unwrap();
    let Some(Trigger::Http(call)) = config.triggers.get(&TriggerName::Refund) else {
        panic!("a trigger over HTTP");
    };
    assert!(matches!(&call.auth, Some(CallAuth::Bearer(token)) if token.expose().starts_with(CANARY)));
}

#[test]
fn live_payment_keys_are_refused_wherever_they_come_from() {
    let live = "a live payment key, with which real money would move";
    for value in ["sk_live_123", "pk_live_123", "{\\\"livemode\\\": true}"] {
        let errors = load_text(&format!("[payments]\ntoken = \"{value}\"\n")).unwrap_err();
        assert_eq!(placed(&errors.problems()[0]), format!("2:9 {live}"));
        assert!(!rendered(&errors).contains(value), "{value}");
    }
    let body = "[triggers.refund]\nhttp = { url = \"http://h/\", body = \"key=sk_live_1\" }";
    assert_eq!(problem_of(body), format!("2:36 {live}"));
    let fetched = problem_of("[payments]\ntoken = { env = \"LIVE\" }\n");
    assert_eq!(fetched, format!("2:9 `payments.token` leads to {live}"));
    assert!(load_text("[payments]\ntoken = '{\"id\": \"tok_1\", \"livemode\": false}'\n").is_ok());
}

#[test]
fn a_secret_in_a_profile_that_is_not_used_is_not_shown() {
    let text = format!(
        "[profile.other.target]\nauth = {{ user = \"{CANARY}\", password = \"{CANARY}\" }}\n[run]\njobs = 0\n"
    );
    let errors = load_with(&text, None).unwrap_err();
    assert_eq!(errors.problems().len(), 3);
    assert!(!rendered(&errors).contains(CANARY));
}
