//! The address of the partner's own page, which slots that link out lead to.

use serde_json::Value;

/// What the template of an address has to fill in: which slot, and for how many.
const REQUIRED: [&str; 2] = ["availability_slot_start_seconds", "resources_party_size"];

/// The template of a service, if it states one.
pub(crate) fn template(message: Option<&Value>) -> Option<String> {
    let text = message?.get("uri_template")?.as_str()?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// True when the template has all variables that it has to have.
pub(crate) fn is_complete(template: &str) -> bool {
    let has = |name: &&str| variables(template).any(|variable| variable == *name);
    REQUIRED.iter().all(has)
}

/// Names of the variables in braces. The second level of RFC 6570 is asked for, where each has braces of its own, perhaps
/// with `+` or `#`; whether Google reads the operators and lists of higher levels is not documented, so they pass.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    let expressions = template.split('{').skip(1);
    let inside = expressions.filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.flat_map(|inside| {
        let names = inside.trim_start_matches(['+', '#', '.', '/', ';', '?', '&']);
        names.split(',')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_template_names_the_start_and_the_party() {
        let right = [
            "https://lane.example/book?at={availability_slot_start_seconds}&for={+resources_party_size}",
            "https://lane.example/{availability_slot_start_seconds}{?resources_party_size}",
            "https://lane.example{?availability_slot_start_seconds,resources_party_size}",
        ];
        for template in right {
            assert!(is_complete(template), "{template}");
        }
        let wrong = [
            "https://lane.example",
            "https://lane.example/{availability_slot_start_seconds}",
            "https://lane.example/{start}/{resources_party_size}",
            "https://lane.example/{availability_slot_start_seconds}/{resources_party_size",
        ];
        for template in wrong {
            assert!(!is_complete(template), "{template}");
        }
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
