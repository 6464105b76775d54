//! Updates of merchants and services, and what each does to a field.

use serde_json::Value;
use transcript::ResourceAct;

/// An update of a service, or a service that is made.
pub(super) struct ServiceUpdate<'r> {
    pub(super) merchant: &'r str,
    pub(super) service: &'r str,
    mask: Option<&'r [String]>,
    /// In JSON names.
    pub(super) message: &'r Value,
}

/// An update of a merchant, or a merchant that is made.
pub(super) struct MerchantUpdate<'r> {
    pub(super) merchant: &'r str,
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
            mask: mask.as_deref(),
            message: service,
        }),
        ResourceAct::CreateService {
            merchant_id,
            id,
            service,
        } => Some(ServiceUpdate {
            merchant: merchant_id,
            service: id.as_deref()?,
            mask: None,
            message: service,
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
            mask: mask.as_deref(),
            message: merchant,
        }),
        ResourceAct::CreateMerchant { id, merchant } => Some(MerchantUpdate {
            merchant: id.as_deref()?,
            mask: None,
            message: merchant,
        }),
        _ => None,
    }
}

impl<'r> ServiceUpdate<'r> {
    /// True when the field is replaced by what is sent: without a mask all of it is, and with one that names it or what is in it.
    pub(super) fn concerns(&self, field: &str) -> bool {
        let Some(mask) = self.mask else { return true };
        let mut paths = mask.iter().map(|path| path.split('.').next().unwrap_or_default());
        paths.any(|path| path == "*" || protocol::spelling::to_json_path(path) == field)
    }

    pub(super) fn treatment(&self, field: &str) -> Treatment<'r> {
        treatment(self.mask, self.message, field)
    }
}

impl<'r> MerchantUpdate<'r> {
    pub(super) fn treatment(&self, field: &str) -> Treatment<'r> {
        treatment(self.mask, self.message, field)
    }
}

/// Without a mask the fields that are there count, and no others.
fn treatment<'r>(mask: Option<&[String]>, message: &'r Value, field: &str) -> Treatment<'r> {
    let sent = message.get(field).filter(|value| is_populated(value));
    let names = |mask: &[String]| {
        let mut paths = mask.iter();
        paths.any(|path| path == "*" || protocol::spelling::to_json_path(path) == field)
    };
    match (sent, mask) {
        (Some(value), None) => Treatment::Stated(value),
        (Some(value), Some(mask)) if names(mask) => Treatment::Stated(value),
        (None, Some(mask)) if names(mask) => Treatment::Cleared,
        _ => Treatment::Untouched,
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

/// How many of the fields were stated, and the first of them that differs from the feeds.
pub(super) fn compare<'f, F>(
    fields: &'f [Field<F>],
    feed: &F,
    treatment: impl Fn(&str) -> Treatment<'f>,
) -> (usize, Option<(&'f Field<F>, &'f Value)>) {
    let stated: Vec<_> = fields
        .iter()
        .filter_map(|field| match treatment(field.name) {
            Treatment::Stated(value) => Some((field, value)),
            Treatment::Untouched | Treatment::Cleared => None,
        })
        .collect();
    let count = stated.len();
    let mut stated = stated.into_iter();
    (count, stated.find(|(field, value)| !(field.agrees)(value, feed)))
}

/// The resource that the body names, where the path names another one.
pub(super) fn other_name<'r>(message: &'r Value, path: &str) -> Option<&'r str> {
    let name = message.get("name")?.as_str().filter(|name| !name.is_empty())?;
    let (_, below) = name.strip_prefix("partners/")?.split_once('/')?;
    (below != path).then_some(name)
}
