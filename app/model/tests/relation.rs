//! Relations that are proposed, and those that are not.

// Helpers of tests are outside of what the lints take for tests.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

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
fn a_column_named_after_a_table_refers_to_it() {
    for (table, column) in [
        ("customers", "customer_id"),
        ("customer", "customer_id"),
        ("customers", "customerId"),
        ("Customers", "CustomerID"),
        ("customers", "customer_fk"),
        ("customers", "customer_id_fk"),
        ("customers", "customer_ref"),
        ("customers", "id_customer"),
        ("customers", "fk_customer"),
        ("customers", "customerid"),
        ("customers", "customer"),
        ("tbl_customers", "customer_id"),
        ("people", "person_id"),
        ("children", "child_id"),
        ("categories", "category_id"),
        ("statuses", "status_id"),
        ("addresses", "address_id"),
        ("customers", "customers_id"),
    ] {
        let text = format!("{table}: id serial*, name text\nvisits: id serial*, {column} integer");
        expect(&text, &[&format!("visits.{column} > {table}.id")]);
    }
}

#[test]
fn the_reason_is_a_sentence_and_the_ends_are_told() {
    let schema = schema(
        "customers: id serial*, name text
         orders: id serial*, customer_id integer?
         profiles: id serial*, customer_id integer!",
    );
    let found = all(&schema);
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0].reason,
        "Column customer_id is named after table customers and has the type of its key."
    );
    assert_eq!(found[0].evidence, Evidence::TableName);
    assert!(found[0].confidence > 0.9 && found[0].confidence < 1.0);
    assert!(found[0].optional && !found[0].one_to_one);
    assert!(!found[1].optional && found[1].one_to_one);
    assert_eq!(
        found[0].id(),
        RelationId {
            from: end("orders", &["customer_id"]),
            to: Some(end("customers", &["id"])),
        }
    );
}

#[test]
fn a_code_or_uuid_leads_to_the_unique_column_of_that_name() {
    expect(
        "countries: id serial*, code char(2)!, uuid uuid!
         cities: id serial*, country_code char(2)
         offices: id serial*, country_uuid uuid",
        &[
            "cities.country_code > countries.code",
            "offices.country_uuid > countries.uuid",
        ],
    );
}

#[test]
fn roles_and_ends_of_names_are_understood() {
    expect(
        "addresses: id serial*, street text
         sales_orders: id serial*, billing_address_id integer, shipping_address_id integer
         order_lines: id serial*, order_id integer
         events: id serial*, begin_address integer",
        &[
            "sales_orders.billing_address_id > addresses.id",
            "sales_orders.shipping_address_id > addresses.id",
            "order_lines.order_id > sales_orders.id",
            "events.begin_address > addresses.id",
        ],
    );
}

#[test]
fn the_prefix_of_a_product_is_left_out() {
    let posts = "wp_posts: ID serial*, post_author integer, post_parent integer
         wp_users: ID serial*, user_login text, user_email text, user_pass text
         wp_comments: comment_ID serial*, comment_post_ID integer, comment_text text
         wp_postmeta: meta_id serial*, post_id integer
         wp_links: link_id serial*, link_url text";
    expect(
        posts,
        &[
            "wp_posts.post_author > wp_users.ID",
            "wp_posts.post_parent > wp_posts.ID",
            "wp_comments.comment_post_ID > wp_posts.ID",
            "wp_postmeta.post_id > wp_posts.ID",
        ],
    );
}

#[test]
fn the_own_table_completes_a_name() {
    expect(
        "area: id serial*, type integer, name text
         area_type: id serial*, name text
         area_alias: id serial*, area integer, type integer
         area_alias_type: id serial*, name text",
        &[
            "area.type > area_type.id",
            "area_alias.area > area.id",
            "area_alias.type > area_alias_type.id",
        ],
    );
}

#[test]
fn the_table_after_which_the_own_one_is_named_comes_first() {
    expect(
        "options: option_id serial*, name text
         bundle_options: option_id serial*, name text
         bundle_option_values: value_id serial*, option_id integer",
        &["bundle_option_values.option_id > bundle_options.option_id"],
    );
}

#[test]
fn a_column_called_as_a_key_refers_to_it() {
    expect(
        "employee: emp_number integer*, name text
         leave_request: id serial*, emp_number integer
         report_line: id serial*, chief_emp_number integer",
        &[
            "leave_request.emp_number > employee.emp_number",
            "report_line.chief_emp_number > employee.emp_number",
        ],
    );
}

