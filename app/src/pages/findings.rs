//! How well a database is described, and what of its structure is worth a second look.

use crate::api::{PageAnswer, PageQuestion};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use contract::source::DatabaseFindings;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::address::{column_address, database_address, table_address};
use model::catalog::Coverage;
use model::finding::{FINDINGS_PER_KIND_MAX, Finding, FindingKind, Severity};
use model::id::DatabaseId;
use model::number::grouped;
use ui::{Crumb, EmptyState, IconName};

/// `/databases/{id}/findings`
#[component]
pub fn FindingsPage() -> impl IntoView {
    let params = use_params_map();
    let question = Memo::new(move |_| PageQuestion::Findings {
        id: params.read().get("id").unwrap_or_default(),
    });
    view! { <Answered question section=Section::Databases draw=parts::findings/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Findings(findings) => view! { <Loaded findings=*findings/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(findings: DatabaseFindings) -> impl IntoView {
    let DatabaseFindings {
        database_id: id,
        database_name: name,
        coverage,
        findings,
    } = findings;
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(name.clone(), database_address(&id)),
        Crumb::here("Findings"),
    ];
    let is_clean = findings.is_empty();
    let groups = FindingKind::ALL
        .into_iter()
        .map(|kind| {
            let of_kind: Vec<Finding> = findings
                .iter()
                .filter(|finding| finding.kind == kind)
                .cloned()
                .collect();
            (!of_kind.is_empty()).then(|| group(&id, kind, of_kind))
        })
        .collect_view();
    view! {
        <Title text=format!("{name} findings")/>
        <Frame crumbs section=Section::Databases>
            <div class="page-header"><div class="page-title"><h1>"Findings"</h1></div></div>
            {described(coverage)}
            {is_clean.then(|| view! {
                <EmptyState icon=IconName::Check title="Nothing to look at twice"
                    text="Keys, indexes and types of this database are as one would wish them."/>
            })}
            {groups}
        </Frame>
    }
}

fn described(coverage: Coverage) -> AnyView {
    let stat = |label: &'static str, some: u64, all: u64| {
        let percent = (some * 100).checked_div(all).unwrap_or_default();
        view! {
            <div class="stat">
                <dt>{label}</dt>
                <dd>{format!("{percent} %")}
                    <span class="dim">{format!(" {} of {}", grouped(some as i64), grouped(all as i64))}</span>
                </dd>
            </div>
        }
    };
    view! {
        <dl class="stats" data-testid="coverage">
            {stat("Tables described", coverage.tables_described, coverage.tables)}
            {stat("Columns described", coverage.columns_described, coverage.columns)}
        </dl>
    }
    .into_any()
}

fn group(id: &DatabaseId, kind: FindingKind, findings: Vec<Finding>) -> AnyView {
    let count = findings.len();
    let shown = if count >= FINDINGS_PER_KIND_MAX {
        format!("{} or more", grouped(count as i64))
    } else {
        grouped(count as i64)
    };
    let mark = match kind.severity() {
        Severity::Warning => "badge badge-warning",
        Severity::Notice => "badge",
    };
    let rows = findings
        .into_iter()
        .map(|finding| {
            let table = &finding.table;
            let (text, address) = match &finding.column {
                Some(column) => (
                    format!("{table}.{column}"),
                    column_address(id, &table.schema, &table.name, column),
                ),
                None => (
                    table.to_string(),
                    table_address(id, &table.schema, &table.name),
                ),
            };
            view! {
                <li>
                    <a class="mono" href=address>{text}</a>
                    <span class="dim">{finding.reason}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="finding-group" open=count <= 12 data-testid="finding-group" data-kind=kind.label()>
            <summary>
                <span class="finding-kind">{kind.label()}</span>
                <span class=mark>{shown}</span>
            </summary>
            <ul class="findings">{rows}</ul>
        </details>
    }
    .into_any()
}
