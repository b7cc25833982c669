//! The list of what differs, table by table.

use leptos::prelude::*;
use model::address::table_address;
use model::diff::{Alteration, Change, ColumnDiff, ObjectDiff, PartDiff, SchemaDiff, TableDiff};
use model::id::DatabaseId;

/// Tables shown at the most; the summary counts all.
const TABLES_SHOWN: usize = 300;
/// Characters of a text shown; the rest stands in its title.
const TEXT_MAX_CHARS: usize = 160;

/// What differs.
#[component]
pub fn Difference(
    /// The database, for links.
    id: DatabaseId,
    /// What differs.
    diff: SchemaDiff,
) -> impl IntoView {
    let left_out = diff.tables.len().saturating_sub(TABLES_SHOWN);
    let tables = diff
        .tables
        .into_iter()
        .take(TABLES_SHOWN)
        .map(|table| table_view(&id, table))
        .collect_view();
    let objects = diff.objects.into_iter().map(object_view).collect_view();
    view! {
        <div class="difference" data-testid="difference">
            {tables}
            {objects}
            {(left_out > 0).then(|| view! { <p class="dim">{format!("and {left_out} more tables")}</p> })}
        </div>
    }
}

fn table_view(id: &DatabaseId, table: TableDiff) -> AnyView {
    let name = table.name.to_string();
    let title = if table.change == Change::Removed {
        view! { <span class="mono">{name}</span> }.into_any()
    } else {
        let address = table_address(id, &table.name.schema, &table.name.name);
        view! { <a class="mono" href=address>{name}</a> }.into_any()
    };
    let renamed = table
        .renamed_from
        .map(|old| view! { <span class="dim">{format!(" was {old}")}</span> });
    let is_whole = matches!(table.change, Change::Added | Change::Removed);
    let count = table.columns.len();
    let rows = if is_whole {
        Vec::new()
    } else {
        let own = table.alterations.iter().map(|one| {
            row(
                table.kind.label().to_owned(),
                Change::Altered,
                vec![one.clone()],
            )
        });
        let columns = table.columns.iter().map(column_row);
        let parts = table.parts.iter().map(part_row);
        let partitions = table.partitions.iter().map(|partition| {
            row(
                format!("partition {}", partition.name.name),
                partition.change,
                partition.alterations.clone(),
            )
        });
        own.chain(columns).chain(parts).chain(partitions).collect()
    };
    view! {
        <section class="difference-table" data-testid="changed-table" data-change=table.change.label()>
            <h3>{mark(table.change)}" "{title}{renamed}
                {is_whole.then(|| view! { <span class="dim">{format!(" {} with {count} columns", table.kind.label())}</span> })}
            </h3>
            {(!rows.is_empty()).then(|| view! { <ul class="difference-rows">{rows}</ul> })}
        </section>
    }
    .into_any()
}

fn column_row(column: &ColumnDiff) -> AnyView {
    let title = match &column.renamed_from {
        Some(old) => format!("{} (was {old})", column.name),
        None => column.name.clone(),
    };
    row(title, column.change, column.alterations.clone())
}

fn part_row(part: &PartDiff) -> AnyView {
    let title = match &part.renamed_from {
        Some(old) => format!("{} {} (was {old})", part.kind.label(), part.name),
        None => format!("{} {}", part.kind.label(), part.name),
    };
    let texts = texts(part.before.as_deref(), part.after.as_deref());
    view! {
        <li>{mark(part.change)}" "<span class="mono">{title}</span>{texts}</li>
    }
    .into_any()
}

fn object_view(object: ObjectDiff) -> AnyView {
    let mut title = format!("{} {}", object.kind.label(), object.name);
    if !object.detail.is_empty() {
        title = format!("{title}({})", object.detail);
    }
    view! {
        <section class="difference-table" data-testid="changed-object" data-change=object.change.label()>
            <ul class="difference-rows">{row(title, object.change, object.alterations)}</ul>
        </section>
    }
    .into_any()
}

fn row(title: String, change: Change, alterations: Vec<Alteration>) -> AnyView {
    // Of what is new or gone, its type says enough.
    let is_whole = matches!(change, Change::Added | Change::Removed);
    let shown = alterations
        .into_iter()
        .take(if is_whole { 1 } else { usize::MAX })
        .map(|one| {
            let texts = texts(one.before.as_deref(), one.after.as_deref());
            view! {
                <span class="alteration">
                    {(!is_whole).then(|| view! { <span class="dim">{one.aspect.label()}</span> })}
                    {texts}
                </span>
            }
        })
        .collect_view();
    view! { <li>{mark(change)}" "<span class="mono">{title}</span>{shown}</li> }.into_any()
}

fn texts(before: Option<&str>, after: Option<&str>) -> AnyView {
    let part = |text: Option<&str>, class: &'static str| {
        text.map(|text| view! { <span class=class title=text.to_owned()>{cut(text)}</span> })
    };
    let both = before.is_some() && after.is_some();
    view! {
        {part(before, "before mono")}
        {both.then(|| view! { <span class="dim">" → "</span> })}
        {part(after, "after mono")}
    }
    .into_any()
}

/// A sign, and its word for those who do not see it.
fn mark(change: Change) -> AnyView {
    let (sign, class) = match change {
        Change::Added => ("+", "change-mark change-added"),
        Change::Removed => ("−", "change-mark change-removed"),
        Change::Altered => ("~", "change-mark change-altered"),
        Change::Commented => ("“", "change-mark change-commented"),
    };
    view! {
        <span class=class title=change.label()>
            <span aria-hidden="true">{sign}</span>
            <span class="visually-hidden">{change.label()}</span>
        </span>
    }
    .into_any()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX_CHARS {
        return text.to_owned();
    }
    let mut text: String = text.chars().take(TEXT_MAX_CHARS - 1).collect();
    text.push('…');
    text
}
