//! Reads and writes on slices that have no failing case: reading past the end gives the default,
//! writing past the end does nothing. The layout is index arithmetic from end to end and must never
//! bring down the page or the server, so this is its way to the elements.

/// Total access to the elements of a slice.
pub(crate) trait Total<T> {
    /// The element at `i`, or the default when there is none.
    fn at(&self, i: usize) -> T
    where
        T: Copy + Default;
    /// Replaces the element at `i` when there is one.
    fn put(&mut self, i: usize, value: T);
    /// Changes the element at `i` when there is one.
    fn with(&mut self, i: usize, change: impl FnOnce(&mut T));
}

impl<T> Total<T> for [T] {
    fn at(&self, i: usize) -> T
    where
        T: Copy + Default,
    {
        self.get(i).copied().unwrap_or_default()
    }

    fn put(&mut self, i: usize, value: T) {
        if let Some(slot) = self.get_mut(i) {
            *slot = value;
        }
    }

    fn with(&mut self, i: usize, change: impl FnOnce(&mut T)) {
        if let Some(slot) = self.get_mut(i) {
            change(slot);
        }
    }
}

/// The list at `i` of a list of lists, empty when there is none.
pub(crate) fn row<T>(lists: &[Vec<T>], i: usize) -> &[T] {
    lists.get(i).map_or(&[], Vec::as_slice)
}
