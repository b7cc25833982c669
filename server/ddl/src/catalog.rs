//! The database that a script builds, statement by statement, before it becomes a `Schema`.
//!
//! It holds more than the model does: which rows of it came from a parent, what a foreign key
//! points at by identity (a table may be renamed later), and which names are taken.

mod finish;
mod index;
mod inherit;
mod naming;
mod remove;
mod rename;

pub(crate) use index::NewIndex;

use crate::postgres::types::TypeRef;
use model::schema::{Check, Column, ConstraintKind, ForeignKey, Index, QualifiedName, TableKind};
use std::collections::{BTreeSet, HashMap};

/// A relation's identity: its place in the order of creation.
pub(crate) type RelationId = usize;
/// The identity of an index or a foreign key, for the rows that partitions have from it.
pub(crate) type RowId = usize;

/// The schema that stands for temporary relations; it is emptied at the end.
pub(crate) const TEMPORARY: &str = "pg_temp";

/// A column with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct ColumnRow {
    /// The column; its type is printed at the end.
    pub(crate) column: Column,
    /// Its type.
    pub(crate) data_type: Option<TypeRef>,
    /// Whether the table itself declares it.
    pub(crate) local: bool,
    /// How many parents it has it from.
    pub(crate) parents: usize,
}

/// A check constraint with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct CheckRow {
    pub(crate) check: Check,
    /// Whether children do without it.
    pub(crate) no_inherit: bool,
    pub(crate) local: bool,
    pub(crate) parents: usize,
}

/// An index with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct IndexRow {
    pub(crate) id: RowId,
    /// The index of the partitioned parent that it is part of.
    pub(crate) parent: Option<RowId>,
    pub(crate) index: Index,
    /// For an exclusion constraint, its text.
    pub(crate) exclusion: Option<String>,
    /// For each part, what a generated name calls it.
    pub(crate) labels: Vec<String>,
}

/// What a foreign key points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A relation of the script.
    Relation(RelationId),
    /// A name that was not there yet, with the schemas to look in.
    Named {
        schema: Option<String>,
        name: String,
        path: Vec<String>,
    },
}

/// A foreign key with where it came from.
#[derive(Debug, Clone)]
pub(crate) struct ForeignKeyRow {
    pub(crate) id: RowId,
    /// The key of the partitioned parent that it is part of.
    pub(crate) parent: Option<RowId>,
    pub(crate) key: ForeignKey,
    pub(crate) target: Target,
    /// Where it stands, for a problem that only the end can tell.
    pub(crate) place: Place,
}

/// Where something stands in the scripts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) line: u64,
    pub(crate) excerpt: String,
}

/// A relation.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) name: QualifiedName,
    pub(crate) kind: TableKind,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<ColumnRow>,
    pub(crate) checks: Vec<CheckRow>,
    pub(crate) indexes: Vec<IndexRow>,
    pub(crate) foreign_keys: Vec<ForeignKeyRow>,
    /// For a partition, the text of its bounds.
    pub(crate) bounds: Option<String>,
    pub(crate) partition_key: Option<String>,
    /// The tables it inherits from, or the one it is a partition of.
    pub(crate) parents: Vec<RelationId>,
    /// The tables that inherit from it, its partitions too.
    pub(crate) children: Vec<RelationId>,
    pub(crate) definition: Option<String>,
    /// For a view, the relations that its query reads.
    pub(crate) reads: BTreeSet<RelationId>,
}

