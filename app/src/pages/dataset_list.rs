//! The list of datasets: what is catalogued without a database. Search, type and page are the
//! address, so it works without scripts and a link restores it.

use crate::api::{PageAnswer, PageQuestion};
use crate::bootstrap::{use_bootstrap, use_now};
use crate::pages::frame::{Frame, FrameKind, Section};
use crate::pages::outcome::{Answered, mismatch};
use crate::parts;
use crate::query::use_query;
use leptos::prelude::*;
use leptos_meta::Title;
use model::account::Permission;
use model::address::{dataset_address, encode};
use model::dataset::{DatasetPage, DatasetQuery, DatasetSummary, DatasetType};
use model::number::{bytes, grouped};
use model::time::Timestamp;
use ui::{
    Button, ButtonLink, ButtonVariant, Crumb, DimCell, EmptyState, Icon, IconName, NumberCell,
    PageHeader, RelativeTime, SearchField, TableFrame,
};

const LIST: &str = "/datasets";

/// `/datasets?q=&type=&after=`
#[component]
pub fn DatasetListPage() -> impl IntoView {
    let query = use_query();
    let question = Memo::new(move |_| {
        let query = query.read();
        PageQuestion::DatasetList {
            query: DatasetQuery {
                text: query.get("q").unwrap_or_default(),
                dataset_type: query
                    .get("type")
                    .and_then(|word| DatasetType::from_word(&word)),
                after: query.get("after").filter(|after| !after.is_empty()),
            },
        }
    });
    view! { <Answered question section=Section::Datasets draw=parts::datasets/> }
}

/// Draws the page.
pub(crate) fn draw(question: PageQuestion, answer: PageAnswer) -> AnyView {
    match (question, answer) {
        (PageQuestion::DatasetList { query }, PageAnswer::DatasetList(page)) => {
            view! { <Loaded query page=*page/> }.into_any()
        }
        _ => mismatch(),
    }
}

#[component]
fn Loaded(query: DatasetQuery, page: DatasetPage) -> impl IntoView {
    let may_write = use_bootstrap().allows(Permission::CatalogWrite);
    let is_narrowed = !query.text.is_empty() || query.dataset_type.is_some();
    let is_empty = page.datasets.is_empty();
    let actions = may_write.then(|| {
        view! {
            <ButtonLink href="/datasets/new" variant=ButtonVariant::Primary icon=IconName::Plus testid="new-dataset">
                "Catalogue a dataset"
            </ButtonLink>
        }
        .into_any()
    });
    let list = if !is_empty {
        rows(&query, page)
    } else if is_narrowed || query.after.is_some() {
        view! {
            <EmptyState icon=IconName::Box title="Nothing fits" text="No dataset fits these words and filters." testid="datasets-empty">
                <ButtonLink href=LIST>"Show all"</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        let text = if may_write {
            "Files of a lake, exports, feeds: what people use without a database can be described, tagged and found here."
        } else {
            "Nobody has catalogued data without a database yet. Editors can."
        };
        view! { <EmptyState icon=IconName::Box title="No datasets yet" text testid="datasets-empty"/> }
            .into_any()
    };
    view! {
        <Title text="Datasets"/>
        <Frame crumbs=vec![Crumb::here("Datasets")] section=Section::Datasets kind=FrameKind::Wide>
            <PageHeader title="Datasets" actions=actions.unwrap_or_else(|| ().into_any())>
                <p>"Data without a database: files of Parquet, CSV or NCF, and whatever is elsewhere."</p>
            </PageHeader>
            {narrow(&query)}
            {list}
        </Frame>
    }
}

/// The form that narrows the list.
fn narrow(query: &DatasetQuery) -> AnyView {
    let options = DatasetType::ALL
        .into_iter()
        .map(|one| {
            let selected = query.dataset_type == Some(one);
            view! { <option value=one.as_str() selected=selected>{one.label()}</option> }
        })
        .collect_view();
    view! {
        <form class="toolbar" method="get" action=LIST role="search" data-testid="dataset-search">
            <SearchField label="Find a dataset" name="q" value=query.text.clone() testid="dataset-search-text"/>
            <select class="select" name="type" aria-label="Type" data-testid="dataset-search-type">
                <option value="">"All types"</option>
                {options}
            </select>
            <Button submit=true>"Find"</Button>
        </form>
    }
    .into_any()
}

fn rows(query: &DatasetQuery, page: DatasetPage) -> AnyView {
    let now = use_now();
    let next = page.next.map(|next| {
        let href = list_address(&DatasetQuery {
            after: Some(next),
            ..query.clone()
        });
        view! { <ButtonLink href testid="next-page">"Next page"</ButtonLink> }
    });
    let first = query.after.is_some().then(|| {
        let href = list_address(&DatasetQuery {
            after: None,
            ..query.clone()
        });
        view! { <ButtonLink href variant=ButtonVariant::Ghost>"First page"</ButtonLink> }
    });
    let rows = page
        .datasets
        .into_iter()
        .map(|dataset| row(dataset, now))
        .collect_view();
    let head = view! {
        <th scope="col">"Dataset"</th>
        <th scope="col">"Type"</th>
        <th scope="col">"Location"</th>
        <th scope="col" class="num">"Columns"</th>
        <th scope="col" class="num">"Rows"</th>
        <th scope="col" class="num">"Size"</th>
        <th scope="col" class="num">"Updated"</th>
    }
    .into_any();
    view! {
        <TableFrame label="Datasets" head testid="datasets">{rows}</TableFrame>
        <div class="actions">{first}{next}</div>
    }
    .into_any()
}

fn row(dataset: DatasetSummary, now: Timestamp) -> AnyView {
    view! {
        <tr>
            <th scope="row" class="mono">
                <span class="cell-icon">
                    <Icon name=IconName::Box/>
                    <a href=dataset_address(dataset.id)>
                        <span class="dim">{format!("{}.", dataset.schema)}</span>{dataset.name}
                    </a>
                </span>
            </th>
            <td class="dim">{dataset.dataset_type.label()}</td>
            <DimCell value=dataset.storage_location wrap=true/>
            <td class="num">{grouped(i64::from(dataset.columns))}</td>
            <NumberCell value=dataset.row_count.map(grouped)/>
            <NumberCell value=dataset.size_bytes.map(bytes)/>
            <td class="num dim"><RelativeTime at=dataset.updated_at now/></td>
        </tr>
    }
    .into_any()
}

/// The address of the list in a state.
fn list_address(query: &DatasetQuery) -> String {
    let pairs = [
        ("q", query.text.as_str()),
        ("type", query.dataset_type.map_or("", DatasetType::as_str)),
        ("after", query.after.as_deref().unwrap_or_default()),
    ];
    let set: Vec<String> = pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if set.is_empty() {
        LIST.to_owned()
    } else {
        format!("{LIST}?{}", set.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_only_what_is_asked_for() {
        assert_eq!(list_address(&DatasetQuery::default()), "/datasets");
        let query = DatasetQuery {
            text: "a&b".to_owned(),
            dataset_type: Some(DatasetType::Csv),
            after: Some("public.x y".to_owned()),
        };
        assert_eq!(
            list_address(&query),
            "/datasets?q=a%26b&type=csv&after=public.x%20y"
        );
    }
}
