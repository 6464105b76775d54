//! What an export has to be beside an earlier one, and beside bookings that were made in between.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{Compared, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/days",
    requirements: &[
        RequirementId::declared("FEED-META-06"),
        RequirementId::declared("FEED-FILE-05"),
        RequirementId::declared("FEED-FILE-09"),
        RequirementId::declared("INV-09"),
        RequirementId::declared("FEED-MER-01"),
        RequirementId::declared("FEED-AVL-10"),
        RequirementId::declared("FEED-AVL-13"),
        RequirementId::declared("FEED-AVL-20"),
    ],
    manual: "Holds the feeds of a folder against an earlier export (`--before`) and against the bookings that stand at the end of a \
             recorded run (`--recording`). A merchant is the same where name, category, telephone and address are; of staff and \
             rooms only the name is known, so that one new id is a warning, and it fails where most names of the feed have new ones. \
             A feed that is still the earlier export fails when another feed was made two days later. A file name that is used \
             again fails where it holds a timestamp; another name may be changed when it is uploaded, and is a warning. A slot has \
             to have as many taken spots as there are bookings of the run that stand, whoever else came or left; a slot that may be \
             full may be left out. What starts before the export, or was booked less than five minutes before it, is not looked \
             for, nor is a booking that anybody has changed. Merchants that are gone, and tags and prices that are new, break no requirement: they are \
             notes.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::TimestampBack,
        "FEED-META-06",
        "an export states an earlier moment than the one before it",
    ),
    row(
        ProblemCode::FileNameReused,
        "FEED-FILE-05",
        "a file has the name of a file of the earlier export",
    )
    .seen_in(Compared::FileNames),
    row(
        ProblemCode::PlainNameReused,
        "FEED-FILE-05",
        "a file has the name of a file of the earlier export, unless it is renamed for the upload",
    )
    .seen_in(Compared::FileNames)
    .warns(),
    row(
        ProblemCode::FeedNotRenewed,
        "FEED-FILE-09",
        "merchants or services were not exported again, though another feed was, two days later",
    )
    .seen_in(Compared::Cadence),
    row(
        ProblemCode::FeedLate,
        "FEED-FILE-09",
        "a feed was made more than a day before another one of the export",
    )
    .seen_in(Compared::Cadence)
    .warns(),
    row(
        ProblemCode::AvailabilityNotRenewed,
        "INV-09",
        "the availability was not exported again, though another feed was, two days later",
    )
    .seen_in(Compared::AvailabilityCadence),
    row(
        ProblemCode::MerchantIdChanged,
        "FEED-MER-01",
        "a merchant has another id than in the earlier export",
    ),
    row(
        ProblemCode::TotalLowered,
        "FEED-AVL-10",
        "a booking lowered the spots in total with the open ones",
    )
    .warns(),
    row(
        ProblemCode::ResourceIdsChanged,
        "FEED-AVL-13",
        "most staff or rooms have other ids than in the earlier export",
    )
    .seen_in(Compared::Resources),
    row(
        ProblemCode::ResourceIdChanged,
        "FEED-AVL-13",
        "a name among staff or rooms has another id than in the earlier export",
    )
    .seen_in(Compared::Resources)
    .warns(),
    row(
        ProblemCode::BookingNotShown,
        "FEED-AVL-20",
        "a booking that stands in the recording is not shown, unless somebody cancelled it since",
    )
    .seen_in(Compared::Bookings),
];
