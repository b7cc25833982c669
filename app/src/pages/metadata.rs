//! The forms in which people write about a database, a table or a column. They post to their own
//! address and need no scripts; what is wrong is told beside its field, and when somebody else was
//! faster both texts are shown.

pub(crate) mod fields;

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::frame::{Frame, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::pages::texts::texts;
use crate::parts;
use crate::query::use_query;
use contract::metadata::Subject;
use fields::Given;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::address::{
    column_address, column_edit_address, database_address, database_edit_address, dataset_address,
    dataset_column_address, dataset_column_edit_address, dataset_edit_address, table_address,
    table_edit_address,
};
use model::metadata::{Annotation, ColumnRecord, DatabaseRecord, TableRecord, write_custom};
use model::semantic::SemanticType;
use ui::{Button, ButtonLink, ButtonVariant, Crumb, Field, PageHeader, Select, TextArea};

/// `/databases/{id}/edit`, `/databases/{id}/tables/{schema}.{table}/edit?column=`
#[component]
pub fn MetadataPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| {
        let params = params.read();
        PageQuestion::Metadata {
            id: params.get("id").unwrap_or_default(),
            table: params.get("table"),
            column: query.read().get("column"),
        }
    });
    view! { <Answered question section=Section::Databases draw=parts::metadata/> }
}

/// `/datasets/{id}/edit?column=`
#[component]
pub fn DatasetMetadataPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query();
    let question = Memo::new(move |_| PageQuestion::DatasetMetadata {
        id: params.read().get("id").unwrap_or_default(),
        column: query.read().get("column"),
    });
    view! { <Answered question section=Section::Datasets draw=parts::metadata/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    match answer {
        PageAnswer::Metadata(subject) => match *subject {
            Subject::Database(database) => database_form(database),
            Subject::Table(table) => table_form(table),
            Subject::Column(column) => column_form(column),
        },
        _ => mismatch(),
    }
}

/// What the last post to this address brought, where it failed, for the fields below.
fn given_to(action: &str) -> Given {
    let given = Given::new(use_bootstrap().flash, action);
    let fault = fault_of_flash().filter(|_| given.is_given());
    provide_context::<FormFault>(RwSignal::new(fault));
    given
}

fn database_form(database: DatabaseRecord) -> AnyView {
    let action = database_edit_address(&database.id);
    let given = &given_to(&action);
    let back = database_address(&database.id);
    let crumbs = vec![
        Crumb::link("Databases", "/databases"),
        Crumb::link(database.name.clone(), back.clone()),
        Crumb::here("Describe"),
    ];
    let annotation = database.metadata.annotation;
    let fields = view! {
        {description(&annotation, given)}
        {tags_field(&annotation, given)}
    }
    .into_any();
    form(Form {
        title: format!("Describe {}", database.name),
        section: Section::Databases,
        crumbs,
        action,
        back,
        source: None,
        annotation,
        given,
        fields,
        beyond: None,
    })
}

