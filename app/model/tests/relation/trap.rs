//! What is not to be proposed, or with doubt.

use super::*;

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
