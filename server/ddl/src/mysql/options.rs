//! What may follow the columns of a table: engine, comment, partitions.

use super::name;
use super::types::{begins_charset, charset, word_or_text};
use crate::cursor::{Cursor, Read};
use crate::token::Kind;

/// The options that matter to the model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TableOptions {
    pub(crate) comment: Option<String>,
    pub(crate) engine: Option<String>,
    pub(crate) charset: Option<String>,
    pub(crate) collation: Option<String>,
    /// The text of the partition key.
    pub(crate) partition_key: Option<String>,
}

impl TableOptions {
    /// Whether the engine keeps foreign keys; the others read them and forget them.
    pub(crate) fn keeps_foreign_keys(&self) -> bool {
        const WITHOUT: [&str; 11] = [
            "MyISAM",
            "Aria",
            "MEMORY",
            "HEAP",
            "CSV",
            "ARCHIVE",
            "BLACKHOLE",
            "MERGE",
            "MRG_MyISAM",
            "FEDERATED",
            "SEQUENCE",
        ];
        self.engine.as_deref().is_none_or(|engine| {
            !WITHOUT
                .iter()
                .any(|without| engine.eq_ignore_ascii_case(without))
        })
    }
}

/// Options whose value says nothing about the structure.
const OTHERS: [&str; 40] = [
    "AUTO_INCREMENT",
    "AUTOEXTEND_SIZE",
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "COMPRESSION",
    "CONNECTION",
    "DELAY_KEY_WRITE",
    "ENCRYPTION",
    "ENCRYPTED",
    "ENCRYPTION_KEY_ID",
    "ENGINE_ATTRIBUTE",
    "IETF_QUOTES",
    "INSERT_METHOD",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "PAGE_CHECKSUM",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "PASSWORD",
    "ROW_FORMAT",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "SEQUENCE",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "TABLE_CHECKSUM",
    "TABLESPACE",
    "STORAGE",
    "TRANSACTIONAL",
    "UNION",
    "RAID_TYPE",
    "RAID_CHUNKS",
    "RAID_CHUNKSIZE",
    "NODEGROUP",
    "YAML",
    "TABLE_TYPE",
    "FILE_NAME",
];

/// Reads one option of a table; false if none begins here.
pub(crate) fn read_option(cursor: &mut Cursor<'_>, found: &mut TableOptions) -> Read<bool> {
    let mut defaulted = cursor.clone();
    defaulted.accept("DEFAULT");
    if cursor.accept("COMMENT") {
        cursor.accept_operator("=");
        found.comment = Some(name::string(cursor)?);
    } else if cursor.accept("ENGINE") || cursor.accept("TYPE") {
        cursor.accept_operator("=");
        found.engine = Some(word_or_text(cursor)?);
    } else if begins_charset(&defaulted) {
        *cursor = defaulted;
        found.charset = Some(charset(cursor)?);
    } else if defaulted.is("COLLATE") {
        *cursor = defaulted;
        cursor.step();
        cursor.accept_operator("=");
        found.collation = Some(word_or_text(cursor)?);
    } else if cursor.is_any(&["DATA", "INDEX"]) && cursor.token_is(cursor.peek_at(1), "DIRECTORY") {
        cursor.step();
        cursor.step();
        cursor.accept_operator("=");
        cursor.step();
    } else if cursor.accept_all(&["WITH", "SYSTEM", "VERSIONING"])
        || cursor.accept_all(&["WITHOUT", "SYSTEM", "VERSIONING"])
        || cursor.accept_all(&["START", "TRANSACTION"])
    {
    } else if cursor.is_any(&OTHERS) || begins_engine_option(cursor) {
        cursor.step();
        cursor.accept_operator("=");
        cursor.skip_group();
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Whether an option of an engine's own stands here, as MariaDB prints them: `` `NAME`='x' ``.
pub(crate) fn begins_engine_option(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.step();
    cursor
        .peek()
        .is_some_and(|token| token.kind == Kind::Quoted)
        && ahead.accept_operator("=")
}

/// Reads what follows `PARTITION BY`: the key's text. How many partitions there are and what
/// they are called is passed over; they are no tables here.
pub(crate) fn read_partitions(cursor: &mut Cursor<'_>) -> Read<String> {
    let begin = cursor.place();
    let definitions = |cursor: &Cursor<'_>| {
        cursor.is_symbol(b'(') && cursor.token_is(cursor.peek_at(1), "PARTITION")
    };
    while !cursor.done()
        && !cursor.is_any(&[
            "PARTITIONS",
            "SUBPARTITION",
            "AS",
            "SELECT",
            "IGNORE",
            "REPLACE",
        ])
        && !definitions(cursor)
    {
        cursor.skip_group();
    }
    let key = cursor.text_since(begin).to_owned();
    if key.is_empty() {
        return cursor.expected("RANGE, LIST, HASH or KEY");
    }
    while !cursor.done() && !cursor.is_any(&["AS", "SELECT", "IGNORE", "REPLACE"]) {
        cursor.skip_group();
    }
    Ok(key)
}
