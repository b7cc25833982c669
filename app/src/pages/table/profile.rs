//! What a close look at the rows of a live table found, and the button that takes one.

use crate::bootstrap::use_now;
use leptos::prelude::*;
use model::address::table_segment;
use model::id::DatabaseId;
use model::number::{decimal, grouped};
use model::profile::{ColumnProfile, TableProfile};
use ui::{EmptyState, IconName, NumberCell, RelativeTime, TableFrame};

/// Most common values shown for a column.
const VALUES_SHOWN: usize = 5;

/// The section of the page. Nothing where there is nothing to see and nothing to do.
#[component]
pub fn Profile(
    /// The database.
    id: DatabaseId,
    /// The table's schema.
    schema: String,
    /// The table's name.
    name: String,
    /// What was found; none while nobody has looked.
    profile: Option<TableProfile>,
    /// Whether the reader may have the values looked at.
    may_profile: bool,
) -> impl IntoView {
    if profile.is_none() && !may_profile {
        return None;
    }
    let action = format!(
        "/rpc/databases/{id}/tables/{}/profile",
        table_segment(&schema, &name)
    );
    let again = profile.is_some();
    let button = may_profile.then(|| view! { <ProfileForm action again/> });
    let found = match profile {
        Some(profile) => found(profile),
        None => view! {
            <EmptyState title="Nobody has looked at the values yet" icon=IconName::Search
                text="A look reads a bounded sample of the rows, and takes from seconds to a minute."/>
        }
        .into_any(),
    };
    Some(view! {
        <section class="section" aria-labelledby="values" data-testid="profile">
            <div class="section-head">
                <h2 id="values">"Values"</h2>
                {button}
            </div>
            {found}
        </section>
    })
}

#[component]
fn ProfileForm(action: String, again: bool) -> impl IntoView {
    let busy = RwSignal::new(false);
    let label = if again {
        "Profile again"
    } else {
        "Profile values"
    };
    view! {
        <form method="post" action=action on:submit=move |event| {
            if busy.get_untracked() {
                event.prevent_default();
            }
            busy.set(true);
        }>
            <button class="button button-secondary" type="submit" data-testid="profile-values"
                aria-busy=move || busy.get().to_string()>
                {move || if busy.get() { "Reading rows…" } else { label }}
            </button>
        </form>
    }
}

fn found(profile: TableProfile) -> AnyView {
    let rows = profile.rows;
    let read = if profile.sampled {
        format!("a sample of {}", counted(rows))
    } else if rows == 0 {
        "no rows: the table is empty".to_owned()
    } else {
        format!("all of {}", counted(rows))
    };
    let lines = profile
        .columns
        .into_iter()
        .map(|column| line(column, rows))
        .collect_view();
    let head = view! {
        <th scope="col">"Column"</th>
        <th scope="col" class="num">"Nulls"</th>
        <th scope="col" class="num">"Distinct"</th>
        <th scope="col">"Smallest"</th>
        <th scope="col">"Largest"</th>
        <th scope="col">"Most common"</th>
    }
    .into_any();
    view! {
        <p class="dim" data-testid="profile-taken">
            "Taken "<RelativeTime at=profile.taken_at now=use_now()/>" from "{read}"."
        </p>
        <TableFrame label="Values" head testid="profile-columns">{lines}</TableFrame>
    }
    .into_any()
}

fn counted(rows: i64) -> String {
    match rows {
        1 => "1 row".to_owned(),
        rows => format!("{} rows", grouped(rows)),
    }
}

fn line(column: ColumnProfile, rows: i64) -> AnyView {
    let values = column.values;
    let nulls = format!("{} of {}", grouped(values.nulls), counted(rows));
    let common = values
        .top
        .iter()
        .take(VALUES_SHOWN)
        .map(|(value, count)| format!("{} {}", shown(value), share(*count, rows)))
        .collect::<Vec<_>>()
        .join(", ");
    let common = match common.as_str() {
        "" => view! { <td class="dim">"—"</td> }.into_any(),
        _ => view! { <td class="values" title=common.clone()>{common.clone()}</td> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="mono">{column.column}</th>
            <NumberCell value=(rows > 0).then(|| share(values.nulls, rows)) title=nulls/>
            <NumberCell value=values.distinct.map(grouped)/>
            {bound(values.min)}
            {bound(values.max)}
            {common}
        </tr>
    }
    .into_any()
}

/// A smallest or largest value, cut by the cell and whole on hover.
fn bound(value: Option<String>) -> AnyView {
    match value {
        Some(value) => {
            let text = shown(&value);
            view! { <td class="values" title=value>{text}</td> }.into_any()
        }
        None => view! { <td class="dim">"—"</td> }.into_any(),
    }
}

/// An empty text has to be seen too.
fn shown(value: &str) -> String {
    match value {
        "" => "“”".to_owned(),
        value => value.to_owned(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no precision")]
fn share(count: i64, rows: i64) -> String {
    if rows <= 0 {
        return "—".to_owned();
    }
    let percent = count as f64 * 100.0 / rows as f64;
    if percent > 0.0 && percent < 0.1 {
        "< 0.1 %".to_owned()
    } else {
        format!("{} %", decimal(percent, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_rows_that_were_read() {
        assert_eq!(share(1, 4), "25.0 %");
        assert_eq!(share(1, 1_000_000), "< 0.1 %");
        assert_eq!(share(0, 0), "—");
        assert_eq!(shown(""), "“”");
    }
}
