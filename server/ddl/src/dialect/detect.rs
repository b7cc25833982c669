//! Which dialect a script is in, by all of its marks together. A single mark may deceive: a
//! column may be called `engine`, and SQLite takes names in brackets too.

use super::marks::{Piece, Pieces};
use model::provider::Provider::{self, MySql, Oracle, PostgreSql, SqlServer, Sqlite};

/// How much is read of each script. Dumps have their definitions before their data or between.
const MOST: usize = 4 << 20;
/// How often the same mark counts, and how often a weak one does: many of these prove little.
const OFTEN: u32 = 20;
const OFTEN_WEAK: u32 = 5;
/// The most that a weak mark weighs.
const WEAK: u32 = 3;
/// What is needed for an answer.
const ENOUGH: u32 = 3;

/// The dialects that a mark speaks for, each with its weight.
type Mark = &'static [(Provider, u32)];

/// Words that tell a dialect wherever they stand, in capitals and in order.
const WORDS: [(&str, Mark); 75] = [
    ("AUTOINCREMENT", &[(Sqlite, 20)]),
    ("AUTO_INCREMENT", &[(MySql, 10)]),
    ("BIGSERIAL", &[(PostgreSql, 10)]),
    ("BIT", &[(SqlServer, 1), (MySql, 1)]),
    ("BYTEA", &[(PostgreSql, 8)]),
    ("CHARSET", &[(MySql, 4)]),
    ("CITEXT", &[(PostgreSql, 5)]),
    ("CLUSTERED", &[(SqlServer, 6)]),
    ("COLUMNSTORE", &[(SqlServer, 6)]),
    ("DATETIME", &[(MySql, 1), (Sqlite, 1), (SqlServer, 1)]),
    ("DATETIME2", &[(SqlServer, 8)]),
    ("DATETIMEOFFSET", &[(SqlServer, 6)]),
    ("DBO", &[(SqlServer, 6)]),
    ("DELIMITER", &[(MySql, 6)]),
    ("DUAL", &[(Oracle, 2), (MySql, 1)]),
    ("EDITIONABLE", &[(Oracle, 10)]),
    ("FTS4", &[(Sqlite, 8)]),
    ("FTS5", &[(Sqlite, 8)]),
    ("GETDATE", &[(SqlServer, 6)]),
    ("GLOB", &[(Sqlite, 3)]),
    ("HSTORE", &[(PostgreSql, 4)]),
    ("ILIKE", &[(PostgreSql, 4)]),
    ("INET", &[(PostgreSql, 3)]),
    ("INITRANS", &[(Oracle, 8)]),
    (
        "INTEGER",
        &[(Sqlite, 1), (PostgreSql, 1), (MySql, 1), (Oracle, 1)],
    ),
    ("JSONB", &[(PostgreSql, 6)]),
    ("JULIANDAY", &[(Sqlite, 5)]),
    ("LONGBLOB", &[(MySql, 6)]),
    ("LONGTEXT", &[(MySql, 6)]),
    ("MAXTRANS", &[(Oracle, 8)]),
    ("MEDIUMBLOB", &[(MySql, 6)]),
    ("MEDIUMINT", &[(MySql, 6)]),
    ("MEDIUMTEXT", &[(MySql, 6)]),
    ("MINVALUE", &[(Oracle, 1), (PostgreSql, 1)]),
    ("NCLOB", &[(Oracle, 6)]),
    ("NEWID", &[(SqlServer, 6)]),
    ("NEXTVAL", &[(Oracle, 1), (PostgreSql, 2)]),
    ("NOCACHE", &[(Oracle, 4)]),
    ("NOCHECK", &[(SqlServer, 6)]),
    ("NOCYCLE", &[(Oracle, 4)]),
    ("NOLOGGING", &[(Oracle, 4)]),
    ("NONCLUSTERED", &[(SqlServer, 8)]),
    ("NTEXT", &[(SqlServer, 5)]),
    ("NUMBER", &[(Oracle, 4)]),
    ("NVARCHAR", &[(SqlServer, 2), (Sqlite, 2), (MySql, 1)]),
    ("NVARCHAR2", &[(Oracle, 10)]),
    ("PCTFREE", &[(Oracle, 8)]),
    ("PCTUSED", &[(Oracle, 8)]),
    ("PERSISTED", &[(SqlServer, 3)]),
    ("PG_CATALOG", &[(PostgreSql, 10)]),
    ("PLPGSQL", &[(PostgreSql, 10)]),
    ("PRAGMA", &[(Sqlite, 6), (Oracle, 1)]),
    ("PROMPT", &[(Oracle, 3)]),
    ("REGCLASS", &[(PostgreSql, 5)]),
    ("ROWGUIDCOL", &[(SqlServer, 8)]),
    ("SERIAL", &[(PostgreSql, 6)]),
    ("SMALLDATETIME", &[(SqlServer, 6)]),
    ("SMALLSERIAL", &[(PostgreSql, 8)]),
    ("SQLITE_SEQUENCE", &[(Sqlite, 20)]),
    ("STRFTIME", &[(Sqlite, 5)]),
    ("SYSDATE", &[(Oracle, 4)]),
    ("SYSTIMESTAMP", &[(Oracle, 6)]),
    ("TEXTIMAGE_ON", &[(SqlServer, 8)]),
    ("TIMESTAMPTZ", &[(PostgreSql, 8)]),
    ("TINYBLOB", &[(MySql, 6)]),
    ("TINYINT", &[(MySql, 2), (SqlServer, 1)]),
    ("TINYTEXT", &[(MySql, 6)]),
    ("TSVECTOR", &[(PostgreSql, 8)]),
    ("UNIQUEIDENTIFIER", &[(SqlServer, 8)]),
    ("UNSIGNED", &[(MySql, 6)]),
    ("UUID", &[(PostgreSql, 2)]),
    ("VARCHAR2", &[(Oracle, 10)]),
    ("WHENEVER", &[(Oracle, 3)]),
    ("XMLTYPE", &[(Oracle, 4)]),
    ("ZEROFILL", &[(MySql, 6)]),
];

