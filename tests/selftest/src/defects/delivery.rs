//! How notifications get through.

use crate::notifications::{Acts, Delivered, is_patch, notifier};
use crate::wire::Memory;
use crate::{Amendments, Defect, id};
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
        seams: || done_with("status 503 with text/html"),
    },
    Defect {
        name: "lost-connections-end-it",
        about: "A notification is done with when the connection broke.",
        scenario: "delivery/connection-lost",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: || done_with("no answer"),
    },
    Defect {
        name: "network-errors-end-it",
        about: "A notification is done with whenever it got no answer, since it may have been heard.",
        scenario: "delivery/acknowledgement-lost",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: || outcome(|error| if is_silence(&error) { Ok(()) } else { Err(error) }),
    },
    Defect {
        name: "resets-end-it",
        about: "A notification is done with when the connection was reset.",
        scenario: "delivery/connection-reset",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: || done_with("connection reset"),
    },
    Defect {
        name: "internal-errors-end-it",
        about: "A notification is done with when Google had an error of its own.",
        scenario: "delivery/internal-error",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: || done_with("status 500"),
    },
    Defect {
        name: "broken-json-ends-it",
        about: "An error answer that is no complete JSON ends in an exception, and the notification with it.",
        scenario: "delivery/broken-json",
        violates: &[id("ERR-06")],
        amendments: Amendments::NONE,
        seams: || done_with("status 503 with application/json"),
    },
    Defect {
        name: "sent-beside-itself",
        about: "What is not answered within a fifth of a second is sent once more beside the first attempt.",
        scenario: "delivery/late-answer",
        violates: &[id("ERR-02")],
        amendments: Amendments::NONE,
        seams: beside_itself,
    },
    Defect {
        name: "lost-while-google-is-slow",
        about: "What happens to a booking while Google keeps an answer back is forgotten.",
        scenario: "delivery/late-answer",
        violates: &[id("ERR-04")],
        amendments: Amendments::NONE,
        seams: forgotten_meanwhile,
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
        name: "not-found-repeated",
        about: "A notification that was answered 404 is repeated as it is.",
        scenario: "delivery/not-found",
        violates: &[id("ERR-03")],
        amendments: Amendments::NONE,
        seams: || outcome(|error| again_after(error, "status 404")),
    },
    Defect {
        name: "old-news-last",
        about: "A new start that Google could not take is told again after everything newer.",
        scenario: "delivery/newest-state-wins",
        violates: &[id("ERR-05")],
        amendments: Amendments::NONE,
        seams: || old_news_last(|_| true),
    },
    Defect {
        name: "lost-answers-asked-for-last",
        about: "A new start whose answer got lost is told again after everything newer.",
        scenario: "delivery/newest-state-after-a-lost-answer",
        violates: &[id("ERR-05")],
        amendments: Amendments::NONE,
        seams: || old_news_last(|error| reason(error) == "no answer"),
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

/// Takes a delivery that failed for a reason that begins like this for one that worked.
fn done_with(why: &'static str) -> Seams {
    outcome(move |error| {
        if reason(&error).starts_with(why) {
            Ok(())
        } else {
            Err(error)
        }
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

fn is_silence(error: &DeliveryError) -> bool {
    [
        "no answer",
        "no answer in time",
        "no connection",
        "connection reset",
    ]
    .contains(&reason(error))
}

fn again_after(error: DeliveryError, which: &str) -> Delivered {
    match error {
        DeliveryError::GiveUp { reason } if reason.starts_with(which) => {
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
                Err(error) if reason(error).starts_with("status 503") => {
                    delivered = inner.deliver(&message).await;
                }
                _ => break,
            }
        }
        delivered
    })
}

fn beside_itself() -> Seams {
    notifier(|message, inner| async move {
        let first = inner.deliver(&message);
        tokio::pin!(first);
        tokio::select! {
            biased;
            delivered = &mut first => delivered,
            () = crate::time::sleep(Duration::from_millis(200)) => {
                let (_, delivered) = tokio::join!(inner.deliver(&message), first);
                delivered
            }
        }
    })
}

/// Longer than any answer takes that nobody keeps back.
const KEPT_BACK: Duration = Duration::from_millis(1_500);

fn forgotten_meanwhile() -> Seams {
    let slow: Memory<()> = Memory::default();
    notifier(move |message, inner| {
        let slow = slow.clone();
        async move {
            let lane = message.content.lane();
            if slow.recall(&lane).is_some() {
                return Ok(());
            }
            let began = crate::time::elapsed();
            let delivered = inner.deliver(&message).await;
            if is_patch(&message.content) && crate::time::elapsed().saturating_sub(began) > KEPT_BACK {
                slow.keep(lane, ());
            }
            delivered
        }
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

/// A move that fails in this way is told again when something newer has been told.
fn old_news_last(how: fn(&DeliveryError) -> bool) -> Seams {
    let failed: Memory<Option<OutboxMessage>> = Memory::default();
    notifier(move |message, inner| {
        let failed = failed.clone();
        async move {
            let lane = message.content.lane();
            let delivered = inner.deliver(&message).await;
            match &delivered {
                Err(error @ DeliveryError::Again { .. }) if is_move(&message) && how(error) => {
                    failed.keep(lane, Some(message));
                    return Ok(());
                }
                Err(_) => {}
                Ok(()) => {
                    if let Some(old) = failed.keep(lane, None).flatten() {
                        drop(inner.deliver(&old).await);
                    }
                }
            }
            delivered
        }
    })
}

fn later(message: OutboxMessage, inner: std::sync::Arc<dyn reference_server::Notifier>, pause: Duration) {
    // Nobody asks what becomes of it: that is what is wrong with this partner.
    drop(tokio::spawn(async move {
        crate::time::sleep(pause).await;
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
                    crate::time::sleep(Duration::from_millis(6_150)).await;
                }
                inner.deliver(&message).await
            }
        })
    }
}
