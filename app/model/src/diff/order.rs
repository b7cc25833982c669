//! Which columns were moved among those that stay.

/// Columns beyond which the order of a table is not compared; no system allows as many.
const COLUMNS_MAX: usize = 4_096;

/// The columns that were moved, as indices into `new_places`, ascending.
///
/// `new_places` holds, for each column that stays and in the old order, its rank among them in
/// the new order. As few columns as possible count as moved. Where several choices are equally
/// good, names decide, so that the way back moves the same columns.
pub(super) fn moved(new_places: &[usize], names: &[&str]) -> Vec<usize> {
    let count = new_places.len();
    if count > COLUMNS_MAX || new_places.is_sorted() {
        return Vec::new();
    }
    // How long the longest run in the same order is that begins at a column.
    let mut lengths = vec![0_u32; count];
    for (at, place) in new_places.iter().enumerate().rev() {
        let behind = new_places.iter().zip(&lengths).skip(at + 1);
        let longest = behind
            .filter(|(other, _)| *other > place)
            .map(|(_, length)| *length)
            .max();
        if let Some(slot) = lengths.get_mut(at) {
            *slot = longest.unwrap_or(0) + 1;
        }
    }
    let mut stays = vec![false; count];
    let mut wanted = lengths.iter().copied().max().unwrap_or(0);
    let mut last: Option<(usize, usize)> = None;
    while wanted > 0 {
        let next = new_places
            .iter()
            .zip(&lengths)
            .zip(names)
            .enumerate()
            .filter(|(at, ((place, length), _))| {
                **length == wanted
                    && last
                        .is_none_or(|(last_at, last_place)| *at > last_at && **place > last_place)
            })
            .min_by_key(|(_, (_, name))| **name);
        let Some((at, ((place, _), _))) = next else {
            break;
        };
        if let Some(slot) = stays.get_mut(at) {
            *slot = true;
        }
        last = Some((at, *place));
        wanted -= 1;
    }
    (0..count)
        .filter(|at| !stays.get(*at).copied().unwrap_or(true))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_taken_to_the_front_is_one_move() {
        // Old order a b c d, new order d a b c.
        assert_eq!(moved(&[1, 2, 3, 0], &["a", "b", "c", "d"]), [3]);
        assert_eq!(moved(&[3, 0, 1, 2], &["a", "b", "c", "d"]), [0]);
        assert!(moved(&[0, 1, 2], &["a", "b", "c"]).is_empty());
    }

    #[test]
    fn a_swap_moves_the_same_column_both_ways() {
        let there = moved(&[1, 0], &["a", "b"]);
        let back = moved(&[1, 0], &["b", "a"]);
        assert_eq!(there, [1]);
        assert_eq!(back, [0]);
    }
}
