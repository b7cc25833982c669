//! A database's page: what it holds, and its tables to search, filter and sort.

mod import_report;
mod new_version;
mod refresh;
mod table_list;

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_now;
use crate::pages::database_list::origin_label;
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::texts::{tags, texts};
use crate::parts;
use crate::query::{Query, use_query};
use import_report::ImportReportView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::access::DatabaseAccess;
use model::address::{
    access_address, changes_address, database_address, database_edit_address, diagram_address,
    findings_address, relations_address,
};
use model::catalog::{
    DatabaseDetail, DatabaseOrigin, Page, SourceDetail, TableQuery, TableSort, TableSummary,
};
use model::job::RefreshState;
use model::number::grouped;
use model::schema::TableKind;
use new_version::NewVersion;
use refresh::{RefreshForm, RefreshPanel, ScheduleForm, Standing, schedule_line};
use table_list::TableList;
use ui::{Crumb, Notice, RelativeTime, Tab, Tabs, Tone};

/// How many tables one page of the list holds.
const PAGE_ROWS: u32 = 100;

/// `/databases/{id}?q=&schema=&kind=&sort=&after=`
#[component]
pub fn DatabasePage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::Database {
        id: params.read().get("id").unwrap_or_default(),
        query: table_query(&query.read()),
    });
    view! { <Answered question section=Section::Databases draw=parts::database/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::Database { query, .. }, PageAnswer::Database(answer)) => {
            let (detail, tables, refresh) = *answer;
            view! { <Loaded detail tables refresh wanted=query/> }.into_any()
        }
        _ => mismatch(),
    }
}

/// Reads the list's state from the address.
fn table_query(query: &Query) -> TableQuery {
    TableQuery {
        text: query.get("q").unwrap_or_default(),
        schema: query.get("schema").filter(|schema| !schema.is_empty()),
        kind: query
            .get("kind")
            .and_then(|kind| TableKind::from_word(&kind)),
        sort: query
            .get("sort")
            .and_then(|sort| TableSort::from_word(&sort))
            .unwrap_or_default(),
        after: query.get("after").filter(|after| !after.is_empty()),
        limit: PAGE_ROWS,
    }
}

#[component]
fn Loaded(
    detail: DatabaseDetail,
    tables: Page<TableSummary>,
    refresh: RefreshState,
    wanted: TableQuery,
) -> impl IntoView {
    let was_imported = use_query().read_untracked().get("imported").is_some();
    let DatabaseDetail {
        summary,
        schemas,
        report,
        enums,
        source,
        versions,
        owner,
        access,
        metadata,
    } = detail;
    let texts = texts(&metadata.annotation, None);
    let tags = tags(&metadata.annotation.tags);
    let counts = summary.counts;
    // What went wrong and what has just happened comes first; the rest is for the record.
    let (report_above, report_below) = match report {
        Some(report) if was_imported || report.problems_total > 0 => (Some(report), None),
        report => (None, report),
    };
    let may_write = access >= DatabaseAccess::Edit;
    let standing = source
        .is_some()
        .then(|| Standing::new(summary.id.clone(), refresh.job.clone()));
    let mut tabs = vec![
        Tab::new("Tables", database_address(&summary.id), true)
            .with_count(counts.tables.to_string()),
    ];
    if versions > 1 {
        let changes = Tab::new("Changes", changes_address(&summary.id, None), false);
        let count = format!("{versions} versions");
        tabs.push(changes.with_count(count).with_testid("changes-link"));
    }
    let findings = Tab::new("Findings", findings_address(&summary.id), false);
    tabs.push(findings.with_testid("findings-link"));
    let relations = Tab::new("Relations", relations_address(&summary.id), false);
    tabs.push(relations.with_testid("relations-link"));
    if access >= DatabaseAccess::Own {
        let access = Tab::new("Access", access_address(&summary.id), false);
        tabs.push(access.with_testid("access-link"));
    }
    let stat = |label: &'static str, count: u64| {
        view! { <div class="stat"><dt>{label}</dt><dd>{grouped(count as i64)}</dd></div> }
    };
    let enum_rows = enums
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row" class="mono">{format!("{}.{}", one.schema, one.name)}</th>
                    <td class="mono wrap">{one.values.join(", ")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Title text=summary.name.clone()/>
        <Frame
            crumbs=vec![Crumb::link("Databases", "/databases"), Crumb::here(summary.name.clone())]
            section=Section::Databases
        >
            <div class="page-header">
                <div class="page-title">
                    <h1 data-testid="database-name">{summary.name.clone()}</h1>
                    <span class="badge">{summary.provider.clone()}</span>
                    <span class="badge">{origin_label(summary.origin)}</span>
                    <span class="dim">"read "<RelativeTime at=summary.refreshed_at now=use_now()/></span>
                    {owner.map(|owner| view! { <span class="dim" data-testid="database-owner">{format!("owned by {owner}")}</span> })}
                </div>
                <div class="actions">
                    {may_write.then(|| view! {
                        <a class="button button-ghost" href=database_edit_address(&summary.id) data-testid="describe-database">"Describe"</a>
                    })}
                    <ExportMenu id=summary.id.to_string()/>
                    {standing.clone().filter(|_| may_write).map(|standing| view! {
                        <ScheduleForm id=summary.id.clone() schedule=refresh.schedule.clone()/>
                        <RefreshForm standing/>
                    })}
                    {may_write.then(|| view! { <DeleteForm id=summary.id.to_string() name=summary.name.clone()/> })}
                    <a class="button button-primary" href=diagram_address(&summary.id, None) data-testid="open-diagram">
                        "Open diagram"
                    </a>
                </div>
            </div>
            <div class="page-description stack">{texts}{tags}</div>
            {source.map(source_notes)}
            {(may_write && summary.origin == DatabaseOrigin::Script).then(|| view! {
                <NewVersion id=summary.id.to_string() provider=summary.provider.clone()/>
            })}
            {standing.map(|standing| view! {
                <div class="readings">
                    {schedule_line(&refresh)}
                    <RefreshPanel standing may_write/>
                </div>
            })}
            {report_above.map(|report| view! { <ImportReportView report was_imported/> })}
            <Tabs label="About this database" tabs testid="database-tabs"/>
            <dl class="stats" data-testid="database-stats">
                {stat("Tables", counts.tables)}
                {stat("Views", counts.views)}
                {stat("Columns", counts.columns)}
                {stat("Declared references", counts.foreign_keys)}
                {stat("Indexes", counts.indexes)}
                {(counts.partitions > 0).then(|| stat("Partitions", counts.partitions))}
                {(counts.enums > 0).then(|| stat("Enums", counts.enums))}
            </dl>
            <TableList id=summary.id.clone() schemas page=tables wanted/>
            {(counts.enums > 0).then(|| view! {
                <section class="section" aria-labelledby="enums-title">
                    <h2 id="enums-title">"Enumerated types"</h2>
                    <div class="table-frame" role="region" aria-labelledby="enums-title" tabindex="0">
                        <table class="table" data-testid="enums">
                            <thead><tr><th scope="col">"Type"</th><th scope="col">"Values"</th></tr></thead>
                            <tbody>{enum_rows}</tbody>
                        </table>
                    </div>
                </section>
            })}
            {report_below.map(|report| view! { <ImportReportView report was_imported/> })}
        </Frame>
    }
}

