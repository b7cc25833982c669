//! Mistyped words: one letter too many, too few, another one, or two that changed places.

use super::narrowing::Narrowing;
use super::terms::Terms;
use crate::error::StoreError;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Shorter words become other words by one letter; longer ones are no words.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=20;
/// So many of the words are corrected.
const WORDS_MAX: usize = 3;
/// What is tried in the place of a letter, besides the letters of the word itself.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";

/// The words with those that the catalog does not have replaced by the nearest that it has, in
/// at most two statements for each; none where there is no such word.
pub(super) async fn corrected(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    terms: &Terms,
) -> Result<Option<Vec<String>>, StoreError> {
    let mut words = terms.lexemes.clone();
    let mut any = false;
    let candidates = words
        .iter_mut()
        .filter(|word| LETTERS.contains(&word.chars().count()));
    for word in candidates.take(WORDS_MAX) {
        if let Some(correction) = correction(connection, narrowing, word).await? {
            *word = correction;
            any = true;
        }
    }
    Ok(any.then_some(words))
}

/// The word nearest to one that nothing holds.
async fn correction(
    connection: &mut PgConnection,
    narrowing: &Narrowing,
    word: &str,
) -> Result<Option<String>, StoreError> {
    // First of all the hundreds of edits those that anything in the catalog holds: each by a
    // probe of the index. Asked together, in one text of hundreds of alternatives, the index
    // would try them all on each of the thousands of rows that hold the right word.
    let held = sqlx::query_scalar!(
        r#"select edit as "edit!"
        from unnest($1::text[]) as edit
        where exists (
                select 1 from columns c
                where c.search_words @@ to_tsquery('simple', quote_literal(edit)))
            or exists (
                select 1 from tables t
                where t.search_words @@ to_tsquery('simple', quote_literal(edit)))"#,
        &edits(word)
    )
    .fetch_all(&mut *connection)
    .await?;
    if held.is_empty() {
        return Ok(None);
    }
    // Letters and digits only, so quotes need no escaping.
    let near: Vec<String> = held.iter().map(|edit| format!("'{edit}'")).collect();
    // Who asks may see less than everything, and gets only words from there. From within a
    // sub-select the planner does not see what is asked: it would take the alternatives for
    // nearly every row. The limits are so high that it asks the index.
    Ok(sqlx::query_scalar!(
        r#"select case when 0 < (
                select count(*) from (
                    select 1
                    from searchable_columns($1, $2, $3, $4, null, false, false) c
                    where c.search_words @@ (select to_tsquery('simple', $5))
                    limit 1000) as known)
            or 0 < (
                select count(*) from (
                    select 1
                    from searchable_tables($1, $2, $3, $4, null, false, false) t
                    where t.search_words @@ (select to_tsquery('simple', $5))
                    limit 1000) as known)
            then null
            else (
                select word
                from (
                        (select t.search_words
                        from searchable_tables($1, $2, $3, $4, null, false, false) t
                        where t.search_words @@ (select to_tsquery('simple', $6))
                        limit 400)
                        union all
                        (select c.search_words
                        from searchable_columns($1, $2, $3, $4, null, false, false) c
                        where c.search_words @@ (select to_tsquery('simple', $6))
                        limit 400)
                    ) as near,
                    unnest(tsvector_to_array(near.search_words)) as word
                where word = any($7)
                group by word
                order by count(*) desc, word
                limit 1
            )
            end as correction"#,
        narrowing.databases.as_deref() as Option<&[String]>,
        narrowing.schemas.as_deref() as Option<&[String]>,
        narrowing.tags.as_deref() as Option<&[String]>,
        narrowing.owners.as_deref() as Option<&[i64]>,
        format!("'{word}':*"),
        near.join(" | "),
        &held
    )
    .fetch_one(connection)
    .await?)
}

/// Every text that is one slip away from the word.
fn edits(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let alphabet: BTreeSet<char> = ALPHABET.chars().chain(letters.iter().copied()).collect();
    let mut edits = BTreeSet::new();
    for place in 0..=letters.len() {
        let (before, after) = letters.split_at(place);
        let mut add = |middle: &[char], after: &[char]| {
            edits.insert(before.iter().chain(middle).chain(after).collect::<String>());
        };
        for letter in &alphabet {
            add(&[*letter], after);
        }
        if let [first, rest @ ..] = after {
            add(&[], rest);
            for letter in &alphabet {
                add(&[*letter], rest);
            }
            if let [second, rest @ ..] = rest {
                add(&[*second, *first], rest);
            }
        }
    }
    edits.remove(word);
    edits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_undone() {
        let edits = edits("emial");
        for (text, near) in [
            ("email", true),
            ("emal", true),
            ("emnial", true),
            ("emual", true),
            ("emial", false),
            ("emails", false),
        ] {
            assert_eq!(edits.contains(&text.to_owned()), near, "{text}");
        }
        assert!(edits.len() < 400, "{}", edits.len());
        assert!(super::edits("größse").contains(&"größe".to_owned()));
    }
}
