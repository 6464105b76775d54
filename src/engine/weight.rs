//! What is kept of a partner's messages, weighed: text, and the trees that are made of it.

use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Messages up to this weight are usual, and are not counted: a run has some thousands of them.
const USUAL: usize = 32 * 1024;

/// A value of a tree with its place in it, on average.
const VALUE: usize = 120;

/// How many values a tree has.
pub(super) fn values(tree: &Value) -> usize {
    match tree {
        Value::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

/// The weight of all messages together that weigh more than usual.
#[derive(Debug)]
pub(super) struct Weight {
    most: usize,
    kept: AtomicUsize,
}

impl Weight {
    /// Nothing yet, of so much at most.
    pub(super) fn of(most: usize) -> Self {
        Self {
            most,
            kept: AtomicUsize::new(0),
        }
    }

    /// Adds a message of so many bytes and values, unless it is too much; whether it was added comes back.
    pub(super) fn add(&self, bytes: usize, values: usize) -> bool {
        let weight = bytes.saturating_add(values.saturating_mul(VALUE));
        if weight <= USUAL {
            return true;
        }
        let fits = |kept: usize| kept.checked_add(weight).filter(|kept| *kept <= self.most);
        self.kept
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_tree_is_counted() {
        assert_eq!(values(&serde_json::json!({ "a": [1, {}, null], "b": "text" })), 6);
    }

    #[test]
    fn what_is_usual_counts_for_nothing_and_what_is_heavy_fills_the_measure() {
        let weight = Weight::of(100_000);
        assert!((0..1000).all(|_| weight.add(1000, 100)));
        assert!(weight.add(60_000, 0), "there is room for it");
        assert!(!weight.add(60_000, 0), "there is not");
        assert!(!weight.add(0, 1_000_000), "values weigh, too");
        assert!(weight.add(40_000, 0), "what was refused has not filled it");
        assert!(weight.add(1000, 100), "what is usual is taken to the end");
    }
}
