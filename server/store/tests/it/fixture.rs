//! A small shop, as an importer would hand it over.

use model::catalog::{DatabaseOrigin, DatabaseSummary};
use model::id::DatabaseId;
use model::import::{ImportProblem, ImportReport};
use model::schema::{
    Check, Column, ConstraintKind, Domain, EnumType, Exclusion, ForeignKey, Index, IndexPart, Key,
    PartitionOf, QualifiedName, ReferentialAction, Routine, Schema, Sequence, Table, TableKind,
    Trigger,
};
use store::Store;
use store::audit::AuditEntry;
use store::schema_write::NewDatabase;

pub(crate) fn name(text: &str) -> QualifiedName {
    let (schema, name) = text.split_once('.').unwrap();
    QualifiedName::new(schema, name)
}

pub(crate) fn database_id(number: u8) -> DatabaseId {
    DatabaseId::from_entropy([number; 10])
}

pub(crate) fn new_database(number: u8, name: &str) -> NewDatabase {
    NewDatabase {
        id: database_id(number),
        name: name.to_owned(),
        provider: "postgresql".to_owned(),
        origin: DatabaseOrigin::Script,
        sql_content: Some("create table …".to_owned()),
        report: Some(report()),
        created_by: None,
        source: None,
    }
}

pub(crate) fn report() -> ImportReport {
    ImportReport {
        statements_read: 12,
        problems: vec![ImportProblem {
            line: 7,
            excerpt: "create tabel x".to_owned(),
            message: "Unknown statement.".to_owned(),
        }],
        problems_total: 1,
        ..ImportReport::default()
    }
}

/// Imports the shop as database 1.
pub(crate) async fn shop_import(store: &Store) -> DatabaseSummary {
    import(store, 1, "Shop", &shop()).await
}

pub(crate) async fn import(
    store: &Store,
    number: u8,
    name: &str,
    schema: &Schema,
) -> DatabaseSummary {
    store
        .schema_import(
            &new_database(number, name),
            schema,
            &AuditEntry::new("CREATE", "database"),
        )
        .await
        .unwrap()
}

/// A table whose first column is its primary key.
pub(crate) fn table(qualified: &str, columns: &[&str]) -> Table {
    let mut table = Table::new(name(qualified), TableKind::Table);
    table.columns = columns
        .iter()
        .map(|column| Column {
            name: (*column).to_owned(),
            data_type: "bigint".to_owned(),
            nullable: *column != columns[0],
            ..Column::default()
        })
        .collect();
    let key = format!("{}_pkey", table.name.name);
    table.primary_key = Some(Key {
        name: key.clone(),
        columns: vec![columns[0].to_owned()],
    });
    table.indexes = vec![index(
        &key,
        true,
        &[columns[0]],
        Some(ConstraintKind::PrimaryKey),
    )];
    table
}

pub(crate) fn index(
    name: &str,
    unique: bool,
    columns: &[&str],
    constraint: Option<ConstraintKind>,
) -> Index {
    Index {
        name: name.to_owned(),
        method: "btree".to_owned(),
        unique,
        parts: columns
            .iter()
            .map(|column| IndexPart {
                column: Some((*column).to_owned()),
                text: (*column).to_owned(),
            })
            .collect(),
        include: Vec::new(),
        predicate: None,
        constraint,
    }
}

pub(crate) fn foreign_key(column: &str, target: &str, target_column: &str) -> ForeignKey {
    ForeignKey {
        name: format!("{column}_fkey"),
        columns: vec![column.to_owned()],
        target: name(target),
        target_columns: vec![target_column.to_owned()],
        on_delete: ReferentialAction::Cascade,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    }
}

