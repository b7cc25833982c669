//! Why, in words.

use super::Evidence;
use super::candidate::Candidate;
use super::index::Entry;
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
        Evidence::Habit => format!(
            "Columns called {name} refer to table {table} elsewhere in this schema, and this one {fit}."
        ),
        Evidence::CompositeKey | Evidence::PolymorphicPair => String::new(),
        Evidence::Comment => format!("Its comment names table {table}, and the column {fit}."),
        Evidence::Join => format!("Queries join {name} with {key} of table {table}: {word}."),
    };
    if why.rivals == 1 {
        text.push_str(" One other table would fit as well.");
    } else if why.rivals > 1 {
        text.push_str(&format!(" {} other tables would fit as well.", why.rivals));
    }
    text
}
