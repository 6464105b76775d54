#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use serde_json::json;

fn at(seconds: i64) -> String {
    time::seconds_to_timestamp(seconds).unwrap()
}

fn slot(start: i64, open: &str, staff: &str) -> AvailabilityEntry {
    let value = json!({
        "startTime": at(start), "duration": "60s", "spotsTotal": "2", "spotsOpen": open,
        "resources": { "staffId": staff },
    });
    AvailabilityEntry::read(value.as_object().unwrap()).unwrap()
}

fn restrict(value: &Value) -> Restriction {
    Restriction::read(value.as_object().unwrap())
}

fn window(start: i64, end: i64) -> Restriction {
    restrict(&json!({ "startTimeRestrict": at(start), "endTimeRestrict": at(end) }))
}

fn starts(availability: &Availability) -> Vec<i64> {
    (0..1000)
        .filter(|start| matches!(availability.report("m", "s", *start), SlotReport::Slots(_)))
        .collect()
}

fn three() -> Availability {
    let mut told = Availability::default();
    told.replace(
        "m",
        "s",
        Restriction::default(),
        vec![slot(100, "1", "a"), slot(200, "1", "b"), slot(300, "1", "a")],
    );
    told
}

#[test]
fn a_window_is_replaced_from_its_start_to_before_its_end() {
    let mut told = three();
    told.replace("m", "s", window(100, 300), vec![slot(150, "0", "a")]);
    assert_eq!(starts(&told), [150, 300]);
    assert_eq!(told.report("m", "s", 100), SlotReport::Absent);
}

#[test]
fn one_bound_leaves_the_other_side_open() {
    let mut told = three();
    told.replace(
        "m",
        "s",
        restrict(&json!({ "startTimeRestrict": at(200) })),
        vec![],
    );
    assert_eq!(starts(&told), [100]);
    let mut told = three();
    told.replace("m", "s", restrict(&json!({ "endTimeRestrict": at(300) })), vec![]);
    assert_eq!(starts(&told), [300]);
    let mut told = three();
    told.replace("m", "s", Restriction::default(), vec![]);
    assert_eq!(starts(&told), Vec::<i64>::new());
}

#[test]
fn length_and_resources_narrow_the_window() {
    let mut told = three();
    told.replace("m", "s", restrict(&json!({ "durationRestrict": "61s" })), vec![]);
    assert_eq!(starts(&told), [100, 200, 300]);
    told.replace(
        "m",
        "s",
        restrict(&json!({ "resourcesRestrict": { "staffId": "a" } })),
        vec![],
    );
    assert_eq!(starts(&told), [200]);
    told.replace(
        "m",
        "s",
        restrict(&json!({ "resourcesRestrict": { "staffId": "b", "roomId": "r" } })),
        vec![],
    );
    assert_eq!(starts(&told), [200]);
}

#[test]
fn what_was_never_told_differs_from_what_is_told_to_be_gone() {
    let mut told = Availability::default();
    assert_eq!(told.report("m", "s", 100), SlotReport::Never);
    told.replace("m", "s", window(100, 200), vec![]);
    assert_eq!(told.report("m", "s", 100), SlotReport::Absent);
    assert_eq!(told.report("m", "s", 200), SlotReport::Never);
    assert_eq!(told.report("m", "other", 100), SlotReport::Never);
}

#[test]
fn slots_of_one_start_are_told_apart_by_resources() {
    let mut told = Availability::default();
    told.replace(
        "m",
        "s",
        Restriction::default(),
        vec![slot(100, "0", "a"), slot(100, "2", "b")],
    );
    let SlotReport::Slots(slots) = told.report("m", "s", 100) else {
        panic!("two slots were told")
    };
    let open: Vec<(Option<&str>, i64)> = slots
        .iter()
        .map(|slot| (slot.resources.staff_id.as_deref(), slot.open_at(100)))
        .collect();
    assert_eq!(open, [(Some("a"), 0), (Some("b"), 2)]);
}

#[test]
fn a_recurrence_stands_for_its_starts_and_exceptions_block_them() {
    let value = json!({
        "startTime": at(0), "duration": "60s",
        "recurrence": { "repeatEvery": "100s", "repeatUntil": at(300) },
        "scheduleException": [{ "timeRange": { "startTime": at(210), "endTime": at(220) } }],
    });
    let mut told = Availability::default();
    told.replace(
        "m",
        "s",
        Restriction::default(),
        vec![AvailabilityEntry::read(value.as_object().unwrap()).unwrap()],
    );
    assert_eq!(starts(&told), [0, 100, 200, 300]);
    let SlotReport::Slots(slots) = told.report("m", "s", 200) else {
        panic!("the recurrence covers 200")
    };
    assert_eq!((slots[0].open_at(100), slots[0].open_at(200)), (1, 0));
}

#[test]
fn touching_windows_become_one() {
    let mut told = Availability::default();
    for start in 0..500 {
        told.replace("m", "s", window(start, start + 1), vec![]);
    }
    let service = &told.services[&("m".to_owned(), "s".to_owned())];
    assert_eq!(service.windows, [window(0, 500)]);
}

#[test]
fn beyond_its_limit_it_forgets_what_was_told_longest_ago() {
    let tell = |told: &mut Availability, service: &str, start: i64| {
        told.replace(
            "m",
            service,
            window(start, start + 100),
            vec![slot(start, "1", "a")],
        );
    };
    let mut told = Availability::default();
    told.limit(4_000);
    for service in ["a", "b", "c", "a"] {
        tell(&mut told, service, 100);
    }
    assert_eq!(told.forgotten(), 0);
    let full = told.weight;
    told.limit(full);
    tell(&mut told, "d", 100);
    assert_eq!(
        (told.report("m", "b", 100), told.forgotten()),
        (SlotReport::Never, 1)
    );
    for service in ["a", "c", "d"] {
        assert!(
            matches!(told.report("m", service, 100), SlotReport::Slots(_)),
            "{service}"
        );
    }
    for _ in 0..100 {
        tell(&mut told, "d", 100);
    }
    assert_eq!((told.weight, told.forgotten()), (full, 1));
    for start in 0..100 {
        tell(&mut told, "d", 1000 + 200 * start);
    }
    assert!(told.weight <= full && told.forgotten() > 1);
    assert_eq!(told.order.len(), told.services.len());
    assert_eq!(
        told.weight,
        told.services
            .values()
            .map(|service| service.weight)
            .sum::<usize>()
    );
}

#[test]
fn without_a_limit_nothing_is_forgotten() {
    let mut told = Availability::default();
    for start in 0..1000 {
        told.replace("m", &start.to_string(), window(0, 1), vec![slot(start, "1", "a")]);
    }
    assert_eq!((told.services.len(), told.forgotten()), (1000, 0));
}
