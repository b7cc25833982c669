//! What columns a query gives, by best effort: names nearly always, types where they are plain.
//! It never fails; what it cannot tell, it leaves out and says so.

use super::expression;
use super::from::rename;
use super::types::{self, TypeRef};
use crate::catalog::Catalog;
use crate::cursor::Cursor;
use crate::fold;
use crate::token::Kind;

/// How deep queries may stand in queries.
const DEPTH: usize = 24;

/// A column of a query.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) data_type: Option<TypeRef>,
}

/// The columns of a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) columns: Vec<Output>,
    /// Whether these are all of them.
    pub(crate) complete: bool,
}

/// Something in a FROM clause.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) alias: String,
    pub(crate) found: Found,
}

/// A FROM clause, or a part of it: its sources, and what `*` gives.
#[derive(Debug, Clone)]
pub(crate) struct From {
    pub(crate) sources: Vec<Source>,
    pub(crate) star: Found,
}

/// What a query's names mean while it is read.
pub(crate) struct Scope<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) path: &'c [String],
    /// The queries of WITH, the nearest last.
    pub(crate) with: Vec<(String, Found)>,
    /// How many levels may still be gone down.
    pub(crate) depth: usize,
}

/// Words that end the list of a SELECT.
const AFTER_LIST: [&str; 13] = [
    "FROM",
    "INTO",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
];

/// Words that end a FROM clause.
const AFTER_FROM: [&str; 12] = [
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
];

/// The columns of a query. A recursive view may name itself: `own` is its name and columns.
pub(crate) fn infer(
    query: &Cursor<'_>,
    catalog: &Catalog,
    path: &[String],
    own: Option<(String, Vec<String>)>,
) -> Found {
    let mut scope = Scope {
        catalog,
        path,
        with: Vec::new(),
        depth: DEPTH,
    };
    if let Some((name, columns)) = own {
        let columns = columns
            .into_iter()
            .map(|name| Output {
                name,
                data_type: None,
            })
            .collect();
        scope.with.push((
            name,
            Found {
                columns,
                complete: true,
            },
        ));
    }
    scope.query(query.clone())
}

/// What the server would call the first column of a query in parentheses.
pub(crate) fn first_label(query: &Cursor<'_>, depth: usize) -> Option<String> {
    let mut cursor = query.clone();
    if depth == 0 || !cursor.accept("SELECT") {
        return None;
    }
    skip_distinct(&mut cursor);
    let first = select_list(&mut cursor).split_commas().into_iter().next()?;
    let (alias, expression) = split_alias(&first);
    alias.or_else(|| expression::label_within(&expression, depth))
}

fn skip_distinct(cursor: &mut Cursor<'_>) {
    if cursor.accept("DISTINCT") {
        if cursor.accept("ON") {
            cursor.skip_group();
        }
    } else {
        cursor.accept("ALL");
    }
}

/// Moves past the list of a SELECT and returns it.
fn select_list<'t>(cursor: &mut Cursor<'t>) -> Cursor<'t> {
    let begin = cursor.place();
    while !cursor.done() {
        let previous = cursor.previous();
        // `IS DISTINCT FROM`, and columns that are called so: `t.window`, `AS limit`.
        let other = (cursor.is("FROM") && cursor.token_is(previous, "DISTINCT"))
            || previous.is_some_and(|previous| previous.is_symbol(b'.'))
            || cursor.token_is(previous, "AS");
        if !other && cursor.is_any(&AFTER_LIST) {
            break;
        }
        cursor.skip_group();
    }
    cursor.since(begin)
}

/// Cuts `expression AS alias` or `expression alias`.
fn split_alias<'t>(item: &Cursor<'t>) -> (Option<String>, Cursor<'t>) {
    let tokens = item.tokens();
    let length = tokens.len();
    let last = tokens.last().copied();
    let before = length.checked_sub(2).and_then(|at| tokens.get(at)).copied();
    let cut = |count: usize| {
        Cursor::new(
            item.source,
            tokens
                .get(..length.saturating_sub(count))
                .unwrap_or_default(),
        )
    };
    let (Some(last), Some(before)) = (last, before) else {
        return (None, item.clone());
    };
    let label = || {
        let mut name = Cursor::new(item.source, tokens.get(length - 1..).unwrap_or_default());
        name.label().ok()
    };
    if item.token_is(Some(before), "AS") && length > 2 {
        return (label(), cut(2));
    }
    let text = item.text_of(last);
    let names = match last.kind {
        Kind::Word => !fold::is_reserved(text),
        Kind::Quoted | Kind::UnicodeQuoted => true,
        _ => false,
    };
    let value_ends = match before.kind {
        Kind::Word => {
            let word = item.text_of(before);
            let value = [
                "END",
                "NULL",
                "TRUE",
                "FALSE",
                "CURRENT_DATE",
                "CURRENT_TIMESTAMP",
            ];
            value.iter().any(|known| word.eq_ignore_ascii_case(known)) || !fold::is_reserved(word)
        }
        Kind::Quoted | Kind::UnicodeQuoted | Kind::Number | Kind::Text | Kind::Parameter => true,
        Kind::Symbol(symbol) => symbol == b')' || symbol == b']',
        _ => false,
    };
    // The last word of a type of several words is no alias.
    let of_type = [
        ("TIME", "ZONE"),
        ("DOUBLE", "PRECISION"),
        ("CHARACTER", "VARYING"),
        ("CHAR", "VARYING"),
        ("BIT", "VARYING"),
    ]
    .iter()
    .any(|(one, two)| item.token_is(Some(before), one) && item.token_is(Some(last), two));
    if names && value_ends && !of_type {
        (label(), cut(1))
    } else {
        (None, item.clone())
    }
}

