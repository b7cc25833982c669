//! The filters of a search, in the terms of SQL.

use crate::error::StoreError;
use crate::pattern::{containing, escaped};
use model::search::{FilterKey, SearchQuery};
use sqlx::PgConnection;

/// Of the people that a filter names so many count.
const OWNERS_MAX: i64 = 200;
/// Of the databases that a filter names so many count.
const DATABASES_MAX: i64 = 1_000;

/// Stands among the databases for none: datasets.
const NO_DATABASE: &str = "";

/// What may be found. None in a list means that it does not narrow.
#[derive(Debug, Default)]
pub(super) struct Narrowing {
    /// Databases by id, and [`NO_DATABASE`] where datasets are wanted too.
    pub(super) databases: Option<Vec<String>>,
    pub(super) schemas: Option<Vec<String>>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) owners: Option<Vec<i64>>,
    /// Kinds of tables.
    pub(super) kinds: Option<Vec<String>>,
    /// Types of columns, as patterns.
    pub(super) type_patterns: Option<Vec<String>>,
    /// The same for the index of words, which finds a few more.
    pub(super) type_words: Option<String>,
    pub(super) noted: bool,
    pub(super) undocumented: bool,
    /// Whether databases themselves are wanted.
    pub(super) wants_databases: bool,
    /// Whether tables are wanted.
    pub(super) wants_tables: bool,
    /// Whether columns are wanted.
    pub(super) wants_columns: bool,
    /// Whether a column must have the tag itself: without words a list of every column of the
    /// tables that have it helps nobody.
    pub(super) own_tags: bool,
}

impl Narrowing {
    /// Reads the filters: one statement for the databases that are named, one for the owners,
    /// where there are such filters.
    pub(super) async fn read(
        connection: &mut PgConnection,
        query: &SearchQuery,
        visible: Option<&[String]>,
    ) -> Result<Self, StoreError> {
        let mut narrowing = Self::of_types(query);
        narrowing.schemas = lower_values(query, FilterKey::Schema);
        narrowing.tags = lower_values(query, FilterKey::Tag);
        narrowing.databases = match lower_values(query, FilterKey::Database) {
            Some(names) => Some(databases_named(connection, &names, visible).await?),
            None => visible.map(|ids| {
                let ids = ids.iter().cloned();
                ids.chain([NO_DATABASE.to_owned()]).collect()
            }),
        };
        if let Some(names) = lower_values(query, FilterKey::Owner) {
            narrowing.owners = Some(owners_named(connection, &names).await?);
        }
        Ok(narrowing)
    }

    fn of_types(query: &SearchQuery) -> Self {
        let set = |key| query.values(key).next().is_some();
        let noted = set(FilterKey::Has);
        let undocumented = set(FilterKey::Is);
        let about_tables =
            noted || undocumented || [FilterKey::Schema, FilterKey::Owner].into_iter().any(set);
        let types = query.types();
        let by_type = types.as_ref();
        // Without words a list of every column of a schema helps nobody.
        let columns_speak = !query.words.is_empty() || noted || undocumented;
        let tagged = set(FilterKey::Tag);
        Self {
            noted,
            undocumented,
            wants_databases: !about_tables && by_type.is_none_or(|types| types.databases),
            wants_tables: by_type.is_none_or(|types| !types.kinds.is_empty()),
            wants_columns: by_type.map_or(columns_speak || tagged, |types| {
                types.columns || !types.types.is_empty()
            }),
            own_tags: tagged && by_type.is_none() && !columns_speak,
            kinds: by_type.map(|types| types.kinds.iter().map(|kind| (*kind).to_owned()).collect()),
            type_patterns: by_type
                .filter(|types| !types.columns)
                .map(|types| types.types.iter().flat_map(|one| patterns(one)).collect()),
            type_words: by_type
                .filter(|types| !types.columns)
                .and_then(|types| type_words(&types.types)),
            ..Self::default()
        }
    }
}

/// A type, whatever stands in its brackets, and in whatever schema it is.
fn patterns(data_type: &str) -> [String; 5] {
    let data_type = escaped(data_type);
    [
        data_type.clone(),
        format!("{data_type}(%"),
        format!("{data_type} %"),
        format!("{data_type}[%"),
        format!("%.{data_type}"),
    ]
}