fn table_form(table: TableRecord) -> AnyView {
    let TableRecord {
        database,
        schema,
        name,
        metadata,
        source_comment,
        row_count,
        size_bytes,
        compression_ratio,
        id: table_id,
        ..
    } = table;
    let title = format!("{schema}.{name}");
    let is_dataset = database.is_none();
    let (action, back, mut crumbs) = match database {
        Some((id, database)) => (
            table_edit_address(&id, &schema, &name),
            table_address(&id, &schema, &name),
            vec![
                Crumb::link("Databases", "/databases"),
                Crumb::link(database, database_address(&id)),
            ],
        ),
        None => (
            dataset_edit_address(table_id),
            dataset_address(table_id),
            vec![Crumb::link("Datasets", "/datasets")],
        ),
    };
    crumbs.push(Crumb::link(title.clone(), back.clone()));
    crumbs.push(Crumb::here("Describe"));
    let given = &given_to(&action);
    // A source counts its tables itself.
    let numbers = is_dataset.then(|| numbers(row_count, size_bytes, compression_ratio, given));
    let owner = metadata.owner.map(|owner| owner.username);
    let (owner, owner_now) = given.value("owner", owner.unwrap_or_default());
    let location = metadata.storage_location.unwrap_or_default();
    let (location, location_now) = given.value("storage_location", location);
    let format = metadata.storage_format.unwrap_or_default();
    let (format, format_now) = given.value("storage_format", format);
    let partitioning = metadata.partitioning.unwrap_or_default();
    let (partitioning, partitioning_now) = given.value("partitioning", partitioning);
    let (custom, custom_now) = given.value("custom", write_custom(&metadata.custom));
    let annotation = metadata.annotation;
    let fields = view! {
        {description(&annotation, given)}
        {tags_field(&annotation, given)}
        <Field name="owner" label="Owner" value=owner hint="Email address or username of whoever answers for it."
            error=fault_of_field("owner") autocomplete="off" testid="field-owner"/>
        {owner_now}
        <div class="field-row field-row-wide">
            <div class="stack">
                <Field name="storage_location" label="Storage location" value=location placeholder="s3://bucket/path"
                    error=fault_of_field("storage_location") autocomplete="off" testid="field-location"/>
                {location_now}
            </div>
            <div class="stack">
                <Field name="storage_format" label="Storage format" value=format placeholder="parquet"
                    error=fault_of_field("storage_format") autocomplete="off" testid="field-format"/>
                {format_now}
            </div>
        </div>
        {numbers}
        <TextArea name="partitioning" label="Partitioning" value=partitioning rows=2
            hint="In words, or as a JSON object." error=fault_of_field("partitioning") testid="field-partitioning"/>
        {partitioning_now}
        <TextArea name="custom" label="More" value=custom rows=3
            hint="Keys and values of your own, one pair on each line: retention: 30 days"
            error=fault_of_field("custom") testid="field-custom"/>
        {custom_now}
    }
    .into_any();
    form(Form {
        title: format!("Describe {title}"),
        section: section_of(is_dataset),
        crumbs,
        action,
        back,
        source: source_comment,
        annotation,
        given,
        fields,
        beyond: None,
    })
}

/// Rows and sizes of a dataset, which nobody counts for people.
fn numbers(rows: Option<i64>, size: Option<i64>, ratio: Option<f64>, given: &Given) -> AnyView {
    let written = |number: Option<i64>| number.map(|one| one.to_string()).unwrap_or_default();
    let (rows, rows_now) = given.value("rowCount", written(rows));
    let (size, size_now) = given.value("fileSizeBytes", written(size));
    let ratio = ratio.map(|ratio| ratio.to_string()).unwrap_or_default();
    let (ratio, ratio_now) = given.value("compressionRatio", ratio);
    view! {
        {number_fields(rows, size, ratio)}
        {rows_now}
        {size_now}
        {ratio_now}
    }
    .into_any()
}

/// The fields for rows, size in bytes and compression of a dataset.
pub(crate) fn number_fields(rows: String, size: String, ratio: String) -> AnyView {
    view! {
        <div class="field-row field-row-thirds">
            <Field name="rowCount" label="Rows" value=rows error=fault_of_field("rowCount")
                autocomplete="off" testid="field-rows"/>
            <Field name="fileSizeBytes" label="Size in bytes" value=size error=fault_of_field("fileSizeBytes")
                autocomplete="off" testid="field-size"/>
            <Field name="compressionRatio" label="Compression ratio" value=ratio placeholder="4.5"
                error=fault_of_field("compressionRatio") autocomplete="off" testid="field-ratio"/>
        </div>
    }
    .into_any()
}

fn section_of(is_dataset: bool) -> Section {
    if is_dataset {
        Section::Datasets
    } else {
        Section::Databases
    }
}

