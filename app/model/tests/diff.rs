//! What two schemas' difference says, and what it keeps silent about.

use model::diff::{Aspect, Change, DiffCounts, ObjectKind, PartKind, Rename, SchemaDiff, Tally};
use model::schema::{
    Check, Column, ConstraintKind, EnumType, ForeignKey, Index, IndexPart, Key, PartitionOf,
    QualifiedName, ReferentialAction, Routine, Schema, Sequence, Table, TableKind, Trigger,
};

fn name(text: &str) -> QualifiedName {
    let (schema, name) = text.split_once('.').unwrap_or(("public", text));
    QualifiedName::new(schema, name)
}

/// A table from `name type` pairs; a type that ends in `!` allows no null.
fn table(called: &str, columns: &[(&str, &str)]) -> Table {
    let mut table = Table::new(name(called), TableKind::Table);
    table.columns = columns
        .iter()
        .map(|(column, data_type)| Column {
            name: (*column).to_owned(),
            data_type: data_type.trim_end_matches('!').to_owned(),
            nullable: !data_type.ends_with('!'),
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

fn index(called: &str, columns: &[&str]) -> Index {
    Index {
        name: called.to_owned(),
        method: "btree".to_owned(),
        unique: false,
        parts: columns
            .iter()
            .map(|column| IndexPart {
                column: Some((*column).to_owned()),
                text: (*column).to_owned(),
            })
            .collect(),
        include: Vec::new(),
        predicate: None,
        constraint: None,
    }
}

fn foreign_key(called: &str, column: &str, target: &str) -> ForeignKey {
    ForeignKey {
        name: called.to_owned(),
        columns: vec![column.to_owned()],
        target: name(target),
        target_columns: vec!["id".to_owned()],
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    }
}

fn key(called: &str, columns: &[&str]) -> Key {
    Key {
        name: called.to_owned(),
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
    }
}

fn orders() -> Table {
    let mut orders = table(
        "sales.orders",
        &[
            ("id", "bigint!"),
            ("customer_id", "bigint!"),
            ("total", "numeric(12,2)"),
            ("placed_at", "timestamp with time zone!"),
            ("note", "text"),
        ],
    );
    orders.primary_key = Some(key("orders_pkey", &["id"]));
    orders.foreign_keys.push(foreign_key(
        "orders_customer_id_fkey",
        "customer_id",
        "sales.customers",
    ));
    orders.indexes = vec![
        Index {
            unique: true,
            constraint: Some(ConstraintKind::PrimaryKey),
            ..index("orders_pkey", &["id"])
        },
        index("orders_customer", &["customer_id"]),
        index("orders_placed", &["placed_at"]),
    ];
    orders.checks.push(Check {
        name: "orders_total_check".to_owned(),
        expression: "total >= 0".to_owned(),
    });
    orders
}

fn customers() -> Table {
    table("sales.customers", &[("id", "bigint!"), ("email", "text!")])
}

#[test]
fn added_removed_and_altered_are_told_in_one_line() {
    let old = schema(vec![
        orders(),
        customers(),
        table("old", &[("id", "bigint")]),
    ]);
    let mut after = orders();
    after.columns[2].data_type = "numeric(14,2)".to_owned();
    after.columns[4].nullable = false;
    let new = schema(vec![
        after,
        table("archive.a", &[("id", "integer")]),
        table("archive.b", &[("x", "text"), ("y", "text")]),
        customers(),
    ]);
    let diff = SchemaDiff::between(&old, &new);
    assert_eq!(
        diff.summary(),
        "2 tables added, 1 removed, 1 altered, 2 columns altered"
    );
    let names: Vec<String> = diff.tables.iter().map(|it| it.name.to_string()).collect();
    assert_eq!(
        names,
        ["archive.a", "archive.b", "public.old", "sales.orders"]
    );
    let total = &diff.tables[3].columns[0];
    assert_eq!(total.name, "total");
    assert_eq!(total.alterations.len(), 1);
    assert_eq!(total.alterations[0].aspect, Aspect::DataType);
    assert_eq!(
        total.alterations[0].before.as_deref(),
        Some("numeric(12,2)")
    );
    assert_eq!(total.alterations[0].after.as_deref(), Some("numeric(14,2)"));
    let json = serde_json::to_string(&diff).expect("a diff can be written");
    let read: SchemaDiff = serde_json::from_str(&json).expect("and read again");
    assert_eq!(read, diff);
}

#[test]
fn order_of_tables_indexes_and_constraints_is_no_difference() {
    let mut shuffled = orders();
    shuffled.indexes.reverse();
    let old = schema(vec![orders(), customers()]);
    let new = schema(vec![customers(), shuffled]);
    let diff = SchemaDiff::between(&old, &new);
    assert!(diff.is_empty(), "{diff:?}");
    assert_eq!(diff.summary(), "No differences");
}

#[test]
fn a_column_put_in_between_moves_no_other() {
    let mut after = orders();
    let status = Column {
        name: "status".to_owned(),
        ..Column::default()
    };
    after.columns.insert(1, status);
    after.columns.remove(3);
    let diff = SchemaDiff::between(&schema(vec![orders()]), &schema(vec![after]));
    let told: Vec<(&str, Change)> = diff.tables[0]
        .columns
        .iter()
        .map(|it| (it.name.as_str(), it.change))
        .collect();
    assert_eq!(
        told,
        [("status", Change::Added), ("total", Change::Removed)]
    );
}

#[test]
fn a_column_taken_to_the_front_is_the_only_one_altered() {
    let mut after = orders();
    after.columns.rotate_right(1);
    let diff = SchemaDiff::between(&schema(vec![orders()]), &schema(vec![after]));
    assert_eq!(diff.counts().columns.altered, 1);
    let moved = &diff.tables[0].columns[0];
    assert_eq!(moved.name, "note");
    assert_eq!(moved.alterations[0].aspect, Aspect::Position);
    assert_eq!(
        moved.alterations[0].before.as_deref(),
        Some("5, after placed_at")
    );
    assert_eq!(moved.alterations[0].after.as_deref(), Some("1, first"));
}

#[test]
fn a_comment_is_a_difference_but_not_one_of_structure() {
    let mut after = orders();
    after.comment = Some("What customers bought".to_owned());
    after.columns[0].comment = Some("Never reused".to_owned());
    let diff = SchemaDiff::between(&schema(vec![orders()]), &schema(vec![after]));
    assert!(!diff.is_empty());
    assert!(!diff.is_structural());
    assert_eq!(diff.tables[0].change, Change::Commented);
    assert_eq!(diff.counts().tables, Tally::default());
    assert_eq!(diff.summary(), "2 comments altered");
}

#[test]
fn an_unknown_type_and_white_space_are_no_difference() {
    let mut old = table("v", &[("id", ""), ("n", "text")]);
    old.kind = TableKind::View;
    old.definition = Some("SELECT id,\n  n FROM t;".to_owned());
    let mut new = table("v", &[("id", "bigint"), ("n", "text")]);
    new.kind = TableKind::View;
    new.definition = Some("SELECT id, n FROM t".to_owned());
    assert!(SchemaDiff::between(&schema(vec![old.clone()]), &schema(vec![new.clone()])).is_empty());
    new.definition = Some("SELECT id, n FROM t WHERE n <> 'a  b'".to_owned());
    let diff = SchemaDiff::between(&schema(vec![old]), &schema(vec![new]));
    assert_eq!(diff.tables[0].alterations[0].aspect, Aspect::Definition);
    assert_eq!(diff.counts().views.altered, 1);
    assert_eq!(diff.counts().tables, Tally::default());
}

#[test]
fn a_constraint_under_another_name_is_renamed_and_a_primary_key_is_one() {
    let mut after = orders();
    after.indexes[1].name = "ix_customer".to_owned();
    after.primary_key = Some(key("pk_orders", &["id", "customer_id"]));
    // The index behind the key follows it, and is not told a second time.
    after.indexes[0] = Index {
        constraint: Some(ConstraintKind::PrimaryKey),
        ..index("pk_orders", &["id", "customer_id"])
    };
    after.foreign_keys[0].on_delete = ReferentialAction::Cascade;
    let diff = SchemaDiff::between(&schema(vec![orders()]), &schema(vec![after]));
    let parts = &diff.tables[0].parts;
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert_eq!(parts[0].kind, PartKind::PrimaryKey);
    assert_eq!(parts[0].before.as_deref(), Some("(id)"));
    assert_eq!(parts[0].after.as_deref(), Some("(id, customer_id)"));
    assert_eq!(
        parts[1].after.as_deref(),
        Some("(customer_id) → sales.customers(id) ON DELETE CASCADE")
    );
    assert_eq!(parts[2].renamed_from.as_deref(), Some("orders_customer"));
    let indexes = diff.counts().indexes;
    assert_eq!((indexes.renamed, indexes.altered), (1, 0));
}

fn partition(of: &str, called: &str, bounds: &str) -> Table {
    let mut partition = orders();
    partition.name = name(called);
    partition.kind = TableKind::Partition;
    partition.partition_of = Some(PartitionOf {
        parent: name(of),
        bounds: bounds.to_owned(),
    });
    partition
}

#[test]
fn partitions_stand_under_their_table_and_only_with_what_is_their_own() {
    let tables = |names: &[&str]| {
        let mut tables = vec![orders()];
        tables.extend(names.iter().map(|it| partition("sales.orders", it, it)));
        tables
    };
    let old = tables(&["sales.p1", "sales.p2", "sales.p3"]);
    let mut new = tables(&["sales.p2", "sales.p3", "sales.p4"]);
    for table in &mut new {
        table.columns[2].data_type = "numeric(20,2)".to_owned();
    }
    let own = new.iter_mut().find(|it| it.name.name == "p3");
    own.expect("it is there").columns[4].nullable = false;
    let diff = SchemaDiff::between(&schema(old), &schema(new));
    assert_eq!(diff.tables.len(), 1);
    let told: Vec<(&str, Change)> = diff.tables[0]
        .partitions
        .iter()
        .map(|it| (it.name.name.as_str(), it.change))
        .collect();
    assert_eq!(
        told,
        [
            ("p1", Change::Removed),
            ("p3", Change::Altered),
            ("p4", Change::Added)
        ]
    );
    assert_eq!(diff.tables[0].partitions[1].columns[0].name, "note");
    let counts = diff.counts();
    assert_eq!((counts.tables.altered, counts.columns.altered), (1, 1));
    assert_eq!(counts.partitions.altered, 1);
}

#[test]
fn a_new_partition_alters_the_table_s_page_but_not_the_table() {
    let part = partition("sales.orders", "sales.p1", "DEFAULT");
    let diff = SchemaDiff::between(
        &schema(vec![orders(), customers()]),
        &schema(vec![orders(), customers(), part]),
    );
    assert_eq!(diff.tables.len(), 1);
    assert_eq!(diff.tables[0].name, name("sales.orders"));
    assert_eq!(diff.summary(), "1 partition added");
}

#[test]
fn partitions_in_a_circle_and_without_a_parent_stand_alone() {
    let old = schema(vec![]);
    let new = schema(vec![
        partition("s.b", "s.a", "x"),
        partition("s.a", "s.b", "x"),
        partition("s.none", "s.c", "x"),
    ]);
    let diff = SchemaDiff::between(&old, &new);
    assert_eq!(diff.tables.len(), 3);
    assert_eq!(diff.counts().partitions.added, 3);
}

#[test]
fn enums_routines_and_triggers_have_their_place() {
    let mut old = schema(vec![orders()]);
    let values = |values: &[&str]| EnumType {
        name: name("mood"),
        values: values.iter().map(|it| (*it).to_owned()).collect(),
        comment: None,
    };
    let routine = |arguments: &str| Routine {
        name: name("f"),
        arguments: arguments.to_owned(),
    };
    let trigger = |table: &str| Trigger {
        name: "audit".to_owned(),
        table: name(table),
        definition: "CREATE TRIGGER audit …".to_owned(),
    };
    let mut new = old.clone();
    old.enums.push(values(&["sad", "ok"]));
    new.enums.push(values(&["sad", "ok", "happy"]));
    old.routines = vec![routine("integer"), routine("text")];
    new.routines = vec![routine("text"), routine("text, text")];
    new.triggers = vec![trigger("sales.orders"), trigger("elsewhere")];
    let diff = SchemaDiff::between(&old, &new);
    assert_eq!(diff.tables[0].parts[0].kind, PartKind::Trigger);
    let told: Vec<(ObjectKind, &str, Change)> = diff
        .objects
        .iter()
        .map(|it| (it.kind, it.detail.as_str(), it.change))
        .collect();
    assert_eq!(
        told,
        [
            (ObjectKind::Enum, "", Change::Altered),
            (ObjectKind::Routine, "integer", Change::Removed),
            (ObjectKind::Routine, "text, text", Change::Added),
            (ObjectKind::Trigger, "elsewhere", Change::Added),
        ]
    );
    let values = &diff.objects[0].alterations[0];
    assert_eq!(values.after.as_deref(), Some("sad, ok, happy"));
}

#[test]
fn a_sequence_comes_with_its_column_and_is_told_only_without_one() {
    let old = schema(vec![customers()]);
    let mut new = schema(vec![customers(), orders()]);
    let owned = |called: &str, table: &str, column: &str| Sequence {
        name: name(called),
        owned_by: Some((name(table), column.to_owned())),
    };
    new.sequences = vec![
        owned("orders_id_seq", "sales.orders", "id"),
        owned("customers_id_seq", "sales.customers", "id"),
    ];
    let diff = SchemaDiff::between(&old, &new);
    assert_eq!(diff.summary(), "1 table added, 1 sequence added");
    assert_eq!(diff.objects[0].name, name("customers_id_seq"));
}

fn mirrored(counts: DiffCounts) -> DiffCounts {
    let turn = |it: Tally| Tally {
        added: it.removed,
        removed: it.added,
        ..it
    };
    DiffCounts {
        tables: turn(counts.tables),
        views: turn(counts.views),
        partitions: turn(counts.partitions),
        columns: turn(counts.columns),
        keys: turn(counts.keys),
        foreign_keys: turn(counts.foreign_keys),
        indexes: turn(counts.indexes),
        checks: turn(counts.checks),
        triggers: turn(counts.triggers),
        enums: turn(counts.enums),
        domains: turn(counts.domains),
        sequences: turn(counts.sequences),
        routines: turn(counts.routines),
        comments: counts.comments,
    }
}

/// Small numbers from a seed (xorshift), so that names and types meet again and again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len() as u64);
        from.get(at).copied().unwrap_or_default()
    }

    fn column(&mut self) -> String {
        self.pick(&["id", "a", "b", "c", "d", "e"]).to_owned()
    }

    fn text(&mut self) -> Option<String> {
        (self.below(3) == 0).then(|| self.pick(&["x", "y"]).to_owned())
    }

    fn table(&mut self) -> Table {
        let called = ["p.a", "p.b", "p.c", "q.a", "q.b"];
        let mut it = Table::new(name(self.pick(&called)), TableKind::Table);
        it.comment = self.text();
        match self.below(5) {
            0 => {
                it.kind = TableKind::Partition;
                it.partition_of = Some(PartitionOf {
                    parent: name(self.pick(&called)),
                    bounds: self.pick(&["1", "2"]).to_owned(),
                });
            }
            1 => {
                it.kind = TableKind::View;
                it.definition = self.text();
            }
            _ => {}
        }
        for _ in 0..self.below(7) {
            it.columns.push(Column {
                name: self.column(),
                data_type: self.pick(&["", "integer", "text"]).to_owned(),
                nullable: self.below(2) == 0,
                default: self.text(),
                comment: self.text(),
                ..Column::default()
            });
        }
        if self.below(2) == 0 {
            it.primary_key = Some(key(self.pick(&["k", "l"]), &[&self.column()]));
        }
        for _ in 0..self.below(3) {
            let column = self.column();
            it.indexes
                .push(index(self.pick(&["i", "j", ""]), &[&column]));
            let target = self.pick(&called);
            it.foreign_keys
                .push(foreign_key(self.pick(&["f", "g"]), &column, target));
        }
        it
    }

    fn schema(&mut self) -> Schema {
        let mut schema = schema((0..self.below(6)).map(|_| self.table()).collect());
        for _ in 0..self.below(3) {
            schema.enums.push(EnumType {
                name: name(self.pick(&["m", "n"])),
                values: vec![self.column()],
                comment: self.text(),
            });
            schema.sequences.push(Sequence {
                name: name(self.pick(&["s", "t"])),
                owned_by: Some((name(self.pick(&["p.a", "p.b"])), self.column())),
            });
            schema.triggers.push(Trigger {
                name: self.column(),
                table: name(self.pick(&["p.a", "p.b", "z"])),
                definition: self.column(),
            });
        }
        schema
    }
}

#[test]
fn the_way_back_counts_the_same_and_nothing_differs_from_itself() {
    let mut dice = Dice(0x5eed);
    let (mut differing, mut proposed) = (0, 0);
    for round in 0..4_000 {
        let (a, b) = (dice.schema(), dice.schema());
        let itself = SchemaDiff::between(&a, &a);
        assert!(itself.is_empty(), "round {round}: {itself:?}");
        let (there, back) = (SchemaDiff::between(&a, &b), SchemaDiff::between(&b, &a));
        assert_eq!(
            there.counts(),
            mirrored(back.counts()),
            "round {round}:\n{a:#?}\n{b:#?}"
        );
        assert_eq!(there.is_empty(), back.is_empty(), "round {round}");
        assert_eq!(there.is_structural(), back.is_structural(), "round {round}");
        differing += usize::from(there.counts().columns.altered > 0);
        for proposal in there.renames() {
            proposed += 1;
            let told = SchemaDiff::with_renames(&a, &b, std::slice::from_ref(&proposal.rename));
            let counts = told.counts();
            let renamed = match proposal.rename {
                Rename::Table { .. } => counts.tables.renamed + counts.views.renamed,
                Rename::Column { .. } => told
                    .tables
                    .iter()
                    .flat_map(|it| &it.columns)
                    .filter(|it| it.renamed_from.is_some())
                    .count() as u32,
            };
            assert_eq!(renamed, 1, "round {round}: {proposal:?}\n{a:#?}\n{b:#?}");
        }
    }
    assert!(
        differing > 400 && proposed > 400,
        "the generator has become dull: {differing}, {proposed}"
    );
}
