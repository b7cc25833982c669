//! What the pages ask the server. There is one server function, [`page`]: each type of answer that
//! a browser has to wait for costs it some 20 KB of wasm, so all pages share one question and one
//! answer. Its branches get the context and call the services; nothing else belongs here.

#![allow(
    missing_docs,
    reason = "each argument is also a field of a generated type"
)]

use crate::error::ApiError;
use crate::wire;
use contract::access::PeopleAndGroups;
use contract::catalog::{DiagramData, TableColumns};
use contract::metadata::Subject;
use contract::source::{DatabaseFindings, SchemaChanges};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::access::AccessRules;
use model::catalog::{
    DatabaseDetail, DatabaseSummary, Page, SearchHit, TableDetail, TableQuery, TableSummary,
};
use model::dataset::{DatasetDetail, DatasetPage, DatasetQuery};
use model::diagram::DiagramQuery;
use model::embed::EmbedToken;
use model::id::{DatabaseId, TableId};
use model::job::{JobPage, RefreshState};
use model::relation::verdict::{RelationPage, RelationQuery};
use model::saved_view::ViewHistory;
use model::search::SearchResults;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// So many hits are on a page of what was found.
#[cfg(feature = "ssr")]
const SEARCH_PAGE_HITS: u32 = 50;

/// How many jobs one page of the list holds.
#[cfg(feature = "ssr")]
const JOBS_SHOWN: u32 = 50;

/// What a page needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageQuestion {
    /// Every database that the person may see.
    DatabaseList,
    /// One database and a page of its tables.
    Database {
        /// The id, as in the address.
        id: String,
        /// Which of its tables.
        query: TableQuery,
    },
    /// One table.
    Table {
        /// The database's id, as in the address.
        id: String,
        /// Schema and name, as in the address.
        name: String,
    },
    /// Tables and links of a diagram.
    Diagram {
        /// The database's id, as in the address.
        id: String,
        /// What of it, as in the address.
        query: DiagramQuery,
    },
    /// The columns of some tables of a diagram.
    DiagramColumns {
        /// The database.
        id: DatabaseId,
        /// The tables.
        tables: Vec<TableId>,
    },
    /// Tables and links of a view, for whoever has its address for other sites.
    Embedded {
        /// The secret in the address.
        token: EmbedToken,
        /// How much of each table, where it is less than the view shows.
        level: Option<String>,
    },
    /// How well a database is described, and what is worth a second look.
    Findings {
        /// The database's id, as in the address.
        id: String,
    },
    /// Relations of a database that its source does not declare.
    Relations {
        /// The database's id, as in the address.
        id: String,
        /// Which of them.
        query: RelationQuery,
    },
    /// What changed between two versions of a database.
    Changes {
        /// The database's id, as in the address.
        id: String,
        /// The older version; none for the one before.
        from: Option<u32>,
        /// The newer version; none for the newest.
        to: Option<u32>,
    },
    /// Who may see and edit a database.
    Access {
        /// The database's id, as in the address.
        id: String,
    },
    /// Every group of people.
    Groups,
    /// What people say of a database, of a table or of a column.
    Metadata {
        /// The database's id, as in the address.
        id: String,
        /// The table's schema and name, as in the address; none for the database itself.
        table: Option<String>,
        /// The column's name; none for the table itself.
        column: Option<String>,
    },
    /// Datasets: what is catalogued without a database.
    DatasetList {
        /// Which of them.
        query: DatasetQuery,
    },
    /// One dataset.
    Dataset {
        /// The id, as in the address.
        id: String,
    },
    /// What people say of a dataset, or of a column of it.
    DatasetMetadata {
        /// The dataset's id, as in the address.
        id: String,
        /// The column's name; none for the dataset itself.
        column: Option<String>,
    },
    /// The newest reading of a database, and when it is read by itself.
    Refresh {
        /// The database's id, as in the address.
        id: String,
    },
    /// Readings in the background, the newest first.
    Jobs {
        /// Those of one database only, by its id as in the address.
        database: Option<String>,
        /// Where the page before ended.
        after: Option<String>,
    },
    /// A saved view, and what it was like before.
    View {
        /// The database's id, as in the address.
        id: String,
        /// The view's id, as in the address.
        view: String,
    },
    /// Arranges: the one question that changes something, for it comes with every move of a hand.
    Arrange {
        /// The database's id, as in the address.
        id: String,
        /// The view's id; none to make a private one of what the diagram shows.
        view: Option<String>,
        /// What the diagram's address asks for.
        query: DiagramQuery,
        /// A name that the page made up: asked again under the same one, because the answer was
        /// lost, the view that was made is taken instead of another one.
        made_as: String,
        /// The changes, as [`wire`](crate::wire) writes them, so that only the diagram's own part
        /// knows their code.
        changes: String,
    },
    /// What happened to a view.
    ViewNews {
        /// The database's id, as in the address.
        id: String,
        /// The view's id.
        view: String,
        /// After which revision.
        since: u64,
    },
    /// Whether the person may bring databases and datasets in, for the pages with the forms that do.
    Writing,
    /// Databases, tables and columns that fit a text. Nothing for an empty one.
    Search {
        /// The text.
        text: String,
        /// How many at the most.
        limit: u32,
    },
    /// A page of the same, with what fits and how to narrow it.
    SearchPage {
        /// The text, as in the address.
        text: String,
        /// Which page, from 1.
        page: u32,
    },
}