fn column_form(column: ColumnRecord) -> AnyView {
    let ColumnRecord {
        database,
        schema,
        table,
        name,
        metadata,
        source_comment,
        id: column_id,
        table_id,
        ..
    } = column;
    let is_dataset = database.is_none();
    let above = format!("{schema}.{table}");
    let (action, back, mut crumbs) = match database {
        Some((id, database)) => (
            column_edit_address(&id, &schema, &table, &name),
            column_address(&id, &schema, &table, &name),
            vec![
                Crumb::link("Databases", "/databases"),
                Crumb::link(database, database_address(&id)),
                Crumb::link(above, table_address(&id, &schema, &table)),
            ],
        ),
        None => (
            dataset_column_edit_address(table_id, &name),
            dataset_column_address(table_id, &name),
            vec![
                Crumb::link("Datasets", "/datasets"),
                Crumb::link(above, dataset_address(table_id)),
            ],
        ),
    };
    crumbs.push(Crumb::here(name.clone()));
    let given = &given_to(&action);
    let beyond = is_dataset.then(|| {
        let back = dataset_address(table_id);
        view! {
            <details class="remove" data-testid="remove-column">
                <summary class="button button-ghost">"Remove this column"</summary>
                <form method="post" action=format!("/rpc/columns/{column_id}/delete") class="stack">
                    <input type="hidden" name="back" value=back/>
                    <p>"What people wrote about it here is lost. The data itself is left alone."</p>
                    <div class="actions">
                        <button class="button button-danger" type="submit" data-testid="remove-column-confirm">{format!("Remove {name}")}</button>
                    </div>
                </form>
            </details>
        }
        .into_any()
    });
    let stored = metadata.semantic_type.unwrap_or_default();
    let mut options = vec![(String::new(), "Not said".to_owned())];
    options.extend(SemanticType::ALL.into_iter().map(|meaning| {
        (
            meaning.as_str().to_owned(),
            meaning.as_str().replace('_', " "),
        )
    }));
    // A word of a system before us stays until somebody chooses another.
    if !options.iter().any(|(word, _)| *word == stored) {
        options.push((stored.clone(), stored.clone()));
    }
    let (meaning, meaning_now) = given.value("semantic_type", stored);
    let annotation = metadata.annotation;
    let fields = view! {
        {description(&annotation, given)}
        {tags_field(&annotation, given)}
        <Select name="semantic_type" label="What its values mean" options value=meaning
            error=fault_of_field("semantic_type") testid="field-meaning"/>
        {meaning_now}
    }
    .into_any();
    form(Form {
        title: format!("Describe {table}.{name}"),
        section: section_of(is_dataset),
        crumbs,
        action,
        back,
        source: source_comment,
        annotation,
        given,
        fields,
        beyond,
    })
}

fn description(annotation: &Annotation, given: &Given) -> AnyView {
    let stored = annotation.description.clone().unwrap_or_default().markdown;
    let (value, now) = given.value("description", stored);
    view! {
        <TextArea name="description" label="Description" value rows=8
            hint="Markdown: **bold**, lists, tables, `code`, [links](https://example.org)."
            error=fault_of_field("description") testid="field-description"/>
        {now}
    }
    .into_any()
}

fn tags_field(annotation: &Annotation, given: &Given) -> AnyView {
    let (value, now) = given.value("tags", annotation.tags.join(", "));
    view! {
        <Field name="tags" label="Tags" value hint="Separated by commas." error=fault_of_field("tags")
            autocomplete="off" testid="field-tags"/>
        {now}
    }
    .into_any()
}

struct Form<'a> {
    title: String,
    section: Section,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    source: Option<String>,
    annotation: Annotation,
    given: &'a Given,
    fields: AnyView,
    /// What else can be done here, in forms of its own.
    beyond: Option<AnyView>,
}

fn form(form: Form<'_>) -> AnyView {
    let Form {
        title,
        section,
        crumbs,
        action,
        back,
        source,
        mut annotation,
        given,
        fields,
        beyond,
    } = form;
    let revision = given.revision(annotation.revision).to_string();
    // The human text is what the form is for; the others help to write it.
    annotation.description = None;
    let help = texts(&annotation, source);
    let is_conflict = given.is_conflict;
    let here = action.clone();
    let submit = if is_conflict {
        "Save mine over it"
    } else {
        "Save"
    };
    view! {
        <Title text=title.clone()/>
        <Frame crumbs section>
            <PageHeader title=title>{help}</PageHeader>
            {is_conflict.then(|| view! {
                <p class="dim" data-testid="conflict">
                    "Below is what you wrote. Where it differs, what is stored now stands beneath it."
                </p>
            })}
            <form class="import-form stack" method="post" action=action data-testid="metadata-form">
                <input type="hidden" name="form" value=here/>
                <input type="hidden" name="revision" value=revision/>
                {fields}
                <div class="actions">
                    <Button variant=ButtonVariant::Primary submit=true testid="metadata-save">{submit}</Button>
                    <ButtonLink href=back variant=ButtonVariant::Ghost>"Cancel"</ButtonLink>
                </div>
            </form>
            {beyond}
        </Frame>
    }
    .into_any()
}
