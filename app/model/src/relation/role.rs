//! What the place of a column says: rows of the same table, people, tables that join two others
//! or add to one.

use super::Evidence;
use super::candidate::{Candidate, Claim, Subject};
use super::data_type::Fit;
use super::index::{Found, Index};
use super::lexicon::{AGENTS, GENERIC_ROLES, LINK_WORDS, PARTICIPLE_END, SELF, SELF_ROLES};
use super::search::Facts;

/// All that the place of a column says.
pub(super) fn places(
    index: &Index<'_>,
    facts: &Facts,
    subject: &Subject<'_, '_>,
) -> Vec<Candidate> {
    [
        own_table(index, subject),
        person(index, facts, subject),
        linked(index, subject),
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
    let text = subject.stem.join(" ");
    let first = subject.stem.first()?;
    let own = |word: &str| subject.entry.core().iter().any(|it| it == word);
    let confidence = if SELF.contains(&text.as_str()) {
        0.88
    } else if SELF_ROLES.contains(&first.as_str()) && subject.stem.iter().skip(1).all(|it| own(it))
    {
        0.88
    } else if subject.stem.len() > 1
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
    let claim = Claim::new(confidence * people.certainty, Evidence::Person)
        .word(text)
        .own();
    one(index, subject, people.table, claim).filter(|it| it.fit >= Fit::Near)
}

/// `entity0` and `entity1` of a table that is named after two others.
fn linked(index: &Index<'_>, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let ordinal = subject.name.ordinal?;
    let mut ordinals: Vec<u32> = Vec::new();
    let prefix = subject.stem.concat();
    for column in &subject.entry.table.columns {
        let name = super::naming::ColumnName::of(&column.name);
        if name.stem_text() == prefix
            && let Some(ordinal) = name.ordinal
        {
            ordinals.push(ordinal);
        }
    }
    ordinals.sort_unstable();
    ordinals.dedup();
    let [low, high] = ordinals.as_slice() else {
        return None;
    };
    if *high != *low + 1 || *low > 1 {
        return None;
    }
    let words = &subject.entry.words;
    let is_link =
        |word: Option<&String>| word.is_some_and(|word| LINK_WORDS.contains(&word.as_str()));
    let from = usize::from(is_link(words.first()));
    let to = words.len() - usize::from(is_link(words.last()) && words.len() > 2);
    let body = words.get(from..to)?;
    let space = subject.entry.space;
    let mut found: Option<Candidate> = None;
    for middle in 1..body.len() {
        let (left, right) = body.split_at(middle);
        let (left, right) = (left.concat(), right.concat());
        let (left, right) = (index.named(&left, space), index.named(&right, space));
        if !(left.near && right.near) {
            continue;
        }
        let side = if ordinal == *low { left } else { right };
        let claim = Claim::new(0.88, Evidence::LinkTable).own();
        let Some(it) = index.pick(subject, &side, claim) else {
            continue;
        };
        // Two ways to read the name are none.
        if found.as_ref().is_some_and(|known| known.table != it.table) {
            return None;
        }
        found = Some(it);
    }
    found
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
    let (base, rest) = base_of(index, subject)?;
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
    let (base, rest) = base_of(index, subject)?;
    let name = &subject.entry.column(subject.column)?.name;
    let confidence = if facts.family(&rest, name) > 2 {
        0.84
    } else {
        0.7
    };
    let claim = Claim::new(confidence, Evidence::Extension).word(rest);
    one(index, subject, base, claim).filter(|it| it.fit == Fit::Equal)
}

/// The table whose name is the beginning of this one's, the longest one, and what follows.
pub(super) fn base_of(index: &Index<'_>, subject: &Subject<'_, '_>) -> Option<(usize, String)> {
    let words = &subject.entry.words;
    for to in (subject.entry.prefix + 1..words.len()).rev() {
        let (front, rest) = words.split_at(to);
        let found = index.named(&front.concat(), subject.entry.space);
        if let [only] = found.tables
            && *only != subject.at
        {
            return Some((*only, rest.join("_")));
        }
    }
    None
}
