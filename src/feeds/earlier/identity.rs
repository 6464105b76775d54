//! Which merchant or service is which, whatever its id.

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a merchant is known by beside its id.
#[derive(Deserialize)]
struct KnownBy {
    name: Option<String>,
    category: Option<String>,
    telephone: Option<String>,
    geo: Option<Value>,
}

const ADDRESS: [&str; 5] = [
    "/address/street_address",
    "/address/postal_code",
    "/address/locality",
    "/address/country",
    "/unstructured_address",
];

/// A number for name, category, telephone and street of a merchant; none where one of them is missing, since two places may well
/// have the rest in common.
pub(crate) fn of_merchant(record: &str) -> Option<u64> {
    let known: KnownBy = serde_json::from_str(record).ok()?;
    let geo = known.geo?;
    let address = ADDRESS.map(|part| geo.pointer(part).and_then(Value::as_str).map(plain));
    let [street, .., unstructured] = &address;
    let is_there = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let texts = [known.name, known.category, known.telephone].map(|text| text.as_deref().map(plain));
    let is_known = texts.iter().all(is_there) && (is_there(street) || is_there(unstructured));
    let mut hasher = DefaultHasher::new();
    (texts, address).hash(&mut hasher);
    is_known.then(|| hasher.finish())
}

/// Without capitals and doubled blanks, by which one entry of a person may differ from the next.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Ids that are gone and ids that are new, joined where what they stand for is the same, and nothing else is: neither among them
/// nor among `kept`.
pub(crate) fn renamed<'i, K: Ord>(
    gone: impl Iterator<Item = (&'i str, Option<K>)>,
    new: impl Iterator<Item = (&'i str, Option<K>)>,
    kept: impl Iterator<Item = Option<K>>,
) -> Vec<(&'i str, &'i str)> {
    let (gone, mut new) = (grouped(gone), grouped(new));
    let kept: BTreeSet<K> = kept.flatten().collect();
    let only = |ids: &[&'i str]| match ids {
        [one] => Some(*one),
        _ => None,
    };
    let alone = gone.into_iter().filter(|(known, _)| !kept.contains(known));
    let pairs = alone.filter_map(|(known, old)| Some((only(&old)?, only(&new.remove(&known)?)?)));
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs
}

fn grouped<'i, K: Ord>(ids: impl Iterator<Item = (&'i str, Option<K>)>) -> BTreeMap<K, Vec<&'i str>> {
    let mut groups: BTreeMap<K, Vec<&str>> = BTreeMap::new();
    for (id, known) in ids {
        if let Some(known) = known {
            groups.entry(known).or_default().push(id);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merchant_is_known_by_name_category_telephone_and_street() {
        let record = |name: &str, street: &str| {
            format!(
                r#"{{"merchant_id":"1","name":"{name}","category":"spa","telephone":"+1","geo":{{"address":{{"street_address":"{street}"}}}}}}"#
            )
        };
        let known = of_merchant(&record("Harbour Lane", "18 Lane"));
        assert!(known.is_some());
        assert_eq!(of_merchant(&record("Harbour  lane", "18 Lane")), known);
        assert_ne!(of_merchant(&record("Harbour Lane", "20 Lane")), known);
        assert_eq!(of_merchant(&record("Harbour Lane", "")), None);
        assert_eq!(of_merchant(r#"{"name":"Harbour Lane"}"#), None);
    }

    #[test]
    fn what_is_gone_is_joined_with_what_is_new_where_they_are_the_same() {
        let pairs = |gone: &[(&'static str, Option<u64>)], new: &[(&'static str, Option<u64>)]| {
            renamed(gone.iter().copied(), new.iter().copied(), [Some(9)].into_iter())
        };
        assert_eq!(
            pairs(&[("a", Some(1)), ("b", Some(2))], &[("x", Some(2))]),
            [("b", "x")]
        );
        assert_eq!(pairs(&[("a", None)], &[("x", None)]), []);
        assert_eq!(
            pairs(&[("a", Some(9))], &[("x", Some(9))]),
            [],
            "one that stayed is the same, too"
        );
        assert_eq!(
            pairs(&[("a", Some(1)), ("b", Some(1))], &[("x", Some(1))]),
            [],
            "one of two, and nobody knows which"
        );
    }
}
