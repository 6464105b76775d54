//! The discovery document, from which Google's generic clients build themselves: made from the wire model and the list of
//! methods that this side serves.

use crate::api::methods::{METHODS, Method};
use protocol::model::{Enum, Field, Kind, Label, Message, Model, v1alpha};
use serde_json::{Map, Value, json};

/// The revision that the sheet of facts was made from.
const REVISION: &str = "20250318";
const SCOPE: &str = "https://www.googleapis.com/auth/mapsbooking";

/// What methods answer that have nothing to say.
const EMPTY: &str = "Empty";

/// The document of an API whose methods are found below `root_url`.
pub(crate) fn document(root_url: &str) -> Value {
    let root_url = format!("{}/", root_url.trim_end_matches('/'));
    let model = v1alpha();
    let mut schemas: Map<String, Value> = model
        .messages()
        .map(|message| (schema_name(&message.name), schema(model, message)))
        .collect();
    let empty = json!({ "id": EMPTY, "type": "object", "properties": {} });
    schemas.insert(EMPTY.to_owned(), empty);
    json!({
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": "mapsbooking:v1alpha",
        "name": "mapsbooking",
        "canonicalName": "Google Maps Booking API",
        "version": "v1alpha",
        "revision": REVISION,
        "title": "Google Maps Booking API",
        "ownerDomain": "google.com",
        "ownerName": "Google",
        "documentationLink": "https://developers.google.com",
        "protocol": "rest",
        "rootUrl": root_url,
        "baseUrl": root_url,
        "servicePath": "",
        "batchPath": "batch",
        "auth": { "oauth2": { "scopes": { SCOPE: { "description": "Partner's bookings and inventory" } } } },
        "parameters": system_parameters(),
        "resources": resources(model),
        "schemas": schemas,
    })
}

fn system_parameters() -> Value {
    let text =
        |description: &str| json!({ "type": "string", "location": "query", "description": description });
    json!({
        "access_token": text("OAuth access token."),
        "alt": { "type": "string", "location": "query", "default": "json", "enum": ["json"], "enumDescriptions": [""] },
        "fields": text("Which fields the answer should hold."),
        "key": text("API key; this API does not take one."),
        "oauth_token": text("OAuth access token."),
        "prettyPrint": { "type": "boolean", "location": "query", "default": "true" },
        "quotaUser": text("Whose quota is used."),
    })
}

/// Resources in each other, as the methods' names have them.
fn resources(model: &Model) -> Value {
    let mut root = json!({});
    for method in &METHODS {
        let mut segments = method.id.split('.').collect::<Vec<_>>();
        let own = segments.pop().unwrap_or_default();
        let mut node = &mut root;
        for segment in segments {
            node = &mut node["resources"][segment];
        }
        node["methods"][own] = describe_method(model, method);
    }
    root["resources"].take()
}

fn describe_method(model: &Model, method: &Method) -> Value {
    let (area, name, behind) = method.path;
    let area = if area.is_empty() {
        String::new()
    } else {
        format!("{area}/")
    };
    let pattern = name.replace('*', "[^/]+");
    let mut parameters = json!({
        method.name: {
            "type": "string", "location": "path", "required": true,
            "pattern": format!("^{pattern}$"),
        },
    });
    if let Some((message, body)) = method.query {
        let fields = model.message(message).map_or(&[][..], |message| &message.fields);
        for field in fields.iter().filter(|field| field.name != body) {
            leaves(model, field, &field.json_name, &mut parameters);
        }
    }
    let mut described = json!({
        "id": format!("mapsbooking.{}", method.id),
        "path": format!("v1alpha/{area}{{+{}}}{behind}", method.name),
        "flatPath": format!("v1alpha/{area}{}{behind}", flat(name)),
        "httpMethod": method.verb,
        "parameters": parameters,
        "parameterOrder": [method.name],
        "response": { "$ref": method.response.unwrap_or(EMPTY) },
        "scopes": [SCOPE],
    });
    if let Some(request) = method.request {
        described["request"] = json!({ "$ref": request });
    }
    described
}

/// A name with each id by the name of its collection, the second one of a collection with a number.
fn flat(name: &str) -> String {
    let mut collection = "";
    let mut shown = Vec::new();
    for segment in name.split('/') {
        let id = format!("{{{collection}Id}}");
        shown.push(match segment {
            "*" if shown.contains(&id) => format!("{{{collection}Id1}}"),
            "*" => id,
            word => {
                collection = word;
                word.to_owned()
            }
        });
    }
    shown.join("/")
}

