//! What a text of SQL asks of the database: routines of the schema, extensions, relations.

use crate::fold;
use crate::lexer::Lexer;
use crate::token::{Kind, Token};
use model::schema::{QualifiedName, Schema};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The schema before it.
    pub(super) schema: Option<String>,
    /// The name.
    pub(super) name: String,
    /// Whether parentheses follow.
    pub(super) call: bool,
}

/// The names in a text, constants left out.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut lexer = Lexer::new(text);
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    let is_name = |token: &Token| matches!(token.kind, Kind::Word | Kind::Quoted);
    let mut found: Vec<Mention> = Vec::new();
    let mut before_dot: Option<String> = None;
    for (at, token) in tokens.iter().enumerate() {
        if !is_name(token) {
            if !token.is_symbol(b'.') {
                before_dot = None;
            }
            continue;
        }
        let name = fold::name(token.text(text));
        let next = tokens.get(at + 1);
        found.push(Mention {
            schema: before_dot.take(),
            name: name.clone(),
            call: next.is_some_and(|next| next.is_symbol(b'(')),
        });
        if next.is_some_and(|next| next.is_symbol(b'.')) {
            before_dot = Some(name);
        }
    }
    found
}

/// The relations that a query reads, by what follows FROM and JOIN; names of WITH left out.
pub(super) fn reads(query: &str) -> Vec<Mention> {
    // These have a FROM of their own within their parentheses.
    const CALLS: [&str; 4] = ["extract", "overlay", "substring", "trim"];
    let mut lexer = Lexer::new(query);
    let mut tokens: Vec<Token> = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    let word = |at: usize| {
        let token = tokens.get(at).filter(|token| token.kind == Kind::Word)?;
        Some(token.text(query).to_ascii_lowercase())
    };
    let is_name = |at: usize| {
        let kind = tokens.get(at).map(|token| token.kind);
        matches!(kind, Some(Kind::Word | Kind::Quoted))
    };
    let name = |at: usize| tokens.get(at).map(|token| fold::name(token.text(query)));
    let symbol =
        |at: usize, symbol: u8| tokens.get(at).is_some_and(|token| token.is_symbol(symbol));
    let mut with: HashSet<String> = HashSet::new();
    let mut found: Vec<Mention> = Vec::new();
    let mut within_call: Vec<bool> = Vec::new();
    for at in 0..tokens.len() {
        if symbol(at, b'(') {
            let before = at
                .checked_sub(1)
                .and_then(|at| name(at).filter(|_| is_name(at)));
            within_call.push(before.is_some_and(|name| CALLS.contains(&name.as_str())));
            continue;
        }
        if symbol(at, b')') {
            within_call.pop();
            continue;
        }
        let Some(keyword) = word(at) else { continue };
        if keyword == "as" && symbol(at + 1, b'(') {
            // `name AS (` or `name (a, b) AS (`.
            let mut before = at;
            if before.checked_sub(1).is_some_and(|last| symbol(last, b')')) {
                while before > 0 && !symbol(before, b'(') {
                    before -= 1;
                }
            }
            with.extend(before.checked_sub(1).and_then(name));
        }
        let distinct = at
            .checked_sub(1)
            .and_then(word)
            .is_some_and(|word| word == "distinct");
        let from = keyword == "from" && !distinct && within_call.last() != Some(&true);
        if !from && keyword != "join" {
            continue;
        }
        let mut next = at + 1;
        while word(next).is_some_and(|word| matches!(word.as_str(), "only" | "lateral")) {
            next += 1;
        }
        let Some(first) = name(next).filter(|_| is_name(next)) else {
            continue;
        };
        let (schema, name, end) = match (symbol(next + 1, b'.'), name(next + 2)) {
            (true, Some(second)) => (Some(first), second, next + 3),
            _ => (None, first, next + 1),
        };
        found.push(Mention {
            schema,
            name,
            call: symbol(end, b'('),
        });
    }
    found.retain(|mention| {
        let named = mention.schema.is_none() && with.contains(&mention.name);
        !mention.call && !named
    });
    found
}

/// The routines that the schema knows by name.
pub(super) struct Routines {
    schemas: HashMap<String, HashSet<String>>,
}

impl Routines {
    /// The routines of a schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut schemas: HashMap<String, HashSet<String>> = HashMap::new();
        for routine in &schema.routines {
            schemas
                .entry(routine.name.name.clone())
                .or_default()
                .insert(routine.name.schema.clone());
        }
        Self { schemas }
    }

    /// The first routine that a text calls.
    pub(super) fn called_in(&self, text: &str) -> Option<String> {
        if self.schemas.is_empty() {
            return None;
        }
        mentions(text)
            .into_iter()
            .find(|found| found.call && self.has(found))
            .map(|found| found.name)
    }

    fn has(&self, found: &Mention) -> bool {
        let Some(schemas) = self.schemas.get(&found.name) else {
            return false;
        };
        found
            .schema
            .as_ref()
            .is_none_or(|schema| schemas.contains(schema))
    }
}

