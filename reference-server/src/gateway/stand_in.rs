//! A stand-in for a gateway, with a ledger that survives a restart. It knows its own tokens by their beginning; what they say
//! makes something happen: "declined" is declined, "threeds1" is challenged.

use super::seam::{
    CardOrder, Challenge, Gateway, GatewayError, LedgerEntry, Receipt, RefundOrder, StoredOrder,
};
use super::token::CardToken;
use crate::clock::Clock;
use crate::ids::random_id;
use crate::messages::Price;
use crate::store::{Database, StoreError};
use async_trait::async_trait;
use aws_lc_rs::digest::{SHA256, digest};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// How tokens of this gateway begin, and the one that Google prints in its own examples.
const OWN_TOKENS: [&str; 2] = ["tok_", "examplePaymentMethodToken"];

pub(crate) struct StandInGateway {
    database: Database,
    clock: Arc<dyn Clock>,
}

/// An entry that is about to be written.
struct NewEntry {
    kind: &'static str,
    booking_id: String,
    reference: String,
    amount: Option<Price>,
    at_sec: i64,
}

impl StandInGateway {
    pub(crate) fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    fn new_entry(
        &self,
        kind: &'static str,
        booking_id: &str,
        reference: &str,
        amount: Option<&Price>,
    ) -> NewEntry {
        NewEntry {
            kind,
            booking_id: booking_id.to_owned(),
            reference: reference.to_owned(),
            amount: amount.cloned(),
            at_sec: self.clock.now_sec(),
        }
    }

    async fn run<T, F>(&self, job: F) -> Result<T, GatewayError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.database
            .run_job(job)
            .await
            .map_err(|_| GatewayError::Unavailable)
    }

    /// Uses up the token and writes the entry.
    async fn use_token(&self, order: &CardOrder, entry: NewEntry) -> Result<Receipt, GatewayError> {
        authorize(order)?;
        let (token, reference) = (token_digest(&order.token), order.reference.clone());
        let id = self.run(move |connection| {
            let mine = use_up(connection, &token, &reference)?;
            mine.then(|| write_once(connection, &entry)).transpose()
        });
        let id = id.await?.ok_or(GatewayError::TokenUsed)?;
        Ok(Receipt {
            card: order.keep_card.then(|| card_id(&id)),
            id,
        })
    }
}

#[async_trait]
impl Gateway for StandInGateway {
    async fn charge(&self, order: &CardOrder, amount: &Price) -> Result<Receipt, GatewayError> {
        let entry = self.new_entry("charge", &order.booking_id, &order.reference, Some(amount));
        self.use_token(order, entry).await
    }

    async fn store_card(&self, order: &CardOrder) -> Result<Receipt, GatewayError> {
        let entry = self.new_entry("store_card", &order.booking_id, &order.reference, None);
        self.use_token(order, entry).await
    }

    async fn charge_stored(&self, order: &StoredOrder, amount: &Price) -> Result<Receipt, GatewayError> {
        let entry = self.new_entry("charge", &order.booking_id, &order.reference, Some(amount));
        let id = self.run(move |connection| write_once(connection, &entry)).await?;
        Ok(Receipt {
            id,
            card: Some(order.card.clone()),
        })
    }

    async fn refund(&self, order: &RefundOrder) -> Result<Receipt, GatewayError> {
        let entry = self.new_entry("refund", &order.booking_id, &order.reference, Some(&order.amount));
        let charge = order.transaction_id.clone();
        let id = self.run(move |connection| {
            let enough =
                charged_amount(connection, &charge)? >= entry.amount.as_ref().map_or(0, |a| a.price_micros);
            enough.then(|| write_once(connection, &entry)).transpose()
        });
        Ok(Receipt {
            id: id.await?.ok_or(GatewayError::Refused)?,
            card: None,
        })
    }

