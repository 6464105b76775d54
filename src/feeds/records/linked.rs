//! Records of entity, action and service feeds, by which a place links to a partner's own page. What is known of their form is
//! looked at; whether Google takes more, or less, no page says in full.

use super::value::{filled_text, member};
use crate::code::ProblemCode;
use crate::problem::{FeedProblems, ProblemPlace, RecordProblem};
use serde_json::Value;
use std::collections::BTreeSet;

/// So many references are kept, to look for their entities once all of these are known.
const MOST_REFERENCES: usize = 1_000_000;

/// Which feed it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkedFeed {
    Entity,
    Action,
    Service,
}

impl LinkedFeed {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Entity => "entity",
            Self::Action => "action",
            Self::Service => "service",
        }
    }

    /// The feed of a descriptor's name; empty where it is none.
    pub(crate) fn known_name(name: &str) -> &'static str {
        let known = [
            ("reservewithgoogle.entity", Self::Entity),
            ("reservewithgoogle.action.v2", Self::Action),
            ("reservewithgoogle.action", Self::Action),
            ("glam.service.v0", Self::Service),
        ];
        let found = known.into_iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, feed)| feed.name())
    }

    pub(crate) fn of_descriptor(name: &str) -> Option<Self> {
        [Self::Entity, Self::Action, Self::Service]
            .into_iter()
            .find(|feed| feed.name() == name)
    }

    /// By what stands in a record.
    pub(crate) fn of_record(record: &Value) -> Self {
        if record.get("actions").is_some() || record.get("link_id").is_some() {
            Self::Action
        } else if record.get("service_id").is_some() {
            Self::Service
        } else {
            Self::Entity
        }
    }
}

/// What the records of all these feeds have shown.
#[derive(Debug, Default)]
pub(crate) struct LinkedRecords {
    entities: BTreeSet<String>,
    /// File, place, field and id.
    references: Vec<(String, usize, &'static str, String)>,
    has_entities: bool,
}

impl LinkedRecords {
    pub(crate) fn add(
        &mut self,
        feed: LinkedFeed,
        file: &str,
        index: usize,
        record: &Value,
        problems: &mut FeedProblems,
    ) {
        let mut found = Vec::new();
        let mut reference = |field: &'static str| {
            let id = filled_text(member(record, field));
            let room = self.references.len() < MOST_REFERENCES;
            if let Some(id) = id.filter(|_| room) {
                self.references
                    .push((file.to_owned(), index, field, id.to_owned()));
            }
        };
        match feed {
            LinkedFeed::Entity => {
                entity(record, &mut found);
                self.has_entities = true;
                let id = filled_text(member(record, "entity_id"));
                if id.is_some_and(|id| !self.entities.insert(id.to_owned())) {
                    let message = format!("{:?} is there already", id.unwrap_or_default());
                    found.push(RecordProblem::new(
                        ProblemCode::LinkedRecord,
                        "entity_id",
                        message,
                    ));
                }
            }
            LinkedFeed::Action => {
                reference("entity_id");
                action(record, &mut found);
            }
            LinkedFeed::Service => {
                reference("merchant_id");
                service(record, &mut found);
            }
        }
        for problem in found {
            problems.add(file, ProblemPlace::Data(index), problem);
        }
    }

    /// Looks for the entities that actions and services name.
    pub(crate) fn check_references(self, problems: &mut FeedProblems) {
        if !self.has_entities {
            return;
        }
        for (file, index, field, id) in self.references {
            if !self.entities.contains(&id) {
                let message = format!("{id:?} is no entity of the entity feed");
                let problem = RecordProblem::new(ProblemCode::LinkedRecord, field, message);
                problems.add(&file, ProblemPlace::Data(index), problem);
            }
        }
    }
}

fn missing(record: &Value, fields: &[&str], found: &mut Vec<RecordProblem>) {
    for field in fields {
        let there = field
            .split('.')
            .try_fold(record, |value, name| member(value, name));
        let is_filled = there.is_some_and(|value| match value {
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => true,
        });
        if !is_filled {
            let problem = RecordProblem::new(ProblemCode::LinkedRecord, *field, "absent or empty");
            found.push(problem);
        }
    }
}

fn entity(record: &Value, found: &mut Vec<RecordProblem>) {
    missing(record, &["entity_id", "name", "location"], found);
    let location = member(record, "location").filter(|location| location.is_object());
    let is_line =
        location.is_some_and(|location| filled_text(member(location, "unstructured_address")).is_some());
    if location.is_some() && !is_line {
        let address = [
            "location.address.country",
            "location.address.locality",
            "location.address.street_address",
        ];
        missing(record, &address, found);
    }
}

