//! The ways between two tables, beside the picture.

use crate::pages::embed::is_embedded;
use contract::catalog::{DiagramData, TableWay};
use leptos::prelude::*;
use model::diagram::DiagramQuery;
use ui::CodeBlock;

/// The ways, the marked one with its SELECT, the others as links; nothing where none is asked for.
pub(super) fn ways(data: &DiagramData, query: &DiagramQuery) -> Option<AnyView> {
    let id = &data.database_id;
    let leads = !is_embedded();
    let chosen = data.way as usize;
    let ends = data.ways.first().map(|way| {
        let end = |table: Option<&String>| table.cloned().unwrap_or_default();
        (end(way.tables.first()), end(way.tables.last()))
    });
    let (from, to) = ends?;
    let rows = data
        .ways
        .iter()
        .enumerate()
        .map(|(place, way)| {
            let href = DiagramQuery {
                way: u32::try_from(place + 1).ok(),
                ..query.clone()
            }
            .address(id);
            if !leads {
                return view! { <li>{between(way)}</li> }.into_any();
            }
            view! {
                <li>
                    <a href=href title=way.joins.join("; ") aria-current=(place == chosen).then_some("true")
                        data-testid="diagram-way">{between(way)}</a>
                </li>
            }
            .into_any()
        })
        .collect_view();
    let sql = data.ways.get(chosen).and_then(|way| way.sql.clone());
    let hide = query.without_ways().address(id);
    Some(
        view! {
            <section class="diagram-ways" aria-labelledby="ways-title" data-testid="diagram-ways">
                <div class="drawer-head"><h2 id="ways-title">"Ways"</h2></div>
                <p class="mono"><bdi>{from}</bdi>" → "<bdi>{to}</bdi></p>
                <ol>{rows}</ol>
                {sql.map(|sql| view! { <CodeBlock text=sql label="SELECT over this way" sql=true scroll=true testid="diagram-way-sql"/> })}
                {leads.then(|| view! { <a href=hide data-testid="diagram-ways-hide">"Hide"</a> })}
            </section>
        }
        .into_any(),
    )
}

/// What lies between the ends of a way. Each name is apart from what stands between them, which would
/// turn round between names that are written from right to left.
fn between(way: &TableWay) -> AnyView {
    let inner = way
        .tables
        .get(1..way.tables.len().saturating_sub(1))
        .unwrap_or_default();
    if inner.is_empty() {
        // Two direct references are told apart by their columns.
        apart(&way.joins, "; ")
    } else {
        view! { "via "{apart(inner, " → ")} }.into_any()
    }
}

/// Names with a sign between each two of them.
fn apart(names: &[String], sign: &'static str) -> AnyView {
    let parts = names.iter().enumerate().map(|(place, name)| {
        let before = (place > 0).then_some(sign);
        view! { {before}<bdi>{name.clone()}</bdi> }
    });
    parts.collect_view().into_any()
}
