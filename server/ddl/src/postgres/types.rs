//! Types: read from a script, printed as the server prints them.

use crate::catalog::Catalog;
use crate::cursor::{Cursor, Read};
use crate::fold;
use crate::token::Kind;

/// A type as a column has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeRef {
    base: Base,
    /// Modifiers with their parentheses, `(10,2)`; or empty.
    modifiers: String,
    /// Whether it is an array; PostgreSQL does not tell how many dimensions it has.
    array: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Base {
    /// A type of the server: what stands before and after its modifiers.
    System(&'static str, &'static str),
    /// A type of the script, by identity: it may be renamed later.
    Created(usize),
    /// A type of an extension, or one that the script does not have.
    Unknown {
        schema: Option<String>,
        name: String,
    },
}

/// The pseudo-types that make a column own a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Serial {
    Small,
    Plain,
    Big,
}

impl Serial {
    /// The type that the column really has.
    pub(crate) fn data_type(self) -> TypeRef {
        TypeRef::system(match self {
            Self::Small => "smallint",
            Self::Plain => "integer",
            Self::Big => "bigint",
        })
    }
}

/// What stands as a column's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Type(TypeRef),
    Serial(Serial),
}

/// Types of the server by the names that `pg_type` has for them, and what prints. In order.
const SYSTEM: [(&str, &str, &str); 82] = [
    ("aclitem", "aclitem", ""),
    ("any", "\"any\"", ""),
    ("anyarray", "anyarray", ""),
    ("anyelement", "anyelement", ""),
    ("anyenum", "anyenum", ""),
    ("bit", "bit", ""),
    ("bool", "boolean", ""),
    ("box", "box", ""),
    ("bpchar", "character", ""),
    ("bytea", "bytea", ""),
    ("cid", "cid", ""),
    ("cidr", "cidr", ""),
    ("circle", "circle", ""),
    ("cstring", "cstring", ""),
    ("date", "date", ""),
    ("datemultirange", "datemultirange", ""),
    ("daterange", "daterange", ""),
    ("float4", "real", ""),
    ("float8", "double precision", ""),
    ("inet", "inet", ""),
    ("int2", "smallint", ""),
    ("int2vector", "int2vector", ""),
    ("int4", "integer", ""),
    ("int4multirange", "int4multirange", ""),
    ("int4range", "int4range", ""),
    ("int8", "bigint", ""),
    ("int8multirange", "int8multirange", ""),
    ("int8range", "int8range", ""),
    ("interval", "interval", ""),
    ("json", "json", ""),
    ("jsonb", "jsonb", ""),
    ("jsonpath", "jsonpath", ""),
    ("line", "line", ""),
    ("lseg", "lseg", ""),
    ("macaddr", "macaddr", ""),
    ("macaddr8", "macaddr8", ""),
    ("money", "money", ""),
    ("name", "name", ""),
    ("numeric", "numeric", ""),
    ("nummultirange", "nummultirange", ""),
    ("numrange", "numrange", ""),
    ("oid", "oid", ""),
    ("oidvector", "oidvector", ""),
    ("path", "path", ""),
    ("pg_lsn", "pg_lsn", ""),
    ("pg_snapshot", "pg_snapshot", ""),
    ("point", "point", ""),
    ("polygon", "polygon", ""),
    ("record", "record", ""),
    ("refcursor", "refcursor", ""),
    ("regclass", "regclass", ""),
    ("regcollation", "regcollation", ""),
    ("regconfig", "regconfig", ""),
    ("regdictionary", "regdictionary", ""),
    ("regnamespace", "regnamespace", ""),
    ("regoper", "regoper", ""),
    ("regoperator", "regoperator", ""),
    ("regproc", "regproc", ""),
    ("regprocedure", "regprocedure", ""),
    ("regrole", "regrole", ""),
    ("regtype", "regtype", ""),
    ("text", "text", ""),
    ("tid", "tid", ""),
    ("time", "time", " without time zone"),
    ("timestamp", "timestamp", " without time zone"),
    ("timestamptz", "timestamp", " with time zone"),
    ("timetz", "time", " with time zone"),
    ("tsmultirange", "tsmultirange", ""),
    ("tsquery", "tsquery", ""),
    ("tsrange", "tsrange", ""),
    ("tstzmultirange", "tstzmultirange", ""),
    ("tstzrange", "tstzrange", ""),
    ("tsvector", "tsvector", ""),
    ("txid_snapshot", "txid_snapshot", ""),
    ("unknown", "unknown", ""),
    ("uuid", "uuid", ""),
    ("varbit", "bit varying", ""),
    ("varchar", "character varying", ""),
    ("void", "void", ""),
    ("xid", "xid", ""),
    ("xid8", "xid8", ""),
    ("xml", "xml", ""),
];

