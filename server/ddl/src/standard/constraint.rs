//! Constraints as a script writes them, on a column or on a table.

use super::Grammar;
use crate::cursor::{Cursor, Fault, Name, Read};
use model::provider::Provider;
use model::schema::ReferentialAction;

/// A constraint as written.
#[derive(Debug, Clone)]
pub(crate) struct Constraint {
    /// Its name, where one is given.
    pub(crate) name: Option<String>,
    /// Where it begins.
    pub(crate) at: usize,
    pub(crate) body: Body,
}

/// What a constraint asks.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A primary key or a unique constraint.
    Key {
        primary: bool,
        columns: Vec<String>,
        /// For each column, how its index has it: ` COLLATE x DESC`, or nothing.
        orders: Vec<String>,
        /// Its index's access method, where one is given.
        method: Option<String>,
        /// Whether its only column is sorted downwards where the column itself declares it.
        descending: bool,
    },
    Check(String),
    ForeignKey {
        columns: Vec<String>,
        target: Name,
        target_columns: Vec<String>,
        on_delete: ReferentialAction,
        on_update: ReferentialAction,
        deferrable: bool,
    },
    /// A default with `FOR` a column.
    Default {
        column: String,
        text: String,
    },
}

/// Whether a constraint of a table begins here, and not a column.
pub(crate) fn begins_constraint(cursor: &Cursor<'_>) -> bool {
    let next = |word: &str| cursor.token_is(cursor.peek_at(1), word);
    let opens = cursor.peek_at(1).is_some_and(|token| token.is_symbol(b'('));
    cursor.is("CONSTRAINT")
        || (cursor.is("CHECK") && (opens || next("NOT")))
        || (cursor.is("UNIQUE") && (opens || next("CLUSTERED") || next("NONCLUSTERED")))
        || cursor.are(&["PRIMARY", "KEY"])
        || cursor.are(&["FOREIGN", "KEY"])
}

/// Reads `CLUSTERED` or `NONCLUSTERED`.
pub(crate) fn clustering(cursor: &mut Cursor<'_>) -> Option<String> {
    if cursor.accept("CLUSTERED") {
        Some("clustered".to_owned())
    } else if cursor.accept("NONCLUSTERED") {
        Some("nonclustered".to_owned())
    } else {
        None
    }
}

impl Grammar {
    /// Reads a constraint of a table, the word `CONSTRAINT` included.
    pub(crate) fn table_constraint(&self, cursor: &mut Cursor<'_>) -> Read<Constraint> {
        let at = cursor.offset();
        let name = if cursor.accept("CONSTRAINT") {
            Some(self.naming.label(cursor)?)
        } else {
            None
        };
        let body = if cursor.accept("CHECK") {
            self.check(cursor)?
        } else if cursor.is("PRIMARY") || cursor.is("UNIQUE") {
            let primary = key_words(cursor)?;
            let method = self.key_method(cursor, primary);
            if cursor.accept("USING") {
                // PRIMARY KEY USING INDEX needs the columns before it.
                return cursor.expected("“(”");
            }
            let (columns, orders) = self.naming.ordered(cursor)?;
            Body::Key {
                primary,
                columns,
                orders,
                method,
                descending: false,
            }
        } else if cursor.accept_all(&["FOREIGN", "KEY"]) {
            if !cursor.is_symbol(b'(') {
                self.naming.label(cursor)?;
            }
            let columns = self.naming.names(cursor)?;
            self.references(cursor, columns)?
        } else if cursor.accept("DEFAULT") {
            let text = self.default(cursor)?;
            cursor.expect("FOR")?;
            let column = self.naming.label(cursor)?;
            cursor.accept_all(&["WITH", "VALUES"]);
            Body::Default { column, text }
        } else {
            return cursor.expected("PRIMARY KEY, UNIQUE, FOREIGN KEY or CHECK");
        };
        let mut constraint = Constraint { name, at, body };
        self.after(cursor, &mut constraint.body)?;
        Ok(constraint)
    }

    /// Reads a constraint that makes a column's definition longer; none if none begins here.
    pub(crate) fn column_constraint(
        &self,
        cursor: &mut Cursor<'_>,
        column: &str,
        name: Option<String>,
    ) -> Read<Option<Constraint>> {
        let at = cursor.offset();
        let mut body = if cursor.accept("CHECK") {
            self.check(cursor)?
        } else if cursor.is("UNIQUE") || cursor.are(&["PRIMARY", "KEY"]) {
            let primary = key_words(cursor)?;
            let method = self.key_method(cursor, primary);
            let descending = cursor.accept("DESC");
            if !descending {
                cursor.accept("ASC");
            }
            // SQL Server takes a constraint of the table without a comma before it.
            let (columns, orders) = match cursor.is_symbol(b'(') {
                true => self.naming.ordered(cursor)?,
                false => {
                    let order = if descending { " DESC" } else { "" };
                    (vec![column.to_owned()], vec![order.to_owned()])
                }
            };
            Body::Key {
                primary,
                columns,
                orders,
                method,
                descending,
            }
        } else if cursor.is("REFERENCES") || cursor.are(&["FOREIGN", "KEY"]) {
            cursor.accept_all(&["FOREIGN", "KEY"]);
            let columns = match cursor.is_symbol(b'(') {
                true => self.naming.names(cursor)?,
                false => vec![column.to_owned()],
            };
            self.references(cursor, columns)?
        } else {
            return Ok(None);
        };
        self.after(cursor, &mut body)?;
        Ok(Some(Constraint { name, at, body }))
    }

