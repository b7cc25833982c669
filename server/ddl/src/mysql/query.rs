//! The columns of a query, as far as its text and the tables of the script tell them.

use super::name::{self, same};
use crate::cursor::{Cursor, Name};
use crate::token::Kind;

/// How deep queries within queries are followed.
const DEEPEST: usize = 24;

/// How many columns of a query are followed; more than a server allows. Views of views that
/// show all columns twice would otherwise grow without bounds.
const MOST_COLUMNS: usize = 4_096;

/// A column that a query gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) name: String,
    /// Its type, where it is a column of a known table.
    pub(crate) data_type: Option<String>,
    /// Whether it is never null.
    pub(crate) required: bool,
}

/// What is known of a query's columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) columns: Vec<Output>,
    /// Whether all of them are there.
    pub(crate) complete: bool,
}

/// The columns of a table by its name.
type LookUp<'s> = dyn Fn(&Name) -> Option<Vec<Output>> + 's;

/// Where a query looks for its tables.
#[derive(Clone)]
pub(crate) struct Scope<'s> {
    look_up: &'s LookUp<'s>,
    /// The queries that `WITH` names.
    named: Vec<(String, Found)>,
    depth: usize,
}

impl<'s> Scope<'s> {
    /// The scope of a statement.
    pub(crate) fn new(look_up: &'s LookUp<'s>) -> Self {
        Self {
            look_up,
            named: Vec::new(),
            depth: 0,
        }
    }

    fn deeper(&self) -> Option<Self> {
        (self.depth < DEEPEST).then(|| Self {
            depth: self.depth + 1,
            ..self.clone()
        })
    }

    fn table(&self, table: &Name) -> Option<Found> {
        let named = self.named.iter().rev();
        let mut named = named.filter(|(name, _)| table.schema.is_none() && same(name, &table.name));
        named.next().map(|(_, found)| found.clone()).or_else(|| {
            (self.look_up)(table).map(|columns| Found {
                columns,
                complete: true,
            })
        })
    }
}

/// A table in FROM: what it is called there, and what it has.
struct Source {
    name: String,
    found: Option<Found>,
}

/// The columns of a query.
pub(crate) fn infer(query: &Cursor<'_>, scope: &Scope<'_>) -> Found {
    let mut cursor = query.clone();
    let mut scope = scope.clone();
    if cursor.accept("WITH") {
        cursor.accept("RECURSIVE");
        loop {
            let Ok(name) = name::label(&mut cursor) else {
                return Found::default();
            };
            let names = match cursor.is_symbol(b'(') {
                true => name::names(&mut cursor).unwrap_or_default(),
                false => Vec::new(),
            };
            cursor.accept("AS");
            let Ok(inside) = cursor.group() else {
                return Found::default();
            };
            let mut found = scope
                .deeper()
                .map(|scope| infer(&inside, &scope))
                .unwrap_or_default();
            for (column, name) in found.columns.iter_mut().zip(names) {
                column.name = name;
            }
            scope.named.push((name, found));
            if !cursor.accept_symbol(b',') {
                break;
            }
        }
    }
    let mut found = if cursor.is_symbol(b'(') {
        match (cursor.group(), scope.deeper()) {
            (Ok(inside), Some(scope)) => infer(&inside, &scope),
            _ => Found::default(),
        }
    } else if cursor.accept("SELECT") {
        select(&mut cursor, &scope)
    } else {
        Found::default()
    };
    while !cursor.done() && !cursor.is_any(&["UNION", "EXCEPT", "INTERSECT"]) {
        cursor.skip_group();
    }
    if !cursor.done() {
        // The names are those of the first query; the types depend on all of them.
        for column in &mut found.columns {
            column.data_type = None;
            column.required = false;
        }
    }
    found
}