/// A message cannot be one parameter: its fields are, with dots.
fn leaves(model: &Model, field: &Field, path: &str, parameters: &mut Value) {
    let inner = match &field.kind {
        Kind::Message(name) => model.message(name),
        _ => None,
    };
    let Some(message) = inner else {
        let mut parameter = single(model, &field.kind);
        parameter["location"] = "query".into();
        parameters[path] = parameter;
        return;
    };
    for field in &message.fields {
        leaves(model, field, &format!("{path}.{}", field.json_name), parameters);
    }
}

fn schema(model: &Model, message: &Message) -> Value {
    let properties: Map<String, Value> = message
        .fields
        .iter()
        .map(|field| (field.json_name.clone(), property(model, field)))
        .collect();
    json!({ "id": schema_name(&message.name), "type": "object", "properties": properties })
}

fn property(model: &Model, field: &Field) -> Value {
    let mut property = match field.label {
        Label::Repeated => json!({ "type": "array", "items": single(model, &field.kind) }),
        Label::Optional | Label::Map => single(model, &field.kind),
    };
    if field.deprecated {
        property["deprecated"] = true.into();
    }
    property
}

fn single(model: &Model, kind: &Kind) -> Value {
    let formatted = |format: &str| json!({ "type": "string", "format": format });
    match kind {
        Kind::String => json!({ "type": "string" }),
        Kind::Bytes => formatted("byte"),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int32 => json!({ "type": "integer", "format": "int32" }),
        Kind::Int64 => formatted("int64"),
        Kind::Double => json!({ "type": "number", "format": "double" }),
        Kind::Timestamp => formatted("google-datetime"),
        Kind::Duration => formatted("google-duration"),
        Kind::FieldMask => formatted("google-fieldmask"),
        Kind::Empty => json!({ "type": "object", "properties": {} }),
        Kind::Struct => json!({ "type": "object", "additionalProperties": { "type": "any" } }),
        Kind::StringMap => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Message(name) => json!({ "$ref": schema_name(name) }),
        Kind::Enum(name) => {
            let names: Vec<&str> = model
                .enumeration(name)
                .into_iter()
                .flat_map(Enum::names)
                .collect();
            json!({ "type": "string", "enum": names, "enumDescriptions": vec![""; names.len()] })
        }
    }
}

/// Messages inside messages have names without dots. One is called there as the states of a booking are here, which are no
/// schema of their own.
fn schema_name(name: &str) -> String {
    match name {
        "MerchantStatus.BookingStatus" => "BookingStatus".to_owned(),
        _ => name.replace('.', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Route;

    #[test]
    fn what_is_described_is_served() {
        for method in &METHODS {
            let (area, name, behind) = method.path;
            let area = if area.is_empty() {
                String::new()
            } else {
                format!("{area}/")
            };
            let path = format!("/v1alpha/{area}{}{behind}", name.replace('*', "x"));
            let route = Route::of(method.verb, &path);
            assert_eq!(route.partner(), Some("x"), "{}", method.id);
        }
    }

    #[test]
    fn whatever_is_referred_to_is_described() {
        let document = document("http://127.0.0.1:8787");
        let mut open = vec![&document];
        let mut references = 0;
        while let Some(value) = open.pop() {
            if let Some(name) = value.get("$ref").and_then(Value::as_str) {
                references += 1;
                assert_eq!(document["schemas"][name]["id"], name, "{name}");
            }
            open.extend(value.as_object().into_iter().flat_map(Map::values));
            open.extend(value.as_array().into_iter().flatten());
        }
        assert!(references > 50, "{references}");
    }

    #[test]
    fn a_patch_is_described_as_google_does() {
        let document = document("http://127.0.0.1:8787");
        assert_eq!(document["rootUrl"], "http://127.0.0.1:8787/");
        let patch = &document["resources"]["notification"]["resources"]["partners"]["resources"]["bookings"]
            ["methods"]["patch"];
        assert_eq!(patch["id"], "mapsbooking.notification.partners.bookings.patch");
        assert_eq!(patch["path"], "v1alpha/notification/{+name}");
        assert_eq!(
            patch["flatPath"],
            "v1alpha/notification/partners/{partnersId}/bookings/{bookingsId}"
        );
        let parameters = &patch["parameters"];
        assert_eq!(parameters["name"]["pattern"], "^partners/[^/]+/bookings/[^/]+$");
        assert_eq!(parameters["updateMask"]["format"], "google-fieldmask");
        assert_eq!(parameters["bookingFailure.cause"]["enum"][1], "SLOT_UNAVAILABLE");
        let deep = "bookingFailure.paymentFailure.threeds1Parameters.acsUrl";
        assert_eq!(parameters[deep]["location"], "query");
        assert_eq!(parameters.get("bookingFailure"), None);
        assert_eq!(
            document["schemas"]["Booking"]["properties"]["partySize"],
            json!({ "type": "string", "format": "int64" })
        );
    }
}
