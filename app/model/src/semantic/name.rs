//! What names say, where the type lets them.

use super::{Family, SemanticType};
use crate::schema::{Column, Table};

/// How a name ends, the types that it goes with, what it then means and how surely.
struct Rule(&'static str, &'static [Family], SemanticType, u8);

const TEXT: &[Family] = &[Family::Text, Family::Unknown];
const NUMBER: &[Family] = &[Family::Whole, Family::Fraction, Family::Unknown];
const DECIMAL: &[Family] = &[Family::Fraction, Family::Money];
const WHOLE: &[Family] = &[Family::Whole];
const TIME: &[Family] = &[Family::Moment, Family::Date, Family::Unknown];
const STATE: &[Family] = &[Family::Text, Family::Other];
const DIGITS: &[Family] = &[Family::Text, Family::Whole, Family::Unknown];

/// Those below the least confidence hold only where known values speak for them.
const RULES: &[Rule] = &[
    Rule("email", TEXT, SemanticType::Email, 85),
    Rule("e_mail", TEXT, SemanticType::Email, 85),
    Rule("email_address", TEXT, SemanticType::Email, 85),
    Rule("phone", DIGITS, SemanticType::Phone, 80),
    Rule("phone_number", DIGITS, SemanticType::Phone, 85),
    Rule("mobile", DIGITS, SemanticType::Phone, 55),
    Rule("mobile_number", DIGITS, SemanticType::Phone, 80),
    Rule("telephone", DIGITS, SemanticType::Phone, 80),
    Rule("tel", DIGITS, SemanticType::Phone, 55),
    Rule("url", TEXT, SemanticType::Url, 85),
    Rule("uri", TEXT, SemanticType::Url, 60),
    Rule("website", TEXT, SemanticType::Url, 75),
    Rule("homepage", TEXT, SemanticType::Url, 75),
    Rule("ip", TEXT, SemanticType::IpAddress, 75),
    Rule("ip_address", TEXT, SemanticType::IpAddress, 90),
    Rule("ip_addr", TEXT, SemanticType::IpAddress, 90),
    Rule("uuid", TEXT, SemanticType::Uuid, 80),
    Rule("guid", TEXT, SemanticType::Uuid, 80),
    Rule("country_code", TEXT, SemanticType::CountryCode, 85),
    Rule("country_iso", TEXT, SemanticType::CountryCode, 80),
    Rule("country", TEXT, SemanticType::CountryCode, 50),
    Rule("currency", TEXT, SemanticType::Currency, 75),
    Rule("currency_code", TEXT, SemanticType::Currency, 85),
    Rule("price", DECIMAL, SemanticType::MoneyAmount, 80),
    Rule("cost", DECIMAL, SemanticType::MoneyAmount, 75),
    Rule("fee", DECIMAL, SemanticType::MoneyAmount, 75),
    Rule("salary", DECIMAL, SemanticType::MoneyAmount, 85),
    Rule("revenue", DECIMAL, SemanticType::MoneyAmount, 80),
    Rule("subtotal", DECIMAL, SemanticType::MoneyAmount, 75),
    Rule("amount", DECIMAL, SemanticType::MoneyAmount, 70),
    Rule("price_cents", WHOLE, SemanticType::MoneyAmount, 85),
    Rule("amount_cents", WHOLE, SemanticType::MoneyAmount, 85),
    Rule("percent", NUMBER, SemanticType::Percentage, 85),
    Rule("percentage", NUMBER, SemanticType::Percentage, 85),
    Rule("pct", NUMBER, SemanticType::Percentage, 80),
    Rule("postal_code", DIGITS, SemanticType::PostalCode, 90),
    Rule("postcode", DIGITS, SemanticType::PostalCode, 85),
    Rule("post_code", DIGITS, SemanticType::PostalCode, 85),
    Rule("zip_code", DIGITS, SemanticType::PostalCode, 85),
    Rule("zipcode", DIGITS, SemanticType::PostalCode, 85),
    Rule("zip", DIGITS, SemanticType::PostalCode, 65),
    Rule("city", TEXT, SemanticType::City, 80),
    Rule("city_name", TEXT, SemanticType::City, 80),
    Rule("town", TEXT, SemanticType::City, 70),
    Rule("first_name", TEXT, SemanticType::PersonName, 85),
    Rule("last_name", TEXT, SemanticType::PersonName, 85),
    Rule("middle_name", TEXT, SemanticType::PersonName, 85),
    Rule("full_name", TEXT, SemanticType::PersonName, 70),
    Rule("given_name", TEXT, SemanticType::PersonName, 85),
    Rule("family_name", TEXT, SemanticType::PersonName, 80),
    Rule("surname", TEXT, SemanticType::PersonName, 85),
    Rule("firstname", TEXT, SemanticType::PersonName, 85),
    Rule("lastname", TEXT, SemanticType::PersonName, 85),
    Rule("date_of_birth", TIME, SemanticType::DateOfBirth, 95),
    Rule("dob", TIME, SemanticType::DateOfBirth, 85),
    Rule("birth_date", TIME, SemanticType::DateOfBirth, 90),
    Rule("birthdate", TIME, SemanticType::DateOfBirth, 90),
    Rule("birthday", TIME, SemanticType::DateOfBirth, 85),
    Rule("created_at", TIME, SemanticType::TimestampCreated, 95),
    Rule("created_on", TIME, SemanticType::TimestampCreated, 90),
    Rule("created", TIME, SemanticType::TimestampCreated, 80),
    Rule("created_date", TIME, SemanticType::TimestampCreated, 85),
    Rule("creation_date", TIME, SemanticType::TimestampCreated, 85),
    Rule("inserted_at", TIME, SemanticType::TimestampCreated, 85),
    Rule("updated_at", TIME, SemanticType::TimestampUpdated, 95),
    Rule("updated_on", TIME, SemanticType::TimestampUpdated, 90),
    Rule("updated", TIME, SemanticType::TimestampUpdated, 75),
    Rule("last_update", TIME, SemanticType::TimestampUpdated, 80),
    Rule("modified_at", TIME, SemanticType::TimestampUpdated, 90),
    Rule("modified", TIME, SemanticType::TimestampUpdated, 75),
    Rule("modified_date", TIME, SemanticType::TimestampUpdated, 85),
    Rule("latitude", NUMBER, SemanticType::Latitude, 95),
    Rule("lat", DECIMAL, SemanticType::Latitude, 75),
    Rule("longitude", NUMBER, SemanticType::Longitude, 95),
    Rule("lng", DECIMAL, SemanticType::Longitude, 75),
    Rule("lon", DECIMAL, SemanticType::Longitude, 75),
    Rule("password_hash", TEXT, SemanticType::PasswordHash, 90),
    Rule("hashed_password", TEXT, SemanticType::PasswordHash, 90),
    Rule("encrypted_password", TEXT, SemanticType::PasswordHash, 80),
    Rule("password", TEXT, SemanticType::PasswordHash, 50),
    Rule("token", TEXT, SemanticType::Token, 75),
    Rule("api_key", TEXT, SemanticType::Token, 80),
    Rule("status", STATE, SemanticType::Status, 80),
];

