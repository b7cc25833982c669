//! Cutting a script into statements that a server can be given one by one, so that a failure can
//! be told with its line.
//!
//! What belongs to the client of a system and not to its server has no place here: commands of
//! psql or of SQLite's shell, and data between the lines. A script is run in one transaction, so
//! its own BEGIN and COMMIT are left out.

use crate::mysql::executable::expose;
use crate::standard::lexer::{Lexer, SQLITE};
use crate::token::{Kind, Lines, Token, Unclosed, excerpt};
use crate::{mysql, postgres, sqlite};
use model::provider::Provider;
use model::script::Statement;
use thiserror::Error;

/// Why a script cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Line {line}: {reason}")]
pub struct CutError {
    /// The line, from 1.
    pub line: u64,
    /// What is there that no server can be given, and what to do about it.
    pub reason: String,
}

/// Commands of psql that change nothing of what a script does.
const HARMLESS: [&str; 6] = [
    "echo",
    "encoding",
    "pset",
    "restrict",
    "timing",
    "unrestrict",
];
/// Pragmas of SQLite that are kept in the file; the others are of a session.
const KEPT_PRAGMAS: [&str; 2] = ["application_id", "user_version"];

/// What is done with a statement.
enum Verdict {
    Run,
    LeaveOut,
    Refuse(&'static str),
}

/// Cuts a script of a system that is read live.
///
/// # Errors
/// At what no server can be given, and at what leads out of the database that the script is for.
pub fn statements(provider: Provider, script: &str) -> Result<Vec<Statement>, CutError> {
    match provider {
        Provider::PostgreSql => of_postgres(script),
        Provider::MySql => of_mysql(script),
        Provider::Sqlite => of_sqlite(script),
        Provider::SqlServer | Provider::Oracle => Err(CutError {
            line: 1,
            reason: format!("Scripts cannot be run on {provider} servers."),
        }),
    }
}

/// What has been cut of a script.
struct Cut<'a> {
    source: &'a str,
    lines: Lines,
    done: Vec<Statement>,
}

impl<'a> Cut<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            lines: Lines::of(source),
            done: Vec::new(),
        }
    }

    fn refuse(&self, at: usize, reason: impl Into<String>) -> CutError {
        CutError {
            line: self.lines.line(at),
            reason: reason.into(),
        }
    }

    fn unclosed(&self, at: usize, what: Unclosed) -> CutError {
        self.refuse(at, format!("{} is never closed.", what.label()))
    }

    /// Takes a statement that reaches from its first token to `end`.
    fn take(
        &mut self,
        tokens: &[Token],
        end: usize,
        delimiters: &[&str],
        verdict: Verdict,
    ) -> Result<(), CutError> {
        let Some(first) = tokens.first() else {
            return Ok(());
        };
        match verdict {
            Verdict::LeaveOut => return Ok(()),
            Verdict::Refuse(reason) => return Err(self.refuse(first.start, reason)),
            Verdict::Run => {}
        }
        let text = self.source.get(first.start..end).unwrap_or_default();
        let mut text = text.trim_end();
        for delimiter in delimiters {
            text = text.strip_suffix(delimiter).unwrap_or(text).trim_end();
        }
        self.done.push(Statement {
            line: self.lines.line(first.start),
            text: text.to_owned(),
        });
        Ok(())
    }

    fn word(&self, tokens: &[Token], place: usize) -> String {
        tokens
            .get(place)
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text(self.source).to_ascii_uppercase())
            .unwrap_or_default()
    }

    /// What the statements around a transaction come to, in every dialect.
    fn around(&self, tokens: &[Token]) -> Verdict {
        let second = self.word(tokens, 1);
        match self.word(tokens, 0).as_str() {
            "BEGIN" => Verdict::LeaveOut,
            "START" if second == "TRANSACTION" => Verdict::LeaveOut,
            "COMMIT" | "END" if tokens.len() <= 2 => Verdict::LeaveOut,
            "ROLLBACK" | "ABORT" if tokens.len() <= 2 => {
                Verdict::Refuse("ROLLBACK would undo the script. Leave it out.")
            }
            _ => Verdict::Run,
        }
    }
}

