//! What a browser loads only when a page needs it. Each function here begins a part of the wasm of
//! its own; what several parts need goes into further parts, and what all need is loaded first.
//!
//! A page's part is loaded before the page is taken over, so that hydration finds its code there.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "a boundary between wasm modules is an extern function, and the macro writes more than one"
)]

use crate::api::{PageAnswer, PageQuestion};
use crate::canvas::canvas_stage::CanvasStage;
use crate::canvas::stage::{NoStage, Stage, Start};
use crate::error::ApiError;
use crate::pages;
use contract::error::AppError;
use leptos::prelude::AnyView;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// A page that is being drawn: at once where its part is there, else when it has been loaded.
pub type Drawing = Pin<Box<dyn Future<Output = Result<AnyView, ApiError>> + Send>>;

/// The page of one database.
#[wasm_split(database, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_database))]
fn draw_database(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::database::draw(question, answer))
}

/// The page of one table.
#[wasm_split(table, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_table))]
fn draw_table(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::table::draw(question, answer))
}

/// The page of a diagram, without the diagram itself.
#[wasm_split(diagram_page, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_diagram_page))]
fn draw_diagram(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::diagram::draw(question, answer))
}

/// The page of what was found.
#[wasm_split(search, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_search))]
fn draw_search(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::search::draw(question, answer))
}

/// The page of what changed.
#[wasm_split(changes, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_changes))]
fn draw_changes(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::changes::draw(question, answer))
}

/// The page of what is worth a second look.
#[wasm_split(findings, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_findings))]
fn draw_findings(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::findings::draw(question, answer))
}

/// The page of a database's rights.
#[wasm_split(access, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_access))]
fn draw_access(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::access::draw(question, answer))
}

/// The page of groups.
#[wasm_split(groups, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_groups))]
fn draw_groups(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::groups::draw(question, answer))
}

/// The forms in which people write about things.
#[wasm_split(metadata, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_metadata))]
fn draw_metadata(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::metadata::draw(question, answer))
}

/// The list of datasets.
#[wasm_split(datasets, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_datasets))]
fn draw_datasets(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::dataset_list::draw(question, answer))
}

/// The page that catalogues a dataset.
#[wasm_split(dataset_new, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_dataset_new))]
fn draw_dataset_new(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::dataset_new::draw(question, answer))
}

/// The page of one dataset.
#[wasm_split(dataset, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_dataset))]
fn draw_dataset(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::dataset::draw(question, answer))
}

/// The page of readings in the background.
#[wasm_split(jobs, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_jobs))]
fn draw_jobs(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::jobs::draw(question, answer))
}

/// The page that imports a script.
#[wasm_split(import, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_import))]
fn draw_import(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::import::draw(question, answer))
}

/// The page that connects a live database.
#[wasm_split(connect, fallible, wasm_split_path = ::leptos::wasm_split, preload(load_connect))]
fn draw_connect(question: PageQuestion, answer: PageAnswer) -> Result<AnyView, ApiError> {
    Ok(pages::connect::draw(question, answer))
}

/// The diagram itself.
///
/// # Errors
/// When its code cannot be loaded or the browser has no 2D canvas.
#[wasm_split(diagram, fallible, wasm_split_path = ::leptos::wasm_split)]
pub fn start_stage(start: Start) -> Result<Rc<dyn Stage>, NoStage> {
    CanvasStage::start(start).ok_or(NoStage)
}

/// Draws the page of one database.
pub fn database(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_database(question, answer))
}

/// Draws the page of one table.
pub fn table(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_table(question, answer))
}

/// Draws the page of a diagram.
pub fn diagram(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_diagram(question, answer))
}

/// Draws the page of what was found.
pub fn search(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_search(question, answer))
}

/// Draws the page of what changed.
pub fn changes(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_changes(question, answer))
}

/// Draws the page of what is worth a second look.
pub fn findings(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_findings(question, answer))
}

/// Draws the page of a database's rights.
pub fn access(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_access(question, answer))
}

/// Draws the page of groups.
pub fn groups(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_groups(question, answer))
}

/// Draws a form in which people write about something.
pub fn metadata(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_metadata(question, answer))
}

/// Draws the list of datasets.
pub fn datasets(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_datasets(question, answer))
}

/// Draws the page that catalogues a dataset.
pub fn dataset_new(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_dataset_new(question, answer))
}

/// Draws the page of one dataset.
pub fn dataset(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_dataset(question, answer))
}

/// Draws the page of readings in the background.
pub fn jobs(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_jobs(question, answer))
}

/// Draws the page that imports a script.
pub fn import(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_import(question, answer))
}

/// Draws the page that connects a live database.
pub fn connect(question: PageQuestion, answer: PageAnswer) -> Drawing {
    drawing(draw_connect(question, answer))
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
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["databases", "new"] => load_import().await,
        ["databases", "connect"] => load_connect().await,
        ["databases", _] => load_database().await,
        ["databases", _, "tables", _] => load_table().await,
        ["databases", _, "edit"] | ["databases", _, "tables", _, "edit"] => load_metadata().await,
        ["databases", _, "diagram"] => load_diagram_page().await,
        ["databases", _, "findings"] => load_findings().await,
        ["databases", _, "access"] => load_access().await,
        ["admin", "groups"] => load_groups().await,
        ["databases", _, "changes"] => load_changes().await,
        ["datasets"] => load_datasets().await,
        ["datasets", "new"] => load_dataset_new().await,
        ["datasets", _] => load_dataset().await,
        ["datasets", _, "edit"] => load_metadata().await,
        ["jobs"] => load_jobs().await,
        ["search"] => load_search().await,
        _ => Ok(()),
    }
}

impl From<SplitLoaderError> for ApiError {
    fn from(_: SplitLoaderError) -> Self {
        Self(AppError::unavailable(
            "A part of this page could not be loaded. Check the connection and reload the page.",
        ))
    }
}

impl From<SplitLoaderError> for NoStage {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}
