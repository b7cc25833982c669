//! Searching the catalog: databases, tables and columns by their names, what is written about
//! them and what they are.
//!
//! Names that are the words or begin with them come from B-trees. Only where these leave room,
//! trigrams are asked for names that contain the words, and indexes of words for texts that hold
//! a beginning of each; last, for names that resemble them. Each question is bounded and answers
//! with ids; one more tells what is known about these.

mod candidates;
mod correction;
mod excerpt;
mod found;
mod narrowing;
mod rows;
mod terms;

use crate::access::Scope;
use crate::error::StoreError;
use crate::store::Store;
use candidates::Candidate;
use found::Thing;
use model::search::{SearchFacet, SearchFind, SearchQuery};
use narrowing::Narrowing;
use sqlx::PgConnection;
use std::collections::HashSet;
use terms::Terms;

/// Whatever is asked for, so many of each kind are put in order at the most.
const CANDIDATES_MAX: usize = 200;
/// To rank well, more are put in order than are shown.
const CANDIDATES_PER_HIT: usize = 3;
/// How much of a name must be as it was typed to resemble it: the lower, the more is compared, so
/// what resembles little is looked for where nothing resembles much.
const LIKENESS: [f32; 2] = [0.55, 0.35];

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFound {
    /// The best first.
    pub finds: Vec<SearchFind>,
    /// Whether more would fit than were put in order.
    pub more: bool,
    /// Whether nothing fits and these only resemble the words.
    pub similar: bool,
    /// The words that were searched for instead, where nothing fits those typed.
    pub corrected: Option<String>,
    /// Filters that would narrow it.
    pub facets: Vec<SearchFacet>,
}

impl Store {
    /// Databases, tables and columns that fit the search, the best first: those whose name is the
    /// words, begins with them, has a word that begins with them, contains them; those where names
    /// and texts together hold a beginning of each word; where nothing does, those whose name
    /// resembles them. Of equals those that more references lead to come first. `a.b` finds also
    /// the table b of the schema a and the column b of the table a. Without words the filters
    /// alone say what is found. Partitions are folded, so they are not found; what is gone is not.
    ///
    /// Only what `scope` may see is searched. A fixed number of statements.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(
        &self,
        query: &SearchQuery,
        scope: Scope,
        limit: u32,
    ) -> Result<SearchFound, StoreError> {
        if query.is_empty() {
            return Ok(SearchFound::default());
        }
        let mut terms = Terms::read(&query.words);
        let room = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let visible = self.databases_visible(scope).await?;
        let mut transaction = self.begin().await?;
        // Filters that are not set shall cost nothing, and one that leaves ten tables shall lead:
        // for both the planner must see the values.
        sqlx::query!("set local plan_cache_mode = force_custom_plan")
            .execute(&mut *transaction)
            .await?;
        let narrowing = Narrowing::read(&mut transaction, query, visible.as_deref()).await?;
        let mut collected = Collected::new(room);
        let mut things: Vec<Thing> = Vec::new();
        if narrowing.wants_databases {
            let limit = collected.limit();
            let rows = rows::databases(&mut transaction, &narrowing, terms.as_ref(), limit).await?;
            things.extend(rows.into_iter().map(Thing::Database));
        }
        let mut corrected = None;
        match &mut terms {
            Some(terms) => {
                let taken = things.len();
                collected
                    .by_words(&mut transaction, &narrowing, terms, taken)
                    .await?;
                if taken == 0 && collected.candidates.is_empty() {
                    corrected = collected
                        .by_likeness(&mut transaction, &narrowing, terms)
                        .await?;
                }
            }
            None => collected.by_filters(&mut transaction, &narrowing).await?,
        }
        let rows = rows::rows(&mut transaction, &collected.candidates).await?;
        transaction.commit().await?;
        things.extend(rows.into_iter().map(Thing::of));
        let by_fit = !collected.similar || corrected.is_some();
        let order = terms.as_ref().filter(|_| by_fit);
        let things = found::rank(things, order);
        let more = collected.more || things.len() > room;
        let things = found::best(things, room);
        let facets = excerpt::facets(&things, query);
        let finds: Result<Vec<SearchFind>, StoreError> = things
            .into_iter()
            .map(|thing| thing.find(query, terms.as_ref()))
            .collect();
        Ok(SearchFound {
            finds: finds?,
            more,
            similar: collected.similar,
            corrected,
            facets,
        })
    }
}

