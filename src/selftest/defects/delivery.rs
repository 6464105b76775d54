//! How notifications get through.

use crate::selftest::notes::{Acts, Delivered, is_patch, notifier};
use crate::selftest::wire::Memory;
use crate::selftest::{Amendments, Defect, id};
use reference_server::{DeliveryError, OutboxMessage, Seams};
use std::time::Duration;

pub(super) static DEFECTS: &[Defect] = &[
    Defect {
        name: "errors-count-as-delivered",
        about: "Whatever Google answers, the notification is done with.",
        scenario: "delivery/unavailable",
        violates: &[id("ERR-01")],
        amendments: Amendments::NONE,
        seams: || outcome(|error| if is_answer(&error) { Ok(()) } else { Err(error) }),
    },
    Defect {
        name: "error-pages-end-it",
        about: "An error page that is not JSON ends in an exception, and the notification with it.",
        scenario: "delivery/error-page",
        violates: &[id("ERR-06")],
        amendments: Amendments::NONE,
        seams: || {
            outcome(|error| {
                if reason(&error) == "status 502" {
                    Ok(())
                } else {
                    Err(error)
                }
            })
        },
    },
    Defect {
        name: "lost-connections-end-it",
        about: "A notification is done with when the connection broke.",
        scenario: "delivery/connection-lost",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: || {
            outcome(|error| {
                if reason(&error) == "no answer" {
                    Ok(())
                } else {
                    Err(error)
                }
            })
        },
    },
    Defect {
        name: "no-pause",
        about: "A notification that failed is repeated in a tight loop.",
        scenario: "delivery/unavailable-for-longer",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: without_pause,
    },
    Defect {
        name: "two-attempts",
        about: "After two attempts a notification is given up.",
        scenario: "delivery/unavailable-for-longer",
        violates: &[id("ERR-04")],
        amendments: Amendments::NONE,
        seams: two_attempts,
    },
    Defect {
        name: "own-times-only",
        about: "Retry-After is not read.",
        scenario: "delivery/come-back-later",
        violates: &[id("ERR-10")],
        amendments: Amendments::NONE,
        seams: || {
            outcome(|error| match error {
                DeliveryError::Again { reason, .. } => Err(DeliveryError::Again { reason, after: None }),
                given_up @ DeliveryError::GiveUp { .. } => Err(given_up),
            })
        },
    },
    Defect {
        name: "bad-requests-repeated",
        about: "A notification that was answered 400 is repeated as it is.",
        scenario: "delivery/bad-request",
        violates: &[id("ERR-03")],
        amendments: Amendments::NONE,
        seams: || outcome(|error| again_after(error, "status 400")),
    },
    Defect {
        name: "forbidden-repeated",
        about: "A notification that was answered 403 is repeated as it is.",
        scenario: "delivery/forbidden",
        violates: &[id("ERR-03")],
        amendments: Amendments::NONE,
        seams: || outcome(|error| again_after(error, "status 403")),
    },
    Defect {
        name: "old-news-last",
        about: "A new start that Google could not take is told again after everything newer.",
        scenario: "delivery/newest-state-wins",
        violates: &[id("ERR-05")],
        amendments: Amendments::NONE,
        seams: || {
            notifier(|message, inner| async move {
                match inner.deliver(&message).await {
                    Err(DeliveryError::Again { .. }) if is_move(&message) => {
                        later(message, inner, Duration::from_millis(150));
                        Ok(())
                    }
                    other => other,
                }
            })
        },
    },
    Defect {
        name: "order-by-chance",
        about: "The first move of a booking is told after the second.",
        scenario: "delivery/changes-in-order",
        violates: &[id("OPS-05")],
        amendments: Amendments::NONE,
        seams: out_of_order,
    },
    Defect {
        name: "told-when-it-suits",
        about: "What happens to a booking is told seconds later.",
        scenario: "online/unpaid",
        violates: &[id("OPS-04")],
        amendments: Amendments::NONE,
        seams: seconds_later,
    },
];

/// Changes what is made of a delivery that did not work.
fn outcome(of: impl Fn(DeliveryError) -> Delivered + Clone + Send + Sync + 'static) -> Seams {
    notifier(move |message, inner| {
        let of = of.clone();
        async move { inner.deliver(&message).await.or_else(of) }
    })
}

fn reason(error: &DeliveryError) -> &str {
    match error {
        DeliveryError::Again { reason, .. } | DeliveryError::GiveUp { reason } => reason,
    }
}

fn is_answer(error: &DeliveryError) -> bool {
    reason(error).starts_with("status ")
}

fn again_after(error: DeliveryError, which: &str) -> Delivered {
    match error {
        DeliveryError::GiveUp { reason } if reason == which => {
            Err(DeliveryError::Again { reason, after: None })
        }
        other => Err(other),
    }
}

fn without_pause() -> Seams {
    notifier(|message, inner| async move {
        let mut delivered = inner.deliver(&message).await;
        for _ in 0..10 {
            match &delivered {
                Err(error) if reason(error) == "status 503" => delivered = inner.deliver(&message).await,
                _ => break,
            }
        }
        delivered
    })
}

fn two_attempts() -> Seams {
    let tried: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let second = tried.keep(message.id.to_string(), ()).is_some();
        async move {
            match inner.deliver(&message).await {
                Err(_) if second && is_patch(&message.content) => Ok(()),
                other => other,
            }
        }
    })
}

fn is_move(message: &OutboxMessage) -> bool {
    message.content.body.get("startTime").is_some()
}

fn later(message: OutboxMessage, inner: std::sync::Arc<dyn reference_server::Notifier>, pause: Duration) {
    // Nobody asks what becomes of it: that is what is wrong with this partner.
    drop(tokio::spawn(async move {
        tokio::time::sleep(pause).await;
        inner.deliver(&message).await
    }));
}

fn out_of_order() -> Seams {
    let moved: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let first = is_move(&message) && moved.keep(message.content.lane(), ()).is_none();
        async move {
            if first {
                later(message, inner, Duration::from_millis(400));
                return Ok(());
            }
            inner.deliver(&message).await
        }
    })
}

fn seconds_later() -> Seams {
    let acts = Acts::default();
    Seams {
        http: Some(acts.watch()),
        ..notifier(move |message, inner| {
            let late = is_patch(&message.content) && acts.was("unpaid", &message.content);
            async move {
                if late {
                    // A little longer than the run waits.
                    tokio::time::sleep(Duration::from_millis(6_150)).await;
                }
                inner.deliver(&message).await
            }
        })
    }
}
