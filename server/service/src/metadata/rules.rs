//! What may be written: each text trimmed and bounded, an empty one the same as none.

use crate::error::OrAnswer as _;
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use model::access::Person;
use model::metadata::{
    COLUMN_DESCRIPTION_MAX_CHARS, DESCRIPTION_MAX_CHARS, FORMAT_MAX_CHARS, LOCATION_MAX_CHARS,
    PARTITIONING_MAX_CHARS, normalised_custom, normalised_tags,
};

type Wanted = Option<Option<String>>;

fn bounded(
    wanted: Wanted,
    field: &str,
    max_chars: usize,
    is_one_line: bool,
) -> Result<Wanted, AppError> {
    let Some(Some(text)) = wanted else {
        return Ok(wanted);
    };
    // Forms send line ends as CR LF. PostgreSQL's texts have no room for a zero.
    let text = text.replace("\r\n", "\n").replace('\0', "");
    let text = text.trim_end().trim_start_matches('\n');
    if text.trim().is_empty() {
        return Ok(Some(None));
    }
    let count = text.chars().count();
    if count > max_chars {
        let message = format!(
            "This has {count} characters; at most {max_chars} are kept. Please shorten it."
        );
        return Err(AppError::invalid_field(field, message));
    }
    if is_one_line && text.contains(char::is_control) {
        return Err(AppError::invalid_field(field, "This must be one line."));
    }
    Ok(Some(Some(if is_one_line {
        text.trim().to_owned()
    } else {
        text.to_owned()
    })))
}

pub(super) fn description(wanted: Wanted) -> Result<Wanted, AppError> {
    bounded(wanted, "description", DESCRIPTION_MAX_CHARS, false)
}

pub(super) fn column_description(wanted: Wanted) -> Result<Wanted, AppError> {
    bounded(wanted, "description", COLUMN_DESCRIPTION_MAX_CHARS, false)
}

pub(super) fn storage_location(wanted: Wanted) -> Result<Wanted, AppError> {
    bounded(wanted, "storage_location", LOCATION_MAX_CHARS, true)
}

pub(super) fn storage_format(wanted: Wanted) -> Result<Wanted, AppError> {
    bounded(wanted, "storage_format", FORMAT_MAX_CHARS, true)
}

pub(super) fn partitioning(wanted: Wanted) -> Result<Wanted, AppError> {
    bounded(wanted, "partitioning", PARTITIONING_MAX_CHARS, false)
}

pub(super) fn tags(wanted: Option<Vec<String>>) -> Result<Option<Vec<String>>, AppError> {
    wanted
        .map(|tags| normalised_tags(&tags))
        .transpose()
        .map_err(|reason| AppError::invalid_field("tags", reason))
}

/// Numbers that people write down: what is counted is not less than nothing.
pub(super) fn count(
    wanted: Option<Option<i64>>,
    field: &str,
) -> Result<Option<Option<i64>>, AppError> {
    match wanted {
        Some(Some(number)) if number < 0 => Err(AppError::invalid_field(
            field,
            "This must not be less than zero.",
        )),
        wanted => Ok(wanted),
    }
}

pub(super) fn ratio(wanted: Option<Option<f64>>) -> Result<Option<Option<f64>>, AppError> {
    match wanted {
        Some(Some(ratio)) if !ratio.is_finite() || ratio <= 0.0 => Err(AppError::invalid_field(
            "compressionRatio",
            "This must be a number greater than zero.",
        )),
        wanted => Ok(wanted),
    }
}

type Pairs = Vec<(String, String)>;

pub(super) fn custom(wanted: Option<Pairs>) -> Result<Option<Pairs>, AppError> {
    wanted
        .map(|pairs| normalised_custom(&pairs))
        .transpose()
        .map_err(|reason| AppError::invalid_field("custom", reason))
}

impl Services {
    /// The person that somebody names as owner.
    pub(super) async fn owner(
        &self,
        ctx: &Ctx,
        wanted: Wanted,
    ) -> Result<Option<Option<Person>>, AppError> {
        let Some(wanted) = wanted else {
            return Ok(None);
        };
        let text = wanted.unwrap_or_default();
        let text = text.trim();
        if text.is_empty() {
            return Ok(Some(None));
        }
        let person = match text.contains('\0') {
            true => None,
            false => self.store.person_named(text).await.or_answer(ctx)?,
        };
        let person = person.ok_or_else(|| {
            AppError::invalid_field("owner", "Nobody here has this email address or username.")
        })?;
        Ok(Some(Some(person)))
    }
}
