//! Indexes: of `CREATE INDEX`, and of SQL Server within a table.

use super::Grammar;
use super::constraint::clustering;
use super::draft::{RelationId, key_parts};
use super::reading::Reading;
use crate::cursor::{Cursor, Fault, Read};
use crate::fold;
use model::provider::Provider;
use model::schema::{Index, IndexPart};

/// An index as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct IndexDef {
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) at: usize,
    /// Its access method, where one is given.
    pub(crate) method: Option<String>,
    pub(crate) unique: bool,
    pub(crate) parts: Vec<IndexPart>,
    pub(crate) include: Vec<String>,
    pub(crate) predicate: Option<String>,
}

impl Grammar {
    /// Reads one part of an index's key: a column or an expression, and its order.
    pub(crate) fn index_part(&self, part: &Cursor<'_>) -> Read<IndexPart> {
        let mut cursor = part.clone();
        if cursor.done() {
            return cursor.expected("a column or an expression");
        }
        let all = cursor.rest_text();
        let named = self.naming.takes(cursor.peek())
            && cursor.peek_at(1).is_none_or(|_| {
                ["ASC", "DESC", "COLLATE"]
                    .iter()
                    .any(|word| cursor.token_is(cursor.peek_at(1), word))
            });
        if !named {
            let text = match self.without_order(part) {
                "" => all,
                text => text,
            };
            return Ok(IndexPart {
                column: None,
                text: text.to_owned(),
            });
        }
        let column = self.naming.label(&mut cursor)?;
        let mut text = column.clone();
        if cursor.accept("COLLATE") {
            text.push_str(" COLLATE ");
            text.push_str(&self.naming.label(&mut cursor)?);
        }
        if cursor.accept("DESC") {
            text.push_str(" DESC");
        } else {
            cursor.accept("ASC");
        }
        if cursor.accept("NULLS") {
            cursor.step();
        }
        if !cursor.done() {
            return cursor.expected("“,” or “)”");
        }
        Ok(IndexPart {
            column: Some(column),
            text,
        })
    }

    /// An expression's text without the order that needs no word.
    fn without_order<'a>(&self, part: &Cursor<'a>) -> &'a str {
        let ascending = part
            .tokens()
            .last()
            .is_some_and(|last| part.token_is(Some(*last), "ASC"));
        let mut cursor = part.clone();
        let begin = cursor.place();
        let count = part.tokens().len() - usize::from(ascending);
        for _ in begin..count {
            cursor.step();
        }
        cursor.text_since(begin)
    }

    /// Reads `(a, b DESC)`.
    pub(crate) fn index_parts(&self, cursor: &mut Cursor<'_>) -> Read<Vec<IndexPart>> {
        let inside = cursor.group()?;
        let mut parts = Vec::new();
        for part in inside.split_commas() {
            parts.push(self.index_part(&part)?);
        }
        if parts.is_empty() {
            return inside.expected("a column");
        }
        Ok(parts)
    }

    /// Reads what follows `INDEX` within a table of SQL Server.
    pub(crate) fn inline_index(&self, cursor: &mut Cursor<'_>) -> Read<IndexDef> {
        let at = cursor.offset();
        let name = self.naming.label(cursor)?;
        let unique = cursor.accept("UNIQUE");
        let method = self.method(cursor);
        let parts = self.index_parts(cursor)?;
        let mut def = IndexDef {
            name,
            at,
            method,
            unique,
            parts,
            ..IndexDef::default()
        };
        self.index_end(cursor, &mut def)?;
        Ok(def)
    }

    /// Reads what follows `INDEX` within a column of SQL Server.
    pub(crate) fn column_index(&self, cursor: &mut Cursor<'_>, column: &str) -> Read<IndexDef> {
        let at = cursor.offset();
        let name = self.naming.label(cursor)?;
        let unique = cursor.accept("UNIQUE");
        let method = self.method(cursor);
        if cursor.accept("WITH") {
            cursor.group()?;
        }
        Ok(IndexDef {
            name,
            at,
            method,
            unique,
            parts: key_parts(&[column.to_owned()], &[]),
            ..IndexDef::default()
        })
    }

    /// Reads the words of SQL Server for an index's access method.
    fn method(&self, cursor: &mut Cursor<'_>) -> Option<String> {
        let found = clustering(cursor);
        if cursor.accept("COLUMNSTORE") {
            return Some(match found.as_deref() {
                Some("clustered") => "clustered columnstore".to_owned(),
                _ => "columnstore".to_owned(),
            });
        }
        if cursor.accept("HASH") {
            return Some("hash".to_owned());
        }
        found
    }

    /// Reads what follows an index's key.
    fn index_end(&self, cursor: &mut Cursor<'_>, def: &mut IndexDef) -> Read<()> {
        if cursor.accept("INCLUDE") {
            def.include = self.naming.names(cursor)?;
        }
        if cursor.accept("WHERE") {
            let begin = cursor.place();
            // SQL Server has more after the condition.
            let ends: &[&str] = match self.provider {
                Provider::SqlServer => &["WITH", "ON", "FILESTREAM_ON"],
                _ => &[],
            };
            while !cursor.done() && !cursor.is_any(ends) {
                cursor.skip_group();
            }
            let text = cursor.text_since(begin);
            if text.is_empty() {
                return cursor.expected("a condition");
            }
            let run = cursor.since(begin);
            let inner = super::expression::only_group(&run);
            def.predicate = Some(inner.map_or(text, |inner| inner.rest_text()).to_owned());
        }
        match self.provider {
            Provider::Sqlite => cursor.end(),
            Provider::Oracle => {
                // How and where it is kept.
                if cursor.peek().is_some_and(|_| cursor.is_symbol(b'(')) {
                    return cursor.expected("the end of the index");
                }
                cursor.skip_rest();
                Ok(())
            }
            _ => {
                while !cursor.done() {
                    if cursor.accept("WITH") {
                        if cursor.is_symbol(b'(') {
                            cursor.group()?;
                        } else {
                            // The old form: `WITH FILLFACTOR = 90, PAD_INDEX`.
                            while !cursor.done() && !cursor.is("ON") {
                                cursor.skip_group();
                            }
                        }
                    } else if cursor.accept("ON") || cursor.accept("FILESTREAM_ON") {
                        self.naming.label(cursor)?;
                        if cursor.is_symbol(b'(') {
                            cursor.group()?;
                        }
                    } else if cursor.accept("USING") || cursor.accept("FOR") {
                        // XML and spatial indexes.
                        cursor.skip_rest();
                    } else {
                        return cursor.expected("INCLUDE, WHERE, WITH, ON or the end");
                    }
                }
                Ok(())
            }
        }
    }
}

