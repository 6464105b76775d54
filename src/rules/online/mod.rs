//! Rules about online (virtual) services.

pub(super) mod session_access;
pub(super) mod session_names;

/// The names that `virtual_session_info` has.
const NAMES: [&str; 3] = ["session_url", "meeting_id", "password"];

/// The name that one of Google's samples uses for the session's address.
const SAMPLE_NAME: &str = "video_url";