/// What stands after `SELECT`.
fn select(cursor: &mut Cursor<'_>, scope: &Scope<'_>) -> Found {
    while cursor.is_any(&[
        "ALL",
        "DISTINCT",
        "DISTINCTROW",
        "HIGH_PRIORITY",
        "STRAIGHT_JOIN",
        "SQL_SMALL_RESULT",
        "SQL_BIG_RESULT",
        "SQL_BUFFER_RESULT",
        "SQL_CACHE",
        "SQL_NO_CACHE",
        "SQL_CALC_FOUND_ROWS",
    ]) {
        cursor.step();
    }
    let begin = cursor.place();
    while !cursor.done()
        && !cursor.is_any(&[
            "FROM",
            "INTO",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "LIMIT",
            "WHERE",
            "ORDER",
        ])
    {
        cursor.skip_group();
    }
    let items = cursor.since(begin);
    let mut sources = Vec::new();
    if cursor.accept("FROM") {
        let begin = cursor.place();
        while !cursor.done()
            && !cursor.is_any(&[
                "WHERE",
                "GROUP",
                "HAVING",
                "WINDOW",
                "ORDER",
                "LIMIT",
                "PROCEDURE",
                "INTO",
                "UNION",
                "EXCEPT",
                "INTERSECT",
            ])
        {
            cursor.skip_group();
        }
        read_sources(cursor.since(begin), scope, &mut sources);
    }
    let mut found = Found {
        columns: Vec::new(),
        complete: true,
    };
    for item in items.split_commas() {
        read_item(item, &sources, &mut found);
        if found.columns.len() > MOST_COLUMNS {
            found.columns.truncate(MOST_COLUMNS);
            found.complete = false;
            break;
        }
    }
    if sources.len() > 1 {
        // An outer join may leave any of them empty.
        for column in &mut found.columns {
            column.required = false;
        }
    }
    found.complete &= !found.columns.is_empty();
    found
}

/// Reads the tables of FROM; joins may stand in parentheses.
fn read_sources(mut cursor: Cursor<'_>, scope: &Scope<'_>, sources: &mut Vec<Source>) {
    let Some(deeper) = scope.deeper() else {
        return;
    };
    let mut expects = true;
    while !cursor.done() {
        if !expects {
            expects = cursor.is_symbol(b',') || cursor.is_any(&["JOIN", "STRAIGHT_JOIN"]);
            cursor.skip_group();
            continue;
        }
        expects = false;
        cursor.accept("LATERAL");
        if cursor.is_symbol(b'(') {
            let Ok(inside) = cursor.group() else {
                return;
            };
            let mut first = inside.clone();
            while first.accept_symbol(b'(') {}
            if first.is_any(&["SELECT", "WITH", "VALUES"]) {
                let found = infer(&inside, &deeper);
                sources.push(Source {
                    name: alias(&mut cursor).unwrap_or_default(),
                    found: Some(found),
                });
            } else {
                read_sources(inside, &deeper, sources);
            }
            continue;
        }
        let Ok(table) = name::qualified(&mut cursor) else {
            cursor.step();
            continue;
        };
        if cursor.is_symbol(b'(') {
            // A function that gives a table: JSON_TABLE(…).
            cursor.skip_group();
            let name = alias(&mut cursor).unwrap_or(table.name);
            sources.push(Source { name, found: None });
            continue;
        }
        if cursor.accept("PARTITION") {
            cursor.skip_group();
        }
        sources.push(Source {
            name: alias(&mut cursor).unwrap_or_else(|| table.name.clone()),
            found: scope.table(&table),
        });
    }
}

/// Reads `[AS] name` after a table.
fn alias(cursor: &mut Cursor<'_>) -> Option<String> {
    const AFTER: [&str; 14] = [
        "JOIN",
        "INNER",
        "LEFT",
        "RIGHT",
        "CROSS",
        "NATURAL",
        "STRAIGHT_JOIN",
        "ON",
        "USING",
        "USE",
        "FORCE",
        "IGNORE",
        "FOR",
        "OUTER",
    ];
    if !cursor.accept("AS") && cursor.is_any(&AFTER) {
        return None;
    }
    let name = name::label(cursor).ok()?;
    if cursor.is_symbol(b'(') {
        // Names for the columns of a derived table.
        cursor.skip_group();
    }
    Some(name)
}

