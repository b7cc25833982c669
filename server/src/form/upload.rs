//! Scripts that come with a form, pasted or as files.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use contract::error::AppError;
use model::catalog::{ImportRequest, SCRIPT_MAX_BYTES, ScriptDialect};

/// Scripts of a form.
pub(crate) struct Uploaded {
    /// Their texts; at least one.
    pub(crate) scripts: Vec<String>,
    /// What they are written in, where somebody said so.
    pub(crate) dialect: Option<ScriptDialect>,
    /// The name of the first file.
    file_name: Option<String>,
}

/// Reads a form for a new database. Without a name the first file's is taken.
pub(crate) async fn read_import(
    parts: Multipart,
    name: &mut String,
) -> Result<ImportRequest, AppError> {
    let Uploaded {
        scripts,
        dialect,
        file_name,
    } = read_scripts(parts, name).await?;
    if name.is_empty()
        && let Some(file_name) = file_name
    {
        // A file's name says what it holds; its endings do not.
        *name = file_name
            .split('.')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
    }
    Ok(ImportRequest {
        name: name.clone(),
        scripts,
        dialect,
    })
}

/// Reads the fields `name`, `dialect`, `script` (pasted) and any number of `file`. What was
/// entered as name is there even when the rest cannot be read.
pub(crate) async fn read_scripts(
    mut parts: Multipart,
    name: &mut String,
) -> Result<Uploaded, AppError> {
    let mut scripts = Vec::new();
    let mut room = SCRIPT_MAX_BYTES;
    let mut file_name = None;
    let mut dialect = None;
    while let Some(part) = next_part(&mut parts).await? {
        let field = part.name().unwrap_or_default().to_owned();
        match field.as_str() {
            "name" => {
                let bytes = read_part(part, &mut 4_096).await?;
                *name = String::from_utf8_lossy(&bytes).trim().to_owned();
            }
            "dialect" => {
                let bytes = read_part(part, &mut 64).await?;
                dialect = read_dialect(&String::from_utf8_lossy(&bytes))?;
            }
            "script" | "file" => {
                if let Some((text, source)) = read_script(part, &mut room).await? {
                    scripts.push(text);
                    file_name = file_name.or(source);
                }
            }
            _ => {}
        }
    }
    if scripts.is_empty() {
        return Err(AppError::invalid_field(
            "script",
            "Paste a script or choose a file first.",
        ));
    }
    Ok(Uploaded {
        scripts,
        dialect,
        file_name,
    })
}

/// Reads the word for a dialect; none where it is to be told by the script.
pub(crate) fn read_dialect(word: &str) -> Result<Option<ScriptDialect>, AppError> {
    match word.trim() {
        "" => Ok(None),
        word => ScriptDialect::from_word(word)
            .map(Some)
            .ok_or_else(|| AppError::invalid_field("dialect", "There is no such dialect.")),
    }
}

/// Reads one script and the name of its file; none for an empty one.
pub(crate) async fn read_script(
    part: Field<'_>,
    room: &mut usize,
) -> Result<Option<(String, Option<String>)>, AppError> {
    let field = part.name().unwrap_or_default().to_owned();
    let source = part.file_name().map(str::to_owned);
    let bytes = read_part(part, room).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let text = ddl::decode(&bytes).map_err(|error| {
        let message = match &source {
            Some(source) => format!("{source}: {error}"),
            None => error.to_string(),
        };
        AppError::invalid_field(&field, message)
    })?;
    Ok((!text.trim().is_empty()).then_some((text, source)))
}

/// The next field of a form.
pub(crate) async fn next_part(parts: &mut Multipart) -> Result<Option<Field<'_>>, AppError> {
    parts
        .next_field()
        .await
        .map_err(|error| multipart_error(&error))
}

/// Reads a field that has so much room, which it takes from.
pub(crate) async fn read_part(mut part: Field<'_>, room: &mut usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part
        .chunk()
        .await
        .map_err(|error| multipart_error(&error))?
    {
        *room = room.checked_sub(chunk.len()).ok_or_else(too_large)?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn multipart_error(error: &MultipartError) -> AppError {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        AppError::invalid("The upload was cut off. Please try again.")
    }
}

fn too_large() -> AppError {
    AppError::too_large(format!(
        "Scripts up to {} MB are accepted. Export the structure only (pg_dump --schema-only).",
        SCRIPT_MAX_BYTES / (1024 * 1024)
    ))
}
