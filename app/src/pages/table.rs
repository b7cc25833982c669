//! A table's page: columns, references, indexes, constraints, definition and use.

pub(crate) mod columns;
pub(crate) mod facts;
mod profile;
mod relations;
mod undeclared;
mod usage;

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_now;
use crate::pages::frame::{Frame, FrameKind, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::texts::texts;
use crate::parts;
use columns::{Columns, Place};
use facts::facts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::access::DatabaseAccess;
use model::address::{
    database_address, diagram_address, encode, table_address, table_edit_address,
};
use model::catalog::TableDetail;
use model::number::{bytes, grouped, short};
use profile::Profile;
use relations::{Constraints, Indexes, Partitions, References};
use ui::{
    Badge, ButtonLink, ButtonVariant, CodeBlock, Crumb, IconName, PageHeader, RelativeTime, Stat,
    Stats, TableFrame,
};
use undeclared::Undeclared;
use usage::{FrequentQueries, QueriesPerDay};

/// `/databases/{id}/tables/{schema}.{table}`
#[component]
pub fn TablePage() -> impl IntoView {
    let params = use_params_map();
    let question = Memo::new(move |_| {
        let params = params.read();
        PageQuestion::Table {
            id: params.get("id").unwrap_or_default(),
            name: params.get("table").unwrap_or_default(),
        }
    });
    view! { <Answered question section=Section::Databases draw=parts::table/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Table(table) => view! { <Loaded table=*table/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(table: TableDetail) -> impl IntoView {
    let id = table.database_id.clone();
    let summary = table.summary.clone();
    let name = format!("{}.{}", summary.schema, summary.name);
    let schema_address = format!(
        "{}?schema={}",
        database_address(&id),
        encode(&summary.schema)
    );
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(table.database_name.clone(), database_address(&id)),
        Crumb::link(summary.schema.clone(), schema_address),
        Crumb::here(summary.name.clone()),
    ];
    let badges = view! {
        <Badge>{summary.kind.label()}</Badge>
        <span class="dim">"read "<RelativeTime at=table.refreshed_at now=use_now()/></span>
    }
    .into_any();
    let show = format!(
        "\"{}\".\"{}\"+1",
        doubled(&summary.schema),
        doubled(&summary.name)
    );
    let plain = is_plain(&summary.schema) && is_plain(&summary.name);
    let show = if plain { format!("{name}+1") } else { show };
    let texts = texts(&table.metadata.annotation, table.summary.comment.clone());
    let may_edit = table.access >= DatabaseAccess::Edit;
    let edit = may_edit.then(|| {
        let href = table_edit_address(&id, &summary.schema, &summary.name);
        view! { <ButtonLink href icon=IconName::Edit testid="describe-table">"Describe"</ButtonLink> }
    });
    let actions = view! {
        {edit}
        <ButtonLink href=diagram_address(&id, Some(&show)) variant=ButtonVariant::Primary
            icon=IconName::Diagram testid="open-in-diagram">"Open in diagram"</ButtonLink>
    }
    .into_any();
    let parent = table.partition_of.clone().map(|(schema, parent)| {
        let href = table_address(&id, &schema, &parent);
        view! {
            <p class="page-description">"Partition of " <a class="mono" href=href>{format!("{schema}.{parent}")}</a></p>
        }
    });
    let undeclared = Undeclared {
        relations: table.relations.clone(),
        is_pending: table.relations_pending,
        may_edit,
        back: table_address(&id, &summary.schema, &summary.name),
    };
    let may_profile = table.live && table.access >= DatabaseAccess::Edit;
    let triggers = table
        .triggers
        .iter()
        .map(|(trigger, definition)| {
            view! { <tr><th scope="row" class="mono">{trigger.clone()}</th><td class="mono wrap">{definition.clone()}</td></tr> }
        })
        .collect_view();
    let has_triggers = !table.triggers.is_empty();
    let trigger_head =
        view! { <th scope="col">"Trigger"</th><th scope="col">"Definition"</th> }.into_any();
    view! {
        <Title text=format!("{name} in {}", table.database_name)/>
        <Frame crumbs section=Section::Databases kind=FrameKind::Wide>
            <PageHeader title=name mono=true badges actions>{texts}{parent}</PageHeader>
            {facts(&table.metadata)}
            <Facts table=table.clone()/>
            <Columns place=Place::new(&table) columns=table.columns.clone() references=table.references_out.clone()/>
            <Profile id=id.clone() schema=summary.schema.clone() name=summary.name.clone() profile=table.profile may_profile/>
            <References id=id.clone() out=table.references_out own=summary.name.clone() into=table.references_in undeclared/>
            <Indexes indexes=table.indexes/>
            <Constraints constraints=table.constraints/>
            <Partitions id=id partitions=table.partitions key=table.partition_key/>
            {has_triggers.then(|| view! {
                <section class="section" aria-labelledby="triggers-title">
                    <h2 id="triggers-title">"Triggers"</h2>
                    <TableFrame label="Triggers" head=trigger_head testid="triggers">{triggers}</TableFrame>
                </section>
            })}
            {table.definition.map(|definition| view! {
                <section class="section" aria-labelledby="definition-title">
                    <h2 id="definition-title">"Definition"</h2>
                    <CodeBlock text=definition label="Definition of the view" sql=true scroll=true testid="definition"/>
                </section>
            })}
            {table.usage.map(|usage| view! { <FrequentQueries usage/> })}
        </Frame>
    }
}

/// The numbers at a glance.
#[component]
fn Facts(table: TableDetail) -> impl IntoView {
    let summary = table.summary;
    let references = format!(
        "{} out, {} in",
        summary.references_out, summary.references_in
    );
    let rows = summary.row_count.map(|rows| {
        view! { <Stat label="Rows" title=grouped(rows)>{if rows < 100_000_000 { grouped(rows) } else { short(rows) }}</Stat> }
    });
    let size = summary.size_bytes.map(|size| {
        let indexes = table.index_bytes.filter(|size| *size > 0).map(|size| {
            view! { <span class="dim">{format!(" + {} indexes", bytes(size))}</span> }
        });
        view! { <Stat label="Size">{bytes(size)}{indexes}</Stat> }
    });
    let people = table
        .usage
        .as_ref()
        .filter(|usage| usage.people > 0)
        .map(|usage| {
            let people = if usage.people == 1 {
                "1 person".to_owned()
            } else {
                format!("{} people", usage.people)
            };
            view! { <Stat label="Read by">{people}<span class="dim">" in 30 d"</span></Stat> }
        });
    view! {
        <Stats>
            {rows}
            {size}
            <Stat label="Columns">{summary.columns.to_string()}</Stat>
            <Stat label="References" title="Declared by the source">{references}</Stat>
            {people}
            {table.usage.map(|usage| view! { <QueriesPerDay per_day=usage.per_day/> })}
        </Stats>
    }
}

/// Whether a name may stand in a diagram's `show` expression without quotes.
fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|character| character.is_alphanumeric() || character == '_')
        && !name.is_empty()
}

fn doubled(name: &str) -> String {
    name.replace('"', "\"\"")
}
