//! The tables of a schema, to be found by what they are called and by what their keys are.

use super::data_type::{Fit, Types};
use super::lexicon::{TABLE_PREFIXES, TABLE_SUFFIXES};
use super::word;
use crate::schema::{Column, Schema, Table, TableKind};
use std::collections::HashMap;

/// More tables than this under one name tell nothing.
const CROWD: usize = 12;
/// More words than this in front of a table's name are not taken for something to leave out.
const TAIL_WORDS_MAX: usize = 8;

/// A column that alone tells the rows of its table apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyColumn {
    pub(super) column: usize,
    pub(super) data_type: usize,
    pub(super) primary: bool,
}

/// A table and what its name and keys are.
pub(super) struct Entry<'a> {
    pub(super) table: &'a Table,
    pub(super) space: usize,
    /// The words of its name, each in its singular.
    pub(super) words: Vec<String>,
    /// How many of them stand in front without naming it: `wp` of `wp_posts`.
    pub(super) prefix: usize,
    pub(super) plural: bool,
    /// The word with which nearly all its columns begin: `rev` of `rev_page`.
    pub(super) column_prefix: Option<String>,
    /// The number of each column's type.
    pub(super) types: Vec<usize>,
    /// Keys of one column, the primary one first.
    pub(super) keys: Vec<KeyColumn>,
    /// The primary key where it has several columns, by their places in the table. Unique
    /// indexes of several say that pairs are rare, not that anybody refers by them.
    pub(super) composite: Vec<Vec<usize>>,
}

impl Entry<'_> {
    /// The words that name it.
    pub(super) fn core(&self) -> &[String] {
        self.words.get(self.prefix..).unwrap_or_default()
    }

    /// Whether its columns may refer to others. A partition's do so as its parent's, and where a
    /// view's columns come from is told by its query.
    pub(super) fn refers(&self) -> bool {
        matches!(self.table.kind, TableKind::Table | TableKind::ForeignTable)
    }

    pub(super) fn column(&self, at: usize) -> Option<&Column> {
        self.table.columns.get(at)
    }

    /// The primary key's column, where it has one alone.
    pub(super) fn primary(&self) -> Option<&KeyColumn> {
        self.keys.first().filter(|key| key.primary)
    }

    /// Whether the values of a column are made where the row is: by a sequence, an identity, or a
    /// function that makes identifiers.
    pub(super) fn makes(&self, at: usize) -> bool {
        self.column(at).is_some_and(|column| {
            column.identity.is_some()
                || column.default.as_deref().is_some_and(|text| {
                    let text = text.to_ascii_lowercase();
                    [
                        "nextval",
                        "uuid",
                        "newid",
                        "newsequentialid",
                        "sys_guid",
                        "autoincrement",
                    ]
                    .iter()
                    .any(|made| text.contains(made))
                })
        })
    }

    /// Whether its primary key is made by itself.
    pub(super) fn makes_its_key(&self) -> bool {
        self.primary().is_some_and(|key| self.makes(key.column))
    }

    fn is_view(&self) -> bool {
        self.table.kind == TableKind::MaterializedView
    }
}

type Buckets = HashMap<String, Vec<usize>>;

pub(super) struct Index<'a> {
    pub(super) tables: Vec<Entry<'a>>,
    pub(super) types: Types<'a>,
    spaces: HashMap<&'a str, usize>,
    /// The number of tables in each schema.
    sizes: Vec<usize>,
    /// The number of those with a plural for a name.
    plurals: Vec<usize>,
    by_table: HashMap<(&'a str, &'a str), usize>,
    /// By the whole name, and by the name without its prefix.
    named: Buckets,
    /// By the last words of the name.
    tails: Buckets,
    /// By the name of the single primary key.
    keyed: Buckets,
    /// By the first three letters of the name.
    beginnings: Buckets,
}

