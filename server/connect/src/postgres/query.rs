//! The statements. `$1` is the list of schemas that may be read; the search path is empty, so
//! every unqualified name is one of the system.

/// Sets the transaction up. Functions are qualified: the search path is still the login's.
pub(super) const BEGIN: &str = "
    SELECT pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) AS version,
           pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS version_number,
           pg_catalog.set_config('statement_timeout', $1, true) AS statement_limit,
           pg_catalog.set_config('lock_timeout', $2, true) AS lock_limit,
           pg_catalog.set_config('search_path', '', true) AS path,
           pg_catalog.set_config('quote_all_identifiers', 'off', true) AS quotes,
           pg_catalog.set_config('intervalstyle', 'postgres', true) AS intervals";

/// Who and where we are.
pub(super) const SELF: &str = "
    SELECT current_user::text AS user_name, current_database()::text AS database_name,
           coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls,
           (SELECT count(*) FROM pg_namespace
            WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
              AND has_schema_privilege(oid, 'USAGE')) AS schema_count";

/// Schemas, those of the system left out.
pub(super) const SCHEMAS: &str = "
    SELECT oid, nspname::text AS schema_name, has_schema_privilege(oid, 'USAGE') AS readable
    FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    ORDER BY nspname";

/// Tables, views and the like.
pub(super) const RELATIONS: &str = "
    SELECT class.oid::int8 AS id, namespace.nspname::text AS schema_name,
           class.relname::text AS table_name, class.relkind::text AS kind,
           class.relispartition AS is_partition,
           pg_get_userbyid(class.relowner)::text AS owner,
           description.description AS comment,
           class.reltuples::float8 AS estimate, class.relpages AS pages,
           CASE WHEN class.relkind = 'p' THEN pg_get_partkeydef(class.oid) END AS partition_key,
           CASE WHEN class.relispartition
                THEN pg_get_expr(class.relpartbound, class.oid) END AS bounds,
           ARRAY(SELECT parent.inhparent::int8 FROM pg_inherits AS parent
                 WHERE parent.inhrelid = class.oid ORDER BY parent.inhseqno) AS parents
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    LEFT JOIN pg_description AS description
      ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid
     AND description.objsubid = 0
    WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f') AND class.relnamespace = ANY ($1)
      AND NOT EXISTS (SELECT FROM pg_depend AS owned
                      WHERE owned.classid = 'pg_class'::regclass AND owned.objid = class.oid
                        AND owned.deptype = 'e')
    ORDER BY namespace.nspname, class.relname";

/// Columns of all of them, in order.
pub(super) const COLUMNS: &str = "
    SELECT attribute.attrelid::int8 AS table_id, attribute.attnum AS number,
           attribute.attname::text AS column_name,
           format_type(attribute.atttypid, attribute.atttypmod) AS data_type,
           attribute.attnotnull AS not_null, attribute.attidentity::text AS identity,
           attribute.attgenerated::text AS generated,
           CASE WHEN attribute.atthasdef
                THEN pg_get_expr(expression.adbin, expression.adrelid) END AS expression,
           CASE WHEN attribute.attcollation <> type.typcollation
                THEN sorting.collname::text END AS collation_name,
           description.description AS comment
    FROM pg_attribute AS attribute
    JOIN pg_class AS class ON class.oid = attribute.attrelid
    JOIN pg_type AS type ON type.oid = attribute.atttypid
    LEFT JOIN pg_attrdef AS expression
      ON expression.adrelid = attribute.attrelid AND expression.adnum = attribute.attnum
    LEFT JOIN pg_collation AS sorting ON sorting.oid = attribute.attcollation
    LEFT JOIN pg_description AS description
      ON description.classoid = 'pg_class'::regclass
     AND description.objoid = attribute.attrelid AND description.objsubid = attribute.attnum
    WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f') AND class.relnamespace = ANY ($1)
      AND attribute.attnum > 0 AND NOT attribute.attisdropped
    ORDER BY attribute.attrelid, attribute.attnum";

/// Constraints of tables and domains. A foreign key into a schema that may not be read brings the
/// names of its target's columns along.
pub(super) const CONSTRAINTS: &str = "
    SELECT con.oid::int8 AS id, con.conparentid::int8 AS parent_id,
           con.conrelid::int8 AS table_id, con.contypid::int8 AS domain_id,
           con.contype::text AS kind, con.conname::text AS constraint_name,
           array_to_string(con.conkey, ' ') AS key_numbers,
           con.confrelid::int8 AS target_id, target_schema.nspname::text AS target_schema,
           target.relname::text AS target_table,
           array_to_string(con.confkey, ' ') AS target_numbers,
           con.confdeltype::text AS on_delete, con.confupdtype::text AS on_update,
           con.condeferrable AS is_deferrable,
           CASE con.contype WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid)
                            WHEN 'x' THEN pg_get_constraintdef(con.oid) END AS definition,
           CASE WHEN con.contype = 'f' AND target.relnamespace <> ALL ($1)
                THEN ARRAY(SELECT attribute.attname::text
                           FROM unnest(con.confkey) WITH ORDINALITY AS part (number, place)
                           JOIN pg_attribute AS attribute ON attribute.attrelid = con.confrelid
                            AND attribute.attnum = part.number
                           ORDER BY part.place) END AS target_columns
    FROM pg_constraint AS con
    LEFT JOIN pg_class AS target ON target.oid = con.confrelid
    LEFT JOIN pg_namespace AS target_schema ON target_schema.oid = target.relnamespace
    WHERE con.contype IN ('p', 'u', 'c', 'x', 'f') AND con.connamespace = ANY ($1)
    ORDER BY con.conrelid, con.conname, con.oid";

