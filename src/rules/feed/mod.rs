//! Rules about what the feeds declare of payments: what their reader noticed, held to a requirement each.

pub(super) mod payments;
