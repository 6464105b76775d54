//! Card tokens that a gateway may refuse with good reason: one that the config does not name, and one that is sent more than once.

use super::Doubt;
use super::unstated::exchange_of;
use outcome::Finding;
use protocol::Method;
use rules::Case;
use scenario::Card;
use serde_json::Value;
use transcript::Exchange;

const TOKEN: &str = "/payment_processing_parameters/unparsed_payment_method_token";
const IDEMPOTENCY_TOKEN: &str = "/idempotency_token";

/// The line of the config that tells the two apart.
const LINE: &str = "[payments] token = \"tok_test_{fresh}\", where {fresh} is another text in every request";

/// A booking or an order that was made with a token.
struct Paid<'t> {
    token: &'t Value,
    idempotency_token: Option<&'t Value>,
    sent_ms: u64,
}

/// The tokens of a run.
struct Tokens<'t> {
    /// True where the config names none.
    are_published: bool,
    paid: Vec<Paid<'t>>,
}

/// Says that a token was refused that may not be taken, or not be taken twice; nothing where none was refused.
pub(super) fn doubt<'c>(cases: &'c [Case<'_>], are_published: bool) -> Option<Doubt<'c>> {
    let paid = cases.iter().flat_map(made).filter_map(|exchange| paid(&exchange));
    let tokens = Tokens {
        are_published,
        paid: paid.collect(),
    };
    let refused: Vec<_> = cases
        .iter()
        .flat_map(|case| made(case).filter(|exchange| tokens.explain(case, exchange)))
        .collect();
    let used = refused.iter().find(|exchange| tokens.is_used(exchange));
    let told = cause(used.or(refused.first())?)?;
    let why = if used.is_some() {
        "its card token had paid for another booking before: either your gateway takes each token once"
    } else {
        "the config names no card token, so that one was sent which gateways publish for tests: either your gateway does not take it"
    };
    let words = format!(
        "a booking was refused with {told}, and {why}, or your server refuses what it should take; write a token that it takes, such as {LINE}"
    );
    Some(Doubt::new(words, move |case, finding| {
        tokens.are_behind(case, finding)
    }))
}

/// Bookings and orders that were asked for.
fn made<'c>(case: &'c Case<'_>) -> impl Iterator<Item = Exchange<'c>> {
    let all = case.transcript.exchanges();
    all.filter(|exchange| matches!(exchange.call.method, Method::CreateBooking | Method::CreateOrder))
}

/// The cause of a refusal that is about the payment.
fn cause<'t>(exchange: &Exchange<'t>) -> Option<&'t str> {
    let places = ["/booking_failure/cause", "/order_failure/cause"];
    let told = places
        .iter()
        .find_map(|place| exchange.answer_value(place)?.as_str());
    told.filter(|told| told.starts_with("PAYMENT_ERROR"))
}

fn paid<'t>(exchange: &Exchange<'t>) -> Option<Paid<'t>> {
    let places = ["/booking/booking_id", "/order/order_id"];
    places.iter().find_map(|place| exchange.answer_value(place))?;
    Some(Paid {
        token: exchange.request_value(TOKEN)?,
        idempotency_token: exchange.request_value(IDEMPOTENCY_TOKEN),
        sent_ms: exchange.sent_ms,
    })
}

impl Tokens<'_> {
    fn are_behind(&self, case: &Case<'_>, finding: &Finding) -> bool {
        exchange_of(case, finding).is_some_and(|exchange| self.explain(case, &exchange))
    }

    /// True of the refusal of a good card for which its token may be the reason.
    fn explain(&self, case: &Case<'_>, exchange: &Exchange<'_>) -> bool {
        let is_good = |card: &Card| matches!(card, Card::Good | Card::GooglePay | Card::Bare);
        cause(exchange).is_some()
            && exchange.request_value(TOKEN).is_some()
            && case.step_of(exchange).is_none_or(|step| is_good(&step.card))
            && (self.are_published || self.is_used(exchange))
    }

    /// True where the token had paid for something else by then.
    fn is_used(&self, exchange: &Exchange<'_>) -> bool {
        let (token, mine) = (
            exchange.request_value(TOKEN),
            exchange.request_value(IDEMPOTENCY_TOKEN),
        );
        let is_another =
            |paid: &&Paid<'_>| paid.idempotency_token != mine && paid.sent_ms < exchange.answered_ms;
        let mut others = self.paid.iter().filter(is_another);
        others.any(|paid| Some(paid.token) == token)
    }
}
