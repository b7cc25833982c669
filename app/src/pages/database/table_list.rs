//! A database's tables: search, filters, order, pages. All of it is the address, so it works
//! without scripts and a link restores it.

use leptos::prelude::*;
use model::address::{database_address, encode, table_address};
use model::catalog::{Page, SchemaSummary, TableQuery, TableSort, TableSummary};
use model::id::DatabaseId;
use model::number::{bytes, grouped};
use model::schema::TableKind;
use ui::{
    Button, ButtonLink, ButtonVariant, DimCell, EmptyState, Icon, IconName, NumberCell,
    SearchField, SortDirection, SortHeader, TableFrame,
};

/// The list with what narrows it.
#[component]
pub fn TableList(
    /// The database.
    id: DatabaseId,
    /// Its schemas, to choose from.
    schemas: Vec<SchemaSummary>,
    /// The rows.
    page: Page<TableSummary>,
    /// What was asked for.
    wanted: TableQuery,
) -> impl IntoView {
    let narrowed = !wanted.text.is_empty() || wanted.schema.is_some() || wanted.kind.is_some();
    let show_schema = schemas.len() > 1;
    let count = match page.total {
        1 => "1 table or view".to_owned(),
        total => format!("{} tables and views", grouped(total as i64)),
    };
    let header = |label: &'static str, sort: TableSort, numeric: bool| {
        sort_header(&id, &wanted, label, sort, numeric)
    };
    let head = view! {

            {header("Table", TableSort::Name, false)}
            <th scope="col">"Kind"</th>
            {header("Columns", TableSort::Columns, true)}
            {header("References", TableSort::References, true)}
            {header("Rows", TableSort::Rows, true)}
            <th scope="col" class="num">"Size"</th>
            <th scope="col">"Comment"</th>

    }
    .into_any();
    let next = page.next.clone().map(|next| {
        let query = TableQuery { after: Some(next), ..wanted.clone() };
        view! { <ButtonLink href=list_address(&id, &query) testid="next-page">"Next page"</ButtonLink> }
    });
    let first = wanted.after.is_some().then(|| {
        let query = TableQuery { after: None, ..wanted.clone() };
        view! { <ButtonLink href=list_address(&id, &query) variant=ButtonVariant::Ghost>"First page"</ButtonLink> }
    });
    let is_empty = page.rows.is_empty();
    let rows = page
        .rows
        .into_iter()
        .map(|table| row(&id, table, show_schema))
        .collect_view();
    view! {
        <section class="section" aria-labelledby="tables-title">
            <div class="section-head">
                <h2 id="tables-title">"Tables"</h2>
                <span class="dim" role="status" data-testid="table-count">{count}</span>
            </div>
            <Narrow id=id.clone() schemas wanted=wanted.clone()/>
            {if is_empty {
                let (title, text) = if narrowed {
                    ("Nothing fits", "No table or view fits these words and filters.")
                } else {
                    ("No tables", "This database holds no table and no view.")
                };
                let all = database_address(&id);
                view! {
                    <EmptyState icon=IconName::Table title text plain=true testid="tables-empty">
                        {narrowed.then(|| view! { <ButtonLink href=all>"Show all"</ButtonLink> })}
                    </EmptyState>
                }.into_any()
            } else {
                view! {
                    <TableFrame label="Tables" head testid="tables">{rows}</TableFrame>
                    <div class="actions">{first}{next}</div>
                }.into_any()
            }}
        </section>
    }
}

