//! Columns as a script writes them.

use super::constraint::Constraint;
use super::index::IndexDef;
use super::{Grammar, expression};
use crate::cursor::{Cursor, Fault, Read};
use crate::token::Kind;
use model::provider::Provider;
use model::schema::Column;

/// A column's definition.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnDef {
    /// The column; nullable unless it says otherwise.
    pub(crate) column: Column,
    /// Where it begins.
    pub(crate) at: usize,
    /// Whether it says that null is allowed, or that it is not.
    pub(crate) null: Option<bool>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<IndexDef>,
    /// The name of its default's constraint.
    pub(crate) default_name: Option<String>,
    /// What of it could not be read; the rest stands.
    pub(crate) fault: Option<Fault>,
}

/// How many pairs of parentheses around a default are taken away.
const MOST_PAIRS: usize = 8;
/// Words of SQLite that end a column's type.
const AFTER_TYPE: [&str; 11] = [
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
];

impl Grammar {
    /// Reads a column: its name, its type and what follows.
    pub(crate) fn column(&self, cursor: &mut Cursor<'_>) -> Read<ColumnDef> {
        let mut def = self.column_name(cursor)?;
        self.options(cursor, &mut def);
        Ok(def)
    }

    /// Reads a column's name and type.
    pub(crate) fn column_name(&self, cursor: &mut Cursor<'_>) -> Read<ColumnDef> {
        let mut def = ColumnDef {
            at: cursor.offset(),
            ..ColumnDef::default()
        };
        def.column.name = self.naming.label(cursor)?;
        def.column.nullable = true;
        let computed = cursor.is("AS") || cursor.is("GENERATED");
        let version = self.is(Provider::SqlServer)
            && def.column.name.eq_ignore_ascii_case("timestamp")
            && (cursor.done() || cursor.is_any(&["NOT", "NULL"]));
        if version {
            // The only type that may stand for the name too.
            "timestamp".clone_into(&mut def.column.data_type);
        } else if !computed {
            def.column.data_type = self.data_type(cursor)?;
        }
        Ok(def)
    }

    /// Reads a type, as the system prints it.
    pub(crate) fn data_type(&self, cursor: &mut Cursor<'_>) -> Read<String> {
        match self.provider {
            Provider::SqlServer => crate::sqlserver::types::read(self, cursor),
            Provider::Oracle => crate::oracle::types::read(self, cursor),
            _ => self.loose_type(cursor),
        }
    }

    /// Reads a type of SQLite: any words, or none.
    fn loose_type(&self, cursor: &mut Cursor<'_>) -> Read<String> {
        let begin = cursor.place();
        while self.naming.takes(cursor.peek()) && !cursor.is_any(&AFTER_TYPE) {
            cursor.step();
        }
        if cursor.place() == begin {
            return Ok(String::new());
        }
        let words = cursor.since(begin);
        if let [only] = words.tokens()
            && only.kind != Kind::Word
            && !cursor.is_symbol(b'(')
        {
            let name = self.naming.of(words.text_of(*only), only.kind);
            return Ok(name.unwrap_or_default());
        }
        if cursor.is_symbol(b'(') {
            cursor.group()?;
        }
        let text = cursor.text_since(begin);
        let standard = ["ANY", "BLOB", "INT", "INTEGER", "REAL", "TEXT"];
        let known = standard.iter().find(|word| text.eq_ignore_ascii_case(word));
        Ok(known.map_or_else(|| text.to_owned(), |word| (*word).to_owned()))
    }

    /// Reads what may follow a column's type, up to the end; what cannot be read is noted.
    pub(crate) fn options(&self, cursor: &mut Cursor<'_>, def: &mut ColumnDef) {
        while !cursor.done() {
            if let Err(fault) = self.option(cursor, def) {
                def.fault = Some(fault);
                return;
            }
        }
    }

    /// Reads one thing that may follow a column's type.
    pub(crate) fn option(&self, cursor: &mut Cursor<'_>, def: &mut ColumnDef) -> Read<()> {
        let mut name = None;
        if cursor.accept("CONSTRAINT") {
            name = Some(self.naming.label(cursor)?);
        }
        let column = def.column.name.clone();
        if let Some(constraint) = self.column_constraint(cursor, &column, name.clone())? {
            def.constraints.push(constraint);
            return Ok(());
        }
        if cursor.accept_all(&["NOT", "NULL"]) {
            def.null = Some(false);
            def.column.nullable = false;
            self.null_state(cursor)
        } else if cursor.accept("NULL") {
            def.null = Some(true);
            self.null_state(cursor)
        } else if cursor.accept("DEFAULT") {
            if cursor.accept_all(&["ON", "NULL"]) {
                // Then null is never stored.
                if cursor.accept("FOR") {
                    cursor.step();
                    cursor.accept_all(&["AND", "UPDATE"]);
                    cursor.accept("ONLY");
                }
                def.column.nullable = false;
            }
            def.column.default = Some(self.default(cursor)?);
            def.default_name = name;
            cursor.accept_all(&["WITH", "VALUES"]);
            Ok(())
        } else if cursor.accept("COLLATE") {
            def.column.collation = Some(self.naming.label(cursor)?);
            Ok(())
        } else if cursor.accept("AUTOINCREMENT") {
            def.column.identity = Some("by default".to_owned());
            Ok(())
        } else if cursor.accept("IDENTITY") {
            if cursor.is_symbol(b'(') {
                cursor.group()?;
            }
            def.column.identity = Some("always".to_owned());
            def.column.nullable = false;
            cursor.accept_all(&["NOT", "FOR", "REPLICATION"]);
            Ok(())
        } else if cursor.is("GENERATED") || cursor.is("AS") {
            self.generated(cursor, def)
        } else if self.is(Provider::SqlServer) && cursor.accept("INDEX") {
            def.indexes.push(self.column_index(cursor, &column)?);
            Ok(())
        } else {
            self.other_option(cursor)
        }
    }

