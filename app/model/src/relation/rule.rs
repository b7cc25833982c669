//! What names say: the column's, the tables', and those of their keys.

use super::Evidence;
use super::candidate::{Candidate, Claim, Subject};
use super::data_type::Fit;
use super::index::{Found, Index};
use super::lexicon::GENERIC_KEYS;
use super::search::Style;

/// Shorter parts of names than this begin too many of them.
const ABBREVIATION_MIN: usize = 3;

/// All that names say of a column.
pub(super) fn names(index: &Index<'_>, style: Style, subject: &Subject<'_, '_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let marked = subject.name.marker.is_some();
    // Without a mark, a plural counts: `votes`.
    if !marked && subject.name.plural {
        return by_key(index, subject).into_iter().collect();
    }
    let bare_text = !marked
        && index
            .types
            .get(subject.data_type)
            .is_some_and(super::data_type::DataType::is_text);
    found.extend(by_key(index, subject));
    if subject.stem.is_empty() {
        return found;
    }
    // A text is more often called something than it refers to it.
    let doubt = if bare_text { 0.6 } else { 1.0 };
    let level = |with_marker: f32, without: f32| {
        if marked {
            with_marker
        } else {
            without * style.bare() * doubt
        }
    };
    let mut add = |it: Option<Candidate>| {
        // Without a word that says so, only an equal type makes it likely.
        found.extend(it.filter(|it| marked || it.fit >= Fit::Near || it.fit == Fit::Unknown));
    };
    let space = subject.entry.space;
    let text = subject.stem.concat();
    if text.chars().count() < 2 {
        return found;
    }
    // What the own table is named after leaves no doubt which of several tables is meant.
    if let Some(it) = by_base(index, subject, level(0.97, 0.95)).filter(|it| it.fit == Fit::Equal) {
        return vec![it];
    }
    add(index.pick(
        subject,
        &index.named(&text, space),
        Claim::new(level(0.97, 0.95), Evidence::TableName),
    ));
    if let Some(rest) = subject.name.unmarked() {
        add(index.pick(
            subject,
            &index.named(&rest, space),
            Claim::new(0.88, Evidence::TableName),
        ));
    }
    // `release` of `artist_release` is a release, whatever else is called so.
    if index.named(&text, space).tables.is_empty() {
        add(by_owner(index, subject, level(0.9, 0.95)));
    }
    if let [first, second] = subject.stem {
        // `component_type_id` and `type_component`.
        let turned = index.named(&[second.as_str(), first].concat(), space);
        if turned.near {
            add(index.pick(
                subject,
                &turned,
                Claim::new(level(0.9, 0.7), Evidence::TableName),
            ));
        }
    }
    add(index.pick(
        subject,
        &index.ending(&text, space),
        Claim::new(
            level(if subject.stem.len() > 1 { 0.9 } else { 0.84 }, 0.6),
            Evidence::TableNameEnd,
        ),
    ));
    for from in 1..subject.stem.len() {
        let tail = subject.stem.get(from..).unwrap_or_default().concat();
        let role = subject.stem.get(..from).unwrap_or_default().join(" ");
        let claim = Claim::new(level(0.86, 0.72), Evidence::Role)
            .word(role.clone())
            .own();
        let whole = index.pick(subject, &index.named(&tail, space), claim);
        if whole.is_some() {
            add(whole);
            break;
        }
        if tail.chars().count() < 3 {
            continue;
        }
        let claim = Claim::new(level(0.6, 0.4), Evidence::Role).word(role);
        add(index.pick(subject, &index.ending(&tail, space), claim));
    }
    if marked {
        add(by_abbreviation(index, subject));
    }
    found
}

/// `option_id` of `bundle_option_value`, which is named after `bundle_option`.
fn by_base(index: &Index<'_>, subject: &Subject<'_, '_>, confidence: f32) -> Option<Candidate> {
    let base = subject.bases.iter().find(|base| {
        let own = subject.entry.words.get(..base.words).unwrap_or_default();
        own.len() > subject.stem.len() && own.ends_with(subject.stem)
    })?;
    let alone = Found {
        tables: &[base.table],
        near: index
            .get(base.table)
            .is_some_and(|entry| entry.space == subject.entry.space),
    };
    index.pick(
        subject,
        &alone,
        Claim::new(confidence, Evidence::TableNameEnd),
    )
}

/// `type` of `area`, when there is a table `area_type`; `type` of `area_alias` likewise.
fn by_owner(index: &Index<'_>, subject: &Subject<'_, '_>, confidence: f32) -> Option<Candidate> {
    let stem = subject.stem.concat();
    let words = &subject.entry.words;
    for to in (subject.entry.prefix + 1..=words.len()).rev() {
        let starts = [0, subject.entry.prefix];
        let count = if subject.entry.prefix == 0 { 1 } else { 2 };
        for from in starts.iter().take(count) {
            let Some(owner) = words.get(*from..to).filter(|owner| !owner.is_empty()) else {
                continue;
            };
            let text = owner.concat() + &stem;
            let found = index.named(&text, subject.entry.space);
            if !found.near {
                continue;
            }
            let claim = Claim::new(confidence, Evidence::OwnerName).word(owner.join(" "));
            if let Some(it) = index.pick(subject, &found, claim) {
                return Some(it);
            }
        }
    }
    None
}

