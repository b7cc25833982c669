//! What values look like.

use super::SemanticType;
use crate::catalog::ColumnStatistics;

/// How many values must be known before their look alone is enough.
pub(super) const SAMPLES_MIN: usize = 3;

/// The most values that a column of states has.
const STATES_MAX: i64 = 40;

/// Known values of a column, empty ones left out, each once.
pub(super) struct Samples<'a> {
    values: Vec<&'a str>,
    distinct: Option<i64>,
}

impl<'a> Samples<'a> {
    pub(super) fn of(statistics: Option<&'a ColumnStatistics>) -> Self {
        let mut values: Vec<&str> = Vec::new();
        if let Some(known) = statistics {
            let common = known.most_common.iter().map(|(value, _)| value);
            let all = common.chain(&known.min).chain(&known.max);
            values.extend(all.map(|it| it.trim()).filter(|it| !it.is_empty()));
        }
        values.sort_unstable();
        values.dedup();
        Self {
            values,
            distinct: statistics.and_then(|it| it.distinct_count),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The meaning that all values show by their look alone, with the words for it.
    pub(super) fn telling(&self) -> Option<(SemanticType, &'static str)> {
        [
            (SemanticType::Email, "email addresses"),
            (SemanticType::Url, "web addresses"),
            (SemanticType::IpAddress, "IP addresses"),
            (SemanticType::Uuid, "UUIDs"),
            (SemanticType::PasswordHash, "hashed passwords"),
        ]
        .into_iter()
        .find(|(meaning, _)| self.speak_for(*meaning) == Some(true))
    }

    /// Whether the values fit a meaning; none where nothing is known that could tell.
    pub(super) fn speak_for(&self, meaning: SemanticType) -> Option<bool> {
        if meaning == SemanticType::Status
            && let Some(distinct) = self.distinct
            && distinct > STATES_MAX
        {
            return Some(false);
        }
        let fits: fn(&str) -> bool = match meaning {
            SemanticType::Email => is_email,
            SemanticType::Phone => is_phone,
            SemanticType::Url => is_url,
            SemanticType::IpAddress => is_ip_address,
            SemanticType::Uuid => is_uuid,
            SemanticType::CountryCode => |it| is_code(it, 2) || is_code(it, 3),
            SemanticType::Currency => |it| is_code(it, 3),
            SemanticType::MoneyAmount => |it| thousandths(it).is_some(),
            SemanticType::Percentage => |it| within(it, 0, 100),
            SemanticType::Latitude => |it| within(it, -90, 90),
            SemanticType::Longitude => |it| within(it, -180, 180),
            SemanticType::PostalCode => is_postal_code,
            SemanticType::City | SemanticType::PersonName => is_proper_name,
            SemanticType::PasswordHash => is_password_hash,
            SemanticType::Token => |it| it.len() >= 16 && !it.contains(char::is_whitespace),
            SemanticType::Flag => is_yes_or_no,
            SemanticType::Status => |it| it.chars().count() <= 40,
            SemanticType::DateOfBirth
            | SemanticType::TimestampCreated
            | SemanticType::TimestampUpdated
            | SemanticType::ForeignIdentifier => return None,
        };
        if self.values.is_empty() {
            return None;
        }
        Some(self.values.iter().all(|it| fits(it)))
    }
}

fn is_email(text: &str) -> bool {
    let Some((person, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |it: &str| !it.contains(|it: char| it.is_whitespace() || it == '@' || it == '/');
    let dotted = host
        .split_once('.')
        .is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty() && !rest.ends_with('.'));
    !person.is_empty() && plain(person) && plain(host) && dotted
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = |it: char| it.is_ascii_digit() || " +-()./x".contains(it);
    // A moment of time has as many digits, with colons.
    (6..=17).contains(&digits) && text.chars().all(allowed)
}

fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let scheme = ["https://", "http://", "ftp://"];
    scheme
        .into_iter()
        .any(|it| lower.starts_with(it) && text.len() > it.len())
        && !text.contains(char::is_whitespace)
}

fn is_ip_address(text: &str) -> bool {
    // The address may carry the size of its network.
    let address = text.split('/').next().unwrap_or_default();
    if address.contains(':') {
        let groups = address.split(':').count();
        return (3..=8).contains(&groups)
            && address
                .split(':')
                .all(|it| it.len() <= 4 && it.chars().all(|it| it.is_ascii_hexdigit()))
            && (groups == 8 || address.contains("::"));
    }
    address.split('.').count() == 4
        && address.split('.').all(|it| {
            (1..=3).contains(&it.len())
                && it.chars().all(|it| it.is_ascii_digit())
                && it.parse::<u16>().is_ok_and(|it| it <= 255)
        })
}

fn is_uuid(text: &str) -> bool {
    let sizes = [8, 4, 4, 4, 12];
    text.split('-').map(str::len).eq(sizes)
        && text.chars().all(|it| it == '-' || it.is_ascii_hexdigit())
}

/// Letters of one case, as many as wanted.
fn is_code(text: &str, letters: usize) -> bool {
    text.len() == letters
        && (text.chars().all(|it| it.is_ascii_uppercase())
            || text.chars().all(|it| it.is_ascii_lowercase()))
}

fn is_postal_code(text: &str) -> bool {
    (3..=10).contains(&text.len())
        && text.contains(|it: char| it.is_ascii_digit())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == ' ' || it == '-')
}

/// Letters and what stands between the parts of a name.
fn is_proper_name(text: &str) -> bool {
    text.chars().count() <= 80
        && text.contains(char::is_alphabetic)
        && text
            .chars()
            .all(|it| it.is_alphabetic() || " '’.-,()/".contains(it))
}

fn is_password_hash(text: &str) -> bool {
    let known = [
        "$2a$", "$2b$", "$2y$", "$argon2", "$scrypt$", "$pbkdf2", "$5$", "$6$", "{SSHA}",
    ];
    let named = ["pbkdf2_", "bcrypt", "argon2", "scrypt:"];
    text.len() >= 20
        && (known.into_iter().any(|it| text.starts_with(it))
            || (named.into_iter().any(|it| text.starts_with(it)) && text.contains('$')))
}

fn is_yes_or_no(text: &str) -> bool {
    let words = [
        "y", "n", "j", "yes", "no", "t", "f", "true", "false", "0", "1",
    ];
    words.into_iter().any(|it| it.eq_ignore_ascii_case(text))
}

fn within(text: &str, least: i64, most: i64) -> bool {
    thousandths(text).is_some_and(|it| (least * 1_000..=most * 1_000).contains(&it))
}

/// A decimal number in thousandths, what is finer rounded away from zero so that nothing beyond a
/// bound falls on it; none for anything else.
fn thousandths(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !digits.chars().all(|it| it.is_ascii_digit() || it == '.') {
        return None;
    }
    let mut number = whole.parse::<i64>().ok()?.checked_mul(1_000)?;
    let mut unit = 100;
    for digit in rest.chars() {
        let digit = i64::from(digit.to_digit(10)?);
        if unit > 0 {
            number = number.checked_add(digit * unit)?;
            unit /= 10;
        } else if digit > 0 {
            number = number.checked_add(1)?;
            break;
        }
    }
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_their_neighbours() {
        assert!(is_email("a.b+c@mail.example.org"));
        for no in [
            "a@b",
            "@example.org",
            "a@b@c.org",
            "a b@c.org",
            "a@.org",
            "git@host.org/x",
        ] {
            assert!(!is_email(no), "{no}");
        }
        assert!(is_phone("+49 (30) 123-456"));
        assert!(!is_phone("12:30:45 2026"));
        assert!(!is_phone("12345"));
        assert!(is_url("HTTPS://example.org/a?b"));
        assert!(!is_url("https://"));
        assert!(!is_url("example.org"));
        for yes in [
            "10.0.0.1",
            "192.168.0.0/16",
            "::1",
            "fe80::1:2",
            "2001:db8:0:0:0:0:0:1",
        ] {
            assert!(is_ip_address(yes), "{yes}");
        }
        for no in [
            "1.2.3",
            "1.2.3.256",
            "1.2.3.4.5",
            "12:30:45",
            "a:b",
            "1..2.3",
        ] {
            assert!(!is_ip_address(no), "{no}");
        }
        assert!(is_uuid("0189dcd5-5311-7d40-8db0-9496a2eef37b"));
        assert!(!is_uuid("0189dcd5-5311-7d40-8db0-9496a2eef37g"));
        assert!(is_password_hash("$2b$12$abcdefghijklmnopqrstuv"));
        assert!(!is_password_hash("$2b$12$"));
    }

    #[test]
    fn numbers_at_a_bound_are_within_and_those_beyond_are_not() {
        assert_eq!(thousandths("-12.5"), Some(-12_500));
        assert_eq!(thousandths("0.0001"), Some(1));
        for no in ["", "-", ".5", "1e3", "1.2.3", "99999999999999999999", "٣"] {
            assert_eq!(thousandths(no), None, "{no}");
        }
        assert!(within("90.000", -90, 90));
        assert!(!within("90.0001", -90, 90));
        assert!(within("-90", -90, 90));
    }
}
