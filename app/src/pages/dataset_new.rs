//! The form that catalogues a dataset. It posts to its own address and needs no scripts.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::use_bootstrap;
use crate::pages::auth_form::{FormFault, fault_of_field, fault_of_flash};
use crate::pages::frame::{Frame, Section};
use crate::pages::metadata::fields::Given;
use crate::pages::metadata::number_fields;
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use leptos::prelude::*;
use leptos_meta::Title;
use model::dataset::DatasetType;
use ui::{Button, ButtonLink, ButtonVariant, Crumb, Field, PageHeader, Select, TextArea};

const HERE: &str = "/datasets/new";

/// `/datasets/new`
#[component]
pub fn NewDatasetPage() -> impl IntoView {
    let question = Memo::new(|_| PageQuestion::Writing);
    view! { <Answered question section=Section::Datasets draw=parts::dataset_new/> }
}

/// Draws the page.
pub(crate) fn draw(_: PageQuestion, answer: PageAnswer) -> AnyView {
    let PageAnswer::Writing = answer else {
        return mismatch();
    };
    let crumbs = vec![
        Crumb::link("Datasets", "/datasets"),
        Crumb::here("Catalogue a dataset"),
    ];
    view! {
        <Title text="Catalogue a dataset"/>
        <Frame crumbs section=Section::Datasets>
            <PageHeader title="Catalogue a dataset">
                <p>"The data stays where it is, and nothing of it is read: what is written here is what people know of it."</p>
            </PageHeader>
            {form()}
        </Frame>
    }
    .into_any()
}

fn form() -> AnyView {
    let given = Given::new(use_bootstrap().flash, HERE);
    let fault = fault_of_flash().filter(|_| given.is_given());
    provide_context::<FormFault>(RwSignal::new(fault));
    let value = |name: &str, first: &str| given.value(name, first.to_owned()).0;
    let types = DatasetType::ALL
        .into_iter()
        .map(|one| (one.as_str().to_owned(), one.label().to_owned()))
        .collect();
    view! {
        <form class="import-form stack" method="post" action=HERE data-testid="dataset-form">
            <input type="hidden" name="form" value=HERE/>
            <div class="field-row">
                <Field name="tableName" label="Name" value=value("tableName", "") required=true
                    placeholder="sales_2026" error=fault_of_field("tableName") autocomplete="off" testid="field-name"/>
                <Field name="schemaName" label="Namespace" value=value("schemaName", "") placeholder="public"
                    error=fault_of_field("schemaName") autocomplete="off" testid="field-schema"/>
            </div>
            <Select name="tableType" label="Type" options=types value=value("tableType", "parquet")
                error=fault_of_field("tableType") testid="field-type"/>
            <div class="field-row">
                <Field name="storage_location" label="Storage location" value=value("storage_location", "")
                    placeholder="s3://bucket/path" error=fault_of_field("storage_location") autocomplete="off"
                    testid="field-location"/>
                <Field name="storage_format" label="Storage format" value=value("storage_format", "")
                    placeholder="snappy" error=fault_of_field("storage_format") autocomplete="off" testid="field-format"/>
            </div>
            {number_fields(value("rowCount", ""), value("fileSizeBytes", ""), value("compressionRatio", ""))}
            <TextArea name="columns" label="Columns" value=value("columns", "") rows=8 code=true
                placeholder="id bigint not null\ncustomer_email string\namount decimal(10, 2)"
                hint="One on each line: name, type and, where it holds, not null. A name with blanks stands in double quotes."
                error=fault_of_field("columns") testid="field-columns"/>
            <TextArea name="partitioning" label="Partitioning" value=value("partitioning", "") rows=2
                hint="In words, or as a JSON object." error=fault_of_field("partitioning") testid="field-partitioning"/>
            <TextArea name="description" label="Description" value=value("description", "") rows=6
                hint="Markdown: **bold**, lists, tables, `code`, [links](https://example.org)."
                error=fault_of_field("description") testid="field-description"/>
            <Field name="tags" label="Tags" value=value("tags", "") hint="Separated by commas."
                error=fault_of_field("tags") autocomplete="off" testid="field-tags"/>
            <Field name="owner" label="Owner" value=value("owner", "")
                hint="Email address or username of whoever answers for it." error=fault_of_field("owner")
                autocomplete="off" testid="field-owner"/>
            <div class="actions">
                <Button variant=ButtonVariant::Primary submit=true testid="dataset-save">"Catalogue"</Button>
                <ButtonLink href="/datasets" variant=ButtonVariant::Ghost>"Cancel"</ButtonLink>
            </div>
        </form>
    }
    .into_any()
}
