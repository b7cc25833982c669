//! The columns of a view, as far as its query's text tells them.

use super::draft::RelationId;
use super::reading::Reading;
use crate::cursor::Cursor;
use crate::token::Kind;
use model::provider::Provider;
use model::schema::Column;

/// How deep queries within queries are followed.
const DEEPEST: usize = 8;
/// Words that end what stands in `FROM`.
const AFTER_FROM: [&str; 14] = [
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "MINUS",
    "LIMIT",
    "WINDOW",
    "CONNECT",
    "START",
    "WITH",
    "FOR",
];
/// Words between the tables of `FROM`.
const BETWEEN: [&str; 12] = [
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "OUTER",
    "CROSS",
    "NATURAL",
    "ON",
    "USING",
    "APPLY",
    "PARTITION",
];

/// Words that end an expression and are not its name.
const NO_ALIAS: [&str; 5] = ["NULL", "ISNULL", "NOTNULL", "TRUE", "FALSE"];
/// Words that an expression goes on after.
const OPERATORS: [&str; 11] = [
    "AND", "BETWEEN", "DISTINCT", "ESCAPE", "FROM", "GLOB", "IN", "IS", "LIKE", "NOT", "OR",
];

/// The rows that a query reads from: under a name, with columns where they are known.
struct Source {
    name: String,
    columns: Option<Vec<Column>>,
}