impl<'a> Index<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut index = Self {
            tables: Vec::with_capacity(schema.tables.len()),
            types: Types::new(schema),
            spaces: HashMap::new(),
            sizes: Vec::new(),
            plurals: Vec::new(),
            by_table: HashMap::new(),
            named: HashMap::new(),
            tails: HashMap::new(),
            keyed: HashMap::new(),
            beginnings: HashMap::new(),
        };
        for table in &schema.tables {
            let count = index.spaces.len();
            let space = *index
                .spaces
                .entry(table.name.schema.as_str())
                .or_insert(count);
            if space == index.sizes.len() {
                index.sizes.push(0);
                index.plurals.push(0);
            }
            let plural = word::is_plural(&table.name.name);
            if let Some(count) = index.plurals.get_mut(space) {
                *count += usize::from(plural);
            }
            let at = index.tables.len();
            index
                .by_table
                .insert((table.name.schema.as_str(), table.name.name.as_str()), at);
            if let Some(size) = index.sizes.get_mut(space) {
                *size += 1;
            }
            let types: Vec<usize> = table
                .columns
                .iter()
                .map(|column| index.types.number(&column.data_type))
                .collect();
            let (keys, composite) = keys(table, &types);
            index.tables.push(Entry {
                table,
                space,
                words: word::words(&table.name.name),
                prefix: 0,
                plural,
                column_prefix: column_prefix(table),
                types,
                keys,
                composite,
            });
        }
        index.find_prefixes();
        index.fill();
        index
    }

    /// A first word that many tables of a schema share, and that is no table itself, belongs to
    /// the product, not to the table.
    fn find_prefixes(&mut self) {
        let mut names: HashMap<(usize, String), ()> = HashMap::new();
        let mut firsts: HashMap<(usize, String), usize> = HashMap::new();
        for entry in &self.tables {
            names.insert((entry.space, entry.words.concat()), ());
            for count in 1..entry.words.len().min(4) {
                let first = entry.words.get(..count).unwrap_or_default().concat();
                *firsts.entry((entry.space, first)).or_default() += 1;
            }
        }
        for entry in &mut self.tables {
            let size = self.sizes.get(entry.space).copied().unwrap_or_default();
            let enough = (size / 20).clamp(4, 200);
            let mut prefix = 0;
            let mut before = None;
            for count in 1..entry.words.len().min(4) {
                let first = entry.words.get(..count).unwrap_or_default().concat();
                let is_kind = count == 1 && TABLE_PREFIXES.contains(&first.as_str());
                let key = (entry.space, first);
                let shared = firsts.get(&key).copied().unwrap_or_default();
                // A further word belongs to it only where it nearly always follows.
                let follows = before.is_none_or(|before| shared * 20 >= before * 19);
                if names.contains_key(&key) || !(is_kind || (shared >= enough && follows)) {
                    break;
                }
                prefix = count;
                before = Some(shared);
            }
            entry.prefix = prefix;
        }
    }

    fn fill(&mut self) {
        for (at, entry) in self.tables.iter().enumerate() {
            let target = matches!(
                entry.table.kind,
                TableKind::Table | TableKind::ForeignTable | TableKind::MaterializedView
            );
            if !target || entry.keys.is_empty() {
                continue;
            }
            let add = |buckets: &mut Buckets, text: String| {
                let bucket = buckets.entry(text).or_default();
                if bucket.last() != Some(&at) {
                    bucket.push(at);
                }
            };
            add(&mut self.named, entry.words.concat());
            if entry.prefix > 0 {
                add(&mut self.named, entry.core().concat());
            }
            if let [front @ .., last] = entry.core()
                && !front.is_empty()
                && TABLE_SUFFIXES.contains(&last.as_str())
            {
                add(&mut self.named, front.concat());
                for from in 1..front.len() {
                    add(
                        &mut self.tails,
                        front.get(from..).unwrap_or_default().concat(),
                    );
                }
            }
            let longest = entry.words.len().min(TAIL_WORDS_MAX);
            for from in entry.prefix + 1..longest {
                let tail = entry.words.get(from..).unwrap_or_default().concat();
                add(&mut self.tails, tail);
            }
            if let Some(name) = entry.primary().and_then(|key| entry.column(key.column)) {
                add(&mut self.keyed, word::words(&name.name).join(" "));
            }
            let start: String = entry.core().concat().chars().take(3).collect();
            add(&mut self.beginnings, start);
        }
        for buckets in [
            &mut self.named,
            &mut self.tails,
            &mut self.keyed,
            &mut self.beginnings,
        ] {
            for bucket in buckets.values_mut() {
                bucket.sort_by_key(|at| (self.tables.get(*at).map(|entry| entry.space), *at));
            }
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Entry<'a>> {
        self.tables.get(at)
    }

    /// The table of that name, exactly.
    pub(super) fn table(&self, schema: &str, name: &str) -> Option<usize> {
        self.by_table.get(&(schema, name)).copied()
    }

    /// Tables whose name is that text, in the schema; elsewhere only where the schema has none.
    pub(super) fn named(&self, text: &str, space: usize) -> Found<'_> {
        self.look(&self.named, text, space)
    }

    /// Tables whose name ends in that text, with words before it.
    pub(super) fn ending(&self, text: &str, space: usize) -> Found<'_> {
        self.look(&self.tails, text, space)
    }

    /// Tables whose single primary key is called by these words.
    pub(super) fn keyed(&self, words: &str, space: usize) -> Found<'_> {
        self.look(&self.keyed, words, space)
    }

    /// Tables whose name begins like that text.
    pub(super) fn beginning(&self, text: &str, space: usize) -> Found<'_> {
        let start: String = text.chars().take(3).collect();
        self.look(&self.beginnings, &start, space)
    }

    fn look<'b>(&'b self, buckets: &'b Buckets, text: &str, space: usize) -> Found<'b> {
        let bucket = buckets.get(text).map(Vec::as_slice).unwrap_or_default();
        let space_of = |at: &usize| self.tables.get(*at).map(|entry| entry.space);
        let from = bucket.partition_point(|at| space_of(at) < Some(space));
        let to = bucket.partition_point(|at| space_of(at) <= Some(space));
        let (tables, near) = match bucket.get(from..to) {
            Some(own) if !own.is_empty() => (own, true),
            _ => (bucket, false),
        };
        if tables.len() > CROWD {
            return Found { tables: &[], near };
        }
        Found { tables, near }
    }

    /// The number of schemas.
    pub(super) fn spaces(&self) -> usize {
        self.sizes.len()
    }

    /// Whether the tables of a schema are mostly called by plurals.
    pub(super) fn mostly_plural(&self, space: usize) -> bool {
        let size = self.sizes.get(space).copied().unwrap_or_default();
        self.plurals.get(space).copied().unwrap_or_default() * 3 > size
    }

    /// The tables after which another is named, by how many of its words: `order` and
    /// `order_line` of `order_line_note`, the longest first.
    pub(super) fn bases(&self, at: usize) -> Vec<Base> {
        let Some(entry) = self.get(at) else {
            return Vec::new();
        };
        let mut text = String::new();
        let mut bases = Vec::new();
        for (place, word) in entry.words.iter().enumerate() {
            text.push_str(word);
            if place < entry.prefix || place + 1 == entry.words.len() {
                continue;
            }
            let found = self.named(&text, entry.space);
            if let [only] = found.tables
                && *only != at
            {
                bases.push(Base {
                    table: *only,
                    words: place + 1,
                });
            }
        }
        bases.reverse();
        bases
    }

    /// What the keys of many tables end in, besides what they end in everywhere.
    pub(super) fn key_endings(&self) -> Vec<String> {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut all = 0;
        for entry in &self.tables {
            let Some(name) = entry.primary().and_then(|key| entry.column(key.column)) else {
                continue;
            };
            all += 1;
            let words = word::words(&name.name);
            if words.len() > 1
                && let Some(last) = words.into_iter().last()
            {
                *counts.entry(last).or_default() += 1;
            }
        }
        let mut endings: Vec<String> = counts
            .into_iter()
            .filter(|(word, count)| {
                *count >= 4
                    && count * 6 >= all
                    && !is_subject(word)
                    && !self.named.contains_key(word)
            })
            .map(|(word, _)| word)
            .collect();
        endings.sort_unstable();
        endings
    }

    /// How a column goes with a key.
    pub(super) fn fit(&self, column: usize, key: usize) -> Option<Fit> {
        self.types.get(column)?.fit(self.types.get(key)?)
    }

    /// Whether a table is a materialised view, which is a target only for want of a table.
    pub(super) fn is_view(&self, at: usize) -> bool {
        self.get(at).is_some_and(Entry::is_view)
    }
}