#[test]
fn keys_with_an_ending_of_the_schemas_own_are_learned() {
    expect(
        "documents: document_srl serial*, title text
         modules: module_srl serial*, title text
         members: member_srl serial*, title text
         sites: site_srl serial*, title text
         files: file_srl serial*, document_srl integer, owner_member_srl integer",
        &[
            "files.document_srl > documents.document_srl",
            "files.owner_member_srl > members.member_srl",
        ],
    );
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

#[test]
fn names_without_a_table_propose_nothing() {
    expect(
        "things: id serial*, uuid uuid, external_id integer, status_id integer, type_id integer,\
         code text, name text, votes integer, position integer
         vote: id serial*, position integer",
        &[],
    );
}

#[test]
fn types_that_do_not_go_together_propose_nothing() {
    expect(
        "customers: id uuid*, name text
         orders: id serial*, customer_id integer
         visits: id serial*, customer_id text
         events: id serial*, customer_id uuid",
        &["events.customer_id > customers.id"],
    );
}

#[test]
fn a_table_without_a_key_is_no_target() {
    expect(
        "customers: id integer, name text
         orders: id serial*, customer_id integer",
        &[],
    );
}

#[test]
fn of_one_name_in_singular_and_plural_the_schemas_habit_is_taken_with_doubt() {
    let text = "user: id serial*, name text
         users: id serial*, name text
         orders: id serial*, user_id integer
         items: id serial*, name text";
    expect(text, &["orders.user_id > users.id"]);
    let found = only(&schema(text));
    assert!(found.confidence < 0.9, "{}", found.confidence);
    assert!(found.reason.ends_with("One other table would fit as well."));
}

#[test]
fn the_same_schema_comes_first_and_two_others_are_none() {
    expect(
        "art.type: id serial*, name text
         music.type: id serial*, name text
         music.song: id serial*, type_id integer
         films.film: id serial*, type_id integer",
        &["music.song.type_id > music.type.id"],
    );
    expect(
        "shared.currencies: id serial*, name text
         sales.orders: id serial*, currency_id integer",
        &["sales.orders.currency_id > shared.currencies.id"],
    );
}

#[test]
fn a_view_is_a_target_only_for_want_of_a_table() {
    expect(
        "view public.customers: id integer!, name text
         public.customer: id serial*, name text
         public.orders: id serial*, customer_id integer",
        &["orders.customer_id > customer.id"],
    );
    expect(
        "customer: id serial*, name text
         view public.report: id integer!, customer_id integer",
        &[],
    );
}

#[test]
fn tables_may_refer_to_each_other_but_keys_do_not_circle() {
    expect(
        "teams: id serial*, leader_player_id integer
         players: id serial*, team_id integer",
        &[
            "teams.leader_player_id > players.id",
            "players.team_id > teams.id",
        ],
    );
    // Both share a key, which belongs to the one that is named after it.
    expect(
        "publishers: pub_id char(4)*, name text
         pub_info: pub_id char(4)*, logo bytea",
        &["pub_info.pub_id > publishers.pub_id"],
    );
}

#[test]
fn a_table_that_inherits_does_not_refer_to_its_parent() {
    let mut schema = schema(
        "customers: id serial*, name text
         payments: payment_id serial*, customer_id integer
         payments_2026: payment_id integer, customer_id integer",
    );
    let parent = schema.tables[1].name.clone();
    schema.tables[2].inherits.push(parent);
    assert_eq!(
        lines(&schema),
        [
            "payments.customer_id > customers.id",
            "payments_2026.customer_id > customers.id",
        ]
        .map(str::to_owned)
        .into()
    );
}

#[test]
fn the_threshold_decides_what_is_proposed() {
    let schema = schema(
        "customers: id serial*, name text
         language: id serial*, name text
         orders: id serial*, customer_id integer, lang_id integer",
    );
    let count = |confidence_min| {
        let options = Options { confidence_min };
        propose(&schema, &Hints::default(), options).len()
    };
    assert_eq!(count(CONFIDENCE_MIN), 2);
    assert_eq!(count(0.9), 1);
    assert_eq!(count(1.0), 0);
}

#[test]
fn proposals_are_the_same_in_each_run_and_once_each() {
    let schema = schema(
        "customers: id serial*, name text
         orders: id serial*, customer_id integer, customer_ref integer, created_by integer
         users: id serial*, email text, password text",
    );
    let found = all(&schema);
    assert_eq!(found, all(&schema));
    let ids: BTreeSet<RelationId> = found.iter().map(Proposal::id).collect();
    assert_eq!(ids.len(), found.len());
    let text = serde_json::to_string(&found).expect("text");
    assert_eq!(
        serde_json::from_str::<Vec<Proposal>>(&text)
            .expect("proposals")
            .len(),
        found.len()
    );
}

#[test]
fn odd_names_break_nothing() {
    expect(
        "😀: id serial*, 😀_id integer
         ...: id serial*, ___ integer
         größen: id serial*, name text
         hemden: id serial*, größen_id integer",
        &["hemden.größen_id > größen.id"],
    );
    let long = "x".repeat(300);
    let text =
        format!("{long}: id serial*, {long}_id integer\na: id serial*, _ integer, 1 integer");
    expect(&text, &[]);
}