fn system(name: &str) -> Option<(&'static str, &'static str)> {
    SYSTEM
        .binary_search_by_key(&name, |row| row.0)
        .ok()
        .and_then(|at| SYSTEM.get(at))
        .map(|row| (row.1, row.2))
}

impl TypeRef {
    /// A type of the server without modifiers.
    pub(crate) fn system(prints: &'static str) -> Self {
        Self {
            base: Base::System(prints, ""),
            modifiers: String::new(),
            array: false,
        }
    }

    /// Whether it rests on that type of the script.
    pub(crate) fn rests_on(&self, id: usize) -> bool {
        self.base == Base::Created(id)
    }

    /// Looks again for a type that was not there before.
    pub(crate) fn resolve(&mut self, catalog: &Catalog, path: &[String]) {
        if let Base::Unknown { schema, name } = &self.base
            && let Some(id) = catalog.find_type(schema.as_deref(), name, path)
        {
            self.base = Base::Created(id);
        }
    }

    /// The type as the server prints it to a session with that search path.
    pub(crate) fn print(&self, catalog: &Catalog, path: &[String]) -> String {
        let full = |schema: &str, name: &str| {
            let visible = schema == "pg_catalog" || path.iter().any(|known| known == schema);
            match visible {
                true => fold::quoted(name),
                false => format!("{}.{}", fold::quoted(schema), fold::quoted(name)),
            }
        };
        let (name, tail) = match &self.base {
            Base::System(name, tail) => ((*name).to_owned(), *tail),
            Base::Created(id) => {
                let name = catalog.user_type(*id).map(|found| &found.name);
                (
                    name.map(|name| full(&name.schema, &name.name))
                        .unwrap_or_default(),
                    "",
                )
            }
            Base::Unknown {
                schema: Some(schema),
                name,
            } => (full(schema, name), ""),
            Base::Unknown { schema: None, name } => (fold::quoted(name), ""),
        };
        let array = if self.array { "[]" } else { "" };
        format!("{name}{}{tail}{array}", self.modifiers)
    }
}

/// Reads the type of a column.
pub(crate) fn read_column_type(
    cursor: &mut Cursor<'_>,
    catalog: &Catalog,
    path: &[String],
) -> Read<ColumnType> {
    let serial = [
        ("SERIAL", Serial::Plain),
        ("SERIAL4", Serial::Plain),
        ("BIGSERIAL", Serial::Big),
        ("SERIAL8", Serial::Big),
        ("SMALLSERIAL", Serial::Small),
        ("SERIAL2", Serial::Small),
    ];
    if let Some((_, serial)) = serial.iter().find(|(word, _)| cursor.is(word))
        && !cursor
            .peek_at(1)
            .is_some_and(|next| next.is_symbol(b'.') || next.is_symbol(b'['))
    {
        cursor.step();
        return Ok(ColumnType::Serial(*serial));
    }
    read_type(cursor, catalog, path).map(ColumnType::Type)
}

/// Reads a type.
pub(crate) fn read_type(
    cursor: &mut Cursor<'_>,
    catalog: &Catalog,
    path: &[String],
) -> Read<TypeRef> {
    cursor.accept("SETOF");
    let mut found = match keyword_type(cursor)? {
        Some(found) => found,
        None => named_type(cursor, catalog, path)?,
    };
    if cursor.accept("ARRAY") {
        found.array = true;
        if cursor.is_symbol(b'[') {
            bounds(cursor)?;
        }
    }
    while cursor.is_symbol(b'[') {
        bounds(cursor)?;
        found.array = true;
    }
    Ok(found)
}