    /// What may follow `NULL` or `NOT NULL`.
    fn null_state(&self, cursor: &mut Cursor<'_>) -> Read<()> {
        if cursor.accept_all(&["ON", "CONFLICT"]) {
            self.naming.label(cursor)?;
        }
        while ["ENABLE", "DISABLE", "VALIDATE", "NOVALIDATE", "RELY"]
            .iter()
            .any(|word| cursor.accept(word))
        {}
        if cursor.accept("INITIALLY") {
            cursor.step();
        }
        if !cursor.accept_all(&["NOT", "DEFERRABLE"]) {
            cursor.accept("DEFERRABLE");
        }
        Ok(())
    }

    /// Reads the expression of a default.
    pub(crate) fn default(&self, cursor: &mut Cursor<'_>) -> Read<String> {
        let begin = cursor.place();
        if cursor.done() || cursor.is_symbol(b',') || cursor.is_symbol(b')') {
            return cursor.expected("a value");
        }
        expression::skip(cursor);
        let run = cursor.since(begin);
        let mut text = run.rest_text();
        // SQL Server scripts every default with at least one pair of parentheses.
        let mut inner = run;
        for _ in 0..MOST_PAIRS {
            let Some(next) = expression::only_group(&inner) else {
                break;
            };
            text = next.rest_text();
            inner = next;
        }
        Ok(text.to_owned())
    }

    /// Reads a generated column or an identity.
    fn generated(&self, cursor: &mut Cursor<'_>, def: &mut ColumnDef) -> Read<()> {
        let mut kind = "always";
        if cursor.accept("GENERATED") {
            if cursor.accept_all(&["BY", "DEFAULT"]) {
                kind = "by default";
                cursor.accept_all(&["ON", "NULL"]);
            } else {
                cursor.accept("ALWAYS");
            }
        }
        cursor.expect("AS")?;
        if cursor.accept("IDENTITY") {
            if cursor.is_symbol(b'(') {
                cursor.group()?;
            }
            skip_sequence(cursor);
            def.column.identity = Some(kind.to_owned());
            def.column.nullable = false;
            return Ok(());
        }
        if cursor.accept("ROW") {
            // The period of a table with history.
            self.naming.label(cursor)?;
            cursor.accept("HIDDEN");
            return Ok(());
        }
        let begin = cursor.place();
        if cursor.done() {
            return cursor.expected("an expression");
        }
        expression::skip(cursor);
        let run = cursor.since(begin);
        let inner = expression::only_group(&run).unwrap_or(run);
        def.column.generated = Some(inner.rest_text().to_owned());
        while ["VIRTUAL", "STORED", "PERSISTED"]
            .iter()
            .any(|word| cursor.accept(word))
        {}
        Ok(())
    }

    /// What says nothing about the structure.
    fn other_option(&self, cursor: &mut Cursor<'_>) -> Read<()> {
        const PLAIN: [&str; 16] = [
            "ROWGUIDCOL",
            "SPARSE",
            "PERSISTED",
            "HIDDEN",
            "VISIBLE",
            "INVISIBLE",
            "ENABLE",
            "DISABLE",
            "VALIDATE",
            "NOVALIDATE",
            "SORT",
            "RESERVABLE",
            "FILESTREAM",
            "COLUMN_SET",
            "VIRTUAL",
            "STORED",
        ];
        if PLAIN.iter().any(|word| cursor.accept(word)) {
            return Ok(());
        }
        if cursor.accept("ENCRYPT") {
            if cursor.accept("USING") {
                cursor.step();
            }
            cursor.accept_all(&["NO", "SALT"]);
            cursor.accept("SALT");
            return Ok(());
        }
        if cursor.accept_all(&["MASKED", "WITH"]) || cursor.accept_all(&["ENCRYPTED", "WITH"]) {
            cursor.group()?;
            return Ok(());
        }
        if let Some(token) = cursor.peek()
            && token.kind == Kind::Symbol(b')')
        {
            return Err(cursor.fault("“)” without its “(”."));
        }
        cursor.expected("a constraint, a default or the end of the column")
    }
}

/// Moves past the options of a sequence, which Oracle's own tools write without parentheses.
fn skip_sequence(cursor: &mut Cursor<'_>) {
    const WORDS: [&str; 24] = [
        "BY",
        "CACHE",
        "CYCLE",
        "EXTEND",
        "GLOBAL",
        "INCREMENT",
        "KEEP",
        "LIMIT",
        "MAXVALUE",
        "MINVALUE",
        "NOCACHE",
        "NOCYCLE",
        "NOEXTEND",
        "NOKEEP",
        "NOMAXVALUE",
        "NOMINVALUE",
        "NOORDER",
        "NOSCALE",
        "ORDER",
        "SCALE",
        "SESSION",
        "START",
        "VALUE",
        "WITH",
    ];
    while cursor.is_any(&WORDS)
        || cursor
            .peek()
            .is_some_and(|token| token.kind == Kind::Number || cursor.text_of(token) == "-")
    {
        cursor.step();
    }
}