impl Scope<'_> {
    /// The columns of a query.
    pub(crate) fn query(&mut self, mut cursor: Cursor<'_>) -> Found {
        if self.depth == 0 {
            return Found::default();
        }
        self.depth -= 1;
        let outer = self.with.len();
        let found = self.with_clause(&mut cursor).map(|()| self.body(cursor));
        self.with.truncate(outer);
        self.depth += 1;
        found.unwrap_or_default()
    }

    fn with_clause(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        if !cursor.accept("WITH") {
            return Some(());
        }
        let recursive = cursor.accept("RECURSIVE");
        loop {
            let name = cursor.label().ok()?;
            let names = if cursor.is_symbol(b'(') {
                cursor.names().ok()?
            } else {
                Vec::new()
            };
            cursor.expect("AS").ok()?;
            cursor.accept("NOT");
            cursor.accept("MATERIALIZED");
            let inside = cursor.group().ok()?;
            let mut found = if inside.is_any(&["INSERT", "UPDATE", "DELETE", "MERGE"]) {
                Found::default()
            } else {
                if recursive {
                    let columns = names.iter().map(|name| Output {
                        name: name.clone(),
                        data_type: None,
                    });
                    let complete = !names.is_empty();
                    self.with.push((
                        name.clone(),
                        Found {
                            columns: columns.collect(),
                            complete,
                        },
                    ));
                }
                self.query(inside)
            };
            rename(&mut found, &names);
            self.with.push((name, found));
            // SEARCH and CYCLE may add columns; they are seldom.
            while !cursor.done()
                && !cursor.is_symbol(b',')
                && !cursor.is_any(&["SELECT", "VALUES", "TABLE"])
                && !cursor.is_symbol(b'(')
            {
                cursor.step();
            }
            if !cursor.accept_symbol(b',') {
                return Some(());
            }
        }
    }

    fn body(&mut self, mut cursor: Cursor<'_>) -> Found {
        if cursor.is_symbol(b'(') {
            return match cursor.group() {
                Ok(inside) => self.query(inside),
                Err(_) => Found::default(),
            };
        }
        if cursor.accept("VALUES") {
            let row = cursor
                .group()
                .map(|row| row.split_commas())
                .unwrap_or_default();
            let nothing = From {
                sources: Vec::new(),
                star: Found::default(),
            };
            let columns: Vec<Output> = row
                .iter()
                .enumerate()
                .map(|(at, value)| Output {
                    name: format!("column{}", at + 1),
                    data_type: self.type_of(value, &nothing),
                })
                .collect();
            return Found {
                complete: !columns.is_empty(),
                columns,
            };
        }
        if cursor.accept("TABLE") {
            cursor.accept("ONLY");
            return cursor
                .qualified()
                .map(|name| self.named(name.schema.as_deref(), &name.name))
                .unwrap_or_default();
        }
        if !cursor.accept("SELECT") {
            return Found::default();
        }
        skip_distinct(&mut cursor);
        let list = select_list(&mut cursor);
        let mut from = From {
            sources: Vec::new(),
            star: Found {
                columns: vec![],
                complete: true,
            },
        };
        while !cursor.done() && !cursor.is("FROM") && !cursor.is_any(&AFTER_FROM) {
            cursor.skip_group();
        }
        if cursor.accept("FROM") {
            let begin = cursor.place();
            while !cursor.done()
                && (!cursor.is_any(&AFTER_FROM)
                    || cursor
                        .previous()
                        .is_some_and(|previous| previous.is_symbol(b'.')))
            {
                cursor.skip_group();
            }
            for part in cursor.since(begin).split_commas() {
                let mut next = self.joined(part);
                from.sources.append(&mut next.sources);
                from.star.columns.append(&mut next.star.columns);
                from.star.complete &= next.star.complete;
            }
        }
        let mut found = Found {
            columns: Vec::new(),
            complete: true,
        };
        for item in list.split_commas() {
            self.item(&item, &from, &mut found);
        }
        found
    }

    /// One item of a SELECT's list.
    fn item(&mut self, item: &Cursor<'_>, from: &From, found: &mut Found) {
        let tokens = item.tokens();
        let last = tokens.last().copied();
        let star =
            last.is_some_and(|last| last.kind == Kind::Operator && item.text_of(last) == "*");
        if star && tokens.len() == 1 {
            found.columns.extend(from.star.columns.iter().cloned());
            found.complete &= from.star.complete;
            return;
        }
        let dotted = tokens.len().checked_sub(2).and_then(|at| tokens.get(at));
        if star && dotted.is_some_and(|dot| dot.is_symbol(b'.')) {
            let mut name = item.clone();
            if name.is_symbol(b'(') {
                // `(f(x)).*`
                let returned = name.group().ok().and_then(|inside| self.returned(inside));
                found.complete &= returned.is_some();
                found.columns.extend(returned.unwrap_or_default());
                return;
            }
            let source = before_star(&mut name)
                .and_then(|alias| from.sources.iter().find(|source| source.alias == alias));
            match source {
                Some(source) => {
                    found.columns.extend(source.found.columns.iter().cloned());
                    found.complete &= source.found.complete;
                }
                None => found.complete = false,
            }
            return;
        }
        let (alias, expression) = split_alias(item);
        if expression.done() {
            found.complete = false;
            return;
        }
        let name = alias
            .or_else(|| expression::label(&expression))
            .unwrap_or_else(|| "?column?".to_owned());
        let data_type = self.type_of(&expression, from);
        found.columns.push(Output { name, data_type });
    }

    /// The type of a plain expression: a column, a cast.
    fn type_of(&self, expression: &Cursor<'_>, from: &From) -> Option<TypeRef> {
        let mut cursor = expression.clone();
        while let (true, Ok(inside)) = (cursor.is_symbol(b'('), cursor.clone().group()) {
            cursor.skip_group();
            if !cursor.done() {
                cursor = expression.clone();
                break;
            }
            cursor = inside;
        }
        let begin = cursor.place();
        if let Some(known) = known_type(&cursor) {
            return Some(known);
        }
        if cursor.accept("CAST") {
            let inside = cursor.group().ok().filter(|_| cursor.done())?;
            let mut value = inside;
            while !value.done() && !value.is("AS") {
                value.skip_group();
            }
            value.step();
            return types::read_type(&mut value, self.catalog, self.path)
                .ok()
                .filter(|_| value.done());
        }
        // A column.
        let mut path = Vec::new();
        while let Ok(name) = cursor.label() {
            path.push(name);
            if !cursor.accept_symbol(b'.') {
                break;
            }
        }
        if cursor.done() {
            return self.column_type(&path, from);
        }
        // A value with its last cast; an operator before it would not belong to the cast.
        cursor.reset(begin);
        let mut cast = None;
        while let Some(token) = cursor.peek() {
            match token.kind {
                Kind::Cast => cast = Some(cursor.place()),
                Kind::Operator => return None,
                Kind::Word
                    if cursor.is_any(&["AND", "OR", "NOT", "IS", "IN", "LIKE", "BETWEEN"]) =>
                {
                    return None;
                }
                _ => {}
            }
            cursor.skip_group();
        }
        cursor.reset(cast? + 1);
        types::read_type(&mut cursor, self.catalog, self.path)
            .ok()
            .filter(|_| cursor.done())
    }

    fn column_type(&self, path: &[String], from: &From) -> Option<TypeRef> {
        let (column, qualifier) = match path {
            [column] => (column, None),
            [.., qualifier, column] => (column, Some(qualifier)),
            [] => return None,
        };
        let mut found = from
            .sources
            .iter()
            .filter(|source| qualifier.is_none_or(|qualifier| source.alias == *qualifier))
            .filter_map(|source| source.found.columns.iter().find(|one| one.name == *column));
        found.next().and_then(|one| one.data_type.clone())
    }
}

