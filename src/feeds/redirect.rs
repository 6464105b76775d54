//! The address of the partner's own page, which slots that link out lead to.

use serde_json::Value;

/// What the template of an address has to fill in: which slot, and for how many.
const REQUIRED: [&str; 2] = ["availability_slot_start_seconds", "resources_party_size"];

/// The template of a service, if it states one.
pub(super) fn template(message: Option<&Value>) -> Option<String> {
    let text = message?.get("uri_template")?.as_str()?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// The first variable that the template has to have and lacks.
pub(super) fn lacking(template: &str) -> Option<&'static str> {
    REQUIRED
        .into_iter()
        .find(|name| !variables(template).any(|variable| variable == *name))
}

/// Variables in braces, each with one of the operators that RFC 6570 has on its second level.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    let expressions = template.split('{').skip(1);
    let inside = expressions.filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.map(|inside| inside.strip_prefix(['+', '#']).unwrap_or(inside))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_names_the_start_and_the_party() {
        let right = "https://lane.example/book?at={availability_slot_start_seconds}&for={+resources_party_size}\
                     &tag={availability_slot_availability_tag}";
        assert_eq!(lacking(right), None);
        assert_eq!(
            lacking("https://lane.example/{availability_slot_start_seconds}"),
            Some("resources_party_size")
        );
        let third_level = "https://lane.example{?availability_slot_start_seconds,resources_party_size}";
        assert_eq!(lacking(third_level), Some("availability_slot_start_seconds"));
        assert!(lacking("https://lane.example/{resources_party_size").is_some());
    }

    #[test]
    fn an_empty_template_is_none() {
        let message = json!({ "uri_template": "https://lane.example" });
        assert_eq!(template(Some(&message)).as_deref(), Some("https://lane.example"));
        for none in [
            json!({}),
            json!({ "uri_template": "" }),
            json!("https://lane.example"),
        ] {
            assert_eq!(template(Some(&none)), None);
        }
    }
}