/// The form that narrows the list.
#[component]
fn Narrow(id: DatabaseId, schemas: Vec<SchemaSummary>, wanted: TableQuery) -> impl IntoView {
    let schema_options = schemas
        .into_iter()
        .map(|schema| {
            let selected = wanted.schema.as_deref() == Some(schema.name.as_str());
            let label = format!("{} ({})", schema.name, schema.tables);
            view! { <option value=schema.name selected=selected>{label}</option> }
        })
        .collect_view();
    let kind_options = TableKind::ALL
        .into_iter()
        .map(|kind| {
            let selected = wanted.kind == Some(kind);
            view! { <option value=kind.as_str() selected=selected>{kind.label()}</option> }
        })
        .collect_view();
    view! {
        <form class="toolbar" method="get" action=database_address(&id) role="search" data-testid="table-search">
            <SearchField label="Find a table" name="q" value=wanted.text.clone() testid="table-search-text"/>
            <select class="select" name="schema" aria-label="Schema" on:change=submit_own_form>
                <option value="">"All schemas"</option>
                {schema_options}
            </select>
            <select class="select" name="kind" aria-label="Kind" on:change=submit_own_form>
                <option value="">"Tables and views"</option>
                {kind_options}
            </select>
            {(wanted.sort != TableSort::Name).then(|| view! {
                <input type="hidden" name="sort" value=wanted.sort.as_str()/>
            })}
            <Button submit=true>"Find"</Button>
        </form>
    }
}

/// A choice takes effect when it is made.
fn submit_own_form(event: leptos::ev::Event) {
    use wasm_bindgen::JsCast as _;
    let form = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("form").ok().flatten())
        .and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok());
    if let Some(form) = form {
        // Fails only for a form that is invalid, and this one cannot be.
        let _ = form.request_submit();
    }
}

/// The address of the list in a state.
fn list_address(id: &DatabaseId, query: &TableQuery) -> String {
    let mut address = database_address(id);
    let mut separator = '?';
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            address.push(separator);
            separator = '&';
            address.push_str(name);
            address.push('=');
            address.push_str(&encode(value));
        }
    };
    add("q", &query.text);
    add("schema", query.schema.as_deref().unwrap_or_default());
    add(
        "kind",
        query.kind.map(TableKind::as_str).unwrap_or_default(),
    );
    if query.sort != TableSort::default() {
        add("sort", query.sort.as_str());
    }
    add("after", query.after.as_deref().unwrap_or_default());
    address
}

fn sort_header(
    id: &DatabaseId,
    wanted: &TableQuery,
    label: &'static str,
    sort: TableSort,
    numeric: bool,
) -> AnyView {
    let query = TableQuery {
        sort,
        after: None,
        ..wanted.clone()
    };
    let direction = match (wanted.sort == sort, sort) {
        (false, _) => None,
        (true, TableSort::Name) => Some(SortDirection::Ascending),
        (true, _) => Some(SortDirection::Descending),
    };
    view! { <SortHeader label href=list_address(id, &query) direction number=numeric/> }.into_any()
}

fn row(id: &DatabaseId, table: TableSummary, show_schema: bool) -> AnyView {
    let references = (table.references_out + table.references_in > 0)
        .then(|| format!("{} out, {} in", table.references_out, table.references_in));
    let href = table_address(id, &table.schema, &table.name);
    let icon = match table.kind {
        TableKind::View | TableKind::MaterializedView => IconName::View,
        _ => IconName::Table,
    };
    let kind = if table.partitions > 0 {
        format!("{}, {} partitions", table.kind.label(), table.partitions)
    } else {
        table.kind.label().to_owned()
    };
    view! {
        <tr>
            <th scope="row" class="mono">
                <span class="cell-icon">
                    <Icon name=icon/>
                    <a href=href>
                        {show_schema.then(|| view! { <span class="dim">{format!("{}.", table.schema)}</span> })}
                        {table.name}
                    </a>
                </span>
            </th>
            <td class="dim">{kind}</td>
            <td class="num">{grouped(i64::from(table.columns))}</td>
            <NumberCell value=references/>
            <NumberCell value=table.row_count.map(grouped)/>
            <NumberCell value=table.size_bytes.map(bytes)/>
            <DimCell value=table.comment wrap=true/>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_only_what_differs_from_the_default() {
        let id = DatabaseId::from_entropy([0; 10]);
        assert_eq!(
            list_address(&id, &TableQuery::default()),
            "/databases/db_aaaaaaaaaa"
        );
        let query = TableQuery {
            text: "a&b".to_owned(),
            kind: Some(TableKind::View),
            sort: TableSort::Rows,
            ..TableQuery::default()
        };
        assert_eq!(
            list_address(&id, &query),
            "/databases/db_aaaaaaaaaa?q=a%26b&kind=view&sort=rows"
        );
    }
}
