//! What names of columns say.

use super::*;

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
