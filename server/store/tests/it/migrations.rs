//! The data model.

use crate::support::{number, run, text, with_empty_store, with_store};

const OURS: &str =
    "select (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relname not like '\\_sqlx%')
    + (select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' and not exists (
            select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e'))";

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    with_empty_store(|store| async move {
        store.migrate().await.unwrap();
        let made = number(&store, OURS).await;
        assert!(made > 50, "{made}");
        // A second run finds nothing to do.
        store.migrate().await.unwrap();
        store.migrate_down().await.unwrap();
        assert_eq!(number(&store, OURS).await, 0);
        store.migrate().await.unwrap();
        assert_eq!(number(&store, OURS).await, made);
    })
    .await;
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    with_empty_store(|store| async move {
        let (one, other) = tokio::join!(store.migrate(), store.migrate());
        one.unwrap();
        other.unwrap();
    })
    .await;
}

/// Statements of a system that this one replaces, as its users have them in their scripts.
#[tokio::test]
async fn statements_of_before_still_run() {
    with_store(|store| async move {
        for statement in [
            "INSERT INTO users (username, email, password_hash, full_name, is_active, is_admin)
             VALUES ('john_doe', 'john@example.com', 'hashed_password', 'John Doe', true, false);",
            "INSERT INTO tables (
                 table_name, schema_name, table_type, storage_format, storage_location,
                 row_count, file_size_bytes, compression_ratio, owner_user_id
             ) VALUES (
                 'sales_data', 'public', 'ncf', 'ncf', 's3://neurolake/data/sales_data.ncf',
                 1000000, 510000, 4.98, 1
             );",
            "INSERT INTO columns (
                 table_id, column_name, column_position, data_type, is_nullable,
                 semantic_type, statistics
             ) VALUES (
                 1, 'customer_email', 3, 'string', false, 'email',
                 '{\"distinct_count\": 50000, \"null_count\": 0}'::jsonb
             );",
            "INSERT INTO query_history (
                 query_id, user_id, query_text, query_type, query_status,
                 rows_read, execution_time_ms, started_at, completed_at
             ) VALUES (
                 gen_random_uuid()::text, 1, 'SELECT * FROM sales_data WHERE amount > 1000',
                 'SELECT', 'success', 50000, 125, NOW(), NOW()
             );",
            "INSERT INTO audit_logs (
                 user_id, action, resource_type, resource_name, status, ip_address
             ) VALUES (
                 1, 'CREATE', 'table', 'sales_data', 'success', '192.168.1.100'
             );",
        ] {
            run(&store, statement).await.unwrap();
        }
        // A table without a database is unique by name and schema.
        let again = "insert into tables (table_name, table_type) values ('sales_data', 'ncf')";
        let error = run(&store, again).await.unwrap_err();
        let refusal = error.as_database_error().unwrap();
        assert_eq!(
            refusal.constraint(),
            Some("tables_table_name_schema_name_key")
        );
    })
    .await;
}

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    with_store(|store| async move {
        let missing = text(
            &store,
            "select coalesce(string_agg(c.conrelid::regclass || ' ' || c.conname, ', '), '')
            from pg_constraint c
            where c.contype = 'f' and c.conparentid = 0 and not exists (
                select 1 from pg_index i
                where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
                    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = (
                        select format('(%I IS NOT NULL)', a.attname) from pg_attribute a
                        where a.attrelid = c.conrelid and a.attnum = c.conkey[1])))",
        )
        .await;
        assert_eq!(missing, "");
    })
    .await;
}

#[tokio::test]
async fn every_moment_has_its_time_zone_and_every_updated_at_its_trigger() {
    with_store(|store| async move {
        let naive = number(
            &store,
            "select count(*) from information_schema.columns
            where table_schema = 'public' and data_type = 'timestamp without time zone'",
        )
        .await;
        assert_eq!(naive, 0);
        let without = text(
            &store,
            "select coalesce(string_agg(c.table_name, ', '), '')
            from information_schema.columns c
            where c.table_schema = 'public' and c.column_name = 'updated_at' and not exists (
                select 1 from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                where t.tgrelid = format('public.%I', c.table_name)::regclass
                    and p.proname = 'update_updated_at_column')",
        )
        .await;
        assert_eq!(without, "");
    })
    .await;
}

#[tokio::test]
async fn a_change_moves_updated_at() {
    with_store(|store| async move {
        run(
            &store,
            "insert into users (username, email, updated_at) values ('a', 'a@b', '2000-01-01')",
        )
        .await
        .unwrap();
        run(&store, "update users set full_name = 'A'")
            .await
            .unwrap();
        let moved = "select count(*) from users where updated_at > now() - interval '1 minute'";
        assert_eq!(number(&store, moved).await, 1);
    })
    .await;
}
