//! The templates in scenario files: `"{{ created.booking_id }}"`.
//!
//! A string that is one expression keeps the type of its value; any other string is text. Rendering happens per JSON
//! string, so a value can never change the structure of a message.

use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;

/// A template cannot be rendered.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum TemplateError {
    /// It is not a template.
    #[error("{0} is not a template: {1}")]
    Syntax(String, String),
    /// A value in it does not exist.
    #[error("{0} has no value")]
    Undefined(String),
}

/// The whole string is one expression: its text.
fn expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("{{") && !inner.contains("}}")).then(|| inner.trim())
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}

/// The dotted names that a template refers to, such as `created.booking_id`.
pub fn names(text: &str) -> Result<Vec<String>, TemplateError> {
    if !text.contains("{{") {
        return Ok(Vec::new());
    }
    let environment = environment();
    let template = environment
        .template_from_str(text)
        .map_err(|error| syntax(text, &error))?;
    let mut names: Vec<_> = template.undeclared_variables(true).into_iter().collect();
    names.sort();
    Ok(names)
}

/// The value of a string in a given context.
pub fn render(text: &str, context: &Value) -> Result<Value, TemplateError> {
    if !text.contains("{{") {
        return Ok(Value::from(text));
    }
    let environment = environment();
    let context = minijinja::Value::from(minijinja::value::Serde(context));
    if let Some(expression) = expression(text) {
        let compiled = environment
            .compile_expression(expression)
            .map_err(|error| syntax(text, &error))?;
        let value = compiled
            .eval(context)
            .map_err(|_| TemplateError::Undefined(expression.to_owned()))?;
        if value.is_undefined() || value.is_none() {
            return Err(TemplateError::Undefined(expression.to_owned()));
        }
        return serde_json::to_value(&value).map_err(|_| TemplateError::Undefined(expression.to_owned()));
    }
    let rendered = environment.render_str(text, context);
    rendered
        .map(Value::from)
        .map_err(|_| TemplateError::Undefined(text.to_owned()))
}

/// Every string in a JSON value rendered.
pub fn render_all(value: &Value, context: &Value) -> Result<Value, TemplateError> {
    Ok(match value {
        Value::String(text) => render(text, context)?,
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| render_all(item, context))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, field)| Ok((key.clone(), render_all(field, context)?)));
            Value::Object(fields.collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

fn syntax(text: &str, error: &minijinja::Error) -> TemplateError {
    TemplateError::Syntax(
        text.to_owned(),
        error.detail().unwrap_or("it does not parse").to_owned(),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use serde_json::json;

    #[test]
    fn one_expression_keeps_its_type() {
        let context = json!({ "slots": { "a": { "start_sec": 9_007_199_254_740_993_i64 } } });
        assert_eq!(
            render("{{ slots.a.start_sec }}", &context).unwrap(),
            json!(9_007_199_254_740_993_i64)
        );
        assert_eq!(
            render("at {{ slots.a.start_sec }}", &context).unwrap(),
            json!("at 9007199254740993")
        );
        assert_eq!(render("plain", &context).unwrap(), json!("plain"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = render("{{ created.booking_id }}", &json!({ "created": {} })).unwrap_err();
        assert_eq!(error, TemplateError::Undefined("created.booking_id".into()));
        assert!(matches!(
            render("{{ created. }}", &json!({})),
            Err(TemplateError::Syntax(..))
        ));
    }

    #[test]
    fn the_names_in_a_template_are_known_before_it_runs() {
        assert_eq!(
            names("{{ created.booking_id }} of {{ user.user_id }}").unwrap(),
            ["created.booking_id", "user.user_id"]
        );
        assert!(names("no template").unwrap().is_empty());
    }
}
