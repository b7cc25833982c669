//! The real schemas against whose foreign keys proposed relations are measured.

use ddl::{ReadOptions, read, read_postgres_with};
use model::provider::Provider;
use model::schema::Schema;
use std::error::Error;
use std::path::Path;

/// The schemas: a name, the dialect, the files (or a list of them) and the search path.
pub(crate) const CORPUS: &[(&str, Provider, &str, &str)] = &[
    (
        "azimutt",
        Provider::PostgreSql,
        "azimutt.postgres.sql",
        "public",
    ),
    (
        "chinook",
        Provider::PostgreSql,
        "chinook.postgres.sql",
        "public",
    ),
    (
        "chinook (SQLite)",
        Provider::Sqlite,
        "chinook.sqlite.sql",
        "main",
    ),
    (
        "liam",
        Provider::PostgreSql,
        "liam-supabase.postgres.sql",
        "public",
    ),
    (
        "mastodon",
        Provider::PostgreSql,
        "mastodon.postgres.sql",
        "public",
    ),
    (
        "musicbrainz",
        Provider::PostgreSql,
        "musicbrainz/LOAD_ORDER.txt",
        "musicbrainz,public",
    ),
    (
        "northwind",
        Provider::PostgreSql,
        "northwind.postgres.schema.sql",
        "public",
    ),
    ("orangehrm", Provider::MySql, "orangehrm.mysql.sql", "main"),
    (
        "pagila",
        Provider::PostgreSql,
        "pagila.postgres.schema.sql",
        "public",
    ),
    (
        "pubs",
        Provider::SqlServer,
        "pubs.sqlserver.schema.sql",
        "dbo",
    ),
    ("job", Provider::PostgreSql, "job/schema.sql", "public"),
    ("mediawiki", Provider::MySql, "mediawiki.mysql.sql", "main"),
    ("wordpress", Provider::MySql, "wordpress.mysql.sql", "main"),
];

/// Reads one of them from the folder of the corpus.
pub(crate) fn of_corpus(
    corpus: &Path,
    provider: Provider,
    files: &str,
    path: &str,
) -> Result<Schema, Box<dyn Error>> {
    let text =
        |file: &Path| -> Result<String, Box<dyn Error>> { Ok(ddl::decode(&std::fs::read(file)?)?) };
    let first = corpus.join(files);
    let mut texts = vec![text(&first)?];
    if files.ends_with(".txt") {
        let folder = first.parent().unwrap_or(corpus).to_owned();
        let list = texts.remove(0);
        for file in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
            texts.push(text(&folder.join(file))?);
        }
    }
    let texts = texts.iter().map(String::as_str);
    let import = if provider == Provider::PostgreSql {
        let search_path = path.split(',').map(str::to_owned).collect();
        read_postgres_with(texts, &ReadOptions { search_path })?
    } else {
        read(provider, texts)?
    };
    Ok(import.schema)
}

/// Which half a table belongs to, the same on each machine.
pub(crate) fn hash(text: &str) -> usize {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    }) as usize
        >> 7
}
