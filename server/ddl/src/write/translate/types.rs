//! Types: what a text of one dialect means, and how another says it.

use model::provider::Provider;
use std::borrow::Cow;

/// What a type means, in terms that all dialects share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    Boolean,
    /// Its bytes, and whether it has no sign.
    Integer(u8, bool),
    Decimal(Option<(u32, u32)>),
    Real,
    Double,
    Char(u32),
    Varchar(Option<u32>),
    Text,
    Binary(Option<u32>),
    Bits(u32),
    Date,
    Time,
    /// With the digits of its seconds, and whether it knows its zone.
    Timestamp(Option<u32>, bool),
    Interval,
    Year,
    Uuid,
    Json,
    Xml,
    /// One of some values.
    Values(Vec<String>),
    /// Many of something.
    Array,
    /// What only its own dialect knows.
    Other,
}

/// Reads a type's text.
pub(crate) fn read(text: &str, source: Provider) -> Meaning {
    let lower = text.trim().to_ascii_lowercase();
    let unsigned = lower.contains(" unsigned");
    let lower = lower.replace(" unsigned", "").replace(" zerofill", "");
    if lower.ends_with(']') && source == Provider::PostgreSql {
        return Meaning::Array;
    }
    let (head, arguments, tail) = match lower.split_once('(') {
        Some((head, rest)) => match rest.split_once(')') {
            Some((arguments, tail)) => (head.trim(), arguments, tail.trim()),
            None => (head.trim(), rest, ""),
        },
        None => (lower.as_str(), "", ""),
    };
    let head = if tail.is_empty() {
        Cow::Borrowed(head)
    } else {
        Cow::Owned(format!("{head} {tail}"))
    };
    let numbers: Vec<u32> = arguments
        .split(',')
        .filter_map(|number| number.trim().split(' ').next()?.parse().ok())
        .collect();
    let first = numbers.first().copied();
    let second = numbers.get(1).copied().unwrap_or_default();
    match head.as_ref() {
        "boolean" | "bool" => Meaning::Boolean,
        "bit" if source == Provider::SqlServer => Meaning::Boolean,
        "tinyint" if source == Provider::MySql && first == Some(1) => Meaning::Boolean,
        "tinyint" => Meaning::Integer(1, unsigned || source == Provider::SqlServer),
        "smallint" | "int2" | "smallserial" => Meaning::Integer(2, unsigned),
        "mediumint" => Meaning::Integer(3, unsigned),
        // SQLite's holds eight bytes.
        "int" | "integer" if source == Provider::Sqlite => Meaning::Integer(8, false),
        "int" | "integer" | "int4" | "serial" => Meaning::Integer(4, unsigned),
        "bigint" | "int8" | "bigserial" => Meaning::Integer(8, unsigned),
        "numeric" | "decimal" | "dec" | "number" => {
            Meaning::Decimal(first.map(|digits| (digits, second)))
        }
        "money" | "smallmoney" => Meaning::Decimal(Some((19, 4))),
        "real" | "float4" | "binary_float" if source != Provider::Sqlite => Meaning::Real,
        "float" if source == Provider::MySql || first.is_some_and(|bits| bits < 25) => {
            Meaning::Real
        }
        "real" | "float" | "double" | "double precision" | "float8" | "binary_double" => {
            Meaning::Double
        }
        "char" | "character" | "nchar" => Meaning::Char(first.unwrap_or(1)),
        "varchar" | "character varying" | "nvarchar" | "varchar2" | "nvarchar2" | "bpchar" => {
            match arguments {
                "max" => Meaning::Text,
                _ => Meaning::Varchar(first),
            }
        }
        "sysname" => Meaning::Varchar(Some(128)),
        "name" if source == Provider::PostgreSql => Meaning::Varchar(Some(63)),
        "text" | "tinytext" | "mediumtext" | "longtext" | "ntext" | "clob" | "nclob" | "long"
        | "citext" | "public.citext" => Meaning::Text,
        "bytea" | "blob" | "tinyblob" | "mediumblob" | "longblob" | "image" | "long raw" => {
            Meaning::Binary(None)
        }
        "timestamp" | "rowversion" if source == Provider::SqlServer => Meaning::Binary(Some(8)),
        "binary" | "varbinary" | "raw" => Meaning::Binary(first),
        "bit" | "bit varying" => Meaning::Bits(first.unwrap_or(1)),
        "date" if source == Provider::Oracle => Meaning::Timestamp(Some(0), false),
        "date" => Meaning::Date,
        "time" | "time without time zone" | "time with time zone" => Meaning::Time,
        "datetime"
        | "datetime2"
        | "smalldatetime"
        | "timestamp"
        | "timestamp without time zone" => Meaning::Timestamp(first, false),
        "timestamptz"
        | "timestamp with time zone"
        | "timestamp with local time zone"
        | "datetimeoffset" => Meaning::Timestamp(first, true),
        "interval" => Meaning::Interval,
        "year" => Meaning::Year,
        "uuid" | "uniqueidentifier" => Meaning::Uuid,
        "json" | "jsonb" => Meaning::Json,
        "xml" | "xmltype" => Meaning::Xml,
        "enum" => Meaning::Values(values(text)),
        _ => Meaning::Other,
    }
}

