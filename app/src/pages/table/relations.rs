//! What a table has besides columns: references, indexes, constraints, partitions.

use crate::pages::table::undeclared::Undeclared;
use leptos::prelude::*;
use model::address::table_address;
use model::catalog::{
    ConstraintDetail, IndexDetail, PARTITIONS_MAX, PartitionDetail, REFERENCES_IN_MAX, Reference,
};
use model::id::DatabaseId;
use model::number::grouped;
use model::schema::ReferentialAction;
use ui::{DimCell, TableFrame};

/// Foreign keys of the table and of others that point to it.
#[component]
pub fn References(
    /// The database, for links.
    id: DatabaseId,
    /// The table's own name.
    own: String,
    /// Its foreign keys.
    out: Vec<Reference>,
    /// Foreign keys that point to it.
    into: Vec<Reference>,
    /// Relations out and in that are not declared.
    undeclared: Undeclared,
) -> impl IntoView {
    let none = out.is_empty() && into.is_empty();
    let is_cut = into.len() >= REFERENCES_IN_MAX;
    let list = |references: Vec<Reference>, outward: bool| {
        let rows = references
            .into_iter()
            .map(|one| reference_row(&id, &own, one, outward))
            .collect_view();
        let (label, testid) = if outward {
            ("References out", "references-out")
        } else {
            ("References in", "references-in")
        };
        let head = view! {

                <th scope="col">{if outward { "Columns" } else { "From" }}</th>
                <th scope="col">{if outward { "To" } else { "Columns here" }}</th>
                <th scope="col">"When the parent goes"</th>
                <th scope="col">"Constraint"</th>

        }
        .into_any();
        view! { <TableFrame label head testid>{rows}</TableFrame> }
    };
    let (out_count, in_count) = (out.len(), into.len());
    view! {
        <section class="section" aria-labelledby="references-title" data-testid="references">
            <h2 id="references-title">"References"</h2>
            {none.then(|| view! { <p class="dim">"No declared foreign key leads out or in."</p> })}
            {(out_count > 0).then(|| view! {
                <h3>{format!("Out {}", grouped(out_count as i64))}</h3>
                {list(out, true)}
            })}
            {(in_count > 0).then(|| view! {
                <h3>{format!("In {}", grouped(in_count as i64))}</h3>
                {list(into, false)}
            })}
            {is_cut.then(|| view! { <p class="dim">{format!("The first {REFERENCES_IN_MAX} are shown.")}</p> })}
            {undeclared.view(&id)}
        </section>
    }
}

fn reference_row(id: &DatabaseId, own: &str, one: Reference, outward: bool) -> AnyView {
    let here = one.columns.join(", ");
    let there = format!(
        "{}.{} ({})",
        one.schema,
        one.table,
        one.other_columns.join(", ")
    );
    let other = if one.known {
        let href = table_address(id, &one.schema, &one.table);
        view! { <a href=href>{there}</a> }.into_any()
    } else {
        view! { <span class="dim" title="Not in the catalog">{there}</span> }.into_any()
    };
    let itself = (one.table == own && !outward).then_some("itself");
    let actions = match (one.on_delete, one.on_update) {
        (ReferentialAction::NoAction, ReferentialAction::NoAction) => None,
        (on_delete, ReferentialAction::NoAction) => Some(format!("delete: {}", words(on_delete))),
        (on_delete, on_update) => Some(format!(
            "delete: {}, update: {}",
            words(on_delete),
            words(on_update)
        )),
    };
    let (first, second) = if outward {
        (
            view! { <th scope="row" class="mono">{here}</th> }.into_any(),
            view! { <td class="mono">{other}</td> }.into_any(),
        )
    } else {
        (
            view! { <th scope="row" class="mono">{other}</th> }.into_any(),
            view! { <td class="mono">{here}</td> }.into_any(),
        )
    };
    view! {
        <tr title=itself>
            {first}
            {second}
            <DimCell value=actions/>
            <td class="mono dim">{one.name}</td>
        </tr>
    }
    .into_any()
}

fn words(action: ReferentialAction) -> String {
    action.as_sql().to_lowercase()
}