    /// How the index behind a key is kept.
    fn key_method(&self, cursor: &mut Cursor<'_>, primary: bool) -> Option<String> {
        let given = clustering(cursor);
        if self.is(Provider::SqlServer) && primary && given.is_none() {
            return Some("clustered".to_owned());
        }
        given
    }

    fn check(&self, cursor: &mut Cursor<'_>) -> Read<Body> {
        cursor.accept_all(&["NOT", "FOR", "REPLICATION"]);
        let mut expression = cursor.group()?;
        if expression.done() {
            return expression.expected("a condition");
        }
        // SQL Server scripts conditions with a second pair of parentheses.
        if let Some(inner) = super::expression::only_group(&expression) {
            expression = inner;
        }
        Ok(Body::Check(expression.rest_text().to_owned()))
    }

    fn references(&self, cursor: &mut Cursor<'_>, columns: Vec<String>) -> Read<Body> {
        cursor.expect("REFERENCES")?;
        let target = self.naming.qualified(cursor)?;
        let target_columns = if cursor.is_symbol(b'(') {
            self.naming.names(cursor)?
        } else {
            Vec::new()
        };
        if !target_columns.is_empty() && target_columns.len() != columns.len() {
            return Err(Fault {
                at: target.at,
                message: format!(
                    "The foreign key has {} referencing and {} referenced columns.",
                    columns.len(),
                    target_columns.len()
                ),
            });
        }
        let (mut on_delete, mut on_update) = Default::default();
        loop {
            if cursor.accept("MATCH") {
                self.naming.label(cursor)?;
            } else if cursor.accept_all(&["ON", "DELETE"]) {
                on_delete = action(cursor)?;
            } else if cursor.accept_all(&["ON", "UPDATE"]) {
                on_update = action(cursor)?;
            } else {
                break;
            }
        }
        Ok(Body::ForeignKey {
            columns,
            target,
            target_columns,
            on_delete,
            on_update,
            deferrable: false,
        })
    }

    /// Reads what may follow any constraint.
    fn after(&self, cursor: &mut Cursor<'_>, body: &mut Body) -> Read<()> {
        let mut may_wait = false;
        loop {
            if cursor.accept_all(&["NOT", "DEFERRABLE"]) {
                may_wait = false;
            } else if cursor.accept("DEFERRABLE") || cursor.accept_all(&["INITIALLY", "DEFERRED"]) {
                may_wait = true;
            } else if cursor.accept_all(&["USING", "INDEX"]) {
                skip_index(cursor);
            } else if cursor.accept_all(&["EXCEPTIONS", "INTO"]) {
                self.naming.qualified(cursor)?;
            } else if cursor.accept_all(&["ON", "CONFLICT"]) {
                self.naming.label(cursor)?;
            } else if cursor.is("ON")
                && !cursor.token_is(cursor.peek_at(1), "DELETE")
                && !cursor.token_is(cursor.peek_at(1), "UPDATE")
            {
                cursor.step();
                self.naming.label(cursor)?;
                if cursor.is_symbol(b'(') {
                    cursor.group()?;
                }
            } else if cursor.is("WITH") {
                cursor.step();
                if cursor.is_symbol(b'(') {
                    cursor.group()?;
                } else {
                    cursor.expect("FILLFACTOR")?;
                    cursor.accept_operator("=");
                    cursor.step();
                }
            } else if !cursor.accept_all(&["INITIALLY", "IMMEDIATE"])
                && !cursor.accept_all(&["NOT", "FOR", "REPLICATION"])
                && !cursor.accept_all(&["NOT", "ENFORCED"])
                && ![
                    "ENABLE",
                    "DISABLE",
                    "VALIDATE",
                    "NOVALIDATE",
                    "RELY",
                    "NORELY",
                ]
                .iter()
                .any(|word| cursor.accept(word))
            {
                break;
            }
        }
        if let Body::ForeignKey { deferrable, .. } = body {
            *deferrable = may_wait;
        }
        Ok(())
    }
}

/// Reads `PRIMARY KEY` or `UNIQUE`; whether it is the first.
fn key_words(cursor: &mut Cursor<'_>) -> Read<bool> {
    if cursor.accept("UNIQUE") {
        cursor.accept("KEY");
        return Ok(false);
    }
    cursor.expect("PRIMARY")?;
    cursor.expect("KEY")?;
    Ok(true)
}

/// Moves past how Oracle keeps the index behind a key.
fn skip_index(cursor: &mut Cursor<'_>) {
    const ENDS: [&str; 18] = [
        "ENABLE",
        "DISABLE",
        "VALIDATE",
        "NOVALIDATE",
        "RELY",
        "NORELY",
        "EXCEPTIONS",
        "CONSTRAINT",
        "NOT",
        "NULL",
        "CHECK",
        "UNIQUE",
        "PRIMARY",
        "REFERENCES",
        "DEFAULT",
        "ADD",
        "MODIFY",
        "DROP",
    ];
    while !cursor.done() && !cursor.is_any(&ENDS) && !cursor.is_symbol(b',') {
        cursor.skip_group();
    }
}

fn action(cursor: &mut Cursor<'_>) -> Read<ReferentialAction> {
    Ok(if cursor.accept_all(&["NO", "ACTION"]) {
        ReferentialAction::NoAction
    } else if cursor.accept("RESTRICT") {
        ReferentialAction::Restrict
    } else if cursor.accept("CASCADE") {
        ReferentialAction::Cascade
    } else if cursor.accept_all(&["SET", "NULL"]) {
        ReferentialAction::SetNull
    } else if cursor.accept_all(&["SET", "DEFAULT"]) {
        ReferentialAction::SetDefault
    } else {
        return cursor.expected("NO ACTION, RESTRICT, CASCADE, SET NULL or SET DEFAULT");
    })
}
