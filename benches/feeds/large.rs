//! Feeds as a large partner exports them: right in every respect, the same bytes each time, and written without holding them.

use super::offer::{self, SERVICES, Service};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Google asks for thirty days at least.
const DAYS: usize = 35;
/// From nine to nine, every quarter of an hour.
const STEPS: usize = 48;
const STEP_SEC: i64 = 900;
const OPENS_SEC: i64 = 9 * 3600;
const DAY_SEC: i64 = 86_400;
/// As `gzip` itself packs when it is told nothing: what exporters do, and what is then to be unpacked.
const LEVEL: u32 = 6;
/// The packer is given about so much at once.
const BLOCK: usize = 64 << 10;

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) slots: usize,
    pub(crate) shards: usize,
    pub(crate) merchants: usize,
    /// Epoch seconds at which the export was made; the slots begin on the day after it.
    pub(crate) generated: i64,
}

impl Size {
    /// The slots of one service, which is counted through all merchants: some have one more than the others.
    fn of_service(self, service: usize) -> usize {
        let services = self.merchants * SERVICES.len();
        self.slots / services + usize::from(service < self.slots % services)
    }

    /// The merchants whose slots stand in this shard.
    fn of_shard(self, shard: usize) -> Range<usize> {
        let first = |shard| shard * self.merchants / self.shards;
        first(shard)..first(shard + 1)
    }

    fn metadata(self, kind: usize, shard: usize, shards: usize) -> Value {
        json!({
            "processing_instruction": "PROCESS_AS_COMPLETE",
            "shard_number": shard,
            "total_shards": shards,
            "nonce": (self.generated * 10 + kind as i64).to_string(),
            "generation_timestamp": self.stamp(kind),
        })
    }

    /// One export follows the other: no two feeds have the same time.
    fn stamp(self, kind: usize) -> i64 {
        self.generated + 60 * kind as i64
    }

    fn name(self, kind: usize, shard: usize, shards: usize) -> String {
        let feed = ["merchants", "services", "availability"][kind];
        let stamp = self.stamp(kind);
        format!("{feed}_feed_{stamp}_{:03}_of_{shards:03}.json.gz", shard + 1)
    }
}

/// Writes all files into `folder`; how many bytes of JSON are in them comes back.
pub(crate) fn write(folder: &Path, size: Size) -> io::Result<u64> {
    let merchants: Vec<_> = (0..size.merchants).map(offer::merchant).collect();
    let services: Vec<_> = (0..size.merchants)
        .flat_map(|merchant| SERVICES.iter().map(move |service| service.record(merchant)))
        .collect();
    let mut bytes = small(folder, size, 0, "merchant", &merchants)?;
    bytes += small(folder, size, 1, "service", &services)?;
    Ok(bytes + shards(folder, size)?)
}

fn small(folder: &Path, size: Size, kind: usize, list: &str, records: &[Value]) -> io::Result<u64> {
    let feed = json!({ "metadata": size.metadata(kind, 0, 1), list: records });
    let mut out = Packed::create(folder.join(size.name(kind, 0, 1)))?;
    out.text = feed.to_string().into_bytes();
    out.finish()
}

/// Each processor writes the next shard that nobody has begun.
fn shards(folder: &Path, size: Size) -> io::Result<u64> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (next, bytes) = (AtomicUsize::new(0), Mutex::new(Ok(0)));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let shard = next.fetch_add(1, Ordering::Relaxed);
                    if shard >= size.shards {
                        return;
                    }
                    let written = availability(folder, size, shard);
                    let mut sum = bytes.lock().expect("no writer panics");
                    *sum = match (std::mem::replace(&mut *sum, Ok(0)), written) {
                        (Ok(sum), Ok(written)) => Ok(sum + written),
                        (Err(error), _) | (_, Err(error)) => Err(error),
                    };
                }
            });
        }
    });
    bytes.into_inner().expect("no writer panics")
}

fn availability(folder: &Path, size: Size, shard: usize) -> io::Result<u64> {
    let mut out = Packed::create(folder.join(size.name(2, shard, size.shards)))?;
    let metadata = size.metadata(2, shard, size.shards);
    write!(out.text, "{{\"metadata\":{metadata},\"service_availability\":[")?;
    for (group, merchant) in size.of_shard(shard).enumerate() {
        let comma = if group == 0 { "" } else { "," };
        write!(out.text, "{comma}{{\"availability\":[")?;
        let mut first = true;
        for (index, service) in SERVICES.iter().enumerate() {
            let counted = merchant * SERVICES.len() + index;
            slots(&mut out, size, (merchant, counted, service), &mut first)?;
        }
        out.text.write_all(b"]}")?;
    }
    out.text.write_all(b"]}")?;
    out.finish()
}

/// The slots of one service: spread over all days, and as many people at the same time as are needed for so many.
fn slots(
    out: &mut Packed,
    size: Size,
    (merchant, counted, service): (usize, usize, &Service),
    first: &mut bool,
) -> io::Result<()> {
    let number = size.of_service(counted);
    let people = number.div_ceil(DAYS * STEPS).max(1);
    let starts = number.div_ceil(people).max(1);
    let opening = (size.generated.div_euclid(DAY_SEC) + 1) * DAY_SEC + OPENS_SEC;
    for index in 0..number {
        let at = (index / people) * DAYS * STEPS / starts;
        let (day, step) = ((at / STEPS) as i64, (at % STEPS) as i64);
        let slot = offer::Slot {
            merchant,
            person: index % people,
            start: opening + day * DAY_SEC + step * STEP_SEC,
            // A number that looks like no other, of which the rest of the slot is made.
            chance: mixed(((counted as u64) << 32) | index as u64),
        };
        if !std::mem::take(first) {
            out.text.push(b',');
        }
        service.slot(&mut out.text, &slot)?;
        out.pass_on()?;
    }
    Ok(())
}

/// A different number for every number, without any order to be seen in them (splitmix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A file that is packed while it is written.
struct Packed {
    text: Vec<u8>,
    gzip: GzEncoder<BufWriter<File>>,
    bytes: u64,
}

impl Packed {
    fn create(path: PathBuf) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        Ok(Self {
            text: Vec::with_capacity(BLOCK + (BLOCK >> 2)),
            gzip: GzEncoder::new(file, Compression::new(LEVEL)),
            bytes: 0,
        })
    }

    fn pass_on(&mut self) -> io::Result<()> {
        if self.text.len() < BLOCK {
            return Ok(());
        }
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.gzip.write_all(&self.text)?;
        self.bytes += self.text.len() as u64;
        self.text.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<u64> {
        self.flush()?;
        self.gzip.finish()?.into_inner().map_err(io::Error::from)?;
        Ok(self.bytes)
    }
}
