//! Ids of what a diagram draws as a box. A table has that of the catalog. A folded group has one that
//! follows from what it is, so that it is the same one tomorrow and a view can keep where it stands.
//! What only one picture has, a table of an older version, is numbered from -1 down.
//!
//! All of them are whole numbers that JavaScript can write.

/// Groups are below this: the numbers from here up to -1 are of what only one picture has.
const GROUPS: i64 = -(1 << 52);
/// So many numbers are for groups that are schemas, as many for communities.
const EACH: i64 = 1 << 51;

/// The id of a folded schema's box.
pub fn schema_box(schema: &str) -> i64 {
    // FNV-1a with 64 bits (Fowler, Noll, Vo), folded into the bits there are. Views keep it: another
    // hash would move what people arranged.
    let hash = schema
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    GROUPS - within(hash ^ (hash >> 51))
}

/// The id of a folded community's box, from the id of the table that it hangs together by.
pub fn community_box(hub: i64) -> i64 {
    GROUPS - EACH - within(hub.cast_unsigned())
}

/// A number from 0 to [`EACH`] - 1.
fn within(number: u64) -> i64 {
    (number % EACH.unsigned_abs()).cast_signed()
}

/// Whether a box stands for a folded group.
pub fn is_group(id: i64) -> bool {
    (GROUPS - 2 * EACH + 1..=GROUPS).contains(&id)
}

/// Whether a view can keep something of a box: the ids of others mean something else in the next
/// picture.
pub fn is_lasting(id: i64) -> bool {
    id >= 0 || is_group(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_known_by_its_id() {
        for id in [
            schema_box(""),
            schema_box("sales"),
            schema_box("продажи"),
            community_box(0),
            community_box(i64::from(u32::MAX)),
            community_box(i64::MAX),
            community_box(-1),
        ] {
            assert!(is_group(id) && is_lasting(id), "{id}");
            // 2^53 - 1 is the largest whole number that every reader of JSON tells from the next.
            assert!(id.unsigned_abs() < 1 << 53, "{id}");
        }
        for id in [0, 1, i64::MAX, -1, -100_000, i64::MIN] {
            assert!(!is_group(id), "{id}");
        }
        assert!(is_lasting(7) && !is_lasting(-7));
    }

    /// Where this fails, the boxes of groups in people's views lose their places.
    #[test]
    fn the_ids_of_groups_stay_what_they_are() {
        assert_eq!(schema_box("sales"), -6_259_577_925_672_427);
        assert_eq!(community_box(41), -6_755_399_441_055_785);
        assert_ne!(schema_box("sales"), schema_box("sale"));
    }
}