fn action(record: &Value, found: &mut Vec<RecordProblem>) {
    missing(record, &["entity_id", "actions"], found);
    let actions = member(record, "actions").and_then(Value::as_array);
    // The older form has an address inside of each action, and no link of its own.
    let is_older = actions
        .into_iter()
        .flatten()
        .any(|action| action.pointer("/appointment_info/url").is_some());
    if !is_older {
        missing(record, &["link_id", "url"], found);
    }
    for (index, action) in actions.into_iter().flatten().enumerate() {
        let kind = action.pointer("/dining_info/dining_type");
        let is_known = |kind: &Value| *kind == "TABLE_RESERVATION" || *kind == 1;
        if let Some(kind) = kind.filter(|kind| !is_known(kind)) {
            let field = format!("actions[{index}].dining_info.dining_type");
            let message = format!("{kind} is not TABLE_RESERVATION");
            found.push(RecordProblem::new(ProblemCode::LinkedRecord, field, message));
        }
    }
}

fn service(record: &Value, found: &mut Vec<RecordProblem>) {
    let required = [
        "merchant_id",
        "service_id",
        "localized_service_name",
        "localized_service_category",
        "service_price.price_interpretation",
        "service_duration.duration_interpretation",
    ];
    missing(record, &required, found);
    let ranges = [
        ("service_price", "price_interpretation", "min_price", "max_price"),
        (
            "service_duration",
            "duration_interpretation",
            "min_duration_sec",
            "max_duration_sec",
        ),
    ];
    for (field, word, least, most) in ranges {
        let Some(range) = member(record, field) else {
            continue;
        };
        let meaning = match member(range, word) {
            Some(Value::String(word)) => word.as_str(),
            Some(Value::Number(number)) => match number.as_u64() {
                Some(1) => "INTERPRETATION_EXACT",
                Some(2) => "INTERPRETATION_STARTS_AT",
                Some(3) => "INTERPRETATION_RANGE",
                _ => continue,
            },
            _ => continue,
        };
        let needed: &[&str] = match meaning {
            "INTERPRETATION_EXACT" | "INTERPRETATION_STARTS_AT" => &[least],
            "INTERPRETATION_RANGE" => &[least, most],
            _ => &[],
        };
        for name in needed.iter().filter(|name| member(range, name).is_none()) {
            let message = format!("absent, and {meaning} needs it");
            let problem = RecordProblem::new(ProblemCode::LinkedRecord, format!("{field}.{name}"), message);
            found.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(check: fn(&Value, &mut Vec<RecordProblem>), record: &Value) -> Vec<String> {
        let mut found = Vec::new();
        check(record, &mut found);
        found.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn an_entity_has_an_id_a_name_and_a_place() {
        let right = json!({ "entity_id": "e", "name": "Lane", "location": { "unstructured_address": "1 Main Street" } });
        assert_eq!(found(entity, &right), Vec::<String>::new());
        let wrong = json!({ "entity_id": "e", "name": " ", "location": { "address": { "country": "US" } } });
        assert_eq!(
            found(entity, &wrong),
            [
                "name",
                "location.address.locality",
                "location.address.street_address"
            ]
        );
    }

    #[test]
    fn an_action_has_a_link() {
        let table = json!([{ "dining_info": { "dining_type": "TABLE_RESERVATION" } }]);
        let right = json!({ "entity_id": "e", "link_id": "l", "url": "https://a.example", "actions": table });
        assert_eq!(found(action, &right), Vec::<String>::new());
        let older =
            json!({ "entity_id": "e", "actions": [{ "appointment_info": { "url": "https://a.example" } }] });
        assert_eq!(found(action, &older), Vec::<String>::new());
        let wrong = json!({ "entity_id": "e", "actions": [{ "dining_info": { "dining_type": "UNKNOWN" } }] });
        assert_eq!(
            found(action, &wrong),
            ["link_id", "url", "actions[0].dining_info.dining_type"]
        );
    }

    #[test]
    fn a_range_has_both_ends() {
        let service_with = |price: Value| {
            json!({ "merchant_id": "e", "service_id": "s", "localized_service_name": { "value": "Cut" },
                "localized_service_category": { "value": "Hair" }, "service_price": price,
                "service_duration": { "duration_interpretation": "INTERPRETATION_NOT_DISPLAYED" } })
        };
        let exact =
            json!({ "price_interpretation": "INTERPRETATION_EXACT", "min_price": { "price_micros": 1 } });
        assert_eq!(found(service, &service_with(exact)), Vec::<String>::new());
        let range = json!({ "price_interpretation": 3, "min_price": { "price_micros": 1 } });
        assert_eq!(found(service, &service_with(range)), ["service_price.max_price"]);
    }
}
