//! What a diagram draws, and where its tables stood the last time.

use crate::error::StoreError;
use crate::store::Store;
use model::id::{DatabaseId, TableId, ViewId};
use model::provider::Provider;
use model::schema::TableKind;
use serde_json::Value;

/// Layouts are kept for so many sets of tables of a database; the oldest go first.
const LAYOUTS_MAX: i64 = 64;

/// The tables of a database and the links between them.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagramRows {
    /// The database's name.
    pub database_name: String,
    /// What kind of database it is.
    pub provider: Provider,
    /// Its tables and views by schema and name, partitions left out.
    pub tables: Vec<DiagramTable>,
    /// Foreign keys between these tables, in the order of the source.
    pub links: Vec<DiagramLink>,
}

/// A table of a diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagramTable {
    /// Its id.
    pub id: TableId,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// What kind of relation it is.
    pub kind: TableKind,
    /// Rows, where they are known.
    pub row_count: Option<i64>,
    /// Its columns in order.
    pub columns: Vec<DiagramColumn>,
}

/// A column of a diagram's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: String,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether a unique constraint or index is on it alone.
    pub unique: bool,
}

/// A foreign key of a diagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramLink {
    /// The constraint's name.
    pub name: String,
    /// The table that declares it.
    pub from: TableId,
    /// The referencing columns, in order.
    pub from_columns: Vec<String>,
    /// The referenced table.
    pub to: TableId,
    /// The referenced columns, in the same order.
    pub to_columns: Vec<String>,
}

/// What people tagged: a table, or one of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// The table.
    pub table: TableId,
    /// The column's name; none for the table itself.
    pub column: Option<String>,
    /// Its tags, one at least.
    pub tags: Vec<String>,
}

