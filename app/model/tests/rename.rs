//! Which renames are proposed, and what is told once one is confirmed.

use model::diff::{Change, Rename, SchemaDiff};
use model::schema::{
    Check, Column, ForeignKey, Index, IndexPart, Key, QualifiedName, ReferentialAction, Schema,
    Sequence, Table, TableKind,
};

fn name(text: &str) -> QualifiedName {
    let (schema, name) = text.split_once('.').unwrap_or(("public", text));
    QualifiedName::new(schema, name)
}

fn table(called: &str, columns: &[(&str, &str)]) -> Table {
    let mut table = Table::new(name(called), TableKind::Table);
    table.columns = columns
        .iter()
        .map(|(column, data_type)| Column {
            name: (*column).to_owned(),
            data_type: (*data_type).to_owned(),
            ..Column::default()
        })
        .collect();
    table
}

fn schema(tables: Vec<Table>) -> Schema {
    Schema {
        tables,
        ..Schema::default()
    }
}

const CUSTOMERS: [(&str, &str); 5] = [
    ("id", "bigint"),
    ("email", "text"),
    ("full_name", "text"),
    ("city", "text"),
    ("joined_at", "date"),
];

fn renames(old: &Schema, new: &Schema) -> Vec<Rename> {
    let proposals = SchemaDiff::between(old, new).renames();
    assert!(
        proposals
            .iter()
            .all(|it| (70..=100).contains(&it.score) && !it.reasons.is_empty()),
        "{proposals:?}"
    );
    proposals.into_iter().map(|it| it.rename).collect()
}

fn table_rename(old: &str, new: &str) -> Rename {
    Rename::Table {
        old: name(old),
        new: name(new),
    }
}

fn column_rename(table: &str, old: &str, new: &str) -> Rename {
    Rename::Column {
        table: name(table),
        old: old.to_owned(),
        new: new.to_owned(),
    }
}

#[test]
fn a_table_with_the_same_columns_is_proposed_with_its_reasons() {
    let old = schema(vec![table("crm.customers", &CUSTOMERS)]);
    let mut columns = CUSTOMERS.to_vec();
    columns.push(("phone", "text"));
    let new = schema(vec![
        table("crm.clients", &columns),
        table("crm.invoices", &[("id", "bigint"), ("total", "numeric")]),
    ]);
    let proposals = SchemaDiff::between(&old, &new).renames();
    assert_eq!(proposals.len(), 1, "{proposals:?}");
    assert_eq!(
        proposals[0].rename,
        table_rename("crm.customers", "crm.clients")
    );
    assert_eq!(
        proposals[0].reasons[0],
        "5 of 6 columns have the same name and type"
    );
}

#[test]
fn a_table_moved_to_another_schema_is_sure_and_wins_over_its_twin() {
    let old = schema(vec![table("a.customers", &CUSTOMERS)]);
    let new = schema(vec![
        table("b.archive", &CUSTOMERS),
        table("b.customers", &CUSTOMERS),
    ]);
    let proposals = SchemaDiff::between(&old, &new).renames();
    assert_eq!(proposals.len(), 1);
    assert_eq!(
        proposals[0].rename,
        table_rename("a.customers", "b.customers")
    );
    assert_eq!(proposals[0].score, 100);
    assert!(
        proposals[0]
            .reasons
            .contains(&"only the schema differs".to_owned())
    );
}

#[test]
fn a_table_that_moved_and_changed_is_still_proposed_by_its_name() {
    let old = schema(vec![table("a.tags", &[("id", "uuid"), ("label", "text")])]);
    let new = schema(vec![table("b.tags", &[("key", "uuid"), ("label", "text")])]);
    assert_eq!(renames(&old, &new), [table_rename("a.tags", "b.tags")]);
    let other = schema(vec![table("b.tags", &[("x", "bytea"), ("y", "date")])]);
    assert!(renames(&old, &other).is_empty());
}

#[test]
fn two_tables_of_an_id_and_a_name_are_not_one() {
    let pair = [("id", "integer"), ("name", "text")];
    let old = schema(vec![table("color", &pair)]);
    assert!(renames(&old, &schema(vec![table("weekday", &pair)])).is_empty());
    assert_eq!(
        renames(&old, &schema(vec![table("colors", &pair)])),
        [table_rename("color", "colors")]
    );
    let mut view = table("colors", &pair);
    view.kind = TableKind::View;
    assert!(renames(&old, &schema(vec![view])).is_empty());
}

#[test]
fn thousands_of_tables_moved_at_once_find_each_other() {
    let of = |space: &str| {
        let tables = (0..4_000).map(|number| {
            let own = format!("amount_{}", number / 40);
            let mut columns = CUSTOMERS.to_vec();
            columns.push((&own, "numeric"));
            table(&format!("{space}.t{number}"), &columns)
        });
        schema(tables.collect())
    };
    let found = renames(&of("old"), &of("new"));
    assert_eq!(found.len(), 4_000);
    for rename in found {
        let Rename::Table { old, new } = rename else {
            panic!("only tables were moved");
        };
        assert_eq!(old.name, new.name);
    }
}

#[test]
fn a_column_of_the_same_type_between_the_same_columns_is_proposed() {
    let old = schema(vec![table("customers", &CUSTOMERS)]);
    let mut columns = CUSTOMERS.to_vec();
    columns[1].0 = "mail_address";
    columns[4] = ("joined_on", "date");
    columns.push(("score", "integer"));
    let new = schema(vec![table("customers", &columns)]);
    assert_eq!(
        renames(&old, &new),
        [
            column_rename("customers", "joined_at", "joined_on"),
            column_rename("customers", "email", "mail_address"),
        ]
    );
}

