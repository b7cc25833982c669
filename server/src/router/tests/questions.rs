//! What pages ask: every kind of question, and who gets an answer.

use super::{
    ADMINISTER, EDIT, Expected, NOWHERE, OWN, READ, READ_ABSENT, SIGNED_IN, WRITE, WRITE_ABSENT,
};
use app::api::PageQuestion;
use model::catalog::TableQuery;
use model::dataset::DatasetQuery;
use model::id::TableId;

/// One question of each kind, and who gets an answer. A kind that is missing here does not
/// compile in [`kind`], and one without a question fails the test.
pub(super) fn questions(id: &str) -> Vec<(PageQuestion, Expected)> {
    let id = || id.to_owned();
    vec![
        (PageQuestion::DatabaseList, SIGNED_IN),
        (
            PageQuestion::Database {
                id: id(),
                query: TableQuery::default(),
            },
            READ,
        ),
        (
            PageQuestion::Table {
                id: id(),
                name: "public.customers".to_owned(),
            },
            READ,
        ),
        (
            PageQuestion::Diagram {
                id: id(),
                query: model::diagram::DiagramQuery::default(),
            },
            READ,
        ),
        (
            PageQuestion::DiagramColumns {
                id: id().parse().unwrap(),
                tables: vec![TableId(1)],
            },
            READ,
        ),
        (
            PageQuestion::Embedded {
                token: model::embed::EmbedToken::new("A".repeat(43)),
                level: None,
            },
            NOWHERE,
        ),
        (PageQuestion::Findings { id: id() }, READ),
        (
            PageQuestion::Relations {
                id: id(),
                query: model::relation::verdict::RelationQuery::default(),
            },
            READ,
        ),
        (
            PageQuestion::Changes {
                id: id(),
                from: None,
                to: None,
            },
            READ,
        ),
        (
            PageQuestion::Metadata {
                id: id(),
                table: None,
                column: None,
            },
            EDIT,
        ),
        (PageQuestion::Refresh { id: id() }, READ),
        (
            PageQuestion::Jobs {
                database: None,
                after: None,
            },
            SIGNED_IN,
        ),
        (PageQuestion::Access { id: id() }, OWN),
        (
            PageQuestion::DatasetList {
                query: DatasetQuery::default(),
            },
            SIGNED_IN,
        ),
        (PageQuestion::Dataset { id: "0".to_owned() }, READ_ABSENT),
        (
            PageQuestion::DatasetMetadata {
                id: "0".to_owned(),
                column: None,
            },
            WRITE_ABSENT,
        ),
        (
            PageQuestion::View {
                id: id(),
                view: "vw_0000000000".to_owned(),
            },
            READ_ABSENT,
        ),
        (
            PageQuestion::Arrange {
                id: id(),
                view: Some("vw_0000000000".to_owned()),
                query: model::diagram::DiagramQuery::default(),
                made_as: "a page".to_owned(),
                changes: app::wire::write_changes(&[]).unwrap_or_default(),
            },
            READ_ABSENT,
        ),
        (
            PageQuestion::ViewNews {
                id: id(),
                view: "vw_0000000000".to_owned(),
                since: 0,
            },
            READ_ABSENT,
        ),
        (PageQuestion::Groups, ADMINISTER),
        (PageQuestion::Writing, WRITE),
        (
            PageQuestion::Search {
                text: String::new(),
                limit: 5,
            },
            SIGNED_IN,
        ),
        (
            PageQuestion::SearchPage {
                text: String::new(),
                page: 1,
            },
            SIGNED_IN,
        ),
    ]
}

/// Counts the kinds of questions; the last number and one more is how many there are.
pub(super) fn kind(question: &PageQuestion) -> usize {
    match question {
        PageQuestion::DatabaseList => 0,
        PageQuestion::Database { .. } => 1,
        PageQuestion::Table { .. } => 2,
        PageQuestion::Diagram { .. } => 3,
        PageQuestion::Findings { .. } => 4,
        PageQuestion::Changes { .. } => 5,
        PageQuestion::Access { .. } => 6,
        PageQuestion::Groups => 7,
        PageQuestion::Search { .. } => 8,
        PageQuestion::Metadata { .. } => 9,
        PageQuestion::SearchPage { .. } => 10,
        PageQuestion::Refresh { .. } => 11,
        PageQuestion::Jobs { .. } => 12,
        PageQuestion::Writing => 13,
        PageQuestion::DatasetList { .. } => 14,
        PageQuestion::Dataset { .. } => 15,
        PageQuestion::DatasetMetadata { .. } => 16,
        PageQuestion::Relations { .. } => 20,
        PageQuestion::View { .. } => 17,
        PageQuestion::Arrange { .. } => 18,
        PageQuestion::ViewNews { .. } => 19,
        PageQuestion::Embedded { .. } => 21,
        PageQuestion::DiagramColumns { .. } => 22,
    }
}
pub(super) const KINDS: usize = 23;