fn of_postgres(source: &str) -> Result<Vec<Statement>, CutError> {
    use postgres::script::{Piece, Script};
    let mut cut = Cut::new(source);
    let mut script = Script::new(source);
    let mut tokens = Vec::new();
    while let Some(piece) = script.next_piece(&mut tokens) {
        match piece {
            Piece::Statement => {
                let is_copy = cut.word(&tokens, 0) == "COPY"
                    && (1..tokens.len()).any(|place| cut.word(&tokens, place) == "STDIN");
                let verdict = match is_copy {
                    true => Verdict::Refuse(
                        "COPY … FROM stdin needs psql. Have the dump written with --inserts, or \
                         with --schema-only.",
                    ),
                    false => cut.around(&tokens),
                };
                cut.take(&tokens, script.position(), &[";"], verdict)?;
            }
            Piece::Command { start, end } => {
                let line = source.get(start + 1..end).unwrap_or_default();
                let word = line.split_whitespace().next().unwrap_or_default();
                if !HARMLESS.contains(&word) {
                    return Err(cut.refuse(
                        start,
                        format!("“\\{word}” is a command of psql, which a server does not know."),
                    ));
                }
            }
            Piece::Unclosed { at, what } => return Err(cut.unclosed(at, what)),
            Piece::OpenData { at } => {
                return Err(cut.refuse(at, "The data of COPY has no end."));
            }
        }
    }
    Ok(cut.done)
}

fn of_mysql(source: &str) -> Result<Vec<Statement>, CutError> {
    use mysql::script::{Piece, Script};
    // Comments that the server runs are statements like others; offsets stay.
    let exposed = expose(source);
    let source = exposed.text.as_ref();
    let mut cut = Cut::new(source);
    let mut script = Script::new(source);
    let mut tokens = Vec::new();
    while let Some(piece) = script.next_piece(&mut tokens) {
        match piece {
            Piece::Statement => {
                let verdict = match cut.word(&tokens, 0).as_str() {
                    "USE" => Verdict::Refuse(
                        "USE leads to another database, and the script is run in the new one \
                         alone. Leave it out.",
                    ),
                    "CREATE" | "DROP"
                        if matches!(cut.word(&tokens, 1).as_str(), "DATABASE" | "SCHEMA") =>
                    {
                        Verdict::Refuse(
                            "The script is run in the database that is made for it. Leave \
                             statements about other databases out.",
                        )
                    }
                    _ => cut.around(&tokens),
                };
                let delimiter = script.delimiter();
                let ends = [delimiter, "\\G", "\\g"];
                cut.take(&tokens, script.position(), &ends, verdict)?;
            }
            Piece::Command { start, end } => {
                let line = excerpt(source.get(start..end).unwrap_or_default());
                return Err(cut.refuse(
                    start,
                    format!(
                        "“{line}” is a command of the mysql client, which a server does not know."
                    ),
                ));
            }
            Piece::NoDelimiter { at } => {
                return Err(cut.refuse(at, "DELIMITER names none."));
            }
            Piece::Unclosed { at, what } => return Err(cut.unclosed(at, what)),
            Piece::OpenBody { at } => {
                return Err(cut.refuse(at, "The BEGIN of this routine has no END."));
            }
        }
    }
    Ok(cut.done)
}

fn of_sqlite(source: &str) -> Result<Vec<Statement>, CutError> {
    use sqlite::script::{Piece, Script};
    let mut cut = Cut::new(source);
    let mut script = Script::new(source);
    let mut tokens = Vec::new();
    while let Some(piece) = script.next_piece(&mut tokens) {
        match piece {
            Piece::Statement => {
                let verdict = match cut.word(&tokens, 0).as_str() {
                    "ATTACH" | "DETACH" => Verdict::Refuse(
                        "The script is run in its own file alone; no other can be attached.",
                    ),
                    // Nothing of the content depends on it, and no transaction may hold it.
                    "VACUUM" => Verdict::LeaveOut,
                    "PRAGMA" if !keeps_pragma(&cut, &tokens) => Verdict::LeaveOut,
                    _ => cut.around(&tokens),
                };
                cut.take(&tokens, script.position(), &[";"], verdict)?;
            }
            Piece::Command(word) => {
                let at = line_of_command(source, word);
                return Err(cut.refuse(
                    at,
                    format!(
                        "“{word}” is a command of SQLite's shell, which the library does not know."
                    ),
                ));
            }
            Piece::Unclosed(at, what) => return Err(cut.unclosed(at, what)),
        }
    }
    Ok(cut.done)
}

