//! Many small values in pieces: a list that grows by doubling would waste half of its memory.

/// So many values are kept in one piece.
const PIECE: usize = 512;

/// Three numbers for a slot.
pub(crate) type Mark = [u32; 3];

/// Marks of slots, in no order.
#[derive(Debug, Default)]
pub(crate) struct Pieces(Vec<Vec<Mark>>);

impl Pieces {
    pub(crate) fn push(&mut self, mark: Mark) {
        if self.0.last().is_none_or(|piece| piece.len() == PIECE) {
            // The first piece grows, since most services have few slots.
            let room = if self.0.is_empty() { 0 } else { PIECE };
            self.0.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.0.last_mut() {
            piece.push(mark);
        }
    }

    /// Lets go of the marks and hands them out in their order.
    pub(crate) fn take_sorted(&mut self) -> Vec<Mark> {
        let mut marks = std::mem::take(&mut self.0).concat();
        marks.sort_unstable();
        marks
    }
}
