//! What the marks of an overlay mean, and how many there are of each.

use crate::overlay::{Mark, MarkKind, Overlay};

/// So many tags have a row of a legend.
const TAG_ROWS: usize = 12;

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendRow {
    /// The mark as an example.
    pub mark: Mark,
    /// What it is: `Added`, or the name of a tag.
    pub name: String,
    /// How many: `2 tables, 1 link`.
    pub count: String,
}

impl Overlay {
    /// The kinds that occur, and the tags, each with how many tables, columns and links have it. Of
    /// many tags the last row counts the rest.
    #[must_use]
    pub fn legend(&self) -> Vec<LegendRow> {
        let mut rows = Vec::new();
        for kind in MarkKind::ALL {
            if kind == MarkKind::Tag {
                rows.extend(self.tag_rows());
                continue;
            }
            if let Some(count) = self.counted(|mark| mark.kind == kind) {
                rows.push(LegendRow {
                    mark: Mark::new(kind, kind.label()),
                    name: kind.label().to_owned(),
                    count,
                });
            }
        }
        rows
    }

    fn tag_rows(&self) -> Vec<LegendRow> {
        let mut rows: Vec<LegendRow> = (0_u16..)
            .zip(&self.tags)
            .filter_map(|(place, tag)| {
                let mark = Mark::of_tags(vec![place], "").with_badge(tag.sign.clone());
                Some(LegendRow {
                    mark,
                    name: tag.name.clone(),
                    count: self.counted(|mark| mark.tags.contains(&place))?,
                })
            })
            .collect();
        let left = rows.len().saturating_sub(TAG_ROWS);
        if left > 1 {
            rows.truncate(TAG_ROWS);
            rows.push(LegendRow {
                mark: Mark::new(MarkKind::Tag, ""),
                name: "Others".to_owned(),
                count: format!("{left} tags"),
            });
        }
        rows
    }

    /// How many tables, columns and links have such a mark, in words; none without any.
    fn counted(&self, is_one: impl Fn(&Mark) -> bool) -> Option<String> {
        let counts = [
            (
                self.tables.iter().filter(|it| is_one(&it.1)).count(),
                "table",
                "tables",
            ),
            (
                self.columns.iter().filter(|it| is_one(&it.2)).count(),
                "column",
                "columns",
            ),
            (
                self.links.iter().filter(|it| is_one(&it.1)).count(),
                "link",
                "links",
            ),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| {
                let word = if count == 1 { one } else { many };
                [&*count.to_string(), " ", word].concat()
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overlay::tag_signs;
    use crate::painter::Ink;

    #[test]
    fn tags_have_signs_of_their_own_and_are_counted_each() {
        let names = ["pii", "billing", "public", "pip", "ü"].map(str::to_owned);
        let signs = tag_signs(names);
        let short: Vec<&str> = signs.iter().map(|it| it.sign.as_str()).collect();
        assert_eq!(short, ["P", "B", "U", "I", "Ü"]);
        let many = tag_signs((0..50).map(|number| format!("{}", number % 7)));
        assert_eq!(many.last().map(|it| it.sign.as_str()), Some("#"));
        let mut overlay = Overlay::new("Tags");
        overlay.tags = signs;
        overlay.mark_table(0, Mark::of_tags(vec![0, 1], "Tagged pii, billing"));
        overlay.mark_table(1, Mark::of_tags(vec![1], "Tagged billing"));
        overlay.mark_column(0, 2, Mark::of_tags(vec![0], "Tagged pii"));
        let legend = |overlay: &Overlay| -> Vec<(String, String, String)> {
            let rows = overlay.legend().into_iter();
            rows.map(|row| (row.mark.sign().to_owned(), row.name, row.count))
                .collect()
        };
        let row = |sign: &str, name: &str, count: &str| {
            (sign.to_owned(), name.to_owned(), count.to_owned())
        };
        assert_eq!(
            legend(&overlay),
            [
                row("P", "pii", "1 table, 1 column"),
                row("B", "billing", "2 tables")
            ]
        );
        // Colours stay when fewer tables are shown.
        let part = overlay.part(&[1], &[]);
        assert_eq!(legend(&part), [row("B", "billing", "1 table")]);
        assert_eq!(part.table(0).map(Mark::ink), Some(Ink::Orange));
        assert_eq!(overlay.table(0).map(Mark::ink), Some(Ink::Red));
        assert_eq!(Mark::of_tags(vec![7], "").ink(), Ink::Grey);
        overlay.tags = tag_signs((0..30).map(|number| format!("t{number}")));
        overlay.mark_table(2, Mark::of_tags((0..30).collect(), "many"));
        let rows = legend(&overlay);
        assert_eq!(rows.len(), TAG_ROWS + 1);
        assert_eq!(rows[TAG_ROWS].2, "18 tags");
    }
}
