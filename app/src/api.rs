//! What the pages ask the server. There is one server function, [`page`]: each type of answer that
//! a browser has to wait for costs it some 20 KB of wasm, so all pages share one question and one
//! answer. Its branches get the context and call the services; nothing else belongs here.

#![allow(
    missing_docs,
    reason = "each argument is also a field of a generated type"
)]

use crate::error::ApiError;
use contract::catalog::DiagramData;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::catalog::{
    DatabaseDetail, DatabaseSummary, Page, SearchHit, TableDetail, TableQuery, TableSummary,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

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
        /// Which tables, as in the address.
        show: Option<String>,
    },
    /// Databases, tables and columns that fit a text. Nothing for an empty one.
    Search {
        /// The text.
        text: String,
        /// How many at the most.
        limit: u32,
    },
}

/// What a page is told: the branch of the question.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub enum PageAnswer {
    /// Every database that the person may see.
    DatabaseList(Vec<DatabaseSummary>),
    /// One database and a page of its tables.
    Database(Box<(DatabaseDetail, Page<TableSummary>)>),
    /// One table.
    Table(Box<TableDetail>),
    /// Tables and links of a diagram.
    Diagram(Box<DiagramData>),
    /// What was found.
    Search(Vec<SearchHit>),
}

impl Serialize for PageAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

/// An answer in the document is read from text, one of a later call from bytes. By way of the raw
/// text there is one reader for both, which spares the browser the half of this code.
impl<'de> Deserialize<'de> for PageAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
            .map_err(serde::de::Error::custom)
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
    use model::id::DatabaseId;

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
            PageAnswer::Database(Box::new((detail, tables)))
        }
        PageQuestion::Table { id, name } => {
            let id = database(id)?;
            let name = model::address::parse_table_segment(&name)
                .ok_or_else(|| AppError::not_found("This table"))?;
            PageAnswer::Table(Box::new(catalog.table_fetch(&ctx, &id, &name).await?))
        }
        PageQuestion::Diagram { id, show } => {
            let id = database(id)?;
            PageAnswer::Diagram(Box::new(
                catalog.diagram_fetch(&ctx, &id, show.as_deref()).await?,
            ))
        }
        PageQuestion::Search { text, .. } if text.trim().is_empty() => {
            // Even an empty question is answered only to those who may ask.
            ctx.authorize(model::account::Permission::CatalogRead)?;
            PageAnswer::Search(Vec::new())
        }
        PageQuestion::Search { text, limit } => {
            PageAnswer::Search(catalog.search(&ctx, &text, limit).await?)
        }
    })
}
