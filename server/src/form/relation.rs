//! What people say to relations that are not declared.

use crate::form::page::{Fields, text};
use crate::form::{failed, safe_address, succeeded, whole, with_news};
use crate::state::AppState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use contract::context::Ctx;
use contract::error::AppError;
use http::HeaderMap;
use model::address::{encode, relations_address};
use model::id::DatabaseId;
use model::relation::verdict::{Decided, NewRelation, RelationKey, Verdict};

/// So many reasons are told at once; the others are counted.
const REFUSALS_TOLD: usize = 3;

fn read_id(id: &str) -> Result<DatabaseId, AppError> {
    id.parse().map_err(|_| AppError::not_found("This database"))
}

fn given<'a>(fields: &'a Fields, name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}

/// Where a form leads back to: where it stood, else the list.
fn back_of(id: &str, fields: &Fields) -> String {
    match given(fields, "back").next() {
        Some(back) => safe_address(Some(back)),
        None => read_id(id).map_or_else(|_| "/databases".to_owned(), |id| relations_address(&id)),
    }
}

/// The verdicts of a form: one row's button says both (`one=accept 11-3`), else `verdict` is on
/// all that are named or checked.
fn verdicts(fields: &Fields) -> Result<Vec<Verdict>, AppError> {
    let wrong = || AppError::invalid("There is no such relation. Reload the page and try again.");
    let accepted = |word: &str| match word {
        "accept" => Ok(true),
        "reject" => Ok(false),
        _ => Err(wrong()),
    };
    let one = |word: &str, key: &str| -> Result<Verdict, AppError> {
        Ok(Verdict {
            key: key.parse::<RelationKey>().map_err(|_| wrong())?,
            accepted: accepted(word)?,
            note: text(fields, "note").flatten(),
        })
    };
    if let Some(own) = given(fields, "one").next() {
        let (word, key) = own.split_once(' ').ok_or_else(wrong)?;
        return Ok(vec![one(word, key)?]);
    }
    let word = given(fields, "verdict").next().unwrap_or_default();
    accepted(word)?;
    given(fields, "relation")
        .map(|key| one(word, key))
        .collect()
}

/// What to tell of verdicts.
fn news(accepted: bool, decided: &Decided) -> String {
    let word = if accepted { "accepted" } else { "rejected" };
    let mut told = match decided.stored {
        0 => "Nothing was stored.".to_owned(),
        1 => format!("1 relation {word}."),
        count => format!("{count} relations {word}."),
    };
    for refusal in decided.refused.iter().take(REFUSALS_TOLD) {
        told.push(' ');
        told.push_str(refusal);
    }
    if decided.refused.len() > REFUSALS_TOLD {
        let more = decided.refused.len() - REFUSALS_TOLD;
        told.push_str(&format!(" And {more} more were decided before."));
    }
    told
}

/// `POST /rpc/databases/{id}/relations`
pub(crate) async fn decide(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let fields = match whole(form) {
        Ok(fields) => fields,
        Err(error) => return failed(&headers, state.cookies, "/databases", error, Vec::new()),
    };
    let back = back_of(&id, &fields);
    let outcome = async {
        let id = read_id(&id)?;
        let verdicts = verdicts(&fields)?;
        let accepted = verdicts.first().is_some_and(|verdict| verdict.accepted);
        let relations = &state.services.relations;
        let decided = relations.relation_decide(&ctx, &id, verdicts).await?;
        Ok::<String, AppError>(news(accepted, &decided))
    };
    match outcome.await {
        Ok(news) => with_news(succeeded(&headers, &back), state.cookies, &news),
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

/// `POST /rpc/databases/{id}/relations/add`
pub(crate) async fn add(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let fields = match whole(form) {
        Ok(fields) => fields,
        Err(error) => return failed(&headers, state.cookies, "/databases", error, Vec::new()),
    };
    let field = |name: &str| text(&fields, name).flatten().unwrap_or_default();
    let pairs = |end: &str| -> Vec<String> {
        (1..=model::relation::verdict::RELATION_COLUMNS_MAX)
            .filter_map(|at| text(&fields, &format!("{end}_{at}")).flatten())
            .collect()
    };
    let new = NewRelation {
        from_table: field("from"),
        from_columns: pairs("from"),
        to_table: field("to"),
        to_columns: pairs("to"),
        note: text(&fields, "note").flatten(),
    };
    let (from, to) = (encode(&new.from_table), encode(&new.to_table));
    let outcome = async {
        let id = read_id(&id)?;
        state.services.relations.relation_add(&ctx, &id, new).await
    };
    match outcome.await {
        Ok(relation) => {
            let mut news = format!("Added: {}.", relation.sentence());
            if let Some(warning) = &relation.warning {
                news.push(' ');
                news.push_str(warning);
            }
            let list = read_id(&id)
                .map(|id| relations_address(&id))
                .unwrap_or_default();
            let back = format!("{list}?state=accepted");
            with_news(succeeded(&headers, &back), state.cookies, &news)
        }
        Err(error) => {
            let list = read_id(&id).map_or_else(
                |_| "/databases".to_owned(),
                |id| format!("{}?from={from}&to={to}#add", relations_address(&id)),
            );
            let entered: Fields = fields
                .iter()
                .filter(|(name, _)| name != "from" && name != "to")
                .cloned()
                .collect();
            failed(&headers, state.cookies, &list, error, entered)
        }
    }
}

/// `POST /rpc/databases/{id}/relations/{n}/withdraw`
pub(crate) async fn withdraw(
    State(state): State<AppState>,
    Extension(ctx): Extension<Ctx>,
    Path((id, number)): Path<(String, String)>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let form = whole(form);
    let back = back_of(&id, form.as_ref().unwrap_or(&Fields::new()));
    let outcome = async {
        form?;
        let id = read_id(&id)?;
        let number = number
            .parse()
            .map_err(|_| AppError::not_found("This verdict"))?;
        let relations = &state.services.relations;
        relations.relation_withdraw(&ctx, &id, number).await
    };
    match outcome.await {
        Ok(relation) => {
            let news = format!("Withdrawn: {}.", relation.sentence());
            with_news(succeeded(&headers, &back), state.cookies, &news)
        }
        Err(error) => failed(&headers, state.cookies, &back, error, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn one_rows_button_goes_before_what_is_checked() {
        let checked = fields(&[
            ("relation", "1-2"),
            ("relation", "3-4"),
            ("verdict", "reject"),
        ]);
        let read = verdicts(&checked).unwrap();
        assert_eq!(read.len(), 2);
        assert!(read.iter().all(|verdict| !verdict.accepted));
        let one = fields(&[("relation", "1-2"), ("one", "accept 5-6")]);
        let read = verdicts(&one).unwrap();
        assert_eq!((read.len(), read[0].accepted), (1, true));
        assert_eq!(read[0].key.to_string(), "5-6");
        assert_eq!(verdicts(&fields(&[("verdict", "accept")])), Ok(Vec::new()));
        for wrong in [
            &[("relation", "x"), ("verdict", "accept")][..],
            &[("relation", "1-2"), ("verdict", "maybe")],
            &[("one", "accept")],
            &[],
        ] {
            assert!(verdicts(&fields(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn news_tell_who_was_faster() {
        let decided = Decided {
            stored: 2,
            refused: (1..=5).map(|at| format!("Ada {at}.")).collect(),
        };
        assert_eq!(
            news(true, &decided),
            "2 relations accepted. Ada 1. Ada 2. Ada 3. And 2 more were decided before."
        );
    }
}