    async fn ledger(&self, booking_id: &str) -> Result<Vec<LedgerEntry>, GatewayError> {
        let booking_id = booking_id.to_owned();
        self.run(move |connection| entries(connection, &booking_id)).await
    }
}

/// Asks the bank behind the card.
fn authorize(order: &CardOrder) -> Result<(), GatewayError> {
    let token = order.token.reveal();
    let says = |word| token.to_ascii_lowercase().contains(word);
    if !OWN_TOKENS.iter().any(|beginning| token.starts_with(beginning)) {
        return Err(GatewayError::Refused);
    }
    if says("declined") {
        return Err(GatewayError::Declined);
    }
    match order.challenge_response.as_deref() {
        None | Some("") if says("threeds1") => Err(GatewayError::Challenged(Box::new(challenge(order)))),
        Some("N") => Err(GatewayError::Declined),
        _ => Ok(()),
    }
}

fn challenge(order: &CardOrder) -> Challenge {
    Challenge {
        acs_url: "https://acs.bank.example/challenge".to_owned(),
        pa_req: format!("pareq-{}", random_id()),
        transaction_id: format!("acs-{}", random_id()),
        merchant_data: order.booking_id.clone(),
    }
}

/// Only the digest is kept: the ledger needs to know a token again, not to hold it.
fn token_digest(token: &CardToken) -> Vec<u8> {
    digest(&SHA256, token.reveal().as_bytes()).as_ref().to_vec()
}

fn card_id(transaction_id: &str) -> String {
    format!("card_{transaction_id}")
}

/// Whether the token is this order's: new, or used up by the same order before.
fn use_up(connection: &Connection, token: &[u8], reference: &str) -> Result<bool, StoreError> {
    let sql = "INSERT INTO gateway_used_tokens VALUES (?1, ?2)
        ON CONFLICT (digest) DO UPDATE SET reference = reference RETURNING reference = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![token, reference], |row| row.get(0))?)
}

/// The same order again finds its own entry, unless that was given back meanwhile.
fn write_once(connection: &Connection, entry: &NewEntry) -> Result<String, StoreError> {
    let Some(id) = earlier(connection, entry)? else {
        return write(connection, entry);
    };
    // A server that died before it stored the booking comes back with another booking for the same order.
    let sql = "UPDATE gateway_ledger SET booking_id = ?2 WHERE id = ?1";
    connection
        .prepare_cached(sql)?
        .execute(params![id, entry.booking_id])?;
    Ok(id)
}

fn earlier(connection: &Connection, entry: &NewEntry) -> Result<Option<String>, StoreError> {
    let sql = "SELECT id FROM gateway_ledger AS done WHERE kind = ?1 AND reference = ?2 AND NOT EXISTS
        (SELECT 1 FROM gateway_ledger WHERE kind = 'refund' AND reference = 'undo:' || done.id)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row(params![entry.kind, entry.reference], |row| row.get(0))
        .optional()?)
}

fn write(connection: &Connection, entry: &NewEntry) -> Result<String, StoreError> {
    let prefix = match entry.kind {
        "charge" => "ch",
        "refund" => "re",
        _ => "seti",
    };
    let id = format!("{prefix}_{}", random_id());
    let amount = entry
        .amount
        .as_ref()
        .map_or((0, ""), |a| (a.price_micros, a.currency_code.as_str()));
    let sql = "INSERT INTO gateway_ledger (id, booking_id, kind, amount_micros, currency, at_sec, reference)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        id,
        entry.booking_id,
        entry.kind,
        amount.0,
        amount.1,
        entry.at_sec,
        entry.reference
    ])?;
    Ok(id)
}

