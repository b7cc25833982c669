//! FROM clauses: which columns their sources have, and what `*` gives.

use super::select::{Found, From, Output, Scope, Source};
use super::types;
use crate::cursor::Cursor;

impl Scope<'_> {
    /// `a JOIN b ON … JOIN c USING (…)`.
    pub(crate) fn joined(&mut self, mut cursor: Cursor<'_>) -> From {
        let mut from = self.source(&mut cursor);
        loop {
            // The rest of a condition, up to the next join.
            let joins = ["JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"];
            while !cursor.done() && (called(&cursor) || !cursor.is_any(&joins)) {
                cursor.skip_group();
            }
            if cursor.done() {
                return from;
            }
            let natural = cursor.accept("NATURAL");
            while !cursor.done() && !cursor.is("JOIN") {
                cursor.step();
            }
            cursor.step();
            let mut right = self.source(&mut cursor);
            let shared: Vec<String> = if natural {
                let has = |one: &Output| right.star.columns.iter().any(|two| two.name == one.name);
                from.star
                    .columns
                    .iter()
                    .filter(|one| has(one))
                    .map(|one| one.name.clone())
                    .collect()
            } else if cursor.accept("USING") {
                cursor.names().unwrap_or_default()
            } else {
                Vec::new()
            };
            let mut star = Vec::new();
            for name in &shared {
                let known = from.star.columns.iter().find(|one| one.name == *name);
                star.push(Output {
                    name: name.clone(),
                    data_type: known.and_then(|one| one.data_type.clone()),
                });
            }
            let sides = from.star.columns.iter().chain(&right.star.columns);
            star.extend(sides.filter(|one| !shared.contains(&one.name)).cloned());
            from.star.columns = star;
            from.star.complete &= right.star.complete;
            from.sources.append(&mut right.sources);
        }
    }

    /// A table, a query or a join in parentheses, or a function; with its alias.
    fn source(&mut self, cursor: &mut Cursor<'_>) -> From {
        cursor.accept("LATERAL");
        cursor.accept("ONLY");
        let mut from = From {
            sources: Vec::new(),
            star: Found::default(),
        };
        let mut name = String::new();
        let mut function = false;
        if cursor.is_symbol(b'(') {
            let Ok(inside) = cursor.group() else {
                return from;
            };
            let mut peek = inside.clone();
            while peek.accept_symbol(b'(') {}
            if peek.is_any(&["SELECT", "WITH", "VALUES", "TABLE"]) && !self.is_join(&inside) {
                from.star = self.query(inside);
            } else if self.depth > 0 {
                self.depth -= 1;
                from = self.joined(inside);
                self.depth += 1;
            }
        } else if let Ok(written) = super::routine::routine_name(cursor) {
            if cursor.is_symbol(b'(') {
                cursor.skip_group();
                cursor.accept_all(&["WITH", "ORDINALITY"]);
                match self.returned_by(&written) {
                    Some(columns) => {
                        from.star = Found {
                            columns,
                            complete: true,
                        }
                    }
                    None => function = true,
                }
            } else {
                from.star = self.named(written.schema.as_deref(), &written.name);
                cursor.accept_operator("*");
            }
            name = written.name;
        }
        let mut alias = None;
        let keyword = [
            "ON",
            "USING",
            "JOIN",
            "INNER",
            "LEFT",
            "RIGHT",
            "FULL",
            "CROSS",
            "NATURAL",
            "TABLESAMPLE",
        ];
        if cursor.accept("AS") || (!cursor.done() && !cursor.is_any(&keyword)) {
            alias = match cursor.is_symbol(b'(') {
                true => Some(name.clone()),
                false => cursor.label().ok(),
            };
            if let Some(list) = cursor
                .is_symbol(b'(')
                .then(|| cursor.group().ok())
                .flatten()
            {
                self.alias_columns(&list, function, &mut from.star);
            } else if function {
                // A function of a single value: its column is called as the alias.
                let column = alias.clone().unwrap_or_else(|| name.clone());
                from.star.columns = vec![Output {
                    name: column,
                    data_type: None,
                }];
            }
        }
        if alias.is_some() || from.sources.is_empty() {
            let alias = alias.unwrap_or(name);
            from.sources = vec![Source {
                alias,
                found: from.star.clone(),
            }];
        }
        from
    }

    /// The columns of what a function call returns.
    pub(crate) fn returned(&self, mut call: Cursor<'_>) -> Option<Vec<Output>> {
        let name = super::routine::routine_name(&mut call).ok()?;
        if !call.is_symbol(b'(') {
            return None;
        }
        self.returned_by(&name)
    }

    fn returned_by(&self, name: &crate::cursor::Name) -> Option<Vec<Output>> {
        let routine = self.catalog.routines.iter().find(|routine| {
            routine.name.name == name.name
                && match &name.schema {
                    Some(schema) => routine.name.schema == *schema,
                    None => self.path.contains(&routine.name.schema),
                }
        })?;
        let columns = routine.returns.as_ref()?.iter();
        Some(
            columns
                .map(|(name, data_type)| Output {
                    name: name.clone(),
                    data_type: data_type.clone(),
                })
                .collect(),
        )
    }

    /// Whether a group begins with a query but goes on as a join.
    fn is_join(&self, inside: &Cursor<'_>) -> bool {
        let mut cursor = inside.clone();
        if !cursor.is_symbol(b'(') {
            return false;
        }
        cursor.skip_group();
        !cursor.done() && !cursor.is_any(&["UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT"])
    }

    /// `(a, b)` or, for a function, `(a integer, b text)`.
    fn alias_columns(&self, list: &Cursor<'_>, function: bool, star: &mut Found) {
        let mut names = Vec::new();
        let mut outputs = Vec::new();
        for mut part in list.split_commas() {
            let Ok(name) = part.label() else { return };
            let data_type = types::read_type(&mut part, self.catalog, self.path).ok();
            names.push(name.clone());
            outputs.push(Output { name, data_type });
        }
        if function {
            *star = Found {
                columns: outputs,
                complete: true,
            };
        } else {
            rename(star, &names);
        }
    }

    /// A WITH query or a relation by name.
    pub(crate) fn named(&self, schema: Option<&str>, name: &str) -> Found {
        let with = self
            .with
            .iter()
            .rev()
            .find(|(known, _)| schema.is_none() && known == name);
        if let Some((_, found)) = with {
            return found.clone();
        }
        let relation = self
            .catalog
            .find_relation(schema, name, self.path)
            .and_then(|id| self.catalog.relation(id));
        match relation {
            Some(relation) => Found {
                columns: relation
                    .columns
                    .iter()
                    .map(|row| Output {
                        name: row.column.name.clone(),
                        data_type: row.data_type.clone(),
                    })
                    .collect(),
                complete: true,
            },
            None => Found::default(),
        }
    }
}

/// Whether a word is a function here: `left(name, 3)`.
fn called(cursor: &Cursor<'_>) -> bool {
    !cursor.is("JOIN") && cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'('))
}

/// Names columns by a list as far as that reaches.
pub(crate) fn rename(found: &mut Found, names: &[String]) {
    for (at, name) in names.iter().enumerate() {
        match found.columns.get_mut(at) {
            Some(column) => column.name.clone_from(name),
            None => found.columns.push(Output {
                name: name.clone(),
                data_type: None,
            }),
        }
    }
    found.complete |= !names.is_empty() && names.len() >= found.columns.len();
}