/// `emp_number`, when one table's key is called so; `supervisor_emp_number` too.
fn by_key(index: &Index<'_>, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let words = &subject.name.words;
    for from in 0..words.len() {
        let tail = words.get(from..).unwrap_or_default();
        let text = tail.join(" ");
        if GENERIC_KEYS.contains(&text.as_str()) || (from > 0 && tail.len() < 2) {
            continue;
        }
        let found = index.keyed(&text, subject.entry.space);
        if found.tables.is_empty() {
            continue;
        }
        let Some(owner) = key_owner(index, &found, tail) else {
            continue;
        };
        let alone = Found {
            tables: &[owner],
            near: found.near,
        };
        let relation = key_relation(index, owner, tail);
        let (confidence, role) = if from == 0 {
            (0.93 * relation, String::new())
        } else {
            (
                0.84 * relation,
                words.get(..from).unwrap_or_default().join(" "),
            )
        };
        let mut claim = Claim::new(confidence, Evidence::KeyName).word(role);
        if from > 0 {
            claim = claim.own();
        }
        return index.pick(subject, &alone, claim);
    }
    None
}

/// How much a table's key is called after it: `emp_number` after `employee`, `rc_id` after
/// `recent_changes`. A key called after something else may well refer itself.
fn key_relation(index: &Index<'_>, table: usize, words: &[String]) -> f32 {
    let Some(entry) = index.get(table) else {
        return 0.0;
    };
    let stem = super::naming::ColumnName::of(&words.join("_"))
        .stem
        .concat();
    let core = entry.core();
    let begins =
        core.iter().any(|word| word.starts_with(&stem)) || core.concat().starts_with(&stem);
    if begins || core.concat().ends_with(&stem) {
        return 1.0;
    }
    let first = words.first().map(String::as_str).unwrap_or_default();
    let shortens = |text: &str| {
        let mut letters = text.chars();
        first.chars().next() == text.chars().next()
            && first.chars().all(|letter| letters.any(|it| it == letter))
    };
    if core.iter().any(|word| shortens(word)) || shortens(&core.concat()) {
        return 0.95;
    }
    if entry.makes_its_key() { 0.9 } else { 0.64 }
}

/// The table that a key's name belongs to, where several call theirs so: the one after which it is
/// named, or the only one that makes its values.
fn key_owner(index: &Index<'_>, found: &Found<'_>, words: &[String]) -> Option<usize> {
    let name = super::naming::ColumnName::of(&words.join("_"));
    let stem = name.stem.concat();
    let entries = || {
        found
            .tables
            .iter()
            .filter_map(|at| Some((*at, index.get(*at)?)))
    };
    let first = entries().next()?.1;
    // A key that is called after a table is that table's, or refers to it itself.
    let named = index.named(&stem, first.space);
    if !stem.is_empty() && named.near {
        return found
            .tables
            .iter()
            .find(|at| named.tables.contains(at))
            .copied();
    }
    if let [only] = found.tables {
        return Some(*only);
    }
    let alone = |matches: &dyn Fn(usize, &super::index::Entry<'_>) -> bool| {
        let mut matching = entries().filter(|(at, entry)| matches(*at, entry));
        let one = matching.next()?.0;
        matching.next().is_none().then_some(one)
    };
    alone(&|_, entry| entry.core().concat() == stem)
        .or_else(|| alone(&|_, entry| entry.core().concat().ends_with(&stem)))
        .or_else(|| {
            alone(&|_, entry| entry.core().len() == 1 && entry.core().concat().starts_with(&stem))
        })
        .or_else(|| alone(&|_, entry| entry.makes_its_key()))
}

/// `lang_id`, when `language` alone begins so.
fn by_abbreviation(index: &Index<'_>, subject: &Subject<'_, '_>) -> Option<Candidate> {
    let text = subject.stem.concat();
    if text.chars().count() < ABBREVIATION_MIN {
        return None;
    }
    let space = subject.entry.space;
    let found = index.beginning(&text, space);
    if !found.near {
        return None;
    }
    let fitting: Vec<usize> = found
        .tables
        .iter()
        .copied()
        .filter(|at| {
            *at != subject.at
                && index.get(*at).is_some_and(|entry| {
                    entry.core().len() <= subject.stem.len()
                        && entry.core().concat().starts_with(&text)
                })
        })
        .collect();
    let [_] = fitting.as_slice() else { return None };
    let alone = Found {
        tables: &fitting,
        near: true,
    };
    index.pick(subject, &alone, Claim::new(0.66, Evidence::Abbreviation))
}
