//! A studio with online sessions and a class.

use super::model::{DAY, HOUR};
use super::model::{
    Location, Merchant, OnlineTerms, Rules, Service, ServiceKind, Timetable, appointment, hourly, open_seat,
};

pub(super) fn north_studio() -> Merchant {
    Merchant {
        id: "north-studio",
        name: "North Studio",
        telephone: "+14165550188",
        category: "yoga studio",
        location: Location {
            latitude: 43.66781,
            longitude: -79.39411,
            country: "CA",
            locality: "Toronto",
            region: Some("ON"),
            postal_code: "M5R 1A1",
            street_address: "7 Northern Mews",
        },
        currency: "CAD",
        tax_micro_percent: 13_000_000,
        tokenization: super::STRIPE,
        networks: None,
        payment_options: &[],
        services: vec![online_yoga(), online_pilates(), spin_class()],
    }
}

/// Paid in full; we create the meeting.
fn online_yoga() -> Service {
    Service {
        price: 15_000_000,
        prepaid: true,
        kind: ServiceKind::Online(OnlineTerms {
            instructions: "The link comes with the booking. <strong>Join five minutes early.</strong>",
            requirements: "A mat; a block (optional).",
            platform: "ZOOM",
            other_platform_name: None,
            creates_meeting: true,
            direct_payment_methods: &[],
        }),
        rules: Rules {
            min_advance_booking: HOUR / 2,
            min_advance_online_canceling: Some(2 * HOUR),
            refund_steps: &[(2 * HOUR, 100)],
        },
        seats: vec![open_seat(20)],
        ..appointment(
            "online-yoga",
            "Yoga from home",
            "A live hour of yoga with a teacher.",
        )
    }
}

/// Paid to the merchant directly; the merchant sends the link.
fn online_pilates() -> Service {
    Service {
        price: 18_000_000,
        kind: ServiceKind::Online(OnlineTerms {
            instructions: "North Studio mails your personal link <strong>20 minutes</strong> before the \
                           start.<br>Please pay beforehand.",
            requirements: "A mat; a small ball (optional).",
            platform: "OTHER",
            other_platform_name: Some("NorthRoom"),
            creates_meeting: false,
            direct_payment_methods: &["Bank transfer", "Interac e-Transfer"],
        }),
        rules: Rules {
            min_advance_booking: HOUR / 2,
            min_advance_online_canceling: Some(DAY / 2),
            refund_steps: &[(DAY / 2, 100)],
        },
        timetable: Timetable {
            duration_sec: 3000,
            ..hourly()
        },
        seats: vec![open_seat(12)],
        ..appointment(
            "online-pilates",
            "Pilates from home",
            "A live mat session with a certified coach.",
        )
    }
}

/// A class of five in the room.
fn spin_class() -> Service {
    Service {
        price: 25_000_000,
        rules: Rules {
            min_advance_booking: HOUR / 2,
            ..Rules::default()
        },
        timetable: Timetable {
            duration_sec: 2700,
            ..hourly()
        },
        seats: vec![open_seat(5)],
        ..appointment("spin-class", "Spin class", "Forty-five minutes on the bike.")
    }
}