impl Reading<'_> {
    /// Reads what follows `CREATE`, from `UNIQUE` or a like word up to `INDEX` and its end.
    pub(crate) fn create_index(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        let grammar = self.grammar;
        let mut def = IndexDef {
            at: cursor.offset(),
            ..IndexDef::default()
        };
        while !cursor.is("INDEX") {
            if cursor.accept("UNIQUE") {
                def.unique = true;
            } else if cursor.accept("BITMAP") {
                def.method = Some("bitmap".to_owned());
            } else if cursor.accept("PRIMARY") || cursor.accept("MULTIVALUE") {
            } else if cursor.accept("XML") {
                def.method = Some("xml".to_owned());
            } else if cursor.accept("SPATIAL") {
                def.method = Some("spatial".to_owned());
            } else {
                match grammar.method(&mut cursor) {
                    Some(method) => def.method = Some(method),
                    None => return cursor.expected("INDEX"),
                }
            }
        }
        cursor.step();
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = self.name(&mut cursor)?;
        def.name.clone_from(&name.name);
        cursor.expect("ON")?;
        if cursor.accept("CLUSTER") {
            self.tally.pass("CREATE INDEX ON CLUSTER");
            return Ok(());
        }
        let table = self.name(&mut cursor)?;
        let columnstore = def
            .method
            .as_deref()
            .is_some_and(|method| method == "clustered columnstore");
        if grammar.is(Provider::Oracle) && !cursor.is_symbol(b'(') {
            // An alias of the table.
            grammar.naming.label(&mut cursor)?;
        }
        if !columnstore || cursor.is_symbol(b'(') {
            def.parts = grammar.index_parts(&mut cursor)?;
        }
        grammar.index_end(&mut cursor, &mut def)?;
        let id = self.relation(&table)?;
        let taken = match grammar.provider {
            Provider::SqlServer => self.draft.table(id).is_some_and(|table| {
                table
                    .indexes
                    .iter()
                    .any(|index| grammar.naming.same(&index.name, &def.name))
            }),
            _ => {
                let schema = self.draft.table(id).map(|table| table.name.schema.clone());
                self.draft
                    .index_home(name.schema.as_deref().or(schema.as_deref()), &def.name)
                    .is_some()
            }
        };
        if taken {
            if if_not_exists {
                self.tally.pass("CREATE INDEX of one that exists");
                return Ok(());
            }
            return Err(Fault {
                at: name.at,
                message: format!("An index “{}” exists already.", def.name),
            });
        }
        self.add_index(id, def)?;
        self.tally.read();
        Ok(())
    }

    /// Adds an index whose columns the table has.
    pub(crate) fn add_index(&mut self, id: RelationId, mut def: IndexDef) -> Read<()> {
        let view = self.draft.table(id).is_some_and(|table| {
            matches!(
                table.kind,
                model::schema::TableKind::View | model::schema::TableKind::MaterializedView
            )
        });
        for part in &mut def.parts {
            let Some(column) = part.column.clone() else {
                continue;
            };
            match self.draft.column(id, &column) {
                Some(found) => {
                    let after = part.text.strip_prefix(&column).unwrap_or_default();
                    part.text = format!("{}{after}", found.name);
                    part.column = Some(found.name.clone());
                }
                // A view's columns are known only by best effort.
                None if view => {}
                // A word that is no column: a value of the system.
                None if self.grammar.is(Provider::Oracle) && fold::is_reserved(&column) => {
                    part.column = None;
                }
                None => {
                    self.spelled(id, &[column], def.at)?;
                }
            }
        }
        let include = match view {
            true => def.include,
            false => self.spelled(id, &def.include, def.at)?,
        };
        let index = Index {
            name: def.name,
            method: def.method.unwrap_or_else(|| self.grammar.method.to_owned()),
            unique: def.unique,
            parts: def.parts,
            include,
            predicate: def.predicate,
            constraint: None,
        };
        self.draft.add_index(id, index);
        Ok(())
    }
}
