//! `CREATE TABLE` and `CREATE FOREIGN TABLE`.

use super::Reader;
use super::column::{self, ColumnDef};
use super::constraint::{self, ConstraintDef};
use super::types::ColumnType;
use crate::catalog::{
    Catalog, ColumnRow, NewIndex, Relation, RelationId, SequenceRow, TEMPORARY, UserTypeKind,
};
use crate::cursor::{Cursor, Fault, Name, Read};
use model::schema::{Column, QualifiedName, TableKind};

/// What of another table `LIKE` copies beyond names, types and `NOT NULL`.
#[derive(Debug, Clone, Copy, Default)]
struct Copied {
    comments: bool,
    constraints: bool,
    defaults: bool,
    generated: bool,
    identity: bool,
    indexes: bool,
}

impl Reader<'_, '_> {
    /// Reads what follows `CREATE … TABLE`.
    pub(crate) fn create_table(
        &mut self,
        mut cursor: Cursor<'_>,
        temporary: bool,
        foreign: bool,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = cursor.qualified()?;
        let name = match temporary {
            true => QualifiedName::new(TEMPORARY, written.name.clone()),
            false => self.new_name(&written),
        };
        if self.catalog.holder(&name).is_some() {
            if if_not_exists {
                self.tally.pass("CREATE TABLE of one that exists");
                return Ok(());
            }
            return Err(Fault {
                at: written.at,
                message: format!("{name} exists already."),
            });
        }
        let kind = if foreign {
            TableKind::ForeignTable
        } else {
            TableKind::Table
        };
        let relation = Relation::new(name, kind);
        if cursor.accept_all(&["PARTITION", "OF"]) {
            self.create_partition(cursor, relation)?;
        } else if cursor.accept("OF") {
            self.create_typed(cursor, relation)?;
        } else if self.is_from_query(&cursor) {
            self.create_from_query(cursor, relation, written.at)?;
        } else {
            self.create_plain(cursor, relation)?;
        }
        if temporary {
            self.tally.pass("CREATE TEMPORARY TABLE");
        } else {
            self.tally.read();
        }
        Ok(())
    }

    fn create_plain(&mut self, mut cursor: Cursor<'_>, relation: Relation) -> Read<()> {
        let items = cursor.group();
        let (items, open) = match items {
            Ok(items) => (items, None),
            // What stands before the missing bracket is still worth reading.
            Err(fault) if cursor.is_symbol(b'(') || cursor.done() => {
                (self.after_open(&cursor), Some(fault))
            }
            Err(fault) => return Err(fault),
        };
        let mut parents = Vec::new();
        let mut partition_key = None;
        if cursor.accept("INHERITS") {
            for mut part in cursor.group()?.split_commas() {
                let parent = part.qualified()?;
                parents.push(self.relation(&parent)?);
            }
        }
        if open.is_none() {
            partition_key = read_partition_key(&mut cursor)?;
        }
        let mut relation = relation;
        relation.partition_key = partition_key;
        let id = self.catalog.add_relation(relation);
        for parent in parents {
            self.catalog.inherit_new(parent, id);
        }
        let constraints = self.add_items(id, &items);
        self.add_constraints(id, constraints);
        if let Some(fault) = open {
            self.part_problem(fault.at, fault);
        }
        if let Err(fault) = read_table_options(&mut cursor) {
            self.part_problem(fault.at, fault);
        }
        Ok(())
    }

