//! Writing a database's structure out.

use crate::error::{Fault, OrAnswer as _};
use crate::services::Services;
use contract::context::Ctx;
use contract::error::AppError;
use contract::source::ExportFile;
use ddl::write::{Format, select, undeclared, write};
use model::catalog::DatabaseOrigin;
use model::id::DatabaseId;
use model::schema::{QualifiedName, Schema};
use store::sources::StoredSource;

impl Services {
    /// The whole structure of a database as it was last read.
    pub(crate) async fn structure(&self, ctx: &Ctx, id: &DatabaseId) -> Result<Schema, AppError> {
        self.readable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        match self.store.structure_newest(id).await.or_answer(ctx)? {
            Some(schema) => Ok(schema),
            None => self.structure_of_script(ctx, id, &stored).await,
        }
    }

    /// The structure of a database that was stored before structures were kept as a whole: read
    /// from its script once more, and kept from then on.
    async fn structure_of_script(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        stored: &StoredSource,
    ) -> Result<Schema, AppError> {
        let missing = |what_to_do: &str| {
            AppError::conflict(format!(
                "The structure of this database was not kept as a whole when it was read. \
                 {what_to_do}"
            ))
        };
        if stored.origin == DatabaseOrigin::Connection {
            return Err(missing("Refresh it."));
        }
        let again = "Import its script again, as a new version.";
        let script = self.store.script_fetch(id).await.or_answer(ctx)?;
        let script = script.ok_or_else(|| missing(again))?;
        let read = self.read_scripts(ctx, vec![script], None, stored.provider);
        let schema = read.await.map_err(|_| missing(again))?.import.schema;
        self.store.version_first(id, &schema).await.or_answer(ctx)?;
        Ok(schema)
    }

    /// The structure of a database, or of some of its tables, in a format.
    pub(crate) async fn export_file(
        &self,
        ctx: &Ctx,
        id: &DatabaseId,
        format: &str,
        tables: &[QualifiedName],
    ) -> Result<ExportFile, AppError> {
        self.readable(ctx, id).await?;
        let stored = self
            .store
            .source_fetch(id)
            .await
            .or_answer(ctx)?
            .ok_or_else(|| AppError::not_found("This database"))?;
        // `ddl` alone is the database's own dialect.
        let format = match format {
            "" | "ddl" | "sql" => Format::Ddl(stored.provider),
            word => Format::from_word(word).ok_or_else(|| {
                let known: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
                AppError::invalid_field(
                    "format",
                    format!("There is no such format; there are {}.", known.join(", ")),
                )
            })?,
        };
        let schema = self.structure(ctx, id).await?;
        let wanted = tables.to_vec();
        let unknown = wanted
            .iter()
            .find(|name| !schema.tables.iter().any(|table| table.name == **name));
        if let Some(name) = unknown {
            return Err(AppError::invalid_field(
                "tables",
                format!("There is no table {name} in this database."),
            ));
        }
        let relations = self.relations_accepted(ctx, id).await?;
        let provider = stored.provider;
        let text = tokio::task::spawn_blocking(move || {
            let schema = match wanted.as_slice() {
                [] => schema,
                wanted => select(&schema, wanted),
            };
            let mut text = write(&schema, provider, format, None);
            text.push_str(&undeclared(&schema, format, &relations));
            text
        })
        .await
        .map_err(Fault::from)
        .or_answer(ctx)?;
        Ok(ExportFile {
            name: format!("{}.{}", file_stem(&stored.name), format.extension()),
            media_type: format.media_type(),
            text,
        })
    }
}

/// A database's name as a file's: letters, digits and hyphens.
pub(crate) fn file_stem(name: &str) -> String {
    let mut stem = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            letter if letter.is_alphanumeric() => stem.extend(letter.to_lowercase()),
            _ if !stem.ends_with('-') && !stem.is_empty() => stem.push('-'),
            _ => {}
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() {
        "database".to_owned()
    } else {
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_holds_nothing_odd() {
        assert_eq!(file_stem("Sample shop (2)"), "sample-shop-2");
        assert_eq!(file_stem("../\"x\"\r\n"), "x");
        assert_eq!(file_stem("///"), "database");
        assert_eq!(file_stem("Größe"), "größe");
    }
}
