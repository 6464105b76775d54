//! Faults of Google's side that no scenario arms: a list for a server that runs by itself.

use super::fault::FaultFile;
use super::load::{Source, parsed};
use super::{At, Problem};
use crate::protocol::{Aim, Fault};
use miette::Diagnostic;
use serde::Deserialize;
use std::sync::Arc;

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
pub struct ScheduleProblems(#[related] pub Vec<Problem>);

/// Reads a YAML list of `{ booking | slot, fault }`; the fault is written as in a scenario.
pub fn schedule(file: &str, text: &str) -> Result<Vec<Scheduled>, ScheduleProblems> {
    let source = Source {
        id: String::new(),
        file: file.to_owned(),
        text: text.to_owned(),
    };
    let text: Arc<str> = text.into();
    let entries: Vec<At<EntryFile>> = parsed(&source, &text).map_err(ScheduleProblems)?;
    let (mut scheduled, mut problems) = (Vec::new(), Vec::new());
    for entry in &entries {
        match read(entry.get()) {
            Ok(fault) => scheduled.push(fault),
            Err(problem) => problems.push(Problem::new(file, &text, entry.span(), problem)),
        }
    }
    if problems.is_empty() {
        Ok(scheduled)
    } else {
        Err(ScheduleProblems(problems))
    }
}

fn read(entry: &EntryFile) -> Result<Scheduled, &'static str> {
    let aim = match (&entry.booking, &entry.slot) {
        (Some(booking_id), None) => Aim::Booking {
            booking_id: booking_id.clone(),
        },
        (None, Some(slot)) => Aim::Slot {
            merchant_id: slot.merchant_id.clone(),
            service_id: slot.service_id.clone(),
            start_sec: slot.start_sec,
        },
        _ => return Err("a fault strikes a `booking` or a `slot`"),
    };
    let fault = entry.fault.read()?;
    if fault == Fault::Omitted && entry.booking.is_some() {
        return Err("only the entry of a `slot` can be left out of an answer");
    }
    Ok(Scheduled {
        aim,
        fault,
        times: entry.fault.times.unwrap_or(1),
    })
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
    fn every_mistake_is_told_with_its_line() {
        let text = "- { fault: { drop: true } }\n- { booking: b, fault: { answer: 200 } }\n\
                    - { booking: b, fault: { omit: true } }\n";
        let problems = schedule("faults.yaml", text).unwrap_err().0;
        let places: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.place, problem.message))
            .collect();
        assert!(places[0].starts_with("faults.yaml:1:") && places[0].ends_with("a `booking` or a `slot`"));
        assert!(places[1].starts_with("faults.yaml:2:") && places[1].ends_with("from 400 to 599"));
        assert!(
            places[2].starts_with("faults.yaml:3:") && places.len() == 3,
            "{places:?}"
        );
    }
}
