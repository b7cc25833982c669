//! What is said of a box that stands for several tables.

use super::{Mark, MarkKind, Overlay};
use crate::graph::{Graph, TableNode};
use model::number::counted;

impl Overlay {
    /// Says of a box what `whole` says of the tables that it stands for, by their places in `graph`: what
    /// is said of the one that it is said of the most, and of how many. It is called by its name only
    /// where the box shows that.
    pub fn mark_box(
        &mut self,
        place: usize,
        shown: &TableNode,
        whole: &Self,
        graph: &Graph,
        tables: &[usize],
    ) {
        let marked = tables.iter();
        let marked: Vec<(usize, &Mark)> = marked
            .filter_map(|table| Some((*table, whole.table(*table)?)))
            .collect();
        // A warning before what is only worth knowing, the hottest before the others.
        let first = marked.iter().max_by(|(a, one), (b, other)| {
            let kinds = other.kind.cmp(&one.kind);
            let strengths = one.strength.total_cmp(&other.strength);
            kinds.then(strengths).then(b.cmp(a))
        });
        let Some((first, mark)) = first else { return };
        let node = graph.tables.get(*first);
        let node = node.filter(|node| shown.columns.iter().any(|row| row.name == node.name));
        let label = node.map_or_else(
            || mark.label.clone(),
            |node| format!("{}: {}", node.qualified_name(), mark.label),
        );
        let mut mark = Mark {
            label: match marked.len() {
                1 => label,
                count => format!("{label}; and {} more", counted(count - 1, "table")),
            },
            ..(*mark).clone()
        };
        let is_same = marked.iter().all(|(_, other)| other.kind == mark.kind);
        if matches!(mark.kind, MarkKind::Added | MarkKind::Removed) && !is_same {
            mark.kind = MarkKind::Altered;
        }
        if mark.kind == MarkKind::Tag {
            let tags = marked
                .iter()
                .flat_map(|(_, mark)| mark.tags.iter().copied());
            mark.tags = tags.collect();
            mark.tags.sort_unstable();
            mark.tags.dedup();
        }
        for tag in mark.tags.iter().map(|tag| usize::from(*tag)) {
            if let (Some(sign), Some(known)) = (self.tags.get_mut(tag), whole.tags.get(tag)) {
                sign.clone_from(known);
            }
        }
        self.mark_table(place, mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_says_what_is_said_of_its_tables_the_most() {
        let table = |name: &str| TableNode {
            name: name.to_owned(),
            ..TableNode::default()
        };
        let graph = Graph {
            tables: ["alone", "busy", "calm", "quiet", "inner"]
                .map(table)
                .into(),
            links: Vec::new(),
        };
        let mut shown = table("group.*");
        shown.columns = ["busy", "calm"]
            .map(|name| crate::graph::ColumnRow {
                name: name.to_owned(),
                ..Default::default()
            })
            .into();
        let heat = |strength, label: &str| Mark::new(MarkKind::Heat, label).with_strength(strength);
        let mut whole = Overlay::new("Usage");
        whole.mark_table(1, heat(0.9, "9 queries"));
        whole.mark_table(2, heat(0.1, "1 query"));
        whole.mark_table(4, heat(0.5, "5 queries"));
        let mut part = Overlay::new("Usage");
        part.mark_box(7, &shown, &whole, &graph, &[1, 2, 3]);
        let mark = part.table(7).unwrap();
        assert_eq!(mark.label, "busy: 9 queries; and 1 table more");
        assert!((mark.strength - 0.9).abs() < 1e-6);
        // What the box does not name is not named.
        part.mark_box(8, &shown, &whole, &graph, &[3, 4]);
        assert_eq!(part.table(8).unwrap().label, "5 queries");
        part.mark_box(9, &shown, &whole, &graph, &[0, 3]);
        assert_eq!(part.table(9), None);
        let mut changes = Overlay::new("Changes");
        changes.mark_table(1, Mark::new(MarkKind::Added, "added"));
        changes.mark_table(2, Mark::new(MarkKind::Removed, "removed"));
        part = Overlay::new("Changes");
        part.mark_box(5, &shown, &changes, &graph, &[1, 2]);
        assert_eq!(part.table(5).unwrap().kind, MarkKind::Altered);
    }
}