/// What was found so far, each thing once.
struct Collected {
    room: usize,
    each: usize,
    candidates: Vec<Candidate>,
    seen: HashSet<Candidate>,
    more: bool,
    similar: bool,
}

impl Collected {
    fn new(room: usize) -> Self {
        Self {
            room,
            each: room.saturating_mul(CANDIDATES_PER_HIT).min(CANDIDATES_MAX),
            candidates: Vec::new(),
            seen: HashSet::new(),
            more: false,
            similar: false,
        }
    }

    /// How many each question may answer.
    fn limit(&self) -> i64 {
        i64::try_from(self.each).unwrap_or(i64::MAX)
    }

    fn add(&mut self, found: Vec<Candidate>) {
        self.more |= found.len() >= self.each;
        for candidate in found {
            if self.seen.insert(candidate) {
                self.candidates.push(candidate);
            }
        }
    }

    async fn by_filters(
        &mut self,
        connection: &mut PgConnection,
        narrowing: &Narrowing,
    ) -> Result<(), StoreError> {
        let limit = self.limit();
        if narrowing.wants_tables {
            self.add(candidates::tables_left(connection, narrowing, limit).await?);
        }
        if narrowing.wants_columns {
            self.add(candidates::columns_left(connection, narrowing, limit).await?);
        }
        Ok(())
    }

    async fn by_words(
        &mut self,
        connection: &mut PgConnection,
        narrowing: &Narrowing,
        terms: &Terms,
        taken: usize,
    ) -> Result<(), StoreError> {
        let limit = self.limit();
        let (tables, columns) = (narrowing.wants_tables, narrowing.wants_columns);
        if tables {
            self.add(candidates::tables_named(connection, narrowing, terms, limit).await?);
        }
        if columns {
            self.add(candidates::columns_named(connection, narrowing, terms, limit).await?);
        }
        if self.candidates.len() + taken >= self.room {
            // How many more there are nobody asked.
            self.more = true;
            return Ok(());
        }
        if tables {
            self.add(candidates::tables_telling(connection, narrowing, terms, limit).await?);
        }
        if columns {
            self.add(candidates::columns_telling(connection, narrowing, terms, limit).await?);
            if terms.lexemes.len() > 1 {
                self.add(candidates::columns_across(connection, narrowing, terms, limit).await?);
            }
        }
        Ok(())
    }

    /// What resembles the words, where nothing fits them: first what fits them without slips of
    /// one letter, which then stand for what was typed; else names that share much with them.
    async fn by_likeness(
        &mut self,
        connection: &mut PgConnection,
        narrowing: &Narrowing,
        terms: &mut Terms,
    ) -> Result<Option<String>, StoreError> {
        let words = correction::corrected(connection, narrowing, terms).await?;
        if let Some((words, better)) = words.and_then(|words| Some((Terms::read(&words)?, words))) {
            self.by_words(connection, narrowing, &words, 0).await?;
            if !self.candidates.is_empty() {
                self.similar = true;
                *terms = words;
                return Ok(Some(better.join(" ")));
            }
        }
        if terms.has_trigrams() {
            let limit = self.limit();
            for likeness in LIKENESS {
                let found = candidates::similar(connection, narrowing, terms, likeness, limit);
                self.add(found.await?);
                if !self.candidates.is_empty() {
                    self.similar = true;
                    break;
                }
            }
        }
        Ok(None)
    }
}
