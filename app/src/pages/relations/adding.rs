//! Adding a relation by hand: first the two tables, then the columns that go together.

use crate::bootstrap::use_bootstrap;
use crate::pages::verdict::action;
use leptos::prelude::*;
use model::address::relations_address;
use model::id::DatabaseId;
use model::relation::verdict::{Adding, NOTE_MAX_CHARS, TableChoice};
use ui::{Button, Field};

/// So many pairs of columns the form has room for.
const PAIRS: usize = 4;

/// The form; with columns to choose once both tables are known.
#[component]
pub(super) fn AddForm(
    /// The database.
    id: DatabaseId,
    /// The tables that were named.
    adding: Option<Adding>,
) -> impl IntoView {
    let text = |choice: &TableChoice| choice.text.clone();
    let (from, to) = adding
        .as_ref()
        .map(|adding| (text(&adding.from), text(&adding.to)))
        .unwrap_or_default();
    let error = |choice: Option<&TableChoice>| choice.and_then(|it| it.found.clone().err());
    let from_error = error(adding.as_ref().map(|it| &it.from));
    let to_error = error(adding.as_ref().map(|it| &it.to));
    let columns = adding.as_ref().and_then(|adding| columns(&id, adding));
    view! {
        <section class="section" id="add" aria-labelledby="add-title" data-testid="add-relation">
            <h2 id="add-title">"Add one by hand"</h2>
            <form method="get" action=format!("{}#add", relations_address(&id)) class="relation-tables">
                <Field label="Table that refers" name="from" value=from placeholder="orders"
                    error=Signal::stored(from_error) required=true testid="add-from"/>
                <Field label="Table that is referred to" name="to" value=to placeholder="customers"
                    error=Signal::stored(to_error) required=true testid="add-to"/>
                <div class="relation-choose"><Button submit=true testid="add-tables">"Choose columns"</Button></div>
            </form>
            {columns}
        </section>
    }
}

/// The second half, where both tables are known.
fn columns(id: &DatabaseId, adding: &Adding) -> Option<AnyView> {
    let (Ok((from, from_columns)), Ok((to, to_columns))) = (&adding.from.found, &adding.to.found)
    else {
        return None;
    };
    let flash = use_bootstrap().flash.unwrap_or_default();
    let entered = |name: &str| flash.entered(name);
    let wrong = flash
        .field
        .as_deref()
        .filter(|field| ["from", "to", "note"].contains(field))
        .map(|_| flash.message.clone());
    // What would be the usual key to begin with.
    let key = to_columns
        .first()
        .map(|(name, _)| name.clone())
        .unwrap_or_default();
    let rows = (1..=PAIRS)
        .map(|at| {
            let (name, other) = (format!("from_{at}"), format!("to_{at}"));
            let preset = if at == 1 { key.clone() } else { String::new() };
            let left = choice(&name, at, "refers", from_columns, entered(&name).unwrap_or_default());
            let right = choice(
                &other,
                at,
                "is referred to",
                to_columns,
                entered(&other).unwrap_or(preset),
            );
            view! { <li class="relation-pair">{left}<span class="dim" aria-hidden="true">"→"</span>{right}</li> }
        })
        .collect_view();
    let note = entered("note").unwrap_or_default();
    Some(
        view! {
            <form method="post" action=format!("{}/add", action(id)) class="relation-columns">
                <input type="hidden" name="from" value=from.to_string()/>
                <input type="hidden" name="to" value=to.to_string()/>
                <p>"Which columns of "<span class="mono">{from.to_string()}</span>" hold which of "
                    <span class="mono">{to.to_string()}</span>"? One pair is usual; a key of several columns has several."</p>
                {wrong.map(|text| view! { <p class="field-error" id="pair-error" role="alert" data-testid="add-error">{text}</p> })}
                <ol class="relation-pairs">{rows}</ol>
                <p class="dim">"A pair whose types do not go together is added with a warning."</p>
                <Field label="Note, where it helps others" name="note" value=note
                    hint=format!("How you know; up to {NOTE_MAX_CHARS} characters") testid="add-note"/>
                <div><Button submit=true testid="add-submit">"Add as accepted"</Button></div>
            </form>
        }
        .into_any(),
    )
}

fn choice(
    name: &str,
    at: usize,
    does: &str,
    columns: &[(String, String)],
    chosen: String,
) -> AnyView {
    let options = columns
        .iter()
        .map(|(column, data_type)| {
            let selected = *column == chosen;
            let text = format!("{column}  {data_type}");
            view! { <option value=column.clone() selected=selected>{text}</option> }
        })
        .collect_view();
    let label = format!("Column {at} that {does}");
    let (name, testid) = (name.to_owned(), format!("add-{}", name.replace('_', "-")));
    view! {
        <select class="select mono" name=name aria-label=label data-testid=testid>
            <option value="">"—"</option>
            {options}
        </select>
    }
    .into_any()
}
