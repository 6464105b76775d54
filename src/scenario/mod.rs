//! Test cases as data: what a scenario file says, how it is read, and the small language in it.

mod check;
mod fault;
mod file;
mod load;
pub mod matcher;
mod model;
mod problem;
mod shape;
pub mod template;
mod wire;

pub use file::{At, ScenarioFile, json_schema};
pub use load::{Source, load};
pub use model::{
    Await, AwaitSlot, Bookings, CallStep, Change, Crowd, Expectation, Explained, FaultStep, Form, LedgerStep,
    Length, Lookup, Moment, People, Scenario, SetExpectation, SlotNeed, Step, Target, TriggerStep, Wait,
    Wanted,
};
pub use problem::{Problem, Problems};
