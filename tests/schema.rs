//! The schema that editors read is the one that the program knows.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn the_schema_of_scenarios_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
    let kept: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert!(
        kept == scenario::json_schema(),
        "write it anew: cargo run -- schema scenario > scenarios/scenario.schema.json"
    );
}

/// Every problem, with its place.
fn problems(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors = validator.iter_errors(instance);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// As an editor reads TOML: days are text.
fn json_of(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(day) => day.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table
                .into_iter()
                .map(|(key, value)| (key, convert(value)))
                .collect(),
            plain => serde_json::to_value(plain).unwrap(),
        }
    }
    convert(text.parse::<toml::Table>().unwrap().into())
}

fn program(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .output()
        .unwrap()
}

fn printed(name: &str) -> Value {
    let output = program(Path::new("."), &["schema", name]);
    assert!(output.status.success(), "schema {name}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_printed_schemas_are_those_of_the_library() {
    assert_eq!(printed("scenario"), scenario::json_schema());
    assert_eq!(printed("config"), config::json_schema());
    assert_eq!(printed("run"), outcome::json_schema());
}

#[test]
fn the_schemas_are_schemas_themselves() {
    for schema in [
        scenario::json_schema(),
        config::json_schema(),
        outcome::json_schema(),
    ] {
        let checked = jsonschema::validator_for(&schema);
        assert!(checked.is_ok(), "{}: {:?}", schema["title"], checked.err());
    }
}

fn config_of_readme() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let from = readme.split("```toml\n").nth(1).unwrap();
    from.split("```").next().unwrap().to_owned()
}

#[test]
fn configs_that_are_right_keep_the_schema() {
    let schema = config::json_schema();
    let shown = config_of_readme();
    let profile =
        "[profile.local.target]\nbase_url = \"http://127.0.0.1:1\"\n[profile.local.run]\nseed = 4\n";
    for text in [shown.clone(), format!("{shown}\n{profile}")] {
        assert_eq!(problems(&schema, &json_of(&text)), Vec::<String>::new());
    }
    let folder = tempfile::tempdir().unwrap();
    let meeting = reference::Meeting::in_folder(folder.path()).unwrap();
    let file = reference::config_file(&meeting, "http://127.0.0.1:1", reference::Patience::default());
    assert_eq!(
        problems(&schema, &json_of(&config::render(&file))),
        Vec::<String>::new()
    );
}

#[test]
fn mistakes_in_a_config_break_the_schema() {
    let schema = config::json_schema();
    let whole = config_of_readme();
    for (right, wrong, place) in [
        ("rate     = \"5/s\"", "rat = \"5/s\"", "/target"),
        (
            "oauth      = \"required\"",
            "oauth = \"sometimes\"",
            "/notifications/oauth",
        ),
        (
            "deposit          = true",
            "deposit = \"yes\"",
            "/capabilities/deposit",
        ),
        ("{ env = \"PARTNER_USER\" }", "\"me\"", "/target/auth/user"),
        ("no_show         =", "no_shows =", "/triggers"),
        (
            "{ none = \"merchants confirm at once\" }",
            "{ none = \"a\", prompt = \"b\" }",
            "/triggers/decline",
        ),
        ("owner       = \"bookings-team\"\n", "", "/waiver/0"),
        ("\"json=out/run.json\"", "\"json\"", "/run/report/0"),
    ] {
        let altered = whole.replace(right, wrong);
        let found = problems(&schema, &json_of(&altered));
        assert!(
            found
                .iter()
                .any(|problem| problem.starts_with(&format!("{place}:"))),
            "{wrong}: {found:?}"
        );
    }
}

