//! How a table is used, from the query history.

use crate::bootstrap::use_now;
use leptos::prelude::*;
use model::catalog::{TableUsage, USAGE_DAYS};
use model::number::{decimal, grouped};
use ui::{DimCell, RelativeTime, Sparkline, SqlText, Stat, TableFrame};

/// Statements by day, as bars.
#[component]
pub fn QueriesPerDay(
    /// One number a day, the oldest first.
    per_day: Vec<u32>,
) -> impl IntoView {
    let total: u64 = per_day.iter().map(|count| u64::from(*count)).sum();
    let label = format!(
        "{} statements in the last {USAGE_DAYS} days, by day",
        grouped(total as i64)
    );
    let values = per_day.into_iter().map(u64::from).collect::<Vec<_>>();
    view! { <Stat label="Queries per day"><Sparkline label values/></Stat> }
}

/// Statements that are run most often.
#[component]
pub fn FrequentQueries(
    /// The usage.
    usage: TableUsage,
) -> impl IntoView {
    if usage.frequent.is_empty() {
        return ().into_any();
    }
    let now = use_now();
    let rows = usage
        .frequent
        .into_iter()
        .map(|query| {
            view! {
                <tr>
                    <td class="wrap query"><SqlText text=query.text/></td>
                    <DimCell value=query.mostly_by/>
                    <td class="num">{grouped(i64::from(query.runs))}</td>
                    <td class="num">{duration(query.p95_ms)}</td>
                    <td class="num dim"><RelativeTime at=query.last_at now/></td>
                </tr>
            }
        })
        .collect_view();
    let head = view! {

            <th scope="col">"Query"</th>
            <th scope="col">"Mostly by"</th>
            <th scope="col" class="num">"Runs"</th>
            <th scope="col" class="num">"p95"</th>
            <th scope="col" class="num">"Last"</th>

    }
    .into_any();
    view! {
        <section class="section" aria-labelledby="queries-title">
            <h2 id="queries-title">"Frequent queries"</h2>
            <TableFrame label="Frequent queries" head testid="frequent-queries">{rows}</TableFrame>
        </section>
    }
    .into_any()
}

fn duration(milliseconds: i64) -> String {
    if milliseconds < 1_000 {
        format!("{milliseconds} ms")
    } else if milliseconds < 100_000 {
        format!("{} s", decimal(milliseconds as f64 / 1_000.0, 1))
    } else {
        format!("{} min", milliseconds / 60_000)
    }
}
