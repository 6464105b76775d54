//! Reading on after a mistake of form: what is wrong is left out, and the rest is read again.

use super::fault::{FaultPlace, FormFault, FormFaultKind};
use super::reader::Reader;
use super::tree::{Content, Node, Span};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// What could be read, and what could not.
#[derive(Debug)]
pub(crate) struct Recovered<T> {
    /// The value without its wrong parts; none where one of them cannot be left out.
    pub(crate) value: Option<T>,
    /// Every mistake of form.
    pub(crate) faults: Vec<FormFault>,
}

/// Reads a tree. An item of the list under the key `whole` that has a mistake in it is left out as a whole, once its
/// mistakes are known.
pub(crate) fn read<T: DeserializeOwned>(root: &Node, whole: &str) -> Recovered<T> {
    let mut tree = Cow::Borrowed(root);
    let (mut faults, mut left_out) = (Vec::new(), Vec::new());
    loop {
        let fault = match T::deserialize(Reader::new(&tree)) {
            Ok(value) if faults.is_empty() => {
                return Recovered {
                    value: Some(value),
                    faults,
                };
            }
            Ok(_) => break,
            Err(fault) => fault,
        };
        let follows = follows(&fault, &left_out);
        let place = fault.place;
        if !follows {
            faults.push(fault);
        }
        let gone = place.and_then(|place| leave_out(tree.to_mut(), place));
        match gone {
            Some(gone) => left_out.push(gone),
            None => return Recovered { value: None, faults },
        }
    }
    drop_damaged(tree.to_mut(), whole, &faults);
    let value = T::deserialize(Reader::new(&tree)).ok();
    Recovered { value, faults }
}

/// A part of a tree that was left out: the map or list that it stood in, and its key.
struct LeftOut {
    parent: Span,
    key: String,
}

/// True when a key is only missing since it was wrong.
fn follows(fault: &FormFault, left_out: &[LeftOut]) -> bool {
    let Some(place) = fault.place else {
        return false;
    };
    let missing = match &fault.kind {
        FormFaultKind::MissingKey(name) => std::slice::from_ref(name),
        FormFaultKind::NotOneVerb(written, verbs) if written.is_empty() => verbs,
        _ => return false,
    };
    let mut gone = left_out.iter().filter(|gone| gone.parent == place.dropped);
    gone.any(|gone| missing.contains(&gone.key.as_str()))
}

fn leave_out(node: &mut Node, place: FaultPlace) -> Option<LeftOut> {
    let parent = node.span;
    match &mut node.content {
        Content::Map(entries) => {
            let wrong = |(key, value): &(Node, Node)| {
                let span = if place.is_key { key.span } else { value.span };
                span == place.dropped
            };
            if let Some(index) = entries.iter().position(wrong) {
                let (key, _) = entries.remove(index);
                let key = key.text().unwrap_or_default().into_owned();
                return Some(LeftOut { parent, key });
            }
            entries.iter_mut().find_map(|(_, value)| leave_out(value, place))
        }
        Content::List(items) => {
            let wrong = |item: &Node| !place.is_key && item.span == place.dropped;
            if let Some(index) = items.iter().position(wrong) {
                items.remove(index);
                let key = String::new();
                return Some(LeftOut { parent, key });
            }
            items.iter_mut().find_map(|item| leave_out(item, place))
        }
        _ => None,
    }
}

/// Takes the items of a list that have a mistake in them out of it.
fn drop_damaged(root: &mut Node, list: &str, faults: &[FormFault]) {
    let Content::Map(entries) = &mut root.content else {
        return;
    };
    let of_list = entries
        .iter_mut()
        .find(|(key, _)| key.text().as_deref() == Some(list));
    let Some(Content::List(items)) = of_list.map(|(_, value)| &mut value.content) else {
        return;
    };
    let starts: Vec<usize> = items.iter().map(|item| item.span.0).collect();
    let item_of = |offset: usize| starts.partition_point(|start| *start <= offset);
    let damaged: Vec<usize> = faults.iter().map(|fault| item_of(fault.span().0)).collect();
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        !damaged.contains(&index)
    });
}
