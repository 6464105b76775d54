//! What the files of feeds and their metadata have to be.

use crate::feed_row::{Row, row};
use crate::{Rule, Scope};
use catalogue::RequirementId;
use feeds::{FeedSubject, ProblemCode};

pub(crate) static RULE: Rule = Rule {
    name: "feed/files",
    requirements: &[
        RequirementId::declared("FEED-META-01"),
        RequirementId::declared("FEED-META-02"),
        RequirementId::declared("FEED-META-03"),
        RequirementId::declared("FEED-META-04"),
        RequirementId::declared("FEED-META-05"),
        RequirementId::declared("FEED-META-06"),
        RequirementId::declared("FEED-META-07"),
        RequirementId::declared("FEED-FILE-01"),
        RequirementId::declared("FEED-FILE-02"),
        RequirementId::declared("FEED-FILE-03"),
        RequirementId::declared("FEED-FILE-04"),
        RequirementId::declared("FEED-FILE-06"),
        RequirementId::declared("FEED-FILE-07"),
        RequirementId::declared("FEED-FILE-08"),
        RequirementId::declared("FEED-FILE-10"),
        RequirementId::declared("FEED-FILE-14"),
    ],
    manual: "Looks at the files of a folder and at their metadata. Of each feed the latest export counts; complete exports beside it \
             are held against it for nonces and timestamps that are used again, so that a folder with yesterday's files shows more. \
             The number of a shard is the one in its metadata, a shard_number that is absent is 0, and a nonce is needed with more \
             than one shard only. Sizes are those on disk: how small an unpacked file would be is not guessed. Thirty days count \
             from the export of the availability, or from now when that is three days old, with a day to spare; where most \
             merchants have less it fails, and a single merchant, or a service without slots to come, is a warning. A value of the wrong type is told, and the rest of its \
             record is read; what follows from it is not told once more, and of a slot that has lost a value nothing is held against other slots. \
             Fields that the feed reference does not have, and names in camelCase, are notes. Files that are \
             no feeds are passed over, other encodings and archives are told where a feed is missing.",
    scope: Scope::Feed(ROWS),
};

const ROWS: &[Row] = &[
    row(
        ProblemCode::MissingMetadata,
        "FEED-META-01",
        "a file does not say PROCESS_AS_COMPLETE",
    )
    .at(&["processing_instruction"]),
    row(
        ProblemCode::NotACompleteFeed,
        "FEED-META-01",
        "a file does not say PROCESS_AS_COMPLETE",
    ),
    row(
        ProblemCode::IncrementalFeed,
        "FEED-META-02",
        "a file asks for incremental or unknown processing",
    ),
    row(
        ProblemCode::ShardNumbers,
        "FEED-META-03",
        "the shards of a feed are not numbered from 0 to one below their total",
    ),
    row(
        ProblemCode::MissingMetadata,
        "FEED-META-03",
        "a file does not say how many shards its feed has",
    )
    .at(&["total_shards"]),
    row(
        ProblemCode::ShardsDiffer,
        "FEED-META-04",
        "shards that belong together differ in total, nonce or generation timestamp",
    ),
    row(
        ProblemCode::MissingMetadata,
        "FEED-META-05",
        "a feed of more than one shard has no nonce",
    )
    .at(&["nonce"]),
    row(
        ProblemCode::NonceReused,
        "FEED-META-05",
        "two exports of one feed have the same nonce",
    ),
    row(
        ProblemCode::MissingMetadata,
        "FEED-META-06",
        "a file does not say when its data was read",
    )
    .at(&["generation_timestamp"]),
    row(
        ProblemCode::ImplausibleTimestamp,
        "FEED-META-06",
        "a generation timestamp is no moment in epoch seconds up to now",
    )
    .named("TIMESTAMP_OUT_OF_RANGE"),
    row(
        ProblemCode::TimestampReused,
        "FEED-META-07",
        "two exports of one feed have the same generation timestamp",
    ),
    row(
        ProblemCode::WrongType,
        "FEED-META-01",
        "the processing instruction of a file is no word",
    )
    .of(FeedSubject::Metadata)
    .at(&["processing_instruction"]),
    row(
        ProblemCode::WrongType,
        "FEED-META-03",
        "the number or the total of a shard is no number",
    )
    .of(FeedSubject::Metadata)
    .at(&["shard_number", "total_shards"]),
    row(
        ProblemCode::WrongType,
        "FEED-META-05",
        "the nonce of a file is neither a number nor a text",
    )
    .of(FeedSubject::Metadata)
    .at(&["nonce"]),
    row(
        ProblemCode::OddNonce,
        "FEED-META-05",
        "the nonce of a file is no number",
    )
    .warns(),
    row(
        ProblemCode::WrongType,
        "FEED-META-06",
        "a generation timestamp is no number of seconds",
    )
    .of(FeedSubject::Metadata)
    .at(&["generation_timestamp"]),
    row(
        ProblemCode::WrongType,
        "FEED-FILE-14",
        "a value is not of the type that its field has",
    ),
    row(
        ProblemCode::FlatSlot,
        "FEED-FILE-14",
        "slots stand beside their list `availability` instead of in it",
    ),
    row(
        ProblemCode::FileTooLarge,
        "FEED-FILE-01",
        "a file has 200 MB or more, packed",
    ),
    row(
        ProblemCode::TooManyShards,
        "FEED-FILE-02",
        "a feed is cut into more files than recommended",
    ),
    row(
        ProblemCode::SplitRecord,
        "FEED-FILE-03",
        "one record stands in two shards with different content",
    ),
    row(
        ProblemCode::UnevenShards,
        "FEED-FILE-04",
        "one shard is more than three times as large as another",
    ),
    row(
        ProblemCode::FileName,
        "FEED-FILE-06",
        "a file name does not say feed, timestamp, shard and total",
    ),
    row(
        ProblemCode::OtherEncoding,
        "FEED-FILE-07",
        "a feed is in another encoding than JSON, and was not read",
    ),
    row(
        ProblemCode::PackedTogether,
        "FEED-FILE-08",
        "feeds are not packed file by file with gzip, and were not read",
    ),
    row(
        ProblemCode::ShortHorizon,
        "FEED-FILE-10",
        "availability does not reach thirty days ahead",
    ),
    row(
        ProblemCode::NoFutureSlot,
        "FEED-FILE-10",
        "a merchant or a service has no slot to come",
    )
    .warns(),
    row(
        ProblemCode::NoServices,
        "FEED-FILE-10",
        "a merchant has no service, and so no slot",
    )
    .warns(),
    row(
        ProblemCode::MerchantHorizon,
        "FEED-FILE-10",
        "the availability of a merchant does not reach thirty days ahead",
    )
    .warns(),
];