/// A table after which another is named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base {
    pub(super) table: usize,
    /// How many words of the other's name are its own.
    pub(super) words: usize,
}

/// Tables that answer to a name.
pub(super) struct Found<'a> {
    pub(super) tables: &'a [usize],
    /// Whether they are of the schema in which they were looked for.
    pub(super) near: bool,
}

/// The keys of a table: those of one column, the primary one first, and the others.
fn keys(table: &Table, types: &[usize]) -> (Vec<KeyColumn>, Vec<Vec<usize>>) {
    let place = |name: &str| table.columns.iter().position(|column| column.name == name);
    let mut lists: Vec<(bool, Vec<usize>)> = Vec::new();
    let mut add = |primary: bool, names: &mut dyn Iterator<Item = &str>| {
        let mut places = Vec::new();
        for name in names {
            match place(name) {
                Some(at) => places.push(at),
                None => return,
            }
        }
        if !places.is_empty() && !lists.iter().any(|(_, known)| *known == places) {
            lists.push((primary, places));
        }
    };
    if let Some(key) = &table.primary_key {
        add(true, &mut key.columns.iter().map(String::as_str));
    }
    for key in &table.unique_keys {
        add(false, &mut key.columns.iter().map(String::as_str));
    }
    for index in &table.indexes {
        let whole = index.unique
            && index.predicate.is_none()
            && index.parts.iter().all(|part| part.column.is_some());
        if whole {
            add(
                false,
                &mut index.parts.iter().filter_map(|part| part.column.as_deref()),
            );
        }
    }
    let mut single = Vec::new();
    let mut composite = Vec::new();
    for (primary, places) in lists {
        match places.as_slice() {
            [column] => single.push(KeyColumn {
                column: *column,
                data_type: types.get(*column).copied().unwrap_or(usize::MAX),
                primary,
            }),
            _ if primary => composite.push(places),
            _ => {}
        }
    }
    (single, composite)
}

/// Whether a word at the end of a key says what it is, not that it is one.
fn is_subject(word: &str) -> bool {
    ["name", "type", "date", "time", "title"].contains(&word)
}

/// The first word of at least four in five columns, in tables that have enough of them.
fn column_prefix(table: &Table) -> Option<String> {
    let first = |name: &str| -> Option<String> {
        let (first, _) = name.split_once('_')?;
        (!first.is_empty()).then(|| first.to_lowercase())
    };
    if table.columns.len() < 3 {
        return None;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for column in &table.columns {
        if let Some(word) = first(&column.name) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let (word, count) = counts
        .into_iter()
        .max_by(|one, other| (one.1, &other.0).cmp(&(other.1, &one.0)))?;
    (count * 5 >= table.columns.len() * 4).then_some(word)
}
