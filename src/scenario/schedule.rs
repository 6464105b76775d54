//! Faults of Google's side that no scenario arms: a list for a server that runs by itself.

use super::ScenarioProblem;
use super::fault::{FaultFile, misfit};
use super::load::parsed;
use super::problem::FileText;
use super::reading::At;
use domain::{Aim, CallKind, Fault};
use miette::Diagnostic;
use serde::Deserialize;

/// One entry, as its author writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    /// Strikes notifications about this booking.
    #[serde(default)]
    booking: Option<String>,
    /// Strikes inventory updates that speak of this slot.
    #[serde(default)]
    slot: Option<SlotFile>,
    /// Strikes every call of one kind.
    #[serde(default)]
    method: Option<CallKind>,
    /// Strikes whatever comes next, token requests included.
    #[serde(default)]
    any: bool,
    fault: FaultFile,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotFile {
    merchant_id: String,
    service_id: String,
    start_sec: i64,
}

/// A fault that waits for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// What it strikes.
    pub aim: Aim,
    /// What goes wrong.
    pub fault: Fault,
    /// How often.
    pub times: u32,
}

/// Everything that is wrong with a list of faults.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("the list of faults cannot be used")]
pub struct ScheduleProblems(#[related] pub Vec<ScenarioProblem>);

/// Reads a YAML list of `{ booking | slot | method | any, fault }`; the fault is written as in a scenario. The last two strike
/// every call of that kind, or every call: whoever runs Google's side alone disturbs nobody else with that.
pub fn schedule(file: &str, text: &str) -> Result<Vec<Scheduled>, ScheduleProblems> {
    let file = FileText::new(file, text);
    let entries: Vec<At<EntryFile>> = parsed(&file).map_err(ScheduleProblems)?;
    let (mut scheduled, mut problems) = (Vec::new(), Vec::new());
    for entry in &entries {
        match read(entry.get()) {
            Ok(faults) => scheduled.extend(faults),
            Err(problem) => problems.push(ScenarioProblem::new(&file, entry.span, problem)),
        }
    }
    if problems.is_empty() {
        Ok(scheduled)
    } else {
        Err(ScheduleProblems(problems))
    }
}

fn read(entry: &EntryFile) -> Result<Vec<Scheduled>, String> {
    let aim =
        aim(entry).ok_or("a fault strikes a `booking`, a `slot`, a `method` or `any: true`: one of them")?;
    let times = entry.fault.times.unwrap_or(1);
    let faults = entry.fault.read()?;
    if let Some(problem) = faults.iter().find_map(|fault| misfit(fault, &aim)) {
        return Err(problem.to_owned());
    }
    let each = faults.into_iter().map(|fault| Scheduled {
        aim: aim.clone(),
        fault,
        times,
    });
    Ok(each.collect())
}

fn aim(entry: &EntryFile) -> Option<Aim> {
    let booking = entry.booking.as_ref().map(|booking_id| Aim::Booking {
        booking_id: booking_id.clone(),
    });
    let slot = entry.slot.as_ref().map(|slot| Aim::Slot {
        merchant_id: slot.merchant_id.clone(),
        service_id: slot.service_id.clone(),
        start_sec: slot.start_sec,
    });
    let method = entry.method.map(Aim::Kind);
    let any = entry.any.then_some(Aim::Any);
    let mut all = [booking, slot, method, any].into_iter().flatten();
    all.next().filter(|_| all.next().is_none())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_list_is_read_in_its_order() {
        let text = "- { booking: b-1, fault: { answer: 503, retry_after: 2, times: 3 } }\n\
                    - slot: { merchant_id: m, service_id: s, start_sec: 9 }\n  fault: { omit: true }\n";
        let all = schedule("faults.yaml", text).unwrap();
        let answer = Fault::Answer {
            status: 503,
            body: None,
            retry_after_sec: Some(2),
        };
        assert_eq!((&all[0].fault, all[0].times), (&answer, 3));
        assert_eq!((&all[1].fault, all[1].times), (&Fault::Omitted, 1));
        let Aim::Slot { start_sec, .. } = &all[1].aim else {
            panic!("{:?}", all[1]);
        };
        assert_eq!(*start_sec, 9);
    }

    #[test]
    fn whole_kinds_of_calls_can_be_struck() {
        let text = "- { method: token, fault: { answers: [500, 503] } }\n- { method: token, fault: { expire: 9 } }\n\
                    - { method: bookings, fault: { lose: true } }\n- { method: availability, fault: { reset: true } }\n\
                    - { any: true, fault: { slow: 2s, times: 4 } }\n";
        let all = schedule("faults.yaml", text).unwrap();
        let told: Vec<_> = all.iter().map(|one| (one.fault.to_string(), one.times)).collect();
        assert_eq!(told[0], ("500".to_owned(), 1));
        assert_eq!(told[1], ("503".to_owned(), 1));
        assert_eq!(told[5], ("stored, answered over 2000 ms".to_owned(), 4));
        assert_eq!(all[1].aim, Aim::Kind(CallKind::Token));
        assert_eq!(all[3].aim, Aim::Kind(CallKind::Bookings));
        assert_eq!(all[5].aim, Aim::Any);
        for wrong in [
            "- { any: true, method: token, fault: { drop: true } }",
            "- { any: true, fault: { expire: 9 } }",
            "- { method: token, fault: { answer: 401 } }",
            "- { method: tokens, fault: { drop: true } }",
            "- { any: true, fault: { delay: 10m } }",
        ] {
            let problems = schedule("faults.yaml", wrong).unwrap_err().0;
            assert!(problems[0].place.starts_with("faults.yaml:1:"), "{problems:?}");
        }
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let text = "- { fault: { drop: true } }\n- { booking: b, fault: { answer: 200 } }\n\
                    - { booking: b, fault: { omit: true } }\n";
        let problems = schedule("faults.yaml", text).unwrap_err().0;
        let places: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.place, problem.message))
            .collect();
        assert!(places[0].starts_with("faults.yaml:1:") && places[0].ends_with("one of them"));
        assert!(places[1].starts_with("faults.yaml:2:") && places[1].ends_with("from 400 to 599"));
        assert!(
            places[2].starts_with("faults.yaml:3:") && places.len() == 3,
            "{places:?}"
        );
    }
}
