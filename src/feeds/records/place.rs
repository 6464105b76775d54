//! Where a merchant is.

use super::convert::missing_field;
use super::value::{filled_text, member};
use crate::code::ProblemCode;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use serde_json::Value;

/// The country of the address, as it stands there. A position alone is no place: Google matches merchants by their address.
pub(crate) fn read<'v>(geo: Option<&'v Value>, problems: &mut Vec<RecordProblem>) -> Option<&'v str> {
    let country = filled_text(geo.and_then(|geo| geo.pointer("/address/country")));
    let Some(geo) = geo.filter(|geo| geo.is_object() && is_set(geo)) else {
        problems.push(missing_field("geo"));
        return country;
    };
    coordinate(geo, "latitude", 90.0, problems);
    coordinate(geo, "longitude", 180.0, problems);
    let address = member(geo, "address").filter(|address| address.is_object() && is_set(address));
    if filled_text(member(geo, "unstructured_address")).is_none() {
        match address {
            None => problems.push(missing_field("geo.address")),
            Some(_) if country.is_none() => problems.push(missing_field("geo.address.country")),
            Some(address) => problems.extend(blank_part(address)),
        }
    }
    country
}

/// A part of the address that is written down, and empty: the export knows the field and has nothing for it.
fn blank_part(address: &Value) -> Option<RecordProblem> {
    let is_blank = |part: &&str| {
        let text = member(address, part).and_then(Value::as_str);
        text.is_some_and(|text| text.trim().is_empty())
    };
    let part = ["locality", "street_address"].into_iter().find(is_blank)?;
    let field = format!("geo.address.{part}");
    Some(RecordProblem::new(
        ProblemCode::BlankAddress,
        field,
        "an empty text",
    ))
}

/// A number, also as text, as JSON writes doubles of protobuf.
fn coordinate(geo: &Value, name: &str, most: f64, problems: &mut Vec<RecordProblem>) {
    let Some(value) = member(geo, name) else { return };
    let degrees = match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    };
    if !degrees.is_some_and(|degrees: f64| degrees.abs() <= most) {
        let message = format!("{value} is not between -{most} and {most} degrees");
        problems.push(RecordProblem::new(
            ProblemCode::InvalidPlace,
            format!("geo.{name}"),
            message,
        ));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(geo: &Value) -> Vec<(ProblemCode, String)> {
        let mut problems = Vec::new();
        read(Some(geo), &mut problems);
        problems
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect()
    }

    #[test]
    fn an_address_with_its_country_or_one_line_of_text_is_a_place() {
        let right = [
            json!({ "address": { "country": "US" } }),
            json!({ "unstructured_address": "1 Main Street, Springfield", "latitude": "40.5" }),
            json!({ "latitude": -90, "longitude": 180.0, "address": { "country": "NZ", "region": null } }),
        ];
        for geo in right {
            assert_eq!(found(&geo), [], "{geo}");
        }
        let stated = json!({ "address": { "country": "US" } });
        assert_eq!(read(Some(&stated), &mut Vec::new()), Some("US"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let position = json!({ "latitude": 1.5, "longitude": 2.5 });
        let table = [
            (json!({}), "geo"),
            (json!({ "address": {} }), "geo"),
            (position, "geo.address"),
            (json!({ "address": { "locality": "Ulm" } }), "geo.address.country"),
        ];
        for (geo, field) in table {
            assert_eq!(
                found(&geo),
                [(ProblemCode::MissingField, field.to_owned())],
                "{geo}"
            );
        }
    }

    #[test]
    fn a_part_of_an_address_that_is_written_says_something() {
        let geo = json!({ "address": { "country": "US", "locality": "Ulm", "street_address": " " } });
        assert_eq!(
            found(&geo),
            [(ProblemCode::BlankAddress, "geo.address.street_address".to_owned())]
        );
        let all = json!({ "address": { "country": "", "locality": "", "street_address": "" } });
        assert_eq!(found(&all), [(ProblemCode::MissingField, "geo".to_owned())]);
        let line = json!({ "address": { "country": "US", "locality": "" }, "unstructured_address": "1 Main Street" });
        assert_eq!(found(&line), []);
    }

    #[test]
    fn a_position_lies_on_earth() {
        for wrong in [json!(90.5), json!("NaN"), json!("north"), json!(true)] {
            let geo = json!({ "latitude": wrong, "address": { "country": "US" } });
            assert_eq!(
                found(&geo),
                [(ProblemCode::InvalidPlace, "geo.latitude".to_owned())],
                "{geo}"
            );
        }
    }
}