/// Reads one of the things that are selected.
fn read_item(item: Cursor<'_>, sources: &[Source], found: &mut Found) {
    let tokens = item.tokens();
    let is_star = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Operator && item.text_of(*token) == "*")
    };
    if tokens.is_empty() {
        found.complete = false;
        return;
    }
    if is_star(tokens.len() - 1) && tokens.len() % 2 == 1 {
        let mut path = item.clone();
        let table = (tokens.len() > 1)
            .then(|| name::qualified(&mut path).ok())
            .flatten()
            .map(|path| path.name);
        star(path_name(tokens.len(), table, &item), sources, found);
        return;
    }
    let (value, name) = split_alias(&item);
    let path = path(&value);
    let source = path.as_ref().and_then(|path| shown(path, sources));
    let data_type = source.and_then(|column| column.data_type.clone());
    let required = source.is_some_and(|column| column.required);
    let name = name
        .or_else(|| path.and_then(|path| path.last().cloned()))
        // The server calls other expressions by their text.
        .unwrap_or_else(|| value.rest_text().to_owned());
    found.columns.push(Output {
        name,
        data_type,
        required,
    });
}

/// The table before `.*`: the last name of `t.*` or `db.t.*`.
fn path_name(length: usize, table: Option<String>, item: &Cursor<'_>) -> Option<String> {
    let last = length.checked_sub(3)?;
    let mut name = Cursor::new(item.source, item.tokens().get(last..).unwrap_or_default());
    name::label(&mut name).ok().or(table)
}

fn star(table: Option<String>, sources: &[Source], found: &mut Found) {
    let mut any = false;
    for source in sources {
        if table
            .as_ref()
            .is_some_and(|table| !same(table, &source.name))
        {
            continue;
        }
        any = true;
        match &source.found {
            Some(has) => {
                let room = (MOST_COLUMNS + 1).saturating_sub(found.columns.len());
                found.columns.extend(has.columns.iter().take(room).cloned());
                found.complete &= has.complete;
            }
            None => found.complete = false,
        }
    }
    found.complete &= any;
}

/// Cuts `value [AS] name`.
fn split_alias<'a>(item: &Cursor<'a>) -> (Cursor<'a>, Option<String>) {
    let tokens = item.tokens();
    let part =
        |from: usize, to: usize| Cursor::new(item.source, tokens.get(from..to).unwrap_or_default());
    let Some(last_at) = tokens.len().checked_sub(1).filter(|at| *at > 0) else {
        return (item.clone(), None);
    };
    let mut last = part(last_at, tokens.len());
    let text = last.peek().is_some_and(|token| token.kind == Kind::Text);
    let read = match text {
        true => name::string(&mut last).ok(),
        false => name::label(&mut last).ok(),
    };
    let previous = tokens.get(last_at - 1).copied();
    if item.token_is(previous, "AS") {
        return (part(0, last_at - 1), read);
    }
    // Without AS only a name can follow a value: not an operator, a dot or a keyword before it.
    let follows_value = previous.is_some_and(|previous| {
        matches!(previous.kind, Kind::Quoted | Kind::Number | Kind::Text)
            || previous.is_symbol(b')')
            || (previous.kind == Kind::Word && last_at == 1)
            || item.token_is(Some(previous), "END")
    });
    let after_dot = last_at >= 3
        && previous.is_some_and(|previous| previous.kind == Kind::Word)
        && tokens
            .get(last_at - 2)
            .is_some_and(|before| before.is_symbol(b'.'));
    let ends = ["END", "NULL", "TRUE", "FALSE"];
    let keyword = ends
        .iter()
        .any(|word| item.token_is(tokens.last().copied(), word));
    if read.is_some() && (follows_value || after_dot) && !keyword && !text {
        (part(0, last_at), read)
    } else {
        (item.clone(), None)
    }
}

/// The names of `a`, `t.a` or `db.t.a`, if that is all there is.
fn path(value: &Cursor<'_>) -> Option<Vec<String>> {
    let mut cursor = value.clone();
    let mut names = vec![name::label(&mut cursor).ok()?];
    while cursor.accept_symbol(b'.') {
        names.push(name::label(&mut cursor).ok()?);
    }
    (cursor.done() && names.len() <= 3).then_some(names)
}

/// The column of a table that a path names.
fn shown<'s>(path: &[String], sources: &'s [Source]) -> Option<&'s Output> {
    let (column, before) = path.split_last()?;
    let table = before.last();
    sources
        .iter()
        .filter(|source| table.is_none_or(|table| same(table, &source.name)))
        .filter_map(|source| source.found.as_ref())
        .find_map(|found| {
            let mut columns = found.columns.iter();
            columns.find(|output| same(&output.name, column))
        })
}
