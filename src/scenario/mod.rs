//! Test cases as data: what a scenario file says, how it is read, and the small language in it.

mod check;
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
    Await, CallStep, Change, Expectation, LedgerStep, Length, Lookup, Moment, MoneyNeed, Scenario,
    SetExpectation, SlotNeed, Step, TriggerStep, Wait,
};
pub use problem::{Problem, Problems};
