//! What is wrong is said at its line and column, in words, with the next step.

use super::{load_text, placed, rendered};
use miette::Diagnostic;

/// A file, where and what the only problem is, and a part of the help.
type Case = (&'static str, &'static str, &'static str);

pub(super) fn check(cases: &[Case]) {
    for (text, expected, help) in cases {
        let errors = load_text(text).expect_err(text);
        let told: Vec<_> = errors.problems().iter().map(placed).collect();
        assert_eq!(told, [*expected], "{text}");
        let said = errors.problems()[0].help().unwrap().to_string();
        assert!(said.contains(help), "{text}: {said}");
    }
}

#[test]
fn keys_and_types() {
    check(&[
        ("[taget]\nname = \"a\"", "1:2 unknown key `taget`", "`target`"),
        (
            "[run]\njobs = 4\nstrickt = true",
            "3:1 unknown key `run.strickt`",
            "`strict`",
        ),
        (
            "[run]\nxyz = true",
            "2:1 unknown key `run.xyz`",
            "known here: jobs, seed",
        ),
        (
            "[run]\nstrict = \"yes\"",
            "2:10 `run.strict` must be true or false, not text",
            "without quotes",
        ),
        (
            "[run]\njobs = 0",
            "2:8 `run.jobs` is out of range",
            "the least is 1",
        ),
        (
            "[run]\njobs = 99999999999999999999",
            "2:8 `run.jobs` is out of range",
            "the most",
        ),
        (
            "[run]\nseed = \"7\"",
            "2:8 `run.seed` must be a whole number, not text",
            "digits",
        ),
        (
            "[run]\nreport = \"json=a\"",
            "2:10 `run.report` must be a list, not text",
            "square brackets",
        ),
        (
            "[run]\nreport = [\"json\"]",
            "2:11 `run.report[0]` is not FORMAT=PATH",
            "json=out/run.json",
        ),
        (
            "[run]\nquiet = true\nverbose = true",
            "3:11 `run.verbose` contradicts `run.quiet`",
            "one of the two",
        ),
        (
            "[run]\ncolor = \"allways\"",
            "2:9 `run.color` is no known colour mode: `allways`",
            "`always`",
        ),
        ("run = 1", "1:7 `run` must be a table, not an integer", "[run]"),
        (
            "[waiver]\nreason = \"r\"",
            "1:1 `waiver` must be a list, not a table",
            "[[waiver]]",
        ),
        (
            "[run]\nsnapshots = \"\"",
            "2:13 `run.snapshots` is empty",
            "remove the line",
        ),
    ]);
}

#[test]
fn syntax() {
    check(&[
        ("[run]\njobs = = 4", "2:8 extra `=`, expected nothing", "not TOML"),
        ("[run]\njobs = 4\njobs = 5", "3:1 duplicate key", "not TOML"),
    ]);
}

#[test]
fn values_of_their_own_form() {
    check(&[
        (
            "[notifications]\nwithin = 30",
            "2:10 `notifications.within` must be a duration, not an integer",
            "\"15s\"",
        ),
        (
            "[notifications]\nwithin = \"soon\"",
            "2:10 `notifications.within` is wrong: not a duration such as \"15s\", \"500ms\" or \"1m30s\"",
            "\"500ms\"",
        ),
        (
            "[notifications]\nwithin = \"0s\"",
            "2:10 `notifications.within` leaves no time at all",
            "1ms",
        ),
        (
            "[notifications]\nquiet = \"-1s\"",
            "2:9 `notifications.quiet` is wrong: a duration cannot be negative",
            "\"15s\"",
        ),
        (
            "[notifications]\nlisten = \"8787\"",
            "2:10 `notifications.listen` is no address with a port",
            "127.0.0.1",
        ),
        (
            "[notifications]\noauth = \"on\"",
            "2:9 `notifications.oauth` is no known OAuth mode: `on`",
            "required",
        ),
        (
            "[notifications]\npartner_id = \"a/b\"",
            "2:14 `notifications.partner_id` cannot stand in a request path",
            "digits",
        ),
        (
            "[notifications]\npublic_url = \"ftp://h/\"",
            "2:14 `notifications.public_url` must be an http or https URL",
            "https://",
        ),
        (
            "[notifications]\ntls = { cert = \"token.txt\" }",
            "2:7 `notifications.tls.key` is missing",
            "both cert and key",
        ),
        (
            "[target]\nbase_url = \"https://h\"\nrate = \"5 per second\"",
            "3:8 `target.rate` is not a rate such as \"5/s\" or \"0.5/s\"",
            "\"5/s\"",
        ),
        (
            "[target]\nbase_url = \"partner.example\"",
            "2:12 `target.base_url` is not a URL",
            "https://host.example",
        ),
        (
            "[target]\nbase_url = \"https://h/google/v3/\"",
            "2:12 `target.base_url` must end before /v3",
            "base_url = \"https://h/google\"",
        ),
        (
            "[target]\nbase_url = \"https://h/?a=b\"",
            "2:12 `target.base_url` must not have a query or a fragment",
            "/v3/",
        ),
        (
            "[target]\nname = \"a\"",
            "1:1 `target.base_url` is missing",
            "add base_url",
        ),
        (
            "[target]\nbase_url = \"http://h\"\nname = \"../x\"",
            "3:8 `target.name` cannot name a folder",
            "letters",
        ),
        (
            "[inventory]\nslots = [{ merchant_id = \"m\", service_id = \"s\", duration_sec = 60 }]",
            "2:10 `inventory.slots[0].start_sec` is missing",
            "a slot needs",
        ),
        (
            "[inventory]\nslots = [{ merchant_id = \"m\", service_id = \"s\", start_sec = 1, duration_sec = 60, payment = \"later\" }]",
            "2:93 `inventory.slots[0].payment` is no known way to pay a listed slot: `later`",
            "arrival",
        ),
    ]);
}

#[test]
fn closed_lists_and_ids() {
    check(&[
        (
            "[capabilities]\ndeposits = true",
            "2:1 no capability is called `deposits`",
            "`deposit`",
        ),
        (
            "[capabilities]\ndeposit = 1",
            "2:11 `capabilities.deposit` must be true or false, not an integer",
            "true",
        ),
        (
            "[triggers.noshow]\nprompt = \"x\"",
            "1:11 no trigger is called `noshow`",
            "`no_show`",
        ),
        (
            "[payments]\ngateway = \"Stripe\"",
            "2:11 `payments.gateway` is no known gateway",
            "`stripe`",
        ),
        (
            "[payments]\ngateway = \"adyen\"",
            "2:11 `payments.gateway` has no published test tokens",
            "token =",
        ),
        (
            "[payments]\nrejected_network = \"JCBX\"",
            "2:20 `payments.rejected_network` is no known card network: `JCBX`",
            "`JCB`",
        ),
    ]);
}

#[test]
fn triggers() {
    check(&[
        (
            "[triggers.no_show]\nprompt = \"a\"\nnone = \"b\"",
            "3:8 `triggers.no_show` has prompt and none; a trigger has one way",
            "keep the one",
        ),
        (
            "[triggers.no_show]",
            "1:1 `triggers.no_show` has no way: the partner cannot be made to act",
            "none =",
        ),
        (
            "[triggers.no_show]\nprompt = \"refund {bookingid}\"",
            "2:10 `triggers.no_show.prompt` has the unknown placeholder {bookingid}",
            "`booking_id`",
        ),
        (
            "[triggers.close_slot]\nprompt = \"close {booking_id}\"",
            "2:10 `triggers.close_slot.prompt` has the unknown placeholder {booking_id}",
            "known here: merchant_id",
        ),
        (
            "[triggers.refund]\ncommand = [\"./a\", \"{party}\"]",
            "2:19 `triggers.refund.command[1]` has the unknown placeholder {party}",
            "`party_size`",
        ),
        (
            "[triggers.refund]\ncommand = []",
            "2:11 `triggers.refund.command` does not begin with a program",
            "./bin",
        ),
        (
            "[triggers.refund]\ncommand = [\"{booking_id}\"]",
            "2:11 `triggers.refund.command` does not begin with a program",
            "./bin",
        ),
        (
            "[triggers.refund]\nhttp = { url = \"file:///etc/{booking_id}\" }",
            "2:16 `triggers.refund.http.url` must be an http or https URL",
            "https://",
        ),
        (
            "[triggers.refund]\nhttp = { method = \"POST\" }",
            "2:8 `triggers.refund.http.url` is missing",
            "add url",
        ),
        (
            "[triggers.refund]\nhttp = { url = \"http://h/\", method = \"post\" }",
            "2:38 `triggers.refund.http.method` is no known HTTP method: `post`",
            "`POST`",
        ),
        (
            "[triggers.refund]\nhttp = { url = \"http://h/\", expect = 1000 }",
            "2:38 `triggers.refund.http.expect` is out of range",
            "599",
        ),
        (
            "[probes.ledger]",
            "1:1 `probes.ledger.http` is missing",
            "add http",
        ),
    ]);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let text = "[run]\njobs = \"4\"\n[target]\nbase_url = \"nowhere\"\nrate = 5\n[capabilities]\nonlin = true\n\
                [[waiver]]\nrequirement = \"XX\"\n";
    let errors = load_text(text).unwrap_err();
    let lines: Vec<_> = errors
        .problems()
        .iter()
        .map(|p| placed(p)[..1].to_owned())
        .collect();
    assert_eq!(lines, ["2", "4", "5", "7", "8", "8", "8"]);
    assert!(errors.to_string().ends_with("conformance.toml has 7 problems"));
}

#[test]
fn a_problem_is_shown_with_its_line_and_its_help() {
    let shown = rendered(&load_text("[run]\njobs = \"four\"\n").unwrap_err());
    for part in [
        "conformance.toml:2:8",
        "jobs = \"four\"",
        "`run.jobs` must be a whole number",
        "help: write digits",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let errors = super::load(&folder.path().join("gone.toml"), None, &super::env).unwrap_err();
    assert!(
        errors.problems()[0]
            .to_string()
            .contains("gone.toml cannot be read")
    );
    assert!(rendered(&errors).contains("--config"));
}

#[test]
fn a_problem_at_the_very_end_or_in_a_file_of_little_is_shown_too() {
    for text in [
        "[run",
        "[run]\njobs = ",
        "é = \"",
        "[run]\r\njobs = 'x\r\n",
        "a = [1,\n\n",
        "\u{feff}[run]\nx =",
    ] {
        let errors = load_text(text).expect_err(text);
        let shown = rendered(&errors);
        assert!(shown.contains("conformance.toml:"), "{text:?}: {shown}");
    }
    let errors = super::load_with("[run]", Some("staging")).unwrap_err();
    assert!(rendered(&errors).contains("has no [profile.…] at all"));
}

#[test]
fn a_file_without_any_key_is_empty() {
    for text in ["", " \n", "# [target]\n"] {
        let errors = load_text(text).expect_err(text);
        let told = errors.problems()[0].to_string();
        assert!(told.ends_with("conformance.toml is empty"), "{told}");
    }
}