pub(crate) fn shop() -> Schema {
    let mut customers = table("sales.customers", &["id", "email", "full_name"]);
    customers.comment = Some("Everybody who ever bought".to_owned());
    customers.columns[1].data_type = "text".to_owned();
    customers.columns[1].comment = Some("Where the receipt goes".to_owned());
    customers.columns[0].identity = Some("always".to_owned());
    customers.unique_keys.push(Key {
        name: "customers_email_key".to_owned(),
        columns: vec!["email".to_owned()],
    });
    customers.indexes.push(index(
        "customers_email_key",
        true,
        &["email"],
        Some(ConstraintKind::Unique),
    ));

    let mut orders = table("sales.orders", &["id", "customer_id", "total", "placed_at"]);
    orders
        .foreign_keys
        .push(foreign_key("customer_id", "sales.customers", "id"));
    orders.checks.push(Check {
        name: "orders_total_check".to_owned(),
        expression: "total >= 0".to_owned(),
    });
    orders.exclusions.push(Exclusion {
        name: "orders_excl".to_owned(),
        definition: "USING gist (id WITH =)".to_owned(),
    });
    orders.columns[2].default = Some("0".to_owned());
    let mut by_customer = index(
        "orders_customer",
        false,
        &["customer_id", "placed_at"],
        None,
    );
    by_customer.include = vec!["total".to_owned()];
    by_customer.predicate = Some("total > 0".to_owned());
    orders.indexes.push(by_customer);

    let mut lines = table(
        "sales.order_lines",
        &["id", "order_id", "parent_line_id", "sku"],
    );
    lines
        .foreign_keys
        .push(foreign_key("order_id", "sales.orders", "id"));
    lines
        .foreign_keys
        .push(foreign_key("parent_line_id", "sales.order_lines", "id"));
    lines
        .foreign_keys
        .push(foreign_key("sku", "stock.missing", "sku"));

    let mut events = table("web.events", &["id", "customer_id"]);
    events.partition_key = Some("RANGE (id)".to_owned());
    events
        .foreign_keys
        .push(foreign_key("customer_id", "sales.customers", "id"));
    let mut part = table("web.events_1", &["id", "customer_id"]);
    part.kind = TableKind::Partition;
    part.partition_of = Some(PartitionOf {
        parent: name("web.events"),
        bounds: "FOR VALUES FROM (1) TO (2)".to_owned(),
    });
    part.foreign_keys.push(ForeignKey {
        inherited: true,
        ..foreign_key("customer_id", "sales.customers", "id")
    });

    let mut view = Table::new(name("sales.big_orders"), TableKind::View);
    view.definition = Some("SELECT id FROM sales.orders WHERE total > 100".to_owned());
    view.columns.push(Column {
        name: "id".to_owned(),
        nullable: true,
        ..Column::default()
    });

    Schema {
        // Children before parents, as in a dump that declares keys at its end.
        tables: vec![part, lines, orders, customers, events, view],
        enums: vec![EnumType {
            name: name("sales.order_status"),
            values: vec!["placed".to_owned(), "it's \"paid\"".to_owned()],
            comment: None,
        }],
        domains: vec![Domain {
            name: name("sales.money"),
            data_type: "numeric(12,2)".to_owned(),
            nullable: false,
            default: None,
            checks: vec![Check {
                name: "money_check".to_owned(),
                expression: "VALUE >= 0".to_owned(),
            }],
            comment: None,
        }],
        sequences: vec![Sequence {
            name: name("sales.orders_id_seq"),
            owned_by: Some((name("sales.orders"), "id".to_owned())),
        }],
        triggers: vec![
            Trigger {
                name: "orders_touch".to_owned(),
                table: name("sales.orders"),
                definition: "CREATE TRIGGER orders_touch …".to_owned(),
            },
            Trigger {
                name: "lost".to_owned(),
                table: name("sales.nowhere"),
                definition: "CREATE TRIGGER lost …".to_owned(),
            },
        ],
        routines: vec![Routine {
            name: name("sales.touch"),
            arguments: "integer, text".to_owned(),
        }],
    }
}

/// A database of many tables: each has a key to the one before and twelve columns.
pub(crate) fn wide(tables: usize) -> Schema {
    const COLUMNS: [&str; 12] = [
        "id",
        "previous_id",
        "customer_name",
        "created_at",
        "updated_at",
        "status_code",
        "amount",
        "currency",
        "shipping_address",
        "notes",
        "is_active",
        "external_ref",
    ];
    let tables = (0..tables)
        .map(|number| {
            let mut made = table(&format!("s{}.table_{number:05}", number % 7), &COLUMNS);
            if number > 0 {
                let before = format!("s{}.table_{:05}", (number - 1) % 7, number - 1);
                made.foreign_keys
                    .push(foreign_key("previous_id", &before, "id"));
            }
            made
        })
        .collect();
    Schema {
        tables,
        ..Schema::default()
    }
}