/// The structure as a file, in any of the formats.
#[component]
fn ExportMenu(id: String) -> impl IntoView {
    const FORMATS: [(&str, &str); 10] = [
        ("ddl", "SQL, its own dialect"),
        ("postgresql", "SQL for PostgreSQL"),
        ("mysql", "SQL for MySQL"),
        ("sqlite", "SQL for SQLite"),
        ("sqlserver", "SQL for SQL Server"),
        ("oracle", "SQL for Oracle"),
        ("dbml", "DBML"),
        ("mermaid", "Mermaid"),
        ("markdown", "Markdown"),
        ("json", "JSON"),
    ];
    let links = FORMATS
        .into_iter()
        .map(|(word, label)| {
            let address = format!("/api/databases/{id}/export?format={word}");
            view! { <li><a href=address download="" rel="external">{label}</a></li> }
        })
        .collect_view();
    view! {
        <details class="confirm export">
            <summary class="button button-ghost" data-testid="export">"Export"</summary>
            <div class="confirm-box"><ul>{links}</ul></div>
        </details>
    }
}

/// Where the database is, and what of it could not be read.
fn source_notes(source: SourceDetail) -> AnyView {
    let place = match (&source.host, source.port) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.clone(),
        (None, _) => String::new(),
    };
    let parts: Vec<String> = [
        source.server_version.clone(),
        Some(place).filter(|place| !place.is_empty()),
        source.database.clone(),
        source.username.as_ref().map(|user| format!("as {user}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let failed = source.last_error.map(|reason| {
        view! {
            <Notice tone=Tone::Error testid="source-failed">
                "The last try to read it failed, so this is what was read before: "{reason}
            </Notice>
        }
    });
    let unreadable = (!source.unreadable.is_empty()).then(|| {
        let rows = source
            .unreadable
            .into_iter()
            .map(|(what, reason)| view! { <li><strong>{what}</strong>": "{reason}</li> })
            .collect_view();
        view! {
            <div class="notice notice-warning notice-stacked" data-testid="source-unreadable">
                <p>"Some of it could not be read; the rest is complete."</p>
                <ul>{rows}</ul>
            </div>
        }
    });
    view! {
        <p class="dim" data-testid="source">{parts.join(" · ")}</p>
        {failed}
        {unreadable}
    }
    .into_any()
}

/// Taking a database out of the catalog, behind a question that works without scripts.
#[component]
fn DeleteForm(id: String, name: String) -> impl IntoView {
    view! {
        <details class="confirm">
            <summary class="button button-ghost" data-testid="delete">"Delete"</summary>
            <form class="confirm-box" method="post" action=format!("/rpc/databases/{id}/delete")>
                <p>
                    "Take "<strong>{name}</strong>" out of the catalog? "
                    "What people wrote about it here is lost. The database itself is left alone."
                </p>
                <button class="button button-danger" type="submit" data-testid="delete-confirm">"Take it out"</button>
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_state_is_read_from_the_address() {
        let query: Query = [
            ("q", "ord"),
            ("schema", ""),
            ("kind", "view"),
            ("sort", "rows"),
            ("after", "x"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        let wanted = table_query(&query);
        assert_eq!(wanted.text, "ord");
        assert_eq!(wanted.schema, None);
        assert_eq!(wanted.kind, Some(TableKind::View));
        assert_eq!(wanted.sort, TableSort::Rows);
        assert_eq!(wanted.after.as_deref(), Some("x"));
    }

    #[test]
    fn words_that_mean_nothing_count_as_absent() {
        let query: Query = [
            ("kind".to_owned(), "teapot".to_owned()),
            ("sort".to_owned(), "luck".to_owned()),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            table_query(&query),
            TableQuery {
                limit: PAGE_ROWS,
                ..TableQuery::default()
            }
        );
    }
}
