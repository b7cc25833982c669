//! How much differs, in numbers and in one line.

use super::{Alteration, Aspect, Change, ObjectKind, PartKind, SchemaDiff, TableDiff};
use crate::schema::TableKind;
use serde::{Deserialize, Serialize};

/// How many objects of one kind differ, by how they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Only in the new schema.
    pub added: u32,
    /// Only in the old schema.
    pub removed: u32,
    /// In both under another name.
    pub renamed: u32,
    /// In both with another structure; renamed ones too, where more than the name differs.
    pub altered: u32,
}

impl Tally {
    fn count(&mut self, change: Change) {
        match change {
            Change::Added => self.added += 1,
            Change::Removed => self.removed += 1,
            Change::Altered => self.altered += 1,
            Change::Commented => {}
        }
    }
}

/// How much differs. Columns, keys and indexes count where their table is in both schemas, those
/// of partitions and views not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffCounts {
    /// Tables, foreign ones too.
    pub tables: Tally,
    /// Views and materialised views.
    pub views: Tally,
    /// Partitions.
    pub partitions: Tally,
    /// Columns.
    pub columns: Tally,
    /// Primary keys and unique constraints.
    pub keys: Tally,
    /// Foreign keys.
    pub foreign_keys: Tally,
    /// Indexes that serve no constraint.
    pub indexes: Tally,
    /// Check and exclusion constraints.
    pub checks: Tally,
    /// Triggers.
    pub triggers: Tally,
    /// Enumerated types.
    pub enums: Tally,
    /// Domains.
    pub domains: Tally,
    /// Sequences.
    pub sequences: Tally,
    /// Functions and procedures.
    pub routines: Tally,
    /// Comments that differ on what is in both schemas, wherever they stand.
    pub comments: u32,
}

impl DiffCounts {
    fn named(&self) -> [(Tally, &'static str, &'static str); 13] {
        [
            (self.tables, "table", "tables"),
            (self.views, "view", "views"),
            (self.partitions, "partition", "partitions"),
            (self.columns, "column", "columns"),
            (self.keys, "key", "keys"),
            (self.foreign_keys, "foreign key", "foreign keys"),
            (self.indexes, "index", "indexes"),
            (self.checks, "check", "checks"),
            (self.triggers, "trigger", "triggers"),
            (self.enums, "enum", "enums"),
            (self.domains, "domain", "domains"),
            (self.sequences, "sequence", "sequences"),
            (self.routines, "routine", "routines"),
        ]
    }

    fn tally_of(&mut self, table: &TableDiff) -> &mut Tally {
        let kinds = [table.kind, table.old_kind.unwrap_or(table.kind)];
        let is = |wanted: &[TableKind]| kinds.iter().any(|kind| wanted.contains(kind));
        // What became another kind counts the same on the way back.
        if is(&[TableKind::Table, TableKind::ForeignTable]) {
            &mut self.tables
        } else if is(&[TableKind::Partition]) {
            &mut self.partitions
        } else {
            &mut self.views
        }
    }

    fn add_table(&mut self, table: &TableDiff) {
        let only_here = matches!(table.change, Change::Added | Change::Removed);
        let tally = self.tally_of(table);
        if only_here || table.is_altered_itself() {
            tally.count(table.change);
        }
        if table.renamed_from.is_some() {
            tally.renamed += 1;
        }
        for partition in &table.partitions {
            self.add_table(partition);
        }
        if only_here {
            return;
        }
        self.add_comments(&table.alterations);
        for column in &table.columns {
            if !matches!(column.change, Change::Added | Change::Removed) {
                self.add_comments(&column.alterations);
            }
        }
    }

    fn add_comments(&mut self, alterations: &[Alteration]) {
        let comments = alterations.iter().filter(|it| it.aspect == Aspect::Comment);
        self.comments += comments.count() as u32;
    }

    fn add_parts(&mut self, table: &TableDiff) {
        for column in &table.columns {
            let structural = column.alterations.iter().any(Alteration::is_structural);
            if structural {
                self.columns.count(column.change);
            }
            if column.renamed_from.is_some() {
                self.columns.renamed += 1;
            }
        }
        for part in &table.parts {
            let tally = match part.kind {
                PartKind::PrimaryKey | PartKind::UniqueKey => &mut self.keys,
                PartKind::ForeignKey => &mut self.foreign_keys,
                PartKind::Index => &mut self.indexes,
                PartKind::Check | PartKind::Exclusion => &mut self.checks,
                PartKind::Trigger => &mut self.triggers,
            };
            if part.renamed_from.is_some() {
                tally.renamed += 1;
            }
            if part.before != part.after {
                tally.count(part.change);
            }
        }
    }
}

impl SchemaDiff {
    /// Counts what differs.
    pub fn counts(&self) -> DiffCounts {
        let mut counts = DiffCounts::default();
        for table in &self.tables {
            counts.add_table(table);
            let view = |kind| matches!(kind, TableKind::View | TableKind::MaterializedView);
            let only_here = matches!(table.change, Change::Added | Change::Removed);
            let views = view(table.kind) && table.old_kind.is_none_or(view);
            if !only_here && !views {
                counts.add_parts(table);
            }
        }
        for object in &self.objects {
            let tally = match object.kind {
                ObjectKind::Enum => &mut counts.enums,
                ObjectKind::Domain => &mut counts.domains,
                ObjectKind::Sequence => &mut counts.sequences,
                ObjectKind::Routine => &mut counts.routines,
                ObjectKind::Trigger => &mut counts.triggers,
            };
            tally.count(object.change);
            if !matches!(object.change, Change::Added | Change::Removed) {
                counts.add_comments(&object.alterations);
            }
        }
        counts
    }

    /// One line for people: "2 tables added, 1 removed, 14 columns altered".
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let mut line = String::new();
        for (tally, one, many) in counts.named() {
            // The noun stands once; the numbers that follow it are of the same kind.
            let mut noun = true;
            for (number, verb) in [
                (tally.added, " added"),
                (tally.removed, " removed"),
                (tally.renamed, " renamed"),
                (tally.altered, " altered"),
            ] {
                if number == 0 {
                    continue;
                }
                push_number(&mut line, number);
                if noun {
                    line.push(' ');
                    line.push_str(if number == 1 { one } else { many });
                    noun = false;
                }
                line.push_str(verb);
            }
        }
        if counts.comments > 0 {
            push_number(&mut line, counts.comments);
            line.push_str(if counts.comments == 1 {
                " comment altered"
            } else {
                " comments altered"
            });
        }
        if line.is_empty() {
            line.push_str("No differences");
        }
        line
    }
}

fn push_number(line: &mut String, number: u32) {
    if !line.is_empty() {
        line.push_str(", ");
    }
    line.push_str(&number.to_string());
}
