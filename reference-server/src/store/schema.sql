-- Columns hold what queries and constraints need; the document holds the whole record.
CREATE TABLE IF NOT EXISTS bookings (
    id          TEXT PRIMARY KEY,
    user_id     TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    start_sec   INTEGER NOT NULL,
    staff_id    TEXT NOT NULL,
    room_id     TEXT NOT NULL,
    party_size  INTEGER NOT NULL,
    occupies    INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS bookings_by_place ON bookings
    (merchant_id, service_id, start_sec, staff_id, room_id, party_size) WHERE occupies = 1;
CREATE INDEX IF NOT EXISTS bookings_by_user ON bookings (user_id);

-- A token has a row exactly when it made a booking, so a failed attempt can be tried again.
CREATE TABLE IF NOT EXISTS idempotency_tokens (
    token      TEXT PRIMARY KEY,
    booking_id TEXT NOT NULL REFERENCES bookings (id)
) STRICT, WITHOUT ROWID;

-- An order, with the token that made it.
CREATE TABLE IF NOT EXISTS orders (
    id       TEXT PRIMARY KEY,
    token    TEXT NOT NULL UNIQUE,
    user_id  TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS orders_by_user ON orders (user_id);

CREATE TABLE IF NOT EXISTS order_places (
    order_id    TEXT NOT NULL REFERENCES orders (id),
    merchant_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    start_sec   INTEGER NOT NULL,
    tickets     INTEGER NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS order_places_by_slot ON order_places (merchant_id, service_id, start_sec);

CREATE TABLE IF NOT EXISTS closed_slots (
    merchant_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    start_sec   INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, service_id, start_sec)
) STRICT, WITHOUT ROWID;

-- Who waits is counted in the order of `seq`. An entry stays readable after its end.
CREATE TABLE IF NOT EXISTS waitlist_entries (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    token       TEXT NOT NULL UNIQUE,
    user_id     TEXT NOT NULL,
    merchant_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    waits       INTEGER NOT NULL,
    document    TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS waitlist_entries_waiting ON waitlist_entries (merchant_id, service_id, seq) WHERE waits = 1;
CREATE INDEX IF NOT EXISTS waitlist_entries_by_user ON waitlist_entries (user_id) WHERE waits = 1;

CREATE TABLE IF NOT EXISTS closed_waitlists (
    merchant_id TEXT NOT NULL,
    service_id  TEXT NOT NULL,
    PRIMARY KEY (merchant_id, service_id)
) STRICT, WITHOUT ROWID;

-- What Google still has to be told. Undeliverable messages stay, with the reason.
CREATE TABLE IF NOT EXISTS outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    lane        TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'undeliverable')),
    reason      TEXT,
    document    TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (lane, id) WHERE state = 'pending';

-- The stand-in of a payment gateway keeps its own books.
CREATE TABLE IF NOT EXISTS gateway_used_tokens (
    digest    BLOB PRIMARY KEY,
    reference TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS gateway_ledger (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL,
    booking_id    TEXT NOT NULL,
    kind          TEXT NOT NULL,
    amount_micros INTEGER NOT NULL,
    currency      TEXT NOT NULL,
    at_sec        INTEGER NOT NULL,
    reference     TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS gateway_ledger_by_booking ON gateway_ledger (booking_id);
CREATE INDEX IF NOT EXISTS gateway_ledger_by_reference ON gateway_ledger (reference);

-- Visits that users bought in advance.
CREATE TABLE IF NOT EXISTS packs (
    id                TEXT PRIMARY KEY,
    user_id           TEXT NOT NULL,
    payment_option_id TEXT NOT NULL,
    original_count    INTEGER NOT NULL,
    current_count     INTEGER NOT NULL CHECK (current_count BETWEEN 0 AND original_count)
) STRICT, WITHOUT ROWID;

-- Users who chose. Who never did has no row, and gets no mails.
CREATE TABLE IF NOT EXISTS marketing_preferences (
    user_id  TEXT PRIMARY KEY,
    receives INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
