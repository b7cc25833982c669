//! The database that a script builds, statement by statement.

use super::Grammar;
use super::name::Naming;
use crate::catalog::Place;
use crate::fold;
use model::provider::Provider;
use model::schema::{
    Check, Column, ConstraintKind, Domain, ForeignKey, Index, IndexPart, Key, QualifiedName,
    Routine, Sequence, Table, Trigger,
};
use std::collections::HashMap;

/// A relation's identity: its place in the order of creation.
pub(crate) type RelationId = usize;

/// A relation, and what the model does not say of it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) table: Table,
    /// For each foreign key, where it stands.
    pub(crate) places: Vec<Place>,
    /// For each default with a name of its own, that name and the column.
    pub(crate) defaults: Vec<(String, String)>,
}

impl Entry {
    /// A relation without anything else.
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            places: Vec::new(),
            defaults: Vec::new(),
        }
    }
}

/// The database as far as the script has built it.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) naming: Naming,
    /// The schema of names without one.
    pub(crate) schema: String,
    method: &'static str,
    /// Whether a key may rest on an index that is there already.
    pub(super) shares_indexes: bool,
    pub(crate) entries: Vec<Option<Entry>>,
    names: HashMap<(String, String), RelationId>,
    /// By the name alone, for names without a schema.
    bare: HashMap<String, Vec<RelationId>>,
    /// The tables that had an index of that name once.
    index_homes: HashMap<String, Vec<RelationId>>,
    /// How often a generated name was given.
    made: HashMap<String, usize>,
    pub(crate) triggers: Vec<(RelationId, Trigger)>,
    pub(crate) routines: Vec<Routine>,
    pub(crate) sequences: Vec<Sequence>,
    pub(crate) domains: Vec<Domain>,
}

impl Draft {
    /// An empty database.
    pub(crate) fn new(grammar: &Grammar) -> Self {
        Self {
            naming: grammar.naming,
            schema: grammar.schema.to_owned(),
            method: grammar.method,
            shares_indexes: grammar.is(Provider::Oracle),
            entries: Vec::new(),
            names: HashMap::new(),
            bare: HashMap::new(),
            index_homes: HashMap::new(),
            made: HashMap::new(),
            triggers: Vec::new(),
            routines: Vec::new(),
            sequences: Vec::new(),
            domains: Vec::new(),
        }
    }

    /// The full name of something new.
    pub(crate) fn full(&self, schema: Option<&str>, name: &str) -> QualifiedName {
        QualifiedName::new(schema.unwrap_or(&self.schema), name)
    }

    fn key(&self, name: &QualifiedName) -> (String, String) {
        (self.naming.key(&name.schema), self.naming.key(&name.name))
    }

    /// The relation of a full name.
    pub(crate) fn exact(&self, name: &QualifiedName) -> Option<RelationId> {
        self.names.get(&self.key(name)).copied()
    }