/// The values of `enum('a','b')`.
fn values(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    let mut current: Option<String> = None;
    while let Some(character) = rest.next() {
        match (&mut current, character) {
            (None, '\'') => current = Some(String::new()),
            (None, _) => {}
            (Some(value), '\'') if rest.peek() == Some(&'\'') => {
                rest.next();
                value.push('\'');
            }
            (Some(_), '\'') => found.extend(current.take()),
            (Some(value), other) => value.push(other),
        }
    }
    found
}

/// How a dialect says a type, and whether something is lost. `key` says that the column is part
/// of a key or an index, where some dialects take no text without a limit.
pub(crate) fn print(meaning: &Meaning, target: Provider, key: bool) -> (String, bool) {
    let lost = match meaning {
        Meaning::Array | Meaning::Other => true,
        Meaning::Interval => target != Provider::PostgreSql,
        Meaning::Integer(8, true) => target == Provider::PostgreSql,
        _ => false,
    };
    let text = match target {
        Provider::PostgreSql => postgres(meaning),
        Provider::MySql => mysql(meaning, key),
        Provider::Sqlite => sqlite(meaning),
        Provider::SqlServer => sqlserver(meaning, key),
        Provider::Oracle => oracle(meaning, key),
    };
    (text, lost)
}

fn decimal(name: &str, size: Option<(u32, u32)>, most: u32) -> String {
    match size {
        Some((digits, scale)) => format!("{name}({},{})", digits.min(most), scale.min(most)),
        None => format!("{name}({most},10)"),
    }
}

fn longest(values: &[String]) -> u32 {
    let longest = values.iter().map(|value| value.chars().count()).max();
    u32::try_from(longest.unwrap_or(1).max(1)).unwrap_or(u32::MAX)
}

fn postgres(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Boolean => "boolean".to_owned(),
        Meaning::Integer(1, _) | Meaning::Integer(2, false) | Meaning::Year => {
            "smallint".to_owned()
        }
        Meaning::Integer(2 | 3, _) | Meaning::Integer(4, false) => "integer".to_owned(),
        // Only this can be an identity, and what references one has its type.
        Meaning::Integer(..) => "bigint".to_owned(),
        Meaning::Decimal(Some((digits, scale))) => format!("numeric({digits},{scale})"),
        Meaning::Decimal(None) => "numeric".to_owned(),
        Meaning::Real => "real".to_owned(),
        Meaning::Double => "double precision".to_owned(),
        Meaning::Char(length) => format!("character({})", (*length).max(1)),
        Meaning::Varchar(Some(length)) if *length > 0 => format!("character varying({length})"),
        Meaning::Varchar(_) => "character varying".to_owned(),
        Meaning::Binary(_) => "bytea".to_owned(),
        Meaning::Bits(length) => format!("bit({})", (*length).max(1)),
        Meaning::Date => "date".to_owned(),
        Meaning::Time => "time without time zone".to_owned(),
        Meaning::Timestamp(digits, zone) => {
            let digits = digits.map(|digits| format!("({})", digits.min(6)));
            let zone = if *zone { "with" } else { "without" };
            format!("timestamp{} {zone} time zone", digits.unwrap_or_default())
        }
        Meaning::Interval => "interval".to_owned(),
        Meaning::Uuid => "uuid".to_owned(),
        Meaning::Json => "jsonb".to_owned(),
        Meaning::Xml => "xml".to_owned(),
        Meaning::Text | Meaning::Values(_) | Meaning::Array | Meaning::Other => "text".to_owned(),
    }
}

