//! What makes a service one that is held online.

use super::messages::service::{ServiceRecord, VirtualSessionRecord};
use super::text;
use super::value::member;
use crate::code::ProblemCode;
use crate::files::wire::is_set;
use crate::problem::RecordProblem;
use domain::slot::OnlineTerms;
use serde_json::Value;

/// The markup of the texts of a session.
const SESSION_TAGS: [&str; 4] = ["br", "strong", "em", "i"];

/// The platforms that Google lists, with their numbers.
const PLATFORMS: [(&str, i64); 7] = [
    ("FLEXIBLE", 1),
    ("GOOGLE_HANGOUTS", 2),
    ("GOOGLE_MEET", 3),
    ("ZOOM", 4),
    ("SKYPE", 5),
    ("YOUTUBE", 6),
    ("OTHER", 7),
];

/// What makes the service of a record an online one; none where it is held in person.
pub(crate) fn read(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) -> Option<OnlineTerms> {
    direct_payment(record, problems);
    if !record.is_online() {
        return None;
    }
    if !record.is_typed_online() {
        let found = record.kind.as_ref().map_or("absent", |kind| kind.0.as_str());
        let message =
            format!("{found}: a service with a virtual session has SERVICE_TYPE_ONLINE_APPOINTMENT");
        problems.push(RecordProblem::new(ProblemCode::NoOnlineType, "type", message));
    }
    let session = record.virtual_session.as_ref();
    platform(
        session.and_then(|session| session.virtual_platform_info.as_ref()),
        problems,
    );
    session_texts(session, problems);
    policy(record, problems);
    let instructions = session.and_then(|session| session.session_instructions.as_ref());
    Some(OnlineTerms {
        session_instructions: instructions.and_then(text::first).map(ToOwned::to_owned),
        direct_merchant_payment: record.direct_merchant_payment.is_some(),
    })
}

fn platform(info: Option<&Value>, problems: &mut Vec<RecordProblem>) {
    const INFO: &str = "virtual_session.virtual_platform_info";
    let platform = info.and_then(|info| member(info, "platform"));
    let named = |name: &str, number: i64| {
        platform.is_some_and(|value| value == name || value == number || value == number.to_string().as_str())
    };
    if !platform.is_some_and(is_set) || named("PLATFORM_UNSPECIFIED", 0) {
        let found = platform.map_or_else(|| "absent".to_owned(), written);
        let message =
            format!("{found}: an online service names its platform, FLEXIBLE where it is decided later");
        problems.push(RecordProblem::new(
            ProblemCode::NoPlatform,
            format!("{INFO}.platform"),
            message,
        ));
        return;
    }
    let other = info.and_then(|info| member(info, "other_platform_name"));
    let known = PLATFORMS.iter().find(|(name, number)| named(name, *number));
    let problem = match (known, text::is_filled(other)) {
        (None, _) => {
            let listed = PLATFORMS.map(|(name, _)| name).join(", ");
            let found = platform.map_or_else(String::new, written);
            let message = format!("{found}: Google lists {listed}");
            (ProblemCode::UnknownPlatform, "platform", message)
        }
        (Some(("OTHER", _)), false) => {
            let message = "a platform that is OTHER has a name".to_owned();
            (ProblemCode::NoPlatformName, "other_platform_name", message)
        }
        (Some((name, _)), true) if *name != "OTHER" => {
            let message = format!("the platform is {name}, and another one is named");
            (ProblemCode::NeedlessPlatformName, "other_platform_name", message)
        }
        _ => return,
    };
    let (code, field, message) = problem;
    problems.push(RecordProblem::new(code, format!("{INFO}.{field}"), message));
}

