//! `CREATE TABLE`.

use super::Reader;
use super::column::{ColumnDef, read_column};
use super::constraint::{Element, begins_element, read_element};
use super::key::renamed;
use super::name;
use super::options::{TableOptions, read_option, read_partitions};
use crate::catalog::{ColumnRow, Holder, Relation, RelationId, TEMPORARY};
use crate::cursor::{Cursor, Fault, Name, Read};
use model::schema::{QualifiedName, TableKind};
use std::collections::HashSet;

/// A table's own row of a column.
pub(crate) fn own_row(column: model::schema::Column) -> ColumnRow {
    ColumnRow {
        column,
        data_type: None,
        local: true,
        parents: 0,
    }
}

/// Whether a query begins here that fills the table.
fn begins_query(cursor: &Cursor<'_>) -> bool {
    cursor.is_any(&["AS", "SELECT", "IGNORE", "REPLACE", "WITH", "VALUES"])
        && !cursor.are(&["WITH", "SYSTEM"])
        || cursor.is_symbol(b'(')
}

/// The collation of a column, where it is not its table's: a character set that it names alone
/// stands for its own default collation, which has one name only where servers agree.
fn collation(def: &ColumnDef, table: &TableOptions) -> Option<String> {
    let charset = def.charset.as_deref().map(str::to_ascii_lowercase);
    let of_table = |charset: &str| {
        let same = |other: &str| {
            let plain = |name: &str| name.to_ascii_lowercase().replace("utf8mb3", "utf8");
            plain(other) == plain(charset)
        };
        match (&table.charset, &table.collation) {
            (Some(own), _) => same(own),
            (None, Some(own)) => own.split('_').next().is_some_and(same),
            (None, None) => false,
        }
    };
    if let Some(own) = &def.column.collation {
        let same = |other: &String| other.eq_ignore_ascii_case(own);
        return (!table.collation.as_ref().is_some_and(same)).then(|| own.clone());
    }
    if def.binary {
        let charset = charset.or_else(|| table.charset.clone());
        return Some(format!("{}_bin", charset.as_deref().unwrap_or("utf8mb4")));
    }
    let charset = charset?;
    if of_table(&charset) {
        return None;
    }
    Some(match charset.as_str() {
        "latin1" => "latin1_swedish_ci".to_owned(),
        "ascii" => "ascii_general_ci".to_owned(),
        "utf8" | "utf8mb3" => "utf8_general_ci".to_owned(),
        _ => charset,
    })
}

/// A table as far as its statement was read.
#[derive(Default)]
struct Parts {
    columns: Vec<ColumnDef>,
    elements: Vec<Element>,
    options: TableOptions,
}

