//! int64 on the JSON wire: Google sends decimal strings, a partner may answer with either form.

use serde_json::Value;

/// The number behind a JSON int64, whether it stands there as a number or as a decimal string.
pub fn read(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The form in which Google writes an int64.
pub fn write(number: i64) -> Value {
    Value::String(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_forms_mean_the_same() {
        assert_eq!(read(&json!("1893484800")), Some(1_893_484_800));
        assert_eq!(read(&json!(1_893_484_800_i64)), Some(1_893_484_800));
        assert_eq!(read(&json!("18:00")), None);
        assert_eq!(read(&json!(1.5)), None);
        assert_eq!(write(5), json!("5"));
    }
}
