//! Relations that are proposed, and those that are not.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod name;
mod trap;

use model::relation::{
    CONFIDENCE_MIN, ColumnNote, End, Evidence, Hints, ObservedJoin, Options, Proposal, RelationId,
    Target, propose,
};
use model::schema::{
    Check, Column, EnumType, ForeignKey, Index, IndexPart, Key, QualifiedName, ReferentialAction,
    Schema, Table, TableKind,
};
use std::collections::BTreeSet;

/// Tables as lines: `schema.name: column type, …`; a type that ends in `*` is part of the primary
/// key, one in `!` is unique by itself, one in `?` may be null, and `serial` makes its values.
fn schema(text: &str) -> Schema {
    let mut schema = Schema::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, columns) = line.split_once(':').expect("a name");
        let (space, name) = name.split_once('.').unwrap_or(("public", name));
        let (kind, space) = match space.strip_prefix("view ") {
            Some(space) => (TableKind::MaterializedView, space),
            None => (TableKind::Table, space),
        };
        let mut table = Table::new(QualifiedName::new(space, name), kind);
        let mut primary = Vec::new();
        for column in columns.split(", ").map(str::trim) {
            let (name, data_type) = column.split_once(' ').expect("a type");
            let bare = data_type.trim_end_matches(['*', '!', '?']);
            if data_type.ends_with('*') {
                primary.push(name.to_owned());
            }
            if data_type.ends_with('!') {
                table.indexes.push(unique(name));
            }
            let made = bare == "serial";
            table.columns.push(Column {
                name: name.to_owned(),
                data_type: if made { "integer" } else { bare }.to_owned(),
                nullable: data_type.ends_with('?'),
                default: made.then(|| "nextval('s'::regclass)".to_owned()),
                ..Column::default()
            });
        }
        if !primary.is_empty() {
            table.primary_key = Some(Key {
                name: format!("{name}_pkey"),
                columns: primary,
            });
        }
        schema.tables.push(table);
    }
    schema
}

fn unique(column: &str) -> Index {
    Index {
        name: format!("{column}_key"),
        method: "btree".to_owned(),
        unique: true,
        parts: vec![IndexPart {
            column: Some(column.to_owned()),
            text: column.to_owned(),
        }],
        include: Vec::new(),
        predicate: None,
        constraint: None,
    }
}

fn declare(schema: &mut Schema, table: &str, column: &str, target: &str) {
    let key = ForeignKey {
        name: format!("{table}_{column}_fkey"),
        columns: vec![column.to_owned()],
        target: QualifiedName::new("public", target),
        target_columns: vec!["id".to_owned()],
        on_delete: ReferentialAction::NoAction,
        on_update: ReferentialAction::NoAction,
        deferrable: false,
        inherited: false,
    };
    let found = schema.tables.iter_mut().find(|it| it.name.name == table);
    found.expect("a table").foreign_keys.push(key);
}

fn end(table: &str, columns: &[&str]) -> End {
    let (space, name) = table.split_once('.').unwrap_or(("public", table));
    End::new(
        QualifiedName::new(space, name),
        columns.iter().map(|it| (*it).to_owned()).collect(),
    )
}

fn all(schema: &Schema) -> Vec<Proposal> {
    propose(schema, &Hints::default(), Options::default())
}

/// Proposals as `orders.customer_id > customers.id`, schemas other than public in front.
fn lines(schema: &Schema) -> BTreeSet<String> {
    let short = |end: &End| {
        let table = end.table.to_string();
        let table = table.strip_prefix("public.").unwrap_or(&table).to_owned();
        format!("{table}.{}", end.columns.join("+"))
    };
    all(schema)
        .iter()
        .map(|it| match &it.to {
            Target::Key(to) => format!("{} > {}", short(&it.from), short(to)),
            Target::Polymorphic { type_column, among } => {
                let among: Vec<String> = among.iter().map(short).collect();
                format!(
                    "{} > by {type_column} [{}]",
                    short(&it.from),
                    among.join(" ")
                )
            }
        })
        .collect()
}

#[track_caller]
fn expect(text: &str, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(lines(&schema(text)), expected);
}