fn charged_amount(connection: &Connection, transaction_id: &str) -> Result<i64, StoreError> {
    let sql = "SELECT amount_micros FROM gateway_ledger WHERE id = ?1 AND kind = 'charge'";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row([transaction_id], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

fn entries(connection: &Connection, booking_id: &str) -> Result<Vec<LedgerEntry>, StoreError> {
    let sql = "SELECT kind, amount_micros, currency, at_sec, id FROM gateway_ledger
        WHERE booking_id = ?1 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([booking_id], |row| {
        Ok(LedgerEntry {
            kind: row.get(0)?,
            amount_micros: row.get(1)?,
            currency: row.get(2)?,
            at_sec: row.get(3)?,
            id: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::clock::SystemClock;
    use crate::gateway::PaymentToken;

    fn gateway() -> StandInGateway {
        StandInGateway::new(Database::in_memory().unwrap(), Arc::new(SystemClock))
    }

    fn order(token: &str, reference: &str) -> CardOrder {
        CardOrder {
            booking_id: format!("booking of {reference}"),
            reference: reference.to_owned(),
            token: PaymentToken::parse(token).unwrap().card,
            keep_card: false,
            challenge_response: None,
        }
    }

    #[tokio::test]
    async fn the_same_order_charges_once() {
        let (gateway, price) = (gateway(), Price::new(5_000_000, "USD"));
        let first = gateway.charge(&order("tok_1", "a"), &price).await.unwrap();
        let retried = CardOrder {
            booking_id: "new draft".to_owned(),
            ..order("tok_1", "a")
        };
        let again = gateway.charge(&retried, &price).await.unwrap();
        assert_eq!(first, again);
        assert!(gateway.ledger("booking of a").await.unwrap().is_empty());
        assert_eq!(gateway.ledger("new draft").await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_token_serves_one_order() {
        let (gateway, price) = (gateway(), Price::new(5_000_000, "USD"));
        gateway.charge(&order("tok_1", "a"), &price).await.unwrap();
        let other = gateway.charge(&order("tok_1", "b"), &price).await;
        assert_eq!(other, Err(GatewayError::TokenUsed));
        assert!(gateway.ledger("booking of b").await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_refund_is_not_more_than_the_charge() {
        let (gateway, price) = (gateway(), Price::new(5_000_000, "USD"));
        let charge = gateway.charge(&order("tok_1", "a"), &price).await.unwrap();
        let refund = |micros| RefundOrder {
            booking_id: "booking of a".to_owned(),
            reference: format!("refund {micros}"),
            transaction_id: charge.id.clone(),
            amount: Price::new(micros, "USD"),
        };
        assert!(gateway.refund(&refund(2_500_000)).await.is_ok());
        assert_eq!(
            gateway.refund(&refund(5_000_001)).await,
            Err(GatewayError::Refused)
        );
    }

    #[tokio::test]
    async fn a_challenge_uses_nothing_up_and_its_answer_is_followed() {
        let (gateway, price) = (gateway(), Price::new(5_000_000, "USD"));
        let asked = order("tok_threeds1_1", "a");
        let answered = |response: &str| CardOrder {
            challenge_response: Some(response.to_owned()),
            ..asked.clone()
        };
        let challenged = gateway.charge(&asked, &price).await;
        assert!(matches!(challenged, Err(GatewayError::Challenged(_))));
        assert_eq!(
            gateway.charge(&answered("N"), &price).await,
            Err(GatewayError::Declined)
        );
        assert!(gateway.ledger("booking of a").await.unwrap().is_empty());
        assert!(gateway.charge(&answered("Y"), &price).await.is_ok());
    }

    #[tokio::test]
    async fn a_token_of_nobody_is_refused() {
        let refused = gateway().store_card(&order("4111 or so", "a")).await;
        assert_eq!(refused, Err(GatewayError::Refused));
    }

    #[tokio::test]
    async fn a_declined_card_leaves_nothing() {
        let gateway = gateway();
        let result = gateway
            .charge(&order("tok_declined", "a"), &Price::new(1, "USD"))
            .await;
        assert_eq!(result, Err(GatewayError::Declined));
        assert!(gateway.ledger("booking of a").await.unwrap().is_empty());
    }
}
