//! A dataset's page: what people know of data that has no database.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::{use_bootstrap, use_now};
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::frame::{Frame, FrameKind, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::table::columns::{Columns, Place};
use crate::pages::table::facts::facts;
use crate::pages::texts::texts;
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::address::dataset_edit_address;
use model::dataset::{DatasetDetail, DatasetType};
use model::id::TableId;
use model::metadata::TableRecord;
use model::number::{bytes, decimal, grouped};
use ui::{
    Badge, ButtonLink, Checkbox, Crumb, Field, IconName, PageHeader, RelativeTime, Stat, Stats,
};

/// `/datasets/{id}`
#[component]
pub fn DatasetPage() -> impl IntoView {
    let params = use_params_map();
    let question = Memo::new(move |_| PageQuestion::Dataset {
        id: params.read().get("id").unwrap_or_default(),
    });
    view! { <Answered question section=Section::Datasets draw=parts::dataset/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Dataset(dataset) => view! { <Loaded dataset=*dataset/> }.into_any(),
        _ => mismatch(),
    }
}

#[component]
fn Loaded(dataset: DatasetDetail) -> impl IntoView {
    provide_context::<FormFault>(RwSignal::new(fault_of_flash()));
    let DatasetDetail {
        record,
        columns,
        may_edit,
    } = dataset;
    let id = record.id;
    let name = format!("{}.{}", record.schema, record.name);
    let crumbs = vec![
        Crumb::link("Datasets", "/datasets"),
        Crumb::here(name.clone()),
    ];
    let kind = match DatasetType::from_word(&record.table_type) {
        Some(one) => one.label().to_owned(),
        None => record.table_type.clone(),
    };
    let badges = view! {
        <Badge>{kind}</Badge>
        <span class="dim">"changed "<RelativeTime at=record.updated_at now=use_now()/></span>
    }
    .into_any();
    let actions = may_edit.then(|| actions(id, &name));
    let texts = texts(&record.metadata.annotation, record.source_comment.clone());
    view! {
        <Title text=name.clone()/>
        <Frame crumbs section=Section::Datasets kind=FrameKind::Wide>
            <PageHeader title=name mono=true badges actions=actions.unwrap_or_else(|| ().into_any())>{texts}</PageHeader>
            {facts(&record.metadata)}
            {numbers(&record)}
            <Columns place=Place::of_dataset(id, may_edit) columns references=Vec::new()/>
            {may_edit.then(|| new_column(id))}
        </Frame>
    }
}

fn actions(id: TableId, name: &str) -> AnyView {
    view! {
        <ButtonLink href=dataset_edit_address(id) icon=IconName::Edit testid="describe-dataset">"Describe"</ButtonLink>
        <details class="confirm">
            <summary class="button button-ghost" data-testid="delete">"Delete"</summary>
            <form class="confirm-box" method="post" action=format!("/rpc/datasets/{id}/delete")>
                <p>
                    "Take "<strong>{name.to_owned()}</strong>" out of the catalog? "
                    "What people wrote about it here is lost. The data itself is left alone."
                </p>
                <button class="button button-danger" type="submit" data-testid="delete-confirm">"Take it out"</button>
            </form>
        </details>
    }
    .into_any()
}

/// The numbers at a glance.
fn numbers(record: &TableRecord) -> AnyView {
    let rows = record
        .row_count
        .map(|rows| view! { <Stat label="Rows">{grouped(rows)}</Stat> });
    let size = record.size_bytes.map(|size| {
        let title = format!("{} bytes", grouped(size));
        view! { <Stat label="Size" title>{bytes(size)}</Stat> }
    });
    let ratio = record
        .compression_ratio
        .map(|ratio| view! { <Stat label="Compression">{decimal(ratio, 2)}" : 1"</Stat> });
    let columns = grouped(i64::from(record.columns));
    let catalogued = record.created_at;
    view! {
        <Stats>
            {rows}
            {size}
            {ratio}
            <Stat label="Columns">{columns}</Stat>
            <Stat label="Catalogued"><RelativeTime at=catalogued now=use_now()/></Stat>
        </Stats>
    }
    .into_any()
}

/// The form that adds a column at the end.
fn new_column(id: TableId) -> AnyView {
    let flash = use_bootstrap().flash.filter(|flash| !flash.success);
    let entered = |name: &str| flash.as_ref().and_then(|flash| flash.entered(name));
    let is_not_null = entered("notNull").is_some();
    view! {
        <section class="section" aria-labelledby="new-column-title">
            <h2 id="new-column-title">"Add a column"</h2>
            <form method="post" action=format!("/rpc/datasets/{id}/columns") class="row row-start access-form"
                data-testid="column-form">
                <Field name="columnName" label="Name" value=entered("columnName").unwrap_or_default() required=true
                    error=fault_of_field("columnName") autocomplete="off" testid="field-column-name"/>
                <Field name="dataType" label="Type" value=entered("dataType").unwrap_or_default() required=true
                    placeholder="string" error=fault_of_field("dataType") autocomplete="off" testid="field-column-type"/>
                <div class="row-button">
                    <Checkbox name="notNull" label="Not null" checked=is_not_null testid="field-column-not-null"/>
                </div>
                <button class="button button-secondary row-button" type="submit" data-testid="column-add">"Add"</button>
            </form>
        </section>
    }
    .into_any()
}
