//! What is said of tables, columns and links on top of the picture: what changed, what was found,
//! how much is used. An overlay holds marks and knows nothing of where they come from; how a mark
//! looks is decided here and in `paint`, so that every overlay looks alike everywhere.

mod folded;
mod legend;
mod tag;

use crate::area::{strong, tint};
use crate::drawn::place_of;
use crate::graph::Graph;
use crate::painter::Ink;
use model::view::ViewColour;
use serde::{Deserialize, Serialize};

pub use legend::LegendRow;
pub use tag::{TagSign, tag_colour, tag_signs};

/// Steps of the colours for heat.
const HEAT: [Ink; 5] = [Ink::Heat1, Ink::Heat2, Ink::Heat3, Ink::Heat4, Ink::Heat5];

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Only there since the newer version.
    Added,
    /// There no longer: drawn as a ghost.
    Removed,
    /// There in both, and different.
    Altered,
    /// Likely to go wrong or to be slow.
    Warning,
    /// Worth knowing.
    Notice,
    /// Used so much, by [`Mark::strength`].
    Heat,
    /// Has tags, [`Mark::tags`].
    Tag,
    /// On the way from one table to another.
    Path,
}

impl MarkKind {
    /// All kinds, in the order of legends.
    pub const ALL: [Self; 8] = [
        Self::Added,
        Self::Altered,
        Self::Removed,
        Self::Warning,
        Self::Notice,
        Self::Heat,
        Self::Tag,
        Self::Path,
    ];

    /// The word for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Removed => "Removed",
            Self::Altered => "Altered",
            Self::Warning => "Warning",
            Self::Notice => "Notice",
            Self::Heat => "Used",
            Self::Tag => "Tagged",
            Self::Path => "Path",
        }
    }

    /// A sign that tells kinds apart without colours; empty where the colour's strength or a number
    /// says it.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Added => "+",
            Self::Removed => "−",
            Self::Altered => "~",
            Self::Warning => "!",
            Self::Notice => "i",
            Self::Tag => "#",
            Self::Heat | Self::Path => "",
        }
    }

    /// The name in style sheets and test hooks.
    #[must_use]
    pub const fn css_name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Altered => "altered",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Heat => "heat",
            Self::Tag => "tag",
            Self::Path => "path",
        }
    }

    /// True for what stands for itself as a whole: its box is tinted, not only its header.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Added | Self::Removed)
    }

    /// The dashes of its lines, in world units; 0 for full lines.
    #[must_use]
    pub const fn dash(self) -> f64 {
        match self {
            Self::Removed => 5.0,
            _ => 0.0,
        }
    }
}

/// What is said of one table, column or link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What it says.
    pub kind: MarkKind,
    /// How much of it, from 0 to 1; only heat has degrees.
    pub strength: f32,
    /// A few characters to show in place of the kind's sign; empty for the sign.
    pub badge: String,
    /// The sentence for those who do not see the mark, or want to know more.
    pub label: String,
    /// For [`MarkKind::Tag`], which, by index in [`Overlay::tags`], ascending; the first gives the
    /// colour.
    pub tags: Vec<u16>,
}

impl Mark {
    /// A mark with the sign of its kind.
    #[must_use]
    pub fn new(kind: MarkKind, label: impl Into<String>) -> Self {
        Self {
            kind,
            strength: 1.0,
            badge: String::new(),
            label: label.into(),
            tags: Vec::new(),
        }
    }

    /// A mark of tags, by index in [`Overlay::tags`].
    #[must_use]
    pub fn of_tags(tags: Vec<u16>, label: impl Into<String>) -> Self {
        Self {
            tags,
            ..Self::new(MarkKind::Tag, label)
        }
    }

    /// With a text of a few characters in place of the sign.
    #[must_use]
    pub fn with_badge(mut self, badge: impl Into<String>) -> Self {
        self.badge = badge.into();
        self
    }

