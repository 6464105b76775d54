//! Scenarios of your own beside the bundled ones: a folder of files, and a text.
//!
//! They run against the bundled reference partner here; for a server of yours, begin with `Harness::against` or name your config.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use conformance::harness::{Finished, Harness, start_embedded};
use std::error::Error;

/// In a file it would be `own/read-back.yaml`.
const BOOKED_AND_READ: &str = "
title: A new booking is read back as confirmed
serves: [BS-STATUS-02]
needs:
  slot: {}
steps:
  - call: CreateBooking
    as: created
  - call: GetBookingStatus
    booking: created
    expect: { requirement: BS-STATUS-02, body: { booking_status: CONFIRMED } }
";

pub(crate) async fn judged() -> Result<Finished, Box<dyn Error>> {
    let partner = start_embedded().await?;
    let finished = Harness::of_config(partner.config())
        .scenarios(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/scenarios"))
        .scenario("own/read-back", BOOKED_AND_READ)
        .only("own/*")
        .run()
        .await?;
    partner.shutdown().await;
    Ok(finished)
}

#[tokio::main]
pub(crate) async fn main() -> Result<(), Box<dyn Error>> {
    let finished = judged().await?;
    for scenario in &finished.report().scenarios {
        println!("{:30} {}", scenario.id, scenario.verdict.word());
    }
    println!("{}", finished.text());
    Ok(())
}
