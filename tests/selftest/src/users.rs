//! A second booking that the store would refuse is made for a user of another name; what the partner says of it names the one who asked.

use crate::wire::{Reply, set, text};

const USER: &str = "/booking/user_information/user_id";

/// Ids of users are digits; what follows a dash is of the decorator.
pub(crate) fn by_own_name(reply: &mut Reply) {
    let named = text(&reply.body, USER);
    if let Some((own, _)) = named.as_deref().and_then(|user| user.split_once('-')) {
        set(&mut reply.body, USER, own);
    }
}
