//! Columns of a large diagram that come when somebody looks closer.

use super::*;
use ::diagram::graph::TableNode;
use common::person;
use contract::access::Access as _;
use contract::catalog::{COLUMNS_TABLES_MAX, DiagramData};
use model::access::DatabaseAccess;
use model::id::TableId;
use std::fmt::Write as _;

/// More tables than travel with all their columns. A column refers to one that is not of the primary
/// key.
fn many_tables() -> String {
    let mut script = "
        CREATE TABLE hub (id int PRIMARY KEY, note text, code text UNIQUE);
        CREATE TABLE child (id int PRIMARY KEY, b text, hub_code text REFERENCES hub (code), a text);"
        .to_owned();
    for number in 0..300 {
        let line = "(id int PRIMARY KEY, z text, y int NOT NULL);";
        writeln!(script, "CREATE TABLE t{number} {line}").unwrap();
    }
    script
}

fn node<'a>(data: &'a DiagramData, name: &str) -> &'a TableNode {
    let mut tables = data.graph.tables.iter();
    tables.find(|table| table.name == name).unwrap()
}

fn columns<'a>(data: &'a DiagramData, name: &str) -> Vec<&'a str> {
    let columns = node(data, name).columns.iter();
    columns.map(|column| column.name.as_str()).collect()
}

#[tokio::test]
async fn columns_of_a_large_diagram_come_when_somebody_looks_closer() {
    with_catalog(
        |_| {},
        async |catalog| {
            catalog.set_up().await;
            let services = &catalog.services;
            let olga = person(&catalog, "olga", Role::Editor).await;
            let vera = person(&catalog, "vera", Role::Viewer).await;
            let import = services.script_import(&olga, script("Many", &many_tables()));
            let id = import.await.unwrap().id;
            let other = services.script_import(&olga, script("Shop", SHOP));
            let other = other.await.unwrap().id;
            let all = DiagramQuery::showing("*");
            let fetch = async |query: &DiagramQuery| {
                let data = services.diagram_fetch(&vera, &id, query).await.unwrap();
                assert!(data.graph.tables.len() > 300);
                data
            };

            let data = fetch(&all).await;
            // Keys and what a link ends at are drawn; the others have a place and no name.
            assert_eq!(columns(&data, "hub"), ["id", "", "code"]);
            assert_eq!(columns(&data, "child"), ["id", "", "hub_code", ""]);
            assert_eq!(columns(&data, "t7"), ["id", "", ""]);
            assert_eq!(node(&data, "child").column_count, 4);

            let ids = ["t7", "child", "hub"].map(|name| TableId(node(&data, name).id));
            let [t7, child, hub] = ids;
            let shop = DiagramQuery::default();
            let shop = services.diagram_fetch(&vera, &other, &shop).await.unwrap();
            let foreign = TableId(node(&shop, "orders").id);
            let unknown = TableId(i64::MAX);
            let wanted = [t7, foreign, child, unknown, hub, t7];
            let told = services.diagram_columns(&vera, &id, &wanted).await.unwrap();
            assert_eq!(told.len(), 3, "each once, and none of another database");
            let of = |table: TableId| {
                let told = told.iter().find(|it| it.table == table).unwrap();
                let columns = told.columns.iter();
                columns
                    .map(|column| (&*column.name, &*column.data_type))
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                of(hub),
                [("id", "integer"), ("note", "text"), ("code", "text")]
            );
            let names = of(child).into_iter().map(|(name, _)| name);
            assert_eq!(names.collect::<Vec<_>>(), ["id", "b", "hub_code", "a"]);
            let y = told.iter().find(|it| it.table == t7).unwrap();
            let marks = |at: usize| (y.columns[at].primary_key, y.columns[at].nullable);
            assert_eq!(marks(0), (true, false));
            assert_eq!(marks(1), (false, true));
            assert_eq!(marks(2), (false, false));

            // Where places are counted otherwise, or everything is drawn, everything comes at once.
            let level = DiagramQuery {
                level: Some("all".to_owned()),
                ..all.clone()
            };
            assert_eq!(columns(&fetch(&level).await, "t7"), ["id", "z", "y"]);
            let hiding = DiagramQuery {
                hide: Some("child.a".to_owned()),
                ..all.clone()
            };
            let data = fetch(&hiding).await;
            assert_eq!(columns(&data, "t7"), ["id", "z", "y"]);
            assert_eq!(columns(&data, "hub"), ["id", "note", "code"]);
            let grown = format!("{} CREATE TABLE more (id int, note text);", many_tables());
            let again = services.script_import_again(&olga, &id, vec![grown], None);
            assert!(again.await.unwrap().has_changed);
            let changes = DiagramQuery {
                overlay: Some("changes".to_owned()),
                ..all.clone()
            };
            let data = fetch(&changes).await;
            assert!(data.versions.is_some());
            assert_eq!(columns(&data, "t7"), ["id", "z", "y"]);

            // A question is bounded, and a database that is hidden is not there.
            let many: Vec<TableId> = (1..).map(TableId).take(COLUMNS_TABLES_MAX + 1).collect();
            let asked = services.diagram_columns(&vera, &id, &many).await;
            assert_eq!(asked.unwrap_err().kind, ErrorKind::Invalid);
            let most = &many[..COLUMNS_TABLES_MAX];
            assert!(services.diagram_columns(&vera, &id, most).await.is_ok());
            let hidden = services.access_set(&olga, &id, DatabaseAccess::None);
            hidden.await.unwrap();
            for tables in [&[hub][..], &many] {
                let asked = services.diagram_columns(&vera, &id, tables).await;
                assert_eq!(asked.unwrap_err().kind, ErrorKind::NotFound);
            }
        },
    )
    .await;
}
