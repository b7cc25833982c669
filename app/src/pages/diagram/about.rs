//! What is known of the selected table besides its columns and links: what is written about it, its
//! size and its use. It is asked for when the table is selected: a diagram of thousands of tables
//! comes without it.

use crate::api::{self, PageAnswer, PageQuestion};
use crate::pages::texts::{tags, texts};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use model::address::table_segment;
use model::catalog::{TableDetail, TableUsage, USAGE_DAYS};
use model::id::DatabaseId;
use model::number::{bytes, grouped};
use std::time::Duration;
use ui::Sparkline;

/// Who walks from table to table by the arrow keys does not ask for each.
const REST: Duration = Duration::from_millis(150);

/// The answer, or why there is none.
type Told = Result<Box<TableDetail>, String>;

/// What is known of a table. Nothing without scripts; then the table's own page tells it.
#[component]
pub(super) fn About(id: DatabaseId, schema: String, name: String) -> AnyView {
    let told = RwSignal::new(None::<Told>);
    let waits = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move || {
        let question = PageQuestion::Table {
            id: id.to_string(),
            name: table_segment(&schema, &name),
        };
        let ask = move || {
            leptos::task::spawn_local(async move {
                let answer = match api::page(question).await {
                    Ok(PageAnswer::Table(table)) => Ok(table),
                    Ok(_) => Err("The server answered something else.".to_owned()),
                    Err(error) => Err(error.0.message),
                };
                // By then another table may be selected.
                let _ = told.try_set(Some(answer));
            });
        };
        waits.try_set_value(set_timeout_with_handle(ask, REST).ok());
    });
    on_cleanup(move || {
        if let Some(timer) = waits.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    let known = move || {
        told.with(|told| match told {
            None => ().into_any(),
            Some(Ok(table)) => facts(table),
            Some(Err(message)) => {
                let text = format!("What is known of it could not be had. {message}");
                view! { <p class="dim" role="status">{text}</p> }.into_any()
            }
        })
    };
    view! {
        <div class="drawer-about" data-testid="diagram-about" aria-busy=move || told.with(Option::is_none).to_string()>
            {known}
        </div>
    }
    .into_any()
}

fn facts(table: &TableDetail) -> AnyView {
    let (summary, metadata) = (&table.summary, &table.metadata);
    let annotation = &metadata.annotation;
    let is_silent = annotation.description.is_none()
        && annotation.ai_draft.is_none()
        && summary.comment.is_none();
    let words = match is_silent {
        true => view! { <p class="dim">"Nothing is written about it yet."</p> }.into_any(),
        false => texts(annotation, summary.comment.clone()),
    };
    let mut numbers = Vec::new();
    if let Some(rows) = summary.row_count {
        let word = if rows == 1 { "row" } else { "rows" };
        numbers.push(format!("{} {word}", grouped(rows)));
    }
    if let Some(size) = summary.size_bytes {
        numbers.push(bytes(size));
    }
    if let Some(owner) = &metadata.owner {
        numbers.push(format!("owned by {}", owner.display_name()));
    }
    let numbers = (!numbers.is_empty()).then(|| {
        view! { <p class="dim">{numbers.join(", ")}</p> }
    });
    view! {
        {words}
        {tags(&annotation.tags)}
        {numbers}
        {table.usage.as_ref().map(used)}
    }
    .into_any()
}

/// How often it was read lately, and by how many.
fn used(usage: &TableUsage) -> AnyView {
    let total: u64 = usage.per_day.iter().map(|count| u64::from(*count)).sum();
    if total == 0 {
        let text = format!("Not used in the last {USAGE_DAYS} days.");
        return view! { <p class="dim" data-testid="about-usage">{text}</p> }.into_any();
    }
    let people = match usage.people {
        0 => String::new(),
        1 => " by 1 person".to_owned(),
        people => format!(" by {people} people"),
    };
    let statements = if total == 1 {
        "statement"
    } else {
        "statements"
    };
    let total = grouped(i64::try_from(total).unwrap_or(i64::MAX));
    let text = format!("{total} {statements} in the last {USAGE_DAYS} days{people}");
    let values = usage
        .per_day
        .iter()
        .map(|count| u64::from(*count))
        .collect::<Vec<_>>();
    view! {
        <p class="about-usage" data-testid="about-usage">
            <span>{text.clone()}</span>
            <Sparkline label=format!("{text}, by day") values/>
        </p>
    }
    .into_any()
}