fn mysql(meaning: &Meaning, key: bool) -> String {
    let sign = |unsigned: bool| if unsigned { " unsigned" } else { "" };
    match meaning {
        Meaning::Boolean => "tinyint(1)".to_owned(),
        Meaning::Integer(1, unsigned) => format!("tinyint{}", sign(*unsigned)),
        Meaning::Integer(2, unsigned) => format!("smallint{}", sign(*unsigned)),
        Meaning::Integer(3, unsigned) => format!("mediumint{}", sign(*unsigned)),
        Meaning::Integer(8, unsigned) => format!("bigint{}", sign(*unsigned)),
        Meaning::Integer(_, unsigned) => format!("int{}", sign(*unsigned)),
        Meaning::Decimal(size) => {
            let size = size.map(|(digits, scale)| (digits, scale.min(30)));
            decimal("decimal", size, if size.is_some() { 65 } else { 38 })
        }
        Meaning::Real => "float".to_owned(),
        Meaning::Double => "double".to_owned(),
        Meaning::Char(length) if *length <= 255 => format!("char({length})"),
        Meaning::Varchar(Some(length)) | Meaning::Char(length) if *length <= 16_000 => {
            format!("varchar({length})")
        }
        Meaning::Varchar(_) | Meaning::Char(_) | Meaning::Text | Meaning::Other if key => {
            "varchar(255)".to_owned()
        }
        Meaning::Varchar(_) | Meaning::Char(_) | Meaning::Text | Meaning::Xml | Meaning::Other => {
            "longtext".to_owned()
        }
        Meaning::Binary(Some(length)) if *length <= 16_000 => format!("varbinary({length})"),
        Meaning::Binary(_) if key => "varbinary(255)".to_owned(),
        Meaning::Binary(_) => "longblob".to_owned(),
        Meaning::Bits(length) => format!("bit({})", (*length).clamp(1, 64)),
        Meaning::Date => "date".to_owned(),
        Meaning::Time => "time(6)".to_owned(),
        Meaning::Timestamp(digits, _) => format!("datetime({})", digits.unwrap_or(6).min(6)),
        Meaning::Interval => "varchar(64)".to_owned(),
        Meaning::Year => "year".to_owned(),
        Meaning::Uuid => "char(36)".to_owned(),
        Meaning::Json | Meaning::Array => "json".to_owned(),
        Meaning::Values(values) => {
            let values: Vec<String> = values
                .iter()
                .map(|value| super::expression::text(value, Provider::MySql))
                .collect();
            format!("enum({})", values.join(","))
        }
    }
}

fn sqlite(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Boolean => "boolean".to_owned(),
        Meaning::Integer(8, _) => "bigint".to_owned(),
        Meaning::Integer(..) | Meaning::Year => "integer".to_owned(),
        Meaning::Decimal(Some((digits, scale))) => format!("numeric({digits},{scale})"),
        Meaning::Decimal(None) => "numeric".to_owned(),
        Meaning::Real | Meaning::Double => "real".to_owned(),
        Meaning::Char(length) => format!("char({length})"),
        Meaning::Varchar(Some(length)) => format!("varchar({length})"),
        Meaning::Binary(_) => "blob".to_owned(),
        Meaning::Date => "date".to_owned(),
        Meaning::Time => "time".to_owned(),
        Meaning::Timestamp(..) => "datetime".to_owned(),
        _ => "text".to_owned(),
    }
}