impl Reader<'_> {
    /// Reads what follows `CREATE … TABLE`.
    pub(crate) fn create_table(
        &mut self,
        mut cursor: Cursor<'_>,
        temporary: bool,
        replace: bool,
    ) -> Read<()> {
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let written = name::qualified(&mut cursor)?;
        let name = match temporary {
            true => QualifiedName::new(TEMPORARY, written.name.clone()),
            false => self.full_name(&written),
        };
        if let Some(holder) = self.catalog.holder(&name) {
            match holder {
                Holder::Relation(id) if replace => self.remove_table(id),
                _ if if_not_exists => {
                    self.tally.pass("CREATE TABLE of one that exists");
                    return Ok(());
                }
                _ => {
                    return Err(Fault {
                        at: written.at,
                        message: format!("{name} exists already."),
                    });
                }
            }
        }
        if let Some(model) = like(&cursor)? {
            self.create_like(name, &model)?;
            self.count_table(temporary);
            return Ok(());
        }
        let mut parts = Parts::default();
        let defines = cursor.is_symbol(b'(')
            && !["SELECT", "WITH", "VALUES"]
                .iter()
                .any(|word| cursor.token_is(cursor.peek_at(1), word))
            && !cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'('));
        if defines {
            let inside = cursor.group()?;
            self.read_parts(&inside, &mut parts);
        }
        self.read_options(&mut cursor, &mut parts.options)?;
        let query = begins_query(&cursor).then(|| cursor.clone());
        if query.is_none() && !cursor.done() {
            // The table itself was read; only what follows it was not.
            let fault =
                cursor.fault("This option of a table is not known; what follows it was not read.");
            self.part_problem(fault.at, fault);
        }
        if !defines && query.is_none() {
            return cursor.expected("the columns in parentheses, LIKE or a query");
        }
        self.make_table(name, parts, query, written.at);
        self.count_table(temporary);
        Ok(())
    }

    fn count_table(&mut self, temporary: bool) {
        if temporary {
            self.tally.pass("CREATE TEMPORARY TABLE");
        } else {
            self.tally.read();
        }
    }

    /// Reads columns, keys and constraints; one that cannot be read costs only itself.
    fn read_parts(&mut self, inside: &Cursor<'_>, parts: &mut Parts) {
        let mut seen = HashSet::new();
        for mut part in inside.split_commas() {
            let at = part.offset();
            if part.done() {
                let fault = part.fault("A column or a constraint is missing before this comma.");
                self.part_problem(at, fault);
                continue;
            }
            let read = if begins_element(&part) {
                read_element(&mut part).map(|element| parts.elements.push(element))
            } else {
                read_column(&mut part).and_then(|mut def| {
                    part.end()?;
                    if !seen.insert(def.column.name.to_lowercase()) {
                        let name = &def.column.name;
                        return Err(part.fault(format!("The table has a column “{name}” already.")));
                    }
                    parts.elements.append(&mut def.elements);
                    parts.columns.push(def);
                    Ok(())
                })
            };
            if let Err(fault) = read {
                self.part_problem(at, fault);
            }
        }
    }

    /// Reads the options of a table and its partitions.
    pub(crate) fn read_options(
        &mut self,
        cursor: &mut Cursor<'_>,
        options: &mut TableOptions,
    ) -> Read<()> {
        loop {
            cursor.accept_symbol(b',');
            if cursor.accept_all(&["PARTITION", "BY"]) {
                options.partition_key = Some(read_partitions(cursor)?);
            } else if !read_option(cursor, options)? {
                return Ok(());
            }
        }
    }

    fn make_table(
        &mut self,
        name: QualifiedName,
        parts: Parts,
        query: Option<Cursor<'_>>,
        at: usize,
    ) {
        let mut relation = Relation::new(name, TableKind::Table);
        let options = parts.options;
        relation.comment = options.comment.clone().filter(|text| !text.is_empty());
        relation.partition_key.clone_from(&options.partition_key);
        for mut def in parts.columns {
            def.column.collation = collation(&def, &options);
            relation.columns.push(own_row(def.column));
        }
        if let Some(query) = query {
            self.fill_from_query(query, &mut relation, at);
        }
        let id = self.catalog.add_relation(relation);
        self.options.insert(id, options);
        self.add_elements(id, parts.elements);
    }

    /// The column of a definition, with the collation that it has in a table.
    pub(crate) fn settle_column(&self, id: RelationId, def: &ColumnDef) -> model::schema::Column {
        let mut column = def.column.clone();
        let none = TableOptions::default();
        column.collation = collation(def, self.options.get(&id).unwrap_or(&none));
        column
    }

    /// Makes a table with the columns, indexes and checks of another; foreign keys are not taken.
    fn create_like(&mut self, name: QualifiedName, model: &Name) -> Read<()> {
        let id = self.table(model)?;
        let Some(mut copy) = self.catalog.relation(id).cloned() else {
            return Ok(());
        };
        let old = std::mem::replace(&mut copy.name, name);
        copy.foreign_keys.clear();
        for row in &mut copy.checks {
            if let Some(new) = renamed(&row.check.name, &old.name, &copy.name.name) {
                row.check.name = new;
            }
        }
        for row in &mut copy.indexes {
            let generated = self.generated.contains(&row.id);
            row.id = self.catalog.next_row();
            if generated {
                self.generated.insert(row.id);
            }
        }
        let options = self.options.get(&id).cloned().unwrap_or_default();
        let id = self.catalog.add_relation(copy);
        self.options.insert(id, options);
        Ok(())
    }

    /// Removes a table or a view with what the reader knows of it.
    pub(crate) fn remove_table(&mut self, id: RelationId) {
        self.catalog.remove_relation(id);
        self.options.remove(&id);
    }

    /// Removes an index by its name.
    pub(crate) fn remove_index(&mut self, id: RelationId, index: &str) -> bool {
        let Some(relation) = self.catalog.relation_mut(id) else {
            return false;
        };
        let before = relation.indexes.len();
        relation
            .indexes
            .retain(|row| !name::same(&row.index.name, index));
        relation.indexes.len() < before
    }
}

/// The table after `LIKE`, in parentheses or not.
fn like(cursor: &Cursor<'_>) -> Read<Option<Name>> {
    let mut cursor = cursor.clone();
    if cursor.is_symbol(b'(') && cursor.token_is(cursor.peek_at(1), "LIKE") {
        let mut inside = cursor.group()?;
        inside.step();
        let name = name::qualified(&mut inside)?;
        return inside.end().map(|()| Some(name));
    }
    if !cursor.accept("LIKE") {
        return Ok(None);
    }
    let name = name::qualified(&mut cursor)?;
    cursor.end().map(|()| Some(name))
}