    /// The items after a bracket that is never closed.
    fn after_open<'t>(&self, cursor: &Cursor<'t>) -> Cursor<'t> {
        let mut from_start = cursor.clone();
        from_start.reset(0);
        while !from_start.done() && !from_start.is_symbol(b'(') {
            from_start.step();
        }
        from_start.step();
        from_start.rest()
    }

    /// Reads columns and constraints; columns are added, constraints returned. What cannot be
    /// read costs only its own item.
    fn add_items<'t>(&mut self, id: RelationId, items: &Cursor<'t>) -> Vec<ConstraintDef<'t>> {
        let mut constraints = Vec::new();
        for mut item in items.split_commas() {
            let start = item.offset();
            let read = if item.accept("LIKE") {
                self.copy_like(id, &mut item)
            } else if constraint::begins_constraint(&item) {
                constraint::read_table_constraint(&mut item)
                    .map(|constraint| constraints.push(constraint))
            } else {
                self.read_own_column(id, &mut item, &mut constraints)
            };
            if let Err(fault) = read {
                self.part_problem(start, fault);
            }
        }
        constraints
    }

    fn read_own_column<'t>(
        &mut self,
        id: RelationId,
        item: &mut Cursor<'t>,
        constraints: &mut Vec<ConstraintDef<'t>>,
    ) -> Read<()> {
        let (catalog, path) = self.scope();
        let mut column = column::read_column(item, catalog, path)?;
        constraints.append(&mut column.constraints);
        let fault = column.fault.take();
        self.add_own_column(id, &column, item)?;
        fault.map_or(Ok(()), Err)
    }

    /// Adds a column to a table that is being created, or completes the one it inherits.
    fn add_own_column(
        &mut self,
        id: RelationId,
        column: &ColumnDef<'_>,
        item: &Cursor<'_>,
    ) -> Read<()> {
        let row = self.column_row(id, column);
        let Some(relation) = self.catalog.relation_mut(id) else {
            return Ok(());
        };
        let table = relation.name.clone();
        match relation.column_mut(&column.name) {
            Some(own) if own.local => {
                Err(item.fault(format!("{table} has a column “{}” already.", column.name)))
            }
            Some(own) => {
                own.local = true;
                own.column.nullable &= row.column.nullable;
                if row.column.default.is_some() {
                    own.column.default = row.column.default;
                }
                if row.column.generated.is_some() {
                    own.column.generated = row.column.generated;
                }
                own.column.identity = row.column.identity;
                Ok(())
            }
            None => {
                relation.columns.push(row);
                Ok(())
            }
        }
    }

    /// The row of a column as written, with its sequence made where it has one.
    pub(crate) fn column_row(&mut self, id: RelationId, column: &ColumnDef<'_>) -> ColumnRow {
        let mut row = ColumnRow {
            column: Column {
                name: column.name.clone(),
                data_type: String::new(),
                nullable: !column.not_null,
                default: column.default.clone(),
                generated: column.generated.clone(),
                identity: column
                    .identity
                    .as_ref()
                    .map(|identity| identity.kind.to_owned()),
                collation: column.collation.clone().filter(|name| name != "default"),
                comment: None,
            },
            data_type: column.real_type(),
            local: true,
            parents: 0,
        };
        let serial = matches!(column.data_type, Some(ColumnType::Serial(_)));
        if serial {
            row.column.nullable = false;
        }
        if serial || column.identity.is_some() {
            let named = column
                .identity
                .as_ref()
                .and_then(|identity| identity.sequence.clone());
            let name = self.own_sequence(id, &column.name, named);
            if serial {
                row.column.default = Some(Catalog::sequence_default(&name));
            }
        }
        row
    }

    /// Makes the sequence that a column owns.
    pub(crate) fn own_sequence(
        &mut self,
        id: RelationId,
        column: &str,
        named: Option<(Option<String>, String)>,
    ) -> QualifiedName {
        let table = match self.catalog.relation(id) {
            Some(relation) => relation.name.clone(),
            None => QualifiedName::new("public", column),
        };
        let name = match named {
            Some((schema, name)) => QualifiedName::new(schema.unwrap_or(table.schema), name),
            None => {
                let name = self.catalog.relation_name(
                    &table.schema,
                    &table.name,
                    Some(column),
                    "seq",
                    false,
                );
                QualifiedName::new(table.schema, name)
            }
        };
        let owner = Some((id, column.to_owned()));
        self.catalog.add_sequence(SequenceRow {
            name: name.clone(),
            owner,
        });
        name
    }

    fn copy_like(&mut self, id: RelationId, item: &mut Cursor<'_>) -> Read<()> {
        let source = item.qualified()?;
        let copied = read_like_options(item)?;
        let source = match self.find(&source) {
            Some(found) => self.catalog.relation(found).cloned(),
            None => self.composite(&source),
        }
        .ok_or_else(|| Fault {
            at: source.at,
            message: format!("The script has not created “{source}” before this."),
        })?;
        for row in &source.columns {
            let mut row = row.clone();
            row.local = true;
            row.parents = 0;
            let identity = row.column.identity.take().filter(|_| copied.identity);
            if !copied.defaults {
                row.column.default = None;
            }
            if !copied.generated {
                row.column.generated = None;
            }
            if !copied.comments {
                row.column.comment = None;
            }
            if identity.is_some() {
                self.own_sequence(id, &row.column.name, None);
            }
            row.column.identity = identity;
            if let Some(relation) = self.catalog.relation_mut(id) {
                relation.columns.push(row);
            }
        }
        if copied.constraints {
            for mut check in source.checks {
                check.local = true;
                check.parents = 0;
                self.catalog.add_check(id, check);
            }
        }
        if copied.indexes {
            for row in &source.indexes {
                self.catalog.make_index(id, NewIndex::of_parent(row), true);
            }
        }
        Ok(())
    }

    /// The fields of a composite type, as a table.
    fn composite(&self, name: &Name) -> Option<Relation> {
        let (catalog, path) = self.scope();
        let id = catalog.find_type(name.schema.as_deref(), &name.name, path)?;
        let found = catalog.user_type(id)?;
        let UserTypeKind::Composite(fields) = &found.kind else {
            return None;
        };
        let mut relation = Relation::new(found.name.clone(), TableKind::Table);
        relation.columns.clone_from(fields);
        Some(relation)
    }

    fn create_typed(&mut self, mut cursor: Cursor<'_>, mut relation: Relation) -> Read<()> {
        let name = cursor.qualified()?;
        let fields = self.composite(&name).ok_or_else(|| Fault {
            at: name.at,
            message: format!("The script has not created a composite type “{name}” before this."),
        })?;
        relation.columns = fields.columns;
        let id = self.catalog.add_relation(relation);
        if cursor.is_symbol(b'(') {
            let items = cursor.group()?;
            self.add_options(id, &items);
        }
        let key = read_partition_key(&mut cursor)?;
        if let Some(relation) = self.catalog.relation_mut(id) {
            relation.partition_key = key;
        }
        Ok(())
    }

    fn create_partition(&mut self, mut cursor: Cursor<'_>, mut relation: Relation) -> Read<()> {
        let parent_name = cursor.qualified()?;
        let parent = self.relation(&parent_name)?;
        let items = if cursor.is_symbol(b'(') {
            Some(cursor.group()?)
        } else {
            None
        };
        relation.bounds = Some(read_bounds(&mut cursor)?);
        relation.partition_key = read_partition_key(&mut cursor)?;
        let id = self.catalog.add_relation(relation);
        self.catalog.inherit_new(parent, id);
        self.catalog.give_to_partition(parent, id);
        if let Some(items) = items {
            self.add_options(id, &items);
        }
        if let Err(fault) = read_table_options(&mut cursor) {
            self.part_problem(fault.at, fault);
        }
        Ok(())
    }

    /// What a partition or a typed table says of columns that it has from elsewhere.
    fn add_options(&mut self, id: RelationId, items: &Cursor<'_>) {
        let mut constraints = Vec::new();
        for mut item in items.split_commas() {
            let start = item.offset();
            let read = if constraint::begins_constraint(&item) {
                constraint::read_table_constraint(&mut item)
                    .map(|constraint| constraints.push(constraint))
            } else {
                column::read_options(&mut item).and_then(|mut column| {
                    constraints.append(&mut column.constraints);
                    let Some(relation) = self.catalog.relation_mut(id) else {
                        return Ok(());
                    };
                    let table = relation.name.clone();
                    match relation.column_mut(&column.name) {
                        Some(own) => {
                            own.column.nullable &= !column.not_null;
                            if column.default.is_some() {
                                own.column.default = column.default;
                            }
                            column.fault.map_or(Ok(()), Err)
                        }
                        None => {
                            Err(item.fault(format!("{table} has no column “{}”.", column.name)))
                        }
                    }
                })
            };
            if let Err(fault) = read {
                self.part_problem(start, fault);
            }
        }
        self.add_constraints(id, constraints);
    }
}

