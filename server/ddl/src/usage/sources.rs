//! Which tables a query reads, under which names, and where these names hold.

use super::{ColumnPlace, Names, Piece, chain};
use crate::token::Kind;

/// Words after which a table stands.
const BEFORE_TABLE: [&str; 4] = ["from", "join", "into", "update"];
/// Words that may stand between these and the table.
const SKIPPED: [&str; 3] = ["only", "lateral", "table"];
/// Words that end a list of tables.
const AFTER_TABLES: [&str; 14] = [
    "where",
    "group",
    "having",
    "order",
    "limit",
    "union",
    "except",
    "intersect",
    "select",
    "set",
    "values",
    "returning",
    "window",
    "fetch",
];
/// Words that follow a table and are not its alias.
const NO_ALIAS: [&str; 16] = [
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "using",
    "set",
    "values",
    "union",
    "returning",
    "window",
    "default",
    "tablesample",
    "fetch",
    "for",
];
/// Words with which the query in parentheses begins, as no joined table does.
const QUERY: [&str; 3] = ["select", "with", "values"];

/// A table, or something else that rows are read from, under a name.
#[derive(Debug)]
pub(super) struct Source {
    name: String,
    /// By index; none for what is no table of the catalog.
    table: Option<usize>,
}

/// A pair of parentheses, or the whole text.
#[derive(Debug, Default)]
struct Group {
    parent: Option<usize>,
    sources: Vec<Source>,
    /// It holds a query, not the arguments of a function.
    is_query: bool,
    /// A list of tables is being read, so that a comma is followed by another.
    in_tables: bool,
    /// A table is to follow.
    expects: bool,
    /// Joined tables in parentheses: their names hold outside.
    is_open: bool,
    /// The parentheses stand where a table does.
    is_source: bool,
    /// The columns after `USING`.
    is_using: bool,
}

/// The tables of a query with the parentheses in which their names hold.
pub(super) struct Scopes {
    groups: Vec<Group>,
    /// The group of each token.
    group_of: Vec<usize>,
    /// Tokens that name tables and their aliases.
    taken: Vec<bool>,
}

impl Scopes {
    /// The group of a token.
    pub(super) fn group_of(&self, token: usize) -> usize {
        self.group_of.get(token).copied().unwrap_or_default()
    }

    /// Whether the token names a table.
    pub(super) fn is_taken(&self, token: usize) -> bool {
        self.taken.get(token).copied().unwrap_or_default()
    }

    /// Whether a group holds the columns after `USING`.
    pub(super) fn is_using(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|group| group.is_using)
    }

    /// The group and those around it, from within.
    fn around(&self, group: usize) -> impl Iterator<Item = &Group> {
        let mut next = Some(group);
        std::iter::from_fn(move || {
            let group = self.groups.get(next?)?;
            next = group.parent;
            Some(group)
        })
    }

    /// The columns that all tables around have under this name.
    pub(super) fn shared(&self, group: usize, names: &Names, chain: &[&str]) -> Vec<ColumnPlace> {
        let [column] = chain else {
            return Vec::new();
        };
        let mut found: Vec<ColumnPlace> = self
            .around(group)
            .find(|group| !group.sources.is_empty())
            .into_iter()
            .flat_map(|group| &group.sources)
            .filter_map(|source| names.column(source.table?, column))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The column that names mean in a group.
    pub(super) fn resolve(
        &self,
        group: usize,
        names: &Names,
        chain: &[&str],
    ) -> Option<ColumnPlace> {
        match chain {
            [column] => {
                for group in self.around(group) {
                    let sources = group.sources.iter();
                    let mut found: Vec<ColumnPlace> = sources
                        .filter_map(|source| names.column(source.table?, column))
                        .collect();
                    found.sort_unstable();
                    found.dedup();
                    match found[..] {
                        [] => {}
                        [one] => return Some(one),
                        _ => return None,
                    }
                }
                None
            }
            [table, column] => {
                let mut around = self.around(group).flat_map(|group| &group.sources);
                let source = around.find(|source| source.name == *table)?;
                names.column(source.table?, column)
            }
            [.., schema, table, column] => {
                let table = names.table(&[*schema, *table])?;
                names.column(table, column)
            }
            [] => None,
        }
    }

    fn add(&mut self, group: usize, source: Source) {
        let mut at = group;
        while let Some(group) = self.groups.get(at)
            && group.is_open
            && let Some(parent) = group.parent
        {
            at = parent;
        }
        if let Some(group) = self.groups.get_mut(at) {
            group.sources.push(source);
        }
    }
}

