//! What may be said of a method that does not do what it is for: its plainest call is a duty with more than one id.

/// HealthCheck.
pub(crate) const HEALTH: &[&str] = &["BS-GEN-01", "BS-GEN-02", "BS-HEALTH-01", "BS-HEALTH-04"];
/// Look-ups.
pub(crate) const LOOKUP: &[&str] = &["BS-GEN-01", "BS-GEN-02", "BS-BAL-01", "BS-BAL-04", "BS-BAL-05"];
/// New bookings.
pub(crate) const CREATE: &[&str] = &["BS-GEN-01", "BS-GEN-02", "BS-CREATE-01", "BS-CREATE-27"];
/// Changes.
pub(crate) const UPDATE: &[&str] = &[
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-UPDATE-01",
    "BS-UPDATE-02",
    "BS-UPDATE-03",
    "BS-UPDATE-18",
    "BS-UPDATE-22",
];
/// The state of a booking.
pub(crate) const STATUS: &[&str] = &["BS-GEN-01", "BS-GEN-02", "BS-STATUS-01", "BS-STATUS-02"];
/// The bookings of a user.
pub(crate) const LIST: &[&str] = &["BS-GEN-01", "BS-GEN-02", "BS-LIST-01"];

/// Every method but HealthCheck.
pub(crate) const METHODS: &[&str] = &[
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-BAL-01",
    "BS-BAL-04",
    "BS-BAL-05",
    "BS-CREATE-01",
    "BS-CREATE-27",
    "BS-UPDATE-01",
    "BS-UPDATE-02",
    "BS-UPDATE-22",
    "BS-STATUS-01",
    "BS-LIST-01",
];

/// What is violated, too, where everything is answered with 200.
pub(crate) const ANYTHING: &[&str] = &[
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-GEN-06",
    "BS-GEN-07",
    "BS-BAL-01",
    "BS-BAL-04",
    "BS-BAL-05",
    "BS-CREATE-01",
    "BS-CREATE-27",
    "BS-JSON-09",
    "BS-JSON-11",
    "BS-UPDATE-01",
    "BS-UPDATE-02",
    "BS-UPDATE-22",
    "BS-STATUS-01",
    "BS-LIST-01",
];

/// Every method.
pub(crate) const FIRST: &[&str] = &[
    "BS-HEALTH-01",
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-BAL-01",
    "BS-BAL-04",
    "BS-BAL-05",
    "BS-CREATE-01",
    "BS-CREATE-27",
    "BS-UPDATE-01",
    "BS-UPDATE-02",
    "BS-UPDATE-22",
    "BS-STATUS-01",
    "BS-LIST-01",
];

/// Every method but HealthCheck, and what is due to strangers.
pub(crate) const METHODS_OR_STRANGERS: &[&str] = &[
    "BS-AUTH-02",
    "BS-AUTH-03",
    "BS-AUTH-04",
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-BAL-01",
    "BS-BAL-04",
    "BS-BAL-05",
    "BS-CREATE-01",
    "BS-CREATE-27",
    "BS-UPDATE-01",
    "BS-UPDATE-02",
    "BS-UPDATE-22",
    "BS-STATUS-01",
    "BS-LIST-01",
];

/// What is due to strangers.
pub(crate) const STRANGERS: &[&str] = &["BS-AUTH-02", "BS-AUTH-03", "BS-AUTH-04"];

/// What a server keeps that knows its caller, answers something to HealthCheck, and does nothing else.
pub(crate) const KNOWING: &[&str] = &[
    "BS-AUTH-01",
    "BS-AUTH-02",
    "BS-AUTH-03",
    "BS-AUTH-04",
    "BS-AUTH-05",
    "BS-HEALTH-04",
];

/// What a server keeps that knows its caller, answers HealthCheck with 200, and does nothing else.
pub(crate) const HEALTHY: &[&str] = &[
    "BS-AUTH-01",
    "BS-AUTH-02",
    "BS-AUTH-03",
    "BS-AUTH-04",
    "BS-AUTH-05",
    "BS-HEALTH-01",
    "BS-HEALTH-03",
    "BS-HEALTH-04",
];

/// What a server keeps that does what it is asked for, and answers in a form that nobody reads.
pub(crate) const SERVING: &[&str] = &[
    "BS-AUTH-01",
    "BS-AUTH-02",
    "BS-AUTH-03",
    "BS-AUTH-04",
    "BS-AUTH-05",
    "BS-GEN-01",
    "BS-GEN-02",
    "BS-GEN-04",
    "BS-HEALTH-01",
    "BS-HEALTH-03",
    "BS-HEALTH-04",
];

/// What is violated, too, where the request comes back as the answer.
pub(crate) const ECHOING: &[&str] = &[
    "BS-BAL-01",
    "BS-CREATE-27",
    "BS-UPDATE-02",
    "BS-STATUS-01",
    "BS-LIST-01",
    "TOK-12",
];