/// Whether a trigger calls a function that every server has.
pub(super) fn trigger_runs(definition: &str, routines: &Routines) -> bool {
    const OF_THE_SERVER: [&str; 3] = [
        "suppress_redundant_updates_trigger",
        "tsvector_update_trigger",
        "tsvector_update_trigger_column",
    ];
    let calls = mentions(definition);
    let last = calls.iter().rev().find(|found| found.call);
    last.is_some_and(|found| OF_THE_SERVER.contains(&found.name.as_str()))
        && routines.called_in(definition).is_none()
}

/// Types, functions and operator classes by which the usual extensions are told.
const EXTENSIONS: [(&str, &[&str]); 14] = [
    ("citext", &["citext"]),
    ("cube", &["cube", "cube_distance"]),
    (
        "earthdistance",
        &["earth", "ll_to_earth", "earth_box", "earth_distance"],
    ),
    (
        "fuzzystrmatch",
        &["levenshtein", "soundex", "metaphone", "dmetaphone"],
    ),
    ("hstore", &["hstore"]),
    ("intarray", &["gin__int_ops", "gist__int_ops"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    (
        "pg_trgm",
        &[
            "gin_trgm_ops",
            "gist_trgm_ops",
            "similarity",
            "word_similarity",
        ],
    ),
    (
        "pgcrypto",
        &["gen_salt", "crypt", "digest", "hmac", "gen_random_bytes"],
    ),
    (
        "postgis",
        &["geometry", "geography", "st_makepoint", "st_setsrid"],
    ),
    ("tablefunc", &["crosstab", "normal_rand"]),
    ("unaccent", &["unaccent"]),
    (
        "uuid-ossp",
        &[
            "uuid_generate_v1",
            "uuid_generate_v1mc",
            "uuid_generate_v4",
            "uuid_generate_v5",
        ],
    ),
    ("vector", &["vector", "halfvec", "sparsevec"]),
];

/// The extensions that a schema seems to need, with the schema that texts name before what is
/// theirs. The model does not know them; a column of the type `citext` tells enough.
pub(super) fn extensions(schema: &Schema) -> BTreeMap<&'static str, Option<String>> {
    let mut by_name: HashMap<&str, &'static str> = HashMap::new();
    for (extension, names) in EXTENSIONS {
        by_name.extend(names.iter().map(|name| (*name, extension)));
    }
    let own: HashSet<&str> = schema
        .enums
        .iter()
        .map(|found| &found.name)
        .chain(schema.domains.iter().map(|found| &found.name))
        .chain(schema.routines.iter().map(|found| &found.name))
        .map(|name: &QualifiedName| name.name.as_str())
        .collect();
    let mut found: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
    let mut look = |text: &str, calls: bool| {
        for mention in mentions(text) {
            // A column may be called `digest`; in an expression only a call tells.
            let telling = !calls || mention.call || mention.name.ends_with("_ops");
            if let Some(extension) = by_name.get(mention.name.as_str())
                && telling
                && !own.contains(mention.name.as_str())
            {
                let place = found.entry(extension).or_default();
                if place.is_none() {
                    place.clone_from(&mention.schema);
                }
            }
        }
    };
    for table in &schema.tables {
        for column in &table.columns {
            look(&column.data_type, false);
            for text in [&column.default, &column.generated].into_iter().flatten() {
                look(text, true);
            }
        }
        for check in &table.checks {
            look(&check.expression, true);
        }
        for index in &table.indexes {
            for part in &index.parts {
                look(&part.text, true);
            }
            look(index.predicate.as_deref().unwrap_or_default(), true);
        }
        look(table.definition.as_deref().unwrap_or_default(), true);
    }
    for domain in &schema.domains {
        look(&domain.data_type, false);
    }
    let equality_in_gist = schema
        .tables
        .iter()
        .flat_map(|table| &table.exclusions)
        .any(|exclusion| {
            let words = mentions(&exclusion.definition);
            // Plain equality in a GiST index is what this extension brings.
            words.iter().any(|word| word.name == "gist") && exclusion.definition.contains("WITH =")
        });
    if equality_in_gist {
        found.entry("btree_gist").or_default();
    }
    if found.contains_key("earthdistance") {
        found.entry("cube").or_default();
    }
    found
}