fn bounds(cursor: &mut Cursor<'_>) -> Read<()> {
    cursor.step();
    if cursor
        .peek()
        .is_some_and(|token| token.kind == Kind::Number)
    {
        cursor.step();
    }
    if cursor.accept_symbol(b']') {
        Ok(())
    } else {
        cursor.expected("“]”")
    }
}

/// Modifiers, printed without spaces; empty where none stand.
fn modifiers(cursor: &mut Cursor<'_>) -> Read<Vec<String>> {
    if !cursor.is_symbol(b'(') {
        return Ok(Vec::new());
    }
    let inside = cursor.group()?;
    let parts = inside.split_commas();
    Ok(parts
        .iter()
        .map(|part| {
            part.tokens()
                .iter()
                .map(|token| part.text_of(*token))
                .collect::<Vec<_>>()
                .concat()
        })
        .collect())
}

fn print_modifiers(parts: &[String]) -> String {
    if parts.is_empty() {
        String::new()
    } else {
        format!("({})", parts.join(","))
    }
}

fn made(name: &'static str, tail: &'static str, modifiers: &[String]) -> TypeRef {
    TypeRef {
        base: Base::System(name, tail),
        modifiers: print_modifiers(modifiers),
        array: false,
    }
}

/// The types that the grammar itself knows, some of several words.
fn keyword_type(cursor: &mut Cursor<'_>) -> Read<Option<TypeRef>> {
    let word = match cursor.peek() {
        Some(token) if token.kind == Kind::Word => cursor.text_of(token).to_ascii_uppercase(),
        _ => return Ok(None),
    };
    if cursor.peek_at(1).is_some_and(|next| next.is_symbol(b'.')) {
        return Ok(None);
    }
    let plain = match word.as_str() {
        "INT" | "INTEGER" => Some("integer"),
        "SMALLINT" => Some("smallint"),
        "BIGINT" => Some("bigint"),
        "REAL" => Some("real"),
        "BOOLEAN" => Some("boolean"),
        _ => None,
    };
    if let Some(name) = plain {
        cursor.step();
        return Ok(Some(TypeRef::system(name)));
    }
    if word == "DOUBLE" && cursor.accept_all(&["DOUBLE", "PRECISION"]) {
        return Ok(Some(TypeRef::system("double precision")));
    }
    let found = match word.as_str() {
        "NUMERIC" | "DECIMAL" | "DEC" => {
            cursor.step();
            numeric(modifiers(cursor)?)
        }
        "FLOAT" => {
            cursor.step();
            let bits = modifiers(cursor)?;
            let bits = bits
                .first()
                .and_then(|bits| bits.parse::<u32>().ok())
                .unwrap_or(53);
            TypeRef::system(if bits < 25 {
                "real"
            } else {
                "double precision"
            })
        }
        "BIT" => {
            cursor.step();
            let varying = cursor.accept("VARYING");
            bits(varying, modifiers(cursor)?)
        }
        "CHAR" | "CHARACTER" | "NCHAR" => {
            cursor.step();
            let varying = cursor.accept("VARYING");
            character(varying, modifiers(cursor)?)
        }
        "NATIONAL"
            if cursor.token_is(cursor.peek_at(1), "CHAR")
                || cursor.token_is(cursor.peek_at(1), "CHARACTER") =>
        {
            cursor.step();
            cursor.step();
            let varying = cursor.accept("VARYING");
            character(varying, modifiers(cursor)?)
        }
        "VARCHAR" => {
            cursor.step();
            character(true, modifiers(cursor)?)
        }
        "TIMESTAMP" | "TIME" => {
            cursor.step();
            let precision = precision(modifiers(cursor)?);
            let zone = cursor.accept_all(&["WITH", "TIME", "ZONE"]);
            if !zone {
                cursor.accept_all(&["WITHOUT", "TIME", "ZONE"]);
            }
            let tail = if zone {
                " with time zone"
            } else {
                " without time zone"
            };
            let name = if word == "TIME" { "time" } else { "timestamp" };
            made(name, tail, &precision)
        }
        "INTERVAL" => {
            cursor.step();
            interval(cursor)?
        }
        _ => return Ok(None),
    };
    Ok(Some(found))
}

/// A precision of times; the server allows no more than six digits.
fn precision(parts: Vec<String>) -> Vec<String> {
    parts
        .into_iter()
        .map(|part| match part.parse::<u32>() {
            Ok(digits) => digits.min(6).to_string(),
            Err(_) => part,
        })
        .collect()
}