    /// The relation of a name; without a schema, the one of the usual schema or else the only
    /// one of that name.
    pub(crate) fn find(&self, schema: Option<&str>, name: &str) -> Option<RelationId> {
        if let Some(id) = self.exact(&self.full(schema, name)) {
            return Some(id);
        }
        if schema.is_some() {
            return None;
        }
        match self.bare.get(&self.naming.key(name)).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// The relation of that identity.
    pub(crate) fn entry(&self, id: RelationId) -> Option<&Entry> {
        self.entries.get(id).and_then(Option::as_ref)
    }

    /// The relation of that identity, to change.
    pub(crate) fn entry_mut(&mut self, id: RelationId) -> Option<&mut Entry> {
        self.entries.get_mut(id).and_then(Option::as_mut)
    }

    /// The table of that identity.
    pub(crate) fn table(&self, id: RelationId) -> Option<&Table> {
        self.entry(id).map(|entry| &entry.table)
    }

    /// The table of that identity, to change.
    pub(crate) fn table_mut(&mut self, id: RelationId) -> Option<&mut Table> {
        self.entry_mut(id).map(|entry| &mut entry.table)
    }

    /// Adds a relation whose name is free.
    pub(crate) fn add(&mut self, entry: Entry) -> RelationId {
        let id = self.entries.len();
        self.note_name(id, &entry.table.name);
        self.entries.push(Some(entry));
        id
    }

    pub(super) fn note_name(&mut self, id: RelationId, name: &QualifiedName) {
        let key = self.key(name);
        self.bare.entry(key.1.clone()).or_default().push(id);
        self.names.insert(key, id);
    }

    pub(super) fn forget_name(&mut self, id: RelationId, name: &QualifiedName) {
        let key = self.key(name);
        if let Some(ids) = self.bare.get_mut(&key.1) {
            ids.retain(|other| *other != id);
        }
        self.names.remove(&key);
    }

    /// The column of that name, as the table spells it.
    pub(crate) fn column(&self, id: RelationId, name: &str) -> Option<&Column> {
        let columns = &self.table(id)?.columns;
        columns
            .iter()
            .find(|column| column.name == name)
            .or_else(|| {
                columns
                    .iter()
                    .find(|column| self.naming.same(&column.name, name))
            })
    }

    /// The column of that name, to change.
    pub(crate) fn column_mut(&mut self, id: RelationId, name: &str) -> Option<&mut Column> {
        let naming = self.naming;
        self.table_mut(id)?
            .columns
            .iter_mut()
            .find(|column| naming.same(&column.name, name))
    }

    /// Columns as the table spells them; or the first that it does not have.
    pub(crate) fn spelled(
        &self,
        id: RelationId,
        columns: &[String],
    ) -> Result<Vec<String>, String> {
        columns
            .iter()
            .map(|name| {
                self.column(id, name)
                    .map(|column| column.name.clone())
                    .ok_or_else(|| name.clone())
            })
            .collect()
    }

    /// A name for a constraint that the script does not name. The systems make up names that no
    /// script can tell, or keep none; these say what they are of.
    pub(crate) fn constraint_name(
        &mut self,
        id: RelationId,
        columns: &[String],
        label: &str,
    ) -> String {
        let name = self.table(id).map(|table| table.name.clone());
        let (schema, table) = name.map_or_else(Default::default, |name| (name.schema, name.name));
        let joined = columns.join("_");
        let second = (!joined.is_empty()).then_some(joined.as_str());
        let plain = fold::compose(&table, second, label);
        let key = format!("{schema}.{plain}");
        let count = self.made.entry(key).or_default();
        *count += 1;
        match *count {
            1 => plain,
            more => fold::compose(&table, second, &format!("{label}{}", more - 1)),
        }
    }

    /// Adds a key with the index behind it; its columns exist and are not null from now on if it
    /// is the primary one.
    pub(crate) fn add_key(
        &mut self,
        id: RelationId,
        name: Option<String>,
        primary: bool,
        columns: Vec<String>,
        orders: &[String],
        method: Option<String>,
    ) {
        let label = if primary { "pkey" } else { "key" };
        let name = name.unwrap_or_else(|| {
            let named: &[String] = if primary { &[] } else { &columns };
            self.constraint_name(id, named, label)
        });
        if primary {
            for column in &columns {
                if let Some(column) = self.column_mut(id, column) {
                    column.nullable = false;
                }
            }
        }
        let kind = match primary {
            true => ConstraintKind::PrimaryKey,
            false => ConstraintKind::Unique,
        };
        if self.takes_index(id, &columns, kind) {
            self.note_key(id, primary, Key { name, columns });
            return;
        }
        let index = Index {
            name: name.clone(),
            method: method.unwrap_or_else(|| self.method.to_owned()),
            unique: true,
            parts: key_parts(&columns, orders),
            include: Vec::new(),
            predicate: None,
            constraint: Some(kind),
        };
        self.add_index(id, index);
        self.note_key(id, primary, Key { name, columns });
    }

    /// Oracle lets a key rest on an index of its columns that is there already; whether one is.
    fn takes_index(&mut self, id: RelationId, columns: &[String], kind: ConstraintKind) -> bool {
        if !self.shares_indexes {
            return false;
        }
        let found = self.table_mut(id).and_then(|table| {
            table.indexes.iter_mut().find(|index| {
                index.constraint.is_none()
                    && index
                        .parts
                        .iter()
                        .map(|part| part.column.as_ref())
                        .eq(columns.iter().map(Some))
            })
        });
        match found {
            Some(index) => {
                index.constraint = Some(kind);
                true
            }
            None => false,
        }
    }

    /// Adds a key alone.
    pub(crate) fn note_key(&mut self, id: RelationId, primary: bool, key: Key) {
        if let Some(table) = self.table_mut(id) {
            if primary {
                table.primary_key = Some(key);
            } else {
                table.unique_keys.push(key);
            }
        }
    }

    /// Adds an index.
    pub(crate) fn add_index(&mut self, id: RelationId, index: Index) {
        self.note_index(id, &index.name);
        if let Some(table) = self.table_mut(id) {
            table.indexes.push(index);
        }
    }

    /// Remembers on which table an index of that name stands.
    pub(super) fn note_index(&mut self, id: RelationId, name: &str) {
        let key = self.naming.key(name);
        self.index_homes.entry(key).or_default().push(id);
    }

    /// The table that has an index of that name.
    pub(crate) fn index_home(&self, schema: Option<&str>, name: &str) -> Option<RelationId> {
        let homes = self.index_homes.get(&self.naming.key(name))?;
        homes.iter().rev().copied().find(|id| {
            self.table(*id).is_some_and(|table| {
                schema.is_none_or(|schema| self.naming.same(&table.name.schema, schema))
                    && table
                        .indexes
                        .iter()
                        .any(|index| self.naming.same(&index.name, name))
            })
        })
    }

    /// Adds a check.
    pub(crate) fn add_check(&mut self, id: RelationId, name: Option<String>, expression: String) {
        let name = name.unwrap_or_else(|| self.constraint_name(id, &[], "check"));
        if let Some(table) = self.table_mut(id) {
            table.checks.push(Check { name, expression });
        }
    }

    /// Adds a foreign key; what it points at is looked up at the end.
    pub(crate) fn add_foreign_key(&mut self, id: RelationId, key: ForeignKey, place: Place) {
        if let Some(entry) = self.entry_mut(id) {
            entry.table.foreign_keys.push(key);
            entry.places.push(place);
        }
    }

    /// Whether a constraint of that name is on a table.
    pub(crate) fn has_constraint(&self, id: RelationId, name: &str) -> bool {
        let same = |other: &str| self.naming.same(other, name);
        self.entry(id).is_some_and(|entry| {
            let table = &entry.table;
            table.primary_key.iter().any(|key| same(&key.name))
                || table.unique_keys.iter().any(|key| same(&key.name))
                || table.checks.iter().any(|check| same(&check.name))
                || table.foreign_keys.iter().any(|key| same(&key.name))
                || entry.defaults.iter().any(|(default, _)| same(default))
        })
    }
}

/// The parts of the index behind a key: columns with what follows each.
pub(crate) fn key_parts(columns: &[String], orders: &[String]) -> Vec<IndexPart> {
    let orders = orders.iter().map(String::as_str);
    columns
        .iter()
        .zip(orders.chain(std::iter::repeat("")))
        .map(|(column, order)| IndexPart {
            column: Some(column.clone()),
            text: format!("{column}{order}"),
        })
        .collect()
}
