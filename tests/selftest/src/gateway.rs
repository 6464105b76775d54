//! Decorators of the reference partner's payment gateway: what its books show of the money that moved.

use super::wire::{Memory, replies, text, watched};
use async_trait::async_trait;
use axum::Router;
use protocol::{Method, int64};
use reference_server::{
    CardOrder, Gateway, GatewayDecorator, GatewayError, LedgerEntry, Price, Receipt, RefundOrder, Seams,
    StoredOrder,
};
use serde_json::Value;
use std::sync::Arc;

/// A booking whose books are looked into.
#[derive(Clone)]
pub(super) struct Sale {
    /// The booking as CreateBooking answered it.
    pub(super) booking: Value,
    /// What was done to it since, on the partner's side by the name of the action, by Google as `google`.
    pub(super) acts: Vec<String>,
}

impl Sale {
    /// The payment part of the answer.
    pub(super) fn payment(&self) -> &Value {
        &self.booking["payment_information"]
    }

    /// True when the whole price was paid with the booking.
    pub(super) fn is_prepaid(&self) -> bool {
        let payment = self.payment();
        payment["prepayment_status"] == "PREPAYMENT_PROVIDED" && payment.get("deposit").is_none()
    }

    /// True when a fee for not coming was agreed on, and nothing else.
    pub(super) fn has_fee_alone(&self) -> bool {
        let payment = self.payment();
        payment.get("no_show_fee").is_some() && payment.get("deposit").is_none()
    }

    /// True when a card was needed and nothing was to be paid.
    pub(super) fn has_card_alone(&self) -> bool {
        let payment = self.payment();
        let nothing = payment.get("no_show_fee").is_none() && payment.get("deposit").is_none();
        nothing && payment.get("payment_processed_by").is_some() && !self.is_prepaid()
    }

    /// The service that was booked.
    pub(super) fn service(&self) -> &str {
        self.booking["slot"]["service_id"].as_str().unwrap_or_default()
    }

    /// A charge of an amount of the payment part.
    pub(super) fn charge(&self, pointer: &str) -> LedgerEntry {
        let price = self.payment().pointer(pointer).cloned().unwrap_or_default();
        LedgerEntry {
            kind: "charge".to_owned(),
            amount_micros: int64::read(&price["price_micros"]).unwrap_or_default(),
            currency: text(&price, "/currency_code").unwrap_or_default(),
            at_sec: 0,
            id: "ch_besides".to_owned(),
        }
    }

    /// True when somebody did this to it.
    pub(super) fn was(&self, action: &str) -> bool {
        self.acts.iter().any(|act| act == action)
    }
}

type Edit = dyn Fn(Option<&Sale>, &mut Vec<LedgerEntry>) + Send + Sync;

struct EditingGateway {
    inner: Arc<dyn Gateway>,
    sales: Memory<Sale>,
    edit: Arc<Edit>,
}

/// A reference partner with whose money something else happens; the books of bookings that were made show it.
pub(super) fn edit_ledger(edit: impl Fn(&Sale, &mut Vec<LedgerEntry>) + Send + Sync + 'static) -> Seams {
    let sales: Memory<Sale> = Memory::default();
    let known = move |sale: Option<&Sale>, lines: &mut Vec<LedgerEntry>| {
        if let Some(sale) = sale {
            edit(sale, lines);
        }
    };
    Seams {
        gateway: Some(decorator(sales.clone(), known)),
        ..remember_bookings(sales)
    }
}

/// A reference partner whose books say something else, whatever the booking.
pub(super) fn edit_ledger_entries(edit: impl Fn(&mut LedgerEntry) + Send + Sync + 'static) -> Seams {
    let every = move |_: Option<&Sale>, lines: &mut Vec<LedgerEntry>| lines.iter_mut().for_each(&edit);
    Seams {
        gateway: Some(decorator(Memory::default(), every)),
        ..Seams::default()
    }
}

fn decorator(
    sales: Memory<Sale>,
    edit: impl Fn(Option<&Sale>, &mut Vec<LedgerEntry>) + Send + Sync + 'static,
) -> GatewayDecorator {
    let edit: Arc<Edit> = Arc::new(edit);
    Arc::new(move |inner: Arc<dyn Gateway>| {
        let (sales, edit) = (sales.clone(), Arc::clone(&edit));
        Arc::new(EditingGateway { inner, sales, edit }) as Arc<dyn Gateway>
    })
}

/// Remembers the bookings that are made and what is done to them.
fn remember_bookings(sales: Memory<Sale>) -> Seams {
    let acted = sales.clone();
    let at_the_console = watched(move |path| {
        let segments: Vec<_> = path.split('/').collect();
        if let ["", "console", "bookings", id, action] = segments.as_slice() {
            remember(&acted, id, action);
        }
    });
    let api = replies(move |call, reply| match call.method {
        Some(Method::CreateBooking) => {
            let booking = reply.body["booking"].clone();
            if let Some(id) = text(&booking, "/booking_id") {
                let acts = Vec::new();
                sales.first(id, Sale { booking, acts });
            }
        }
        Some(Method::UpdateBooking) if call.text("/booking/status").is_some() => {
            remember(
                &sales,
                &call.text("/booking/booking_id").unwrap_or_default(),
                "google",
            );
        }
        _ => {}
    });
    let api = api.http;
    Seams {
        http: Some(Arc::new(move |router: Router| {
            let router = at_the_console(router);
            api.as_ref().map_or(router.clone(), |around| around(router))
        })),
        ..Seams::default()
    }
}

fn remember(sales: &Memory<Sale>, id: &str, action: &str) {
    if let Some(mut sale) = sales.recall(id) {
        sale.acts.push(action.to_owned());
        sales.keep(id, sale);
    }
}

#[async_trait]
impl Gateway for EditingGateway {
    async fn charge(&self, order: &CardOrder, amount: &Price) -> Result<Receipt, GatewayError> {
        self.inner.charge(order, amount).await
    }

    async fn store_card(&self, order: &CardOrder) -> Result<Receipt, GatewayError> {
        self.inner.store_card(order).await
    }

    async fn charge_stored(&self, order: &StoredOrder, amount: &Price) -> Result<Receipt, GatewayError> {
        self.inner.charge_stored(order, amount).await
    }

    async fn refund(&self, order: &RefundOrder) -> Result<Receipt, GatewayError> {
        self.inner.refund(order).await
    }

    async fn ledger(&self, booking_id: &str) -> Result<Vec<LedgerEntry>, GatewayError> {
        let mut lines = self.inner.ledger(booking_id).await?;
        (self.edit)(self.sales.recall(booking_id).as_ref(), &mut lines);
        Ok(lines)
    }
}
