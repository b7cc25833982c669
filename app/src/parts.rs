//! What a browser loads only when a page needs it. There are three parts, by what people do: look
//! at the catalog, fill in a form, read a diagram. More of them would be smaller, but what several
//! share becomes further files, and a page that waits for many small files waits long.
//!
//! A page's part is loaded before the page is taken over, so that hydration finds its code there.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "a boundary between wasm modules is an extern function, and the macro writes more than one"
)]

use crate::api::{PageAnswer, PageQuestion};
use crate::error::ApiError;
use crate::pages;
use contract::error::AppError;
use leptos::prelude::AnyView;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::future::Future;
use std::pin::Pin;

/// A page that is being drawn: at once where its part is there, else when it has been loaded.
pub type Drawing = Pin<Box<dyn Future<Output = Result<AnyView, ApiError>> + Send>>;

/// A part of the wasm that not every page needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Databases, tables, and what was found.
    Catalog,
    /// Pages on which something is written.
    Forms,
    /// Diagrams.
    Diagram,
}

impl Part {
    /// The name in `#[wasm_split]`, and in the list of files that the build writes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Forms => "forms",
            Self::Diagram => "diagram",
        }
    }

    /// The part of the page at a path, if it has one.
    pub fn of_path(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        match segments.as_slice() {
            ["databases", "new" | "connect"]
            | ["databases", _, "edit" | "access"]
            | ["databases", _, "tables", _, "edit"]
            | ["databases", _, "views", _]
            | ["datasets", "new"]
            | ["datasets", _, "edit"]
            | ["admin", "groups"] => Some(Self::Forms),
            ["databases", _, "diagram"] | ["embed", _, _] => Some(Self::Diagram),
            ["databases", _]
            | ["databases", _, "tables", _]
            | ["databases", _, "findings" | "changes" | "relations"]
            | ["datasets"]
            | ["datasets", _]
            | ["jobs"]
            | ["search"] => Some(Self::Catalog),
            _ => None,
        }
    }
}

/// A page in [`Part::Catalog`].
#[derive(Debug, Clone, Copy)]
enum CatalogPage {
    Database,
    Table,
    Search,
    Changes,
    Findings,
    Relations,
    Datasets,
    Dataset,
    Jobs,
}

/// A page in [`Part::Forms`].
#[derive(Debug, Clone, Copy)]
enum FormPage {
    Import,
    Connect,
    Access,
    Groups,
    Metadata,
    NewDataset,
    View,
}

#[wasm_split(catalog, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_catalog))]
fn draw_catalog(
    page: CatalogPage,
    question: PageQuestion,
    answer: PageAnswer,
) -> Result<AnyView, ApiError> {
    let draw = match page {
        CatalogPage::Database => pages::database::draw,
        CatalogPage::Table => pages::table::draw,
        CatalogPage::Search => pages::search::draw,
        CatalogPage::Changes => pages::changes::draw,
        CatalogPage::Findings => pages::findings::draw,
        CatalogPage::Relations => pages::relations::draw,
        CatalogPage::Datasets => pages::dataset_list::draw,
        CatalogPage::Dataset => pages::dataset::draw,
        CatalogPage::Jobs => pages::jobs::draw,
    };
    Ok(draw(question, answer))
}

#[wasm_split(forms, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_forms))]
fn draw_form(
    page: FormPage,
    question: PageQuestion,
    answer: PageAnswer,
) -> Result<AnyView, ApiError> {
    let draw = match page {
        FormPage::Import => pages::import::draw,
        FormPage::Connect => pages::connect::draw,
        FormPage::Access => pages::access::draw,
        FormPage::Groups => pages::groups::draw,
        FormPage::Metadata => pages::metadata::draw,
        FormPage::NewDataset => pages::dataset_new::draw,
        FormPage::View => pages::view::draw,
    };
    Ok(draw(question, answer))
}

/// The page of a diagram, with its canvas.
#[wasm_split(diagram, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_diagram))]
fn draw_diagram(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::diagram::draw(question, answer))
}

/// Draws the page of one database.
pub fn database(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Database, question, answer))
}

/// Draws the page of one table.
pub fn table(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Table, question, answer))
}

/// Draws the page of what was found.
pub fn search(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Search, question, answer))
}

/// Draws the page of what changed.
pub fn changes(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Changes, question, answer))
}

/// Draws the page of what is worth a second look.
pub fn findings(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Findings, question, answer))
}

/// Draws the list of datasets.
pub fn datasets(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Datasets, question, answer))
}

/// Draws the page of one dataset.
pub fn dataset(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Dataset, question, answer))
}

/// Draws the page of readings in the background.
pub fn jobs(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Jobs, question, answer))
}

/// Draws the page that imports a script.
pub fn import(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::Import, question, answer))
}

/// Draws the page that connects a live database.
pub fn connect(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::Connect, question, answer))
}

/// Draws the page of relations that are not declared.
pub fn relations(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_catalog(CatalogPage::Relations, question, answer))
}

/// Draws the page of a database's rights.
pub fn access(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::Access, question, answer))
}

/// Draws the page of groups.
pub fn groups(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::Groups, question, answer))
}

/// Draws a form in which people write about something.
pub fn metadata(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::Metadata, question, answer))
}

/// Draws the page that catalogues a dataset.
pub fn dataset_new(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::NewDataset, question, answer))
}

/// Draws the page of a saved view.
pub fn view(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_form(FormPage::View, question, answer))
}

/// Draws the page of a diagram.
pub fn diagram(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_diagram(question, answer))
}

/// Draws a page that every browser has from the start.
pub fn here(view: AnyView) -> Drawing {
    drawing(async move { Ok(view) })
}

#[cfg(not(target_family = "wasm"))]
fn drawing(drawing: impl Future<Output = Result<AnyView, ApiError>> + Send + 'static) -> Drawing {
    Box::pin(drawing)
}

/// The browser has one thread, which is what the wrapper checks.
#[cfg(target_family = "wasm")]
fn drawing(drawing: impl Future<Output = Result<AnyView, ApiError>> + 'static) -> Drawing {
    Box::pin(send_wrapper::SendWrapper::new(drawing))
}

/// Loads the part of the page at a path, if it has one.
///
/// # Errors
/// When the part cannot be had; then the page must not be taken over.
pub async fn load_for(path: &str) -> Result<(), SplitLoaderError> {
    match Part::of_path(path) {
        Some(Part::Catalog) => load_catalog().await,
        Some(Part::Forms) => load_forms().await,
        Some(Part::Diagram) => load_diagram().await,
        None => Ok(()),
    }
}

impl From<SplitLoaderError> for ApiError {
    fn from(_: SplitLoaderError) -> Self {
        Self(AppError::unavailable(
            "A part of this page could not be loaded. Check the connection and reload the page.",
        ))
    }
}
