//! Senders that wait for Google shorter, or longer, than the reference partner does.

use crate::Amendments;
use crate::Variant;
use crate::defects::access::NO_TOKEN;
use crate::notifications::notifier;
use reference_server::DeliveryError;
use std::time::Duration;

pub(super) static VARIANTS: &[Variant] = &[
    Variant {
        name: "a-second-for-each-call",
        about: "A call to Google that is not answered within a second is given up and repeated.",
        tolerated: &[],
        seams: || {
            notifier(|message, inner| async move {
                let answered = crate::time::timeout(Duration::from_secs(1), inner.deliver(&message)).await;
                answered.unwrap_or_else(|| {
                    Err(DeliveryError::Again {
                        reason: "no answer in time".to_owned(),
                        after: None,
                    })
                })
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "in-no-hurry",
        about: "Repetitions wait for most of a second longer.",
        tolerated: &[],
        seams: || {
            notifier(|message, inner| async move {
                let delivered = inner.deliver(&message).await;
                if let Err(DeliveryError::Again { .. }) = delivered {
                    crate::time::sleep(Duration::from_millis(700)).await;
                }
                delivered
            })
        },
        amendments: Amendments::NONE,
    },
    Variant {
        name: "asks-for-a-token-at-once",
        about: "Where a token answer has no token, it is asked for again without a pause.",
        tolerated: &[],
        seams: || {
            notifier(|message, inner| async move {
                match inner.deliver(&message).await {
                    Err(DeliveryError::Again { reason, .. }) if reason.contains(NO_TOKEN) => {
                        inner.deliver(&message).await
                    }
                    delivered => delivered,
                }
            })
        },
        amendments: Amendments::NONE,
    },
];