#[test]
fn another_type_or_a_far_place_is_no_rename() {
    let old = schema(vec![table("customers", &CUSTOMERS)]);
    let mut retyped = CUSTOMERS;
    retyped[1] = ("mail", "bytea");
    assert!(renames(&old, &schema(vec![table("customers", &retyped)])).is_empty());
    let mut far: Vec<(&str, &str)> = CUSTOMERS.to_vec();
    far.remove(1);
    far.push(("e_mail", "text"));
    assert!(renames(&old, &schema(vec![table("customers", &far)])).is_empty());
}

#[test]
fn no_column_stands_in_two_proposals() {
    let old = schema(vec![table(
        "t",
        &[("id", "int"), ("first", "text"), ("last", "text")],
    )]);
    let new = schema(vec![table(
        "t",
        &[("id", "int"), ("first_name", "text"), ("last_name", "text")],
    )]);
    assert_eq!(
        renames(&old, &new),
        [
            column_rename("t", "first", "first_name"),
            column_rename("t", "last", "last_name"),
        ]
    );
}

/// Customers, and orders that refer to them with index, check and a numbered key.
fn shop(customers: &str, owner: &str) -> Schema {
    let mut parent = table(customers, &CUSTOMERS);
    parent.primary_key = Some(Key {
        name: "customers_pkey".to_owned(),
        columns: vec!["id".to_owned()],
    });
    let mut orders = table("orders", &[("id", "bigint"), (owner, "bigint")]);
    orders.foreign_keys.push(ForeignKey {
        name: "orders_fkey".to_owned(),
        columns: vec![owner.to_owned()],
        target: name(customers),
        target_columns: vec!["id".to_owned()],
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    });
    orders.indexes.push(Index {
        name: "orders_owner".to_owned(),
        method: "btree".to_owned(),
        unique: false,
        parts: vec![IndexPart {
            column: Some(owner.to_owned()),
            text: format!("{owner} DESC"),
        }],
        include: Vec::new(),
        predicate: Some(format!("{owner} > 0")),
        constraint: None,
    });
    orders.checks.push(Check {
        name: "orders_check".to_owned(),
        expression: format!("{owner} <> 7"),
    });
    let sequence = name(&format!("{customers}_id_seq"));
    for id in parent.columns.iter_mut().take(1) {
        id.default = Some(format!("nextval('{sequence}'::regclass)"));
    }
    let mut view = table("v", &[("id", "bigint")]);
    view.kind = TableKind::View;
    view.definition = Some(format!("SELECT {customers}.id FROM {customers}"));
    let mut shop = schema(vec![parent, orders, view]);
    shop.sequences.push(Sequence {
        name: sequence,
        owned_by: Some((name(customers), "id".to_owned())),
    });
    shop
}

#[test]
fn confirmed_renames_are_all_that_is_told_where_nothing_else_differs() {
    let (old, new) = (
        shop("customers", "customer_id"),
        shop("clients", "client_id"),
    );
    let plain = SchemaDiff::between(&old, &new);
    assert_eq!(plain.counts().tables.added, 1);
    let confirmed: Vec<Rename> = plain.renames().into_iter().map(|it| it.rename).collect();
    assert_eq!(
        confirmed,
        [
            table_rename("customers", "clients"),
            column_rename("orders", "customer_id", "client_id"),
        ]
    );
    let told = SchemaDiff::with_renames(&old, &new, &confirmed);
    assert_eq!(
        told.summary(),
        "1 table renamed, 1 altered, 1 column renamed",
        "{told:#?}"
    );
    assert_eq!(told.tables[0].renamed_from, Some(name("customers")));
    let column = &told.tables[1].columns[0];
    assert_eq!(column.renamed_from.as_deref(), Some("customer_id"));
    assert_eq!(column.change, Change::Altered);
    assert!(column.alterations.is_empty());
}

#[test]
fn what_else_differs_on_a_renamed_table_is_told() {
    let (old, mut new) = (shop("customers", "c"), shop("clients", "c"));
    new.tables[0].columns[3].nullable = true;
    new.tables[1].foreign_keys[0].on_delete = ReferentialAction::Cascade;
    let told = SchemaDiff::with_renames(&old, &new, &[table_rename("customers", "clients")]);
    assert_eq!(
        told.summary(),
        "1 table renamed, 2 altered, 1 column altered, 1 foreign key altered"
    );
    assert_eq!(
        told.tables[1].parts[0].before.as_deref(),
        Some("(c) → public.clients(id)")
    );
}

#[test]
fn renames_that_cannot_be_are_passed_over() {
    let old = schema(vec![table("a", &CUSTOMERS), table("b", &CUSTOMERS)]);
    let new = schema(vec![table("b", &CUSTOMERS), table("c", &CUSTOMERS)]);
    let plain = SchemaDiff::between(&old, &new);
    for wrong in [
        table_rename("a", "b"),
        table_rename("a", "missing"),
        table_rename("missing", "c"),
        column_rename("b", "email", "mail"),
        column_rename("nowhere", "x", "y"),
    ] {
        assert_eq!(SchemaDiff::with_renames(&old, &new, &[wrong]), plain);
    }
    let twice = [table_rename("a", "c"), table_rename("b", "c")];
    assert_eq!(
        SchemaDiff::with_renames(&old, &new, &twice).summary(),
        "1 table renamed"
    );
}
