//! Updates of merchants and services, and what each does to a field.

use crate::Verdicts;
use crate::verdicts::Proof;
use catalogue::RequirementId;
use serde_json::Value;
use transcript::ResourceAct;

/// An update of a service, or a service that is made.
pub(super) struct ServiceUpdate<'r> {
    pub(super) merchant: &'r str,
    pub(super) service: &'r str,
    pub(super) sent: Sent<'r>,
}

/// An update of a merchant, or a merchant that is made.
pub(super) struct MerchantUpdate<'r> {
    pub(super) merchant: &'r str,
    pub(super) sent: Sent<'r>,
}

/// A message and the fields of it that count.
#[derive(Clone, Copy)]
pub(super) struct Sent<'r> {
    mask: Option<&'r [String]>,
    /// In JSON names.
    pub(super) message: &'r Value,
}

/// What becomes of a field.
pub(super) enum Treatment<'r> {
    /// It stays as it is, or only a part of it changes.
    Untouched,
    /// It is replaced by this.
    Stated(&'r Value),
    /// It is taken away: the mask names it, and it is not sent.
    Cleared,
}

pub(super) fn service_update(act: &ResourceAct) -> Option<ServiceUpdate<'_>> {
    match act {
        ResourceAct::UpdateService {
            merchant_id,
            service_id,
            mask,
            service,
        } => Some(ServiceUpdate {
            merchant: merchant_id,
            service: service_id,
            sent: Sent {
                mask: mask.as_deref(),
                message: service,
            },
        }),
        ResourceAct::CreateService {
            merchant_id,
            id,
            service,
        } => Some(ServiceUpdate {
            merchant: merchant_id,
            service: id.as_deref()?,
            sent: Sent {
                mask: None,
                message: service,
            },
        }),
        _ => None,
    }
}

pub(super) fn merchant_update(act: &ResourceAct) -> Option<MerchantUpdate<'_>> {
    match act {
        ResourceAct::UpdateMerchant {
            merchant_id,
            mask,
            merchant,
        } => Some(MerchantUpdate {
            merchant: merchant_id,
            sent: Sent {
                mask: mask.as_deref(),
                message: merchant,
            },
        }),
        ResourceAct::CreateMerchant { id, merchant } => Some(MerchantUpdate {
            merchant: id.as_deref()?,
            sent: Sent {
                mask: None,
                message: merchant,
            },
        }),
        _ => None,
    }
}

impl<'r> Sent<'r> {
    /// True when the field is replaced by what is sent: without a mask all of it is, and with one that names it or what is in it.
    pub(super) fn concerns(&self, field: &str) -> bool {
        let Some(mask) = self.mask else { return true };
        let mut paths = mask.iter().map(|path| path.split('.').next().unwrap_or_default());
        paths.any(|path| path == "*" || protocol::spelling::to_json_path(path) == field)
    }

    /// Without a mask the fields that are there count, and no others.
    pub(super) fn treatment(&self, field: &str) -> Treatment<'r> {
        let sent = self.message.get(field).filter(|value| is_populated(value));
        let names = |mask: &[String]| {
            let mut paths = mask.iter();
            paths.any(|path| path == "*" || protocol::spelling::to_json_path(path) == field)
        };
        match (sent, self.mask) {
            (Some(value), None) => Treatment::Stated(value),
            (Some(value), Some(mask)) if names(mask) => Treatment::Stated(value),
            (None, Some(mask)) if names(mask) => Treatment::Cleared,
            _ => Treatment::Untouched,
        }
    }
}

/// Proto3 knows no difference between a list or a text that is empty and one that is not there.
fn is_populated(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A field by which an update and the feeds can differ.
pub(super) struct Field<F> {
    /// In JSON names.
    pub(super) name: &'static str,
    /// True when what is stated comes to what the feeds say.
    pub(super) agrees: fn(&Value, &F) -> bool,
    /// What the feeds say.
    pub(super) feed: fn(&F) -> Value,
}

/// An update beside what the feeds say of the same merchant or service.
pub(super) struct Compared<'c, F: 'static> {
    /// What a difference violates.
    pub(super) requirement: RequirementId,
    /// The update in words.
    pub(super) which: String,
    /// What the path names, below the partner.
    pub(super) path: String,
    pub(super) sent: Sent<'c>,
    pub(super) fields: &'static [Field<F>],
    pub(super) feed: &'c F,
}

impl<F> Compared<'_, F> {
    /// What is stated has to be what the feeds state, and the body has to name what the path names.
    pub(super) fn check(self, verdicts: &mut Verdicts) {
        let which = self.which.as_str();
        if let Some(name) = other_name(self.sent.message, &self.path) {
            let message = format!("{which} names \"{name}\" in its body");
            let proof = at("/name").expected(self.path.as_str()).actual(name);
            return verdicts.fail(self.requirement, proof, message);
        }
        let stated: Vec<_> = self
            .fields
            .iter()
            .filter_map(|field| match self.sent.treatment(field.name) {
                Treatment::Stated(value) => Some((field, value)),
                Treatment::Untouched | Treatment::Cleared => None,
            })
            .collect();
        let mut differing = stated.iter();
        match differing.find(|(field, value)| !(field.agrees)(value, self.feed)) {
            Some((field, value)) => {
                let due = (field.feed)(self.feed);
                let says = if due.is_null() {
                    String::new()
                } else {
                    format!(", which says {due}")
                };
                let name = field.name;
                let message = format!(
                    "{which} has another \"{name}\" than the feed{says}; one of the two is out of date"
                );
                let proof = at(&format!("/{name}")).expected(due).actual((*value).clone());
                verdicts.fail(self.requirement, proof, message);
            }
            None if !stated.is_empty() => verdicts.pass(self.requirement),
            None => {}
        }
    }
}

fn at(pointer: &str) -> Proof {
    Proof {
        pointer: Some(pointer.to_owned()),
        ..Proof::default()
    }
}

/// The resource that the body names, where the path names another one.
fn other_name<'r>(message: &'r Value, path: &str) -> Option<&'r str> {
    let name = message.get("name")?.as_str().filter(|name| !name.is_empty())?;
    let (_, below) = name.strip_prefix("partners/")?.split_once('/')?;
    (below != path).then_some(name)
}
