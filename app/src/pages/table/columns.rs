//! The columns of a table.

use crate::pages::texts::{tags, texts};
use leptos::prelude::*;
use model::access::DatabaseAccess;
use model::address::{
    column_address, column_anchor, column_edit_address, dataset_column_address,
    dataset_column_edit_address, table_address,
};
use model::catalog::{ColumnDetail, ColumnStatistics, Reference, TableDetail};
use model::id::{DatabaseId, TableId};
use model::number::{decimal, grouped, short};
use ui::{Icon, IconName, NumberCell, TableFrame};

/// Most common values shown for a column.
const VALUES_SHOWN: usize = 3;
/// Characters of one value shown.
const VALUE_MAX_CHARS: usize = 24;

/// Which table the columns belong to, and whether they may be described.
#[derive(Clone)]
pub struct Place {
    at: At,
    may_edit: bool,
}

#[derive(Clone)]
enum At {
    Table {
        id: DatabaseId,
        schema: String,
        table: String,
    },
    Dataset(TableId),
}

impl Place {
    /// The place of a table's columns.
    pub fn new(table: &TableDetail) -> Self {
        Self {
            at: At::Table {
                id: table.database_id.clone(),
                schema: table.summary.schema.clone(),
                table: table.summary.name.clone(),
            },
            may_edit: table.access >= DatabaseAccess::Edit,
        }
    }

    /// The place of a dataset's columns.
    pub fn of_dataset(id: TableId, may_edit: bool) -> Self {
        Self {
            at: At::Dataset(id),
            may_edit,
        }
    }

    fn address(&self, column: &str) -> String {
        match &self.at {
            At::Table { id, schema, table } => column_address(id, schema, table, column),
            At::Dataset(id) => dataset_column_address(*id, column),
        }
    }

    fn edit_address(&self, column: &str) -> String {
        match &self.at {
            At::Table { id, schema, table } => column_edit_address(id, schema, table, column),
            At::Dataset(id) => dataset_column_edit_address(*id, column),
        }
    }

    /// Where a table is that a foreign key leads to.
    fn table_address(&self, schema: &str, table: &str) -> Option<String> {
        match &self.at {
            At::Table { id, .. } => Some(table_address(id, schema, table)),
            At::Dataset(_) => None,
        }
    }
}

/// The columns with type, keys, default, statistics and comment.
#[component]
pub fn Columns(
    /// The table that they belong to.
    place: Place,
    /// The columns in order.
    columns: Vec<ColumnDetail>,
    /// The table's foreign keys.
    references: Vec<Reference>,
) -> impl IntoView {
    let count = columns.len();
    let has_statistics = columns.iter().any(|column| column.statistics.is_some());
    let has_defaults = columns
        .iter()
        .any(|one| one.default.is_some() || one.generated.is_some() || one.identity.is_some());
    let rows = columns
        .into_iter()
        .map(|column| row(&place, column, &references, has_statistics, has_defaults))
        .collect_view();
    let head = view! {
            <th scope="col">"Column"</th>
            <th scope="col">"Type"</th>
            <th scope="col">"Key"</th>
            <th scope="col">"Null"</th>
            {has_defaults.then(|| view! { <th scope="col">"Default"</th> })}
            {has_statistics.then(|| view! {
                <th scope="col" class="num">"Nulls"</th>
                <th scope="col" class="num">"Distinct"</th>
                <th scope="col">"Values"</th>
            })}
    }
    .into_any();
    view! {
        <section class="section" aria-labelledby="columns-title">
            <h2 id="columns-title">{format!("Columns {}", grouped(count as i64))}</h2>
            {if count == 0 {
                view! { <p class="dim">"No columns are known."</p> }.into_any()
            } else {
                view! { <TableFrame label="Columns" head testid="columns">{rows}</TableFrame> }.into_any()
            }}
        </section>
    }
}

fn row(
    place: &Place,
    column: ColumnDetail,
    references: &[Reference],
    has_statistics: bool,
    has_defaults: bool,
) -> AnyView {
    let keys = keys(place, &column, references);
    let default = match (&column.generated, &column.identity, &column.default) {
        (Some(expression), _, _) => Some(format!("= {expression}")),
        (_, Some(identity), _) => Some(format!("identity, {identity}")),
        (_, _, default) => default.clone(),
    };
    let statistics = has_statistics.then(|| {
        let known = column.statistics.clone().unwrap_or_default();
        let nulls = known.null_fraction.map(percent);
        let distinct = known.distinct_count;
        view! {
            <NumberCell value=nulls/>
            <NumberCell value=distinct.map(short) title=distinct.map(grouped).unwrap_or_default()/>
            {match values(&known) {
                Some(text) => view! { <td class="values" title=text.clone()>{text.clone()}</td> }.into_any(),
                None => view! { <td class="dim">"—"</td> }.into_any(),
            }}
        }
    });
    let words = texts(&column.metadata.annotation, column.comment.clone());
    let tags = tags(&column.metadata.annotation.tags);
    let meaning = meaning(place, &column);
    let edit = place.may_edit.then(|| {
        let href = place.edit_address(&column.name);
        let label = format!("Describe {}", column.name);
        view! {
            <a class="icon-link" href=href title=label.clone() aria-label=label data-testid="describe-column">
                <Icon name=IconName::Edit/>
            </a>
        }
    });
    view! {
        <tr id=column_anchor(&column.name)>
            <th scope="row"><span class="mono">{column.name.clone()}</span>{edit}{tags}<div class="cell-text">{words}</div></th>
            <td class="type mono">{column.data_type.clone()}{meaning}</td>
            <td class="mono">{keys}</td>
            {if column.nullable {
                view! { <td class="dim">"null"</td> }.into_any()
            } else {
                view! { <td><span class="visually-hidden">"not null"</span></td> }.into_any()
            }}
            {has_defaults.then(|| match default {
                Some(default) => view! { <td class="mono soft wrap">{default}</td> }.into_any(),
                None => view! { <td class="dim">"—"</td> }.into_any(),
            })}
            {statistics}
        </tr>
    }
    .into_any()
}

