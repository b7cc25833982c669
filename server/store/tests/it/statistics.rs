//! What a live database knows of its rows.

use crate::fixture::{database_id, name, shop_import};
use crate::support::with_store;
use model::catalog::ColumnStatistics;
use store::statistics::{ColumnStatisticsRow, TableSize};

#[tokio::test]
async fn statistics_and_sizes_are_written_where_they_belong() {
    with_store(|store| async move {
        shop_import(&store).await;
        let statistics = ColumnStatistics {
            null_fraction: Some(0.25),
            distinct_count: Some(40),
            most_common: vec![("a".to_owned(), 0.5)],
            ..ColumnStatistics::default()
        };
        let row = |table: &str, column: &str| ColumnStatisticsRow {
            table: name(table),
            column: column.to_owned(),
            statistics: statistics.clone(),
        };
        let id = database_id(1);
        let rows = [
            row("sales.customers", "email"),
            row("sales.customers", "none"),
        ];
        assert_eq!(store.statistics_write(&id, &rows).await.unwrap(), 1);
        let size = |table: &str| TableSize {
            table: name(table),
            row_count: Some(9),
            bytes: Some(8_192),
            index_bytes: Some(16_384),
        };
        let sizes = [size("sales.customers"), size("sales.none")];
        assert_eq!(store.table_sizes_write(&id, &sizes).await.unwrap(), 1);

        let table = store
            .table_fetch(&id, &name("sales.customers"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(table.columns[1].statistics, Some(statistics));
        assert_eq!(table.columns[0].statistics, None);
        assert_eq!(table.summary.row_count, Some(9));
        assert_eq!(table.summary.size_bytes, Some(8_192));
        assert_eq!(table.index_bytes, Some(16_384));
        assert_eq!(
            store
                .statistics_write(&database_id(2), &rows)
                .await
                .unwrap(),
            0
        );
    })
    .await;
}