/// First words that ask a question, to which yes or no is the answer.
const QUESTIONS: [&str; 8] = [
    "is", "has", "can", "was", "should", "allow", "allows", "needs",
];

/// First words of numbers that count what follows.
const COUNTS: [&str; 4] = ["num", "count", "number", "nr"];

/// First words of numbers that authorities and other systems give.
const GIVEN: [&str; 6] = ["external", "tax", "vat", "national", "legacy", "message"];

/// Tables whose `name` is a person's.
const PEOPLE: [&str; 10] = [
    "employee",
    "employees",
    "person",
    "persons",
    "people",
    "author",
    "authors",
    "patient",
    "patients",
    "students",
];

/// The meaning that a name has with that type, how surely, and the name in words.
pub(super) fn meaning(
    table: &Table,
    column: &Column,
    family: Family,
) -> Option<(SemanticType, u8, String)> {
    let name = words(&column.name);
    let (first, several) = match name.split_once('_') {
        Some((first, _)) => (first, true),
        None => (name.as_str(), false),
    };
    let told = name.replace('_', " ");
    if several && COUNTS.contains(&first) {
        return None;
    }
    let asks = several && QUESTIONS.contains(&first);
    if asks || ends_with(&name, "flag") && several {
        let small = matches!(family, Family::Whole | Family::Text | Family::Unknown);
        return small.then_some((SemanticType::Flag, 70, told));
    }
    if is_identifier(&column.name) {
        let keyed = table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns == [column.name.as_str()]);
        let confidence = match family {
            Family::Whole | Family::Uuid => 70,
            _ => return None,
        };
        let own = keyed || GIVEN.contains(&first);
        return (!own).then_some((SemanticType::ForeignIdentifier, confidence, told));
    }
    if name == "name" && PEOPLE.contains(&words(&table.name.name).as_str()) {
        let text = matches!(family, Family::Text | Family::Unknown);
        return text.then_some((SemanticType::PersonName, 65, told));
    }
    if family == Family::Money {
        return Some((SemanticType::MoneyAmount, 85, told));
    }
    // The longest ending says most.
    let rule = RULES
        .iter()
        .filter(|rule| ends_with(&name, rule.0) && rule.1.contains(&family))
        .max_by_key(|rule| rule.0.len())?;
    // A country in two or three letters is a code.
    let mut confidence = rule.3;
    let sized = ["(2)", "(3)"]
        .iter()
        .any(|it| column.data_type.ends_with(it));
    if rule.2 == SemanticType::CountryCode && sized {
        confidence = confidence.max(75);
    }
    Some((rule.2, confidence, told))
}

/// Whether a name ends in the word `id`, with others before it.
pub(super) fn is_identifier(name: &str) -> bool {
    words(name).ends_with("_id")
}

fn ends_with(name: &str, end: &str) -> bool {
    name.strip_suffix(end)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
}

/// A name as small words with `_` between them, numbers at their ends left out: `shipToCity2` as
/// `ship_to_city`.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut letters = name.chars().peekable();
    let mut last = '_';
    while let Some(letter) = letters.next() {
        if !letter.is_alphanumeric() {
            if !words.is_empty() && !words.ends_with('_') {
                words.push('_');
            }
        } else {
            let next_small = letters.peek().is_some_and(|it| it.is_lowercase());
            let begins =
                letter.is_uppercase() && (last.is_lowercase() || last.is_uppercase() && next_small);
            if begins && !words.is_empty() && !words.ends_with('_') {
                words.push('_');
            }
            words.extend(letter.to_lowercase());
        }
        last = letter;
    }
    let end = words
        .trim_end_matches(|it: char| it.is_ascii_digit() || it == '_')
        .len();
    words.truncate(end);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words_however_they_are_written() {
        for (name, expected) in [
            ("shipToCity2", "ship_to_city"),
            ("CustomerID", "customer_id"),
            ("IPAddress", "ip_address"),
            ("E-Mail", "e_mail"),
            ("EMAIL_ADDRESS", "email_address"),
            ("__x__", "x"),
            ("42", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }
}
