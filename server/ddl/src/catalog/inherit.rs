//! Tables below other tables: what children have from their parents.

use super::{Catalog, CheckRow, ColumnRow, RelationId};

impl Catalog {
    /// Notes that one table inherits from another or is a partition of it.
    fn link(&mut self, parent: RelationId, child: RelationId) {
        if let Some(relation) = self.relation_mut(parent) {
            relation.children.push(child);
        }
        if let Some(relation) = self.relation_mut(child) {
            relation.parents.push(parent);
        }
    }

    /// Whether a table stands above another, or is the same one.
    pub(crate) fn is_above(&self, above: RelationId, below: RelationId) -> bool {
        self.with_descendants(above).contains(&below)
    }

    /// Puts a new table below its parent: columns that it has not are put before its own.
    pub(crate) fn inherit_new(&mut self, parent: RelationId, child: RelationId) {
        let Some(relation) = self.relation(parent) else {
            return;
        };
        let columns: Vec<ColumnRow> = relation.columns.clone();
        let checks: Vec<CheckRow> = relation
            .checks
            .iter()
            .filter(|check| !check.no_inherit)
            .cloned()
            .collect();
        self.link(parent, child);
        if let Some(relation) = self.relation_mut(child) {
            let mut inherited = relation
                .columns
                .iter()
                .filter(|row| row.parents > 0)
                .count();
            for mut row in columns {
                match relation.column_mut(&row.column.name) {
                    Some(own) => {
                        own.parents += 1;
                        own.column.nullable &= row.column.nullable;
                        if own.column.default.is_none() && own.column.generated.is_none() {
                            own.column.default = row.column.default;
                            own.column.generated = row.column.generated;
                        }
                    }
                    None => {
                        row.local = false;
                        row.parents = 1;
                        row.column.identity = None;
                        row.column.comment = None;
                        let at = inherited.min(relation.columns.len());
                        relation.columns.insert(at, row);
                        inherited += 1;
                    }
                }
            }
        }
        for check in checks {
            self.inherit_check(child, check);
        }
    }

    /// Gives a child its parent's check, or counts it for the one of the same name.
    fn inherit_check(&mut self, child: RelationId, check: CheckRow) {
        let Some(relation) = self.relation_mut(child) else {
            return;
        };
        let own = relation
            .checks
            .iter_mut()
            .find(|own| own.check.name == check.check.name);
        match own {
            Some(own) => own.parents += 1,
            None => self.add_check(
                child,
                CheckRow {
                    local: false,
                    parents: 1,
                    ..check
                },
            ),
        }
    }

    /// Puts a table that exists below a parent.
    pub(crate) fn inherit_existing(&mut self, parent: RelationId, child: RelationId) {
        let Some(relation) = self.relation(parent) else {
            return;
        };
        let columns = relation.column_names();
        let checks: Vec<String> = relation
            .checks
            .iter()
            .filter(|check| !check.no_inherit)
            .map(|row| row.check.name.clone())
            .collect();
        self.link(parent, child);
        if let Some(relation) = self.relation_mut(child) {
            for row in &mut relation.columns {
                row.parents += usize::from(columns.contains(&row.column.name));
            }
            for row in &mut relation.checks {
                row.parents += usize::from(checks.contains(&row.check.name));
            }
        }
    }

    /// Takes a table out from below a parent; what it had from there is its own now.
    pub(crate) fn disinherit(&mut self, parent: RelationId, child: RelationId) {
        let Some(relation) = self.relation_mut(parent) else {
            return;
        };
        relation.children.retain(|id| *id != child);
        let columns = relation.column_names();
        let checks: Vec<String> = relation
            .checks
            .iter()
            .map(|row| row.check.name.clone())
            .collect();
        let rows: Vec<usize> = relation
            .indexes
            .iter()
            .map(|row| row.id)
            .chain(relation.foreign_keys.iter().map(|row| row.id))
            .collect();
        self.take_triggers(child);
        let Some(relation) = self.relation_mut(child) else {
            return;
        };
        relation.parents.retain(|id| *id != parent);
        for row in &mut relation.columns {
            if columns.contains(&row.column.name) {
                row.parents = row.parents.saturating_sub(1);
                row.local |= row.parents == 0;
            }
        }
        for row in &mut relation.checks {
            if checks.contains(&row.check.name) {
                row.parents = row.parents.saturating_sub(1);
                row.local |= row.parents == 0;
            }
        }
        for row in &mut relation.indexes {
            row.parent = row.parent.filter(|parent| !rows.contains(parent));
        }
        for row in &mut relation.foreign_keys {
            row.parent = row.parent.filter(|parent| !rows.contains(parent));
            row.key.inherited = row.parent.is_some();
        }
    }

    /// Takes the triggers away that a partition and those below it have from above.
    fn take_triggers(&mut self, id: RelationId) {
        let own: Vec<String> = self
            .triggers
            .iter()
            .filter(|trigger| trigger.relation == id && trigger.inherited)
            .map(|trigger| trigger.name.clone())
            .collect();
        if !own.is_empty() {
            let below = self.with_descendants(id);
            self.triggers.retain(|trigger| {
                !(trigger.inherited
                    && below.contains(&trigger.relation)
                    && own.contains(&trigger.name))
            });
        }
    }

    /// Adds a column to a table and to those below it.
    pub(crate) fn add_column(&mut self, id: RelationId, row: ColumnRow) {
        for each in self.with_descendants(id) {
            let Some(relation) = self.relation_mut(each) else {
                continue;
            };
            if each == id {
                relation.columns.push(row.clone());
                continue;
            }
            match relation.column_mut(&row.column.name) {
                Some(own) => own.parents += 1,
                None => {
                    let mut copy = row.clone();
                    copy.local = false;
                    copy.parents = 1;
                    copy.column.identity = None;
                    relation.columns.push(copy);
                }
            }
        }
    }

    /// Adds a check to a table and to those below it.
    pub(crate) fn spread_check(&mut self, id: RelationId, row: CheckRow, recurse: bool) {
        let below = self.with_descendants(id);
        let inherit = recurse && !row.no_inherit;
        self.add_check(id, row.clone());
        for child in below.into_iter().skip(1).filter(|_| inherit) {
            self.inherit_check(child, row.clone());
        }
    }
}