/// Finds the tables of a query.
pub(super) fn sources(tokens: &[Piece], names: &Names) -> Scopes {
    let mut scopes = Scopes {
        groups: vec![Group {
            is_query: true,
            ..Group::default()
        }],
        group_of: Vec::with_capacity(tokens.len()),
        taken: vec![false; tokens.len()],
    };
    let within: Vec<&str> = named_queries(tokens);
    let mut here = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol(b'(') {
            scopes.group_of.push(here);
            here = open(&mut scopes, tokens, at, here);
            continue;
        }
        if token.is_symbol(b')') {
            here = close(&mut scopes, tokens, at, here);
            scopes.group_of.push(here);
            continue;
        }
        scopes.group_of.push(here);
        if scopes.is_taken(at) {
            continue;
        }
        let Some(group) = scopes.groups.get_mut(here) else {
            continue;
        };
        if token.kind == Kind::Word {
            let word = token.text.as_str();
            if BEFORE_TABLE.contains(&word) {
                // `extract(day from …)` and `is distinct from` read no table.
                let before = at.checked_sub(1).and_then(|before| tokens.get(before));
                let compares = before.is_some_and(|token| token.is("distinct"));
                let reads = group.is_query || group.is_open || word != "from";
                group.expects = reads && !compares;
                group.in_tables |= group.expects && matches!(word, "from" | "join");
                continue;
            }
            if AFTER_TABLES.contains(&word) {
                group.is_query |= word == "select";
                group.in_tables = false;
                group.expects = false;
                continue;
            }
        }
        if token.is_symbol(b',') {
            group.expects = group.in_tables;
            continue;
        }
        if group.expects && !SKIPPED.contains(&token.text.as_str()) {
            group.expects = false;
            let into = at.checked_sub(1).and_then(|before| tokens.get(before));
            let into = into.is_some_and(|token| token.is("into") || token.is("update"));
            let chain = chain(tokens, at);
            if !chain.is_empty() {
                let end = at + 2 * chain.len() - 1;
                let is_function =
                    !into && tokens.get(end).is_some_and(|token| token.is_symbol(b'('));
                let is_within = matches!(chain[..], [name] if within.contains(&name));
                let table = match is_function || is_within {
                    true => None,
                    false => names.table(&chain),
                };
                let mut taken = at..end;
                let own = chain.last().map(|name| (*name).to_owned());
                let alias = match is_function {
                    true => None,
                    false => alias(tokens, end),
                };
                if let Some((_, alias_end)) = &alias {
                    taken.end = *alias_end;
                }
                for place in taken {
                    if let Some(flag) = scopes.taken.get_mut(place) {
                        *flag = true;
                    }
                }
                let name = alias.map(|(name, _)| name).or(own).unwrap_or_default();
                scopes.add(here, Source { name, table });
            }
        }
    }
    scopes
}

/// The names that `WITH` gives to queries.
fn named_queries(tokens: &[Piece]) -> Vec<&str> {
    tokens
        .windows(3)
        .filter_map(|window| match window {
            [name, word, after]
                if name.is_name()
                    && word.is("as")
                    && (after.is_symbol(b'(') || after.is("materialized") || after.is("not")) =>
            {
                Some(name.text.as_str())
            }
            _ => None,
        })
        .collect()
}

/// Goes into parentheses; answers their group.
fn open(scopes: &mut Scopes, tokens: &[Piece], at: usize, here: usize) -> usize {
    let first = tokens.get(at + 1);
    let is_query = first.is_some_and(|token| QUERY.iter().any(|word| token.is(word)));
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let is_using = before.is_some_and(|token| token.is("using"));
    let mut is_source = false;
    if let Some(group) = scopes.groups.get_mut(here) {
        is_source = std::mem::take(&mut group.expects);
    }
    let is_open = is_source && !is_query;
    scopes.groups.push(Group {
        parent: Some(here),
        is_query,
        is_open,
        expects: is_open,
        in_tables: is_open,
        is_source,
        is_using,
        sources: Vec::new(),
    });
    scopes.groups.len() - 1
}

/// Leaves parentheses; answers the group around them.
fn close(scopes: &mut Scopes, tokens: &[Piece], at: usize, here: usize) -> usize {
    let Some(group) = scopes.groups.get(here) else {
        return here;
    };
    let Some(parent) = group.parent else {
        return here;
    };
    if group.is_source
        && let Some((name, end)) = alias(tokens, at + 1)
    {
        for place in at + 1..end {
            if let Some(flag) = scopes.taken.get_mut(place) {
                *flag = true;
            }
        }
        scopes.add(parent, Source { name, table: None });
    }
    parent
}

/// The alias at a token, and where it ends.
fn alias(tokens: &[Piece], at: usize) -> Option<(String, usize)> {
    let marked = tokens.get(at).is_some_and(|token| token.is("as"));
    let place = at + usize::from(marked);
    let token = tokens.get(place)?;
    let is_word = token.kind == Kind::Word && NO_ALIAS.contains(&token.text.as_str());
    (token.is_name() && !is_word).then(|| (token.text.clone(), place + 1))
}