/// Types as a tsquery; none where one of them is nothing but punctuation.
fn type_words(types: &[String]) -> Option<String> {
    let alternatives: Option<Vec<String>> = types
        .iter()
        .map(|data_type| {
            let lexemes: Vec<String> = data_type
                .split(|one: char| !one.is_alphanumeric())
                .filter(|lexeme| !lexeme.is_empty())
                .map(|lexeme| format!("'{lexeme}'"))
                .collect();
            (!lexemes.is_empty()).then(|| format!("({})", lexemes.join(" & ")))
        })
        .collect();
    alternatives
        .filter(|alternatives| !alternatives.is_empty())
        .map(|alternatives| alternatives.join(" | "))
}

fn lower_values(query: &SearchQuery, key: FilterKey) -> Option<Vec<String>> {
    let values: Vec<String> = query.values(key).map(str::to_lowercase).collect();
    (!values.is_empty()).then_some(values)
}

/// Databases by id or name: those that are called so, else those that contain it.
async fn databases_named(
    connection: &mut PgConnection,
    names: &[String],
    visible: Option<&[String]>,
) -> Result<Vec<String>, StoreError> {
    let patterns: Vec<String> = names.iter().map(|name| containing(name)).collect();
    let rows = sqlx::query!(
        r#"select id, lower(name) as "name!" from databases
        where ($1::text[] is null or id = any($1))
            and (id = any($2) or lower(name) like any($3))
        order by lower(name) = any($2) desc, name, id
        limit $4"#,
        visible,
        names,
        &patterns,
        DATABASES_MAX
    )
    .fetch_all(connection)
    .await?;
    let mut ids = Vec::new();
    for name in names {
        let called: Vec<&String> = rows
            .iter()
            .filter(|row| row.name == *name || row.id == *name)
            .map(|row| &row.id)
            .collect();
        if called.is_empty() {
            let holding = rows.iter().filter(|row| row.name.contains(name.as_str()));
            ids.extend(holding.map(|row| row.id.clone()));
        } else {
            ids.extend(called.into_iter().cloned());
        }
    }
    Ok(ids)
}

/// People by the beginning of their username or email, or any part of their name.
async fn owners_named(
    connection: &mut PgConnection,
    names: &[String],
) -> Result<Vec<i64>, StoreError> {
    let beginnings: Vec<String> = names
        .iter()
        .map(|name| format!("{}%", escaped(name)))
        .collect();
    let parts: Vec<String> = names.iter().map(|name| containing(name)).collect();
    Ok(sqlx::query_scalar!(
        "select id from users
        where lower(username) like any($1) or lower(email) like any($1)
            or lower(full_name) like any($2)
        order by id
        limit $3",
        &beginnings,
        &parts,
        OWNERS_MAX
    )
    .fetch_all(connection)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Narrowing {
        Narrowing::of_types(&text.parse().unwrap_or_default())
    }

    #[test]
    fn what_is_wanted_follows_from_the_filters() {
        let wants = |text: &str| {
            let narrowing = of(text);
            (
                narrowing.wants_databases,
                narrowing.wants_tables,
                narrowing.wants_columns,
            )
        };
        assert_eq!(wants("x"), (true, true, true));
        assert_eq!(wants("db:shop"), (true, true, false));
        assert_eq!(wants("schema:sales"), (false, true, false));
        assert_eq!(wants("schema:sales x"), (false, true, true));
        assert_eq!(wants("tag:pii"), (true, true, true));
        assert!(of("tag:pii").own_tags && !of("tag:pii x").own_tags);
        assert_eq!(wants("is:undocumented"), (false, true, true));
        assert_eq!(wants("type:view"), (false, true, false));
        assert_eq!(wants("type:uuid"), (false, false, true));
        assert_eq!(wants("type:database"), (true, false, false));
        assert_eq!(wants("type:column type:table"), (false, true, true));
    }

    #[test]
    fn a_type_is_found_with_and_without_its_brackets() {
        let narrowing = of("type:varchar");
        let patterns = narrowing.type_patterns.unwrap();
        assert!(patterns.contains(&"character varying(%".to_owned()));
        assert!(
            narrowing
                .type_words
                .unwrap()
                .contains("('character' & 'varying')")
        );
        assert_eq!(of("type:%").type_words, None);
        assert_eq!(of("type:%").type_patterns.unwrap()[0], r"\%");
        assert_eq!(of("type:column type:uuid").type_patterns, None);
    }
}
