//! Profiles are laid over the sections of the file.

use super::super::Trigger;
use super::{load_with, placed};
use domain::TriggerName;

const TEXT: &str = "\
[target]
name = \"local\"
base_url = \"http://127.0.0.1:9000/\"
timeout = \"5s\"
[triggers.refund]
prompt = \"refund {booking_id}\"
[triggers.no_show]
none = \"no shows are not kept\"
[run]
jobs = 4
report = [\"json=a.json\", \"junit=a.xml\"]
[profile.staging.target]
name = \"staging\"
base_url = \"https://staging.example/google\"
auth = { user = { env = \"NOT_SET\" }, password = { env = \"SECRET\" } }
[profile.staging.triggers.refund]
command = [\"./refund\", \"{booking_id}\"]
[profile.quick.run]
report = [\"json=b.json\"]
[profile.quick.notifications]
within = \"1s\"
";

#[test]
fn without_a_profile_the_file_stands_alone() {
    let config = load_with(TEXT, None).unwrap();
    let target = config.target.unwrap();
    assert_eq!(
        (target.name.as_str(), target.base_url.as_str()),
        ("local", "http://127.0.0.1:9000")
    );
    assert!(matches!(
        config.triggers[&TriggerName::Refund],
        Trigger::Prompt(_)
    ));
}

#[test]
fn a_profile_replaces_keys_and_leaves_the_others() {
    let config = load_with(TEXT, Some("quick")).unwrap();
    assert_eq!((config.run.jobs, config.run.report.len()), (Some(4), 1));
    assert_eq!(config.notifications.within.as_secs(), 1);
    assert_eq!(config.target.unwrap().timeout.as_secs(), 5);
}

#[test]
fn a_trigger_is_replaced_as_a_whole() {
    let text = TEXT.replace("NOT_SET", "SECRET");
    let config = load_with(&text, Some("staging")).unwrap();
    assert!(matches!(
        config.triggers[&TriggerName::Refund],
        Trigger::Command(_)
    ));
    assert!(matches!(config.triggers[&TriggerName::NoShow], Trigger::None(_)));
    assert_eq!(config.target.unwrap().base_url, "https://staging.example/google");
}

#[test]
fn references_are_followed_only_in_the_profile_that_is_used() {
    let errors = load_with(TEXT, Some("staging")).unwrap_err();
    let told: Vec<_> = errors.problems().iter().map(placed).collect();
    assert_eq!(
        told,
        ["15:17 `target.auth.user` has no value: the environment variable NOT_SET is not set"]
    );
}

#[test]
fn the_form_of_every_profile_is_checked_and_nothing_is_said_twice() {
    let text = TEXT
        .replace("jobs = 4", "jobs = \"4\"")
        .replace("within = \"1s\"", "wihtin = \"1s\"");
    let errors = load_with(&text, None).unwrap_err();
    let told: Vec<_> = errors.problems().iter().map(placed).collect();
    assert_eq!(
        told,
        [
            "10:8 `run.jobs` must be a whole number, not text",
            "21:1 unknown key `notifications.wihtin`"
        ]
    );
}

#[test]
fn a_profile_that_is_not_there_finds_its_neighbour() {
    let errors = load_with(TEXT, Some("stagging")).unwrap_err();
    let problem = &errors.problems()[0];
    assert_eq!(errors.problems().len(), 1);
    assert_eq!(problem.to_string(), "no profile is called `stagging`");
    assert_eq!(
        miette::Diagnostic::help(problem).unwrap().to_string(),
        "did you mean `staging`?"
    );
}
