//! What is found in a schema, and what is rightly passed over.

use model::catalog::ColumnStatistics;
use model::finding::{FINDINGS_PER_KIND_MAX, Facts, Finding, FindingKind, Severity, findings};
use model::schema::{
    Column, ConstraintKind, ForeignKey, Index, IndexPart, Key, PartitionOf, QualifiedName,
    ReferentialAction, Schema, Table, TableKind,
};

fn name(text: &str) -> QualifiedName {
    QualifiedName::new("public", text)
}

/// A table with a primary key on its first column.
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
    table.primary_key = columns.first().map(|(column, _)| key("pk", &[column]));
    table
}

fn key(called: &str, columns: &[&str]) -> Key {
    Key {
        name: called.to_owned(),
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn index(called: &str, parts: &[&str]) -> Index {
    Index {
        name: called.to_owned(),
        method: "btree".to_owned(),
        unique: false,
        parts: parts
            .iter()
            .map(|part| IndexPart {
                column: part.split(' ').next().map(str::to_owned),
                text: (*part).to_owned(),
            })
            .collect(),
        include: Vec::new(),
        predicate: None,
        constraint: None,
    }
}

fn reference(columns: &[&str], target: &str, target_columns: &[&str]) -> ForeignKey {
    ForeignKey {
        name: "fk".to_owned(),
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        target: name(target),
        target_columns: target_columns.iter().map(|it| (*it).to_owned()).collect(),
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    }
}

fn found(tables: Vec<Table>) -> Vec<Finding> {
    let schema = Schema {
        tables,
        ..Schema::default()
    };
    findings(&schema, &Facts::default())
}

fn kinds(tables: Vec<Table>) -> Vec<FindingKind> {
    found(tables).into_iter().map(|it| it.kind).collect()
}

fn child(indexes: Vec<Index>) -> Vec<Table> {
    let mut child = table("child", &[("id", "bigint"), ("a", "bigint"), ("b", "text")]);
    child
        .foreign_keys
        .push(reference(&["a", "b"], "parent", &["x", "y"]));
    child.indexes = indexes;
    vec![child, table("parent", &[("x", "bigint"), ("y", "text")])]
}

#[test]
fn a_foreign_key_wants_an_index_that_begins_with_its_columns() {
    let told = found(child(vec![index("late", &["id", "a", "b"])]));
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].kind, FindingKind::ForeignKeyWithoutIndex);
    assert_eq!(told[0].severity, Severity::Warning);
    assert_eq!(told[0].column.as_deref(), Some("a"));
    assert_eq!(
        told[0].reason,
        "No index begins with a, b, the columns of the foreign key fk to public.parent."
    );
    assert_eq!(kinds(child(vec![index("half", &["a"])])).len(), 1);
    assert!(kinds(child(vec![index("turned", &["b", "a DESC", "id"])])).is_empty());
}

#[test]
fn a_partial_index_serves_a_foreign_key_only_if_it_leaves_out_nulls_alone() {
    let partial = |predicate: &str| {
        vec![Index {
            predicate: Some(predicate.to_owned()),
            ..index("partial", &["a", "b"])
        }]
    };
    assert_eq!(kinds(child(partial("deleted = false"))).len(), 1);
    assert_eq!(kinds(child(partial("id IS NOT NULL"))).len(), 1);
    assert!(kinds(child(partial("(a IS NOT NULL)"))).is_empty());
    let gin = Index {
        method: "gin".to_owned(),
        ..index("gin", &["a", "b"])
    };
    assert_eq!(kinds(child(vec![gin])).len(), 1);
}

#[test]
fn tables_want_a_primary_key_views_and_partitions_do_not() {
    let bare = |called: &str, kind| {
        let mut bare = table(called, &[("a", "text")]);
        bare.primary_key = None;
        bare.kind = kind;
        bare
    };
    let below = |called: &str, parent: &str| {
        let mut partition = bare(called, TableKind::Partition);
        partition.partition_of = Some(PartitionOf {
            parent: name(parent),
            bounds: "DEFAULT".to_owned(),
        });
        partition
    };
    let told = found(vec![
        bare("t", TableKind::Table),
        bare("v", TableKind::View),
        bare("f", TableKind::ForeignTable),
        table("keyed", &[("a", "text")]),
        below("keyed_p", "keyed"),
        below("lost_p", "nowhere"),
    ]);
    let places: Vec<&str> = told.iter().map(|it| it.table.name.as_str()).collect();
    assert_eq!(places, ["lost_p", "t"]);
    let mut unique = bare("u", TableKind::Table);
    unique.unique_keys.push(key("u_a_key", &["a"]));
    let reason = &found(vec![unique])[0].reason;
    assert!(reason.contains("u_a_key could be one"), "{reason}");
}

#[test]
fn indexes_that_repeat_or_begin_another_are_told_once() {
    let mut it = table("t", &[("id", "bigint"), ("a", "text"), ("b", "text")]);
    it.indexes = vec![
        Index {
            unique: true,
            constraint: Some(ConstraintKind::PrimaryKey),
            ..index("pk", &["id"])
        },
        index("again", &["id"]),
        index("a1", &["a"]),
        index("a2", &["a"]),
        index("ab", &["a", "b"]),
    ];
    let told: Vec<(FindingKind, String)> = found(vec![it])
        .into_iter()
        .map(|it| (it.kind, it.reason))
        .collect();
    assert_eq!(
        told,
        [
            (
                FindingKind::DuplicateIndex,
                "The index a2 repeats a1: both are on a.".to_owned()
            ),
            (
                FindingKind::DuplicateIndex,
                "The index again repeats pk: both are on id.".to_owned()
            ),
            (
                FindingKind::PrefixIndex,
                "The index a1 is covered by ab, which begins with the same a.".to_owned()
            ),
        ]
    );
}