fn numeric(mut parts: Vec<String>) -> TypeRef {
    if parts.len() == 1 {
        parts.push("0".to_owned());
    }
    made("numeric", "", &parts)
}

fn bits(varying: bool, mut parts: Vec<String>) -> TypeRef {
    if parts.is_empty() && !varying {
        parts.push("1".to_owned());
    }
    made(if varying { "bit varying" } else { "bit" }, "", &parts)
}

fn character(varying: bool, mut parts: Vec<String>) -> TypeRef {
    if parts.is_empty() && !varying {
        parts.push("1".to_owned());
    }
    made(
        if varying {
            "character varying"
        } else {
            "character"
        },
        "",
        &parts,
    )
}

fn interval(cursor: &mut Cursor<'_>) -> Read<TypeRef> {
    let early = precision(modifiers(cursor)?);
    const FIELDS: [(&str, &[&str]); 6] = [
        ("YEAR", &["MONTH"]),
        ("MONTH", &[]),
        ("DAY", &["HOUR", "MINUTE", "SECOND"]),
        ("HOUR", &["MINUTE", "SECOND"]),
        ("MINUTE", &["SECOND"]),
        ("SECOND", &[]),
    ];
    let mut modifiers_text = print_modifiers(&early);
    if early.is_empty()
        && let Some((from, ends)) = FIELDS.iter().find(|(word, _)| cursor.is(word))
    {
        cursor.step();
        let mut last = *from;
        modifiers_text = format!(" {}", from.to_ascii_lowercase());
        if cursor.is("TO")
            && let Some(end) = ends
                .iter()
                .find(|end| cursor.token_is(cursor.peek_at(1), end))
        {
            cursor.step();
            cursor.step();
            last = end;
            modifiers_text.push_str(" to ");
            modifiers_text.push_str(&end.to_ascii_lowercase());
        }
        if last == "SECOND" {
            modifiers_text.push_str(&print_modifiers(&precision(modifiers(cursor)?)));
        }
    }
    Ok(TypeRef {
        base: Base::System("interval", ""),
        modifiers: modifiers_text,
        array: false,
    })
}

/// A type by name: of the server, of the script or of an extension.
fn named_type(cursor: &mut Cursor<'_>, catalog: &Catalog, path: &[String]) -> Read<TypeRef> {
    let Some(first) = cursor.peek() else {
        return cursor.expected("a type");
    };
    if !matches!(first.kind, Kind::Word | Kind::Quoted | Kind::UnicodeQuoted) {
        return cursor.expected("a type");
    }
    if first.kind == Kind::Word && fold::is_reserved(cursor.text_of(first)) {
        return cursor.expected("a type");
    }
    let mut name = cursor.label()?;
    let mut schema = None;
    while cursor.accept_symbol(b'.') {
        let next = cursor.label()?;
        schema = Some(std::mem::replace(&mut name, next));
    }
    let mut parts = modifiers(cursor)?;
    if schema
        .as_deref()
        .is_none_or(|schema| schema == "pg_catalog")
    {
        // `_int4` is how the server itself names the array of int4.
        let (element, array) = match name.strip_prefix('_') {
            Some(element) if system(element).is_some() => (element, true),
            _ => (name.as_str(), false),
        };
        if element == "char" {
            return Ok(TypeRef {
                array,
                ..TypeRef::system("\"char\"")
            });
        }
        if let Some((prints, tail)) = system(element) {
            let mut found = match prints {
                "numeric" => numeric(parts),
                "bit" => bits(false, parts),
                "character" if parts.is_empty() => TypeRef::system("bpchar"),
                "time" | "timestamp" => made(prints, tail, &precision(parts)),
                _ => made(prints, tail, &parts),
            };
            found.array = array;
            return Ok(found);
        }
    }
    let base = match catalog.find_type(schema.as_deref(), &name, path) {
        Some(id) => Base::Created(id),
        None => Base::Unknown { schema, name },
    };
    for part in &mut parts {
        // Extensions print their modifiers as they read them, but without quotes.
        *part = part.trim_matches('\'').to_owned();
    }
    Ok(TypeRef {
        base,
        modifiers: print_modifiers(&parts),
        array: false,
    })
}