fn sqlserver(meaning: &Meaning, key: bool) -> String {
    match meaning {
        Meaning::Boolean => "bit".to_owned(),
        Meaning::Integer(1, true) => "tinyint".to_owned(),
        Meaning::Integer(1, false) | Meaning::Integer(2, false) | Meaning::Year => {
            "smallint".to_owned()
        }
        Meaning::Integer(2 | 3, _) | Meaning::Integer(4, false) => "int".to_owned(),
        Meaning::Integer(8, true) => "decimal(20,0)".to_owned(),
        Meaning::Integer(..) => "bigint".to_owned(),
        Meaning::Decimal(size) => decimal("decimal", *size, 38),
        Meaning::Real => "real".to_owned(),
        Meaning::Double => "float".to_owned(),
        Meaning::Char(length) if *length <= 4_000 => format!("nchar({})", (*length).max(1)),
        Meaning::Varchar(Some(length)) if *length <= 4_000 => {
            format!("nvarchar({})", (*length).max(1))
        }
        Meaning::Values(values) => format!("nvarchar({})", longest(values)),
        Meaning::Varchar(_) | Meaning::Char(_) | Meaning::Text | Meaning::Other if key => {
            "nvarchar(255)".to_owned()
        }
        Meaning::Binary(Some(length)) if *length <= 8_000 => {
            format!("varbinary({})", (*length).max(1))
        }
        Meaning::Binary(_) => "varbinary(max)".to_owned(),
        Meaning::Bits(length) => format!("binary({})", length.div_ceil(8).max(1)),
        Meaning::Date => "date".to_owned(),
        Meaning::Time => "time".to_owned(),
        Meaning::Timestamp(digits, zone) => {
            let name = if *zone { "datetimeoffset" } else { "datetime2" };
            format!("{name}({})", digits.unwrap_or(6).min(7))
        }
        Meaning::Interval => "nvarchar(64)".to_owned(),
        Meaning::Uuid => "uniqueidentifier".to_owned(),
        Meaning::Xml => "xml".to_owned(),
        _ => "nvarchar(max)".to_owned(),
    }
}

fn oracle(meaning: &Meaning, key: bool) -> String {
    match meaning {
        Meaning::Boolean => "NUMBER(1)".to_owned(),
        Meaning::Integer(1, _) => "NUMBER(3)".to_owned(),
        Meaning::Integer(2, _) | Meaning::Year => "NUMBER(5)".to_owned(),
        Meaning::Integer(8, true) => "NUMBER(20)".to_owned(),
        Meaning::Integer(8, false) => "NUMBER(19)".to_owned(),
        Meaning::Integer(..) => "NUMBER(10)".to_owned(),
        Meaning::Decimal(Some((digits, scale))) => {
            format!("NUMBER({},{scale})", (*digits).clamp(1, 38))
        }
        Meaning::Decimal(None) => "NUMBER".to_owned(),
        Meaning::Real => "BINARY_FLOAT".to_owned(),
        Meaning::Double => "BINARY_DOUBLE".to_owned(),
        Meaning::Char(length) if *length <= 2_000 => format!("CHAR({} CHAR)", (*length).max(1)),
        Meaning::Varchar(Some(length)) if *length <= 4_000 => {
            format!("VARCHAR2({} CHAR)", (*length).max(1))
        }
        Meaning::Values(values) => format!("VARCHAR2({} CHAR)", longest(values)),
        Meaning::Varchar(_) | Meaning::Char(_) | Meaning::Text | Meaning::Other if key => {
            "VARCHAR2(255 CHAR)".to_owned()
        }
        Meaning::Binary(Some(length)) if *length <= 2_000 => format!("RAW({})", (*length).max(1)),
        Meaning::Binary(_) => "BLOB".to_owned(),
        Meaning::Bits(length) => format!("RAW({})", length.div_ceil(8).max(1)),
        Meaning::Date => "DATE".to_owned(),
        Meaning::Time => "INTERVAL DAY(0) TO SECOND(6)".to_owned(),
        Meaning::Timestamp(digits, zone) => {
            let zone = if *zone { " WITH TIME ZONE" } else { "" };
            format!("TIMESTAMP({}){zone}", digits.unwrap_or(6).min(9))
        }
        Meaning::Interval => "VARCHAR2(64 CHAR)".to_owned(),
        Meaning::Uuid => "VARCHAR2(36 CHAR)".to_owned(),
        Meaning::Xml => "XMLTYPE".to_owned(),
        _ => "CLOB".to_owned(),
    }
}
