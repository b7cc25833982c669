//! `CREATE INDEX`.

use super::Reader;
use super::column::collation;
use super::expression;
use crate::catalog::NewIndex;
use crate::cursor::{Cursor, Read};
use crate::fold;
use crate::token::Kind;
use model::schema::{IndexPart, QualifiedName};

/// As many parts as the server allows an index.
pub(crate) const MOST_PARTS: usize = 32;

/// Reads one part of an index's key: a column, a call or an expression in parentheses.
pub(crate) fn read_part(mut cursor: Cursor<'_>) -> Read<(IndexPart, String)> {
    let text = cursor.rest_text();
    let Some(first) = cursor.peek() else {
        return cursor.expected("a column or an expression");
    };
    let named = matches!(first.kind, Kind::Word | Kind::Quoted | Kind::UnicodeQuoted);
    let call = cursor
        .peek_at(1)
        .is_some_and(|next| next.is_symbol(b'(') || next.is_symbol(b'.'));
    let (part, label) = if named && !call {
        let column = cursor.name()?;
        let after = cursor
            .peek()
            .map(|_| cursor.rest_text())
            .unwrap_or_default();
        let text = match after {
            "" => fold::quoted(&column),
            _ => format!("{} {after}", fold::quoted(&column)),
        };
        (
            IndexPart {
                column: Some(column.clone()),
                text,
            },
            column,
        )
    } else if first.is_symbol(b'(') || named {
        let begin = cursor.place();
        while cursor.peek().is_some_and(|token| !token.is_symbol(b'(')) {
            cursor.step();
        }
        cursor.group()?;
        let label = expression::label(&cursor.since(begin)).unwrap_or_else(|| "expr".to_owned());
        (
            IndexPart {
                column: None,
                text: text.to_owned(),
            },
            label,
        )
    } else {
        return cursor.expected("a column or an expression");
    };
    read_part_options(&mut cursor)?;
    Ok((part, label))
}

/// Reads collation, operator class and order.
fn read_part_options(cursor: &mut Cursor<'_>) -> Read<()> {
    if cursor.accept("COLLATE") {
        collation(cursor)?;
    }
    if !cursor.done() && !cursor.is_any(&["ASC", "DESC", "NULLS"]) {
        cursor.qualified()?;
        if cursor.is_symbol(b'(') {
            cursor.group()?;
        }
    }
    if !cursor.accept("ASC") {
        cursor.accept("DESC");
    }
    if cursor.accept("NULLS") && !cursor.accept("FIRST") {
        cursor.expect("LAST")?;
    }
    if cursor.done() {
        Ok(())
    } else {
        cursor.expected("“,” or “)”")
    }
}

impl Reader<'_, '_> {
    /// Reads what follows `CREATE [UNIQUE] INDEX`.
    pub(crate) fn create_index(&mut self, mut cursor: Cursor<'_>, unique: bool) -> Read<()> {
        cursor.accept("CONCURRENTLY");
        let if_not_exists = cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let name = if cursor.is("ON") {
            None
        } else {
            Some(cursor.qualified()?.name)
        };
        cursor.expect("ON")?;
        let only = cursor.accept("ONLY");
        let table = cursor.qualified()?;
        cursor.accept_operator("*");
        let method = if cursor.accept("USING") {
            cursor.label()?
        } else {
            "btree".to_owned()
        };
        let mut parts = Vec::new();
        for part in cursor.group()?.split_commas() {
            parts.push(read_part(part)?);
        }
        if parts.is_empty() || parts.len() > MOST_PARTS {
            return cursor.expected("between one and 32 columns or expressions before this");
        }
        let include = if cursor.accept("INCLUDE") {
            cursor.names()?
        } else {
            Vec::new()
        };
        if !cursor.accept_all(&["NULLS", "NOT", "DISTINCT"]) {
            cursor.accept_all(&["NULLS", "DISTINCT"]);
        }
        if cursor.accept("WITH") {
            cursor.group()?;
        }
        if cursor.accept("TABLESPACE") {
            cursor.label()?;
        }
        let predicate = if cursor.accept("WHERE") {
            let text = cursor.rest_text().to_owned();
            if text.is_empty() {
                return cursor.expected("a condition");
            }
            Some(text)
        } else if cursor.done() {
            None
        } else {
            return cursor.expected("INCLUDE, WITH, TABLESPACE, WHERE or the end");
        };
        let id = self.relation(&table)?;
        let Some(relation) = self.catalog.relation(id) else {
            return Ok(());
        };
        let missing = parts
            .iter()
            .filter_map(|(part, _)| part.column.as_deref())
            .chain(include.iter().map(String::as_str))
            .find(|column| relation.column(column).is_none());
        // A view's columns are known only by best effort.
        if let Some(missing) = missing.filter(|_| !relation.is_view()) {
            return Err(cursor.fault(format!("{} has no column “{missing}”.", relation.name)));
        }
        if let Some(name) = &name {
            let full = QualifiedName::new(relation.name.schema.clone(), name.clone());
            if self.catalog.holder(&full).is_some() {
                if if_not_exists {
                    self.tally.pass("CREATE INDEX of one that exists");
                    return Ok(());
                }
                return Err(cursor.fault(format!("{full} exists already.")));
            }
        }
        let new = NewIndex {
            name,
            method,
            unique,
            parts,
            include,
            predicate,
            constraint: None,
            exclusion: None,
        };
        self.catalog.make_index(id, new, !only);
        self.tally.read();
        Ok(())
    }
}