/// Indexes, with the constraint that each serves.
pub(super) const INDEXES: &str = "
    SELECT entry.indrelid::int8 AS table_id, entry.indexrelid::int8 AS id,
           class.relname::text AS index_name, method.amname::text AS method,
           entry.indisunique AS is_unique, entry.indnkeyatts AS key_count,
           entry.indkey::text AS numbers, pg_get_indexdef(entry.indexrelid) AS definition,
           pg_get_expr(entry.indpred, entry.indrelid) AS predicate, con.contype::text AS serves
    FROM pg_index AS entry
    JOIN pg_class AS class ON class.oid = entry.indexrelid
    JOIN pg_am AS method ON method.oid = class.relam
    LEFT JOIN pg_constraint AS con
      ON con.conrelid = entry.indrelid AND con.conindid = entry.indexrelid
     AND con.contype IN ('p', 'u', 'x')
    WHERE class.relnamespace = ANY ($1) AND entry.indislive
    ORDER BY entry.indrelid, class.relname";

/// Enumerated types and domains.
pub(super) const TYPES: &str = "
    SELECT type.oid::int8 AS id, namespace.nspname::text AS schema_name,
           type.typname::text AS type_name, type.typtype = 'd' AS is_domain,
           ARRAY(SELECT label.enumlabel::text FROM pg_enum AS label
                 WHERE label.enumtypid = type.oid ORDER BY label.enumsortorder) AS labels,
           format_type(type.typbasetype, type.typtypmod) AS data_type,
           type.typnotnull AS not_null,
           pg_get_expr(type.typdefaultbin, 'pg_type'::regclass) AS expression,
           description.description AS comment
    FROM pg_type AS type
    JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
    LEFT JOIN pg_description AS description
      ON description.classoid = 'pg_type'::regclass AND description.objoid = type.oid
     AND description.objsubid = 0
    WHERE type.typtype IN ('d', 'e') AND type.typnamespace = ANY ($1)
      AND NOT EXISTS (SELECT FROM pg_depend AS owned
                      WHERE owned.classid = 'pg_type'::regclass AND owned.objid = type.oid
                        AND owned.deptype = 'e')
    ORDER BY namespace.nspname, type.typname";

/// Sequences, with the column that owns each: by `serial` (a) or by identity (i).
pub(super) const SEQUENCES: &str = "
    SELECT namespace.nspname::text AS schema_name, class.relname::text AS sequence_name,
           owner.refobjid::int8 AS table_id, owner.refobjsubid AS number
    FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    LEFT JOIN pg_depend AS owner
      ON owner.classid = 'pg_class'::regclass AND owner.objid = class.oid
     AND owner.objsubid = 0 AND owner.refclassid = 'pg_class'::regclass
     AND owner.refobjsubid > 0 AND owner.deptype IN ('a', 'i')
    WHERE class.relkind = 'S' AND class.relnamespace = ANY ($1)
      AND NOT EXISTS (SELECT FROM pg_depend AS owned
                      WHERE owned.classid = 'pg_class'::regclass AND owned.objid = class.oid
                        AND owned.deptype = 'e')
    ORDER BY namespace.nspname, class.relname";

/// Triggers that people made. Until version 14 those that a partition has from its parent count as
/// internal, as those of foreign keys always do.
pub(super) const TRIGGERS: &str = "
    SELECT entry.oid::int8 AS id, entry.tgparentid::int8 AS parent_id,
           entry.tgrelid::int8 AS table_id, entry.tgname::text AS trigger_name,
           pg_get_triggerdef(entry.oid) AS definition
    FROM pg_trigger AS entry
    JOIN pg_class AS class ON class.oid = entry.tgrelid
    WHERE (NOT entry.tgisinternal OR entry.tgparentid <> 0 AND entry.tgconstraint = 0)
      AND class.relnamespace = ANY ($1)";

/// The same on version 12, which does not tell where a trigger comes from: those that partitions
/// have from their parents are left out.
pub(super) const TRIGGERS_12: &str = "
    SELECT entry.oid::int8 AS id, 0::int8 AS parent_id,
           entry.tgrelid::int8 AS table_id, entry.tgname::text AS trigger_name,
           pg_get_triggerdef(entry.oid) AS definition
    FROM pg_trigger AS entry
    JOIN pg_class AS class ON class.oid = entry.tgrelid
    WHERE NOT entry.tgisinternal AND class.relnamespace = ANY ($1)";

/// Functions, procedures and aggregates; those that come with a range type (i) were
/// made by nobody.
pub(super) const ROUTINES: &str = "
    SELECT namespace.nspname::text AS schema_name, routine.proname::text AS routine_name,
           pg_get_function_arguments(routine.oid) AS arguments
    FROM pg_proc AS routine
    JOIN pg_namespace AS namespace ON namespace.oid = routine.pronamespace
    WHERE routine.prokind IN ('f', 'p', 'w', 'a') AND routine.pronamespace = ANY ($1)
      AND NOT EXISTS (SELECT FROM pg_depend AS owned
                      WHERE owned.classid = 'pg_proc'::regclass AND owned.objid = routine.oid
                        AND owned.deptype IN ('e', 'i'))
    ORDER BY namespace.nspname, routine.proname, 3";

/// The queries behind views. The server locks what they read.
pub(super) const VIEWS: &str = "
    SELECT class.oid::int8 AS id, pg_get_viewdef(class.oid) AS definition
    FROM pg_class AS class
    WHERE class.relkind IN ('v', 'm') AND class.relnamespace = ANY ($1)";

/// Bytes on disk of tables and indexes. The server locks each for a moment.
pub(super) const SIZES: &str = "
    SELECT class.oid::int8 AS id, pg_table_size(class.oid) AS size_bytes
    FROM pg_class AS class
    WHERE class.relkind IN ('r', 'm', 'i') AND class.relnamespace = ANY ($1)";
