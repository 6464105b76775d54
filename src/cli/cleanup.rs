//! `conformance cleanup`, and what a run does first about earlier ones.

use super::exit::{CommandResult, Exit, Failure};
use super::journal::{Left, Place};
use super::output::{self, counted};
use super::session::{self, TargetFlags};
use super::signals::Signals;
use harness::{Session, Target};
use outcome::RunVerdict;
use report::terminal;
use std::path::Path;
use transcript::{MayStand, StandingKind};

/// Arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: TargetFlags,
    /// Only list what may stand; send nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Cancels what killed runs left standing.
pub(super) fn run(arguments: &Arguments) -> CommandResult {
    let config = arguments.target.config()?;
    if config.target.is_none() {
        return Err(Failure::wrong(
            "there is no target",
            "name the config of your server: conformance cleanup -c FILE; the bundled reference partner keeps nothing",
        ));
    }
    let target = Target::to_clean_up(config).map_err(Failure::input)?;
    let left = place(&arguments.target, &target).left(now_sec());
    let standing = list(&left);
    if standing == 0 {
        output::out(&format!("no run has left anything standing at {}", target.name));
        return Ok(Exit::Done);
    }
    if arguments.dry_run {
        return Ok(Exit::Done);
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::broken(error.to_string()))?;
    runtime.block_on(async {
        let mut signals = Signals::new();
        tokio::select! {
            biased;
            () = signals.next() => Ok(Exit::Run(RunVerdict::Interrupted)),
            done = take_back(&target, left) => done,
        }
    })
}

/// Where the journals of a target are.
pub(super) fn place(flags: &TargetFlags, target: &Target) -> Place {
    let default = Path::new(session::DEFAULT_CONFIG);
    let config = flags
        .config
        .as_deref()
        .or_else(|| default.is_file().then_some(default));
    let base_url = target.endpoint().map(|endpoint| endpoint.base_url);
    Place::new(config, &target.name, &base_url.unwrap_or_default())
}

pub(super) fn now_sec() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Says what may stand; how much that is.
pub(super) fn list(left: &[Left]) -> usize {
    let mut all = 0;
    for run in left.iter().filter(|run| !run.standing.is_empty()) {
        let number = run.standing.len();
        all += number;
        let is_booking = |one: &MayStand| one.kind == StandingKind::Booking;
        let things = if run.standing.iter().all(is_booking) {
            counted(number, "booking")
        } else {
            format!("{number} bookings, waitlist entries and orders")
        };
        output::error(&format!(
            "{things} of a run that began at {} may stand on your server:",
            run.began
        ));
        output::error(&terminal::standing_lines(&run.standing).join("\n"));
    }
    all
}

/// Cancels what can be cancelled, says what came of it, and keeps the rest in the journals.
pub(super) async fn take_back(target: &Target, left: Vec<Left>) -> CommandResult {
    harness::check_reachable(target).await.map_err(Failure::machine)?;
    let (mut canceled, mut open, mut told) = (0, Vec::<MayStand>::new(), Vec::<MayStand>::new());
    let unnamed = left.iter().flat_map(|run| &run.standing);
    let unnamed = unnamed.filter(|one| one.booking_id.is_none()).count();
    for run in left {
        let done = harness::take_back(target, &Session::silent(), &run.standing).await;
        let done = done.map_err(Failure::machine)?;
        canceled += done.canceled;
        // What only a person can find or cancel is told once, as by a run that comes to its end.
        let (again, never): (Vec<_>, Vec<_>) = done.standing.into_iter().partition(can_be_tried_again);
        run.close(&again)
            .map_err(|error| Failure::broken(format!("the journal could not be kept: {error}")))?;
        open.extend(again);
        told.extend([never, done.refused, done.orders].concat());
    }
    let all = [open.as_slice(), told.as_slice()].concat();
    if all.is_empty() {
        output::error(&what_was_seen(canceled, unnamed));
    } else {
        let number = all.len();
        output::error(&format!(
            "{canceled} cancelled; {number} may stand all the same, cancel by hand:"
        ));
        output::error(&terminal::standing_lines(&all).join("\n"));
    }
    Ok(if open.is_empty() {
        Exit::Done
    } else {
        Exit::Machine
    })
}

/// A list that shows nothing proves less than a cancellation that was answered.
fn what_was_seen(canceled: usize, unnamed: usize) -> String {
    if unnamed == 0 {
        return format!("{canceled} cancelled, none of them stands any more");
    }
    format!(
        "{canceled} cancelled; for {unnamed} that no answer had named, the lists of their users show nothing that stands any more"
    )
}

/// No call finds an entry of a waitlist without its id, or a booking without its user.
fn can_be_tried_again(one: &MayStand) -> bool {
    one.booking_id.is_some() || one.kind == StandingKind::Booking && !one.user_id.is_empty()
}

/// What a run does about earlier ones before its own first call: it takes back where nobody needs to be asked or somebody agrees.
/// Gives all that they made, whether it stands or not.
pub(super) async fn before_run(place: &Place, target: &Target, wish: Wish) -> Result<Vec<MayStand>, Failure> {
    let mut made = place.known(now_sec());
    let left = place.left(now_sec());
    made.extend(left.iter().flat_map(|run| &run.made).cloned());
    if list(&left) == 0 {
        // Nothing of them stands any more.
        for run in left {
            run.close(&[])
                .map_err(|error| Failure::broken(format!("a journal could not be removed: {error}")))?;
        }
        return Ok(made);
    }
    let agreed = match wish {
        Wish::Cancel => true,
        Wish::Ask => ask().await,
        Wish::Leave => false,
    };
    if agreed {
        take_back(target, left).await?;
    } else {
        output::error("they are left as they are; `conformance cleanup` cancels them");
    }
    Ok(made)
}

/// What is to become of what earlier runs left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// It is cancelled, as a run in CI cancels its own.
    Cancel,
    /// Somebody is there to ask.
    Ask,
    /// It stays.
    Leave,
}

async fn ask() -> bool {
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    output::error("cancel them now? enter for yes, n for no:");
    let mut line = String::new();
    let read = BufReader::new(tokio::io::stdin()).read_line(&mut line).await;
    read.is_ok_and(|length| length > 0) && matches!(line.trim(), "" | "y" | "yes")
}