/// Indexes, those behind constraints too.
#[component]
pub fn Indexes(
    /// The indexes.
    indexes: Vec<IndexDetail>,
) -> impl IntoView {
    if indexes.is_empty() {
        return ().into_any();
    }
    let count = indexes.len();
    let rows = indexes
        .into_iter()
        .map(|index| {
            let mut parts = index.parts.join(", ");
            if !index.include.is_empty() {
                parts.push_str(&format!(" include ({})", index.include.join(", ")));
            }
            let serves = match (index.constraint.as_deref(), index.unique) {
                (Some(kind), _) => Some(kind.replace('_', " ")),
                (None, true) => Some("unique".to_owned()),
                (None, false) => None,
            };
            view! {
                <tr>
                    <th scope="row" class="mono">{index.name}</th>
                    <td class="mono wrap">{parts}</td>
                    <td class="dim">{index.method}</td>
                    <DimCell value=serves/>
                    {match index.predicate {
                        Some(predicate) => view! { <td class="mono soft wrap">{predicate}</td> }.into_any(),
                        None => view! { <td class="dim">"—"</td> }.into_any(),
                    }}
                </tr>
            }
        })
        .collect_view();
    let head = view! {

            <th scope="col">"Index"</th>
            <th scope="col">"On"</th>
            <th scope="col">"Method"</th>
            <th scope="col">"Serves"</th>
            <th scope="col">"Where"</th>

    }
    .into_any();
    view! {
        <section class="section" aria-labelledby="indexes-title">
            <h2 id="indexes-title">{format!("Indexes {count}")}</h2>
            <TableFrame label="Indexes" head testid="indexes">{rows}</TableFrame>
        </section>
    }
    .into_any()
}

/// Unique, check and exclusion constraints.
#[component]
pub fn Constraints(
    /// The constraints.
    constraints: Vec<ConstraintDetail>,
) -> impl IntoView {
    if constraints.is_empty() {
        return ().into_any();
    }
    let count = constraints.len();
    let rows = constraints
        .into_iter()
        .map(|constraint| {
            view! {
                <tr>
                    <th scope="row" class="mono">{constraint.name}</th>
                    <td class="dim">{constraint.kind}</td>
                    <td class="mono wrap">{constraint.definition}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {
        <th scope="col">"Constraint"</th><th scope="col">"Kind"</th><th scope="col">"Definition"</th>
    }
    .into_any();
    view! {
        <section class="section" aria-labelledby="constraints-title">
            <h2 id="constraints-title">{format!("Constraints {count}")}</h2>
            <TableFrame label="Constraints" head testid="constraints">{rows}</TableFrame>
        </section>
    }
    .into_any()
}

/// Partitions folded under their table.
#[component]
pub fn Partitions(
    /// The database, for links.
    id: DatabaseId,
    /// The partitions.
    partitions: Vec<PartitionDetail>,
    /// The text of the partition key.
    key: Option<String>,
) -> impl IntoView {
    if partitions.is_empty() && key.is_none() {
        return ().into_any();
    }
    let is_cut = partitions.len() >= PARTITIONS_MAX;
    let count = partitions.len();
    let rows = partitions
        .into_iter()
        .map(|one| {
            let href = table_address(&id, &one.schema, &one.name);
            view! {
                <tr>
                    <th scope="row" class="mono"><a href=href>{format!("{}.{}", one.schema, one.name)}</a></th>
                    <td class="mono wrap">{one.bounds}</td>
                </tr>
            }
        })
        .collect_view();
    let head = view! { <th scope="col">"Partition"</th><th scope="col">"Bounds"</th> }.into_any();
    view! {
        <section class="section" aria-labelledby="partitions-title">
            <h2 id="partitions-title">{format!("Partitions {count}")}</h2>
            {key.map(|key| view! { <p class="dim">"By "<code class="mono">{key}</code></p> })}
            {(count > 0).then(|| view! { <TableFrame label="Partitions" head testid="partitions">{rows}</TableFrame> })}
            {is_cut.then(|| view! { <p class="dim">{format!("The first {PARTITIONS_MAX} are shown.")}</p> })}
        </section>
    }
    .into_any()
}