#[test]
fn indexes_that_differ_in_what_they_do_are_kept() {
    let mut it = table("t", &[("id", "bigint"), ("a", "text"), ("b", "text")]);
    it.indexes = vec![
        index("ab", &["a", "b"]),
        Index {
            unique: true,
            ..index("guard", &["a"])
        },
        Index {
            predicate: Some("b IS NULL".to_owned()),
            ..index("partial", &["a"])
        },
        Index {
            method: "hash".to_owned(),
            ..index("hash", &["a"])
        },
        Index {
            include: vec!["id".to_owned()],
            ..index("carries", &["a"])
        },
        index("down", &["a DESC"]),
    ];
    assert!(found(vec![it.clone()]).is_empty(), "{:?}", found(vec![it]));
}

#[test]
fn types_across_a_foreign_key_are_compared_in_one_spelling() {
    let mut child = table("child", &[("id", "int4"), ("parent_id", "int(11)")]);
    child
        .foreign_keys
        .push(reference(&["parent_id"], "parent", &["id"]));
    child.indexes.push(index("i", &["parent_id"]));
    let parent = |data_type: &str| table("parent", &[("id", data_type)]);
    assert!(found(vec![child.clone(), parent("serial")]).is_empty());
    assert!(found(vec![child.clone(), parent("")]).is_empty());
    let told = found(vec![child, parent("bigint")]);
    assert_eq!(told[0].kind, FindingKind::ForeignKeyTypeMismatch);
    assert_eq!(
        told[0].reason,
        "parent_id is int(11), but public.parent.id, to which it refers, is bigint."
    );
}

#[test]
fn the_odd_type_of_a_shared_name_is_told() {
    let of = |called: &str, data_type: &str| table(called, &[("sku", data_type)]);
    let told = found(vec![of("a", "text"), of("b", "integer"), of("c", "text")]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].table, name("b"));
    assert_eq!(
        told[0].reason,
        "sku is integer here and text in 2 other tables."
    );
    // Two tables are no habit, and without a majority nothing is odd.
    assert!(found(vec![of("a", "text"), of("b", "integer")]).is_empty());
    assert!(found(vec![of("a", "text"), of("b", "integer"), of("c", "date")]).is_empty());
}

#[test]
fn statistics_and_usage_speak_only_where_they_are_known() {
    let schema = Schema {
        tables: vec![
            table(
                "t",
                &[
                    ("id", "bigint"),
                    ("old", "text"),
                    ("rare", "text"),
                    ("full", "text"),
                ],
            ),
            table("unseen", &[("id", "bigint")]),
        ],
        ..Schema::default()
    };
    let nulls = |fraction| ColumnStatistics {
        null_fraction: Some(fraction),
        ..ColumnStatistics::default()
    };
    let (all, most, some) = (nulls(1.0), nulls(0.9999), nulls(0.98));
    let statistics = |_: &QualifiedName, column: &str| match column {
        "old" => Some(&all),
        "rare" => Some(&most),
        "full" => Some(&some),
        _ => None,
    };
    let usage = |table: &QualifiedName| (table.name == "t").then_some(0);
    let facts = Facts {
        statistics: Some(&statistics),
        usage: Some(&usage),
    };
    let told: Vec<String> = findings(&schema, &facts)
        .into_iter()
        .map(|it| it.reason)
        .collect();
    assert_eq!(
        told,
        [
            "old is null in every row.",
            "rare is null in 99.9 % of the rows.",
            "No statement on record used this table.",
        ]
    );
    assert!(findings(&schema, &Facts::default()).is_empty());
}

#[test]
fn a_partitioned_table_is_used_through_its_partitions() {
    let mut parent = table("events", &[("id", "bigint")]);
    parent.partition_key = Some("RANGE (id)".to_owned());
    let mut part = table("events_1", &[("id", "bigint")]);
    part.kind = TableKind::Partition;
    part.partition_of = Some(PartitionOf {
        parent: name("events"),
        bounds: "DEFAULT".to_owned(),
    });
    let schema = Schema {
        tables: vec![parent, part],
        ..Schema::default()
    };
    let told = |runs: u64| {
        let usage = |table: &QualifiedName| Some(if table.name == "events" { 0 } else { runs });
        let facts = Facts {
            statistics: None,
            usage: Some(&usage),
        };
        findings(&schema, &facts).len()
    };
    assert_eq!((told(3), told(0)), (0, 1));
}

#[test]
fn findings_are_bounded_for_each_kind() {
    let mut tables: Vec<Table> = (0..FINDINGS_PER_KIND_MAX + 20)
        .map(|number| Table::new(name(&format!("t{number:04}")), TableKind::Table))
        .collect();
    tables.reverse();
    tables.extend(child(Vec::new()));
    let told = found(tables);
    let of = |kind| told.iter().filter(|it| it.kind == kind).count();
    assert_eq!(of(FindingKind::NoPrimaryKey), FINDINGS_PER_KIND_MAX);
    assert_eq!(of(FindingKind::ForeignKeyWithoutIndex), 1);
    assert_eq!(told[1].table, name("t0000"));
}
