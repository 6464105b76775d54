//! The write-ahead log as a killed server leaves it. SQLite reads it up to the first frame that is not right and leaves out the rest
//! without a word. That is correct where the last write was cut off; a frame in the middle that rotted takes answered bookings with it.
//!
//! The form is documented at <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The last bit says in which order of bytes sums are made.
const MAGIC: u32 = 0x377f_0682;

/// The two running sums over all that came before.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sums(u32, u32);

struct Log {
    is_big_endian: bool,
    page: usize,
    salts: [u8; 8],
    sums: Sums,
}

/// Whether a log holds commits that were synced, and that SQLite will not read. A log that is not there has lost nothing.
pub(super) fn has_lost_commits(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let has_frames = file.metadata()?.len() >= (HEADER + FRAME_HEADER) as u64;
    let mut bytes = BufReader::new(file);
    let mut header = [0; HEADER];
    // No frame is written before its header has been synced.
    if !has_frames || !read_whole(&mut bytes, &mut header)? {
        return Ok(false);
    }
    let Some(log) = Log::new(&header) else {
        return Ok(true);
    };
    Ok(log.count_lost(&mut bytes)? > 1)
}

impl Log {
    /// None when the header is damaged.
    fn new(header: &[u8; HEADER]) -> Option<Self> {
        let magic = word(header, 0, true);
        let is_big_endian = magic == MAGIC | 1;
        let page = word(header, 8, true) as usize;
        let sums = Sums(0, 0).over(&header[..24], is_big_endian);
        let is_whole = (is_big_endian || magic == MAGIC)
            && sums == Sums(word(header, 24, true), word(header, 28, true))
            && page.is_power_of_two()
            && (512..=65536).contains(&page);
        is_whole.then(|| Self {
            is_big_endian,
            page,
            salts: salts(header, 16),
            sums,
        })
    }

    /// Commits of this log behind its first wrong frame. The last one may have been cut off before it was synced, and so never
    /// answered; each one before it was synced before the next was written. Frames of an earlier log have other salts.
    fn count_lost(mut self, bytes: &mut impl Read) -> io::Result<usize> {
        let mut frame = vec![0; FRAME_HEADER + self.page];
        let (mut lost, mut is_broken) = (0, false);
        while read_whole(bytes, &mut frame)? {
            let is_of_this_log = salts(&frame, 8) == self.salts;
            let (head, page) = frame.split_at(FRAME_HEADER);
            let sums = self.sums.over(&head[..8], self.is_big_endian);
            let sums = sums.over(page, self.is_big_endian);
            is_broken |= !is_of_this_log || sums != Sums(word(head, 16, true), word(head, 20, true));
            self.sums = sums;
            let is_commit = word(head, 4, true) != 0;
            lost += usize::from(is_broken && is_of_this_log && is_commit);
        }
        Ok(lost)
    }
}

impl Sums {
    fn over(self, bytes: &[u8], is_big_endian: bool) -> Self {
        bytes.chunks_exact(8).fold(self, |Self(one, two), pair| {
            let one = one.wrapping_add(word(pair, 0, is_big_endian)).wrapping_add(two);
            Self(
                one,
                two.wrapping_add(word(pair, 4, is_big_endian)).wrapping_add(one),
            )
        })
    }
}

fn word(bytes: &[u8], at: usize, is_big_endian: bool) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    if is_big_endian {
        u32::from_be_bytes(word)
    } else {
        u32::from_le_bytes(word)
    }
}

fn salts(bytes: &[u8], at: usize) -> [u8; 8] {
    let mut salts = [0; 8];
    salts.copy_from_slice(&bytes[at..at + 8]);
    salts
}

/// False at the end: what is cut off there was not synced.
fn read_whole(bytes: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match bytes.read_exact(into) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}