/// A value as it stands in the feed, a text without its quotes.
fn written(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn session_texts(session: Option<&VirtualSessionRecord>, problems: &mut Vec<RecordProblem>) {
    let texts = [
        (
            "virtual_session.session_instructions",
            session.and_then(|session| session.session_instructions.as_ref()),
        ),
        (
            "virtual_session.session_requirements",
            session.and_then(|session| session.session_requirements.as_ref()),
        ),
    ];
    for (field, value) in texts {
        let Some(value) = value else {
            let message = "users learn nowhere else how to join and what to bring";
            problems.push(RecordProblem::new(ProblemCode::NoSessionTexts, field, message));
            continue;
        };
        text::check_filled(Some(value), field, problems);
        text::check_markup(text::values(value), &SESSION_TAGS, field, problems);
    }
}

/// Where money is taken at booking, a missing policy is told for that reason.
fn policy(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) {
    let rules = || record.rules.iter().chain(&record.scheduling_rules);
    let cancellable = rules().any(|rules| rules.min_advance_online_canceling.is_some_and(|lead| lead.0 > 0));
    let stated = rules().any(|rules| rules.cancellation_policy.is_some());
    let priced = record
        .price
        .as_ref()
        .and_then(|price| price.price_micros)
        .is_some_and(|micros| micros.0 > 0);
    let charged = record.is_prepaid() || record.no_show_fee.is_some() || record.deposit.is_some();
    if cancellable && priced && !stated && !charged {
        let message =
            "it can be cancelled online, and what is given back is not said: users read that nothing is";
        problems.push(RecordProblem::new(
            ProblemCode::NoOnlinePolicy,
            "rules.cancellation_policy",
            message,
        ));
    }
}

fn direct_payment(record: &ServiceRecord<'_>, problems: &mut Vec<RecordProblem>) {
    const METHODS: &str = "direct_merchant_payment.payment_methods";
    let Some(direct) = &record.direct_merchant_payment else {
        return;
    };
    let methods = member(direct, "payment_methods").and_then(Value::as_array);
    let methods = methods.map(Vec::as_slice).unwrap_or_default();
    if methods.is_empty() {
        problems.push(RecordProblem::new(
            ProblemCode::NoDirectMethods,
            METHODS,
            "direct payment without a way to pay",
        ));
    }
    let silent = methods.iter().position(|method| !text::is_filled(Some(method)));
    problems.extend(silent.map(|index| text::empty_text(&format!("{METHODS}[{index}]"))));
    if record.is_prepaid() {
        let message = "the merchant is paid directly, and when booking";
        problems.push(RecordProblem::new(
            ProblemCode::DirectWithPrepayment,
            "prepayment_type",
            message,
        ));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    /// A class that is held online, after `change`.
    fn codes(change: impl FnOnce(&mut Value)) -> Vec<ProblemCode> {
        let mut record = json!({ "type": "SERVICE_TYPE_ONLINE_APPOINTMENT",
            "virtual_session": {
                "session_instructions": { "value": "The link comes <strong>by mail</strong>.<br>Bye" },
                "session_requirements": "A mat",
                "virtual_platform_info": { "platform": "OTHER", "other_platform_name": "HarbourRoom" } },
            "direct_merchant_payment": { "payment_methods": [{ "value": "Bank transfer" }] },
            "price": { "price_micros": "18000000", "currency_code": "USD" },
            "prepayment_type": "NOT_SUPPORTED",
            "rules": { "min_advance_online_canceling": 60,
                "cancellation_policy": { "refund_condition": [{ "refund_percent": 100 }] } } });
        change(&mut record);
        let (text, mut problems) = (record.to_string(), Vec::new());
        read(&serde_json::from_str(&text).unwrap(), &mut problems);
        problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn a_complete_online_service_is_right() {
        assert_eq!(codes(|_| {}), []);
        assert_eq!(codes(|s| s["type"] = json!(8)), []);
        assert_eq!(codes(|s| *s = json!({ "type": 5, "virtual_session": {} })), []);
    }

    #[test]
    fn a_session_needs_its_type() {
        for kind in [json!(null), json!("SERVICE_TYPE_APPOINTMENT")] {
            assert_eq!(codes(|s| s["type"] = kind), [ProblemCode::NoOnlineType]);
        }
    }

    #[test]
    fn what_was_found_is_said() {
        let said = |record: Value| {
            let (text, mut problems) = (record.to_string(), Vec::new());
            read(&serde_json::from_str(&text).unwrap(), &mut problems);
            let found = problems.into_iter().map(|problem| {
                let (found, _) = problem.message.split_once(": ").unwrap_or_default();
                (problem.code, found.to_owned())
            });
            found.take(2).collect::<Vec<_>>()
        };
        let at = |kind: &str, platform: &str| {
            vec![
                (ProblemCode::NoOnlineType, kind.to_owned()),
                (ProblemCode::NoPlatform, platform.to_owned()),
            ]
        };
        let texts = json!({ "session_instructions": "By mail" });
        assert_eq!(said(json!({ "virtual_session": texts })), at("absent", "absent"));
        let unspecified = json!({ "session_instructions": "By mail",
            "virtual_platform_info": { "platform": "PLATFORM_UNSPECIFIED" } });
        assert_eq!(
            said(json!({ "type": "SERVICE_TYPE_APPOINTMENT", "virtual_session": unspecified })),
            at("SERVICE_TYPE_APPOINTMENT", "PLATFORM_UNSPECIFIED")
        );
    }

    #[test]
    fn a_platform_is_named() {
        let platform = |info: Value| codes(|s| s["virtual_session"]["virtual_platform_info"] = info);
        for right in [json!("FLEXIBLE"), json!(1), json!("3"), json!("ZOOM")] {
            assert_eq!(platform(json!({ "platform": right })), []);
        }
        for unknown in [json!("ZOOM_MEETING"), json!(12)] {
            let codes = platform(json!({ "platform": unknown }));
            assert_eq!(codes, [ProblemCode::UnknownPlatform]);
        }
        let both = json!({ "platform": "ZOOM", "other_platform_name": "HarbourRoom" });
        assert_eq!(platform(both), [ProblemCode::NeedlessPlatformName]);
        for wrong in [json!(null), json!("PLATFORM_UNSPECIFIED"), json!(0)] {
            assert_eq!(platform(json!({ "platform": wrong })), [ProblemCode::NoPlatform]);
        }
        assert_eq!(platform(json!(null)), [ProblemCode::NoPlatform]);
        for other in [json!("OTHER"), json!(7)] {
            assert_eq!(
                platform(json!({ "platform": other })),
                [ProblemCode::NoPlatformName]
            );
            let named = json!({ "platform": other, "other_platform_name": { "value": "HarbourRoom" } });
            assert_eq!(platform(named), []);
        }
    }

    #[test]
    fn both_texts_are_there_with_little_markup() {
        for name in ["session_instructions", "session_requirements"] {
            let text = |value: Value| codes(|s| s["virtual_session"][name] = value);
            assert_eq!(text(json!(null)), [ProblemCode::NoSessionTexts]);
            assert_eq!(text(json!({})), [ProblemCode::EmptyText]);
            assert_eq!(
                text(json!({ "localized_value": [{ "value": "<p>Now</p>" }] })),
                [ProblemCode::ForeignMarkup]
            );
        }
        assert_eq!(
            codes(|s| {
                s["virtual_session"] = json!({ "virtual_platform_info": { "platform": "ZOOM" } });
            }),
            [ProblemCode::NoSessionTexts, ProblemCode::NoSessionTexts]
        );
    }

    #[test]
    fn what_can_be_cancelled_says_what_is_given_back() {
        let silent = |s: &mut Value| s["rules"]["cancellation_policy"] = json!(null);
        assert_eq!(codes(silent), [ProblemCode::NoOnlinePolicy]);
        assert_eq!(
            codes(|s| {
                silent(s);
                s["rules"]["min_advance_online_canceling"] = json!(0);
            }),
            []
        );
        assert_eq!(
            codes(|s| {
                silent(s);
                s["price"]["price_micros"] = json!(0);
            }),
            []
        );
        assert_eq!(
            codes(|s| {
                silent(s);
                s["deposit"] = json!({ "deposit": { "price_micros": 5_000_000, "currency_code": "USD" } });
            }),
            [],
            "told of the deposit"
        );
    }

    #[test]
    fn direct_payment_names_its_ways_and_stands_alone() {
        let direct = |value: Value| codes(|s| s["direct_merchant_payment"] = value);
        assert_eq!(direct(json!(null)), []);
        assert_eq!(direct(json!({ "payment_methods": ["Cash", "Card"] })), []);
        assert_eq!(direct(json!({})), [], "nothing is set");
        assert_eq!(
            direct(json!({ "payment_methods": [] })),
            [ProblemCode::NoDirectMethods]
        );
        assert_eq!(
            direct(json!({ "payment_methods": [{}] })),
            [ProblemCode::EmptyText]
        );
        assert_eq!(
            codes(|s| s["prepayment_type"] = json!("REQUIRED")),
            [ProblemCode::DirectWithPrepayment]
        );
    }
}