impl Relation {
    /// An empty relation.
    pub(crate) fn new(name: QualifiedName, kind: TableKind) -> Self {
        Self {
            name,
            kind,
            comment: None,
            columns: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            bounds: None,
            partition_key: None,
            parents: Vec::new(),
            children: Vec::new(),
            definition: None,
            reads: BTreeSet::new(),
        }
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<&ColumnRow> {
        self.columns.iter().find(|row| row.column.name == name)
    }

    /// The column of that name, to change.
    pub(crate) fn column_mut(&mut self, name: &str) -> Option<&mut ColumnRow> {
        self.columns.iter_mut().find(|row| row.column.name == name)
    }

    /// The names of all columns.
    pub(crate) fn column_names(&self) -> BTreeSet<String> {
        self.columns
            .iter()
            .map(|row| row.column.name.clone())
            .collect()
    }

    /// The index behind the primary key.
    pub(crate) fn primary_key(&self) -> Option<&IndexRow> {
        self.indexes
            .iter()
            .find(|row| row.index.constraint == Some(ConstraintKind::PrimaryKey))
    }

    /// Whether a constraint of that name exists.
    pub(crate) fn has_constraint(&self, name: &str) -> bool {
        self.checks.iter().any(|row| row.check.name == name)
            || self.foreign_keys.iter().any(|row| row.key.name == name)
            || self
                .indexes
                .iter()
                .any(|row| row.index.constraint.is_some() && row.index.name == name)
    }

    /// Whether it is a view of either kind.
    pub(crate) fn is_view(&self) -> bool {
        matches!(self.kind, TableKind::View | TableKind::MaterializedView)
    }

    /// Whether it is a partition.
    pub(crate) fn is_partition(&self) -> bool {
        self.bounds.is_some()
    }
}

/// The columns of an index's key, as far as they are columns.
pub(crate) fn key_columns(index: &Index) -> Vec<String> {
    index
        .parts
        .iter()
        .filter_map(|part| part.column.clone())
        .collect()
}

/// A type that the script creates.
#[derive(Debug, Clone)]
pub(crate) struct UserType {
    pub(crate) name: QualifiedName,
    pub(crate) comment: Option<String>,
    pub(crate) kind: UserTypeKind,
}

/// What a created type is.
#[derive(Debug, Clone)]
pub(crate) enum UserTypeKind {
    /// Its values in order.
    Enum(Vec<String>),
    /// A domain.
    Domain {
        data_type: TypeRef,
        nullable: bool,
        default: Option<String>,
        checks: Vec<Check>,
    },
    /// A composite type with its fields, for tables made of it.
    Composite(Vec<ColumnRow>),
    /// A range, a base type or a shell: only its name matters.
    Other,
}

/// A sequence.
#[derive(Debug, Clone)]
pub(crate) struct SequenceRow {
    pub(crate) name: QualifiedName,
    /// The column that owns it.
    pub(crate) owner: Option<(RelationId, String)>,
}

/// A trigger.
#[derive(Debug, Clone)]
pub(crate) struct TriggerRow {
    pub(crate) relation: RelationId,
    pub(crate) name: String,
    pub(crate) definition: String,
    /// Whether it fires for each row; then partitions have it too.
    pub(crate) each_row: bool,
    /// Whether a partition has it from its parent.
    pub(crate) inherited: bool,
}

/// A function or a procedure.
#[derive(Debug, Clone)]
pub(crate) struct RoutineRow {
    pub(crate) name: QualifiedName,
    pub(crate) arguments: String,
    /// The types of the arguments, which tell overloads apart.
    pub(crate) signature: String,
    /// The columns of what it returns, where that is a row that the script shows.
    pub(crate) returns: Option<Vec<(String, Option<TypeRef>)>>,
}

/// Who has a name among the relations of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A table or a view.
    Relation(RelationId),
    /// An index of that relation.
    Index(RelationId),
    /// A sequence.
    Sequence(usize),
}

/// The database as far as the script has built it.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) relations: Vec<Option<Relation>>,
    pub(crate) types: Vec<Option<UserType>>,
    pub(crate) sequences: Vec<Option<SequenceRow>>,
    pub(crate) triggers: Vec<TriggerRow>,
    pub(crate) routines: Vec<RoutineRow>,
    names: HashMap<QualifiedName, Holder>,
    type_names: HashMap<QualifiedName, usize>,
    /// The names of constraints in each schema and on how many tables each stands.
    constraints: HashMap<QualifiedName, usize>,
    /// How many numbers a generated name has used up, so that the search for the next is short.
    numbered: HashMap<QualifiedName, usize>,
    rows: RowId,
}

impl Catalog {
    /// A new identity for an index or a foreign key.
    pub(crate) fn next_row(&mut self) -> RowId {
        self.rows += 1;
        self.rows
    }