    /// With a degree from 0 to 1; what is no number is 0.
    #[must_use]
    pub fn with_strength(mut self, strength: f32) -> Self {
        self.strength = if strength.is_finite() {
            strength.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self
    }

    /// What its badge shows; empty for no badge.
    #[must_use]
    pub fn sign(&self) -> &str {
        if self.badge.is_empty() {
            self.kind.sign()
        } else {
            &self.badge
        }
    }

    /// The strong colour: lines, badges, blocks.
    #[must_use]
    pub fn ink(&self) -> Ink {
        match self.kind {
            MarkKind::Heat => heat(self.strength),
            MarkKind::Tag => strong(self.tag_colour()),
            other => ink(other),
        }
    }

    /// The tint behind texts.
    #[must_use]
    pub fn fill(&self) -> Ink {
        match self.kind {
            MarkKind::Added => Ink::AddedFill,
            MarkKind::Removed => Ink::RemovedFill,
            MarkKind::Altered => Ink::AlteredFill,
            MarkKind::Warning => Ink::WarningFill,
            MarkKind::Notice => Ink::NoticeFill,
            MarkKind::Heat => heat(self.strength),
            MarkKind::Tag => tint(self.tag_colour()),
            MarkKind::Path => Ink::Hover,
        }
    }

    /// The name in style sheets: of its kind, or of its tag's colour.
    #[must_use]
    pub fn css_name(&self) -> String {
        match self.kind {
            MarkKind::Tag => ["tag-", self.tag_colour().as_str()].concat(),
            kind => kind.css_name().to_owned(),
        }
    }

    /// How many steps wider than other marked ones a link is drawn: the more it is used, the wider.
    #[must_use]
    pub fn link_step(&self) -> u8 {
        match self.kind {
            MarkKind::Heat => (self.strength.clamp(0.0, 1.0) * 3.99) as u8,
            _ => 0,
        }
    }

    /// The colour of its first tag.
    #[must_use]
    pub fn tag_colour(&self) -> ViewColour {
        self.tags
            .first()
            .map_or(ViewColour::Grey, |it| tag_colour(*it))
    }
}

/// The strong colour of a kind.
#[must_use]
pub const fn ink(kind: MarkKind) -> Ink {
    match kind {
        MarkKind::Added => Ink::Added,
        MarkKind::Removed => Ink::Removed,
        MarkKind::Altered => Ink::Altered,
        MarkKind::Warning => Ink::Warning,
        MarkKind::Notice => Ink::Notice,
        // Steps of heat are tints behind texts: too pale for a line on the canvas.
        MarkKind::Heat => Ink::Orange,
        MarkKind::Tag => Ink::Grey,
        MarkKind::Path => Ink::Accent,
    }
}

/// The colour for a degree from 0 to 1.
fn heat(strength: f32) -> Ink {
    let step = (strength.clamp(0.0, 1.0) * HEAT.len() as f32) as usize;
    HEAT.get(step).copied().unwrap_or(Ink::Heat5)
}

/// Marks on tables, columns and links, which are named by their place in the graph. Of two marks on
/// one thing the first counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overlay {
    /// What it shows: `Changes from version 3 to 5`.
    pub title: String,
    /// Whether what is not marked steps back.
    pub quiet_rest: bool,
    /// The least and the most that heat stands for, in words; none without heat.
    pub scale: Option<(String, String)>,
    /// The tags that marks of [`MarkKind::Tag`] mean, those on the most things first.
    pub tags: Vec<TagSign>,
    tables: Vec<(u32, Mark)>,
    columns: Vec<(u32, u16, Mark)>,
    links: Vec<(u32, Mark)>,
}

impl Overlay {
    /// An overlay without marks.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// Marks a table.
    pub fn mark_table(&mut self, table: usize, mark: Mark) {
        let table = table as u32;
        if let Err(at) = self.tables.binary_search_by_key(&table, |it| it.0) {
            self.tables.insert(at, (table, mark));
        }
    }

    /// Marks a column of a table.
    pub fn mark_column(&mut self, table: usize, column: u16, mark: Mark) {
        let key = (table as u32, column);
        if let Err(at) = self.columns.binary_search_by_key(&key, |it| (it.0, it.1)) {
            self.columns.insert(at, (key.0, key.1, mark));
        }
    }

    /// Marks a link.
    pub fn mark_link(&mut self, link: usize, mark: Mark) {
        let link = link as u32;
        if let Err(at) = self.links.binary_search_by_key(&link, |it| it.0) {
            self.links.insert(at, (link, mark));
        }
    }