impl Reading<'_> {
    /// The columns of a query; none where they cannot be told from the text.
    pub(crate) fn outputs(&self, query: &Cursor<'_>) -> Option<Vec<Column>> {
        self.select(query.clone(), &mut Vec::new(), DEEPEST)
    }

    fn select(
        &self,
        mut cursor: Cursor<'_>,
        known: &mut Vec<Source>,
        depth: usize,
    ) -> Option<Vec<Column>> {
        let depth = depth.checked_sub(1)?;
        for _ in 0..DEEPEST {
            if cursor.is_symbol(b'(') {
                cursor = cursor.group().ok()?;
            }
        }
        if cursor.accept("WITH") {
            cursor.accept("RECURSIVE");
            loop {
                let name = self.grammar.naming.label(&mut cursor).ok()?;
                let names = match cursor.is_symbol(b'(') {
                    true => Some(self.grammar.naming.names(&mut cursor).ok()?),
                    false => None,
                };
                cursor.expect("AS").ok()?;
                cursor.accept("NOT");
                cursor.accept("MATERIALIZED");
                let inside = cursor.group().ok()?;
                let columns = self.select(inside, known, depth);
                let columns = named(columns, names);
                known.push(Source { name, columns });
                if !cursor.accept_symbol(b',') {
                    break;
                }
            }
        }
        cursor.expect("SELECT").ok()?;
        if !cursor.accept("DISTINCT") && !cursor.accept("UNIQUE") {
            cursor.accept("ALL");
        }
        if cursor.accept("TOP") {
            cursor.skip_group();
            cursor.accept("PERCENT");
            cursor.accept_all(&["WITH", "TIES"]);
        }
        let begin = cursor.place();
        while !cursor.done() && !cursor.is("FROM") && !cursor.is_any(&AFTER_FROM[..8]) {
            cursor.skip_group();
        }
        let list = cursor.since(begin);
        let sources = match cursor.accept("FROM") {
            true => self.sources(&mut cursor, known, depth),
            false => Vec::new(),
        };
        let mut columns = Vec::new();
        for item in list.split_commas() {
            if let Some(of) = self.star(&item) {
                let mut found = false;
                for source in &sources {
                    let wanted = of
                        .as_ref()
                        .is_none_or(|of| self.grammar.naming.same(of, &source.name));
                    if wanted {
                        found = true;
                        columns.extend(source.columns.clone()?);
                    }
                }
                if !found {
                    return None;
                }
                continue;
            }
            columns.push(self.output(&item, &sources)?);
        }
        (!columns.is_empty()).then_some(columns)
    }

    /// For `*` and `t.*`, whose columns it stands for.
    fn star(&self, item: &Cursor<'_>) -> Option<Option<String>> {
        let last = *item.tokens().last()?;
        if last.kind != Kind::Operator || item.text_of(last) != "*" {
            return None;
        }
        match item.tokens() {
            [_] => Some(None),
            [.., name, dot, _] if dot.is_symbol(b'.') => self
                .grammar
                .naming
                .of(item.text_of(*name), name.kind)
                .map(Some),
            _ => None,
        }
    }

    /// The tables of `FROM`, up to what follows.
    fn sources(
        &self,
        cursor: &mut Cursor<'_>,
        known: &mut Vec<Source>,
        depth: usize,
    ) -> Vec<Source> {
        let naming = self.grammar.naming;
        let mut sources = Vec::new();
        let mut expects = true;
        while !cursor.done() && !cursor.is_any(&AFTER_FROM) {
            if expects && cursor.is_symbol(b'(') {
                let Ok(inside) = cursor.group() else { break };
                if inside.is_any(&["SELECT", "WITH"]) {
                    let columns = self.select(inside, known, depth);
                    let name = self.alias(cursor).unwrap_or_default();
                    sources.push(Source { name, columns });
                } else if depth > 0 {
                    let mut inside = inside;
                    sources.extend(self.sources_within(&mut inside, known, depth));
                }
                expects = false;
            } else if expects && naming.takes(cursor.peek()) && !cursor.is_any(&BETWEEN) {
                let Ok(name) = naming.qualified(cursor) else {
                    break;
                };
                let own = known
                    .iter()
                    .rev()
                    .find(|source| name.schema.is_none() && naming.same(&source.name, &name.name));
                let columns = match own {
                    Some(source) => source.columns.clone(),
                    None => self.find(&name).and_then(|id| self.shown(id)),
                };
                if cursor.is_symbol(b'(') {
                    cursor.skip_group();
                }
                let alias = self.alias(cursor);
                sources.push(Source {
                    name: alias.unwrap_or(name.name),
                    columns,
                });
                expects = false;
            } else {
                expects = cursor.is("JOIN") || cursor.is("APPLY") || cursor.is_symbol(b',');
                cursor.skip_group();
            }
        }
        sources
    }

    fn sources_within(
        &self,
        cursor: &mut Cursor<'_>,
        known: &mut Vec<Source>,
        depth: usize,
    ) -> Vec<Source> {
        match depth.checked_sub(1) {
            Some(depth) => self.sources(cursor, known, depth),
            None => Vec::new(),
        }
    }

    /// The columns of a relation as a query shows them.
    fn shown(&self, id: RelationId) -> Option<Vec<Column>> {
        let columns = &self.draft.table(id)?.columns;
        (!columns.is_empty()).then(|| columns.iter().map(shown).collect())
    }

    fn alias(&self, cursor: &mut Cursor<'_>) -> Option<String> {
        let marked = cursor.accept("AS");
        let word = cursor.is_any(&BETWEEN) || cursor.is_any(&AFTER_FROM);
        if marked || (self.grammar.naming.takes(cursor.peek()) && !word) {
            return self.grammar.naming.label(cursor).ok();
        }
        None
    }

    /// The column that one item of a list makes.
    fn output(&self, item: &Cursor<'_>, sources: &[Source]) -> Option<Column> {
        let naming = self.grammar.naming;
        let mut tokens = item.tokens();
        if let [rest @ .., collate, _] = tokens
            && item.token_is(Some(*collate), "COLLATE")
        {
            // How texts are compared changes no name.
            tokens = rest;
        }
        let of = |at: usize| {
            tokens
                .get(at)
                .and_then(|token| naming.of(item.text_of(*token), token.kind))
        };
        let last = *tokens.last()?;
        let count = tokens.len();
        // `name = expression`.
        if self.grammar.is(Provider::SqlServer)
            && count > 2
            && tokens
                .get(1)
                .is_some_and(|token| token.kind == Kind::Operator && item.text_of(*token) == "=")
        {
            return Some(plain(of(0)?));
        }
        let name = match last.kind {
            Kind::Word | Kind::Quoted => of(count - 1),
            Kind::Text if count > 1 => Some(super::name::text_value(item.text_of(last))),
            _ => None,
        };
        let ends_case = last.kind == Kind::Word && item.token_is(Some(last), "END");
        let before = count.checked_sub(2).and_then(|at| tokens.get(at)).copied();
        let marked = item.token_is(before, "AS");
        let path = tokens.iter().enumerate().all(|(at, token)| match at % 2 {
            0 => matches!(token.kind, Kind::Word | Kind::Quoted),
            _ => token.is_symbol(b'.'),
        }) && count % 2 == 1;
        if path {
            let name = name?;
            let table = count.checked_sub(3).and_then(of);
            let mut column = plain(name.clone());
            let found = sources
                .iter()
                .filter(|source| {
                    table
                        .as_ref()
                        .is_none_or(|table| naming.same(table, &source.name))
                })
                .flat_map(|source| source.columns.iter().flatten())
                .find(|column| naming.same(&column.name, &name));
            if let Some(found) = found {
                column.data_type.clone_from(&found.data_type);
                column.name.clone_from(&found.name);
            }
            return Some(column);
        }
        let alias = marked
            || (!ends_case
                && !NO_ALIAS.iter().any(|word| item.token_is(Some(last), word))
                && !OPERATORS.iter().any(|word| item.token_is(before, word))
                && before.is_some_and(|before| {
                    !matches!(before.kind, Kind::Operator) && !before.is_symbol(b'.')
                }));
        let column = match name.filter(|name| alias && !name.is_empty()) {
            Some(name) => {
                let mut column = plain(name);
                // The type of a column under another name.
                let inner = count - 1 - usize::from(marked);
                let run = {
                    let mut cursor = item.clone();
                    cursor.reset(inner.min(count));
                    cursor.since(0)
                };
                if run.tokens().len() < count
                    && run.tokens().len() % 2 == 1
                    && run
                        .tokens()
                        .iter()
                        .skip(1)
                        .step_by(2)
                        .all(|token| token.is_symbol(b'.'))
                    && let Some(found) = self.output(&run, sources)
                {
                    column.data_type = found.data_type;
                }
                column
            }
            None if self.grammar.is(Provider::Sqlite) => plain(item.rest_text().to_owned()),
            // An expression without a name: the systems do not take it in a view.
            None => plain(crate::token::excerpt(item.rest_text())),
        };
        Some(column)
    }
}

fn plain(name: String) -> Column {
    Column {
        name,
        nullable: true,
        ..Column::default()
    }
}

/// A table's column as a query shows it.
fn shown(column: &Column) -> Column {
    Column {
        data_type: column.data_type.clone(),
        ..plain(column.name.clone())
    }
}

/// Columns under the names of a list.
pub(crate) fn named(
    columns: Option<Vec<Column>>,
    names: Option<Vec<String>>,
) -> Option<Vec<Column>> {
    let Some(names) = names else { return columns };
    let known = columns
        .filter(|columns| columns.len() == names.len())
        .unwrap_or_default();
    Some(
        names
            .into_iter()
            .enumerate()
            .map(|(at, name)| Column {
                data_type: known
                    .get(at)
                    .map(|column| column.data_type.clone())
                    .unwrap_or_default(),
                ..plain(name)
            })
            .collect(),
    )
}