    /// The relation of that identity.
    pub(crate) fn relation(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id).and_then(Option::as_ref)
    }

    /// The relation of that identity, to change.
    pub(crate) fn relation_mut(&mut self, id: RelationId) -> Option<&mut Relation> {
        self.relations.get_mut(id).and_then(Option::as_mut)
    }

    /// Who has that name.
    pub(crate) fn holder(&self, name: &QualifiedName) -> Option<Holder> {
        self.names.get(name).copied()
    }

    /// The identity of a relation by its full name.
    pub(crate) fn relation_id(&self, name: &QualifiedName) -> Option<RelationId> {
        match self.holder(name)? {
            Holder::Relation(id) => Some(id),
            Holder::Index(_) | Holder::Sequence(_) => None,
        }
    }

    /// Finds who has a name: in its own schema, or in the first of the path that has it.
    pub(crate) fn find(
        &self,
        schema: Option<&str>,
        name: &str,
        path: &[String],
    ) -> Option<(QualifiedName, Holder)> {
        let look = |schema: &str| {
            let full = QualifiedName::new(schema, name);
            self.holder(&full).map(|holder| (full, holder))
        };
        match schema {
            Some(schema) => look(schema),
            None => look(TEMPORARY).or_else(|| path.iter().find_map(|schema| look(schema))),
        }
    }

    /// Finds a relation as [`Catalog::find`] does.
    pub(crate) fn find_relation(
        &self,
        schema: Option<&str>,
        name: &str,
        path: &[String],
    ) -> Option<RelationId> {
        let look = |schema: &str| self.relation_id(&QualifiedName::new(schema, name));
        match schema {
            Some(schema) => look(schema),
            None => look(TEMPORARY).or_else(|| path.iter().find_map(|schema| look(schema))),
        }
    }

    /// Finds a type as [`Catalog::find`] does.
    pub(crate) fn find_type(
        &self,
        schema: Option<&str>,
        name: &str,
        path: &[String],
    ) -> Option<usize> {
        let look = |schema: &str| {
            self.type_names
                .get(&QualifiedName::new(schema, name))
                .copied()
        };
        match schema {
            Some(schema) => look(schema),
            None => path.iter().find_map(|schema| look(schema)),
        }
    }

    /// The type of that identity.
    pub(crate) fn user_type(&self, id: usize) -> Option<&UserType> {
        self.types.get(id).and_then(Option::as_ref)
    }

    /// The type of that identity, to change.
    pub(crate) fn user_type_mut(&mut self, id: usize) -> Option<&mut UserType> {
        self.types.get_mut(id).and_then(Option::as_mut)
    }

    /// Adds a relation whose name is free.
    pub(crate) fn add_relation(&mut self, relation: Relation) -> RelationId {
        let id = self.relations.len();
        self.names
            .insert(relation.name.clone(), Holder::Relation(id));
        self.relations.push(Some(relation));
        id
    }

    /// Adds a type whose name is free.
    pub(crate) fn add_type(&mut self, new: UserType) -> usize {
        let id = self.types.len();
        self.type_names.insert(new.name.clone(), id);
        self.types.push(Some(new));
        id
    }

    /// Adds a sequence whose name is free.
    pub(crate) fn add_sequence(&mut self, sequence: SequenceRow) -> usize {
        let id = self.sequences.len();
        self.names
            .insert(sequence.name.clone(), Holder::Sequence(id));
        self.sequences.push(Some(sequence));
        id
    }

    /// Adds an index to a relation; its name is free.
    pub(crate) fn add_index(&mut self, id: RelationId, row: IndexRow) {
        let Some(schema) = self
            .relation(id)
            .map(|relation| relation.name.schema.clone())
        else {
            return;
        };
        let name = QualifiedName::new(schema, row.index.name.clone());
        if row.index.constraint.is_some() {
            self.note_constraint(name.clone());
        }
        self.names.insert(name, Holder::Index(id));
        if let Some(relation) = self.relation_mut(id) {
            relation.indexes.push(row);
        }
    }

    /// Adds a foreign key to a relation.
    pub(crate) fn add_foreign_key(&mut self, id: RelationId, row: ForeignKeyRow) {
        if let Some(relation) = self.relation_mut(id) {
            let name = QualifiedName::new(relation.name.schema.clone(), row.key.name.clone());
            relation.foreign_keys.push(row);
            self.note_constraint(name);
        }
    }

    /// Adds a check constraint to a relation.
    pub(crate) fn add_check(&mut self, id: RelationId, row: CheckRow) {
        if let Some(relation) = self.relation_mut(id) {
            let name = QualifiedName::new(relation.name.schema.clone(), row.check.name.clone());
            relation.checks.push(row);
            self.note_constraint(name);
        }
    }

    /// Counts a constraint of that name.
    pub(crate) fn note_constraint(&mut self, name: QualifiedName) {
        *self.constraints.entry(name).or_default() += 1;
    }

    fn forget_constraint(&mut self, name: &QualifiedName) {
        if let Some(count) = self.constraints.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                self.constraints.remove(name);
            }
        }
    }

    /// A relation and everything below it, parents before children.
    pub(crate) fn with_descendants(&self, id: RelationId) -> Vec<RelationId> {
        let mut all = vec![id];
        let mut seen: BTreeSet<RelationId> = all.iter().copied().collect();
        let mut at = 0;
        while let Some(next) = all.get(at).copied() {
            at += 1;
            for child in self
                .relation(next)
                .map_or(&[][..], |relation| &relation.children)
            {
                if seen.insert(*child) {
                    all.push(*child);
                }
            }
        }
        all
    }
}
