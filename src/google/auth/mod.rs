//! Who calls: keys, the tokens that are issued for them, and what an API call shows of them.

pub(crate) mod bearer;
pub(crate) mod credentials;
pub(crate) mod jwt;
pub(crate) mod keys;
pub(crate) mod token;
