//! A request to the partner's own test interface: a trigger's or a probe's.

use super::reader::Section;
use super::redact::names_a_secret;
use super::secret::{Secret, Text};
use super::target::Credentials;
use super::template::{Template, TemplateError, TemplatePlace};
use super::value::Value;
use super::words::{suggest, words};
use std::collections::BTreeMap;

words! {
    /// The method of a request to the partner's test interface.
    CallMethod as "HTTP method" {
        /// Reads.
        Get = "GET",
        /// Acts.
        Post = "POST",
        /// Replaces.
        Put = "PUT",
        /// Changes.
        Patch = "PATCH",
        /// Removes.
        Delete = "DELETE",
    }
}

/// A request with placeholders.
#[derive(Debug, Clone)]
pub struct HttpCall {
    /// The method.
    pub method: CallMethod,
    /// The address.
    pub url: Template,
    /// What goes into `Authorization`.
    pub auth: Option<CallAuth>,
    /// Other headers, in the order of their names.
    pub headers: Vec<(String, Text)>,
    /// The body; absent means none is sent.
    pub body: Option<Template>,
    expect: Vec<u16>,
}

/// Authorization at the partner's test interface.
#[derive(Debug, Clone)]
pub enum CallAuth {
    /// HTTP Basic.
    Basic(Credentials),
    /// A bearer token.
    Bearer(Secret),
}

impl HttpCall {
    /// True when the answer means that the partner did it: what `expect` lists, or any 2xx.
    pub fn accepts(&self, status: u16) -> bool {
        match self.expect.as_slice() {
            [] => (200..300).contains(&status),
            expected => expected.contains(&status),
        }
    }

    /// The address for one booking.
    pub fn url_for(&self, values: &BTreeMap<&str, String>) -> Result<String, TemplateError> {
        self.url.render(values)
    }

    /// The body for one booking.
    pub fn body_for(&self, values: &BTreeMap<&str, String>) -> Result<Option<String>, TemplateError> {
        self.body.as_ref().map(|body| body.render(values)).transpose()
    }

    pub(super) fn read(section: &Section<'_>, method: CallMethod, known: &[&str]) -> Option<Self> {
        let url = section.need("url", "add url = \"https://host.example/path/{booking_id}\"");
        let auth = section.get("auth").and_then(|value| value.table(CallAuth::read));
        let headers = section.get("headers").and_then(|value| value.table(headers));
        let body = section.get("body").and_then(|value| body(&value, known));
        let expect = section.get("expect").and_then(|value| statuses(&value));
        Some(Self {
            method: section.get("method").map_or(Some(method), |value| value.word())?,
            url: url.and_then(|value| url_template(&value, known))?,
            auth: auth.flatten(),
            headers: headers.unwrap_or_default(),
            body,
            expect: expect.unwrap_or_default(),
        })
    }
}

impl CallAuth {
    fn read(section: &Section<'_>) -> Option<Self> {
        let bearer = section.get("bearer");
        let basic = section.get("user").is_some() || section.get("password").is_some();
        match (bearer, basic) {
            (Some(token), false) => token.secret().map(Self::Bearer),
            (None, true) => Credentials::read(section).map(Self::Basic),
            (bearer, _) => {
                let message = match bearer {
                    Some(_) => format!("`{}` has both bearer and user", section.path),
                    None => format!("`{}` has neither bearer nor user", section.path),
                };
                let help = "write { bearer = { env = \"NAME\" } }, or user and password";
                section.reader.problem(section.span.clone(), message, help);
                section.hide();
                None
            }
        }
    }
}

/// A text of which every placeholder is among the known ones.
pub(super) fn template(
    value: &Value<'_>,
    text: &str,
    place: TemplatePlace,
    known: &[&str],
) -> Option<Template> {
    let template = Template::new(text, place);
    let mut right = true;
    for name in template.placeholders().filter(|name| !known.contains(name)) {
        value.wrong(
            &format!("has the unknown placeholder {{{name}}}"),
            suggest(known, name),
        );
        right = false;
    }
    right.then_some(template)
}

fn url_template(value: &Value<'_>, known: &[&str]) -> Option<Template> {
    let text = value.open_text()?;
    let template = template(value, &text, TemplatePlace::Url, known)?;
    let sample = known.iter().map(|name| (*name, "1".to_owned())).collect();
    value.checked_url(&template.render(&sample).ok()?)?;
    Some(template)
}

fn body(value: &Value<'_>, known: &[&str]) -> Option<Template> {
    if value.node.get_ref().as_str() == Some("") {
        return None;
    }
    let text = value.string()?;
    let place = if text.trim_start().starts_with(['{', '[']) {
        TemplatePlace::Json
    } else {
        TemplatePlace::Plain
    };
    template(value, text, place, known)
}

fn headers(section: &Section<'_>) -> Vec<(String, Text)> {
    let entries = section.entries().into_iter();
    let headers = entries.filter_map(|(value, name, span)| {
        if reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err() {
            let message = format!("`{}` is no header name", value.path);
            section
                .reader
                .problem(span, message, "use letters, digits and `-`");
            section.reader.hide(value.node);
            return None;
        }
        header_value(&value, name).map(|text| (name.to_owned(), text))
    });
    headers.collect()
}

fn header_value(value: &Value<'_>, name: &str) -> Option<Text> {
    if names_a_secret(name) && !name.eq_ignore_ascii_case("user-agent") {
        return value.secret().map(Text::Secret);
    }
    let text = value.text()?;
    if reqwest::header::HeaderValue::from_str(text.expose()).is_err() {
        value.reader.hide(value.node);
        value.wrong(
            "cannot be sent as a header",
            "take out line breaks and control characters",
        );
        return None;
    }
    Some(text)
}

/// One status or a list of them.
fn statuses(value: &Value<'_>) -> Option<Vec<u16>> {
    let one = |item: &Value<'_>| item.integer(100, 599).map(|status| status as u16);
    if value.node.get_ref().is_array() {
        return value.list(one);
    }
    one(value).map(|status| vec![status])
}