    /// Every mark, to be changed.
    pub fn marks_mut(&mut self) -> impl Iterator<Item = &mut Mark> + '_ {
        let tables = self.tables.iter_mut().map(|it| &mut it.1);
        let columns = self.columns.iter_mut().map(|it| &mut it.2);
        let links = self.links.iter_mut().map(|it| &mut it.1);
        tables.chain(columns).chain(links)
    }

    /// The mark of a table.
    #[must_use]
    pub fn table(&self, table: usize) -> Option<&Mark> {
        let at = self
            .tables
            .binary_search_by_key(&(table as u32), |it| it.0)
            .ok()?;
        self.tables.get(at).map(|it| &it.1)
    }

    /// The mark of a column.
    #[must_use]
    pub fn column(&self, table: usize, column: u16) -> Option<&Mark> {
        let at = self
            .columns
            .binary_search_by_key(&(table as u32, column), |it| (it.0, it.1))
            .ok()?;
        self.columns.get(at).map(|it| &it.2)
    }

    /// The marked columns of a table, ascending.
    pub fn columns_of(&self, table: usize) -> impl Iterator<Item = (u16, &Mark)> + '_ {
        let table = table as u32;
        let start = self.columns.partition_point(|it| it.0 < table);
        self.columns
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(move |it| it.0 == table)
            .map(|it| (it.1, &it.2))
    }

    /// The mark of a link.
    #[must_use]
    pub fn link(&self, link: usize) -> Option<&Mark> {
        let at = self
            .links
            .binary_search_by_key(&(link as u32), |it| it.0)
            .ok()?;
        self.links.get(at).map(|it| &it.1)
    }

    /// True when some link is marked.
    #[must_use]
    pub fn has_links(&self) -> bool {
        !self.links.is_empty()
    }

    /// True when nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty() && self.links.is_empty()
    }

    /// The marked tables, ascending.
    pub fn tables(&self) -> impl Iterator<Item = (usize, &Mark)> + '_ {
        self.tables.iter().map(|it| (it.0 as usize, &it.1))
    }

    /// The marked links, ascending.
    pub fn links(&self) -> impl Iterator<Item = (usize, &Mark)> + '_ {
        self.links.iter().map(|it| (it.0 as usize, &it.1))
    }

    /// The tables that something is said of: themselves, their columns, or links at them;
    /// ascending.
    #[must_use]
    pub fn tables_touched(&self, graph: &Graph) -> Vec<usize> {
        let links = self.links.iter().filter_map(|it| {
            let link = graph.links.get(it.0 as usize)?;
            Some([link.child(), link.parent()])
        });
        let mut touched: Vec<usize> = self
            .tables
            .iter()
            .map(|it| it.0 as usize)
            .chain(self.columns.iter().map(|it| it.0 as usize))
            .chain(links.flatten())
            .collect();
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// What is said of the part of a graph that has these tables and links only, both ascending, as
    /// [`Graph::subgraph`] numbers them.
    #[must_use]
    pub fn part(&self, tables: &[usize], links: &[usize]) -> Self {
        let mut part = Self {
            title: self.title.clone(),
            quiet_rest: self.quiet_rest,
            scale: self.scale.clone(),
            tags: self.tags.clone(),
            ..Self::default()
        };
        for (place, &table) in tables.iter().enumerate() {
            if let Some(mark) = self.table(table) {
                part.tables.push((place as u32, mark.clone()));
            }
            let columns = self.columns_of(table);
            part.columns
                .extend(columns.map(|(column, mark)| (place as u32, column, mark.clone())));
        }
        for (place, &link) in links.iter().enumerate() {
            if let Some(mark) = self.link(link) {
                part.links.push((place as u32, mark.clone()));
            }
        }
        part.forget_tags();
        part
    }

    /// Forgets the names of tags that nothing here has; the others keep their colours and signs.
    fn forget_tags(&mut self) {
        let mut named = vec![false; self.tags.len()];
        let tables = self.tables.iter().map(|it| &it.1);
        let marks = tables.chain(self.columns.iter().map(|it| &it.2));
        for tag in marks.flat_map(|mark| &mark.tags) {
            if let Some(named) = named.get_mut(usize::from(*tag)) {
                *named = true;
            }
        }
        for (tag, named) in self.tags.iter_mut().zip(named) {
            if !named {
                *tag = TagSign::default();
            }
        }
    }

    /// Forgets what is said of columns that are not kept, and numbers the others anew; `kept` has
    /// the columns of each table, ascending.
    pub(crate) fn keep_columns(&mut self, kept: &[Vec<u16>]) {
        let columns = std::mem::take(&mut self.columns);
        self.columns = columns
            .into_iter()
            .filter_map(|(table, column, mark)| {
                let column = place_of(kept.get(table as usize)?, column)?;
                Some((table, column, mark))
            })
            .collect();
        self.forget_tags();
    }

    /// The steps of heat from the least to the most, for a legend.
    #[must_use]
    pub fn heat_steps(&self) -> &'static [Ink] {
        &HEAT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_and_counted() {
        let mut overlay = Overlay::new("Changes");
        overlay.mark_table(7, Mark::new(MarkKind::Added, "added"));
        overlay.mark_table(2, Mark::new(MarkKind::Altered, "altered"));
        overlay.mark_table(2, Mark::new(MarkKind::Removed, "comes too late"));
        overlay.mark_column(2, 4, Mark::new(MarkKind::Altered, "int → bigint"));
        overlay.mark_column(2, 1, Mark::new(MarkKind::Added, "added"));
        overlay.mark_link(0, Mark::new(MarkKind::Added, "added"));
        assert_eq!(overlay.table(2).map(|it| it.kind), Some(MarkKind::Altered));
        assert_eq!(overlay.table(3), None);
        let columns: Vec<u16> = overlay.columns_of(2).map(|it| it.0).collect();
        assert_eq!(columns, [1, 4]);
        assert_eq!(overlay.columns_of(7).count(), 0);
        let legend: Vec<(MarkKind, String)> = overlay
            .legend()
            .into_iter()
            .map(|row| (row.mark.kind, row.count))
            .collect();
        assert_eq!(
            legend,
            [
                (MarkKind::Added, "1 table, 1 column, 1 link".to_owned()),
                (MarkKind::Altered, "1 table, 1 column".to_owned()),
            ]
        );
    }

    #[test]
    fn every_degree_has_a_colour() {
        for (strength, ink) in [
            (0.0, Ink::Heat1),
            (0.19, Ink::Heat1),
            (0.5, Ink::Heat3),
            (1.0, Ink::Heat5),
            (f32::NAN, Ink::Heat1),
            (f32::INFINITY, Ink::Heat1),
            (-3.0, Ink::Heat1),
        ] {
            let mark = Mark::new(MarkKind::Heat, "").with_strength(strength);
            assert_eq!(mark.ink(), ink, "{strength}");
        }
    }
}