fn only(schema: &Schema) -> Proposal {
    let mut found = all(schema);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn a_table_refers_to_itself() {
    expect(
        "categories: id serial*, parent_id integer
         genders: id serial*, parent integer
         posts: id serial*, in_reply_to_id integer, title text
         design_sessions: id serial*, parent_design_session_id integer",
        &[
            "categories.parent_id > categories.id",
            "genders.parent > genders.id",
            "posts.in_reply_to_id > posts.id",
            "design_sessions.parent_design_session_id > design_sessions.id",
        ],
    );
}

#[test]
fn people_are_found_by_what_they_have() {
    expect(
        "editor: id serial*, email text, password text, last_login text
         documents: id serial*, created_by integer, owner_id integer, updated_by text",
        &[
            "documents.created_by > editor.id",
            "documents.owner_id > editor.id",
        ],
    );
}

#[test]
fn a_table_that_joins_two_others_is_named_after_them() {
    expect(
        "area: id serial*, name text
         work: id serial*, name text
         l_area_work: id serial*, entity0 integer, entity1 integer
         l_area_area: id serial*, entity0 integer, entity1 integer",
        &[
            "l_area_work.entity0 > area.id",
            "l_area_work.entity1 > work.id",
            "l_area_area.entity0 > area.id",
            "l_area_area.entity1 > area.id",
        ],
    );
}

#[test]
fn a_table_that_makes_no_key_of_its_own_adds_to_another() {
    expect(
        "artist: id serial*, name text
         artist_meta: id integer*, rating integer
         label: id serial*, name text",
        &["artist_meta.id > artist.id"],
    );
    // Where the application makes all keys, that tells nothing.
    expect(
        "artist: id integer*, name text
         artist_meta: id integer*, rating integer",
        &[],
    );
}

#[test]
fn keys_of_several_columns_are_matched_as_a_whole() {
    let schema = schema(
        "orders: id serial*, note text
         order_lines: order_id integer*, line_no integer*, amount numeric(10,2)
         order_line_notes: id serial*, line_no integer, order_id integer, note text
         shelves: id serial*, order_id integer, name text",
    );
    assert_eq!(
        lines(&schema),
        [
            "order_lines.order_id > orders.id",
            "order_line_notes.order_id > orders.id",
            "order_line_notes.order_id+line_no > order_lines.order_id+line_no",
            "shelves.order_id > orders.id",
        ]
        .map(str::to_owned)
        .into()
    );
    let found = all(&schema);
    let whole = found.iter().find(|it| it.from.columns.len() == 2);
    assert_eq!(whole.expect("one").evidence, Evidence::CompositeKey);
}

#[test]
fn a_key_of_several_columns_is_no_target_for_one() {
    expect(
        "projects: project_id integer*, customer_id integer*
         tasks: id serial*, project_id integer",
        &[],
    );
}

#[test]
fn a_pair_of_type_and_id_is_one_proposal_without_a_target() {
    let mut schema = schema(
        "posts: id serial*, title text
         photos: id serial*, title text
         comments: id serial*, commentable_type text, commentable_id integer
         orders: id serial*, kind text
         shipments: id serial*, order_type text, order_id integer",
    );
    assert_eq!(
        lines(&schema),
        [
            "comments.commentable_id > by commentable_type []",
            "shipments.order_id > orders.id",
        ]
        .map(str::to_owned)
        .into()
    );
    let pair = &all(&schema)[0];
    assert_eq!(pair.id().to, None);
    // A check tells the values.
    schema.tables[2].checks.push(Check {
        name: "known".to_owned(),
        expression: "commentable_type IN ('Post', 'App\\Models\\Photo', 'Moon')".to_owned(),
    });
    assert!(
        lines(&schema)
            .contains("comments.commentable_id > by commentable_type [posts.id photos.id]")
    );
    // An enumerated type does so too.
    schema.tables[2].checks.clear();
    schema.tables[2].columns[1].data_type = "subject".to_owned();
    schema.enums.push(EnumType {
        name: QualifiedName::new("public", "subject"),
        values: vec!["photo".to_owned()],
        comment: None,
    });
    assert!(lines(&schema).contains("comments.commentable_id > by commentable_type [photos.id]"));
}

#[test]
fn habits_tell_what_names_do_not() {
    let mut schema = schema(
        "accounts: id serial*, title text
         invoices: id serial*, payer integer
         orders: id serial*, payer integer
         refunds: id serial*, payer integer",
    );
    assert_eq!(lines(&schema), BTreeSet::new());
    declare(&mut schema, "invoices", "payer", "accounts");
    declare(&mut schema, "orders", "payer", "accounts");
    let found = only(&schema);
    assert_eq!(found.from, end("refunds", &["payer"]));
    assert_eq!(found.evidence, Evidence::Habit);
    // What somebody accepted is a habit as well, and is not proposed again.
    let hints = Hints {
        accepted: vec![(end("refunds", &["payer"]), end("accounts", &["id"]))],
        ..Hints::default()
    };
    assert_eq!(propose(&schema, &hints, Options::default()), []);
}

#[test]
fn what_is_declared_is_not_proposed() {
    let mut schema = schema(
        "customers: id serial*, name text
         orders: id serial*, customer_id integer",
    );
    assert_eq!(all(&schema).len(), 1);
    declare(&mut schema, "orders", "customer_id", "customers");
    assert_eq!(all(&schema), []);
}

#[test]
fn joins_that_queries_make_speak_for_a_relation() {
    let schema = schema(
        "stars: id serial*, name text
         sightings: id serial*, seen integer, noted_on date
         notes: id serial*, about integer",
    );
    assert_eq!(all(&schema), []);
    let join = |left: End, right: End, count| ObservedJoin { left, right, count };
    let hints = Hints {
        joins: vec![
            join(end("stars", &["id"]), end("sightings", &["seen"]), 40),
            // Neither is a key: both mean a third.
            join(end("sightings", &["seen"]), end("notes", &["about"]), 40),
            // No such column.
            join(end("stars", &["id"]), end("notes", &["gone"]), 40),
        ],
        ..Hints::default()
    };
    let found = propose(&schema, &hints, Options::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].from, end("sightings", &["seen"]));
    assert_eq!(found[0].to, Target::Key(end("stars", &["id"])));
    assert_eq!(found[0].evidence, Evidence::Join);
    assert!(found[0].reason.contains("40 times"), "{}", found[0].reason);
}

#[test]
fn comments_and_notes_name_tables() {
    let mut schema = schema(
        "stars: id serial*, name text
         sightings: id serial*, seen integer, mood text
         notes: id serial*, about integer",
    );
    schema.tables[1].columns[1].comment = Some("References public.stars(id).".to_owned());
    schema.tables[1].columns[2].comment = Some("preferences stars".to_owned());
    let hints = Hints {
        notes: vec![ColumnNote {
            table: QualifiedName::new("public", "notes"),
            column: "about".to_owned(),
            text: "The id of the star that it is about".to_owned(),
        }],
        ..Hints::default()
    };
    let found = propose(&schema, &hints, Options::default());
    let from: Vec<&End> = found.iter().map(|it| &it.from).collect();
    assert_eq!(
        from,
        [&end("sightings", &["seen"]), &end("notes", &["about"])]
    );
    assert!(found.iter().all(|it| it.evidence == Evidence::Comment));
}
