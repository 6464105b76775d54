//! Bookings that may stand at the partner: how many, which, and what to do.

use super::one_line;
use outcome::RunReport;
use transcript::MayStand;

/// So many are shown one by one.
const SHOWN: usize = 20;

/// What became of the bookings of a run: a count first, then a line for each that may stand.
pub(super) fn lines(run: &RunReport) -> Vec<String> {
    let canceled = run.cleanup.canceled;
    let many = run.may_stand.len();
    if many == 0 {
        return vec![format!("{canceled} cancelled at the end, none left standing")];
    }
    let (are, them) = if many == 1 {
        ("booking", "it")
    } else {
        ("bookings", "them")
    };
    let mut lines = vec![format!(
        "{many} {are} may still stand on your server: cancel {them} by hand ({canceled} cancelled at the end)"
    )];
    lines.extend(shown(&run.may_stand, "may_stand"));
    lines
}

/// The orders that a run made: a count first, then a line for each.
pub(super) fn orders(run: &RunReport) -> Vec<String> {
    let many = run.orders.len();
    if many == 0 {
        return Vec::new();
    }
    let (orders, stand, them) = if many == 1 {
        ("order", "stands", "it")
    } else {
        ("orders", "stand", "them")
    };
    // One without an id was answered with none, and may never have been made.
    let known = run
        .orders
        .iter()
        .filter(|order| order.booking_id.is_some())
        .count();
    let stand = match known {
        0 => "may stand".to_owned(),
        _ if known == many => stand.to_owned(),
        _ => format!("{stand} or may stand"),
    };
    let mut lines = vec![format!(
        "{many} {orders} {stand} on your server, since Google's API cannot cancel {them}: cancel {them} by hand"
    )];
    lines.extend(shown(&run.orders, "orders"));
    lines
}

/// A line for each.
pub fn standing_lines(all: &[MayStand]) -> Vec<String> {
    all.iter().map(|one| format!("  {}", self::one(one))).collect()
}

/// A line for each, and where the rest is to be found.
fn shown(all: &[MayStand], field: &str) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(SHOWN).map(one).collect();
    if all.len() > SHOWN {
        let rest = all.len() - SHOWN;
        lines.push(format!(
            "and {rest} more, in \"{field}\" of run.json: --report json=run.json"
        ));
    }
    lines
}

fn one(booking: &MayStand) -> String {
    let noun = booking.kind.noun();
    let id = match &booking.booking_id {
        Some(id) => format!("{noun} {id}"),
        None => format!("{noun} of unknown id"),
    };
    let start = jiff::Timestamp::from_second(booking.start_sec)
        .ok()
        .filter(|_| booking.start_sec != 0)
        .map(|time| format!(" at {time}"));
    let MayStand {
        merchant_id,
        service_id,
        user_id,
        idempotency_token,
        why,
        ..
    } = booking;
    let text = format!(
        "{id}: {merchant_id} / {service_id}{}, user {user_id}, idempotency_token {idempotency_token}: {why}",
        start.unwrap_or_default()
    );
    // Ids are the partner's own words, and may hold anything.
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;
    use transcript::StandingKind;

    fn booking(id: Option<&str>) -> MayStand {
        MayStand {
            idempotency_token: "t-1".into(),
            merchant_id: "m".into(),
            service_id: "s".into(),
            start_sec: 1_893_484_800,
            user_id: "u".into(),
            booking_id: id.map(Into::into),
            kind: StandingKind::Booking,
            scenario: "a/b".into(),
            why: "CreateBooking was answered with HTTP 500".into(),
        }
    }

    fn lines_of(may_stand: Vec<MayStand>) -> Vec<String> {
        let mut run = Sample::new().report;
        run.may_stand = may_stand;
        lines(&run)
    }

    #[test]
    fn the_count_comes_first_and_each_is_a_line() {
        assert_eq!(
            lines_of(Vec::new()),
            ["2 cancelled at the end, none left standing"]
        );
        let told = lines_of(vec![booking(None), booking(Some("7\u{1b}[31m\n8"))]);
        assert_eq!(
            told,
            [
                "2 bookings may still stand on your server: cancel them by hand (2 cancelled at the end)",
                "booking of unknown id: m / s at 2030-01-01T08:00:00Z, user u, idempotency_token t-1: CreateBooking was \
                 answered with HTTP 500",
                "booking 7<U+001B>[31m 8: m / s at 2030-01-01T08:00:00Z, user u, idempotency_token t-1: CreateBooking was answered \
                 with HTTP 500",
            ]
        );
    }

    #[test]
    fn an_order_is_told_by_itself() {
        let mut run = Sample::new().report;
        let order = |id| MayStand {
            kind: StandingKind::Order,
            ..booking(id)
        };
        for (all, told_first, told_next) in [
            (
                vec![Some("o-1")],
                "1 order stands on your server",
                "order o-1: m / s at 2030",
            ),
            (
                vec![None],
                "1 order may stand on your server",
                "order of unknown id: m / s at 2030",
            ),
            (
                vec![None, Some("o-1")],
                "2 orders stand or may stand on your server",
                "order of unknown id",
            ),
        ] {
            run.orders = all.into_iter().map(order).collect();
            let told = orders(&run);
            assert!(told[0].starts_with(told_first), "{told:?}");
            assert!(told[1].starts_with(told_next), "{told:?}");
        }
        run.orders.clear();
        assert_eq!(orders(&run), Vec::<String>::new());
    }

    #[test]
    fn very_many_are_counted() {
        let told = lines_of(vec![booking(None); 25]);
        assert_eq!(told.len(), 22);
        assert!(told[0].starts_with("25 bookings") && told[21].starts_with("and 5 more"));
    }
}