/// Whether a pragma sets something that the file keeps.
fn keeps_pragma(cut: &Cut<'_>, tokens: &[Token]) -> bool {
    (1..tokens.len().min(4)).any(|place| {
        let word = cut.word(tokens, place).to_ascii_lowercase();
        KEPT_PRAGMAS.contains(&word.as_str())
    })
}

/// Where a command of the shell stands: the first line that begins with it outside of texts.
fn line_of_command(source: &str, word: &str) -> usize {
    let mut lexer = Lexer::new(source, SQLITE);
    while let Some(token) = lexer.next_token() {
        let here = source.get(token.start..).unwrap_or_default();
        if token.is_symbol(b'.') && here.starts_with(word) && lexer.begins_line(token.start) {
            return token.start;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(provider: Provider, script: &str) -> Vec<(u64, String)> {
        statements(provider, script)
            .unwrap()
            .into_iter()
            .map(|statement| (statement.line, statement.text))
            .collect()
    }

    fn refused(provider: Provider, script: &str) -> (u64, String) {
        let error = statements(provider, script).unwrap_err();
        (error.line, error.reason)
    }

    #[test]
    fn statements_come_whole_and_with_their_line() {
        let many: Vec<String> = (0..40).map(|number| format!("({number})")).collect();
        let insert = format!("INSERT INTO a VALUES {}", many.join(", "));
        let script = format!(
            "\\restrict x\n-- a; b\nBEGIN;\nCREATE TABLE a (x text DEFAULT ';');\n\n{insert};\n\
             CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\nCOMMIT;\nSELECT 1"
        );
        assert_eq!(
            cut(Provider::PostgreSql, &script),
            [
                (4, "CREATE TABLE a (x text DEFAULT ';')".to_owned()),
                (6, insert),
                (
                    7,
                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$".to_owned()
                ),
                (9, "SELECT 1".to_owned()),
            ]
        );
    }

    #[test]
    fn the_clients_own_words_are_read_or_refused() {
        let script = "CREATE TABLE a (x int);\nDELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a \
                      FOR EACH ROW BEGIN SET NEW.x = 1; END//\nDELIMITER ;\n\
                      /*!50001 CREATE VIEW v AS SELECT 1 */;";
        let texts: Vec<String> = cut(Provider::MySql, script)
            .into_iter()
            .map(|(line, text)| format!("{line} {}", text.trim()))
            .collect();
        assert_eq!(
            texts,
            [
                "1 CREATE TABLE a (x int)",
                "3 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; END",
                "5 CREATE VIEW v AS SELECT 1",
            ]
        );
        let (line, reason) = refused(Provider::MySql, "SELECT 1;\nUSE other;\n");
        assert_eq!(line, 2);
        assert!(reason.contains("another database"), "{reason}");
        let (line, reason) = refused(Provider::PostgreSql, "SELECT 1;\n\\connect other\n");
        assert_eq!(line, 2);
        assert!(reason.contains("psql"), "{reason}");
        let (line, _) = refused(Provider::PostgreSql, "\n\nCOPY a FROM stdin;\n1\n\\.\n");
        assert_eq!(line, 3);
        let (line, _) = refused(Provider::PostgreSql, "SELECT 1;\nSELECT 'open;\n");
        assert_eq!(line, 2);
        let (line, _) = refused(Provider::Sqlite, "SELECT 1;\n.mode csv\n");
        assert_eq!(line, 2);
    }

    #[test]
    fn a_script_for_a_file_stays_in_its_file() {
        let script = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (x);\n\
                      CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; SELECT 1; END;\n\
                      PRAGMA user_version = 7;\nVACUUM;\nCOMMIT;\n";
        let lines: Vec<u64> = cut(Provider::Sqlite, script)
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [3, 4, 5]);
        let (line, reason) = refused(Provider::Sqlite, "SELECT 1;\n/* ; */ attach '/etc/x' AS b;");
        assert_eq!(line, 2);
        assert!(reason.contains("attached"), "{reason}");
    }
}
