//! Test cases as data: what a scenario file says, how it is read, and the small language in it.

mod basics;
mod card;
mod check;
mod fault;
mod file;
mod load;
pub mod matcher;
mod model;
mod opening;
mod order;
mod problem;
mod reading;
mod schedule;
mod several;
mod shape;
pub mod template;
mod wire;

pub use card::Card;
pub use file::json_schema;
pub use load::{Source, load};
pub use model::{
    Await, AwaitSlot, CallStep, Expectation, FaultStep, FaultTarget, Form, GoogleChange, LedgerStep, Length,
    Lookup, Moment, MoneyNeed, PackNeed, RefundShare, Relation, RelationKind, Scenario, SlotNeed, Step,
    TriggerStep, Wait, WaitlistNeed,
};
pub use order::OrderTwist;
pub use problem::{ScenarioProblem, ScenarioProblems};
pub use schedule::{ScheduleProblems, Scheduled, schedule};
pub use several::{Bookings, Crowd, People, SetExpectation, Wanted};
