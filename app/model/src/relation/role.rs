//! What the place of a column says: rows of the same table, people, tables that join two others
//! or add to one.

use super::Evidence;
use super::candidate::{Candidate, Claim, Subject};
use super::data_type::Fit;
use super::index::{Base, Entry, Found, Index};
use super::lexicon::{AGENTS, GENERIC_ROLES, LINK_WORDS, PARTICIPLE_END, SELF, SELF_ROLES};
use super::naming::ColumnName;
use super::search::Facts;

/// All that the place of a column says.
pub(super) fn places(
    index: &Index<'_>,
    facts: &Facts,
    link: Option<&Link>,
    subject: &Subject<'_, '_>,
) -> Vec<Candidate> {
    [
        own_table(index, subject),
        person(index, facts, subject),
        linked(index, link, subject),
        extended(index, facts, subject),
        base(index, facts, subject),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn one(index: &Index<'_>, subject: &Subject<'_, '_>, at: usize, claim: Claim) -> Option<Candidate> {
    let near = index
        .get(at)
        .is_some_and(|it| it.space == subject.entry.space);
    index.pick(
        subject,
        &Found {
            tables: &[at],
            near,
        },
        claim,
    )
}

/// `parent_id`.
fn own_table(index: &Index<'_>, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let own = |word: &str| subject.entry.core().iter().any(|it| it == word);
    // `post_parent` of `posts`
    let named = subject.stem.iter().take_while(|word| own(word)).count();
    let stem = subject.stem.get(named..).unwrap_or_default();
    let text = stem.join(" ");
    let first = stem.first()?;
    let role = SELF_ROLES.contains(&first.as_str()) && stem.iter().skip(1).all(|it| own(it));
    let confidence = if role || SELF.contains(&text.as_str()) {
        0.88
    } else if stem.len() > 1
        && subject.name.marker.is_some()
        && (text.ends_with(" of") || text.ends_with(" to"))
    {
        // `reblog_of_id`, `in_reply_to_id`
        0.8
    } else {
        return None;
    };
    let claim = Claim::new(confidence, Evidence::SelfReference)
        .word(text)
        .own();
    let it = one(index, subject, subject.at, claim)?;
    let marked = subject.name.marker.is_some();
    (it.column != subject.column && (marked || it.fit == Fit::Equal)).then_some(it)
}

/// `created_by`, `owner_id`.
fn person(index: &Index<'_>, facts: &Facts, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let text = subject.stem.join(" ");
    let last = subject.stem.last()?;
    let people = facts.people(subject.entry.space)?;
    let done = subject.stem.len() > 1 && last == PARTICIPLE_END;
    let agent = AGENTS.contains(&text.as_str()) || AGENTS.contains(&last.as_str());
    let confidence = match (done, agent, subject.name.marker.is_some()) {
        (true, ..) => 0.84,
        (_, true, true) => 0.76,
        (_, true, false) => 0.74,
        _ => return None,
    };
    // A name in place of a key is the more likely where the column is a text.
    let text_type = index
        .types
        .get(subject.data_type)
        .is_some_and(super::data_type::DataType::is_text);
    let confidence = if text_type {
        confidence * 0.75
    } else {
        confidence
    };
    let claim = Claim::new(confidence * people.certainty, Evidence::Person)
        .word(text)
        .own();
    one(index, subject, people.table, claim).filter(|it| it.fit >= Fit::Near)
}

/// `entity0` and `entity1` of a table that is named after two others.
fn linked(index: &Index<'_>, link: Option<&Link>, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let link = link?;
    let side = if link.columns.0 == subject.column {
        link.tables.0
    } else if link.columns.1 == subject.column {
        link.tables.1
    } else {
        return None;
    };
    let claim = Claim::new(0.88, Evidence::LinkTable).own();
    one(index, subject, side, claim)
}

/// A table that joins two others, after which it is named.
pub(super) struct Link {
    columns: (usize, usize),
    tables: (usize, usize),
}

impl Link {
    /// Reads the name of a table that has two columns of one name, numbered.
    pub(super) fn of<'n>(
        index: &Index<'_>,
        entry: &Entry<'_>,
        name: impl Fn(usize) -> Option<&'n ColumnName>,
    ) -> Option<Self> {
        let mut numbered = (0..entry.table.columns.len())
            .filter_map(|at| {
                let name = name(at)?;
                Some((at, name.ordinal?, name.stem.as_slice()))
            })
            .take(3);
        let (first, second) = (numbered.next()?, numbered.next()?);
        if numbered.next().is_some()
            || second.1 != first.1 + 1
            || first.1 > 1
            || first.2 != second.2
        {
            return None;
        }
        let words = &entry.words;
        let is_link =
            |word: Option<&String>| word.is_some_and(|word| LINK_WORDS.contains(&word.as_str()));
        let from = usize::from(is_link(words.first()));
        let to = words.len() - usize::from(is_link(words.last()) && words.len() > from + 2);
        let body = words.get(from..to)?;
        let mut tables = None;
        for middle in 1..body.len() {
            let (left, right) = body.split_at(middle);
            let left = index.named(&left.concat(), entry.space);
            let right = index.named(&right.concat(), entry.space);
            let ([left], [right], true, true) = (left.tables, right.tables, left.near, right.near)
            else {
                continue;
            };
            // Two ways to read the name are none.
            if tables.is_some() {
                return None;
            }
            tables = Some((*left, *right));
        }
        Some(Self {
            columns: (first.0, second.0),
            tables: tables?,
        })
    }
}

/// `id` of `artist_meta`, whose values another table makes.
fn extended(index: &Index<'_>, facts: &Facts, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let name = &subject.entry.column(subject.column)?.name;
    let key_alone = subject
        .entry
        .primary()
        .is_some_and(|key| key.column == subject.column);
    let in_key = subject
        .entry
        .composite
        .iter()
        .any(|places| places.contains(&subject.column));
    if subject.entry.makes(subject.column) || !facts.makes_keys() {
        return None;
    }
    if !(subject.stem.is_empty() && subject.name.words.len() == 1) {
        return None;
    }
    let (base, rest) = base_of(subject)?;
    let key = index.get(base)?.primary()?.column;
    if index.get(base)?.column(key)?.name != *name || !index.get(base)?.makes(key) {
        return None;
    }
    let family = facts.family(&rest, name);
    let confidence = match (key_alone, in_key) {
        (true, _) if family > 2 => 0.86,
        (true, _) => 0.72,
        (_, true) => 0.5,
        _ if family > 2 => 0.7,
        _ => 0.6,
    };
    let claim = Claim::new(confidence, Evidence::Extension).word(rest);
    one(index, subject, base, claim).filter(|it| it.fit == Fit::Equal)
}

/// `new_id` of `artist_redirect`, which leads to an artist where the table itself has no key for it.
fn base(index: &Index<'_>, facts: &Facts, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let [only] = subject.stem else { return None };
    if !GENERIC_ROLES.contains(&only.as_str()) {
        return None;
    }
    let own_key = subject.entry.primary();
    if own_key.is_some_and(|key| index.fit(subject.data_type, key.data_type).is_some()) {
        return None;
    }
    let (base, rest) = base_of(subject)?;
    let name = &subject.entry.column(subject.column)?.name;
    let confidence = if facts.family(&rest, name) > 2 {
        0.84
    } else {
        0.7
    };
    let claim = Claim::new(confidence, Evidence::Extension).word(rest);
    one(index, subject, base, claim).filter(|it| it.fit == Fit::Equal)
}

/// The longest table after which the subject's is named, and the words that follow.
fn base_of(subject: &Subject<'_, '_>) -> Option<(usize, String)> {
    let base = subject.bases.first()?;
    Some((base.table, rest_of(&subject.entry.words, base)))
}

/// The words that a table adds to the name of another.
pub(super) fn rest_of(words: &[String], base: &Base) -> String {
    words.get(base.words..).unwrap_or_default().join("_")
}
