use super::*;

fn harmless() -> Harmless {
    Harmless::new(BTreeSet::from(["20002002".to_owned(), "salon".to_owned()]))
}

#[test]
fn ids_are_told_from_names_and_telephone_numbers() {
    let harmless = harmless();
    for id in [
        "b-1",
        "8d0d69efe856",
        "0d3f8a52-6f0e-4d34-9d5c-1f2f7a4b8c11",
        "salon",
        "20002002",
        "123456",
    ] {
        assert!(harmless.is_id(id), "{id}");
    }
    for other in [
        "Annelise",
        "+41446681800",
        "0446681800",
        "a@b.example1",
        "Seestrasse 44",
        "hk9".repeat(20).as_str(),
        "hk_9fQ2zP77abXw",
    ] {
        assert!(!harmless.is_id(other), "{other}");
    }
}

#[test]
fn a_sentence_keeps_its_words_and_loses_what_it_quotes() {
    let (harmless, mut hidden) = (harmless(), Hidden::default());
    hidden.add("Annelise");
    for (text, shown) in [
        (
            "Invalid value at 'booking.status' (an enum), \"Anna\"",
            "Invalid value at 'booking.status' (an enum), \"[masked, 4 characters]\"",
        ),
        (
            "`partySize` is 3, the partner's guest Annelise is not",
            "`partySize` is 3, the partner's guest [masked, 8 characters] is not",
        ),
        (
            "Unknown name \"Annelise\" at 'booking': Cannot find field.",
            "Unknown name \"[masked, 8 characters]\" at 'booking': Cannot find field.",
        ),
        (
            "it ends in \"[masked Anna",
            "it ends in \"[masked, 12 characters]",
        ),
        (
            "\"[masked Anna\" is none of ours",
            "\"[masked, 12 characters]\" is none of ours",
        ),
        (
            "the body was cut: Annelise Oberh\u{2026}",
            "the body was cut: [masked, 8 characters] Oberh\u{2026}",
        ),
    ] {
        assert_eq!(hidden.without(text, &harmless), shown);
    }
    hidden.add("Anne\nOber");
    assert_eq!(
        hidden.without("Invalid grant_type: Anne\nOber", &harmless),
        "Invalid grant_type: [masked, 9 characters]"
    );
    hidden.add("Annelise Oberholzer");
    let cut = "the body was cut: Annelise Oberh\u{2026}";
    assert_eq!(hidden.without(cut, &harmless), "[masked, 33 characters]");
}

#[test]
fn values_are_shown_where_the_model_has_them() {
    let (harmless, mut hidden) = (harmless(), Hidden::default());
    let mut shower = Shower {
        harmless: &harmless,
        shows_all: false,
        hidden: &mut hidden,
    };
    let body = serde_json::json!({ "name": "partners/20002002/bookings/b-1", "status": "CANCELED", "startTime": "2030-01-01T09:00:00Z",
        "duration": "3600s", "partySize": 4, "guest": "Annelise", "clientInformation": { "email": "a@b.example" },
        "paymentInformation": { "prepaymentStatus": "Annelise" } });
    assert_eq!(
        shower.value(&body),
        serde_json::json!({ "name": "partners/20002002/bookings/b-1", "status": "CANCELED", "startTime": "2030-01-01T09:00:00Z",
            "duration": "3600s", "partySize": 4, "[masked, 5 characters]": "[masked, 8 characters]", "clientInformation": "[masked]",
            "paymentInformation": { "prepaymentStatus": "[masked, 8 characters]" } })
    );
}
