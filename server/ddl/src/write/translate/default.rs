//! Defaults: constants, the present moment and new identifiers in the words of each dialect.

use super::expression;
use super::types::Meaning;
use model::provider::Provider;

/// A default in the words of the target; none where it cannot say it.
pub(super) fn translate(
    default: &str,
    meaning: &Meaning,
    source: Provider,
    target: Provider,
) -> Option<String> {
    let bare = bare(default);
    let lower = bare.to_ascii_lowercase();
    let call = lower.replace([' ', '"'], "");
    let call = ["pg_catalog.", "public.", "extensions."]
        .iter()
        .find_map(|schema| call.strip_prefix(schema))
        .unwrap_or(&call);
    if *meaning == Meaning::Boolean {
        let truth = match call.trim_matches(['b', '\'']) {
            "true" | "t" | "1" | "yes" | "on" => Some(true),
            "false" | "f" | "0" | "no" | "off" => Some(false),
            _ => None,
        };
        return truth.map(|truth| {
            let word = match (target, truth) {
                (Provider::PostgreSql | Provider::Sqlite, true) => "true",
                (Provider::PostgreSql | Provider::Sqlite, false) => "false",
                (_, true) => "1",
                (_, false) => "0",
            };
            word.to_owned()
        });
    }
    let name = call.split('(').next().unwrap_or_default();
    let argument = call.get(name.len()..).unwrap_or_default();
    let simple = argument.is_empty()
        || argument
            .chars()
            .all(|character| matches!(character, '(' | ')') || character.is_ascii_digit());
    let moment = (simple
        && matches!(
            name,
            "now"
                | "current_timestamp"
                | "localtimestamp"
                | "transaction_timestamp"
                | "statement_timestamp"
                | "clock_timestamp"
                | "getdate"
                | "sysdatetime"
                | "getutcdate"
                | "sysutcdatetime"
                | "sysdatetimeoffset"
                | "sysdate"
                | "systimestamp"
        ))
        || matches!(
            call,
            "datetime('now')"
                | "now()attimezone'utc'"
                | "timezone('utc',now())"
                | "timezone('utc'::text,now())"
                | "(now()attimezone'utc')"
                | "(now()attimezone'utc'::text)"
        );
    // `('now'::text)::date`, as old servers print it.
    let moment = moment || call.trim_start_matches('(').starts_with("'now'::");
    let today = simple && matches!(name, "current_date" | "curdate") || call == "date('now')";
    if moment || today {
        return present(meaning, today, target);
    }
    let identifier = matches!(
        call,
        "gen_random_uuid()" | "uuid_generate_v4()" | "uuid()" | "newid()" | "newsequentialid()"
    );
    if identifier {
        return match target {
            Provider::PostgreSql => Some("gen_random_uuid()".to_owned()),
            Provider::MySql => Some("(uuid())".to_owned()),
            Provider::SqlServer => Some("newid()".to_owned()),
            Provider::Sqlite | Provider::Oracle => None,
        };
    }
    // MySQL's day that never was.
    let time = matches!(meaning, Meaning::Date | Meaning::Timestamp(..));
    if time && call.contains("0000-00-00") && target != Provider::MySql {
        return None;
    }
    // `'{}'` of an array means nothing elsewhere.
    if matches!(meaning, Meaning::Array | Meaning::Other | Meaning::Interval) {
        return None;
    }
    let constant = without_cast(bare);
    let translated = expression::translate(constant, source, target, &[])?;
    let large = matches!(
        meaning,
        Meaning::Text | Meaning::Json | Meaning::Binary(None)
    );
    Some(match target {
        // MySQL takes a default of a large type only as an expression.
        Provider::MySql if large => format!("({translated})"),
        Provider::Sqlite if !is_constant(&translated) => format!("({translated})"),
        _ => translated,
    })
}

/// The present moment or day.
fn present(meaning: &Meaning, today: bool, target: Provider) -> Option<String> {
    let digits = match meaning {
        Meaning::Timestamp(digits, _) => digits.unwrap_or(6).min(6),
        _ => 6,
    };
    let day = today || *meaning == Meaning::Date;
    Some(match (target, day) {
        (Provider::MySql, true) => "(curdate())".to_owned(),
        (Provider::MySql, false) if *meaning == Meaning::Time => "(curtime())".to_owned(),
        (Provider::MySql, false) if !matches!(meaning, Meaning::Timestamp(..)) => return None,
        (Provider::MySql, false) if digits == 0 => "CURRENT_TIMESTAMP".to_owned(),
        (Provider::MySql, false) => format!("CURRENT_TIMESTAMP({digits})"),
        (Provider::SqlServer, true) => "cast(getdate() AS date)".to_owned(),
        (Provider::Oracle, true) => "trunc(SYSDATE)".to_owned(),
        (_, true) => "CURRENT_DATE".to_owned(),
        (_, false) => "CURRENT_TIMESTAMP".to_owned(),
    })
}

fn is_constant(text: &str) -> bool {
    let quoted = text.starts_with('\'') && text.ends_with('\'');
    quoted || text.parse::<f64>().is_ok() || matches!(text, "TRUE" | "FALSE" | "NULL")
}

/// A default without the parentheses around all of it.
fn bare(default: &str) -> &str {
    let mut text = default.trim();
    while let Some(inner) = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let mut depth = 0_i32;
        let closed = inner.chars().any(|character| {
            depth += i32::from(character == '(') - i32::from(character == ')');
            depth < 0
        });
        if closed {
            break;
        }
        text = inner.trim();
    }
    text
}

/// `'new'::public.state`: a constant's cast to its own type goes away.
fn without_cast(text: &str) -> &str {
    let Some((head, tail)) = text.rsplit_once("::") else {
        return text;
    };
    let head = head.trim();
    let constant = head.starts_with('\'') && head.ends_with('\'') && head.len() > 1
        || head.parse::<f64>().is_ok();
    let type_name = tail.chars().all(|character| {
        character.is_alphanumeric() || matches!(character, '_' | '.' | '"' | ' ' | '(' | ')' | ',')
    });
    if constant && type_name { head } else { text }
}