/// Reads `FOR VALUES …` or `DEFAULT`, as written.
pub(crate) fn read_bounds(cursor: &mut Cursor<'_>) -> Read<String> {
    let begin = cursor.place();
    if cursor.accept("DEFAULT") {
        return Ok("DEFAULT".to_owned());
    }
    if !cursor.accept_all(&["FOR", "VALUES"]) {
        return cursor.expected("FOR VALUES or DEFAULT");
    }
    if cursor.accept("FROM") {
        cursor.group()?;
        cursor.expect("TO")?;
    } else if !cursor.accept("IN") {
        cursor.expect("WITH")?;
    }
    cursor.group()?;
    Ok(cursor.text_since(begin).to_owned())
}

/// Reads `PARTITION BY RANGE (a)`, where it stands.
fn read_partition_key(cursor: &mut Cursor<'_>) -> Read<Option<String>> {
    if !cursor.accept_all(&["PARTITION", "BY"]) {
        return Ok(None);
    }
    let strategy = cursor.label()?.to_ascii_uppercase();
    let begin = cursor.place();
    cursor.group()?;
    Ok(Some(format!("{strategy} {}", cursor.text_since(begin))))
}

/// Reads what may follow a table's columns and says nothing about the structure.
fn read_table_options(cursor: &mut Cursor<'_>) -> Read<()> {
    while !cursor.done() {
        if cursor.accept_all(&["ON", "COMMIT"]) {
            cursor.step();
            cursor.accept("ROWS");
        } else if cursor.accept("WITH") || cursor.accept("OPTIONS") {
            cursor.group()?;
        } else if !cursor.accept_all(&["WITHOUT", "OIDS"]) {
            let known =
                cursor.accept("USING") || cursor.accept("TABLESPACE") || cursor.accept("SERVER");
            if !known {
                return cursor.expected("the end of the table");
            }
            cursor.label()?;
        }
    }
    Ok(())
}

fn read_like_options(item: &mut Cursor<'_>) -> Read<Copied> {
    let mut copied = Copied::default();
    while !item.done() {
        let on = item.accept("INCLUDING");
        if !on {
            item.expect("EXCLUDING")?;
        }
        match item.label()?.as_str() {
            "all" => {
                copied = Copied {
                    comments: on,
                    constraints: on,
                    defaults: on,
                    generated: on,
                    identity: on,
                    indexes: on,
                };
            }
            "comments" => copied.comments = on,
            "constraints" => copied.constraints = on,
            "defaults" => copied.defaults = on,
            "generated" => copied.generated = on,
            "identity" => copied.identity = on,
            "indexes" => copied.indexes = on,
            _ => {}
        }
    }
    Ok(copied)
}
