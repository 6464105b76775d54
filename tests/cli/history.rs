//! The recorded history of a deposit refund: both directions in one order, with times.

use super::support::{exits, histories};
use serde_json::Value;

#[test]
fn a_refunded_deposit_is_recorded_in_one_order() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "deposit/refund-before-cutoff",
        "lifecycle/taken-slot",
        "--report",
        "recording=r.json",
        "--ci",
    ];
    exits(folder.path(), &arguments, 0);
    let recorded = histories(&folder.path().join("r.json"));
    let transcripts = recorded.as_array().unwrap();
    let find = |id: &str| {
        transcripts.iter().find(|one| one["scenario"] == id).unwrap()["entries"]
            .as_array()
            .unwrap()
    };
    let entries = find("deposit/refund-before-cutoff");
    let times: Vec<u64> = entries
        .iter()
        .map(|entry| entry["at_ms"].as_u64().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");

    let bound = &entries[0]["fact"]["bound"]["slots"]["slot"]["terms"];
    assert!(
        bound["deposit"]["min_advance_cancellation_sec"].is_i64(),
        "{bound}"
    );
    let place = |what: &str, is: &dyn Fn(&Value) -> bool| {
        entries
            .iter()
            .position(|entry| is(&entry["fact"]))
            .unwrap_or_else(|| panic!("{what} in {entries:#?}"))
    };
    let create = place("create", &|fact| fact["call"]["method"] == "CreateBooking");
    let answer = place("answer", &|fact| fact["answer"]["call"] == create);
    let trigger = place("trigger", &|fact| {
        fact["trigger"]["name"] == "user_cancel_at_partner"
    });
    let patch = place("patch", &|fact| fact["notification"]["verb"] == "PATCH");
    assert!(
        create < answer && answer < trigger && trigger < patch,
        "{create} {answer} {trigger} {patch}"
    );
    let patch = &entries[patch]["fact"]["notification"];
    assert_eq!(
        patch["mask"],
        serde_json::json!(["status", "paymentInformation.prepaymentStatus"])
    );
    assert!(patch["raw"].as_str().unwrap().contains("PREPAYMENT_REFUNDED"));
    assert_eq!(patch["after"]["status"], "CANCELED");

    // Nothing is left of that booking; another scenario's clean-up stands at the end of its own history.
    let entries = find("lifecycle/taken-slot");
    let cleanup: Vec<&Value> = entries
        .iter()
        .filter(|entry| entry["phase"] == "cleanup")
        .collect();
    assert!(
        cleanup
            .iter()
            .any(|entry| entry["fact"]["call"]["body"]["booking"]["status"] == "CANCELED"),
        "{cleanup:#?}"
    );
}