/// What a page is told: the branch of the question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum PageAnswer {
    /// Every database that the person may see.
    DatabaseList(#[serde(deserialize_with = "apart")] Vec<DatabaseSummary>),
    /// One database, a page of its tables, and how its readings stand.
    Database(
        #[serde(deserialize_with = "apart")]
        Box<(DatabaseDetail, Page<TableSummary>, RefreshState)>,
    ),
    /// One table.
    Table(#[serde(deserialize_with = "apart")] Box<TableDetail>),
    /// Tables and links of a diagram.
    Diagram(#[serde(deserialize_with = "apart")] Box<DiagramData>),
    /// The columns of some of its tables.
    DiagramColumns(#[serde(deserialize_with = "apart")] Vec<TableColumns>),
    /// Coverage and findings.
    Findings(#[serde(deserialize_with = "apart")] Box<DatabaseFindings>),
    /// Relations that are not declared.
    Relations(#[serde(deserialize_with = "apart")] Box<RelationPage>),
    /// What changed between two versions.
    Changes(#[serde(deserialize_with = "apart")] Box<SchemaChanges>),
    /// Who may see and edit a database.
    Access(#[serde(deserialize_with = "apart")] Box<AccessRules>),
    /// Every group of people.
    Groups(#[serde(deserialize_with = "apart")] Box<PeopleAndGroups>),
    /// What people say of something.
    Metadata(#[serde(deserialize_with = "apart")] Box<Subject>),
    /// Datasets.
    DatasetList(#[serde(deserialize_with = "apart")] Box<DatasetPage>),
    /// One dataset.
    Dataset(#[serde(deserialize_with = "apart")] Box<DatasetDetail>),
    /// How a database's readings stand.
    Refresh(#[serde(deserialize_with = "apart")] Box<RefreshState>),
    /// Readings in the background.
    Jobs(#[serde(deserialize_with = "apart")] Box<JobPage>),
    /// A saved view with its history.
    View(#[serde(deserialize_with = "apart")] Box<ViewHistory>),
    /// [`model::saved_view::ViewNews`], as [`wire`](crate::wire) writes it.
    ViewNews(String),
    /// They may.
    Writing,
    /// What was found.
    Search(#[serde(deserialize_with = "apart")] Vec<SearchHit>),
    /// A page of what was found.
    SearchPage(#[serde(deserialize_with = "apart")] Box<SearchResults>),
}

/// Reads the answer of one page. Each is a function of its own: a browser compiles a function when it
/// is called for the first time, and of all pages one is read.
#[inline(never)]
fn apart<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

// Answers travel in the compact form of `wire`: a browser needs a third of the code to read it that
// it needs for JSON, and pages are smaller by the names of the fields.
impl Serialize for PageAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Plain<'a>(&'a PageAnswer);
        impl Serialize for Plain<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                PageAnswer::serialize(self.0, serializer)
            }
        }
        let text = wire::write(&Plain(self)).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for PageAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Plain(PageAnswer);
        impl<'de> Deserialize<'de> for Plain {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                PageAnswer::deserialize(deserializer).map(Self)
            }
        }
        let text = String::deserialize(deserializer)?;
        let Plain(answer) = wire::read(&text).map_err(serde::de::Error::custom)?;
        Ok(answer)
    }
}

/// Answers a page's question.
#[server(name = AskPage, prefix = "/rpc", endpoint = "page", input = Json)]
pub async fn page(question: PageQuestion) -> Result<PageAnswer, ApiError> {
    Ok(answer(question).await?)
}

#[cfg(feature = "ssr")]
async fn answer(question: PageQuestion) -> Result<PageAnswer, contract::error::AppError> {
    use contract::error::AppError;

    let (catalog, ctx) = (crate::context::catalog()?, crate::context::ctx()?);
    let database = |id: String| {
        id.parse::<DatabaseId>()
            .map_err(|_| AppError::not_found("This database"))
    };
    Ok(match question {
        PageQuestion::DatabaseList => PageAnswer::DatabaseList(catalog.database_list(&ctx).await?),
        PageQuestion::Database { id, query } => {
            let id = database(id)?;
            let detail = catalog.database_fetch(&ctx, &id).await?;
            let tables = catalog.table_list(&ctx, &id, query).await?;
            // Only a live database is read again.
            let refresh = match detail.source {
                Some(_) => crate::context::jobs()?.refresh_state(&ctx, &id).await?,
                None => RefreshState::default(),
            };
            PageAnswer::Database(Box::new((detail, tables, refresh)))
        }
        PageQuestion::Table { id, name } => {
            let id = database(id)?;
            let name = model::address::parse_table_segment(&name)
                .ok_or_else(|| AppError::not_found("This table"))?;
            PageAnswer::Table(Box::new(catalog.table_fetch(&ctx, &id, &name).await?))
        }
        PageQuestion::Diagram { id, query } => {
            let id = database(id)?;
            PageAnswer::Diagram(Box::new(catalog.diagram_fetch(&ctx, &id, &query).await?))
        }
        PageQuestion::DiagramColumns { id, tables } => {
            PageAnswer::DiagramColumns(catalog.diagram_columns(&ctx, &id, &tables).await?)
        }
        PageQuestion::Embedded { token, level } => {
            let embeds = crate::context::embeds()?;
            let data = embeds.embed_diagram(&ctx, &token, level.as_deref()).await?;
            PageAnswer::Diagram(Box::new(data))
        }
        PageQuestion::Findings { id } => {
            let sources = crate::context::sources()?;
            PageAnswer::Findings(Box::new(
                sources.findings_fetch(&ctx, &database(id)?).await?,
            ))
        }
        PageQuestion::Relations { id, query } => {
            let relations = crate::context::relations()?;
            let page = relations.relation_list(&ctx, &database(id)?, query).await?;
            PageAnswer::Relations(Box::new(page))
        }
        PageQuestion::Changes { id, from, to } => {
            let sources = crate::context::sources()?;
            let changes = sources
                .changes_fetch(&ctx, &database(id)?, from, to)
                .await?;
            PageAnswer::Changes(Box::new(changes))
        }
        PageQuestion::Access { id } => {
            let access = crate::context::access()?;
            PageAnswer::Access(Box::new(access.access_fetch(&ctx, &database(id)?).await?))
        }
        PageQuestion::Groups => {
            let access = crate::context::access()?;
            PageAnswer::Groups(Box::new(access.group_list(&ctx).await?))
        }
        PageQuestion::Metadata { id, table, column } => {
            let metadata = crate::context::metadata()?;
            let key = crate::context::subject_key(&id, table.as_deref(), column)?;
            PageAnswer::Metadata(Box::new(metadata.subject_fetch(&ctx, &key).await?))
        }
        PageQuestion::DatasetList { query } => {
            let metadata = crate::context::metadata()?;
            PageAnswer::DatasetList(Box::new(metadata.dataset_list(&ctx, query).await?))
        }
        PageQuestion::Dataset { id } => {
            let metadata = crate::context::metadata()?;
            let id = id
                .parse::<TableId>()
                .map_err(|_| AppError::not_found("This dataset"))?;
            PageAnswer::Dataset(Box::new(metadata.dataset_fetch(&ctx, id).await?))
        }
        PageQuestion::DatasetMetadata { id, column } => {
            let metadata = crate::context::metadata()?;
            let key = crate::context::dataset_key(&id, column)?;
            PageAnswer::Metadata(Box::new(metadata.subject_fetch(&ctx, &key).await?))
        }
        PageQuestion::Refresh { id } => {
            let jobs = crate::context::jobs()?;
            let state = jobs.refresh_state(&ctx, &database(id)?).await?;
            PageAnswer::Refresh(Box::new(state))
        }
        PageQuestion::Jobs {
            database: wanted,
            after,
        } => {
            let query = model::job::JobQuery {
                database: wanted.map(database).transpose()?,
                after,
                limit: JOBS_SHOWN,
            };
            let jobs = crate::context::jobs()?;
            PageAnswer::Jobs(Box::new(jobs.job_list(&ctx, query).await?))
        }
        PageQuestion::View { id, view } => {
            let (views, id) = (crate::context::views()?, database(id)?);
            PageAnswer::View(Box::new(
                views.view_history(&ctx, &id, &view_id(&view)?).await?,
            ))
        }
        PageQuestion::Arrange {
            id,
            view,
            query,
            made_as,
            changes,
        } => {
            let (views, id) = (crate::context::views()?, database(id)?);
            let changes = wire::read_changes(&changes).map_err(|_| {
                AppError::invalid("This page is not of the server's version. Reload it.")
            })?;
            let news = match view {
                None => {
                    views
                        .view_begin(&ctx, &id, query, &made_as, changes)
                        .await?
                }
                Some(view) => {
                    let view = view_id(&view)?;
                    let revision = views.view_arrange(&ctx, &id, &view, changes).await?;
                    // Nothing happened after that, as far as it is asked here.
                    let news = views.view_news(&ctx, &id, &view, revision).await?;
                    model::saved_view::ViewNews { revision, ..news }
                }
            };
            PageAnswer::ViewNews(wire::write(&news).map_err(|_| AppError::internal())?)
        }
        PageQuestion::ViewNews { id, view, since } => {
            let (views, id) = (crate::context::views()?, database(id)?);
            let news = views.view_news(&ctx, &id, &view_id(&view)?, since).await?;
            PageAnswer::ViewNews(wire::write(&news).map_err(|_| AppError::internal())?)
        }
        PageQuestion::Writing => {
            ctx.authorize(model::account::Permission::CatalogWrite)
                .map_err(|error| match error.kind {
                    contract::error::ErrorKind::Forbidden => AppError {
                        message: "Bringing data into the catalog needs the role of an editor. \
                                  Ask an administrator."
                            .to_owned(),
                        ..error
                    },
                    _ => error,
                })?;
            PageAnswer::Writing
        }
        PageQuestion::Search { text, limit } => {
            PageAnswer::Search(catalog.search(&ctx, &text, limit).await?)
        }
        PageQuestion::SearchPage { text, page } => {
            let results = catalog.search_page(&ctx, &text, page, SEARCH_PAGE_HITS);
            PageAnswer::SearchPage(Box::new(results.await?))
        }
    })
}

#[cfg(feature = "ssr")]
fn view_id(text: &str) -> Result<model::id::ViewId, contract::error::AppError> {
    text.parse()
        .map_err(|_| contract::error::AppError::not_found("This view"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use diagram::geometry::{Point, Rect};
    use diagram::overlay::{Mark, MarkKind, Overlay};
    use model::box_id::schema_box;
    use model::catalog::ColumnStatistics;
    use model::view::{Arrangement, Spot, ViewChange};

    /// The wire has no names, so a field that is left out when it is empty would shift all that
    /// follow.
    #[test]
    fn answers_with_empty_fields_survive_the_way() {
        let mut data = DiagramData {
            database_id: "db_0123456789".parse().unwrap(),
            database_name: "“Größe” <b>".to_owned(),
            tables_total: 300,
            graph: diagram::graph::Graph::default(),
            layout: diagram::layout::Layout::default(),
            layout_cached: false,
            folded: vec![(schema_box("a"), vec!["~a.b".to_owned()])],
            unknown: Vec::new(),
            hubs_only: true,
            overlay: None,
            versions: None,
            ways: Vec::new(),
            way: 0,
            notes: vec!["a".to_owned()],
            shown: DiagramQuery::showing("orders"),
            view: None,
            views: Vec::new(),
            arrangement: Arrangement::default(),
            may_arrange: true,
            may_edit: false,
            apart: vec![(7, Spot { x: 0.0, y: -8.0 })],
            relations: Vec::new(),
            access: model::access::DatabaseAccess::Read,
        };
        data.arrangement.apply(&ViewChange::Place {
            table: 7,
            at: Some(Spot { x: 0.25, y: -8.0 }),
        });
        data.graph.tables = vec![
            diagram::graph::TableNode::default(),
            diagram::graph::TableNode {
                name: "orders".to_owned(),
                row_count: Some(7),
                columns: vec![diagram::graph::ColumnRow::default()],
                ..Default::default()
            },
        ];
        data.graph.links = vec![diagram::graph::Link {
            to: 1,
            unique: true,
            ..Default::default()
        }];
        data.layout.positions = vec![Point::new(-12.0, 0.0), Point::new(900_000.0, 0.5)];
        data.layout.bounds = Rect::new(
            Point::new(-12.0, 0.0),
            diagram::geometry::Size::new(900_100.0, 80.25),
        );
        let mut overlay = Overlay::new("Changes");
        overlay.mark_table(1, Mark::new(MarkKind::Added, "added"));
        overlay.mark_column(1, 0, Mark::new(MarkKind::Heat, "").with_strength(0.25));
        data.overlay = Some(overlay);
        let text = serde_json::to_string(&PageAnswer::Diagram(Box::new(data.clone()))).unwrap();
        let PageAnswer::Diagram(back) = serde_json::from_str(&text).unwrap() else {
            panic!("another branch");
        };
        assert_eq!(back.graph, data.graph);
        assert_eq!(back.layout, data.layout);
        assert_eq!((back.overlay, back.versions), (data.overlay, None));
        assert_eq!(back.notes, data.notes);
        assert_eq!((back.shown, back.view), (data.shown, None));
        assert!(back.may_arrange && !back.may_edit);
        assert_eq!(back.database_name, data.database_name);
        assert!(back.hubs_only && !back.layout_cached);

        let changes = vec![
            ViewChange::Place {
                table: 7,
                at: Some(Spot { x: -1.5, y: 0.0 }),
            },
            ViewChange::Pin {
                table: 7,
                pinned: true,
            },
            ViewChange::Colour {
                table: 7,
                colour: None,
            },
            ViewChange::Memo {
                id: "m".to_owned(),
                memo: None,
            },
        ];
        let text = wire::write(&changes).unwrap();
        assert_eq!(wire::read::<Vec<ViewChange>>(&text).unwrap(), changes);

        let known = ColumnStatistics {
            distinct_count: Some(-1),
            most_common: vec![("x".to_owned(), 0.5)],
            ..Default::default()
        };
        let text = wire::write(&known).unwrap();
        assert_eq!(wire::read::<ColumnStatistics>(&text).unwrap(), known);
    }
}