/// What the values mean, or may mean with the reason; those who may edit give a verdict on that.
fn meaning(place: &Place, column: &ColumnDetail) -> Option<AnyView> {
    if let Some(word) = &column.metadata.semantic_type {
        let title = "What its values mean, as people said";
        return Some(
            view! { <span class="badge badge-accent" title=title data-testid="meaning">{word.replace('_', " ")}</span> }
                .into_any(),
        );
    }
    let proposal = column.metadata.proposal.clone()?;
    let word = proposal.semantic_type.as_str();
    let shown = word.replace('_', " ");
    let verdict = place.may_edit.then(|| {
        let back = place.address(&column.name);
        view! {
            <form method="post" action=format!("/rpc/columns/{}/meaning", column.id)>
                <input type="hidden" name="meaning" value=word/>
                <input type="hidden" name="back" value=back/>
                <button class="button button-secondary button-small" type="submit" name="verdict" value="accept"
                    data-testid="accept-meaning">"Accept"</button>
                <button class="button button-small button-ghost" type="submit" name="verdict" value="reject"
                    data-testid="reject-meaning">"Reject"</button>
            </form>
        }
    });
    Some(
        view! {
            <details class="meaning" data-testid="proposed-meaning">
                <summary><span class="visually-hidden">"Proposed meaning: "</span>{shown}"?"</summary>
                <p>{proposal.reason}</p>
                {verdict}
            </details>
        }
        .into_any(),
    )
}

fn keys(place: &Place, column: &ColumnDetail, references: &[Reference]) -> AnyView {
    let primary = column.primary_key.then(|| {
        view! { <span class="key-chip" title="Primary key"><Icon name=IconName::Key/><span class="visually-hidden">"primary key"</span></span> }
    });
    let unique = (column.unique && !column.primary_key)
        .then(|| view! { <span class="key-chip dim" title="Unique">"unique"</span> });
    let indexed = (column.indexed && !column.primary_key && !column.unique).then(|| {
        view! { <span class="key-chip dim" title="An index starts with it"><Icon name=IconName::Index/><span class="visually-hidden">"indexed"</span></span> }
    });
    let targets = references
        .iter()
        .filter_map(|reference| {
            let at = reference.columns.iter().position(|name| *name == column.name)?;
            let other = reference.other_columns.get(at).cloned().unwrap_or_default();
            // A key of several columns stands at each of them, so there its table is enough.
            let text = if reference.columns.len() > 1 {
                reference.table.clone()
            } else {
                format!("{}.{other}", reference.table)
            };
            let title = format!(
                "{} references {}.{}.{other}",
                column.name, reference.schema, reference.table
            );
            let known = place
                .table_address(&reference.schema, &reference.table)
                .filter(|_| reference.known);
            Some(if let Some(href) = known {
                view! { <a class="key-link" href=href title=title><span class="fk-mark" aria-hidden="true">"◇"</span>{text}</a> }.into_any()
            } else {
                view! { <span class="dim" title=title>"◇ "{text}</span> }.into_any()
            })
        })
        .collect_view();
    view! { <span class="keys">{primary}{unique}{indexed}{targets}</span> }.into_any()
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 {
        "< 0.1 %".to_owned()
    } else {
        format!("{} %", decimal(percent, 1))
    }
}

/// Common values where some stand out, else the span of the values.
fn values(known: &ColumnStatistics) -> Option<String> {
    let stands_out = known
        .most_common
        .first()
        .is_some_and(|(_, share)| *share >= 0.02);
    if stands_out {
        let texts: Vec<String> = known
            .most_common
            .iter()
            .take(VALUES_SHOWN)
            .map(|(value, share)| format!("{} {}", cut(value), percent(*share)))
            .collect();
        return Some(texts.join(", "));
    }
    match (&known.min, &known.max) {
        (Some(min), Some(max)) => Some(format!("{} – {}", cut(min), cut(max))),
        _ => None,
    }
}

fn cut(value: &str) -> String {
    if value.chars().count() <= VALUE_MAX_CHARS {
        return value.to_owned();
    }
    let mut text: String = value.chars().take(VALUE_MAX_CHARS - 1).collect();
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_values_are_told_only_where_they_stand_out() {
        let known = ColumnStatistics {
            min: Some("1".to_owned()),
            max: Some("9".to_owned()),
            most_common: vec![("5".to_owned(), 0.01)],
            ..ColumnStatistics::default()
        };
        assert_eq!(values(&known).as_deref(), Some("1 – 9"));
        let known = ColumnStatistics {
            most_common: vec![("paid".to_owned(), 0.91)],
            ..known
        };
        assert_eq!(values(&known).as_deref(), Some("paid 91.0 %"));
        assert_eq!(values(&ColumnStatistics::default()), None);
    }

    #[test]
    fn a_share_that_is_small_is_not_nothing() {
        assert_eq!(percent(0.0), "0.0 %");
        assert_eq!(percent(0.0001), "< 0.1 %");
        assert_eq!(percent(1.0), "100.0 %");
    }
}