/// Words that tell a dialect where one follows another, in capitals.
const PAIRS: [(&str, &str, Mark); 35] = [
    ("AS", "ENUM", &[(PostgreSql, 12)]),
    ("AS", "IDENTITY", &[(PostgreSql, 2), (Oracle, 2)]),
    ("BEFORE", "STATEMENT", &[(Oracle, 2)]),
    ("CHARACTER", "SET", &[(MySql, 4)]),
    ("CHARACTER", "VARYING", &[(PostgreSql, 2)]),
    ("COMMENT", "ON", &[(PostgreSql, 2), (Oracle, 2)]),
    ("CREATE", "EXTENSION", &[(PostgreSql, 20)]),
    ("CREATE", "TEMP", &[(Sqlite, 1), (PostgreSql, 1)]),
    ("CREATE", "VIRTUAL", &[(Sqlite, 10)]),
    ("DEFINE", "OFF", &[(Oracle, 8)]),
    ("DOUBLE", "PRECISION", &[(PostgreSql, 1)]),
    ("FOR", "REPLICATION", &[(SqlServer, 6)]),
    ("FROM", "STDIN", &[(PostgreSql, 20)]),
    ("IF", "NOT", &[(PostgreSql, 1), (MySql, 1), (Sqlite, 1)]),
    ("KEY", "CLUSTERED", &[(SqlServer, 8)]),
    ("LOCK", "TABLES", &[(MySql, 6)]),
    ("LONG", "RAW", &[(Oracle, 8)]),
    ("ON", "CONFLICT", &[(Sqlite, 2), (PostgreSql, 2)]),
    ("OWNER", "TO", &[(PostgreSql, 6)]),
    ("PACKAGE", "BODY", &[(Oracle, 10)]),
    ("QUOTED_IDENTIFIER", "ON", &[(SqlServer, 10)]),
    ("QUOTED_IDENTIFIER", "OFF", &[(SqlServer, 10)]),
    ("ANSI_NULLS", "ON", &[(SqlServer, 10)]),
    ("RETURNS", "TRIGGER", &[(PostgreSql, 8)]),
    ("SEGMENT", "CREATION", &[(Oracle, 10)]),
    ("SET", "NOCOUNT", &[(SqlServer, 8)]),
    ("TIME", "ZONE", &[(PostgreSql, 2), (Oracle, 1)]),
    ("UNIQUE", "KEY", &[(MySql, 3)]),
    ("UNLOCK", "TABLES", &[(MySql, 6)]),
    ("USING", "BTREE", &[(MySql, 2), (PostgreSql, 2)]),
    ("USING", "GIN", &[(PostgreSql, 6)]),
    ("USING", "GIST", &[(PostgreSql, 6)]),
    ("USING", "INDEX", &[(Oracle, 3)]),
    ("WITH", "NOCHECK", &[(SqlServer, 8)]),
    ("WITHOUT", "ROWID", &[(Sqlite, 20)]),
];

/// What is counted: for each dialect the sum of the weights.
#[derive(Debug, Default)]
struct Tally {
    sums: [u32; 5],
    seen: std::collections::HashMap<(u8, usize), u32>,
}

impl Tally {
    fn add(&mut self, group: u8, at: usize, mark: Mark) {
        let seen = self.seen.entry((group, at)).or_default();
        *seen += 1;
        let weak = mark.iter().all(|(_, weight)| *weight <= WEAK);
        if *seen > if weak { OFTEN_WEAK } else { OFTEN } {
            return;
        }
        for (provider, weight) in mark {
            for (sum, candidate) in self.sums.iter_mut().zip(Provider::ALL) {
                if candidate == *provider {
                    *sum += weight;
                }
            }
        }
    }