/// The type of a constant, or of a call that everyone knows.
fn known_type(expression: &Cursor<'_>) -> Option<TypeRef> {
    let mut cursor = expression.clone();
    let first = cursor.peek()?;
    let text = cursor.text_of(first);
    cursor.step();
    let name = match first.kind {
        Kind::Number if text.parse::<i32>().is_ok() => "integer",
        Kind::Text if text.starts_with('\'') => "text",
        Kind::Word if text.eq_ignore_ascii_case("TRUE") || text.eq_ignore_ascii_case("FALSE") => {
            "boolean"
        }
        Kind::Word if text.eq_ignore_ascii_case("CURRENT_DATE") => "date",
        Kind::Word if text.eq_ignore_ascii_case("CURRENT_TIMESTAMP") => "timestamp with time zone",
        Kind::Word if cursor.is_symbol(b'(') => {
            cursor.skip_group();
            let calls = [
                ("count", "bigint"),
                ("exists", "boolean"),
                ("now", "timestamp with time zone"),
                ("row_number", "bigint"),
            ];
            let call = calls
                .iter()
                .find(|(name, _)| text.eq_ignore_ascii_case(name))?;
            if cursor.accept("OVER") || cursor.accept("FILTER") {
                cursor.skip_group();
            }
            call.1
        }
        _ => return None,
    };
    cursor.done().then(|| TypeRef::system(name))
}

/// The alias before `.*`.
fn before_star(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut name = cursor.label().ok()?;
    while cursor.accept_symbol(b'.') {
        match cursor.label() {
            Ok(next) => name = next,
            Err(_) => break,
        }
    }
    Some(name)
}