/// The readers name the keys that they know where one is none of them: the schema has the same.
#[test]
fn the_schema_of_configs_has_the_keys_that_are_read() {
    let schema = config::json_schema();
    let mut tables = Vec::new();
    collect_tables(&schema, &schema, &[], &mut tables);
    assert!(tables.len() > 20, "{}", tables.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("conformance.toml");
    for (at, keys) in tables {
        let mut text = "qqqqqqqq = 1".to_owned();
        for step in at.iter().rev() {
            text = match step.as_str() {
                "[]" => format!("[{}]", inline(&text)),
                name => format!("{name} = {}", inline(&text)),
            };
        }
        fs::write(&path, &text).unwrap();
        let errors = config::load(&path, None, &|_| None).unwrap_err();
        let said: Vec<String> = miette::Diagnostic::related(&errors)
            .into_iter()
            .flatten()
            .filter(|problem| problem.to_string().contains("qqqqqqqq"))
            .filter_map(|problem| problem.help().map(|help| help.to_string()))
            .collect();
        let known = said.iter().find_map(|help| help.strip_prefix("known here: "));
        let known: BTreeSet<String> = known
            .unwrap_or_else(|| panic!("{text}: {said:?} {errors:?}"))
            .split(", ")
            .map(ToOwned::to_owned)
            .collect();
        assert_eq!(known, keys, "{at:?}");
    }
}

/// A key with its value as a table that can be a value itself.
fn inline(text: &str) -> String {
    if text.starts_with(['[', '{']) {
        return text.to_owned();
    }
    format!("{{ {text} }}")
}

/// Each table with fixed keys, by the way that leads there.
fn collect_tables(
    schema: &Value,
    at: &Value,
    way: &[String],
    tables: &mut Vec<(Vec<String>, BTreeSet<String>)>,
) {
    if let Some(place) = at["$ref"].as_str() {
        let target = schema.pointer(place.trim_start_matches('#')).unwrap();
        return collect_tables(schema, target, way, tables);
    }
    let onward = |name: &str| [way, &[name.to_owned()]].concat();
    if let Some(properties) = at["properties"].as_object() {
        let mut keys: BTreeSet<String> = properties.keys().cloned().collect();
        // Profiles are taken away before the sections are read.
        keys.remove("profile");
        // A token that is declared as missing is read as such only where it says so.
        if keys != BTreeSet::from(["none".to_owned()]) {
            tables.push((way.to_vec(), keys));
        }
        for (name, property) in properties.iter().filter(|(name, _)| *name != "profile") {
            collect_tables(schema, property, &onward(name), tables);
        }
    }
    if at["items"].is_object() {
        collect_tables(schema, &at["items"], &onward("[]"), tables);
    }
    for form in at["anyOf"].as_array().into_iter().flatten() {
        collect_tables(schema, form, way, tables);
    }
}

/// The same schema, in which a key that it does not describe is a mistake.
fn closed(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => {
            let mut object: serde_json::Map<String, Value> = object
                .iter()
                // A condition asks for one key, and leaves the others open.
                .map(|(key, value)| match key.as_str() {
                    "if" => (key.clone(), value.clone()),
                    _ => (key.clone(), closed(value)),
                })
                .collect();
            if object.get("properties").is_some_and(Value::is_object) {
                object.insert("additionalProperties".to_owned(), false.into());
            }
            Value::Object(object)
        }
        Value::Array(items) => items.iter().map(closed).collect(),
        plain => plain.clone(),
    }
}

#[test]
fn reports_of_runs_keep_the_schema_and_nothing_is_written_beside_it() {
    let schema = outcome::json_schema();
    let strict = closed(&schema);
    let folder = tempfile::tempdir().unwrap();
    // One with a verdict, and one that came to none: nobody answers there.
    fs::write(
        folder.path().join("broken.toml"),
        "[target]\nbase_url = \"http://127.0.0.1:9\"\n",
    )
    .unwrap();
    let cases: [(&[&str], &[&str]); 2] = [
        (
            &["run", "health/**"],
            &["exit_code", "good", "/scenarios/0/duration_ms"],
        ),
        (&["run", "-c", "broken.toml"], &["exit_code", "/reason"]),
    ];
    for (arguments, parts) in cases {
        program(
            folder.path(),
            &[arguments, &["-q", "--report", "json=run.json"]].concat(),
        );
        let text = fs::read_to_string(folder.path().join("run.json")).unwrap();
        let run: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problems(&strict, &run), Vec::<String>::new());

        let mut wrong = run.clone();
        wrong.as_object_mut().unwrap().remove("exit_code");
        if run["verdict"] == "not_run" {
            wrong["reason"] = 5.into();
        } else {
            wrong["verdict"] = "good".into();
            wrong["scenarios"][0]["duration_ms"] = "12".into();
        }
        let found = problems(&schema, &wrong);
        for part in parts {
            assert!(
                found.iter().any(|problem| problem.contains(part)),
                "{part}: {found:?}"
            );
        }
    }
}