    fn winner(&self) -> Option<Provider> {
        let best = *self.sums.iter().max()?;
        let mut first = None;
        for (sum, provider) in self.sums.iter().zip(Provider::ALL) {
            if *sum == best && first.replace(provider).is_some() {
                // Two say the same.
                return None;
            }
        }
        first.filter(|_| best >= ENOUGH)
    }
}

/// Tells the dialect of some scripts by their marks: names in backticks or brackets, `GO`, words
/// and types that only one system has. Texts and comments do not count. None where the marks do
/// not tell: standard SQL, or no SQL at all.
pub fn detect(files: &[&str]) -> Option<Provider> {
    let mut tally = Tally::default();
    for file in files {
        let text = crate::fold::clip(file, MOST);
        count(text, &mut tally);
    }
    tally.winner()
}

fn count(text: &str, tally: &mut Tally) {
    let mut pieces = Pieces::of(text);
    let mut before = String::new();
    let mut last: Option<Piece<'_>> = None;
    // `ENGINE =`, `IDENTITY (`, `VARCHAR (`: the word before a sign.
    let mut opened = String::new();
    let sign = |group: usize, tally: &mut Tally, weights: Mark| {
        tally.add(2, group, weights);
    };
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Backticks => sign(0, tally, &[(MySql, 4), (Sqlite, 1)]),
            // Types in brackets too, as SQL Server's own tools write them.
            Piece::Brackets if last == Some(Piece::Brackets) => {
                sign(20, tally, &[(SqlServer, 6)]);
            }
            Piece::Brackets => sign(1, tally, &[(SqlServer, 3), (Sqlite, 3)]),
            Piece::Cast => sign(2, tally, &[(PostgreSql, 6)]),
            Piece::Dollars => sign(3, tally, &[(PostgreSql, 8)]),
            Piece::Executed => sign(4, tally, &[(MySql, 8)]),
            Piece::Hash => sign(5, tally, &[(MySql, 1)]),
            Piece::Prefixed(b'n') => sign(6, tally, &[(SqlServer, 1)]),
            Piece::Prefixed(b'e') => sign(7, tally, &[(PostgreSql, 3)]),
            Piece::Prefixed(b'q') => sign(8, tally, &[(Oracle, 6)]),
            Piece::Prefixed(b'x') => sign(9, tally, &[(Sqlite, 1), (MySql, 1)]),
            Piece::Slash => sign(10, tally, &[(Oracle, 6)]),
            Piece::Go => sign(11, tally, &[(SqlServer, 10)]),
            Piece::Backslash => sign(12, tally, &[(PostgreSql, 6)]),
            Piece::Word(word) => {
                let upper = word.to_uppercase();
                let upper = if upper.len() > 40 {
                    String::new()
                } else {
                    upper
                };
                if let Ok(at) = WORDS.binary_search_by_key(&upper.as_str(), |row| row.0)
                    && let Some((_, weights)) = WORDS.get(at)
                {
                    tally.add(0, at, weights);
                }
                for (at, (one, two, weights)) in PAIRS.iter().enumerate() {
                    if *one == before && *two == upper {
                        tally.add(1, at, weights);
                    }
                }
                if word.starts_with("@@") || (opened == "SET" && word.starts_with('@')) {
                    sign(13, tally, &[(SqlServer, 1), (MySql, 1)]);
                }
                if before == "FROM" && upper == "STDIN" {
                    pieces.skip_data();
                }
                if upper == "MAX"
                    && ["VARCHAR(", "NVARCHAR(", "VARBINARY("].contains(&opened.as_str())
                {
                    sign(14, tally, &[(SqlServer, 10)]);
                }
                if matches!(last, Some(Piece::Number))
                    && (opened == "VARCHAR2(" || opened == "CHAR(")
                    && matches!(upper.as_str(), "CHAR" | "BYTE")
                {
                    sign(15, tally, &[(Oracle, 6)]);
                }
                if last == Some(Piece::Brackets) && matches!(upper.as_str(), "INTEGER" | "TEXT") {
                    sign(21, tally, &[(Sqlite, 2)]);
                }
                opened.clone_from(&upper);
                before = upper;
            }
            Piece::Sign(b'=') if opened == "ENGINE" => sign(16, tally, &[(MySql, 10)]),
            Piece::Sign(b'(') => {
                match opened.as_str() {
                    "IDENTITY" => sign(17, tally, &[(SqlServer, 6)]),
                    "STORAGE" => sign(18, tally, &[(Oracle, 6)]),
                    "ENUM" => sign(19, tally, &[(MySql, 3)]),
                    _ => {}
                }
                opened.push('(');
            }
            Piece::Number => {}
            _ => opened.clear(),
        }
        if !matches!(piece, Piece::Word(_)) {
            before.clear();
        }
        last = Some(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order() {
        assert!(WORDS.is_sorted_by(|one, two| one.0 < two.0));
    }
}
