//! Why, in words.

use super::candidate::Candidate;
use super::composite::Match;
use super::index::Entry;
use super::polymorphic::Pair;
use super::{End, Evidence, Proposal, Target};
use crate::schema::Column;

/// The sentence about a proposal to a key of one column.
pub(super) fn sentence(
    from: &Entry<'_>,
    column: &Column,
    to: &Entry<'_>,
    key: &Column,
    why: &Candidate,
) -> String {
    let (name, table) = (&column.name, &to.table.name.name);
    let fit = why.fit.words();
    let word = &why.word;
    let key = &key.name;
    let mut text = match why.evidence {
        Evidence::TableName => format!("Column {name} is named after table {table} and {fit}."),
        Evidence::TableNameEnd => {
            format!("Column {name} is named after the end of table {table} and {fit}.")
        }
        Evidence::Role => {
            format!("Column {name} is named after table {table}, in the role “{word}”, and {fit}.")
        }
        Evidence::OwnerName => format!(
            "Column {name} together with “{word}”, from the name of its own table, is named after table {table}, and {fit}."
        ),
        Evidence::KeyName if word.is_empty() => {
            format!("Column {name} is called as the key {key} of table {table} is, and {fit}.")
        }
        Evidence::KeyName => format!(
            "Column {name} ends like the key {key} of table {table}, in the role “{word}”, and {fit}."
        ),
        Evidence::Abbreviation => {
            format!("Column {name} shortens the name of table {table} and {fit}.")
        }
        Evidence::SelfReference => {
            format!("Column {name} says that it leads to another row of {table}, and {fit}.")
        }
        Evidence::Person => {
            format!(
                "Column {name} says who it was; table {table} holds people, and the column {fit}."
            )
        }
        Evidence::LinkTable => format!(
            "Table {} is named after the two tables that it joins, of which {table} is one, and column {name} {fit}.",
            from.table.name.name
        ),
        Evidence::Extension => format!(
            "Table {} is named after table {table} and makes no {name} of its own; it {fit}.",
            from.table.name.name
        ),
        Evidence::Habit if word == "1" => {
            format!("Another column called {name} refers to table {table}, and this one {fit}.")
        }
        Evidence::Habit => {
            format!(
                "{word} other columns called {name} refer to table {table}, and this one {fit}."
            )
        }
        Evidence::CompositeKey | Evidence::PolymorphicPair => String::new(),
        Evidence::Comment => format!("Its comment names table {table}, and the column {fit}."),
        Evidence::Join => format!("Queries join {name} with {key} of table {table}, {word} times."),
    };
    if why.rivals == 1 {
        text.push_str(" One other table would fit as well.");
    } else if why.rivals > 1 {
        text.push_str(&format!(" {} other tables would fit as well.", why.rivals));
    }
    text
}

/// The proposal of a key of several columns.
pub(super) fn composite(from: &Entry<'_>, to: &Entry<'_>, found: &Match) -> Option<Proposal> {
    let names = |entry: &Entry<'_>, places: &[usize]| -> Option<Vec<String>> {
        places
            .iter()
            .map(|place| Some(entry.column(*place)?.name.clone()))
            .collect()
    };
    let columns = names(from, &found.columns)?;
    let reason = format!(
        "Table {} has all columns of the key of table {}, {}, with types that go together.",
        from.table.name.name,
        to.table.name.name,
        columns.join(" and ")
    );
    let mut sorted = found.columns.clone();
    sorted.sort_unstable();
    Some(Proposal {
        one_to_one: from.composite.iter().any(|own| {
            let mut own = own.clone();
            own.sort_unstable();
            own == sorted
        }),
        optional: found
            .columns
            .iter()
            .any(|place| from.column(*place).is_some_and(|column| column.nullable)),
        from: End::new(from.table.name.clone(), columns),
        to: Target::Key(End::new(to.table.name.clone(), names(to, &found.key)?)),
        confidence: found.confidence,
        evidence: Evidence::CompositeKey,
        reason,
    })
}

/// The proposal of a pair of which one column names the table.
pub(super) fn pair(from: &Entry<'_>, pair: &Pair, confidence: f32) -> Option<Proposal> {
    let (row, kind) = (from.column(pair.row)?, from.column(pair.kind)?);
    let known = match pair.among.len() {
        0 => "no values are known that tell which".to_owned(),
        1 => "one table is known to be meant".to_owned(),
        count => format!("{count} tables are known to be meant"),
    };
    Some(Proposal {
        from: End::new(from.table.name.clone(), vec![row.name.clone()]),
        to: Target::Polymorphic {
            type_column: kind.name.clone(),
            among: pair.among.clone(),
        },
        confidence,
        evidence: Evidence::PolymorphicPair,
        reason: format!(
            "Column {} names the row and column {} the table; {known}.",
            row.name, kind.name
        ),
        one_to_one: false,
        optional: row.nullable,
    })
}