impl Store {
    /// Everything that a diagram of the database can draw, in two statements; none when the
    /// database is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn diagram_rows(
        &self,
        database_id: &DatabaseId,
    ) -> Result<Option<DiagramRows>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        // The columns of a table come in its row, as one list for each thing that is drawn of them.
        let heads = sqlx::query!(
            r#"select d.name as database_name, d.provider, t.id as "id?",
                t.schema_name as "schema_name?", t.table_name as "table_name?",
                t.table_type as "table_type?", t.row_count,
                c.names as "names?", c.types as "types?", c.are_keys as "are_keys?",
                c.are_nullable as "are_nullable?", c.are_unique as "are_unique?"
            from databases d
                left join tables t on t.database_id = d.id and t.gone_at is null
                    and t.table_type <> 'partition'
                left join (
                    select c.table_id, array_agg(c.column_name::text) as names,
                        array_agg(c.data_type::text) as types,
                        array_agg(c.is_primary_key) as are_keys,
                        array_agg(c.is_nullable) as are_nullable,
                        array_agg(c.is_unique) as are_unique
                    from (
                        select c.*
                        from columns c join tables t on t.id = c.table_id
                        where t.database_id = $1 and t.gone_at is null
                            and t.table_type <> 'partition' and c.gone_at is null
                        order by c.table_id, c.column_position, c.id
                    ) c
                    group by c.table_id
                ) c on c.table_id = t.id
            where d.id = $1
            order by t.schema_name, t.table_name"#,
            database_id.as_str()
        )
        .fetch_all(&mut *connection)
        .await?;
        let Some(first) = heads.first() else {
            return Ok(None);
        };
        let database_name = first.database_name.clone();
        let provider = Provider::from_word(&first.provider)
            .ok_or(StoreError::Unreadable { what: "provider" })?;
        let mut tables = Vec::with_capacity(heads.len());
        for head in heads {
            // A database without tables is one row without a table.
            let (Some(id), Some(schema), Some(name), Some(kind)) =
                (head.id, head.schema_name, head.table_name, head.table_type)
            else {
                continue;
            };
            let columns = head
                .names
                .unwrap_or_default()
                .into_iter()
                .zip(head.types.unwrap_or_default())
                .zip(head.are_keys.unwrap_or_default())
                .zip(head.are_nullable.unwrap_or_default())
                .zip(head.are_unique.unwrap_or_default())
                .map(
                    |((((name, data_type), primary_key), nullable), unique)| DiagramColumn {
                        name,
                        data_type,
                        primary_key,
                        nullable,
                        unique,
                    },
                )
                .collect();
            tables.push(DiagramTable {
                id: TableId(id),
                schema,
                name,
                kind: TableKind::from_word(&kind).unwrap_or_default(),
                row_count: head.row_count,
                columns,
            });
        }

        let links = sqlx::query!(
            r#"select k.name, k.table_id, k.columns, k.target_table_id as "target_table_id!",
                k.target_columns
            from foreign_keys k
                join tables t on t.id = k.table_id
                join tables o on o.id = k.target_table_id
            where t.database_id = $1 and not k.is_inherited
                and t.gone_at is null and t.table_type <> 'partition'
                and o.gone_at is null and o.table_type <> 'partition'
            order by k.id"#,
            database_id.as_str()
        )
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .map(|link| DiagramLink {
            name: link.name,
            from: TableId(link.table_id),
            from_columns: link.columns,
            to: TableId(link.target_table_id),
            to_columns: link.target_columns,
        })
        .collect();
        Ok(Some(DiagramRows {
            database_name,
            provider,
            tables,
            links,
        }))
    }

    /// The columns of some tables of a database, in their order; tables that it has not, or has no
    /// longer, are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn diagram_columns(
        &self,
        database_id: &DatabaseId,
        tables: &[TableId],
    ) -> Result<Vec<(TableId, Vec<DiagramColumn>)>, StoreError> {
        let tables: Vec<i64> = tables.iter().map(|table| table.0).collect();
        let rows = sqlx::query!(
            r#"select c.table_id, c.column_name, c.data_type, c.is_primary_key, c.is_nullable,
                c.is_unique
            from columns c join tables t on t.id = c.table_id
            where t.database_id = $1 and t.id = any($2) and t.gone_at is null
                and c.gone_at is null
            order by c.table_id, c.column_position, c.id"#,
            database_id.as_str(),
            &tables
        )
        .fetch_all(&self.pool)
        .await?;
        let mut found: Vec<(TableId, Vec<DiagramColumn>)> = Vec::new();
        for row in rows {
            let table = TableId(row.table_id);
            let column = DiagramColumn {
                name: row.column_name,
                data_type: row.data_type,
                primary_key: row.is_primary_key,
                nullable: row.is_nullable,
                unique: row.is_unique,
            };
            match found.last_mut() {
                Some((last, columns)) if *last == table => columns.push(column),
                _ => found.push((table, vec![column])),
            }
        }
        Ok(found)
    }

    /// The tables and columns of a database that have tags, in one statement: by table, each before
    /// its columns in their order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn diagram_tags(&self, database_id: &DatabaseId) -> Result<Vec<Tagged>, StoreError> {
        let rows = sqlx::query!(
            r#"select tagged.table_id as "table_id!", tagged.column_name, tagged.tags as "tags!"
            from (
                select t.id as table_id, null::text as column_name, 0 as place, t.tags
                from tables t
                where t.database_id = $1 and t.gone_at is null and t.table_type <> 'partition'
                    and cardinality(t.tags) > 0
                union all
                select c.table_id, c.column_name, c.column_position, c.tags
                from columns c join tables t on t.id = c.table_id
                where t.database_id = $1 and t.gone_at is null and t.table_type <> 'partition'
                    and c.gone_at is null and cardinality(c.tags) > 0
            ) tagged
            order by tagged.table_id, tagged.column_name is not null, tagged.place"#,
            database_id.as_str()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Tagged {
                table: TableId(row.table_id),
                column: row.column_name,
                tags: row.tags,
            })
            .collect())
    }

    /// Tables that disappeared from their source and have a place in a view, by schema and name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn diagram_ghosts(
        &self,
        database_id: &DatabaseId,
        view: &ViewId,
    ) -> Result<Vec<DiagramTable>, StoreError> {
        let rows = sqlx::query!(
            r#"select t.id, t.schema_name, t.table_name, t.table_type, c.names as "names!",
                c.types as "types!"
            from tables t
                join diagram_view_parts p on p.view_id = $2 and p.kind = 'place'
                    and p.subject = t.id::text and p.value is not null
                cross join lateral (
                    select coalesce(array_agg(c.column_name::text order by c.column_position, c.id),
                            '{}') as names,
                        coalesce(array_agg(c.data_type::text order by c.column_position, c.id),
                            '{}') as types
                    from columns c
                    where c.table_id = t.id and c.gone_at is null
                ) c
            where t.database_id = $1 and t.gone_at is not null and t.table_type <> 'partition'
            order by t.schema_name, t.table_name"#,
            database_id.as_str(),
            view.as_str()
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| DiagramTable {
                id: TableId(row.id),
                schema: row.schema_name,
                name: row.table_name,
                kind: TableKind::from_word(&row.table_type).unwrap_or_default(),
                row_count: None,
                columns: row
                    .names
                    .into_iter()
                    .zip(row.types)
                    .map(|(name, data_type)| DiagramColumn {
                        name,
                        data_type,
                        primary_key: false,
                        nullable: true,
                        unique: false,
                    })
                    .collect(),
            })
            .collect())
    }

    /// The layout that was kept under the key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layout_fetch(
        &self,
        database_id: &DatabaseId,
        key: &str,
    ) -> Result<Option<Value>, StoreError> {
        let layout = sqlx::query_scalar!(
            "select layout from diagram_layouts where database_id = $1 and key = $2",
            database_id.as_str(),
            key
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(layout)
    }

    /// Keeps a layout under the key, in the place of an older one, and lets go of the oldest of
    /// the database where there are too many. Nothing is kept for a database that is gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn layout_store(
        &self,
        database_id: &DatabaseId,
        key: &str,
        layout: &Value,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query!(
            r#"insert into diagram_layouts (database_id, key, layout)
            select id, $2, $3 from databases where id = $1
            on conflict (database_id, key)
                do update set layout = excluded.layout, created_at = clock_timestamp()"#,
            database_id.as_str(),
            key,
            layout
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            r#"delete from diagram_layouts
            where database_id = $1 and key in (
                select key from (
                    select key, row_number() over (order by created_at desc, key) as place
                    from diagram_layouts where database_id = $1
                ) as placed
                where place > $2
            )"#,
            database_id.as_str(),
            LAYOUTS_MAX
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}
